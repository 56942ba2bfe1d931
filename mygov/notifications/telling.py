"""Turns events into notifications, and notifications into mail. Everything may run twice; nobody hears twice."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from itertools import batched

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Count, F
from django.db.models.functions import Now

from commons.audit.models import Event
from commons.comments.models import Comment
from commons.core import clock
from commons.core.moments import INDIA
from commons.follows.following import follow_automatically
from discussions.models import Idea
from mygov.notifications import preferences, sending
from mygov.notifications.event_groups import GROUP_OF, Frequency
from mygov.notifications.letters import mail
from mygov.notifications.models import Delivery, Notification
from mygov.notifications.recipients import CASES, Told
from mygov.notifications.sending import FIRST_PAUSE, ROUND

log = logging.getLogger(__name__)
MOST_A_DAY = 20  # mails of their own, for one person


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


def tell(event: Event) -> None:
    follow_what_one_says(event)
    for batch in batched(CASES[event.name](event.target_id), 1000):
        write(batch)


def write(batch: tuple[Told, ...]) -> None:
    """A constant number of queries for a thousand people, whatever they already know and however they want to hear it.

    Whoever got `MOST_A_DAY` mails today hears the rest by the daily one.
    """
    people = {told.person for told in batch}
    proved = EmailAddress.objects.filter(user__in=people, verified=True, user__is_active=True)
    chosen = preferences.choices(proved.values_list("user_id", flat=True))
    rows = [
        Notification(
            person_id=told.person, event=told.event, key=told.key[:120], path=told.path, values=told.values,
            activity_id=told.activity,
        )
        for told in batch
    ]  # fmt: skip
    at_once: list[tuple[int, str]] = []
    got = got_today(chosen)
    for row in rows:
        frequency = chosen[row.person_id][GROUP_OF[row.event]] if row.person_id in chosen else Frequency.NEVER
        if frequency == Frequency.NOW:
            got[row.person_id] += 1
            if got[row.person_id] > MOST_A_DAY:
                frequency = Frequency.DAILY
        if frequency.is_digest:
            row.digest_period = frequency
        elif frequency == Frequency.NOW:
            at_once.append((row.person_id, row.key))
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    if at_once:
        # What a digest tells or has told does not come by a mail of its own as well.
        known = Notification.objects.filter(
            key__in={key for _person, key in at_once}, person__in={person for person, _key in at_once},
            delivery=None, digest_period="", digest=None,
        )  # fmt: skip
        wanted = set(at_once)
        Delivery.objects.bulk_create(
            (Delivery(notification=row) for row in known if (row.person_id, row.key) in wanted), ignore_conflicts=True
        )


def got_today(people: Iterable[int]) -> Counter[int]:
    """How many mails of their own each of these people got, or is to get, since midnight in India."""
    midnight = clock.now().astimezone(INDIA).replace(hour=0, minute=0, second=0, microsecond=0)
    today = Delivery.objects.filter(notification__person__in=list(people), notification__created_at__gte=midnight)
    return Counter(dict(today.values_list("notification__person").annotate(Count("pk")).order_by()))


def follow_what_one_says(event: Event) -> None:
    model = {"commented": Comment, "idea brought": Idea}.get(event.name)
    if model is not None:
        said = model.objects.select_related("author__habits", "activity").get(pk=event.target_id)  # type: ignore[attr-defined]
        if said.author and preferences.habits(said.author).follows_by_itself:
            follow_automatically(said.author, said.activity)


def claim() -> int | None:
    """The delivery whose time came first. None when nothing is due.

    One at a time. Whoever claims many sends the last of them when the claim has run out and somebody else has it too.
    """
    return next(iter(sending.claim(Delivery)), None)


def send_due() -> int:
    """Sends what is due, for at most about a round. Returns how many mails went out."""
    sent, until = 0, time.monotonic() + ROUND
    while time.monotonic() < until and (pk := claim()) is not None:
        sent += send(pk)
    return sent


def send(pk: int) -> bool:
    """One mail. The provider gets our own reference as Message-ID, so that it can drop a repeat."""
    waiting = Delivery.objects.select_related("notification__person__habits", "notification__activity")
    delivery = waiting.get(pk=pk)
    if delivery.state != Delivery.State.WAITING:
        return False
    if quiet_end := preferences.habits(delivery.notification.person).quiet_end(clock.now()):
        sending.given_back(Delivery, [pk], until=quiet_end)
        return False
    try:
        mail(delivery).send()
    except Exception as error:  # whatever it is, it is tried again, seen by the operator, and holds up nobody else
        log.exception("delivery %s could not be sent", pk)
        sending.later(delivery, error)
        return False
    sending.sent(Delivery, [pk])
    return True
