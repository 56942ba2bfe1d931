"""One person, one ballot: changeable until the close, decided by the database."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from commons.activities import counters
from commons.activities.models import Activity, Contribution
from commons.comments.refused import Refused
from commons.directory.models import Region
from polls import chain, counting, voting
from polls.models import Ballot, Cast, Count, Link, Option, Poll, Waiting
from tests.polls.conftest import cast, counted, set_window

pytestmark = pytest.mark.django_db


def test_a_vote_is_one_ballot_with_a_receipt_and_a_line_in_the_ledger(poll, asha):
    given = cast(poll, asha, o2=1)

    ballot = Ballot.objects.get()
    assert (ballot.voter, ballot.choice, ballot.receipt, ballot.secret) == (asha, "2:1", given.receipt, given.secret)
    assert given.changed is False
    line = Contribution.objects.get()
    assert (line.person, line.activity_id, line.kind, line.excerpt) == (asha, poll.pk, "ballot", "")
    assert line.path == "/polls/poll-single/"
    assert line.reference not in given.receipt


def test_who_votes_again_has_one_ballot_the_last_one_and_a_history(poll, asha):
    first = cast(poll, asha, o2=1)
    second = cast(poll, asha, o3=1)

    assert second.changed is True
    assert second.receipt == first.receipt
    assert second.secret != first.secret
    assert Ballot.objects.get().choice == "3:1"
    assert list(Cast.objects.order_by("id").values_list("choice", "before")) == [("2:1", None), ("3:1", "2:1")]
    assert counted(poll) == {(0, 0): 1, (3, 1): 1}
    assert Contribution.objects.count() == 1
    poll.refresh_from_db()
    assert poll.participant_count == 1


def test_the_same_choice_once_more_changes_nothing(poll, asha):
    assert cast(poll, asha, o2=1) == cast(poll, asha, o2=1)
    assert (Cast.objects.count(), Waiting.objects.count()) == (1, 1)


def test_one_statement_writes_it_all(poll, asha):
    options = list(poll.options.all())
    with CaptureQueriesContext(connection) as asked:
        voting.vote(poll, options, asha, {1: 1})
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("window", "code"), [(("+1 hour", "+2 hours"), "scheduled"), (("-2 hours", "-1 second"), "closed")]
)
def test_before_it_opens_and_after_it_closes_no_ballot_is_written(poll, asha, window, code):
    set_window(poll, *window)
    with pytest.raises(Refused) as refused:
        cast(poll, asha, o1=1)
    assert refused.value.code == code
    assert Ballot.objects.count() == 0


def test_the_databases_clock_decides_however_wrong_the_servers_is(poll, asha, time_machine):
    time_machine.move_to("2001-01-01")
    assert cast(poll, asha, o1=1).receipt
    set_window(poll, "-2 hours", "-1 second")
    with pytest.raises(Refused):
        cast(poll, asha, o2=1)
    assert Ballot.objects.get().choice == "1:1"


@pytest.mark.parametrize("state", ["draft", "in_review", "withdrawn"])
def test_only_a_published_poll_takes_ballots(poll, asha, state):
    Activity.objects.filter(pk=poll.pk).update(state=state)
    poll.refresh_from_db()
    with pytest.raises(Refused):
        cast(poll, asha, o1=1)
    assert Ballot.objects.count() == 0


def test_verification_is_asked_for_and_the_remedy_said(poll, asha):
    Activity.objects.filter(pk=poll.pk).update(min_level=2)
    poll.refresh_from_db()
    with pytest.raises(Refused) as refused:
        cast(poll, asha, o1=1)
    assert refused.value.code == "level"


def test_people_of_the_region_vote_and_others_are_told(poll, asha, bilal):
    state = Region.objects.create(level="state", lgd_code=27, name="Maharashtra")
    poll.regions.add(state)
    Activity.objects.filter(pk=poll.pk).update(residents_only=True)
    poll.refresh_from_db()
    asha.state = state
    asha.save()
    cast(poll, asha, o1=1)
    with pytest.raises(Refused) as refused:
        cast(poll, bilal, o1=1)
    assert refused.value.code == "residents"
    assert counted(poll, "state:27") == {(0, 0): 1, (1, 1): 1}


def test_a_moved_voter_counts_in_one_state(poll, asha):
    here = Region.objects.create(level="state", lgd_code=27, name="Maharashtra")
    there = Region.objects.create(level="state", lgd_code=29, name="Karnataka")
    asha.state = here
    asha.save()
    cast(poll, asha, o1=1)
    asha.state = there
    asha.save()
    cast(poll, asha, o2=1)
    assert counted(poll, "state:27") == {}
    assert counted(poll, "state:29") == {(0, 0): 1, (2, 1): 1}


@pytest.mark.parametrize(
    ("method", "fields", "values", "code"),
    [
        ("single", {}, {"o9": 1}, "foreign"),
        ("single", {}, {"o1": 1, "o2": 1}, "two"),
        ("single", {}, {"o1": 2}, "value"),
        ("single", {}, {}, "empty"),
        ("multiple", {"most": 2}, {"o1": 1, "o2": 1, "o3": 1}, "most"),
        ("ranked", {}, {"o1": 1, "o2": 1}, "twice"),
        ("ranked", {}, {"o1": 1, "o2": 3}, "gap"),
        ("ranked", {}, {"o1": 0}, "gap"),
        ("score", {}, {"o1": 6}, "score"),
        ("score", {}, {"o1": -1}, "score"),
        ("dots", {}, {"o1": 5, "o2": 4}, "most"),
        ("dots", {}, {"o1": 9, "o2": -1}, "negative"),
        ("budget", {"budget": 100, "costs": (60, 50, 40)}, {"o1": 1, "o2": 1}, "budget"),
        ("yes_no", {}, {"o1": 1, "o2": 1}, "two"),
    ],
)
def test_what_is_no_choice_is_refused_and_nothing_is_written(make_poll, asha, method, fields, values, code):
    poll = make_poll(method, **fields)
    with pytest.raises(ValidationError) as error:
        cast(poll, asha, **values)
    assert error.value.code == code
    assert (Ballot.objects.count(), Cast.objects.count(), Contribution.objects.count()) == (0, 0, 0)


def test_none_of_these_counts_where_it_is_offered(make_poll, asha):
    poll = make_poll(allows_none=True)
    cast(poll, asha)
    assert counted(poll) == {(0, 0): 1, (0, 1): 1}


# -- what cannot be undone ---------------------------------------------------------------------------------------------


def refused_by_the_database(act) -> bool:
    try:
        with transaction.atomic():
            act()
    except Exception as error:
        return "stay" in str(error) or "Cannot" in str(error) or isinstance(error, IntegrityError)
    return False


def test_question_and_options_stay_while_it_is_open(poll):
    option = poll.options.first()
    acts = [
        lambda: Option.objects.filter(pk=option.pk).update(label="Other"),
        lambda: option.delete(),
        lambda: Option.objects.create(poll=poll, number=4, label="Fourth"),
        lambda: Poll.objects.filter(pk=poll.pk).update(method="multiple"),
        lambda: Poll.objects.filter(pk=poll.pk).update(shown="always"),
        lambda: Activity.objects.filter(pk=poll.pk).update(title="Another question"),
    ]
    assert [refused_by_the_database(act) for act in acts] == [True] * len(acts)
    set_window(poll, "+1 hour", "+2 hours")
    assert [refused_by_the_database(act) for act in acts[:1] + acts[2:]] == [False] * (len(acts) - 1)


def test_history_and_chain_take_no_update_and_no_deletion(poll, asha):
    cast(poll, asha, o1=1)
    counting.fold()
    acts = [
        lambda: Cast.objects.update(choice="2:1"), lambda: Cast.objects.all().delete(),
        lambda: Link.objects.update(head="x"), lambda: Link.objects.all().delete(),
        lambda: Ballot.objects.all().delete(),
    ]  # fmt: skip
    assert [refused_by_the_database(act) for act in acts] == [True] * len(acts)


def test_a_second_row_for_one_person_is_refused_by_the_database(poll, asha):
    cast(poll, asha, o1=1)
    again = Ballot(poll=poll, voter=asha, receipt="x", secret="y", choice="2:1", traits="all")
    assert refused_by_the_database(again.save) is True


# -- counting ----------------------------------------------------------------------------------------------------------


def test_ones_own_ballot_shows_before_it_is_folded(poll, asha):
    cast(poll, asha, o1=1)
    assert Count.objects.count() == 0
    assert counting.read(poll.pk)["all"] == {(0, 0): 1, (1, 1): 1}
    counting.fold()
    assert counting.read(poll.pk)["all"] == {(0, 0): 1, (1, 1): 1}


def test_nothing_drifts_and_what_is_wrong_is_found_and_mended(poll, people):
    for person in people(4):
        cast(poll, person, o1=1)
    assert counters.find_drift() == []
    counting.fold()
    cast(poll, people(1)[0], o2=1)
    assert counters.find_drift() == []
    Count.objects.filter(segment="all", number=1).update(n=7)
    Activity.objects.filter(pk=poll.pk).update(participant_count=9)
    drift = counters.find_drift()
    assert [(one.counter.table, one.kept, one.counted) for one in drift] == [
        ("polls_count", 7, 4), ("activities_activity", 10, 5),
    ]  # fmt: skip
    counters.mend(drift)
    assert counters.find_drift() == []


def test_the_databases_commitment_is_the_one_everybody_can_work_out(poll, asha):
    given = cast(poll, asha, o2=1)
    counting.fold()
    link = Link.objects.get()
    assert link.commitment == chain.commitment(poll.slug, given.receipt, "2:1", given.secret)
    assert link.head == chain.head_after(chain.FIRST, link.commitment)


def test_the_chain_goes_on_from_fold_to_fold_and_says_what_was_a_change(poll, people):
    voters = people(3)
    for person in voters:
        cast(poll, person, o1=1)
    counting.fold()
    cast(poll, voters[0], o2=1)
    counting.fold()
    links = list(Link.objects.order_by("place"))
    assert [link.place for link in links] == [1, 2, 3, 4]
    assert [link.is_change for link in links] == [False, False, False, True]
    assert [link.commitment for link in links[:3]] == sorted(link.commitment for link in links[:3])
    head = chain.FIRST
    for link in links:
        head = chain.head_after(head, link.commitment)
        assert link.head == head
