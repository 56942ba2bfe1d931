"""The open forum and an idea's page, as citizens meet them, with and without HTMX."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from commons.directory.models import Sector
from discussions import ideas
from discussions.models import Idea, IdeaResponse, ResponsePoint, Support

TYPED = {"title": "Shade at bus stops", "ask": "Put a roof over every bus stop.", "detail": "It is **hot**."}


def test_an_idea_is_brought_and_its_author_gets_a_reference(forum, asha, client):
    client.force_login(asha)

    response = client.post("/ideas/new/", TYPED, follow=True)

    idea = Idea.objects.get()
    assert response.redirect_chain == [(f"/ideas/{idea.pk}/", 302)]
    page = response.content.decode()
    assert idea.contribution.reference in page
    assert "It is <strong>hot</strong>." in page


def test_sent_twice_it_is_one(forum, asha, client):
    client.force_login(asha)
    for _press in range(2):
        client.post("/ideas/new/", TYPED)

    assert Idea.objects.count() == 1


@pytest.mark.parametrize(("field", "most"), [("title", 80), ("ask", 300), ("detail", 800)])
def test_too_long_gets_a_message_beside_the_field_and_keeps_the_text(forum, asha, client, field, most):
    client.force_login(asha)
    long = "x" * (most + 1)

    response = client.post("/ideas/new/", {**TYPED, field: long})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert long in response.content.decode()
    assert not Idea.objects.exists()


@pytest.mark.parametrize("title", ["Visit www.example.org", "=SUM(A1)", "a\u202eb", "क" + "\u0300" * 5])
def test_a_title_is_clean(forum, asha, client, title):
    client.force_login(asha)

    response = client.post("/ideas/new/", {**TYPED, "title": title})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["title"])


def test_whoever_is_not_signed_in_writes_first_and_signs_in_last(forum, asha, client):
    EmailAddress.objects.create(user=asha, email=asha.email, verified=True, primary=True)
    response = client.post("/ideas/new/", TYPED)
    assert response["Location"] == "/accounts/login/?next=%2Fideas%2Fnew%2F"

    response = client.post(response["Location"], {"login": "asha@example.org", "password": "mygov-demo"}, follow=True)

    assert response.request["PATH_INFO"] == "/ideas/new/"
    assert response.context["form"].initial["ask"] == TYPED["ask"]


def test_no_forum_is_no_page(client, asha, db):
    client.force_login(asha)

    assert client.get("/ideas/new/").status_code == 404


def test_what_closed_while_writing_keeps_the_draft_and_says_so(forum, asha, client, monkeypatch):
    client.force_login(asha)
    monkeypatch.setattr("discussions.idea_views.open_forum", lambda: forum)  # as it was when the page was asked for
    type(forum).objects.filter(pk=forum.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    forum.refresh_from_db()

    response = client.post("/ideas/new/", TYPED)

    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == ["This has closed. Your text is kept as a draft."]
    assert not Idea.objects.exists()


@pytest.mark.parametrize("state", ["held", "hidden"])
def test_held_and_hidden_ones_are_their_authors_only(idea, asha, bilal, client, state):
    Idea.objects.filter(pk=idea.pk).update(state=state, state_words="Too many links.")
    url = idea.get_absolute_url()
    assert client.get(url).status_code == 404
    client.force_login(bilal)
    assert client.get(url).status_code == 404
    client.force_login(asha)
    assert "Too many links." in client.get(url).content.decode()


def test_support_and_taking_it_back_without_htmx(opened, bilal, client):
    client.force_login(bilal)
    url = f"/ideas/{opened.pk}/support/"
    assert client.post(url, {"support": "on"})["Location"] == opened.get_absolute_url()
    assert client.post(url, {"support": "on"})["Location"] == opened.get_absolute_url()
    assert Support.objects.filter(idea=opened, person=bilal).count() == 1
    client.post(url, {"support": "off"})
    assert not Support.objects.filter(idea=opened, person=bilal).exists()


def test_support_under_htmx_answers_with_the_button_and_says_it(opened, bilal, client):
    client.force_login(bilal)

    response = client.post(f"/ideas/{opened.pk}/support/", {"support": "on"}, headers={"HX-Request": "true"})

    fragment = response.content.decode()
    assert "<html" not in fragment
    assert 'aria-pressed="true"' in fragment
    assert "6 supporters" in fragment
    assert response["HX-Trigger"] == '{"announce": "You support this idea."}'


def test_ones_own_idea_says_why_not(opened, asha, client):
    client.force_login(asha)

    response = client.post(f"/ideas/{opened.pk}/support/", {"support": "on"}, headers={"HX-Request": "true"})

    assert "This is your own idea: others support it." in response.content.decode()


def test_a_lost_login_under_htmx_leads_to_signing_in(opened, client):
    response = client.post(f"/ideas/{opened.pk}/support/", {"support": "on"}, headers={"HX-Request": "true"})

    assert response["HX-Redirect"] == f"/accounts/login/?next=%2Fideas%2F{opened.pk}%2F"


def test_an_answer_shows_only_once_it_is_published(opened, client, meera):
    response = IdeaResponse.objects.create(idea=opened, summary="CANARY yes", details="In two years.", author=meera)
    ResponsePoint.objects.create(response=response, point="Roofs", answer="CANARY 400 of them")
    url = opened.get_absolute_url()
    assert "CANARY" not in client.get(url).content.decode()
    IdeaResponse.objects.update(published_at=timezone.now())
    page = client.get(url).content.decode()
    assert "CANARY yes" in page
    assert "CANARY 400 of them" in page


@pytest.fixture
def forum_full(forum, asha):
    """Ideas of every kind a tab shows, with known support."""
    now = timezone.now()
    water = Sector.objects.create(slug="water", name="Water")
    made = {}
    stands: dict[str, dict[str, object]] = {
        "open": {"support_count": 5, "sector": water},
        "newer": {"support_count": 2},
        "owed": {"support_count": 9, "answer_due": now.date()},
        "answered": {"support_count": 7, "answer_due": now.date(), "answered_at": now},
        "closed": {"support_count": 3, "closes_at": now - timedelta(days=1)},
        "rejected": {"state": "rejected", "support_count": 1},
        "pending": {"state": "pending"},
        "held": {"state": "held"},
    }
    for name, changes in stands.items():
        made[name] = ideas.bring(forum, asha, title=f"Idea {name}", ask=f"Do {name}.")
        Idea.objects.filter(pk=made[name].pk).update(**{"state": "open", **changes})
    return made


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["owed", "answered", "open", "newer"]),
        ({"order": "newest"}, ["answered", "owed", "newer", "open"]),
        ({"view": "owed"}, ["owed"]),
        ({"view": "answered"}, ["answered"]),
        ({"view": "closed"}, ["closed"]),
        ({"view": "rejected"}, ["rejected"]),
        ({"sector": "water"}, ["open"]),
        ({"q": "do newer"}, ["newer"]),
        ({"view": "nonsense", "sector": "nowhere", "order": "x"}, ["owed", "answered", "open", "newer"]),
    ],
)
def test_each_tab_of_the_forum(forum_full, client, asked, names):
    rows = client.get("/forum/", asked).context["page"].rows

    assert [row.title for row in rows] == [f"Idea {name}" for name in names]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_forum_costs_the_same_with_one_row_and_three(forum, asha, client, rows, django_assert_num_queries):
    for n in range(rows):
        idea = ideas.bring(forum, asha, title=f"Idea {n}", ask=f"Do {n}.")
        Idea.objects.filter(pk=idea.pk).update(state="open")
    with django_assert_num_queries(4):  # subjects, ideas, the clock, the forum that is open
        client.get("/forum/")


def test_ideas_like_the_title_are_offered(opened, client):
    assert "Shade at bus stops" in client.get("/ideas/similar/", {"title": "Shades at the bus stop"}).content.decode()
    assert "Shade" not in client.get("/ideas/similar/", {"title": "Repair the school roof"}).content.decode()
