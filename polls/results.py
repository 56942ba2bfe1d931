"""A poll's results as a page shows them: the tally with its options, or why it is not shown yet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from commons.activities.models import Contribution
from commons.core.numbers import indian
from commons.integrity.words import checked_words, left_out_words
from polls import counting, rules
from polls.choices import Method
from polls.tally import BALLOTS, Tally, tally

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from polls.counting import Counts
    from polls.models import Option, Poll


@dataclass(frozen=True)
class Bar:
    """One line of the chart: the option, how long its bar is (percent), and the words at its end."""

    option: Option | None
    length: str
    result: str
    detail: str = ""
    funded: bool = False
    mine: bool = False
    guests: str = ""  # the same of those who voted without an account


@dataclass(frozen=True)
class Results:
    """`hidden` says why nothing is shown; then there are no bars, and no number that could say anything."""

    hidden: str = ""
    bars: list[Bar] = field(default_factory=list)
    ballots: int = 0
    guests: int = 0
    channels: list[tuple[str, int]] = field(default_factory=list)
    aside: int = 0  # not in them while they are checked
    left_out: int = 0
    counts: Mapping[str, Counts] = field(default_factory=dict, repr=False)

    @property
    def out(self) -> list[str]:
        """What everybody reads of the ballots that are not in them."""
        return [said for said in (checked_words(self.aside), left_out_words(self.left_out)) if said]


def results(
    poll: Poll, options: list[Option], at: datetime, *, mine: dict[int, int] | None = None, early: bool = False
) -> Results:
    """The results, if they may be shown at that moment to somebody who has voted `mine`. `early`: to whoever analyses."""
    hidden = "" if early else rules.hides_results(poll, at, has_voted=mine is not None, ballots=rules.FEWEST)
    if hidden:
        return Results(hidden)
    counts = counting.read(poll.pk)
    ballots = counts.get("all", {}).get(BALLOTS, 0)
    hidden = "" if early else rules.hides_results(poll, at, has_voted=mine is not None, ballots=ballots)
    if hidden:
        return Results(hidden)
    found = tally_of(poll, options, counts.get("all", {}))
    lines = bars(poll, options, found, mine)
    guests = tally_of(poll, options, counts.get("guest", {}))
    # Few of them say how each voted, until the list of all ballots is public.
    if guests.ballots >= rules.FEWEST or (guests.ballots and poll.is_counted):
        by_option = {bar.option: bar for bar in bars(poll, options, guests, None)}
        lines = [
            replace(bar, guests=f"{by_option[bar.option].detail} · {by_option[bar.option].result}") for bar in lines
        ]
    aside, left_out = (counts.get(segment, {}).get(BALLOTS, 0) for segment in ("aside", "left_out"))
    return Results("", lines, found.ballots, guests.ballots, channels(counts), aside, left_out, counts)


def with_left_out(poll: Poll, options: list[Option], found: Results) -> list[Bar]:
    """What the result would be with the ballots that were left out. For a published count, whose list says it anyway."""
    everybody = Counter(found.counts.get("all", {})) + Counter(counting.read_out(poll.pk))
    return bars(poll, options, tally_of(poll, options, everybody), None)


def channels(counts: Mapping[str, Counts]) -> list[tuple[str, int]]:
    """How many ballots came in which way."""
    numbers = [(name, counts.get(f"channel:{code}", {}).get(BALLOTS, 0)) for code, name in Contribution.Channel.choices]
    return [(str(name), n) for name, n in numbers if n]


def tally_of(poll: Poll, options: list[Option], counts: Counts) -> Tally:
    costs = {option.number: option.cost or 0 for option in options}
    numbers = [option.number for option in options]
    return tally(poll.method, counts, numbers, ranking=poll.ranking, costs=costs, budget=poll.budget or 0)


def bars(poll: Poll, options: list[Option], found: Tally, mine: dict[int, int] | None) -> list[Bar]:
    by_number = {option.number: option for option in options}
    shown = [
        Bar(
            by_number[one.number], f"{float(one.share) * 100:.2f}", words(poll, one.result, one.share),
            detail(poll, one.ballots, one.result), one.funded, bool(mine and one.number in mine),
        )
        for one in found.options
    ]  # fmt: skip
    if poll.method == Method.YES_NO:  # in their natural order
        shown.sort(key=lambda bar: bar.option.number if bar.option else 0)
    if poll.allows_none:
        share = Fraction(found.none, found.ballots) if found.ballots else Fraction(0)
        shown.append(Bar(None, f"{float(share) * 100:.2f}", percent(share), indian(found.none), mine=mine == {}))
    return shown


def words(poll: Poll, result: Fraction, share: Fraction) -> str:
    """The result in the unit of the way of voting."""
    if poll.method == Method.RANKED:
        return _("%(n)s points") % {"n": plain(result)}
    if poll.method == Method.SCORE:
        return _("%(n)s of 5") % {"n": f"{float(result):.2f}"}
    return percent(share)


def detail(poll: Poll, ballots: int, result: Fraction) -> str:
    """The absolute number beside it."""
    return indian(int(result)) if poll.method == Method.DOTS else indian(ballots)


def plain(number: Fraction) -> str:
    """An exact number with at most one decimal, in India's groups."""
    tenths = round(number * 10)
    return indian(tenths // 10) + (f".{tenths % 10}" if tenths % 10 else "")


def percent(share: Fraction) -> str:
    return f"{float(share) * 100:.1f} %"
