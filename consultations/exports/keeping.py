"""Where finished files lie: in the database like everything else that is saved and restored together, in pieces.

A file goes from the worker's disk to the database and from there to whoever asks, a piece at a time.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.http import StreamingHttpResponse

from consultations.exports.files import MEDIA_TYPES
from consultations.models import Export, ExportPiece

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE = 1 << 16  # bytes; a query of Django leaves a cycle behind, so a dozen pieces stay until they are collected


@transaction.atomic
def keep(export: Export, path: Path) -> None:
    """Saves the file and says that it is finished; the packed rows it was made of go."""
    export.pieces.all().delete()
    with path.open("rb") as file:
        number = 0
        while data := file.read(PIECE):
            ExportPiece.objects.create(export=export, number=number, data=data)
            number += 1
    export.parts.all().delete()
    Export.objects.filter(pk=export.pk).update(size=path.stat().st_size, done=F("total"), finished_at=Now())


def pieces(export: Export) -> Iterator[bytes]:
    """The file as it is sent."""
    for number in list(export.pieces.values_list("number", flat=True)):
        yield bytes(export.pieces.values_list("data", flat=True).get(number=number))


def sent(export: Export, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(pieces(export), content_type=MEDIA_TYPES[export.format])
    response["Content-Disposition"] = f'attachment; filename="{name}.{export.format}"'
    response["Content-Length"] = str(export.size)
    return response
