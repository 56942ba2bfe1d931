"""A provider that is down is left alone, what waits loses nothing, and one probe finds out when it is back."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from allauth.account.models import EmailAddress
from django.core.mail.backends.locmem import EmailBackend
from django.db.models.functions import Now
from django.utils import timezone

from mygov.notifications import breaker, delivering, digests, telling
from mygov.notifications.channels import Channel
from mygov.notifications.models import Breaker, Delivery, Digest
from mygov.notifications.recipients import Told
from tests.cast import person


class Post(EmailBackend):
    """Fails as long as `error` is set."""

    error: Exception | None = None

    def send_messages(self, messages):
        if self.error:
            raise self.error
        return super().send_messages(messages)


@pytest.fixture
def down(settings, monkeypatch):
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.Post"}}
    monkeypatch.setattr(Post, "error", SMTPServerDisconnected("gone"))


@pytest.fixture
def ten(asha):
    EmailAddress.objects.create(user=asha, email=asha.email, verified=True, primary=True)
    telling.write(tuple(Told(asha.pk, "reply", f"k{n}", "/groups/") for n in range(10)))


def tried() -> list[int]:
    return sorted(Delivery.objects.values_list("attempts", flat=True))


def rested() -> None:
    Breaker.objects.update(open_until=timezone.now() - timedelta(seconds=1))


@pytest.mark.usefixtures("down", "ten")
def test_after_five_failures_the_rest_is_not_even_tried():
    assert delivering.send_due() == 0
    assert tried() == [0] * 5 + [1] * 5

    assert delivering.send_due() == 0  # still open
    assert tried() == [0] * 5 + [1] * 5


@pytest.mark.usefixtures("down", "ten")
def test_without_the_breaker_all_are_tried(monkeypatch):
    """The negative control."""
    monkeypatch.setattr(breaker, "MOST_FAILURES", 10**6)
    delivering.send_due()

    assert tried() == [1] * 10


@pytest.mark.usefixtures("down", "ten")
def test_one_probe_a_rest_and_the_rests_grow(monkeypatch):
    delivering.send_due()
    rests = []
    for _probe in range(3):
        rested()
        before = sum(tried())
        delivering.send_due()
        assert sum(tried()) == before + 1
        rests.append(Breaker.objects.get().open_until - timezone.now())
    assert timedelta(seconds=40) < rests[0] < timedelta(seconds=80)
    assert timedelta(seconds=160) < rests[2] < timedelta(seconds=320)


@pytest.mark.usefixtures("down", "ten")
def test_a_probe_that_works_closes_it_and_everything_goes_out(monkeypatch, mailoutbox):
    delivering.send_due()
    rested()
    monkeypatch.setattr(Post, "error", None)
    Delivery.objects.update(next_try_at=Now())

    assert delivering.send_due() == 10
    assert (Breaker.objects.get().failures, Breaker.objects.get().open_until) == (0, None)


@pytest.mark.django_db
def test_two_senders_get_one_probe_between_them():
    Breaker.objects.create(channel=Channel.MAIL, failures=5, open_until=timezone.now() - timedelta(seconds=1))

    assert [breaker.lets_through(Channel.MAIL), breaker.lets_through(Channel.MAIL)] == [True, False]
    assert breaker.lets_through(Channel.SMS)


@pytest.mark.usefixtures("db")
def test_a_probe_with_nothing_to_send_keeps_nobody_waiting(asha, mailoutbox):
    EmailAddress.objects.create(user=asha, email=asha.email, verified=True, primary=True)
    Breaker.objects.create(channel=Channel.MAIL, failures=12)
    rested()
    assert (delivering.send_due(), digests.send_due()) == (0, 0)
    telling.write((Told(asha.pk, "reply", "k", "/groups/"),))
    assert (delivering.send_due(), len(mailoutbox)) == (1, 1)


@pytest.mark.usefixtures("ten")
@pytest.mark.parametrize(("code", "state"), [(550, "failed"), (452, "waiting")])
def test_an_address_that_is_refused_for_good_is_not_tried_again(down, monkeypatch, code, state):
    monkeypatch.setattr(Post, "error", SMTPRecipientsRefused({"asha@example.org": (code, b"no")}))
    Delivery.objects.exclude(pk=Delivery.objects.earliest("pk").pk).delete()
    delivering.send_due()

    assert Delivery.objects.get().state == state
    assert sum(Breaker.objects.values_list("failures", flat=True)) == (state == "waiting")


@pytest.mark.usefixtures("down")
def test_digests_stop_with_it_and_go_out_afterwards(db, monkeypatch, mailoutbox):
    people = [person(f"reader{n}") for n in range(12)]
    Digest.objects.bulk_create(Digest(person=reader, period="daily", day="2026-11-24") for reader in people)

    assert digests.send_due() == 0
    assert sorted(Digest.objects.values_list("attempts", flat=True)) == [0] * 7 + [1] * 5
    rested()
    monkeypatch.setattr(Post, "error", None)
    Digest.objects.update(next_try_at=Now())
    assert (digests.send_due(), len(mailoutbox)) == (12, 12)
    assert Breaker.objects.filter(failures=0, open_until=None).exists()
