"""The card: the only place that shows an activity in a list, and the only one that asks what kind it is.

It shows the columns of one row and of its institution, and what the clock says about them. So the same values always
give the same card, and it is drawn once for them.
"""

from __future__ import annotations

from datetime import datetime

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commons.activities.kinds import kind
from commons.activities.models import Activity
from commons.activities.models.activity import Phase
from commons.core.moments import deadline
from commons.core.once import plain

Key = tuple[object, ...]
drawn: dict[Key, SafeString] = {}
MOST = 2000  # cards kept; then it begins anew


def card(activity: Activity, now: datetime) -> SafeString:
    """The card of an activity (loaded by `for_cards`) as it is at that moment, in the reader's language."""
    phase, when = activity.phase(now), deadline(activity.opens_at, activity.closes_at, now)
    key = (get_language(), phase, when, plain(activity))
    found = drawn.get(key)
    if found is None:
        if len(drawn) >= MOST:
            drawn.clear()
        words = {"activity": activity, "phase": phase, "when": when, "verb": verb(activity, phase)}
        found = drawn[key] = render_to_string("activities/_card.html", words)
    return found


def verb(activity: Activity, phase: Phase) -> str:
    """What one does there: the kind's own verb while it is open, reading before and after."""
    if phase == Phase.OPEN:
        return str(kind(activity.kind).verb)
    return _("See the outcome") if activity.outcome_at else _("Read")
