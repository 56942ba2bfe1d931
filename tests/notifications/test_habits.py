"""When somebody is told: quiet hours, at most so many mails a day, and whether taking part follows."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from commons.comments import writing
from commons.core import clock
from commons.follows.models import Follow
from mygov.notifications import channels, delivering, preferences, telling
from mygov.notifications.channels import Channel
from mygov.notifications.models import Delivery, Habits, Notification
from mygov.notifications.recipients import Told
from tests.notifications.test_preferences import URL, post


@pytest.fixture
def reachable(asha, bilal):
    for person in (asha, bilal):
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)


def india(hour: int, minute: int = 0, day: int = 24) -> datetime:
    return datetime.fromisoformat(f"2036-11-{day:02}T{hour:02}:{minute:02}:00+05:30")


def tell(person, *keys: str) -> None:
    telling.write(tuple(Told(person.pk, "reply", key, "/groups/") for key in keys))


@pytest.mark.parametrize(
    ("begin", "end", "at", "expected"),
    [
        (22, 7, india(21, 59), None),
        (22, 7, india(22), india(7, day=25)),
        (22, 7, india(3, 30), india(7)),
        (22, 7, india(7), None),
        (9, 17, india(12, 15), india(17)),
        (9, 17, india(8, 59), None),
        (5, 5, india(5), None),
        (0, 23, india(22, 59), india(23)),
    ],
)
def test_quiet_hours_end_when_they_were_chosen_to(begin, end, at, expected):
    assert Habits(quiet_from=begin, quiet_until=end).quiet_end(at.astimezone(UTC)) == expected


@pytest.mark.usefixtures("reachable")
def test_in_quiet_hours_a_mail_waits_for_their_end_and_loses_no_attempt(asha, bilal, monkeypatch, mailoutbox):
    preferences.choose_habits(asha, quiet_from=22, quiet_until=7)
    monkeypatch.setattr(clock, "now", lambda: india(23))
    tell(asha, "a")
    tell(bilal, "a")

    assert delivering.send_due() == 1
    assert [mail.to for mail in mailoutbox] == [[bilal.email]]
    waiting = Delivery.objects.get(notification__person=asha)
    assert (waiting.state, waiting.attempts, waiting.next_try_at) == ("waiting", 0, india(7, day=25))
    Delivery.objects.filter(pk=waiting.pk).update(next_try_at=timezone.now())
    monkeypatch.setattr(clock, "now", lambda: india(7, day=25))
    assert delivering.send_due() == 1


@pytest.mark.usefixtures("reachable")
def test_more_than_the_days_most_waits_for_the_daily_mail(asha, bilal, monkeypatch):
    monkeypatch.setitem(channels.MOST_A_DAY, Channel.MAIL, 3)
    tell(asha, "a", "b")
    tell(asha, "c", "d", "e")
    tell(bilal, "a")

    assert list(Delivery.objects.order_by("id").values_list("notification__key", "notification__person")) == [
        ("a", asha.pk), ("b", asha.pk), ("c", asha.pk), ("a", bilal.pk),
    ]  # fmt: skip
    assert list(Notification.objects.for_digests().order_by("id").values_list("key", flat=True)) == ["d", "e"]
    tell(asha, "c", "d", "e")  # told again after a worker died: nothing changes
    assert Delivery.objects.count() == 4


@pytest.mark.usefixtures("reachable")
def test_yesterdays_mails_do_not_count(asha, monkeypatch):
    monkeypatch.setitem(channels.MOST_A_DAY, Channel.MAIL, 1)
    tell(asha, "a")
    Notification.objects.update(created_at=timezone.now() - timedelta(days=1))
    tell(asha, "b")

    assert Delivery.objects.count() == 2


@pytest.mark.parametrize("wanted", [True, False])
def test_taking_part_follows_unless_somebody_turned_that_off(discussion, asha, wanted):
    preferences.choose_habits(asha, follows_by_itself=wanted)
    writing.write(discussion, asha, "Eggs.")
    telling.expand()

    assert Follow.objects.filter(person=asha, activity=discussion.pk).exists() == wanted


def test_the_page_keeps_habits(asha, client):
    client.force_login(asha)
    assert post(client, quiet_from="22", quiet_until="6")["Location"] == URL

    habits = Habits.objects.get(person=asha)
    assert (habits.quiet_from, habits.quiet_until, habits.follows_by_itself) == (22, 6, False)
    shown = client.get(URL).context["form"]
    assert (shown["quiet_from"].initial, shown["quiet_until"].initial) == (22, 6)
    post(client, follows_by_itself="on")
    habits.refresh_from_db()
    assert (habits.quiet_from, habits.quiet_until, habits.follows_by_itself) == (0, 0, True)
    assert client.get(URL).context["form"]["quiet_from"].initial == ""


def test_quiet_hours_of_a_whole_day_are_refused_beside_their_end(asha, client):
    client.force_login(asha)
    answer = post(client, quiet_from="7", quiet_until="7")

    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"quiet_until"})
