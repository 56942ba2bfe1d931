"""A group is proposed by an institution, activated by the platform, and archived when its work is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commons.audit.record import record
from groups.models import Group

if TYPE_CHECKING:
    from commons.people.models import User

State = Group.State


def activate(group: Group, by: User) -> None:
    """Proposed or archived → active. Twice is once. Raises PermissionDenied for all but platform administrators."""
    move(group, by, State.ACTIVE, {State.PROPOSED, State.ARCHIVED}, "group.activate", "")


def archive(group: Group, by: User, reason: str) -> None:
    """Active → archived: its page stays readable."""
    if not reason.strip():
        raise ValidationError(_("Say why."))
    move(group, by, State.ARCHIVED, {State.ACTIVE}, "group.archive", reason)


@transaction.atomic
def move(group: Group, by: User, to: str, allowed: set[State], verb: str, words: str) -> None:
    if not may_decide(by, group):
        raise PermissionDenied
    with pghistory.context(user=by.pk):
        row = Group.objects.select_for_update(of=("self",), no_key=True).get(pk=group.pk)
        if row.state == to:
            return
        if row.state not in allowed:
            raise ValidationError(_("This is not possible from its present state."))
        Group.objects.filter(pk=row.pk).update(state=to)
        record(verb, row, by=by, words=words, before={"state": row.state}, after={"state": to})


def may_decide(user: User, group: Group) -> bool:
    """The platform decides what groups there are."""
    return user.is_active and user.is_superuser
