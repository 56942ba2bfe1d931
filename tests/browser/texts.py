"""Texts of the browser's small country: in both languages, very long, and hostile."""

from i18nfield.strings import LazyI18nString

# What a hostile name or text tries. None of it may ever run.
HOSTILE = [
    '<script>alert("script")</script>',
    '<img src=x onerror=alert("img")>',
    '[a link](javascript:alert("link"))',
    '"><svg onload=alert("svg")>',
    "<a href=\"&#106;avascript:alert('entity')\">x</a>",
    "{{ 7|add:7 }} {% load static %} ${alert('template')}",
]
LONG = "अनुसूचितजातिएवंअनुसूचितजनजातिछात्रवृत्तिपुनर्विलोकनसमितिप्रतिवेदन" * 2


def both(en: str, hi: str) -> LazyI18nString:
    return LazyI18nString({"en": en, "hi": hi})
