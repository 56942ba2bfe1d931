"""What counts mean, for each way of voting. Pure arithmetic on exact numbers; docs/decisions/0013 states the rules.

With n options and a place i counted from 0: Borda gives n−i points, so the first place earns n and the last of all 1;
Dowdall gives 60/(i+1), so 60, 30, 20, 15 … An option that was not ranked earns nothing. A score is the mean over the
ballots that scored the option. In a budget, options are paid for in the order of their support, the cheaper first when
two have the same, and one that no longer fits is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from polls.choices import HIGHEST_SCORE
from polls.models import Poll

Method = Poll.Method
Counts = Mapping[tuple[int, int], int]
BALLOTS, NONE = (0, 0), (0, 1)
FIRST_PLACE = 60


@dataclass(frozen=True)
class Tallied:
    """One option: how many ballots name it, its result, and how long its bar is (0 to 1)."""

    number: int
    ballots: int
    result: Fraction
    share: Fraction
    funded: bool = False


@dataclass(frozen=True)
class Tally:
    """A poll's result: `ballots` in all, `none` of them for “none of these”, options from the strongest on."""

    ballots: int
    none: int
    options: list[Tallied]


def tally(
    method: str, counts: Counts, numbers: Sequence[int], *, ranking: str = Poll.Ranking.BORDA,
    costs: Mapping[int, int] | None = None, budget: int = 0,
) -> Tally:  # fmt: skip
    """`counts` says how many ballots give an option (number) a value; `numbers` are all the options there are."""
    ballots = counts.get(BALLOTS, 0)
    values = {number: {value: n for (one, value), n in counts.items() if one == number and n} for number in numbers}
    naming = {number: sum(values[number].values()) for number in numbers}
    results = {number: result(method, values[number], len(numbers), ranking) for number in numbers}
    longest = most(method, ballots, len(numbers), ranking, results)
    funded = affordable(naming, costs or {}, budget) if method == Method.BUDGET else set()
    options = [
        Tallied(n, naming[n], results[n], results[n] / longest if longest else Fraction(0), n in funded) for n in numbers
    ]  # fmt: skip
    return Tally(ballots, counts.get(NONE, 0), sorted(options, key=lambda one: (-one.result, one.number)))


def result(method: str, given: Mapping[int, int], options: int, ranking: str) -> Fraction:
    if method == Method.RANKED:
        return sum((n * points(place - 1, options, ranking) for place, n in given.items()), Fraction(0))
    if method == Method.SCORE:
        scored = sum(given.values())
        return Fraction(sum(value * n for value, n in given.items()), scored) if scored else Fraction(0)
    return Fraction(sum(value * n for value, n in given.items()))


def points(i: int, options: int, ranking: str) -> Fraction:
    """What the place i (from 0) earns."""
    return Fraction(FIRST_PLACE, i + 1) if ranking == Poll.Ranking.DOWDALL else Fraction(options - i)


def most(method: str, ballots: int, options: int, ranking: str, results: Mapping[int, Fraction]) -> Fraction:
    """What a bar of full length stands for: the most an option can have, so that bars of all polls compare."""
    if method == Method.SCORE:
        return Fraction(HIGHEST_SCORE)
    if method == Method.RANKED:
        return ballots * points(0, options, ranking)
    if method == Method.DOTS:
        return sum(results.values(), Fraction(0))
    return Fraction(ballots)


def affordable(naming: Mapping[int, int], costs: Mapping[int, int], budget: int) -> set[int]:
    """The options the budget pays for."""
    paid: set[int] = set()
    for number in sorted(naming, key=lambda one: (-naming[one], costs.get(one, 0), one)):
        if naming[number] and costs.get(number, 0) <= budget:
            paid.add(number)
            budget -= costs.get(number, 0)
    return paid
