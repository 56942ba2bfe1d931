"""The one clock that decides deadlines: the database's."""

from datetime import datetime

from django.db import connection


def now() -> datetime:
    """The database's clock at the moment of asking (not at the start of the transaction), in UTC.

    A web server whose own clock is wrong can neither accept a late contribution nor refuse an early one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
