"""A survey's questions as JSON, in the part of SurveyJS's form that both know. Pure: `surveys/importing.py` writes rows.

What is not taken over is said, each thing once; nothing is dropped without a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import nh3
from django.utils.text import slugify
from django.utils.translation import gettext as _

from commons.core.cleaning import clean_text
from surveys import conditions
from surveys.conditions import Condition, Joined, Not, Test
from surveys.models import Question

Kind = Question.Kind
MOST_QUESTIONS, MOST_SECTIONS, MOST_CHOICES = 300, 100, 200
TYPES = {
    "text": Kind.SHORT, "comment": Kind.LONG, "radiogroup": Kind.SINGLE, "dropdown": Kind.SINGLE, "checkbox": Kind.MULTI,
    "tagbox": Kind.MULTI, "matrix": Kind.MATRIX_SINGLE, "matrixcheckbox": Kind.MATRIX_MULTI, "ranking": Kind.RANKING,
    "rating": Kind.SCALE, "file": Kind.FILE, "boolean": Kind.CONSENT, "html": Kind.INFO,
}  # fmt: skip
INPUTS = {"number": Kind.NUMBER, "date": Kind.DATE, "tel": Kind.PHONE}
ASKED = {"type", "name", "title", "description", "isRequired", "visibleIf", "choices", "columns", "rows", "choicesOrder", "html",
         "inputType", "min", "max", "maxLength", "rateMin", "rateMax", "minRateDescription", "maxRateDescription",
         "maxSelectedChoices", "minSelectedChoices", "showNoneItem", "hasNone", "mygovKind", "mygovMeasures"}  # fmt: skip
PAGE = {"name", "title", "description", "visibleIf", "elements", "questions", "questionsOrder", "questionOrder"}
WHOLE = {"title", "pages", "elements", "locale", "mygov"}


class Unreadable(ValueError):
    """It is not a survey at all. Carries words for the official."""


@dataclass
class Read:
    """What was read: sections with their questions as fields of the models, and what could not be taken over."""

    sections: list[tuple[dict[str, Any], list[dict[str, Any]]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # as it was called there → as it is called here
    codes: dict[tuple[str, str], str] = field(default_factory=dict)

    def note(self, words: str) -> None:
        if words not in self.notes:
            self.notes.append(words)


# -- reading ----------------------------------------------------------------------------------------
def read(data: Any) -> Read:
    """Raises Unreadable when there are no pages with elements, or far too many."""
    if not isinstance(data, dict):
        raise Unreadable(_("This is not a survey: an object was expected."))
    given = data.get("pages")
    pages: list[Any] = given if isinstance(given, list) else [data]
    found = Read()
    unknown(found, data, WHOLE, _("the survey"))
    if len(pages) > MOST_SECTIONS:
        raise Unreadable(_("At most %(n)s sections are possible.") % {"n": MOST_SECTIONS})
    for number, page in enumerate(pages, start=1):
        if isinstance(page, dict):
            read_page(found, page, number)
    if not found.sections:
        raise Unreadable(_("There is no question in it."))
    if sum(len(questions) for _section, questions in found.sections) > MOST_QUESTIONS:
        raise Unreadable(_("At most %(n)s questions are possible.") % {"n": MOST_QUESTIONS})
    for section, questions in found.sections:
        for fields in (section, *questions):
            fields["shown_when"] = expression(found, fields)
    return found


def unknown(found: Read, data: dict[str, Any], known: set[str], where: str) -> None:
    for name in data.keys() - known:
        found.note(_("“%(name)s” of %(where)s is not taken over.") % {"name": str(name)[:60], "where": where})


def read_page(found: Read, page: dict[str, Any], number: int) -> None:
    where = str(page.get("name") or _("page %(n)s") % {"n": number})[:60]
    if "pages" not in page and number > 0 and page.keys() & PAGE:
        unknown(found, page, PAGE | WHOLE, where)
    questions: list[dict[str, Any]] = []
    read_elements(found, page.get("elements") or page.get("questions") or [], questions, "")
    if questions:
        title = text(page.get("title")) or {"en": f"Part {number}", "hi": f"भाग {number}"}
        section = {
            "title": title, "intro": text(page.get("description")), "shown_when": str(page.get("visibleIf") or ""),
            "shuffled": page.get("questionsOrder", page.get("questionOrder")) == "random", "name": where,
        }  # fmt: skip
        found.sections.append((section, questions))


def read_elements(found: Read, elements: Any, into: list[dict[str, Any]], above: str) -> None:
    """Questions, and those within panels: a panel's condition holds for each of them."""
    for element in elements if isinstance(elements, list) else []:
        if not isinstance(element, dict):
            continue
        own = str(element.get("visibleIf") or "")
        when = f"({above}) and ({own})" if above and own else above or own
        kind = str(element.get("type"))
        if kind == "panel":
            found.note(_("A panel is dissolved: its questions stand by themselves."))
            read_elements(found, element.get("elements"), into, when)
        elif kind not in TYPES:
            found.note(_("The question “%(name)s” is left out: “%(kind)s” is not known.") % {
                "name": str(element.get("name"))[:60], "kind": kind[:40]
            })  # fmt: skip
        else:
            into.append(read_question(found, element) | {"shown_when": when})


