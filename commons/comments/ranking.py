"""The orders in which root comments are read. Each is a column with an index, so that a page is one keyset step.

| order | formula |
|---|---|
| best | Wilson's lower bound of up / (up + down), z = 1.96 |
| trending | max(1 + up − down, 1) / hours since the mean time of the comment and its newest reply; opposed or old: 0 |
| newest | the number of the comment |
| debated | how many replies stand below it |
| shuffled | a random number drawn once, read from a starting point that changes |
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

Z = 1.96  # 95 % confidence


def wilson(up: int, down: int) -> float:
    """Lower bound of Wilson's score interval for the share of `up`; 0 without votes.

    (p + z²/2n − z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n), with p = up/n, n = up + down. E. B. Wilson, 1927.
    """
    n = up + down
    if n == 0:
        return 0.0
    p = up / n
    return (p + Z * Z / (2 * n) - Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))) / (1 + Z * Z / n)


WILSON_SQL = """
CASE WHEN up + down = 0 THEN 0 ELSE
  (up::float / (up + down) + 1.9208 / (up + down)
   - 1.96 * sqrt(up::float * down / (up + down) ^ 3 + 0.9604 / (up + down) ^ 2))
  / (1 + 3.8416 / (up + down))
END
"""  # 1.9208 = z²/2, 0.9604 = z²/4, 3.8416 = z²; p(1−p)/n = up·down/n³


OLD = timedelta(days=30)


def trending(up: int, down: int, written: datetime, replied: datetime, now: datetime) -> float:
    """max(1 + up − down, 1) / max(hours from the mean of `written` and `replied` to `now`, 1); 0 sinks to the end.

    The newest reply (the comment itself when there is none) makes an old comment that is talked about young again.
    What more people oppose than support, and what is older than 30 days, sinks.
    """
    if down > up or now - written > OLD:
        return 0.0
    mean = written + (replied - written) / 2
    hours = (now - mean).total_seconds() / 3600
    return max(1 + up - down, 1) / max(hours, 1)


TRENDING_SQL = """
CASE WHEN r.down > r.up OR now() - r.created_at > interval '30 days' THEN 0 ELSE
  greatest(1 + r.up - r.down, 1) / greatest(extract(epoch FROM
    now() - (r.created_at + (coalesce(newest.at, r.created_at) - r.created_at) / 2)) / 3600, 1)
END
"""  # r is the root, newest.at its newest visible reply


@dataclass(frozen=True)
class Order:
    """How a page of roots is asked for. `column` is compared in `direction`, the id after it likewise."""

    column: str
    descending: bool = True
    start: float | None = None  # shuffled: where on the ring the reader starts


def order_named(name: str, seed: str = "") -> Order:
    """The order called `name`; "shuffled" starts where `seed` says, upwards or downwards. Raises KeyError."""
    if name == "shuffled":
        drawn = hashlib.sha256(seed.encode()).digest()
        return Order("shuffle", descending=bool(drawn[0] & 1), start=int.from_bytes(drawn[1:5]) / 2**32)
    return {
        "best": Order("best"),
        "trending": Order("trending"),
        "newest": Order("id"),
        "debated": Order("reply_count"),
    }[name]


NAMES = ("shuffled", "best", "trending", "newest", "debated")
