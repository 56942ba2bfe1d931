"""An idea that found its sponsors waits for a moderator, who opens it, refuses it, or asks first."""

import pytest

from discussions import idea_steps
from discussions.models import Idea
from mygov.moderation import deciding, reporting, rules
from mygov.moderation.models import Case
from mygov.moderation.models.case import TIME_TO_OPEN

pytestmark = pytest.mark.django_db


def sponsored(idea):
    Idea.objects.filter(pk=idea.pk).update(support_count=idea.activity.sponsors_needed)
    idea.refresh_from_db()
    idea_steps.by_support(idea)
    return idea


@pytest.fixture
def case(bring, asha):
    return sponsored(bring(asha)).case


def state_of(case):
    return Idea.objects.get(pk=case.idea_id).state


def test_it_comes_before_moderators_in_the_same_moment(case):
    assert (case.reason, case.weight, case.standing, case.closed_at) == ("", 0, "unopened", None)
    assert case.due_at == case.opened_at + TIME_TO_OPEN


def test_losing_sponsors_takes_it_away_and_finding_them_brings_it_back(case):
    idea = case.idea
    Idea.objects.filter(pk=idea.pk).update(support_count=0)
    idea.refresh_from_db()
    idea_steps.by_support(idea)
    assert not Case.objects.waiting().exists()

    sponsored(idea)
    assert Case.objects.waiting().get().idea == idea


def test_laying_it_down_takes_it_away_but_not_what_was_reported(case, asha, bilal):
    from discussions import idea_author

    reporting.report(case.idea, bilal, "offence")
    idea_author.retire(case.idea, asha, "other", "")
    assert Case.objects.waiting().get().reason == "offence"


def test_a_moderator_opens_it(case, mod):
    deciding.decide(case, mod, "approve", seen=0)

    assert (state_of(case), Case.objects.waiting().exists()) == ("open", False)


def test_what_was_held_and_has_its_sponsors_opens_with_one_decision(case, mod, regular):
    for name in ("t1", "t2"):
        reporting.report(case.idea, regular(name), "spam")
    assert state_of(case) == "held"
    deciding.decide(case, mod, "approve", seen=0)

    assert state_of(case) == "open"


def test_what_was_held_without_sponsors_looks_for_them_again(bring, asha, mod, regular):
    idea = bring(asha)
    for name in ("t1", "t2"):
        reporting.report(idea, regular(name), "spam")
    deciding.decide(idea.case, mod, "approve", seen=0)

    assert state_of(idea.case) == "pending"


def test_whoever_asks_for_a_second_look_leaves_it_to_somebody_else(case, mod, admin):
    deciding.decide(case, mod, "flag", seen=0, words="Is this for the state?")
    case = Case.objects.get()

    assert (state_of(case), case.closed_at) == ("flagged", None)
    assert rules.options(mod, case) == []
    assert rules.options(admin, case) == ["approve", "park", "hide", "remove", "reject"]
    deciding.decide(case, admin, "approve", seen=1)
    assert state_of(case) == "open"


def test_asking_its_author_brings_it_back_in_a_week(case, mod, asha):
    from datetime import timedelta

    from django.utils import timezone

    from mygov.notifications import telling, words
    from mygov.notifications.models import Notification

    deciding.decide(case, mod, "park", seen=0, words="Which road do you mean?")
    case = Case.objects.get()
    telling.expand()

    assert (state_of(case), case.closed_at) == ("dormant", None)
    assert abs(case.due_at - timezone.now() - timedelta(days=7)) < timedelta(minutes=5)
    assert [words.reason(n) for n in Notification.objects.filter(person=asha, event="idea parked")] == [
        "Which road do you mean?"
    ]


@pytest.mark.parametrize("what", ["flag", "park"])
def test_asking_without_words_is_refused(case, mod, what):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError) as refused:
        deciding.decide(case, mod, what, seen=0)

    assert (list(refused.value.message_dict), state_of(case)) == (["words"], "sponsored")


def test_the_institution_that_has_to_answer_does_not_refuse_it_alone(bring, asha, health, other_moderator):
    """The idea was handed on: it is the other ministry's to answer, and it may not hide it either."""
    from commons.directory.models import Post

    case = sponsored(bring(asha)).case
    Idea.objects.filter(pk=case.idea_id).update(institution=health)
    Post.objects.create(person=other_moderator, role=Post.Role.MODERATOR)

    assert rules.options(other_moderator, Case.objects.get()) == ["approve", "flag", "park", "ask", "escalate"]
