"""How the demo gets a past without a second clock.

Every verb asks the database's clock, and no switch can tell it another time: such a switch would be a hole in
production. So the country is built as it is told, oldest first, all within a few seconds of one transaction, and
`Past` keeps beside each moment of those seconds the moment of the story it stands for. At the end `settle` moves every
timestamp of every table from the one to the other. Order is kept, so numbers, versions and audit entries agree.

Two kinds of moments are not of those seconds:
- what a verb was told, such as a close next week, is already the story's and stays;
- a close that the story puts in the past would be refused by the verbs: it is given `far` in the future, and comes back
  by the same distance.

Versions of rows are stamped by their triggers with the start of the transaction, the same for all; `stamp` gives those
just written their own moment. Append-only tables and history triggers are passed over while moments move, here and
nowhere else in the portal.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pgtrigger
from django.apps import apps
from django.db import connection, models
from pghistory.models import Context

from commons.core import clock

FAR = timedelta(days=36_525)  # a century

# Both functions live in pg_temp: they are gone when the connection is.
FUNCTIONS = """
CREATE TEMP TABLE story (real timestamptz PRIMARY KEY, told timestamptz NOT NULL) ON COMMIT DROP;
CREATE OR REPLACE FUNCTION pg_temp.in_story(moment timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN moment > clock_timestamp() + interval '18000 days' THEN moment - interval '36525 days'
    WHEN moment < (SELECT min(real) FROM story) OR moment > clock_timestamp() THEN moment
    ELSE (SELECT told + (moment - real) FROM story WHERE real <= moment ORDER BY real DESC LIMIT 1) END
$$;
CREATE OR REPLACE FUNCTION pg_temp.in_story(value jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF jsonb_typeof(value) = 'object' THEN
    RETURN coalesce((SELECT jsonb_object_agg(key, pg_temp.in_story(inner_value))
                     FROM jsonb_each(value) AS pair(key, inner_value)), '{}');
  ELSIF jsonb_typeof(value) = 'string' AND value #>> '{}' ~ '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d' THEN
    -- JSON keeps milliseconds only: what was cut off must not push a moment before its own beginning.
    RETURN to_jsonb(pg_temp.in_story((value #>> '{}')::timestamptz + interval '1 ms') - interval '1 ms');
  END IF;
  RETURN value;
END
$$;
"""


class Past:
    """`come_to` says which moment of the story it is now; everything written from then on belongs to it."""

    def __init__(self) -> None:
        self.began = clock.now()
        self.real: list[datetime] = []
        self.told: list[datetime] = []
        self.asked: datetime | None = None
        self.stamping = stamp_versions()

    @property
    def now(self) -> datetime:
        """The story's moment."""
        return self.told[-1]

    def come_to(self, moment: datetime) -> None:
        """Moves the story on. Raises ValueError when it would go back, or beyond the real now."""
        if self.asked and moment < self.asked:
            raise ValueError(f"the story goes back from {self.asked} to {moment}")
        if moment > self.began:
            raise ValueError(f"the story goes beyond now, to {moment}")
        self.asked = moment
        real = clock.now()
        if self.told:  # what one moment takes in reality may reach into the next: order is kept
            moment = max(moment, self.now + (real - self.real[-1]))
        self.real.append(real)
        self.told.append(moment)

    def stamp(self) -> None:
        """Gives the versions written since the last time the moment of now."""
        with connection.cursor() as cursor:
            cursor.execute(self.stamping)

    def planned(self, moment: datetime) -> datetime:
        """A moment to hand to a verb that refuses the past: itself when it is still to come, else far away."""
        return moment if moment > self.began + timedelta(hours=1) else moment + FAR

    def settle(self) -> None:
        """Moves every timestamp of every table. The seed's transaction must be the only one that wrote them."""
        with connection.cursor() as cursor:
            cursor.execute(FUNCTIONS)
            cursor.executemany("INSERT INTO story VALUES (%s, %s)", list(zip(self.real, self.told, strict=True)))
        with pgtrigger.ignore(), connection.cursor() as cursor:  # in this order: see commons.core.postgres
            for model in tables():
                columns = [
                    connection.ops.quote_name(str(field.column))
                    for field in model._meta.local_concrete_fields
                    if isinstance(field, models.DateTimeField | models.JSONField)
                ]
                if columns:
                    moves = ", ".join(f"{column} = pg_temp.in_story({column})" for column in columns)
                    cursor.execute(f"UPDATE {connection.ops.quote_name(model._meta.db_table)} SET {moves}")  # noqa: S608


def tables() -> list[type[models.Model]]:
    """Every model that has a table of its own."""
    return [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]


def stamp_versions() -> str:
    """One statement that gives versions of rows the moment they were written, instead of the transaction's start."""
    quote = connection.ops.quote_name
    stamps = [(Context._meta.db_table, ["created_at", "updated_at"])] + [
        (model._meta.db_table, ["pgh_created_at"])
        for model in tables()
        if any(field.name == "pgh_created_at" for field in model._meta.local_concrete_fields)
    ]
    updates = [
        f"w{number} AS (UPDATE {quote(table)} SET {', '.join(f'{c} = clock_timestamp()' for c in columns)}"  # noqa: S608
        f" WHERE {columns[0]} = transaction_timestamp())"
        for number, (table, columns) in enumerate(stamps)
    ]
    return f"WITH {', '.join(updates)} SELECT 1"
