"""Comments that were said elsewhere, brought in many at a time.

They keep what every comment has: clean text, safe HTML, a ledger line, a place in a thread of three levels, counters.
They differ where they must: the moment is the one at which they were said, the length is whatever it was, votes are
known only as numbers, nobody is told, and nothing is screened, because nobody is speaking now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction

from commons.activities.ledger import excerpt
from commons.activities.models import Contribution
from commons.comments import counting
from commons.comments.models import Comment
from commons.comments.models.comment import MAX_DEPTH
from commons.comments.ranking import trending, wilson
from commons.comments.writing import clean_body
from commons.core import clock
from commons.core.markdown import to_html
from commons.core.sequences import reserve

if TYPE_CHECKING:
    from commons.activities.models import Activity

BATCH = 500


@dataclass(frozen=True)
class Said:
    """One comment of another platform. `external_id` is its number there, `parent` that of what it answers."""

    external_id: str
    author_id: int
    text: str
    at: datetime
    anchor: str = ""
    parent: str = ""
    up: int = 0
    down: int = 0


def known_in(activity: Activity) -> dict[str, Comment]:
    """What was brought into this activity before, by its number there."""
    before = Comment.objects.filter(activity=activity).exclude(contribution__external_id="")
    before = before.select_related("contribution").only(
        "anchor", "depth", "parent_id", "root_id", "contribution__external_id"
    )
    return {comment.contribution.external_id: comment for comment in before}


def quoting_in(activity: Activity) -> int:
    """How many of them were deeper than ours nest, and quote what they answer."""
    before = Comment.objects.filter(activity=activity, answers__isnull=False)
    return before.exclude(contribution__external_id="").count()


@transaction.atomic
def bring_in(activity: Activity, said: Sequence[Said], *, language: str) -> list[Comment]:
    """Writes what is not here yet; each parent comes before what answers it, or was brought in before.

    Raises KeyError for an unknown parent, ValidationError for a text that says nothing.
    """
    counting.lock_activity(activity.pk)
    known = known_in(activity)
    new = [one for one in said if one.external_id not in known]
    now = clock.now()
    lines, comments = [], []
    for one, line_id, comment_id in zip(new, reserve(Contribution, len(new)), reserve(Comment, len(new)), strict=True):
        body = clean_body(one.text, None)[0]
        line = Contribution(
            pk=line_id, activity_id=activity.pk, person_id=one.author_id, kind="comment", excerpt=excerpt(body),
            path=f"/comments/{comment_id}/", channel=Contribution.Channel.IMPORT, external_id=one.external_id,
            language=language, created_at=one.at,
        )  # fmt: skip
        comment = Comment(
            pk=comment_id, activity_id=activity.pk, anchor=one.anchor, author_id=one.author_id, contribution=line,
            body=body, body_html=to_html(body), language=language, created_at=one.at, up=one.up, down=one.down,
            imported_up=one.up, imported_down=one.down, best=wilson(one.up, one.down),
            trending=trending(one.up, one.down, one.at, one.at, now),
        )  # fmt: skip
        if one.parent:
            stand_under(comment, known[one.parent])
        known[one.external_id] = comment
        lines.append(line)
        comments.append(comment)
    Contribution.objects.bulk_create(lines, batch_size=BATCH)
    Comment.objects.bulk_create(comments, batch_size=BATCH)
    count_anew(activity, {comment.root_id for comment in comments if comment.root_id})
    return comments


def stand_under(comment: Comment, parent: Comment) -> None:
    """The same place `writing.nest` gives, without asking the database."""
    deep = parent.depth == MAX_DEPTH
    comment.parent_id = parent.parent_id if deep else parent.pk
    comment.answers_id = parent.pk if deep else None
    comment.root_id = parent.root_id or parent.pk
    comment.depth = min(parent.depth + 1, MAX_DEPTH)


COUNT_REPLIES = """
UPDATE comments_comment c SET reply_count = n.shown FROM (
  SELECT root_id, count(*) AS shown FROM comments_comment WHERE root_id = ANY(%s) AND state = 'visible' GROUP BY root_id
) n WHERE c.id = n.root_id
"""
COUNT_ALL = """
UPDATE activities_activity a SET comment_count = n.shown, participant_count = n.people,
  last_activity_at = greatest(a.last_activity_at, n.newest)
FROM (
  SELECT count(*) AS shown, count(DISTINCT author_id) AS people, max(created_at) AS newest
  FROM comments_comment WHERE activity_id = %s AND state = 'visible'
) n WHERE a.id = %s
"""


def count_anew(activity: Activity, roots: set[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(COUNT_REPLIES, [sorted(roots)])
        cursor.execute(COUNT_ALL, [activity.pk, activity.pk])
