"""What was answered, counted by the database: for each question how often each option, with and without an account apart."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from surveys.models import Question, Survey
from surveys.models.question import words_of

SMALL = 10  # fewer answers than this are not shown: somebody might be recognised in them
COUNTING = ("single", "multi", "matrix_single", "matrix_multi", "ranking", "scale", "nps", "state", "place", "consent")

# One row for each question, column (guest or not), row of a table and option: how often, and the sum of its places.
OPTIONS = """
SELECT a.question_id, r.by_guest, e.line, e.code, count(*), sum(e.place)
FROM surveys_answer a JOIN surveys_response r ON r.id = a.response_id JOIN surveys_question q ON q.id = a.question_id
CROSS JOIN LATERAL (
  SELECT '' AS line, a.value #>> '{}' AS code, 0::bigint AS place WHERE jsonb_typeof(a.value) IN ('string', 'number', 'boolean')
  UNION ALL SELECT '', item #>> '{}', place FROM jsonb_array_elements(CASE jsonb_typeof(a.value) WHEN 'array' THEN a.value ELSE '[]' END)
    WITH ORDINALITY AS one(item, place)
  UNION ALL SELECT pair.key, cell #>> '{}', 0 FROM jsonb_each(CASE jsonb_typeof(a.value) WHEN 'object' THEN a.value ELSE '{}' END) AS pair,
    LATERAL jsonb_array_elements(CASE jsonb_typeof(pair.value) WHEN 'array' THEN pair.value ELSE jsonb_build_array(pair.value) END) AS cell
) e
WHERE r.activity_id = %s AND r.completed_at IS NOT NULL AND a.counts AND q.kind = ANY(%s)
  AND (q.kind <> 'place' OR e.line = 'state')
GROUP BY 1, 2, 3, 4
"""
ANSWERED = """
SELECT a.question_id, r.by_guest, count(*),
  avg((a.value #>> '{}')::numeric) FILTER (WHERE q.kind IN ('number', 'scale', 'nps')),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY CASE WHEN q.kind IN ('number', 'scale', 'nps') THEN (a.value #>> '{}')::float END)
FROM surveys_answer a JOIN surveys_response r ON r.id = a.response_id JOIN surveys_question q ON q.id = a.question_id
WHERE r.activity_id = %s AND r.completed_at IS NOT NULL AND a.counts GROUP BY 1, 2
"""
PEOPLE = """
SELECT count(*) FILTER (WHERE NOT by_guest AND completed_at IS NOT NULL), count(*) FILTER (WHERE by_guest AND completed_at IS NOT NULL),
  count(*) FILTER (WHERE completed_at IS NULL), min(completed_at), max(completed_at) FROM surveys_response WHERE activity_id = %s
"""


@dataclass
class Bar:
    """One option: how many chose it, of how many; guests apart. `mean_place` is of a ranking, 1 the first."""

    words: str
    n: int
    of: int
    guests: int = 0
    mean_place: float | None = None
    code: str = ""
    weighted: float | None = None  # share in percent, where there are weights

    @property
    def percent(self) -> int:
        return round(100 * self.n / self.of) if self.of else 0


@dataclass
class Block:
    """The options of a question, or of one row of its table."""

    words: str
    bars: list[Bar]


@dataclass
class Result:
    """One version of one question. `n` are answers of people with an account, `guests` those of others."""

    question: Question
    n: int = 0
    guests: int = 0
    blocks: list[Block] = field(default_factory=list)
    mean: float | None = None
    median: float | None = None

    @property
    def too_few(self) -> bool:
        return self.n + self.guests < SMALL

    @property
    def is_counted(self) -> bool:
        return self.question.kind in COUNTING


@dataclass
class Results:
    """A survey's numbers: who took part, and a result for each question in the survey's order."""

    people: int
    guests: int
    unfinished: int
    first: Any
    last: Any
    questions: list[Result]

    @property
    def too_few(self) -> bool:
        return self.people + self.guests < SMALL


def results_of(survey: Survey) -> Results:
    """Four queries, whatever the number of questions and answers."""
    questions = list(survey.questions.exclude(kind=Question.Kind.INFO).in_order())
    found = {question.pk: Result(question) for question in questions}
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, [survey.pk])
        people, guests, unfinished, first, last = cursor.fetchone()
        cursor.execute(ANSWERED, [survey.pk])
        for pk, by_guest, n, mean, median in cursor.fetchall():
            result = found[pk]
            if by_guest:
                result.guests = n
            else:
                result.n, result.mean, result.median = n, mean, median
        cursor.execute(OPTIONS, [survey.pk, list(COUNTING)])
        counted: dict[int, dict[tuple[bool, str, str], tuple[int, int]]] = defaultdict(dict)
        for pk, by_guest, line, code, n, places in cursor.fetchall():
            counted[pk][by_guest, line, code] = (n, int(places or 0))
    for result in found.values():
        if result.is_counted:
            result.blocks = blocks_of(result, counted[result.question.pk])
    # A version that nobody answered and nobody is asked any more says nothing.
    shown = [result for result in found.values() if result.question.retired_at is None or result.n + result.guests]
    return Results(people, guests, unfinished, first, last, shown)


def blocks_of(result: Result, counted: dict[tuple[bool, str, str], tuple[int, int]]) -> list[Block]:
    question = result.question
    own = "state" if question.kind == Question.Kind.PLACE else ""
    lines = [(row["code"], words_of(row)) for row in question.rows] or [(own, "")]
    blocks = []
    for line, words in lines:
        of = result.n
        if question.rows and question.kind == Question.Kind.MATRIX_SINGLE:
            of = sum(n for (guest, row, _code), (n, _places) in counted.items() if row == line and not guest)
        bars = []
        for code, label in options_of(question):
            n, places = counted.get((False, line, code), (0, 0))
            guests, _places = counted.get((True, line, code), (0, 0))
            mean = places / n if question.kind == Question.Kind.RANKING and n else None
            bars.append(Bar(label, n, of, guests, mean, code))
        if question.kind == Question.Kind.RANKING:
            bars.sort(key=lambda bar: bar.mean_place or 99)
        elif question.has_states:
            bars = sorted((bar for bar in bars if bar.n or bar.guests), key=lambda bar: -bar.n)
        blocks.append(Block(words, bars))
    return blocks


def options_of(question: Question) -> list[tuple[str, str]]:
    """Codes as they are stored, and words."""
    if question.kind in {Question.Kind.SCALE, Question.Kind.NPS}:
        return [(str(step), str(step)) for step in question.steps]
    if question.kind == Question.Kind.CONSENT:
        return [("true", "✓")]
    return [(option["code"], words_of(option)) for option in question.options]
