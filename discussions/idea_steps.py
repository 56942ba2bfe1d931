"""The steps of an idea on its way: what enough support, a moderator's decision or the calendar does to it.

pending → (sponsors) sponsored → (moderator) open → (six months) closed; on the way flagged or dormant;
rejected, hidden, stopped at the end. Each step is one guarded UPDATE, so that a step taken twice happens once.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from commons.audit.events import happened
from commons.audit.record import record
from commons.core import clock
from commons.core.moments import INDIA
from discussions.models import Idea
from discussions.models.idea import OPEN_FOR, SPONSORS_WITHIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commons.comments.screening import Finding
    from commons.people.models import User

State = Idea.State
ACKNOWLEDGE_WITHIN = timedelta(days=10)
ANSWER_WITHIN = timedelta(days=60)
FIRST_OF_A_MONTH = 5


def step(
    idea: Idea, allowed: Sequence[str], event: str, by: User | None, words: str = "",
    because: Sequence[Finding] = (), **changes: Any,
) -> bool:  # fmt: skip
    """One guarded change, recorded and announced. False when the idea no longer stands where it was."""
    with transaction.atomic():
        if not Idea.objects.filter(pk=idea.pk, state__in=allowed).update(**changes):
            return False
        for name, value in changes.items():
            if not hasattr(value, "resolve_expression"):
                setattr(idea, name, value)
        record(event.replace("idea ", "idea.", 1), idea, by=by, words=words, after={"state": idea.state})
        happened(event, idea.pk, because=because)
    return True


# -- by support ----------------------------------------------------------------------------------


def by_support(idea: Idea) -> None:
    """Asked after each change of `support_count`. Each threshold counts once; sponsors who leave take theirs back."""
    forum = idea.activity
    if idea.state == State.PENDING and idea.support_count >= forum.sponsors_needed:
        step(idea, [State.PENDING], "idea sponsored", None, state=State.SPONSORED, sponsored_at=Now())
    elif idea.state == State.SPONSORED and idea.support_count < forum.sponsors_needed:
        step(idea, [State.SPONSORED], "idea lost sponsors", None, state=State.PENDING, sponsored_at=None)
    if idea.state != State.OPEN:
        return
    today = clock.now().astimezone(INDIA).date()
    if idea.acknowledge_due is None and idea.support_count >= forum.acknowledge_at:
        step(idea, [State.OPEN], "idea earned acknowledgement", None, acknowledge_due=today + ACKNOWLEDGE_WITHIN)
    if idea.answer_due is None and idea.support_count >= forum.answer_at:
        step(idea, [State.OPEN], "idea earned answer", None, answer_due=today + ANSWER_WITHIN)
    if idea.hearing_earned_at is None and idea.support_count >= forum.hearing_at:
        step(idea, [State.OPEN], "idea earned hearing", None, hearing_earned_at=Now())


# -- by a moderator (who may is mygov.moderation's) ----------------------------------------------


def hold(idea: Idea, findings: Sequence[Finding]) -> bool:
    """Out of sight until a moderator has looked: too many people reported it."""
    allowed = [State.PENDING, State.SPONSORED, State.FLAGGED, State.DORMANT, State.OPEN]
    words = " ".join(finding.words for finding in findings)
    changes: dict[str, Any] = {"state": State.HELD, "state_reason": findings[0].code, "state_words": words}
    return step(idea, allowed, "idea held", None, words, because=findings, **changes)


def open_up(idea: Idea, by: User | None) -> bool:
    """Everybody sees it in the lists now, for six months."""
    allowed = [State.SPONSORED, State.FLAGGED, State.DORMANT]
    now = clock.now()
    changes: dict[str, Any] = {
        "state": State.OPEN,
        "opened_at": now,
        "closes_at": now + OPEN_FOR,
        "state_reason": "",
        "state_words": "",
    }
    return step(idea, allowed, "idea opened", by, **changes)


def flag(idea: Idea, by: User, words: str) -> bool:
    """A second moderator has to look."""
    return step(idea, [State.SPONSORED], "idea flagged", by, words, state=State.FLAGGED, state_words=words)


def park(idea: Idea, by: User, words: str) -> bool:
    """Waits until its author has answered what the moderator asks."""
    allowed = [State.SPONSORED, State.FLAGGED]
    return step(idea, allowed, "idea parked", by, words, state=State.DORMANT, state_words=words)


def reject(idea: Idea, by: User, reason: str, words: str) -> bool:
    """Not accepted, with a reason everybody can read; it stays readable."""
    allowed = [State.PENDING, State.SPONSORED, State.FLAGGED, State.DORMANT, State.HELD, State.OPEN]
    changes: dict[str, Any] = {"state": State.REJECTED, "state_reason": reason, "state_words": words}
    return step(idea, allowed, "idea rejected", by, words, **changes)


def hide(idea: Idea, by: User, reason: str, words: str) -> bool:
    """Out of everybody's sight, with a reason only its author reads."""
    allowed = [state for state in State.values if state != State.HIDDEN]
    changes: dict[str, Any] = {"state": State.HIDDEN, "state_reason": reason, "state_words": words}
    return step(idea, allowed, "idea hidden", by, words, **changes)


