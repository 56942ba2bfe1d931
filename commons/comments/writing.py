"""Writing, changing and taking back a comment. The database's clock decides whether it still counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from commons.activities import ledger
from commons.activities.eligibility import closed, eligibility
from commons.activities.kinds import kind
from commons.activities.models import Activity, Contribution
from commons.audit.events import happened
from commons.audit.record import record
from commons.comments import counting, moderating, rules, screening
from commons.comments.models import Comment, CommentVersion
from commons.comments.models.comment import MAX_DEPTH
from commons.comments.refused import Refused
from commons.core import clock
from commons.core.cleaning import clean_text
from commons.core.language import written_in
from commons.core.markdown import to_html
from commons.core.personal_numbers import mask

if TYPE_CHECKING:
    from commons.directory.models import Institution
    from commons.people.models import User


INVISIBLE = "\u200c\u200d\n\t "  # joiners belong to Hindi words, but alone they say nothing


def clean_body(text: str, most: int | None) -> tuple[str, set[str]]:
    """The text as it is stored, and the kinds of personal numbers hidden in it.

    Raises ValidationError when nothing is left, or more than `most` characters are.
    """
    body, masked = mask(clean_text(text))
    if not body.strip(INVISIBLE):
        raise ValidationError(_("Write something first."), code="empty")
    if most is not None and len(body) > most:
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
    as_institution: Institution | None = None,
    channel: str = Contribution.Channel.WEB,
) -> Comment:
    """A new comment, or the same one again when it is sent twice.

    Raises ValidationError for the text, Refused when the person, the format or the moment does not allow it,
    PermissionDenied when they may not speak for the institution.
    """
    body, masked = clean_body(text, activity.comment_limit)
    official = as_institution is not None
    if official and not rules.may_answer_officially(by, activity):
        raise PermissionDenied
    check_format(activity, by, anchor, parent, stance)
    place, answers = nest(parent)
    counting.lock_person_in(activity.pk, by.pk)
    twice = activity.comments.filter(
        author=by, body=body, parent=place, answers=answers, anchor=anchor, stance=stance,
        state__in=[Comment.State.VISIBLE, Comment.State.HELD], created_at__gt=Now() - rules.SAME_AGAIN,
    ).first()  # fmt: skip
    if twice:
        return twice
    findings = [] if official else screening.findings(body, by, activity, masked=masked)
    activity = counting.lock_activity(activity.pk)
    check_moment(activity, by, parent, official=official)
    line = ledger.receive(activity, by, "comment", body, channel=channel)
    comment = Comment.objects.create(
        activity=activity, author=by, contribution=line, body=body, body_html=to_html(body), stance=stance,
        parent=place, root=(place.root or place) if place else None, depth=place.depth + 1 if place else 0,
        answers=answers, anchor=anchor, as_institution=as_institution, language=written_in(body),
        state=Comment.State.HELD if findings else Comment.State.VISIBLE, trending=1,
        state_reason=findings[0].code if findings else "", state_words=" ".join(f.words for f in findings),
    )  # fmt: skip
    Contribution.objects.filter(pk=line.pk).update(path=f"/comments/{comment.pk}/")
    if findings:
        happened("comment held", comment.pk, because=findings)
    else:
        counting.count(comment, +1)
        happened("commented", comment.pk)
    return comment


def check_format(activity: Activity, by: User, anchor: str, parent: Comment | None, stance: int) -> None:
    """Raises Refused for what this way of talking does not have."""
    if anchor:
        thing = kind(activity.kind).anchored(by, activity.pk, anchor)
        if thing is None or not thing.takes_comments:
            raise Refused("closed", closed().reason)
        return
    talk = activity.conversation
    if talk == Activity.Conversation.NONE:
        raise Refused("no_conversation", _("There is no conversation here."))
    if talk == Activity.Conversation.SIDES and parent:
        raise Refused("no_replies", _("Nobody is answered here: say what is for it or against it."))
    if talk == Activity.Conversation.SIDES and stance not in {Comment.Stance.FOR, Comment.Stance.AGAINST}:
        raise Refused("stance", _("Choose for or against."))
    if talk == Activity.Conversation.THREAD and stance != Comment.Stance.NEUTRAL:
        raise Refused("stance", _("There are no sides here."))


def check_moment(activity: Activity, by: User, parent: Comment | None, *, official: bool) -> None:
    """Raises Refused when it is too early, too late, or not for this person. The activity is locked by now.

    An institution may answer after the close, and is bound by no rule about who takes part.
    """
    allowed = eligibility(by, activity, clock.now())
    if not allowed.allowed and not (official and allowed.code in {"closed", "level", "members", "residents"}):
        raise Refused(allowed.code, allowed.reason)
    if parent and not activity.comments.visible().filter(pk=parent.pk).exists():
        raise Refused("gone", _("The comment you answer is no longer there."))


def nest(parent: Comment | None) -> tuple[Comment | None, Comment | None]:
    """Where a reply goes: under its parent, or at the deepest level beside it, quoting it."""
    if parent is None or parent.depth < MAX_DEPTH:
        return parent, None
    return parent.parent, parent


@transaction.atomic
def edit(comment: Comment, by: User, text: str) -> Comment:
    """Changes one's own comment: silently in the first five minutes, with the earlier version kept after them.

    Raises ValidationError for the text, PermissionDenied for anybody else, Refused once the activity has closed:
    what was said by the deadline stays said.
    """
    current = counting.lock_comment(comment)
    if not rules.may_edit(by, current):
        raise PermissionDenied
    official = current.as_institution_id is not None
    check_moment(current.activity, by, None, official=official)
    body, masked = clean_body(text, current.activity.comment_limit)
    if body == current.body:
        return current
    now = clock.now()
    if not rules.edits_silently(current, now):
        CommentVersion.objects.create(comment=current, body=current.body, body_html=current.body_html)
        current.edited_at = now
    current.body, current.body_html, current.language = body, to_html(body), written_in(body)
    current.save(update_fields=["body", "body_html", "language", "edited_at"])
    Contribution.objects.filter(pk=current.contribution_id).update(excerpt=ledger.excerpt(body))
    findings = [] if official else screening.findings(body, by, current.activity, masked=masked, row=current)
    if findings:
        moderating.hold(current, findings)
    return current


@transaction.atomic
def remove(comment: Comment, by: User) -> Comment:
    """Takes one's own comment back: its text is wiped, and a tombstone stays where others replied."""
    current = counting.lock_comment(comment)
    if current.state == Comment.State.REMOVED and current.author_id == by.pk:
        return current
    if not rules.may_remove(by, current):
        raise PermissionDenied
    if current.state == Comment.State.VISIBLE:
        counting.count(current, -1)
    current.state, current.body, current.body_html, current.pinned_at = Comment.State.REMOVED, "", "", None
    current.save(update_fields=["state", "body", "body_html", "pinned_at"])
    current.versions.all().delete()
    Contribution.objects.filter(pk=current.contribution_id).update(excerpt="")
    happened("comment removed", current.pk)
    return current


@transaction.atomic
def pin(comment: Comment, by: User, *, pinned: bool) -> None:
    """Puts an official answer at the top of its conversation, or back in its place; twice is once."""
    if not rules.may_pin(by, comment):
        raise PermissionDenied
    moved = Comment.objects.filter(pk=comment.pk, pinned_at__isnull=pinned).update(pinned_at=Now() if pinned else None)
    if moved:
        record("comment.pin" if pinned else "comment.unpin", comment, by=by)
