"""The text layer of a PDF, page by page. What has none was scanned, and is refused: guessing a law's words is no service."""

from __future__ import annotations

import re
import time
from collections import Counter
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pypdf import Configuration, PdfReader, apply_configuration

MOST_PAGES = 1000
NUMBERED = re.compile(r"#[A-Z]*\.\s|\(")
# A stream of a page of text unpacks to some kilobytes; what pypdf allows by itself takes minutes of a reader's time.
LIMITS = Configuration(
    zlib_maximum_output_length=20_000_000, lzw_maximum_output_length=20_000_000, run_length_maximum_output_length=20_000_000,
    array_based_stream_maximum_output_length=20_000_000, stream_parsing_work_maximum_count=60_000, page_tree_maximum_entries=10_000,
)  # fmt: skip
LONGEST = 40  # seconds for all pages together
LEAST_SIGNS = 40  # a page, on average; page numbers and stamps of a scanned file stay below


def opened(file: IO[bytes]) -> PdfReader:
    """A PDF whose pages can be read. Raises ValidationError for what is encrypted, endless or damaged."""
    try:
        reader = PdfReader(file)
        encrypted = reader.is_encrypted
    except Exception as error:  # pypdf raises whatever it stumbles over in a damaged file
        raise damaged() from error
    if encrypted:
        raise ValidationError(_("This PDF is encrypted. Bring it without a password."), code="encrypted")
    try:
        pages = int(reader.root_object["/Pages"].get_object()["/Count"])  # type: ignore[index]
    except Exception as error:
        raise damaged() from error
    if pages > MOST_PAGES:
        words = _("This PDF has %(pages)s pages; at most %(most)s can be brought in.")
        raise ValidationError(words % {"pages": pages, "most": MOST_PAGES}, code="pages")
    return reader


def damaged() -> ValidationError:
    return ValidationError(_("This PDF is damaged. Make it again from its document, and bring that."), code="broken")


def to_markdown(file: IO[bytes]) -> str:
    """The text, without the lines that stand at the head or foot of most pages."""
    ends, pages = time.monotonic() + LONGEST, []
    try:
        with apply_configuration(LIMITS):
            for number, page in enumerate(opened(file).pages):
                if number >= MOST_PAGES or time.monotonic() > ends:  # the count it gave was a lie
                    raise ValidationError(_("This PDF has too many pages."), code="pages")
                pages.append([line.strip() for line in page.extract_text().splitlines()])
    except ValidationError:
        raise
    except Exception as error:
        raise damaged() from error
    if sum(len(line) for page in pages for line in page) < LEAST_SIGNS * max(len(pages), 1):
        words = _("This PDF was scanned: it holds pictures of pages and no text. Bring the document it was made from.")
        raise ValidationError(words, code="scanned")
    return "\n".join(line for page in without_running_heads(pages) for line in page)


def without_running_heads(pages: list[list[str]]) -> list[list[str]]:
    """Without the first and last lines that come back on most pages, whatever number they carry; two deep at most."""
    pages = [[line for line in page if line] for page in pages]
    for edge in (0, -1, 0, -1):
        seen = Counter(shape(page[edge]) for page in pages if page)
        if len(pages) < 3 or not seen:
            break
        running, count = seen.most_common(1)[0]
        if count > len(pages) / 2 and not NUMBERED.match(running):  # the numbers of rules come back too
            pages = [cut(page, edge) if page and shape(page[edge]) == running else page for page in pages]
    return pages


def shape(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def cut(page: list[str], edge: int) -> list[str]:
    return page[1:] if edge == 0 else page[:-1]
