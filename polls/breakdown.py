"""Results by state, year of birth and gender, after the close, with small numbers hidden.

While a poll is open there are no such tables: whoever looked before and after one vote would see whose it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from commons.core.numbers import indian
from commons.directory.models import Region
from commons.people.models import User
from polls import tiles
from polls.results import tally_of, words
from polls.suppression import hidden_cells
from polls.tally import BALLOTS, NONE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from polls.counting import Counts
    from polls.models import Option, Poll
    from polls.results import Results


@dataclass(frozen=True)
class Row:
    """One group: how many voted, and the result for each option; None where it is hidden."""

    name: str
    ballots: str | None
    results: list[str | None]


@dataclass(frozen=True)
class Table:
    title: str
    code: str
    rows: list[Row]
    left_out: int  # groups of which nothing can be shown
    map: list[tiles.Tile]


def tables(poll: Poll, options: list[Option], found: Results) -> list[Table]:
    """Every table there is something to show in. Call it for a closed poll whose results may be seen."""
    if found.hidden:
        return []
    states = {f"state:{region.lgd_code}": str(region) for region in Region.objects.filter(level="state")}
    dimensions = [
        ("state", _("By state"), states),
        ("born", _("By year of birth"), {f"born:{code}": str(name) for code, name in User.Born.choices}),
        ("gender", _("By gender"), {f"gender:{code}": str(name) for code, name in User.Gender.choices}),
    ]
    made = [table(poll, options, found.counts, code, title, names) for code, title, names in dimensions]
    return [one for one in made if one.rows]


def table(
    poll: Poll, options: list[Option], counts: Mapping[str, Counts], code: str, title: str, names: Mapping[str, str]
) -> Table:
    whole = counts.get("all", {})
    groups = {segment: counts.get(segment, {}) for segment in names if counts.get(segment, {}).get(BALLOTS)}
    unsaid = {key: n - sum(group.get(key, 0) for group in groups.values()) for key, n in whole.items()}
    labels = [names[segment] for segment in groups] + [_("Not said")]
    every = [*groups.values(), unsaid]
    hidden = hidden_cells(tuple(tuple(numbers(options, group)) for group in every))
    rows = [
        Row(
            label, None if (r, 0) in hidden else indian(group.get(BALLOTS, 0)),
            [None if (r, c) in hidden or (r, 0) in hidden else one for c, one in enumerate(shown(poll, options, group), start=1)],
        )
        for r, (label, group) in enumerate(zip(labels, every, strict=True))
    ]  # fmt: skip
    visible = [row for row in rows if row.ballots is not None]
    by_name = {row.name: row.ballots for row in visible}
    drawn = tiles.drawn({segment: by_name.get(names[segment]) for segment in names}, names) if code == "state" else []
    return Table(title, code, visible, sum(bool(group.get(BALLOTS)) for group in every) - len(visible), drawn)


def numbers(options: list[Option], group: Counts) -> list[int]:
    """People behind each cell of a row: all of the group, those who name each option, those who want none."""
    naming = [sum(n for (number, _value), n in group.items() if number == option.number) for option in options]
    return [group.get(BALLOTS, 0), *naming, group.get(NONE, 0)]


def shown(poll: Poll, options: list[Option], group: Counts) -> list[str]:
    """The group's own result for each option, in the options' order."""
    by_number = {one.number: words(poll, one.result, one.share) for one in tally_of(poll, options, group).options}
    return [by_number[option.number] for option in options]
