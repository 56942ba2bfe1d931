"""One vote, one statement: the row, the difference, and the counts to show.

The comment must be visible and its activity open by the database's clock at the moment of the insert.
`RETURNING old.value` (PostgreSQL 18) tells what the vote was before, without asking first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.activities.eligibility import eligibility
from commons.comments.models import Comment
from commons.comments.refused import Refused
from commons.integrity.kinds import Shown, VoteKind
from commons.integrity.traces import NO_TRACE, Trace

if TYPE_CHECKING:
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
  INSERT INTO comments_commentvote (comment_id, person_id, value, network, device)
  SELECT id, %(person)s, %(value)s, %(network)s::bigint, %(device)s::bigint FROM target
  ON CONFLICT (comment_id, person_id)
    DO UPDATE SET value = EXCLUDED.value, at = now(), network = EXCLUDED.network, device = EXCLUDED.device
  RETURNING comment_id, coalesce(old.value, 0) AS before, new.value AS after, new.standing
), differed AS (
  INSERT INTO comments_tally (comment_id, up, down)
  SELECT comment_id, (after = 1)::int - (before = 1)::int, (after = -1)::int - (before = -1)::int
  FROM written WHERE before <> after AND standing = 0
  RETURNING up, down, aside, left_out
)
"""
TAKE_BACK = """
, written AS (
  DELETE FROM comments_commentvote WHERE comment_id IN (SELECT id FROM target) AND person_id = %(person)s
  RETURNING comment_id, value AS before, standing
), differed AS (
  INSERT INTO comments_tally (comment_id, up, down, aside, left_out)
  SELECT comment_id, -(standing = 0 AND before = 1)::int, -(standing = 0 AND before = -1)::int, -(standing = 1)::int, -(standing = 2)::int
  FROM written
  RETURNING up, down, aside, left_out
)
"""
# A WITH query sees the tables as they were before it: the new difference is added by hand.
COUNTS = """
SELECT c.up + coalesce(sum(t.up), 0) + coalesce((SELECT sum(up) FROM differed), 0),
       c.down + coalesce(sum(t.down), 0) + coalesce((SELECT sum(down) FROM differed), 0),
       c.aside + coalesce(sum(t.aside), 0) + coalesce((SELECT sum(aside) FROM differed), 0),
       c.left_out + coalesce(sum(t.left_out), 0) + coalesce((SELECT sum(left_out) FROM differed), 0),
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
    aside: int = field(default=0, compare=False)  # not counted while they are checked
    left_out: int = field(default=0, compare=False)
    author_id: int | None = field(default=None, compare=False)
    author: str = field(default="", compare=False)
    institution: str | None = field(default=None, compare=False)


def vote(
    comment_id: int, person_id: int, value: int, *, vouched: bool = False, trace: Trace = NO_TRACE
) -> Counts | None:
    """Records +1 or −1, or takes the vote back (0). None when this statement alone cannot: see `vote_or_refuse`.

    `vouched` says that the person was found to belong where only members or residents take part; `trace` where the
    vote comes from. A vote that is being checked stays out of the counts, however it is changed.
    Raises ValueError for any other value. Calling it twice changes nothing more.
    """
    if value not in {-1, 0, 1}:
        raise ValueError("a vote is -1, 0 or 1")
    if comment_id > LARGEST:
        return None
    with connection.cursor() as cursor:
        statement = TARGET + (VOTE if value else TAKE_BACK) + COUNTS
        values: dict[str, Any] = {
            "comment": comment_id, "person": person_id, "value": value, "vouched": vouched,
            "network": trace.network, "device": trace.device,
        }  # fmt: skip
        cursor.execute(statement, values)
        counted = cursor.fetchone()
    if counted is None:
        return None
    up, down, aside, left_out, *said_by = counted
    return Counts(int(up), int(down), value, comment_id, int(aside), int(left_out), *said_by)


def vote_or_refuse(comment: Comment, person: User, value: int, *, trace: Trace = NO_TRACE) -> Counts:
    """The longer way, for what `vote` answered with None: asks who may take part. Raises Refused with the reason."""
    if comment.author_id == person.pk:
        raise Refused("own", _("You cannot vote on your own comment."))
    allowed = eligibility(person, comment.activity)
    if not allowed.allowed:
        raise Refused(allowed.code, allowed.reason)
    counts = vote(comment.pk, person.pk, value, vouched=True, trace=trace)
    if counts is None:
        raise Refused("gone", _("There is nothing to vote on any more."))
    return counts


# Out of the count, or back into it, in one statement: the row, and the differences (commons.integrity.checking).
MOVE = """
WITH moved AS (
  UPDATE comments_commentvote v SET standing = %(to)s
  FROM unnest(%(targets)s::bigint[], %(people)s::bigint[]) AS s(target, person)
  WHERE v.comment_id = s.target AND v.person_id = s.person AND v.standing = %(was)s
  RETURNING v.comment_id, v.person_id, v.value
), differed AS (
  INSERT INTO comments_tally (comment_id, up, down, aside, left_out)
  SELECT comment_id, (value = 1)::int * counts, (value = -1)::int * counts,
    (%(to)s = 1)::int - (%(was)s = 1)::int, (%(to)s = 2)::int - (%(was)s = 2)::int
  FROM moved, (SELECT (%(to)s = 0)::int - (%(was)s = 0)::int AS counts) n
)
SELECT comment_id, person_id FROM moved
"""
VOTES = """
SELECT v.comment_id AS target, c.activity_id AS activity, v.person_id AS person, v.value, v.at, v.network, v.device, v.standing
FROM comments_commentvote v JOIN comments_comment c ON c.id = v.comment_id
"""


def shown(ids: list[int]) -> dict[int, Shown]:
    """Comments as somebody sees them who checks the votes on them."""
    found = Comment.objects.filter(pk__in=ids).annotate(
        up_now=F("up") + Coalesce(Sum("tallies__up"), 0), down_now=F("down") + Coalesce(Sum("tallies__down"), 0)
    )
    return {
        one.pk: Shown(
            one.body[:200], one.language, f"{one.get_absolute_url()}#c{one.pk}", one.author_id, one.up_now, one.down_now
        )
        for one in found
    }


KIND = VoteKind("comment", gettext_lazy("Votes on comments"), "comments_commentvote", VOTES, MOVE, shown)