def restore(idea: Idea, by: User, words: str = "") -> bool:
    """Back to where it stood before it was held, hidden or not accepted."""
    state = State.OPEN if idea.opened_at else State.SPONSORED if idea.sponsored_at else State.PENDING
    changes: dict[str, Any] = {"state": state, "state_reason": "", "state_words": ""}
    return step(idea, [State.HELD, State.HIDDEN, State.REJECTED], "idea restored", by, words, **changes)


def put_back(idea: Idea, by: User, before: dict[str, Any]) -> bool:
    """To what it was before a decision that is taken back: its state with reason and words, and its dates."""
    shown = idea.state == State.HIDDEN and before["state"] != State.HELD
    event = "idea held" if before["state"] == State.HELD else "idea restored" if shown else "idea put back"
    return step(idea, [idea.state], event, by, **before)


# -- by the calendar ------------------------------------------------------------------------------


def stop_unsponsored() -> int:
    """Ends ideas that found no sponsors in time; their authors are told. Returns how many."""
    late = Idea.objects.filter(state=State.PENDING, created_at__lte=Now() - SPONSORS_WITHIN)
    return sum(step(idea, [State.PENDING], "idea stopped", None, state=State.STOPPED) for idea in late[:500])


@transaction.atomic
def escalate_month(today: date) -> int:
    """On a month's last working day its five most supported ideas, and the first of each subject, earn an answer.

    So small subjects are not drowned by large ones. Once a month, however often and by how many it is asked.
    Returns how many rose.
    """
    if today != last_working_day(today):
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [412, today.year * 12 + today.month])
    begun = datetime.combine(today.replace(day=1), time.min, INDIA)
    if Idea.objects.filter(escalated_at__gte=begun).exists():
        return 0
    still_open = Idea.objects.filter(Q(closes_at=None) | Q(closes_at__gt=Now()), state=State.OPEN)
    waiting = still_open.filter(escalated_at=None, answered_at=None).exclude(support_count=0)
    first = list(waiting.order_by("-support_count", "id")[:FIRST_OF_A_MONTH])
    by_subject = waiting.exclude(sector=None).order_by("sector_id", "-support_count", "id").distinct("sector_id")
    rising = {idea.pk: idea for idea in [*first, *by_subject]}
    for idea in rising.values():
        due = idea.answer_due or today + ANSWER_WITHIN
        step(idea, [State.OPEN], "idea earned answer", None, escalated_at=Now(), answer_due=due)
    return len(rising)


def last_working_day(day: date) -> date:
    """The month's last day that is neither Saturday nor Sunday."""
    last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return last - timedelta(days=max(last.weekday() - 4, 0))
