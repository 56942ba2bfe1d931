"""Weights for a survey against a census table, and how far those who answered are like the country."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from surveys import raking
from surveys.models import CensusShare, Question, Survey
from surveys.models.question import words_of
from surveys.quotas import MEASURES
from surveys.results import COUNTING

CELLS = """
SELECT coalesce(measured ->> 'region', ''), coalesce(measured ->> 'gender', ''), coalesce(measured ->> 'age', ''), count(*)
FROM surveys_response WHERE activity_id = %s AND completed_at IS NOT NULL AND NOT over_quota AND NOT by_guest GROUP BY 1, 2, 3
"""
# Options by cell, for the questions with one value each: what weights are multiplied into.
BY_CELL = """
SELECT a.question_id, a.value #>> '{}', coalesce(r.measured ->> 'region', ''), coalesce(r.measured ->> 'gender', ''),
  coalesce(r.measured ->> 'age', ''), count(*)
FROM surveys_answer a JOIN surveys_response r ON r.id = a.response_id JOIN surveys_question q ON q.id = a.question_id
WHERE r.activity_id = %s AND r.completed_at IS NOT NULL AND a.counts AND NOT r.over_quota AND NOT r.by_guest
  AND q.kind = ANY(%s) AND jsonb_typeof(a.value) IN ('string', 'number', 'boolean') GROUP BY 1, 2, 3, 4, 5
"""


@dataclass
class Likeness:
    """One respect in which people are compared with the census. `left_out` says why it is not in the weights."""

    measure: str
    score: float
    rows: list[tuple[str, int, float, float]]  # words, answers, share among answers, share in the census
    missing: list[str]

    @property
    def in_weights(self) -> bool:
        return not self.missing


@dataclass
class Weighing:
    people: int
    weighed: int  # of whom everything is known that the weights need
    likeness: list[Likeness]
    weights: raking.Weights | None
    design_effect: float = 0.0
    shares: dict[tuple[int, str], float] | None = None  # by question and code, weighted

    @property
    def worth(self) -> int:
        """As many unweighted answers would be as exact."""
        return round(self.weighed / self.design_effect) if self.design_effect else 0


def weighing_of(survey: Survey) -> Weighing | None:
    """None when the survey has no census table."""
    if survey.census_id is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(CELLS, [survey.pk])
        everybody = {(region, gender, age): n for region, gender, age, n in cursor.fetchall()}
    census: dict[str, dict[str, float]] = {}
    for measure, category, people in CensusShare.objects.filter(table=survey.census_id).values_list(
        "measure", "category", "people"
    ):
        census.setdefault(measure, {})[category] = float(people)
    asked = {q.measures: q for q in survey.questions.current().exclude(measures="")}
    likeness = [
        alike(m, MEASURES.index(m), everybody, census[m], asked[m]) for m in MEASURES if m in census and m in asked
    ]
    used = [one for one in likeness if one.in_weights]
    places = [MEASURES.index(one.measure) for one in used]
    cells: dict[raking.Cell, int] = {}
    for cell, n in everybody.items():
        if all(cell[place] in census[MEASURES[place]] for place in places):
            short = tuple(cell[place] for place in places)
            cells[short] = cells.get(short, 0) + n
    found = Weighing(sum(everybody.values()), sum(cells.values()), likeness, None)
    if used and cells:
        try:
            found.weights = raking.rake(cells, [(one.measure, census[one.measure]) for one in used])
        except raking.Impossible:  # somebody of a category is there, but lacks another answer that the weights need
            return found
        found.design_effect = raking.design_effect(found.weights.of, cells)
        found.shares = weighted_shares(survey, found.weights.of, places)
    return found


def alike(measure: str, place: int, cells: dict[Any, int], census: dict[str, float], question: Question) -> Likeness:
    counts: dict[str, int] = {}
    for cell, n in cells.items():
        if cell[place]:
            counts[cell[place]] = counts.get(cell[place], 0) + n
    shares, words = raking.scaled(census), {option["code"]: words_of(option) for option in question.options}
    people = sum(counts.values()) or 1
    rows = [
        (words.get(code, code), counts.get(code, 0), 100 * counts.get(code, 0) / people, 100 * shares.get(code, 0.0))
        for code in dict.fromkeys([*(c for c in words if c in counts or c in shares), *counts])
    ]
    missing = [words.get(code, code) for code in shares if not counts.get(code)]
    return Likeness(measure, raking.representativeness(counts, census), rows, missing)


def weighted_shares(
    survey: Survey, weights: dict[raking.Cell, float], places: list[int]
) -> dict[tuple[int, str], float]:
    sums: dict[tuple[int, str], float] = {}
    totals: dict[int, float] = {}
    with connection.cursor() as cursor:
        cursor.execute(BY_CELL, [survey.pk, list(COUNTING)])
        for question, code, *cell, n in cursor.fetchall():
            weight = weights.get(tuple(cell[place] for place in places), 0.0) * n
            sums[question, code] = sums.get((question, code), 0.0) + weight
            totals[question] = totals.get(question, 0.0) + weight
    return {key: 100 * value / totals[key[0]] for key, value in sums.items() if totals[key[0]]}
