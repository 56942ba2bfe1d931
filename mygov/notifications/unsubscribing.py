"""Stopping mail by one press in the mail program, without signing in (RFC 8058).

The address carries a signed token for one person and one group of events, or for all daily and weekly mails. It names
nobody, never runs out, and can do nothing but stop that mail; what it stopped is chosen again in the settings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from commons.people.models import User
from mygov.notifications import preferences
from mygov.notifications.event_groups import EventGroup, Frequency
from mygov.notifications.models import Digest

if TYPE_CHECKING:
    from mygov.notifications.preferences import Choices

SALT = "mygov.notifications.unsubscribing"
DIGESTS = "digests"  # every group that is told daily or weekly


def token(person: User, what: str) -> str:
    """For a group of events, or `DIGESTS`."""
    return signing.Signer(salt=SALT).sign_object([person.pk, what])


def meant(token: str) -> tuple[User, str] | None:
    """Whom and what a token stands for. None when it is not ours or the person is gone."""
    try:
        pk, what = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError):  # ValueError: signed bytes that are no text
        return None
    person = User.objects.filter(pk=pk).first()
    return (person, what) if person else None


def address(person: User, what: str) -> str:
    """In the active language."""
    return settings.SITE_URL + reverse("notifications:unsubscribe", args=[token(person, what)])


def headers(url: str) -> dict[str, str]:
    """By these a mail program shows its own button."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def name(what: str) -> str:
    """What stops, in the reader's words."""
    return _("Daily and weekly mails") if what == DIGESTS else str(EventGroup(what).label)


def stop(person: User, what: str) -> None:
    """No more mail about it. Harmless when repeated."""
    if what != DIGESTS:
        preferences.choose(person, {EventGroup(what): Frequency.NEVER})
        return
    chosen: Choices = preferences.choices([person.pk])[person.pk]
    preferences.choose(person, {group: Frequency.NEVER for group, how in chosen.items() if how.is_digest})
    preferences.unwanted(Digest.objects.filter(person=person))
