"""Brings comments and ideas before moderators, and takes them away again.

The target's row is locked first and its case second, here and everywhere: two locks in one order cannot deadlock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.functions import Now

from commons.comments import counting
from commons.comments.models import Comment
from commons.core import clock
from discussions.models import Idea
from mygov.moderation.models import Case
from mygov.moderation.models.case import due
from mygov.moderation.reasons import gravest, gravity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commons.comments.screening import Finding

Target = Comment | Idea


def lock(target: Target) -> Target:
    """The comment or idea as it is now. A comment is locked behind its activity, as whoever takes it back locks it."""
    if isinstance(target, Comment):
        return counting.lock_comment(target)
    return Idea.objects.select_for_update(of=("self",), no_key=True).get(pk=target.pk)


def lock_case(case: Case) -> Case:
    """The case as it stands, with its target locked first. Till the transaction ends."""
    known = Case.objects.select_related("comment", "idea").get(pk=case.pk)
    lock(known.target)
    rows = Case.objects.select_related("activity__institution", "comment", "idea__institution", "author")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=case.pk)


@transaction.atomic
def open_case(target: Target, reason: str, because: Sequence[Finding] = ()) -> Case:
    """The case of a comment or idea, waiting from now on if it was closed. Locks it till the transaction ends.

    `reason` is empty for an idea that only waits to be opened; `because` is what the rules found, if they did.
    """
    name = "idea" if isinstance(target, Idea) else "comment"
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
    name = "idea" if isinstance(target, Idea) else "comment"
    waiting = Case.objects.filter(**{name: target}, closed_at=None)
    if isinstance(target, Idea):
        waiting = waiting.filter(reason="")  # what is suspected of an idea that can be seen is still to be decided
    waiting.update(closed_at=Now())
