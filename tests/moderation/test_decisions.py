"""Deciding: what each decision does, to whom it is told, and that it stays on record."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from commons.audit.models import Entry, Event
from mygov.moderation import deciding, reporting
from mygov.moderation.models import Case, Decision
from mygov.moderation.reasons import RULES_VERSION
from mygov.notifications import telling, words
from mygov.notifications.models import Notification
from tests.moderation.conftest import LONG

pytestmark = pytest.mark.django_db
SPAM = LONG + " a.in b.in c.in"


@pytest.fixture
def held(newcomer, write):
    return write(newcomer, SPAM).case


@pytest.fixture
def reported(say, asha, bilal):
    return reporting.report(say(bilal), asha, "offence").case


def fresh(case):
    return Case.objects.select_related("comment", "idea", "activity").get(pk=case.pk)


def test_approving_what_is_held_shows_it(held, mod, discussion):
    decision = deciding.decide(held, mod, "approve", seen=0, words="Welcome.")

    case = fresh(held)
    assert (case.comment.state, case.comment.state_reason, case.comment.state_words) == ("visible", "", "")
    assert (case.turn, case.closed_at is None, decision.rules_version) == (1, False, RULES_VERSION)
    discussion.refresh_from_db()
    assert (discussion.comment_count, Entry.objects.get(verb="comment.restore").actor) == (1, mod)


def test_approving_what_can_be_seen_dismisses_the_reports(reported, mod, asha):
    deciding.decide(reported, mod, "approve", seen=0)

    report = reported.reports.get()
    assert (fresh(reported).comment.state, report.upheld, report.handled_at is None) == ("visible", False, False)
    assert Entry.objects.get(verb="moderation.approve").target_id == str(reported.comment_id)


def test_hiding_gives_the_reason_and_the_words(reported, mod):
    deciding.decide(reported, mod, "hide", seen=0, reason="offence", words="Please say it without the insult.")

    comment, report = fresh(reported).comment, reported.reports.get()
    assert (comment.state, comment.state_reason, comment.state_words) == (
        "hidden", "offence", "Please say it without the insult.",
    )  # fmt: skip
    assert (report.upheld, fresh(reported).report_count) == (True, 0)


def test_without_words_the_author_reads_the_rule_in_their_language(reported, mod, bilal):
    from django.utils import translation

    from mygov.moderation.reasons import STANDARD_WORDS

    type(bilal).objects.filter(pk=bilal.pk).update(language="hi")
    with translation.override("hi"):
        expected = str(STANDARD_WORDS["spam"])
    deciding.decide(reported, mod, "hide", seen=0, reason="spam")

    assert fresh(reported).comment.state_words == expected


@pytest.mark.parametrize("reason", ["", "because"])
def test_hiding_needs_a_reason_of_the_public_list(reported, mod, reason):
    with pytest.raises(ValidationError) as refused:
        deciding.decide(reported, mod, "hide", seen=0, reason=reason)

    assert list(refused.value.message_dict) == ["reason"]
    assert (fresh(reported).turn, Decision.objects.count()) == (0, 0)


def test_the_database_takes_no_decision_against_without_a_reason(reported, mod):
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(case=reported, activity_id=reported.activity_id, turn=1, by=mod, what="hide")


def test_what_was_hidden_can_be_shown_again(reported, mod, discussion):
    deciding.decide(reported, mod, "hide", seen=0, reason="spam")
    deciding.decide(reported, mod, "restore", seen=1, words="It was not spam.")

    assert (fresh(reported).comment.state, [d.what for d in reported.decisions.all()]) == (
        "visible", ["restore", "hide"],
    )  # fmt: skip


def test_asking_leaves_it_in_sight_and_makes_it_urgent(reported, their_moderator):
    before = fresh(reported)
    deciding.decide(reported, their_moderator, "ask", seen=0, reason="offence")

    case = fresh(reported)
    assert (case.comment.state, case.closed_at, case.weight - before.weight) == ("visible", None, 10)
    assert case.due_at < before.due_at
    assert reported.reports.get().handled_at is None


def test_an_idea_that_is_not_accepted_says_why_to_everybody(bring, asha, bilal, mod, client):
    idea = bring(asha)
    case = reporting.report(idea, bilal, "duplicate").case
    with pytest.raises(ValidationError):
        deciding.decide(case, mod, "reject", seen=0, reason="spam")
    deciding.decide(case, mod, "reject", seen=0, reason="court", words="See idea 7.")

    idea.refresh_from_db()
    assert (idea.state, idea.state_reason, idea.state_words) == ("rejected", "court", "See idea 7.")
    page = client.get(idea.get_absolute_url()).content.decode()
    assert "A court is deciding it. See idea 7." in page
    deciding.decide(case, mod, "restore", seen=1)
    idea.refresh_from_db()
    assert idea.state == "pending"


def test_decisions_stay(reported, mod):
    decision = deciding.decide(reported, mod, "approve", seen=0)
    for change in (
        lambda: Decision.objects.filter(pk=decision.pk).update(words="otherwise"),
        lambda: Decision.objects.filter(pk=decision.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_whoever_comes_second_is_told_by_whom(reported, mod, admin):
    deciding.decide(reported, mod, "hide", seen=0, reason="spam")
    with pytest.raises(deciding.AlreadyDecided) as already:
        deciding.decide(reported, admin, "approve", seen=0)

    assert (already.value.decision.by, already.value.decision.what) == (mod, "hide")


def test_a_made_up_turn_decides_nothing(reported, mod):
    with pytest.raises(PermissionDenied):
        deciding.decide(reported, mod, "hide", seen=7, reason="spam")

    assert fresh(reported).turn == 0


# -- who hears about it --------------------------------------------------------------------------


def told(person):
    telling.expand()
    return [
        (n.event, words.reason(n), words.rule(n)) for n in Notification.objects.filter(person=person).order_by("id")
    ]


def test_the_author_hears_each_time_with_words_and_rule(held, mod, newcomer):
    deciding.decide(held, mod, "approve", seen=0)
    telling.expand()
    deciding.decide(held, mod, "hide", seen=1, reason="off_topic", words="Once more: not here.")
    telling.expand()
    deciding.decide(held, mod, "restore", seen=2)
    telling.expand()
    deciding.decide(held, mod, "hide", seen=3, reason="off_topic", words="No, it stays hidden.")

    off_topic = ("Off topic", "/community-rules/#off_topic")
    # The first line is told after the approval here, so it has lost its reason; the worker tells within a second.
    assert told(newcomer)[1:] == [
        ("restored", "", None),
        ("hidden", "Once more: not here.", off_topic),
        ("restored", "", None),
        ("hidden", "No, it stays hidden.", off_topic),
    ]


def test_the_author_hears_at_once_why_a_text_waits(held, newcomer):
    assert told(newcomer) == [
        ("held", "It has 3 links; a new account may set 2 links.", ("Spam", "/community-rules/#spam"))
    ]


def test_whoever_reported_hears_what_was_decided_and_not_who_else_did(reported, say, asha, newcomer, mod):
    reporting.report(reported.comment, newcomer, "spam")
    deciding.decide(reported, mod, "hide", seen=0, reason="offence")

    assert told(asha) == told(newcomer) == [("report upheld", "", None)]


def test_the_author_of_an_idea_hears_that_it_is_not_accepted(bring, asha, bilal, mod):
    case = reporting.report(bring(asha), bilal, "spam").case
    deciding.decide(case, mod, "reject", seen=0, reason="personal", words="Write to the district office.")

    assert told(asha) == [("idea rejected", "Write to the district office.", None)]
    assert told(bilal) == [("report upheld", "", None)]
    assert not Event.objects.filter(told_at=None).exists()
