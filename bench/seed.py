"""Fills an empty, migrated database for the bench: the same rows every time, by COPY.

1,000 topics of 20 comments and one discussion of 500, ten votes a comment; and one discussion of a million
comments (`--comments`); polls (bench/seed_polls.py). Run as a program of its own, because it needs Django's settings.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mygov.settings")
django.setup()

from django.conf import settings  # noqa: E402 - after setup
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402 - after setup
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import NOT_PROVIDED, Model  # noqa: E402
from django.utils import timezone  # noqa: E402
from i18nfield.strings import LazyI18nString  # noqa: E402

from bench import words  # noqa: E402
from bench.seed_polls import polls  # noqa: E402
from commons.activities.models import Activity, Contribution, Outcome  # noqa: E402
from commons.comments.models import Comment, CommentVote  # noqa: E402
from commons.comments.ranking import wilson  # noqa: E402
from commons.core.references import ALPHABET, check_sign  # noqa: E402
from commons.directory.models import Institution, Region, Sector  # noqa: E402
from commons.people.models import User  # noqa: E402
from discussions.models import Discussion  # noqa: E402
from groups.models import Group  # noqa: E402

TOPICS, REPLIES, BIG, VOTES = 1000, 20, 500, 10
PEOPLE = 2000  # the first half wrote the comments, the second half votes while the bench runs
chance = random.Random(20_260_101)
NOW = timezone.now()


def main(million: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no triggers and foreign keys while loading
        cursor.execute("SET maintenance_work_mem = '512MB'; SET statement_timeout = 0")
    directory()
    copy(User, ["id", "email", "password", "level", "display_name", "joined_at"], people())
    activities()
    with without_indexes(Comment, CommentVote, Contribution):
        comments(million)
    polls(NOW, copy)
    sessions()
    with connection.cursor() as cursor:
        for model in (Institution, Region, Sector, Group, User, Activity, Contribution, Comment, CommentVote):
            table = model._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM {table}))", [table])
        cursor.execute("VACUUM (ANALYZE)")


def both(english: str, hindi: str) -> LazyI18nString:
    return LazyI18nString({"en": english, "hi": hindi})


def directory() -> None:
    Institution.objects.bulk_create(
        Institution(id=n, code=f"ministry-{n}", name=both(f"Ministry number {n}", f"मंत्रालय {n}")) for n in range(1, 21)
    )
    Region.objects.bulk_create(
        Region(id=n, level="state", lgd_code=n, name=both(f"State {n}", f"राज्य {n}")) for n in range(1, 37)
    )
    Sector.objects.bulk_create(
        Sector(id=n, slug=f"subject-{n}", name=both(f"Subject {n}", f"विषय {n}")) for n in range(1, 17)
    )
    Group.objects.bulk_create(
        Group(
            id=n, institution_id=n, slug=f"group-{n}", name=both(f"Group {n}", f"समूह {n}"),
            objective=both("Better together.", "साथ मिलकर बेहतर।"), state=Group.State.ACTIVE,
        )
        for n in range(1, 13)
    )  # fmt: skip


def people() -> Iterator[tuple[Any, ...]]:
    long_ago = NOW - timedelta(days=900)
    for n in range(1, PEOPLE + 1):
        yield n, f"person{n}@bench.example", f"!{n}", 1, f"Person {n}", long_ago


def activities() -> None:
    """Topic 1 … 1,000 (ten open for one that is closed), then `five-hundred` and `million`."""
    names = [
        "id", "kind", "institution_id", "group_id", "slug", "title", "summary", "body", "promise", "promise_by",
        "opens_at", "closes_at", "state", "published_at", "comment_count", "participant_count", "search_text",
    ]  # fmt: skip
    slugs = [f"topic-{n}" for n in range(1, TOPICS + 1)] + ["five-hundred", "million"]
    rows = []
    for n, slug in enumerate(slugs, start=1):
        opened = NOW - timedelta(days=30, minutes=n)
        closes = NOW + (timedelta(days=20 + n % 60) if n % 11 or n > TOPICS else -timedelta(days=1 + n % 20))
        title, summary = words.title(n), words.sentence(chance)
        texts = [json.dumps(text, ensure_ascii=False) for text in (title, {"en": summary, "hi": summary})]
        about = json.dumps({"en": words.about(chance)})
        rows.append((
            n, "discussions", n % 12 + 1, n % 12 + 1, slug, *texts, about,
            json.dumps({"en": "We will answer the ten points most people support."}), closes + timedelta(days=30),
            opened, closes, "published", opened, REPLIES, REPLIES, f"{title['en']} {title['hi']} {summary}",
        ))  # fmt: skip
    copy(Activity, names, rows)
    copy(Discussion, ["activity_ptr_id"], [(row[0],) for row in rows])
    answered = [row[0] for row in rows if row[11] < NOW]
    outcomes = ((n, json.dumps(words.title(n)), json.dumps({"en": words.about(chance)}), NOW) for n in answered)
    copy(Outcome, ["activity_id", "headline", "body", "published_at"], outcomes)
    Activity.objects.filter(pk__in=answered).update(outcome_at=NOW)


class Row:
    """A comment as the loader keeps it."""

    __slots__ = ("activity", "author", "id", "root", "up")


def comments(million: int) -> None:
    plan = [(n, REPLIES) for n in range(1, TOPICS + 1)] + [(TOPICS + 1, BIG)]
    small = sum(size for _activity, size in plan)
    if million:
        plan.append((TOPICS + 2, million))
    texts = [words.text(chance) for _ in range(2000)]
    names = [
        "id", "activity_id", "author_id", "contribution_id", "parent_id", "root_id", "depth", "body", "body_html",
        "language", "created_at", "up", "down", "reply_count", "best", "trending", "shuffle",
    ]  # fmt: skip
    copy(Contribution, ["id", "reference", "activity_id", "person_id", "kind", "excerpt", "path", "language",
                        "created_at"], lines(plan, texts))  # fmt: skip
    copy(Comment, names, said(plan, texts, small))
    copy(CommentVote, ["comment_id", "person_id", "value"], ballots(small))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE activities_activity a SET comment_count = n.said, participant_count = n.people FROM ("
            " SELECT activity_id, count(*) AS said, count(DISTINCT author_id) AS people FROM comments_comment"
            " GROUP BY activity_id) n WHERE a.id = n.activity_id"
        )


def author(comment: int) -> int:
    return comment * 7919 % (PEOPLE // 2) + 1


def lines(plan: list[tuple[int, int]], texts: list[tuple[str, str, str]]) -> Iterator[tuple[Any, ...]]:
    row = 0
    for activity, size in plan:
        for _ in range(size):
            row += 1
            body, _html, language = texts[row * 31 % len(texts)]
            yield row, reference(row), activity, author(row), "comment", body[:200], f"/comments/{row}/", language, NOW


def reference(number: int) -> str:
    signs, left = "", number * 7_919_191 + 31**8
    for _ in range(10):
        left, sign = divmod(left, 31)
        signs += ALPHABET[sign]
    code = signs + check_sign(signs)
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def said(plan: list[tuple[int, int]], texts: list[tuple[str, str, str]], small: int) -> Iterator[tuple[Any, ...]]:
    """A quarter of each discussion are roots, and each has three replies: so every page has the same shape."""
    row = 0
    for activity, size in plan:
        root = None
        for place in range(size):
            row += 1
            root = row if place % 4 == 0 else root
            is_root = root == row
            body, html, language = texts[row * 31 % len(texts)]
            up, down = counts(row) if row <= small else (row * 13 % 90, row * 7 % 30)
            yield (
                row, activity, author(row), row, None if is_root else root, None if is_root else root, 0 if is_root else 1,
                body, html, language, NOW - timedelta(days=20) + timedelta(seconds=row), up, down,
                min(size - place - 1, 3) if is_root else 0, wilson(up, down), 0.0, chance.random(),
            )  # fmt: skip


def value(comment: int, number: int) -> int:
    return -1 if (comment + number) % 4 == 0 else 1


def counts(comment: int) -> tuple[int, int]:
    up = sum(value(comment, number) == 1 for number in range(VOTES))
    return up, VOTES - up


def ballots(small: int) -> Iterator[tuple[int, int, int]]:
    """Ten votes on every comment but those of the million, by people who write and vote at no other time."""
    for comment in range(1, small + 1):
        for number in range(VOTES):
            person = (author(comment) + number) % (PEOPLE // 2) + 1  # never the author
            yield comment, person, value(comment, number)


def sessions() -> None:
    """Everybody is signed in; the session's key tells who."""
    rows = []
    for person in User.objects.order_by("pk"):
        data = {
            SESSION_KEY: str(person.pk), HASH_SESSION_KEY: person.get_session_auth_hash(),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        }  # fmt: skip
        key = session_key(person.pk)
        rows.append((key, SessionStore().encode(data), NOW + timedelta(days=30)))
    copy(Session, ["session_key", "session_data", "expire_date"], rows)


