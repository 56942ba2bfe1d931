"""Many notifications, workers and queue killed again and again, a provider that fails: nobody is missed, none comes twice.

`FAULTS_SIZE="10000 30 10"` (people, kills of the worker, kills of the queue) makes it as large as one likes.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db.models import F
from django.db.models.functions import Now

from commons.activities.models import Activity
from commons.follows.models import Follow
from commons.people.models import User
from mygov.launch import children
from mygov.notifications import sending
from mygov.notifications.models import Breaker, Delivery
from tests.faults.post_office import PostOffice
from tests.faults.site import HERE, Site
from tests.launch.newcomer import eventually

pytestmark = [pytest.mark.launch, pytest.mark.xdist_group("faults")]
PEOPLE, KILLS, QUEUE_KILLS = (int(word) for word in os.environ.get("FAULTS_SIZE", "1000 5 2").split())
OUTCOMES = 4  # events; each hurries the worker along once
PATIENCE = 40 + PEOPLE // 20  # seconds
ANNOUNCE = """
from django.db import transaction
from commons.audit.events import happened
for pk in {pks}:
    with transaction.atomic():
        happened("outcome", pk)
"""


class UnsurePost(PostOffice):
    """Refuses one mail in twenty for the moment. Knows a reference again, as providers do that honour it."""

    def __init__(self) -> None:
        super().__init__()
        self.chance, self.refused = random.Random(4118), 0

    def takes(self) -> bool:
        if self.chance.random() < 0.05:
            self.refused += 1
            return False
        return True


@pytest.fixture
def post_office():
    with UnsurePost() as office:
        yield office
        office.shutdown()


@pytest.fixture
def people(site, make_discussion) -> list[str]:
    """Everybody follows one of the discussions, and has a proved address."""
    Activity.objects.update(opened_announced_at=Now())
    activities = [make_discussion(f"asked-{n}", opened_announced_at="2026-01-01T00:00Z") for n in range(OUTCOMES)]
    rows = User.objects.bulk_create(
        User(email=f"reader{n}@example.org", level=1) for n in range(PEOPLE)
    )  # fmt: skip
    EmailAddress.objects.bulk_create(
        EmailAddress(user=row, email=row.email, verified=True, primary=True) for row in rows
    )
    Follow.objects.bulk_create(Follow(person=row, activity=activities[n % OUTCOMES]) for n, row in enumerate(rows))
    return sorted(row.email for row in rows)


class Run:
    """One walk through the faults; afterwards what arrived."""

    def __init__(self, site: Site, office: UnsurePost, *, sweep: bool) -> None:
        self.site, self.office = site, office
        self.sender = {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "FAULTS_MAIL_PORT": str(office.port)}
        if not sweep:
            self.sender["FAULTS_NO_SWEEP"] = "1"

    def announce(self) -> None:
        """In a process of its own, so that it hurries this site's worker along."""
        pks = list(Activity.objects.filter(slug__startswith="asked-").order_by("pk").values_list("pk", flat=True))
        line = [sys.executable, "manage.py", "shell", "-v0", "-c", ANNOUNCE.format(pks=pks)]
        subprocess.run(line, cwd=HERE, env={**self.site.env, **self.sender}, check=True)

    def kill_again_and_again(self) -> None:
        queue_dies = set(random.Random(7).sample(range(KILLS), QUEUE_KILLS))
        for kill in range(KILLS):
            before = len(self.office.taken)
            worker = self.site.worker(**self.sender)
            eventually(lambda before=before: len(self.office.taken) > before, 15)
            time.sleep(random.uniform(0, 0.5))
            if kill in queue_dies:
                self.site.valkey.child.kill()
                self.site.valkey.child.wait()
                self.site.valkey.start()
                time.sleep(1)
            children.kill_group(worker.pid)
            worker.wait()
            as_if_claims_had_run_out()

    def come_to_rest(self) -> bool:
        """A last worker that nobody kills. Whether everything went out in time."""
        worker = self.site.worker(**self.sender)

        def done() -> bool:
            as_if_pauses_had_passed()
            return Delivery.objects.filter(state=Delivery.State.SENT).count() == PEOPLE

        finished = eventually(done, PATIENCE if "FAULTS_NO_SWEEP" not in self.sender else 20)
        children.kill_group(worker.pid)
        worker.wait()
        return finished

    def report(self, people: list[str]) -> tuple[int, int]:
        """How many people were missed, and how many mails somebody has twice in spite of the reference."""
        kept = dict(zip(self.office.taken, self.office.recipients, strict=True))  # by reference: a repeat is dropped
        copies = Counter(kept.values())
        missed, twice = len(set(people) - set(copies)), sum(copies.values()) - len(copies)
        print(  # noqa: T201 - the figures
            f"\n{PEOPLE} notifications, {KILLS} workers and {QUEUE_KILLS} queues killed, {self.office.refused} refused "
            f"for the moment: {missed} missed; {len(self.office.taken)} arrived, {len(self.office.taken) - len(kept)} "
            f"of them repeats under the same reference, {twice} duplicates",
        )
        return missed, twice


def as_if_claims_had_run_out() -> None:
    Delivery.objects.filter(state=Delivery.State.WAITING, next_try_at__gt=Now()).update(
        next_try_at=F("next_try_at") - sending.CLAIM
    )


def as_if_pauses_had_passed() -> None:
    """Of what the provider refused. What is claimed at the moment lies further ahead, and stays claimed."""
    refused = Delivery.objects.filter(state=Delivery.State.WAITING).exclude(error="")
    refused.filter(next_try_at__gt=Now(), next_try_at__lt=Now() + timedelta(minutes=3)).update(next_try_at=Now())
    Breaker.objects.filter(open_until__gt=Now()).update(open_until=Now())


def test_nobody_is_missed_and_nothing_comes_twice(site, people, post_office):
    run = Run(site, post_office, sweep=True)
    run.announce()
    run.kill_again_and_again()

    assert run.come_to_rest()
    assert run.report(people) == (0, 0)
    assert post_office.refused > 0


def test_without_the_sweep_some_would_be_missed(site, people, post_office):
    """The negative control."""
    run = Run(site, post_office, sweep=False)
    run.announce()
    run.kill_again_and_again()

    assert not run.come_to_rest()
    missed, _twice = run.report(people)
    assert missed > 0
