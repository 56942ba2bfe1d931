"""Makes the files of published matrices, and of responses for officials. A worker claims one for some minutes; one that died is found again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import override

from consultations.exports import keeping, responses
from consultations.exports.files import MADE_BY
from consultations.exports.lines import Line, lines
from consultations.models import Export

CLAIM = timedelta(minutes=10)
STEP = 50  # rows between two notes of how far it is


def make_due() -> int:
    """Makes every file that waits, or whose worker died. Returns how many."""
    made = 0
    for pk in list(Export.objects.filter(finished_at=None).order_by("pk").values_list("pk", flat=True)[:20]):
        free = Q(claimed_at=None) | Q(claimed_at__lt=Now() - CLAIM)
        if Export.objects.filter(free, pk=pk, finished_at=None).update(claimed_at=Now()):
            make(Export.objects.select_related("consultation__institution").get(pk=pk))
            made += 1
    return made


def make(export: Export) -> None:
    """Writes the file to the worker's disk, then keeps it. Rows already packed by a worker that died are not read again."""
    with override(export.language), tempfile.TemporaryDirectory(prefix="export-") as home:
        path = Path(home) / f"file.{export.format}"
        if export.what == Export.What.RESPONSES:
            responses.write_parts(export)
            responses.write(export, path)
        else:
            MADE_BY[export.format](export.consultation, counted(export, lines(export.consultation)), path)
        keeping.keep(export, path)


def counted(export: Export, found: Iterable[Line]) -> Iterator[Line]:
    """The same lines, with a note of how far it is every so often."""
    for number, line in enumerate(found):
        if number % STEP == 0:
            Export.objects.filter(pk=export.pk).update(done=number, claimed_at=Now())
        yield line
