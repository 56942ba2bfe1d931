"""How people are told outside the portal: by which way, how often a day, and in which registered words."""

from __future__ import annotations

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from commons.people.sms import Text
from mygov.notifications.event_groups import EVENTS, GROUP_OF, EventGroup


class Channel(TextChoices):
    MAIL = "mail", _("E-mail")
    SMS = "sms", _("SMS")


class Fate(TextChoices):
    """What became of what was sent, from what says least to what says most (`receipts.py`)."""

    ACCEPTED = "accepted", _("On its way")
    LOST = "lost", _("Did not arrive")
    ARRIVED = "arrived", _("Arrived")
    DEAD = "dead", _("The address is dead")


MOST_A_DAY = {Channel.MAIL: 20, Channel.SMS: 5}  # for one person; a mail over that comes with the daily one

# India's operators carry service messages only: about what one did oneself. What one merely follows never goes by SMS.
TEXTS = {
    EventGroup.REPLIES: Text("told_reply", _("MyGov: somebody replied to you. %(link)s")),
    EventGroup.DECISIONS: Text("told_decision", _("MyGov: there is a decision about what you wrote. %(link)s")),
    EventGroup.ANSWERS: Text("told_answer", _("MyGov: an institution has answered. %(link)s")),
    EventGroup.WORK: Text("told_work", _("MyGov: something waits for you as an official. %(link)s")),
}
# What became of what one said is told whole: whoever has a phone only cannot follow the link, but can ask by the number.
OF_ONE_EVENT = {"disposed": Text("told_disposition", _("MyGov: what you said (%(number)s): %(standing)s. %(link)s"))}
ALL_TEXTS = [*TEXTS.values(), *OF_ONE_EVENT.values()]


def text_of(event: str) -> Text | None:
    """In which words an SMS tells of an event; None when it never goes by SMS."""
    return OF_ONE_EVENT.get(event) or TEXTS.get(GROUP_OF[event])


def template_id(text: Text | None, language: str) -> str:
    """The DLT template of a text. "" when the settings name none: then nothing goes by SMS."""
    return settings.SMS_TEMPLATES.get(text.template(language), "") if text else ""


def by_sms() -> list[EventGroup]:
    """The groups whose texts are registered in every language: these people may choose."""
    languages = [code for code, _name in settings.LANGUAGES]
    return [
        group
        for group in TEXTS
        if settings.SMS_HEADER
        and all(template_id(text_of(event), code) for event in EVENTS[group] for code in languages)
    ]
