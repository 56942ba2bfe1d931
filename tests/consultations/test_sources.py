"""What officials bring: Markdown, Word, a PDF with text. What is not safe or not text is refused at once, with a reason."""

import time
import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from docx import Document
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject

from consultations import outline, sources


def word(change=lambda document: None, extra: dict[str, bytes] | None = None) -> bytes:
    document = Document()
    document.add_heading("School Meals Rules", 0)
    document.add_heading("1. Short title", 1)
    document.add_paragraph("(1) These rules may be called the School Meals Rules.")
    change(document)
    file = BytesIO()
    document.save(file)
    if extra:
        with zipfile.ZipFile(file, "a") as whole:
            for name, data in extra.items():
                whole.writestr(name, data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def pdf(pages: list[list[str]], *, encrypt: bool = False) -> bytes:
    """A PDF with a text layer, one list of lines a page."""
    writer = PdfWriter()
    font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"), NameObject("/BaseFont"): NameObject("/Helvetica")})  # fmt: skip
    for lines in pages:
        page = writer.add_blank_page(595, 842)
        stream = StreamObject()
        shown = "".join(f"({line.replace('(', chr(92) + '(').replace(')', chr(92) + ')')}) Tj T* " for line in lines)
        stream.set_data(f"BT /F1 11 Tf 14 TL 50 790 Td {shown}ET".encode("latin-1"))
        page[NameObject("/Contents")] = writer._add_object(stream)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
    if encrypt:
        writer.encrypt("secret")
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def endless() -> bytes:
    """A PDF that says it has 10,000 pages, and has them."""
    writer = PdfWriter()
    for _n in range(10_000):
        writer.add_blank_page(10, 10)
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def refusal(name: str, data: bytes) -> str:
    began = time.monotonic()
    with pytest.raises(ValidationError) as refused:
        outline.read(sources.to_markdown(name, data))
    assert time.monotonic() - began < 2
    assert refused.value.messages[0]
    return refused.value.code or ""


def test_word_keeps_headings_items_and_tables():
    def more(document):
        document.add_paragraph("(2) They begin in April.")
        table = document.add_table(rows=2, cols=2)
        for cell, text in zip(
            [c for row in table.rows for c in row.cells], ["Class", "Calories", "1", "450"], strict=True
        ):
            cell.text = text

    read = outline.read(sources.to_markdown("law.docx", word(more)))
    assert read.title == "School Meals Rules"
    assert [c.label for c in read.clauses] == ["1", "1(1)", "1(2)"]
    assert "<td>450</td>" in read.clauses[2].html


def test_word_counts_its_numbered_paragraphs_and_so_do_we():
    def more(document):
        for text in ("first", "second"):
            document.add_paragraph(text, style="List Number")

    markdown = sources.to_markdown("law.docx", word(more))
    assert "1. first" in markdown
    assert "2. second" in markdown


def test_a_pdf_with_text_is_read_without_its_running_heads():
    text = {1: "(2) And more of it.", 2: "(2) Something else.", 3: "(2) The end of all."}
    pages = [
        [f"The School Gazette {n}", f"{n}. Rule {n}.- (1) Text that is long enough to be read here.", text[n]]
        for n in text
    ]
    markdown = sources.to_markdown("law.pdf", pdf(pages))
    assert "Gazette" not in markdown
    assert "(2) And more of it." in markdown
    assert [c.label for c in outline.read(markdown).clauses if c.depth == 0] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("law.pdf", pdf([[], [], []]), "scanned"),
        ("law.pdf", pdf([["1. A rule"]], encrypt=True), "encrypted"),
        ("law.pdf", b"%PDF-1.7 and nothing more", "broken"),
        ("law.docx", word(extra={"word/vbaProject.bin": b"x"}), "macros"),
        ("law.docx", word(extra={"word/media/a.bin": bytes(70_000_000)}), "bomb"),
        ("law.docx", word(extra={"../../etc/passwd": b"x"}), "zip_slip"),
        ("law.docx", word(extra={"/etc/passwd": b"x"}), "zip_slip"),
        ("law.docx", b"PK\x03\x04 and nothing more", "broken"),
        ("law.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "old_word"),
        ("law.html", b"<h1>1. Law</h1>", "kind"),
        ("law.exe", b"MZ", "kind"),
        ("law.md", b"\xff\xfe\x00", "utf8"),
        ("law.md", b"## 1. A\n<script>alert(1)</script>", "script"),
    ],
)  # fmt: skip
def test_what_is_not_safe_or_not_text_is_refused_in_two_seconds(name, data, code):
    assert refusal(name, data) == code


def test_ten_thousand_pages_are_refused_in_two_seconds():
    assert refusal("law.pdf", endless()) == "pages"


def test_two_hundred_megabytes_are_refused():
    assert refusal("law.pdf", b"%PDF-" + bytes(200_000_000)) == "too_large"


def test_a_pdf_that_lies_about_its_pages_is_not_read_for_ever():
    reader = PdfWriter()
    reader.add_blank_page(10, 10)
    pages = reader.root_object["/Pages"].get_object()
    pages[NameObject("/Count")] = NumberObject(1)
    pages[NameObject("/Kids")] = ArrayObject([*pages["/Kids"]] * 3000)
    file = BytesIO()
    reader.write(file)
    assert refusal("law.pdf", file.getvalue()) in {"scanned", "pages", "broken"}
