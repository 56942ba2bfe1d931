"""Building a survey: every change is the author's, is recorded as a change to the survey, and stops once it is published."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from commons.activities import lifecycle
from commons.audit.record import record
from commons.directory.models import Region
from surveys import rules
from surveys.models import Question, Section, Survey
from surveys.models.question import OF_STATES

if TYPE_CHECKING:
    from commons.people.models import User


@contextmanager
def changing(survey: Survey, by: User, what: str) -> Iterator[Survey]:
    """The survey's row, locked; afterwards the change stands in its history, so that who changed it last cannot approve it.

    Raises PermissionDenied for whoever does not write there, ValidationError once it is published.
    """
    with lifecycle.locked(survey, by) as row:
        current = Survey.objects.select_related("institution").get(pk=row.pk)
        if current.state not in {Survey.State.DRAFT, Survey.State.IN_REVIEW}:
            raise ValidationError(_("What is published changes by a new version of a question, with a reason."))
        lifecycle.require(rules.may_build(by, current))
        yield current
        record("activity.edit", current, by=by, activity_id=current.pk, after={"questions": what})


def write_section(section: Section, by: User) -> Section:
    """Saves a section; a new one comes last."""
    with changing(section.survey, by, f"section: {section.title}") as survey:
        if section.pk is None:
            section.position = next_number(survey.sections)
            section.slug = free_slug(set(survey.sections.values_list("slug", flat=True)))
        section.save()
    return section


def free_slug(taken: Collection[str]) -> str:
    return next(slug for number in range(1, 1000) if (slug := f"part-{number}") not in taken)


def next_number(rows: Any) -> int:
    return (rows.aggregate(last=models.Max("position"))["last"] or 0) + 1


def write_question(question: Question, by: User) -> Question:
    """Saves a question; a new one comes last in its section. Its survey is its section's."""
    with changing(question.section.survey, by, f"question: {question.name}") as survey:
        question.survey = survey
        if question.kind in OF_STATES:
            question.options = states()
        moved = question.pk and Question.objects.get(pk=question.pk).section_id != question.section_id
        if question.pk is None or moved:
            question.position = next_number(Question.objects.filter(section=question.section_id))
        question.save()
    return question


def write_all(survey: Survey, into: Section | None, things: list[Section | Question], by: User) -> Section | Question:
    """Adds new questions at the end of `into` in this order, and those behind a new section to that one: all of them,
    or none. Without any section they come into a first one. Returns the first thing that was added."""
    with changing(survey, by, f"{len(things)} at once"):
        if into is None and not isinstance(things[0], Section):
            things = [Section(survey=survey, title=LazyI18nString({"en": "Questions", "hi": "प्रश्न"})), *things]
        taken = set(survey.sections.values_list("slug", flat=True))
        last = next_number(survey.sections)
        place = next_number(into.questions) if into else 1
        regions = states() if any(getattr(thing, "kind", "") in OF_STATES for thing in things) else []
        for thing in things:
            if isinstance(thing, Section):
                thing.position, thing.slug = last, free_slug(taken)
                taken.add(thing.slug)
                last, place, into = last + 1, 1, thing
            else:
                assert into is not None  # noqa: S101 - the first thing is a section otherwise
                thing.section, thing.position = into, place
                thing.options = regions if thing.kind in OF_STATES else thing.options
                place += 1
            thing.save()
    return things[0]


def free_name(title: str, taken: Collection[str]) -> str:
    """A short name that nobody had to think of: the question's first words, or q1, q2 … where it has none in Latin letters."""
    words = re.sub(r"[^a-z0-9]+", "_", slugify(title)).strip("_")
    stem = words[:24].rpartition("_")[0] or words[:24] if len(words) > 24 else words
    if not stem or not stem[0].isalpha():
        return next(name for n in range(1, 10_000) if (name := f"q{n}") not in taken)
    return next(name for n in range(1, 10_000) if (name := stem if n == 1 else f"{stem}_{n}") not in taken)


def after(question: Question) -> Question | None:
    """The question that follows in the survey's order."""
    line = list(Question.objects.current().filter(survey=question.survey_id).in_order())
    place = [one.pk for one in line].index(question.pk) + 1
    return line[place] if place < len(line) else None


def states() -> list[dict[str, Any]]:
    """The states and union territories as options, by their LGD codes."""
    rows = Region.objects.filter(level=Region.Level.STATE).order_by("lgd_code")
    return [{"code": str(row.lgd_code), "text": dict(texts(row.name))} for row in rows]


