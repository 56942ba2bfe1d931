"""What a citizen says when they report, and a moderator when they decide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from discussions.models import Idea
from mygov.moderation.models import Decision, SecondReview
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


class BulkForm(forms.Form):
    """One decision on many cases: on the ticked ones, or on everything that fits the filter."""

    SCOPES = [("ticked", _("The ticked ones")), ("all", _("Everything that fits the filter"))]

    what = forms.ChoiceField(label=_("What is decided"), widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label=_("Which rule do they break?"), choices=[("", "—"), *Reason.choices], required=False,
        help_text=_("Only when they are hidden."),
    )  # fmt: skip
    words = forms.CharField(
        label=_("Words for the authors"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "data-count": 1000}),
        help_text=_("Empty: each author reads the rule's own sentence, in their language."),
    )  # fmt: skip
    scope = forms.ChoiceField(label=_("On which cases"), choices=SCOPES, initial="ticked", widget=forms.RadioSelect)

    def __init__(self, *args: Any, offered: Iterable[What], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {What.APPROVE: _("Leave or show them"), What.HIDE: _("Hide them"),
                 What.ASK: _("Ask a moderator of the platform to hide them")}  # fmt: skip
        self.fields["what"].choices = [(what, words[what]) for what in offered]  # type: ignore[attr-defined]


class AppealForm(forms.Form):
    """Why an author thinks that a decision is wrong."""

    words = forms.CharField(
        label=_("Why is the decision wrong?"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5, "data-count": 2000}),
        error_messages={"required": _("Say why the decision is wrong.")},
    )  # fmt: skip


class OpinionForm(forms.Form):
    """What a second moderator thinks of a text, not knowing what was decided."""

    opinion = forms.ChoiceField(
        label=_("What would you have decided?"), choices=SecondReview.Opinion, widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three.")},
    )  # fmt: skip
    words = forms.CharField(
        label=_("Why, if you like to say it"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "data-count": 500}), help_text=_("Administrators read it."),
    )  # fmt: skip


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
