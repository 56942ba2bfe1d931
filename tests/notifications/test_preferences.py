"""Everybody chooses how soon a mail tells of what; in the portal everybody is always told."""

from collections import Counter

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError

from commons.comments import moderating, writing
from mygov.notifications import preferences, telling
from mygov.notifications.event_groups import GROUP_OF, UNLESS_CHOSEN, EventGroup, Frequency
from mygov.notifications.models import Delivery, Habits, Notification, Preference
from mygov.notifications.recipients import Told

URL = "/notifications/settings/"


@pytest.fixture
def reachable(asha, bilal, meera):
    for person in (asha, bilal, meera):
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)


def tell(person, event: str, key: str = "k") -> Notification:
    telling.write((Told(person.pk, event, key, "/groups/"),))
    return Notification.objects.get(person=person, key=key)


def way(told: Notification) -> str:
    """How it is told outside the portal."""
    told.refresh_from_db()
    waits = Delivery.objects.filter(notification=told, state=Delivery.State.WAITING).exists()
    return "now" if waits else told.digest_period or "never"


@pytest.mark.usefixtures("reachable")
@pytest.mark.parametrize(
    ("event", "expected"),
    [("reply", "now"), ("hidden", "now"), ("official answer", "now"), ("submitted", "now"), ("changed", "daily")],
)
def test_unless_chosen_what_is_ones_own_comes_at_once_and_the_rest_daily(asha, event, expected):
    assert way(tell(asha, event)) == expected


@pytest.mark.usefixtures("reachable")
@pytest.mark.parametrize("frequency", Frequency)
@pytest.mark.parametrize("event", ["reply", "changed"])
def test_the_choice_decides(asha, bilal, event, frequency):
    preferences.choose(asha, {GROUP_OF[event]: frequency})

    assert way(tell(asha, event)) == frequency
    assert way(tell(bilal, event)) == UNLESS_CHOSEN[GROUP_OF[event]]


def test_whoever_has_no_proved_address_is_told_in_the_portal_only(asha):
    assert [way(tell(asha, "reply", "a")), way(tell(asha, "changed", "b"))] == ["never", "never"]


@pytest.mark.usefixtures("reachable")
def test_one_batch_with_different_choices_reaches_each_as_chosen(asha, bilal, meera):
    preferences.choose(bilal, {EventGroup.REPLIES: Frequency.WEEKLY})
    preferences.choose(meera, {EventGroup.REPLIES: Frequency.NEVER})
    telling.write(tuple(Told(person.pk, "reply", "k", "/groups/") for person in (asha, bilal, meera)))

    assert [way(told) for told in Notification.objects.order_by("person")] == ["now", "weekly", "never"]


@pytest.mark.usefixtures("reachable")
@pytest.mark.parametrize(
    ("chosen", "expected"), [("now", "daily"), ("daily", "daily"), ("weekly", "weekly"), ("never", "never")]
)
def test_a_choice_holds_for_what_already_waits_for_a_digest(asha, bilal, chosen, expected):
    mine, others = tell(asha, "changed"), tell(bilal, "changed")
    preferences.choose(asha, {EventGroup.REST: Frequency(chosen)})

    assert (way(mine), way(others)) == (expected, "daily")


@pytest.mark.usefixtures("reachable")
def test_never_also_stops_a_mail_that_waits_and_leaves_other_groups(asha):
    reply, hidden = tell(asha, "reply", "a"), tell(asha, "hidden", "b")
    preferences.choose(asha, {EventGroup.REPLIES: Frequency.NEVER})

    assert (way(reply), way(hidden)) == ("never", "now")
    assert Delivery.objects.get(notification=reply).error == "no longer wanted"


@pytest.mark.usefixtures("reachable")
def test_an_event_told_again_after_the_choice_changed_is_not_told_a_second_time(asha):
    told = tell(asha, "changed")
    preferences.choose(asha, {EventGroup.REST: Frequency.NOW})

    assert way(tell(asha, "changed")) == "daily"
    assert not Delivery.objects.filter(notification=told).exists()


