"""Says upwards that something happened, so that it cannot be lost.

The row is written in the caller's transaction; after the commit one signal says that there is something to read.
A process that dies between the two loses only the hurry: a sweep finds the row (docs/decisions/0005). Whatever must
stand or fall with the act itself listens to `happening`, inside the transaction.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import Signal

from commons.audit.models import Event

# name, ids of the targets, because: inside the transaction; an exception undoes the act
happening = Signal()
waiting = Signal()  # ids: events that have just been committed


def happened(name: str, *target_ids: int, because: Sequence[Any] = ()) -> None:
    """One event for each target, inside the caller's transaction. `because` is told to `happening` alone, not kept."""
    rows = Event.objects.bulk_create(Event(name=name, target_id=target) for target in target_ids)
    happening.send(Event, name=name, ids=target_ids, because=because)
    transaction.on_commit(partial(announce, [row.pk for row in rows]))


def announce(ids: Iterable[int]) -> None:
    waiting.send(Event, ids=list(ids))
