"""Moments in India's time, in the reader's language, with Latin digits."""

from datetime import date, datetime, timedelta, timezone

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

INDIA = timezone(timedelta(hours=5, minutes=30), "IST")  # no summer time; far quicker than looking the zone up
MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"],
    "hi": ["जन", "फ़र", "मार्च", "अप्रैल", "मई", "जून", "जुल", "अग", "सितं", "अक्टू", "नवं", "दिसं"],
}
FULL_MONTHS = {
    "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
    "hi": ["जनवरी", "फ़रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर", "अक्टूबर", "नवंबर", "दिसंबर"],
}  # fmt: skip


def months(names: dict[str, list[str]], language: str) -> list[str]:
    return names.get(language[:2], names["en"])


def ist_date(at: datetime) -> str:
    """“12 March 2027”."""
    return day(at.astimezone(INDIA))


def day(when: date) -> str:
    """A day without a time, as “12 March 2027”."""
    return f"{when.day} {months(FULL_MONTHS, get_language() or 'en')[when.month - 1]} {when.year}"


def ist_time(at: datetime) -> str:
    """“11:45 pm IST”; in Hindi “रात 11:45 बजे (IST)”."""
    return clock_time(at.astimezone(INDIA), get_language() or "en")


def clock_time(at: datetime, language: str) -> str:
    clock = f"{at.hour % 12 or 12}:{at.minute:02}"
    if language.startswith("hi"):
        part = "रात" if at.hour < 4 or at.hour >= 20 else "सुबह" if at.hour < 12 else "दोपहर" if at.hour < 16 else "शाम"
        return f"{part} {clock} बजे (IST)"
    return f"{clock} {'am' if at.hour < 12 else 'pm'} IST"


def ist(at: datetime) -> str:
    """“24 Nov 2026, 11:45 pm IST”."""
    local, language = at.astimezone(INDIA), get_language() or "en"
    return f"{local.day} {months(MONTHS, language)[local.month - 1]} {local.year}, {clock_time(local, language)}"


def span(length: timedelta) -> str:
    """A length in its largest whole unit: “3 days”, “5 hours”, “2 minutes”."""
    seconds = max(int(length.total_seconds()), 0)
    if seconds >= 86400:
        return ngettext("%(n)s day", "%(n)s days", seconds // 86400) % {"n": seconds // 86400}
    if seconds >= 3600:
        return ngettext("%(n)s hour", "%(n)s hours", seconds // 3600) % {"n": seconds // 3600}
    minutes = max(seconds // 60, 1)
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def deadline(opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> str:
    """When something opens or closes, in words a person plans by."""
    if opens_at is None or now < opens_at:
        return _("opens %(when)s") % {"when": ist(opens_at)} if opens_at else _("not scheduled yet")
    if closes_at is None:
        return _("stays open")
    if now >= closes_at:
        return _("closed on %(date)s") % {"date": ist_date(closes_at)}
    if closes_at - now > timedelta(days=30):
        return _("closes on %(date)s, %(time)s") % {"date": ist_date(closes_at), "time": ist_time(closes_at)}
    return _("closes in %(span)s, %(time)s") % {"span": span(closes_at - now), "time": ist_time(closes_at)}
