"""The verbs that move an activity from a draft to its outcome. Each does the whole thing, and twice is once.

Every verb locks the row, asks the rules, changes, records and announces in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from commons.activities import rules
from commons.activities.kinds import kind
from commons.activities.models import Activity, ActivityChange, Outcome
from commons.activities.readiness import lacking, missing
from commons.audit.events import happened
from commons.audit.models import Entry
from commons.audit.record import record
from commons.core import clock
from commons.core.plain import plain

if TYPE_CHECKING:
    from commons.people.models import User

State, Phase = Activity.State, Activity.Phase


@contextmanager
def locked(activity: Activity, by: User | None) -> Iterator[Activity]:
    """The activity's own row, locked until the verb is through; history knows who did it."""
    with transaction.atomic(), pghistory.context(user=by.pk if by else None):
        yield (
            Activity.objects.select_for_update(of=("self",), no_key=True)
            .select_related("institution")
            .get(pk=activity.pk)
        )


def require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def refuse(words: str) -> None:
    raise ValidationError(words)


def submit_for_review(activity: Activity, by: User) -> None:
    """Draft → waiting for approval. Raises ValidationError while something is missing."""
    with locked(activity, by) as row:
        require(rules.may_write(by, row))
        if row.state == State.IN_REVIEW:
            return
        if row.state != State.DRAFT:
            refuse(_("Only a draft can be submitted."))
        if lacks := missing(row):
            raise ValidationError(lacks)
        Activity.objects.filter(pk=row.pk).update(state=State.IN_REVIEW, submitted_at=Now(), review_note="")
        done("activity.submit", row, by, "submitted")


def take_back(activity: Activity, by: User) -> None:
    """Waiting → draft, by whoever writes there: to change it before somebody approves."""
    with locked(activity, by) as row:
        require(rules.may_write(by, row))
        if row.state == State.DRAFT:
            return
        if row.state != State.IN_REVIEW:
            refuse(_("Only what waits for approval can be taken back."))
        Activity.objects.filter(pk=row.pk).update(state=State.DRAFT)
        done("activity.take_back", row, by, "")


def return_to_author(activity: Activity, by: User, note: str) -> None:
    """Waiting → draft, with a note that says what to change."""
    with locked(activity, by) as row:
        require(rules.may_approve(by, row))
        if row.state == State.DRAFT and row.review_note and row.review_note == note.strip():
            return
        if row.state != State.IN_REVIEW:
            refuse(_("Only what waits for approval can be returned."))
        if not note.strip():
            refuse(_("Say what should change."))
        Activity.objects.filter(pk=row.pk).update(state=State.DRAFT, review_note=note.strip())
        done("activity.return", row, by, "returned", words=note)


def publish(activity: Activity, by: User, at: datetime | None = None, seen: int | None = None) -> None:
    """Approves: visible now, or at a moment to come. Somebody else than the author, always.

    `seen` is the mark (`newest_act`) of what the approver read: changed since then, it is refused.
    """
    with locked(activity, by) as row:
        require(rules.may_approve(by, row))
        if row.state == State.PUBLISHED:
            return
        if seen is not None and seen != newest_act(row):
            refuse(_("It was changed after you opened this page. Read it again, then approve."))
        if row.state != State.IN_REVIEW:
            refuse(_("Only what waits for approval can be published."))
        now = clock.now()
        visible = max(at, now) if at else now
        opens = max(row.opens_at, visible) if row.opens_at else visible
        if row.closes_at and row.closes_at <= opens:
            refuse(_("It would close before it opens."))
        row.opens_at = opens  # what its kind needs may depend on how long it stays open
        if lacks := kind(row.kind).lacking(row):
            raise ValidationError(lacks)
        Activity.objects.filter(pk=row.pk).update(
            state=State.PUBLISHED, approver=by, published_at=visible, opens_at=opens, last_activity_at=visible
        )
        done("activity.publish", row, by, "published", after={"published_at": visible, "opens_at": opens})


