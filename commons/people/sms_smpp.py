"""The gateway that speaks SMPP 3.4, as the operators' own message centres do.

A connection for each message: codes are few, and a connection that lives on has to be watched. The line to the
message centre is the operator's private network or a tunnel, since the protocol itself hides nothing.
"""

from __future__ import annotations

import struct
import time

import smpplib.client
import smpplib.exceptions
import smpplib.gsm
from django.conf import settings
from smpplib import consts
from smpplib.command import SubmitSM

from commons.people.sms import PATIENCE, NotSent, Refused

ENTITY_ID, TEMPLATE_ID = 0x1400, 0x1401  # the optional parameters India's operators read the DLT ids from
BROKEN = (smpplib.exceptions.UnknownCommandError, OSError, ValueError, LookupError, struct.error, TypeError)
NEVER = {
    consts.SMPP_ESME_RINVSRCADR, consts.SMPP_ESME_RINVDSTADR, consts.SMPP_ESME_RINVMSGLEN,
    consts.SMPP_ESME_RINVOPTPARAMVAL, consts.SMPP_ESME_RINVOPTPARSTREAM,
    consts.SMPP_ESME_ROPTPARNOTALLWD, consts.SMPP_ESME_RMISSINGOPTPARAM, consts.SMPP_ESME_RINVPARLEN,
}  # fmt: skip


class DltSubmit(SubmitSM):
    """submit_sm with the two DLT ids behind it; the library knows only the optional parameters of the standard."""

    def generate_params(self) -> bytes:
        return super().generate_params() + tlv(ENTITY_ID, self.entity_id) + tlv(TEMPLATE_ID, self.template_id)


def tlv(tag: int, value: str) -> bytes:
    text = value.encode() + b"\0"
    return struct.pack(">HH", tag, len(text)) + text


class SmppGateway:
    """Submits the text in as many parts as it needs; Hindi goes as UCS-2."""

    needs_dlt = True

    def send(self, phone: str, words: str, *, template_id: str, reference: str = "") -> str:
        """SMPP knows no reference by which a repeat is dropped."""
        host, _colon, port = settings.SMS_URL.rpartition(":")
        client = smpplib.client.Client(
            host, int(port), timeout=PATIENCE, allow_unknown_opt_params=True, logger_name="smpp.client"
        )
        until = time.monotonic() + PATIENCE
        try:
            client.connect()
            client.bind_transmitter(system_id=settings.SMS_USER, password=settings.SMS_PASSWORD)
            parts, coding, kind = smpplib.gsm.make_parts(words)
            ids = [self.submit(client, phone, part, coding, kind, template_id, until) for part in parts]
            leave(client)
        except smpplib.exceptions.PDUError as error:
            status = error.args[1] if len(error.args) > 1 else None
            raise (Refused if status in NEVER else NotSent)(f"SMPP status {status}") from None
        except (smpplib.exceptions.ConnectionError, *BROKEN) as error:
            raise NotSent(type(error).__name__) from None
        finally:
            client.state = consts.SMPP_CLIENT_STATE_OPEN  # or the library warns about closing a bound line
            client.disconnect()
        return ids[0]

    def submit(
        self,
        client: smpplib.client.Client,
        phone: str,
        part: bytes,
        coding: int,
        kind: int,
        template: str,
        until: float,
    ) -> str:
        """One part; answers with its id."""
        pdu = DltSubmit(
            "submit_sm", client=client, source_addr_ton=consts.SMPP_TON_ALNUM, source_addr=settings.SMS_HEADER,
            dest_addr_ton=consts.SMPP_TON_INTL, dest_addr_npi=consts.SMPP_NPI_ISDN,
            destination_addr=phone.lstrip("+"), short_message=part, data_coding=coding, esm_class=kind,
            registered_delivery=1, entity_id=settings.SMS_ENTITY_ID, template_id=template,
        )  # fmt: skip
        client.send_pdu(pdu)
        while time.monotonic() < until:
            answer = client.read_pdu()
            if answer.command == "enquire_link":
                client._enquire_link_received(answer)
            elif answer.is_response() and answer.sequence == pdu.sequence:
                if answer.is_error():
                    client.error_pdu_handler(answer)  # raises PDUError with the status
                return (answer.message_id or b"").decode("ascii", "replace")
        raise NotSent("no answer in time")


def leave(client: smpplib.client.Client) -> None:
    """Says goodbye; the message is taken by then, so nothing that goes wrong here matters."""
    try:
        client.unbind()
    except (smpplib.exceptions.ConnectionError, smpplib.exceptions.PDUError, *BROKEN):
        return
