"""The demo's country is the same every time."""

import pytest
from django.core.management import call_command
from django.db import transaction

from commons.comments.models import Comment
from discussions.models import Idea


@pytest.mark.django_db
def test_two_countries_are_one(settings):
    seen = []
    for _time in range(2):
        with transaction.atomic():
            call_command("seed_demo", verbosity=0)
            said = Comment.objects.order_by("activity__slug", "body", "created_at")
            brought = Idea.objects.order_by("title")
            seen.append((
                list(said.values_list("activity__slug", "body", "author__display_name", "up", "down", "state")),
                list(brought.values_list("title", "author__display_name", "support_count", "state")),
            ))  # fmt: skip
            transaction.set_rollback(True)

    assert len(seen[0][0]) > 400
    assert seen[0] == seen[1]
