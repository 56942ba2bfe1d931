"""Says whether a poll's ballots, history and chain are as they were written, or names the first row that is not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from polls import auditing, counting
from polls.models import Link, Poll


class Command(BaseCommand):
    help = "Verify ballots, history and chain of a poll; exits with 1 at the first wrong row."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--poll", required=True, help="the poll's address, as in its URL")

    def handle(self, *args: Any, **options: Any) -> None:
        poll = Poll.objects.filter(slug=options["poll"]).first()
        if poll is None:
            raise CommandError(f"there is no poll {options['poll']!r}")
        while counting.fold():
            pass
        wrong = auditing.first_wrong(poll)
        if wrong:
            raise CommandError(f"{poll.slug}: {wrong}")
        self.stdout.write(f"{poll.slug}: {Link.objects.filter(poll=poll).count()} casts fit the chain")
