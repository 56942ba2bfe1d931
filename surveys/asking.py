"""A survey as one person meets it: its questions in their order, with their answers, in their language."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any

from django.http import QueryDict
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from commons.core.markdown import to_html
from surveys import paths, values
from surveys.models import Question, Section, Survey
from surveys.models.question import MATRIX, words_of
from surveys.shape import Form, Part

PIPED = re.compile(r"\{([a-z][a-z0-9_]{0,29})\}")


@dataclass
class Sheet:
    """The current questions of a survey. Read once a request: two queries, however many questions there are."""

    survey: Survey
    sections: list[Section]
    questions: list[Question]

    @classmethod
    def of(cls, survey: Survey) -> Sheet:
        return cls(
            survey, list(survey.sections.order_by("position")),
            list(survey.questions.current().order_by("section__position", "position")),
        )  # fmt: skip

    @cached_property
    def by_name(self) -> dict[str, Question]:
        return {question.name: question for question in self.questions}

    @cached_property
    def form(self) -> Form:
        inside: dict[int, list[Question]] = {}
        for question in self.questions:
            inside.setdefault(question.section_id, []).append(question)
        return Form(tuple(
            Part(section.slug, tuple(q.as_asked() for q in inside.get(section.pk, [])), section.condition, section.shuffled)
            for section in self.sections
        ))  # fmt: skip

    def section(self, slug: str) -> Section | None:
        return next((section for section in self.sections if section.slug == slug), None)


@dataclass
class Walk:
    """One person's way: what is shown to them, given their answers. `seed` decides every random order."""

    sheet: Sheet
    answers: dict[str, Any] = field(default_factory=dict)
    seed: int = 0

    @cached_property
    def shown(self) -> dict[str, list[str]]:
        """Names of the questions shown, by section."""
        return {part.name: [a.name for a in here] for part, here in paths.shown(self.sheet.form, self.answers)}

    @property
    def slugs(self) -> list[str]:
        return list(self.shown)

    def next_to(self, slug: str, step: int) -> str | None:
        """The section after (1) or before (−1) this one that is shown; this one may itself be hidden by now."""
        order = [section.slug for section in self.sheet.sections]
        shown = [one for one in order if one in self.shown or one == slug]
        place = shown.index(slug) + step if slug in shown else 0
        return shown[place] if 0 <= place < len(shown) else None

    def questions_in(self, slug: str) -> list[Question]:
        """Every question of the section in this person's order, shown or not."""
        section = self.sheet.section(slug)
        found = [q for q in self.sheet.questions if section and q.section_id == section.pk]
        if section and section.shuffled:
            Random(f"{self.seed}-section-{section.pk}").shuffle(found)  # noqa: S311 - an order, not a secret
        return found

    def visible_in(self, slug: str) -> list[Question]:
        names = set(self.shown.get(slug, []))
        return [question for question in self.questions_in(slug) if question.name in names]

    def lacking(self) -> list[Question]:
        return [self.sheet.by_name[asked.name] for _part, asked in paths.lacking(self.sheet.form, self.answers)]

    def counted(self) -> set[str]:
        return set(paths.counted(self.sheet.form, self.answers))

    def first_open(self) -> str | None:
        """Where to go on: the first section that has a question without an answer."""
        for slug in self.shown:
            if any(q.answers_count and q.name not in self.answers for q in self.visible_in(slug)):
                return slug
        return None

    # -- texts ------------------------------------------------------------------------------------
    def piped(self, text: object) -> str:
        """The text with earlier answers in it; templates escape it as they do any other."""
        return PIPED.sub(self.answer_for, str(text))

    def answer_for(self, found: re.Match[str]) -> str:
        question = self.sheet.by_name.get(found[1])
        return values.shown(question, self.answers.get(found[1])) or "…" if question else found[0]

    def piped_html(self, text: object) -> SafeString:
        """Official Markdown with citizens' answers in it: made HTML first, so that an answer is text and nothing else."""
        html = to_html(str(text), official=True)
        return mark_safe(PIPED.sub(lambda found: escape(self.answer_for(found)), html))  # noqa: S308 - cleaned, escaped

    def boxes(self, questions: Iterable[Question], errors: dict[str, str] | None = None) -> list[Box]:
        return [Box(self, question, (errors or {}).get(question.name, "")) for question in questions]

    def options_of(self, question: Question) -> list[dict[str, str]]:
        """Codes and words, in this person's order; those that stay at the end do."""
        found = list(question.options)
        if question.shuffled:
            free = [option for option in found if not option.get("stays")]
            Random(f"{self.seed}-{question.name}-{question.version}").shuffle(free)  # noqa: S311
            found = free + [option for option in found if option.get("stays")]
        return [{"code": option["code"], "words": words_of(option)} for option in found]


