"""Compares every kept counter with the rows it counts, and says so."""

import json
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from commons.activities import counters

MOST_LINES = 200


class Command(BaseCommand):
    help = "Print counters that disagree with their rows; --fix sets them right. The last line is JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fix", action="store_true", help="set the counters right")

    def handle(self, *args: Any, fix: bool, **options: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")  # counting a large portal takes its time
            drift = counters.find_drift()
        for one in drift[:MOST_LINES]:
            self.stdout.write(str(one))
        if len(drift) > MOST_LINES:
            self.stdout.write(f"… and {len(drift) - MOST_LINES} more")
        if fix:
            counters.mend(drift)
        by_column = Counter(f"{one.counter.table}.{one.counter.column}" for one in drift)
        self.stdout.write(json.dumps({"drift": len(drift), "by_column": by_column, "fixed": fix}))
