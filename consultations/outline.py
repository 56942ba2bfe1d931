"""Reads a law's text in Markdown as numbered clauses: rules, sub-rules, items, tables, schedules.

A heading begins a clause of the top level; a line that begins with (1), (a), (i) or (A) begins one within it. How deep
it lies follows from the order in which these kinds of numbers appear. `{#c12}` at the end of its first line says which
clause of an earlier version it is. A text without headings is read by its numbers ("4. Registration.—(1) …").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

import nh3
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from commons.core.cleaning import clean_text
from commons.core.markdown import to_html

MOST_CLAUSES = 20_000
MOST_SIGNS = 5_000_000
HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*$")
NUMBERED = re.compile(
    r"(?:(?:rule|clause|section|article|नियम|धारा|खंड)\s+)?(\d{1,4}[A-Z]{0,2})\s*[.)–—:-]\s*(.*)$", re.I
)
PLAIN = re.compile(r"(\d{1,4})([A-Z]{0,2})\.\s+(\S.*)$")
MARK = re.compile(r"\((\d{1,3}[A-Z]{0,2}|[a-z]{1,5}|[A-Z]{1,2}|[क-ह])\)\s*(.*)$", re.S)
GIVEN = re.compile(r"\s*\{#c(\d{1,18})\}\s*$")
SCRIPT = re.compile(
    r"<\s*/?\s*(script|iframe|object|embed|svg|style|link|meta|form|base)\b|<[^>]*\son\w+\s*=|javascript:", re.I
)
# What a gazette prints at the head of each page; in files made from its PDF it stands amid the text.
PAGE_HEAD = re.compile(r"^\W*(\[?भाग\s.*असाधारण|.*भारत का \S*पत्र\s*:|.*THE GAZETTE OF INDIA\s*:\s*EXTRAORDINARY)", re.I)
NEW_PARAGRAPH = re.compile(r"(Illustrations?\.|Explanations?\b|Case \d+:|Provided (further )?that|परंतु|स्पष्टीकरण)")
ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}


@dataclass
class Parsed:
    """One clause as the text has it. `given` is the clause it says it is."""

    number: str
    heading: str = ""
    depth: int = 0
    label: str = ""
    given: int | None = None
    paragraphs: list[str] = field(default_factory=list)
    html: str = ""
    text: str = ""

    def finish(self) -> None:
        self.html = "".join(to_html(paragraph, official=True) for paragraph in self.paragraphs if paragraph.strip())
        self.text = plain(self.html)


def plain(html: str) -> str:
    """What a reader sees of the HTML, one paragraph or table row a line."""
    joined_tags = re.sub(r">\s*\n\s*<", "><", html)
    broken = re.sub(r"</(p|li|tr|h\d|blockquote)>|<br ?/?>", "\n", joined_tags)
    cells = re.sub(r"</t[dh]>", " ", broken)
    lines = (" ".join(line.split()) for line in unescape(nh3.clean(cells, tags=set())).split("\n"))
    return "\n".join(line for line in lines if line)


@dataclass
class Outline:
    """The clauses of a text in their order, its title, and how many lines were left out as page heads."""

    title: str
    clauses: list[Parsed]
    left_out: int = 0


def read(text: str) -> Outline:
    """The clauses of a text. Raises ValidationError for scripts, for too much, and when there is no clause."""
    if len(text) > MOST_SIGNS:
        raise ValidationError(_("This text is too long for one draft."), code="too_long")
    if SCRIPT.search(text):
        raise ValidationError(_("The text holds scripts or active HTML. Bring it without them."), code="script")
    reader = Reader(headings=bool(re.search(r"(?m)^#{1,6}\s+\S", text)))
    for line in clean_text(text).split("\n"):
        reader.take(line.strip())
    reader.finish_paragraph()
    if not reader.clauses:
        words = _(
            "No clause was found. Each needs a heading (## 1. Title) or a number at the beginning of a line (1. Title)."
        )
        raise ValidationError(words, code="no_clause")
    for clause in reader.clauses:
        clause.finish()
    return Outline(reader.title, reader.clauses, reader.left_out)


class Reader:
    """Takes a text line by line. `stack` is the way down to the open clause: the kind of number, and its last value."""

    def __init__(self, *, headings: bool) -> None:
        self.headings = headings
        self.clauses: list[Parsed] = []
        self.title = ""
        self.left_out = 0
        self.stack: list[tuple[str, int, Parsed]] = []
        self.lines: list[str] = []
        self.last_plain = 0

    # -- a line ------------------------------------------------------------------------------
    def take(self, line: str) -> None:
        if PAGE_HEAD.match(line):
            self.left_out += 1
        elif not line:
            self.finish_paragraph()
        elif heading := HEADING.match(line):
            self.begin(heading.group(2), is_title=len(heading.group(1)) == 1)
        elif not self.headings and (plainly := PLAIN.match(line)) and 0 < int(plainly.group(1)) - self.last_plain <= 2:
            self.last_plain = int(plainly.group(1))
            self.begin_plainly(plainly.group(1) + plainly.group(2), plainly.group(3))
        elif self.clauses:
            self.within(line)
        elif not self.title:
            self.title = line[:300]

    def begin(self, heading: str, *, is_title: bool) -> None:
        heading, given = given_in(heading)
        numbered = NUMBERED.match(heading)
        if is_title and not self.title and not self.clauses and not numbered:
            self.title = heading[:300]
            return
        number, words = (numbered.group(1), numbered.group(2)) if numbered else ("", heading)
        self.open(Parsed(number, unmarked(words)[:300], 0, number or unmarked(words)[:60], given))

    def begin_plainly(self, number: str, rest: str) -> None:
        """ "4. Registration of managers.—(1) A person …": a heading up to the dash, else no heading."""
        words, given = given_in(rest)
        heading, dash, body = re.split(r"\s*\.?\s*[—–]\s*", words, maxsplit=1)[0], re.search(r"[—–]", words), ""
        if dash and len(heading) <= 200:
            body = words[dash.end() :].lstrip("—– ")
        elif len(words) <= 120 and not MARK.match(words):
            heading = words.rstrip(".")
        else:
            heading, body = "", words
        self.open(Parsed(number, heading[:300], 0, number, given))
        if body:
            self.within(body)

    def open(self, clause: Parsed) -> None:
        self.finish_paragraph()
        if len(self.clauses) >= MOST_CLAUSES:
            raise ValidationError(_("This text has too many clauses for one draft."), code="too_many")
        self.clauses.append(clause)
        if clause.depth == 0:
            self.stack = [("top", 0, clause)]

    def within(self, line: str) -> None:
        """A line below a heading: one or more numbers with their text, or the text going on."""
        while (mark := MARK.match(line)) and (place := self.place(mark.group(1))):
            kind, value, above = place
            self.finish_paragraph()
            del self.stack[above:]
            rest, given = given_in(mark.group(2)) if not MARK.match(mark.group(2)) else (mark.group(2), None)
            number = f"({mark.group(1)})"
            parent = self.stack[-1][2]
            clause = Parsed(number, "", len(self.stack), (parent.label + number)[-60:], given)
            self.open(clause)
            self.stack.append((kind, value, clause))
            line = rest
            if not line:
                return
        if NEW_PARAGRAPH.match(line) or (line.startswith("|") != (self.lines[-1:] or ["x"])[0].startswith("|")):
            self.finish_paragraph()
        self.lines.append(line)

    def place(self, sign: str) -> tuple[str, int, int] | None:
        """The kind of a number, its value, and how much of the stack stays above it; None when it is no number here.

        Numbers grow: "(1)" at the head of a line below "(3)" is a reference that was wrapped.
        """
        for kind, value in readings(sign):
            for above, (open_kind, last, _clause) in reversed(list(enumerate(self.stack))):
                if open_kind == kind:
                    if value == last + 1 or (value == last and len(sign) > 1 and kind == "number"):
                        return kind, value, above
                    break
        for kind, value in readings(sign):  # a level that is not open yet begins at its beginning
            if value == 1 and kind not in [one[0] for one in self.stack]:
                return kind, value, len(self.stack)
        for kind, value in readings(sign):  # with a gap: something was left out
            for above, (open_kind, last, _clause) in reversed(list(enumerate(self.stack))):
                if open_kind == kind and last < value <= last + 5:
                    return kind, value, above
        return None

    def finish_paragraph(self) -> None:
        if self.lines and self.clauses:
            self.clauses[-1].paragraphs.append(joined(self.lines))
        self.lines = []


def given_in(line: str) -> tuple[str, int | None]:
    found = GIVEN.search(line)
    return (line[: found.start()], int(found.group(1))) if found else (line, None)


def unmarked(words: str) -> str:
    """A heading without the signs of Markdown around it."""
    return plain(to_html(words)).replace("\n", " ").rstrip(" —–-")


def joined(lines: list[str]) -> str:
    """Wrapped lines as one; rows of tables and of lists stay rows. A hyphen at a line's end belongs to its word."""
    text = lines[0]
    for line in lines[1:]:
        if re.match(r"\||[-*+>] |\d+\. ", line):
            text += "\n" + line
        elif re.search(r"\w-$", text):
            text += line
        else:
            text += " " + line
    return text


def readings(sign: str) -> Iterator[tuple[str, int]]:
    """What a number may be: (i) is a Roman one or the ninth letter. The Roman reading of a bare letter comes last."""
    if sign[0].isdigit():
        yield "number", int(re.match(r"\d+", sign).group())  # type: ignore[union-attr]
    elif "क" <= sign[0] <= "ह":
        yield "devanagari", "कखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसह".find(sign) + 1
    elif sign.isupper():
        yield "capital", letters(sign.lower())
    else:
        roman = value_of_roman(sign)
        if len(sign) == 1 or len(set(sign)) == 1:
            yield "letter", letters(sign)
        if roman:
            yield "roman", roman


def letters(sign: str) -> int:
    """a is 1, z is 26, aa is 27."""
    return (ord(sign[0]) - 96) + 26 * (len(sign) - 1)


def value_of_roman(sign: str) -> int:
    """0 when it is no Roman number below a hundred."""
    if any(one not in ROMAN for one in sign):
        return 0
    values = [ROMAN[one] for one in sign]
    return sum(-v if v < max(values[n + 1 :], default=0) else v for n, v in enumerate(values))
