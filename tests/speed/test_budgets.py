"""How many queries each page asks: the same number for one row and for three, whoever reads it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commons.comments.models import Comment
from discussions.models import Idea

# Page: queries of whoever is not signed in, and of whoever is (a session, the person, what is unread: three more).
# With nothing kept from earlier requests: a running portal asks for filters and numbers once a minute.
BUDGETS = {
    "/": (5, 9),
    "/activities/": (5, 8),
    "/discussions/": (5, 8),
    "/surveys/": (5, 8),
    "/activities/?institution=education&phase=closed&q=closed": (6, 9),
    "/groups/": (3, 6),
    "/groups/schools/": (7, 12),
    "/institutions/": (1, 4),
    "/institutions/education/": (6, 10),
    "/discussions/midday-meals/": (4, 10),
    "/comments/of/midday-meals/": (3, 8),
    "/comments/of/midday-meals/?order=newest": (3, 8),
    "/activities/midday-meals/changes/": (2, 5),
    "permalink": (5, 9),
    "/forum/": (4, 7),
    "idea": (5, 11),
    "/polls/": (5, 8),
    "/polls/poll-single/": (2, 8),
    "/polls/poll-single/ballot/": (2, 7),
    "/polls/poll-single/results/": (2, 7),
    "/polls/poll-single/embed/": (2, 3),
    "/impact/": (3, 6),
    "/impact/?activity=midday-meals": (4, 7),
    "/track/": (0, 3),
    "/about/": (0, 3),
}
SIGNED_IN = {"/impact/mine/": 5, "/notifications/": 4, "/profile/": 7}


@pytest.fixture
def address():
    """The address of a page in the table; the permalink is of a reply, the idea the first."""

    def find(page: str) -> str:
        if page == "permalink":
            return Comment.objects.filter(depth=1).earliest("pk").get_absolute_url()
        if page == "idea":
            return Idea.objects.earliest("pk").get_absolute_url()
        return page

    return find


def queries(client: Client, url: str) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        response = client.get(url)
    assert response.status_code == 200
    return [query["sql"] for query in asked.captured_queries]


@pytest.mark.parametrize("page", BUDGETS)
def test_a_page_asks_as_often_for_three_rows_as_for_one(page, client, asha, grow, address):
    reader = Client()
    reader.force_login(asha)
    counted = []
    for more in (1, 2):
        grow(more)
        counted.append((len(queries(client, address(page))), len(queries(reader, address(page)))))
    assert counted == [BUDGETS[page]] * 2


@pytest.mark.parametrize("page", SIGNED_IN)
def test_a_page_of_ones_own_asks_as_often_for_three_rows_as_for_one(page, client, asha, grow):
    client.force_login(asha)
    counted = []
    for more in (1, 2):
        grow(more)
        counted.append(len(queries(client, page)))
    assert counted == [SIGNED_IN[page]] * 2


def test_an_official_pays_little_more_for_a_discussion(client, meera, grow):
    client.force_login(meera)
    counted = []
    for more in (1, 2):
        grow(more)
        counted.append(len(queries(client, "/discussions/midday-meals/")))
    assert counted == [13] * 2


def test_a_vote_takes_three_queries(client, bilal, grow):
    grow(1)
    comment = Comment.objects.filter(author__display_name="Asha").earliest("pk")
    client.force_login(bilal)
    with CaptureQueriesContext(connection) as asked:
        response = client.post(f"/comments/{comment.pk}/vote/", {"value": "1"}, headers={"hx-request": "true"})
    assert response.status_code == 200
    assert len(asked) == 3  # the session, the person, and one statement for all the rest


def test_a_ballot_takes_six_queries(client, asha, poll):
    client.force_login(asha)
    with CaptureQueriesContext(connection) as asked:
        response = client.post("/polls/poll-single/ballot/", {"choice": "1"})
    assert response.status_code == 302
    assert [query["sql"].split()[0] for query in asked][-2:] == ["WITH", "DELETE"]  # the ballot, and its draft
    assert len(asked) == 6  # the session, the person, the poll, its options
