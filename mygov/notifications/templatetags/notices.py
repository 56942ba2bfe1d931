"""How many notifications wait to be read, for the header."""

from django import template
from django.template.context import Context

from mygov.notifications.models import Notification

register = template.Library()
MOST = 100


@register.simple_tag(takes_context=True)
def unread_count(context: Context) -> str:
    """ "" when nothing waits, at most “99+”: one bounded query, and none for whoever is not signed in."""
    request = context.get("request")
    if request is None or not request.user.is_authenticated:
        return ""
    unread = len(Notification.objects.filter(person=request.user, read_at=None).values_list("pk")[:MOST])
    return "99+" if unread >= MOST else str(unread or "")