def newest_act(activity: Activity) -> int:
    """The number of the last recorded act on an activity; it grows with every change."""
    newest = Entry.objects.filter(activity_id=activity.pk).order_by("-id").values_list("pk", flat=True).first()
    return newest or 0


def withdraw(activity: Activity, by: User, reason: str) -> None:
    """Published → withdrawn. The page stays and says why."""
    with locked(activity, by) as row:
        require(rules.may_steer(by, row))
        if row.state == State.WITHDRAWN:
            return
        if row.state != State.PUBLISHED:
            refuse(_("Only what is published can be withdrawn."))
        if not reason.strip():
            refuse(_("Citizens will read why: give a reason."))
        Activity.objects.filter(pk=row.pk).update(state=State.WITHDRAWN, withdrawn_reason=reason.strip())
        done("activity.withdraw", row, by, "withdrawn", words=reason)


def extend(activity: Activity, by: User, closes_at: datetime, reason: str) -> None:
    """A later close, with a reason in the public change log."""
    with locked(activity, by) as row:
        require(rules.may_steer(by, row))
        if row.state != State.PUBLISHED or row.closes_at is None:
            raise ValidationError(_("Only what is published and has a close can be extended."))
        if row.closes_at == closes_at:
            return
        if closes_at <= max(row.closes_at, clock.now()):
            refuse(_("The new close must be later than the old one, and in the future."))
        move_close(row, by, closes_at, reason, "activity.extend")


def close_early(activity: Activity, by: User, reason: str) -> None:
    """Closes now, with a reason in the public change log."""
    with locked(activity, by) as row:
        require(rules.may_steer(by, row))
        now = clock.now()
        phase = row.phase(now)
        if row.state != State.PUBLISHED or phase == Phase.SCHEDULED:
            refuse(_("Only what is open can be closed."))
        if phase == Phase.CLOSED:
            return
        move_close(row, by, now, reason, "activity.close_early")


def move_close(row: Activity, by: User, closes_at: datetime, reason: str, verb: str) -> None:
    if not reason.strip():
        refuse(_("Citizens will read why: give a reason."))
    was, row.closes_at = row.closes_at, closes_at  # what its kind needs may depend on how long it stays open
    if lacks := kind(row.kind).lacking(row).get("closes_at"):
        raise ValidationError({"closes_at": lacks})
    note_change(row, by, "closes_at", was, closes_at, reason)
    Activity.objects.filter(pk=row.pk).update(closes_at=closes_at, closed_announced_at=None)
    before, after = {"closes_at": was}, {"closes_at": closes_at}
    done(verb, row, by, "changed", words=reason, before=before, after=after)


def note_change(row: Activity, by: User, field: str, before: Any, after: Any, reason: str) -> ActivityChange:
    return ActivityChange.objects.create(
        activity_id=row.pk, by=by, field=field, before=plain(before), after=plain(after), reason=reason.strip()
    )


@transaction.atomic
def write(
    activity: Activity, by: User, before: dict[str, Any] | None = None, after: dict[str, Any] | None = None
) -> None:
    """Saves a new draft or changes to one; the author is whoever wrote it first.

    `before` and `after` say by field what a form changed, for the audit entry: regions and subjects have no history
    of their own.
    """
    if activity.pk is None:
        require(rules.may_write(by, activity))
        activity.author = activity.author or by
        with pghistory.context(user=by.pk):
            activity.save()
        record("activity.write", activity, by=by, activity_id=activity.pk, after=after)
        return
    with locked(activity, by) as row:
        require(rules.may_write(by, row) and rules.may_write(by, activity))
        if row.state not in {State.DRAFT, State.IN_REVIEW}:
            refuse(_("What is published changes by a revision with a reason."))
        # Only what authors write: the state and the counters may have moved on since `activity` was read.
        written = [field.name for field in activity._meta.concrete_fields if field.editable and not field.primary_key]
        activity.save(update_fields=[*written, "search_text"])
        record("activity.edit", activity, by=by, activity_id=activity.pk, before=before, after=after)


