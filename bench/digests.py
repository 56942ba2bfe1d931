"""`python -m bench.digests [people]`: the daily mail for as many followers: queries for each thousand, and memory.

Starts a PostgreSQL of its own, tells everybody that something they follow has opened, makes the digests and hands every
mail to a back end that throws it away. Fails when a later thousand costs more queries than the first, or when memory
grows by more than `SLACK` after the first tenth.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime
from itertools import batched, chain
from typing import TYPE_CHECKING, Any

from bench import processes
from bench.own_database import with_own_database

if TYPE_CHECKING:
    from collections.abc import Callable

SLACK = 25  # MB
EVENING = datetime.fromisoformat("2026-11-24T20:00:00+05:30")


def measure(people: int) -> int:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
    call_command("migrate", verbosity=0)
    activity = followed_by(people)

    from mygov.notifications import digests, sending, telling
    from mygov.notifications.event_groups import Frequency
    from mygov.notifications.models import Digest
    from mygov.notifications.recipients import everybody_in

    batches = batched(everybody_in("opened", contributors=False)(activity), 1000)
    batches = chain([next(batches)], batches)  # whom it concerns is asked once, before the first thousand

    def tell() -> int:
        batch = next(batches, ())
        telling.write(batch)
        return len(batch)

    def make() -> int:
        return len(digests.build_batch(Frequency.DAILY, EVENING))

    def send() -> int:
        return sum(digests.send(sending.claim(Digest, digests.SENT), float("inf")) for _hundred in range(10))

    faults = [fault for step in (tell, make, send) for fault in Steps(step, people).run()]
    for fault in faults:
        print("FAILED:", fault)
    return 1 if faults else 0


class Steps:
    """A thousand people at a time: queries and memory of each step."""

    def __init__(self, step: Callable[[], int], people: int) -> None:
        self.name, self.step, self.people = step.__name__, step, people
        self.queries = 0

    def count(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.queries += 1
        return execute(sql, params, many, context)

    def run(self) -> list[str]:
        from django.db import connection

        rows, done, begun = [], 0, time.monotonic()
        while True:
            self.queries = 0
            with connection.execute_wrapper(self.count):
                more = self.step()
            if not more:
                break
            done += more
            rows.append((more, self.queries, processes.memory(os.getpid())))
        seconds = time.monotonic() - begun
        whole = [(queries, memory) for more, queries, memory in rows if more == 1000]
        print(f"{self.name}: {done:,} in {seconds:.0f} s")
        for place in range(0, len(whole), max(len(whole) // 10, 1)):
            queries, memory = whole[place]
            print(f"  after {(place + 1) * 1000:>9,}: {queries:>5} queries for 1,000 people, {memory:>4} MB")
        early = whole[len(whole) // 10][1]
        faults = []
        if done != self.people:
            faults.append(f"{self.name}: {done} of {self.people}")
        if len({queries for queries, _memory in whole}) > 1:
            faults.append(f"{self.name}: queries for 1,000 people differ: {sorted({q for q, _m in whole})}")
        if whole[-1][1] > early + SLACK:
            faults.append(f"{self.name}: memory grew from {early} to {whole[-1][1]} MB")
        return faults


def followed_by(people: int) -> int:
    """An activity that everybody follows, each with a proved address. Its number."""
    from allauth.account.models import EmailAddress
    from django.utils import timezone

    from commons.directory.models import Institution
    from commons.follows.models import Follow
    from commons.people.models import User
    from discussions.models import Discussion

    now = timezone.now()
    asked = Discussion.objects.create(
        institution=Institution.objects.create(code="education", name="Education"), slug="asked", title="Asked",
        summary="-", promise="-", state="published", published_at=now, opens_at=now,
    )  # fmt: skip
    for first in range(0, people, 5000):
        numbers = range(first, min(first + 5000, people))
        rows = User.objects.bulk_create(User(email=f"reader{n}@example.org", level=1) for n in numbers)
        EmailAddress.objects.bulk_create(
            EmailAddress(user=row, email=row.email, verified=True, primary=True) for row in rows
        )
        Follow.objects.bulk_create(Follow(person=row, activity=asked) for row in rows)
    return asked.pk


if __name__ == "__main__":
    sys.exit(with_own_database(lambda: measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)))
