"""Sorting open answers into themes. Suggestions come from answers like this one that were sorted already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from commons.activities import lifecycle
from commons.audit.record import record
from commons.core.cleaning import clean_text
from surveys import rules
from surveys.models import Answer, Coded, Question, Theme

if TYPE_CHECKING:
    from commons.people.models import User

PAGE = 20
MOST_THEMES = 40
ALIKE = 0.25  # trigram similarity from which an answer counts as like another


@dataclass
class Open:
    """An answer to sort: its words, and which themes answers like it stand under."""

    answer: Answer
    suggested: set[int]


def waiting(question: Question, after: int = 0) -> list[Open]:
    """The next answers nobody has sorted, the oldest first, each with suggestions: two queries."""
    rows = Answer.objects.filter(
        question=question, counts=True, response__completed_at__isnull=False, coded=None, pk__gt=after
    ).order_by("pk")[:PAGE]  # fmt: skip
    found = list(rows)
    alike = suggestions(question, [row.pk for row in found])
    return [Open(row, alike.get(row.pk, set())) for row in found]


# For each answer the five sorted ones most like it, and their themes.
LIKE = """
SELECT a.id, near.theme_id FROM surveys_answer a
CROSS JOIN LATERAL (
  SELECT c.theme_id, similarity(b.value #>> '{}', a.value #>> '{}') AS alike
  FROM surveys_coded c JOIN surveys_answer b ON b.id = c.answer_id
  WHERE b.question_id = %s AND c.theme_id IS NOT NULL AND b.id <> a.id
  ORDER BY alike DESC LIMIT 5
) near
WHERE a.id = ANY(%s) AND near.alike >= %s
"""


def suggestions(question: Question, ids: list[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(LIKE, [question.pk, ids, ALIKE])
        for answer, theme in cursor.fetchall():
            found.setdefault(answer, set()).add(theme)
    return found


@transaction.atomic
def add_theme(question: Question, by: User, name: str) -> Theme:
    """A new theme, or the one of that name. Raises ValidationError for an empty name, or too many of them."""
    lifecycle.require(rules.may_analyse(by, question.survey))
    name = " ".join(clean_text(name).split())[:80]
    if not name:
        raise ValidationError(_("Write the theme's name."))
    if question.themes.count() >= MOST_THEMES:
        raise ValidationError(_("At most %(n)s themes are possible.") % {"n": MOST_THEMES})
    theme, made = Theme.objects.get_or_create(question=question, name=name)
    if made:
        record("survey.theme", question.survey, by=by, activity_id=question.survey_id, after={question.name: name})
    return theme


@transaction.atomic
def sort(question: Question, by: User, chosen: dict[int, set[int]]) -> int:
    """Puts answers under themes: by answer's number the themes' numbers, none for “fits nowhere”. Twice is once.

    Answers and themes of other questions are passed over. Returns how many answers were sorted.
    """
    lifecycle.require(rules.may_analyse(by, question.survey))
    answers = set(Answer.objects.filter(question=question, pk__in=chosen).values_list("pk", flat=True))
    themes = set(question.themes.values_list("pk", flat=True))
    for answer in answers:
        wanted: set[int | None] = {theme for theme in chosen[answer] if theme in themes}
        Coded.objects.filter(answer=answer).delete()
        Coded.objects.bulk_create(Coded(answer_id=answer, theme_id=theme, by=by) for theme in wanted or {None})
    if answers:
        record(
            "survey.sort", question.survey, by=by, activity_id=question.survey_id, after={question.name: len(answers)}
        )
    return len(answers)


COUNTED = """
SELECT t.id, t.name, count(DISTINCT c.answer_id) FROM surveys_theme t LEFT JOIN surveys_coded c ON c.theme_id = t.id
WHERE t.question_id = %s GROUP BY 1, 2 ORDER BY 3 DESC, 1
"""


def themes_of(question: Question) -> list[tuple[int, str, int]]:
    """Each theme with how many answers stand under it, the largest first."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, [question.pk])
        return cursor.fetchall()
