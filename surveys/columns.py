"""A survey's answers as columns: always the same ones in the questions' order, whatever way somebody took."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from surveys.models import Question, Response, Survey
from surveys.models.question import MATRIX, PLACE_PARTS

Kind = Question.Kind


@dataclass(frozen=True)
class Column:
    """`part` is an option (of a question with several answers, or of an order), a row of a table, or of a place its
    state, latitude or longitude."""

    name: str
    question: Question
    part: str = ""

    def cell(self, value: Any) -> str | int | float:
        """What stands in it; empty where nothing was answered or asked."""
        if value is None:
            return ""
        kind = self.question.kind
        if kind == Kind.MULTI:
            return int(self.part in value)
        if kind == Kind.RANKING:
            return value.index(self.part) + 1 if self.part in value else ""
        if kind == Kind.PLACE:
            return value.get(self.part, "")
        if kind in MATRIX:
            inner = value.get(self.part, "")
            return " ".join(inner) if isinstance(inner, list) else inner
        if kind == Kind.CONSENT:
            return int(bool(value))
        if kind == Kind.FILE:
            return str(value["name"])
        return value


def columns_of(questions: list[Question]) -> list[Column]:
    """Every version of every question has its own: what was asked otherwise is analysed apart."""
    found = []
    for question in questions:
        name = question.name if question.version == 1 else f"{question.name}_v{question.version}"
        found += [Column(f"{name}__{part}" if part else name, question, part) for part in parts_of(question)]
    return found


def parts_of(question: Question) -> Sequence[str]:
    """What has a column of its own."""
    if question.kind == Kind.PLACE:
        return PLACE_PARTS
    if question.kind in MATRIX:
        return question.row_codes()
    return question.codes() if question.kind in {Kind.MULTI, Kind.RANKING} else [""]


def questions_of(survey: Survey) -> list[Question]:
    return list(survey.questions.exclude(kind=Kind.INFO).in_order())


BATCH = 500


def responses_of(survey: Survey) -> Iterator[tuple[Response, dict[int, Any]]]:
    """Every sent response with its answers that count, by question; a batch at a time, however many there are."""
    after = 0
    while True:
        rows = list(
            Response.objects.sent()
            .filter(activity=survey, pk__gt=after)
            .order_by("pk")
            .prefetch_related("answers")[:BATCH]
        )
        for row in rows:
            yield row, {answer.question_id: answer.value for answer in row.answers.all() if answer.counts}
        if len(rows) < BATCH:
            return
        after = rows[-1].pk
