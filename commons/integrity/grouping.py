"""Puts votes together that share something: one network, one browser on one thing, or the same votes on many things.

What is found here is only what `finding` looks at: groups in which a second sign is possible, the largest first, so that
no crowd of honest ones hides them. The database does it; here are as many votes in memory as one group has.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from commons.integrity.kinds import VoteKind

LOOKED_BACK = timedelta(days=3)
FRESH = timedelta(days=3)  # an account that had joined so shortly before it voted
FEWEST = 5  # people in a group
ON_A_NETWORK, OF_A_NETWORK = 10, 0.8  # people, and the share of the group
ON_A_DEVICE, ON_ONE_DEVICE = 4, 8  # people who may be a household, and who cannot be
SHARED_SHARE = 0.5  # of a group that voted in browsers others of it voted in too
FRESH_SHARE = 0.7
ALIKE_VOTES, ALIKE_SHARE = 5, 0.5  # votes that are all the same, and the share of the group that cast them
IN_A_BURST = timedelta(seconds=5)  # between a vote and the next one, in the middle of them
MOST_GROUPS = 500  # looked at in one round, the largest first
ORDER = ("network", "device", "vector")  # the widest first, so that one hand is one group


class Vote(NamedTuple):
    target: int
    person: int
    value: int
    at: datetime
    network: int | None
    device: int | None
    fresh: bool


@dataclass(frozen=True)
class Group:
    """Votes that share a network or device on one target, or people who voted alike on all of them (`target` None)."""

    activity: int
    target: int | None
    shared: str
    people: list[int]


# The votes of the last days that no cluster has yet, put together once: what somebody looked at before is not proposed
# again. A table of this transaction alone, so that each group's people are found by its index.
COLLECT = """
DROP TABLE IF EXISTS pg_temp.recent_votes;
CREATE TEMP TABLE recent_votes (
  target bigint, activity bigint, person bigint, value smallint, at timestamptz, network bigint, device bigint, fresh boolean
) ON COMMIT DROP;
CREATE INDEX ON recent_votes (activity, person)
"""
FILL = """
INSERT INTO recent_votes
SELECT v.target, v.activity, v.person, v.value, v.at, v.network, v.device, v.at < u.joined_at + %(fresh)s
FROM ({votes}) v JOIN people_user u ON u.id = v.person
WHERE v.at > now() - %(looked_back)s AND v.standing = 0 AND NOT EXISTS (
  SELECT FROM integrity_suspect s JOIN integrity_cluster k ON k.id = s.cluster_id
  WHERE s.target = v.target AND s.person_id = v.person AND k.kind = %(kind)s)
"""
# What a group must have beside what it shares; half of the pauses are short when the one in the middle is.
ANOTHER_SIGN = """(count(*) FILTER (WHERE fresh) >= %(fresh_share)s * count(*)
   OR 2 * count(*) FILTER (WHERE quick) >= count(*) - 1 OR count(*) FILTER (WHERE busy) >= %(fewest)s)"""
GROUPS = f"""
WITH busy AS MATERIALIZED (
  SELECT activity, person FROM recent_votes GROUP BY activity, person HAVING count(*) >= %(alike_votes)s
), vectors AS (
  SELECT activity, person, hashtextextended(string_agg(target || ':' || value, ',' ORDER BY target), 0) AS vector
  FROM recent_votes JOIN busy USING (activity, person) GROUP BY activity, person
), browsers AS MATERIALIZED (
  SELECT target, device FROM recent_votes WHERE device IS NOT NULL GROUP BY target, device HAVING count(*) >= %(on_a_device)s
), seen AS (
  SELECT v.*, browsers.device IS NOT NULL AS shared, busy.person IS NOT NULL AS busy
  FROM recent_votes v LEFT JOIN browsers USING (target, device) LEFT JOIN busy USING (activity, person)
)
(SELECT activity, target, 'device ' || device, array_agg(person) FROM (
   SELECT *, at - lag(at) OVER (PARTITION BY target, device ORDER BY at) <= %(in_a_burst)s AS quick FROM seen WHERE shared) v
 GROUP BY activity, target, device HAVING count(*) >= %(fewest_secret)s
   AND (count(*) >= %(on_one_device)s OR {ANOTHER_SIGN})
 ORDER BY count(*) DESC LIMIT %(most)s)
UNION ALL
(SELECT activity, target, 'network ' || network, array_agg(person) FROM (
   SELECT *, at - lag(at) OVER (PARTITION BY target, network ORDER BY at) <= %(in_a_burst)s AS quick
   FROM seen WHERE network IS NOT NULL) v
 GROUP BY activity, target, network HAVING count(*) >= greatest(%(on_a_network)s, %(fewest_secret)s)
   AND (count(*) FILTER (WHERE shared) >= %(shared_share)s * count(*) OR {ANOTHER_SIGN})
 ORDER BY count(*) DESC LIMIT %(most)s)
UNION ALL
(SELECT activity, NULL, 'vector ' || vector, array_agg(person) FROM vectors
 GROUP BY activity, vector HAVING count(*) >= greatest(%(fewest)s, %(fewest_secret)s) ORDER BY count(*) DESC LIMIT %(most)s)
"""  # noqa: S608 - our own constants
MEMBERS = """
SELECT target, person, value, at, network, device, fresh FROM recent_votes
WHERE activity = %(activity)s AND person = ANY(%(people)s) ORDER BY at
"""


def collect(kind: VoteKind) -> None:
    """Puts the votes that are looked at together, for this transaction."""
    with connection.cursor() as cursor:
        for statement in COLLECT.split(";"):
            cursor.execute(statement)
        values: dict[str, Any] = {"looked_back": LOOKED_BACK, "fresh": FRESH, "kind": kind.name}
        cursor.execute(FILL.format(votes=kind.votes), values)
        cursor.execute("ANALYZE recent_votes")


def groups(kind: VoteKind) -> list[Group]:
    """What shares something, and may have something more in common."""
    values: dict[str, Any] = {
        "alike_votes": ALIKE_VOTES, "on_a_device": ON_A_DEVICE, "on_one_device": ON_ONE_DEVICE, "shared_share": SHARED_SHARE,
        "on_a_network": ON_A_NETWORK, "fresh_share": FRESH_SHARE, "in_a_burst": IN_A_BURST, "fewest": FEWEST,
        "fewest_secret": kind.fewest, "most": MOST_GROUPS,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(GROUPS, values)
        found = [Group(*row) for row in cursor.fetchall()]
    return sorted(found, key=lambda group: (ORDER.index(group.shared.split()[0]), -len(group.people), group.shared))


def members(group: Group) -> list[Vote]:
    """Everything the group's people voted on in the activity, in the order of time."""
    with connection.cursor() as cursor:
        cursor.execute(MEMBERS, {"activity": group.activity, "people": group.people})
        return [Vote(*row) for row in cursor.fetchall()]
