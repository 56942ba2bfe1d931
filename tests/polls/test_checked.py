"""Ballots that may be of one hand: out of the count and back, exactly; never a choice shown, never fewer than ten at once."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from commons.activities import counters
from commons.integrity import checking, finding, traces
from commons.integrity.models import Cluster
from polls import auditing, guests, sealing, share, standing
from polls.models import Ballot, Cast, Poll
from polls.results import results
from tests.polls.conftest import cast, counted, set_window, stuff
from tests.polls.test_guests import client_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def crooks(people):
    return people(12, joined_at=timezone.now())


@pytest.fixture
def cluster(poll, crooks, people):
    """Twelve ballots of one network for the first option, among three honest ones for it and ten for the second."""
    stuff(poll, crooks, o1=1)
    for place, person in enumerate(people(13)):
        cast(poll, person, **{"o1" if place < 3 else "o2": 1})
    counted(poll)
    finding.find(standing.KIND)
    return Cluster.objects.get()


def step(cluster, by, to):
    cluster.refresh_from_db()
    return checking.decide(cluster, by, to, seen=cluster.state, words="Twelve accounts of one morning.")


def tally(poll):
    """Ballots that count, for the first and the second option; how many are checked; how many are left out."""
    found = counted(poll)
    out = [counted(poll, segment).get((0, 0), 0) for segment in ("aside", "left_out")]
    return found.get((0, 0), 0), found.get((1, 1), 0), found.get((2, 1), 0), *out


def test_to_propose_changes_no_count(cluster, poll):
    assert (cluster.kind, cluster.vote_count, tally(poll)) == ("ballot", 12, (25, 15, 10, 0, 0))


def test_ballots_are_set_aside_put_back_and_left_out_exactly(cluster, poll, mod):
    seen = [(step(cluster, mod, to), tally(poll)) for to in ("aside", "released", "aside", "left_out", "released")]

    assert seen == [
        (12, (13, 3, 10, 12, 0)), (12, (25, 15, 10, 0, 0)), (12, (13, 3, 10, 12, 0)), (12, (13, 3, 10, 0, 12)),
        (12, (25, 15, 10, 0, 0)),
    ]  # fmt: skip
    assert counters.find_drift() == []


def test_every_group_they_are_counted_in_follows(poll, people, mod):
    stuff(poll, people(12, joined_at=timezone.now(), gender="f", born="1988"), o1=1)
    counted(poll)
    finding.find(standing.KIND)
    step(Cluster.objects.get(), mod, "aside")

    assert counted(poll, "gender:f") == counted(poll, "born:1988") == counted(poll, "channel:web") == {}
    assert counted(poll, "aside") == {(0, 0): 12}  # how many, and never for what
    assert counters.find_drift() == []


@pytest.mark.parametrize("method", ["ranked", "dots", "score", "budget", "multiple"])
def test_so_it_is_in_every_way_of_voting(make_poll, people, mod, method):
    fields = {"budget": 100, "costs": (60, 30, 40)} if method == "budget" else {}
    poll, values = (
        make_poll(method, **fields),
        {"o1": 1, "o2": 2} if method in {"ranked", "dots", "score"} else {"o1": 1},
    )
    stuff(poll, people(12, joined_at=timezone.now()), **values)
    before = counted(poll)
    finding.find(standing.KIND)
    cluster = Cluster.objects.get()
    step(cluster, mod, "aside")
    assert counted(poll) == {}
    step(cluster, mod, "released")
    assert (counted(poll), counters.find_drift()) == (before, [])


def test_none_of_these_moves_too(make_poll, people, mod):
    poll = make_poll(allows_none=True)
    stuff(poll, people(12, joined_at=timezone.now()))
    assert counted(poll) == {(0, 0): 12, (0, 1): 12}
    finding.find(standing.KIND)
    step(Cluster.objects.get(), mod, "aside")
    assert (counted(poll), counters.find_drift()) == ({}, [])


def test_whoever_is_out_can_change_the_vote_and_it_stays_out(cluster, poll, crooks, mod):
    step(cluster, mod, "aside")
    assert cast(poll, crooks[0], o2=1).changed
    assert tally(poll) == (13, 3, 10, 12, 0)
    assert Cast.objects.latest("pk").standing == 1
    step(cluster, mod, "released")
    assert tally(poll) == (25, 14, 11, 0, 0)
    assert (counters.find_drift(), auditing.first_wrong(poll)) == ([], "")


def test_a_change_that_waits_to_be_counted_when_they_are_set_aside_counts_once(cluster, poll, crooks, mod):
    cast(poll, crooks[0], o2=1)  # not folded yet
    step(cluster, mod, "aside")
    assert (counters.find_drift(), tally(poll)) == ([], (13, 3, 10, 12, 0))
    step(cluster, mod, "released")
    assert (tally(poll), counters.find_drift()) == ((25, 14, 11, 0, 0), [])


def test_who_takes_part_is_not_changed_by_a_check(cluster, poll, mod):
    step(cluster, mod, "aside")
    counted(poll)
    poll.refresh_from_db()
    assert poll.participant_count == 25


def test_ballots_of_others_from_the_same_network_count(cluster, poll, people, mod):
    step(cluster, mod, "aside")
    stuff(poll, people(3), o2=1)
    finding.find(standing.KIND)
    assert tally(poll) == (16, 3, 13, 12, 0)


# -- that nobody learns a choice -----------------------------------------------------------------


@pytest.mark.parametrize(("many", "groups"), [(9, 0), (10, 1)])
@pytest.mark.parametrize("device", ["", "one"])
def test_fewer_than_ten_are_not_even_proposed(poll, people, many, groups, device):
    stuff(poll, people(many, joined_at=timezone.now()), device=device, o1=1)
    finding.find(standing.KIND)
    assert Cluster.objects.count() == groups


def test_fewer_than_ten_never_leave_the_count(cluster, poll, mod):
    """Some of a group's accounts may be gone when a moderator comes to it."""
    cluster.suspects.filter(pk__in=cluster.suspects.values("pk")[:3]).delete()
    with pytest.raises(ValidationError, match="too few"):
        step(cluster, mod, "aside")
    cluster.refresh_from_db()
    assert (cluster.state, tally(poll)) == ("proposed", (25, 15, 10, 0, 0))


