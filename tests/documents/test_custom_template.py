"""An organization's own Word file lends a draft its look and nothing else; a harmful one is refused in a sentence."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from brands import LIBREOFFICE, LOCAL, _zipped, english, from_libreoffice, german
from docx_checks import W, faults, parts, rule_faults
from lxml import etree
from sample_documents import RICH, SHORT

from toolkit.documents.word.writer import check_brand, to_bytes
from toolkit.errors import DraftError

HELD = parts(english())
"""The parts of the house style, made once: a test changes one of them."""

MADE = {"english": english, "german": german}


@pytest.fixture(scope="module", params=MADE)
def brand(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("brand") / f"{request.param}.docx"
    path.write_bytes(MADE[request.param]())
    return path


OWN_LOOK = ("contrast", "clock in the zip", "table without")


def ours(found: list[str]) -> list[str]:
    """Leave out what is the organization's own: its colours."""
    return [fault for fault in found if not fault.startswith(OWN_LOOK)]


@pytest.mark.slow
@pytest.mark.parametrize("document", [RICH, SHORT])
def test_a_branded_draft_adds_no_fault(brand, document):
    before = set(rule_faults(brand.read_bytes()))
    content = to_bytes(document, brand)

    assert set(rule_faults(content)) - before == set()
    assert ours(faults(content)) == []


def test_a_branded_draft_has_the_organizations_page_header_logo_and_footer(brand):
    file = docx.Document(io.BytesIO(to_bytes(RICH, brand)))
    section = file.sections[0]
    head = "".join(p.text for p in section.first_page_header.paragraphs)

    assert round(section.page_width.cm, 1) == 21
    assert "Lantern Hill Clinic" in head
    assert RICH.organization in head
    assert "DRAFT" in head
    assert section.header._element.findall(f".//{W}drawing")
    assert "Page 1 of" in section.footer.paragraphs[-2].text + section.footer.paragraphs[-1].text
    assert len(file.sections) == 1


def test_a_branded_draft_shows_nothing_of_the_organizations_older_text(brand):
    held = parts(to_bytes(RICH, brand))
    everything = b"".join(data for name, data in held.items() if name.endswith((".xml", ".rels")))

    assert b"older letter" not in everything
    assert b"An old remark" not in everything
    assert b"Somebody" not in everything
    assert len([name for name in held if "media" in name]) == 1


def test_headings_rest_on_the_organizations_own_heading_whatever_its_id(brand):
    held = parts(to_bytes(RICH, brand))
    styles = {s.get(f"{W}styleId"): s for s in etree.fromstring(held["word/styles.xml"]).iter(f"{W}style")}
    wanted = LOCAL["Heading1"] if brand.stem == "german" else "Heading1"
    body = etree.fromstring(held["word/document.xml"])
    used = {e.get(f"{W}val") for e in body.iter(f"{W}pStyle")}
    bases = {
        styles[each].find(f"{W}basedOn").get(f"{W}val") for each in used if styles[each].find(f"{W}basedOn") is not None
    }

    assert wanted in bases
    assert used <= set(styles)


def test_a_branded_draft_is_the_same_bytes_again(brand):
    assert to_bytes(RICH, brand) == to_bytes(RICH, brand)


def test_a_draft_of_ours_can_itself_be_a_brand(tmp_path):
    path = tmp_path / "first.docx"
    path.write_bytes(to_bytes(RICH))
    content = to_bytes(SHORT, path)

    assert rule_faults(content) == []
    assert ours(faults(content)) == []


def changed(name: str, old: bytes, new: bytes) -> bytes:
    held = HELD
    assert old in held[name]
    return _zipped(held | {name: held[name].replace(old, new, 1)})


def with_part(name: str, data: bytes) -> bytes:
    return _zipped(HELD | {name: data})


def bomb() -> bytes:
    return with_part("word/media/image9.png", bytes(60_000_000))


def many() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for place in range(11_000):
            archive.writestr(f"word/{place}.xml", b"")
    return written.getvalue()


