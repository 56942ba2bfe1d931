"""Reads the demo's texts: facts about things in TOML, conversations in a plain form that is quick to write.

A conversation is a text file. A line that starts with `@` begins a comment; more signs mean a reply, one level deeper
each. What follows in that line, in any order:

| sign | meaning |
|---|---|
| `+41 -3` | so many votes up and down (else some by chance) |
| `by=asha` | written by this member of the cast; another word is a person of this conversation, `root` the one who began the thread |
| `in=KL` | written by somebody of that state (the last letters of its ISO code) |
| `f`, `m` | the text says that a woman or a man wrote it |
| `for`, `against` | the stance, where the activity asks for one |
| `official`, `pinned` | an answer of the institution, put at the top |
| `answer=pilot` | gets the answer called so in the activity's own file |
| `reported=spam`, `hidden=spam`, `held=illegal`, `removed` | what readers, a moderator, a rule or its author do about it |
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from i18nfield.strings import LazyI18nString

TEXTS = Path(__file__).parent / "texts"
VOTES = re.compile(r"[+-]\d+")
DEVANAGARI = re.compile(r"[\u0900-\u097f]")
ALONE = {"for", "against", "official", "pinned", "removed", "f", "m"}
GIVEN = {"by", "in", "answer", "held", "hidden", "reported"}


def facts(name: str) -> dict[str, Any]:
    """One TOML file of the demo."""
    return tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))


def both(pair: list[str]) -> LazyI18nString:
    """A text in English and Hindi."""
    english, hindi = pair
    return LazyI18nString({"en": english.strip(), "hi": hindi.strip()})


def language_of(text: str) -> str:
    """Hindi when a fifth of the signs are Devanagari: an English comment may quote a Hindi word."""
    return "hi" if len(DEVANAGARI.findall(text)) * 5 > len(text) else "en"


@dataclass
class Said:
    """One comment of a file, with what is said below it."""

    text: str
    up: int | None = None
    down: int = 0
    tags: dict[str, str] = field(default_factory=dict)
    replies: list[Said] = field(default_factory=list)

    @cached_property
    def language(self) -> str:
        return language_of(self.text)


def conversation(text: str) -> list[Said]:
    """The root comments of a file's text. Raises ValueError for a sign it does not know."""
    roots: list[Said] = []
    line_of_parents: list[Said] = []
    for part in re.split(r"(?m)^(?=@)", text):
        head, _line, body = part.partition("\n")
        if not head.startswith("@"):
            continue
        signs = head.lstrip("@")
        depth = len(head) - len(signs) - 1
        said = Said(body.strip())
        for sign in signs.split():
            read_sign(said, sign)
        if not said.text or depth > len(line_of_parents):
            raise ValueError(f"an empty comment, or a reply to nothing: {part[:80]!r}")
        del line_of_parents[depth:]
        (line_of_parents[-1].replies if line_of_parents else roots).append(said)
        line_of_parents.append(said)
    return roots


def read_sign(said: Said, sign: str) -> None:
    name, _is, value = sign.partition("=")
    if VOTES.fullmatch(sign):
        said.up = said.up or 0
        if sign[0] == "+":
            said.up = int(sign)
        else:
            said.down = -int(sign)
    elif (value and name in GIVEN) or (not value and name in ALONE):
        said.tags[name] = value
    else:
        raise ValueError(f"no such sign: {sign}")
