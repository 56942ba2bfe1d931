"""Crowds that vote: honest ones behind one network, and one hand with many accounts."""

from datetime import timedelta
from itertools import count

import pytest
from django.db import connection
from django.utils import timezone

from commons.activities.models import Contribution
from commons.comments import counting, folding, voting
from commons.comments.models import Comment
from commons.integrity.traces import Trace, hashed
from commons.people.models import User

numbers = count(1)


@pytest.fixture
def say(discussion, asha):
    """A visible comment of Asha's, unless told otherwise."""

    def write(body=None, by=None, activity=None):
        body = body or f"Thought {next(numbers)}"
        activity = activity or discussion
        line = Contribution.objects.create(
            activity=activity, person=by or asha, kind="comment", excerpt=body[:200], language="en"
        )
        comment = Comment.objects.create(
            activity=activity, author=by or asha, contribution=line, body=body, body_html=f"<p>{body}</p>"
        )
        counting.count(comment, +1)
        return comment

    return write


@pytest.fixture
def crowd(db):
    """That many people who joined so many days ago."""

    def make(many, days=30.0):
        start = next(numbers)
        joined = timezone.now() - timedelta(days=days)
        return User.objects.bulk_create(
            User(
                email=f"crowd{start}-{n}@example.org", password="!", display_name=f"Person {n}", level=1,
                joined_at=joined,
            )
            for n in range(many)
        )  # fmt: skip

    return make


def cast(comment, person, value=1, *, network="198.51.100.0/24", device="", ago=0.0):
    """A vote from somewhere, so many seconds ago."""
    trace = Trace(hashed("network", network), hashed("device", device or f"own {person.pk}"))
    assert voting.vote(comment.pk, person.pk, value, trace=trace) is not None
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE comments_commentvote SET at = now() - %s * interval '1 second' WHERE comment_id = %s AND person_id = %s",
            [ago, comment.pk, person.pk],
        )


def stuff(comment, people, **trace):
    """They all vote for it, an hour apart, unless told otherwise."""
    gap = trace.pop("gap", 3600)
    for n, person in enumerate(people):
        cast(comment, person, ago=n * gap, **trace)


def kept(comment):
    """The counters: up, down, being checked, left out."""
    folding.fold()
    comment.refresh_from_db()
    return comment.up, comment.down, comment.aside, comment.left_out
