"""The matrix as CSV, XLSX, tagged PDF and DOCX."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Callable, Iterable
from io import BytesIO, StringIO
from pathlib import Path

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


def as_csv(consultation: Consultation, lines: Lines) -> bytes:
    """With the mark that tells Excel it is UTF-8."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(head())
    writer.writerows(line.cells for line in lines)
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(consultation: Consultation, lines: Lines) -> bytes:
    """Row by row to the disk: memory stays flat. Text cells only, so nothing is a formula or a link."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        book = xlsxwriter.Workbook(
            file.name, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        sheet, bold = (
            book.add_worksheet(str(_("Response matrix"))[:31]),
            book.add_format({"bold": True, "text_wrap": True}),
        )
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        sheet.set_column(0, 10, 24)
        for column, name in enumerate(head()):
            sheet.write_string(0, column, name, bold)
        for number, line in enumerate(lines, start=1):
            for column, cell in enumerate(line.cells):
                sheet.write_string(number, column, cell[:32_000], wrap)
        book.close()
        return Path(file.name).read_bytes()


def as_pdf(consultation: Consultation, lines: Lines) -> bytes:
    """Tagged (PDF/UA-1), with the letters of both languages in the file. The texts reach typst as data, never as its code."""
    said = {
        "title": f"{_('Response matrix')}: {consultation.title}", "institution": str(consultation.institution),
        "language": (get_language() or "en")[:2], "head": [head()[n] for n in (0, 1, 2, 3, 4, 6, 7)], "quotes": str(_("Quotes")),
        "rows": [{"cells": [line.clause, line.theme, str(line.people), str(line.organisations), line.summary, line.response, line.decision], "quotes": line.quotes} for line in lines],
    }  # fmt: skip
    return typst.compile(  # type: ignore[call-overload]
        (HERE / "matrix.typ").read_bytes(), format="pdf", font_paths=FONTS, ignore_system_fonts=True,
        sys_inputs={"matrix": json.dumps(said)}, pdf_standards=["ua-1"],
    )  # fmt: skip


def as_docx(consultation: Consultation, lines: Lines) -> bytes:
    """An annex for a Cabinet note: one table, its head repeated on each page."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = section.page_height, section.page_width
    document.core_properties.title = f"{_('Response matrix')}: {consultation.title}"
    document.add_heading(str(consultation.title), 1)
    document.add_paragraph(f"{consultation.institution} · {_('Response matrix')}")
    table = document.add_table(rows=1, cols=8, style="Table Grid")
    columns = (0, 1, 2, 3, 4, 6, 7, 9)
    for cell, column in zip(table.rows[0].cells, columns, strict=True):
        cell.text = head()[column]
    repeat = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for line in lines:
        for cell, column in zip(table.add_row().cells, columns, strict=True):
            cell.text = line.cells[column]
    file = BytesIO()
    document.save(file)
    return file.getvalue()


MADE_BY: dict[str, Callable[[Consultation, Lines], bytes]] = {
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
