"""Makes an option's picture anew from what an official uploaded, so that nothing but the picture is left of the file."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 6_000_000
MOST_PIXELS = 24_000_000
WIDEST = 800
TOO_LARGE = gettext_lazy("The picture is too large: at most 24 million pixels.")
FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True)
class Made:
    webp: bytes
    width: int
    height: int


def remake(upload: BinaryIO, size: int) -> Made:
    """The picture as WebP, at most 800 pixels wide and high, without metadata. Raises ValidationError.

    How large it is, in bytes and in pixels, is looked at before anything is unpacked: a file of some kilobytes can
    hold a picture that fills the memory.
    """
    if size > MOST_BYTES:
        raise ValidationError(_("The file is too large: at most 6 MB."), "bytes")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture: Image.Image = Image.open(upload, formats=FORMATS)
            if picture.width * picture.height > MOST_PIXELS:
                raise ValidationError(TOO_LARGE, "pixels")
            picture = ImageOps.exif_transpose(picture)  # what the camera noted as turned stays upright
            picture.thumbnail((WIDEST, WIDEST))
            has_alpha = "A" in picture.getbands() or "transparency" in picture.info
            plain = Image.new("RGBA" if has_alpha else "RGB", picture.size)
            plain.paste(picture.convert(plain.mode))
            made = BytesIO()
            plain.save(made, "WEBP", quality=80)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(TOO_LARGE, "pixels") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise ValidationError(_("This is not a picture we can read: JPEG, PNG or WebP."), "picture") from error
    return Made(made.getvalue(), *plain.size)
