"""Short ways to say something."""

import re
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.db import connection

from commons.activities.models import Activity
from commons.comments import writing
from commons.comments.models import Comment
from commons.people.models import User

numbers = count(1)


@pytest.fixture
def say(asha, discussion) -> Callable[..., Comment]:
    """Asha says something in the discussion, unless told otherwise; every text is another one."""

    def said(text: str | None = None, *, by: User | None = None, to: Comment | None = None, **fields: Any) -> Comment:
        activity = fields.pop("activity", to.activity if to else discussion)
        text = f"Thought number {next(numbers)}" if text is None else text
        return writing.write(activity, by or asha, text, parent=to, **fields)

    return said


@pytest.fixture
def people(db) -> Callable[[int], list[User]]:
    """That many citizens."""

    def make(many: int) -> list[User]:
        start = next(numbers)
        return User.objects.bulk_create(
            User(email=f"citizen{start}-{n}@example.org", password="!", display_name=f"Citizen {n}", level=1)
            for n in range(many)
        )

    return make


def set_window(activity: Activity, opens: str, closes: str | None) -> None:
    """Moves the window by the database's clock: set_window(discussion, "-1 hour", "+1 second")."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE activities_activity SET opens_at = clock_timestamp() + %s::interval,"
            " closes_at = clock_timestamp() + %s::interval WHERE id = %s",
            [opens, closes, activity.pk],
        )
    activity.refresh_from_db()


def age(comment: Comment, interval: str) -> Comment:
    """As if it had been written that long ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE comments_comment SET created_at = created_at - %s::interval WHERE id = %s", [interval, comment.pk]
        )
    comment.refresh_from_db()
    return comment


def match(pattern: str, text: str) -> re.Match[str]:
    """The first place where the pattern is found; the test fails where it is not."""
    found = re.search(pattern, text, re.S)
    assert found, pattern
    return found
