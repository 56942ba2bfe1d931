"""The lifecycle's verbs as pages: what each says, asks and needs. The rules themselves are the verbs' own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from commons.activities import lifecycle, rules
from commons.activities.admin_forms import ExtendForm, NoteForm, PublishForm, ReasonForm, ReviseForm
from commons.activities.models import Activity
from commons.activities.readiness import missing
from commons.directory.verb_pages import Verb

State, Phase = Activity.State, Activity.Phase

WRITERS = _("Authors and approvers of the institution do this.")
SOMEBODY_ELSE = _("An approver of the institution does this who neither wrote it nor changed it last.")
APPROVERS = _("An approver of the institution does this.")


def not_a_draft(row: Activity) -> Any:
    return "" if row.state == State.DRAFT else _("Only a draft can be submitted.")


def incomplete(row: Activity) -> Any:
    return not_a_draft(row) or (_("Something is still missing: see above the form.") if missing(row) else "")


def not_waiting(row: Activity) -> Any:
    return "" if row.state == State.IN_REVIEW else _("It does not wait for approval.")


def not_published(row: Activity) -> Any:
    return "" if row.state == State.PUBLISHED else _("It is not published.")


def not_extendable(row: Activity) -> Any:
    return not_published(row) or ("" if row.closes_at else _("It has no close: it stays open."))


def not_open(row: Activity) -> Any:
    if row.state != State.PUBLISHED:
        return _("It is not published.")
    return "" if row.phase() == Phase.OPEN else _("It is not open now.")


VERBS = (
    Verb(
        "submit", _("Submit for review"), _("Approvers of the institution are told. One of them reads it and publishes it."),
        _("Submitted. The approvers of the institution have been told."),
        lambda row, by, form: lifecycle.submit_for_review(row, by), rules.may_write, WRITERS, incomplete, shows_text=True, after_saving=True,
    ),
    Verb(
        "take-back", _("Take back to draft"), _("It no longer waits for approval, and you can change it and submit it again."),
        _("Taken back. It is a draft again."),
        lambda row, by, form: lifecycle.take_back(row, by), rules.may_write, WRITERS, not_waiting,
    ),
    Verb(
        "publish", _("Approve and publish"), _("This is what citizens will read. Read it as they will, in both languages."),
        _("Approved."),
        lambda row, by, form: lifecycle.publish(row, by, at=form.moment, seen=form.cleaned_data["seen"]),
        rules.may_approve, SOMEBODY_ELSE, not_waiting, PublishForm, shows_text=True,
    ),
    Verb(
        "return", _("Return to the author"), _("It becomes a draft again, and its author reads your note."),
        _("Returned. The author has been told."),
        lambda row, by, form: lifecycle.return_to_author(row, by, form.cleaned_data["note"]),
        rules.may_approve, SOMEBODY_ELSE, not_waiting, NoteForm, shows_text=True,
    ),
    Verb(
        "revise", _("Revise the published text"), _("Every change goes into the public change log, with your reason."),
        _("Revised. What changed stands in the public change log."),
        lambda row, by, form: lifecycle.revise(form.save(commit=False), by, form.cleaned_data["reason"]),
        rules.may_steer, APPROVERS, not_published, ReviseForm,  # type: ignore[arg-type]
    ),
    Verb(
        "extend", _("Extend"), _("The new close and your reason go into the public change log; who took part is told."),
        _("Extended. The new close stands in the public change log."),
        lambda row, by, form: lifecycle.extend(row, by, form.cleaned_data["closes_at"], form.cleaned_data["reason"]),
        rules.may_steer, APPROVERS, not_extendable, ExtendForm,
    ),
    Verb(
        "close-early", _("Close early"), _("Nobody can take part from this moment on. Your reason goes into the public change log."),
        _("Closed. Your reason stands in the public change log."),
        lambda row, by, form: lifecycle.close_early(row, by, form.cleaned_data["reason"]),
        rules.may_steer, APPROVERS, not_open, ReasonForm, danger=True,
    ),
    Verb(
        "withdraw", _("Withdraw"), _("The page stays and shows your reason; nobody can take part any more. This cannot be undone."),
        _("Withdrawn. The page says why."),
        lambda row, by, form: lifecycle.withdraw(row, by, form.cleaned_data["reason"]),
        rules.may_steer, APPROVERS, not_published, ReasonForm, danger=True,
    ),
)  # fmt: skip
