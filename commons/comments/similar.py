"""Offers what was already said while somebody writes, so that they can support it instead. Never in the way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, connection, transaction

from commons.comments import reading
from commons.comments.render import offer
from commons.core.cleaning import clean_text

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from commons.activities.models import Activity
    from commons.comments.render import Viewer

OFFERED = 3
LEAST = 0.4  # pg_trgm's word similarity; below it texts merely share words
SHORTEST = 12  # characters: less is not a thought yet
READ = 2000  # characters of what is being typed that are looked at
THOUGHTS = 4  # its last sentences
PATIENCE = 1500  # milliseconds; whoever writes does not wait for an offer

# Trigrams work in every script and forgive endings: विद्यालयों finds विद्यालय. Each sentence is compared by itself,
# since a short comment is never like a long text as a whole. The limits keep the work bounded on a large table.
SIMILAR = """
  SELECT id FROM (
    SELECT c.id, c.up, max(word_similarity(t.thought, c.body)) AS near
    FROM unnest(%(thoughts)s::text[]) AS t(thought) CROSS JOIN LATERAL (
      SELECT id, up, body FROM comments_comment
      WHERE activity_id = %(activity)s AND anchor = %(anchor)s AND state = 'visible' AND t.thought <%% body LIMIT 300
    ) c GROUP BY c.id, c.up
  ) s ORDER BY near DESC, up DESC, id LIMIT %(offered)s
"""
LIMITS = """
  SELECT set_config('pg_trgm.word_similarity_threshold', %s, true), set_config('statement_timeout', %s, true)
"""


def thoughts(text: str) -> list[str]:
    """The last sentences of what is being typed that are long enough to mean something."""
    sentences = (" ".join(part.split())[:300] for part in re.split(r"[.!?।\n]+", clean_text(text[:READ])))
    return [sentence for sentence in sentences if len(sentence) >= SHORTEST][-THOUGHTS:]


def similar(activity: Activity, text: str, anchor: str = "") -> list[int]:
    """Numbers of up to three visible comments like `text`, the likest first. Empty when it takes too long to find out."""
    wanted = thoughts(text)
    if not wanted:
        return []
    values: dict[str, Any] = {"thoughts": wanted, "activity": activity.pk, "anchor": anchor, "offered": OFFERED}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(LIMITS, [str(LEAST), str(PATIENCE)])
            cursor.execute(SIMILAR, values)
            return [row[0] for row in cursor.fetchall()]
    except OperationalError:
        return []


def offers(ids: list[int], viewer: Viewer) -> list[SafeString]:
    """Each with a button that supports it; whoever is not signed in can read it."""
    mine = reading.mine(ids, viewer.me)
    return [offer(row, viewer, mine) for row in (reading.some(ids) if ids else [])]
