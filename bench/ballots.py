"""`python -m bench.ballots [ballots]`: how long it takes to find the stuffed ballots in one large poll, and in how much memory.

Starts a PostgreSQL of its own. Everybody votes over one day from networks of fifty people, some of whom share a browser;
among them are five hundred accounts of that morning on one network. Fails when the finder comes to anything but them,
when the database works longer than `MOST_SECONDS`, or when the process grows by more than `SLACK`.
"""

from __future__ import annotations

import os
import sys
import time

from bench import processes
from bench.own_database import with_own_database

STUFFED = 500
MOST_SECONDS, SLACK = 30, 10  # a round may take 120 s (commons/integrity/finding.py); MB

PEOPLE = """
INSERT INTO people_user (email, password, display_name, level, about, language, languages, skills, public_fields, is_active,
  is_staff, is_superuser, born, gender, joined_at)
SELECT 'voter' || n || '@example.org', '!', '', 1, '', 'en', '{}', '{}', '{}', true, false, false, '', '',
  now() - CASE WHEN n <= %(stuffed)s THEN interval '2 hours' ELSE interval '90 days' END
FROM generate_series(1, %(ballots)s) n
"""
# Honest people vote at any moment of a day; every twentieth in a browser with three others of the family.
BALLOTS = """
INSERT INTO polls_ballot (poll_id, voter_id, receipt, secret, choice, "order", traits, network, device, at)
SELECT %(poll)s, u.id, left(md5(u.id::text), 19), md5((-u.id)::text), (u.id %% 3 + 1) || ':1', '', 'all|channel:web',
  CASE WHEN u.id <= %(stuffed)s THEN -1 ELSE (u.id * 2654435761) %% (%(ballots)s / 50 + 1) END,
  CASE WHEN u.id <= %(stuffed)s THEN -u.id WHEN u.id %% 20 < 4 THEN u.id / 20 ELSE 1000000000 + u.id END,
  now() - CASE WHEN u.id <= %(stuffed)s THEN u.id * interval '0.1 second' ELSE (u.id * 7919 %% 86400) * interval '1 second' END
FROM people_user u ORDER BY u.id
"""


def measure(ballots: int) -> int:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from mygov.launch import head_start

    head_start.load()
    call_command("migrate", verbosity=0)
    from commons.directory.models import Institution
    from commons.integrity import finding
    from commons.integrity.models import Suspect
    from polls import standing
    from polls.models import Poll

    now = timezone.now()
    poll = Poll.objects.create(
        institution=Institution.objects.create(code="education", name="Education"), slug="large", title="Large",
        summary="-", promise="-", state="published", published_at=now, opens_at=now,
    )  # fmt: skip
    given = {"ballots": ballots, "stuffed": STUFFED, "poll": poll.pk}
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for statement in (PEOPLE, BALLOTS):
            cursor.execute(statement, given)
        cursor.execute("VACUUM ANALYZE people_user, polls_ballot")
    server = connection.connection.info.backend_pid
    memory, worked, begun = own_memory(), processes.seconds(server), time.monotonic()
    found = finding.find(standing.KIND)
    seconds, worked = time.monotonic() - begun, processes.seconds(server) - worked
    grown = own_memory() - memory
    faults = [] if not finding.find(standing.KIND) else ["the second round found more"]
    print(f"{ballots:,} ballots: {seconds:.1f} s, of which the database worked {worked:.1f} s; {grown} MB more")
    print(f"groups: {[(one.vote_count, one.signals) for one in found]}")
    if [one.vote_count for one in found] != [STUFFED] or Suspect.objects.count() != STUFFED:
        faults.append("it did not find the stuffed ballots and them alone")
    if worked > MOST_SECONDS:
        faults.append(f"the database worked {worked:.0f} s")
    if grown > SLACK:
        faults.append(f"the process grew by {grown} MB")
    for fault in faults:
        print("FAILED:", fault)
    return 1 if faults else 0


def own_memory() -> int:
    """Megabytes of this process alone: its children are the database."""
    return int(processes.stat(os.getpid())[21]) * processes.PAGE // 1_000_000


if __name__ == "__main__":
    sys.exit(with_own_database(lambda: measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)))
