"""Voting without an account: where a poll allows it, counted apart, and taken along by whoever signs in."""

import json
import subprocess
import sys

import pytest
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client, RequestFactory

from commons.activities import counters
from commons.activities.models import Activity, Contribution
from commons.comments.refused import Refused
from commons.people.guests import key_of
from polls import auditing, guests, sealing, verify_poll, voting
from polls.models import Ballot, Cast
from tests.comments.test_races import at_once
from tests.polls.conftest import cast, counted, set_window

pytestmark = pytest.mark.django_db
KEY = "a-browser"


@pytest.fixture
def open_poll(make_poll):
    return make_poll(guests=True)


def guest_votes(poll, key=KEY, **values):
    return guests.vote(poll, list(poll.options.all()), key, {int(name[1:]): n for name, n in values.items()})


def at(poll, **more):
    return {"path": f"/polls/{poll.slug}/guest/", **more}


def test_a_guest_votes_changes_the_vote_and_counts_in_the_guests_column_alone(open_poll, asha):
    cast(open_poll, asha, o1=1)
    first = guest_votes(open_poll, o1=1)
    second = guest_votes(open_poll, o2=1)
    assert (first.receipt, second.changed) == (second.receipt, True)
    assert counted(open_poll) == {(0, 0): 1, (1, 1): 1}
    assert counted(open_poll, "guest") == {(0, 0): 1, (2, 1): 1}
    assert Contribution.objects.filter(kind="ballot").count() == 1  # a guest has no account to keep a line in
    assert (auditing.first_wrong(open_poll), counters.find_drift()) == ("", [])


def test_what_a_ballot_keeps_of_a_browser_tells_nothing_across_polls(open_poll):
    guest_votes(open_poll, o1=1)
    kept = Ballot.objects.get().guest
    assert (KEY in kept, kept == guests.identity(open_poll.pk + 1, KEY)) == (False, False)


@pytest.mark.parametrize(
    "fields", [{"members_only": True}, {"residents_only": True}, {"min_level": 2}, {"state": "withdrawn"}]
)
def test_where_only_some_may_vote_no_guest_does(open_poll, fields):
    Activity.objects.filter(pk=open_poll.pk).update(**fields)
    with pytest.raises(Refused):
        guest_votes(open_poll, o1=1)
    assert not Ballot.objects.exists()


def test_a_poll_that_takes_no_guests_has_no_page_for_them(poll, client):
    assert client.get(f"/polls/{poll.slug}/guest/").status_code == 404
    assert client.post(f"/polls/{poll.slug}/guest/", {"choice": "1"}).status_code == 404
    assert "Vote without an account" not in client.get(f"/polls/{poll.slug}/").content.decode()
    with pytest.raises(Refused):
        guest_votes(poll, o1=1)


def test_the_deadline_is_the_databases(open_poll):
    set_window(open_poll, "-1 hour", "-1 second")
    with pytest.raises(Refused, match="closed"):
        guest_votes(open_poll, o1=1)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_the_whole_way_from_the_public_page(open_poll, client, headers):
    public = client.get(f"/polls/{open_poll.slug}/")
    assert "Vote without an account" in public.content.decode()
    assert not public.cookies
    typed = {
        "draft_key": f"ballot:{open_poll.pk}",
        "next": "/",
        "choice": "2",
        "without_account": f"/polls/{open_poll.slug}/guest/",
    }
    there = client.post("/drafts/", typed, headers={"Origin": "http://testserver"})
    assert there.headers["Location"] == f"/polls/{open_poll.slug}/guest/"
    paper = client.get(there.headers["Location"])
    assert 'value="2" checked' in paper.content.decode()
    assert paper.headers["Cache-Control"].startswith("private")
    sent = client.post(**at(open_poll), data={"choice": "2"}, headers=headers)
    assert sent.status_code == (200 if headers else 302)
    page = client.get(**at(open_poll)).content.decode()
    assert "You have voted" in page
    assert Ballot.objects.get().receipt in page
    assert "Your choice is still here" not in page
    assert client.get(f"/polls/{open_poll.slug}/").content == public.content  # the public page stays everybody's


def test_a_form_from_another_site_casts_nothing(open_poll):
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(**at(open_poll), data={"choice": "1"}).status_code == 403
    assert not Ballot.objects.exists()


@pytest.mark.parametrize("data", [{}, {"choice": "9"}, {"choice": ["1", "2"]}, {"choice": "-1"}, {"o1": "1"}])
def test_what_is_no_choice_is_said_beside_the_paper(open_poll, client, data):
    response = client.post(**at(open_poll), data=data)
    assert response.status_code == 422
    assert response.context["form"].errors
    assert not Ballot.objects.exists()


def test_one_network_has_a_limit_and_keeps_what_was_chosen(open_poll, client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "guest_ballot": "1/m/ip"}
    client.post(**at(open_poll), data={"choice": "1"})
    again = Client().post(**at(open_poll), data={"choice": "2"})
    assert again.status_code == 422
    assert "Many votes came from your network" in again.content.decode()
    assert 'value="2" checked' in again.content.decode()
    assert Ballot.objects.count() == 1


