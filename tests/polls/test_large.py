"""A large poll: a burst of ballots is counted at once; its list is sent in pieces, and counted again on an ordinary computer.

BALLOTS_LIST=100000 makes it as large as one likes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction

from bench.seed_polls import BALLOTS, CASTS
from polls import counting, publishing
from tests.comments.test_races import at_once
from tests.polls.test_verifying import SCRIPT, closed

if TYPE_CHECKING:
    from polls.models import Poll

pytestmark = pytest.mark.django_db
SIZE = int(os.environ.get("BALLOTS_LIST", "20000"))
BURST, AT_ONCE = 60_000, 20_000  # ballots within a second, and how many of them are counted in one go

# Runs a script, and says afterwards how many kilobytes it had in memory at most: its own, not those of who started it.
MEASURED = """
import runpy, sys
sys.argv = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    print(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0])
"""


def cast_at_once(poll: Poll, ballots: int) -> None:
    """So many ballots that wait to be counted."""
    given = {"poll": poll.pk, "ballots": ballots, "options": 3, "slug": poll.slug}
    with transaction.atomic(), connection.cursor() as cursor:
        # Nobody casts as many at once: without the limit of a statement, and without asking for each row.
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL session_replication_role = replica")
        cursor.execute(BALLOTS, given)
        cursor.execute(CASTS, given)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture
def large(make_poll):
    """A closed poll with so many ballots, counted, chained and sealed as the worker does it."""

    def make(ballots: int) -> Poll:
        poll = make_poll(slug=f"large-{ballots}")
        cast_at_once(poll, ballots)
        return closed(poll)

    return make


@pytest.mark.django_db(transaction=True)
def test_a_burst_is_counted_though_the_plan_was_made_while_nothing_waited(make_poll):
    """The worker asks once a second; PostgreSQL keeps the plan that suited an empty table. A statement has 15 seconds."""
    poll = make_poll()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE polls_waiting")
    for _second in range(8):  # from the fifth on the statement is a prepared one
        assert counting.fold() == 0
    assert (
        at_once([lambda: cast_at_once(poll, BURST)]) == []
    )  # over a connection of their own: this one keeps its plans

    assert counting.fold() == AT_ONCE
    assert counting.read(poll.pk)["all"][0, 0] == BURST


def pieces(poll: Poll) -> Iterator[str]:
    return publishing.document(poll, list(poll.options.all()), counting.read(poll.pk))


def most_memory(poll: Poll, *, kept: bool = False) -> float:
    """The most megabytes held while the list is read piece by piece; `kept` keeps them all, for the control."""
    tracemalloc.start()
    together = [piece for piece in pieces(poll) if kept]
    most = tracemalloc.get_traced_memory()[1] / 1_000_000
    tracemalloc.stop()
    assert bool(together) == kept
    return most


def test_sending_the_list_needs_no_more_memory_for_more_ballots(large):
    small, long = large(SIZE // 2), large(SIZE)
    most_memory(small)  # what is made once
    needed = [most_memory(small), most_memory(long)]

    assert needed[1] < needed[0] * 1.1
    assert most_memory(long, kept=True) > needed[1] * 1.5, "the control: a list that is held as a whole is seen here"
    print(f"{SIZE // 2} and {SIZE} ballots: {needed} MB")  # noqa: T201 - with -s


def test_the_script_counts_a_large_list_in_seconds(large, tmp_path):
    poll = large(SIZE)
    file = tmp_path / "ballots.json"
    with file.open("w") as written:
        written.writelines(pieces(poll))

    begun = time.monotonic()
    line = [sys.executable, "-c", MEASURED, str(SCRIPT), str(file)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    took = time.monotonic() - begun
    *said, most = done.stdout.splitlines()
    megabytes = int(most) / 1000

    assert (done.returncode, said[-1]) == (0, "OK"), done.stdout
    assert f"{SIZE} ballots of people" in done.stdout
    assert megabytes < 60 + SIZE / 500
    print(  # noqa: T201 - with -s
        f"{SIZE} ballots: {file.stat().st_size / 1_000_000:.0f} MB, counted again in {took:.1f} s with {megabytes:.0f} MB"
    )
