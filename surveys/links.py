"""The link that leads back to half a survey, by mail or by SMS."""

from __future__ import annotations

import hashlib
import logging
from smtplib import SMTPException
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _

from commons.people import sms, sms_budget
from surveys import guests

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from commons.people.models import User
    from surveys.models import Response

log = logging.getLogger(__name__)
PAUSE = 60  # seconds between two links to one address, or about one response
PER_DAY = 5  # links about one response: nobody's mailbox is filled through us


def url(response: Response) -> str:
    return settings.SITE_URL + reverse("surveys:resume", args=[guests.link_token(response)])


def by_mail(response: Response, address: str) -> str:
    """Sends the link and answers with what to say. Raises ValidationError when it cannot be sent now."""
    allow(response, address.lower())
    words = _(
        "Go on with your answers to “%(title)s” on any device:\n\n%(link)s\n\nWhoever has this link can see and change your answers. It is good for %(days)s days."
    )
    message = EmailMessage(
        _("Your answers: go on later"),
        words % {"title": response.activity.title, "link": url(response), "days": guests.DAYS}, to=[address],
    )  # fmt: skip
    try:
        message.send()
    except (SMTPException, OSError) as error:
        log.warning("a survey's link could not be mailed: %s", error)
        raise ValidationError(_("The mail could not be sent now. Copy the link instead.")) from error
    return _("The link is on its way to %(address)s.") % {"address": address}


def by_sms(response: Response, person: User | AnonymousUser) -> str:
    """To the person's own number, which they have proved is theirs. Raises ValidationError."""
    if not (person.is_authenticated and person.phone and person.phone_verified_at):
        raise ValidationError(_("There is no mobile number in your profile."))
    allow(response, person.phone)
    try:
        if not sms_budget.take_one():
            raise sms.NotSent
        sms.send(person.phone, sms.SURVEY_LINK, link=url(response))
    except sms.NotSent as error:
        raise ValidationError(_("The SMS could not be sent now. Copy the link instead.")) from error
    return _("The link is on its way to your mobile.")


def allow(response: Response, address: str) -> None:
    """Raises ValidationError when there were too many; with the cache away, nothing is sent."""
    named = hashlib.sha256(address.encode()).hexdigest()[:32]
    counted = cache.get_or_set(f"survey-links-{response.pk}", 0, 86_400) or 0
    fresh = cache.add(f"survey-link-{named}", 1, PAUSE) and cache.add(f"survey-link-of-{response.pk}", 1, PAUSE)
    if not fresh or counted >= PER_DAY:
        raise ValidationError(_("A link was sent only just now. Wait a minute, or copy it from this page."))
    cache.set(f"survey-links-{response.pk}", counted + 1, 86_400)