def test_whoever_signs_in_takes_the_ballot_along(open_poll, client, asha):
    client.post(**at(open_poll), data={"choice": "1"})
    counted(open_poll)
    receipt = Ballot.objects.get().receipt
    guests.claim(client_key(client), asha)
    mine = Ballot.objects.get()
    assert (mine.voter, mine.guest, mine.receipt, mine.choice) == (asha, None, receipt, "1:1")
    assert (counted(open_poll), counted(open_poll, "guest")) == ({(0, 0): 1, (1, 1): 1}, {})
    assert Contribution.objects.filter(person=asha, kind="ballot").count() == 1
    open_poll.refresh_from_db()
    assert (open_poll.participant_count, auditing.first_wrong(open_poll), counters.find_drift()) == (1, "", [])
    guests.claim(client_key(client), asha)
    assert Cast.objects.count() == 2


def client_key(client):
    request = RequestFactory().get("/")
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    return key_of(request)


def test_signing_in_itself_does_it(open_poll, client, asha, rf):
    client.post(**at(open_poll), data={"choice": "1"})
    request = rf.get("/")
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    user_logged_in.send(type(asha), request=request, user=asha)
    assert Ballot.objects.get().voter == asha


def test_whoever_has_voted_with_the_account_keeps_that_vote(open_poll, asha):
    cast(open_poll, asha, o1=1)
    guest_votes(open_poll, o2=1)
    assert guests.claim(KEY, asha) == 0
    assert counted(open_poll) == {(0, 0): 1, (1, 1): 1}
    assert counted(open_poll, "guest") == {(0, 0): 1, (2, 1): 1}


def test_after_the_close_nothing_moves(open_poll, asha):
    guest_votes(open_poll, o2=1)
    set_window(open_poll, "-1 hour", "-1 second")
    assert guests.claim(KEY, asha) == 0
    assert Ballot.objects.get().voter is None


def test_the_published_list_says_who_was_a_guest_and_anybody_counts_the_same(open_poll, asha, bilal, client, tmp_path):
    cast(open_poll, asha, o1=1)
    guest_votes(open_poll, "one", o2=1)
    guest_votes(open_poll, "two", o2=1)
    guests.claim("two", bilal)
    set_window(open_poll, "-1 hour", "-1 minute")
    counted(open_poll)
    assert sealing.seal_closed() == 1
    text = b"".join(client.get(f"/polls/{open_poll.slug}/ballots.json").streaming_content)
    said = json.loads(text)
    assert sorted(row["guest"] for row in said["ballots"]) == [False, False, True]
    assert (said["result"]["people"]["ballots"], said["result"]["guests"]["ballots"]) == (2, 1)
    (tmp_path / "ballots.json").write_bytes(text)
    done = subprocess.run(
        [sys.executable, "-I", verify_poll.__file__, tmp_path / "ballots.json"], capture_output=True, text=True
    )
    assert (done.returncode, "2 ballots of people, 1 of guests" in done.stdout) == (0, True)
    page = client.get(f"/polls/{open_poll.slug}/results/").content.decode()
    assert "1 vote of a guest without an account, counted by itself" in page
    assert '<th scope="col" class="number">Guests</th>' in page


def test_few_guests_show_no_choices_while_it_is_open(open_poll, people, client, asha):
    for person in people(11):
        cast(open_poll, person, o1=1)
    cast(open_poll, asha, o1=1)
    guest_votes(open_poll, o2=1)
    counted(open_poll)
    client.force_login(asha)
    page = client.get(f"/polls/{open_poll.slug}/").content.decode()
    assert "1 vote of a guest" in page
    assert ">Guests<" not in page


@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_of_a_browser_are_one_ballot_and_signing_in_meanwhile_moves_it_once(open_poll, asha):
    wrong = at_once(
        [lambda n=n: guest_votes(open_poll, **{f"o{n % 3 + 1}": 1}) for n in range(12)]
        + [lambda: guests.claim(KEY, asha) for _n in range(4)]
        + [lambda: cast(open_poll, asha, o3=1) for _n in range(4)]
    )
    assert wrong == []
    counted(open_poll)
    assert Ballot.objects.filter(voter=asha).count() == 1
    assert Ballot.objects.exclude(voter=asha).count() <= 1
    assert (auditing.first_wrong(open_poll), counters.find_drift()) == ("", [])


@pytest.mark.django_db(transaction=True)
def test_without_the_constraint_a_browser_could_vote_twice(open_poll, asha):
    """The negative control: asking first and then inserting, with nothing in the database against it."""

    def ask_then_insert() -> None:
        if guests.ballot_of(open_poll, KEY) is None:
            given = voting.new_ballot(open_poll, {1: 1}, "", "web")
            Ballot.objects.create(
                poll=open_poll, guest=guests.identity(open_poll.pk, KEY), receipt=given["receipt"],
                secret=given["secret"], choice=given["choice"], traits="guest",
            )  # fmt: skip

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE polls_ballot DROP CONSTRAINT ballot_of_a_guest_once")
    try:
        assert at_once([ask_then_insert] * 20) == []
        assert Ballot.objects.count() > 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE polls_ballot, polls_cast, polls_waiting, polls_link")
            cursor.execute("ALTER TABLE polls_ballot ADD CONSTRAINT ballot_of_a_guest_once UNIQUE (poll_id, guest)")


def test_no_choice_of_another_poll(open_poll):
    with pytest.raises(ValidationError), transaction.atomic():
        guest_votes(open_poll, o9=1)
