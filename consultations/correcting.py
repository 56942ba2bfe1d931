"""Corrects what is published, in public: the note, the steps, the documents. Each change has a reason that everybody reads.

What people answer, the text of the law itself, does not change here: a later version of it is published beside the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from commons.activities import rules
from commons.activities.lifecycle import done, locked, note_change, refuse, require
from commons.activities.models import Activity
from commons.activities.readiness import said_in
from commons.audit.events import happened
from commons.audit.record import record
from commons.core import clock
from commons.core.moments import INDIA
from commons.core.plain import plain
from consultations.models import Consultation, Document, Step

if TYPE_CHECKING:
    from commons.people.models import User

IN_BOTH = ("en", "hi")


@contextmanager
def correction(consultation: Consultation, by: User, reason: str) -> Iterator[Activity]:
    """The published activity, locked. Raises PermissionDenied, or ValidationError without a reason or when it is not published."""
    with locked(consultation, by) as row:
        require(rules.may_steer(by, row))
        if row.state != Activity.State.PUBLISHED:
            refuse(_("Only what is published is revised."))
        if not reason.strip():
            raise ValidationError({"reason": _("Citizens will read why: give a reason.")})
        yield row


def in_both(field: str, text: Any) -> None:
    if not all(said_in(text, code) for code in IN_BOTH):
        raise ValidationError({field: _("Write it in English and in Hindi.")})


def revise_note(consultation: Consultation, by: User, note: Any, reason: str) -> None:
    """Another explanatory note. The same again changes nothing."""
    in_both("note", note)
    with correction(consultation, by, reason) as row:
        before = Consultation.objects.get(pk=row.pk).note
        if plain(before) == plain(note):
            return
        Consultation.objects.filter(pk=row.pk).update(note=note)
        note_change(row, by, "note", before, note, reason)
        said = {"before": {"note": plain(before)}, "after": {"note": plain(note)}}
        done("consultation.revise_note", row, by, "changed", words=reason, **said)


def plan_step(consultation: Consultation, by: User, name: str, day: date, words: Any, reason: str) -> None:
    """Adds a step, or moves the one there is; empty words leave its words alone. The same again changes nothing.

    Followers hear of a new step and of another day. A step that was put off is announced when its new day has come.
    """
    if name not in Step.Name.values:
        raise ValidationError({"name": _("Choose a step.")})
    if any(said_in(words, code) for code in IN_BOTH):
        in_both("words", words)
    with correction(consultation, by, reason) as row:
        step = Step.objects.filter(consultation=consultation, name=name).first()
        before = {"day": plain(step.day), "words": plain(step.words)} if step else {"day": "", "words": ""}
        step = step or Step(consultation=consultation, name=name)
        new_day, new_words = step.day != day, bool(str(words)) and plain(step.words) != plain(words)
        today = clock.now().astimezone(INDIA).date()
        if new_day and day < today:
            raise ValidationError({"day": _("This day has passed. Choose today or a later one.")})
        if not new_day and not new_words:
            return
        step.day, step.words = day, words if new_words else step.words
        if day > today:
            step.announced_at = None
        step.save()
        after = {"day": plain(day), "words": plain(step.words)}
        record("consultation.plan_step", step, by=by, words=reason, before=before, after=after, activity_id=row.pk)
        if new_words:
            note_change(row, by, f"step.{name}.words", before["words"], step.words, reason)
        if new_day:
            happened("timetable changed", note_change(row, by, f"step.{name}", before["day"], day, reason).pk)
        else:
            happened("changed", row.pk)


def add_document(consultation: Consultation, by: User, title: Any, link: str, reason: str) -> Document:
    """Something else to read, from now on."""
    in_both("title", title)
    try:
        URLValidator(schemes=["https", "http"])(link)
    except ValidationError as wrong:
        raise ValidationError({"link": wrong.messages}) from None
    with correction(consultation, by, reason) as row:
        document = Document.objects.create(consultation=consultation, title=title, link=link)
        note_change(row, by, "document", "", named(document), reason)
        done("consultation.add_document", row, by, "changed", words=reason, after=named(document))
        return document


def withdraw_document(document: Document, by: User, reason: str) -> None:
    """Takes a document from the page; its row and the change log keep that it was there. Twice is once."""
    with correction(document.consultation, by, reason) as row:
        if not Document.objects.filter(pk=document.pk, withdrawn_at=None).update(withdrawn_at=Now()):
            return
        note_change(row, by, "document", named(document), "", reason)
        done("consultation.withdraw_document", row, by, "changed", words=reason, before=named(document))


def named(document: Document) -> dict[str, str]:
    """A document as the change log keeps it, in both languages."""
    titles = {code: said_in(document.title, code) or str(document.title) for code in IN_BOTH}
    return {code: f"{title} ({document.link})" for code, title in titles.items()}


def label_of(field: str) -> str:
    """What the change log calls one of these fields; empty for a field of every activity."""
    if field.startswith("step."):
        return _("Step: %(name)s") % {"name": Step.Name(field.split(".")[1]).label}
    if field == "document":
        return str(Document._meta.verbose_name)
    return str(Consultation._meta.get_field(field).verbose_name) if field in {"note", "short_reason"} else ""  # type: ignore[union-attr]
