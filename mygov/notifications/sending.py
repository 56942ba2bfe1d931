"""Rows that have to go out by mail: claimed by whoever sends them, tried again with growing pauses, given up at last."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

if TYPE_CHECKING:
    from mygov.notifications.models import Outgoing

MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=30)  # doubled after every attempt, with some chance in it
CLAIM = timedelta(minutes=5)  # far longer than one send takes, at 10 seconds for each word with the mail server
ROUND = 120  # seconds after which a round leaves the rest to the next: a job is killed after ten minutes


def claim(model: type[Outgoing], most: int = 1) -> list[int]:
    """Up to `most` rows whose time came first, for `CLAIM`: nobody else gets them meanwhile."""
    with transaction.atomic():
        waiting = model._default_manager.select_for_update(skip_locked=True).filter(
            state=model.State.WAITING, next_try_at__lte=Now()
        )
        keys = list(waiting.order_by("next_try_at", "pk").values_list("pk", flat=True)[:most])
        if keys:
            model._default_manager.filter(pk__in=keys).update(next_try_at=Now() + CLAIM, attempts=F("attempts") + 1)
    return keys


def sent(model: type[Outgoing], keys: list[int]) -> None:
    if keys:
        model._default_manager.filter(pk__in=keys).update(state=model.State.SENT, sent_at=Now(), error="")


def given_back(model: type[Outgoing], keys: list[int], until: datetime | None = None) -> None:
    """Claimed, but not tried: there was no time, or it is not to be sent before `until`."""
    if keys:
        model._default_manager.filter(pk__in=keys, state=model.State.WAITING).update(
            next_try_at=until or Now(), attempts=F("attempts") - 1
        )


def later(row: Outgoing, error: Exception) -> None:
    """Tries again after a growing pause, and gives up after the last attempt."""
    pause = FIRST_PAUSE * 2 ** (row.attempts - 1) * random.uniform(0.7, 1.3)  # noqa: S311 - jitter
    given_up = row.attempts >= MOST_ATTEMPTS
    type(row)._default_manager.filter(pk=row.pk).update(
        state=row.State.FAILED if given_up else row.State.WAITING,
        next_try_at=Now() + pause,
        error=f"{type(error).__name__}: {error}"[:200],
    )
