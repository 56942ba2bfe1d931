"""Everybody votes at the same moment, over real connections. Each guard is shown to be needed: without it, it fails."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client

from commons.activities import counters
from polls import auditing, counting, voting
from polls.models import Ballot, Cast, Poll, Waiting
from tests.comments.test_races import at_once
from tests.polls.conftest import counted

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE, PARALLEL = 1000, 20


@contextmanager
def without_the_constraint() -> Iterator[None]:
    """One ballot a person is no longer the database's business."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE polls_ballot DROP CONSTRAINT ballot_once")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE polls_ballot, polls_cast, polls_waiting, polls_link")
            cursor.execute("ALTER TABLE polls_ballot ADD CONSTRAINT ballot_once UNIQUE (poll_id, voter_id)")


def storm(poll: Poll, voters: list, vote: Callable[..., object]) -> list[Exception]:
    """Everybody votes in twenty threads at once, each thread for another option, while ballots are counted."""
    done = threading.Event()
    options = list(poll.options.all())

    def cast(option: int) -> None:
        for voter in voters:
            vote(poll, options, voter, {option: 1})

    def keep_counting() -> None:
        while not done.wait(0.05):
            counting.fold()
        connection.close()

    folders = [threading.Thread(target=keep_counting) for _n in range(2)]
    for folder in folders:
        folder.start()
    wrong = at_once([lambda option=place % 3 + 1: cast(option) for place in range(PARALLEL)])  # type: ignore[misc]
    done.set()
    for folder in folders:
        folder.join()
    return wrong


def check(poll: Poll, voters: list, wrong: list[Exception]) -> None:
    """Exactly one ballot a person, counts that say so, receipts that match the chain."""
    counts = counted(poll)
    chosen = list(Ballot.objects.filter(poll=poll).values_list("choice", flat=True))
    poll.refresh_from_db()
    assert wrong == []
    assert len(chosen) == len(voters) == counts[0, 0] == poll.participant_count
    assert {number: counts.get((number, 1), 0) for number in (1, 2, 3)} == {
        number: chosen.count(f"{number}:1") for number in (1, 2, 3)
    }
    assert Waiting.objects.count() == 0
    assert Cast.objects.filter(before=None).count() == len(voters)
    assert auditing.first_wrong(poll) == ""
    assert counters.find_drift() == []


def test_a_thousand_people_vote_twenty_times_each_at_once_and_each_counts_once(poll, people) -> None:
    voters = people(PEOPLE)

    check(poll, voters, storm(poll, voters, voting.vote))


def test_the_same_fails_without_the_unique_constraint(poll, people) -> None:
    voters = people(20)

    with without_the_constraint():
        wrong = storm(poll, voters, voting.vote)
        with pytest.raises(AssertionError):
            check(poll, voters, wrong)


def test_asking_first_and_then_inserting_would_count_people_twice(poll, people) -> None:
    """The storm finds what it is there to find: the usual mistake, with nothing in the database against it."""
    voters = people(20)

    def ask_then_insert(poll, options, voter, values) -> None:
        if not Ballot.objects.filter(poll=poll, voter=voter).exists():
            given = voting.new_ballot(poll, values, "", "web")
            Ballot.objects.create(
                poll=poll, voter=voter, receipt=given["receipt"], secret=given["secret"], choice=given["choice"], traits="all"
            )  # fmt: skip

    with without_the_constraint():
        assert storm(poll, voters, ask_then_insert) == []
        assert Ballot.objects.count() > len(voters)


def test_ballots_over_http_at_once_never_answer_with_an_error(poll, people) -> None:
    voters = people(6)
    answers: list[int] = []
    sessions = []
    for person in voters:
        client = Client()
        client.force_login(person)
        sessions.append(client.cookies["sessionid"].value)

    def press(choice: str) -> None:
        for session in sessions:
            client = Client()
            client.cookies["sessionid"] = session
            response = client.post(f"/polls/{poll.slug}/ballot/", {"choice": choice}, headers={"HX-Request": "true"})
            answers.append(response.status_code)

    wrong = at_once([lambda choice=str(place % 3 + 1): press(choice) for place in range(PARALLEL)])  # type: ignore[misc]

    assert set(answers) == {200}
    assert len(answers) == len(voters) * PARALLEL
    check(poll, voters, wrong)
