"""A PDF's pages copied into a new file: what is seen stays, answers of forms and marks too; what acts, and who made it, stays behind.

What is seen nowhere on the pages (notes, answers of a form that only a program draws) would be lost without a word: it is refused.
"""

from __future__ import annotations

import time
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pypdf import PdfWriter, apply_configuration
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from consultations import pdf_source
from consultations.picture_metadata import without_metadata

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

LEFT_BEHIND = ("/AA", "/Annots", "/Metadata", "/PieceInfo", "/Thumb", "/LastModified", "/AF", "/B", "/A")
WITHOUT_A_TRACE = {"/Link", "/Popup"}  # what they stand on is text of the page
SOMETHING_ELSE = {"/FileAttachment", "/Sound", "/Movie", "/Screen", "/3D", "/RichMedia"}
SAYS_WHAT_IT_SHOWS = {"/FreeText", "/Stamp", "/Widget"}  # others keep words that no page shows
HIDDEN = 2 | 32  # flags of an annotation: hidden, not viewed
MOST_OBJECTS = 200_000
LONGEST = 10  # seconds


def rebuilt(data: bytes) -> bytes:
    """The new file. Raises ValidationError, in words for the citizen, for what is no whole PDF or would lose something that was written."""
    if b"%%EOF" not in data[-2048:]:
        raise pdf_source.damaged()
    try:
        with apply_configuration(pdf_source.LIMITS):
            return copied(pdf_source.opened(BytesIO(data)))
    except ValidationError:
        raise
    except Exception as error:  # pypdf raises whatever it stumbles over in a damaged file
        raise pdf_source.damaged() from error


def copied(reader: PdfReader) -> bytes:
    ends, writer, file, seen = time.monotonic() + LONGEST, PdfWriter(), BytesIO(), set[int]()
    form = reader.root_object.get("/AcroForm", DictionaryObject()).get_object()
    stale = form.get("/NeedAppearances") == BooleanObject(True)  # programs draw the answers anew; the looks may be old
    if "/XFA" in form:
        raise unseen_answers()
    for number, page in enumerate(reader.pages):
        if number >= pdf_source.MOST_PAGES or time.monotonic() > ends:  # the count it gave was a lie
            raise ValidationError(_("This PDF has too many pages."), code="pages")
        drawn = [one for note in notes(page) if (one := appearance(note, stale=stale))]
        for key in LEFT_BEHIND:
            page.pop(key, None)
        scrub(page, seen)
        added = writer.add_page(page)
        for look, note in drawn:
            scrub(look, seen)
            draw(writer, added, look, note)
    writer.metadata = None
    writer.write(file)
    return file.getvalue()


def scrub(begin: DictionaryObject, seen: set[int]) -> None:
    """Takes what tells of people and programs out of everything a page is made of, before it is copied."""
    waiting: list[Any] = [begin]
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            if one.idnum in seen:
                continue
            seen.add(one.idnum)
            if len(seen) > MOST_OBJECTS:
                raise pdf_source.damaged()
            one = one.get_object()
        if isinstance(one, DictionaryObject):
            for key in ("/Metadata", "/PieceInfo", "/LastModified", "/OPI"):
                one.pop(key, None)
            if isinstance(one, StreamObject) and one.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
                one._data = without_metadata(one._data)  # its reader would decode it, and give it back as dots
            waiting += [value for key, value in one.items() if key != "/Parent"]
        elif isinstance(one, list):
            waiting += one


def notes(page: PageObject) -> list[DictionaryObject]:
    return [note.get_object() for note in page.get("/Annots", ArrayObject()).get_object() or ()]


