"""Sends what has to go out at once, by mail or SMS: one at a time, not in quiet hours, not while a provider is down."""

from __future__ import annotations

import logging
import time
from smtplib import SMTPRecipientsRefused
from typing import TYPE_CHECKING

from anymail.exceptions import AnymailRecipientsRefused
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from commons.core import clock
from commons.people import sms
from mygov.notifications import breaker, channels, letters, preferences, receipts, sending, words
from mygov.notifications.channels import Channel
from mygov.notifications.models import Delivery, Habits

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

log = logging.getLogger(__name__)
NIGHT = Habits(quiet_from=21, quiet_until=8)  # in which no SMS rings, unless somebody chose other quiet hours


class NeverTakes(Exception):
    """The provider will not take this message, now or later: to try again would be in vain."""


def claim(channel: Channel = Channel.MAIL) -> int | None:
    """The delivery whose time came first. None when nothing is due.

    One at a time. Whoever claims many sends the last of them when the claim has run out and somebody else has it too.
    """
    return next(iter(sending.claim(Delivery, channel=channel)), None)


def send_due() -> int:
    """Sends what is due, for at most about a round, by turns over the channels. Returns how many went out."""
    sent, until, open_channels = 0, time.monotonic() + sending.ROUND, list(Channel)
    while open_channels and time.monotonic() < until:
        for channel in list(open_channels):
            if not breaker.lets_through(channel):
                open_channels.remove(channel)
            elif (pk := claim(channel)) is None:
                breaker.unused(channel)
                open_channels.remove(channel)
            else:
                sent += send(pk)
    return sent


def send(pk: int) -> bool:
    """One mail or SMS, claimed before. The provider gets our own reference, so that it can drop a repeat."""
    waiting = Delivery.objects.select_related("notification__person__habits", "notification__activity")
    delivery = waiting.get(pk=pk)
    if delivery.state != Delivery.State.WAITING:
        return False
    if quiet_end := quiet_until(delivery, clock.now()):
        sending.given_back(Delivery, [pk], until=quiet_end)
        return False
    try:
        hand_over = PREPARED[Channel(delivery.channel)](delivery)
    except Exception as error:  # what cannot be written is ours to mend, and no fault of the provider
        log.exception("delivery %s could not be written", pk)
        sending.later(delivery, error)
        return False
    try:
        provider_id = hand_over()
    except NeverTakes as error:
        log.warning("delivery %s was refused for good", pk)
        sending.given_up(delivery, error)
        return False
    except Exception as error:  # whatever it is, it is tried again, seen by the operator, and holds up nobody else
        log.exception("delivery %s could not be sent", pk)
        breaker.failed(Channel(delivery.channel))
        sending.later(delivery, error)
        return False
    breaker.worked(Channel(delivery.channel))
    sending.sent(Delivery, [pk], what=delivery.channel, provider_id=provider_id)
    if delivery.channel == Channel.SMS:
        receipts.catch_up(Channel.SMS, provider_id)
    return True


def quiet_until(delivery: Delivery, at: datetime) -> datetime | None:
    habits = preferences.habits(delivery.notification.person)
    if delivery.channel == Channel.SMS and habits.quiet_from == habits.quiet_until:
        habits = NIGHT
    return habits.quiet_end(at)


def mail(delivery: Delivery) -> Callable[[], str]:
    message = letters.mail(delivery)

    def hand_over() -> str:
        try:
            message.send()
        except SMTPRecipientsRefused as error:
            if all(code >= 500 for code, _words in error.recipients.values()):  # 4xx: full, busy, greylisted
                raise NeverTakes(f"refused: {sorted({code for code, _words in error.recipients.values()})}") from None
            raise
        except AnymailRecipientsRefused:
            raise NeverTakes("refused by the provider") from None
        status = getattr(message, "anymail_status", None)  # set by a provider's back end, which has a name of its own
        return str(status.message_id).strip("<>") if status and status.message_id else letters.message_id(delivery)

    return hand_over


def text(delivery: Delivery) -> Callable[[], str]:
    """The SMS leads to the notification's own short address, which leads on to the very comment."""
    told = delivery.notification
    what = channels.text_of(told.event)
    if what is None:
        raise LookupError(f"no SMS tells of “{told.event}”")
    with translation.override(told.person.language):
        said = {"number": words.reference(told), "standing": words.standing(told.values.get("standing", ""))}
        link = settings.SITE_URL + reverse("notifications:opening", args=[told.pk])

    def hand_over() -> str:
        try:
            with translation.override(told.person.language):
                return sms.send(
                    told.person.phone or "", what, reference=letters.reference_of(delivery), link=link, **said
                )
        except sms.Refused as error:
            raise NeverTakes(str(error)) from None

    return hand_over


PREPARED = {Channel.MAIL: mail, Channel.SMS: text}
