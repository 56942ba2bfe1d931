"""Out of the count and back, exactly; everybody reads how many votes are out; nothing jumps without a word."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from commons.activities import counters
from commons.audit.models import Entry
from commons.comments import voting
from commons.comments.models import CommentVote
from commons.integrity import checking, finding, jobs
from commons.integrity.models import Cluster
from discussions import ideas
from discussions.models import Idea
from tests.integrity.conftest import cast, kept, stuff

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(say):
    return say()


@pytest.fixture
def crooks(crowd):
    return crowd(12, days=1)


@pytest.fixture
def cluster(comment, crooks, crowd):
    """Twelve votes of one hand for the comment, beside three honest ones for it and two against."""
    stuff(comment, crooks)
    for n, person in enumerate(crowd(5)):
        cast(comment, person, 1 if n < 3 else -1, network=f"10.0.{n}.0/24")
    finding.find(voting.KIND)
    return Cluster.objects.get()


def step(cluster, by, to):
    cluster.refresh_from_db()
    return checking.decide(cluster, by, to, seen=cluster.state, words="Twelve accounts of one morning.")


def test_to_propose_changes_no_count(cluster, comment):
    assert kept(comment) == (15, 2, 0, 0)


def test_votes_are_set_aside_put_back_and_left_out_exactly(cluster, comment, mod):
    seen = [(step(cluster, mod, to), kept(comment)) for to in ("aside", "released", "aside", "left_out", "released")]

    assert seen == [
        (12, (3, 2, 12, 0)), (12, (15, 2, 0, 0)), (12, (3, 2, 12, 0)), (12, (3, 2, 0, 12)), (12, (15, 2, 0, 0)),
    ]  # fmt: skip
    assert counters.find_drift() == []


def test_the_score_follows_the_count(cluster, comment, mod):
    from commons.comments.ranking import wilson

    step(cluster, mod, "aside")
    kept(comment)

    assert comment.best == pytest.approx(wilson(3, 2))


@pytest.mark.parametrize("to", ["released", "left_out", "proposed", "nonsense"])
def test_steps_that_do_not_follow_are_refused(cluster, comment, mod, to):
    with pytest.raises(ValidationError):
        step(cluster, mod, to)

    assert kept(comment) == (15, 2, 0, 0)


def test_nothing_is_decided_without_words(cluster, mod):
    with pytest.raises(ValidationError):
        checking.decide(cluster, mod, "aside", seen="proposed", words=" \u200b ")
    with pytest.raises(IntegrityError), transaction.atomic():
        Cluster.objects.update(state="aside")


def test_of_two_moderators_the_second_is_told(cluster, comment, mod, admin):
    step(cluster, mod, "aside")
    with pytest.raises(checking.AlreadyDecided) as already:
        checking.decide(cluster, admin, "dismissed", seen="proposed", words="A school.")

    assert (already.value.cluster.decided_by, already.value.cluster.state) == (mod, "aside")


def test_each_step_is_recorded(cluster, mod):
    step(cluster, mod, "aside")

    entry = Entry.objects.get(verb="votes.aside")
    assert (entry.actor, entry.after, entry.words) == (
        mod, {"state": "aside", "votes": 12}, "Twelve accounts of one morning.",
    )  # fmt: skip


def test_preview_says_what_will_be_before_it_is(cluster, comment, mod):
    listed, votes = checking.preview(cluster)
    assert [(one.votes, one.shown.up, one.up, one.shown.down, one.down) for one in listed] == [(12, 15, 3, 2, 2)]
    assert votes == step(cluster, mod, "aside")

    cluster.refresh_from_db()
    listed, votes = checking.preview(cluster)
    assert [(one.votes, one.shown.up, one.up, one.shown.down, one.down) for one in listed] == [(12, 3, 15, 2, 2)]
    assert votes == step(cluster, mod, "released")


# -- whose vote is out ---------------------------------------------------------------------------


def test_they_can_still_vote_and_it_stays_out(cluster, comment, crooks, mod):
    """Nobody is kept from voting; a changed vote is checked as the first was."""
    step(cluster, mod, "aside")
    counts = voting.vote(comment.pk, crooks[0].pk, -1)

    assert (counts.up, counts.down, counts.mine, counts.aside) == (3, 2, -1, 12)
    assert kept(comment) == (3, 2, 12, 0)
    step(cluster, mod, "released")
    assert kept(comment) == (14, 3, 0, 0)
    assert counters.find_drift() == []


def test_a_vote_taken_back_is_no_longer_said_to_be_out(cluster, comment, crooks, mod):
    step(cluster, mod, "aside")
    counts = voting.vote(comment.pk, crooks[0].pk, 0)

    assert (counts.up, counts.aside) == (3, 11)
    assert kept(comment) == (3, 2, 11, 0)
    assert step(cluster, mod, "left_out") == 11
    voting.vote(comment.pk, crooks[1].pk, 0)
    assert (kept(comment), counters.find_drift()) == ((3, 2, 0, 10), [])


@pytest.mark.parametrize(("to", "out"), [("aside", (3, 2, 12, 0)), ("left_out", (3, 2, 0, 12))])
def test_taking_it_back_and_voting_again_does_not_get_it_counted(cluster, comment, crooks, mod, to, out):
    step(cluster, mod, "aside")
    if to == "left_out":
        step(cluster, mod, "left_out")
    for value in (0, 1):
        voting.vote(comment.pk, crooks[0].pk, value)
    assert kept(comment)[0] == 4
    jobs.find_clusters()

    assert (kept(comment), counters.find_drift()) == (out, [])


def test_votes_of_others_from_the_same_network_count(cluster, comment, crowd, mod):
    step(cluster, mod, "aside")
    stuff(comment, crowd(3))
    jobs.find_clusters()

    assert kept(comment) == (6, 2, 12, 0)


# -- ideas ---------------------------------------------------------------------------------------


@pytest.fixture
def idea(asha, make_discussion):
    forum = make_discussion("forum", is_forum=True, sponsors_needed=5)
    return ideas.bring(forum, asha, title="A bus for the village", ask="Run it twice a day.")


def test_support_goes_out_and_back_and_its_threshold_with_it(idea, crowd, mod):
    from commons.integrity.traces import Trace

    for person in crowd(12, days=1):
        ideas.support(idea.pk, person.pk, wanted=True, trace=Trace(7, person.pk))
    ideas.fold()
    finding.find(ideas.KIND)
    cluster, seen = Cluster.objects.get(), []
    for to in ("aside", "released", "aside", "left_out"):
        step(cluster, mod, to)
        ideas.fold()
        idea.refresh_from_db()
        seen.append((idea.support_count, idea.aside, idea.left_out, idea.state))

    assert seen == [
        (0, 12, 0, "pending"), (12, 0, 0, "sponsored"), (0, 12, 0, "pending"), (0, 0, 12, "pending"),
    ]  # fmt: skip
    assert counters.find_drift() == []


def test_support_that_is_out_is_taken_back_without_a_difference(idea, crowd, mod):
    from commons.integrity.traces import Trace

    people = crowd(12, days=1)
    for person in people:
        ideas.support(idea.pk, person.pk, wanted=True, trace=Trace(7, person.pk))
    finding.find(ideas.KIND)
    step(Cluster.objects.get(), mod, "aside")
    assert ideas.support(idea.pk, people[0].pk, wanted=False) == 0
    ideas.fold()

    idea.refresh_from_db()
    assert (idea.support_count, idea.aside, counters.find_drift()) == (0, 11, [])


# -- what everybody reads ------------------------------------------------------------------------


def said_on(client, path):
    return " ".join(client.get(path).content.decode().split())


def test_everybody_reads_how_many_votes_are_out(client, cluster, comment, discussion, mod):
    path = discussion.get_absolute_url()
    step(cluster, mod, "aside")
    kept(comment)
    assert "12 votes are not counted while they are checked." in said_on(client, path)

    step(cluster, mod, "left_out")
    kept(comment)
    page = said_on(client, path)
    assert ("12 votes were left out after a check." in page, "while they are checked" in page) == (True, False)

    step(cluster, mod, "released")
    kept(comment)
    assert "out-of-count" not in said_on(client, path)


def test_whoever_votes_reads_it_with_the_new_count(client, cluster, comment, bilal, mod):
    step(cluster, mod, "aside")
    client.force_login(bilal)
    answer = client.post(f"/comments/{comment.pk}/vote/", {"value": "1"}, headers={"HX-Request": "true"})

    assert "▲ 4" in answer.content.decode()
    assert "12 votes are not counted while they are checked." in answer.content.decode()


def test_an_idea_says_it_too(client, idea, asha, bilal):
    Idea.objects.filter(pk=idea.pk).update(state="open", aside=12, left_out=1)
    for who in (None, asha, bilal):
        if who:
            client.force_login(who)
        page = said_on(client, f"/ideas/{idea.pk}/")
        assert page.count("12 votes are not counted while they are checked.") == 1
        assert page.count("1 vote was left out after a check.") == 1


def test_a_vote_has_one_row_whatever_its_standing(cluster, comment, crooks, mod):
    step(cluster, mod, "aside")
    voting.vote(comment.pk, crooks[0].pk, 1)

    assert CommentVote.objects.filter(comment=comment, person=crooks[0]).count() == 1
