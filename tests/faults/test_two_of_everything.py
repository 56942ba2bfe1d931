"""Two beats, two workers, two senders at the same moment: everything still happens once."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.utils import timezone

from commons.audit.models import Event
from commons.comments import voting, writing
from commons.comments.models import Comment
from commons.follows.following import follow
from mygov.demo.models import OutboxMessage
from mygov.notifications import delivering
from mygov.notifications.models import Delivery, Notification
from tests.cast import person
from tests.launch.newcomer import eventually

pytestmark = [pytest.mark.launch, pytest.mark.xdist_group("faults")]


def test_two_beats_and_two_workers_do_everything_once(site, make_discussion, asha, bilal):
    soon = timezone.now() + timedelta(seconds=1)
    opening = [make_discussion(f"opens-{n}", opens_at=soon, opened_announced_at=None) for n in range(10)]
    for activity in opening:
        follow(asha, activity)
    here = make_discussion("here", opened_announced_at=timezone.now())
    EmailAddress.objects.create(user=bilal, email=bilal.email, verified=True, primary=True)
    comment = writing.write(here, bilal, "The library in our ward opens at ten, when school has begun.")
    voters = [person(f"voter{n}") for n in range(20)]
    for voter in voters:
        voting.vote(comment.pk, voter.pk, 1)
    for n in range(10):
        writing.write(here, asha, f"Ours opens at {n} in the evening.", parent=comment)

    site.worker()
    site.worker()

    def settled() -> bool:
        return (
            not Event.objects.filter(told_at=None).exists()
            and not Delivery.objects.filter(state=Delivery.State.WAITING).exists()
            and Notification.objects.filter(event="opened").count() >= 10
            and Comment.objects.get(pk=comment.pk).up >= 20
        )

    assert eventually(settled, 40)
    assert not eventually(lambda: not settled(), 6)  # and it stays so through more rounds of both
    assert Comment.objects.get(pk=comment.pk).up == 20
    assert Event.objects.filter(name="opened", target_id__in=[one.pk for one in opening]).count() == 10
    assert Counter(Notification.objects.values_list("event", "person__display_name")) == {
        ("reply", "Bilal"): 10,
        ("opened", "Asha"): 10,
    }
    assert Counter(OutboxMessage.objects.values_list("recipient", flat=True)) == {"bilal@example.org": 10}


class SlowPost(BaseEmailBackend):
    """Takes as long over each mail as a busy mail server."""

    sent: list[str] = []
    both_here = threading.Barrier(2)

    def send_messages(self, messages):
        try:
            self.both_here.wait(0.3)  # both senders hold a mail, if they can
        except threading.BrokenBarrierError:
            self.both_here.reset()
        self.sent += [message.extra_headers["Message-ID"] for message in messages]
        return len(messages)


@pytest.fixture
def waiting_mails(transactional_db, discussion, settings):
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.SlowPost"}}
    SlowPost.sent.clear()
    reader = person("reader")
    rows = Notification.objects.bulk_create(
        Notification(person=reader, event="outcome", key=f"key-{n}", path="/", activity=discussion) for n in range(6)
    )
    Delivery.objects.bulk_create(Delivery(notification=row) for row in rows)


def two_senders() -> None:
    def run() -> None:
        delivering.send_due()
        connection.close()

    both = [threading.Thread(target=run) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()


def test_two_senders_never_send_the_same_mail(waiting_mails):
    two_senders()

    assert sorted(Counter(SlowPost.sent).values()) == [1] * 6
    assert Delivery.objects.filter(state=Delivery.State.SENT).count() == 6


def test_without_the_claim_they_would(waiting_mails, monkeypatch):
    """The negative control: reads what is due without claiming it."""

    def unclaimed(channel: str) -> int | None:
        return (
            Delivery.objects.filter(state=Delivery.State.WAITING, channel=channel).values_list("pk", flat=True).first()
        )

    monkeypatch.setattr(delivering, "claim", unclaimed)

    two_senders()

    assert max(Counter(SlowPost.sent).values()) > 1
