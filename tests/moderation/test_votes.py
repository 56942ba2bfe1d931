"""Where moderators of the platform check votes: the list, the preview, the step; and who may not."""

import pytest
from django.test import Client
from django.utils import timezone

from commons.audit.models import Entry
from commons.comments import folding, voting
from commons.directory.models import Post
from commons.integrity import finding
from commons.integrity.models import Cluster
from commons.integrity.traces import Trace
from commons.people.models import User
from polls import counting as ballot_counting
from polls import standing
from polls import voting as ballot_voting
from polls.models import Ballot, Poll
from tests.cast import person

pytestmark = pytest.mark.django_db
LIST = "/moderation/votes/"


@pytest.fixture
def stuffed(say, bilal):
    """Clusters, each of twelve votes in one browser for a comment of Bilal's."""

    def make(number=1):
        made = User.objects.bulk_create(
            User(email=f"c{number}-{n}@example.org", password="!", display_name=f"Crowd {n}", level=1)
            for n in range(12)
        )
        comment = say(bilal, f"The bus number {number} should stop here.")
        for one in made:
            voting.vote(comment.pk, one.pk, 1, trace=Trace(None, number))
        folding.fold()
        finding.find(voting.KIND)
        return Cluster.objects.get(shared=f"device {number}")

    return make


@pytest.fixture
def desk(client, mod):
    client.force_login(mod)
    return client


def text(answer):
    return " ".join(answer.content.decode().split())


def send(browser, cluster, to, seen="proposed", words="One browser.", **kwargs):
    data = {"to": to, "seen": seen, "words": words}
    return browser.post(f"{LIST}{cluster.pk}/decision/", data, **kwargs)


def test_the_list_shows_what_waits_and_the_cluster_what_a_step_would_do(desk, stuffed):
    cluster = stuffed()
    listed, page = text(desk.get(LIST)), text(desk.get(f"{LIST}{cluster.pk}/"))

    assert (f'href="{LIST}{cluster.pk}/"' in listed, "12 votes of 12 people" in listed) == (True, True)
    assert "12 of 12 voted in one browser" in page
    assert "The bus number 1 should stop here." in page
    assert ("▲ 12 ▼ 0" in page, "▲ 0 ▼ 0" in page) == (True, True)
    assert "Set 12 votes aside while they are checked" in page


@pytest.mark.parametrize("htmx", [False, True])
def test_a_step_is_taken_and_said(desk, stuffed, mod, htmx):
    cluster = stuffed()
    answer = send(desk, cluster, "aside", headers={"HX-Request": "true"} if htmx else {})
    cluster.refresh_from_db()

    assert (cluster.state, cluster.decided_by, cluster.words) == ("aside", mod, "One browser.")
    if htmx:
        assert (answer.status_code, "<html" in answer.content.decode()) == (200, False)
        assert "12 votes are set aside. Everybody sees that." in answer.headers["HX-Trigger"]
    else:
        assert (answer.status_code, answer.url) == (302, f"{LIST}{cluster.pk}/")
        assert "12 votes are set aside. Everybody sees that." in text(desk.get(answer.url))
    page = text(desk.get(f"{LIST}{cluster.pk}/"))
    assert ("Count 12 votes again" in page, "Leave 12 votes out for good" in page) == (True, True)


@pytest.mark.parametrize("htmx", [False, True])
def test_without_words_the_form_comes_back(desk, stuffed, htmx):
    cluster = stuffed()
    answer = send(desk, cluster, "aside", words="", headers={"HX-Request": "true"} if htmx else {})

    assert (answer.status_code, "Say why. It is kept with the decision." in text(answer)) == (422, True)
    cluster.refresh_from_db()
    assert cluster.state == "proposed"


@pytest.mark.parametrize(("to", "seen"), [("released", "proposed"), ("nonsense", "proposed"), ("aside", "x"), ("", "")])
def test_a_step_there_is_not_is_refused_with_the_text_kept(desk, stuffed, to, seen):
    answer = send(desk, stuffed(), to, seen, words="What I typed")

    assert (answer.status_code, "What I typed" in text(answer)) == (422, True)


