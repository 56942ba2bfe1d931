"""Ends a closed poll's count: from then on no ballot is added, changed or moved, and the list of ballots is public.

It waits a little after the close, for statements that began before it; the database ends every statement sooner. Then
what came last is looked through, and if groups of ballots are to be checked it waits for the moderators, but not for ever.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models.functions import Now

from commons.audit.record import record
from commons.integrity import finding
from polls import counting, publishing, standing
from polls.models import Poll, Waiting

if TYPE_CHECKING:
    from django.db.models import QuerySet

LAST_STATEMENTS = timedelta(seconds=20)  # settings.py ends a statement after 15
ONE_SEAL = (
    "SELECT FROM polls_poll WHERE activity_ptr_id = %s FOR NO KEY UPDATE"  # ballots that move wait (standing.MOVE)
)


def due() -> QuerySet[Poll]:
    """Polls whose count can be published: closed a moment ago, and nothing in them is to be decided any more."""
    closed = Poll.objects.closed().filter(sealed_at=None, closes_at__lte=Now() - LAST_STATEMENTS)
    return closed.filter(standing.decided_upon())


def seal_closed() -> int:
    """Looks through the last ballots of what closed, and seals what nothing speaks against. Returns how many.

    First what has waited long enough, so that no fault of the finder keeps a count open for ever.
    """
    sealed = sum(seal(poll) for poll in due().filter(standing.waited_long_enough())[:50])
    if not due().exists():
        return sealed
    finding.find(standing.KIND)
    return sealed + sum(seal(poll) for poll in due()[:50])


@transaction.atomic
def seal(poll: Poll) -> int:
    while counting.fold():
        pass
    undecided = standing.undecided().filter(activity=poll.pk).order_by("pk")
    list(undecided.select_for_update())  # first the groups, then the poll, as a moderator's step locks them
    with connection.cursor() as cursor:
        cursor.execute(ONE_SEAL, [poll.pk])
    if not due().filter(pk=poll.pk).exists() or Waiting.objects.filter(cast__poll=poll).exists():
        return 0  # somebody set ballots aside meanwhile, or is just counting some
    standing.settle(poll)
    list_head, chain_head = publishing.heads(poll)
    sealed = Poll.objects.filter(pk=poll.pk, sealed_at=None).update(
        sealed_at=Now(), list_head=list_head, chain_head=chain_head
    )
    if sealed:
        record("poll.seal", poll, by=None, activity_id=poll.pk)
    return sealed
