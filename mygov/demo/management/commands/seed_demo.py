"""`manage.py seed_demo [--if-empty]`: builds the demo's country, in demo mode only."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from commons.directory.models import Institution
from commons.people.models import User
from mygov.demo import seed


class Command(BaseCommand):
    help = "Builds the demo's country in an empty database: people, institutions, discussions in every phase."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there is something already")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("the demo's country is for demo mode only (MYGOV_DEMO=1)")
        if Institution.objects.exists() or User.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("this database is not empty; the demo's country needs an empty one")
        seed.build()
        self.stdout.write("The demo's country stands.")
