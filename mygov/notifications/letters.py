"""What a mail says, as text and as HTML, in the language of whoever gets it."""

from __future__ import annotations

from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.policy import default
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from commons.core.language import in_language
from mygov.notifications import unsubscribing, words
from mygov.notifications.event_groups import GROUP_OF

if TYPE_CHECKING:
    from email.policy import Policy

    from commons.people.models import User
    from mygov.notifications.models import Delivery, Notification

HEADERS = HeaderRegistry()


class OneLine(UnstructuredHeader):
    """A header that is never folded. Folding an address longer than a line turns it into an encoded word, which no
    mail program takes for an address (RFC 2047 allows words in text only).
    """

    name: str

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


HEADERS.map_to_type("List-Unsubscribe", OneLine)  # type: ignore[arg-type]  # the registry adds the base
HOST = settings.SITE_URL.rpartition("/")[2].partition(":")[0]


class Letter(EmailMultiAlternatives):
    def message(self, *, policy: Any = default) -> Any:
        return super().message(policy=policy.clone(header_factory=HEADERS))


def mail(delivery: Delivery) -> EmailMultiAlternatives:
    """The mail that tells one thing at once."""
    told = delivery.notification
    with translation.override(told.person.language):
        context = {
            "heading": words.sentence(told), "reason": words.reason(told), "activity": told.activity,
            "rule": words.rule(told), "number": words.reference(told), "url": address(told),
        }  # fmt: skip
        reference, what = reference_of(delivery), GROUP_OF[told.event]
        return letter(told.person, words.sentence(told), "mail/notification", context, reference=reference, what=what)


def reference_of(delivery: Delivery) -> str:
    """Our name of one delivery, by which a provider can drop a repeat."""
    return f"delivery-{delivery.pk}"


def message_id(delivery: Delivery) -> str:
    return f"{reference_of(delivery)}@{HOST}"


def letter(
    person: User, subject: str, template: str, context: dict[str, Any], *, reference: str, what: str
) -> EmailMultiAlternatives:
    """In the active language. `reference` becomes the Message-ID, by which a provider can drop a repeat.

    `what` is the group of events (or `unsubscribing.DIGESTS`) that the link in the mail stops.
    """
    stop_url = unsubscribing.address(person, what)
    context |= {
        "language": person.language, "name": person.shown_name, "rules_url": settings.SITE_URL + prefix(),
        "settings_url": settings.SITE_URL + reverse("notifications:preferences"), "unsubscribe_url": stop_url,
    }  # fmt: skip
    message = Letter(
        subject=subject,
        body=render_to_string(f"{template}.txt", context),
        to=[person.email] if person.email else [],
        headers={"Message-ID": f"<{reference}@{HOST}>", **unsubscribing.headers(stop_url)},
    )
    message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return message


def address(told: Notification) -> str:
    """Where it leads, in the active language."""
    return settings.SITE_URL + in_language(told.path, translation.get_language() or settings.LANGUAGE_CODE)


def prefix() -> str:
    language = translation.get_language()
    return "" if language == settings.LANGUAGE_CODE else f"/{language}"
