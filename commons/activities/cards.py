"""The card: the only place that shows an activity in a list, and the only one that asks what kind it is.

It shows the columns of one row and of its institution, and what the clock says about them. So the same values always
give the same card, and it is drawn once for them.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commons.activities.kinds import kind
from commons.activities.models import Activity
from commons.activities.models.activity import Phase
from commons.core.moments import deadline

if TYPE_CHECKING:
    from collections.abc import Iterable

Key = tuple[object, ...]
drawn: dict[Key, SafeString] = {}
MOST = 2000  # cards kept; then it begins anew


def cards(activities: Iterable[Activity], now: datetime) -> SafeString:
    """The cards of activities (loaded by `for_cards`) as they are at that moment, as items of a list."""
    language, minute = get_language() or settings.LANGUAGE_CODE, now.replace(second=0, microsecond=0)
    return mark_safe("\n".join(f"<li>{card(one, now, minute, language)}</li>" for one in activities))  # noqa: S308


def card(activity: Activity, now: datetime, minute: datetime, language: str) -> SafeString:
    phase = activity.phase(now)
    when = words_about(activity.opens_at, activity.closes_at, phase, minute, language)
    key = (language, phase, when, *shown(activity))
    found = drawn.get(key)
    if found is None:
        if len(drawn) >= MOST:
            drawn.clear()
        words = {"activity": activity, "phase": phase, "when": when, "verb": verb(activity, phase)}
        found = drawn[key] = render_to_string("activities/_card.html", words)
    return found


def shown(activity: Activity) -> Key:
    """The values a card shows: `for_cards` loads these and no other, so nothing else can be on it."""
    institution = activity.institution
    return (
        activity.kind, activity.slug, str(activity.title.data), activity.opens_at, activity.closes_at,
        activity.outcome_at, activity.participant_count, institution.code, str(institution.name.data),
    )  # fmt: skip


@lru_cache(maxsize=MOST)
def words_about(
    opens_at: datetime | None, closes_at: datetime | None, phase: Phase, minute: datetime, language: str
) -> str:
    """When it opens or closes, said once a minute; the phase, which is exact, decides between the two."""
    edge = opens_at if phase == Phase.OPEN else closes_at if phase == Phase.CLOSED else None
    return deadline(opens_at, closes_at, max(minute, edge) if edge else minute)


def verb(activity: Activity, phase: Phase) -> str:
    """What one does there: the kind's own verb while it is open, reading before and after."""
    if phase == Phase.OPEN:
        return str(kind(activity.kind).verb)
    return _("See the outcome") if activity.outcome_at else _("Read")
