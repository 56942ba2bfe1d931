"""What the mail provider reports afterwards: it came back, it arrived, it was called spam.

The provider's own signed webhook is read by anymail (`webhook_urls.py`), which tells of each event by its signal.
"""

from __future__ import annotations

import logging
from typing import Any

from anymail.signals import EventType, RejectReason, tracking
from django.dispatch import receiver

from commons.people.models import User
from mygov.notifications import preferences, receipts, unreachable
from mygov.notifications.channels import Channel, Fate
from mygov.notifications.event_groups import EventGroup, Frequency

log = logging.getLogger(__name__)
DEAD = {RejectReason.BOUNCED, RejectReason.INVALID}


@receiver(tracking)
def heard(sender: Any, event: Any, esp_name: str, **kwargs: Any) -> None:
    """Soft bounces are "deferred" and change nothing: the provider goes on trying."""
    came_back = event.event_type in {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}
    if came_back and event.reject_reason in DEAD:
        unreachable.mark(Channel.MAIL, event.recipient or "", f"{esp_name}: {event.reject_reason or event.event_type}")
        receipts.note(Channel.MAIL, event.message_id or "", Fate.DEAD)
    elif came_back:
        receipts.note(Channel.MAIL, event.message_id or "", Fate.LOST)
    elif event.event_type == EventType.DELIVERED:
        receipts.note(Channel.MAIL, event.message_id or "", Fate.ARRIVED)
    elif event.event_type in {EventType.COMPLAINED, EventType.UNSUBSCRIBED}:
        stop_all(event.recipient or "")


def stop_all(address: str) -> None:
    """Whoever calls our mail spam gets none; in the settings they may choose anew."""
    person = User.objects.filter(email__iexact=address).first()
    if person:
        preferences.choose(person, dict.fromkeys(EventGroup, Frequency.NEVER))
