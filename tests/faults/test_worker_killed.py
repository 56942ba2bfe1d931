"""A worker may be killed at any moment of sending: nothing is lost, and a repeat says that it is one."""

import random
import time
from collections import Counter

import pytest
from django.db.models import F
from django.db.models.functions import Now

from mygov.launch import children
from mygov.notifications import sending
from mygov.notifications.models import Delivery, Notification
from tests.cast import person
from tests.faults.post_office import PostOffice
from tests.launch.newcomer import eventually

pytestmark = [pytest.mark.launch, pytest.mark.xdist_group("faults")]
MAILS, KILLS = 40, 6
AT_ONCE = 2  # the worker's threads (tests/faults/site.py): so many mails are on their way when it dies


@pytest.fixture
def post_office():
    with PostOffice() as office:
        yield office
        office.shutdown()


@pytest.fixture
def waiting(site, discussion):
    readers = [person(f"reader{n}") for n in range(MAILS)]
    rows = Notification.objects.bulk_create(
        Notification(person=reader, event="outcome", key="outcome-1", path="/", activity=discussion)
        for reader in readers
    )
    Delivery.objects.bulk_create(Delivery(notification=row) for row in rows)
    return readers


def sent() -> int:
    return Delivery.objects.filter(state=Delivery.State.SENT).count()


def as_if_the_claim_had_run_out() -> None:
    Delivery.objects.filter(state=Delivery.State.WAITING, next_try_at__gt=Now()).update(
        next_try_at=F("next_try_at") - sending.CLAIM
    )


def test_a_worker_killed_while_it_sends_loses_nothing(site, waiting, post_office):
    post_office.answer_after = 0.1
    sender = {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "FAULTS_MAIL_PORT": str(post_office.port)}

    for _kill in range(KILLS):
        before = len(post_office.taken)
        worker = site.worker(**sender)
        assert eventually(lambda before=before: len(post_office.taken) > before, 30)
        time.sleep(random.uniform(0, 0.3))
        children.kill_group(worker.pid)
        worker.wait()
        as_if_the_claim_had_run_out()
    assert sent() < MAILS  # the kills fell into the work, not after it
    post_office.answer_after = 0
    site.worker(**sender)

    assert eventually(lambda: sent() == MAILS, 60)
    copies = Counter(post_office.taken)
    assert len(copies) == MAILS
    assert set(post_office.recipients) == {reader.email for reader in waiting}
    assert (
        sum(copies.values()) - MAILS <= KILLS * AT_ONCE
    )  # only what was on its way when the worker died, with the same name


def test_a_claim_that_has_not_run_out_keeps_others_away(site, waiting, post_office):
    """What was on its way when the worker died waits for the claim's end, so that a slow worker is not overtaken."""
    post_office.answer_after = 60
    sender = {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "FAULTS_MAIL_PORT": str(post_office.port)}
    worker = site.worker(**sender)
    assert eventually(lambda: len(post_office.taken) >= 1, 30)
    time.sleep(0.5)
    children.kill_group(worker.pid)
    worker.wait()
    on_its_way = Delivery.objects.filter(state=Delivery.State.WAITING, attempts=1).count()
    post_office.answer_after = 0

    site.worker(**sender)

    assert eventually(lambda: sent() == MAILS - on_its_way, 60)
    time.sleep(5)  # more sweeps
    assert sent() == MAILS - on_its_way
    assert set(Counter(post_office.taken).values()) == {1}
