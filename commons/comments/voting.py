"""One vote, one statement: the row, the difference, and the counts to show.

The comment must be visible and its activity open by the database's clock at the moment of the insert.
`RETURNING old.value` (PostgreSQL 18) tells what the vote was before, without asking first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext as _

from commons.activities.eligibility import eligibility
from commons.comments.refused import Refused

if TYPE_CHECKING:
    from commons.comments.models import Comment
    from commons.people.models import User

LARGEST = 2**63 - 1  # a number no row can have would be an error of the database, not a "no such comment"

TARGET = """
WITH target AS (
  SELECT c.id FROM comments_comment c JOIN activities_activity a ON a.id = c.activity_id
  JOIN people_user p ON p.id = %(person)s
  WHERE c.id = %(comment)s AND c.state = 'visible' AND c.author_id IS DISTINCT FROM %(person)s
    AND a.state = 'published' AND a.opens_at <= clock_timestamp()
    AND (a.closes_at IS NULL OR a.closes_at > clock_timestamp())
    AND p.is_active AND p.level >= a.min_level
    AND (%(vouched)s OR NOT (a.members_only OR a.residents_only))
)"""
VOTE = """
, written AS (
  INSERT INTO comments_commentvote (comment_id, person_id, value)
  SELECT id, %(person)s, %(value)s FROM target
  ON CONFLICT (comment_id, person_id) DO UPDATE SET value = EXCLUDED.value, at = now()
  RETURNING comment_id, coalesce(old.value, 0) AS before, new.value AS after
), differed AS (
  INSERT INTO comments_tally (comment_id, up, down)
  SELECT comment_id, (after = 1)::int - (before = 1)::int, (after = -1)::int - (before = -1)::int
  FROM written WHERE before <> after
  RETURNING up, down
)
"""
TAKE_BACK = """
, written AS (
  DELETE FROM comments_commentvote WHERE comment_id IN (SELECT id FROM target) AND person_id = %(person)s
  RETURNING comment_id, value AS before
), differed AS (
  INSERT INTO comments_tally (comment_id, up, down)
  SELECT comment_id, -(before = 1)::int, -(before = -1)::int FROM written
  RETURNING up, down
)
"""
# A WITH query sees the tables as they were before it: the new difference is added by hand.
COUNTS = """
SELECT c.up + coalesce(sum(t.up), 0) + coalesce((SELECT sum(up) FROM differed), 0),
       c.down + coalesce(sum(t.down), 0) + coalesce((SELECT sum(down) FROM differed), 0),
       c.author_id, coalesce(u.display_name, ''), i.name
FROM target JOIN comments_comment c ON c.id = target.id LEFT JOIN comments_tally t ON t.comment_id = c.id
LEFT JOIN people_user u ON u.id = c.author_id LEFT JOIN directory_institution i ON i.id = c.as_institution_id
GROUP BY c.id, u.id, i.id
"""


@dataclass(frozen=True)
class Counts:
    """What the buttons need to be drawn anew: the numbers, and by whom the comment is."""

    up: int
    down: int
    mine: int  # −1, 0 or +1
    id: int = field(default=0, compare=False)
    author_id: int | None = field(default=None, compare=False)
    author: str = field(default="", compare=False)
    institution: str | None = field(default=None, compare=False)


def vote(comment_id: int, person_id: int, value: int, *, vouched: bool = False) -> Counts | None:
    """Records +1 or −1, or takes the vote back (0). None when this statement alone cannot: see `vote_or_refuse`.

    `vouched` says that the person was found to belong where only members or residents take part.
    Raises ValueError for any other value. Calling it twice changes nothing more.
    """
    if value not in {-1, 0, 1}:
        raise ValueError("a vote is -1, 0 or 1")
    if comment_id > LARGEST:
        return None
    with connection.cursor() as cursor:
        statement = TARGET + (VOTE if value else TAKE_BACK) + COUNTS
        cursor.execute(statement, {"comment": comment_id, "person": person_id, "value": value, "vouched": vouched})
        counted = cursor.fetchone()
    if counted is None:
        return None
    up, down, *said_by = counted
    return Counts(int(up), int(down), value, comment_id, *said_by)


def vote_or_refuse(comment: Comment, person: User, value: int) -> Counts:
    """The longer way, for what `vote` answered with None: asks who may take part. Raises Refused with the reason."""
    if comment.author_id == person.pk:
        raise Refused("own", _("You cannot vote on your own comment."))
    allowed = eligibility(person, comment.activity)
    if not allowed.allowed:
        raise Refused(allowed.code, allowed.reason)
    counts = vote(comment.pk, person.pk, value, vouched=True)
    if counts is None:
        raise Refused("gone", _("There is nothing to vote on any more."))
    return counts