def appearance(note: DictionaryObject, *, stale: bool) -> tuple[StreamObject, DictionaryObject] | None:
    """What is drawn of a form's field or a mark, with the mark; None when nothing is, and nothing gets lost. Else raises ValidationError."""
    kind = note.get("/Subtype")
    if kind in SOMETHING_ELSE:
        raise ValidationError(
            _("This PDF has other files, sound or film in it. Make it again without them."), code="embedded"
        )
    if kind in WITHOUT_A_TRACE or int(note.get("/F", 0)) & HIDDEN:
        return None
    look = note.get("/AP", DictionaryObject()).get_object().get("/N", DictionaryObject()).get_object()
    if not isinstance(look, StreamObject):  # one look for each state, of boxes that are ticked
        look = look.get(note.get("/AS", "/Off"), DictionaryObject()).get_object()
    is_drawn = isinstance(look, StreamObject)
    if kind == "/Widget":
        if inherited(note, "/FT") in {"/Tx", "/Ch"} and inherited(note, "/V") and (stale or not is_drawn):
            raise unseen_answers()
        if note.get("/AS", "/Off") != "/Off" and not is_drawn:
            raise unseen_answers()
    elif not is_drawn or (kind not in SAYS_WHAT_IT_SHOWS and str(note.get("/Contents", "")).strip()):
        words = _(
            "This PDF holds notes or marks that would be lost. Print it to a new PDF, and write into your response what the notes say."
        )
        raise ValidationError(words, code="notes")
    return (look, note) if is_drawn else None


def unseen_answers() -> ValidationError:
    words = _(
        "This PDF is a form whose answers are not part of its pages. Open it, choose “Print” and “Save as PDF”, and attach that."
    )
    return ValidationError(words, code="form")


def inherited(field: Any, key: str) -> Any:
    """What a field says, or the one it is part of; empty text is nothing."""
    for _above in range(20):
        if key in field:
            value = field[key].get_object()
            return value.strip() if isinstance(value, str) else value
        if "/Parent" not in field:
            break
        field = field["/Parent"].get_object()
    return None


def draw(writer: PdfWriter, page: Any, look: Any, note: Any) -> None:
    """Puts the look onto the page where the mark stood: its box, turned as it says, fills the mark's place (ISO 32000, 12.5.5)."""
    a, b, c, d, e, f = (float(n) for n in look.get("/Matrix", (1, 0, 0, 1, 0, 0)))
    left, low, right, high = (float(n) for n in look["/BBox"])
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (low, high)]
    box = (
        min(x for x, _y in corners),
        min(y for _x, y in corners),
        max(x for x, _y in corners),
        max(y for _x, y in corners),
    )
    place = [float(n) for n in note["/Rect"]]
    place = [min(place[0], place[2]), min(place[1], place[3]), max(place[0], place[2]), max(place[1], place[3])]
    wide = (place[2] - place[0]) / (box[2] - box[0]) if box[2] > box[0] else 1
    tall = (place[3] - place[1]) / (box[3] - box[1]) if box[3] > box[1] else 1
    copy = look.clone(writer)
    copy[NameObject("/Type")], copy[NameObject("/Subtype")] = NameObject("/XObject"), NameObject("/Form")
    if "/Resources" not in page:
        page[NameObject("/Resources")] = DictionaryObject()
    resources = page["/Resources"].get_object()
    if "/XObject" not in resources:
        resources[NameObject("/XObject")] = DictionaryObject()
    drawings = resources["/XObject"].get_object()
    name = next(name for n in range(len(drawings) + 1) if (name := f"/Mark{n}") not in drawings)
    # A look that is written within its mark, against the standard, has no number yet.
    drawings[NameObject(name)] = getattr(copy, "indirect_reference", None) or writer._add_object(copy)
    numbers = (wide, 0, 0, tall, place[0] - box[0] * wide, place[1] - box[1] * tall)
    around(writer, page, f"\nQ q {' '.join(f'{n:.4f}' for n in numbers)} cm {name} Do Q")


def around(writer: PdfWriter, page: PageObject, after: str) -> None:
    """The page's own drawing, kept to itself, and something after it. Nothing of it is unpacked."""
    own = page.get("/Contents", ArrayObject())
    own = own if isinstance(own, IndirectObject) and not isinstance(own.get_object(), list) else own.get_object()
    before, behind = StreamObject(), StreamObject()
    before.set_data(b"q\n")
    behind.set_data(after.encode())
    parts = [*own] if isinstance(own, list) else [own]
    page[NameObject("/Contents")] = ArrayObject([writer._add_object(before), *parts, writer._add_object(behind)])
