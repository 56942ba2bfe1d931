"""What a citizen says when they report, and a moderator when they decide."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from mygov.moderation.models import Decision
from mygov.moderation.reasons import Reason


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
    """`what` comes from the button that was pressed. `seen` is the turn the moderator looked at."""

    seen = forms.IntegerField(min_value=0, max_value=30_000, widget=forms.HiddenInput)
    what = forms.ChoiceField(choices=Decision.What.choices, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("Which rule does it break?"), choices=Reason.choices, widget=forms.RadioSelect, required=False
    )
    words = forms.CharField(
        label=_("Words for the author"), required=False, max_length=1000,
        help_text=_("Empty: the author reads the rule's own sentence."),
        widget=forms.Textarea(attrs={"rows": 3, "data-count": 1000}),
    )  # fmt: skip
