"""A small world in which every address leads somewhere, and the people who knock."""

from collections.abc import Callable
from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from commons.comments import writing
from discussions import ideas
from tests.security import addresses

SENT = []  # nothing is sent: jobs are not run here


@pytest.fixture(autouse=True)
def unused_limits(settings):
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def world(education, health, group, make_discussion, make_poll, asha, bilal, meera, arjun, dev, mod, admin, settings):
    """A group, a discussion, a forum, a comment and an idea whose names and numbers are those of `addresses.SAMPLES`."""
    with connection.cursor() as cursor:
        for table in ("comments_comment", "discussions_idea", "notifications_notification"):
            cursor.execute(f"ALTER SEQUENCE {table}_id_seq RESTART WITH 1")
    type(education).objects.create(code=addresses.SAMPLES["slug"], name={"en": "Schools"})
    talk = make_discussion(addresses.SAMPLES["slug"], group=group)
    make_poll(slug=addresses.POLL)
    forum = make_discussion("forum", is_forum=True, closes_at=None)
    writing.write(talk, asha, "More teachers for small schools, please.")
    ideas.bring(forum, asha, title="Shade at bus stops", ask="Put a roof over every bus stop.")


@pytest.fixture
def browsers(asha, mod, meera, admin) -> Callable[[str], Client]:
    """A browser of one of them; errors come back as pages, as they would to anybody."""

    def browser(who: str) -> Client:
        client = Client(raise_request_exception=False)
        if who != "anonymous":
            client.force_login({"asha": asha, "mod": mod, "meera": meera, "admin": admin}[who])
        return client

    return browser


@contextmanager
def undone():
    """What one request writes, or breaks, is gone before the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(name="undone")
def _undone():
    return undone
