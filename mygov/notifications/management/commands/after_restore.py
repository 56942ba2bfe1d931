"""Run once after a database was restored, before worker and beat start (docs/operations.md)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from mygov.notifications import restoring


class Command(BaseCommand):
    help = "Counts what a restored database would send again; with --drop, marks it as dropped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--drop", action="store_true", help="drop every mail that waits")

    def handle(self, *args: Any, drop: bool, **options: Any) -> None:
        found = restoring.waiting()
        self.stdout.write(f"{found['untold']} events nobody was told about, {found['mails']} mails that wait")
        self.stdout.write(
            f"{found['digests']} digests that wait, {found['for digests']} notifications for the next ones"
        )
        if drop:
            self.stdout.write(f"{restoring.drop_mails()} mails dropped")
