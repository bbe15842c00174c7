"""Writes a Document as a .docx file. The same document is always the same bytes, and no text can break it."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from pathlib import Path

import docx
from docx.oxml import parse_xml

from toolkit.documents.document import Document
from toolkit.documents.word.body import body
from toolkit.documents.word.builder import Builder
from toolkit.documents.word.custom_template import custom_template
from toolkit.documents.word.default_template import NAMES
from toolkit.documents.word.file_names import file_name, file_names, paper_names
from toolkit.documents.word.ownership import is_ours
from toolkit.documents.word.package import repack
from toolkit.documents.word.page_parts import describe, frame_pages, remark, speak
from toolkit.documents.word.pagination import estimate
from toolkit.documents.word.template import Template, default_look
from toolkit.documents.word.template_check import AS_NEW, check_brand
from toolkit.errors import DraftError

__all__ = ["check_brand", "check_target", "file_name", "file_names", "is_ours", "paper_names", "to_bytes", "write"]


def to_bytes(document: Document, brand: Path | None = None) -> bytes:
    """Return `document` as a Word file, in our own look or in that of an organization's own file."""
    return _document_bytes(document, default_look()) if brand is None else _branded(document, brand)


def _branded(document: Document, path: Path) -> bytes:
    """Return `document` in an organization's look; DraftError when its file cannot lend one."""
    content = check_brand(path)
    try:
        return _document_bytes(document, custom_template(content))
    except MemoryError:
        raise
    except Exception:  # python-docx and lxml stumble over odd files in many ways of their own
        _document_bytes(document, default_look())  # a fault of ours is not the letterhead's
        raise DraftError("the file cannot lend its look to a draft", where=path.name, mend=AS_NEW) from None


def _document_bytes(document: Document, template: Template) -> bytes:
    file = docx.Document(io.BytesIO(template.content))
    builder = Builder(document, template)
    paging = estimate(builder)
    content = parse_xml(f"<w:body {NAMES}>{body(builder, paging.pages, paging.begins)}</w:body>")
    file.element.body[:0] = list(content)
    _restart_steps(file, builder)
    frame_pages(file, builder, paging.count)
    remark(file, builder)
    describe(file, document)
    speak(file, document)
    saved = io.BytesIO()
    file.save(saved)
    return repack(saved.getvalue())


def _restart_steps(file: docx.document.Document, builder: Builder) -> None:
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    kind = f'<w:abstractNumId w:val="{builder.template.step_list}"/>'
    rows = (f'<w:num w:numId="{n}">{kind}{again}</w:num>' for n in builder.steps)
    file.part.numbering_part.element.extend(parse_xml(f"<w:numbering {NAMES}>{''.join(rows)}</w:numbering>"))


def write(document: Document, path: Path, brand: Path | None = None) -> None:
    """Write `document` to `path`; whatever goes wrong, an older draft there stays as it was.

    DraftError when `path` is not the name of a Word file, or when something other than a Word file is there.
    """
    check_target(path)
    content = to_bytes(document, brand)
    try:
        _replace(path, content)
    except OSError as fault:
        why = fault.strerror or "the computer refused"
        raise DraftError(f"the draft could not be saved ({why})", where=path.name, mend=_MEND) from None


def check_target(path: Path) -> None:
    """Go on when a Word file may be written to `path`; DraftError when that would replace anything else.

    A slip in a file's name must never cost the answers of a workshop.
    """
    where = path.name or str(path)
    if path.suffix.lower() != ".docx":
        mend = "Choose a name that ends in .docx, such as report.docx."
        raise DraftError("nothing was written, because this is not the name of a Word file", where=where, mend=mend)
    if os.path.lexists(path) and not _is_word_file(path):
        mend = "Choose another name. What is there was not changed."
        raise DraftError("something that is not a Word file has this name", where=where, mend=mend)


def _is_word_file(path: Path) -> bool:
    """Return whether a regular file begins as every Word file does (a ZIP package), or is empty."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(2) in (b"PK", b"")
    except OSError:
        return False


_MEND = "Close the file in Word if it is open, make room on the disk, and export again. The older draft is unharmed."


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=".draft-", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(beside).unlink()
        raise
