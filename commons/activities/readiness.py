"""What an activity still lacks before citizens may see it, by field and in words for its author."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from commons.activities.kinds import kind
from commons.activities.models import Activity
from commons.activities.models.activity import label_of
from commons.core import clock


def lacking(activity: Activity) -> dict[str, list[str]]:
    """What a citizen would miss in the texts, by field, in words for the author. Empty when nothing is."""
    found: dict[str, list[str]] = {}
    for name in ("title", "summary", "promise"):
        for code, language in (("en", _("English")), ("hi", _("Hindi"))):
            if not said_in(getattr(activity, name), code):
                words = _("%(field)s in %(language)s is missing.") % {
                    "field": capfirst(label_of(name)),
                    "language": language,
                }
                found.setdefault(name, []).append(words)
    # What not every activity has is in both languages or in none.
    if said_in(activity.body, "en") and not said_in(activity.body, "hi"):
        found["body"] = [_("The Hindi version is missing.")]
    if said_in(activity.body, "hi") and not said_in(activity.body, "en"):
        found["body"] = [_("The English version is missing.")]
    return found


def said_in(text: Any, code: str) -> str:
    data = getattr(text, "data", text)
    by_language = data if isinstance(data, dict) else {"en": data}
    return str(by_language.get(code) or "").strip()


def missing(activity: Activity, *, with_parts: bool = True) -> dict[str, list[str]]:
    """What keeps a draft from being submitted, by field, in words for the author. Empty when nothing does.

    Without its parts (a poll's options …) while a form that holds them is not saved yet.
    """
    found = lacking(activity)
    if activity.closes_at and activity.closes_at <= clock.now():
        found["closes_at"] = [_("It would close in the past.")]
    if activity.promise_by and activity.closes_at and activity.promise_by <= activity.closes_at:
        found["promise_by"] = [_("The answer cannot be promised for before it closes.")]
    return found | (kind(activity.kind).lacking(activity) if with_parts and activity.pk else {})
