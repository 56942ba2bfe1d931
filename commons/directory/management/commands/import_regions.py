"""`manage.py import_regions --states FILE --districts FILE`: states and districts from LGD's CSV files."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commons.directory import regions


class Command(BaseCommand):
    help = "Brings in states and districts from the CSV files of the Local Government Directory. Twice is once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--states", type=Path, required=True, help="LGD's list of states and union territories")
        parser.add_argument("--districts", type=Path, required=True, help="LGD's list of districts")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = regions.bring_in(options["states"], options["districts"])
        except regions.Unreadable as error:
            raise CommandError(str(error)) from error
        for line in report.lines:
            self.stderr.write(line)
        self.stdout.write(json.dumps(report.counts()))
