"""A conversation about something smaller than an activity: here, an idea in the open forum."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commons.comments import writing
from commons.comments.models import Comment
from commons.comments.refused import Refused
from discussions import idea_steps, ideas
from discussions.models import Idea
from tests.comments.test_acting import HTMX, THREAD, typed_in
from tests.comments.test_pages import articles, fill, page


@pytest.fixture
def idea(make_discussion, bilal) -> Idea:
    forum = make_discussion("open-forum", is_forum=True, conversation="none", closes_at=None)
    return ideas.bring(forum, bilal, title="Shade at bus stops", ask="Put a roof over every bus stop.")


@pytest.fixture
def inside(asha) -> Client:
    client = Client()
    client.force_login(asha)
    return client


def test_an_idea_is_talked_about_on_its_own_page(inside, idea) -> None:
    address, thread = f"/ideas/{idea.pk}/", "/comments/of/open-forum/"
    html = page(inside, address)
    assert f'<input type="hidden" name="at" value="idea-{idea.pk}">' in html
    plain = inside.post(thread, {"body": "Yes, please.", "at": f"idea-{idea.pk}"})
    htmx = inside.post(thread, {"body": "And a bench.", "at": f"idea-{idea.pk}"}, headers=HTMX)

    first, second = Comment.objects.order_by("pk")
    assert (first.anchor, second.anchor) == (f"idea-{idea.pk}", f"idea-{idea.pk}")
    assert plain["Location"] == f"/comments/{first.pk}/#c{first.pk}"
    assert f'id="c{second.pk}"' in htmx.content.decode()
    assert sorted(articles(page(inside, address))) == [first.pk, second.pk]
    permalink = page(inside, f"/comments/{first.pk}/")
    assert '<h1 lang="en">Shade at bus stops</h1>' in permalink
    assert f'<a href="{address}#conversation">The whole conversation</a>' in permalink


def test_a_reply_a_vote_and_a_removal_lead_back_to_the_idea(inside, idea, bilal) -> None:
    root = writing.write(idea.activity, bilal, "Mine", anchor=f"idea-{idea.pk}")
    inside.post(f"/comments/{root.pk}/reply/", {"body": "A reply"})
    reply = Comment.objects.get(parent=root)
    html = page(inside, f"/ideas/{idea.pk}/")
    gone = inside.post(f"/comments/{reply.pk}/removal/")

    assert reply.anchor == f"idea-{idea.pk}"
    assert f'<input type="hidden" name="next" value="/ideas/{idea.pk}/#c{root.pk}">' in html
    assert gone["Location"] == f"/ideas/{idea.pk}/"


def test_comments_on_one_idea_are_not_on_another(client, idea, asha, bilal) -> None:
    other = ideas.bring(idea.activity, asha, title="Water at bus stops", ask="A tap at every bus stop.")
    mine = writing.write(idea.activity, asha, "Shade!", anchor=f"idea-{idea.pk}")

    assert articles(page(client, f"/ideas/{idea.pk}/")) == [mine.pk]
    assert articles(page(client, f"/ideas/{other.pk}/")) == []
    assert articles(page(client, f"/comments/of/open-forum/?at=idea-{idea.pk}")) == [mine.pk]
    assert client.get(f"{THREAD}?at=idea-{idea.pk}").status_code == 404


def test_what_was_said_about_a_hidden_idea_is_hidden_with_it(client, inside, idea, asha, mod) -> None:
    comment = writing.write(idea.activity, asha, "Shade!", anchor=f"idea-{idea.pk}")
    idea_steps.hide(idea, mod, "offence", "Rude.")

    for reader in (client, inside):
        for address in (
            f"/ideas/{idea.pk}/",
            f"/comments/{comment.pk}/",
            f"/comments/of/open-forum/?at=idea-{idea.pk}",
        ):
            assert reader.get(address).status_code == 404
    assert inside.post("/comments/of/open-forum/", {"body": "More", "at": f"idea-{idea.pk}"}).status_code == 404


def test_whoever_is_not_signed_in_comes_back_to_the_idea_with_the_text(client, idea, asha) -> None:
    html = page(client, f"/ideas/{idea.pk}/")
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html))
    response = client.post("/drafts/", {**hidden, "body": "A roof!"}, headers={"origin": "http://testserver"})
    client.force_login(asha)

    assert response["Location"] == f"/accounts/login/?next=%2Fideas%2F{idea.pk}%2F%23comment"
    assert hidden["next"] == f"/ideas/{idea.pk}/#comment"


def test_a_draft_on_an_idea_is_its_own(inside, idea, discussion) -> None:
    inside.post("/comments/of/open-forum/", {"body": "x" * 1001, "at": f"idea-{idea.pk}"})
    from tests.comments.conftest import set_window

    set_window(idea.activity, "-2 hours", "-1 hour")
    inside.post("/comments/of/open-forum/", {"body": "Too late", "at": f"idea-{idea.pk}"})

    assert typed_in(page(inside, f"/ideas/{idea.pk}/")) == "Too late"
    assert typed_in(page(inside, "/discussions/midday-meals/")) == ""


def test_a_forum_itself_takes_no_comments(inside, idea, asha) -> None:
    assert inside.post("/comments/of/open-forum/", {"body": "Hello"}).status_code == 404
    with pytest.raises(Refused):
        writing.write(idea.activity, asha, "Hello")


def test_an_ideas_page_costs_the_same_with_three_and_with_a_thousand_comments(client, inside, idea, people) -> None:
    def talk(many: int) -> None:
        for person in people(3):
            rows = fill(idea.activity, person, many)
            fill(idea.activity, person, many, rows[0])
        Comment.objects.update(anchor=f"idea-{idea.pk}")

    def cost(reader: Client) -> int:
        page(reader, f"/ideas/{idea.pk}/")
        with CaptureQueriesContext(connection) as asked:
            page(reader, f"/ideas/{idea.pk}/")
        return len(asked)

    talk(1)
    few = cost(client), cost(inside)
    talk(170)

    assert Comment.objects.count() > 1000
    assert (cost(client), cost(inside)) == few
    assert few[0] <= 8
    assert few[1] <= 12


@pytest.mark.parametrize("state", [Idea.State.STOPPED, Idea.State.RETIRED, Idea.State.REJECTED])
def test_an_idea_that_came_to_its_end_is_read_and_no_longer_talked_about(inside, idea, asha, state) -> None:
    root = writing.write(idea.activity, asha, "Shade!", anchor=f"idea-{idea.pk}")
    Idea.objects.update(state=state)

    html = page(inside, f"/ideas/{idea.pk}/")
    sent = inside.post("/comments/of/open-forum/", {"body": "And a bench.", "at": f"idea-{idea.pk}"})
    answered = inside.post(f"/comments/{root.pk}/reply/", {"body": "Which stop?"})

    assert "This has closed." in html
    assert 'name="body"' not in html
    assert (sent.status_code, answered.status_code) == (422, 422)
    assert "And a bench." in sent.content.decode()
    with pytest.raises(Refused) as refused:
        writing.write(idea.activity, asha, "And a bench.", anchor=f"idea-{idea.pk}")
    assert refused.value.code == "closed"
    assert list(Comment.objects.all()) == [root]
