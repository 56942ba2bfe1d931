"""Every response as rows for officials, to clauses and then to the whole, some thousand at a time: kept as parts, so that
the next worker goes on. Of a confidential response there is only that it exists, from whom, and what it was put under.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commons.core.numbers import indian
from consultations import matrix
from consultations.exports import files
from consultations.exports.lines import inert
from consultations.models import Annotation, Export, ExportPart

if TYPE_CHECKING:
    from django.db.models import QuerySet

PART = 2000
MOST_PRINTED = 1000  # responses in a PDF or DOCX: their tables are in memory whole, and nobody prints more
PRINTED = (0, 1, 2, 3, 10, 6)  # the columns there is room for on paper
Page = list[tuple[int, list[str]]]


def head() -> list[str]:
    return [
        _("Reference number"), _("Clause"), _("Stance"), _("Theme"), _("The words you mean"), _("How it should read"), _("Text"),
        _("Language"), _("Region"), _("Date"), _("Organisation"), _("Interest in the matter"), _("Confidential"), _("File"), _("Campaign"),
    ]  # fmt: skip


def write_parts(export: Export) -> None:
    """Goes on where the last worker stopped. Each part stands or falls with the note of how far it is."""
    labels = matrix.labels_of(export.consultation)
    on_clauses, on_whole = matrix.given(export.consultation), matrix.whole(export.consultation)
    Export.objects.filter(pk=export.pk).update(total=on_clauses.count() + on_whole.count())
    while write_part(export, "upto", on_clauses, lambda rows: to_clauses(rows, labels)):
        pass
    while write_part(export, "upto_whole", on_whole, to_the_whole):
        pass


@transaction.atomic
def write_part(export: Export, mark: str, rows: QuerySet[Any], read: Any) -> bool:
    """The next rows after the mark; False when there are none."""
    current = Export.objects.select_for_update(no_key=True).get(pk=export.pk)
    page: Page = read(rows.filter(pk__gt=getattr(current, mark)).order_by("pk"))
    if not page:
        return False
    number = (current.parts.aggregate(n=Max("number"))["n"] or 0) + 1
    cells = [cells for _pk, cells in page]
    ExportPart.objects.create(export=current, number=number, data=zlib.compress(json.dumps(cells).encode()))
    Export.objects.filter(pk=export.pk).update(**{mark: page[-1][0]}, done=current.done + len(page), claimed_at=Now())
    return True


def to_clauses(rows: QuerySet[Any], labels: dict[int | None, str]) -> Page:
    stances = dict(Annotation.Stance.choices)
    found = rows.values_list(
        "pk", "contribution__reference", "root", "stance", "theme__title", "exact", "proposed", "body", "language",
        "contribution__region__name", "created_at", "campaign",
    )[:PART]  # fmt: skip
    return [
        (pk, [reference, labels.get(root, ""), str(stances[stance]), theme or "", exact, proposed, body, language, str(region or ""), f"{at:%Y-%m-%d}", "", "", "", "", str(campaign or "")])
        for pk, reference, root, stance, theme, exact, proposed, body, language, region, at, campaign in found
    ]  # fmt: skip


def to_the_whole(rows: QuerySet[Any]) -> Page:
    whole, yes = str(_("The whole text")), str(_("yes"))
    found = rows.values_list(
        "pk", "contribution__reference", "theme__title", "body", "language", "contribution__region__name", "created_at",
        "organisation", "interest", "confidential", "file__name", "file__refused_at",
    )[:PART]  # fmt: skip
    return [
        (pk, [reference, whole, "", theme or "", "", "", "" if secret else body, language, str(region or ""), f"{at:%Y-%m-%d}", organisation, interest, yes if secret else "", "" if secret or thrown_away else file or "", ""])
        for pk, reference, theme, body, language, region, at, organisation, interest, secret, file, thrown_away in found
    ]  # fmt: skip


def lines(export: Export) -> Iterator[list[str]]:
    """Every row; one part in memory at a time."""
    for number in list(export.parts.values_list("number", flat=True)):
        part = export.parts.get(number=number)
        for cells in json.loads(zlib.decompress(part.data)):
            yield [inert(cell) for cell in cells]


def write(export: Export, path: Path) -> None:
    """The file from its parts."""
    name, law = str(_("Responses")), export.consultation
    if export.format == Export.Format.CSV:
        return files.write_csv([head()], lines(export), path)
    if export.format == Export.Format.XLSX:
        return files.write_xlsx(name, head(), lines(export), path)
    table = ([cells[at] for at in PRINTED] for cells in islice(lines(export), MOST_PRINTED))
    heading, note = [head()[at] for at in PRINTED], cut_short(Export.objects.get(pk=export.pk).total)
    if export.format == Export.Format.DOCX:
        return files.write_docx(name, heading, table, law, path, note)
    said = {"head": heading, "rows": list(table), "note": note}
    return files.write_pdf("responses.typ", f"{name}: {law.title}", law, said, path)


def cut_short(total: int) -> str:
    """What a file for paper says when it does not hold them all."""
    if total <= MOST_PRINTED:
        return ""
    words = ngettext(
        "The first %(most)s of %(n)s response. The tables (CSV, XLSX) hold them all.",
        "The first %(most)s of %(n)s responses. The tables (CSV, XLSX) hold them all.", total,
    )  # fmt: skip
    return words % {"most": indian(MOST_PRINTED), "n": indian(total)}
