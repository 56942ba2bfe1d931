"""What a person types in answer to a clause, or to the whole document."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations import attachments, scanning
from consultations.models import Annotation, Submission
from consultations.responding import LIMITS


class ResponseForm(forms.Form):
    """One answer to one clause. What each stance needs, `responding.respond` says."""

    stance = forms.ChoiceField(
        label=_("What do you think of this clause?"), choices=Annotation.Stance.choices, widget=forms.RadioSelect
    )
    exact = forms.CharField(
        label=_("The words you mean"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Copy them from the clause, or select them above. Empty: the whole clause."),
    )  # fmt: skip
    proposed = forms.CharField(
        label=_("How it should read"), required=False, widget=forms.Textarea(attrs={"rows": 4, "data-count": LIMITS["proposed"]}),
        help_text=_("Needed for “It should read differently”. Others see it beside the clause, word by word."),
    )  # fmt: skip
    body = forms.CharField(
        label=_("Why, or your question"), required=False, widget=forms.Textarea(attrs={"rows": 4, "data-count": LIMITS["body"]}),
    )  # fmt: skip


class SubmissionForm(forms.ModelForm):
    """An answer to the whole document. A file is read, cleaned and kept, or refused beside its field."""

    file = forms.FileField(label=_("File"), required=False, help_text=_("PDF or Word (.docx), at most 10 MB."))

    class Meta:
        model = Submission
        fields = ["by", "organisation", "interest", "body", "confidential"]
        widgets = {
            "by": forms.RadioSelect,
            "interest": forms.Textarea(attrs={"rows": 3}),
            "body": forms.Textarea(attrs={"rows": 12, "data-count": 50_000}),
        }
        help_texts = {
            "organisation": _("Only when you speak for one."),
            "interest": _(
                "Whom it represents, who pays for it, and how this law would touch it. Public. Needed for an organisation."
            ),
            "confidential": _("Others see that you responded, and when; only the institution reads what you wrote."),
        }

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if file is None:
            return None
        if file.size > attachments.MOST_BYTES:
            raise attachments.too_large()
        return scanning.scan(attachments.clean(file.name, file.read()))

    def validate_constraints(self) -> None:
        """One a person: a second one takes the place of the first."""
