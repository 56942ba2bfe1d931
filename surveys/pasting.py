"""A questionnaire as it comes out of a text document, read into questions that an official then looks over. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from commons.core.cleaning import clean_text
from surveys.models import Question

Kind = Question.Kind
HINDI = re.compile(r"[\u0900-\u097f]")
NUMBERED = re.compile(r"^(?:(?:q|प्र)\.?\s*)?\d{1,3}\s*[.):]\s*", re.IGNORECASE)
BULLET = re.compile(r"^(?P<many>\[\s?\]|☐|□|❏)\s*|^(?:[-–•*·○◯]|\(?[a-zA-Z]\)|\(\s?\))\s+")
MUST = re.compile(r"\s*\*$")


SECTION = "section"  # what a heading becomes instead of a question


@dataclass
class Draft:
    """A question or heading as it was pasted: its words, what stood below it as options, and what kind that makes it."""

    english: str = ""
    hindi: str = ""
    required: bool = False
    several: bool = False
    heading: bool = False
    options: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        if self.heading:
            return SECTION
        if not self.options:
            return Kind.SHORT
        return Kind.MULTI if self.several else Kind.SINGLE

    def as_typed(self) -> dict[str, object]:
        """As the boxes of the form show it."""
        return {
            "kind": self.kind, "english": self.english, "hindi": self.hindi, "options": "\n".join(self.options),
            "required": self.required,
        }  # fmt: skip


def read(text: str) -> list[Draft]:
    """Questions in their order. A line with a mark in front of it is an option of the question above it, one with #
    begins a section; a line in Hindi below a line in English is its translation; every other line is a question."""
    found: list[Draft] = []
    fresh = False  # whether the line above was a question's words
    for raw in clean_text(text).split("\n"):
        line = " | ".join(part.strip() for part in raw.split("\t") if part.strip())
        if not line:
            fresh = False
        elif line.startswith("#"):
            found.append(in_two_languages(line.lstrip("# "), required=False))
            found[-1].heading = fresh = True
        elif found and not found[-1].heading and (mark := BULLET.match(line)):
            found[-1].options.append(line[mark.end() :].strip())
            found[-1].several |= bool(mark["many"])
            fresh = False
        elif fresh and not found[-1].hindi and HINDI.search(line):
            asked, found[-1].required = without_star(NUMBERED.sub("", line), found[-1].required)
            found[-1].hindi = asked
        else:
            asked, required = without_star(NUMBERED.sub("", line), False)
            found.append(in_two_languages(asked, required=required))
            fresh = True
    return found


def without_star(words: str, required: bool) -> tuple[str, bool]:
    """A star at the end says, as on paper forms, that an answer is needed."""
    short = MUST.sub("", words)
    return short, required or short != words


def in_two_languages(words: str, *, required: bool) -> Draft:
    first, bar, second = (part.strip() for part in words.partition("|"))
    if bar:
        first, starred = without_star(first, required)
        return Draft(first, second, starred)
    return Draft("", first, required) if HINDI.search(first) else Draft(first, "", required)
