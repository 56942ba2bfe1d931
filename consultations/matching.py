"""Finds the clauses of an earlier version in a new text: by the number a clause carries, then by its text.

Pure and deterministic. What it finds is a proposal; an official corrects it by hand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz.distance import Indel

ALIKE = 0.6  # this share of words in the same order: the same clause in other words
SAME_NUMBER = 0.4  # so much is enough where the number is the same too
CONTAINED = 0.6  # this share of a new clause's word triples stands in an old one: it was split off
EXACT_WORDS = 6  # shorter texts ("Omitted.") say nothing by being the same


class Text(Protocol):
    """What is compared of a clause, old or new."""

    @property
    def depth(self) -> int: ...
    @property
    def number(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def heading(self) -> str: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True)
class Old:
    """A clause as the earlier version words it."""

    clause: int
    depth: int
    number: str
    label: str
    heading: str
    text: str


@dataclass
class Match:
    """Which clause a new wording is. `how`: id, same, moved, number, alike or new; `split_from` for what was split off."""

    clause: int | None = None
    how: str = "new"
    split_from: int | None = None
    likeness: float = 0.0


def match[New: Text](old: Sequence[Old], new: Sequence[New], given: Sequence[int | None]) -> list[Match]:
    """One Match for each of `new`. No old clause is found twice."""
    finder = Finder(old, new)
    known = {one.clause: at for at, one in enumerate(old)}
    for at, clause in enumerate(given):
        if clause in known:
            finder.take(at, known[clause], "id", 1.0)
    deepest = max((one.depth for one in new), default=0)
    for depth in range(deepest + 1):
        finder.at_depth(depth)
    finder.splits()
    return finder.found


class Finder:
    def __init__(self, old: Sequence[Old], new: Sequence[Text]) -> None:
        self.old, self.new = old, new
        self.old_words, self.new_words = (
            [words(old, at) for at in range(len(old))],
            [words(new, at) for at in range(len(new))],
        )
        self.old_above, self.new_above = parents(old), parents(new)
        self.found = [Match() for _one in new]
        self.taken: dict[int, int] = {}  # old → new

    def take(self, at: int, of: int, how: str, likeness: float) -> None:
        if of in self.taken or self.found[at].clause is not None:
            return
        self.taken[of] = at
        self.found[at] = Match(self.old[of].clause, how, None, likeness)

    def free(self, depth: int) -> tuple[list[int], list[int]]:
        """What is not matched yet at that depth: old and new, by their places."""
        old = [at for at, one in enumerate(self.old) if one.depth == depth and at not in self.taken]
        new = [at for at, one in enumerate(self.new) if one.depth == depth and self.found[at].clause is None]
        return old, new

    def at_depth(self, depth: int) -> None:
        self.by_key(
            depth,
            lambda rows, above, at: (self.above(rows, above, at), rows[at].number, rows[at].heading, text_of(rows, at)),
            "same",
        )
        self.by_key(
            depth,
            lambda rows, above, at: text_of(rows, at) if len(text_of(rows, at).split()) >= EXACT_WORDS else None,
            "moved",
        )
        old, new = self.free(depth)
        by_number = defaultdict(list)
        for of in old:
            by_number[self.above(self.old, self.old_above, of), self.old[of].number].append(of)
        for at in new:
            for of in by_number.get((self.above(self.new, self.new_above, at), self.new[at].number), []):
                likeness = self.likeness(of, at)
                if likeness >= SAME_NUMBER and self.new[at].number:
                    self.take(at, of, "number", likeness)
        self.by_likeness(depth)

    def above(self, rows: Sequence[Text], parent: list[int | None], at: int) -> int | None:
        """The clause a row lies in, as far as it is known."""
        of = parent[at]
        if of is None:
            return None
        return self.old[of].clause if rows is self.old else self.found[of].clause

    def by_key(self, depth: int, key: Callable[..., object], how: str) -> None:
        """Those whose key is the same, in their order; a key of None is not looked for."""
        old, new = self.free(depth)
        waiting = defaultdict(list)
        for of in old:
            waiting[key(self.old, self.old_above, of)].append(of)
        for at in new:
            wanted = key(self.new, self.new_above, at)
            if wanted is not None and waiting.get(wanted):
                self.take(at, waiting[wanted].pop(0), how, 1.0)

    def by_likeness(self, depth: int) -> None:
        """The most alike first; of equals the nearer in the text."""
        old, new = self.free(depth)
        pairs = []
        for at in new:
            for of in old:
                a, b = len(self.old_words[of]), len(self.new_words[at])
                if min(a, b) * 2 < (a + b) * ALIKE:  # cannot reach it, whatever the words
                    continue
                likeness = self.likeness(of, at)
                if likeness >= ALIKE:
                    pairs.append((-likeness, abs(of - at), of, at))
        for minus, _distance, of, at in sorted(pairs):
            self.take(at, of, "alike", -minus)

    def likeness(self, of: int, at: int) -> float:
        a, b = self.old_words[of], self.new_words[at]
        return 1.0 if a == b else Indel.normalized_similarity(a, b)

    def splits(self) -> None:
        """New clauses whose words mostly stand in an old one."""
        triples = {of: three(text) for of, text in enumerate(self.old_words)}
        where = defaultdict(set)
        for of, found in triples.items():
            for one in found:
                where[one].add(of)
        for at, match_ in enumerate(self.found):
            mine = three(self.new_words[at])
            if match_.clause is not None or len(mine) < 4:
                continue
            shared: dict[int, int] = defaultdict(int)
            for one in mine:
                for of in where.get(one, ()):
                    if self.old[of].depth == self.new[at].depth:
                        shared[of] += 1
            if shared:
                of = min(shared, key=lambda one: (-shared[one], one))
                if shared[of] >= CONTAINED * len(mine):
                    match_.split_from = self.old[of].clause


def parents(rows: Sequence[Text]) -> list[int | None]:
    """For each row the place of the row it lies in."""
    way: list[int] = []
    found: list[int | None] = []
    for at, row in enumerate(rows):
        del way[row.depth :]
        found.append(way[-1] if way else None)
        way.append(at)
    return found


def text_of(rows: Sequence[Text], at: int) -> str:
    """A clause's own text with everything in it."""
    end = at + 1
    while end < len(rows) and rows[end].depth > rows[at].depth:
        end += 1
    return "\n".join(" ".join(row.text.split()) for row in rows[at:end])


def words(rows: Sequence[Text], at: int) -> list[str]:
    return f"{rows[at].heading} {text_of(rows, at)}".lower().split()


def three(text: list[str]) -> set[tuple[str, ...]]:
    return {tuple(text[at : at + 3]) for at in range(len(text) - 2)}
