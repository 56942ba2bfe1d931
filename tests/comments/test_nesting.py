"""Threads are three levels deep; what would be deeper stands beside what it answers, and quotes it."""

import pytest
from django.db import IntegrityError, transaction

from commons.comments import reading
from commons.comments.models import Comment


def chain(say, length: int) -> list[Comment]:
    said = [say("The root")]
    for level in range(1, length):
        said.append(say(f"Answer {level}", to=said[-1]))
    return said


def test_replies_nest_three_levels_deep(say) -> None:
    root, one, two, three = chain(say, 4)

    assert [(c.depth, c.parent, c.root) for c in (root, one, two, three)] == [
        (0, None, None),
        (1, root, root),
        (2, one, root),
        (3, two, root),
    ]


def test_a_deeper_reply_stands_beside_what_it_answers_and_quotes_it(say) -> None:
    root, _one, two, three, four, five = chain(say, 6)

    assert [(c.depth, c.parent, c.root, c.answers) for c in (three, four, five)] == [
        (3, two, root, None),
        (3, two, root, three),
        (3, two, root, four),
    ]


def test_a_thread_counts_everything_visible_below_its_root(say, discussion) -> None:
    root, *_below = chain(say, 6)

    root.refresh_from_db()
    discussion.refresh_from_db()
    assert (root.reply_count, discussion.comment_count, discussion.participant_count) == (5, 6, 1)


@pytest.mark.parametrize(
    "wrong", [{"depth": 4}, {"depth": 0}, {"parent": None}, {"root": None}, {"parent": None, "root": None}]
)
def test_the_database_refuses_a_thread_that_cannot_be(say, wrong) -> None:
    _root, reply = chain(say, 2)

    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=reply.pk).update(**wrong)


def test_a_page_of_replies_puts_each_under_what_it_answers(say) -> None:
    root = say("Root")
    first, second = say("First", to=root), say("Second", to=root)
    to_first = say("To first", to=first)
    to_second = say("To second", to=second)
    to_that = say("To that", to=to_first)

    rows, more = reading.all_replies(root.pk)

    assert [row.id for row in rows] == [first.pk, to_first.pk, to_that.pk, second.pk, to_second.pk]
    assert more is None


def test_replies_come_in_pages_that_miss_nothing_and_repeat_nothing(say, monkeypatch) -> None:
    monkeypatch.setattr(reading, "REPLIES_A_PAGE", 4)
    root = say("Root")
    said = [say(to=root) for _n in range(11)]
    found: list[list[int]] = []
    after: int | None = 0
    while after is not None:
        rows, after = reading.all_replies(root.pk, after=after)
        found.append([row.id for row in rows])

    ids = [comment.pk for comment in said]
    assert found == [ids[:4], ids[4:8], ids[8:]]


@pytest.mark.parametrize("place", [0, 1, 13, 29])
def test_the_page_a_link_leads_to_contains_the_comment(say, monkeypatch, place) -> None:
    monkeypatch.setattr(reading, "REPLIES_A_PAGE", 6)
    root = say("Root")
    said = [say(to=root) for _n in range(30)]

    rows, _more = reading.all_replies(root.pk, after=reading.start_before(said[place]))

    assert said[place].pk in [row.id for row in rows]


def test_a_page_of_roots_shows_two_replies_each_and_an_official_one_first(say, meera, education, discussion) -> None:
    root = say("Root")
    first, _second, _third = (say(to=root) for _n in range(3))
    official = say("Officially", by=meera, to=root, as_institution=education)

    found = reading.first_replies([root.pk], None)

    assert [row.id for row in found[root.pk]] == [first.pk, official.pk]