def test_to_vote_alike_is_no_sign(make_poll, people):
    """The finder does not read choices: whether they are all the same or all different, it finds the same."""
    found = []
    for slug, different in (("alike", False), ("different", True)):
        poll = make_poll(slug=slug)
        for place, person in enumerate(people(12, joined_at=timezone.now())):
            stuff(poll, [person], **{f"o{place % 3 + 1 if different else 1}": 1})
        finding.find(standing.KIND)
        found.append(Cluster.objects.get(activity=poll).signals)
    assert found[0] == found[1]
    assert "choice" not in standing.VOTES


def test_people_who_vote_in_many_polls_are_not_compared(make_poll, people):
    crowd = people(12, joined_at=timezone.now())
    for number in range(6):
        stuff(make_poll(slug=f"p{number}"), crowd, o1=1, own_network=True)
    finding.find(standing.KIND)
    assert Cluster.objects.count() == 0


def test_groups_by_state_are_shown_once_nothing_moves_any_more(cluster, poll, client):
    set_window(poll, "-1 hour", "-1 minute")
    page = client.get(f"/polls/{poll.slug}/results/").content.decode()
    assert ('id="results"' in page, 'id="groups"' in page) == (True, False)


# -- what everybody reads ------------------------------------------------------------------------


@pytest.fixture
def public(make_poll, people, crooks):
    """A poll whose results everybody sees at any time, with twelve ballots of one hand among twenty-five."""
    poll = make_poll(shown="always")
    stuff(poll, crooks, o1=1)
    for person in people(13):
        cast(poll, person, o2=1)
    counted(poll)
    finding.find(standing.KIND)
    return poll


def said_on(path, client=None):
    return " ".join((client or Client()).get(path).content.decode().split())


