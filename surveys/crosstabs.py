"""Two questions against one another, without cells in which somebody could be recognised.

A small cell alone would be no secret: with the totals it is a subtraction. So in every line that has just one hidden
cell another one is hidden with it, until no hidden cell can be worked out from those that are shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection

from surveys.models import Question
from surveys.results import SMALL

CROSSED = """
SELECT a.value #>> '{}', b.value #>> '{}', count(*)
FROM surveys_answer a JOIN surveys_answer b ON b.response_id = a.response_id JOIN surveys_response r ON r.id = a.response_id
WHERE a.question_id = %s AND b.question_id = %s AND a.counts AND b.counts AND r.completed_at IS NOT NULL GROUP BY 1, 2
"""
CROSSABLE = ("single", "state", "scale", "nps")

type Table = list[list[int | None]]


def crossed(first: Question, second: Question) -> dict[tuple[str, str], int]:
    """How often each pair of answers was given."""
    with connection.cursor() as cursor:
        cursor.execute(CROSSED, [first.pk, second.pk])
        return {(one, other): n for one, other, n in cursor.fetchall()}


def safe(
    counts: Mapping[tuple[str, str], int], rows: Sequence[str], columns: Sequence[str], least: int = SMALL
) -> Table:
    """The counts as a table with None for what is hidden. An empty cell is shown only where nothing beside it is hidden."""
    table: Table = [[counts.get((row, column), 0) for column in columns] for row in rows]
    true = [[counts.get((row, column), 0) for column in columns] for row in rows]
    for y, line in enumerate(true):
        for x, n in enumerate(line):
            if 0 < n < least:
                table[y][x] = None
    while hide_one_more(table, true):
        pass
    return table


def hide_one_more(table: Table, true: list[list[int]]) -> bool:
    """Hides the smallest shown cell of a row or column that has just one hidden one; says whether there was such."""
    height, width = len(table), len(table[0]) if table else 0
    lines = [[(y, x) for x in range(width)] for y in range(height)] + [
        [(y, x) for y in range(height)] for x in range(width)
    ]
    for line in lines:
        hidden = [cell for cell in line if table[cell[0]][cell[1]] is None]
        shown = [cell for cell in line if table[cell[0]][cell[1]] is not None]
        if len(hidden) == 1 and shown:
            y, x = min(shown, key=lambda cell: (true[cell[0]][cell[1]] == 0, true[cell[0]][cell[1]]))
            table[y][x] = None
            return True
    return False
