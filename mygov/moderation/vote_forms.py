"""The steps a moderator can take with a cluster of votes, and the form they are taken with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from commons.core.numbers import indian
from commons.integrity.checking import ALLOWED
from commons.integrity.models import Cluster

State = Cluster.State


class VoteDecisionForm(forms.Form):
    """`to` is the button that was pressed, `seen` the state the moderator looked at."""

    seen = forms.ChoiceField(choices=State.choices, widget=forms.HiddenInput)
    to = forms.ChoiceField(choices=[(to, to) for to in ALLOWED], widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2, "data-count": 1000}),
        help_text=_("Kept with the decision; other moderators read it."),
        error_messages={"required": _("Say why. It is kept with the decision.")},
    )  # fmt: skip


@dataclass(frozen=True)
class Step:
    """`words` is what its button says for so many votes, `said` what is said when it is done."""

    to: str
    words: Callable[[int], str]
    said: Callable[[int], str]
    css: str = ""


@dataclass(frozen=True)
class Button:
    to: str
    words: str
    css: str


def set_aside(n: int) -> str:
    said = ngettext("Set %(n)s vote aside while it is checked", "Set %(n)s votes aside while they are checked", n)
    return said % {"n": indian(n)}


def was_set_aside(n: int) -> str:
    said = ngettext(
        "%(n)s vote is set aside. Everybody sees that.", "%(n)s votes are set aside. Everybody sees that.", n
    )
    return said % {"n": indian(n)}


def put_back(n: int) -> str:
    return ngettext("Count %(n)s vote again", "Count %(n)s votes again", n) % {"n": indian(n)}


def was_put_back(n: int) -> str:
    return ngettext("%(n)s vote counts again.", "%(n)s votes count again.", n) % {"n": indian(n)}


def leave_out(n: int) -> str:
    return ngettext("Leave %(n)s vote out for good", "Leave %(n)s votes out for good", n) % {"n": indian(n)}


def was_left_out(n: int) -> str:
    said = ngettext(
        "%(n)s vote stays out. It can still be put back.", "%(n)s votes stay out. They can still be put back.", n
    )
    return said % {"n": indian(n)}


STEPS = {
    State.ASIDE.value: Step(State.ASIDE, set_aside, was_set_aside),
    State.RELEASED.value: Step(State.RELEASED, put_back, was_put_back),
    State.LEFT_OUT.value: Step(State.LEFT_OUT, leave_out, was_left_out, "danger"),
    State.DISMISSED.value: Step(
        State.DISMISSED, lambda n: str(_("Nothing wrong: leave them counted")), lambda n: str(_("Nothing is changed.")),
        "second",
    ),
}  # fmt: skip


def steps_of(cluster: Cluster, votes: int, *, settled: bool) -> list[Button]:
    """What is possible now. Once a count is final, a group can only be laid aside."""
    possible = {to: step for to, step in STEPS.items() if cluster.state in ALLOWED[to]}
    if settled:
        possible = {to: step for to, step in possible.items() if to == State.DISMISSED}
    return [Button(to, step.words(votes), step.css) for to, step in possible.items()]
