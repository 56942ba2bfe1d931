"""Files people send with an answer: pictures are drawn anew, PDFs are kept as they are and only ever downloaded.

A picture that is drawn anew carries nothing but its dots: no place, no telephone's name, no script.
"""

from __future__ import annotations

import re
import warnings
from io import BytesIO
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from commons.core.cleaning import clean_text

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

LARGEST = 4_000_000  # bytes
LONGEST_SIDE = 2000  # dots; enough to read a document
MOST_DOTS = 40_000_000  # a small file can claim to be a picture that fills the memory


def made_safe(file: UploadedFile) -> tuple[str, str, bytes]:
    """Name, type and content as they are kept. Raises ValidationError for what is too large or neither picture nor PDF."""
    if file.size is None or file.size > LARGEST:
        raise ValidationError(_("This file is too large: at most 4 MB are possible."), "large")
    content = file.read()
    name = clean_name(file.name or "")
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return f"{name}.pdf", "application/pdf", content
    picture = drawn_anew(content)
    return f"{name}.jpg", "image/jpeg", picture


def clean_name(name: str) -> str:
    stem = clean_text(name).rpartition("/")[2].rpartition("\\")[2].partition(".")[0]
    return re.sub(r"[^\w -]", "", stem).strip()[:60] or "file"


def drawn_anew(content: bytes) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as picture:
                if picture.width * picture.height > MOST_DOTS:
                    raise ValidationError(
                        _("This picture has too many dots: make it smaller, then send it again."), "large"
                    )
                upright = ImageOps.exif_transpose(picture).convert("RGB")
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                out = BytesIO()
                upright.save(out, "JPEG", quality=82)
                return out.getvalue()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError) as error:
        raise ValidationError(_("Send a picture (JPEG, PNG or WebP) or a PDF."), "type") from error
