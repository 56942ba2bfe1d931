"""An open forum, ideas in it, and people who support them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from commons.people.models import User
from discussions import ideas
from discussions.models import Discussion, Idea


@pytest.fixture
def forum(make_discussion) -> Discussion:
    """Five sponsors open an idea, eight earn an acknowledgement, ten an answer, twelve a hearing."""
    return make_discussion(
        "open-forum",
        is_forum=True,
        conversation=Discussion.Conversation.NONE,
        closes_at=None,
        acknowledge_at=8,
        answer_at=10,
        hearing_at=12,
    )


@pytest.fixture
def idea(forum, asha) -> Idea:
    return ideas.bring(forum, asha, title="Shade at bus stops", ask="Put a roof over every bus stop.")


@pytest.fixture
def crowd(db) -> Callable[[int], list[User]]:
    """So many people who may support."""

    def make(n: int) -> list[User]:
        return User.objects.bulk_create(
            User(email=f"supporter{i}@example.org", display_name=f"Supporter {i}", level=1) for i in range(n)
        )

    return make


@pytest.fixture
def supported(crowd) -> Callable[[Idea, int], list[User]]:
    """Lets so many people support the idea, and folds."""

    def support(idea: Idea, n: int) -> list[User]:
        people = crowd(n)
        for person in people:
            ideas.support(idea.pk, person.pk, wanted=True)
        ideas.fold()
        idea.refresh_from_db()
        return people

    return support


@pytest.fixture
def opened(idea, supported, mod) -> Idea:
    """An idea that found its sponsors and was opened by a moderator two days ago."""
    from discussions import idea_steps

    supported(idea, 5)
    assert idea_steps.open_up(idea, mod)
    Idea.objects.filter(pk=idea.pk).update(opened_at=timezone.now() - timedelta(days=2))
    idea.refresh_from_db()
    return idea
