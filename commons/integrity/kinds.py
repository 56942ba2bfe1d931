"""What can be voted on, and how its votes are read and moved. Each app with votes adds its kind when it is ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import Promise


FEWEST_SECRET = 10  # with fewer, the counts before and after would tell how they voted


@dataclass(frozen=True)
class Shown:
    """What was voted on, as a moderator sees it: its words, its page, who wrote it, and its counts now."""

    words: str
    language: str
    url: str
    author_id: int | None
    up: int
    down: int | None = None  # None where one can only support


@dataclass(frozen=True)
class VoteKind:
    """`table` is a table with the columns of `CheckedVote`, `person_id` and `at`.

    `votes` is a SELECT of all votes as target, activity, person, value, at, network, device, standing.
    `move` is a statement that takes votes, named by %(targets)s and %(people)s (arrays of equal length), from the
    standing %(was)s to %(to)s, writes the differences of the counts, and answers with target and person of each moved.
    A `secret` vote is nobody's to see: it cannot be taken back, its value says nothing, who cast it is not shown, and fewer
    than `fewest` never leave the count together. `settled` says that the counts of an activity are final.
    """

    name: str
    label: Promise
    table: str
    votes: str
    move: str
    shown: Callable[[list[int]], dict[int, Shown]]
    secret: bool = False
    settled: Callable[[int], bool] = lambda _activity: False

    @property
    def fewest(self) -> int:
        """People in a group that may leave the count."""
        return FEWEST_SECRET if self.secret else 1


KINDS: dict[str, VoteKind] = {}


def add(kind: VoteKind) -> None:
    KINDS[kind.name] = kind
