"""The named cast every test uses. They are a cast, not users."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from commons.activities.models import Activity
from commons.directory.models import Institution, Post
from commons.people.models import User
from discussions.models import Discussion
from groups.models import Group
from polls.models import Option, Poll

PASSWORD = "mygov-demo"  # noqa: S105 - the cast's


def person(name: str, **fields: Any) -> User:
    """Joined a month ago, because texts of new accounts are screened (mygov.moderation.trust)."""
    fields = {"display_name": name.title(), "level": 1, "joined_at": timezone.now() - timedelta(days=30), **fields}
    return User.objects.create_user(f"{name}@example.org", password=PASSWORD, **fields)


@pytest.fixture
def education(db) -> Institution:
    return Institution.objects.create(
        code="education", name=LazyI18nString({"en": "Ministry of Education", "hi": "शिक्षा मंत्रालय"})
    )


@pytest.fixture
def health(db) -> Institution:
    return Institution.objects.create(
        code="health", name=LazyI18nString({"en": "Ministry of Health", "hi": "स्वास्थ्य मंत्रालय"})
    )


@pytest.fixture
def asha(db) -> User:
    """A citizen."""
    return person("asha")


@pytest.fixture
def bilal(db) -> User:
    """Another citizen."""
    return person("bilal")


@pytest.fixture
def meera(education) -> User:
    """Author in the Ministry of Education."""
    user = person("meera", is_staff=True)
    Post.objects.create(person=user, role=Post.Role.AUTHOR, institution=education)
    return user


@pytest.fixture
def arjun(education) -> User:
    """Approver in the Ministry of Education."""
    user = person("arjun", is_staff=True)
    Post.objects.create(person=user, role=Post.Role.APPROVER, institution=education)
    return user


@pytest.fixture
def dev(health) -> User:
    """Author and approver in another ministry."""
    user = person("dev", is_staff=True)
    Post.objects.create(person=user, role=Post.Role.AUTHOR, institution=health)
    Post.objects.create(person=user, role=Post.Role.APPROVER, institution=health)
    return user


@pytest.fixture
def mod(db) -> User:
    """Moderator of the whole platform."""
    user = person("mod", is_staff=True)
    Post.objects.create(person=user, role=Post.Role.MODERATOR)
    return user


@pytest.fixture
def admin(db) -> User:
    """Platform administrator."""
    return person("admin", is_staff=True, is_superuser=True)


@pytest.fixture
def group(education) -> Group:
    return Group.objects.create(
        institution=education,
        slug="schools",
        name=LazyI18nString({"en": "Better schools", "hi": "बेहतर विद्यालय"}),
        objective=LazyI18nString(
            {"en": "Schools every child likes to go to.", "hi": "ऐसे विद्यालय जहाँ हर बच्चा जाना चाहे।"}
        ),
        state=Group.State.ACTIVE,
    )


@pytest.fixture
def make_discussion(education) -> Callable[..., Discussion]:
    """Makes a discussion straight in the database: open for ten days unless told otherwise."""

    def make(slug: str = "midday-meals", **fields: object) -> Discussion:
        now = timezone.now()
        fields = {
            "institution": education,
            "title": LazyI18nString({"en": f"About {slug}", "hi": f"{slug} के बारे में"}),
            "summary": LazyI18nString({"en": "Tell us what works.", "hi": "बताइए क्या ठीक चल रहा है।"}),
            "promise": LazyI18nString({"en": "We will answer.", "hi": "हम उत्तर देंगे।"}),
            "state": Activity.State.PUBLISHED,
            "published_at": now - timedelta(days=1),
            "opens_at": now - timedelta(days=1),
            "closes_at": now + timedelta(days=10),
            **fields,
        }
        return Discussion.objects.create(slug=slug, **fields)

    return make


@pytest.fixture
def discussion(make_discussion) -> Discussion:
    return make_discussion()


@pytest.fixture
def make_poll(education) -> Callable[..., Poll]:
    """Makes a poll straight in the database, with options called by their words: open for ten days unless told otherwise."""

    def make(
        method: str = "single", options: tuple[str, ...] = ("Red", "Green", "Blue"), slug: str = "", **fields: Any
    ) -> Poll:
        now = timezone.now()
        window = {
            "state": Activity.State.PUBLISHED,
            "published_at": now - timedelta(days=1),
            "opens_at": now - timedelta(days=1),
            "closes_at": now + timedelta(days=10),
        }
        window |= {name: fields.pop(name) for name in list(fields) if name in window}
        costs = fields.pop("costs", ())
        slug = slug or f"poll-{method}"
        texts = {
            "title": LazyI18nString({"en": f"About {slug}", "hi": f"{slug} के बारे में"}),
            "summary": LazyI18nString({"en": "Choose.", "hi": "चुनिए।"}),
            "promise": LazyI18nString({"en": "We will answer.", "hi": "हम उत्तर देंगे।"}),
        }
        poll = Poll.objects.create(slug=slug, institution=education, method=method, **{**texts, **fields})
        Option.objects.bulk_create(
            Option(
                poll=poll,
                number=number,
                label=LazyI18nString({"en": words, "hi": f"{words} हिन्दी"}),
                cost=costs[number - 1] if costs else None,
            )
            for number, words in enumerate(options, start=1)
        )
        Activity.objects.filter(pk=poll.pk).update(**window)
        poll.refresh_from_db()
        return poll

    return make


@pytest.fixture
def poll(make_poll) -> Poll:
    """One choice of three colours; results are shown to whoever has voted."""
    return make_poll()
