"""Statements PostgreSQL plans once for each connection, instead of on every request.

Planning a page of comments takes longer than reading it. Django binds parameters in the client, so that every
statement is new to PostgreSQL; here they are bound in the server, and the plan is kept. The SQL must therefore be
the same text each time and say the type of a parameter where it cannot be guessed. Behind a pooler that hands a
connection to others between transactions, the pooler must know prepared statements (PgBouncer does since 1.21).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper


class Prepared(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **options: Any) -> "Prepared":
        return super().execute(query, params, prepare=True, **options)


@contextmanager
def prepared() -> Iterator[CursorWrapper]:
    """Django's cursor (counted, logged, inside the transaction), but for statements that are prepared."""
    with connection.cursor() as cursor:
        cursor.cursor = Prepared(connection.connection)
        yield cursor
