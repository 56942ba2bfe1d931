"""Writes the file a new database begins with."""

import gzip
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from mygov.launch import head_start


class Command(BaseCommand):
    help = "Writes down the tables of this database, migrated as far as it goes, for databases that are new."

    def handle(self, *args: Any, **options: Any) -> None:
        written = head_start.dump(connection.settings_dict)
        head_start.FILE.write_bytes(gzip.compress(written.encode(), mtime=0))
        self.stdout.write(f"{head_start.FILE.name}: {head_start.FILE.stat().st_size // 1024} KB")
