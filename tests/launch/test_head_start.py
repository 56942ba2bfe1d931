"""The file a new database begins with says what the migrations say."""

import gzip
import re

import pytest
from django.db import connection

from mygov.launch import head_start


def parts(written: str) -> tuple[list[str], list[str]]:
    """The tables, and the names of the migrations; when they ran is of no interest."""
    lines = written.splitlines()
    names = [
        re.sub(r"VALUES \(\d+, ('[^']+', '[^']+').*", r"\1", line)
        for line in lines
        if "django_migrations VALUES" in line
    ]
    return [line for line in lines if not line.startswith("INSERT")], names


@pytest.mark.django_db
def test_it_is_what_the_migrations_make():
    """After a new migration: python3 portal manage write_head_start, on a migrated database."""
    written = parts(gzip.decompress(head_start.FILE.read_bytes()).decode())

    assert written == parts(head_start.dump(connection.settings_dict))


@pytest.mark.django_db
def test_a_database_that_has_tables_is_left_alone():
    assert head_start.fits() is False
