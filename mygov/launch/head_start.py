"""The empty tables as one file: a new database begins with it instead of walking through every migration.

Migrations build the models of every step anew, which takes longer the more there are; a newcomer waits for that.
`head_start.sql.gz` is what PostgreSQL's own tool says of a migrated database, with the list of the migrations in it.
Whatever migrations are newer run after it as they would anyway, so an old file is slower and never wrong. After a new
migration: `python3 portal manage write_head_start`.
"""

from __future__ import annotations

import gzip
import subprocess
from pathlib import Path
from typing import Any

from django.db import connection

from mygov.launch.postgres import binary

FILE = Path(__file__).with_suffix(".sql.gz")
WRITTEN_BY = 180000
APPLIED = "django_migrations"


def fits() -> bool:
    """Whether the database is empty, and its server as new as the one the file was written by."""
    connection.ensure_connection()
    version: int = connection.pg_version  # type: ignore[attr-defined]
    return version >= WRITTEN_BY and not connection.introspection.table_names()


def load() -> None:
    """Makes the tables. Call it on an empty database only."""
    with connection.cursor() as cursor:
        cursor.connection.execute(gzip.decompress(FILE.read_bytes()))
    connection.close()  # the tool's file sets what a session looks for


def dump(database: dict[str, Any]) -> str:
    """Tables, triggers and the list of migrations of a database, by its settings; the same for the same tables."""
    where = ["-h", str(database["HOST"]), "-U", str(database["USER"]), "-d", str(database["NAME"]), "--no-owner"]
    tables = said_by("pg_dump", "--schema-only", *where)
    rows = said_by("pg_dump", "--data-only", "--inserts", "-t", APPLIED, *where)
    lines = (tables + rows).splitlines()
    # Comments carry versions, and what begins with a backslash is for psql.
    return "\n".join(line for line in lines if line and not line.startswith(("--", "\\"))) + "\n"


def said_by(program: str, *arguments: str) -> str:
    return subprocess.run([binary(program), *arguments], check=True, capture_output=True, text=True).stdout
