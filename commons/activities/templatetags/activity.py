"""Cards, and the filters above a list of them."""

from datetime import datetime
from typing import Any

from django import template

from commons.activities import cards, listing
from commons.activities.kinds import kind
from commons.activities.models import Activity

register = template.Library()
register.simple_tag(cards.cards)


@register.simple_tag
def kind_name(activity: Activity) -> str:
    """“Discussion”, in the reader's language."""
    return str(kind(activity.kind).kind_name)


@register.simple_tag
def card_verb(activity: Activity, now: datetime) -> str:
    """What one does in an activity, for its button."""
    return cards.verb(activity, activity.phase(now))


@register.simple_tag
def filter_choices(asked: str) -> list[dict[str, Any]]:
    """Every filter as links, for the list with that address ("phase=open&sector=water")."""
    return listing.choices(asked)
