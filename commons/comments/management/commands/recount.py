"""Compares every kept counter with the rows it counts, and says so."""

import json
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from commons.comments import folding


class Command(BaseCommand):
    help = "Print counters that disagree with their rows; --fix sets them right. The last line is JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fix", action="store_true", help="set the counters right")

    def handle(self, *args: Any, fix: bool, **options: Any) -> None:
        folding.fold()
        drift = folding.find_drift()
        for one in drift[:200]:
            self.stdout.write(f"{one.table} {one.row}: {one.column} is {one.kept}, rows say {one.counted}")
        if fix:
            folding.mend(drift)
        by_column = Counter(f"{one.table}.{one.column}" for one in drift)
        self.stdout.write(json.dumps({"drift": len(drift), "by_column": by_column, "fixed": fix}))
