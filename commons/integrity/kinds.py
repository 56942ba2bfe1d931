"""What can be voted on, and how its votes are read and moved. Each app with votes adds its kind when it is ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import Promise


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
    """

    name: str
    label: Promise
    table: str
    votes: str
    move: str
    shown: Callable[[list[int]], dict[int, Shown]]


KINDS: dict[str, VoteKind] = {}


def add(kind: VoteKind) -> None:
    KINDS[kind.name] = kind