def read_question(found: Read, element: dict[str, Any]) -> dict[str, Any]:
    called = str(element.get("name") or "")
    name = new_name(found, called)
    unknown(found, element, ASKED, f"“{called[:60]}”")
    kind = kind_of(element)
    fields: dict[str, Any] = {
        "name": name, "kind": kind, "title": text(element.get("title")) or {"en": called or name},
        "hint": text(element.get("description")), "required": bool(element.get("isRequired")),
        "shuffled": element.get("choicesOrder") == "random", "measures": element.get("mygovMeasures") if element.get("mygovMeasures") in Question.Measure.values else "",
        "low_label": text(element.get("minRateDescription")), "high_label": text(element.get("maxRateDescription")),
        "least": whole(element.get("min", element.get("rateMin", element.get("minSelectedChoices")))),
        "most": whole(element.get("max", element.get("rateMax", element.get("maxSelectedChoices", element.get("maxLength"))))),
        "options": choices(found, name, element.get("columns") if kind in {Kind.MATRIX_SINGLE, Kind.MATRIX_MULTI} else element.get("choices")),
        "rows": choices(found, name, element.get("rows")),
    }  # fmt: skip
    if kind == Kind.NPS:
        fields["least"] = fields["most"] = None
    if element.get("showNoneItem") or element.get("hasNone"):
        fields["options"].append(
            {"code": "none", "text": {"en": "None of these", "hi": "इनमें से कोई नहीं"}, "stays": True}
        )
    if kind == Kind.INFO:
        fields["hint"] = {code: without_tags(words) for code, words in text(element.get("html")).items()}
        found.note(_("Texts in HTML are taken over without their formatting."))
    return fields


def kind_of(element: dict[str, Any]) -> str:
    own = element.get("mygovKind")
    if own in Kind.values:
        return str(own)
    if element["type"] == "text":
        return INPUTS.get(str(element.get("inputType")), Kind.SHORT)
    if element["type"] == "rating" and (element.get("rateMin"), element.get("rateMax")) == (0, 10):
        return Kind.NPS
    return TYPES[element["type"]]


def new_name(found: Read, called: str) -> str:
    stem = re.sub(r"[^a-z0-9_]+", "_", slugify(called).replace("-", "_"))[:26].strip("_") or "question"
    stem = stem if stem[0].isalpha() else f"q_{stem}"[:26]
    taken = set(found.names.values())
    name = next(name for n in range(1, MOST_QUESTIONS + 2) if (name := stem if n == 1 else f"{stem}_{n}") not in taken)
    if called in found.names:
        found.note(
            _("Two questions are called “%(name)s”: the later one is “%(new)s” now.")
            % {"name": called[:60], "new": name}
        )
        called = f"{called}\x00{name}"
    found.names[called] = name
    return name


def text(value: Any) -> dict[str, str]:
    """A text in each language; SurveyJS calls the first one “default”."""
    if isinstance(value, str):
        value = {"default": value}
    if not isinstance(value, dict):
        return {}
    found = {
        "en" if code == "default" else code: clean_text(words)[:2000]
        for code, words in value.items()
        if isinstance(words, str)
    }
    return {code: words for code, words in found.items() if code in {"en", "hi"} and words}


