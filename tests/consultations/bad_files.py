"""Files nobody should bring, made for the tests: each with its name and what each door says of it."""

from __future__ import annotations

import struct
import zipfile
from io import BytesIO

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NumberObject

from tests.consultations.test_sources import endless, pdf, word

N = NameObject
RULE = ["1. Short title.- (1) These rules may be called the School Meals Rules, and so on, at some length."]


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 40), "red").save(file, "PNG")
    return file.getvalue()


def lying_bomb() -> bytes:
    """A Word file whose text unpacks to 70 MB and says that it is 100 bytes long."""
    data = word(extra={"word/big.xml": bytes(70_000_000)})
    return data.replace(struct.pack("<I", 70_000_000), struct.pack("<I", 100))


def many_paragraphs() -> bytes:
    """Small, within every limit of bytes, and minutes of work to read."""
    text = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body></w:document>'
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(word())) as whole, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in whole.namelist():
            copy.writestr(
                name, text % (b"<w:p/><w:p></w:p>" * 300_000) if name == "word/document.xml" else whole.read(name)
            )
    return file.getvalue()


def unpacks(*, size: int) -> bytes:
    """A PDF with one page, whose drawing is much larger than the file."""
    writer = PdfWriter(clone_from=BytesIO(pdf([RULE])))
    stream = DecodedStreamObject()
    stream.set_data(b"BT /F1 9 Tf (a) Tj ET " * (size // 22))
    writer.pages[0][N("/Contents")] = writer._add_object(stream.flate_encode(9))
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def more_pages_than_it_says() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(10, 10)
    pages = writer.root_object["/Pages"].get_object()
    pages[N("/Count")], pages[N("/Kids")] = NumberObject(1), ArrayObject([*pages["/Kids"]] * 3000)
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def scripted() -> bytes:
    """A PDF and a web page and a ZIP file at once."""
    writer = PdfWriter(clone_from=BytesIO(pdf([RULE])))
    script = DictionaryObject({N("/S"): N("/JavaScript"), N("/JS"): writer._add_object(DecodedStreamObject())})
    writer.root_object[N("/OpenAction")] = script
    file = BytesIO()
    writer.write(file)
    file.write(b"<script>alert('polyglot')</script>")
    return file.getvalue()


WHOLE_PDF, WHOLE_WORD = pdf([RULE] * 3), word()
# name: (file, what the citizen's door says, what the officials' doors say); "" is welcome, or made harmless
TABLE = {
    "too large": ("a.pdf", lambda: b"%PDF-" + bytes(26_000_000), "too_large", "too_large"),
    "encrypted": ("a.pdf", lambda: pdf([RULE], encrypt=True), "encrypted", "encrypted"),
    "10,000 pages": ("a.pdf", endless, "pages", "pages"),
    "more pages than it says": ("a.pdf", more_pages_than_it_says, "pages", "pages"),
    "macros": ("a.docx", lambda: word(extra={"word/vbaProject.bin": b"x"}), "macros", "macros"),
    "zip bomb": ("a.docx", lambda: word(extra={"word/media/a.bin": bytes(70_000_000)}), "bomb", "bomb"),
    "zip bomb of text": ("a.docx", lambda: word(extra={"word/a.xml": bytes(20_000_000)}), "bomb", "bomb"),
    "zip bomb that lies": ("a.docx", lying_bomb, "broken", "broken"),
    "endless paragraphs": ("a.docx", many_paragraphs, "", "bomb"),
    "zip slip": ("a.docx", lambda: word(extra={"../../etc/passwd": b"x"}), "zip_slip", "zip_slip"),
    "zip slip, other way": ("a.docx", lambda: word(extra={"..\\a": b"x"}), "zip_slip", "zip_slip"),
    "HTML": ("a.html", lambda: b"<h1>1. Law</h1><script>alert(1)</script>", "kind", "kind"),
    "HTML called Markdown": ("a.md", lambda: b"## 1. Law\n<script>alert(1)</script>", "kind", "script"),
    "HTML called PDF": ("a.pdf", lambda: b"<html>%PDF-1.7 <script>alert(1)</script>", "kind", "kind"),
    "picture called PDF": ("a.pdf", picture, "kind", "kind"),
    "SVG": ("a.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "kind", "kind"),
    "program": ("a.docx", lambda: b"MZ" + bytes(1000), "kind", "kind"),
    "old Word": ("a.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), "kind", "old_word"),
    "ZIP without a document": ("a.docx", lambda: b"PK\x05\x06" + bytes(18), "kind", "kind"),
    "scanned PDF": ("a.pdf", lambda: pdf([[], []]), "", "scanned"),  # a letter may be a picture, a law may not
    "empty": ("a.pdf", lambda: b"", "empty", "empty"),
    "half a PDF": ("a.pdf", lambda: WHOLE_PDF[: len(WHOLE_PDF) // 2], "broken", "broken"),
    "PDF without its last kilobyte": ("a.pdf", lambda: WHOLE_PDF[:-1000], "broken", "broken"),
    "half a Word file": ("a.docx", lambda: WHOLE_WORD[: len(WHOLE_WORD) // 2], "broken", "broken"),
    "damaged Word file": ("a.docx", lambda: WHOLE_WORD[:300] + b"x" * 300 + WHOLE_WORD[600:], "broken", "broken"),
    "PDF, web page and script": ("a.pdf", scripted, "", ""),
    "PDF that unpacks to 70 MB": ("a.pdf", lambda: unpacks(size=70_000_000), "", "broken"),
    "PDF of endless work": ("a.pdf", lambda: unpacks(size=19_000_000), "", "broken"),
}  # fmt: skip
