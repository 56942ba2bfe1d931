"""Writing, changing and taking back a comment. The database's clock decides whether it still counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commons.activities import ledger
from commons.activities.eligibility import eligibility
from commons.activities.models import Activity, Contribution
from commons.audit.events import happened
from commons.audit.record import record
from commons.comments import rules, screening
from commons.comments.models import Comment, CommentVersion
from commons.comments.models.comment import MAX_DEPTH
from commons.core import clock
from commons.core.cleaning import clean_text
from commons.core.markdown import to_html
from commons.core.personal_numbers import mask

if TYPE_CHECKING:
    from commons.directory.models import Institution
    from commons.people.models import User


class Refused(Exception):
    """The comment cannot be written now. `words` are for the person, `code` for the program."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


def clean_body(text: str, most: int) -> tuple[str, set[str]]:
    """The text as it is stored, and the kinds of personal numbers hidden in it.

    Raises ValidationError when nothing is left or it is too long.
    """
    body, masked = mask(clean_text(text))
    if not body:
        raise ValidationError(_("Write something first."), code="empty")
    if len(body) > most:
        raise ValidationError(
            _("This is %(now)s characters; at most %(most)s are possible.") % {"now": len(body), "most": most},
            code="long",
        )
    return body, masked


@transaction.atomic
def write(
    activity: Activity,
    by: User,
    text: str,
    *,
    parent: Comment | None = None,
    stance: int = Comment.Stance.NEUTRAL,
    anchor: str = "",
    most: int = 1000,
    as_institution: Institution | None = None,
    channel: str = Contribution.Channel.WEB,
) -> Comment:
    """A new comment, or the same one again when it is sent twice.

    Raises ValidationError for the text, Refused when the person or the moment does not allow it,
    PermissionDenied when they may not speak for the institution.
    """
    body, masked = clean_body(text, most)
    official = as_institution is not None
    if official and not rules.may_answer_officially(by, activity):
        raise PermissionDenied
    # One person's comments in one activity queue up here, so that a double click finds the first one.
    lock_person_in(activity, by)
    moment = clock.now()
    allowed = eligibility(by, activity, moment)
    if not allowed.allowed and not (official and allowed.code in {"closed", "level", "members", "residents"}):
        raise Refused(allowed.code, allowed.reason)
    place, answers = nest(parent, activity)
    twice = activity.comments.filter(
        author=by, body=body, parent=place, answers=answers, anchor=anchor, state=Comment.State.VISIBLE,
        created_at__gt=moment - rules.SAME_AGAIN,
    ).first()  # fmt: skip
    if twice:
        return twice
    # What comes from another platform was public there: whoever imports it has chosen it.
    unasked = official or channel == Contribution.Channel.IMPORT
    findings = [] if unasked else screening.findings(body, by, activity, masked=masked)
    line = ledger.receive(activity, by, "comment", body, channel=channel)
    comment = Comment.objects.create(
        activity=activity, author=by, contribution=line, body=body, body_html=to_html(body), stance=stance,
        parent=place, root=(place.root or place) if place else None, depth=place.depth + 1 if place else 0,
        answers=answers, anchor=anchor, as_institution=as_institution, language=(get_language() or "en")[:5],
        state=Comment.State.HELD if findings else Comment.State.VISIBLE,
        state_reason=findings[0].code if findings else "", state_words=" ".join(f.words for f in findings),
    )  # fmt: skip
    Contribution.objects.filter(pk=line.pk).update(path=f"/comments/{comment.pk}/")
    if findings:
        happened("comment held", comment.pk)
    else:
        count(comment, +1)
        happened("commented", comment.pk)
    return comment


def lock_person_in(activity: Activity, by: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [activity.pk % 2**31, by.pk % 2**31])


def nest(parent: Comment | None, activity: Activity) -> tuple[Comment | None, Comment | None]:
    """Where a reply goes: under its parent, or at the deepest level beside it, quoting it."""
    if parent is None:
        return None, None
    if parent.activity_id != activity.pk or parent.state != Comment.State.VISIBLE:
        raise Refused("gone", _("The comment you answer is no longer there."))
    if parent.depth < MAX_DEPTH:
        return parent, None
    return parent.parent, parent


def count(comment: Comment, difference: int) -> None:
    """Keeps the counters of the activity and of the thread's root when a comment appears or goes."""
    first = difference > 0 and not (
        comment.activity.comments.visible().filter(author=comment.author_id).exclude(pk=comment.pk).exists()
    )
    Activity.objects.filter(pk=comment.activity_id).update(
        comment_count=F("comment_count") + difference,
        participant_count=F("participant_count") + (1 if first else 0),
        last_activity_at=Now() if difference > 0 else F("last_activity_at"),
    )
    if comment.root_id:
        Comment.objects.filter(pk=comment.root_id).update(reply_count=F("reply_count") + difference)


@transaction.atomic
def edit(comment: Comment, by: User, text: str, *, most: int = 1000) -> Comment:
    """Changes one's own comment: silently in the first five minutes, with the earlier version kept after them."""
    comment = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("activity").get(pk=comment.pk)
    if not rules.may_edit(by, comment):
        raise PermissionDenied
    body, masked = clean_body(text, most)
    if body == comment.body:
        return comment
    if not rules.edits_silently(comment):
        CommentVersion.objects.create(comment=comment, body=comment.body, body_html=comment.body_html)
        comment.edited_at = clock.now()
    comment.body, comment.body_html = body, to_html(body)
    findings = screening.findings(body, by, comment.activity, masked=masked, row=comment)
    comment.save(update_fields=["body", "body_html", "edited_at"])
    Contribution.objects.filter(pk=comment.contribution_id).update(excerpt=" ".join(body.split())[:200])
    if findings:
        from commons.comments import moderating

        moderating.hold(comment, findings)
    return comment


@transaction.atomic
def remove(comment: Comment, by: User) -> Comment:
    """Takes one's own comment back: its text is wiped, and a tombstone stays where others replied."""
    comment = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("activity").get(pk=comment.pk)
    if not rules.may_remove(by, comment):
        raise PermissionDenied
    if comment.state == Comment.State.VISIBLE:
        count(comment, -1)
    comment.state, comment.body, comment.body_html = Comment.State.REMOVED, "", ""
    comment.save(update_fields=["state", "body", "body_html"])
    comment.versions.all().delete()
    Contribution.objects.filter(pk=comment.contribution_id).update(excerpt="")
    happened("comment removed", comment.pk)
    return comment


@transaction.atomic
def pin(comment: Comment, by: User, *, pinned: bool) -> None:
    """Puts an official answer at the top of its conversation, or back in its place."""
    if comment.as_institution_id is None or not rules.may_answer_officially(by, comment.activity):
        raise PermissionDenied
    Comment.objects.filter(pk=comment.pk).update(pinned_at=Now() if pinned else None)
    record("comment.pin" if pinned else "comment.unpin", comment, by=by)
