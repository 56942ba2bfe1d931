"""Many people at the same moment, over real connections. Each guard is shown to be needed: without it, it fails."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client

from commons.activities.models import Activity
from commons.comments import counting, folding, screening, voting, writing
from commons.comments.models import Comment, CommentVote, Tally
from commons.comments.refused import Refused
from tests.comments.conftest import set_window

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE, PARALLEL = 1000, 20


def at_once(jobs: list[Callable[[], object]]) -> list[Exception]:
    """Runs each in a thread with a connection of its own; returns what went wrong."""
    wrong: list[Exception] = []
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> None:
        try:
            start.wait(timeout=30)
            job()
        except Exception as error:  # the test says which
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


@contextmanager
def without_the_constraint() -> Iterator[None]:
    """One vote a person and comment is no longer the database's business."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE comments_commentvote DROP CONSTRAINT vote_once")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM comments_commentvote")
            cursor.execute("ALTER TABLE comments_commentvote ADD CONSTRAINT vote_once UNIQUE (comment_id, person_id)")


def storm(comment: Comment, voters: list[int], vote: Callable[[int, int, int], object]) -> list[Exception]:
    """Everybody votes in twenty threads at the same time, for and against by turns, while counters are folded."""
    done = threading.Event()

    def cast(value: int) -> None:
        for person in voters:
            vote(comment.pk, person, value)

    def keep_folding() -> None:
        while not done.wait(0.05):
            folding.fold()
        connection.close()

    folders = [threading.Thread(target=keep_folding) for _n in range(2)]
    for folder in folders:
        folder.start()
    wrong = at_once([lambda value=value: cast(value) for value in [1, -1] * (PARALLEL // 2)])  # type: ignore[misc]
    done.set()
    for folder in folders:
        folder.join()
    folding.fold()
    return wrong


def check(comment: Comment, voters: list[int], wrong: list[Exception]) -> None:
    """Exactly one vote a person, and counters that say so."""
    comment.refresh_from_db()
    cast = list(CommentVote.objects.filter(comment=comment).values_list("value", flat=True))
    assert wrong == []
    assert len(cast) == len(voters)
    assert (comment.up, comment.down) == (cast.count(1), cast.count(-1))
    assert Tally.objects.count() == 0


def test_a_thousand_people_cast_twenty_votes_each_at_once_and_each_has_one(say, people) -> None:
    comment = say()
    voters = [person.pk for person in people(PEOPLE)]

    check(comment, voters, storm(comment, voters, voting.vote))


def test_the_same_fails_without_the_unique_constraint(say, people) -> None:
    comment = say()
    voters = [person.pk for person in people(20)]

    with without_the_constraint():
        wrong = storm(comment, voters, voting.vote)
        with pytest.raises(AssertionError):
            check(comment, voters, wrong)


def test_asking_first_and_then_inserting_would_count_people_twice(say, people) -> None:
    """The storm finds what it is there to find: the usual mistake, with nothing in the database against it."""
    comment = say()
    voters = [person.pk for person in people(20)]

    def ask_then_insert(comment_id: int, person: int, value: int) -> None:
        if not CommentVote.objects.filter(comment=comment_id, person=person).exists():
            CommentVote.objects.create(comment_id=comment_id, person_id=person, value=value)

    with without_the_constraint():
        wrong = storm(comment, voters, ask_then_insert)
        assert wrong == []
        assert CommentVote.objects.count() > len(voters)
        with pytest.raises(AssertionError):
            check(comment, voters, wrong)


def test_votes_over_http_at_once_never_answer_with_an_error(say, people) -> None:
    comment = say()
    voters = people(6)
    answers: list[int] = []
    clients = []
    for person in voters:
        client = Client()
        client.force_login(person)
        clients.append(client.cookies["sessionid"].value)

    def press(value: str) -> None:
        for session in clients:
            client = Client()
            client.cookies["sessionid"] = session
            response = client.post(f"/comments/{comment.pk}/vote/", {"value": value}, headers={"HX-Request": "true"})
            answers.append(response.status_code)

    wrong = at_once([lambda value=value: press(value) for value in ["1", "-1"] * (PARALLEL // 2)])  # type: ignore[misc]
    folding.fold()

    assert set(answers) == {200}
    assert len(answers) == len(voters) * PARALLEL
    check(comment, [person.pk for person in voters], wrong)


def test_taking_back_and_casting_at_once_leaves_counters_that_agree(say, people) -> None:
    comment = say()
    voters = [person.pk for person in people(30)]

    def shuffle(values: list[int]) -> None:
        for person in voters:
            for value in values:
                voting.vote(comment.pk, person, value)

    wrong = at_once([lambda v=v: shuffle(v) for v in ([1, 0], [-1, 1], [0, -1], [0, 1], [-1, 0], [1, -1])])  # type: ignore[misc]
    folding.fold()

    comment.refresh_from_db()
    cast = list(CommentVote.objects.values_list("value", flat=True))
    assert wrong == []
    assert (comment.up, comment.down) == (cast.count(1), cast.count(-1))


# -- writing -----------------------------------------------------------------------------------------------------------


def press_send_together(asha, discussion) -> int:
    """Eight sends of the same text meet between looking for the first one and writing. Returns how many were written."""
    meeting = threading.Barrier(8)

    def wait(**asked: object) -> list[screening.Finding]:
        with suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=1)
        return []

    screening.asked.connect(wait)
    try:
        wrong = at_once([lambda: writing.write(discussion, asha, "Once")] * 8)
    finally:
        screening.asked.disconnect(wait)
    assert wrong == []
    return Comment.objects.count()


def test_a_double_click_in_the_same_instant_is_one_comment(asha, discussion) -> None:
    assert press_send_together(asha, discussion) == 1


def test_without_its_turn_it_would_be_several(asha, discussion, monkeypatch) -> None:
    monkeypatch.setattr(counting, "lock_person_in", lambda activity, person: None)

    assert press_send_together(asha, discussion) > 1


def close_while_writing(asha, discussion) -> list[Exception]:
    """An official's transaction has the activity and closes it; somebody sends a comment meanwhile."""
    sent = threading.Event()

    def send() -> None:
        sent.set()
        writing.write(discussion, asha, "A moment too late")

    thread_wrong: list[Exception] = []
    with transaction.atomic():
        counting.lock_activity(discussion.pk)
        thread = threading.Thread(target=lambda: thread_wrong.extend(at_once([send])))
        thread.start()
        assert sent.wait(10)
        thread.join(timeout=1)
        set_window(discussion, "-1 hour", "-1 second")
    thread.join()
    return thread_wrong


def test_a_comment_waits_for_a_close_that_is_being_made_and_is_refused(asha, discussion) -> None:
    (refused,) = close_while_writing(asha, discussion)

    assert isinstance(refused, Refused)
    assert (refused.code, Comment.objects.count()) == ("closed", 0)


def test_without_the_lock_it_would_slip_in_after_the_close(asha, discussion, monkeypatch) -> None:
    lock = counting.lock_activity
    here = threading.get_ident()
    monkeypatch.setattr(
        counting,
        "lock_activity",
        lambda pk: lock(pk) if threading.get_ident() == here else Activity.objects.get(pk=pk),
    )
    monkeypatch.setattr(counting, "count", lambda comment, difference: None)  # it would wait for the row here

    assert close_while_writing(asha, discussion) == []
    assert Comment.objects.count() == 1


def comment_is_free_while_removal_waits(root: Comment, asha) -> bool:
    """Somebody's reply has the activity; the root's author takes the root back. Can the reply still count on the root?"""
    wrong: list[Exception] = []
    with transaction.atomic():
        counting.lock_activity(root.activity_id)
        thread = threading.Thread(target=lambda: wrong.extend(at_once([lambda: writing.remove(root, asha)])))
        thread.start()
        thread.join(timeout=1)
        try:
            with transaction.atomic():
                Comment.objects.select_for_update(of=("self",), no_key=True, nowait=True).get(pk=root.pk)
            free = True
        except OperationalError:
            free = False
    thread.join()
    assert wrong == []
    return free


def test_replying_and_taking_back_the_root_do_not_block_each_other_for_good(say, asha) -> None:
    assert comment_is_free_while_removal_waits(say(), asha) is True


def test_locking_the_comment_first_would(say, asha, monkeypatch) -> None:
    def comment_first(comment: Comment) -> Comment:
        row = Comment.objects.select_for_update(of=("self",), no_key=True).get(pk=comment.pk)
        row.activity = counting.lock_activity(comment.activity_id)
        return row

    monkeypatch.setattr(counting, "lock_comment", comment_first)

    assert comment_is_free_while_removal_waits(say(), asha) is False


def test_everybody_writes_replies_takes_back_and_votes_at_once_and_all_counters_agree(say, people, discussion) -> None:
    from commons.activities import counters

    root = say()
    crowd = people(6)

    def live(person) -> None:
        for turn in range(6):
            mine = writing.write(discussion, person, f"{person} says {turn}", parent=root if turn % 2 else None)
            voting.vote(root.pk, person.pk, [1, -1, 0][turn % 3])
            folding.fold()
            folding.refresh_trending()
            if turn % 3 == 0:
                writing.remove(mine, person)

    assert at_once([lambda person=person: live(person) for person in crowd]) == []  # type: ignore[misc]
    folding.fold()
    discussion.refresh_from_db()
    assert counters.find_drift() == []
    assert Comment.objects.count() == 1 + 6 * 6
    assert discussion.comment_count == Comment.objects.visible().count()  # those who wrote too fast are held
