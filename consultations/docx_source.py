"""A Word document as Markdown: headings, numbered paragraphs with the numbers Word shows, tables."""

from __future__ import annotations

import re
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

MOST_UNPACKED = 60_000_000  # bytes of all parts together
MOST_TEXT = 12_000_000  # bytes of one part that is text: it takes ten times as much to read
MOST_PARTS = 2000
MOST_PLACES = 40_000  # paragraphs, and cells of tables; a thousand pages have fewer
LONGEST = 40  # seconds
MACRO = re.compile(r"vba|macro|activex", re.I)


def check(file: IO[bytes]) -> None:
    """Raises ValidationError for a file that carries macros, unpacks to too much, or names places outside itself."""
    try:
        parts = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise broken() from error
    names = [part.filename for part in parts]
    if any(name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name for name in names):
        raise ValidationError(_("This file names places outside itself. It is no Word document."), code="zip_slip")
    if any(part.flag_bits & 1 for part in parts):
        raise ValidationError(_("This file is encrypted. Bring it without a password."), code="encrypted")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise too_much()
    if any(part.file_size > MOST_TEXT and part.filename.lower().endswith((".xml", ".rels")) for part in parts):
        raise too_much()
    if any(MACRO.search(name) for name in names):
        raise ValidationError(_("This Word file holds macros. Save it as .docx without them."), code="macros")
    if "word/document.xml" not in names:
        raise ValidationError(_("This is no Word document. Bring Markdown, .docx or a PDF with text."), code="kind")
    check_sizes(file)
    types = unpacked(file, "[Content_Types].xml") if "[Content_Types].xml" in names else b""
    if b"macroEnabled" in types:
        raise ValidationError(_("This Word file holds macros. Save it as .docx without them."), code="macros")
    file.seek(0)


def check_sizes(file: IO[bytes]) -> None:
    """Raises ValidationError when a part is larger than it says, or damaged.

    Asked for all of a part at once, zipfile unpacks whatever is there, gigabytes too, before it compares.
    """
    try:
        with zipfile.ZipFile(file) as whole:
            for part in whole.infolist():
                with whole.open(part) as one:
                    one.read(part.file_size)
    except Exception as error:  # zipfile raises whatever a damaged part makes it stumble over
        raise broken() from error


def too_much() -> ValidationError:
    return ValidationError(_("This file unpacks to too much. Bring the text without pictures."), code="bomb")


def unpacked(file: IO[bytes], name: str, most: int = 1_000_000) -> bytes:
    """The first bytes of a part: what a part says of its own size may be a lie."""
    try:
        with zipfile.ZipFile(file) as whole, whole.open(name) as part:
            return part.read(most)
    except Exception as error:  # zipfile raises whatever a damaged part makes it stumble over
        raise broken() from error


def to_markdown(file: IO[bytes]) -> str:
    """The document's text. Raises ValidationError for what `check` refuses, and for a file Word could not read either."""
    check(file)
    text = unpacked(file, "word/document.xml", MOST_TEXT)
    if text.count(b"<w:p>") + text.count(b"<w:p ") + text.count(b"<w:tc") > MOST_PLACES:
        raise too_much()
    try:
        document = Document(file)
        return "\n\n".join(lines(document))
    except ValidationError:
        raise
    except Exception as error:  # python-docx raises whatever it stumbles over in a damaged file
        raise broken() from error


def broken() -> ValidationError:
    words = _("This Word file is damaged. Open it in Word, save it again, and bring that.")
    return ValidationError(words, code="broken")


def lines(document: Any) -> Iterator[str]:
    numbers, styles, ends = Numbers(document), dict[str | None, Any](), time.monotonic() + LONGEST
    for block in document.iter_inner_content():
        if time.monotonic() > ends:
            raise too_much()
        if isinstance(block, Table):
            yield table(block)
            continue
        words = " ".join(block.text.split())
        if not words:
            continue
        if (named := block._p.style) not in styles:
            styles[named] = block.style  # python-docx looks through all styles for each
        number = numbers.of(block, styles[named])
        level = heading_level(styles[named])
        if level == 0:
            yield f"# {words}"
        elif level:
            yield f"## {number} {words}".replace("  ", " ")
        else:
            yield f"{number} {words}".strip()


