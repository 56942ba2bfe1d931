"""Lists: every filter finds what it says and nothing else, and an address from nowhere is no error."""

from datetime import timedelta

import pytest
from django.utils import timezone

from commons.directory.models import Region, Sector


@pytest.fixture
def country(make_discussion, health, group):
    """Three discussions that differ in everything one can filter by."""
    now = timezone.now()
    bihar = Region.objects.create(level="state", lgd_code=10, name="Bihar")
    patna = Region.objects.create(level="district", lgd_code=188, name="Patna", parent=bihar)
    kerala = Region.objects.create(level="state", lgd_code=32, name="Kerala")
    water = Sector.objects.create(slug="water", name="Water")
    a = make_discussion("wells", group=group, closes_at=now + timedelta(days=1), participant_count=5)
    a.regions.add(patna)
    a.sectors.add(water)
    b = make_discussion(
        "clinics", institution=health, closes_at=None, opens_at=now - timedelta(days=3), participant_count=9
    )
    b.regions.add(kerala)
    c = make_discussion(
        "exams", closes_at=now - timedelta(hours=1), participant_count=1, opens_at=now - timedelta(days=2)
    )
    soon = make_discussion("buses", opens_at=now + timedelta(days=1))
    return {"a": a, "b": b, "c": c, "soon": soon, "bihar": bihar, "patna": patna, "kerala": kerala}


def found(client, **asked):
    response = client.get("/activities/", asked)
    assert response.status_code == 200
    return [row.slug for row in response.context["page"].rows]


@pytest.mark.parametrize(
    ("asked", "slugs"),
    [
        ({"phase": "open"}, ["wells", "clinics"]),
        ({"phase": "closed"}, ["exams"]),
        ({"phase": "scheduled"}, ["buses"]),
        ({"phase": "unanswered"}, ["exams"]),
        ({"institution": "health"}, ["clinics"]),
        ({"group": "schools"}, ["wells"]),
        ({"sector": "water"}, ["wells"]),
        ({"kind": "discussions", "order": "active"}, ["clinics", "wells", "exams", "buses"]),
        ({"order": "newest"}, ["buses", "wells", "exams", "clinics"]),
        ({"order": "closing"}, ["exams", "wells", "buses", "clinics"]),
        ({"q": "clinics"}, ["clinics"]),
        ({"q": "about CLINICS"}, ["clinics"]),
        ({"q": "क्या ठीक"}, ["buses", "wells", "exams", "clinics"]),
        ({"q": "nothing like it"}, []),
        ({"kind": "polls"}, []),
    ],
)
def test_each_filter(client, country, asked, slugs):
    assert found(client, **asked) == slugs


def test_a_state_finds_what_concerns_its_districts_and_a_district_what_concerns_its_state(client, country):
    country["b"].regions.add(country["bihar"])  # "exams" and "buses" name no region: they are in no region's list

    assert found(client, region=country["bihar"].pk) == ["wells", "clinics"]
    assert found(client, region=country["patna"].pk) == ["wells", "clinics"]
    assert found(client, region=country["kerala"].pk) == ["clinics"]


def test_filters_combine(client, country):
    assert found(client, phase="open", institution="education") == ["wells"]


@pytest.mark.parametrize("name", ["phase", "institution", "group", "region", "sector", "order", "kind", "q", "after"])
@pytest.mark.parametrize("value", ["nonsense", "9" * 40, "'; DROP TABLE x --", "%", "ก", "-1"])
def test_an_address_from_nowhere_is_no_error(client, country, name, value):
    assert client.get("/activities/", {name: value}).status_code in {200, 404}


def test_an_unknown_filter_says_so_instead_of_showing_everything_silently(client, country):
    page = client.get("/activities/", {"institution": "nowhere"}).content.decode()

    assert "does not exist and was left out" in page


def test_drafts_are_in_no_list(client, make_discussion):
    make_discussion("secret", state="draft", published_at=None)
    make_discussion("review", state="in_review", published_at=None)
    make_discussion("gone", state="withdrawn")

    assert found(client) == []


def test_pages_go_on_where_they_ended(client, make_discussion):
    for n in range(30):
        make_discussion(f"d{n:02}")
    first = client.get("/activities/")
    assert len(first.context["page"].rows) == 24
    rest = client.get("/activities/" + first.context["next_url"])
    slugs = [row.slug for row in [*first.context["page"].rows, *rest.context["page"].rows]]
    assert slugs == [f"d{n:02}" for n in reversed(range(30))]


def test_htmx_gets_the_next_cards_only(client, make_discussion):
    for n in range(30):
        make_discussion(f"d{n:02}")
    url = "/activities/" + client.get("/activities/").context["next_url"]

    fragment = client.get(url, headers={"HX-Request": "true"}).content.decode()

    assert fragment.count("<article") == 6
    assert "<html" not in fragment
