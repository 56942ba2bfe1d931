"""Goes through a poll's ballots, history and chain, and says where the first row stands that somebody changed.

Whoever can write to the database can switch off its triggers. They cannot make the hashes fit again without changing
every head after it, and the heads that were published or noted outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from django.db import connection

from polls import chain, publishing
from polls.models import Link, Poll

# Each cast with the ballot it belongs to: the hash is worked out here, not in the database that is under suspicion.
CASTS = """
SELECT c.id, b.receipt, c.choice, c.secret, c.commitment, c.before, w.cast_id IS NOT NULL
FROM polls_cast c JOIN polls_ballot b ON b.id = c.ballot_id LEFT JOIN polls_waiting w ON w.cast_id = c.id
WHERE c.poll_id = %s AND c.id > %s ORDER BY c.id LIMIT 5000
"""
# What counts must be what was cast last.
BALLOTS = """
SELECT b.receipt, b.choice, b.secret, l.choice, l.secret FROM polls_ballot b
LEFT JOIN LATERAL (SELECT choice, secret FROM polls_cast WHERE ballot_id = b.id ORDER BY id DESC LIMIT 1) l ON true
WHERE b.poll_id = %s AND (l.choice IS NULL OR (b.choice, b.secret) IS DISTINCT FROM (l.choice, l.secret))
ORDER BY b.receipt LIMIT 1
"""


def first_wrong(poll: Poll) -> str:
    """The first row that is wrong, in words; empty when everything fits. Fold before: what waits is not in the chain."""
    return wrong_cast(poll) or wrong_ballot(poll) or wrong_link(poll) or wrong_seal(poll)


def wrong_cast(poll: Poll) -> str:
    folded: list[tuple[str, bool]] = []
    for number, receipt, choice, secret, commitment, before, waits in casts(poll):
        if chain.commitment(poll.slug, receipt, choice, secret) != commitment:
            return f"cast {number} of ballot {receipt}: its choice, secret or receipt does not fit its commitment"
        if not waits:
            folded.append((commitment, before is not None))
    linked = Link.objects.filter(poll=poll).values_list("commitment", "is_change")
    for was_cast, link in zip_longest(sorted(folded), sorted(linked)):
        if was_cast != link:
            return f"a cast and the chain disagree: cast {was_cast}, link {link}"
    return ""


def casts(poll: Poll) -> Iterator[tuple[int, str, str, str, str, str | None, bool]]:
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(CASTS, [poll.pk, last])
            found = cursor.fetchall()
        yield from found
        if not found:
            return
        last = found[-1][0]


def wrong_ballot(poll: Poll) -> str:
    with connection.cursor() as cursor:
        cursor.execute(BALLOTS, [poll.pk])
        found = cursor.fetchone()
    return f"ballot {found[0]}: it counts as {found[1]!r}, but {found[3]!r} was cast" if found else ""


def wrong_link(poll: Poll) -> str:
    head = chain.FIRST
    for place, link in enumerate(publishing.links(poll), start=1):
        head = chain.head_after(head, link["commitment"])
        if link["head"] != head:
            return f"link {place}: the chain is broken here"
    return ""


def wrong_seal(poll: Poll) -> str:
    """Once published, list and chain have the heads that were published."""
    if poll.sealed_at is None:
        return ""
    list_head, chain_head = publishing.heads(poll)
    if list_head != poll.list_head:
        return f"the list of ballots has the head {list_head}, published was {poll.list_head}"
    if chain_head != poll.chain_head:
        return f"the chain has the head {chain_head}, published was {poll.chain_head}"
    return ""
