"""Puts the comments of a CONSUL portal into threads that can be: what is missing, empty or repeated is found here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from commons.comments.writing import clean_body

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from discussions.consul import Remark, Report


@dataclass(frozen=True)
class Placed:
    """A comment that is brought in, and what it answers (empty: nothing)."""

    remark: Remark
    text: str
    parent: str


class Threads:
    """Decides for each comment whether it comes in and under what.

    `known` are the comments that are here already: their number, and the number of their proposal.
    """

    def __init__(
        self, remarks: dict[str, Remark], proposals: Collection[str], known: dict[str, str], report: Report
    ) -> None:
        self.remarks, self.proposals, self.known, self.report = remarks, proposals, known, report
        self.stands: dict[str, str] = {}  # number → the number under which answers to it go; "" for nowhere
        self.first: dict[tuple[str, str, str, str], str] = {}  # place, person and text → the first time it was said
        self.placed: list[Placed] = []

    def place_all(self) -> list[Placed]:
        """What comes in, the oldest first, and each after what it answers."""
        for remark in sorted(self.remarks.values(), key=lambda one: (one.at, len(one.id), one.id)):
            for one in self.from_the_top(remark):
                if one.id not in self.stands:
                    self.stands[one.id] = self.place(one)
        return self.placed

    def from_the_top(self, remark: Remark) -> Iterator[Remark]:
        """The comment after everything above it that has not been placed yet. A circle is cut where it closes."""
        chain = [remark]
        seen = {remark.id}
        while (above := self.remarks.get(chain[-1].parent)) and above.id not in self.stands and above.id not in seen:
            chain.append(above)
            seen.add(above.id)
        return reversed(chain)

    def place(self, remark: Remark) -> str:
        """Brings one comment in, or reports it. Returns where answers to it go."""
        if remark.proposal not in self.proposals:
            return self.leave_out("unknown_proposal", remark, f"proposal {remark.proposal} is not there")
        try:
            text = clean_body(remark.text, None)[0]
        except ValidationError:
            self.leave_out("empty_text", remark, f"{remark.votes} votes")
            return self.parent_of(remark, self.nothing)
        parent = self.parent_of(remark, self.report.note)
        same = (remark.proposal, remark.person, text, parent)
        if first := self.first.get(same):
            if not remark.up + remark.down:
                self.leave_out("repost", remark, f"of {first}")
                return first
            self.report.note("repost_with_votes", "comment", remark.id, f"of {first}")
        self.first.setdefault(same, remark.id)
        if remark.votes != remark.up + remark.down:
            words = f"{remark.votes} votes are not {remark.up} for and {remark.down} against"
            self.report.note("wrong_counter", "comment", remark.id, words)
        self.placed.append(Placed(remark, text, parent))
        return remark.id

    def parent_of(self, remark: Remark, note: Callable[[str, str, str, str], None]) -> str:
        """What it answers, as far as that is here; what it answered in the file is noted otherwise."""
        above = self.remarks.get(remark.parent)
        if not remark.parent or (above is None and self.known.get(remark.parent) == remark.proposal):
            return remark.parent
        if above is None:
            code = "missing_parent"
        elif above.id not in self.stands:
            code = "parent_in_a_circle"
        elif above.proposal != remark.proposal:
            code = "parent_elsewhere"
        elif stands := self.stands[above.id]:
            if stands != above.id:
                note("parent_left_out", "comment", remark.id, f"stands under {stands} instead of {above.id}")
            return stands
        else:
            code = "parent_left_out"
        note(code, "comment", remark.id, f"stands by itself; it answered {remark.parent}")
        return ""

    def leave_out(self, code: str, remark: Remark, words: str) -> str:
        self.report.report(code, "comment", remark.id, words)
        return ""

    def nothing(self, code: str, kind: str, number: str, words: str) -> None:
        """What is left out needs no further remark."""
