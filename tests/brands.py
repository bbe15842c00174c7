"""Made-up house styles of organizations: as Word saves them in English, in German, and as LibreOffice saves them."""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import struct
import subprocess
import zipfile
import zlib
from pathlib import Path

import docx
import pytest
from docx.shared import Cm, Pt, RGBColor

LIBREOFFICE = pytest.mark.skipif(
    shutil.which("soffice") is None and "word" not in os.environ.get("WORKSHOP_REQUIRE", ""),
    reason="word: LibreOffice (soffice) is not on this computer",
)


def _told(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def need_arial() -> None:
    """Skip by name, or fail where `word` is required, without a font as wide as Arial: pages would break elsewhere."""
    listed = shutil.which("fc-match") and _told(["fc-match", "Arial"])
    if not listed or not re.search("arial|liberation ?sans", listed, re.IGNORECASE):
        missing = "word: no font is as wide as Arial; install `fonts-liberation`"
        (pytest.fail if "word" in os.environ.get("WORKSHOP_REQUIRE", "") else pytest.skip)(missing)


def logo() -> bytes:
    """Return a picture of 8 by 8 points in one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\x00" + b"\x20\x60\x90" * 8) * 8)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def english() -> bytes:
    """Return a house style as Word has it in English: A4, a logo, another first page, old text and an old remark."""
    file = docx.Document()
    section = file.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(3)
    section.different_first_page_header_footer = True
    for head in (section.header, section.first_page_header):
        head.paragraphs[0].add_run().add_picture(io.BytesIO(logo()), width=Pt(24))
        head.paragraphs[0].add_run("  Lantern Hill Clinic")
    section.footer.paragraphs[0].text = "Lantern Hill, 12 Hill Street"
    file.styles["Heading 1"].font.color.rgb = RGBColor(0x20, 0x60, 0x90)
    file.styles["Heading 1"].font.name = "Georgia"
    file.styles["Normal"].font.name = "Georgia"
    file.add_heading("An old letter", 1)
    old = file.add_paragraph("Words of an older letter that no draft may show.")
    file.add_comment(old.runs, text="An old remark", author="Somebody", initials="S")
    file.add_picture(io.BytesIO(logo()))
    return _saved(file)


LOCAL = {"Heading1": "berschrift1", "Header": "Kopfzeile", "Footer": "Fuzeile", "Title": "Titel", "Normal": "Standard"}


def german() -> bytes:
    """Return the same look as a template that a German Word saved: its own ids, the names as everywhere."""
    changed = {}
    with zipfile.ZipFile(io.BytesIO(english())) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            if name.startswith("word/") and name.endswith(".xml"):
                for old, new in LOCAL.items():
                    data = re.sub(
                        rb'(styleId|(?:basedOn|next|link|pStyle) w:val)="%b"' % old.encode(),
                        rb'\1="%b"' % new.encode(),
                        data,
                    )
            changed[name] = data.replace(b"document.main+xml", b"template.main+xml")
    return _zipped(changed)


def from_libreoffice(folder: Path) -> bytes:
    """Return the English look as LibreOffice saves it."""
    (folder / "in").mkdir()
    (folder / "in" / "brand.docx").write_bytes(english())
    office(folder / "in" / "brand.docx", "docx", folder / "out")
    return (folder / "out" / "brand.docx").read_bytes()


def office(file: Path, kind: str, folder: Path) -> Path:
    """Let LibreOffice save `file` as another kind into `folder`; it has 60 seconds, and dies with its children."""
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    command = ["soffice", "--headless", f"-env:UserInstallation={home.as_uri()}", "--convert-to", kind]
    run = subprocess.Popen(
        [*command, "--outdir", str(folder), str(file)],
        start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        run.wait(60)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        raise
    return folder / f"{file.stem}.{kind.split(':', maxsplit=1)[0]}"


def _saved(file: docx.document.Document) -> bytes:
    saved = io.BytesIO()
    file.save(saved)
    return saved.getvalue()


def _zipped(parts: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return written.getvalue()
