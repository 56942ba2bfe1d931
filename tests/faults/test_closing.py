"""The database's clock decides a close, whatever the web servers' clocks say: four processes, one 90 seconds ahead.

MYGOV_CLOSING=10000 sends as many requests, all within two seconds of a close, in rounds of four seconds (default: one).
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import closing
from itertools import cycle
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.db.models import F

from mygov.launch.valkey import free_port
from polls.models import Ballot, Cast, Poll
from tests.comments.test_races import at_once
from tests.faults.crowd import Line, sessions
from tests.polls.conftest import people, set_window

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.site import Site

__all__ = ["people"]  # a fixture
pytestmark = [pytest.mark.launch, pytest.mark.xdist_group("faults")]

WANTED = int(os.environ.get("MYGOV_CLOSING", "0"))
AROUND = 2  # seconds, before and after
AHEAD = 90  # seconds by which the last process is wrong
PROCESSES, LINES = 4, 2  # web processes, and connections to each
ACCEPTED, REFUSED = {200, 302}, {422}  # with HTMX or as a plain form


class Closes:
    """Polls that close while everybody votes. What was answered, by process: (accepted, refused, late, early, odd)."""

    def __init__(self, site: Site, make_poll: Callable[..., Poll], voters: list, application: str) -> None:
        self.make_poll, self.sessions = make_poll, sessions(voters)
        self.ports = [free_port() for _n in range(PROCESSES)]
        self.answers: Counter[tuple[int, str]] = Counter()
        for place, port in enumerate(self.ports):
            site.web(application, port=port, WRONG_BY=str(AHEAD * (place == PROCESSES - 1)))

    def once(self) -> None:
        """One round, from two seconds before the close until two seconds after it."""
        poll = self.make_poll(slug=f"closing-{Poll.objects.count()}")
        ready = Barrier(PROCESSES * LINES, lambda: set_window(poll, "-1 hour", f"{AROUND} seconds"))
        jobs = [
            lambda place=place, line=line: self.press(place, line, poll, ready)
            for place in range(PROCESSES)
            for line in range(LINES)
        ]
        wrong = at_once(jobs)  # type: ignore[arg-type]
        assert wrong == []
        assert Ballot.objects.filter(poll=poll).exists()
        assert not Cast.objects.filter(poll=poll, at__gte=F("poll__closes_at")).exists()

    def press(self, place: int, number: int, poll: Poll, ready: Barrier) -> None:
        mine = self.sessions[place * LINES + number :: PROCESSES * LINES]
        with closing(Line(self.ports[place])) as line, connection.cursor() as cursor:
            line.vote(poll.slug, mine[0], 3, htmx=number == 0)  # what is read and compiled once is not part of the race
            ready.wait(60)
            for turn, session in enumerate(cycle(mine)):
                before = from_close(cursor, poll)
                if before > AROUND:
                    return
                status, _page = line.vote(poll.slug, session, turn // len(mine) % 3 + 1, htmx=number == 0)
                self.note(place, before, from_close(cursor, poll), status)

    def note(self, place: int, before: float, after: float, status: int) -> None:
        """Late: accepted though it began after the close. Early: refused though it was answered before the close."""
        self.answers[place, "accepted" if status in ACCEPTED else "refused" if status in REFUSED else "odd"] += 1
        self.answers[place, "late"] += status in ACCEPTED and before > 0
        self.answers[place, "early"] += status in REFUSED and after < 0

    def how_many(self, what: str) -> list[int]:
        return [self.answers[place, what] for place in range(PROCESSES)]

    @property
    def requests(self) -> int:
        return sum(sum(self.how_many(what)) for what in ("accepted", "refused", "odd"))


def from_close(cursor, poll: Poll) -> float:
    """Seconds since the close, by the database's clock; negative before it."""
    cursor.execute(
        "SELECT extract(epoch FROM clock_timestamp() - closes_at)::float FROM activities_activity WHERE id = %s",
        [poll.pk],
    )
    return cursor.fetchone()[0]


@pytest.mark.timeout(240 + WANTED // 2)
def test_none_late_is_accepted_and_none_early_refused(site, make_poll, people):
    closes = Closes(site, make_poll, people(PROCESSES * LINES * 5), "tests.faults.wrong_clock:application")

    while closes.requests == 0 or closes.requests < WANTED:
        closes.once()

    nobody = [0] * PROCESSES
    assert (closes.how_many("late"), closes.how_many("early"), closes.how_many("odd")) == (nobody, nobody, nobody)
    assert min(closes.how_many("accepted") + closes.how_many("refused")) > 0
    print(  # noqa: T201 - with -s
        f"{closes.requests} requests within {AROUND} s of {Poll.objects.count()} closes,"
        f" accepted {closes.how_many('accepted')}, refused {closes.how_many('refused')} by process"
    )


def test_a_process_that_judges_by_its_own_clock_refuses_early_when_it_is_ahead(site, make_poll, people):
    """The control, which also shows that the clock of the last process really is another."""
    closes = Closes(site, make_poll, people(PROCESSES * LINES), "tests.faults.own_clock:application")

    for _round in range(5):  # on a busy machine a round may end before it got a request through
        closes.once()
        if sum(closes.how_many("early")):
            break

    *_right, ahead = closes.how_many("early")
    assert ahead > 0
    assert closes.how_many("accepted")[-1] == 0