def test_everybody_reads_how_many_ballots_are_out(public, mod):
    cluster = Cluster.objects.get()
    pages = [f"/polls/{public.slug}/", f"/polls/{public.slug}/results/", f"/polls/{public.slug}/embed/"]
    assert not any("not counted" in said_on(page) for page in pages)
    step(cluster, mod, "aside")
    for page in pages:
        assert "12 votes are not counted while they are checked." in said_on(page)
        assert "13 ballots" in said_on(page)
    step(cluster, mod, "left_out")
    for page in pages:
        assert "12 votes were left out after a check." in said_on(page)
    step(cluster, mod, "released")
    assert not any("left out" in said_on(page) for page in pages)


def test_so_does_the_picture(public, mod):
    def facts():
        found = Poll.objects.get(pk=public.pk)
        return share.facts(found, results(found, list(found.options.all()), timezone.now()), timezone.now())

    cluster = Cluster.objects.get()
    step(cluster, mod, "aside")
    assert "12 votes are not counted while they are checked" in facts()
    assert Client().get(f"/polls/{public.slug}/share.png").status_code == 200


def test_where_results_are_hidden_nothing_is_said_of_it(cluster, poll, mod):
    step(cluster, mod, "aside")  # shown to whoever has voted
    assert "not counted" not in said_on(f"/polls/{poll.slug}/")


def test_with_fewer_than_ten_left_the_results_are_hidden(make_poll, people, crooks, mod):
    poll = make_poll(shown="always")
    stuff(poll, crooks, o1=1)
    for person in people(9):
        cast(poll, person, o2=1)
    counted(poll)
    finding.find(standing.KIND)
    step(Cluster.objects.get(), mod, "aside")
    assert "Results are shown once 10 people have voted." in said_on(f"/polls/{poll.slug}/")


@pytest.mark.parametrize(
    ("to", "said"), [("aside", "Your vote is not counted while it is checked"), ("left_out", "Your vote was left out")]
)
def test_whoever_is_out_reads_it_and_nobody_else(public, crooks, people, client, mod, to, said):
    cluster = Cluster.objects.get()
    step(cluster, mod, "aside")
    if to == "left_out":
        step(cluster, mod, to)
    client.force_login(crooks[0])
    assert said in said_on(f"/polls/{public.slug}/", client)
    [other] = people(1)
    cast(public, other, o1=1)
    client.force_login(other)
    assert said not in said_on(f"/polls/{public.slug}/", client)


# -- where they came from ------------------------------------------------------------------------


@pytest.fixture
def voter(client, asha):
    client.force_login(asha)
    return client


def test_a_ballot_keeps_its_network_and_browser_and_the_last_counts(voter, poll):
    voter.post(f"/polls/{poll.slug}/ballot/", {"choice": "1"}, REMOTE_ADDR="203.0.113.7")
    first = Ballot.objects.get()
    assert first.network == traces.network_around("203.0.113.9")
    assert first.device is not None
    assert "device" in voter.cookies
    voter.post(f"/polls/{poll.slug}/ballot/", {"choice": "2"}, REMOTE_ADDR="198.51.100.7")
    assert Ballot.objects.get().network == traces.network_around("198.51.100.1")
    assert Ballot.objects.get().device == first.device


def test_a_ballot_that_is_refused_sets_no_cookie(voter, poll):
    set_window(poll, "-1 hour", "-1 second")
    voter.post(f"/polls/{poll.slug}/ballot/", {"choice": "1"})
    assert "device" not in voter.cookies


def test_after_thirty_days_it_is_gone_even_of_a_count_that_is_published(voter, poll):
    voter.post(f"/polls/{poll.slug}/ballot/", {"choice": "1"})
    Ballot.objects.update(at=timezone.now() - timedelta(days=30, minutes=1))
    Poll.objects.update(sealed_at=timezone.now())
    assert traces.forget_old() == 1
    assert Ballot.objects.values_list("network", "device").get() == (None, None)


def test_nothing_of_it_is_published(voter, poll):
    voter.post(f"/polls/{poll.slug}/ballot/", {"choice": "1"})
    ballot = Ballot.objects.get()
    set_window(poll, "-1 hour", "-1 minute")
    assert sealing.seal_closed() == 1
    text = b"".join(Client().get(f"/polls/{poll.slug}/ballots.json").streaming_content).decode()
    assert (str(ballot.network) in text, str(ballot.device) in text) == (False, False)
    assert set(json.loads(text)["ballots"][0]) == {"receipt", "choice", "guest", "head"}


