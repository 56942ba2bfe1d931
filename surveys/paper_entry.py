"""Entering a form that somebody filled in on paper: one response, with its channel, at once sent; each form once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commons.activities import lifecycle
from commons.activities.eligibility import window_allows
from commons.activities.models import Contribution
from commons.audit.record import record
from commons.core.cleaning import clean_text
from surveys import answering, paths, rules
from surveys.asking import Sheet, seed_of
from surveys.models import Question, Response

if TYPE_CHECKING:
    from commons.people.models import User

MOST_SIGNS = 30


@transaction.atomic
def enter(sheet: Sheet, by: User, number: str, given: dict[Question, Any]) -> Response:
    """The response of the form with that number. What conditions hide is not kept.

    Raises PermissionDenied unless an official or analyst of the institution does it, ValidationError (by question's
    name, or “number”) for a form that was entered already or lacks what must be answered, Refused after the close.
    """
    survey = sheet.survey
    lifecycle.require(rules.may_analyse(by, survey))
    number = " ".join(clean_text(number).upper().split())
    if not number or len(number) > MOST_SIGNS:
        raise ValidationError({"number": _("Write the number that stands on the form.")})
    if not (window := window_allows(survey, None)).allowed:
        raise ValidationError({"number": window.reason})
    key = f"paper-{number}"
    row = Response(
        activity=survey, guest_key=key, by_guest=True, channel=Contribution.Channel.PAPER,
        language=(get_language() or "en")[:5], seed=seed_of(survey, key),
    )  # fmt: skip
    Response.objects.bulk_create([row], ignore_conflicts=True)
    response = Response.objects.select_for_update(of=("self",)).get(activity=survey, guest_key=key)
    if response.completed_at:
        raise ValidationError({"number": _("The form with this number was entered already.")})
    shown = shown_of(sheet, given)
    answering.keep(response, sheet, {question: value for question, value in given.items() if question.name in shown})
    sent = answering.send(response, sheet)
    record("survey.enter_paper", survey, by=by, activity_id=survey.pk, after={"form": number})
    return sent


def shown_of(sheet: Sheet, given: dict[Question, Any]) -> set[str]:
    """On paper people answer what they should have left out: that is not kept, as the page would not have asked it."""
    answers = {question.name: value for question, value in given.items() if value is not None}
    return {asked.name for _part, here in paths.shown(sheet.form, answers) for asked in here}
