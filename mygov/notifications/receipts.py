"""What became of what was sent, as the providers report it: each report once, and never backwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from mygov.notifications import unreachable
from mygov.notifications.channels import Fate
from mygov.notifications.models import Delivery, Receipt

if TYPE_CHECKING:
    from mygov.notifications.channels import Channel


ORDER = ["", *Fate.values]


def note(channel: Channel, provider_id: str, status: str) -> bool:
    """Keeps what became of one delivery. Returns whether it says more than what was known."""
    less = ORDER[: ORDER.index(status)]
    known = Delivery.objects.filter(channel=channel, provider_id=provider_id.strip("<>"), receipt__in=less)
    return bool(provider_id) and bool(known.update(receipt=status))


@transaction.atomic
def hear(report_id: str, channel: Channel, provider_id: str, status: str) -> bool:
    """One report of a provider. False when it was heard before: then nothing happens.

    A report may come before we have written down what the provider calls the message; `catch_up` then finds it.
    """
    said = {"channel": channel, "provider_id": provider_id, "status": status}
    _row, is_news = Receipt.objects.get_or_create(report_id=report_id, defaults=said)
    if not is_news:
        return False
    note(channel, provider_id, status)
    if status == Fate.DEAD:
        found = Delivery.objects.filter(channel=channel, provider_id=provider_id).select_related("notification__person")
        for delivery in found[:1]:
            unreachable.mark(channel, unreachable.address_of(delivery.notification.person, channel), "receipt")
    return True


def catch_up(channel: Channel, provider_id: str) -> None:
    """Applies reports that were faster than we."""
    for status in Receipt.objects.filter(channel=channel, provider_id=provider_id).values_list("status", flat=True):
        note(channel, provider_id, status)
