"""Packs parts into a .docx file in a fixed order and with a fixed date, so that equal drafts are equal bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_FIRST_PART = "[Content_Types].xml"
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Return `parts` (name to bytes) as a zip, the content types first, then by name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(parts, key=lambda name: (name != _FIRST_PART, name)):
            archive.writestr(_entry(name), parts[name])
    return packed.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _ZIP_DATE)
    entry.create_system = 0
    entry.external_attr = 0
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def repack(file: bytes) -> bytes:
    """Return the zip `file` again in the one order and with the one date."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return pack({name: archive.read(name) for name in archive.namelist()})
