"""Joining and leaving. The unique row decides; the count follows it in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from groups.models import Group, Membership

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from commons.people.models import User


@transaction.atomic
def join(group: Group, person: User) -> None:
    """Twice is once."""
    _row, new = Membership.objects.get_or_create(group=group, person=person)
    if new:
        Group.objects.filter(pk=group.pk).update(member_count=F("member_count") + 1)


@transaction.atomic
def leave(group: Group, person: User) -> None:
    gone, _kinds = Membership.objects.filter(group=group, person=person).delete()
    if gone:
        Group.objects.filter(pk=group.pk).update(member_count=F("member_count") - 1)


def is_member(person: User | AnonymousUser, group: Group) -> bool:
    return person.is_authenticated and Membership.objects.filter(group=group, person=person).exists()
