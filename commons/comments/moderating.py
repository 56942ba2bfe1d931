"""What a moderator's decision does to a comment. Who may decide, and why, is mygov.moderation's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from commons.audit.events import happened
from commons.audit.record import record
from commons.comments import counting
from commons.comments.models import Comment

if TYPE_CHECKING:
    from commons.comments.screening import Finding
    from commons.people.models import User


@transaction.atomic
def hold(comment: Comment, findings: list[Finding]) -> None:
    """Takes a visible comment out of sight until a moderator has looked."""
    words = " ".join(finding.words for finding in findings)
    if move(comment, Comment.State.HELD, {Comment.State.VISIBLE}, findings[0].code, words):
        record("comment.hold", comment, by=None, words=words)
        happened("comment held", comment.pk, because=findings)


@transaction.atomic
def hide(comment: Comment, by: User, reason: str, words: str) -> bool:
    """Hides a comment with a reason code and words its author will read. False when it already was."""
    moved = move(comment, Comment.State.HIDDEN, {Comment.State.VISIBLE, Comment.State.HELD}, reason, words)
    if moved:
        record("comment.hide", comment, by=by, words=words, after={"reason": reason})
        happened("comment hidden", comment.pk)
    return moved


@transaction.atomic
def restore(comment: Comment, by: User, words: str = "") -> bool:
    """Shows a held or hidden comment (again). False when it already is shown, or its author took it back."""
    moved = move(comment, Comment.State.VISIBLE, {Comment.State.HELD, Comment.State.HIDDEN}, "", "")
    if moved:
        record("comment.restore", comment, by=by, words=words)
        happened("comment restored", comment.pk)
    return moved


@transaction.atomic
def put_back(comment: Comment, by: User, before: dict[str, Any]) -> None:
    """To what it was before a decision that is taken back: its state with reason and words, and whether it was pinned."""
    if move(comment, before["state"], {comment.state}, before["state_reason"], before["state_words"]):
        Comment.objects.filter(pk=comment.pk).update(pinned_at=before["pinned_at"])
        record("comment.put_back", comment, by=by, after={"state": before["state"]})
        held = before["state"] == Comment.State.HELD
        happened("comment held" if held else "comment restored", comment.pk)


def move(comment: Comment, to: str, allowed: set[str], reason: str, words: str) -> bool:
    """One state to another, with the counters. The locks decide between two who act at once."""
    current = counting.lock_comment(comment)
    if current.state not in allowed:
        return False
    was_visible = current.state == Comment.State.VISIBLE
    pinned_at = current.pinned_at if to == Comment.State.VISIBLE else None
    Comment.objects.filter(pk=comment.pk).update(state=to, state_reason=reason, state_words=words, pinned_at=pinned_at)
    comment.state, comment.state_reason, comment.state_words = to, reason, words
    if was_visible != (to == Comment.State.VISIBLE):
        counting.count(current, -1 if was_visible else +1)
    return True
