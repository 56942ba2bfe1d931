"""Files people attach to a response: checked, and rebuilt without what could act or tells more than was meant."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from commons.core.cleaning import clean_text
from consultations import pdf_rebuilt, word_rebuilt

MOST_BYTES = 10_000_000
PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Cleaned:
    """What is kept. `scanned` says that the virus scanner found nothing (`scanning.scan`)."""

    name: str
    media_type: str
    data: bytes
    scanned: bool = False


def clean(name: str, data: bytes) -> Cleaned:
    """The file as it is kept. Raises ValidationError, in words for the citizen, for what is too large, no document, or could act.

    A scanned letter is welcome here, unlike a scanned law: it is somebody's response, and officials read it.
    """
    if len(data) > MOST_BYTES:
        raise too_large()
    if data[:1024].lstrip()[:5] == b"%PDF-":
        return Cleaned(f"{stem(name)}.pdf", PDF, pdf_rebuilt.rebuilt(data))
    if data[:4] == b"PK\x03\x04":
        return Cleaned(f"{stem(name)}.docx", WORD, word_rebuilt.rebuilt(data))
    raise ValidationError(_("Attach a PDF or a Word file (.docx)."), code="kind")


def too_large() -> ValidationError:
    return ValidationError(_("This file is larger than 10 MB."), code="too_large")


def stem(name: str) -> str:
    """The name without its ending, of letters, digits, spaces, - and _. Vowel signs are marks, and part of a word."""
    last = clean_text(name[-500:]).replace("\\", "/").rpartition("/")[2]
    words = last.rpartition(".")[0] if "." in last else last
    kept = "".join(sign for sign in words if sign in " -_" or unicodedata.category(sign)[0] in "LMN")
    return kept[:80].strip() or "response"
