"""Tags and filters every template has."""

from datetime import date, datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from i18nfield.strings import LazyI18nString

from commons.core import moments, numbers
from commons.core.once import once

register = template.Library()
register.tag("once", once)

register.filter("indian", numbers.indian)
register.filter("lakh", numbers.lakh)


@register.filter
def ist(at: datetime | None) -> str:
    return moments.ist(at) if at else ""


@register.filter
def ist_date(at: datetime | None) -> str:
    return moments.ist_date(at) if at else ""


@register.filter
def day(when: date | None) -> str:
    return moments.day(when) if when else ""


@register.simple_tag
def deadline(activity: Any, now: datetime) -> str:
    """“closes in 3 days, 11:45 pm IST”."""
    return moments.deadline(activity.opens_at, activity.closes_at, now)


@register.filter
def lang_attr(text: Any) -> SafeString | str:
    """` lang="en"` when the reader's language lacks this text and another one is shown instead."""
    language = (get_language() or "en")[:2]
    data = getattr(text, "data", None)
    if not isinstance(text, LazyI18nString) or not isinstance(data, dict) or data.get(language):
        return ""
    other = next((code for code, value in data.items() if value), "")
    return format_html(' lang="{}"', other) if other else ""


@register.simple_tag
def icon(name: str) -> SafeString:
    """One symbol of the sprite; decoration beside a word, so hidden from screen readers."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("icons.svg"), name)
