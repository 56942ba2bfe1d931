"""Brings in a census table from a CSV file with the columns measure, category, people. Twice is once."""

from __future__ import annotations

import csv
from pathlib import Path

from django.db import transaction

from surveys.models import CensusShare, CensusTable
from surveys.models.census import COUNTED

MOST = 2**62


class Unreadable(Exception):
    """The file is not what it should be; the message says in which line."""


@transaction.atomic
def bring_in(path: Path, slug: str, name: str, source: str) -> tuple[CensusTable, int]:
    """The table, new or replaced as a whole, and how many categories it has. Raises Unreadable, and then nothing changes."""
    shares: dict[tuple[str, str], int] = {}
    known = {value for value, _label in COUNTED}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not {"measure", "category", "people"} <= set(reader.fieldnames or ()):
                raise Unreadable("the columns measure, category and people are needed")
            for row in reader:
                measure, category = (row["measure"] or "").strip(), (row["category"] or "").strip()
                people = (row["people"] or "").strip().replace(",", "")
                if measure not in known or not category or len(category) > 40:
                    raise Unreadable(f"line {reader.line_num}: no such measure, or no category")
                if not (people.isascii() and people.isdecimal() and 0 < int(people) < MOST):
                    raise Unreadable(f"line {reader.line_num}: {people!r} is no number of people")
                if (measure, category) in shares:
                    raise Unreadable(f"line {reader.line_num}: {measure} {category} stands twice")
                shares[measure, category] = int(people)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Unreadable(str(error)) from error
    if not shares:
        raise Unreadable("there is no line in it")
    table, _made = CensusTable.objects.update_or_create(
        slug=slug, defaults={"name": name[:120], "source": source[:200]}
    )
    table.shares.all().delete()
    CensusShare.objects.bulk_create(
        CensusShare(table=table, measure=measure, category=category, people=n)
        for (measure, category), n in shares.items()
    )
    return table, len(shares)