def test_the_second_of_two_is_told_who_was_first_and_how(desk, stuffed, admin):
    cluster = stuffed()
    other = Client()
    other.force_login(admin)
    send(other, cluster, "dismissed", words="It is a school.")
    answer = send(desk, cluster, "aside")

    assert answer.status_code == 409
    assert "Admin has decided already: Nothing wrong with it" in text(answer)


def test_states_are_listed_apart_and_in_pages(desk, stuffed, monkeypatch):
    from mygov.moderation import vote_views

    monkeypatch.setattr(vote_views, "SIZE", 2)
    clusters = [stuffed(n) for n in (1, 2, 3)]
    send(desk, clusters[0], "dismissed")
    send(desk, stuffed(4), "aside")
    first = desk.get(LIST)
    [beyond] = [link for link in text(first).split('"') if "after=" in link] or [None]

    assert [row.pk for row in first.context["page"].rows] == [clusters[2].pk, clusters[1].pk]
    assert beyond is None
    assert [row.pk for row in desk.get(f"{LIST}?state=dismissed").context["page"].rows] == [clusters[0].pk]
    assert [row.pk for row in desk.get(f"{LIST}?state=nonsense").context["page"].rows] == [
        clusters[2].pk,
        clusters[1].pk,
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_whatever_is_in_it(desk, stuffed, count, django_assert_num_queries):
    for n in range(count):
        stuffed(n + 1)
    desk.get(LIST)
    with django_assert_num_queries(6):
        desk.get(LIST)


@pytest.mark.parametrize("count", [1, 3])
def test_a_cluster_costs_the_same_whatever_is_in_it(desk, stuffed, say, count, django_assert_num_queries):
    cluster = stuffed()
    voters = list(User.objects.filter(email__startswith="c1-"))
    for n in range(count - 1):
        comment = say(User.objects.get(email="bilal@example.org"), f"Another {n}")
        for one in voters:
            voting.vote(comment.pk, one.pk, 1, trace=Trace(None, 1))
    finding.find(voting.KIND)
    assert Cluster.objects.get().vote_count == 12 * count
    desk.get(f"{LIST}{cluster.pk}/")
    with django_assert_num_queries(15):
        desk.get(f"{LIST}{cluster.pk}/")


# -- ballots ---------------------------------------------------------------------------------------


@pytest.fixture
def ballots(poll):
    """Twelve ballots of one browser, all for the first option, among three others."""
    made = User.objects.bulk_create(
        User(email=f"b{n}@example.org", password="!", display_name=f"Secret voter {n}", level=1) for n in range(15)
    )
    for place, one in enumerate(made):
        ballot_voting.vote(poll, list(poll.options.all()), one, {1: 1}, trace=Trace(None, 7 if place < 12 else -place))
    ballot_counting.fold()
    finding.find(standing.KIND)
    return Cluster.objects.get()


def test_a_group_of_ballots_is_shown_without_who_cast_them_and_for_what(desk, ballots, poll):
    listed, page = text(desk.get(LIST)), text(desk.get(f"{LIST}{ballots.pk}/"))

    assert ("12 votes of 12 people" in listed, "Ballots in polls" in listed) == (True, True)
    assert "12 of 12 voted in one browser" in page
    assert ("<td>15</td>" in page, "<td>3</td>" in page) == (True, True)
    assert "Set 12 votes aside while they are checked" in page
    assert "Ballots are secret." in page
    for ballot in Ballot.objects.select_related("voter"):
        assert str(ballot.voter) not in page
        assert ballot.receipt not in page
        assert ballot.voter.get_absolute_url() not in page
    assert not any(str(option.label) in page for option in poll.options.all())


def test_a_moderators_steps_with_ballots(desk, ballots, poll):
    assert send(desk, ballots, "aside").status_code == 302
    assert "Count 12 votes again" in text(desk.get(f"{LIST}{ballots.pk}/"))
    assert send(desk, ballots, "left_out", "aside").status_code == 302
    assert send(desk, ballots, "released", "left_out").status_code == 302
    assert set(Ballot.objects.values_list("standing", flat=True)) == {0}


@pytest.mark.parametrize("seen", ["proposed", "left_out"])
def test_once_the_count_is_published_the_page_says_that_nothing_moves(desk, ballots, poll, seen):
    if seen == "left_out":
        send(desk, ballots, "aside")
        send(desk, ballots, "left_out", "aside")
    Poll.objects.update(sealed_at=timezone.now())
    page = text(desk.get(f"{LIST}{ballots.pk}/"))

    assert "The count is published: nothing moves any more." in page
    assert ("<textarea" in page, "Nothing wrong: leave them counted" in page) == ((seen == "proposed"),) * 2
    to = "aside" if seen == "proposed" else "released"
    answer = send(desk, ballots, to, seen, words="What I typed")
    assert (answer.status_code, "The count is published" in text(answer)) == (422, True)


def test_what_happened_is_kept_without_names(desk, ballots):
    send(desk, ballots, "aside")
    entry = Entry.objects.get(verb="votes.aside")

    assert entry.after == {"state": "aside", "votes": 12}
    assert "Secret voter" not in f"{entry.label}{entry.words}{entry.before}"


def test_whoever_cast_one_of_them_does_not_decide(client, ballots):
    voter = User.objects.get(email="b0@example.org")
    User.objects.filter(pk=voter.pk).update(is_staff=True)
    Post.objects.create(person=voter, role=Post.Role.MODERATOR)
    client.force_login(voter)

    assert refused(client, ballots) == (True, False, 403)


# -- who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "status"), [("asha", 404), ("meera", 404), ("their_moderator", 404), ("admin", 200)])
def test_only_moderators_of_the_platform_see_them(client, stuffed, who, status, request):
    cluster = stuffed()
    client.force_login(request.getfixturevalue(who))
    answers = [client.get(LIST), client.get(f"{LIST}{cluster.pk}/")]
    sent = send(client, cluster, "aside")

    assert [answer.status_code for answer in answers] == [status, status]
    assert sent.status_code == (404 if status == 404 else 302)
    cluster.refresh_from_db()
    assert cluster.state == ("proposed" if status == 404 else "aside")


def test_whoever_is_not_signed_in_signs_in_first(client, stuffed):
    cluster = stuffed()
    for answer in (client.get(LIST), client.get(f"{LIST}{cluster.pk}/"), send(client, cluster, "aside")):
        assert (answer.status_code, "/accounts/login/" in answer.url) == (302, True)


def test_unknown_is_not_found(desk):
    assert [desk.get(f"{LIST}99999/").status_code, desk.post(f"{LIST}99999/decision/").status_code] == [404, 404]


def refused(browser, cluster):
    page = text(browser.get(f"{LIST}{cluster.pk}/"))
    return ("This is not yours to decide" in page, "<textarea" in page, send(browser, cluster, "aside").status_code)


def test_nobody_decides_about_the_institution_they_work_for(desk, stuffed, mod, education):
    Post.objects.create(person=mod, role=Post.Role.AUTHOR, institution=education)

    assert refused(desk, stuffed()) == (True, False, 403)


def test_nobody_decides_about_votes_for_what_they_wrote(client, stuffed, bilal):
    bilal.is_staff = True
    bilal.save()
    Post.objects.create(person=bilal, role=Post.Role.MODERATOR)
    client.force_login(bilal)

    assert refused(client, stuffed()) == (True, False, 403)


def test_nobody_decides_about_their_own_vote(client, stuffed):
    cluster = stuffed()
    voter = person("voter", is_staff=True)
    Post.objects.create(person=voter, role=Post.Role.MODERATOR)
    cluster.suspects.create(target=cluster.suspects.first().target, person=voter)
    client.force_login(voter)

    assert refused(client, cluster) == (True, False, 403)


def test_the_way_there_is_on_the_desk_of_those_who_may(client, mod, their_moderator):
    ways = []
    for who in (mod, their_moderator):
        client.force_login(who)
        ways.append(f'href="{LIST}"' in client.get("/moderation/").content.decode())

    assert ways == [True, False]
