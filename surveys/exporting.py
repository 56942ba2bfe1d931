"""Answers as files: CSV and XLSX for analysts, a codebook, and microdata in which nobody can be recognised."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter

from surveys.anonymous import K, anonymised
from surveys.building import texts
from surveys.columns import Column, columns_of, questions_of, responses_of
from surveys.models import Question, Response, Survey
from surveys.models.question import PRIVATE

ABOUT = ("number", "channel", "without_account", "language", "sent_on", "beyond_quota")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(survey: Survey) -> Iterator[list[Any]]:
    """The heading, then one line for each sent response: a running number, never a name."""
    columns = columns_of(questions_of(survey))
    yield [*ABOUT, *(column.name for column in columns)]
    for number, (row, answers) in enumerate(responses_of(survey), start=1):
        yield [*about(number, row), *(column.cell(answers.get(column.question.pk)) for column in columns)]


def about(number: int, row: Response) -> list[Any]:
    sent = row.completed_at.date().isoformat() if row.completed_at else ""
    return [number, row.channel, int(row.by_guest), row.language, sent, int(row.over_quota)]


def as_csv(lines: Iterable[list[Any]]) -> Iterator[str]:
    """Line by line. What a spreadsheet would take for a formula is made a text."""
    for line in lines:
        out = StringIO()
        csv.writer(out).writerow([harmless(cell) for cell in line])
        yield out.getvalue()


def harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def as_xlsx(lines: Iterable[list[Any]], name: str) -> bytes:
    """One sheet, written a line at a time; texts stay texts."""
    out = BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        for y, line in enumerate(lines):
            for x, cell in enumerate(line):
                if cell != "":
                    sheet.write(y, x, cell)
    return out.getvalue()


def codebook(survey: Survey) -> Iterator[list[Any]]:
    """What each column means, in both languages; one line for each code."""
    yield [
        "column",
        "question_en",
        "question_hi",
        "kind",
        "version",
        "until",
        "shown_when",
        "code",
        "code_en",
        "code_hi",
    ]
    for column in columns_of(questions_of(survey)):
        question = column.question
        title = texts(question.title)
        until = question.retired_at.date().isoformat() if question.retired_at else ""
        first = [
            column.name,
            title.get("en", ""),
            title.get("hi", ""),
            question.kind,
            question.version,
            until,
            question.shown_when,
        ]
        part = next((p for p in [*question.rows, *question.options] if p["code"] == column.part), None)
        if part and not question.rows:
            yield [*first, column.part, part["text"].get("en", ""), part["text"].get("hi", "")]
            continue
        if part:
            yield [*first, column.part, part["text"].get("en", ""), part["text"].get("hi", "")]
        if column.part in {"lat", "lon"} and question.kind == Question.Kind.PLACE:
            yield [*first, "", "degrees, rounded to 0.01", "अंश, 0.01 तक"]
            continue
        yield from ([*first, o["code"], o["text"].get("en", ""), o["text"].get("hi", "")] for o in question.options)
        if not question.options:
            yield [*first, "", "", ""]


def microdata(survey: Survey, k: int = K) -> tuple[list[str], list[dict[str, str]], int]:
    """Columns, rows and how many rows were left out: for publishing. Each combination of region, age and gender
    fits at least `k` rows; free texts, numbers of phones, PIN codes, days, files and positions are not in it."""
    questions = [
        question
        for question in questions_of(survey)
        if question.kind not in {*PRIVATE, Question.Kind.NUMBER} and question.kind != Question.Kind.FILE
    ]
    columns = [column for column in columns_of(questions) if not is_position(column)]
    rows = [
        {c.name: str(c.cell(answers.get(c.question.pk))) for c in columns} for _row, answers in responses_of(survey)
    ]
    return [c.name for c in columns], *anonymised(rows, quasi(columns), k)


def quasi(columns: list[Column]) -> list[str]:
    """What others may know about somebody: where they are is given up first, then the age, then the gender."""
    order = {"": 0, "region": 0, "age": 1, "gender": 2}
    known = [column for column in columns if column.question.measures or column.question.has_states]
    return [column.name for column in sorted(known, key=lambda column: order[column.question.measures])]


def is_position(column: Column) -> bool:
    """Latitude or longitude: even rounded they say where somebody lives."""
    return column.question.kind == Question.Kind.PLACE and column.part != "state"
