"""Checks whether an organization's own Word file is safe to open and use as a template.

It is looked at as a file, as a zip and as bytes; only what passes there, and so cannot be a bomb, is parsed.
"""

from __future__ import annotations

import io
import os
import re
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from toolkit.errors import DraftError

LARGEST, MOST_ENTRIES, LARGEST_INDEX = 20_000_000, 10_000, 2_000_000
LARGEST_XML = 8_000_000
"""Bytes: the file and all it unpacks to, its list of parts, and all of its XML (a parsed part takes ten times more)."""

_END_OF_ZIP = b"PK\x05\x06"
_TYPES = "[Content_Types].xml"
_ENCODING = re.compile(rb"""^[^>]{0,60}encoding\s*=\s*["'](?!utf-8|us-ascii)""", re.IGNORECASE)
_MACROS = re.compile(r"vbaproject|vbadata|activex", re.IGNORECASE)
_FOREIGN = re.compile(r"oleobject|/embeddings/|afchunk", re.IGNORECASE)
AS_NEW = "Open it in Word, save it as a new Word document (.docx), and choose that one."
_NOT_WORD = "this is not a Word file"
_STRICT = b"http://purl.oclc.org/ooxml/"
_FETCHES = "the file fetches something from elsewhere"
_TAKE_OUT = (
    "In Word, take out linked pictures, fields that insert a file (Ctrl+Shift+F9 turns them into plain text) and the "
    "attached template (Developer, Document Template)."
)
_ELSEWHERE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|//|\\\\)", re.IGNORECASE)
_FIELDS = re.compile(r"^\s*(?:INCLUDE(?:PICTURE|TEXT)?|IMPORT|LINK|DDE(?:AUTO)?|DATABASE|RD)\s", re.I | re.M)
"""Fields of Word that read another file or page as soon as they are brought up to date (ECMA-376 part 1, 17.16.5)."""

_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_VML = "{urn:schemas-microsoft-com:vml}"


def check_brand(path: Path) -> bytes:
    """Return the bytes of an organization's own Word file; DraftError when it may do harm or cannot be read."""
    content = _bytes(path)
    for fault, mend in _faults(content):
        raise DraftError(fault, where=path.name, mend=mend)
    return content


def _bytes(path: Path) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:  # a pipe would keep us waiting, a device would never end
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise DraftError(_NOT_WORD, where=path.name, mend="Choose a .docx or .dotx file.")
            content = file.read(LARGEST + 1)
    except IsADirectoryError:
        raise DraftError("this is a folder", where=path.name, mend="Choose a .docx or .dotx file in it.") from None
    except (OSError, ValueError) as fault:
        why = getattr(fault, "strerror", None) or "the computer refused"
        raise DraftError(f"the file cannot be read ({why})", where=path.name, mend="Choose another file.") from None
    if len(content) > LARGEST:
        raise DraftError("the file is larger than 20 MB", where=path.name, mend="Choose one with smaller pictures.")
    return content


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
                yield from _faults_of_part(archive.read(entry))


def _faults_of_sizes(entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, str]]:
    size = sum(entry.file_size for entry in entries if entry.filename.lower().endswith((".xml", ".rels", ".vml")))
    if size > LARGEST_XML or sum(entry.file_size for entry in entries) > LARGEST:
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


def _faults_of_part(data: bytes) -> Iterator[tuple[str, str]]:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"\x00" in data or _ENCODING.match(data):
        yield "the file is not written as Word writes", AS_NEW
        return
    if _STRICT in data:
        yield (
            "the file is saved as Strict Open XML",
            "In Word, choose Save As, Word Document (.docx), and that one here.",
        )
        return
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        yield "the file is damaged", AS_NEW
        return
    if any(map(_fetches, root.iter(etree.Element))) or _FIELDS.search(_field_codes(root)):
        yield _FETCHES, _TAKE_OUT


def _fetches(element: Any) -> bool:
    """Return whether an element calls something that lies outside the file; a link to click is no harm."""
    if etree.QName(element).localname == "Relationship":
        if element.get("Type", "") == _LINK:
            return False
        outside = element.get("TargetMode", "").strip().lower() == "external"
        return outside or bool(_ELSEWHERE.match(element.get("Target", "")))
    return element.tag.startswith(_VML) and any(
        _ELSEWHERE.match(value) for name, value in element.items() if etree.QName(name).localname == "src"
    )


def _field_codes(root: Any) -> str:
    """Return the codes of all fields of a part, a line each; Word may tear one into several pieces."""
    return "".join(_piece(element) for element in root.iter(etree.Element))


def _piece(element: Any) -> str:
    name = etree.QName(element).localname
    if name == "instrText":
        return element.text or ""
    if name == "fldChar":
        return "\n"
    code = next((value for key, value in element.items() if etree.QName(key).localname == "instr"), "")
    return f"\n{code}\n" if code else ""
