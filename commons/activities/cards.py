"""The card: the only place that shows an activity in a list, and the only one that asks what kind it is.

A card is drawn from plain values alone, so the same values always give the same card, and it is drawn once.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commons.activities.kinds import kind
from commons.activities.models import Activity
from commons.activities.models.activity import Phase
from commons.core.moments import deadline
from commons.core.templatetags.portal import lang_attr


class Card(NamedTuple):
    """What `templates/activities/_card.html` knows. Whatever it is to show in addition needs a field here."""

    kind: str  # the app's name
    kind_name: str
    institution: str
    title: str
    title_lang: str
    url: str
    phase: Phase
    deadline: str
    participant_count: int
    verb: str


def card(activity: Activity, now: datetime) -> SafeString:
    """The card of an activity (with its institution) as it is at that moment, in the reader's language."""
    phase = activity.phase(now)
    return drawn(
        Card(
            kind=activity.kind,
            kind_name=str(kind(activity.kind).kind_name),
            institution=str(activity.institution),
            title=str(activity.title),
            title_lang=lang_attr(activity.title),
            url=activity.get_absolute_url(),
            phase=phase,
            deadline=deadline(activity.opens_at, activity.closes_at, now),
            participant_count=activity.participant_count,
            verb=verb(activity, phase),
        ),
        get_language(),
    )


@lru_cache(maxsize=2000)
def drawn(shown: Card, language: str | None) -> SafeString:
    return render_to_string("activities/_card.html", {"card": shown})


def verb(activity: Activity, phase: Phase) -> str:
    """What one does there: the kind's own verb while it is open, reading before and after."""
    if phase == Phase.OPEN:
        return str(kind(activity.kind).verb)
    return _("See the outcome") if activity.outcome_at else _("Read")
