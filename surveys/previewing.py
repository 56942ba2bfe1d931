"""How officials try a survey before it opens: every way through it, each with answers that lead there. Nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from surveys import paths
from surveys.asking import Sheet
from surveys.shape import Form


@dataclass(frozen=True)
class Way:
    """One way through: its number, answers that lead there, the questions shown, and the end of its pages' addresses."""

    number: int
    answers: dict[str, Any]
    names: list[str]

    @property
    def query(self) -> str:
        return f"?way={self.number}"


def ways(sheet: Sheet) -> tuple[list[Way], bool]:
    """The ways through, at most sixty, and whether these are all."""
    found, complete = every_path(sheet.form)
    return [Way(number, answers, names) for number, (answers, names) in enumerate(found, start=1)], complete


@lru_cache(maxsize=20)
def every_path(form: Form) -> tuple[list[tuple[dict[str, Any], list[str]]], bool]:
    return paths.every_path(form)


def way(sheet: Sheet, number: str) -> Way:
    """The way with that number; the one with no answers when there is none such."""
    found, _complete = ways(sheet) if number.isdecimal() and len(number) < 4 else ([], True)
    return next((one for one in found if str(one.number) == number), Way(0, {}, []))
