"""Reporting: once a person, never one's own, and enough trusted people take a text out of sight."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from commons.audit.models import Entry, Event
from mygov.moderation import deciding, reporting
from mygov.moderation.models import Case, Decision, Report
from mygov.moderation.trust import Trust, trust_of, weight_of_report
from tests.cast import person
from tests.moderation.conftest import LONG

pytestmark = pytest.mark.django_db


# -- trust ---------------------------------------------------------------------------------------


def test_trust_grows_with_time_and_with_what_is_shown(asha, known, regular, newcomer, mod):
    assert [trust_of(who) for who in (newcomer, asha, known("rita"), regular("tara"), mod)] == [
        Trust.NEW, Trust.NEW, Trust.KNOWN, Trust.REGULAR, Trust.REGULAR,
    ]  # fmt: skip


def has_reported(who, say, about, mod, *, right, wrong):
    """So many reports of theirs were upheld, and so many dismissed."""
    for n in range(right + wrong):
        case = reporting.report(say(about, f"{who} reports {n}"), who, "spam").case
        reason = {"reason": "spam"} if n < right else {}
        deciding.decide(case, mod, "hide" if n < right else "approve", seen=0, **reason)


@pytest.mark.parametrize(
    ("days", "right", "wrong", "level"),
    [(100, 5, 1, Trust.TRUSTED), (99, 5, 1, Trust.REGULAR), (100, 4, 0, Trust.REGULAR), (100, 5, 2, Trust.REGULAR)],
)
def test_whose_reports_were_right_is_trusted_in_the_end(regular, say, bilal, mod, days, right, wrong, level):
    tara = regular("tara", days)
    has_reported(tara, say, bilal, mod, right=right, wrong=wrong)

    assert trust_of(tara) == level


def test_one_report_of_a_trusted_person_holds_what_a_new_account_wrote(regular, say, bilal, mod, newcomer, known):
    tara = regular("tara", 100)
    has_reported(tara, say, bilal, mod, right=5, wrong=0)
    fresh, settled = say(newcomer), say(known("rita"))
    weights = [reporting.report(comment, tara, "spam").weight for comment in (fresh, settled)]

    assert (weights, standing(fresh), standing(settled)) == ([6, 4], "held", "visible")


def test_an_official_is_regular_however_right_their_reports_were(meera, say, bilal, mod, newcomer):
    has_reported(meera, say, bilal, mod, right=6, wrong=0)

    assert reporting.report(say(newcomer), meera, "spam").weight == 3


def test_twenty_texts_in_the_first_days_make_nobody_trusted(say):
    young, younger = (person(f"y{days}", joined_at=timezone.now() - timedelta(days=days)) for days in (5, 2))
    for n in range(20):
        say(young, f"a {n}")
        say(younger, f"b {n}")

    assert [trust_of(young), trust_of(younger)] == [Trust.KNOWN, Trust.NEW]


def test_whoever_was_hidden_lately_is_new_again(regular, say, mod, bilal):
    tara = regular("tara")
    case = reporting.report(say(tara), bilal, "spam").case
    deciding.decide(case, mod, "hide", seen=0, reason="spam")

    assert trust_of(tara) == Trust.NEW


def test_reports_that_were_dismissed_weigh_nothing_in_the_end(regular, say, bilal, mod):
    tara = regular("tara")
    weights = []
    for n in range(4):
        report = reporting.report(say(bilal, f"Harmless {n}"), tara, "spam")
        weights.append(report.weight)
        deciding.decide(report.case, mod, "approve", seen=0)

    assert weights == [3, 3, 3, 0]
    assert weight_of_report(tara) == 0


# -- reports -------------------------------------------------------------------------------------


def test_a_report_brings_the_text_before_moderators(say, asha, bilal, discussion):
    comment = say(bilal)
    report = reporting.report(comment, asha, "offence", "  He called me at 98765 43210\x00 ")

    case = Case.objects.get()
    assert (case.comment, case.idea, case.activity_id, case.author, case.reason) == (
        comment, None, discussion.pk, bilal, "offence",
    )  # fmt: skip
    assert (case.report_count, case.closed_at, report.words) == (1, None, "He called me at ••••10")


def test_reporting_twice_is_once(say, asha, bilal):
    comment = say(bilal)
    first, second = (reporting.report(comment, asha, reason) for reason in ("spam", "offence"))

    assert (first, Report.objects.count(), Case.objects.get().report_count) == (second, 1, 1)


def test_the_database_takes_one_report_a_person(say, asha, bilal):
    report = reporting.report(say(bilal), asha, "spam")
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(case=report.case, activity_id=report.activity_id, reporter=asha, reason="spam")


def test_a_case_is_about_one_thing(say, asha, bilal, bring):
    case = reporting.report(say(bilal), asha, "spam").case
    for change in ({"idea": bring(bilal)}, {"comment": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(**change)


def test_ones_own_text_and_official_answers_cannot_be_reported(say, asha, meera, education):
    for comment, who in ((say(asha), asha), (say(meera, as_institution=education), asha)):
        with pytest.raises(PermissionDenied):
            reporting.report(comment, who, "spam")

    assert not Case.objects.exists()


def test_the_gravest_reason_stays_and_makes_it_due_sooner(say, asha, bilal, newcomer):
    comment = say(bilal)
    light = reporting.report(comment, asha, "off_topic").case
    grave = reporting.report(comment, newcomer, "illegal").case
    reporting.report(comment, person("carla"), "spam")

    case = Case.objects.get()
    assert (light.reason, grave.reason, case.reason, case.weight) == ("off_topic", "illegal", "illegal", 6)
    assert case.due_at == case.opened_at + timedelta(hours=72) / 7


def test_the_twenty_first_report_within_an_hour_is_refused(say, asha, bilal):
    comments = [say(bilal, f"Text {n}") for n in range(21)]
    for comment in comments[:20]:
        reporting.report(comment, asha, "spam")
    with pytest.raises(ValidationError):
        reporting.report(comments[20], asha, "spam")

    Report.objects.update(at=timezone.now() - timedelta(minutes=61))
    assert reporting.report(comments[20], asha, "spam").case.comment == comments[20]


# -- enough of them ------------------------------------------------------------------------------


def standing(comment):
    comment.refresh_from_db()
    return comment.state


def test_six_regular_people_take_a_text_out_of_sight_and_five_do_not(say, bilal, known):
    comment, states = say(bilal), []
    for n in range(6):
        reporting.report(comment, known(f"r{n}"), "offence")
        states.append(standing(comment))

    assert states == ["visible"] * 5 + ["held"]
    assert (comment.state_reason, comment.state_words) == (
        "offence", "Several people reported it: Offence or hate.",
    )  # fmt: skip
    assert Entry.objects.get(verb="comment.hold").actor is None
    assert Event.objects.get(name="comment held").target_id == comment.pk


def test_two_trusted_people_are_enough(say, bilal, regular):
    comment = say(bilal)
    reporting.report(comment, regular("t1"), "spam")
    assert standing(comment) == "visible"
    reporting.report(comment, regular("t2"), "spam")
    assert standing(comment) == "held"


def test_new_accounts_never_take_anything_out_of_sight(say, bilal):
    comment = say(bilal)
    for n in range(12):
        reporting.report(comment, person(f"n{n}", joined_at=timezone.now()), "offence")

    assert (standing(comment), Case.objects.get().report_count) == ("visible", 12)


def test_what_a_moderator_approved_stays_in_sight(say, bilal, regular, mod):
    comment = say(bilal)
    deciding.decide(reporting.report(comment, regular("t1"), "spam").case, mod, "approve", seen=0)
    for n in range(2, 6):
        reporting.report(comment, regular(f"t{n}"), "spam")

    case = Case.objects.get()
    assert (standing(comment), case.closed_at, case.report_count) == ("visible", None, 4)


def test_an_idea_is_reported_and_held_the_same_way(bring, asha, regular):
    idea = bring(asha)
    for name in ("t1", "t2"):
        reporting.report(idea, regular(name), "off_topic")

    idea.refresh_from_db()
    assert (idea.state, idea.state_reason, Case.objects.get().idea) == ("held", "off_topic", idea)


def test_what_its_author_takes_back_leaves_the_queue(say, asha, bilal):
    from commons.comments import writing

    comment = say(bilal)
    reporting.report(comment, asha, "spam")
    writing.remove(comment, bilal)

    assert not Case.objects.waiting().exists()
    assert Decision.objects.count() == 0


def test_a_held_text_has_its_case_or_is_not_written_at_all(newcomer, write, monkeypatch):
    """One transaction: a text that nobody would ever look at must not exist."""
    from commons.comments.models import Comment
    from mygov.moderation import receivers

    def broken(*args):
        raise RuntimeError("the case could not be written")

    monkeypatch.setattr(receivers.cases, "open_case", broken)
    with pytest.raises(RuntimeError):
        write(newcomer, LONG + " a.in b.in c.in")

    assert not Comment.objects.exists()
