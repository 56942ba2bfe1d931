"""A restored database believes that what was sent since the back-up has still to be sent."""

from __future__ import annotations

from commons.activities import lifecycle
from commons.audit.models import Event
from mygov.notifications import telling
from mygov.notifications.models import Delivery

WORDS = "dropped after a restore"


def waiting() -> dict[str, int]:
    """What the worker would do as soon as it starts."""
    return {
        "untold": Event.objects.filter(told_at=None).count(),
        "mails": Delivery.objects.filter(state=Delivery.State.WAITING).count(),
    }


def drop_mails() -> int:
    """Tells in the portal what nobody was told, and marks every waiting mail as dropped. Returns how many.

    No worker may run meanwhile. Only mail is dropped: what people read in the portal is written as always.
    """
    while lifecycle.announce_phases():
        pass
    while telling.expand():
        pass
    return Delivery.objects.filter(state=Delivery.State.WAITING).update(state=Delivery.State.FAILED, error=WORDS)
