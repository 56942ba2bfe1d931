"""Sends SMS through whichever gateway the settings name. Every text has its DLT template: India's operators refuse others."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

log = logging.getLogger(__name__)
PATIENCE = 10  # seconds


class NotSent(Exception):
    """The gateway did not take the message; trying again later may work."""


class Refused(NotSent):
    """The gateway will never take this message: wrong number, header or template."""


@dataclass(frozen=True)
class Text:
    """A text as registered with DLT. `name` is the setting that holds its template id."""

    name: str
    words: Any


SIGN_IN_CODE = Text(
    "sign_in_code", _("%(code)s is your code for MyGov. It is good for ten minutes. Tell it to nobody.")
)
UNKNOWN_ACCOUNT = Text(
    "unknown_account", _("Somebody asked for a code for MyGov with this number, which has no account there.")
)
ALREADY_AN_ACCOUNT = Text(
    "already_an_account", _("You already have an account at MyGov with this number. Ask for a code to sign in.")
)
TEXTS = (SIGN_IN_CODE, UNKNOWN_ACCOUNT, ALREADY_AN_ACCOUNT)


class Gateway(Protocol):
    """`send` answers with the gateway's own id of the message. Raises NotSent."""

    needs_dlt: bool

    def send(self, phone: str, words: str, *, template_id: str) -> str: ...


class ConsoleGateway:
    """Writes to the log, without the code. For a machine that has no gateway yet."""

    needs_dlt = False

    def send(self, phone: str, words: str, *, template_id: str) -> str:
        log.info("SMS to …%s: %s characters", phone[-2:], len(words))
        return "console"


class HttpJsonGateway:
    """POSTs JSON with the DLT entity, header and template; expects JSON with `id`."""

    needs_dlt = True

    def send(self, phone: str, words: str, *, template_id: str) -> str:
        body = json.dumps({
            "to": phone, "text": words, "header": settings.SMS_HEADER, "entity_id": settings.SMS_ENTITY_ID,
            "template_id": template_id,
        })  # fmt: skip
        request = Request(settings.SMS_URL, body.encode(), {"Content-Type": "application/json"})  # noqa: S310 - set by the operator
        request.add_header("Authorization", f"Bearer {settings.SMS_PASSWORD}")
        try:
            with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - set by the operator
                return str(json.load(answer)["id"])
        except HTTPError as error:
            raise (Refused if 400 <= error.code < 500 and error.code != 429 else NotSent)(str(error.code)) from error
        except (URLError, OSError, ValueError, KeyError) as error:
            raise NotSent(type(error).__name__) from error


class SmppGateway:
    """Submits over SMPP 3.4, with the DLT ids as optional parameters (0x1400 entity, 0x1401 template)."""

    needs_dlt = True

    def send(self, phone: str, words: str, *, template_id: str) -> str:
        import smpplib.client
        import smpplib.consts
        import smpplib.exceptions
        import smpplib.gsm

        host, _colon, port = settings.SMS_URL.rpartition(":")
        client = smpplib.client.Client(host, int(port), timeout=PATIENCE, allow_unknown_opt_params=True)
        ids: list[str] = []
        client.set_message_sent_handler(lambda pdu: ids.append(pdu.message_id.decode()))
        try:
            client.connect()
            client.bind_transmitter(system_id=settings.SMS_USER, password=settings.SMS_PASSWORD)
            parts, encoding, kind = smpplib.gsm.make_parts(words)
            for part in parts:
                client.send_message(
                    source_addr_ton=smpplib.consts.SMPP_TON_ALNUM, source_addr=settings.SMS_HEADER,
                    dest_addr_ton=smpplib.consts.SMPP_TON_INTL, dest_addr_npi=smpplib.consts.SMPP_NPI_ISDN,
                    destination_addr=phone.lstrip("+"), short_message=part, data_coding=encoding, esm_class=kind,
                    registered_delivery=True,
                )  # fmt: skip
                client.read_once()
            client.unbind()
        except (smpplib.exceptions.ConnectionError, smpplib.exceptions.PDUError, OSError) as error:
            raise NotSent(type(error).__name__) from error
        finally:
            client.disconnect()
        if not ids:
            raise NotSent("no answer")
        return ids[0]


@lru_cache
def gateway_named(path: str) -> Gateway:
    return import_string(path)()


def send(phone: str, text: Text, **values: str) -> str:
    """Sends a registered text; answers with the gateway's id. Raises NotSent."""
    template_id = settings.SMS_TEMPLATES.get(text.name, "")
    gateway = gateway_named(settings.SMS_GATEWAY)
    if gateway.needs_dlt and not template_id:
        raise Refused(f"no DLT template id for {text.name}")
    return gateway.send(phone, str(text.words) % values, template_id=template_id)
