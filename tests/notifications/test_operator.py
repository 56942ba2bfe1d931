"""What an administrator sees of mail and SMS, and may have tried again; nobody else sees any of it."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from commons.audit.models import Entry, Event
from mygov.notifications import delivering, figures, letters, sending, telling
from mygov.notifications.channels import Channel
from mygov.notifications.models import Breaker, Delivery, Notification, Tally

URL = "/admin/notifications/delivery/"
EVENTS = "/admin/audit/event/"


@pytest.fixture
def make(asha):
    EmailAddress.objects.create(user=asha, email=asha.email, verified=True, primary=True)

    def made(n: int, **fields) -> list[Delivery]:
        rows = Notification.objects.bulk_create(
            Notification(person=asha, event="reply", key=f"{Notification.objects.count()}-{i}", path="/")
            for i in range(n)
        )
        return Delivery.objects.bulk_create(Delivery(notification=row, **fields) for row in rows)

    return made


def line(name: str) -> figures.Line:
    return next(line for line in figures.lines() if line.name == name)


def test_each_hour_counts_what_went_out_and_what_was_given_up(make, monkeypatch):
    make(3)
    delivering.send_due()
    failed = make(1)[0]
    sending.given_up(failed, ValueError("no"))

    assert [(sent, given_up) for _hour, sent, given_up in line("E-mail").hours] == [(3, 1)]
    assert line("SMS").hours == []
    Tally.objects.update(hour=timezone.now() - timedelta(hours=25))
    assert line("E-mail").hours == []


def test_a_delivery_that_runs_out_of_attempts_counts_once(make, monkeypatch):
    make(1, attempts=sending.MOST_ATTEMPTS - 1)
    monkeypatch.setattr(letters, "mail", lambda delivery: 1 / 0)
    delivering.send_due()

    assert Delivery.objects.get().state == "failed"
    assert list(Tally.objects.values_list("what", "state", "count")) == [("mail", "failed", 1)]


def test_what_waits_is_counted_up_to_a_bound(make, monkeypatch):
    make(3)
    assert line("E-mail").waiting == "3"
    monkeypatch.setattr(figures, "MOST", 2)
    assert line("E-mail").waiting == "2+"


def test_the_page_shows_channels_breakers_and_stuck_events(make, admin, client):
    make(2)
    Breaker.objects.create(channel=Channel.SMS, failures=7, open_until=timezone.now() + timedelta(minutes=5))
    Event.objects.create(name="commented", target_id=1, attempts=3, error="DoesNotExist: gone")
    client.force_login(admin)
    page = client.get(URL).content.decode()

    assert "failed 7 times, left alone until" in page
    assert "commented 1: DoesNotExist: gone (3)" in page
    assert "asha@example.org" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_with_one_row_and_three(make, admin, client, rows, django_assert_num_queries):
    make(rows)
    client.force_login(admin)
    with django_assert_num_queries(10):
        client.get(URL)


def press(client, url: str, action: str, rows) -> None:
    client.post(url, {"action": action, "_selected_action": [row.pk for row in rows]})


def test_what_was_given_up_is_tried_again_and_what_was_sent_is_not(make, admin, client):
    failed, sent = make(1, state="failed", attempts=8, error="x")[0], make(1, state="sent")[0]
    client.force_login(admin)
    press(client, URL, "try_again", [failed, sent])

    again = Delivery.objects.get(pk=failed.pk)
    assert (again.state, again.attempts, again.error) == ("waiting", 0, "")
    assert Delivery.objects.get(pk=sent.pk).state == "sent"
    assert list(Entry.objects.filter(verb="delivery.retry").values_list("target_id", "actor")) == [
        (str(failed.pk), admin.pk)
    ]
    assert delivering.send_due() == 1


def test_a_stuck_event_is_told_at_once(admin, client, db):
    later = timezone.now() + timedelta(days=1)
    event = Event.objects.create(name="closed", target_id=1, attempts=9, next_try_at=later)
    client.force_login(admin)
    assert telling.expand() == 0
    press(client, EVENTS, "tell_now", [event])

    assert telling.expand() == 1


@pytest.mark.parametrize("who", ["asha", "meera", "arjun", "mod"])
@pytest.mark.parametrize("url", [URL, EVENTS])
def test_nobody_else_sees_or_does_any_of_it(make, client, request, who, url):
    failed = make(1, state="failed")[0]
    client.force_login(request.getfixturevalue(who))

    assert client.get(url).status_code in {302, 403}
    press(client, url, "try_again", [failed])
    assert Delivery.objects.get(pk=failed.pk).state == "failed"


def test_digests_are_counted_by_themselves(make):
    sending.count("digest", "sent", 5)

    assert line("E-mail").hours == []
    assert [sent for _hour, sent, _failed in line("Daily and weekly mails").hours] == [5]
