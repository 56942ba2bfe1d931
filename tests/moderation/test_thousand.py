"""Two moderators and a thousand cases, both as fast as they can, each on a connection of their own."""

import pytest
from django.db import connection
from django.db.models import Count

from commons.activities.models import Contribution
from commons.comments.models import Comment
from commons.core import clock
from mygov.moderation import deciding
from mygov.moderation.models import Case, Decision
from mygov.moderation.models.case import due
from tests.moderation.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def make_many(discussion, bilal):
    """Cases about as many visible comments, written in bulk."""

    def make(count):
        now = clock.now()
        lines = Contribution.objects.bulk_create(
            Contribution(activity=discussion, person=bilal, kind="comment", excerpt="x", language="en")
            for _n in range(count)
        )
        comments = Comment.objects.bulk_create(
            Comment(activity=discussion, author=bilal, contribution=line, body=f"Text {n}", body_html="<p>Text</p>")
            for n, line in enumerate(lines)
        )
        return Case.objects.bulk_create(
            Case(activity=discussion, comment=comment, author=bilal, language="en", reason="spam", weight=3,
                 opened_at=now, due_at=due(now, 3))
            for comment in comments
        )  # fmt: skip

    return make


def goes_through(cases, by, what):
    """Decides every case that nobody has decided yet; how many that were, and how often somebody else was faster."""
    mine = beaten = 0
    for case in cases:
        try:
            deciding.decide(case, by, what, seen=0, reason="spam")
            mine += 1
        except deciding.AlreadyDecided:
            beaten += 1
    return mine, beaten


def race(cases, mod, admin):
    return at_once(lambda: goes_through(cases, mod, "approve"), lambda: goes_through(cases, admin, "hide"))


def decided_twice():
    return Decision.objects.values("case").annotate(n=Count("pk")).filter(n__gt=1).count()


def test_a_thousand_cases_are_decided_a_thousand_times(make_many, mod, admin):
    cases = make_many(1000)
    (first, first_beaten), (second, second_beaten) = race(cases, mod, admin)
    print(f"mod {first}, admin {second}; beaten {first_beaten} and {second_beaten} times; twice {decided_twice()}")

    assert first + second == Decision.objects.count() == 1000
    assert first_beaten + second_beaten == 1000
    assert decided_twice() == 0
    assert set(Case.objects.values_list("turn", flat=True)) == {1}


def test_with_the_guards_off_some_are_decided_twice(make_many, mod, admin, monkeypatch):
    """Negative control: nobody asks for the turn, and the database lets two decide in one."""
    monkeypatch.setattr(deciding, "take_turn", lambda case, seen: None)
    monkeypatch.setattr(deciding.rules, "options", lambda user, case: ["approve", "hide"])
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE moderation_decision DROP CONSTRAINT decision_once_a_turn")
    try:
        race(make_many(100), mod, admin)
        print(f"without the guards {decided_twice()} of 100 were decided twice")
        assert decided_twice() > 50
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE moderation_decision CASCADE")
            cursor.execute("ALTER TABLE moderation_decision ADD CONSTRAINT decision_once_a_turn UNIQUE (case_id, turn)")
