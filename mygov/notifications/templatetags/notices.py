"""How many notifications wait to be read, for the header."""

from django import template
from django.db.models import BigIntegerField
from django.template.context import Context

from commons.core.compiled import Compiled, Given
from mygov.notifications.models import Notification

register = template.Library()
MOST = 100
UNREAD = Compiled(
    lambda: Notification.objects.filter(person_id=Given("person", BigIntegerField()), read_at=None).only("pk")[:MOST]
)


@register.simple_tag(takes_context=True)
def unread_count(context: Context) -> str:
    """ "" when nothing waits, at most “99+”: one bounded query, and none for whoever is not signed in."""
    request = context.get("request")
    if request is None or not request.user.is_authenticated:
        return ""
    unread = len(UNREAD.rows(person=request.user.pk))
    return "99+" if unread >= MOST else str(unread or "")
