"""How soon a mail tells each person of what. In the portal everybody is always told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from mygov.notifications.channels import Channel
from mygov.notifications.event_groups import EVENTS, UNLESS_CHOSEN, EventGroup, Frequency
from mygov.notifications.models import Delivery, Habits, Notification, Preference

if TYPE_CHECKING:
    from django.db.models import QuerySet

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


def sms_choices(people: Iterable[int]) -> dict[int, set[EventGroup]]:
    """Of which groups these people want an SMS; whoever wants none is left out. One query."""
    found: dict[int, set[EventGroup]] = {}
    wanted = Preference.objects.filter(person__in=people, sms=True)
    for person, group in wanted.values_list("person_id", "group"):
        found.setdefault(person, set()).add(EventGroup(group))
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
            unwanted(Delivery.objects.filter(notification__in=told, channel=Channel.MAIL))


@transaction.atomic
def choose_sms(person: User, by_sms: Mapping[EventGroup, bool]) -> None:
    """Keeps whether an SMS tells of these groups; what waits to be sent is no longer wanted where it is off."""
    mail = choices([person.pk])[person.pk]
    Preference.objects.bulk_create(
        (Preference(person=person, group=group, mail=mail[group], sms=on) for group, on in by_sms.items()),
        update_conflicts=True, unique_fields=["person", "group"], update_fields=["sms"],
    )  # fmt: skip
    off = set().union(*(EVENTS[group] for group, on in by_sms.items() if not on))
    unwanted(Delivery.objects.filter(notification__person=person, notification__event__in=off, channel=Channel.SMS))


def unwanted(waiting: QuerySet[Any], why: str = UNWANTED) -> None:
    """What waits of these deliveries or digests is not sent."""
    waiting.filter(state=Delivery.State.WAITING).update(state=Delivery.State.FAILED, error=why)


def choose_habits(person: User, **chosen: int | bool) -> None:
    """Keeps these of the columns of `Habits`; the others stay as they are."""
    kept, _created = Habits.objects.update_or_create(person=person, defaults=chosen)
    kept.person = person  # so that `person.habits` knows too
