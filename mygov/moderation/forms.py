"""What a citizen says when they report, and a moderator when they decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from discussions.models import Idea
from mygov.moderation.models import Decision
from mygov.moderation.reasons import Reason

What = Decision.What


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Which rule does it break?"), choices=Reason.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose the rule it breaks.")},
    )  # fmt: skip
    words = forms.CharField(
        label=_("What should the moderator know?"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": 500}),
    )  # fmt: skip


class DecisionForm(forms.Form):
    """`what` is the button that was pressed, `seen` the turn the moderator looked at."""

    seen = forms.IntegerField(min_value=0, max_value=30_000, widget=forms.HiddenInput)
    what = forms.ChoiceField(choices=What.choices, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Words for the author"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "data-count": 1000}),
    )  # fmt: skip


class RuleForm(DecisionForm):
    """Takes something out of sight, by a rule of the conversation."""

    reason = forms.ChoiceField(
        label=_("Which rule does it break?"), choices=Reason.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose the rule it breaks.")},
    )  # fmt: skip
    field_order = ["reason", "words"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].help_text = _("Empty: the author reads the rule's own sentence.")


class RemovalForm(DecisionForm):
    """Takes something away because a law or an order says so. Its author has to read which."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = _("Which law or order?")
        self.fields["words"].help_text = _("Its author reads this. Only an administrator or an appeal shows it again.")


class TakeOverForm(forms.Form):
    """Why somebody takes a case from a colleague who has it open."""

    words = forms.CharField(
        label=_("Why do you take it over?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2, "data-count": 300}),
        error_messages={"required": _("Say why you take it over: whoever has it open reads it.")},
    )  # fmt: skip


class RejectionForm(DecisionForm):
    """Does not accept an idea, for a reason everybody reads."""

    reason = forms.ChoiceField(label=_("Why is it not accepted?"), choices=[("", "—"), *Idea.Rejected.choices])
    field_order = ["reason", "words"]


def form_for(what: str) -> type[DecisionForm]:
    """The form a decision is made with."""
    if what in {What.HIDE, What.ASK}:
        return RuleForm
    if what == What.REMOVE:
        return RemovalForm
    return RejectionForm if what == What.REJECT else DecisionForm
