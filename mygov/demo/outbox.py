"""The demo's mail server and SMS gateway: they keep what is sent where it can be read at `/demo/outbox/`."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class OutboxMailBackend(BaseEmailBackend):
    """Keeps each mail as a row, once for each recipient."""

    def send_messages(self, email_messages: Iterable[EmailMessage]) -> int:
        from mygov.demo.models import OutboxMessage

        rows = []
        for message in email_messages:
            html = next((part[0] for part in getattr(message, "alternatives", []) if part[1] == "text/html"), "")
            rows += [
                OutboxMessage(
                    channel="mail", recipient=to, subject=str(message.subject), body=str(message.body), html=html
                )
                for to in message.recipients()
            ]
        OutboxMessage.objects.bulk_create(rows)
        return len(rows)


class OutboxGateway:
    """Keeps each SMS as a row."""

    needs_dlt = False

    def send(self, phone: str, words: str, *, template_id: str, reference: str = "") -> str:
        from mygov.demo.models import OutboxMessage

        return str(OutboxMessage.objects.create(channel="sms", recipient=phone, body=words).pk)
