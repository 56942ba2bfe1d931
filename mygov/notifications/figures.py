"""What the operator of the portal sees of its mail and SMS. Nothing here counts more than it shows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from commons.audit.models import Event
from mygov.notifications.channels import Channel
from mygov.notifications.models import Breaker, Delivery, Digest, Tally

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

MOST = 10_000  # rows that are counted; more are "10,000+"
HOURS = 24
STUCK = 20


@dataclass(frozen=True)
class Line:
    """One channel: how it is doing now, and what it did in each hour that has something to show."""

    name: str
    waiting: str
    failing: int
    left_alone_until: datetime | None
    hours: list[tuple[datetime, int, int]]  # hour, sent, given up


def lines() -> list[Line]:
    tallies: dict[str, dict[datetime, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in Tally.objects.filter(hour__gt=Now() - timedelta(hours=HOURS)).order_by("-hour"):
        tallies[row.what][row.hour][row.state] = row.count
    breakers = {row.channel: row for row in Breaker.objects.all()}
    waiting: dict[str, tuple[str, QuerySet[Any]]] = {
        Channel.MAIL: (str(Channel.MAIL.label), Delivery.objects.filter(channel=Channel.MAIL)),
        Channel.SMS: (str(Channel.SMS.label), Delivery.objects.filter(channel=Channel.SMS)),
        "digest": (_("Daily and weekly mails"), Digest.objects.all()),
    }
    found = []
    for what, (name, rows) in waiting.items():
        breaker = breakers.get(Channel.MAIL if what == "digest" else what)
        hours = [(hour, by.get("sent", 0), by.get("failed", 0)) for hour, by in tallies[what].items()]
        found.append(
            Line(name, bounded(rows.filter(state="waiting")), breaker.failures if breaker else 0,
                 breaker.open_until if breaker else None, hours)
        )  # fmt: skip
    return found


def bounded(rows: QuerySet[Any]) -> str:
    count = rows.order_by()[:MOST].count()
    return f"{MOST:,}+" if count == MOST else str(count)


def stuck() -> list[Event]:
    """Events that could not be told and are tried again ever later, the oldest first."""
    return list(Event.objects.filter(told_at=None, attempts__gt=0).order_by("next_try_at", "id")[:STUCK])