def discard(activity: Activity, by: User) -> None:
    """Deletes a draft that citizens never saw."""
    with locked(activity, by) as row:
        require(rules.may_write(by, row))
        if row.state != State.DRAFT or row.published_at:
            refuse(_("Only a draft can be deleted."))
        record("activity.discard", row, by=by, activity_id=row.pk)
        activity.delete()


REVISABLE = ("title", "summary", "body", "promise", "promise_by")


def revise(activity: Activity, by: User, reason: str) -> list[ActivityChange]:
    """Saves changed texts of what is published; each change goes into the public log with the reason.

    `activity` carries the new values, unsaved. What people answer to cannot change silently, and who may answer not at all.
    """
    with locked(activity, by) as row:
        require(rules.may_steer(by, row))
        if row.state != State.PUBLISHED:
            refuse(_("Only what is published is revised."))
        changed = [name for name in REVISABLE if plain(getattr(activity, name)) != plain(getattr(row, name))]
        if not changed:
            return []
        if lacks := lacking(activity):
            raise ValidationError({field: words for field, words in lacks.items() if field in REVISABLE})
        if not reason.strip():
            refuse(_("Citizens will read why: give a reason."))
        before = {name: plain(getattr(row, name)) for name in changed}
        after = {name: plain(getattr(activity, name)) for name in changed}
        opened = row.phase() != Phase.SCHEDULED
        notes = [note_change(row, by, name, before[name], after[name], reason) for name in changed if opened]
        activity.save(update_fields=[*changed, "search_text"])
        done("activity.revise", row, by, "changed" if notes else "", words=reason, before=before, after=after)
        return notes


def done(
    verb: str, row: Activity, by: User | None, event: str, *, words: str = "", before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Records the act, and says upwards that it happened."""
    record(verb, row, by=by, words=words, before=before, after=after, activity_id=row.pk)
    if event:
        happened(event, row.pk)


def write_outcome(outcome: Outcome, by: User) -> None:
    """Saves what was decided, as a draft for somebody else to publish."""
    with locked(outcome.activity, by) as row:
        require(rules.may_write(by, row))
        if outcome.pk and Outcome.objects.get(pk=outcome.pk).published_at:
            refuse(_("A published outcome stays as it is."))
        outcome.author = by
        outcome.save()
        record("outcome.write", outcome, by=by)


def publish_outcome(outcome: Outcome, by: User) -> None:
    """What was decided, for everybody. Somebody else than its author, always; twice is once."""
    with locked(outcome.activity, by) as row:
        row_outcome = Outcome.objects.select_for_update(of=("self",), no_key=True).get(pk=outcome.pk)
        require(rules.may_steer(by, row))
        if row_outcome.published_at:
            return
        if row_outcome.author_id == by.pk:
            raise PermissionDenied
        if row.state != State.PUBLISHED:
            refuse(_("Only what was published can have an outcome."))
        kind(row.kind).check_answered(row)
        now = clock.now()
        Outcome.objects.filter(pk=row_outcome.pk).update(published_at=now, approver=by)
        Activity.objects.filter(pk=row.pk).update(outcome_at=now)
        row_outcome.published_at = now
        record("outcome.publish", row_outcome, by=by)
        happened("outcome", row.pk)


def announce_phases() -> int:
    """Tells once about everything that has opened or closed since the last time. Returns how many were told about.

    Nothing depends on it: phases are read from the clock. A stopped worker only delays the news.
    """
    told = 0
    for column, event, due in (
        ("opened_announced_at", "opened", Activity.objects.published().filter(opens_at__lte=Now())),
        ("closed_announced_at", "closed", Activity.objects.closed()),
    ):
        for activity in due.filter(**{column: None})[:200]:
            with transaction.atomic():
                mine = Activity.objects.filter(pk=activity.pk, **{column: None}).update(**{column: Now()})
                if mine:
                    told += 1
                    happened(event, activity.pk)
    return told
