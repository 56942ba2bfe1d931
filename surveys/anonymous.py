"""Makes rows about people unrecognisable: each combination of what others may know about somebody fits at least k rows.

Pure. What is rare is made coarser step by step, in the order given; what stays rare even then is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

K = 10
ANY = "*"


def anonymised(rows: Sequence[dict[str, str]], quasi: Sequence[str], k: int = K) -> tuple[list[dict[str, str]], int]:
    """The rows in an order of their own, and how many were left out.

    `quasi` names the columns others may know, the one to be given up first in front. The order of the rows is that of
    their values, so that it tells nothing about when somebody answered.
    """
    current = [dict(row) for row in rows]
    for name in quasi:
        sizes = Counter(combination(row, quasi) for row in current)
        for row in current:
            if sizes[combination(row, quasi)] < k:
                row[name] = ANY
    sizes = Counter(combination(row, quasi) for row in current)
    kept = [row for row in current if sizes[combination(row, quasi)] >= k]
    return sorted(kept, key=lambda row: tuple(row.values())), len(rows) - len(kept)


def combination(row: dict[str, str], quasi: Sequence[str]) -> tuple[str, ...]:
    return tuple(row.get(name, "") for name in quasi)
