"""The polls of the bench: a thousand and one that are open, one that closed with a thousand ballots, one with a million.

Ballots of the closed ones are made by the database, as many at once as it can; then the portal's own code counts them,
chains them and seals the poll, as it does every second of its life.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from bench import words
from commons.activities.models import Activity
from polls import counting
from polls.models import Option, Poll
from polls.sealing import seal

OPEN, OPTIONS = 1001, 5  # the first of the open ones is the hot one
SMALL, LARGE = 1000, 1_000_000
FIRST = 2001  # the first poll's number; the discussions come before
CLOSED = {FIRST + OPEN: ("poll-thousand", SMALL), FIRST + OPEN + 1: ("poll-million", LARGE)}

# Receipts and secrets are hashes of the row's number: without 0 and 1, which no receipt has.
BALLOTS = """
INSERT INTO polls_ballot (poll_id, receipt, secret, choice, "order", traits)
SELECT %(poll)s, regexp_replace(translate(upper(left(md5(n::text), 16)), '01', 'GH'), '(....)(....)(....)(....)', '\\1-\\2-\\3-\\4'),
  md5((-n)::text), (n * 31 %% %(options)s + 1)::text || ':1', '',
  concat('all|state:', n %% 36 + 1, '|born:', 1950 + n * 7 %% 55, '|gender:', (ARRAY['f', 'm'])[n %% 2 + 1], '|channel:web')
FROM generate_series(1, %(ballots)s) n
"""
CASTS = """
WITH casts AS (
  INSERT INTO polls_cast (poll_id, ballot_id, choice, traits, secret, commitment)
  SELECT poll_id, id, choice, traits, secret, encode(sha256(convert_to(
    concat_ws(E'\\n', 'mygov-ballot-1', %(slug)s::text, receipt, choice, secret), 'UTF8')), 'hex')
  FROM polls_ballot WHERE poll_id = %(poll)s RETURNING id
)
INSERT INTO polls_waiting (cast_id) SELECT id FROM casts
"""


def polls(now: datetime, copy: Callable[..., None]) -> None:
    slugs = ["poll-hot", *(f"poll-{n}" for n in range(1, OPEN)), *(slug for slug, _n in CLOSED.values())]
    names = [
        "id", "kind", "institution_id", "slug", "title", "summary", "body", "opens_at", "closes_at", "state",
        "published_at", "search_text", "conversation",
    ]  # fmt: skip
    rows: list[tuple[Any, ...]] = []
    for number, slug in enumerate(slugs, start=FIRST):
        title = words.title(number)
        closes = now - timedelta(minutes=5) if number in CLOSED else now + timedelta(days=30)
        texts = json.dumps(title, ensure_ascii=False)
        opened = now - timedelta(days=60)
        rows.append((
            number, "polls", number % 12 + 1, slug, texts, texts, texts, opened, closes, "published", opened, title["en"],
            "none",
        ))  # fmt: skip
    copy(Activity, names, rows)
    copy(Poll, ["activity_ptr_id", "method", "shown"], [(row[0], "single", "after_vote") for row in rows])
    options = (
        (row[0], n, json.dumps({"en": f"Option {n}", "hi": f"विकल्प {n}"}))
        for row in rows
        for n in range(1, OPTIONS + 1)
    )
    copy(Option, ["poll_id", "number", "label"], options)
    count()


def count() -> None:
    """Casts, counts, chains and seals the two closed polls."""
    for poll, (slug, ballots) in CLOSED.items():
        with connection.cursor() as cursor:
            given = {"poll": poll, "ballots": ballots, "options": OPTIONS, "slug": slug}
            cursor.execute(BALLOTS, given)
            cursor.execute(CASTS, given)
        while counting.fold():
            pass
        if not seal(Poll.objects.get(pk=poll)):
            raise RuntimeError(f"{slug} could not be sealed")
