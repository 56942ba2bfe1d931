"""One mail a day or a week: at the chosen hour, newest first by subject, nothing told twice, however many people."""

from datetime import date, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commons.core.moments import INDIA
from commons.people.models import User
from mygov.notifications import delivering, digest_letters, digests, preferences, restoring, sending, telling
from mygov.notifications.event_groups import EventGroup, Frequency
from mygov.notifications.models import Delivery, Digest, Notification
from mygov.notifications.recipients import Told

TUESDAY, MONDAY = date(2026, 11, 24), date(2026, 11, 30)


def at(hour: int, day: date = TUESDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=INDIA)


@pytest.fixture
def reachable(asha, bilal):
    for person in (asha, bilal):
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)


pytestmark = pytest.mark.usefixtures("reachable")


def tell(person, *keys: str, event: str = "changed", **fields) -> None:
    telling.write(tuple(Told(person.pk, event, key, "/groups/", **fields) for key in keys))


def told_in(digest: Digest) -> list[str]:
    return list(digest.notifications.order_by("id").values_list("key", flat=True))


def test_it_comes_at_the_chosen_hour_once_a_day(asha, bilal):
    preferences.choose_habits(asha, digest_hour=7)
    tell(asha, "a", "b")
    tell(bilal, "a")

    assert [digests.build(at(hour)) for hour in (6, 7, 8, 17, 18, 23)] == [0, 1, 0, 0, 1, 0]
    assert [told_in(digest) for digest in Digest.objects.order_by("id")] == [["a", "b"], ["a"]]


def test_the_hour_is_indias(asha):
    tell(asha, "a")
    before, after = (datetime.fromisoformat(f"2026-11-24T12:{minute}:00+00:00") for minute in (29, 30))

    assert [digests.build(before), digests.build(after)] == [0, 1]


def test_what_comes_after_a_digest_waits_for_the_next_days(asha):
    tell(asha, "a")
    digests.build(at(18))
    tell(asha, "b")

    assert digests.build(at(19)) == 0
    assert digests.build(at(18, TUESDAY + timedelta(days=1))) == 1
    assert [told_in(digest) for digest in Digest.objects.order_by("day")] == [["a"], ["b"]]


def test_a_day_without_anything_has_no_digest(asha):
    assert digests.build(at(23)) == 0


def test_the_weekly_one_comes_on_monday(asha, bilal):
    preferences.choose(asha, {EventGroup.REST: Frequency.WEEKLY})
    tell(asha, "a")
    tell(bilal, "a")

    assert digests.build(at(20)) == 1
    assert digests.build(at(20, MONDAY)) == 1
    assert [(digest.person, digest.period) for digest in Digest.objects.order_by("day")] == [
        (bilal, "daily"), (asha, "weekly"),
    ]  # fmt: skip


def test_what_came_at_once_is_counted_and_not_told_again(asha, mailoutbox):
    tell(asha, "told at once", event="reply", values={})
    delivering.send_due()
    tell(asha, "later")
    digests.build(at(18))

    assert told_in(Digest.objects.get()) == ["later"]
    digests.send_due()
    assert "You were told 1 more thing at once." in mailoutbox[-1].body
    assert "Somebody replied" not in mailoutbox[-1].body


def test_an_event_told_again_after_its_digest_is_told_by_nothing(asha):
    tell(asha, "a")
    digests.build(at(18))
    preferences.choose(asha, {EventGroup.REST: Frequency.NOW})
    tell(asha, "a")

    assert digests.build(at(18, MONDAY)) == 0
    assert not Delivery.objects.exists()


def test_whoever_left_gets_none(asha):
    tell(asha, "a")
    User.objects.filter(pk=asha.pk).update(is_active=False)

    assert digests.build(at(23)) == 0


