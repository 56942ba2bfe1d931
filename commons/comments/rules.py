"""Who may do what with a comment. Views and templates ask here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from commons.comments.models import Comment
from commons.directory.rules import OFFICIAL, holds

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from commons.activities.models import Activity
    from commons.people.models import User

SILENT_EDIT = timedelta(minutes=5)
SAME_AGAIN = timedelta(minutes=1)  # the same text in the same place within this is a double click


def may_edit(user: User | AnonymousUser, comment: Comment) -> bool:
    """Its author, while it is shown and speaks for nobody else."""
    return user.is_authenticated and comment.author_id == user.pk and comment.state == Comment.State.VISIBLE


def edits_silently(comment: Comment, now: datetime) -> bool:
    """In the first five minutes an edit leaves no earlier version. `now` is the database's."""
    return now - comment.created_at < SILENT_EDIT


def may_remove(user: User | AnonymousUser, comment: Comment) -> bool:
    return user.is_authenticated and comment.author_id == user.pk and comment.state != Comment.State.REMOVED


def may_answer_officially(user: User | AnonymousUser, activity: Activity) -> bool:
    """Authors and approvers of the institution that asks may answer in its name, and pin what they answered."""
    return user.is_authenticated and user.is_staff and holds(user, activity.institution, *OFFICIAL)


def may_pin(user: User | AnonymousUser, comment: Comment) -> bool:
    """What the institution said, by whoever may answer in its name."""
    said_officially = comment.as_institution_id is not None and comment.state == Comment.State.VISIBLE
    return said_officially and may_answer_officially(user, comment.activity)
