"""Changing, taking back, pinning: five silent minutes, versions after them, tombstones where others replied."""

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError

from commons.activities.models import Contribution
from commons.audit.models import Entry
from commons.comments import moderating, reading, screening, writing
from commons.comments.models import Comment, CommentVersion
from commons.comments.ranking import order_named
from commons.comments.refused import Refused
from commons.comments.screening import Finding
from tests.comments.conftest import age, set_window

State = Comment.State


def fresh(comment: Comment) -> Comment:
    return Comment.objects.get(pk=comment.pk)


def roots(discussion, me: int | None = None) -> list[int]:
    return [row.id for row in reading.thread(discussion, order_named("newest"), me=me).roots]


# -- changing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("old", "versions"), [("4 minutes 50 seconds", 0), ("5 minutes 1 second", 1)])
@pytest.mark.parametrize("year", [2001, 2090])
def test_five_minutes_are_silent_by_the_databases_clock(say, asha, old, versions, year) -> None:
    comment = age(say("Befor"), old)

    with time_machine.travel(f"{year}-01-01", tick=True):
        writing.edit(comment, asha, "Before")

    comment = fresh(comment)
    assert (comment.body, comment.body_html) == ("Before", "<p>Before</p>\n")
    assert [v.body for v in comment.versions.all()] == ["Befor"] * versions
    assert (comment.edited_at is not None) == bool(versions)
    assert Contribution.objects.get(pk=comment.contribution_id).excerpt == "Before"


def test_every_later_version_is_kept_and_the_same_text_is_no_change(say, asha) -> None:
    comment = age(say("One"), "1 hour")
    for text in ("Two", "Two", "Three"):
        writing.edit(fresh(comment), asha, text)

    assert [v.body for v in comment.versions.all()] == ["Two", "One"]


def test_nobody_changes_what_somebody_else_said(say, bilal, meera, mod, admin) -> None:
    comment = say("Mine")
    for person in (bilal, meera, mod, admin):
        with pytest.raises(PermissionDenied):
            writing.edit(comment, person, "Yours")

    assert fresh(comment).body == "Mine"


def test_after_the_close_nothing_changes_any_more(say, asha, discussion) -> None:
    comment = say("By the deadline")
    set_window(discussion, "-1 hour", "-1 second")

    with pytest.raises(Refused) as refused:
        writing.edit(comment, asha, "After it")

    assert (refused.value.code, fresh(comment).body) == ("closed", "By the deadline")


def test_an_institution_mends_its_answer_also_after_the_close(say, meera, education, discussion) -> None:
    answer = age(say("In Jun", by=meera, as_institution=education), "1 hour")
    set_window(discussion, "-1 hour", "-1 second")

    writing.edit(answer, meera, "In June")

    assert (fresh(answer).body, CommentVersion.objects.get().body) == ("In June", "In Jun")


def test_a_change_is_checked_like_a_new_text(say, asha) -> None:
    comment = say("Short")
    with pytest.raises(ValidationError):
        writing.edit(comment, asha, "x" * 1001)
    with pytest.raises(ValidationError):
        writing.edit(comment, asha, "\x00")
    writing.edit(comment, asha, "Call 98765 43210")

    assert fresh(comment).body == "Call ••••10"


def test_a_change_that_trips_a_rule_is_held_and_no_longer_counts(say, asha, discussion) -> None:
    def links(text: str, **asked: object) -> list[Finding]:
        return [Finding("spam", "It has links.")] if "http" in text else []

    comment = say("Harmless")
    screening.asked.connect(links)
    try:
        writing.edit(comment, asha, "http://buy.example")
    finally:
        screening.asked.disconnect(links)

    discussion.refresh_from_db()
    comment = fresh(comment)
    assert (comment.state, comment.state_reason, comment.state_words) == (State.HELD, "spam", "It has links.")
    assert (discussion.comment_count, discussion.participant_count) == (0, 0)


