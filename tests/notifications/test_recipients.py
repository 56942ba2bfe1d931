"""Who hears what: every event has its case, every case its words, and the right people are told once."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils import timezone

from commons.activities import ledger, lifecycle
from commons.activities.models import Outcome
from commons.audit.models import Event
from commons.comments import moderating, writing
from commons.follows import following
from commons.people.models import User
from mygov.notifications import telling, words
from mygov.notifications.event_groups import GROUP_OF
from mygov.notifications.models import Delivery, Notification
from mygov.notifications.recipients import CASES


def announced() -> set[str]:
    """Every name of an event that the code announces: literals given to `happened`, `done` or `step`."""
    names = set()
    for file in Path(settings.BASE_DIR).glob("*/**/*.py"):
        if file.parts[-2] == "migrations" or "tests" in file.parts or ".venv" in file.parts:
            continue
        for call in ast.walk(ast.parse(file.read_text())):
            if not isinstance(call, ast.Call):
                continue
            called = getattr(call.func, "id", getattr(call.func, "attr", ""))
            place = {"happened": 0, "done": 3, "step": 2}.get(called)
            if place is not None and len(call.args) > place:
                names |= {node.value for node in ast.walk(call.args[place]) if isinstance(node, ast.Constant)}
    return {name for name in names if isinstance(name, str) and name}


def test_every_event_of_the_code_has_a_case():
    found = announced()

    assert {"commented", "outcome", "idea opened", "disposed"} <= found  # the search itself works
    assert found - {"opened", "closed"} <= set(CASES)


def test_every_notification_has_words_in_both_languages(asha):
    from django.utils import translation

    for event in GROUP_OF:
        told = Notification(person=asha, event=event, values={"standing": "adopted", "words": "x"})
        for language in ("en", "hi"):
            with translation.override(language):
                assert words.sentence(told), event


def hear(*people) -> dict[str, list[str]]:
    """What each of these people was told, after the events so far were told."""
    telling.expand()
    return {
        str(person): list(Notification.objects.filter(person=person).order_by("id").values_list("event", flat=True))
        for person in people
    }


def test_whoever_is_answered_hears_it_and_nobody_else(discussion, asha, bilal, meera):
    root = writing.write(discussion, asha, "Serve eggs twice a week.")
    writing.write(discussion, bilal, "And bananas.", parent=root)
    writing.write(discussion, asha, "Yes.", parent=root)

    assert hear(asha, bilal, meera) == {"Asha": ["reply"], "Bilal": [], "Meera": []}


def test_an_official_answer_is_called_one(discussion, asha, meera, education):
    root = writing.write(discussion, asha, "Serve eggs twice a week.")
    writing.write(discussion, meera, "From April.", parent=root, as_institution=education)

    assert hear(asha) == {"Asha": ["official answer"]}


def test_contributing_follows_and_the_outcome_reaches_everybody_who_spoke(discussion, asha, bilal, meera, arjun):
    writing.write(discussion, asha, "Serve eggs twice a week.")
    following.follow(bilal, discussion)
    outcome = Outcome(activity=discussion, headline="Eggs from April.", body="…")
    lifecycle.write_outcome(outcome, meera)
    lifecycle.publish_outcome(outcome, arjun)

    assert hear(asha, bilal, meera) == {"Asha": ["outcome"], "Bilal": ["outcome"], "Meera": []}


def test_whoever_turned_it_off_stays_in_peace(discussion, asha, meera, arjun):
    writing.write(discussion, asha, "Serve eggs twice a week.")
    telling.expand()
    following.unfollow(asha, discussion)
    writing.write(discussion, asha, "And milk.")
    lifecycle.close_early(discussion, arjun, "The law was passed.")

    assert hear(asha) == {"Asha": []}


def test_what_became_of_it_is_told_with_the_words(discussion, asha, meera):
    comment = writing.write(discussion, asha, "Serve eggs twice a week.")
    ledger.dispose([comment.contribution], by=meera, standing="adopted", words="From April.")
    telling.expand()

    told = Notification.objects.get(person=asha)
    assert (told.event, words.reason(told), told.path) == (
        "disposed", "From April.", f"/impact/mine/?reference={comment.contribution.reference}#{comment.contribution.reference}",
    )  # fmt: skip
    assert words.sentence(told) == "What you said: Adopted."


def test_its_author_hears_why_it_was_hidden(discussion, asha, mod):
    comment = writing.write(discussion, asha, "You are all thieves.")
    moderating.hide(comment, mod, "offence", "It insults people.")
    telling.expand()

    assert words.reason(Notification.objects.get(person=asha, event="hidden")) == "It insults people."


def test_approvers_hear_what_waits_but_not_the_author(make_discussion, meera, arjun, dev):
    draft = make_discussion("draft", state="draft", author=meera, published_at=None, opens_at=None)
    lifecycle.submit_for_review(draft, meera)

    assert hear(meera, arjun, dev) == {"Meera": [], "Arjun": ["submitted"], "Dev": []}


def test_followers_of_a_group_hear_that_something_opened(make_discussion, group, bilal):
    following.follow(bilal, group)
    make_discussion("new", group=group)
    lifecycle.announce_phases()

    assert hear(bilal) == {"Bilal": ["opened"]}


def test_told_twice_is_told_once(discussion, asha, bilal):
    writing.write(discussion, bilal, "And bananas.", parent=writing.write(discussion, asha, "Eggs."))
    telling.expand()
    Event.objects.update(told_at=None)

    assert hear(asha) == {"Asha": ["reply"]}


def test_mail_goes_only_where_an_address_was_proved(discussion, asha, bilal):
    EmailAddress.objects.create(user=asha, email=asha.email, verified=True, primary=True)
    for who in (asha, bilal):
        mine = writing.write(discussion, who, f"{who} begins.")
        other = User.objects.create_user(f"other{who.pk}@example.org", level=1)
        writing.write(discussion, other, f"An answer to {who}.", parent=mine)
    telling.expand()

    assert [delivery.notification.person for delivery in Delivery.objects.all()] == [asha]


def test_a_thousand_people_cost_few_queries(discussion, django_assert_max_num_queries, crowd_of_followers):
    crowd_of_followers(1000)
    Event.objects.create(name="outcome", target_id=discussion.pk)
    with django_assert_max_num_queries(25):
        telling.expand()
    assert Notification.objects.count() == 1000


@pytest.fixture
def crowd_of_followers(discussion):
    from commons.follows.models import Follow

    def make(n):
        people = User.objects.bulk_create(User(email=f"f{i}@example.org") for i in range(n))
        Follow.objects.bulk_create(Follow(person=person, activity=discussion) for person in people)

    return make


def test_an_event_that_breaks_waits_and_holds_up_nobody(discussion, asha, bilal):
    writing.write(discussion, bilal, "And bananas.", parent=writing.write(discussion, asha, "Eggs."))
    Event.objects.create(name="commented", target_id=999_999_999)
    Event.objects.filter(target_id=999_999_999).update(next_try_at=timezone.now() - timedelta(days=1))

    assert hear(asha) == {"Asha": ["reply"]}
    stuck = Event.objects.get(told_at=None)
    assert (stuck.attempts, stuck.error.partition(":")[0]) == (1, "DoesNotExist")
    assert stuck.next_try_at > timezone.now()


def test_a_broken_event_is_told_once_it_is_mended(discussion, asha, bilal, monkeypatch):
    monkeypatch.setitem(CASES, "commented", lambda pk: iter([1 / 0]))
    writing.write(discussion, bilal, "And bananas.", parent=writing.write(discussion, asha, "Eggs."))
    telling.expand()
    assert Event.objects.filter(told_at=None).count() == 2
    monkeypatch.undo()
    Event.objects.update(next_try_at=timezone.now())

    assert hear(asha) == {"Asha": ["reply"]}
    assert not Event.objects.filter(told_at=None).exists()
