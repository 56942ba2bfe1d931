"""Ends a closed poll's count: from then on no ballot is added or changed, and the list of ballots is public.

It waits a little after the close, for statements that began before it; the database ends every statement sooner.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from commons.audit.record import record
from polls import counting, publishing
from polls.models import Poll, Waiting

LAST_STATEMENTS = timedelta(seconds=20)  # settings.py ends a statement after 15


def seal_closed() -> int:
    """Seals every poll that closed a moment ago. Returns how many."""
    due = Poll.objects.closed().filter(sealed_at=None, closes_at__lte=Now() - LAST_STATEMENTS)
    return sum(seal(poll) for poll in due[:50])


@transaction.atomic
def seal(poll: Poll) -> int:
    while counting.fold():
        pass
    if Waiting.objects.filter(cast__poll=poll).exists():
        return 0  # somebody else is just counting them
    list_head, chain_head = publishing.heads(poll)
    sealed = Poll.objects.filter(pk=poll.pk, sealed_at=None, closes_at__lte=Now() - LAST_STATEMENTS).update(
        sealed_at=Now(), list_head=list_head, chain_head=chain_head
    )
    if sealed:
        record("poll.seal", poll, by=None, activity_id=poll.pk)
    return sealed
