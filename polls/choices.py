"""How a choice is written: "1:3,4:5" gives option 1 the value 3 and option 4 the value 5; "" is “none of these”.

One form for every way of voting, in the order of the numbers, so that equal choices are equal texts: what the
database compares, the chain covers and `verify_poll.py` reads. A value is 1 for what was chosen, a rank (1 is
first), a score from 0 to 5, or a number of dots.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commons.core.numbers import indian
from polls.models import Poll

if TYPE_CHECKING:
    from collections.abc import Iterable

    from polls.models import Option

Method = Poll.Method
ONE = {Method.SINGLE, Method.PICTURES, Method.YES_NO}
HIGHEST_SCORE = 5


def write(values: dict[int, int]) -> str:
    return ",".join(f"{number}:{values[number]}" for number in sorted(values))


def read(choice: str) -> dict[int, int]:
    pairs = (part.split(":") for part in choice.split(",") if part)
    return {int(number): int(value) for number, value in pairs}


def check(poll: Poll, options: Iterable[Option], values: dict[int, int]) -> None:
    """Raises ValidationError, in words for the voter, for what is no choice in this poll. Empty is “none of these”."""
    known = {option.number: option for option in options}
    if not values:
        if not poll.allows_none:
            raise ValidationError(_("Choose something first."), "empty")
        return
    if not set(values) <= set(known):
        raise ValidationError(_("This is not an option of this poll."), "foreign")
    if poll.method in {*ONE, Method.MULTIPLE, Method.BUDGET} and set(values.values()) != {1}:
        raise ValidationError(_("This is not an option of this poll."), "value")
    if poll.method in ONE and len(values) > 1:
        raise ValidationError(_("Choose one option only."), "two")
    if poll.method == Method.MULTIPLE and len(values) > poll.votes_for:
        raise ValidationError(too_many(len(values), poll.votes_for), "most")
    if poll.method == Method.RANKED:
        check_ranks(values)
    if poll.method == Method.SCORE and not set(values.values()) <= set(range(HIGHEST_SCORE + 1)):
        raise ValidationError(_("A score goes from 0 to 5."), "score")
    if poll.method == Method.DOTS:
        check_dots(poll, values)
    if poll.method == Method.BUDGET:
        spent, budget = sum(known[number].cost or 0 for number in values), poll.budget or 0
        if spent > budget:
            words = _("This costs %(spent)s; the budget is %(budget)s. Take something out.")
            raise ValidationError(words % {"spent": indian(spent), "budget": indian(budget)}, "budget")


def too_many(chosen: int, most: int) -> str:
    words = ngettext(
        "Choose at most %(most)s option: you chose %(chosen)s.",
        "Choose at most %(most)s options: you chose %(chosen)s.", most,
    )  # fmt: skip
    return words % {"most": most, "chosen": chosen}


def check_ranks(values: dict[int, int]) -> None:
    ranks = sorted(values.values())
    if len(set(ranks)) < len(ranks):
        raise ValidationError(_("Two options have the same place: give each a place of its own."), "twice")
    if ranks != list(range(1, len(ranks) + 1)):
        raise ValidationError(_("A place is left out: begin with 1 and leave no gap."), "gap")


def check_dots(poll: Poll, values: dict[int, int]) -> None:
    if min(values.values()) < 1:
        raise ValidationError(_("An option has at least one dot, or none at all."), "negative")
    placed = sum(values.values())
    if placed > poll.votes_for:
        words = _("You have %(dots)s dots and placed %(placed)s. Take some away.")
        raise ValidationError(words % {"dots": poll.votes_for, "placed": placed}, "most")
