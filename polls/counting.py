"""Adds what was cast to the counts and to the chain, once a second; and reads the counts.

A counter that every ballot updates would be one hot row (docs/decisions/0002). So a ballot leaves a row in `Waiting`,
and `fold` deletes what it adds, in one transaction: each cast counts exactly once.
"""

from __future__ import annotations

from collections import defaultdict

from django.db import connection, transaction

from polls import chain

# One at a time, or two would write links for the same place of a chain.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(4117, 6)"
# By a bound, not by a list of keys: the plan is kept from when nothing waited, and joining a list would then take a burst
# row by row.
TAKE = """
DELETE FROM polls_waiting WHERE cast_id <= (
  SELECT max(cast_id) FROM (SELECT cast_id FROM polls_waiting ORDER BY cast_id LIMIT 20000) oldest)
RETURNING cast_id
"""
DIFFERENCES = """
SELECT poll_id, choice, traits, 1 AS sign FROM polls_cast WHERE id = ANY({casts}) AND standing = 0
UNION ALL
SELECT poll_id, before, before_traits, -1 FROM polls_cast WHERE id = ANY({casts}) AND before IS NOT NULL AND standing = 0
"""
# A choice as rows (number, value): 0:0 for the ballot itself, 0:1 for “none of these”, and what it gives each option; for a
# choice that is NULL the ballot alone is counted.
SUMMED = """
SELECT poll_id, segment, split_part(part, ':', 1)::int AS number, split_part(part, ':', 2)::int AS value, sum(sign) AS n
FROM ({differences}) d
CROSS JOIN LATERAL unnest(string_to_array(d.traits, '|')) AS segment
CROSS JOIN LATERAL unnest(string_to_array(
  '0:0' || CASE WHEN d.choice = '' THEN ',0:1' ELSE coalesce(',' || d.choice, '') END, ',')) AS part
GROUP BY 1, 2, 3, 4
"""
ADD = f"""
INSERT INTO polls_count (poll_id, segment, number, value, n)
SELECT * FROM ({SUMMED.format(differences=DIFFERENCES.format(casts="%(casts)s"))}) s WHERE n <> 0 ORDER BY 1, 2, 3, 4
ON CONFLICT (poll_id, segment, number, value) DO UPDATE SET n = polls_count.n + EXCLUDED.n
"""  # noqa: S608 - our own constants
PEOPLE = """
UPDATE activities_activity a SET participant_count = a.participant_count + c.people,
  last_activity_at = greatest(a.last_activity_at, c.newest)
FROM (SELECT poll_id, count(*) AS people, max(at) AS newest FROM polls_cast WHERE id = ANY(%(casts)s) AND before IS NULL GROUP BY 1) c
WHERE a.id = c.poll_id
"""
# What is not folded yet is added, so that one's own ballot shows at once.
READ = f"""
SELECT segment, number, value, sum(n)::int FROM (
  SELECT segment, number, value, n FROM polls_count WHERE poll_id = %(poll)s
  UNION ALL
  SELECT segment, number, value, n FROM ({
    SUMMED.format(
        differences=DIFFERENCES.format(
            casts="ARRAY(SELECT w.cast_id FROM polls_waiting w JOIN polls_cast c ON c.id = w.cast_id WHERE c.poll_id = %(poll)s)"
        )
    )
}) waiting
) counted GROUP BY 1, 2, 3
"""  # noqa: S608 - our own constants

# What is said by ballots that are out of the count: read only to publish it beside the result.
OUT = f"""
SELECT number, value, sum(n)::int FROM ({
    SUMMED.format(
        differences="SELECT poll_id, choice, 'out' AS traits, 1 AS sign FROM polls_ballot WHERE poll_id = %(poll)s AND standing <> 0"
    )
}) s GROUP BY 1, 2
"""  # noqa: S608 - our own constants

type Counts = dict[tuple[int, int], int]  # (number, value): ballots


@transaction.atomic
def fold() -> int:
    """Adds waiting casts to counts, participants and chains. Returns how many it added."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        cursor.execute(TAKE)
        casts = [row[0] for row in cursor.fetchall()]
        if casts:
            cursor.execute(ADD, {"casts": casts})
            cursor.execute(PEOPLE, {"casts": casts})
            chain.lengthen(cursor, casts)
    return len(casts)


def read(poll_id: int) -> dict[str, Counts]:
    """The counts of every group of a poll, by segment."""
    found: dict[str, Counts] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(READ, {"poll": poll_id})
        for segment, number, value, n in cursor.fetchall():
            found[segment][number, value] = n
    return dict(found)


def read_out(poll_id: int) -> Counts:
    """The counts of the ballots that are out of the count. For whoever publishes the list, and nobody before."""
    with connection.cursor() as cursor:
        cursor.execute(OUT, {"poll": poll_id})
        return {(number, value): n for number, value, n in cursor.fetchall()}