@pytest.fixture
def guests_poll(make_poll):
    return make_poll(guests=True)


def vote_as_guest(poll, **where):
    browser = Client()
    assert browser.post(f"/polls/{poll.slug}/guest/", {"choice": "1"}, **where).status_code == 302
    return browser


def test_a_guests_ballot_keeps_it_and_takes_it_along(guests_poll, asha):
    browser = vote_as_guest(guests_poll, REMOTE_ADDR="203.0.113.7")
    before = Ballot.objects.get()
    assert None not in {before.network, before.device}
    browser.force_login(asha)  # signs in from the same place, in the same browser
    guests.claim(client_key(browser), asha)
    mine = Ballot.objects.get()
    assert (mine.voter, mine.network, mine.device) == (asha, before.network, before.device)


def test_whoever_signs_up_long_after_has_voted_there_and_then(guests_poll, asha, rf):
    """Or one could cast guests' ballots, wait until nobody looks back so far, and only then make them people's."""
    browser = vote_as_guest(guests_poll)
    device = Ballot.objects.get().device
    Ballot.objects.update(at=timezone.now() - timedelta(days=5))
    request = rf.get("/", REMOTE_ADDR="198.51.100.7")
    request.COOKIES = {name: morsel.value for name, morsel in browser.cookies.items()}
    user_logged_in.send(type(asha), request=request, user=asha)
    mine = Ballot.objects.get()
    assert (mine.voter, mine.network, mine.device) == (asha, traces.network_around("198.51.100.1"), device)
    assert timezone.now() - mine.at < timedelta(minutes=1)


def test_guests_ballots_are_not_looked_at_they_are_counted_by_themselves(guests_poll):
    for _n in range(12):
        vote_as_guest(guests_poll)
    finding.find(standing.KIND)
    assert Cluster.objects.count() == 0


# -- stuffing ------------------------------------------------------------------------------------


def vote_through(poll, people, forwarded=lambda n: ""):
    for n, person in enumerate(people):
        browser = Client()
        browser.force_login(person)
        headers = {"X-Forwarded-For": forwarded(n)} if forwarded(n) else {}
        answer = browser.post(
            f"/polls/{poll.slug}/ballot/", {"choice": "1"}, REMOTE_ADDR=f"203.0.113.{n % 250}", headers=headers
        )
        assert answer.status_code == 302


def test_five_hundred_fresh_accounts_of_one_network_that_claim_to_be_everywhere_are_one_group(poll, people, mod):
    vote_through(
        poll, people(500, joined_at=timezone.now()), lambda n: f"{n % 200 + 1}.{n % 250}.7.1, 10.{n % 250}.1.1"
    )
    finding.find(standing.KIND)
    cluster = Cluster.objects.get()
    assert (cluster.vote_count, cluster.people_count) == (500, 500)
    assert {sign["signal"] for sign in cluster.signals} >= {"network", "fresh", "burst"}
    [neighbour] = people(1)  # behind the same address, and still votes
    vote_through(poll, [neighbour])
    assert step(cluster, mod, "aside") == 500
    assert tally(poll) == (1, 1, 0, 500, 0)


def test_negative_control_whoever_believed_the_header_would_find_no_network(poll, people, monkeypatch):
    numbers = iter(range(1000))
    monkeypatch.setattr(traces, "network_of", lambda request: next(numbers))
    vote_through(poll, people(40, joined_at=timezone.now()))
    finding.find(standing.KIND)
    assert Cluster.objects.count() == 0


def test_a_college_that_votes_over_a_day_is_nothing_though_some_share_a_browser(poll, people):
    college = people(200, joined_at=timezone.now() - timedelta(days=60))
    stuff(poll, college[:6], device="the library", o1=1)
    stuff(poll, college[6:], gap=300, o2=1)
    finding.find(standing.KIND)
    assert Cluster.objects.count() == 0
