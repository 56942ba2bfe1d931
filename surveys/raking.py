"""Weights that make those who answered look like the country in a few respects at once: raking, by Deming and Stephan.

Pure. It works on cells (how many people share one combination of categories), so a million answers cost as much as a
hundred. Weights mend what was measured; they do not make a sample of people who chose to answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

type Cell = tuple[str, ...]  # one category for each variable
type Shares = Mapping[str, float]

ROUNDS = 200
CLOSE = 1e-6  # the largest gap between a weighted share and the census at which it is done
LARGEST, SMALLEST = 5.0, 0.2  # of the mean weight: one person never speaks for more than five


class Impossible(ValueError):
    """A category of the census has nobody who answered: no weight can mend that. `missing` names variable and category."""

    def __init__(self, missing: list[tuple[str, str]]) -> None:
        super().__init__(str(missing))
        self.missing = missing


@dataclass(frozen=True)
class Weights:
    """A weight for each cell, their mean being 1. `gap` is the largest difference left; `trimmed`, how many were cut."""

    of: dict[Cell, float]
    rounds: int
    converged: bool
    gap: float
    trimmed: int


def rake(cells: Mapping[Cell, int], targets: Sequence[tuple[str, Shares]]) -> Weights:
    """Weights under which each variable's shares are the census's.

    `targets` name the variables in the order of the cells' categories, each with shares that sum to about 1. Raises
    Impossible. Weights beyond the bounds are cut, and then the shares may differ: `gap` and `converged` say so.
    """
    people = sum(cells.values())
    targets = [(name, scaled(shares)) for name, shares in targets]
    missing = [
        (name, category)
        for place, (name, shares) in enumerate(targets)
        for category, share in shares.items()
        if share > 0 and not any(n for cell, n in cells.items() if cell[place] == category)
    ]
    if missing or not people:
        raise Impossible(missing)
    weights = {
        cell: 1.0 for cell, n in cells.items() if n and all(cell[p] in shares for p, (_n, shares) in enumerate(targets))
    }
    rounds, gap = 0, largest_gap(weights, cells, targets)
    while gap > CLOSE and rounds < ROUNDS:
        rounds += 1
        for place, (_name, shares) in enumerate(targets):
            adjust(weights, cells, place, shares)
        gap = largest_gap(weights, cells, targets)
    trimmed = trim(weights, cells)
    gap = largest_gap(weights, cells, targets)
    return Weights(weights, rounds, gap <= CLOSE, gap, trimmed)


def scaled(shares: Shares) -> dict[str, float]:
    total = sum(shares.values())
    return {category: share / total for category, share in shares.items()}


def weighted(weights: Mapping[Cell, float], cells: Mapping[Cell, int], place: int) -> tuple[dict[str, float], float]:
    """The weighted number of people in each category of one variable, and in all."""
    sums: dict[str, float] = {}
    for cell, weight in weights.items():
        sums[cell[place]] = sums.get(cell[place], 0.0) + weight * cells[cell]
    return sums, sum(sums.values())


def adjust(weights: dict[Cell, float], cells: Mapping[Cell, int], place: int, shares: Shares) -> None:
    sums, _total = weighted(weights, cells, place)
    people = sum(cells[cell] for cell in weights)
    factors = {category: shares[category] * people / n if n else 0.0 for category, n in sums.items()}
    for cell in weights:
        weights[cell] *= factors[cell[place]]


def largest_gap(
    weights: Mapping[Cell, float], cells: Mapping[Cell, int], targets: Sequence[tuple[str, Shares]]
) -> float:
    gaps = [0.0]
    for place, (_name, shares) in enumerate(targets):
        sums, total = weighted(weights, cells, place)
        gaps += [abs(sums.get(category, 0.0) / total - share) for category, share in shares.items()] if total else [1.0]
    return max(gaps)


def trim(weights: dict[Cell, float], cells: Mapping[Cell, int]) -> int:
    """Cuts weights beyond the bounds and brings the mean back to 1; says how many cells were cut."""
    people = sum(cells[cell] for cell in weights)
    mean = sum(weight * cells[cell] for cell, weight in weights.items()) / people
    cut = 0
    for cell, weight in weights.items():
        bounded = min(max(weight / mean, SMALLEST), LARGEST)
        cut += abs(bounded - weight / mean) > 1e-12
        weights[cell] = bounded
    mean = sum(weight * cells[cell] for cell, weight in weights.items()) / people
    for cell in weights:
        weights[cell] /= mean
    return cut


def design_effect(weights: Mapping[Cell, float], cells: Mapping[Cell, int]) -> float:
    """Kish: n·Σw² / (Σw)². At 2, a thousand weighted answers are as exact as five hundred unweighted ones."""
    people = sum(cells[cell] for cell in weights)
    total = sum(weight * cells[cell] for cell, weight in weights.items())
    squares = sum(weight * weight * cells[cell] for cell, weight in weights.items())
    return people * squares / (total * total) if total else 0.0


def representativeness(counts: Mapping[str, float], shares: Shares) -> float:
    """100·(1 − ½·Σ|p − q|): 100 when the shares are the census's, 0 when they have nothing in common."""
    people = sum(counts.values())
    if not people:
        return 0.0
    census = scaled(shares)
    categories = counts.keys() | census.keys()
    return 100 * (1 - sum(abs(counts.get(c, 0) / people - census.get(c, 0.0)) for c in categories) / 2)
