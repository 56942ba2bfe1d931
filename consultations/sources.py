"""Turns what an official brings (Markdown, DOCX, a PDF with a text layer) into Markdown; refuses what is not safe or not text.

Every refusal comes before anything is unpacked or written, in words that say what to do instead.
"""

from __future__ import annotations

from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from consultations import docx_source, pdf_source

MOST_BYTES = 25_000_000


def to_markdown(name: str, data: bytes) -> str:
    """The text of a file. Raises ValidationError, with a reason for the official, for what cannot be read safely."""
    if len(data) > MOST_BYTES:
        raise too_large()
    if data[:4] == b"PK\x03\x04":
        return docx_source.to_markdown(BytesIO(data))
    if data[:1024].lstrip()[:5] == b"%PDF-":
        return pdf_source.to_markdown(BytesIO(data))
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise ValidationError(
            _("This is an old or an encrypted Word file. Save it as .docx without a password."), code="old_word"
        )
    if not name.lower().endswith((".md", ".markdown", ".txt")):
        raise ValidationError(_("Bring Markdown (.md), Word (.docx) or a PDF that holds text."), code="kind")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError(_("This text is not UTF-8. Save it as UTF-8 and bring it again."), code="utf8") from error


def too_large() -> ValidationError:
    words = _("This file is larger than %(megabytes)s MB. Bring the text without pictures.")
    return ValidationError(words % {"megabytes": MOST_BYTES // 1_000_000}, code="too_large")
