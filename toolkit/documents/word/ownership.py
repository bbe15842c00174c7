"""Tells whether this program wrote a Word file, even if somebody has changed it in Word since."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

MARK = "Written by the policy workshop toolkit"
"""Stands among the keywords of each file that we write: Word and LibreOffice keep these."""

STYLES = ("Policy Clause", "Annex Clause", "Policy Text", "Own Words", "Blank to Fill In", "Readiness Mark")
"""Names of styles that files have together only when we wrote them: those of older versions have no mark."""

LARGEST_FILE = 8_000_000
"""Bytes that are read of one part; a longer one is not ours."""


def is_ours(path: Path) -> bool:
    """Return whether we wrote the Word file at `path`; no for what cannot be read as one."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if MARK.encode() in _part(archive, names, "docProps/core.xml"):
                return True
            styles = _part(archive, names, "word/styles.xml")
            return all(f'{style}"'.encode() in styles for style in STYLES)
    except (OSError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error):
        return False


def _part(archive: zipfile.ZipFile, names: set[str], name: str) -> bytes:
    if name not in names:
        return b""
    with archive.open(name) as part:
        return part.read(LARGEST_FILE)
