"""Finds votes that have something suspicious in common, and proposes them to be looked at. It decides nothing.

One thing in common is none: a college, an office or a mobile carrier puts thousands of honest people behind one network,
and a household shares a phone. A group is proposed when its signals add up to `PROPOSE_AT`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil
from statistics import median
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Count

from commons.integrity.kinds import KINDS, VoteKind
from commons.integrity.models import Cluster, Suspect

LOOKED_BACK = timedelta(days=3)
FRESH = timedelta(days=3)  # an account that had joined so shortly before it voted
FEWEST = 5  # people in a group
ON_A_NETWORK, OF_A_NETWORK = 10, 0.8  # people, and the share of the group
ON_A_DEVICE, ON_ONE_DEVICE = 4, 8  # people who may be a household, and who cannot be
FRESH_SHARE = 0.7
ALIKE_VOTES, ALIKE_SHARE = 5, 0.5  # votes that are all the same, and the share of the group that cast them
IN_A_BURST = timedelta(seconds=5)  # between a vote and the next one, in the middle of them
PROPOSE_AT = 2
MOST_GROUPS = 500  # looked at in one round
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(4117, 3), set_config('statement_timeout', '120s', true)"
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
GROUPS = """
WITH vectors AS (
  SELECT activity, person, hashtextextended(string_agg(target || ':' || value, ',' ORDER BY target), 0) AS vector
  FROM recent_votes GROUP BY activity, person HAVING count(*) >= %(alike_votes)s
)
(SELECT activity, target, 'device ' || device, array_agg(person) FROM recent_votes WHERE device IS NOT NULL
 GROUP BY activity, target, device HAVING count(*) >= %(on_a_device)s LIMIT %(most)s)
UNION ALL
(SELECT activity, target, 'network ' || network, array_agg(person) FROM recent_votes WHERE network IS NOT NULL
 GROUP BY activity, target, network HAVING count(*) >= %(on_a_network)s LIMIT %(most)s)
UNION ALL
(SELECT activity, NULL, 'vector ' || vector, array_agg(person) FROM vectors
 GROUP BY activity, vector HAVING count(*) >= %(fewest)s LIMIT %(most)s)
"""
MEMBERS = """
SELECT target, person, value, at, network, device, fresh FROM recent_votes
WHERE activity = %(activity)s AND person = ANY(%(people)s) ORDER BY at
"""


@transaction.atomic
def find(kind: VoteKind) -> list[Cluster]:
    """Proposes what looks suspicious among the votes of the last three days. Returns the clusters that are new or grew."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    collect(kind)
    touched: dict[int, Cluster] = {}
    taken: set[tuple[int, int]] = set()
    for group in groups():
        everything = members(group)
        votes = [vote for vote in everything if group.target in {None, vote.target}]
        votes = [vote for vote in votes if (vote.target, vote.person) not in taken]
        signals = signals_of(votes, everything)
        if sum(signal["score"] for signal in signals) < PROPOSE_AT:
            continue
        cluster = propose(kind, group, votes, signals)
        taken |= {(vote.target, vote.person) for vote in votes}
        touched[cluster.pk] = cluster
    return list(touched.values())


def collect(kind: VoteKind) -> None:
    """Puts the votes that are looked at together, for this transaction."""
    with connection.cursor() as cursor:
        for statement in COLLECT.split(";"):
            cursor.execute(statement)
        values: dict[str, Any] = {"looked_back": LOOKED_BACK, "fresh": FRESH, "kind": kind.name}
        cursor.execute(FILL.format(votes=kind.votes), values)
        cursor.execute("ANALYZE recent_votes")


def groups() -> list[Group]:
    """What shares something, before anybody asked whether that is suspicious."""
    values = {
        "alike_votes": ALIKE_VOTES, "on_a_device": ON_A_DEVICE, "on_a_network": ON_A_NETWORK, "fewest": FEWEST,
        "most": MOST_GROUPS,
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


def signals_of(votes: list[Vote], everything: list[Vote]) -> list[dict[str, Any]]:
    """What the votes have in common. `everything` is all their people voted on: only that shows who voted alike."""
    people = {vote.person for vote in votes}
    of = len(people)
    if of < ON_A_DEVICE:
        return []
    found: list[dict[str, Any]] = []

    def add(signal: str, count: int, score: int = 1, **more: int) -> None:
        found.append({"signal": signal, "count": count, "of": of, "score": score, **more})

    network = most_shared((vote.network, vote.person) for vote in votes)
    if network >= ON_A_NETWORK and network >= OF_A_NETWORK * of:
        add("network", network)
    device = most_shared((vote.device, vote.person) for vote in votes)
    if device >= ON_A_DEVICE:
        add("device", device, score=2 if device >= ON_ONE_DEVICE else 1)
    fresh = len({vote.person for vote in votes if vote.fresh})
    if of >= FEWEST and fresh >= FRESH_SHARE * of:
        add("fresh", fresh)
    between = pause(votes)
    if between is not None and between <= IN_A_BURST:
        add("burst", of, seconds=max(1, ceil(between.total_seconds())))
    alike, length = most_alike(vote for vote in everything if vote.person in people)
    if alike >= FEWEST and alike >= ALIKE_SHARE * of:
        add("vector", alike, votes=length)
    return found


def most_shared(pairs: Iterable[tuple[int | None, int]]) -> int:
    """How many people share the value that most of them share."""
    people: dict[int, set[int]] = defaultdict(set)
    for value, person in pairs:
        if value is not None:
            people[value].add(person)
    return max((len(group) for group in people.values()), default=0)


def pause(votes: list[Vote]) -> timedelta | None:
    """The time between a vote and the next one on the same thing, in the middle; None for too few. `votes` by their time."""
    moments: dict[int, list[datetime]] = defaultdict(list)
    for vote in votes:
        moments[vote.target].append(vote.at)
    busiest = max(moments.values(), key=len)
    if len(busiest) < FEWEST:
        return None
    return timedelta(seconds=median((b - a).total_seconds() for a, b in pairwise(busiest)))


def most_alike(votes: Iterable[Vote]) -> tuple[int, int]:
    """How many people voted exactly alike on everything they voted on, and on how many things."""
    ballots: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for vote in votes:
        ballots[vote.person].add((vote.target, vote.value))
    counted = Counter(frozenset(ballot) for ballot in ballots.values() if len(ballot) >= ALIKE_VOTES)
    return max(((count, len(ballot)) for ballot, count in counted.items()), default=(0, 0))


def propose(kind: VoteKind, group: Group, votes: list[Vote], signals: list[dict[str, Any]]) -> Cluster:
    """A new cluster, or more of one that nobody has looked at yet."""
    score = sum(signal["score"] for signal in signals)
    cluster, created = Cluster.objects.get_or_create(
        kind=kind.name, activity_id=group.activity, shared=group.shared, state=Cluster.State.PROPOSED,
        defaults={"signals": signals, "score": score, "people_count": 0, "vote_count": 0},
    )  # fmt: skip
    Suspect.objects.bulk_create(
        [Suspect(cluster=cluster, target=vote.target, person_id=vote.person) for vote in votes], ignore_conflicts=True
    )
    counted = cluster.suspects.aggregate(votes=Count("pk"), people=Count("person", distinct=True))
    if not created and score > cluster.score:
        cluster.signals, cluster.score = signals, score
    cluster.vote_count, cluster.people_count = counted["votes"], counted["people"]
    cluster.save(update_fields=["signals", "score", "vote_count", "people_count"])
    return cluster


def find_all() -> int:
    return sum(len(find(kind)) for kind in KINDS.values())
