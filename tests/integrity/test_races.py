"""A voter and a moderator at the same moment, on real connections: the counts agree with the rows afterwards."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import sleep

import pytest
from django.db import connection, transaction

from commons.activities import counters
from commons.comments import folding, voting
from commons.comments.models import CommentVote
from commons.integrity import checking, finding, kinds
from commons.integrity.models import Cluster
from tests.integrity.conftest import stuff

pytestmark = pytest.mark.django_db(transaction=True)
# As if the votes were read first and moved afterwards: the differences come from what was read.
SEEN = (
    "seen AS (SELECT comment_id, person_id, value AS was FROM comments_commentvote WHERE comment_id = ANY(%(targets)s))"
)
READ_FIRST = (
    voting.MOVE.replace("WITH moved", f"WITH {SEEN}, moved")
    .replace("FROM moved, (", "FROM moved JOIN seen USING (comment_id, person_id), (")
    .replace("(value =", "(seen.was =")
)


@pytest.fixture
def cluster(say, crowd):
    people = crowd(12, days=1)
    stuff(say(), people)
    finding.find(voting.KIND)
    folding.fold()
    return Cluster.objects.get()


def while_a_vote_changes(cluster, mod, value):
    """A voter's change is not committed yet when the moderator sets the votes aside; then it is."""
    vote = CommentVote.objects.order_by("pk").first()
    begun, may_end = threading.Event(), threading.Event()

    def voter():
        try:
            with transaction.atomic():
                voting.vote(vote.comment_id, vote.person_id, value)
                begun.set()
                may_end.wait(10)
        finally:
            connection.close()

    def moderator():
        try:
            begun.wait(10)
            return checking.decide(cluster, mod, "aside", seen="proposed", words="One hand.")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(voter), pool.submit(moderator)
        begun.wait(10)
        sleep(0.5)  # until the moderator waits for the voter's row
        may_end.set()
        first.result(20)
        moved = second.result(20)
    folding.fold()
    return moved


@pytest.mark.parametrize(("value", "moved"), [(-1, 12), (0, 11)])
def test_a_vote_that_changes_meanwhile_is_moved_as_it_is_then(cluster, mod, value, moved):
    assert while_a_vote_changes(cluster, mod, value) == moved
    assert counters.find_drift() == []


def test_negative_control_votes_that_are_read_first_would_drift(cluster, mod, monkeypatch):
    monkeypatch.setitem(kinds.KINDS, "comment", replace(voting.KIND, move=READ_FIRST))
    while_a_vote_changes(cluster, mod, -1)

    assert {drift.counter.column for drift in counters.find_drift()} == {
        "down"
    }  # "up" would be below 0, and is kept from it


def test_two_moderators_at_once_move_the_votes_once(cluster, mod, admin):
    start = threading.Barrier(2)

    def decide(who):
        try:
            start.wait(10)
            return checking.decide(cluster, who, "aside", seen="proposed", words="One hand.")
        except checking.AlreadyDecided as already:
            return already
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(decide, (mod, admin)))
    folding.fold()

    assert sorted(str(type(result).__name__) for result in results) == ["AlreadyDecided", "int"]
    assert counters.find_drift() == []
