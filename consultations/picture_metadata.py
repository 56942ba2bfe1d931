"""Takes out of a picture what says who made it, where and with what, and leaves every dot as it is. Pure."""

from __future__ import annotations

import struct

# JPEG: EXIF and XMP (APP1), Photoshop's and IPTC (APP13), comments. Colour profiles (APP2) and Adobe's transform (APP14) stay.
OF_JPEG = {0xE1, 0xED, 0xFE}
OF_PNG = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
PNG = b"\x89PNG\r\n\x1a\n"


def without_metadata(data: bytes) -> bytes:
    """The picture without them; what is neither JPEG nor PNG, or is not whole, comes back as it was."""
    if data[:2] == b"\xff\xd8":
        return jpeg(data)
    return png(data) if data[:8] == PNG else data


def jpeg(data: bytes) -> bytes:
    """Copies segment by segment up to the dots, and whatever follows as it is."""
    kept, at = bytearray(data[:2]), 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        if data[at + 1] == 0xFF:  # a filling byte
            at += 1
            continue
        if data[at + 1] == 0x01 or 0xD0 <= data[at + 1] <= 0xD9:  # a mark without a length
            kept += data[at : at + 2]
            at += 2
            continue
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        if data[at + 1] not in OF_JPEG:
            kept += data[at:end]
        at = end
    return bytes(kept) + data[at:]


def png(data: bytes) -> bytes:
    kept, at = bytearray(PNG), 8
    while at + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        if name not in OF_PNG:
            kept += data[at : at + 12 + length]
        at += 12 + length
    return bytes(kept)
