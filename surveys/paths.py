"""The ways through a survey: what is shown for some answers, what comes next, and what nobody can ever reach.

Pure, like `surveys/conditions.py`. A condition looks at earlier answers only, so one walk from the first question to
the last decides everything: what is hidden counts as not answered, and hides what depends on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from surveys.conditions import ALWAYS, Answers, Condition, Test, holds, is_empty, may_hold, tests
from surveys.shape import Asked, Form, Part
from surveys.trying import TooMany, choices

MOST_STEPS = 60_000  # tries before the search gives up and says so


# -- for one person ---------------------------------------------------------------------------------
def shown(form: Form, answers: Answers) -> list[tuple[Part, list[Asked]]]:
    """The sections a person with these answers goes through, each with what it asks them. None is empty."""
    known: dict[str, Any] = {}
    found = []
    for part in form.parts:
        if not holds(part.when, known):
            continue
        here = []
        for asked in part.asked:
            if holds(asked.when, known):
                here.append(asked)
                if not is_empty(answers.get(asked.name)):
                    known[asked.name] = answers[asked.name]
        if here:
            found.append((part, here))
    return found


def counted(form: Form, answers: Answers) -> dict[str, Any]:
    """The answers that count: those to questions that are shown. The others stay, should their question come back."""
    names = [asked.name for _part, here in shown(form, answers) for asked in here]
    return {name: answers[name] for name in names if not is_empty(answers.get(name))}


def lacking(form: Form, answers: Answers) -> list[tuple[Part, Asked]]:
    """The required questions that are shown and not answered."""
    return [
        (part, asked)
        for part, here in shown(form, answers)
        for asked in here
        if asked.required and asked.kind != "info" and is_empty(answers.get(asked.name))
    ]


# -- before it is published --------------------------------------------------------------------------
@dataclass(frozen=True)
class Problem:
    """`code` is unknown, later, itself, cycle, shuffled, option, row, unreachable or too_many; `about` the other question."""

    code: str
    where: str  # the question's or section's name
    about: str = ""


def problems(form: Form) -> list[Problem]:
    """What is wrong with the conditions. Where one cannot be read in order, nothing is said about what can be reached."""
    order = {asked.name: number for number, (_part, asked) in enumerate(form.questions())}
    known = {asked.name: asked for _part, asked in form.questions()}
    found = []
    for part in form.parts:
        first = order[part.asked[0].name] if part.asked else len(order)
        found += [p for test in tests(part.when) if (p := wrong(test, part.name, first, order, known))]
        inside = {asked.name for asked in part.asked}
        for asked in part.asked:
            for test in tests(asked.when):
                if problem := wrong(test, asked.name, order[asked.name], order, known):
                    found.append(problem)
                elif part.shuffled and test.name in inside:
                    found.append(Problem("shuffled", asked.name, test.name))
    found = list(dict.fromkeys(found))
    if not found:
        found = [p for part, asked in form.questions() if (p := unreachable(form, part, asked))]
    return found


def wrong(test: Test, where: str, place: int, order: dict[str, int], known: dict[str, Asked]) -> Problem | None:
    other = known.get(test.name)
    if other is None:
        return Problem("unknown", where, test.name)
    if test.name == where:
        return Problem("itself", where, test.name)
    if order[test.name] >= place:
        code = "cycle" if where in {t.name for t in tests(other.when)} else "later"
        return Problem(code, where, test.name)
    if test.row and test.row not in other.rows:
        return Problem("row", where, test.name)
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    if other.options and test.value is not None and any(str(value) not in other.options for value in values):
        return Problem("option", where, test.name)
    return None


def unreachable(form: Form, part: Part, asked: Asked) -> Problem | None:
    if part.when == ALWAYS and asked.when == ALWAYS:
        return None
    try:
        return None if example(form, asked.name) is not None else Problem("unreachable", asked.name)
    except TooMany:
        return Problem("too_many", asked.name)


@dataclass
class Search:
    """Goes through the answers that matter, in the survey's order."""

    form: Form
    names: set[str]
    mentioned: dict[str, list[Test]] = field(default_factory=dict)
    steps: int = 0

    def __post_init__(self) -> None:
        for part, asked in self.form.questions():
            for test in (*tests(part.when), *tests(asked.when)):
                self.mentioned.setdefault(test.name, []).append(test)
        self.line = [(part, asked) for part, asked in self.form.questions() if asked.name in self.names]

    def ways(self, known: dict[str, Any], place: int, goal: tuple[Condition, ...]) -> Iterator[dict[str, Any]]:
        """Every choice of answers under which all of `goal` holds."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooMany
        still = frozenset(asked.name for _part, asked in self.line[place:])
        if any(may_hold(condition, known, still) is False for condition in goal):
            return
        if place == len(self.line):
            yield dict(known)
            return
        part, asked = self.line[place]
        if not (holds(part.when, known) and holds(asked.when, known)):
            yield from self.ways(known, place + 1, goal)
            return
        for value in choices(asked, self.mentioned.get(asked.name, [])):
            yield from self.ways(known if value is None else {**known, asked.name: value}, place + 1, goal)


def example(form: Form, name: str) -> dict[str, Any] | None:
    """Answers under which this question is shown; None when there are none. Raises TooMany."""
    part, asked = next((part, asked) for part, asked in form.questions() if asked.name == name)
    goal = (part.when, asked.when)
    return next(Search(form, needed(form, goal)).ways({}, 0, goal), None)


def needed(form: Form, goal: tuple[Condition, ...]) -> set[str]:
    """Every question on whose answer the goal depends, by way of others too."""
    whens = {asked.name: (part.when, asked.when) for part, asked in form.questions()}
    found: set[str] = set()
    waiting = [test.name for condition in goal for test in tests(condition)]
    while waiting:
        name = waiting.pop()
        if name not in found and name in whens:
            found.add(name)
            waiting += [test.name for condition in whens[name] for test in tests(condition)]
    return found


def every_path(form: Form, most: int = 60) -> tuple[list[tuple[dict[str, Any], list[str]]], bool]:
    """Each different way through: answers that lead there, and the questions shown. And whether that is all of them."""
    whens = tuple(when for part, asked in form.questions() for when in (part.when, asked.when))
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    try:
        for answers in Search(form, needed(form, whens)).ways({}, 0, ()):
            names = tuple(asked.name for _part, here in shown(form, answers) for asked in here)
            found.setdefault(names, answers)
            if len(found) >= most:
                return [(answers, list(names)) for names, answers in found.items()], False
    except TooMany:
        return [(answers, list(names)) for names, answers in found.items()], False
    return [(answers, list(names)) for names, answers in found.items()], True
