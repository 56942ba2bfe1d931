"""Finds votes that have something suspicious in common, and proposes them to be looked at. It decides nothing.

One thing in common is none: a college, an office or a mobile carrier puts thousands of honest people behind one network,
and a household shares a phone. A group is proposed when its signals add up to `PROPOSE_AT`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil
from statistics import median
from typing import Any

from django.db import connection, transaction
from django.db.models import Count

from commons.integrity.grouping import (
    ALIKE_SHARE,
    ALIKE_VOTES,
    FEWEST,
    FRESH_SHARE,
    IN_A_BURST,
    OF_A_NETWORK,
    ON_A_DEVICE,
    ON_A_NETWORK,
    ON_ONE_DEVICE,
    SHARED_SHARE,
    Group,
    Vote,
    collect,
    groups,
    members,
)
from commons.integrity.kinds import KINDS, VoteKind
from commons.integrity.models import Cluster, Suspect

PROPOSE_AT = 2
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(4117, 3), set_config('statement_timeout', '120s', true)"


@transaction.atomic
def find(kind: VoteKind) -> list[Cluster]:
    """Proposes what looks suspicious among the votes of the last three days. Returns the clusters that are new or grew."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    collect(kind)
    touched: dict[int, Cluster] = {}
    taken: set[tuple[int, int]] = set()
    for group in groups(kind):
        everything = members(group)
        votes = [vote for vote in everything if group.target in {None, vote.target}]
        votes = [vote for vote in votes if (vote.target, vote.person) not in taken]
        if len({vote.person for vote in votes}) < kind.fewest:
            continue
        signals = signals_of(votes, everything)
        if sum(signal["score"] for signal in signals) < PROPOSE_AT:
            continue
        cluster = propose(kind, group, votes, signals)
        taken |= {(vote.target, vote.person) for vote in votes}
        touched[cluster.pk] = cluster
    return list(touched.values())


def signals_of(votes: list[Vote], everything: list[Vote]) -> list[dict[str, Any]]:
    """What the votes have in common. `everything` is all their people voted on: only that shows who voted alike."""
    people = {vote.person for vote in votes}
    of = len(people)
    if of < ON_A_DEVICE:
        return []
    found: list[dict[str, Any]] = []

    def add(signal: str, count: int, score: int = 1, **more: int) -> None:
        found.append({"signal": signal, "count": count, "of": of, "score": score, **more})

    network = max(sharers((vote.network, vote.person) for vote in votes), default=0)
    if network >= ON_A_NETWORK and network >= OF_A_NETWORK * of:
        add("network", network)
    device, sharing = browsers_of(votes)
    if device >= ON_A_DEVICE and sharing >= SHARED_SHARE * of:  # one family on a college's network is no sign
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


def sharers(pairs: Iterable[tuple[int | None, int]]) -> list[int]:
    """How many people share each value."""
    people: dict[int, set[int]] = defaultdict(set)
    for value, person in pairs:
        if value is not None:
            people[value].add(person)
    return [len(group) for group in people.values()]


def browsers_of(votes: list[Vote]) -> tuple[int, int]:
    """How many voted in the browser that most of them used, and how many in one that some of them shared."""
    shared = [many for many in sharers((vote.device, vote.person) for vote in votes) if many >= ON_A_DEVICE]
    return max(shared, default=0), sum(shared)


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
