"""The ballot paper: one form for each way of voting, all of it without JavaScript and without dragging."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from polls import choices
from polls.choices import HIGHEST_SCORE, ONE, Method

if TYPE_CHECKING:
    from collections.abc import Mapping

    from polls.models import Option, Poll

NONE = "none"
OF_AN_OPTION = re.compile(r"o\d{1,9}")


@dataclass(frozen=True)
class Line:
    """One option on the paper. `value` and `chosen` are for radio buttons, `field` for everything else."""

    option: Option | None  # None: “none of these”
    field: Any = None
    value: str = ""
    chosen: bool = False


class BallotForm(forms.Form):
    """`options` in the order of this voter's paper; `chosen` is the ballot as it stands, if there is one."""

    def __init__(self, poll: Poll, options: list[Option], data: Any = None, *, chosen: dict[int, int] | None = None,
                 typed: Mapping[str, str] | None = None) -> None:  # fmt: skip
        super().__init__(data, initial=dict(typed or {}) or (initial(poll, chosen) if chosen is not None else {}))
        self.poll, self.options = poll, options
        self.one = poll.method in ONE
        if self.one:
            labels = [(str(option.number), str(option)) for option in options]
            none = [(NONE, _("None of these"))] if poll.allows_none else []
            self.fields["choice"] = forms.ChoiceField(
                label=_("Your choice"), choices=labels + none, widget=forms.RadioSelect, required=False
            )
            return
        for option in options:
            self.fields[f"o{option.number}"] = field_for(poll, option, len(options))
        if poll.allows_none:
            self.fields[NONE] = forms.BooleanField(label=_("None of these"), required=False)

    @property
    def lines(self) -> list[Line]:
        if not self.one:
            lines = [Line(option, self[f"o{option.number}"]) for option in self.options]
            return lines + ([Line(None, self[NONE])] if self.poll.allows_none else [])
        chosen = str(self["choice"].value() or "")
        lines = [Line(o, value=str(o.number), chosen=chosen == str(o.number)) for o in self.options]
        return lines + ([Line(None, value=NONE, chosen=chosen == NONE)] if self.poll.allows_none else [])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        foreign = [name for name in self.data if OF_AN_OPTION.fullmatch(name) and name not in self.fields]
        ticks = [name for name, field in self.fields.items() if isinstance(field, forms.BooleanField)]
        odd = [name for name in ticks if self.data.get(name, "on") != "on"]
        if foreign or odd or (not self.one and "choice" in self.data):
            raise ValidationError(_("This is not an option of this poll."), "foreign")
        if self.one and len(set(self.data.getlist("choice"))) > 1:  # type: ignore[attr-defined]
            raise ValidationError({"choice": _("Choose one option only.")})
        values = self.values(cleaned)
        none = cleaned.get(NONE) or cleaned.get("choice") == NONE
        if values and none:
            raise ValidationError(_("Choose options, or “none of these”, but not both."), "both")
        if not values and not none:
            raise ValidationError(_("Choose something first."), "empty")
        choices.check(self.poll, self.options, values)
        cleaned["values"] = values
        return cleaned

    def values(self, cleaned: dict[str, Any]) -> dict[int, int]:
        """What was chosen, by the option's number."""
        if self.one:
            chosen = cleaned.get("choice") or NONE
            return {int(chosen): 1} if chosen != NONE else {}
        given = {option.number: cleaned.get(f"o{option.number}") for option in self.options}
        score = self.poll.method == Method.SCORE  # where nothing said is not a zero
        return {number: int(value) for number, value in given.items() if value or (score and value == 0)}


def field_for(poll: Poll, option: Option, options: int) -> forms.Field:
    label = str(option)
    if poll.method == Method.RANKED:
        places = [("", "–"), *((n, str(n)) for n in range(1, options + 1))]
        return forms.TypedChoiceField(label=label, choices=places, coerce=int, empty_value=None, required=False)
    if poll.method == Method.SCORE:
        scores = [("", _("No opinion")), *((n, str(n)) for n in range(HIGHEST_SCORE + 1))]
        return forms.TypedChoiceField(label=label, choices=scores, coerce=int, empty_value=None, required=False)
    if poll.method == Method.DOTS:
        widget = forms.NumberInput(attrs={"inputmode": "numeric"})
        words = _("Give a whole number from 0 to %(dots)s.") % {"dots": poll.votes_for}
        return forms.IntegerField(
            label=label, min_value=0, max_value=poll.votes_for, required=False, widget=widget,
            error_messages=dict.fromkeys(("min_value", "max_value", "invalid"), words),
        )  # fmt: skip
    attrs = {"data-cost": option.cost} if poll.method == Method.BUDGET else {}
    return forms.BooleanField(label=label, required=False, widget=forms.CheckboxInput(attrs=attrs))


def initial(poll: Poll, chosen: dict[int, int]) -> dict[str, Any]:
    """A ballot as the form's values."""
    if poll.method in ONE:
        return {"choice": str(next(iter(chosen), NONE))}
    return {f"o{number}": value for number, value in chosen.items()} | ({} if chosen else {NONE: True})
