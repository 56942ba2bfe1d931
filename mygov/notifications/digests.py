"""One mail a day or a week with what did not come at once: for each person, period and day one row.

A notification belongs to one digest at most and to none if a mail of its own told it, so nothing is told twice. What
came by mails of its own is in the digest's count only. Both jobs take people in batches: memory stays flat, and the
number of queries for a batch is the same however much there is to tell.
"""

from __future__ import annotations

import logging
import time
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Subquery, Window
from django.db.models.functions import Coalesce, Now, RowNumber

from commons.core import clock
from commons.core.moments import INDIA
from mygov.notifications import breaker, sending
from mygov.notifications.channels import Channel
from mygov.notifications.digest_letters import SHOWN, Contents, mail
from mygov.notifications.event_groups import Frequency
from mygov.notifications.models import Delivery, Digest, Habits, Notification

if TYPE_CHECKING:
    from collections.abc import Collection

log = logging.getLogger(__name__)
BUILT = 1000  # people whose digests are made in one transaction
SENT = (
    100  # mails between two looks at the database; a killed worker repeats at most so many, under the same Message-ID
)
ONE_AT_A_TIME = (
    "SELECT pg_advisory_xact_lock(4118, 1)"  # else a second builder might add to a digest that is being sent
)
MONDAY = 0
HOUR_UNLESS_CHOSEN = Habits().digest_hour


def build(at: datetime | None = None) -> int:
    """Makes the digests whose hour has come in India on the day of `at`, or by the database's clock.

    Returns how many. Once more on the same day is harmless. The weekly ones are made on Mondays.
    """
    now = (at or clock.now()).astimezone(INDIA)
    made = build_for(Frequency.DAILY, now)
    return made + (build_for(Frequency.WEEKLY, now) if now.weekday() == MONDAY else 0)


def build_for(period: Frequency, now: datetime) -> int:
    made, last, until = 0, 0, time.monotonic() + sending.ROUND
    while time.monotonic() < until and (people := build_batch(period, now, last)):
        made, last = made + len(people), people[-1]
    return made


@transaction.atomic
def build_batch(period: Frequency, now: datetime, after: int = 0) -> list[int]:
    """The digests of the next people, by number. Returns these."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    people = due(period, now, after)
    if people:
        Digest.objects.bulk_create(Digest(person_id=pk, period=period, day=now.date()) for pk in people)
        fill(period, now.date(), people)
    return people


def due(period: Frequency, now: datetime, after: int) -> list[int]:
    """The next people, by number, for whom something waits, whose hour has come and who have no digest of this day."""
    waiting = Notification.objects.for_digests().filter(digest_period=period, person__gt=after, person__is_active=True)
    had = Digest.objects.filter(person=OuterRef("person"), period=period, day=now.date())
    return list(
        waiting.alias(hour=Coalesce("person__habits__digest_hour", HOUR_UNLESS_CHOSEN))
        .filter(~Exists(had), hour__lte=now.hour)
        .order_by("person")
        .values_list("person_id", flat=True)
        .distinct()[:BUILT]
    )


def fill(period: Frequency, day: date, people: Collection[int]) -> None:
    mine = Digest.objects.filter(person=OuterRef("person"), period=period, day=day).values("pk")
    waiting = Notification.objects.for_digests().filter(digest_period=period, person__in=people)
    waiting.update(digest=Subquery(mine), digest_period="")


def send_due() -> int:
    """Sends digests for at most about a round. Returns how many went out."""
    done, until = 0, time.monotonic() + sending.ROUND
    while time.monotonic() < until and breaker.lets_through(Channel.MAIL):
        keys = sending.claim(Digest, SENT)
        if not keys:
            breaker.unused(Channel.MAIL)
            break
        done += send(keys, until)
    return done


def send(keys: list[int], until: float) -> int:
    """A batch that was claimed. What there is no time for goes back, so that no claim runs out while its mail is sent.

    So does the rest when the mail server fails again and again.
    """
    sent, tried, is_doubtful = [], set(), True
    try:
        for digest, contents in read(keys):
            if time.monotonic() >= until:
                break
            tried.add(digest.pk)
            try:
                mail(digest, contents).send()
            except (
                Exception
            ) as error:  # whatever it is, it is tried again, seen by the operator, and holds up nobody else
                log.exception("digest %s could not be sent", digest.pk)
                sending.later(digest, error)
                is_doubtful = True
                if breaker.failed(Channel.MAIL):
                    break
            else:
                sent.append(digest.pk)
                if is_doubtful:
                    breaker.worked(Channel.MAIL)
                is_doubtful = False
    finally:
        sending.sent(Digest, sent, what="digest")
    sending.given_back(Digest, [pk for pk in keys if pk not in tried])
    return len(sent)


def read(keys: list[int]) -> list[tuple[Digest, Contents]]:
    """Each digest with the newest of what it tells, how much that is in all, and how much was told at once. 3 queries."""
    digests = Digest.objects.filter(pk__in=keys, state=Digest.State.WAITING).select_related("person").order_by("pk")
    rows = (
        Notification.objects.filter(digest__in=keys)
        .select_related("activity")
        .annotate(
            place=Window(RowNumber(), partition_by=F("digest"), order_by=F("id").desc()),
            total=Window(Count("id"), partition_by=F("digest")),
        )
        .filter(place__lte=SHOWN)
        .order_by("digest", "-id")
    )
    contents: dict[int, Contents] = {pk: Contents() for pk in keys}
    for row in rows:
        of = contents[row.digest_id or 0]
        of.rows.append(row)
        of.total = row.total
    found = list(digests)
    since = {Frequency.DAILY: timedelta(days=1), Frequency.WEEKLY: timedelta(days=7)}
    for period, length in since.items():
        mine = {digest.person_id: digest.pk for digest in found if digest.period == period}
        if mine:
            at_once = Delivery.objects.filter(
                notification__person__in=mine,
                channel=Channel.MAIL,
                state=Delivery.State.SENT,
                sent_at__gt=Now() - length,
            )
            counted = at_once.values_list("notification__person").annotate(Count("pk")).order_by()
            for person, count in counted:
                contents[mine[person]].at_once = count
    return [(digest, contents[digest.pk]) for digest in found]
