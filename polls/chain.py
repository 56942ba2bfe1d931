"""The chain of a poll's ballots (docs/decisions/0013).

Each cast is covered by a commitment, SHA-256 over the poll's address, the receipt, the choice and a secret that only
the voter gets. Commitments are chained: each head is SHA-256 over the head before and the commitment. So nobody can
take out, put in or change a ballot later without every head after it changing; and nobody but the voter can tell which
commitment is whose.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

VERSION = "mygov-ballot-1"
FIRST = "0" * 64

# In the order of the commitments, which is by chance: who voted first within a second is not written down.
NEW = """
SELECT poll_id, commitment, before IS NOT NULL FROM polls_cast WHERE id = ANY(%s) ORDER BY poll_id, commitment
"""
LAST = """
SELECT DISTINCT ON (poll_id) poll_id, place, head FROM polls_link WHERE poll_id = ANY(%s) ORDER BY poll_id, place DESC
"""
APPEND = """
INSERT INTO polls_link (poll_id, place, commitment, is_change, head)
SELECT * FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::bool[], %s::text[])
"""


def commitment(slug: str, receipt: str, choice: str, secret: str) -> str:
    return sha256("\n".join([VERSION, slug, receipt, choice, secret]).encode()).hexdigest()


def head_after(head: str, link: str) -> str:
    return sha256(f"{head}{link}".encode()).hexdigest()


def lengthen(cursor: Any, casts: Iterable[int]) -> None:
    """Appends the commitments of these casts to the chains of their polls. One at a time: see counting.fold."""
    cursor.execute(NEW, [list(casts)])
    new = cursor.fetchall()
    cursor.execute(LAST, [list({row[0] for row in new})])
    ends = {poll: (place, head) for poll, place, head in cursor.fetchall()}
    rows = []
    for poll, link, is_change in new:
        place, head = ends.get(poll, (0, FIRST))
        ends[poll] = place, head = place + 1, head_after(head, link)
        rows.append((poll, place, link, is_change, head))
    cursor.execute(APPEND, [list(column) for column in zip(*rows, strict=True)])
