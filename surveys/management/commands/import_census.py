"""`manage.py import_census FILE --slug census-2011 --name … --source …`: numbers of people for weights."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from surveys import census

DATA = Path(census.__file__).parent / "data" / "census_2011.csv"


class Command(BaseCommand):
    help = "Brings in a census table: a CSV file with the columns measure (region, gender, age), category, people."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", default=str(DATA), help="without it, the states and genders of the census of 2011"
        )
        parser.add_argument("--slug", default="census-2011")
        parser.add_argument("--name", default="Census of India 2011")
        parser.add_argument("--source", default="Office of the Registrar General and Census Commissioner, India")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            table, n = census.bring_in(Path(options["file"]), options["slug"], options["name"], options["source"])
        except census.Unreadable as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{table}: {n} categories.")
