"""Django's PostgreSQL backend, with statements that PostgreSQL plans once for each connection.

Planning a page's query takes longer than running it. Django binds parameters in the client, so that every statement
is new to PostgreSQL. Here they are bound in the server, and psycopg has what is asked for the sixth time prepared.
Behind a pooler that hands a connection on between transactions, the pooler must know prepared statements (PgBouncer
does since 1.21).

While somebody watches the statements (`execute_wrapper`), they are bound in the client as before: pghistory puts a
second statement in front of each write, and only one at a time can be bound in the server.
"""

from typing import Any

from django.db.backends.postgresql import base
from psycopg import ClientCursor


class BindingCursor(base.ServerBindingCursor):
    def mogrify(self, sql: Any, params: Any = None) -> str:
        """The statement with its values written out, as the other cursor has it: pghistory's queries need it."""
        return ClientCursor(self.connection).mogrify(sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    def create_cursor(self, name: str | None = None) -> Any:
        self.connection.cursor_factory = base.Cursor if self.execute_wrappers else BindingCursor
        return super().create_cursor(name)
