"""A survey as its conditions see it: sections in their order, each with its questions. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from surveys.conditions import ALWAYS, Condition


@dataclass(frozen=True)
class Asked:
    """One question as conditions see it. `options` are codes; `rows` those of a matrix; the bounds are of numbers,
    or of how many options may be chosen."""

    name: str
    kind: str
    when: Condition = ALWAYS
    required: bool = False
    options: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Part:
    """A section: one page."""

    name: str
    asked: tuple[Asked, ...]
    when: Condition = ALWAYS
    shuffled: bool = False


@dataclass(frozen=True)
class Form:
    parts: tuple[Part, ...]

    def questions(self) -> Iterator[tuple[Part, Asked]]:
        for part in self.parts:
            for asked in part.asked:
                yield part, asked