# -- taking back -------------------------------------------------------------------------------------------------------


def test_without_replies_it_is_gone_and_its_text_is_wiped_everywhere(say, asha, discussion) -> None:
    comment = age(say("Something private"), "1 hour")
    writing.edit(comment, asha, "Something else private")

    writing.remove(comment, asha)

    comment = fresh(comment)
    discussion.refresh_from_db()
    assert (comment.state, comment.body, comment.body_html, comment.versions.count()) == (State.REMOVED, "", "", 0)
    assert Contribution.objects.get(pk=comment.contribution_id).excerpt == ""
    assert (discussion.comment_count, discussion.participant_count) == (0, 0)
    assert roots(discussion) == roots(discussion, me=asha.pk) == []


def test_a_root_with_replies_leaves_a_tombstone(say, asha, bilal, discussion) -> None:
    root = say("Regret")
    say("Why?", by=bilal, to=root)

    writing.remove(root, asha)

    row = reading.thread(discussion, order_named("newest")).roots[0]
    assert (row.id, row.state, row.body_html, row.reply_count) == (root.pk, State.REMOVED, "", 1)


def test_a_reply_leaves_a_tombstone_only_where_something_visible_hangs_on_it(say, asha, bilal) -> None:
    root = say("Root", by=bilal)
    kept, gone = say("Answered", to=root), say("Not answered", to=root)
    below = say("Answer", by=bilal, to=kept)
    for comment in (kept, gone):
        writing.remove(comment, asha)

    assert [(row.id, row.state) for row in reading.all_replies(root.pk)[0]] == [
        (kept.pk, "removed"),
        (below.pk, "visible"),
    ]
    writing.remove(below, bilal)
    assert reading.all_replies(root.pk)[0] == []


def test_the_quote_of_what_was_taken_back_goes_with_it(say, asha, bilal) -> None:
    root = say("Root", by=bilal)
    two = say("Two", to=say("One", to=root))
    three = say("My address is 4 Main Road", to=two)
    four = say("Do not write that here", by=bilal, to=three)
    quoted = {row.id: row.above for row in reading.all_replies(root.pk)[0]}

    writing.remove(three, asha)

    assert quoted[four.pk] == "My address is 4 Main Road"
    assert {row.id: row.above for row in reading.all_replies(root.pk)[0]}[four.pk] is None


def test_nobody_takes_back_what_somebody_else_said_and_twice_is_once(say, asha, bilal, admin, discussion) -> None:
    comment = say("Mine")
    say("Also mine")
    for person in (bilal, admin):
        with pytest.raises(PermissionDenied):
            writing.remove(comment, person)
    writing.remove(comment, asha)
    writing.remove(comment, asha)

    discussion.refresh_from_db()
    assert (discussion.comment_count, discussion.participant_count) == (1, 1)


def test_whoever_comes_back_is_counted_once(say, asha, discussion) -> None:
    for _round in range(3):
        writing.remove(say("Hm"), asha)
    say("Well then")

    discussion.refresh_from_db()
    assert (discussion.comment_count, discussion.participant_count) == (1, 1)


# -- hidden and held ---------------------------------------------------------------------------------------------------


def test_hidden_is_seen_by_its_author_alone_with_the_reason(say, asha, bilal, mod, discussion) -> None:
    comment = say("Rude")
    moderating.hide(comment, mod, "offence", "Please stay polite.")

    own = reading.thread(discussion, order_named("newest"), me=asha.pk).roots[0]
    discussion.refresh_from_db()
    assert (own.id, own.state, own.state_words) == (comment.pk, State.HIDDEN, "Please stay polite.")
    assert roots(discussion) == roots(discussion, me=bilal.pk) == roots(discussion, me=mod.pk) == []
    assert (discussion.comment_count, discussion.participant_count) == (0, 0)


