"""A Word file written anew, part by part: who made and changed it, and where its pictures were taken, stays behind.

Comments and tracked changes are part of what somebody says about a law and stay, without the names of who wrote them. What a
part would load or run is refused: Word files cannot do without their other parts.
"""

from __future__ import annotations

import re
import zipfile
from html import unescape
from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from docx.oxml import parse_xml

from consultations import docx_source
from consultations.picture_metadata import without_metadata

HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006"
EMPTY = {
    "docprops/core.xml": b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docprops/app.xml": b'<Properties xmlns="' + OFFICE + b'/extended-properties"/>',
    "docprops/custom.xml": b'<Properties xmlns="' + OFFICE + b'/custom-properties"/>',
    "word/people.xml": b'<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"/>',
}
TAG = re.compile(rb"<[^<>]+>")
NAMED = re.compile(rb"""(\s(?:[\w.-]+:)?(author|initials|userId|providerId)\s*=\s*)("[^"]*"|'[^']*')""")
BRINGS_A_FILE = {"oleObject", "package", "aFChunk", "control", "activeXControlBinary", "attachedToolbars"}
OTHER_SIGNS = re.compile(rb"""\xff\xfe|\xfe\xff|<\?xml[^>]*encoding\s*=\s*["'](?!utf-8["'])""", re.I)
FIELD = re.compile(rb"<(?:\w+:)?instrText[^>]*>([^<]*)<")
WHOLE_FIELD = re.compile(rb"""\s(?:\w+:)?instr\s*=\s*("[^"]*"|'[^']*')""")
LOADS = re.compile(r"DDEAUTO|DDE\s|INCLUDETEXT|INCLUDEPICTURE", re.I)


def rebuilt(data: bytes) -> bytes:
    """The new file. Raises ValidationError, in words for the citizen, for what is damaged, hides files, or would load or run something."""
    docx_source.check(BytesIO(data))
    file = BytesIO()
    try:
        with zipfile.ZipFile(BytesIO(data)) as whole, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as copy:
            for name in dict.fromkeys(whole.namelist()):
                if not name.endswith("/"):
                    copy.writestr(zipfile.ZipInfo(name), cleaned(name, whole.read(name)), zipfile.ZIP_DEFLATED)
    except ValidationError:
        raise
    except Exception as error:  # zipfile raises whatever a damaged part makes it stumble over
        raise docx_source.broken() from error
    return file.getvalue()


def cleaned(name: str, part: bytes) -> bytes:
    name = name.lower()  # readers take either
    if name in EMPTY:
        return HEAD + EMPTY[name]
    if "/embeddings/" in name:
        raise embedded()
    if name.endswith(".rels"):
        check_relations(part)
    elif name.endswith(".xml"):
        check_text(part)
        if b"author" in part or b"userId" in part:
            return TAG.sub(lambda tag: NAMED.sub(rb'\1""', tag[0]), part)
    return without_metadata(part)


def check_relations(part: bytes) -> None:
    """Of what lies elsewhere only links that somebody clicks; nothing that is a file of another kind."""
    check_signs(part)
    for relation in parse_xml(part):
        kind = relation.get("Type", "").rpartition("/")[2]
        if relation.get("TargetMode", "Internal") != "Internal" and kind != "hyperlink":
            raise loads()
        if kind in BRINGS_A_FILE:
            raise embedded()


def check_text(part: bytes) -> None:
    check_signs(part)
    # Word joins a field that is cut into runs before it obeys it.
    fields = [b"".join(FIELD.findall(part)), *WHOLE_FIELD.findall(part)]
    if any(LOADS.search(unescape(field.decode("utf-8", "replace"))) for field in fields):
        raise loads()


def check_signs(part: bytes) -> None:
    """What is looked for here must not be written in signs that only Word reads."""
    if b"<!DOCTYPE" in part or OTHER_SIGNS.match(part):
        raise docx_source.broken()


def embedded() -> ValidationError:
    return ValidationError(_("This Word file has other files in it. Save it without them, or as PDF."), code="embedded")


def loads() -> ValidationError:
    return ValidationError(_("This Word file loads something from elsewhere. Save it as PDF."), code="external")
