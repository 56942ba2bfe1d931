"""Who has a case open: for fifteen minutes nobody else decides it, unless they say why they take it over.

One UPDATE decides who gets it, and a trigger refuses the decision of anybody else (`models/decision.py`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from commons.audit.record import record
from commons.core import clock
from commons.core.cleaning import clean_text
from mygov.moderation.models import Case

if TYPE_CHECKING:
    from commons.people.models import User

FOR = timedelta(minutes=15)
LONGEST = 300  # characters of why it is taken over


class Taken(Exception):
    """Somebody else has it open. `case` says who, and until when."""

    def __init__(self, case: Case) -> None:
        super().__init__(f"taken by {case.taken_by} until {case.taken_until}")
        self.case = case


def free_for(person: User) -> Q:
    """Of cases: those nobody else has open."""
    return Q(taken_by=None) | Q(taken_by=person) | Q(taken_until__lte=Now())


def take(case: Case, by: User) -> Case:
    """The case as it is after `by` tried to take it: theirs for fifteen minutes from now, or somebody else's as before.

    Whatever else they had open is free again. Two statements, and not one transaction: two moderators who exchange
    their cases would wait for one another.
    """
    Case.objects.filter(taken_by=by).exclude(pk=case.pk).update(taken_by=None, taken_until=None, taken_words="")
    mine = Q(taken_by=by, taken_until__gt=Now())
    if not Case.objects.filter(mine, pk=case.pk).update(taken_until=Now() + FOR):
        Case.objects.filter(free_for(by), pk=case.pk, closed_at=None).update(
            taken_by=by, taken_until=Now() + FOR, taken_words=""
        )
    case.refresh_from_db(fields=["taken_by", "taken_until", "taken_words", "turn"])
    return case


@transaction.atomic
def take_over(case: Case, by: User, words: str) -> Case:
    """Takes it from whoever has it open, with a reason that they read. Raises ValidationError without one."""
    words = clean_text(words)[:LONGEST]
    if not words:
        raise ValidationError({"words": _("Say why you take it over: whoever has it open reads it.")})
    locked = Case.objects.select_for_update(of=("self",), no_key=True).select_related("taken_by").get(pk=case.pk)
    if not locked.taken_from(by, clock.now()):
        return locked
    before = {"taken_by": locked.taken_by_id}
    Case.objects.filter(pk=case.pk).update(taken_by=by, taken_until=Now() + FOR, taken_words=words)
    record("moderation.take_over", locked, by=by, words=words, before=before, after={"taken_by": by.pk})
    locked.refresh_from_db(fields=["taken_by", "taken_until", "taken_words"])
    return locked


def put_back(case: Case, by: User | None = None) -> None:
    """Free for everybody again; when `by` is given, only if it is they who have it."""
    rows = Case.objects.filter(pk=case.pk)
    (rows if by is None else rows.filter(taken_by=by)).update(taken_by=None, taken_until=None, taken_words="")


def refuse_if_taken(case: Case, by: User) -> None:
    """Raises Taken when somebody else has it open. Call it with the case locked."""
    if case.taken_by_id not in {None, by.pk} and case.taken_from(by, clock.now()):
        raise Taken(case)