def test_restored_it_counts_again(say, asha, mod, discussion) -> None:
    comment = say("Not rude at all")
    reply = say("Agreed", to=comment)
    for one in (reply, comment):
        moderating.hide(one, mod, "offence", "Rude.")
        assert moderating.hide(one, mod, "offence", "Rude.") is False
    for one in (comment, reply):
        assert moderating.restore(one, mod) is True
        assert moderating.restore(one, mod) is False

    discussion.refresh_from_db()
    assert (discussion.comment_count, discussion.participant_count, fresh(comment).reply_count) == (2, 1, 1)


def test_what_its_author_took_back_cannot_be_restored(say, asha, mod) -> None:
    comment = say("Gone")
    writing.remove(comment, asha)

    assert moderating.restore(comment, mod) is False
    assert fresh(comment).state == State.REMOVED


# -- pinning -----------------------------------------------------------------------------------------------------------


def test_a_pinned_answer_stands_at_the_top_once_and_on_the_first_page_only(say, meera, education, discussion) -> None:
    answer = say("We read all of this.", by=meera, as_institution=education)
    others = [say().pk for _n in range(25)]
    writing.pin(answer, meera, pinned=True)
    writing.pin(answer, meera, pinned=True)

    first = reading.thread(discussion, order_named("newest"))
    second = reading.thread(discussion, order_named("newest"), cursor=first.next or "")

    assert [row.id for row in first.pinned] == [answer.pk]
    assert second.pinned == []
    assert [row.id for row in first.roots + second.roots] == others[::-1]
    assert Entry.objects.filter(verb="comment.pin").count() == 1


def test_unpinned_it_is_back_in_its_place(say, meera, education, discussion) -> None:
    answer = say("Officially", by=meera, as_institution=education)
    later = say("Later")
    writing.pin(answer, meera, pinned=True)
    writing.pin(fresh(answer), meera, pinned=False)

    page = reading.thread(discussion, order_named("newest"))
    assert (page.pinned, [row.id for row in page.roots]) == ([], [later.pk, answer.pk])


def test_a_pinned_reply_is_lifted_to_the_top_with_what_it_answers_and_stays_in_its_thread(
    say, meera, education, discussion
) -> None:
    question = say("Will there be eggs?")
    reply = say("Yes, from June.", by=meera, to=question, as_institution=education)
    writing.pin(reply, meera, pinned=True)

    page = reading.thread(discussion, order_named("newest"))
    (top,) = page.pinned
    assert (top.id, top.depth, top.quotes, top.above_id, top.above) == (reply.pk, 0, True, question.pk, question.body)
    assert [row.id for row in page.roots] == [question.pk]
    assert [row.id for row in page.replies[question.pk]] == [reply.pk]


def test_only_the_institution_pins_and_only_what_it_said(say, asha, meera, arjun, dev, mod, education) -> None:
    official = say("Officially", by=meera, as_institution=education)
    private = say("My own view", by=meera)
    for person, comment in [(asha, official), (dev, official), (mod, official), (meera, private)]:
        with pytest.raises(PermissionDenied):
            writing.pin(comment, person, pinned=True)
    writing.pin(official, arjun, pinned=True)

    assert list(Comment.objects.exclude(pinned_at=None)) == [official]


def test_a_pinned_answer_that_is_hidden_or_taken_back_leaves_the_top_and_its_thread_stays(
    say, bilal, meera, mod, education, discussion
) -> None:
    answers = [say(by=meera, as_institution=education) for _n in range(2)]
    for answer in answers:
        say("Thanks", by=bilal, to=answer)
        writing.pin(fresh(answer), meera, pinned=True)
    moderating.hide(answers[0], mod, "wrong", "Wrong.")
    writing.remove(fresh(answers[1]), meera)

    page = reading.thread(discussion, order_named("newest"))
    assert (page.pinned, [row.id for row in page.roots]) == ([], [answers[1].pk, answers[0].pk])
