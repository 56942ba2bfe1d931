"""Brings regions in from CSV files in the form of the Local Government Directory (LGD). Twice is once.

A region is known by its level and LGD code, never by its name: five districts share their name with one in another
state. The directory gives English names only, often in capitals; a file of ours beside this module knows the states'
Hindi names and ISO codes and completes them. Names in other languages that somebody wrote by hand stay.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from i18nfield.strings import LazyI18nString

from commons.core.cleaning import clean_text
from commons.directory.models import Region

DATA = Path(__file__).parent / "data"
SMALL = {"and", "of", "the"}
LONGEST = 120

# What we call a column, and the headings it is found under: LGD's own, then ours.
STATES = {
    "code": ("State Code", "lgd_code"),
    "en": ("State Name", "name_en"),
    "hi": ("name_hi",),
    "iso": ("iso_code", "iso_3166_2"),
    "type": ("State or UT", "type"),
}
DISTRICTS = {
    "code": ("District Code", "lgd_code"),
    "en": ("District Name", "name_en"),
    "hi": ("name_hi",),
    "state": ("State Code", "state_code"),
}
NEEDED = {"code", "en", "type", "state"}


class Unreadable(Exception):
    """The file as a whole is not what it should be."""


@dataclass
class Report:
    """What became of the rows: every row read is created, unchanged, updated or reported."""

    read: int = 0
    created: int = 0
    unchanged: int = 0
    updated: int = 0
    reported: Counter[str] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)  # one for each reported row: file, line, reason, words

    def counts(self) -> dict[str, object]:
        return {
            "read": self.read, "created": self.created, "unchanged": self.unchanged, "updated": self.updated,
            "reported": dict(sorted(self.reported.items())),
        }  # fmt: skip


class Refused(Exception):
    """One row cannot come in."""

    def __init__(self, reason: str, words: str) -> None:
        super().__init__(words)
        self.reason, self.words = reason, words


@transaction.atomic
def bring_in(states: Path, districts: Path) -> Report:
    """Reads both files, the states first. Raises Unreadable when a file is missing, not CSV, or lacks a column."""
    report = Report()
    known = {(region.level, region.lgd_code): region for region in Region.objects.all()}
    completed = {row["code"]: row for _line, row in rows_of(DATA / "states.csv", STATES)}
    for path, columns, level in ((states, STATES, Region.Level.STATE), (districts, DISTRICTS, Region.Level.DISTRICT)):
        seen: set[int] = set()
        for line, row in rows_of(path, columns):
            report.read += 1
            try:
                region = read_region(row, level, known, completed)
                if region.lgd_code in seen:
                    raise Refused("repeated", f"code {region.lgd_code} stands twice in the file")
                seen.add(region.lgd_code)
            except Refused as refused:
                report.reported[refused.reason] += 1
                report.lines.append(f"{path.name}, line {line}: {refused.reason}: {refused.words}")
                continue
            save(region, known, report)
    return report


def rows_of(path: Path, columns: dict[str, tuple[str, ...]]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row under our names, with the number of its (last) line."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            reader = csv.DictReader(file)
            found = {ours: next((name for name in names if name in (reader.fieldnames or ())), "")
                     for ours, names in columns.items()}  # fmt: skip
            lacking = [columns[ours][0] for ours, name in found.items() if not name and ours in NEEDED]
            if lacking:
                raise Unreadable(f"{path}: no column called {', '.join(lacking)}")
            for row in reader:
                yield reader.line_num, {ours: (row.get(name) or "").strip() for ours, name in found.items()}
    except (OSError, csv.Error) as error:
        raise Unreadable(f"{path}: {error}") from error


def read_region(
    row: dict[str, str],
    level: str,
    known: dict[tuple[str, int], Region],
    completed: dict[str, dict[str, str]],
) -> Region:
    """The region a row describes, unsaved; raises Refused."""
    code = row["code"]
    if not (code.isascii() and code.isdecimal() and 0 < int(code) < 2**31):
        raise Refused("bad_code", f"{code!r} is no LGD code")
    name = tidy(row["en"])
    if not name:
        raise Refused("no_name", f"code {code} has no name")
    if "\ufffd" in name or not name.isprintable() or len(name) > LONGEST:
        raise Refused("bad_name", f"code {code} has a name that cannot be read or is too long")
    region = Region(level=level, lgd_code=int(code))
    if level == Region.Level.STATE:
        if row["type"] not in {"S", "U"}:
            raise Refused("bad_type", f"code {code}: {row['type']!r} is neither S nor U")
        more = completed.get(str(int(code)), {})
        region.is_union_territory = row["type"] == "U"
        region.iso_code = row["iso"] or more.get("iso", "")
        hindi = clean_text(row["hi"] or more.get("hi", ""))
    else:
        state = row["state"]
        above = known.get((Region.Level.STATE, int(state))) if state.isascii() and state.isdecimal() else None
        if above is None:
            raise Refused("unknown_state", f"code {code} lies in state {state!r}, which is not known")
        region.parent = above
        hindi = clean_text(row["hi"])
    region.name = LazyI18nString({"en": name, **({"hi": hindi} if hindi else {})})
    return region


def tidy(name: str) -> str:
    """“ANDAMAN AND NICOBAR ISLANDS” as people write it; a name with small letters stays as it is."""
    name = " ".join(name.split())
    if not name.isupper():
        return name
    words = name.title().split(" ")
    return " ".join(word.lower() if place and word.lower() in SMALL else word for place, word in enumerate(words))


def save(region: Region, known: dict[tuple[str, int], Region], report: Report) -> None:
    """Inserts what is new, changes what differs, and leaves the rest alone."""
    before = known.get((region.level, region.lgd_code))
    if before is None:
        region.save()
        known[region.level, region.lgd_code] = region
        report.created += 1
        return
    before_name = before.name.data if isinstance(before.name.data, dict) else {"en": str(before.name)}
    after = {
        "name": {**before_name, **region.name.data},
        "parent_id": region.parent_id,
        "is_union_territory": region.is_union_territory,
        "iso_code": region.iso_code or before.iso_code,
    }
    if after == {**{name: getattr(before, name) for name in after}, "name": before_name}:
        report.unchanged += 1
        return
    before.name = LazyI18nString(after.pop("name"))
    for name, value in after.items():
        setattr(before, name, value)
    before.save()
    report.updated += 1
