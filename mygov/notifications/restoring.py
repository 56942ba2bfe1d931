"""A restored database believes that what was sent since the back-up has still to be sent."""

from __future__ import annotations

from commons.activities import lifecycle
from commons.audit.models import Event
from mygov.notifications import telling
from mygov.notifications.models import Delivery, Digest, Notification

WORDS = "dropped after a restore"


def waiting() -> dict[str, int]:
    """What the worker would do as soon as it starts."""
    return {
        "untold": Event.objects.filter(told_at=None).count(),
        "mails": Delivery.objects.filter(state=Delivery.State.WAITING).count(),
        "digests": Digest.objects.filter(state=Digest.State.WAITING).count(),
        "for digests": Notification.objects.for_digests().count(),
    }


def drop_mails() -> int:
    """Tells in the portal what nobody was told, and marks every waiting mail as dropped. Returns how many.

    What would have waited for the next digest no longer waits for one.
    No worker may run meanwhile. Only mail is dropped: what people read in the portal is written as always.
    """
    while lifecycle.announce_phases():
        pass
    while telling.expand():
        pass
    Notification.objects.for_digests().update(digest_period="")
    return sum(
        model.objects.filter(state=model.State.WAITING).update(state=model.State.FAILED, error=WORDS)
        for model in (Delivery, Digest)
    )
