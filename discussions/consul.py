"""Reads the open data of a CONSUL portal (consuldemocracy.org): proposals, and the comments on them.

Nothing is lost: every row read is brought in, is here already, or is reported with a reason. What was brought in
although something about it was wrong is noted as well. Real files have every defect named here.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

PROPOSAL = ("id", "title", "summary", "text", "userId", "date", "numComments", "numSupports", "status")
COMMENT = (
    "id", "parentId", "proposalId", "userId", "userType", "date", "time", "text", "numVotes", "numPositiveVotes",
    "numNegativeVotes",
)  # fmt: skip
NUMBER = re.compile(r"[A-Za-z0-9_-]{1,40}")  # what a number of theirs may look like: it becomes part of an address
CLOCK = re.compile(r"(?:(\d{1,2}) days? )?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")
OF_NO_KIND = {"", "Autor"}  # whoever brought the proposal is called so under it; that is not who they are

Row = dict[str, str]


class Wrong(Exception):
    """The row cannot be brought in. The first argument is the reason's code, the second says what it is about."""


@dataclass
class Report:
    """`reported` rows were not brought in; `noted` ones were, with something wrong about them."""

    read: int = 0
    created: int = 0
    unchanged: int = 0
    reported: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)
    lines: list[tuple[str, str, str, str]] = field(default_factory=list)  # code, file, number, words

    def report(self, code: str, kind: str, number: str, words: str = "") -> None:
        self.reported[code] += 1
        self.lines.append((code, kind, number, words))

    def note(self, code: str, kind: str, number: str, words: str = "") -> None:
        self.noted[code] += 1
        self.lines.append((code, kind, number, words))


@dataclass(frozen=True)
class Proposal:
    id: str
    title: str
    summary: str
    text: str
    person: str
    at: datetime
    supports: int
    comments: int
    archived: bool


@dataclass(frozen=True)
class Remark:
    """A comment as it stands in the file."""

    id: str
    parent: str
    proposal: str
    person: str
    kind: str  # "Colectivo" and the like; empty for a citizen
    at: datetime
    text: str
    up: int
    down: int
    votes: int


def rows(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    """The file's rows. Raises ValueError when it is not UTF-8, or is another file."""
    csv.field_size_limit(50_000_000)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restval=None)
        if lacking := [name for name in columns if name not in (reader.fieldnames or [])]:
            raise ValueError(f"{path.name} lacks the columns {', '.join(lacking)}")
        yield from reader


def read[Entry: (Proposal, Remark)](
    path: Path, columns: tuple[str, ...], make: Callable[[Row], Entry], kind: str, report: Report
) -> dict[str, Entry]:
    """Every row that can be understood, by its number; the others are reported."""
    found: dict[str, Entry] = {}
    for place, row in enumerate(rows(path, columns), start=2):
        report.read += 1
        number = str(row.get("id") or f"row {place}")[:60]
        try:
            if None in row or None in row.values():
                raise Wrong("malformed", "it has more or fewer fields than the first line")
            entry = make(row)
        except Wrong as wrong:
            report.report(wrong.args[0], kind, number, wrong.args[1])
            continue
        if entry.id in found:
            report.report("duplicate_id", kind, number, "the first row with this number counts")
            continue
        found[entry.id] = entry
    return found


def proposal(zone: ZoneInfo) -> Callable[[Row], Proposal]:
    def make(row: Row) -> Proposal:
        return Proposal(
            id=number(row, "id"), title=row["title"], summary=row["summary"], text=row["text"],
            person=number(row, "userId"), at=moment(row["date"], "", zone), supports=amount(row, "numSupports"),
            comments=amount(row, "numComments"), archived=row["status"].strip() == "archived",
        )  # fmt: skip

    return make


def remark(zone: ZoneInfo) -> Callable[[Row], Remark]:
    def make(row: Row) -> Remark:
        parent = row["parentId"].strip()
        return Remark(
            id=number(row, "id"), parent="" if parent in {"", "-1", "0"} else parent,
            proposal=number(row, "proposalId"), person=number(row, "userId"), kind=row["userType"].strip(),
            at=moment(row["date"], row["time"], zone), text=row["text"], up=amount(row, "numPositiveVotes"),
            down=amount(row, "numNegativeVotes"), votes=amount(row, "numVotes"),
        )  # fmt: skip

    return make


def number(row: Row, column: str) -> str:
    value = row[column].strip()
    if not NUMBER.fullmatch(value):
        raise Wrong("malformed", f"{column} is {value[:40]!r}")
    return value


def amount(row: Row, column: str) -> int:
    value = row[column].strip() or "0"
    if not value.isascii() or not value.isdecimal() or len(value) > 9:
        raise Wrong("malformed", f"{column} is {value[:40]!r}")
    return int(value)


def moment(day: str, time: str, zone: ZoneInfo) -> datetime:
    """“2015-09-15” and “0 days 10:50:19” (or “10:50”), as clocks showed it where the portal stood."""
    try:
        at = datetime.strptime(day.strip(), "%Y-%m-%d").replace(tzinfo=zone)
    except ValueError:
        raise Wrong("malformed", f"date is {day[:40]!r}") from None
    if not 1990 <= at.year <= 2100:
        raise Wrong("malformed", f"date is {day[:40]!r}")
    if not time.strip():
        return at
    match = CLOCK.fullmatch(time.strip())
    if match is None:
        raise Wrong("malformed", f"time is {time[:40]!r}")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return at + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
