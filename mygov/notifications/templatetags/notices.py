"""How many notifications wait to be read, for the header."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.db.models import BigIntegerField
from django.template.context import Context

from commons.core.compiled import Compiled, Given
from mygov.notifications.models import Notification

if TYPE_CHECKING:
    from commons.people.models import User

register = template.Library()
MOST = 100
UNREAD = Compiled(
    lambda: Notification.objects.filter(person_id=Given("person", BigIntegerField()), read_at=None).only("pk")[:MOST]
)


@register.simple_tag(takes_context=True)
def unread_count(context: Context) -> str:
    """ "" when nothing waits, at most “99+”: one bounded query, and none for whoever is not signed in."""
    request = context.get("request")
    return unread_of(request.user) if request is not None and request.user.is_authenticated else ""


def unread_of(person: User) -> str:
    unread = len(UNREAD.rows(person=person.pk))
    return "99+" if unread >= MOST else str(unread or "")
