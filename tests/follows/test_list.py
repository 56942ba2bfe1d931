"""What one follows: one's own only, the newest first, and each stopped by one press."""

import pytest

from commons.activities.models import Activity
from commons.follows import following
from commons.follows.models import Follow

URL = "/follows/"


@pytest.fixture
def followed(asha, bilal, discussion, group, education):
    for thing in (discussion, group, education):
        following.follow(asha, thing)
    following.follow(bilal, group)


def listed(client) -> list:
    return [follow.thing.pk for follow in client.get(URL).context["follows"]]


def test_ones_own_only_and_the_newest_first(followed, asha, bilal, client, discussion, group, education):
    client.force_login(asha)
    assert listed(client) == [education.pk, group.pk, discussion.pk]
    client.force_login(bilal)
    assert listed(client) == [group.pk]


def test_each_row_leads_to_its_thing(followed, asha, client, discussion, group, education):
    client.force_login(asha)
    page = client.get(URL).content.decode()

    for thing in (education, group):
        assert f'<a href="{thing.get_absolute_url()}">{thing.name}</a>' in page
    assert f'href="{Activity.objects.get().get_absolute_url()}"' in page


@pytest.mark.parametrize(("headers", "place"), [({}, "Location"), ({"HX-Request": "true"}, "HX-Redirect")])
def test_one_press_stops_one_and_stays_off(followed, asha, client, discussion, group, education, headers, place):
    client.force_login(asha)
    mine = Follow.objects.get(person=asha, activity=discussion.pk)

    assert client.post(f"{URL}{mine.pk}/end/", headers=headers)[place] == URL
    assert client.post(f"{URL}{mine.pk}/end/", headers=headers)[place] == URL
    assert listed(client) == [education.pk, group.pk]
    following.follow_automatically(asha, discussion)
    assert listed(client) == [education.pk, group.pk]


def test_nobody_stops_what_somebody_else_follows(followed, asha, bilal, client):
    client.force_login(asha)
    others = Follow.objects.get(person=bilal)

    assert client.post(f"{URL}{others.pk}/end/").status_code == 404
    others.refresh_from_db()
    assert not others.muted


def test_what_one_may_not_see_is_not_listed(followed, asha, client, discussion, group, education):
    Activity.objects.filter(pk=discussion.pk).update(state="draft", published_at=None)
    client.force_login(asha)

    assert listed(client) == [education.pk, group.pk]


def test_whoever_follows_nothing_reads_how_it_comes_about(asha, client):
    client.force_login(asha)
    assert "You follow nothing yet." in client.get(URL).content.decode()


def test_whoever_is_not_signed_in_is_asked_to(client, db):
    assert client.get(URL)["Location"].startswith("/accounts/login/")
    assert client.post(f"{URL}1/end/")["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_with_one_row_and_three(asha, client, make_discussion, rows, django_assert_num_queries):
    for n in range(rows):
        following.follow(asha, make_discussion(f"d{n}"))
    client.force_login(asha)
    with django_assert_num_queries(4):
        client.get(URL)


def test_regions_and_sectors_are_listed_and_lead_to_what_is_asked_there(asha, client, bihar, water):
    for thing in (bihar, water):
        following.follow(asha, thing)
    client.force_login(asha)
    page = client.get(URL).content.decode()

    assert listed(client) == [water.pk, bihar.pk]
    assert f'<a href="/activities/?region={bihar.pk}">Bihar</a>' in page
    assert '<a href="/activities/?sector=water">Water</a>' in page