@dataclass
class Box:
    """One question as its template draws it."""

    walk: Walk
    question: Question
    error: str = ""
    typed: QueryDict | None = None  # what was sent and cannot be kept as it is: it is shown again all the same

    @property
    def value(self) -> Any:
        if self.typed is None or self.question.kind == Question.Kind.FILE:
            return self.walk.answers.get(self.question.name)
        kind, sent = self.question.kind, self.typed.getlist(self.name)
        if kind == Question.Kind.PLACE:
            return {"state": self.typed.get(self.state_field, "")}
        if kind in MATRIX:
            return {row: self.typed.getlist(values.field(self.question, row)) for row in self.question.row_codes()}
        return sent if kind == Question.Kind.MULTI else (sent[0] if sent else None)

    @property
    def name(self) -> str:
        return values.field(self.question)

    @property
    def state_field(self) -> str:
        return values.field(self.question, "state")

    @property
    def point_field(self) -> str:
        return values.field(self.question, "point")

    @property
    def point(self) -> str:
        """The position of a place as it was typed, or as it was kept."""
        return self.typed.get(self.point_field, "") if self.typed is not None else values.position(self.value)

    @property
    def title(self) -> str:
        return self.walk.piped(self.question.title)

    @property
    def hint(self) -> str:
        return self.walk.piped(self.question.hint) if self.question.hint else ""

    @property
    def html(self) -> SafeString:
        return self.walk.piped_html(self.question.hint)

    @property
    def template(self) -> str:
        return f"surveys/kinds/{self.question.kind}.html"

    @property
    def options(self) -> list[dict[str, Any]]:
        """With whether each is chosen, and its place in a ranking."""
        found: list[dict[str, Any]] = list(self.walk.options_of(self.question))
        given = self.value.get("state") if self.question.kind == Question.Kind.PLACE and self.value else self.value
        chosen = given if isinstance(given, list) else [given]
        for option in found:
            option["chosen"] = option["code"] in chosen
            option["field"] = values.field(self.question, option["code"])
            option["place"] = chosen.index(option["code"]) + 1 if option["chosen"] else 0
            if self.typed is not None and self.question.kind == Question.Kind.RANKING:
                option["place"] = int(sent) if (sent := self.typed.get(option["field"], "")).isdecimal() else 0
        return found

    @property
    def places(self) -> list[int]:
        return list(range(1, len(self.question.options) + 1))

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each row of a table with its own options."""
        given = self.value if isinstance(self.value, dict) else {}
        options = self.walk.options_of(self.question)
        found = []
        for row in self.question.rows:
            here = given.get(row["code"])
            chosen = here if isinstance(here, list) else [here]
            found.append({
                "field": values.field(self.question, row["code"]), "words": words_of(row),
                "options": [{**option, "chosen": option["code"] in chosen} for option in options],
            })  # fmt: skip
        return found

    @property
    def steps(self) -> list[dict[str, Any]]:
        return [{"n": step, "chosen": str(step) == str(self.value)} for step in self.question.steps]

    @property
    def most_characters(self) -> int:
        return self.question.most or values.MOST_CHARACTERS.get(Question.Kind(self.question.kind), 200)


def seed_of(survey: Survey, who: str) -> int:
    """The same person gets the same order before their first answer is stored, on every device."""
    digest = hashlib.sha256(f"{survey.pk}/{who}".encode()).digest()
    return int.from_bytes(digest[:6])
