"""Where a vote comes from: what our proxies saw, not what a client claims; hashed; gone after thirty days; nobody blocked."""

from datetime import timedelta
from itertools import count

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from commons.comments import voting
from commons.comments.models import CommentVote
from commons.integrity import finding, traces
from commons.integrity.models import Cluster
from tests.integrity.conftest import cast, stuff

pytestmark = pytest.mark.django_db


def network(address, forwarded=None):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return traces.network_of(RequestFactory().get("/", REMOTE_ADDR=address, headers=headers))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.250", True),
        ("203.0.113.7", "203.0.114.7", False),
        ("2001:db8:1::1", "2001:db8:1:ffff::2", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
        ("::ffff:203.0.113.7", "203.0.113.9", True),
    ],
)
def test_neighbours_share_a_network(one, other, same):
    assert (network(one) == network(other)) is same


def test_what_a_client_writes_into_the_header_counts_for_nothing():
    assert network("203.0.113.7", "8.8.8.8") == network("203.0.113.7")


def test_behind_our_proxies_the_address_they_saw_counts(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    seen = {network("10.0.0.1", f"{n}.{n}.{n}.{n}, 203.0.113.7") for n in range(1, 9)}

    assert seen == {network("10.0.0.1", "203.0.113.7")}


@pytest.mark.parametrize("address", ["not an address", ""])
def test_a_vote_from_nowhere_is_a_vote(client, say, bilal, address):
    comment = say()
    client.force_login(bilal)
    client.post(f"/comments/{comment.pk}/vote/", {"value": "1"}, REMOTE_ADDR=address)

    assert CommentVote.objects.get().network is None


def test_the_address_itself_is_kept_nowhere(client, say, bilal):
    comment = say()
    client.force_login(bilal)
    client.post(f"/comments/{comment.pk}/vote/", {"value": "1"}, REMOTE_ADDR="203.0.113.77")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(v)::text FROM comments_commentvote v")
        row = cursor.fetchone()[0]

    assert ("203.0.113" in row, CommentVote.objects.get().network == network("203.0.113.1")) == (False, True)


def test_another_key_gives_another_hash(settings):
    before = network("203.0.113.7")
    settings.SECRET_KEY = settings.SECRET_KEY[::-1]
    forget_hashes()  # a process has one key for its life

    assert network("203.0.113.7") != before
    forget_hashes()


def forget_hashes():
    traces.hashed.cache_clear()
    traces.network_around.cache_clear()


# -- the cookie ----------------------------------------------------------------------------------


def test_the_cookie_comes_with_the_first_vote_and_not_before(client, say, bilal, discussion):
    comment = say()
    client.get(discussion.get_absolute_url())
    client.force_login(bilal)
    client.get(discussion.get_absolute_url())
    assert "device" not in client.cookies

    answer = client.post(f"/comments/{comment.pk}/vote/", {"value": "1"})
    cookie = answer.cookies["device"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 30 * 24 * 60 * 60)
    assert "device" not in client.post(f"/comments/{comment.pk}/vote/", {"value": "-1"}).cookies


def test_a_vote_that_is_refused_sets_none(client, say, asha):
    comment = say()
    client.force_login(asha)

    assert "device" not in client.post(f"/comments/{comment.pk}/vote/", {"value": "1"}).cookies


def test_support_sets_it_too(client, bilal, asha, make_discussion):
    from discussions import ideas

    forum = make_discussion("forum", is_forum=True)
    idea = ideas.bring(forum, asha, title="A bus for the village", ask="Run it twice a day.")
    client.force_login(bilal)
    client.post(f"/ideas/{idea.pk}/support/", {"support": "on"})

    assert "device" in client.cookies
    assert idea.supports.get().device is not None


@pytest.mark.parametrize("made_up", ["someone:else", "x" * 5000, "\xe9", ""])
def test_a_made_up_cookie_is_replaced(client, say, bilal, made_up):
    comment = say()
    client.force_login(bilal)
    client.cookies["device"] = made_up
    client.post(f"/comments/{comment.pk}/vote/", {"value": "1"})

    assert client.cookies["device"].value != made_up


def test_two_accounts_in_one_browser_share_a_device(say, crowd):
    comment, browser = say(), Client()
    for person in crowd(2):
        browser.force_login(person)
        browser.post(f"/comments/{comment.pk}/vote/", {"value": "1"})

    assert len(set(CommentVote.objects.values_list("device", flat=True))) == 1


# -- stuffing ------------------------------------------------------------------------------------


def vote_through(comment, people, **made_up):
    for n, person in enumerate(people):
        browser = Client()
        browser.force_login(person)
        forwarded = made_up.get("forwarded", lambda n: "")(n)
        answer = browser.post(
            f"/comments/{comment.pk}/vote/", {"value": "1"}, REMOTE_ADDR=f"203.0.113.{n % 250}",
            headers={"X-Forwarded-For": forwarded} if forwarded else {},
        )  # fmt: skip
        assert answer.status_code == 302


def test_forty_fresh_accounts_of_one_network_that_claim_to_be_everywhere_are_found(say, crowd):
    comment = say()
    vote_through(comment, crowd(40, days=0.1), forwarded=lambda n: f"{n + 1}.{n}.7.1, 10.{n}.1.1")
    finding.find(voting.KIND)

    cluster = Cluster.objects.get()
    assert (cluster.vote_count, {s["signal"] for s in cluster.signals} >= {"network", "fresh"}) == (40, True)


def test_negative_control_whoever_believed_the_header_would_find_no_network(say, crowd, monkeypatch):
    numbers = count()
    monkeypatch.setattr(traces, "network_of", lambda request: next(numbers))
    comment = say()
    vote_through(comment, crowd(40, days=0.1))
    CommentVote.objects.update(at=timezone.now())
    for n, vote in enumerate(CommentVote.objects.order_by("pk")):
        CommentVote.objects.filter(pk=vote.pk).update(at=timezone.now() - timedelta(hours=n))
    finding.find(voting.KIND)

    assert Cluster.objects.count() == 0


def test_behind_a_carrier_everybody_votes_however_many_they_are(say, crowd, mod):
    """While a cluster of their network is set aside, a neighbour votes, and it counts."""
    from commons.integrity import checking

    comment = say()
    stuff(comment, crowd(12, days=1))
    finding.find(voting.KIND)
    checking.decide(Cluster.objects.get(), mod, "aside", seen="proposed", words="x")
    [neighbour] = crowd(1)
    cast(comment, neighbour)

    assert CommentVote.objects.get(person=neighbour).standing == 0


# -- forgetting ----------------------------------------------------------------------------------


def test_after_thirty_days_nobody_can_tell_where_a_vote_came_from(say, crowd, monkeypatch):
    comment = say()
    old, young = crowd(7), crowd(2)
    for person in old:
        cast(comment, person, ago=timedelta(days=30, minutes=1).total_seconds())
    for person in young:
        cast(comment, person, ago=timedelta(days=29).total_seconds())
    Cluster.objects.create(
        kind="comment",
        activity_id=comment.activity_id,
        shared="network 1",
        signals=[],
        score=2,
        people_count=1,
        vote_count=1,
    )
    Cluster.objects.update(found_at=timezone.now() - timedelta(days=31))
    monkeypatch.setattr(traces, "BATCH", 3)

    assert traces.forget_old() == 7
    votes = CommentVote.objects.filter(person__in=old)
    assert set(votes.values_list("network", "device")) == {(None, None)}
    assert CommentVote.objects.filter(network__isnull=False, device__isnull=False).count() == 2
    assert (Cluster.objects.get().shared, CommentVote.objects.count()) == ("", 9)
