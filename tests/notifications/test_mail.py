"""Mail goes out once, in the person's language, with an address that leads to the very comment."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from commons.comments import writing
from mygov.demo.models import OutboxMessage
from mygov.notifications import delivering, letters, sending, telling
from mygov.notifications.models import Breaker, Delivery


@pytest.fixture
def waiting(discussion, asha, bilal) -> Delivery:
    """Asha was answered; her mail waits."""
    EmailAddress.objects.create(user=asha, email=asha.email, verified=True, primary=True)
    writing.write(discussion, bilal, "And bananas.", parent=writing.write(discussion, asha, "Eggs."))
    telling.expand()
    return Delivery.objects.get()


def test_it_goes_out_once(waiting, settings):
    settings.MAILERS = {"default": {"BACKEND": "mygov.demo.outbox.OutboxMailBackend"}}

    assert [delivering.send_due(), delivering.send_due()] == [1, 0]
    mail = OutboxMessage.objects.get()
    assert (mail.recipient, mail.subject) == ("asha@example.org", "Somebody replied to you.")
    assert f"http://testserver{waiting.notification.path}" in mail.body
    assert "Dear Asha," in mail.body
    assert '<html lang="en">' in mail.html


def test_it_is_in_the_persons_language(waiting, asha, settings):
    settings.MAILERS = {"default": {"BACKEND": "mygov.demo.outbox.OutboxMailBackend"}}
    asha.language = "hi"
    asha.save()

    delivering.send_due()

    mail = OutboxMessage.objects.get()
    assert f"http://testserver/hi{waiting.notification.path}" in mail.body
    assert '<html lang="hi">' in mail.html


class Failing:
    """A mail that its server does not take, so many times."""

    def __init__(self, times: int) -> None:
        self.left = times

    def send(self) -> None:
        self.left -= 1
        if self.left >= 0:
            raise SMTPServerDisconnected("gone")


def test_a_server_that_fails_is_tried_again_later_with_growing_pauses(waiting, monkeypatch):
    failing = Failing(2)
    monkeypatch.setattr(letters, "mail", lambda delivery: failing)
    pauses = []
    for _try in range(2):
        Delivery.objects.update(next_try_at=timezone.now())
        assert delivering.send_due() == 0
        waiting.refresh_from_db()
        pauses.append(waiting.next_try_at - timezone.now())
    Delivery.objects.update(next_try_at=timezone.now())

    assert delivering.send_due() == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == (Delivery.State.SENT, 3)
    assert timedelta(seconds=18) < pauses[0] < timedelta(seconds=40)
    assert timedelta(seconds=38) < pauses[1] < timedelta(seconds=80)


def test_after_the_last_attempt_it_is_given_up_and_says_why(waiting, monkeypatch):
    failing = Failing(99)
    monkeypatch.setattr(letters, "mail", lambda delivery: failing)
    for _try in range(sending.MOST_ATTEMPTS):
        Delivery.objects.update(next_try_at=timezone.now())
        Breaker.objects.all().delete()  # which would leave the server alone after five
        delivering.send_due()

    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts, waiting.error) == (
        Delivery.State.FAILED, 8, "SMTPServerDisconnected: gone",
    )  # fmt: skip


def test_a_sender_that_died_loses_its_claim_after_a_while(waiting):
    assert delivering.claim() == waiting.pk
    assert delivering.claim() is None
    Delivery.objects.update(next_try_at=timezone.now())
    assert delivering.claim() == waiting.pk
