"""Many cases in one decision: what comes into the preview, what the worker does, and what taking it back restores."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import QueryDict
from django.utils import timezone

from commons.activities.models import Activity
from commons.comments import moderating
from commons.comments.models import Comment
from commons.comments.screening import Finding
from commons.directory.models import Post
from discussions.models import Idea
from mygov.moderation import bulk, deciding, jobs, reporting, taking, trust
from mygov.moderation.models import BulkDecision, BulkItem, Case, Decision, Report
from mygov.moderation.queue import Queue
from tests.moderation.test_ideas import sponsored

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(say, asha, bilal):
    return [reporting.report(say(bilal, f"Text {n}"), asha, "spam").case for n in range(3)]


def queue(user, query=""):
    return Queue.read(user, QueryDict(query))


def draw(user, what="hide", query="", reason="spam", **fields):
    return bulk.draw_up(queue(user, query), user, what, reason=reason, **fields)


def carry(made, by):
    assert bulk.confirm(made, by)
    jobs.go_on_with_bulk()
    made.refresh_from_db()
    return made


def take_back(made, by):
    assert bulk.undo(made, by)
    jobs.go_on_with_bulk()
    made.refresh_from_db()
    return made


def outcomes(made):
    return [(item.outcome, item.why) for item in made.items.order_by("id")]


def whole():
    """Every row that a decision changes, as it stands."""
    text = ["pk", "state", "state_reason", "state_words", "pinned_at"]
    return (
        list(Comment.objects.order_by("pk").values_list(*text)),
        list(Idea.objects.order_by("pk").values_list(*text[:4], "opened_at", "closes_at")),
        list(Activity.objects.order_by("pk").values_list("pk", "comment_count", "participant_count")),
        list(Case.objects.order_by("pk").values_list(
            "pk", "reason", "weight", "report_count", "opened_at", "due_at", "closed_at", "level")),
        list(Report.objects.order_by("pk").values_list("pk", "handled_at", "upheld")),
    )  # fmt: skip


# -- the preview ---------------------------------------------------------------------------------


def test_a_preview_counts_and_decides_nothing(cases, mod):
    before = whole()
    made = draw(mod)

    assert (made.total, made.state, made.asked) == (3, "draft", {})
    jobs.go_on_with_bulk()
    assert whole() == before
    assert not Decision.objects.exists()


def test_a_filter_and_a_selection(cases, mod, say, asha, bilal):
    other = reporting.report(say(bilal, "Rude"), asha, "offence").case

    assert [item.case for item in draw(mod, query="reason=offence").items.all()] == [other]
    assert [item.case for item in draw(mod, chosen=[cases[1].pk, 10**9]).items.all()] == [cases[1]]


def test_what_is_not_ones_own_to_decide_does_not_come_in_and_is_counted(cases, mod, admin, education):
    Case.objects.filter(pk=cases[0].pk).update(author=mod)
    taking.take(cases[1], admin)
    made = draw(mod)
    assert ([item.case for item in made.items.all()], made.left_out) == (
        [cases[2]], {"own": 1, "conflict": 0, "taken": 1},
    )  # fmt: skip

    Post.objects.create(person=mod, role=Post.Role.ANALYST, institution=education)
    with pytest.raises(ValidationError) as nothing:
        draw(mod)
    assert list(nothing.value.message_dict) == ["cases"]
    assert draw(mod, "approve").left_out == {"own": 1, "conflict": 0, "taken": 1}


def test_moderators_of_an_institution_may_only_leave_or_ask(cases, their_moderator):
    with pytest.raises(PermissionDenied):
        draw(their_moderator)
    carry(draw(their_moderator, "ask"), their_moderator)

    assert set(Decision.objects.values_list("what", flat=True)) == {"ask"}
    assert Case.objects.waiting().count() == 3


@pytest.mark.parametrize("what", ["remove", "reject", "restore", "flag", "park", "escalate", "undo", "nonsense"])
def test_nothing_else_is_decided_in_bulk(cases, mod, what):
    with pytest.raises(PermissionDenied):
        draw(mod, what)


def test_hiding_needs_a_rule(cases, mod):
    with pytest.raises(ValidationError) as refused:
        draw(mod, reason="")
    assert list(refused.value.message_dict) == ["reason"]


def test_a_preview_of_yesterday_is_dropped(cases, mod):
    made = draw(mod)
    BulkDecision.objects.update(created_at=timezone.now() - timedelta(days=1, minutes=1))
    jobs.drop_old_drafts()

    assert not bulk.confirm(made, mod)


def test_only_whoever_drew_it_up_confirms_it_and_once(cases, mod, admin):
    made = draw(mod)
    with pytest.raises(PermissionDenied):
        bulk.confirm(made, admin)
    assert [bulk.confirm(made, mod), bulk.confirm(made, mod)] == [True, False]


# -- the worker ----------------------------------------------------------------------------------


def test_each_case_gets_a_decision_with_reason_words_and_rules(cases, mod):
    made = carry(draw(mod, words="Sold by the dozen."), mod)

    assert (made.state, made.decided, made.skipped, made.finished_at is None) == ("done", 3, 0, False)
    assert set(Decision.objects.values_list("what", "reason", "words", "by", "turn")) == {
        ("hide", "spam", "Sold by the dozen.", mod.pk, 1)
    }
    assert set(Comment.objects.values_list("state", flat=True)) == {"hidden"}


def test_what_changed_since_the_preview_is_left_as_it_is(cases, mod, admin):
    made = draw(mod)
    deciding.decide(cases[0], admin, "approve", seen=0)
    taking.take(cases[1], admin)
    carry(made, mod)

    assert sorted(outcomes(made)) == [("decided", ""), ("skipped", "decided"), ("skipped", "taken")]
    assert (made.decided, made.skipped) == (1, 2)
    assert Decision.objects.filter(by=mod).count() == 1


def test_whoever_lost_the_post_decides_nothing_more(cases, mod):
    made = draw(mod)
    bulk.confirm(made, mod)
    Post.objects.filter(person=mod).delete()
    jobs.go_on_with_bulk()

    assert set(outcomes(made)) == {("skipped", "refused")}


def test_a_worker_that_was_killed_is_followed_by_another(cases, mod, monkeypatch):
    made = draw(mod)
    bulk.confirm(made, mod)
    monkeypatch.setattr(bulk, "BATCH", 1)
    monkeypatch.setattr(bulk, "write_down", lambda pk, done: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        jobs.go_on_with_bulk()
    monkeypatch.undo()
    assert sorted(outcomes(made)) == [("decided", ""), ("waiting", ""), ("waiting", "")]

    jobs.go_on_with_bulk()  # the claim of the dead one still stands
    assert BulkItem.objects.filter(outcome="decided").count() == 1
    BulkDecision.objects.update(worked_until=timezone.now() - timedelta(seconds=1))
    jobs.go_on_with_bulk()
    assert (BulkItem.objects.filter(outcome="decided").count(), Decision.objects.count()) == (3, 3)


def test_a_round_ends_and_the_next_goes_on(cases, mod, monkeypatch):
    monkeypatch.setattr(bulk, "BATCH", 1)
    made = draw(mod)
    bulk.confirm(made, mod)
    bulk.work(made.pk, seconds=0)
    made.refresh_from_db()
    assert (made.state, made.worked_until) == ("running", None)
    jobs.go_on_with_bulk()
    made.refresh_from_db()
    assert (made.state, made.decided) == ("done", 3)


# -- taking it back ------------------------------------------------------------------------------


def test_taking_it_back_restores_exactly_what_it_was(cases, mod, say, write, newcomer, bring, bilal, asha):
    held = write(newcomer, "a.in b.in c.in").case
    pinned = reporting.report(say(bilal, "Pinned", pinned_at=timezone.now()), asha, "offence").case
    moderating.hold(cases[0].comment, [Finding("spam", "Links.")])
    idea = sponsored(bring(asha)).case
    before = whole()

    made = carry(draw(mod, reason="off_topic"), mod)
    assert made.decided == 6
    assert whole() != before
    made = take_back(made, mod)

    assert whole() == before
    assert (made.state, made.undone, made.kept, made.undone_by) == ("undone", 6, 0, mod)
    assert {case.turn for case in Case.objects.filter(pk__in=[held.pk, pinned.pk, idea.pk])} == {2}


def test_taking_approvals_back_restores_exactly_what_it_was(cases, mod, write, newcomer, bring, asha):
    write(newcomer, "a.in b.in c.in")
    sponsored(bring(asha))
    before = whole()
    take_back(carry(draw(mod, "approve"), mod), mod)

    assert whole() == before


def test_what_somebody_changed_since_stays_as_it_is(cases, mod, admin, say, asha, bilal):
    four = [*cases, reporting.report(say(bilal, "Fourth"), asha, "spam").case]
    made = carry(draw(mod), mod)
    deciding.decide(four[0], admin, "restore", seen=1)
    Case.objects.filter(pk=four[1].pk).update(closed_at=None)  # as an appeal or a report does
    from commons.comments import writing

    writing.remove(Comment.objects.get(pk=four[2].comment_id), bilal)
    made = take_back(made, mod)

    assert [item.outcome for item in made.items.order_by("case")] == ["kept", "kept", "kept", "undone"]
    states = [Comment.objects.get(pk=case.comment_id).state for case in four]
    assert states == ["visible", "hidden", "removed", "visible"]


def test_what_was_taken_back_does_not_count_against_its_author(cases, mod, bilal, asha):
    made = carry(draw(mod), mod)
    assert trust.was_hidden_since(bilal, timezone.now() - timedelta(days=1))
    take_back(made, mod)
    assert not trust.was_hidden_since(bilal, timezone.now() - timedelta(days=1))


def test_who_may_take_it_back(cases, mod, admin, their_moderator):
    made = carry(draw(mod), mod)
    with pytest.raises(PermissionDenied):
        bulk.undo(made, their_moderator)
    assert [bulk.undo(made, admin), bulk.undo(made, admin)] == [True, False]


def test_what_is_not_done_cannot_be_taken_back(cases, mod):
    assert not bulk.undo(draw(mod), mod)


def test_who_sees_which(cases, mod, admin, their_moderator, asha):
    theirs, platform = draw(their_moderator, "ask"), draw(mod)
    seen = {who: set(BulkDecision.objects.visible_to(who)) for who in (mod, admin, their_moderator, asha)}

    assert seen == {mod: {theirs, platform}, admin: {theirs, platform}, their_moderator: {theirs}, asha: set()}


def test_no_more_than_the_most_come_into_one(cases, mod, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 2)
    assert draw(mod).total == 2
