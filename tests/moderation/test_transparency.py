"""The public figures: what is counted, what small numbers become, what a spreadsheet gets."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pgtrigger
import pytest
from django.http import QueryDict
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from commons.core.moments import INDIA
from commons.directory.models import Institution, Post
from mygov.moderation import appeals, bulk, deciding, jobs, reporting, transparency
from mygov.moderation.models import Case, Decision, MonthFigures
from mygov.moderation.queue import Queue
from mygov.moderation.transparency import Row, harmless, together
from tests.cast import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(db):
    user = person("second", is_staff=True)
    Post.objects.create(person=user, role=Post.Role.MODERATOR)
    return user


@pytest.fixture
def decide(say, newcomer, bilal, mod):
    """Reports a new comment and decides it, having waited so many hours."""
    made = iter(range(1000))

    def make(what="hide", reason="spam", hours=2, by=mod, activity=None):
        fields = {"activity": activity} if activity else {}
        reporter = person(f"reporter{next(made)}")
        case = reporting.report(say(bilal, f"Text {next(made)}", **fields), reporter, reason).case
        Case.objects.filter(pk=case.pk).update(opened_at=timezone.now() - timedelta(hours=hours))
        return deciding.decide(case, by, what, seen=0, reason=reason, words="Words.")

    return make


def total():
    row = MonthFigures.objects.get(institution=None, reason=None)
    names = ("shown", "hidden", "removed", "rejected", "upheld", "appeals", "appeals_won")
    return {name: getattr(row, name) for name in names if getattr(row, name)} | {"median": row.median_minutes}


def table(response, caption):
    """The rows of the table with this caption, as texts."""
    part = response.content.decode().split(f">{caption}</caption>")[1].split("</table>")[0]
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", part, re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.split(r"</t[hd]>", row) if cell.strip()] for row in rows
    ]


# -- counting ------------------------------------------------------------------------------------


def test_what_is_counted(decide, second, bilal, bring, mod):
    decide(hours=1)
    decide("approve", hours=2)
    hidden = decide(hours=3)
    decide("remove", "illegal", hours=4)
    idea = bring(bilal)
    reporting.report(idea, mod, "spam")
    Case.objects.filter(idea=idea).update(opened_at=timezone.now() - timedelta(hours=5))
    deciding.decide(idea.case, mod, "reject", seen=0, reason="court")
    appeals.appeal(hidden, bilal, "Wrong.")
    deciding.decide(hidden.case, second, "restore", seen=1)
    transparency.fold()

    assert total() == {
        "shown": 2, "hidden": 2, "removed": 1, "rejected": 1, "appeals": 1, "appeals_won": 1, "median": 150,
    }  # fmt: skip
    by_reason = MonthFigures.objects.exclude(reason=None)
    assert sorted((row.reason, row.decided) for row in by_reason) == [("idea_court", 1), ("illegal", 1), ("spam", 4)]


def test_what_waits_on_and_what_was_taken_back_is_not_counted(decide, say, asha, bilal, mod, their_moderator):
    decide()
    for what in ("ask", "escalate"):
        decide(what, by=their_moderator)
    case = reporting.report(say(bilal, "By mistake"), asha, "offence").case
    made = bulk.draw_up(Queue.read(mod, QueryDict("reason=offence")), mod, "hide", reason="offence")
    bulk.confirm(made, mod)
    jobs.go_on_with_bulk()
    bulk.undo(made, mod)
    jobs.go_on_with_bulk()
    assert Decision.objects.filter(case=case).count() == 2
    transparency.fold()

    assert total() == {"hidden": 1, "median": 120}


def test_folding_twice_changes_nothing_and_old_months_stay(decide):
    decide()
    MonthFigures.objects.create(month="2020-01-01", hidden=12, folded_at=timezone.now())
    for _round in range(2):
        jobs.fold_figures()

    assert MonthFigures.objects.filter(hidden=12).count() == 1
    assert MonthFigures.objects.exclude(hidden=12).count() == 3


def test_the_first_time_everything_is_counted_and_a_month_is_indias(decide):
    made = decide()
    with pgtrigger.ignore("moderation.Decision:append_only"):
        Decision.objects.filter(pk=made.pk).update(at=datetime(2024, 3, 31, 18, 45, tzinfo=UTC))
    transparency.fold()

    assert [f"{month}" for month in transparency.months()] == ["2024-04-01"]


# -- small numbers -------------------------------------------------------------------------------


def rows(**sizes):
    return [Row(name, name, decided=size, hidden=size) for name, size in sizes.items()]


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"a": 30, "b": 10}, [("a", 30), ("b", 10)]),
        ({"a": 30, "b": 9, "c": 8}, [("a", 30), ("Others", 17)]),
        ({"a": 30, "b": 12, "c": 9}, [("a", 30), ("Others", 21)]),  # one alone could be found by subtraction
        ({"a": 30, "b": 12, "c": 3, "d": 2}, [("a", 30), ("Others", 17)]),  # five are few even together
        ({"a": 30, "b": 1}, [("Others", 31)]),
        ({"a": 4, "b": 5}, []),
        ({"a": 9}, []),
        ({}, []),
    ],
)
def test_small_rows_are_shown_together(sizes, shown):
    assert [(row.name, row.decided) for row in together(rows(**sizes))] == shown


def test_no_row_below_ten_and_nothing_by_subtraction():
    """Whatever the sizes: at least two rows are behind every Others, and no line says less than ten."""
    for first in range(0, 26, 3):
        for second in range(0, 26, 3):
            for third in range(0, 26, 3):
                given = rows(a=first, b=second, c=third)
                shown = together(given)
                assert all(row.decided >= 10 for row in shown)
                hidden = [row for row in given if row.name not in {one.name for one in shown}]
                assert len(hidden) != 1


# -- the page and the file -----------------------------------------------------------------------


@pytest.fixture
def figures(decide, make_discussion, health):
    elsewhere = make_discussion("clinics", institution=health)
    for _n in range(11):
        decide(hours=2)
    for _n in range(10):
        decide("approve", "offence", hours=3, activity=elsewhere)
    transparency.fold()


def test_the_page_by_month_reason_and_institution(client, figures):
    response = client.get("/transparency/")

    month = timezone.localdate(timezone=INDIA).strftime("%B %Y")
    assert table(response, "Month by month") == [[month, "21", "10", "11", "0", "0", "2 hours", "0", "0"]]
    assert table(response, "By reason") == [
        ["Spam", "11", "0", "11", "0", "0", "2 hours", "0", "0"],
        ["Offence or hate", "10", "10", "0", "0", "0", "3 hours", "0", "0"],
    ]
    assert [row[:2] for row in table(response, "By institution")] == [
        ["Ministry of Education", "11"], ["Ministry of Health", "10"],
    ]  # fmt: skip


def test_the_page_is_the_same_for_everybody_and_sets_no_cookie(client, figures):
    for path in ("/transparency/", "/transparency/moderation.csv", "/hi/transparency/"):
        response = client.get(path)
        assert (response.status_code, response.cookies) == (200, {})
        assert response["Cache-Control"].startswith("public")


@pytest.mark.parametrize("month", ["", "2019-01", "nonsense", "'", "2026-99"])
def test_an_unknown_month_shows_the_newest(client, figures, month):
    assert client.get("/transparency/", {"month": month}).context["chosen"].month == transparency.months()[0]


def test_another_month_can_be_looked_at(client, figures):
    MonthFigures.objects.create(month="2026-01-01", hidden=12, folded_at=timezone.now())
    response = client.get("/transparency/?month=2026-01")

    assert (f"{response.context['chosen'].month:%Y-%m}", len(response.context["months"])) == ("2026-01", 2)
    assert "too few decisions to show them by reason" in response.content.decode()


def test_before_anything_was_decided(client, db):
    assert "No moderator has decided anything yet." in client.get("/transparency/").content.decode()
    assert client.get("/transparency/moderation.csv").status_code == 200


def read(response):
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_file_has_the_same_rows(client, figures):
    lines = read(client.get("/transparency/moderation.csv"))

    assert lines[0] == transparency.HEADINGS
    assert [line[1:5] for line in lines[1:]] == [
        ["all", "all", "", "21"], ["institution", "education", "Ministry of Education", "11"],
        ["institution", "health", "Ministry of Health", "10"], ["reason", "spam", "Spam", "11"],
        ["reason", "offence", "Offence or hate", "10"],
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(name):
    assert harmless(name) == f"'{name}"
    assert harmless("Ministry = one") == "Ministry = one"


def test_an_institution_with_a_formula_for_a_name(client, figures):
    Institution.objects.filter(code="health").update(name=LazyI18nString({"en": '=HYPERLINK("http://evil.example")'}))
    names = [line[3] for line in read(client.get("/transparency/moderation.csv"))]

    assert '\'=HYPERLINK("http://evil.example")' in names
    assert not [name for name in names if name.startswith("=")]


def test_the_page_costs_the_same_for_one_month_and_for_three(client, figures, django_assert_num_queries):
    with django_assert_num_queries(3):
        client.get("/transparency/")
    for month in ("2026-01-01", "2026-02-01"):
        MonthFigures.objects.create(month=month, hidden=12, folded_at=timezone.now())
    with django_assert_num_queries(3):
        client.get("/transparency/")