def without_tags(words: str) -> str:
    spaced = re.sub(r"(?i)<br\s*/?>|</p>", "\n", words)
    return clean_text(nh3.clean(spaced, tags=set()).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def whole(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**31 else None


def choices(found: Read, name: str, given: Any) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = []
    for choice in given[:MOST_CHOICES] if isinstance(given, list) else []:
        value = choice.get("value", choice.get("name")) if isinstance(choice, dict) else choice
        words = text((choice.get("text") or choice.get("title")) if isinstance(choice, dict) else None) or {
            "en": clean_text(str(value))[:200]
        }
        taken = {one["code"] for one in result}
        stem = re.sub(r"[^A-Za-z0-9_-]+", "-", str(value))[:34].strip("-") or "option"
        code = next(c for n in range(1, MOST_CHOICES + 2) if (c := stem if n == 1 else f"{stem}-{n}") not in taken)
        found.codes[name, str(value)] = code
        result.append({"code": code, "text": {code_: said[:200] for code_, said in words.items()}})
    return result


def expression(found: Read, fields: dict[str, Any]) -> str:
    """The condition with our names and codes; one that cannot be read is left out and said."""
    written = fields["shown_when"]
    if not written:
        return ""
    ours = re.sub(
        r"\{([^{}.]+)((?:\.[^{}]+)?)\}", lambda part: f"{{{found.names.get(part[1], part[1])}{part[2]}}}", written
    )
    try:
        tree = conditions.parse(ours)
    except conditions.Malformed:
        found.note(
            _("The condition of “%(name)s” cannot be read and is left out: %(text)s")
            % {"name": fields["name"], "text": written[:200]}
        )
        return ""
    return conditions.write(recoded(found, tree))


def recoded(found: Read, tree: Condition) -> Condition:
    if isinstance(tree, Not):
        return Not(recoded(found, tree.part))
    if isinstance(tree, Joined):
        return Joined(tree.every, tuple(recoded(found, part) for part in tree.parts))
    values = tree.value if isinstance(tree.value, tuple) else (tree.value,)
    new = tuple(found.codes.get((tree.name, str(value)), value) for value in values)
    return Test(tree.name, tree.op, new if isinstance(tree.value, tuple) else new[0], tree.row)


# -- writing -----------------------------------------------------------------------------------------
WRITTEN: dict[str, dict[str, Any]] = {
    Kind.SHORT: {"type": "text"}, Kind.LONG: {"type": "comment"}, Kind.SINGLE: {"type": "radiogroup"},
    Kind.MULTI: {"type": "checkbox"}, Kind.MATRIX_SINGLE: {"type": "matrix"}, Kind.MATRIX_MULTI: {"type": "matrixcheckbox"},
    Kind.RANKING: {"type": "ranking"}, Kind.SCALE: {"type": "rating"}, Kind.NPS: {"type": "rating", "rateMin": 0, "rateMax": 10},
    Kind.DATE: {"type": "text", "inputType": "date"}, Kind.NUMBER: {"type": "text", "inputType": "number"},
    Kind.FILE: {"type": "file"}, Kind.STATE: {"type": "dropdown"}, Kind.PLACE: {"type": "dropdown"}, Kind.PIN: {"type": "text"},
    Kind.PHONE: {"type": "text", "inputType": "tel"}, Kind.CONSENT: {"type": "boolean"}, Kind.INFO: {"type": "html"},
}  # fmt: skip


def written(question: Question) -> dict[str, Any]:
    """One question as an element."""
    low, high = {Kind.SCALE: ("rateMin", "rateMax"), Kind.MULTI: ("minSelectedChoices", "maxSelectedChoices")}.get(
        Kind(question.kind), ("min", "max")
    )  # fmt: skip
    element: dict[str, Any] = {
        **WRITTEN[question.kind], "name": question.name, "title": said(question.title), "description": said(question.hint),
        "isRequired": question.required, "visibleIf": question.shown_when, "mygovKind": question.kind, "mygovMeasures": question.measures,
        "choicesOrder": "random" if question.shuffled else "", "minRateDescription": said(question.low_label),
        "maxRateDescription": said(question.high_label), low: question.least, high: question.most,
        "columns" if question.rows else "choices": [{"value": o["code"], "text": default(o["text"])} for o in question.options],
        "rows": [{"value": row["code"], "text": default(row["text"])} for row in question.rows],
    }  # fmt: skip
    if question.kind == Kind.INFO:
        element["html"] = element.pop("description")
    return {name: value for name, value in element.items() if value not in ("", None, [], {}, False)}


def said(words: Any) -> dict[str, str]:
    data = getattr(words, "data", words)
    return default(data if isinstance(data, dict) else {"en": str(data or "")})


def default(words: dict[str, str]) -> dict[str, str]:
    return {"default" if code == "en" else code: text for code, text in words.items() if text}
