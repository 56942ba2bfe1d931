"""Turns events into notifications. Everything may run twice; nobody hears twice."""

from __future__ import annotations

import logging
from datetime import timedelta
from itertools import batched
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from commons.audit.models import Event
from commons.comments.models import Comment
from commons.follows.following import follow_automatically
from discussions.models import Idea
from mygov.notifications import preferences, ways
from mygov.notifications.models import Notification
from mygov.notifications.recipients import CASES, Told
from mygov.notifications.sending import FIRST_PAUSE

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

log = logging.getLogger(__name__)


def expand(limit: int = 100) -> int:
    """Tells about waiting events. Each is locked, told and marked in one transaction. Returns how many there were."""
    met = 0
    for _round in range(limit):
        with transaction.atomic():
            waiting = Event.objects.select_for_update(skip_locked=True).filter(told_at=None, next_try_at__lte=Now())
            event = waiting.order_by("next_try_at", "id").first()
            if event is None:
                break
            met += 1
            try:
                with transaction.atomic():
                    tell(event)
            except Exception as error:  # one broken event must not hold up the rest; it stays, and is tried again
                log.exception("event %s could not be told", event.pk)
                put_off(event, error)
            else:
                Event.objects.filter(pk=event.pk).update(told_at=Now(), error="")
    return met


def put_off(event: Event, error: Exception) -> None:
    """The pause doubles up to a day, and never ends: an operator sees what is stuck and why."""
    pause = min(FIRST_PAUSE * 2**event.attempts, timedelta(days=1))
    Event.objects.filter(pk=event.pk).update(
        attempts=F("attempts") + 1, next_try_at=Now() + pause, error=f"{type(error).__name__}: {error}"[:200]
    )


def hurry(events: QuerySet[Event]) -> int:
    """Those nobody was told about are told with the next sweep, however long their pause. Returns how many."""
    return events.filter(told_at=None).update(next_try_at=Now())


def tell(event: Event, only: Collection[int] | None = None) -> None:
    """Tells everybody whom it concerns, or of them `only` these people."""
    follow_what_one_says(event, only)
    concerned = (told for told in CASES[event.name](event.target_id) if only is None or told.person in only)
    for batch in batched(concerned, 1000):
        write(batch)


def write(batch: tuple[Told, ...]) -> None:
    """A constant number of queries for a thousand people, whatever they already know and however they want to hear it."""
    ways.write([
        Notification(
            person_id=told.person, event=told.event, key=told.key[:120], path=told.path, values=told.values,
            activity_id=told.activity,
        )
        for told in batch
    ])  # fmt: skip


def follow_what_one_says(event: Event, only: Collection[int] | None = None) -> None:
    model = {"commented": Comment, "idea brought": Idea}.get(event.name)
    if model is not None:
        said = model.objects.select_related("author__habits", "activity").get(pk=event.target_id)  # type: ignore[attr-defined]
        if (
            said.author
            and (only is None or said.author_id in only)
            and preferences.habits(said.author).follows_by_itself
        ):
            follow_automatically(said.author, said.activity)
