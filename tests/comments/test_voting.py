"""One vote a person and comment, changeable, folded exactly once; counters that can be checked and set right."""

import json
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction

from commons.activities import counters
from commons.activities.models import Activity
from commons.comments import folding, moderating, reading, voting, writing
from commons.comments.models import Comment, CommentVote, Tally
from commons.comments.ranking import wilson
from commons.comments.refused import Refused
from commons.comments.voting import Counts
from commons.people.models import User
from groups.models import Membership
from tests.comments.conftest import set_window


def kept(comment: Comment) -> tuple[int, int]:
    comment.refresh_from_db()
    return comment.up, comment.down


def test_a_vote_is_counted_at_once_for_the_voter_and_within_a_second_for_all(say, bilal) -> None:
    comment = say()

    assert voting.vote(comment.pk, bilal.pk, 1) == Counts(1, 0, 1)
    assert kept(comment) == (0, 0)
    assert folding.fold() == 1
    assert kept(comment) == (1, 0)
    assert comment.best == pytest.approx(wilson(1, 0))


def test_a_vote_is_changed_taken_back_and_cast_again_and_twice_is_once(say, bilal) -> None:
    comment = say()
    seen = [voting.vote(comment.pk, bilal.pk, value) for value in (1, 1, -1, -1, 0, 0, -1)]

    assert seen == [
        Counts(1, 0, 1),
        Counts(1, 0, 1),
        Counts(0, 1, -1),
        Counts(0, 1, -1),
        Counts(0, 0, 0),
        Counts(0, 0, 0),
        Counts(0, 1, -1),
    ]
    folding.fold()
    assert kept(comment) == (0, 1)
    assert list(CommentVote.objects.values_list("comment", "person", "value")) == [(comment.pk, bilal.pk, -1)]


def test_differences_are_folded_exactly_once(say, people) -> None:
    comment, other = say(), say()
    for number, person in enumerate(people(9)):
        voting.vote(comment.pk, person.pk, 1 if number < 6 else -1)
        voting.vote(other.pk, person.pk, 1)

    assert [folding.fold(), folding.fold(), folding.fold()] == [2, 0, 0]
    assert (kept(comment), kept(other), Tally.objects.count()) == ((6, 3), (9, 0), 0)
    assert comment.best == pytest.approx(wilson(6, 3))


def test_imported_votes_stay_beneath_the_votes_cast_here(say, bilal) -> None:
    comment = say()
    Comment.objects.filter(pk=comment.pk).update(up=40, down=2, imported_up=40, imported_down=2)

    assert voting.vote(comment.pk, bilal.pk, 1) == Counts(41, 2, 1)
    folding.fold()
    assert kept(comment) == (41, 2)
    assert counters.find_drift() == []


def test_a_reader_sees_their_vote_and_what_is_not_folded_yet(say, asha, bilal) -> None:
    comment = say()
    voting.vote(comment.pk, bilal.pk, -1)

    assert reading.mine([comment.pk], bilal.pk) == reading.Mine({comment.pk: -1}, {comment.pk: (0, 1)})
    assert reading.mine([comment.pk], asha.pk) == reading.Mine({}, {comment.pk: (0, 1)})
    assert reading.mine([comment.pk], None) == reading.NOTHING


