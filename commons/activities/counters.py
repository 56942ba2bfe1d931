"""Counters kept beside the rows they count, and how to find out whether they still agree.

Each app that keeps counters adds them to `KEPT` when it is ready.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction


@dataclass(frozen=True)
class Counter:
    """`counted` is a SELECT of (row's number, what is kept, what the rows say), made in one statement.

    `then` is called with the rows that were set right, for what follows from the counter.
    """

    table: str
    column: str
    counted: str
    then: Callable[[list[int]], None] | None = None


KEPT: list[Counter] = []


@dataclass(frozen=True)
class Drift:
    """A counter that disagrees with the rows it counts."""

    counter: Counter
    row: int
    kept: int
    counted: int

    def __str__(self) -> str:
        return (
            f"{self.counter.table} {self.row}: {self.counter.column} is {self.kept}, rows say {self.counted}"
            f" ({self.counted - self.kept:+d})"
        )


def find_drift() -> list[Drift]:
    """Every counter that disagrees with its rows."""
    found = []
    with connection.cursor() as cursor:
        for counter in KEPT:
            wrong = f"SELECT * FROM ({counter.counted}) AS n(id, kept, counted) WHERE kept <> counted"  # noqa: S608
            cursor.execute(f"{wrong} ORDER BY id")
            found += [Drift(counter, *row) for row in cursor.fetchall()]
    return found


def mend(drift: list[Drift]) -> None:
    """Sets the counters right by the difference that was found: what is counted meanwhile is not undone."""
    for counter in KEPT:
        wrong = [one for one in drift if one.counter == counter]
        with transaction.atomic(), connection.cursor() as cursor:
            for one in wrong:
                cursor.execute(
                    f"UPDATE {counter.table} SET {counter.column} = {counter.column} + %s WHERE id = %s",  # noqa: S608
                    [one.counted - one.kept, one.row],
                )
            if counter.then and wrong:
                counter.then([one.row for one in wrong])
