"""Keeps an activity's and a thread's counters in step with what is shown.

Whoever shows or takes away a comment locks in one order: the person in the activity, the activity, then comments from
the oldest on. Two who act at once then wait for one another, and never both for ever.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest, Now

from commons.activities.kinds import kind
from commons.activities.models import Activity
from commons.comments.models import Comment


def lock_person_in(activity_id: int, person_id: int | None) -> None:
    """One person's acts in one activity queue up: a double click finds the first one, and nobody counts twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [activity_id % 2**31, (person_id or 0) % 2**31])


def lock_activity(activity_id: int) -> Activity:
    """The activity as it is now; it neither closes nor changes before the transaction ends."""
    return Activity.objects.select_for_update(of=("self",), no_key=True).get(pk=activity_id)


def lock_comment(comment: Comment) -> Comment:
    """The comment as it is now, behind its person and its activity, and the root of its thread before it."""
    lock_person_in(comment.activity_id, comment.author_id)
    activity = lock_activity(comment.activity_id)
    ids = [comment.pk] if comment.root_id is None else [comment.root_id, comment.pk]
    rows = Comment.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")
    current = {row.pk: row for row in rows}[comment.pk]
    current.activity = activity
    return current


def count(comment: Comment, difference: int) -> None:
    """A comment has appeared (+1) or gone (−1), together with its author when it was their only one."""
    others = comment.activity.comments.visible().filter(author=comment.author_id).exclude(pk=comment.pk)
    takes_part = kind(comment.activity.kind).commenters_take_part
    alone = comment.author_id is not None and takes_part and not others.exists()
    # Never below 0: a counter that had gone wrong must not keep anybody from taking back what they said.
    Activity.objects.filter(pk=comment.activity_id).update(
        comment_count=Greatest(F("comment_count") + difference, 0),
        participant_count=Greatest(F("participant_count") + (difference if alone else 0), 0),
        last_activity_at=Now() if difference > 0 else F("last_activity_at"),
    )
    if comment.root_id:
        Comment.objects.filter(pk=comment.root_id).update(reply_count=Greatest(F("reply_count") + difference, 0))
