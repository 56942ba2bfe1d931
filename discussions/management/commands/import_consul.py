"""Brings the open data of a CONSUL portal in: proposals as ideas, and the comments on them."""

import csv
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_slug

from discussions.consul import Report
from discussions.consul_import import Source, bring_in

WORDS = {
    "malformed": "could not be understood",
    "duplicate_id": "have a number that was there before",
    "unknown_proposal": "belong to a proposal that is not there",
    "empty_text": "say nothing",
    "repost": "say the same as the same person said before in the same place, and nobody voted on them",
    "repost_with_votes": "do so too, but people voted on them, so they were brought in",
    "missing_parent": "answer a comment that is not in the file, and stand by themselves",
    "parent_elsewhere": "answer a comment on another proposal, and stand by themselves",
    "parent_in_a_circle": "answer themselves in a circle, and stand by themselves",
    "parent_left_out": "answer a comment that was left out, and stand under what that answered",
    "deeper_than_ours": "were deeper than three levels, and quote what they answer",
    "longer_than_ours": "are longer than people may write here, and were brought in whole",
    "wrong_counter": "have a counter that its rows contradict; ours is counted from the rows",
}


class Command(BaseCommand):
    help = "Bring in proposals and comments of a CONSUL portal. The last line is JSON; a second run adds nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--proposals", type=Path, required=True, help="CSV of proposals")
        parser.add_argument("--comments", type=Path, required=True, help="CSV of comments")
        parser.add_argument("--institution", default="", help="code of the institution a new forum belongs to")
        parser.add_argument(
            "--forum", default="brought-in", help="address of the forum they go into; made when missing"
        )
        parser.add_argument("--language", default="es", help="language of the texts (default: es)")
        parser.add_argument("--time-zone", default="Europe/Madrid", help="where the portal stood; its files do not say")
        parser.add_argument("--report", type=Path, help="write every reported and noted row into this CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_slug(options["forum"])
            zone = ZoneInfo(options["time_zone"])
            source = Source(
                options["proposals"], options["comments"], options["forum"], options["institution"],
                options["language"][:5], zone,
            )  # fmt: skip
            report = bring_in(source, self.stderr.write)
        except ZoneInfoNotFoundError as error:
            raise CommandError(f"there is no time zone {options['time_zone']}") from error
        except ValidationError as error:
            raise CommandError(f"{options['forum']} cannot be an address") from error
        except (OSError, ValueError, csv.Error) as error:
            raise CommandError(str(error)) from error
        self.tell(report)
        if options["report"]:
            with options["report"].open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([("reason", "file", "id", "words"), *report.lines])
        counts = {
            "read": report.read, "created": report.created, "unchanged": report.unchanged,
            "reported": dict(sorted(report.reported.items())), "noted": dict(sorted((+report.noted).items())),
        }  # fmt: skip
        self.stdout.write(json.dumps(counts))

    def tell(self, report: Report) -> None:
        """What a person wants to know, and each row that was left out."""
        for code, many in sorted((report.reported + report.noted).items()):
            self.stderr.write(f"{many:6} {WORDS[code]} ({code}).")
        for code, kind, number, words in report.lines:
            if code in report.reported or code == "wrong_counter":
                self.stderr.write(f"  {code}: {kind} {number} {words}".rstrip())
