"""Files people attach to a response: checked, and rebuilt without what could act."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pypdf import PdfWriter

from commons.core.cleaning import clean_text
from consultations import docx_source, pdf_source

MOST_BYTES = 10_000_000
PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Cleaned:
    name: str
    media_type: str
    data: bytes
    scanned: bool = False


def clean(name: str, data: bytes) -> Cleaned:
    """The file as it is kept. Raises ValidationError, in words for the citizen, for what is too large, no document, or could act.

    A PDF's pages are copied into a new file: scripts, actions, forms and attached files stay behind. A Word file
    cannot be rebuilt without loss, so one that embeds or loads anything is refused.
    """
    if len(data) > MOST_BYTES:
        raise ValidationError(_("This file is larger than 10 MB."), code="too_large")
    stem = re.sub(r"[^\w -]", "", clean_text(name).rpartition(".")[0] or name)[:80].strip() or "response"
    if data[:1024].lstrip()[:5] == b"%PDF-":
        return Cleaned(f"{stem}.pdf", PDF, pdf(data))
    if data[:4] == b"PK\x03\x04":
        check_word(data)
        return Cleaned(f"{stem}.docx", WORD, data)
    raise ValidationError(_("Attach a PDF or a Word file (.docx)."), code="kind")


def pdf(data: bytes) -> bytes:
    reader, writer, file = pdf_source.opened(BytesIO(data)), PdfWriter(), BytesIO()
    try:
        for page in reader.pages:
            for name in ("/AA", "/Annots"):
                page.pop(name, None)
            writer.add_page(page)
        writer.write(file)
    except Exception as error:  # pypdf raises whatever it stumbles over in a damaged file
        raise pdf_source.damaged() from error
    return file.getvalue()


def check_word(data: bytes) -> None:
    docx_source.check(BytesIO(data))
    with zipfile.ZipFile(BytesIO(data)) as whole:
        for name in whole.namelist():
            if "/embeddings/" in name:
                raise ValidationError(
                    _("This Word file has other files in it. Save it without them, or as PDF."), code="embedded"
                )
            if name.endswith(".rels") and re.search(
                rb"(attachedTemplate|oleObject|frame|subDocument)\"[^>]*TargetMode=\"External\"",
                docx_source.unpacked(whole, name),
            ):
                raise ValidationError(
                    _("This Word file loads something from elsewhere. Save it as PDF."), code="external"
                )
