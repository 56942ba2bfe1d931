"""Two at once, on real connections: one decision wins and the other hears of it; reports are counted once.

Each has its negative control: with the protection off, the same test must see the harm.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from mygov.moderation import deciding, reporting
from mygov.moderation.models import Case, Decision, Report
from tests.cast import person

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Runs them in threads that start together; what each returned or raised."""
    start = Barrier(len(acts))

    def run(act):
        try:
            start.wait(10)
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def both_decide(mod, admin, cases):
    return [
        at_once(
            lambda case=case: deciding.decide(case, mod, "hide", seen=0, reason="spam"),
            lambda case=case: deciding.decide(case, admin, "approve", seen=0),
        )
        for case in cases
    ]


@pytest.fixture
def cases(say, asha, bilal):
    return [reporting.report(say(bilal, f"Text {n}"), asha, "spam").case for n in range(8)]


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(cases, mod, admin):
    for results in both_decide(mod, admin, cases):
        won = [result for result in results if isinstance(result, Decision)]
        told = [result for result in results if isinstance(result, deciding.AlreadyDecided)]
        assert (len(won), [other.decision for other in told]) == (1, won)

    states = {"hide": "hidden", "approve": "visible"}
    for case in Case.objects.select_related("comment"):
        decision = case.decisions.get()
        assert (case.turn, case.target.state) == (1, states[decision.what])


def test_without_the_turn_both_would_have_decided(cases, mod, admin, monkeypatch):
    """Negative control: the turn is not asked for, and the database lets two decide in one."""
    monkeypatch.setattr(deciding, "take_turn", lambda case, seen: None)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE moderation_decision DROP CONSTRAINT decision_once_a_turn")
    try:
        both_decide(mod, admin, cases)
        assert max(case.decisions.count() for case in cases) == 2
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE moderation_decision CASCADE")
            cursor.execute("ALTER TABLE moderation_decision ADD CONSTRAINT decision_once_a_turn UNIQUE (case_id, turn)")


def test_one_person_who_reports_ten_times_at_once_reports_once(say, asha, bilal):
    comment = say(bilal)
    results = at_once(*[lambda: reporting.report(comment, asha, "spam")] * 10)

    assert {result.pk for result in results} == {Report.objects.get().pk}
    assert Case.objects.get().report_count == 1


def test_ten_people_who_report_at_once_are_all_counted(say, bilal):
    comment = say(bilal)
    people = [person(f"p{n}") for n in range(10)]
    at_once(*[lambda who=who: reporting.report(comment, who, "spam") for who in people])

    assert (Case.objects.get().report_count, Report.objects.count()) == (10, 10)


def test_without_the_lock_reports_would_be_lost(say, bilal, monkeypatch):
    """Negative control: the case is read without its lock, and the text without those before it."""
    from django.db.models import QuerySet

    from commons.comments import counting

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **kwargs: rows)
    monkeypatch.setattr(counting, "lock_person_in", lambda activity_id, person_id: None)
    counts = []
    for attempt in range(5):
        comment = say(bilal, f"Attempt {attempt}")
        people = [person(f"p{attempt}-{n}") for n in range(10)]
        at_once(*[lambda who=who, comment=comment: reporting.report(comment, who, "spam") for who in people])
        counts.append(comment.case.report_count)

    assert min(counts) < 10


def test_deciding_while_its_author_takes_it_back_ends_without_a_deadlock(cases, mod, bilal):
    from commons.comments import writing

    for case in cases:
        results = at_once(
            lambda case=case: deciding.decide(case, mod, "hide", seen=0, reason="spam"),
            lambda case=case: writing.remove(case.comment, bilal),
        )
        assert [type(result).__name__ for result in results if isinstance(result, Exception)] in (
            [], ["PermissionDenied"],
        )  # fmt: skip
        case.comment.refresh_from_db()
        assert case.comment.state == "removed"
