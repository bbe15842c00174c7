"""Whether an organization's own Word file may be opened at all; looked at as a zip and as bytes, never parsed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from toolkit.errors import DraftError

LARGEST, MOST_ENTRIES, LARGEST_INDEX = 20_000_000, 10_000, 2_000_000
LARGEST_XML = 8_000_000
"""Bytes: the file and all it unpacks to, its list of parts, and all of its XML (a parsed part takes ten times more)."""

_END_OF_ZIP = b"PK\x05\x06"
_TYPES = "[Content_Types].xml"
_ENCODING = re.compile(rb"""^[^>]{0,60}encoding\s*=\s*["'](?!utf-8|us-ascii)""", re.IGNORECASE)
_EXTERNAL = re.compile(rb"<[\w:]*Relationship\b[^>]*TargetMode\s*=\s*[\"']External[^>]*>")
_MACROS = re.compile(r"vbaproject|vbadata|activex", re.IGNORECASE)
_FOREIGN = re.compile(r"oleobject|/embeddings/|afchunk", re.IGNORECASE)
AS_NEW = "Open it in Word, save it as a new Word document (.docx), and choose that one."
_NOT_WORD = "this is not a Word file"


def check_brand(path: Path) -> bytes:
    """Return the bytes of an organization's own Word file; DraftError when it may do harm or cannot be read."""
    content = _bytes(path)
    for fault, mend in _faults(content):
        raise DraftError(fault, where=path.name, mend=mend)
    return content


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise DraftError("the file is larger than 20 MB", where=path.name, mend="Choose one with smaller pictures.")
        return path.read_bytes()
    except OSError as fault:
        why = fault.strerror or "the computer refused"
        raise DraftError(f"the file cannot be read ({why})", where=path.name, mend="Choose another file.") from None


def _faults(content: bytes) -> Iterator[tuple[str, str]]:
    yield from _faults_of_index(content)
    try:
        yield from _faults_of_zip(content)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        yield "the file is damaged", AS_NEW


def _faults_of_index(content: bytes) -> Iterator[tuple[str, str]]:
    """Look at the list of parts before anything reads it: a long one alone would fill the memory."""
    end = content.rfind(_END_OF_ZIP, max(0, len(content) - 66_000))
    if not content.startswith(b"PK") or end < 0 or len(content) < end + 22:
        yield _NOT_WORD, "Choose a .docx or .dotx file."
        return
    entries = int.from_bytes(content[end + 10 : end + 12], "little")
    size = int.from_bytes(content[end + 12 : end + 16], "little")
    if entries > MOST_ENTRIES or size > LARGEST_INDEX:
        yield f"the file has more than {MOST_ENTRIES:,} parts", AS_NEW


def _faults_of_zip(content: bytes) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        names = [entry.filename for entry in entries]
        yield from _faults_of_sizes(entries)
        yield from _faults_of_names(names)
        yield from _faults_of_types(archive.read(_TYPES))
        for entry in entries:
            if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                yield from _faults_of_text(archive.read(entry))


def _faults_of_sizes(entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, str]]:
    written = sum(entry.file_size for entry in entries if entry.filename.lower().endswith((".xml", ".rels", ".vml")))
    if written > LARGEST_XML or sum(entry.file_size for entry in entries) > LARGEST:
        yield "the file unpacks to far more than a template needs", AS_NEW
    if any(entry.flag_bits & 1 for entry in entries):
        yield "the file is locked with a password", "Take the password off in Word, and choose it again."


def _faults_of_names(names: list[str]) -> Iterator[tuple[str, str]]:
    if _TYPES not in names or not any(name.startswith("word/") for name in names):
        yield _NOT_WORD, "Choose a .docx or .dotx file."
    if len(names) != len(set(names)) or any(".." in name.split("/") or name.startswith("/") for name in names):
        yield "the file is damaged", AS_NEW
    if any(map(_MACROS.search, names)):
        yield "the file holds macros", AS_NEW
    if any(map(_FOREIGN.search, names)):
        yield "the file holds another file inside", "Take it out in Word, and choose the file again."


def _faults_of_types(types: bytes) -> Iterator[tuple[str, str]]:
    if b"macroEnabled" in types:
        yield "the file holds macros", AS_NEW
    if b"wordprocessingml.document.main" not in types and b"wordprocessingml.template.main" not in types:
        yield _NOT_WORD, "Choose a .docx or .dotx file."


def _faults_of_text(data: bytes) -> Iterator[tuple[str, str]]:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"\x00" in data or _ENCODING.match(data):
        yield "the file is not written as Word writes", AS_NEW
    if any(b"/hyperlink" not in relation for relation in _EXTERNAL.findall(data)):
        mend = "In Word, take out linked pictures and the attached template (Developer, Document Template)."
        yield "the file fetches something from elsewhere", mend
