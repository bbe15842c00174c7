"""Document -> .docx: the only room that speaks Word; the same draft is the same bytes, and no text can break it."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from pathlib import Path

import docx
from docx.oxml import parse_xml

from toolkit.document import Document
from toolkit.docx_file.body import body
from toolkit.docx_file.furniture import describe, frame_pages, remark
from toolkit.docx_file.house import NAMES, opened
from toolkit.docx_file.naming import file_name
from toolkit.docx_file.packing import repack
from toolkit.docx_file.pages import estimate
from toolkit.docx_file.pen import Pen
from toolkit.docx_file.styles import CHARACTERS, LISTS, LOOKS, STEP
from toolkit.errors import DraftError

__all__ = ["file_name", "to_bytes", "write"]

_HOUSE_ROLES = {name: name for name in (*LOOKS, *(row[0] for row in CHARACTERS), "PolicyTable")}


def to_bytes(document: Document, brand: Path | None = None) -> bytes:
    """Return `document` as a Word file, a brand is refused until it can be honoured."""
    if brand is not None:
        raise DraftError("a template of your own cannot be used yet", where=brand.name, mend="Export without it.")
    file = docx.Document(opened())
    pen = Pen(document, _HOUSE_ROLES, first_list=max(LISTS) + 1, step_list=STEP)
    pages, count = estimate(pen)
    written = parse_xml(f"<w:body {NAMES}>{body(pen, pages)}</w:body>")
    file.element.body[:0] = list(written)
    _restart_steps(file, pen)
    frame_pages(file, pen, count)
    remark(file, pen)
    describe(file, document)
    saved = io.BytesIO()
    file.save(saved)
    return repack(saved.getvalue())


def _restart_steps(file: docx.document.Document, pen: Pen) -> None:
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    rows = (f'<w:num w:numId="{n}"><w:abstractNumId w:val="{pen.step_list}"/>{again}</w:num>' for n in pen.steps)
    file.part.numbering_part.element.extend(parse_xml(f"<w:numbering {NAMES}>{''.join(rows)}</w:numbering>"))


def write(document: Document, path: Path, brand: Path | None = None) -> None:
    """Write `document` to `path`; whatever goes wrong, an older draft there stays as it was."""
    content = to_bytes(document, brand)
    try:
        _replace(path, content)
    except OSError as fault:
        why = fault.strerror or "the computer refused"
        raise DraftError(f"the draft could not be saved ({why})", where=path.name, mend=_MEND) from None


_MEND = "Close the file in Word if it is open, make room on the disk, and export again. The older draft is unharmed."


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".part", dir=path.parent)
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
