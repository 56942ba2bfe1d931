"""Numbers of rows that are about to be written, so that they can point at one another in one insert."""

from django.db import connection, models


def reserve(model: type[models.Model], many: int) -> list[int]:
    """That many numbers nobody else will get, in ascending order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, many],
        )
        return sorted(row[0] for row in cursor.fetchall())