@pytest.mark.usefixtures("reachable")
def test_real_events_go_the_way_of_their_group(discussion, asha, bilal, mod):
    root = writing.write(discussion, asha, "Eggs.")
    writing.write(discussion, bilal, "And bananas.", parent=root)
    moderating.hide(root, mod, "offence", "It insults people.")
    preferences.choose(asha, {EventGroup.DECISIONS: Frequency.DAILY})
    telling.expand()

    ways = Counter((told.event, way(told)) for told in Notification.objects.filter(person=asha))
    assert ways == {("reply", "now"): 1, ("hidden", "daily"): 1}


def post(client, headers=None, **changed):
    answer = {
        "replies": "now",
        "decisions": "now",
        "answers": "now",
        "rest": "daily",
        "digest_hour": "18",
        "quiet_from": "",
        "quiet_until": "7",
    }
    return client.post(URL, {**answer, **changed}, headers=headers)


def test_the_page_keeps_what_is_chosen_and_shows_it(asha, client):
    client.force_login(asha)
    before = client.get(URL).context["form"]
    assert [mail.initial for mail, _sms in before.rows()] == ["now", "now", "now", "daily"]

    assert post(client, replies="weekly", rest="never", digest_hour="7")["Location"] == URL
    form = client.get(URL).context["form"]
    assert ([mail.initial for mail, _sms in form.rows()], form["digest_hour"].initial) == (
        ["weekly", "now", "now", "never"],
        7,
    )
    assert Preference.objects.count() == 4


def test_saving_twice_is_harmless(asha, client):
    client.force_login(asha)
    post(client, replies="weekly")
    post(client, replies="daily")

    assert preferences.choices([asha.pk])[asha.pk][EventGroup.REPLIES] == "daily"
    assert (Preference.objects.count(), Habits.objects.count()) == (4, 1)


def test_htmx_gets_the_whole_page_anew(asha, client):
    client.force_login(asha)
    answer = post(client, headers={"HX-Request": "true"}, digest_hour="0")
    assert (answer.status_code, answer["HX-Redirect"]) == (200, URL)
    assert Habits.objects.get(person=asha).digest_hour == 0


def test_only_officials_choose_about_official_work(asha, meera, client):
    client.force_login(asha)
    assert "work" not in client.get(URL).context["form"].fields
    post(client, work="never")
    client.force_login(meera)
    assert "work" in client.get(URL).context["form"].fields

    assert preferences.choices([asha.pk])[asha.pk][EventGroup.WORK] == "now"


@pytest.mark.parametrize(
    "wrong", [{"replies": "hourly"}, {"digest_hour": "24"}, {"digest_hour": "x"}, {"quiet_from": "24"}, {"rest": ""}]
)
def test_what_cannot_be_chosen_is_said_beside_the_field_and_nothing_is_kept(asha, client, wrong):
    client.force_login(asha)
    answer = post(client, **wrong)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == set(wrong)
    assert not Preference.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_is_not_signed_in_is_asked_to(client, db, method):
    assert getattr(client, method)(URL)["Location"].startswith("/accounts/login/")


def test_each_choice_is_named_by_its_row_and_its_column(asha, client):
    client.force_login(asha)
    page = client.get(URL).content.decode()

    assert 'aria-labelledby="row-replies column-mail"' in page
    assert 'id="row-replies"' in page
    assert 'id="column-mail"' in page


def test_in_hindi_the_page_stays_hindi(asha, client):
    client.force_login(asha)
    answer = client.post("/hi/notifications/settings/", {})

    assert answer.status_code == 422
    assert 'lang="hi"' in answer.content.decode()


def test_somebody_without_a_proved_address_is_told_so(asha, client, reachable):
    client.force_login(asha)
    words = "Nothing comes by e-mail until"
    assert words not in client.get(URL).content.decode()
    EmailAddress.objects.all().delete()
    assert words in client.get(URL).content.decode()


@pytest.mark.parametrize(
    "row",
    [Preference(group="replies", mail="hourly"), Habits(quiet_until=24)],
    ids=["an unknown frequency", "a 25th hour"],
)
def test_the_database_refuses(asha, row):
    row.person = asha
    with pytest.raises(IntegrityError):
        row.save(force_insert=True)


def test_the_page_costs_nine_queries(asha, client, django_assert_num_queries):
    client.force_login(asha)
    with django_assert_num_queries(9):
        client.get(URL)
