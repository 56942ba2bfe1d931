"""A breaker for each channel: a provider that fails again and again is left alone for a while, then asked once.

The state is a row, so that all workers agree, and it outlives them. While a breaker is open nothing is claimed: what
waits loses no attempt, however long the provider is down.
"""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import F
from django.db.models.functions import Now

from mygov.notifications.models import Breaker

if TYPE_CHECKING:
    from mygov.notifications.channels import Channel

MOST_FAILURES = 5  # one after another
FIRST_REST = timedelta(seconds=30)  # doubled with each failed probe
LONGEST_REST = timedelta(minutes=10)


def lets_through(channel: Channel) -> bool:
    """Whether one more may be sent. While it is open, one sender in each rest is let through as a probe."""
    row = Breaker.objects.filter(channel=channel).first()
    if row is None or row.open_until is None:
        return True
    probe = Breaker.objects.filter(channel=channel, open_until__lte=Now())
    return bool(probe.update(open_until=Now() + rest(row.failures)))


def unused(channel: Channel) -> None:
    """Nothing was there to be the probe: whoever has something next may be it, without waiting for a rest."""
    Breaker.objects.filter(channel=channel, open_until__gt=Now()).update(open_until=Now())


def failed(channel: Channel) -> bool:
    """Counts a failure; the last one of too many opens the breaker. Returns whether it is open now."""
    Breaker.objects.get_or_create(channel=channel)
    Breaker.objects.filter(channel=channel).update(failures=F("failures") + 1, last_failed_at=Now())
    row = Breaker.objects.get(channel=channel)
    if row.failures < MOST_FAILURES:
        return False
    Breaker.objects.filter(channel=channel).update(open_until=Now() + rest(row.failures))
    return True


def worked(channel: Channel) -> None:
    """Closes it again."""
    Breaker.objects.filter(channel=channel, failures__gt=0).update(failures=0, open_until=None)


def rest(failures: int) -> timedelta:
    """Longer with each failure, with some chance in it: workers must not all come back at the same moment."""
    doubled = FIRST_REST * 2 ** min(max(failures - MOST_FAILURES, 0), 10)
    return min(doubled, LONGEST_REST) * random.uniform(0.7, 1.3)  # noqa: S311 - jitter
