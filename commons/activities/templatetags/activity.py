"""Words on the card: the only place that asks what kind an activity is."""

from datetime import datetime

from django import template
from django.utils.translation import gettext as _

from commons.activities.kinds import kind
from commons.activities.models import Activity

register = template.Library()


@register.simple_tag
def kind_name(activity: Activity) -> str:
    """“Discussion”, in the reader's language."""
    return str(kind(activity.kind).kind_name)


@register.simple_tag
def card_verb(activity: Activity, now: datetime) -> str:
    """What one does there: the kind's own verb while it is open, reading before and after."""
    if activity.phase(now) == Activity.Phase.OPEN:
        return str(kind(activity.kind).verb)
    return _("See the outcome") if activity.outcome_at else _("Read")
