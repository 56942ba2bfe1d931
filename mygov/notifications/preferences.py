"""How soon a mail tells each person of what. In the portal everybody is always told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.db import transaction

from mygov.notifications.event_groups import EVENTS, HOUR_UNLESS_CHOSEN, UNLESS_CHOSEN, EventGroup, Frequency
from mygov.notifications.models import Delivery, DigestHour, Notification, Preference

if TYPE_CHECKING:
    from commons.people.models import User

UNWANTED = "no longer wanted"
# What already waits for a digest when its group is chosen anew. What is to come at once from now on waits for the next day's.
WAITS_FOR = {Frequency.NOW: Frequency.DAILY, Frequency.NEVER: ""}

Choices = dict[EventGroup, Frequency]


def choices(people: Iterable[int]) -> dict[int, Choices]:
    """What each of these people chose, and for the rest what holds unless they choose. One query."""
    found = {person: dict(UNLESS_CHOSEN) for person in people}
    for person, group, mail in Preference.objects.filter(person__in=found).values_list("person_id", "group", "mail"):
        found[person][EventGroup(group)] = Frequency(mail)
    return found


def hour(person: User) -> int:
    """The hour, in India, at which this person's digests are made."""
    chosen = DigestHour.objects.filter(person=person).values_list("hour", flat=True).first()
    return HOUR_UNLESS_CHOSEN if chosen is None else chosen


@transaction.atomic
def choose(person: User, mail: Mapping[EventGroup, Frequency]) -> None:
    """Keeps the choice for these groups, and lets it hold for what waits already. Harmless when repeated."""
    Preference.objects.bulk_create(
        (Preference(person=person, group=group, mail=frequency) for group, frequency in mail.items()),
        update_conflicts=True, unique_fields=["person", "group"], update_fields=["mail"],
    )  # fmt: skip
    for frequency in set(mail.values()):
        events = set().union(*(EVENTS[group] for group, chosen in mail.items() if chosen == frequency))
        told = Notification.objects.filter(person=person, event__in=events)
        told.for_digests().update(digest_period=WAITS_FOR.get(frequency, frequency))
        if frequency == Frequency.NEVER:
            Delivery.objects.filter(notification__in=told, state=Delivery.State.WAITING).update(
                state=Delivery.State.FAILED, error=UNWANTED
            )


def choose_hour(person: User, at: int) -> None:
    DigestHour.objects.update_or_create(person=person, defaults={"hour": at})
