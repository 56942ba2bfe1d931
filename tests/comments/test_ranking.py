"""Each order's formula against numbers worked by hand, and pages that miss nothing and repeat nothing."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import Http404
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commons.comments import folding, ranking, reading, writing
from commons.comments.models import Comment
from commons.comments.places import seed_for
from commons.comments.ranking import trending, wilson
from commons.people.models import User
from tests.comments.conftest import age

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


# -- best --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("up", "down", "score"),
    [
        # (p + z²/2n − z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n) with z = 1.96, by hand to four places:
        (0, 0, 0.0),
        (1, 0, 0.2065),  # 1 / (1 + 3.8416)
        (10, 0, 0.7225),  # 10 / (10 + 3.8416)
        (0, 5, 0.0),
        (5, 5, 0.2366),  # (0.5 + 0.19208 − 1.96·√(0.025 + 0.009604)) / 1.38416 = 0.32748 / 1.38416
        (60, 40, 0.5020),  # (0.6 + 0.019208 − 1.96·√(0.0024 + 0.00009604)) / 1.038416 = 0.52129 / 1.038416
        (550, 450, 0.5190),  # (0.55 + 0.0019208 − 1.96·√(0.0002475 + 0.0000009604)) / 1.0038416
    ],
)
def test_best_is_wilsons_lower_bound(up, down, score) -> None:
    assert wilson(up, down) == pytest.approx(score, abs=0.00005)


def test_many_agreeing_voices_outweigh_one_and_a_contested_comment() -> None:
    assert wilson(90, 10) > wilson(9, 1) > wilson(1, 0) > wilson(50, 50) * 0.5 > wilson(0, 9)


def test_the_database_computes_the_same_score(db) -> None:
    grid = [(up, down) for up in (0, 1, 2, 7, 50, 999, 12_345) for down in (0, 1, 3, 8, 77, 1_000, 54_321)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT up, down, {ranking.WILSON_SQL} FROM unnest(%s::int[], %s::int[]) AS g(up, down)",  # noqa: S608
            [[up for up, _down in grid], [down for _up, down in grid]],
        )
        found = cursor.fetchall()

    assert len(found) == len(grid)
    for up, down, score in found:
        assert score == pytest.approx(wilson(up, down), abs=1e-9)


# -- trending ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("up", "down", "written", "replied", "score"),
    [
        (0, 0, ago(0), ago(0), 1.0),  # just said
        (9, 0, ago(10), ago(10), 1.0),  # (1 + 9) / 10
        (9, 0, ago(10), ago(0), 2.0),  # talked about now: the mean is 5 hours old
        (9, 4, ago(24), ago(12), 6 / 18),
        (3, 3, ago(10), ago(10), 0.1),  # max(1, 1) / 10
        (3, 4, ago(1), ago(1), 0.0),  # more oppose than support: sinks
        (500, 0, ago(24 * 30 + 1), ago(1), 0.0),  # older than 30 days: sinks, however it is talked about
        (0, 0, ago(24 * 30), ago(24 * 30), 1 / 720),
        (5, 0, ago(0.1), ago(0.1), 6.0),  # nothing counts as younger than an hour
    ],
)
def test_trending_is_support_an_hour(up, down, written, replied, score) -> None:
    assert trending(up, down, written, replied, NOW) == pytest.approx(score)


def test_the_job_ages_trending_as_the_formula_says(say, bilal) -> None:
    cases = [(0, 0, 0.5, None), (9, 0, 10, None), (9, 0, 10, 2), (3, 4, 1, None), (50, 0, 24 * 31, 1), (7, 2, 700, 650)]
    roots = []
    for up, down, hours, replied in cases:
        root = say()
        if replied is not None:
            age(say(by=bilal, to=root), f"{replied} hours")
        Comment.objects.filter(pk=root.pk).update(up=up, down=down, trending=99)
        roots.append(age(root, f"{hours} hours"))

    assert folding.refresh_trending() == len(cases)
    for root, (up, down, hours, replied) in zip(roots, cases, strict=True):
        root.refresh_from_db()
        expected = trending(up, down, ago(hours), ago(hours if replied is None else replied), NOW)
        assert root.trending == pytest.approx(expected, rel=0.01)


def test_a_reply_that_was_taken_back_makes_nothing_young(say, bilal) -> None:
    root = age(say(), "10 hours")
    writing.remove(say(by=bilal, to=root), bilal)

    folding.refresh_trending()

    root.refresh_from_db()
    assert root.trending == pytest.approx(0.1, rel=0.01)


def test_what_was_just_said_trends_at_once(say, discussion) -> None:
    old = age(say(), "10 hours")
    folding.refresh_trending()
    new = say()

    assert ids(discussion, "trending") == [new.pk, old.pk]


# -- the lists ---------------------------------------------------------------------------------------------------------


def ids(activity, name: str, seed: str = "x", size: int = reading.ROOTS) -> list[int]:
    """All pages of an order, one after the other."""
    found, cursor = [], ""
    for _page in range(100):
        page = reading.thread(activity, ranking.order_named(name, seed), cursor=cursor, size=size)
        found += [row.id for row in page.roots]
        if page.next is None:
            return found
        cursor = page.next
    raise AssertionError("the pages never end")


@pytest.fixture
def seven(say) -> list[Comment]:
    """Seven roots with different votes and replies; some are equal in some orders."""
    roots = [say() for _n in range(7)]
    votes = [(0, 0), (10, 0), (1, 0), (5, 5), (0, 0), (10, 0), (60, 40)]
    for root, (up, down), replies in zip(roots, votes, [0, 3, 1, 5, 0, 3, 2], strict=True):
        Comment.objects.filter(pk=root.pk).update(up=up, down=down, best=wilson(up, down), reply_count=replies)
    return roots


@pytest.mark.parametrize("size", [1, 2, 3, 20])
def test_best_newest_and_debated_are_complete_on_pages_of_any_size(seven, discussion, size) -> None:
    number = {comment.pk: place for place, comment in enumerate(seven)}

    assert [number[pk] for pk in ids(discussion, "best", size=size)] == [5, 1, 6, 3, 2, 4, 0]
    assert [number[pk] for pk in ids(discussion, "newest", size=size)] == [6, 5, 4, 3, 2, 1, 0]
    assert [number[pk] for pk in ids(discussion, "debated", size=size)] == [3, 5, 1, 6, 2, 4, 0]


@given(
    seed=st.text(max_size=12),
    size=st.integers(1, 8),
    shuffles=st.lists(st.sampled_from([0.0, 0.1, 0.5, 0.9]), min_size=7, max_size=7),
)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_root_stands_on_the_ring_exactly_once(seven, discussion, seed, size, shuffles) -> None:
    for root, shuffle in zip(seven, shuffles, strict=True):  # many share their number: the id decides then
        Comment.objects.filter(pk=root.pk).update(shuffle=shuffle)

    assert sorted(ids(discussion, "shuffled", seed, size)) == sorted(root.pk for root in seven)


def test_the_ring_is_read_in_both_directions_from_different_points(seven, discussion) -> None:
    for place, root in enumerate(seven):
        Comment.objects.filter(pk=root.pk).update(shuffle=place / 7)
    orders = [ranking.order_named("shuffled", str(seed)) for seed in range(100)]
    read = {tuple(ids(discussion, "shuffled", str(seed))) for seed in range(100)}

    assert {order.descending for order in orders} == {True, False}
    assert len({order.start for order in orders}) == 100
    assert len(read) == 14  # seven starting points, two directions


def test_whoever_reads_on_stays_on_their_ring_when_the_hour_moves_it(seven, discussion) -> None:
    first = reading.thread(discussion, ranking.order_named("shuffled", "10 o'clock"), size=3)
    found = [row.id for row in first.roots]
    page = first
    for hour in ("11 o'clock", "person 7", "noon"):
        if page.next is not None:
            page = reading.thread(discussion, ranking.order_named("shuffled", hour), cursor=page.next, size=3)
            found += [row.id for row in page.roots]

    assert sorted(found) == sorted(root.pk for root in seven)


def test_everybody_who_is_not_signed_in_reads_the_same_order_within_an_hour(asha, bilal) -> None:
    def seed(person: User | AnonymousUser, at: str) -> str:
        request = RequestFactory().get("/", headers={"user-agent": at})
        request.user = person
        with time_machine.travel(f"2026-03-01T{at}:00Z", tick=False):
            return seed_for(request)

    nobody = AnonymousUser()
    assert seed(nobody, "10:00") == seed(nobody, "10:59") != seed(nobody, "11:00")
    assert seed(asha, "10:00") == seed(asha, "11:00") != seed(bilal, "10:00")


@pytest.mark.parametrize("name", ranking.NAMES)
@pytest.mark.parametrize(
    "cursor",
    ["x", "W10", "WzEsMl0", "WzEsMiwzLDQsNSw2XQ", "WyJhIiwiYiJd", "W251bGwsMV0", "e30", "WzFlOTksMWU5OV0", "NaN"],
)
def test_a_made_up_cursor_is_not_found(seven, discussion, name, cursor) -> None:
    if cursor == "WzEsMl0" and name != "shuffled":
        return  # [1, 2] is what a cursor of these orders looks like
    with pytest.raises(Http404):
        reading.thread(discussion, ranking.order_named(name), cursor=cursor)


def test_a_root_without_replies_that_is_gone_is_on_no_page(seven, asha, discussion) -> None:
    writing.remove(seven[0], asha)

    for name in ranking.NAMES:
        assert sorted(ids(discussion, name)) == sorted(root.pk for root in seven[1:])