def session_key(person: int) -> str:
    return f"bench{person:027d}"


def copy(model: type[Model], names: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """COPY into the model's own table; what is not named gets the default the model gives it."""
    fields = [f for f in model._meta.local_concrete_fields if f.column not in names and f.db_default is NOT_PROVIDED]
    defaults = {f.column: f.get_db_prep_save(f.get_default(), connection) for f in fields if not f.primary_key}
    rest = tuple(defaults.values())
    columns = ", ".join([*names, *defaults])
    with connection.cursor() as cursor, cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as target:
        for row in rows:
            target.write_row(row + rest)


class without_indexes:
    """Drops the indexes that belong to no constraint, and makes them again afterwards: loading is far faster."""

    FIND = """
      SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN
        (SELECT conname FROM pg_constraint WHERE contype IN ('p', 'u'))
    """

    def __init__(self, *models: type[Model]) -> None:
        self.tables = [model._meta.db_table for model in models]

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(self.FIND, [self.tables])
            self.dropped = cursor.fetchall()
            for name, _definition in self.dropped:
                cursor.execute(f'DROP INDEX "{name}"')

    def __exit__(self, *_: object) -> None:
        with connection.cursor() as cursor:
            for _name, definition in self.dropped:
                cursor.execute(definition)


if __name__ == "__main__":
    main(int(sys.argv[1]))
