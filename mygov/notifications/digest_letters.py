"""What a digest says: newest first, grouped by what it is about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from mygov.notifications import letters, unsubscribing, words
from mygov.notifications.event_groups import Frequency

if TYPE_CHECKING:
    from django.core.mail import EmailMultiAlternatives

    from mygov.notifications.models import Digest, Notification

SHOWN = 20  # in one mail; the rest stands in the portal


@dataclass
class Contents:
    """The newest of what a digest tells; how many there are in all; how many mails of their own the person got."""

    rows: list[Notification] = field(default_factory=list)
    total: int = 0
    at_once: int = 0


def mail(digest: Digest, contents: Contents) -> EmailMultiAlternatives:
    with translation.override(digest.person.language):
        daily = digest.period == Frequency.DAILY
        subject = _("Your day on MyGov") if daily else _("Your week on MyGov")
        context = {
            "subjects": by_subject(contents.rows), "heading": subject, "at_once": contents.at_once,
            "more": contents.total - len(contents.rows),
            "list_url": settings.SITE_URL + reverse("notifications:list"),
        }  # fmt: skip
        reference, what = f"digest-{digest.pk}", unsubscribing.DIGESTS
        return letters.letter(digest.person, subject, "mail/digest", context, reference=reference, what=what)


def by_subject(rows: list[Notification]) -> list[dict[str, Any]]:
    """`rows` come newest first, and so do the subjects, by their newest row. An idea is a subject of its own."""
    subjects: dict[tuple[int | None, str], dict[str, Any]] = {}
    for row in rows:
        name = str(row.values.get("title") or (row.activity.title if row.activity else ""))
        subject = subjects.setdefault((row.activity_id, name), {"name": name, "told": []})
        told = {
            "sentence": words.sentence(row), "reason": words.reason(row), "number": words.reference(row),
            "url": letters.address(row),
        }  # fmt: skip
        subject["told"].append(told)
    return list(subjects.values())
