"""Every response as rows for officials, some thousand at a time: kept as parts, so that the next worker goes on."""

from __future__ import annotations

import csv
import json
import tempfile
import zlib
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import xlsxwriter
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from consultations import matrix
from consultations.exports.lines import inert
from consultations.models import Annotation, Export, ExportPart

PART = 2000


def head() -> list[str]:
    return [_("Reference number"), _("Clause"), _("Stance"), _("Theme"), _("The words you mean"), _("How it should read"), _("Why, or your question"), _("Language"), _("Region"), _("Date")]  # fmt: skip


def write_parts(export: Export) -> None:
    """Goes on where the last worker stopped. Each part stands or falls with the note of how far it is."""
    labels = matrix.labels_of(export.consultation)
    stances = dict(Annotation.Stance.choices)
    total = matrix.given(export.consultation).count()
    Export.objects.filter(pk=export.pk).update(total=total)
    while True:
        with transaction.atomic():
            current = Export.objects.select_for_update(no_key=True).defer("data").get(pk=export.pk)
            found = matrix.given(export.consultation).filter(pk__gt=current.upto).order_by("pk")
            rows = list(
                found.values_list(
                    "pk", "contribution__reference", "root", "stance", "theme__title", "exact", "proposed", "body", "language",
                    "contribution__region__name", "created_at",
                )[:PART]
            )  # fmt: skip
            if not rows:
                return
            cells = [
                [reference, labels.get(root, ""), str(stances[stance]), theme or "", exact, proposed, body, language, str(region or ""), f"{at:%Y-%m-%d}"]
                for _pk, reference, root, stance, theme, exact, proposed, body, language, region, at in rows
            ]  # fmt: skip
            number = (current.parts.aggregate(n=Max("number"))["n"] or 0) + 1
            ExportPart.objects.create(export=current, number=number, data=zlib.compress(json.dumps(cells).encode()))
            Export.objects.filter(pk=export.pk).update(
                upto=rows[-1][0], done=current.done + len(rows), claimed_at=Now()
            )


def lines(export: Export) -> Iterator[list[str]]:
    """The head, then every row; one part in memory at a time."""
    yield head()
    for number in list(export.parts.values_list("number", flat=True)):
        part = export.parts.get(number=number)
        for cells in json.loads(zlib.decompress(part.data)):
            yield [inert(cell) for cell in cells]


def as_csv(export: Export) -> Iterator[bytes]:
    """Piece by piece, as it is sent."""
    yield "\ufeff".encode()
    out = StringIO()
    writer = csv.writer(out)
    for number, cells in enumerate(lines(export)):
        writer.writerow(cells)
        if number % 500 == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def as_xlsx(export: Export) -> bytes:
    """Row by row to the disk: memory stays flat."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        book = xlsxwriter.Workbook(
            file.name, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        sheet = book.add_worksheet()
        for number, cells in enumerate(lines(export)):
            for column, cell in enumerate(cells):
                sheet.write_string(number, column, cell[:32_000])
        book.close()
        return Path(file.name).read_bytes()
