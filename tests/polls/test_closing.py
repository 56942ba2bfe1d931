"""The database's clock decides a close, whatever the web servers' clocks say: four processes, one 90 seconds ahead.

MYGOV_CLOSING=10000 sends as many requests, in rounds of four seconds each (default: one round).
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client

from bench.closing import AHEAD, Plan, Verdict, storm
from polls.models import Ballot
from tests.polls.conftest import set_window

pytestmark = pytest.mark.django_db(transaction=True)

WANTED = int(os.environ.get("MYGOV_CLOSING", "0"))
SECONDS = 2


def database() -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


def sessions(voters: list) -> list[str]:
    found = []
    for voter in voters:
        client = Client()
        client.force_login(voter)
        found.append(client.cookies["sessionid"].value)
    return found


@pytest.fixture
def around_the_close(make_poll, people, tmp_path):
    """One round: the poll closes while four processes vote in it."""
    rounds = 0

    def run(judge: str = "database") -> Verdict:
        nonlocal rounds
        rounds += 1
        poll = make_poll(slug=f"closing-{rounds}")
        share = 400
        keys = sessions(people(share * 4))
        folder = Path(tmp_path) / str(rounds)
        folder.mkdir()
        plans = [
            Plan(database(), poll.slug, keys[n * share : (n + 1) * share], SECONDS, AHEAD if n == 3 else 0, judge)
            for n in range(4)
        ]
        environment = {**os.environ, "DATABASE_URL": database()}
        found = storm(plans, folder, environment, lambda: set_window(poll, "-1 hour", f"{SECONDS} seconds"))
        assert Ballot.objects.filter(poll=poll).count() == found.accepted
        return found

    return run


def test_none_late_is_accepted_and_none_early_refused(around_the_close):
    total = 0
    while total == 0 or total < WANTED:
        found = around_the_close()
        total += found.requests
        assert (found.late, found.early, found.odd) == (0, 0, 0)
        assert found.accepted > 0
        assert found.refused > 0
    print(f"{total} requests around the close")  # noqa: T201 - with -s


def test_with_the_servers_clock_as_judge_a_wrong_one_refuses_early(around_the_close):
    """The control: the process that is ahead turns people away before the close."""
    early = 0
    for _round in range(5):  # on a busy machine it may not get a request through before the close
        early = early or around_the_close("python").early
    assert early > 0
