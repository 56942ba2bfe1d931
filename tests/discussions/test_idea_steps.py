"""An idea takes each step once, for its own reason, by the database's clock."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from commons.audit.models import Event
from commons.core import clock
from commons.core.moments import INDIA
from commons.people.models import User
from discussions import idea_steps, ideas
from discussions.models import Idea, Support

State = Idea.State


def events(idea):
    return list(
        Event.objects.filter(target_id=idea.pk, name__startswith="idea").order_by("id").values_list("name", flat=True)
    )


def test_a_new_idea_looks_for_sponsors_and_is_in_no_list(idea):
    assert idea.state == State.PENDING
    assert list(Idea.objects.shown()) == []


def test_sponsors_bring_it_before_a_moderator_not_into_the_list(idea, supported):
    supported(idea, 5)

    assert (idea.state, idea.support_count, idea.opened_at) == (State.SPONSORED, 5, None)
    assert idea.sponsored_at is not None
    assert list(Idea.objects.waiting_for_moderators()) == [idea]


def test_four_sponsors_are_not_enough(idea, supported):
    supported(idea, 4)

    assert idea.state == State.PENDING


def test_a_sponsor_who_leaves_takes_the_step_back(idea, supported):
    people = supported(idea, 5)
    ideas.support(idea.pk, people[0].pk, wanted=False)
    ideas.fold()
    idea.refresh_from_db()

    assert (idea.state, idea.support_count, idea.sponsored_at) == (State.PENDING, 4, None)


def test_a_moderator_opens_it_for_six_months_once(idea, supported, mod):
    supported(idea, 5)

    assert idea_steps.open_up(idea, mod) is True
    assert idea_steps.open_up(idea, mod) is False
    idea.refresh_from_db()
    assert idea.state == State.OPEN
    assert idea.closes_at - idea.opened_at == timedelta(days=182)
    assert events(idea) == ["idea brought", "idea sponsored", "idea opened"]


def test_support_ends_when_the_six_months_are_over(opened, bilal):
    Idea.objects.filter(pk=opened.pk).update(closes_at=timezone.now() - timedelta(seconds=1))

    assert ideas.support(opened.pk, bilal.pk, wanted=True) is None
    assert not Support.objects.filter(person=bilal).exists()


def test_the_clock_of_the_web_server_does_not_matter(opened, bilal):
    with time_machine.travel(timezone.now() + timedelta(days=365)):
        assert ideas.support(opened.pk, bilal.pk, wanted=True) == 6


@pytest.mark.parametrize(("level", "counted"), [(0, None), (1, 1)])
def test_support_keeps_to_the_forums_verification(idea, level, counted):
    person = User.objects.create_user("new@example.org", level=level)

    assert ideas.support(idea.pk, person.pk, wanted=True) == counted


def test_nobody_supports_their_own(idea, asha):
    assert ideas.support(idea.pk, asha.pk, wanted=True) is None


def test_each_threshold_counts_once(opened, supported):
    supported(opened, 0)
    for n, person in enumerate(User.objects.bulk_create(User(email=f"more{i}@example.org", level=1) for i in range(7))):
        ideas.support(opened.pk, person.pk, wanted=True)
        ideas.fold()
        opened.refresh_from_db()
        total = 6 + n
        assert (opened.acknowledge_due is not None) == (total >= 8)
        assert (opened.answer_due is not None) == (total >= 10)
        assert (opened.hearing_earned_at is not None) == (total >= 12)
    today = clock.now().astimezone(INDIA).date()
    assert opened.acknowledge_due == today + timedelta(days=10)
    assert opened.answer_due == today + timedelta(days=60)
    assert events(opened)[3:] == ["idea earned acknowledgement", "idea earned answer", "idea earned hearing"]


def test_support_that_earned_an_answer_stays(opened, bilal):
    ideas.support(opened.pk, bilal.pk, wanted=True)
    Idea.objects.filter(pk=opened.pk).update(answer_due=timezone.now().date())

    assert ideas.support(opened.pk, bilal.pk, wanted=False) is None
    assert Support.objects.filter(idea=opened, person=bilal).count() == 1


def test_no_sponsors_in_ninety_days_stop_it(idea):
    Idea.objects.filter(pk=idea.pk).update(created_at=timezone.now() - timedelta(days=91))

    assert [idea_steps.stop_unsponsored(), idea_steps.stop_unsponsored()] == [1, 0]
    idea.refresh_from_db()
    assert idea.state == State.STOPPED


def test_after_ninety_days_nobody_sponsors_even_before_the_worker_has_looked(idea, bilal):
    Idea.objects.filter(pk=idea.pk).update(created_at=timezone.now() - timedelta(days=91))

    assert ideas.support(idea.pk, bilal.pk, wanted=True) is None


@pytest.mark.parametrize(
    ("step", "start", "end"),
    [
        (lambda idea, mod: idea_steps.flag(idea, mod, "Look again."), State.SPONSORED, State.FLAGGED),
        (lambda idea, mod: idea_steps.park(idea, mod, "Which stops?"), State.SPONSORED, State.DORMANT),
        (lambda idea, mod: idea_steps.open_up(idea, mod), State.DORMANT, State.OPEN),
        (lambda idea, mod: idea_steps.reject(idea, mod, "duplicate", "See idea 7."), State.SPONSORED, State.REJECTED),
        (lambda idea, mod: idea_steps.hide(idea, mod, "offence", "It insults."), State.OPEN, State.HIDDEN),
        (lambda idea, mod: idea_steps.restore(idea, mod), State.HIDDEN, State.PENDING),
    ],
)
def test_a_moderators_steps(idea, mod, step, start, end):
    Idea.objects.filter(pk=idea.pk).update(state=start)

    assert step(idea, mod) is True
    idea.refresh_from_db()
    assert idea.state == end


@pytest.mark.parametrize("state", [State.PENDING, State.REJECTED, State.HIDDEN, State.STOPPED, State.RETIRED])
def test_only_what_waits_can_be_opened(idea, mod, state):
    Idea.objects.filter(pk=idea.pk).update(state=state)

    assert idea_steps.open_up(idea, mod) is False


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2026, 11, 2), date(2026, 11, 30)),  # a Monday
        (date(2026, 10, 1), date(2026, 10, 30)),  # the 31st is a Saturday
        (date(2026, 5, 20), date(2026, 5, 29)),  # the 31st is a Sunday
        (date(2028, 2, 1), date(2028, 2, 29)),  # a leap year
    ],
)
def test_the_last_working_day(day, last):
    assert idea_steps.last_working_day(day) == last


@pytest.fixture
def many(forum, asha, crowd):
    """Eight open ideas with 8, 7, … 1 supporters; the two last are the only ones about water."""
    from commons.directory.models import Sector

    water = Sector.objects.create(slug="water", name="Water")
    made = []
    for n in range(8):
        idea = ideas.bring(forum, asha, title=f"Idea number {n}", ask=f"Do thing {n}.", sector=water if n > 5 else None)
        Idea.objects.filter(pk=idea.pk).update(state=State.OPEN, opened_at=timezone.now(), support_count=8 - n)
        made.append(idea.pk)
    return made


def test_a_months_first_five_and_the_first_of_each_subject_rise_once(many):
    day = date(2026, 11, 30)

    assert [idea_steps.escalate_month(date(2026, 11, 27)), idea_steps.escalate_month(day)] == [0, 6]
    risen = set(Idea.objects.filter(escalated_at__isnull=False).values_list("pk", flat=True))
    assert risen == {*many[:5], many[6]}
    assert set(Idea.objects.filter(pk__in=risen).values_list("answer_due", flat=True)) == {date(2027, 1, 29)}


def test_asked_twice_in_a_month_nothing_more_rises(many):
    today = timezone.now().astimezone(INDIA).date()
    last = idea_steps.last_working_day(today)

    assert [idea_steps.escalate_month(last), idea_steps.escalate_month(last)] == [6, 0]
