"""Brings texts before moderators, and takes them away again.

The target's row is locked first and its case second, here and everywhere: two locks in one order cannot deadlock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.functions import Now

from commons.core import clock
from discussions.models import Idea
from mygov.moderation.models import Case
from mygov.moderation.models.case import due
from mygov.moderation.reasons import gravest, gravity
from mygov.moderation.targets import KINDS, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commons.comments.screening import Finding
    from mygov.moderation.models.case import Target


def lock(target: Target) -> Target:
    """The text as it is now, locked in the order in which whoever takes it back locks it."""
    found: Target = KINDS[kind_of(target)].lock(target)
    return found


def lock_case(case: Case) -> Case:
    """The case as it stands, with its target locked first. Till the transaction ends."""
    known = Case.objects.select_related(case.kind).get(pk=case.pk)
    lock(known.target)
    institution = ["idea__institution"] if case.kind == "idea" else []
    rows = Case.objects.select_related("activity__institution", case.kind, "author", *institution)
    return rows.select_for_update(of=("self",), no_key=True).get(pk=case.pk)


@transaction.atomic
def open_case(target: Target, reason: str, because: Sequence[Finding] = ()) -> Case:
    """The case of a text, waiting from now on if it was closed. Locks it till the transaction ends.

    `reason` is empty for an idea that only waits to be opened; `because` is what the rules found, if they did.
    """
    name = kind_of(target)
    now = clock.now()
    weight = gravity(reason)
    Case.objects.get_or_create(
        **{name: target},
        defaults={
            "activity_id": target.activity_id, "author_id": target.author_id, "language": target.language,
            "reason": reason, "weight": weight, "opened_at": now, "due_at": due(now, weight),
        },
    )  # fmt: skip
    case = Case.objects.select_for_update(of=("self",), no_key=True).get(**{name: target})
    if case.closed_at is not None:
        case.opened_at, case.closed_at, case.reason, case.weight, case.findings = now, None, reason, 0, []
    if found := [finding for finding in because if finding.rule]:
        case.findings = [
            {"rule": one.rule, "version": one.version, "weight": one.weight, "words": one.words} for one in found
        ]
    case.reason = gravest(case.reason, reason)
    weigh(case, at_least=gravity(case.reason))
    return case


def weigh(case: Case, *, at_least: int = 0, more: int = 0) -> None:
    """Makes a case heavier, and so due sooner."""
    case.weight = min(max(case.weight, at_least) + more, 1000)
    case.due_at = due(case.opened_at, case.weight)
    case.save(update_fields=["opened_at", "closed_at", "reason", "weight", "due_at", "report_count", "findings"])


def close_of(target: Target) -> None:
    """Nothing is left to decide: its author took it back, or it no longer waits to be opened."""
    waiting = Case.objects.filter(**{kind_of(target): target}, closed_at=None)
    if isinstance(target, Idea):
        waiting = waiting.filter(reason="")  # what is suspected of an idea that can be seen is still to be decided
    waiting.update(closed_at=Now())
