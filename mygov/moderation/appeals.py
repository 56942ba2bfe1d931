"""An author appeals against a decision within seven days; a moderator who did not make it decides again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commons.audit.events import happened
from commons.audit.record import record
from commons.core import clock
from commons.core.cleaning import clean_text
from mygov.moderation import cases
from mygov.moderation.models import Appeal, Decision, Standing
from mygov.moderation.models.case import COLUMNS

if TYPE_CHECKING:
    from datetime import datetime

    from commons.people.models import User
    from mygov.moderation.models import Case

What = Decision.What
WITHIN = timedelta(days=7)
APPEALABLE = {What.HIDE, What.REMOVE, What.REJECT}
LONGEST = 2000
LEAST_WEIGHT = 1  # due within 36 hours, however light it was


def until(decision: Decision) -> datetime:
    """The moment after which it is too late."""
    return decision.at + WITHIN


def may_appeal(by: User, decision: Decision, at: datetime) -> bool:
    """Its author, while it stands, in time, and if they have not done it yet."""
    case = decision.case
    stands = decision.what in APPEALABLE and decision.turn == case.turn and case.standing == Standing.HIDDEN
    return stands and case.author_id == by.pk and at < until(decision) and not hasattr(decision, "appeal")


@transaction.atomic
def appeal(decision: Decision, by: User, words: str) -> Appeal:
    """Brings the case before another moderator. The first appeal when it is sent again.

    Raises PermissionDenied for whoever did not write the text, or when the decision does not stand any more;
    ValidationError (by field) without words or after seven days.
    """
    case = cases.lock_case(decision.case)
    if case.author_id != by.pk:
        raise PermissionDenied
    known = Appeal.objects.filter(decision=decision).first()
    if known:
        return known
    words = clean_text(words)[:LONGEST]
    if not words:
        raise ValidationError({"words": _("Say why the decision is wrong.")})
    if clock.now() >= until(decision):
        raise ValidationError({"words": _("The seven days for an appeal are over.")})
    decision = Decision.objects.select_related(*(f"case__{name}" for name in COLUMNS)).get(pk=decision.pk)
    if not may_appeal(by, decision, clock.now()):
        raise PermissionDenied
    made = Appeal.objects.create(decision=decision, author=by, words=words)
    if case.closed_at is not None:
        case.opened_at, case.closed_at = clock.now(), None
    cases.weigh(case, at_least=LEAST_WEIGHT)
    record("moderation.appeal", case.target, by=by, words=words)
    return made


def waiting_in(case: Case) -> Appeal | None:
    """The appeal that a case waits with, if it does."""
    return Appeal.objects.waiting().filter(decision__case=case).select_related("decision__by").first()


def answer(case: Case, decision: Decision) -> None:
    """Called when a case is settled: a decision that shows the text again grants its appeal, one that does not refuses it."""
    waiting = waiting_in(case)
    if waiting is None:
        return
    granted = decision.what == What.RESTORE
    Appeal.objects.filter(pk=waiting.pk).update(answer=decision, granted=granted)
    happened("appeal decided", waiting.pk)
