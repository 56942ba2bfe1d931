"""What people type, by kind of question: read into one plain value, or refused with words; and shown again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commons.core.cleaning import clean_text
from commons.core.moments import day
from commons.core.personal_numbers import LATIN_DIGITS
from commons.people.phones import read_phone
from surveys.models import Question
from surveys.models.question import words_of

Kind = Question.Kind
MOST_CHARACTERS = {Kind.SHORT: 200, Kind.LONG: 4000}
POSITION = re.compile(
    r"(?P<lat>\d{1,2}(?:\.\d{1,12})?)\s*°?\s*N?\s*[,;\s]\s*(?P<lon>\d{1,3}(?:\.\d{1,12})?)\s*°?\s*E?", re.IGNORECASE
)
INDIA = {"lat": (6, 38), "lon": (68, 98)}  # a frame around the country and its islands, not its border
NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,6})?")


def field(question: Question, row: str = "") -> str:
    """What the form calls the question's boxes."""
    return f"a-{question.name}-{row}" if row else f"a-{question.name}"


def read(question: Question, typed: QueryDict) -> Any:
    """The answer as it is stored, None when nothing was answered. Raises ValidationError with words for the person.

    A file is not read here (`surveys/attachments.py`), nor whether the question must be answered.
    """
    return READ[Kind(question.kind)](question, typed)


def read_text(question: Question, typed: QueryDict) -> str | None:
    text = clean_text(typed.get(field(question), ""))
    most = question.most or MOST_CHARACTERS[Kind(question.kind)]
    if len(text) > most:
        raise ValidationError(
            _("This is %(now)s characters; at most %(most)s are possible.") % {"now": len(text), "most": most}, "long"
        )
    return text or None


def one_of(question: Question, code: str) -> str | None:
    if not code:
        return None
    if code not in question.codes():
        raise ValidationError(_("Choose one of the options of this question."), "option")
    return code


def read_single(question: Question, typed: QueryDict) -> str | None:
    sent = typed.getlist(field(question))
    if len(sent) > 1:
        raise ValidationError(_("Choose one option only."), "several")
    return one_of(question, sent[0]) if sent else None


def some_of(question: Question, sent: list[str]) -> list[str]:
    chosen = {one_of(question, code) for code in sent if code}
    return [code for code in question.codes() if code in chosen]


def read_multi(question: Question, typed: QueryDict) -> list[str] | None:
    chosen = some_of(question, typed.getlist(field(question)))
    if chosen and question.most and len(chosen) > question.most:
        words = ngettext("Choose at most %(n)s option.", "Choose at most %(n)s options.", question.most)
        raise ValidationError(words % {"n": question.most}, "most")
    if chosen and question.least and len(chosen) < question.least:
        words = ngettext("Choose at least %(n)s option.", "Choose at least %(n)s options.", question.least)
        raise ValidationError(words % {"n": question.least}, "least")
    return chosen or None


def read_matrix(question: Question, typed: QueryDict) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    for row in question.row_codes():
        sent = typed.getlist(field(question, row))
        if question.kind == Kind.MATRIX_MULTI:
            found[row] = some_of(question, sent)
        elif len(sent) > 1:
            raise ValidationError(_("Choose one option only in each row."), "several")
        else:
            found[row] = one_of(question, sent[0]) if sent else None
    found = {row: value for row, value in found.items() if value}
    if found and question.required and len(found) < len(question.rows):
        raise ValidationError(_("Answer every row."), "rows")
    return found or None


def read_ranking(question: Question, typed: QueryDict) -> list[str] | None:
    """Each option has a place; all of them, or none."""
    codes = question.codes()
    places = {code: typed.get(field(question, code), "") for code in codes}
    if not any(places.values()):
        return None
    wanted = [str(number) for number in range(1, len(codes) + 1)]
    if sorted(places.values()) != sorted(wanted):
        raise ValidationError(_("Give each place to one option, and every option a place."), "places")
    return sorted(codes, key=lambda code: int(places[code]))


def read_scale(question: Question, typed: QueryDict) -> int | None:
    sent = typed.get(field(question), "")
    if not sent:
        return None
    if sent not in map(str, question.steps):
        raise ValidationError(_("Choose one of the steps of the scale."), "option")
    return int(sent)


def read_number(question: Question, typed: QueryDict) -> float | int | None:
    sent = typed.get(field(question), "").strip().translate(LATIN_DIGITS).replace(",", "")
    if not sent:
        return None
    if not NUMBER.fullmatch(sent):
        raise ValidationError(_("Write a number in digits, as in 12 or 2.5."), "number")
    value = float(sent) if "." in sent else int(sent)
    if question.least is not None and value < question.least:
        raise ValidationError(_("The number must be at least %(n)s.") % {"n": question.least}, "least")
    if question.most is not None and value > question.most:
        raise ValidationError(_("The number can be at most %(n)s.") % {"n": question.most}, "most")
    return value


