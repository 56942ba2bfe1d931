"""Sends SMS through whichever gateway the settings name.

India's operators refuse every text that is not registered with them (DLT), and each language of a text is
registered by itself. So there are few texts, their words do not change lightly, and the settings hold one
template id for each text and language.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

log = logging.getLogger(__name__)
PATIENCE = 10  # seconds a gateway has to answer


class NotSent(Exception):
    """The gateway did not take the message; trying again later may work."""


class Refused(NotSent):
    """The gateway will never take this message: wrong number, header or template."""


@dataclass(frozen=True)
class Text:
    """A text as registered with DLT."""

    name: str
    words: Any

    def template(self, language: str) -> str:
        """The setting's name for this text in this language: `sign_in_code.hi`."""
        return f"{self.name}.{language}"


SIGN_IN_CODE = Text(
    "sign_in_code", _("%(code)s is your code for MyGov. It is good for ten minutes. Tell it to nobody.")
)
UNKNOWN_ACCOUNT = Text(
    "unknown_account", _("Somebody asked for a code for MyGov with this number, which has no account there.")
)
ALREADY_AN_ACCOUNT = Text(
    "already_an_account", _("You already have an account at MyGov with this number. Ask for a code to sign in.")
)
SURVEY_LINK = Text("survey_link", _("Go on with your answers at MyGov: %(link)s"))
TEXTS = (SIGN_IN_CODE, UNKNOWN_ACCOUNT, ALREADY_AN_ACCOUNT, SURVEY_LINK)


class Gateway(Protocol):
    """`send` answers with the gateway's own id of the message. Raises NotSent.

    `reference` is our name of the message, "" when it has none: a gateway that knows it can drop a repeat.
    """

    needs_dlt: bool

    def send(self, phone: str, words: str, *, template_id: str, reference: str = "") -> str: ...


class ConsoleGateway:
    """Writes to the log, without the number and the code. For a machine that has no gateway yet."""

    needs_dlt = False

    def send(self, phone: str, words: str, *, template_id: str, reference: str = "") -> str:
        log.info("SMS to …%s: %s characters", phone[-2:], len(words))
        return "console"


@lru_cache
def gateway_named(path: str) -> Gateway:
    return import_string(path)()


def send(phone: str, text: Text, *, reference: str = "", **values: str) -> str:
    """Sends a registered text in the language of the moment; answers with the gateway's id. Raises NotSent."""
    name = text.template((get_language() or settings.LANGUAGE_CODE)[:2])
    template_id = settings.SMS_TEMPLATES.get(name, "")
    gateway = gateway_named(settings.SMS_GATEWAY)
    if gateway.needs_dlt and not template_id:
        raise Refused(f"no DLT template id for {name}")
    return gateway.send(phone, str(text.words) % values, template_id=template_id, reference=reference)
