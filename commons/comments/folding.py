"""Adds differences to counters, ages the trending sort, and counts everything anew when asked."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from commons.comments.ranking import WILSON_SQL

# Deletes what it adds, in one statement: each difference counts exactly once, whoever else folds.
FOLD = f"""
WITH taken AS (
  DELETE FROM comments_tally WHERE id IN (
    SELECT id FROM comments_tally ORDER BY id LIMIT 50000 FOR UPDATE SKIP LOCKED)
  RETURNING comment_id, up, down
), summed AS (
  SELECT comment_id, sum(up) AS up, sum(down) AS down FROM taken GROUP BY comment_id
), counted AS (
  SELECT c.id, c.up + s.up AS up, c.down + s.down AS down FROM comments_comment c JOIN summed s ON s.comment_id = c.id
)
UPDATE comments_comment c SET up = n.up, down = n.down, best = n.best
FROM (SELECT id, up, down, {WILSON_SQL} AS best FROM counted) n WHERE c.id = n.id
"""  # noqa: S608 - our own constant

# trending(up, down, written, replied, now) of ranking.py. Older than 30 days or voted down: 0, so it sinks.
TRENDING = """
UPDATE comments_comment c SET trending = n.trending FROM (
  SELECT r.id, CASE WHEN r.created_at < now() - interval '30 days' OR r.down > r.up THEN 0 ELSE
    greatest(1 + r.up - r.down, 1) / greatest(extract(epoch FROM now() - (r.created_at
      + (coalesce(max(k.created_at), r.created_at) - r.created_at) / 2)) / 3600, 1) END AS trending
  FROM comments_comment r JOIN activities_activity a ON a.id = r.activity_id
  LEFT JOIN comments_comment k ON k.root_id = r.id AND k.state = 'visible'
  WHERE r.parent_id IS NULL AND a.state = 'published' AND (a.closes_at IS NULL OR a.closes_at > now())
  GROUP BY r.id
) n WHERE c.id = n.id AND c.trending IS DISTINCT FROM n.trending
"""


def fold() -> int:
    """Adds waiting differences to the comments' counters. Returns how many comments changed."""
    with connection.cursor() as cursor:
        cursor.execute(FOLD)
        return cursor.rowcount


def refresh_trending() -> int:
    """Ages the trending scores of open activities. Returns how many changed."""
    with connection.cursor() as cursor:
        cursor.execute(TRENDING)
        return cursor.rowcount


@dataclass(frozen=True)
class Drift:
    """A counter that disagrees with the rows it counts."""

    table: str
    row: int
    column: str
    kept: int
    counted: int


DRIFT = {
    ("comments_comment", "up"): """
        SELECT c.id, c.up, c.imported_up + count(v.id) FILTER (WHERE v.value = 1)
        FROM comments_comment c LEFT JOIN comments_commentvote v ON v.comment_id = c.id GROUP BY c.id""",
    ("comments_comment", "down"): """
        SELECT c.id, c.down, c.imported_down + count(v.id) FILTER (WHERE v.value = -1)
        FROM comments_comment c LEFT JOIN comments_commentvote v ON v.comment_id = c.id GROUP BY c.id""",
    ("comments_comment", "reply_count"): """
        SELECT c.id, c.reply_count, count(r.id) FROM comments_comment c
        LEFT JOIN comments_comment r ON r.root_id = c.id AND r.state = 'visible' GROUP BY c.id""",
    ("activities_activity", "comment_count"): """
        SELECT a.id, a.comment_count, count(c.id) FROM activities_activity a
        LEFT JOIN comments_comment c ON c.activity_id = a.id AND c.state = 'visible' GROUP BY a.id""",
}


def find_drift() -> list[Drift]:
    """Every counter that disagrees with its rows. Fold first."""
    found = []
    with connection.cursor() as cursor:
        for (table, column), counted in DRIFT.items():
            cursor.execute(f"SELECT * FROM ({counted}) AS n(id, kept, counted) WHERE kept <> counted ORDER BY id")  # noqa: S608
            found += [Drift(table, row, column, kept, true) for row, kept, true in cursor.fetchall()]
    return found


def mend(drift: list[Drift]) -> None:
    """Sets the counters right, and the scores that follow from them."""
    with connection.cursor() as cursor:
        for one in drift:
            cursor.execute(f"UPDATE {one.table} SET {one.column} = %s WHERE id = %s", [one.counted, one.row])  # noqa: S608
        cursor.execute(
            f"UPDATE comments_comment SET best = {WILSON_SQL} WHERE id = ANY(%s)",  # noqa: S608
            [[one.row for one in drift if one.table == "comments_comment"]],
        )
