"""The poll's pages: every way of voting without a script, with HTMX, and what is said when something is wrong."""

import re

import pytest
from django.test import Client

from commons.activities.models import Activity
from commons.people.models import Draft
from polls.models import Ballot
from tests.polls.conftest import cast, counted, set_window

pytestmark = pytest.mark.django_db

HTMX = {"headers": {"hx-request": "true"}}
WAYS = [
    ("single", {}, {"choice": "2"}, "2:1"),
    ("pictures", {}, {"choice": "3"}, "3:1"),
    ("yes_no", {}, {"choice": "1"}, "1:1"),
    ("multiple", {"most": 2}, {"o1": "on", "o3": "on"}, "1:1,3:1"),
    ("ranked", {}, {"o1": "2", "o2": "", "o3": "1"}, "1:2,3:1"),
    ("score", {}, {"o1": "0", "o2": "", "o3": "5"}, "1:0,3:5"),
    ("dots", {}, {"o1": "", "o2": "5", "o3": "3"}, "2:5,3:3"),
    ("budget", {"budget": 100, "costs": (60, 50, 40)}, {"o1": "on", "o3": "on"}, "1:1,3:1"),
]
NAMES = [way[0] for way in WAYS]


@pytest.fixture
def signed_in(client, asha) -> Client:
    client.force_login(asha)
    return client


@pytest.mark.parametrize(("method", "fields", "typed", "choice"), WAYS, ids=NAMES)
def test_every_way_of_voting_works_with_plain_inputs(signed_in, make_poll, method, fields, typed, choice):
    poll = make_poll(method, **fields)
    page = signed_in.get(f"/polls/{poll.slug}/").content.decode()
    form = page.partition('<form class="paper"')[2].partition("</form>")[0]
    assert all(re.search(f'name="{name}"', form) for name in typed)

    response = signed_in.post(f"/polls/{poll.slug}/ballot/", typed)

    assert (response.status_code, response["Location"]) == (302, f"/polls/{poll.slug}/#ballot")
    assert Ballot.objects.get().choice == choice
    page = signed_in.get(f"/polls/{poll.slug}/").content.decode()
    assert Ballot.objects.get().receipt in page
    assert "Your vote is recorded." in page


@pytest.mark.parametrize(("method", "fields", "typed", "choice"), WAYS, ids=NAMES)
def test_htmx_gets_the_part_with_the_receipt(signed_in, make_poll, method, fields, typed, choice):
    poll = make_poll(method, **fields)
    response = signed_in.post(f"/polls/{poll.slug}/ballot/", typed, **HTMX)
    body = response.content.decode()
    assert response.status_code == 200
    assert body.lstrip().startswith('<div id="vote">')
    assert Ballot.objects.get().receipt in body
    assert "Your vote is recorded." in response["HX-Trigger"]


@pytest.mark.parametrize(("method", "fields", "typed", "choice"), WAYS, ids=NAMES)
def test_whoever_is_not_signed_in_signs_in_last_and_finds_the_choice_again(
    client, asha, make_poll, method, fields, typed, choice
):
    poll = make_poll(method, **fields)
    page = client.get(f"/polls/{poll.slug}/").content.decode()
    assert f'name="draft_key" value="ballot:{poll.pk}"' in page
    back = f"/polls/{poll.slug}/ballot/"
    response = client.post("/drafts/", {"draft_key": f"ballot:{poll.pk}", "next": back, **typed})
    assert response["Location"].startswith("/accounts/login/?next=%2Fpolls%2F")
    client.post("/accounts/login/", {"login": "asha@example.org", "password": "mygov-demo"})
    assert Draft.objects.get().key == f"ballot:{poll.pk}"

    page = client.get(back).content.decode()
    assert "Your choice is still here." in page
    form = page.partition('<form class="paper"')[2].partition("</form>")[0]
    for name, value in typed.items():
        if name == "choice":
            assert re.search(rf'name="choice" value="{value}" checked', form)
        elif value == "on":
            assert re.search(rf'name="{name}"[^>]*checked', form)
        elif value:
            assert re.search(rf'<option value="{value}" selected|value="{value}"', form)
    client.post(back, typed)
    assert Ballot.objects.get().choice == choice
    assert Draft.objects.count() == 0


