"""The matrix as CSV, XLSX, tagged PDF and DOCX: each written to a path on the disk.

CSV and XLSX are written row by row. PDF and DOCX hold their table in memory: a matrix has the rows its officials wrote by
hand, however many people responded; of responses they hold the first thousand and say so.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import docx
import fontpkg_noto_sans
import fontpkg_noto_sans_devanagari
import typst
import xlsxwriter
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from docx.oxml import OxmlElement

from consultations.exports.lines import Line, head
from consultations.models import Consultation

HERE = Path(__file__).parent
FONTS = [
    str(Path(str(package.__file__)).parent / "files") for package in (fontpkg_noto_sans, fontpkg_noto_sans_devanagari)
]
Lines = Iterable[Line]
Table = Iterable[Sequence[str]]


def as_csv(consultation: Consultation, lines: Lines, path: Path) -> None:
    write_csv([head()], (line.cells for line in lines), path)


def write_csv(heading: Table, table: Table, path: Path) -> None:
    """With the mark that tells Excel it is UTF-8."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerows(heading)
        writer.writerows(table)


def as_xlsx(consultation: Consultation, lines: Lines, path: Path) -> None:
    write_xlsx(str(_("Response matrix")), head(), (line.cells for line in lines), path)


def write_xlsx(name: str, heading: Sequence[str], table: Table, path: Path) -> None:
    """Row by row to the disk: memory stays flat. Text cells only, so nothing is a formula or a link."""
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet, bold = book.add_worksheet(name[:31]), book.add_format({"bold": True, "text_wrap": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, len(heading) - 1, 24)
    sheet.freeze_panes(1, 0)
    for column, words in enumerate(heading):
        sheet.write_string(0, column, words, bold)
    for number, cells in enumerate(table, start=1):
        for column, cell in enumerate(cells):
            sheet.write_string(number, column, cell[:32_000], wrap)
    book.close()


def as_pdf(consultation: Consultation, lines: Lines, path: Path) -> None:
    columns = (0, 1, 2, 3, 4, 6, 7)
    rows = [
        {"cells": [line.clause, line.theme, str(line.people), str(line.organisations), line.summary, line.response, line.decision], "quotes": line.quotes}
        for line in lines
    ]  # fmt: skip
    said = {"head": [head()[n] for n in columns], "quotes": str(_("Quotes")), "rows": rows}
    write_pdf("matrix.typ", f"{_('Response matrix')}: {consultation.title}", consultation, said, path)


def write_pdf(template: str, title: str, consultation: Consultation, said: dict[str, Any], path: Path) -> None:
    """Tagged (PDF/UA-1), with the letters of both languages in the file. The texts reach typst as data, never as its code."""
    said |= {
        "title": title,
        "institution": str(consultation.institution),
        "language": (get_language() or "en")[:2],
    }
    typst.compile(  # type: ignore[call-overload]
        (HERE / template).read_bytes(), output=str(path), format="pdf", font_paths=FONTS, ignore_system_fonts=True,
        sys_inputs={"matrix": json.dumps(said)}, pdf_standards=["ua-1"],
    )  # fmt: skip


def as_docx(consultation: Consultation, lines: Lines, path: Path) -> None:
    """An annex for a Cabinet note."""
    columns = (0, 1, 2, 3, 4, 6, 7, 9)
    table = ([line.cells[column] for column in columns] for line in lines)
    write_docx(str(_("Response matrix")), [head()[n] for n in columns], table, consultation, path)


def write_docx(
    name: str, heading: Sequence[str], table: Table, consultation: Consultation, path: Path, note: str = ""
) -> None:
    """One table across the page, its head repeated on each."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = section.page_height, section.page_width
    document.core_properties.title = f"{name}: {consultation.title}"
    document.add_heading(str(consultation.title), 1)
    document.add_paragraph(f"{consultation.institution} · {name}")
    if note:
        document.add_paragraph(note)
    made = document.add_table(rows=1, cols=len(heading), style="Table Grid")
    for cell, words in zip(made.rows[0].cells, heading, strict=True):
        cell.text = words
    made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cells in table:
        for cell, words in zip(made.add_row().cells, cells, strict=True):
            cell.text = words
    document.save(str(path))


MADE_BY: dict[str, Callable[[Consultation, Lines, Path], None]] = {
    "csv": as_csv,
    "xlsx": as_xlsx,
    "pdf": as_pdf,
    "docx": as_docx,
}
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
