"""The tile map: one square per state or union territory, arranged roughly as on the map. No boundaries, no dispute."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from commons.directory import regions

if TYPE_CHECKING:
    from collections.abc import Mapping

PLACES = Path(__file__).with_name("tiles.csv")
SIDE, GAP = 46, 4  # of a square, and between two


@dataclass(frozen=True)
class Tile:
    """A state's square: where it stands, its two letters, and its number (None: hidden or nobody)."""

    x: int
    y: int
    code: str
    name: str
    number: str | None


@cache
def places() -> dict[str, tuple[int, int, str]]:
    """Column, row and letters of each state, by its segment ("state:27")."""
    with (regions.DATA / "states.csv").open(encoding="utf-8") as file:
        letters = {row["lgd_code"]: row["iso_code"].removeprefix("IN-") for row in csv.DictReader(file)}
    with PLACES.open(encoding="utf-8") as file:
        return {
            f"state:{row['lgd_code']}": (int(row["column"]), int(row["row"]), letters[row["lgd_code"]])
            for row in csv.DictReader(file)
        }


def drawn(numbers: Mapping[str, str | None], names: Mapping[str, str]) -> list[Tile]:
    """Every square, with its number where one may be shown."""
    return [
        Tile((column - 2) * (SIDE + GAP), row * (SIDE + GAP), code, names.get(segment, code), numbers.get(segment))
        for segment, (column, row, code) in places().items()
    ]