def texts(text: LazyI18nString | str) -> dict[str, str]:
    data = getattr(text, "data", text)
    return data if isinstance(data, dict) else {"en": str(data)}


def remove(thing: Section | Question, by: User) -> None:
    """Deletes a section with its questions, or a question."""
    with changing(thing.survey, by, f"removed: {thing}"):
        thing.delete()


def move(thing: Section | Question, by: User, step: int) -> None:
    """One place up (−1) or down (1); a question at the end of its section goes on into the next one."""
    with changing(thing.survey, by, f"moved: {thing}") as survey:
        if isinstance(thing, Section):
            swap(list(survey.sections.order_by("position")), thing, step)
            return
        here = list(Question.objects.current().filter(section=thing.section_id).order_by("position"))
        if not swap(here, thing, step):
            sections = list(survey.sections.order_by("position"))
            place = [section.pk for section in sections].index(thing.section_id) + step
            if 0 <= place < len(sections):
                there = list(Question.objects.current().filter(section=sections[place]).order_by("position"))
                there.insert(0 if step > 0 else len(there), thing)
                Question.objects.filter(pk=thing.pk).update(section=sections[place])
                number(there)


def move_to(question: Question, by: User, place: int) -> None:
    """To that place among all questions of the survey, the first being 1; the others move over, each in its section."""
    with changing(question.survey, by, f"moved: {question}") as survey:
        line = list(Question.objects.current().filter(survey=survey).in_order())
        now = [one.pk for one in line].index(question.pk)
        wanted = min(max(place, 1), len(line)) - 1
        if wanted == now:
            return
        neighbour = line[wanted]
        there = [one for one in line if one.section_id == neighbour.section_id and one.pk != question.pk]
        there.insert([one.pk for one in there].index(neighbour.pk) + (wanted > now), question)
        Question.objects.filter(pk=question.pk).update(section=neighbour.section_id)
        number(there)


def swap(rows: list[Any], thing: Section | Question, step: int) -> bool:
    place = [row.pk for row in rows].index(thing.pk)
    if not 0 <= place + step < len(rows):
        return False
    rows[place], rows[place + step] = rows[place + step], rows[place]
    number(rows)
    return True


def number(rows: list[Any]) -> None:
    for place, row in enumerate(rows, start=1):
        type(row)._default_manager.filter(pk=row.pk).update(position=place)


def copy_question(question: Question, by: User) -> Question:
    """The same question again below it, under a name of its own."""
    with changing(question.survey, by, f"copied: {question.name}") as survey:
        taken = set(survey.questions.values_list("name", flat=True))
        stem = question.name[:25]
        twin = Question.objects.get(pk=question.pk)
        twin.pk, twin.measures, twin.version = None, "", 1
        twin.name = next(name for n in range(2, 1000) if (name := f"{stem}_{n}") not in taken)
        twin.save()
        here = list(Question.objects.current().filter(section=question.section_id).order_by("position"))
        here.remove(twin)
        here.insert(here.index(question) + 1, twin)
        number(here)
    return twin


def copy_survey(survey: Survey, by: User) -> Survey:
    """A new draft with the same texts and questions, without window and answers."""
    lifecycle.require(rules.may_write(by, survey))
    twin = Survey(
        institution=survey.institution, group=survey.group, slug=free_address(f"{survey.slug}-copy"),
        **{name: getattr(survey, name) for name in (
            "title", "summary", "body", "promise", "min_level", "members_only", "residents_only", "conversation",
            "guests", "editable", "results",
        )},
    )  # fmt: skip
    lifecycle.write(twin, by)
    twin.sectors.set(survey.sectors.all())
    twin.regions.set(survey.regions.all())
    for section in survey.sections.order_by("position"):
        questions = list(Question.objects.current().filter(section=section.pk).order_by("position"))
        section.pk, section.survey = None, twin
        section.save()
        for question in questions:
            question.pk, question.survey, question.section, question.version = None, twin, section, 1
            question.save()
    return twin


def free_address(slug: str) -> str:
    taken = set(Survey.objects.filter(slug__startswith=slug[:40]).values_list("slug", flat=True))
    stem = slugify(slug)[:40]
    return next(s for n in range(1, 10_000) if (s := stem if n == 1 else f"{stem}-{n}") not in taken)
