"""Deciding many cases at once: drawn up with a count, confirmed, done by a worker case by case, taken back in one step.

Each case goes through the same verb as any other, in a transaction of its own, so a worker that is killed leaves whole
cases behind, and the next one goes on.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from commons.audit.record import record
from commons.core.cleaning import clean_text
from mygov.moderation import cases, deciding, rules, undoing
from mygov.moderation.models import BulkDecision, BulkItem, Decision
from mygov.moderation.reasons import Reason
from mygov.moderation.taking import free_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commons.people.models import User
    from mygov.moderation.queue import Queue

What, State, Outcome, Why = Decision.What, BulkDecision.State, BulkItem.Outcome, BulkItem.Why
MOST = 5000  # cases in one; what is left over is drawn up again
BATCH = 50  # cases after which the count is written down
CLAIM = timedelta(minutes=2)  # far longer than a batch takes
ROUND = 60  # seconds after which a worker leaves the rest to the next round
DRAFTS_LAST = timedelta(days=1)


def choices_for(user: User) -> list[Decision.What]:
    """What a person may decide in bulk. Whatever needs words of its own for each text is decided one by one."""
    return [What.APPROVE, What.HIDE] if rules.level_of(user) else [What.APPROVE, What.ASK]


@transaction.atomic
def draw_up(
    queue: Queue, by: User, what: str, *, reason: str = "", words: str = "", chosen: Iterable[int] | None = None
) -> BulkDecision:
    """A preview: what waits and fits the queue's filter, or of that only the `chosen`. Decides nothing.

    Raises PermissionDenied for what is not decided in bulk, ValidationError (by field) without a reason or any case.
    """
    if what not in choices_for(by):
        raise PermissionDenied
    words = clean_text(words)
    if what in deciding.AGAINST and reason not in Reason.values:
        raise ValidationError({"reason": _("Choose a reason.")})
    waiting = queue.matching if chosen is None else queue.matching.filter(pk__in=list(chosen)[:MOST])
    left_out = leave_out(by, what)
    fitting = waiting.exclude(left_out["own"]).filter(
        ~left_out["conflict"], free_for(by), level__lte=rules.level_of(by)
    )
    rows = list(fitting.order_by("due_at", "id").values_list("pk", "turn")[:MOST])
    if not rows:
        raise ValidationError({"cases": _("Nothing of what you chose is yours to decide.")})
    made = BulkDecision.objects.create(
        by=by, what=what, reason=reason if what in deciding.AGAINST else "", words=words, total=len(rows),
        asked=queue.asked if chosen is None else {},
        left_out={
            "own": waiting.filter(left_out["own"]).count(), "conflict": waiting.filter(left_out["conflict"]).count(),
            "taken": waiting.exclude(free_for(by)).count(),
        },
    )  # fmt: skip
    BulkItem.objects.bulk_create((BulkItem(bulk=made, case_id=pk, seen=turn) for pk, turn in rows), batch_size=1000)
    return made


def leave_out(by: User, what: str) -> dict[str, Q]:
    """What never comes into it: one's own texts, and, when something is to be hidden, what one's employer has to answer."""
    employers = rules.employers(by)
    employed = Q(activity__institution__in=employers) | Q(idea__institution__in=employers)
    return {"own": Q(author=by, author__isnull=False), "conflict": employed if what == What.HIDE else Q(pk=None)}


@transaction.atomic
def confirm(bulk: BulkDecision, by: User) -> bool:
    """Hands it to the worker, who looks every other second. Only whoever drew it up, once; False when it was confirmed or dropped before."""
    if bulk.by_id != by.pk:
        raise PermissionDenied
    if not BulkDecision.objects.filter(pk=bulk.pk, state=State.DRAFT).update(state=State.RUNNING):
        return False
    record("moderation.bulk", bulk, by=by, words=bulk.words, after={"what": bulk.what, "total": bulk.total})
    return True


def drop(bulk: BulkDecision, by: User) -> bool:
    """Nothing comes of the preview."""
    if bulk.by_id != by.pk:
        raise PermissionDenied
    return bool(BulkDecision.objects.filter(pk=bulk.pk, state=State.DRAFT).update(state=State.DROPPED))


@transaction.atomic
def undo(bulk: BulkDecision, by: User) -> bool:
    """Takes all of it back, but for what somebody changed since. Whoever did it, or a moderator of the platform."""
    if bulk.by_id != by.pk and not rules.level_of(by):
        raise PermissionDenied
    done = BulkDecision.objects.filter(pk=bulk.pk, state=State.DONE)
    if not done.update(state=State.UNDOING, undone_by=by, finished_at=None):
        return False
    record("moderation.bulk_undo", bulk, by=by)
    return True


# -- the worker's part ----------------------------------------------------------------------------


def work(pk: int, seconds: float = ROUND) -> None:
    """Goes on with one for a while. Harmless when two do it: each case is locked, done and marked in one transaction."""
    if not BulkDecision.objects.to_work_on().filter(pk=pk).update(worked_until=Now() + CLAIM):
        return
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        bulk = BulkDecision.objects.select_related("by", "undone_by").get(pk=pk)
        taking_back = bulk.state == State.UNDOING
        left = bulk.items.filter(outcome=Outcome.DECIDED if taking_back else Outcome.WAITING)
        ids = list(left.order_by("id").values_list("pk", flat=True)[:BATCH])
        for item in ids:
            undoing.undo_one(item, bulk) if taking_back else decide_one(item, bulk)
        write_down(pk, done=not ids)
        if not ids:
            return
    BulkDecision.objects.filter(pk=pk).update(worked_until=None)


@transaction.atomic
def decide_one(pk: int, bulk: BulkDecision) -> None:
    item = BulkItem.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk, outcome=Outcome.WAITING)
    found = item.select_related("case").first()
    if found is None:
        return
    case = cases.lock_case(found.case)
    found.before = undoing.snapshot(case)
    try:
        with transaction.atomic():
            found.decision = deciding.decide(
                case, bulk.by, bulk.what, seen=found.seen, reason=bulk.reason, words=bulk.words
            )
        found.outcome = Outcome.DECIDED
    except deciding.AlreadyDecided:
        found.outcome, found.why = Outcome.SKIPPED, Why.DECIDED
    except deciding.Taken:
        found.outcome, found.why = Outcome.SKIPPED, Why.TAKEN
    except PermissionDenied:
        found.outcome, found.why = Outcome.SKIPPED, Why.REFUSED
    found.save(update_fields=["outcome", "why", "decision", "before"])


def write_down(pk: int, *, done: bool) -> None:
    """How far it is; and when nothing is left, that it is done."""
    counted = dict(BulkItem.objects.filter(bulk=pk).values_list("outcome").annotate(n=Count("pk")))
    rows = BulkDecision.objects.filter(pk=pk)
    rows.update(
        **{name: counted.get(name, 0) for name in ("decided", "skipped", "undone", "kept")},
        worked_until=None if done else Now() + CLAIM,
    )
    if done:
        rows.filter(state=State.RUNNING).update(state=State.DONE, finished_at=Now())
        rows.filter(state=State.UNDOING).update(state=State.UNDONE, finished_at=Now())


def drop_old_drafts() -> int:
    """Nobody confirmed them for a day, and the queue is another one by now."""
    return BulkDecision.objects.filter(state=State.DRAFT, created_at__lte=Now() - DRAFTS_LAST).update(
        state=State.DROPPED
    )
