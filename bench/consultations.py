"""`python -m bench.consultations [responses]`: a law of 500 clauses with 100,000 responses: its page, its next version, its files.

Starts a PostgreSQL of its own. Fails when the page asks more than 10 queries or sends more than 50 kB compressed for the
first screen, when a response is lost on its way to the next version or is placed differently the second time, or when a
file needs more memory for all responses than for a tenth of them.
"""

from __future__ import annotations

import gzip
import multiprocessing
import random
import resource
import sys
import time
from statistics import median
from typing import Any

from bench.own_database import with_own_database
from bench.words import sentence

CLAUSES = 500
QUOTED = 10_000  # responses that move to the next version
SLACK = 25  # MB
FORMATS = ("csv", "xlsx", "pdf", "docx")
WORDS = [
    "child",
    "school",
    "meal",
    "kitchen",
    "teacher",
    "parent",
    "village",
    "water",
    "grain",
    "milk",
    "officer",
    "month",
    "day",
    "report",
    "fund",
    "state",
    "notice",
    "period",
    "authority",
    "record",
    "rule",
    "person",
    "service",
    "claim",
    "board",
    "order",
    "place",
    "holder",
    "copy",
    "access",
    "form",
    "year",
]
RESPONSES = """
WITH place AS (
  SELECT w.clause_id, r.clause_id AS root, w.text, row_number() OVER (ORDER BY w.position) - 1 AS at, count(*) OVER () AS places
  FROM consultations_wording w
  JOIN consultations_wording r ON r.draft_id = w.draft_id AND r.position = w.root_position
  WHERE w.draft_id = %(draft)s AND w.depth = 1),
person AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM people_user WHERE email LIKE 'reader%%'),
line AS (
  INSERT INTO activities_contribution (reference, activity_id, person_id, kind, excerpt, path, channel, external_id, language, standing)
  SELECT 'B' || n, %(law)s, id, 'response', 'Said ' || n, '', 'web', n, 'en', 'received'
  FROM person WHERE n BETWEEN %(first)s AND %(last)s RETURNING id, person_id, external_id::bigint AS n),
aimed AS (
  SELECT line.*, place.*, 1 + abs(hashint8(n)) %% greatest(length(place.text) - 60, 1) AS begins
  FROM line JOIN place ON place.at = abs(hashint8(n * 7919)) %% place.places)
INSERT INTO consultations_annotation (activity_id, clause_id, root_id, draft_id, counted_at, author_id, contribution_id, stance,
  exact, prefix, suffix, proposed, body, language, state, state_reason, state_words)
SELECT %(law)s, clause_id, root, %(draft)s, ARRAY[clause_id, root], person_id, id, (ARRAY['support', 'oppose', 'ask'])[1 + n %% 3],
  substr(text, begins, 60), substr(text, greatest(begins - 32, 1), least(32, begins - 1)), substr(text, begins + 60, 32),
  '', 'Says number ' || n || ': ' || left(md5(n::text), 12) || ' ' || repeat('this comes too late for us. ', 4), 'en', 'visible', '', ''
FROM aimed
"""  # fmt: skip


def measure(responses: int) -> int:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    law, text = law_of(CLAUSES)
    people(responses)
    quoted = min(QUOTED, responses)
    fill(law, 1, quoted)
    faults = moved(law, text)
    few = {kind: made(law, *kind) for kind in kinds()}
    fill(law, quoted + 1, responses)
    faults += pages(law)
    for kind in kinds():
        size, seconds, peak, rows = made(law, *kind)
        before = few[kind][2]
        print(
            f"{kind[0]}.{kind[1]}: {responses:,} responses, {size / 1e6:.1f} MB in {seconds:.0f} s,"
            f" peak {peak} MB ({before} MB with {quoted:,})",
            flush=True,
        )
        if rows != (expected := responses if kind[0] == "responses" else CLAUSES):
            faults.append(f"{kind[0]}.{kind[1]}: {rows} of {expected} rows")
        if peak > before + SLACK:
            faults.append(f"{kind[0]}.{kind[1]}: memory grew from {before} to {peak} MB")
    for fault in faults:
        print("FAILED:", fault)
    return 1 if faults else 0


def kinds() -> list[tuple[str, str]]:
    return [(what, form) for what in ("responses", "matrix") for form in FORMATS]


def law_of(clauses: int) -> tuple[Any, str]:
    """A consultation that is open, with its first draft, and that draft's text."""
    from datetime import timedelta

    from django.utils import timezone

    from commons.directory.models import Institution, Post
    from commons.people.models import User
    from consultations import drafting, outline
    from consultations.models import Consultation, MatrixRow

    now, chance = timezone.now(), random.Random(7)
    ministry = Institution.objects.create(code="education", name="Education")
    author = User.objects.create(email="author@example.org", level=1, is_staff=True)
    Post.objects.create(person=author, role=Post.Role.AUTHOR, institution=ministry)
    law = Consultation.objects.create(
        institution=ministry, slug="law", title="A long law", note="-", summary="-", promise="-", author=author, conversation="none",
        published_at=now, opens_at=now, closes_at=now + timedelta(days=40),
    )  # fmt: skip
    rules = [
        f"## {n}. Rule number {n}\n\n(1) {words(chance)} in rule {n}.\n\n(2) {words(chance)} under rule {n}."
        for n in range(1, clauses + 1)
    ]
    text = "\n\n".join(rules)
    draft = drafting.bring_in(law, author, drafting.propose(law, outline.read(text)))
    assert draft is not None
    Consultation.objects.filter(pk=law.pk).update(state="published")
    MatrixRow.objects.bulk_create(
        MatrixRow(
            consultation=law, clause_id=row.clause_id, summary=sentence(chance), response=sentence(chance), decision="accepted", officer=author,
        )
        for row in draft.wordings.roots()
    )  # fmt: skip
    return Consultation.objects.get(pk=law.pk), text


