"""Rows that have to go out by mail: claimed by whoever sends them, tried again with growing pauses, given up at last."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from mygov.notifications.models import Outgoing

MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=30)  # doubled after every attempt, with some chance in it
CLAIM = timedelta(minutes=5)  # far longer than one send takes, at 10 seconds for each word with the mail server
ROUND = 120  # seconds after which a round leaves the rest to the next: a job is killed after ten minutes


def claim(model: type[Outgoing], most: int = 1, **which: str) -> list[int]:
    """Up to `most` rows whose time came first, for `CLAIM`: nobody else gets them meanwhile. `which` narrows them."""
    with transaction.atomic():
        waiting = model._default_manager.select_for_update(skip_locked=True).filter(
            state=model.State.WAITING, next_try_at__lte=Now(), **which
        )
        keys = list(waiting.order_by("next_try_at", "pk").values_list("pk", flat=True)[:most])
        if keys:
            model._default_manager.filter(pk__in=keys).update(next_try_at=Now() + CLAIM, attempts=F("attempts") + 1)
    return keys


def sent(model: type[Outgoing], keys: list[int], *, what: str, provider_id: str = "") -> None:
    """`provider_id` is what the provider calls the one that was sent: its receipts name it."""
    if keys:
        count(what, model.State.SENT, len(keys))
        named = {"provider_id": provider_id[:200]} if provider_id else {}
        model._default_manager.filter(pk__in=keys).update(state=model.State.SENT, sent_at=Now(), error="", **named)


def given_back(model: type[Outgoing], keys: list[int], until: datetime | None = None) -> None:
    """Claimed, but not tried: there was no time, or it is not to be sent before `until`."""
    if keys:
        model._default_manager.filter(pk__in=keys, state=model.State.WAITING).update(
            next_try_at=until or Now(), attempts=F("attempts") - 1
        )


def later(row: Outgoing, error: Exception) -> None:
    """Tries again after a growing pause, and gives up after the last attempt."""
    pause = FIRST_PAUSE * 2 ** (row.attempts - 1) * random.uniform(0.7, 1.3)  # noqa: S311 - jitter
    type(row)._default_manager.filter(pk=row.pk).update(next_try_at=Now() + pause, error=named(error))
    if row.attempts >= MOST_ATTEMPTS:
        given_up(row, error)


def given_up(row: Outgoing, error: Exception) -> None:
    """Trying again would be in vain, or was."""
    count(row.what, row.State.FAILED)
    type(row)._default_manager.filter(pk=row.pk).update(state=row.State.FAILED, error=named(error))


def retry(rows: QuerySet[Any]) -> int:
    """Those that were given up are tried anew, as if for the first time. Returns how many."""
    failed = rows.filter(state="failed")
    return failed.update(state="waiting", attempts=0, next_try_at=Now(), error="")


def count(what: str, state: str, more: int = 1) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notifications_tally (hour, what, state, count) VALUES (date_trunc('hour', now()), %s, %s, %s)"
            " ON CONFLICT (hour, what, state) DO UPDATE SET count = notifications_tally.count + excluded.count",
            [what, str(state), more],
        )


def named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