def read_date(question: Question, typed: QueryDict) -> str | None:
    sent = typed.get(field(question), "").strip().translate(LATIN_DIGITS)
    if not sent:
        return None
    parts = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", sent)
    backwards = re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", sent)
    year, month, number = parts.groups() if parts else (backwards.groups()[::-1] if backwards else ("0", "0", "0"))
    try:
        found = date(int(year), int(month), int(number))
    except ValueError as error:
        raise ValidationError(_("Write the date as day, month and year, as in 24-11-2026."), "date") from error
    if found.year < 1900:
        raise ValidationError(_("Look at the year again."), "date")
    return found.isoformat()


def read_pin(question: Question, typed: QueryDict) -> str | None:
    sent = re.sub(r"\s", "", typed.get(field(question), "")).translate(LATIN_DIGITS)
    if not sent:
        return None
    if not re.fullmatch(r"[1-9]\d{5}", sent):
        raise ValidationError(_("A PIN code has six digits."), "pin")
    return sent


def read_number_of_phone(question: Question, typed: QueryDict) -> str | None:
    sent = clean_text(typed.get(field(question), "")).translate(LATIN_DIGITS)
    return read_phone(sent) if sent else None


def read_place(question: Question, typed: QueryDict) -> dict[str, Any] | None:
    """A state, and perhaps a position in it: rounded here to about one kilometre, so that no house is stored."""
    state = one_of(question, typed.get(field(question, "state"), ""))
    written = typed.get(field(question, "point"), "").strip().translate(LATIN_DIGITS)
    if not written:
        return {"state": state} if state else None
    found = POSITION.fullmatch(written) if len(written) <= 60 else None
    if not found:
        raise ValidationError(_("Write latitude and longitude in degrees, as in 28.61, 77.21."), "position")
    lat, lon = (round(float(found[name]), 2) for name in ("lat", "lon"))
    if not (INDIA["lat"][0] <= lat <= INDIA["lat"][1] and INDIA["lon"][0] <= lon <= INDIA["lon"][1]):
        raise ValidationError(
            _("This position is not in India. The latitude comes first, as in 28.61, 77.21."), "outside"
        )
    if not state:
        raise ValidationError(_("Choose the state or union territory too."), "state")
    return {"state": state, "lat": lat, "lon": lon}


def read_consent(question: Question, typed: QueryDict) -> bool | None:
    return True if typed.get(field(question)) == "yes" else None


def nothing(question: Question, typed: QueryDict) -> None:
    return None


READ: dict[str, Callable[[Question, QueryDict], Any]] = {
    Kind.SHORT: read_text, Kind.LONG: read_text, Kind.SINGLE: read_single, Kind.MULTI: read_multi,
    Kind.MATRIX_SINGLE: read_matrix, Kind.MATRIX_MULTI: read_matrix, Kind.RANKING: read_ranking,
    Kind.SCALE: read_scale, Kind.NPS: read_scale, Kind.NUMBER: read_number, Kind.DATE: read_date, Kind.FILE: nothing,
    Kind.STATE: read_single, Kind.PLACE: read_place, Kind.PIN: read_pin, Kind.PHONE: read_number_of_phone, Kind.CONSENT: read_consent,
    Kind.INFO: nothing,
}  # fmt: skip


# -- shown again ------------------------------------------------------------------------------------
def shown(question: Question, value: Any) -> str:
    """The answer in words, in the reader's language: for pages that repeat it and for later questions' texts."""
    if value is None:
        return ""
    words = {option["code"]: words_of(option) for option in question.options}
    if question.kind in {Kind.MATRIX_SINGLE, Kind.MATRIX_MULTI}:
        lines = []
        for row in question.rows:
            here = value.get(row["code"]) or []
            if here:
                chosen = [here] if isinstance(here, str) else here
                lines.append(f"{words_of(row)}: {', '.join(words.get(code, code) for code in chosen)}")
        return "; ".join(lines)
    if question.kind == Kind.PLACE:
        state = words.get(value["state"], value["state"])
        return f"{state} · {position(value)}" if "lat" in value else state
    if question.kind == Kind.RANKING:
        return ", ".join(f"{place}. {words.get(code, code)}" for place, code in enumerate(value, start=1))
    if isinstance(value, list):
        return ", ".join(words.get(code) or str(code) for code in value)
    if question.kind == Kind.CONSENT:
        return _("Yes")
    if question.kind == Kind.DATE:
        return day(date.fromisoformat(value))
    if question.kind == Kind.FILE:
        return str(value["name"])
    return words.get(value, str(value)) if isinstance(value, str) else str(value)


def position(value: Any) -> str:
    """Latitude and longitude as one writes them, and as the box takes them again."""
    return f"{value['lat']:.2f}, {value['lon']:.2f}" if isinstance(value, dict) and "lat" in value else ""
