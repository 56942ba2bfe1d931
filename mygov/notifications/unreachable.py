"""Addresses that are dead: nothing goes there any more, and whom they belong to reads so in the portal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from commons.people.models import User
from mygov.notifications import preferences
from mygov.notifications.channels import Channel
from mygov.notifications.models import Delivery, Digest, Notification, Unreachable

if TYPE_CHECKING:
    from django.db.models import QuerySet

EVENT = {Channel.MAIL: "mail came back", Channel.SMS: "sms came back"}


@transaction.atomic
def mark(channel: Channel, address: str, words: str = "") -> bool:
    """Somebody's address is dead, says the provider. Harmless when repeated. Returns whether that was news."""
    same = Q(email__iexact=address) if channel == Channel.MAIL else Q(phone=address)
    person = User.objects.filter(same).first()
    if person is None:
        return False
    row, is_new = Unreachable.objects.get_or_create(
        person=person, channel=channel, address=address_of(person, channel), defaults={"words": words[:200]}
    )
    if not is_new:
        return False
    waiting = Delivery.objects.filter(notification__person=person, channel=channel)
    preferences.unwanted(waiting, "address is dead")
    if channel == Channel.MAIL:
        preferences.unwanted(Digest.objects.filter(person=person), "address is dead")
        Notification.objects.filter(person=person).for_digests().update(digest_period="")
    Notification.objects.create(
        person=person, event=EVENT[channel], key=f"unreachable-{row.pk}", path="/notifications/settings/"
    )
    return True


def address_of(person: User, channel: Channel) -> str:
    return (person.email if channel == Channel.MAIL else person.phone) or ""


def forget(person: User, channel: Channel) -> None:
    """The person says that the address works again."""
    Unreachable.objects.filter(person=person, channel=channel).delete()


def channels_of(person: User) -> list[Channel]:
    """Which of a person's addresses, as they are now, are dead."""
    rows = Unreachable.objects.filter(person=person)
    return [Channel(row.channel) for row in rows if row.address == address_of(person, Channel(row.channel))]


def reachable(people: QuerySet[User], channel: Channel) -> QuerySet[User]:
    """Those whose address of now is not known to be dead."""
    column = "email" if channel == Channel.MAIL else "phone"
    dead = Unreachable.objects.filter(person=OuterRef("pk"), channel=channel, address=OuterRef(column))
    return people.filter(~Exists(dead))
