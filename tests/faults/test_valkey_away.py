"""The queue and the cache may go: people read, comment and vote on, and what is to be sent is sent once."""

import os
import signal
import time

import pytest
import redis
from django.db.models import F

from commons.audit.models import Event
from commons.comments.models import Comment, CommentVote
from mygov.demo.models import OutboxMessage
from mygov.notifications.models import Delivery, Notification
from tests.faults.site import Site, Visitor
from tests.launch.newcomer import eventually

pytestmark = [pytest.mark.launch, pytest.mark.xdist_group("faults")]
ALLOWED = 2  # seconds for each act


def speak(site: Site, person, comment: Comment) -> Visitor:
    """Reads the conversation, answers the comment and supports it."""
    visitor = Visitor(site, person)
    page = comment.activity.get_absolute_url()
    visitor.get(page)
    visitor.post(f"/comments/{comment.pk}/", f"/comments/{comment.pk}/reply/", body="Here it came on time.", page=page)
    visitor.post(page, f"/comments/{comment.pk}/vote/", value="1", next=page)
    return visitor


def mails() -> list[str]:
    return list(OutboxMessage.objects.order_by("id").values_list("recipient", flat=True))


def facts(comment: Comment) -> dict[str, int]:
    return {
        "replies": Comment.objects.filter(parent=comment).count(),
        "votes": CommentVote.objects.filter(comment=comment).count(),
        "counted": Comment.objects.values_list("up", flat=True).get(pk=comment.pk),
        "told": Notification.objects.filter(event="reply").count(),
        "sent": Delivery.objects.filter(state=Delivery.State.SENT).count(),
        "waiting": Event.objects.filter(told_at=None).count(),
    }


SAID_NOT_TOLD = {"replies": 1, "votes": 1, "counted": 0, "told": 0, "sent": 0}
SAID_AND_TOLD = {"replies": 1, "votes": 1, "counted": 1, "told": 1, "sent": 1, "waiting": 0}


@pytest.mark.parametrize("fault", ["stopped", "hung"])
def test_people_go_on_and_what_is_to_be_sent_is_sent_once_when_it_returns(site, bilals_comment, asha, fault):
    site.web()
    site.worker()
    assert eventually(lambda: site.ask("GET", "/readyz")[0] == 200, 20)
    assert eventually(lambda: not Event.objects.filter(told_at=None).exists(), 10)
    if fault == "stopped":
        site.valkey.child.kill()
        site.valkey.child.wait()
    else:
        os.kill(site.valkey.child.pid, signal.SIGSTOP)

    visitor = speak(site, asha, bilals_comment)

    assert visitor.slowest < ALLOWED
    assert SAID_NOT_TOLD.items() <= facts(bilals_comment).items()
    if fault == "stopped":
        time.sleep(5)  # long enough for the worker to notice, and to begin waiting for it
        site.valkey.start()
    else:
        os.kill(site.valkey.child.pid, signal.SIGCONT)
    assert eventually(lambda: site.supervise() or facts(bilals_comment) == SAID_AND_TOLD, 40), site.logs()
    time.sleep(5)  # two more sweeps
    assert facts(bilals_comment) == SAID_AND_TOLD
    assert mails() == ["bilal@example.org"]
    assert eventually(lambda: site.ask("GET", "/readyz")[0] == 200, 10)


def test_without_the_sweep_it_would_be_lost(site, bilals_comment, asha):
    """The negative control: the hurry alone does not survive the fault."""
    Event.objects.update(told_at=F("at"))
    site.web()
    site.valkey.stop()
    speak(site, asha, bilals_comment)
    site.valkey.start()

    site.worker(FAULTS_NO_SWEEP="1")

    assert eventually(lambda: site.ask("GET", "/readyz")[0] == 200, 20)
    assert eventually(lambda: facts(bilals_comment)["counted"] == 1, 10)  # it works, and votes are folded
    time.sleep(6)
    assert facts(bilals_comment) == {**SAID_NOT_TOLD, "counted": 1, "waiting": 1}
    assert mails() == []


def test_a_queue_that_lost_everything_loses_nothing_that_was_said(site, bilals_comment, asha):
    site.web()
    speak(site, asha, bilals_comment)
    queue = redis.Redis.from_url(site.env["REDIS_URL"])
    assert queue.llen("celery") > 0
    queue.flushall()
    queue.close()

    site.worker()

    assert eventually(lambda: facts(bilals_comment) == SAID_AND_TOLD, 30), facts(bilals_comment)
    assert mails() == ["bilal@example.org"]
