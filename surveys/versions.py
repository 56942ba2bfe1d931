"""Correcting a question of a survey that is open. Whoever answered it before answered another question: the new version
stands beside the old one, and both are analysed apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Count, F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from commons.activities import lifecycle, rules
from surveys import checks, paths
from surveys.asking import Sheet
from surveys.models import Question, Survey

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from commons.people.models import User

CHANGED = ("title", "hint", "required", "options", "rows", "least", "most", "low_label", "high_label")
FIELD = "question"  # of the public change log


def revise(question: Question, by: User, reason: str, **changes: Any) -> Question:
    """The question as it is asked from now on: itself while nobody answered it, else its new version.

    Raises PermissionDenied unless an approver does it, ValidationError without a reason, when the survey is not
    published, or when another question's condition names an answer that is gone.
    """
    with lifecycle.locked(question.survey, by) as row:
        lifecycle.require(rules.may_steer(by, row))
        current = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
        if row.state != Survey.State.PUBLISHED or current.retired_at:
            lifecycle.refuse(_("Only a question that is asked now can be corrected."))
        changed = {
            name: value for name, value in changes.items() if name in CHANGED and value != getattr(current, name)
        }
        if not changed:
            return current
        if not reason.strip():
            lifecycle.refuse(_("Citizens will read why: give a reason."))
        before = current.title
        new = next_version(current) if current.answers.exists() else current
        for name, value in changed.items():
            setattr(new, name, value)
        new.save()
        check(Survey.objects.get(pk=row.pk), new)
        lifecycle.note_change(row, by, FIELD, before, new.title, reason)
        facts = {"name": new.name, "version": new.version}
        lifecycle.done("survey.revise", row, by, "changed", words=reason, after=facts)
        return new


def trials_over(at: datetime) -> QuerySet[Survey]:
    """Open surveys whose first responses have come in and that nobody has looked at: those that pause, the oldest first."""
    sent = Count("responses", filter=Q(responses__completed_at__isnull=False))
    asked = Survey.objects.open(at).filter(soft_launch__gt=0, soft_launch_passed_at=None)
    return asked.annotate(sent=sent).filter(sent__gte=F("soft_launch")).order_by("opens_at")


def pass_trial(survey: Survey, by: User) -> None:
    """The first responses were looked at: the survey goes on. Twice is once. An approver does it."""
    with lifecycle.locked(survey, by) as row:
        lifecycle.require(rules.may_steer(by, row))
        waiting = Survey.objects.filter(pk=row.pk, soft_launch__gt=0, soft_launch_passed_at=None)
        if waiting.update(soft_launch_passed_at=Now()):
            lifecycle.done("survey.pass_trial", row, by, "")


def next_version(current: Question) -> Question:
    """A new row in its place; the old one is asked of nobody any more."""
    Question.objects.filter(pk=current.pk).update(retired_at=Now())
    new = Question.objects.get(pk=current.pk)
    new.pk, new.retired_at, new.version = None, None, current.version + 1
    return new


def check(survey: Survey, new: Question) -> None:
    sheet = Sheet.of(survey)
    wrong = [f"{new.name}: {words}" for words in checks.in_question(sheet.by_name[new.name], sheet)]
    wrong += [checks.said(problem) for problem in paths.problems(sheet.form)]
    if wrong:
        raise ValidationError(wrong)