def words(chance: random.Random) -> str:
    return " ".join(chance.choice(WORDS) for _word in range(60))


def people(number: int) -> None:
    from commons.people.models import User

    for first in range(0, number, 5000):
        User.objects.bulk_create(
            User(email=f"reader{n}@example.org", level=1) for n in range(first, min(first + 5000, number))
        )


def fill(law: Any, first: int, last: int) -> None:
    """One response of each person, spread over the law's parts; the counters as they would be."""
    from django.db import connection

    from commons.activities import counters

    with connection.cursor() as cursor:
        cursor.execute(RESPONSES, {"law": law.pk, "draft": law.drafts.get(number=1).pk, "first": first, "last": last})
        cursor.execute("ANALYZE")
    counters.mend(counters.find_drift())


def moved(law: Any, text: str) -> list[str]:
    """Responses go to a version in which every fifth clause reads differently; twice."""
    from consultations import drafting, moving, outline
    from consultations.models import Annotation, Draft, Placement

    chance = random.Random(8)
    rules = text.split("\n\n## ")
    for at in chance.sample(range(len(rules)), len(rules) // 5):
        heading, *parts = rules[at].split("\n\n")
        rules[at] = "\n\n".join([heading, *(edited(part, chance) for part in parts)])
    begun = time.monotonic()
    proposal = drafting.propose(law, outline.read("\n\n## ".join(rules)))
    matched = time.monotonic() - begun
    author = law.author
    drafting.bring_in(law, author, proposal, stage=Draft.Stage.REVISED)
    draft, found, seconds = law.drafts.get(number=2), [], []
    for _time in range(2):
        begun = time.monotonic()
        shares = moving.move_all(draft)
        seconds.append(time.monotonic() - begun)
        places = Placement.objects.filter(draft=draft).order_by("annotation")
        found.append(list(places.values_list("annotation", "clause", "how", "begin", "end")))
    said = Annotation.objects.count()
    parts = ", ".join(f"{how} {100 * shares[how] / said:.1f} %" for how in ("exact", "fuzzy", "unplaced"))
    print(f"next version: {len(proposal.matches)} wordings matched in {matched:.1f} s")
    print(f"  {said:,} responses placed in {median(seconds):.1f} s: {parts}", flush=True)
    faults = [] if found[0] == found[1] else ["the second time responses were placed differently"]
    if len(found[0]) != said or sum(shares.values()) != said:
        faults.append(f"{said - len(found[0])} responses were lost")
    return faults


def edited(part: str, chance: random.Random) -> str:
    old = part.split(" ")
    for _word in range(6):
        old[chance.randrange(1, len(old))] = chance.choice(WORDS)
    return " ".join(old)


def pages(law: Any) -> list[str]:
    """What a reader is sent, and what an official is."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.ALLOWED_HOSTS = ["*"]
    reader, official, faults = Client(), Client(), []
    official.force_login(law.author)
    url = f"/consultations/{law.slug}/"
    for who, name, address in (
        (reader, "first screen", url), (reader, "the whole text", f"{url}?all=1"), (official, "workbench", f"{url}workbench/"),
    ):  # fmt: skip
        who.get(address)
        times, asked = [], 0
        for _time in range(5):
            begun = time.monotonic()
            with CaptureQueriesContext(connection) as queries:
                page = who.get(address)
            times.append((time.monotonic() - begun) * 1000)
            asked = len(queries)
        size = len(gzip.compress(page.content, 6))
        print(f"{name}: {page.status_code}, {asked} queries, {median(times):.0f} ms, {size / 1000:.1f} kB compressed")
        if page.status_code != 200:
            faults.append(f"{name}: {page.status_code}")
        if name == "first screen" and (asked > 10 or size > 50_000):
            faults.append(f"{name}: {asked} queries, {size} bytes")
    return faults


def made(law: Any, what: str, form: str) -> tuple[int, float, int, int]:
    """Bytes of a file, seconds it took, the most memory (MB) of the process that made it and did nothing else, and its rows."""
    from django.db import connection

    connection.close()
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe(duplex=False)
    worker = fork.Process(target=make, args=(law.pk, what, form, there))
    worker.start()
    there.close()
    found: tuple[int, float, int, int] = here.recv()
    worker.join()
    return found


def make(law: int, what: str, form: str, answer: Any) -> None:
    from consultations.exports import making
    from consultations.models import Export, MatrixRow

    Export.objects.all().delete()
    export = Export.objects.create(
        consultation_id=law, what=what, format=form, total=MatrixRow.objects.filter(consultation=law).count()
    )
    begun = time.monotonic()
    making.make_due()
    export.refresh_from_db()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
    answer.send((export.size, time.monotonic() - begun, peak, export.done))


if __name__ == "__main__":
    sys.exit(with_own_database(lambda: measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)))
