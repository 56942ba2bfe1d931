"""How soon a mail tells each person of what. In the portal everybody is always told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.db import transaction

from mygov.notifications.event_groups import EVENTS, UNLESS_CHOSEN, EventGroup, Frequency
from mygov.notifications.models import Delivery, Habits, Notification, Preference

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


def habits(person: User) -> Habits:
    """What this person chose, or what holds unless they choose."""
    try:
        return person.habits  # type: ignore[attr-defined, no-any-return]
    except Habits.DoesNotExist:
        return Habits(person_id=person.pk)


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


def choose_habits(person: User, **chosen: int | bool) -> None:
    """Keeps these of the columns of `Habits`; the others stay as they are."""
    kept, _created = Habits.objects.update_or_create(person=person, defaults=chosen)
    kept.person = person  # so that `person.habits` knows too
