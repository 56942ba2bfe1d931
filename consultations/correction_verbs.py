"""What an official corrects of a published consultation, each as a page of the admin. The rules are the verbs' own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commons.activities.activity_verbs import APPROVERS, not_published
from commons.activities.admin_forms import ReasonForm
from commons.activities.models import Activity
from commons.activities.rules import may_steer
from commons.core.moments import day
from commons.directory.admin_widgets import BothLanguagesField, BothLanguagesInput, BothLanguagesText
from commons.directory.verb_pages import Verb, VerbForm
from consultations import correcting, drafting
from consultations.models import Consultation, Document, Step


class ShorterForm(VerbForm):
    reason = BothLanguagesField(
        label=_("Why fewer than 30 days are enough"), widget=BothLanguagesText, require_all_fields=True,
        help_text=_("Citizens read it with your name at the head of the page."),
    )  # fmt: skip


class NoteForm(ReasonForm):
    note = BothLanguagesField(
        label=_("Explanatory note"), widget=BothLanguagesText, help_text=_("In plain language. Markdown."),
        widget_kwargs={"attrs": {"rows": 12}},
    )  # fmt: skip
    field_order = ["note", "reason"]

    def __init__(self, data: Any = None, *, thing: Any) -> None:
        super().__init__(data, thing=thing)
        self.initial["note"] = thing.note


class StepForm(ReasonForm):
    """One step at a time: each change has its own reason."""

    name = forms.ChoiceField(label=_("Step"))
    day = forms.DateField(
        label=_("Its day from now on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    words = BothLanguagesField(
        label=_("In your words"), widget=BothLanguagesInput, required=False, max_length=160,
        help_text=_("What happens then, and where. Empty: as it was."),
    )  # fmt: skip
    field_order = ["name", "day", "words", "reason"]

    def __init__(self, data: Any = None, *, thing: Any) -> None:
        super().__init__(data, thing=thing)
        planned = dict(thing.steps.values_list("name", "day"))
        self.fields["name"].choices = [  # type: ignore[attr-defined]
            (code, f"{label} · {day(planned[code]) if code in planned else _('not planned yet')}")
            for code, label in Step.Name.choices
        ]


class DocumentForm(ReasonForm):
    title = BothLanguagesField(label=_("Title"), widget=BothLanguagesInput, max_length=160)
    link = forms.CharField(
        label=_("Address"), max_length=300, widget=forms.URLInput, help_text=_("Where it is published: https://…")
    )
    field_order = ["title", "link", "reason"]


class WithdrawDocumentForm(ReasonForm):
    document = forms.ModelChoiceField(Document.objects.none(), label=_("Document"), empty_label=None)
    field_order = ["document", "reason"]

    def __init__(self, data: Any = None, *, thing: Any) -> None:
        super().__init__(data, thing=thing)
        self.fields["document"].queryset = thing.documents.filter(withdrawn_at=None)  # type: ignore[attr-defined]


def over(row: Consultation) -> Any:
    closed = row.state == Activity.State.WITHDRAWN or row.phase() == Activity.Phase.CLOSED
    return _("Nobody can respond any more.") if closed else ""


def no_document(row: Consultation) -> Any:
    none = _("There is no document.")
    return not_published(row) or ("" if row.documents.filter(withdrawn_at=None).exists() else none)


LOGGED = _("It stands in the public change log at once, with your reason, before and after.")
OWN_VERBS = (
    Verb(
        "sign-shorter", _("Sign a shorter window"), _("The policy of 2014 asks for at least 30 days. Your reason and your name stand on the page."),
        _("Signed. It may be open for fewer than 30 days."),
        lambda row, by, form: drafting.sign_shorter(row, by, form.cleaned_data["reason"]), may_steer, APPROVERS, over, ShorterForm,
    ),
    Verb(
        "revise-note", _("Correct the explanatory note"), LOGGED, _("Corrected. Everybody reads the new note, and what it was."),
        lambda row, by, form: correcting.revise_note(row, by, form.cleaned_data["note"], form.cleaned_data["reason"]),
        may_steer, APPROVERS, not_published, NoteForm,
    ),
    Verb(
        "plan-step", _("Move or add a step"), _("Followers are told of another day and of a new step; both stand in the public change log."),
        _("Saved. The step stands on the page, and its change in the public log."),
        lambda row, by, form: correcting.plan_step(row, by, **form.cleaned_data), may_steer, APPROVERS, not_published, StepForm,
    ),
    Verb(
        "add-document", _("Add a document"), LOGGED, _("Added. Everybody finds it on the page."),
        lambda row, by, form: correcting.add_document(row, by, **form.cleaned_data), may_steer, APPROVERS, not_published, DocumentForm,
    ),
    Verb(
        "withdraw-document", _("Withdraw a document"), LOGGED, _("Withdrawn. The change log says why."),
        lambda row, by, form: correcting.withdraw_document(form.cleaned_data["document"], by, form.cleaned_data["reason"]),
        may_steer, APPROVERS, no_document, WithdrawDocumentForm, danger=True,
    ),
)  # fmt: skip
