"""Adds differences to counters, ages the trending sort, and says what every counter should be."""

from __future__ import annotations

from django.db import connection, transaction

from commons.activities.counters import Counter
from commons.activities.kinds import kinds
from commons.comments.ranking import TRENDING_SQL, WILSON_SQL

# One at a time: two that add to the same comments in another order would wait for each other for ever.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(4117, 1)"

# Deletes what it adds, in one statement: each difference counts exactly once. Comments are locked from the oldest on,
# as everybody does who changes one (see counting.py); a counter that had gone wrong must not stop the others.
# By a bound and not by a list of keys: the plan is kept from when nothing waited (see polls/counting.py).
FOLD = f"""
WITH taken AS (
  DELETE FROM comments_tally WHERE id <= (
    SELECT max(id) FROM (SELECT id FROM comments_tally ORDER BY id LIMIT 50000) oldest)
  RETURNING comment_id, up, down, aside, left_out
), summed AS (
  SELECT comment_id, sum(up) AS up, sum(down) AS down, sum(aside) AS aside, sum(left_out) AS left_out FROM taken GROUP BY comment_id
), locked AS (
  SELECT id, up, down, aside, left_out FROM comments_comment WHERE id IN (SELECT comment_id FROM summed)
  ORDER BY id FOR NO KEY UPDATE
), counted AS (
  SELECT c.id, greatest(c.up + s.up, 0) AS up, greatest(c.down + s.down, 0) AS down,
    greatest(c.aside + s.aside, 0) AS aside, greatest(c.left_out + s.left_out, 0) AS left_out FROM locked c JOIN summed s ON s.comment_id = c.id
)
UPDATE comments_comment c SET up = n.up, down = n.down, aside = n.aside, left_out = n.left_out, best = n.best
FROM (SELECT id, up, down, aside, left_out, {WILSON_SQL} AS best FROM counted) n WHERE c.id = n.id
"""  # noqa: S608 - our own constant

# trending() of ranking.py, for what is open: elsewhere nothing ages any more.
TRENDING = f"""
WITH aged AS (
  SELECT r.id, {TRENDING_SQL} AS trending
  FROM comments_comment r JOIN activities_activity a ON a.id = r.activity_id
  LEFT JOIN LATERAL (
    SELECT max(k.created_at) AS at FROM comments_comment k WHERE k.root_id = r.id AND k.state = 'visible'
  ) newest ON true
  WHERE r.parent_id IS NULL AND a.state = 'published' AND (a.closes_at IS NULL OR a.closes_at > now())
    AND (r.trending > 0 OR r.created_at > now() - interval '30 days')
), locked AS (
  SELECT c.id, n.trending FROM comments_comment c JOIN aged n ON n.id = c.id
  WHERE c.trending IS DISTINCT FROM n.trending ORDER BY c.id FOR NO KEY UPDATE OF c
)
UPDATE comments_comment c SET trending = n.trending FROM locked n WHERE c.id = n.id
"""  # noqa: S608 - our own constant


def fold() -> int:
    """Adds waiting differences to the comments' counters. Returns how many comments changed."""
    return alone(FOLD)


def refresh_trending() -> int:
    """Ages the trending scores of open activities. Returns how many changed."""
    return alone(TRENDING)


@transaction.atomic
def alone(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        cursor.execute(statement)
        return cursor.rowcount


def set_scores(ids: list[int]) -> None:
    """The score that follows from the counters, after those were set otherwise than by folding."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE comments_comment SET best = {WILSON_SQL} WHERE id = ANY(%s)", [ids])  # noqa: S608


# Rows and waiting differences are read in one statement: a vote cast meanwhile is in both or in neither.
VOTES = """
  SELECT c.id, c.{column} + coalesce(t.waiting, 0), c.imported_{column} + coalesce(v.votes, 0) FROM comments_comment c
  LEFT JOIN (SELECT comment_id, sum({column}) AS waiting FROM comments_tally GROUP BY 1) t ON t.comment_id = c.id
  LEFT JOIN (SELECT comment_id, count(*) AS votes FROM comments_commentvote WHERE value = {value} AND standing = 0 GROUP BY 1) v
    ON v.comment_id = c.id
"""
OUT_OF_COUNT = """
  SELECT c.id, c.{column} + coalesce(t.waiting, 0), coalesce(v.votes, 0) FROM comments_comment c
  LEFT JOIN (SELECT comment_id, sum({column}) AS waiting FROM comments_tally GROUP BY 1) t ON t.comment_id = c.id
  LEFT JOIN (SELECT comment_id, count(*) AS votes FROM comments_commentvote WHERE standing = {standing} GROUP BY 1) v
    ON v.comment_id = c.id
"""
REPLIES = """
  SELECT c.id, c.reply_count, coalesce(r.shown, 0) FROM comments_comment c
  LEFT JOIN (SELECT root_id, count(*) AS shown FROM comments_comment WHERE state = 'visible' GROUP BY 1) r
    ON r.root_id = c.id
"""
SHOWN = """
  SELECT a.id, a.{column}, coalesce(c.counted, 0) FROM activities_activity a
  LEFT JOIN (SELECT activity_id, count({what}) AS counted FROM comments_comment WHERE state = 'visible' GROUP BY 1) c
    ON c.activity_id = a.id WHERE a.kind <> ALL('{{{elsewhere}}}')
"""


def shown(column: str, what: str, elsewhere: str = "") -> Counter:
    """`elsewhere` are the kinds whose own app counts it."""
    return Counter("activities_activity", column, SHOWN.format(column=column, what=what, elsewhere=elsewhere))


def kept() -> list[Counter]:
    """What comments keep. Participants are counted here where taking part is to comment."""
    others = (kind.label for kind in kinds() if not kind.commenters_take_part)
    return [*COUNTERS, shown("participant_count", "DISTINCT author_id", ",".join(others))]


COUNTERS = [
    Counter("comments_comment", "up", VOTES.format(column="up", value=1), then=set_scores),
    Counter("comments_comment", "down", VOTES.format(column="down", value=-1), then=set_scores),
    Counter("comments_comment", "aside", OUT_OF_COUNT.format(column="aside", standing=1)),
    Counter("comments_comment", "left_out", OUT_OF_COUNT.format(column="left_out", standing=2)),
    Counter("comments_comment", "reply_count", REPLIES),
    shown("comment_count", "*"),
]