@pytest.mark.parametrize("value", [2, -2, 100])
def test_a_vote_is_nothing_but_for_or_against(say, bilal, value) -> None:
    comment = say()
    with pytest.raises(ValueError, match="a vote is"):
        voting.vote(comment.pk, bilal.pk, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        CommentVote.objects.create(comment=comment, person=bilal, value=value)


def refused(comment: Comment, person: User, value: int = 1) -> str:
    """The code of the refusal; the short way must have answered None."""
    assert voting.vote(comment.pk, person.pk, value) is None
    with pytest.raises(Refused) as refusal:
        voting.vote_or_refuse(comment, person, value)
    assert Tally.objects.count() == 0
    return refusal.value.code


def test_nobody_votes_on_their_own_comment(say, asha) -> None:
    assert refused(say(), asha) == "own"


@pytest.mark.parametrize(
    ("opens", "closes", "code"), [("-1 hour", "-1 second", "closed"), ("+1 hour", "+2 hours", "scheduled")]
)
@pytest.mark.parametrize("year", [2001, 2090])
def test_the_databases_clock_closes_the_vote(say, bilal, discussion, opens, closes, code, year) -> None:
    comment = say()
    set_window(discussion, opens, closes)
    comment = Comment.objects.get(pk=comment.pk)

    with time_machine.travel(f"{year}-01-01", tick=True):
        assert refused(comment, bilal) == code


def test_after_the_close_a_vote_stays_cast(say, bilal, discussion) -> None:
    comment = say()
    voting.vote(comment.pk, bilal.pk, 1)
    folding.fold()
    set_window(discussion, "-1 hour", "-1 second")

    assert refused(Comment.objects.get(pk=comment.pk), bilal, 0) == "closed"
    assert CommentVote.objects.count() == 1


def test_what_is_withdrawn_takes_no_votes(say, bilal, discussion) -> None:
    comment = say()
    Activity.objects.update(state=Activity.State.WITHDRAWN)

    assert refused(Comment.objects.get(pk=comment.pk), bilal) == "not_published"


def test_what_is_hidden_held_or_taken_back_takes_no_votes(say, asha, bilal, mod) -> None:
    hidden, held, removed = say(), say(), say()
    moderating.hide(hidden, mod, "offence", "Rude.")
    Comment.objects.filter(pk=held.pk).update(state=Comment.State.HELD)
    writing.remove(removed, asha)

    assert [refused(comment, bilal) for comment in (hidden, held, removed)] == ["gone", "gone", "gone"]
    assert voting.vote(10**30, bilal.pk, 1) is None


def test_whoever_may_not_take_part_does_not_vote(say, bilal, asha, group, make_discussion) -> None:
    Membership.objects.create(group=group, person=asha)
    inside = say(activity=make_discussion("inside", group=group, members_only=True))
    strict = say()
    Activity.objects.filter(pk=strict.activity_id).update(min_level=2)
    strict = Comment.objects.get(pk=strict.pk)

    assert refused(strict, bilal) == "level"
    assert refused(inside, bilal) == "members"
    Membership.objects.create(group=group, person=bilal)
    assert voting.vote_or_refuse(inside, bilal, 1) == Counts(1, 0, 1)


def test_an_account_that_may_not_sign_in_does_not_vote(say, bilal) -> None:
    comment = say()
    User.objects.filter(pk=bilal.pk).update(is_active=False)

    assert voting.vote(comment.pk, bilal.pk, 1) is None


# -- counters ----------------------------------------------------------------------------------------------------------


def recount(*arguments: str) -> tuple[list[str], dict[str, object]]:
    out = StringIO()
    call_command("recount", *arguments, stdout=out)
    *lines, last = out.getvalue().splitlines()
    return lines, json.loads(last)


@pytest.fixture
def busy(say, bilal, people, discussion) -> Comment:
    root = say()
    say(by=bilal, to=root)
    for person in people(4):
        voting.vote(root.pk, person.pk, 1)
    folding.fold()
    return root


def test_nothing_drifts_by_itself_folded_or_not(busy, people) -> None:
    voting.vote(busy.pk, people(1)[0].pk, -1)

    assert recount() == ([], {"drift": 0, "by_column": {}, "fixed": False})


def test_every_wrong_counter_is_said_and_set_right(busy, discussion) -> None:
    Comment.objects.filter(pk=busy.pk).update(up=7, down=1, reply_count=0, best=0.99)
    Activity.objects.filter(pk=discussion.pk).update(comment_count=1, participant_count=9)

    lines, summary = recount()
    assert lines == [
        f"comments_comment {busy.pk}: up is 7, rows say 4 (-3)",
        f"comments_comment {busy.pk}: down is 1, rows say 0 (-1)",
        f"comments_comment {busy.pk}: reply_count is 0, rows say 1 (+1)",
        f"activities_activity {discussion.pk}: comment_count is 1, rows say 2 (+1)",
        f"activities_activity {discussion.pk}: participant_count is 9, rows say 2 (-7)",
    ]
    assert (summary["drift"], summary["fixed"], kept(busy)) == (5, False, (7, 1))

    assert recount("--fix")[1]["fixed"] is True
    busy.refresh_from_db()
    discussion.refresh_from_db()
    assert (busy.up, busy.down, busy.reply_count, busy.best) == (4, 0, 1, pytest.approx(wilson(4, 0)))
    assert (discussion.comment_count, discussion.participant_count) == (2, 2)
    assert recount()[1]["drift"] == 0


def test_votes_cast_between_finding_and_mending_are_not_undone(busy, people) -> None:
    Comment.objects.filter(pk=busy.pk).update(up=9)
    drift = counters.find_drift()
    voting.vote(busy.pk, people(1)[0].pk, 1)
    folding.fold()

    counters.mend(drift)

    assert kept(busy) == (5, 0)
    assert counters.find_drift() == []


def test_a_counter_that_had_gone_wrong_stops_neither_folding_nor_taking_back(
    busy, asha, bilal, people, discussion
) -> None:
    person, other = people(2)
    voting.vote(busy.pk, person.pk, 1)
    folding.fold()
    second = writing.write(discussion, asha, "Another")
    Comment.objects.filter(pk=busy.pk).update(up=0, reply_count=0)
    Activity.objects.update(comment_count=0, participant_count=0)
    voting.vote(busy.pk, person.pk, 0)
    voting.vote(second.pk, other.pk, 1)

    assert folding.fold() == 2
    writing.remove(Comment.objects.get(parent=busy), bilal)
    assert (kept(busy), kept(second)) == ((0, 0), (1, 0))
