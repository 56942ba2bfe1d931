"""What a survey still lacks before it can be submitted, in words for its author."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from surveys import conditions, paths
from surveys.asking import PIPED, Sheet
from surveys.models import Question, Section, Survey
from surveys.models.question import CHOOSING, MATRIX
from surveys.paths import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

OPTIONAL = ("intro", "hint", "low_label", "high_label")  # texts that need a translation once there is one of them
FIELD = "questions"  # what the admin's list of missing things calls them


def missing(survey_id: int) -> dict[str, list[str]]:
    """By field, as `commons.activities.readiness` collects it; empty when the survey can be submitted."""
    survey = Survey.objects.filter(pk=survey_id).first()
    found = lacking(Sheet.of(survey)) if survey else []
    return {FIELD: found} if found else {}


def lacking(sheet: Sheet) -> list[str]:
    """Everything that is wrong with the questions, in the survey's order."""
    return [lack.words for lack in lacks(sheet)]


@dataclass(frozen=True)
class Lack:
    """One thing that is wrong, and with what: the section or question where it is mended."""

    words: str
    thing: Section | Question | None = None

    @property
    def anchor(self) -> str:
        """Where it stands on the page of all questions."""
        return f"{type(self.thing).__name__.lower()}-{self.thing.pk}" if self.thing else ""


def lacks(sheet: Sheet) -> list[Lack]:
    """The same, each with what it is about."""
    if not any(question.answers_count for question in sheet.questions):
        return [Lack(_("There is no question yet."))]
    found: list[Lack] = []
    for section in sheet.sections:
        found += [Lack(f"“{section}”: {words}", section) for words in in_section(section, sheet)]
    for question in sheet.questions:
        found += [Lack(f"{question.name}: {words}", question) for words in in_question(question, sheet)]
    return found + [
        Lack(said(problem), sheet.by_name.get(problem.where) or sheet.section(problem.where))
        for problem in paths.problems(sheet.form)
    ]


def texts_missing(thing: Section | Question) -> dict[str, int]:
    """By language how many of the texts of a section or question are not written in it."""
    needed = [thing.title, *(text for name in OPTIONAL if everything_in(text := getattr(thing, name, "")))]
    needed += [choice["text"] for choice in [*getattr(thing, "options", []), *getattr(thing, "rows", [])]]
    return {code: sum(not said_in(text, code) for text in needed) for code, _language in languages()}


def in_section(section: Section, sheet: Sheet) -> Iterator[str]:
    if not any(question.section_id == section.pk for question in sheet.questions):
        yield _("This section has no question.")
    yield from untranslated({_("title"): section.title}, optional={_("introduction"): section.intro})
    yield from unreadable(section.shown_when)


def in_question(question: Question, sheet: Sheet) -> Iterator[str]:
    yield from untranslated(
        {_("question"): question.title},
        optional={_("hint"): question.hint, _("words at the low end"): question.low_label, _("words at the high end"): question.high_label},
    )  # fmt: skip
    for choice in [*question.options, *question.rows]:
        for code, language in languages():
            if not choice["text"].get(code, "").strip():
                yield _("the option “%(option)s” is missing in %(language)s.") % {
                    "option": choice["code"],
                    "language": language,
                }
    if question.kind in CHOOSING and len(question.options) < 2:
        yield _("it needs at least two options.")
    if question.kind in MATRIX and not question.rows:
        yield _("it needs at least one row.")
    if question.measures and question.kind not in {Question.Kind.SINGLE, Question.Kind.STATE}:
        yield _("only a question with one of several answers can tell about the person.")
    if question.kind == Question.Kind.INFO and not str(question.hint).strip():
        yield _("its text is missing.")
    yield from unreadable(question.shown_when)
    yield from unknown_pipes(question, sheet)


def unreadable(expression: str) -> Iterator[str]:
    try:
        conditions.parse(expression)
    except conditions.Malformed as error:
        yield _("the condition cannot be read from sign %(n)s on: %(text)s") % {"n": error.at + 1, "text": expression}


def unknown_pipes(question: Question, sheet: Sheet) -> Iterator[str]:
    """An earlier answer that its text repeats must be an earlier one."""
    earlier = set()
    for other in sheet.questions:
        if other.pk == question.pk:
            break
        earlier.add(other.name)
    repeated = PIPED.findall("\n".join([*everything_in(question.title), *everything_in(question.hint)]))
    for name in dict.fromkeys(repeated):
        if name not in earlier:
            yield _("its text repeats the answer to “%(name)s”, which is not an earlier question.") % {"name": name}


def untranslated(needed: dict[str, Any], optional: dict[str, Any]) -> Iterator[str]:
    for label, text in (needed | {name: text for name, text in optional.items() if any(everything_in(text))}).items():
        for code, language in languages():
            if not said_in(text, code):
                yield _("%(field)s in %(language)s is missing.") % {"field": label, "language": language}


def languages() -> list[tuple[str, str]]:
    return [(code, str(name)) for code, name in settings.LANGUAGES]


def said_in(text: Any, code: str) -> str:
    data = getattr(text, "data", text)
    return str(data.get(code) or "").strip() if isinstance(data, dict) else str(data or "").strip()


def everything_in(text: Any) -> list[str]:
    data = getattr(text, "data", text)
    return [str(value) for value in data.values() if value] if isinstance(data, dict) else [str(data)] if data else []


def said(problem: Problem) -> str:
    """A condition's problem in words."""
    words = {
        "unknown": _("%(where)s: its condition asks about “%(about)s”, which does not exist."),
        "itself": _("%(where)s: its condition asks about itself."),
        "later": _("%(where)s: its condition asks about “%(about)s”, which comes later."),
        "cycle": _("%(where)s and %(about)s depend on one another."),
        "shuffled": _("%(where)s: its condition asks about “%(about)s”, but the order of this section is mixed."),
        "option": _("%(where)s: its condition names an answer that “%(about)s” does not have."),
        "row": _("%(where)s: its condition names a row that “%(about)s” does not have."),
        "unreachable": _("%(where)s: nobody can ever come to it; its condition never holds."),
        "too_many": _("%(where)s: its condition depends on so many answers that it cannot be checked whether anybody comes to it. Make it simpler."),
    }  # fmt: skip
    return words[problem.code] % {"where": problem.where, "about": problem.about}
