"""A voter, a moderator and the seal at the same moment, on real connections: counts agree with rows, the list with its head."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import sleep

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from commons.activities import counters
from commons.integrity import checking, finding, kinds
from commons.integrity.models import Cluster
from polls import auditing, sealing, standing
from polls.models import Ballot
from tests.polls.conftest import cast, counted, set_window, stuff

pytestmark = pytest.mark.django_db(transaction=True)
# As if ballots were read first and moved afterwards: the differences come from what was read.
READ_FIRST = standing.MOVE.replace(
    "WITH unsealed",
    "WITH seen AS (SELECT id, choice FROM polls_ballot WHERE poll_id = ANY(%(targets)s)), unsealed",
).replace(
    "RETURNING b.poll_id, b.voter_id, b.choice, b.traits",
    "RETURNING b.poll_id, b.voter_id, (SELECT choice FROM seen WHERE seen.id = b.id) AS choice, b.traits",
)
NOT_WAITING = standing.MOVE.replace("FOR SHARE", "")


@pytest.fixture
def cluster(poll, people):
    stuff(poll, people(12), o1=1)
    counted(poll)
    finding.find(standing.KIND)
    return Cluster.objects.get()


def begun_before(first, second):
    """`first` has done its work but has not committed when `second` begins; then it commits. What `second` came to."""
    begun, may_end = threading.Event(), threading.Event()

    def one():
        try:
            with transaction.atomic():
                first()
                begun.set()
                may_end.wait(10)
        finally:
            begun.set()
            connection.close()

    def other():
        try:
            begun.wait(10)
            return second()
        except ValidationError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        running, waiting = pool.submit(one), pool.submit(other)
        begun.wait(10)
        sleep(0.5)  # until the second waits for a row of the first
        may_end.set()
        running.result(20)
        return waiting.result(20)


def set_aside(cluster, by):
    return checking.decide(cluster, by, "aside", seen="proposed", words="One hand.")


def while_a_mind_changes(poll, cluster, mod):
    voter = Ballot.objects.earliest("pk").voter
    return begun_before(lambda: cast(poll, voter, o2=1), lambda: set_aside(cluster, mod))


def test_a_ballot_that_changes_meanwhile_is_moved_as_it_is_then(poll, cluster, mod):
    assert while_a_mind_changes(poll, cluster, mod) == 12
    assert counted(poll) == {}
    assert (counters.find_drift(), auditing.first_wrong(poll)) == ([], "")


def test_negative_control_ballots_that_are_read_first_would_drift(poll, cluster, mod, monkeypatch):
    monkeypatch.setitem(kinds.KINDS, standing.NAME, replace(standing.KIND, move=READ_FIRST))
    while_a_mind_changes(poll, cluster, mod)
    counted(poll)
    assert {drift.counter.table for drift in counters.find_drift()} == {"polls_count"}


def test_a_vote_that_begins_while_they_are_set_aside_is_out_with_them(poll, cluster, mod):
    voter = Ballot.objects.earliest("pk").voter
    begun_before(lambda: set_aside(cluster, mod), lambda: cast(poll, voter, o2=1))
    assert (counted(poll), counted(poll, "aside")) == ({}, {(0, 0): 12})
    assert counters.find_drift() == []


def test_they_change_their_minds_all_the_time_while_moderators_go_back_and_forth(poll, cluster, mod):
    voters, done = [ballot.voter for ballot in Ballot.objects.all()], threading.Event()

    def change(place):
        try:
            while not done.is_set():
                cast(poll, voters[place], o1=1)
                cast(poll, voters[place], o2=1)
        finally:
            connection.close()

    def count():
        try:
            while not done.wait(0.02):
                counted(poll)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        others = [pool.submit(change, place) for place in range(4)] + [pool.submit(count)]
        try:
            for to, seen in [("aside", "proposed"), *[("released", "aside"), ("aside", "released")] * 8]:
                assert checking.decide(cluster, mod, to, seen=seen, words="One hand.") == 12
        finally:
            done.set()
        for other in others:
            other.result(20)
    assert (counted(poll), counted(poll, "aside")) == ({}, {(0, 0): 12})
    assert (counters.find_drift(), auditing.first_wrong(poll)) == ([], "")


def test_two_moderators_at_once_move_the_ballots_once(poll, cluster, mod, admin):
    start = threading.Barrier(2)

    def decide(who):
        try:
            start.wait(10)
            return set_aside(cluster, who)
        except checking.AlreadyDecided as already:
            return already
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(decide, (mod, admin)))
    assert sorted(type(result).__name__ for result in results) == ["AlreadyDecided", "int"]
    assert (counted(poll), counted(poll, "aside"), counters.find_drift()) == ({}, {(0, 0): 12}, [])


def while_it_is_sealed(poll, people, mod):
    """A group that is found and set aside while the poll's list is being closed."""
    stuff(poll, people(12), o1=1)
    set_window(poll, "-1 hour", "-1 minute")

    def find_and_set_aside():
        finding.find(standing.KIND)
        return set_aside(Cluster.objects.get(), mod)

    result = begun_before(lambda: sealing.seal(poll), find_and_set_aside)
    poll.refresh_from_db()
    assert poll.is_counted
    return result


def test_nothing_moves_while_the_list_is_closed(poll, people, mod):
    refused = while_it_is_sealed(poll, people, mod)
    assert "The count is published" in str(refused)
    assert (auditing.first_wrong(poll), Cluster.objects.get().state) == ("", "proposed")


def test_negative_control_without_waiting_the_list_would_not_be_the_published_one(poll, people, mod, monkeypatch):
    monkeypatch.setitem(
        kinds.KINDS, standing.NAME, replace(standing.KIND, move=NOT_WAITING, settled=lambda _poll: False)
    )
    while_it_is_sealed(poll, people, mod)
    assert "the list of ballots has the head" in auditing.first_wrong(poll)