def test_two_for_one_person_and_day_are_refused_by_the_database(asha):
    Digest.objects.create(person=asha, period="daily", day=TUESDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Digest.objects.create(person=asha, period="daily", day=TUESDAY)
    Digest.objects.create(person=asha, period="weekly", day=TUESDAY)


def test_it_goes_out_once(asha, mailoutbox):
    tell(asha, "a")
    digests.build(at(18))

    assert [digests.send_due(), digests.send_due()] == [1, 0]
    digest = Digest.objects.get()
    assert (digest.state, digest.attempts, len(mailoutbox)) == ("sent", 1, 1)
    assert mailoutbox[0].extra_headers["Message-ID"] == f"<digest-{digest.pk}@testserver>"


@pytest.fixture
def two_subjects(reachable, asha, make_discussion):
    """First meals, then buses, then meals again, and an idea."""
    meals, buses = make_discussion("meals", title="Midday <meals>"), make_discussion("buses", title="Buses")
    tell(asha, "1", activity=meals.pk)
    tell(asha, "2", activity=buses.pk)
    tell(asha, "3", activity=meals.pk, event="withdrawn", values={"words": "The law was passed."})
    tell(asha, "4", activity=buses.pk, event="idea opened", values={"title": "A bus on Sundays"})
    digests.build(at(18))


@pytest.mark.usefixtures("two_subjects")
def test_it_is_grouped_by_subject_newest_first(mailoutbox):
    digests.send_due()

    lines = [line.strip() for line in mailoutbox[0].body.splitlines() if line.strip()]
    assert lines.pop().startswith("Stop mail of this kind, without signing in: http://testserver/notifications/unsub")
    assert lines == [
        "Dear Asha,", "Your day on MyGov",
        "* A bus on Sundays", "The idea is open to everybody now.", "http://testserver/groups/",
        "* Midday <meals>", "This was withdrawn.", '"The law was passed."', "http://testserver/groups/",
        "Something changed after it opened.", "http://testserver/groups/",
        "* Buses", "Something changed after it opened.", "http://testserver/groups/",
        "--", "MyGov. You get this because you took part or follow.",
        "Choose what comes by e-mail, and when: http://testserver/notifications/settings/",
    ]  # fmt: skip
    html = mailoutbox[0].alternatives[0][0]
    assert ">Midday &lt;meals&gt;</h2>" in html
    assert html.count("<li ") == 4


@pytest.mark.usefixtures("two_subjects")
def test_it_is_in_the_persons_language(asha, mailoutbox):
    User.objects.filter(pk=asha.pk).update(language="hi")
    digests.send_due()

    assert "http://testserver/hi/groups/" in mailoutbox[0].body
    assert "http://testserver/hi/notifications/settings/" in mailoutbox[0].body
    assert '<html lang="hi">' in mailoutbox[0].alternatives[0][0]


def test_a_long_day_shows_the_newest_and_says_how_many_more(asha, mailoutbox):
    tell(asha, *(f"k{i}" for i in range(digest_letters.SHOWN + 5)))
    digests.build(at(18))
    digests.send_due()

    assert mailoutbox[0].body.count("Something changed") == digest_letters.SHOWN
    assert "5 more stand in the portal: http://testserver/notifications/" in mailoutbox[0].body


def test_one_that_fails_is_tried_again_and_holds_up_nobody(asha, bilal, mailoutbox, monkeypatch):
    tell(asha, "a")
    tell(bilal, "a")
    digests.build(at(18))
    write = digests.mail

    def refuses_asha(digest, contents):
        if digest.person == asha:
            raise OSError("gone")
        return write(digest, contents)

    monkeypatch.setattr(digests, "mail", refuses_asha)
    assert digests.send_due() == 1
    waits = Digest.objects.get(person=asha)
    assert (waits.state, waits.attempts, waits.error) == ("waiting", 1, "OSError: gone")
    assert waits.next_try_at > timezone.now() + timedelta(seconds=15)

    monkeypatch.undo()
    Digest.objects.update(next_try_at=timezone.now())
    assert digests.send_due() == 1
    assert [mail.to for mail in mailoutbox] == [["bilal@example.org"], ["asha@example.org"]]


def test_what_there_was_no_time_for_goes_back_untried(asha, bilal):
    tell(asha, "a")
    tell(bilal, "a")
    digests.build(at(18))
    keys = sending.claim(Digest, 2)
    assert sending.claim(Digest, 2) == []

    assert digests.send(keys, until=0) == 0
    assert sorted(sending.claim(Digest, 2)) == sorted(keys)
    assert list(Digest.objects.values_list("attempts", flat=True)) == [1, 1]


def test_after_a_restore_neither_waiting_nor_coming_digests_go_out(asha, bilal):
    tell(asha, "a")
    digests.build(at(18))
    tell(bilal, "b")
    assert restoring.waiting() == {"untold": 0, "mails": 0, "digests": 1, "for digests": 1}

    assert restoring.drop_mails() == 1
    assert [digests.build(at(23)), digests.send_due()] == [0, 0]
    assert Notification.objects.count() == 2


@pytest.fixture
def crowd(discussion):
    def make(people: int, each: int = 1) -> None:
        made = User.objects.bulk_create(User(email=f"f{i}@example.org", display_name="F") for i in range(people))
        Notification.objects.bulk_create(
            Notification(
                person=person, event="changed", key=f"k{i}", path="/groups/", activity=discussion, digest_period="daily"
            )
            for person in made
            for i in range(each)
        )

    return make


@pytest.mark.parametrize(("people", "each"), [(200, 1), (200, 3), (1000, 1)])
def test_a_thousand_people_cost_the_same_queries_as_two_hundred(crowd, monkeypatch, people, each, mailoutbox):
    """Batches are as large as the crowd here: what a batch costs does not depend on what is in it."""
    monkeypatch.setattr(digests, "SENT", people)
    crowd(people, each)
    with CaptureQueriesContext(connection) as building:
        assert digests.build(at(18)) == people
    with CaptureQueriesContext(connection) as going:
        assert digests.send_due() == people

    assert (statements(building), statements(going), len(mailoutbox)) == (BUILDING, SENDING, people)


BUILDING, SENDING = 6, 12


def statements(captured) -> int:
    """Without the frame of transactions."""
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in captured.captured_queries)


def test_larger_crowds_are_taken_in_batches(crowd, monkeypatch):
    monkeypatch.setattr(digests, "BUILT", 10)
    monkeypatch.setattr(digests, "SENT", 10)
    crowd(35)

    assert [digests.build(at(18)), digests.send_due()] == [35, 35]
    assert Digest.objects.filter(state="sent").count() == 35
