"""What is proposed to be looked at, and what is not: one sign alone never is, so nobody suffers for where they live."""

from datetime import timedelta

import pytest
from django.utils import timezone

from commons.comments import voting
from commons.integrity import finding
from commons.integrity.kinds import KINDS
from commons.integrity.models import Cluster, Suspect
from discussions import ideas
from discussions.models import Idea
from tests.integrity.conftest import cast, stuff

pytestmark = pytest.mark.django_db
COMMENTS = voting.KIND


def proposed():
    """Signals of what is proposed, and how many votes."""
    finding.find(COMMENTS)
    clusters = Cluster.objects.filter(state="proposed").order_by("pk")
    return [(sorted(signal["signal"] for signal in one.signals), one.vote_count) for one in clusters]


def test_every_kind_of_vote_there_is_can_be_checked():
    assert sorted(KINDS) == ["ballot", "comment", "support"]


def test_a_thousand_honest_people_behind_one_network_are_nothing(say, crowd):
    """A college: one network, accounts of a month, votes over hours, each of their own mind."""
    comments = [say() for _n in range(6)]
    for n, person in enumerate(crowd(200)):
        for place, comment in enumerate(comments):
            if (n >> place) % 2:
                cast(comment, person, 1 if (n * 7 + place) % 3 else -1, ago=(n * 613 + place * 5000) % 80_000)

    assert proposed() == []


def test_fresh_accounts_on_one_network_are_proposed(say, crowd):
    stuff(say(), crowd(20, days=1))

    assert proposed() == [(["fresh", "network"], 20)]


def test_nine_on_a_network_are_too_few_to_say(say, crowd):
    stuff(say(), crowd(9, days=1))

    assert proposed() == []


def test_fresh_accounts_from_everywhere_are_nothing(say, crowd):
    comment = say()
    for n, person in enumerate(crowd(30, days=1)):
        cast(comment, person, network=f"10.0.{n}.0/24", ago=n * 3600)

    assert proposed() == []


def test_a_burst_on_one_network_is_proposed_though_the_accounts_are_old(say, crowd):
    stuff(say(), crowd(20), gap=2)

    assert proposed() == [(["burst", "network"], 20)]


@pytest.mark.parametrize(("people", "found"), [(3, []), (7, []), (8, [(["device"], 8)])])
def test_a_browser_is_a_familys_until_too_many_vote_in_it(say, crowd, people, found):
    comment = say()
    for n, person in enumerate(crowd(people)):
        cast(comment, person, network=f"10.0.{n}.0/24", device="one", ago=n * 3600)

    assert proposed() == found


def test_a_familys_browser_with_fresh_accounts_is_proposed(say, crowd):
    comment = say()
    for n, person in enumerate(crowd(5, days=1)):
        cast(comment, person, network=f"10.0.{n}.0/24", device="one", ago=n * 3600)

    assert proposed() == [(["device", "fresh"], 5)]


def test_people_who_vote_exactly_alike_are_proposed_when_something_else_is_odd(say, crowd):
    comments = [say() for _n in range(6)]
    for n, person in enumerate(crowd(6, days=1)):
        for comment in comments:
            cast(comment, person, network=f"10.{n}.0.0/24", ago=n * 3600)

    assert proposed() == [(["fresh", "vector"], 36)]


def test_people_of_long_standing_may_all_think_the_same(say, crowd):
    comments = [say() for _n in range(6)]
    for n, person in enumerate(crowd(6)):
        for comment in comments:
            cast(comment, person, network=f"10.{n}.0.0/24", ago=n * 3600)

    assert proposed() == []


def test_one_hand_on_many_things_is_one_cluster(say, crowd):
    people = crowd(20, days=1)
    for comment in [say(), say(), say()]:
        stuff(comment, people)

    assert proposed() == [(["fresh", "network"], 60)]
    assert Cluster.objects.get().people_count == 20


def test_each_activity_has_its_own(say, crowd, make_discussion):
    people = crowd(20, days=1)
    for comment in [say(), say(activity=make_discussion("other"))]:
        stuff(comment, people)

    assert len(proposed()) == 2


def test_honest_votes_beside_are_not_among_them(say, crowd):
    comment = say()
    stuff(comment, crowd(20, days=1))
    for n, person in enumerate(crowd(30)):
        cast(comment, person, network=f"10.0.{n}.0/24", ago=n * 3600)

    assert proposed() == [(["fresh", "network"], 20)]


def test_twice_is_once_and_what_comes_later_joins(say, crowd):
    comment = say()
    people = crowd(32, days=1)
    stuff(comment, people[:20])
    assert (proposed(), proposed()) == ([(["fresh", "network"], 20)],) * 2

    stuff(comment, people[20:])
    assert proposed() == [(["fresh", "network"], 32)]


def test_what_a_moderator_found_nothing_wrong_with_is_not_proposed_again(say, crowd, mod):
    stuff(say(), crowd(20, days=1))
    finding.find(COMMENTS)
    Cluster.objects.update(state="dismissed", decided_by=mod, decided_at=timezone.now(), words="A school.")

    assert proposed() == []
    assert Suspect.objects.count() == 20


def test_old_votes_are_not_looked_at(say, crowd):
    comment = say()
    for person in crowd(20, days=30):
        cast(comment, person, device="one", ago=timedelta(days=3, minutes=1).total_seconds())

    assert proposed() == []


def test_support_for_ideas_is_looked_at_in_the_same_way(crowd, asha, make_discussion):
    from commons.integrity.traces import Trace

    forum = make_discussion("forum", is_forum=True)
    idea = ideas.bring(forum, asha, title="A bus for the village", ask="Run it twice a day.")
    Idea.objects.filter(pk=idea.pk).update(state="open")
    for person in crowd(12, days=1):
        assert ideas.support(idea.pk, person.pk, wanted=True, trace=Trace(7, person.pk)) is not None
    finding.find(ideas.KIND)

    cluster = Cluster.objects.get()
    assert (cluster.kind, cluster.activity_id, cluster.vote_count) == ("support", forum.pk, 12)


def test_the_work_does_not_grow_with_what_is_honest(say, crowd, django_assert_num_queries):
    comment = say()
    for n, person in enumerate(crowd(40)):
        cast(comment, person, network=f"10.0.{n}.0/24", ago=n * 600)
    with django_assert_num_queries(9):  # a savepoint's two, the turn, five to put the votes together, the groups
        finding.find(COMMENTS)


def test_one_hand_with_a_few_accounts_in_each_browser_is_one_cluster(say, crowd):
    comment = say()
    for n, person in enumerate(crowd(20, days=1)):
        cast(comment, person, device=f"browser {n // 4}", ago=n * 3600)

    assert proposed() == [(["device", "fresh", "network"], 20)]
