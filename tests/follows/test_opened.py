"""Whoever follows what an activity belongs to hears that it opened."""

import pytest

from commons.audit.events import happened
from commons.directory.models import Institution, Region, Sector
from commons.follows import following
from commons.follows.models import Follow
from mygov.notifications import telling
from mygov.notifications.models import Notification


def hear_of(activity) -> bool:
    happened("opened", activity.pk)
    telling.expand()
    return Notification.objects.filter(event="opened").exists()


@pytest.mark.parametrize("followed", ["itself", "its group", "its institution", "the ministry above", "its sector"])
def test_each_of_these_tells_of_it(asha, make_discussion, education, group, water, followed):
    part = Institution.objects.create(code="curriculum", name="Curriculum", parent=education)
    activity = make_discussion(institution=part, group=group)
    activity.sectors.add(water)
    things = {
        "itself": activity, "its group": group, "its institution": part, "the ministry above": education,
        "its sector": water,
    }  # fmt: skip
    following.follow(asha, things[followed])

    assert hear_of(activity)


@pytest.mark.parametrize(
    ("about", "followed", "hears"),
    [
        ("bihar", "bihar", True), ("bihar", "patna", True), ("patna", "bihar", True), ("patna", "patna", True),
        ("patna", "gaya", False), ("bihar", "kerala", False), ("", "bihar", False),
    ],
)  # fmt: skip
def test_a_region_tells_of_what_is_asked_there_around_it_and_inside(
    asha, make_discussion, bihar, patna, about, followed, hears
):
    places = {
        "bihar": bihar, "patna": patna,
        "gaya": Region.objects.create(level="district", lgd_code=190, name="Gaya", parent=bihar),
        "kerala": Region.objects.create(level="state", lgd_code=32, name="Kerala"),
    }  # fmt: skip
    activity = make_discussion()
    activity.regions.set([places[about]] if about else [])
    following.follow(asha, places[followed])

    assert hear_of(activity) == hears


def test_another_sector_tells_nothing(asha, make_discussion, water):
    following.follow(asha, Sector.objects.create(slug="roads", name="Roads"))
    activity = make_discussion()
    activity.sectors.add(water)

    assert not hear_of(activity)


@pytest.mark.parametrize("kind", ["region", "sector"])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_the_narrowed_list_has_a_button_that_follows_and_stops(asha, client, bihar, water, kind, headers):
    thing = {"region": bihar, "sector": water}[kind]
    url, page = f"/follows/{kind}s/{following.key_of(thing)}/", thing.get_absolute_url()
    assert f"Sign in to follow: {thing}" in client.get(page).content.decode()
    client.force_login(asha)
    assert f'action="{url}"' in client.get(page).content.decode()

    for wanted, words in (("on", f"Following: stop: {thing}"), ("off", f"Follow: {thing}")):
        answer = client.post(url, {"follow": wanted}, headers=headers)
        if headers:
            assert words in answer.content.decode()
        else:
            assert answer["Location"] == page
        assert words in client.get(page).content.decode()
    assert Follow.objects.get().muted


@pytest.mark.parametrize("url", ["/follows/regions/999/", "/follows/sectors/none/"])
def test_what_does_not_exist_is_not_found(asha, client, url):
    client.force_login(asha)
    assert client.post(url, {"follow": "on"}).status_code == 404
