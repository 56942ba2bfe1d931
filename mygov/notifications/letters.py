"""What a mail says, as text and as HTML, in the language of whoever gets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from commons.core.language import in_language
from mygov.notifications import words

if TYPE_CHECKING:
    from commons.people.models import User
    from mygov.notifications.models import Delivery, Notification

HOST = settings.SITE_URL.rpartition("/")[2].partition(":")[0]


def mail(delivery: Delivery) -> EmailMultiAlternatives:
    """The mail that tells one thing at once."""
    told = delivery.notification
    with translation.override(told.person.language):
        context = {
            "sentence": words.sentence(told), "reason": words.reason(told), "activity": told.activity,
            "rule": words.rule(told), "url": address(told),
        }  # fmt: skip
        return letter(told.person, words.sentence(told), "mail/notification", context, f"delivery-{delivery.pk}")


def letter(
    person: User, subject: str, template: str, context: dict[str, Any], reference: str
) -> EmailMultiAlternatives:
    """In the active language. `reference` becomes the Message-ID, by which a provider can drop a repeat."""
    context |= {
        "language": person.language, "name": person.shown_name, "rules_url": settings.SITE_URL + prefix(),
        "settings_url": settings.SITE_URL + reverse("notifications:preferences"),
    }  # fmt: skip
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"{template}.txt", context),
        to=[person.email] if person.email else [],
        headers={"Message-ID": f"<{reference}@{HOST}>"},
    )
    message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return message


def address(told: Notification) -> str:
    """Where it leads, in the active language."""
    return settings.SITE_URL + in_language(told.path, translation.get_language() or settings.LANGUAGE_CODE)


def prefix() -> str:
    language = translation.get_language()
    return "" if language == settings.LANGUAGE_CODE else f"/{language}"