OF_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def external(kind: str, target: str = "http://a.example/", mode: str = "External", of: str = OF_OFFICE) -> bytes:
    line = f'<Relationship Id="rIdX" Type="{of}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return changed("word/_rels/document.xml.rels", b"</Relationships>", line.encode() + b"</Relationships>")


def in_header(xml: str) -> bytes:
    held = HELD
    name = next(name for name in held if name.startswith("word/header"))
    return changed(name, b"</w:hdr>", f"<w:p>{xml}</w:p></w:hdr>".encode())


def field(*pieces: str) -> bytes:
    """A field in the header, its code torn into pieces as Word does it."""
    sign = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    code = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    return in_header(sign.format("begin") + code + sign.format("end"))


def strict() -> bytes:
    """The house style as Word saves it in "Strict Open XML Document": the namespaces of ISO 29500 strict."""
    pairs = {
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main": b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        OF_OFFICE.encode(): b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/drawingml/2006": b"http://purl.oclc.org/ooxml/drawingml",
    }
    held = HELD
    for old, new in pairs.items():
        held = {name: data.replace(old, new) for name, data in held.items()}
    return _zipped(held)


HOSTILE = {
    "no Word file": (lambda: b"hello", "is not a Word file"),
    "an old Word file": (lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "is not a Word file"),
    "a spreadsheet": (lambda: _zipped({"[Content_Types].xml": b"<a/>", "xl/book.xml": b"<a/>"}), "is not a Word file"),
    "half a file": (lambda: english()[:9_000], "is not a Word file"),
    "a broken part": (lambda: changed("word/styles.xml", b"</w:styles>", b""), "is damaged"),
    "a zip bomb": (bomb, "unpacks to far more"),
    "an XML bomb": (lambda: with_part("word/a.xml", bytes(9_000_000)), "unpacks to far more"),
    "many parts": (many, "more than 10,000 parts"),
    "macros": (lambda: with_part("word/vbaProject.bin", b"x"), "holds macros"),
    "macros by type": (
        lambda: changed("[Content_Types].xml", b"document.main+xml", b"document.macroEnabled.main+xml"),
        "holds macros",
    ),
    "an object inside": (lambda: with_part("word/embeddings/a.xlsx", b"x"), "another file inside"),
    "a picture elsewhere": (lambda: external("image"), "fetches something"),
    "a picture elsewhere, written as an entity": (lambda: external("image", mode="&#69;xternal"), "fetches something"),
    "a picture elsewhere, in small letters": (lambda: external("image", mode=" external "), "fetches something"),
    "a picture at an address with /hyperlink": (
        lambda: external("image", "http://a.example/hyperlink/x.png"),
        "fetches something",
    ),
    "a picture that only says it is a link": (
        lambda: external("hyperlink", of="http://a.example"),
        "fetches something",
    ),
    "a picture elsewhere that says it is inside": (
        lambda: external("image", "http://a.example/x.png", mode="Internal"),
        "fetches something",
    ),
    "a picture on another computer": (
        lambda: external("image", r"\\a.example\x.png", mode="Internal"),
        "fetches something",
    ),
    "a field that fetches a picture": (lambda: field(' INCLUDEPICTURE "http://a.example/x.png" '), "fetches something"),
    "a torn field that fetches a text": (lambda: field("include", 'Text "http://a.example/x"'), "fetches something"),
    "a simple field that fetches a picture": (
        lambda: in_header('<w:fldSimple w:instr=" IncludePicture &quot;http://a.example/x&quot; "/>'),
        "fetches something",
    ),
    "a drawing that fetches a picture": (
        lambda: in_header(
            '<w:r><w:pict><v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" src="http://a.example/x"/></w:pict></w:r>'
        ),
        "fetches something",
    ),
    "a strict file": (strict, "Strict Open XML"),
    "a huge file": (lambda: bytes(20_000_001), "larger than 20 MB"),
    "a template elsewhere": (lambda: external("attachedTemplate"), "fetches something"),
    "a DTD": (lambda: with_part("word/a.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "not written as Word"),
    "a DTD in another alphabet": (
        lambda: with_part("word/a.xml", "<!DOCTYPE a><a/>".encode("utf-16")),
        "not written as Word",
    ),
    "a way out": (lambda: with_part("../../a.xml", b"<a/>"), "is damaged"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_harmful_file_is_refused_in_a_sentence(name, tmp_path):
    make, words = HOSTILE[name]
    path = tmp_path / "brand.docx"
    path.write_bytes(make())

    with pytest.raises(DraftError, match=rf"^brand\.docx: .*{words}.*\. [A-Z].*\.$"):
        to_bytes(SHORT, path)


ODD = """
import pathlib, sys
from toolkit.documents.word.writer import check_brand
from toolkit.errors import DraftError
for path in sys.argv[1:]:
    try:
        check_brand(pathlib.Path(path))
    except DraftError as fault:
        print(fault)
"""


def test_what_is_no_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.docx")
    (tmp_path / "folder.docx").mkdir()
    (tmp_path / "endless.docx").symlink_to("/dev/zero")
    (tmp_path / "loop.docx").symlink_to(tmp_path / "loop.docx")
    (tmp_path / "gone.docx").symlink_to("/nowhere/at/all")
    odd = sorted(map(str, tmp_path.iterdir()))
    done = subprocess.run(
        [sys.executable, "-P", "-c", ODD, *odd], check=True, capture_output=True, text=True, timeout=60
    )

    said = done.stdout.splitlines()
    assert done.stderr == ""
    assert len(said) == len(odd)
    assert all(re.fullmatch(r"\w+\.docx: .+\. [A-Z].*\.", line) for line in said)


@pytest.mark.parametrize("name", sorted(HELD))
@pytest.mark.parametrize("made", [b"", b"<a/>"])
def test_a_letterhead_with_an_odd_part_works_or_is_refused_in_a_sentence(name, made, tmp_path):
    path = tmp_path / "brand.docx"
    path.write_bytes(_zipped(HELD | {name: made}))

    said = "".join(said_of(path))
    assert said == "" or re.fullmatch(r"brand\.docx: .+\. [A-Z].*\.", said)


def said_of(path: Path) -> Iterator[str]:
    """Yield the sentence that refuses a letterhead; nothing when it lends its look."""
    try:
        assert zipfile.ZipFile(io.BytesIO(to_bytes(SHORT, path))).testzip() is None
    except DraftError as fault:
        yield str(fault)


def test_a_brand_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(DraftError, match=r"^gone\.docx: the file cannot be read"):
        check_brand(tmp_path / "gone.docx")


def test_a_link_to_a_page_is_no_harm(tmp_path):
    path = tmp_path / "brand.docx"
    path.write_bytes(external("hyperlink"))

    assert to_bytes(SHORT, path)


LIMITED = """
import resource, sys, pathlib
resource.setrlimit(resource.RLIMIT_AS, (400_000_000, 400_000_000))
resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
from toolkit.documents.word.writer import check_brand
from toolkit.errors import DraftError
try:
    check_brand(pathlib.Path(sys.argv[1]))
except DraftError as fault:
    print(fault)
own = pathlib.Path("/proc/self/status").read_text()  # ru_maxrss would be the parent's peak
print(int(own.partition("VmHWM:")[2].split()[0]) // 1024)
"""


@pytest.mark.slow
def test_a_zip_bomb_takes_no_memory(tmp_path):
    path = tmp_path / "brand.docx"
    path.write_bytes(bomb())
    said = subprocess.run([sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True, check=True).stdout

    assert "unpacks to far more" in said
    assert int(said.split()[-1]) < 256


@pytest.mark.slow
@pytest.mark.word
@LIBREOFFICE
def test_a_brand_saved_by_libreoffice_lends_its_look(tmp_path):
    path = tmp_path / "brand.docx"
    path.write_bytes(from_libreoffice(tmp_path))
    before = set(rule_faults(path.read_bytes()))
    content = to_bytes(RICH, path)

    assert set(rule_faults(content)) - before == set()
    assert ours(faults(content)) == []
    assert content == to_bytes(RICH, path)
