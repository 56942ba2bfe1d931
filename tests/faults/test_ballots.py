"""Everybody sends many ballots at the same moment, for one option and another, to several web processes as in production.

`BALLOTS_SIZE="1000 20 4"` (people, ballots of each at once, web processes) makes it as large as one likes.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from polls import sealing, verify_poll
from polls.models import Ballot
from tests.comments.test_races import at_once
from tests.faults.crowd import Line, sessions
from tests.faults.site import HERE, Site
from tests.polls.conftest import people, set_window
from tests.polls.test_races import check, without_the_constraint

if TYPE_CHECKING:
    from polls.models import Poll

__all__ = ["people"]  # a fixture
pytestmark = [pytest.mark.launch, pytest.mark.xdist_group("faults")]
PEOPLE, PARALLEL, PROCESSES = (int(word) for word in os.environ.get("BALLOTS_SIZE", "25 20 2").split())
RECEIPT = re.compile(r"<code>([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})</code>")
SECRET = re.compile(r"<code>([0-9a-f]{32})</code>")


@dataclass
class Crowd:
    """What its people were answered: how many times each status, and each person's receipts."""

    site: Site
    poll: Poll
    sessions: list[str]
    statuses: Counter[int] = field(default_factory=Counter)
    receipts: list[set[str]] = field(default_factory=list)

    def votes(self, parallel: int) -> list[Exception]:
        """Person after person presses the button on that many connections at once, every fourth with HTMX, which is
        answered with the receipt. Returns what went wrong."""
        self.receipts = [set() for _session in self.sessions]
        together = Barrier(parallel)

        def press(place: int) -> None:
            with closing(Line(self.site.port)) as line:
                for number, session in enumerate(self.sessions):
                    together.wait(60)
                    status, page = line.vote(self.poll.slug, session, place % 3 + 1, htmx=place % 4 == 0)
                    self.statuses[status] += 1
                    self.receipts[number].update(RECEIPT.findall(page))

        return at_once([lambda place=place: press(place) for place in range(parallel)])  # type: ignore[misc]

    def shown_last(self, session: str) -> tuple[str, str]:
        """Receipt and secret code as this person's page shows them now."""
        status, page, _cookies, _took = self.site.ask("GET", f"/polls/{self.poll.slug}/", cookie=f"sessionid={session}")
        assert status == 200
        return RECEIPT.findall(page)[0], SECRET.findall(page)[0]


@pytest.mark.timeout(120 + PEOPLE * 2)
def test_everybody_counts_once_and_finds_their_last_receipt_in_the_published_list(site, make_poll, people, tmp_path):
    poll, voters = make_poll(), people(PEOPLE)
    site.web(processes=PROCESSES)
    crowd = Crowd(site, poll, sessions(voters))

    begun = time.monotonic()
    wrong = crowd.votes(PARALLEL)
    took = time.monotonic() - begun

    assert dict(crowd.statuses) == {200: PEOPLE * PARALLEL // 4, 302: PEOPLE * PARALLEL * 3 // 4}
    check(poll, voters, wrong)
    assert_one_each(poll, voters)
    last = [crowd.shown_last(session) for session in crowd.sessions]
    assert crowd.receipts == [{receipt} for receipt, _secret in last]
    assert_in_the_published_list(site, poll, last, tmp_path / "ballots.json")
    print(  # noqa: T201 - with -s
        f"{PEOPLE} people, {PARALLEL} ballots each at once, {PROCESSES} web processes: {dict(crowd.statuses)} in {took:.0f} s,"
        f" {Ballot.objects.count()} counted"
    )


def assert_one_each(poll: Poll, voters: list) -> None:
    assert Ballot.objects.filter(poll=poll).count() == len(voters)


def assert_in_the_published_list(site: Site, poll: Poll, last: list[tuple[str, str]], file) -> None:
    """After the close: the list counts up, and each receipt with its secret code is in it and in the chain."""
    # So long ago that nobody is waited for who might doubt so many ballots from one network: what nobody looked at counts.
    set_window(poll, "-31 days", "-30 days")
    assert sealing.seal_closed() == 1
    status, text, _cookies, _took = site.ask("GET", f"/polls/{poll.slug}/ballots.json")
    assert status == 200
    file.write_text(text)
    script = [sys.executable, str(HERE / "polls" / "verify_poll.py"), str(file)]
    done = subprocess.run([*script, "--receipt", last[0][0], "--secret", last[0][1]], capture_output=True, text=True, check=False)  # fmt: skip
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "OK"), done.stdout
    document = verify_poll.json.loads(text)
    found = [verify_poll.find(document, receipt, secret) for receipt, secret in last]
    assert len(found) == len(document["ballots"]) == PEOPLE


def test_asking_first_and_then_inserting_counts_people_twice(site, make_poll, people):
    """The control: the same crowd before a portal with the usual mistake, and no constraint behind it."""
    poll, voters = make_poll(), people(5)
    site.web("tests.faults.asks_first:application", processes=2)
    crowd = Crowd(site, poll, sessions(voters))

    with without_the_constraint():
        assert crowd.votes(PARALLEL) == []
        assert set(crowd.statuses) == {200, 302}
        with pytest.raises(AssertionError):
            assert_one_each(poll, voters)
