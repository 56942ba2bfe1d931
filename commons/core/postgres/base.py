"""Django's PostgreSQL backend, with statements that PostgreSQL plans once for each connection.

Planning a page's query takes longer than running it. Django binds parameters in the client, so that every statement
is new to PostgreSQL. Here they are bound in the server, and psycopg has what is asked for the sixth time prepared.
Behind a pooler that hands a connection on between transactions, the pooler must know prepared statements (PgBouncer
does since 1.21).

While somebody watches the statements (`execute_wrapper`), they are bound in the client as before: pghistory puts a
second statement in front of each write, and only one at a time can be bound in the server.
"""

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg import ClientCursor, OperationalError
from psycopg.pq import ConnStatus


class BindingCursor(base.ServerBindingCursor):
    def mogrify(self, sql: Any, params: Any = None) -> str:
        """The statement with its values written out, as the other cursor has it: pghistory's queries need it."""
        return ClientCursor(self.connection).mogrify(sql, params)  # type: ignore[attr-defined]


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Whether the server is still there, asked once a request: a look at the socket instead of a statement.

        A server that ended has said so, or has hung up; both can be read. (What neither shows, a cable that was cut,
        a statement would wait for in vain.)
        """
        if self.connection is None or self.connection.closed:
            return False
        watch = select.poll()
        watch.register(self.connection.pgconn.socket, select.POLLIN)
        try:
            if watch.poll(0):
                self.connection.pgconn.consume_input()
        except OperationalError:
            return False
        return not self.connection.broken and self.connection.pgconn.status == ConnStatus.OK

    def create_cursor(self, name: str | None = None) -> Any:
        self.connection.cursor_factory = base.Cursor if self.execute_wrappers else BindingCursor
        return super().create_cursor(name)
