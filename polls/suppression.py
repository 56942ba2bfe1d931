"""Which cells of a table are not shown, so that nobody can be told from it.

A cell that counts fewer than ten people is hidden. Since the totals of rows and columns are public, what is hidden must
not follow from them: in each row and column the hidden cells are at least two and together at least ten, and no hidden
cell is the only one that ties two parts of the table together (then sums would still give it away).
"""

from __future__ import annotations

from functools import lru_cache

FEWEST = 10
type Cell = tuple[int, int]


@lru_cache(maxsize=200)
def hidden_cells(table: tuple[tuple[int, ...], ...]) -> frozenset[Cell]:
    """The cells (row, column) that must not be shown. Every row has as many columns."""
    hidden = {(r, c) for r, row in enumerate(table) for c, n in enumerate(row) if n < FEWEST}
    while more := complements(table, hidden) or bridges(table, hidden):
        hidden |= more
    return frozenset(hidden)


def lines(table: tuple[tuple[int, ...], ...]) -> list[list[Cell]]:
    """Every row and every column, as its cells."""
    rows, columns = range(len(table)), range(len(table[0]) if table else 0)
    return [[(r, c) for c in columns] for r in rows] + [[(r, c) for r in rows] for c in columns]


def complements(table: tuple[tuple[int, ...], ...], hidden: set[Cell]) -> set[Cell]:
    """One more cell for the first line whose total would give a hidden one away: its smallest that is still shown."""
    for line in lines(table):
        covered = [cell for cell in line if cell in hidden]
        if covered and (len(covered) < 2 or sum(table[r][c] for r, c in covered) < FEWEST):
            shown = sorted((table[r][c], (r, c)) for r, c in line if (r, c) not in hidden)
            if shown:
                return {shown[0][1]}
    return set()


def bridges(table: tuple[tuple[int, ...], ...], hidden: set[Cell]) -> set[Cell]:
    """One more cell beside the first hidden one that sums over several lines would give away."""
    for cell in sorted(hidden):
        if not connected(cell, hidden - {cell}):
            row, column = cell
            beside = [(row, c) for c in range(len(table[0]))] + [(r, column) for r in range(len(table))]
            shown = sorted((table[r][c], (r, c)) for r, c in beside if (r, c) not in hidden)
            if shown:
                return {shown[0][1]}
    return set()


def connected(cell: Cell, others: set[Cell]) -> bool:
    """Whether the row and the column of a cell hang together by other hidden cells."""
    row, column = cell
    rows, columns = {row}, set()
    grown = True
    while grown:
        grown = False
        for r, c in others:
            if (r in rows) != (c in columns):
                rows.add(r)
                columns.add(c)
                grown = True
    return column in columns