def heading_level(style: Any) -> int | None:
    """0 for the title, 1 to 9 for a heading, None for text."""
    name = (style.name if style is not None else "") or ""
    if name == "Title":
        return 0
    found = re.fullmatch(r"[Hh]eading (\d)", name)
    return int(found.group(1)) if found else None


def table(block: Table) -> str:
    """Merged cells come once for each place they cover, as Word gives them."""
    rows = [[" ".join(cell.text.split()).replace("|", "\\|") for cell in row.cells] for row in block.rows]
    if not rows:
        return ""
    width = max(len(row) for row in rows)
    drawn = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
    return "\n".join([drawn[0], "|" + " --- |" * width, *drawn[1:]])


ROMAN = ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def roman(value: int) -> str:
    signs = ""
    for worth, sign in ROMAN:
        while value >= worth:
            signs, value = signs + sign, value - worth
    return signs


SHAPES: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "lowerLetter": lambda n: chr(97 + (n - 1) % 26) * (1 + (n - 1) // 26),
    "upperLetter": lambda n: (chr(65 + (n - 1) % 26)) * (1 + (n - 1) // 26),
    "lowerRoman": roman,
    "upperRoman": lambda n: roman(n).upper(),
}


class Numbers:
    """Word counts numbered paragraphs itself; their numbers are in no text. This counts as Word does."""

    def __init__(self, document: Any) -> None:
        self.counts: dict[tuple[str, int], int] = {}
        self.levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        part = getattr(document.part, "numbering_part", None) if has_numbering(document) else None
        if part is None:
            return
        abstract = {}
        for one in part.element.iter(qn("w:abstractNum")):
            abstract[one.get(qn("w:abstractNumId"))] = {
                int(level.get(qn("w:ilvl"))): (
                    value(level, "w:numFmt", "decimal"), value(level, "w:lvlText", ""), int(value(level, "w:start", "1")),
                )
                for level in one.iter(qn("w:lvl"))
            }  # fmt: skip
        for one in part.element.iter(qn("w:num")):
            self.levels[one.get(qn("w:numId"))] = abstract.get(value(one, "w:abstractNumId", ""), {})

    def of(self, block: Paragraph, style: Any) -> str:
        """The number Word shows before the paragraph; empty when it has none."""
        found = placed(block, style)
        if found is None:
            return ""
        list_id, level = found
        levels = self.levels.get(list_id, {})
        shape, pattern, start = levels.get(level, ("bullet", "", 1))
        if shape not in SHAPES:
            return ""
        self.counts[list_id, level] = self.counts.get((list_id, level), start - 1) + 1
        for deeper in [key for key in self.counts if key[0] == list_id and key[1] > level]:
            del self.counts[deeper]

        def shown(match: re.Match[str]) -> str:
            at = int(match.group(1)) - 1
            form, _pattern, first = levels.get(at, ("decimal", "", 1))
            return str(SHAPES.get(form, str)(self.counts.get((list_id, at), first)))

        return re.sub(r"%(\d)", shown, pattern)


def has_numbering(document: Any) -> bool:
    """Asking for a numbering part that is not there would make one."""
    return any(relation.reltype.endswith("/numbering") for relation in document.part.rels.values())


def placed(block: Paragraph, style: Any) -> tuple[str, int] | None:
    """List and level of a numbered paragraph: its own, or its style's."""
    styled = style.element if style is not None else None
    for element in (block._p, styled):
        found = element.find(f".//{qn('w:numPr')}") if element is not None else None
        if found is not None and (number := value(found, "w:numId", "0")) != "0":
            return number, int(value(found, "w:ilvl", "0"))
    return None


def value(element: Any, tag: str, default: str) -> str:
    found = element.find(qn(tag))
    return default if found is None else found.get(qn("w:val"), default)