BAD = [
    ("single", {}, {"choice": "9"}),
    ("single", {}, {"choice": ["1", "2"]}),
    ("single", {}, {"o1": "on"}),
    ("single", {}, {"choice": "-1"}),
    ("single", {}, {}),
    ("single", {}, {"choice": "none"}),
    ("multiple", {"most": 2}, {"o1": "on", "o2": "on", "o3": "on"}),
    ("multiple", {}, {"o77": "on"}),
    ("multiple", {}, {"o1": "-5"}),
    ("multiple", {}, {"choice": "1"}),
    ("ranked", {}, {"o1": "1", "o2": "1"}),
    ("ranked", {}, {"o1": "1", "o2": "3"}),
    ("ranked", {}, {"o1": "4"}),
    ("score", {}, {"o1": "6"}),
    ("score", {}, {"o1": "-1"}),
    ("dots", {}, {"o1": "9"}),
    ("dots", {}, {"o1": "5", "o2": "4"}),
    ("dots", {}, {"o1": "-3", "o2": "4"}),
    ("dots", {}, {"o1": "many"}),
    ("budget", {"budget": 100, "costs": (60, 50, 40)}, {"o1": "on", "o2": "on"}),
    ("multiple", {"allows_none": True}, {"o1": "on", "none": "on"}),
]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize(("method", "fields", "typed"), BAD)
def test_a_bad_ballot_gets_a_message_and_no_row(signed_in, make_poll, method, fields, typed, headers):
    poll = make_poll(method, **fields)
    response = signed_in.post(f"/polls/{poll.slug}/ballot/", typed, **headers)
    body = response.content.decode()
    assert response.status_code == 422
    assert 'class="error-summary"' in body
    assert re.search(r'<div class="error" id="[^"]+"><ul class="errorlist', body)
    assert Ballot.objects.count() == 0
    if "o1" in typed and typed["o1"] == "on" and method != "single":
        assert re.search(r'name="o1"[^>]*checked', body)  # what was chosen is still there


def test_a_form_without_its_token_is_refused(poll, asha):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(asha)
    response = strict.post(f"/polls/{poll.slug}/ballot/", {"choice": "1"})
    assert response.status_code == 403
    assert Ballot.objects.count() == 0


def test_closing_while_somebody_chooses_keeps_the_choice_and_says_so(signed_in, poll):
    signed_in.get(f"/polls/{poll.slug}/")
    set_window(poll, "-1 hour", "-1 second")
    response = signed_in.post(f"/polls/{poll.slug}/ballot/", {"choice": "1"})
    assert response.status_code == 422
    assert "This has closed." in response.content.decode()
    assert Ballot.objects.count() == 0


def test_a_vote_can_be_changed_until_the_close(signed_in, poll):
    signed_in.post(f"/polls/{poll.slug}/ballot/", {"choice": "1"})
    page = signed_in.get(f"/polls/{poll.slug}/").content.decode()
    assert "Change my vote" in page
    assert re.search(r'value="1" checked', page)
    response = signed_in.post(f"/polls/{poll.slug}/ballot/", {"choice": "2"}, follow=True)
    assert "Your vote is changed. Only the new one counts." in response.content.decode()
    assert counted(poll) == {(0, 0): 1, (2, 1): 1}


def test_secrecy_is_said_beside_the_button(client, signed_in, poll):
    for browser in (Client(), signed_in):
        form = (
            browser.get(f"/polls/{poll.slug}/")
            .content.decode()
            .partition('<form class="paper"')[2]
            .partition("</form>")[0]
        )
        assert "Your vote is secret." in form


def test_what_is_missing_is_said_with_a_remedy(signed_in, poll):
    Activity.objects.filter(pk=poll.pk).update(min_level=2)
    page = signed_in.get(f"/polls/{poll.slug}/").content.decode()
    assert '<form class="paper"' not in page
    assert "This needs a higher verification." in page
    assert '<a href="/profile/">See how to be verified</a>' in page


def test_each_voter_has_an_order_of_their_own_and_it_is_recorded(make_poll, people):
    poll = make_poll("single", tuple("ABCDEFGH"))
    orders = set()
    for person in people(4):
        browser = Client()
        browser.force_login(person)
        page = browser.get(f"/polls/{poll.slug}/").content.decode()
        shown = re.findall(r'name="choice" value="(\d)"', page)
        assert sorted(shown) == list("12345678")
        browser.post(f"/polls/{poll.slug}/ballot/", {"choice": "1"})
        assert Ballot.objects.get(voter=person).order == ",".join(shown)
        orders.add(tuple(shown))
    assert len(orders) > 1


def test_a_natural_order_is_left(signed_in, make_poll):
    poll = make_poll("score", tuple("ABCDEFGH"), shuffles=False)
    page = signed_in.get(f"/polls/{poll.slug}/").content.decode()
    assert re.findall(r'name="o(\d)"', page) == list("12345678")


def test_an_unpublished_poll_is_as_unknown_as_one_that_never_was(client, make_poll):
    make_poll(slug="draft", state="draft")
    for path in ("", "ballot/", "results/"):
        assert client.get(f"/polls/draft/{path}").status_code == 404
        assert client.get(f"/polls/nothing/{path}").status_code == 404


def test_my_impact_says_that_one_voted_and_not_how(signed_in, poll, asha):
    cast(poll, asha, o2=1)
    page = signed_in.get("/impact/mine/").content.decode()
    assert "You voted." in page
    assert 'href="/polls/poll-single/"' in page
    assert "Green" not in page


def test_the_list_has_polls_and_their_verb(client, poll):
    page = client.get("/polls/").content.decode()
    assert "About poll-single" in page
    assert "Vote →" in page
