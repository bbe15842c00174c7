"""An organization's own Word file lends a draft its look and nothing else; a harmful one is refused in a sentence."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from brands import LIBREOFFICE, LOCAL, _zipped, english, from_libreoffice, german
from documents import RICH, SHORT
from docx_checks import W, faults, parts, rule_faults
from lxml import etree

from toolkit.docx_file import check_brand, to_bytes
from toolkit.errors import DraftError

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
    held = parts(english())
    assert old in held[name]
    return _zipped(held | {name: held[name].replace(old, new, 1)})


def with_part(name: str, data: bytes) -> bytes:
    return _zipped(parts(english()) | {name: data})


def bomb() -> bytes:
    return with_part("word/media/image9.png", bytes(60_000_000))


def many() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for place in range(11_000):
            archive.writestr(f"word/{place}.xml", b"")
    return written.getvalue()


def external(kind: str) -> bytes:
    line = f'<Relationship Id="rIdX" Type="http://a.example/{kind}" Target="http://a.example/" TargetMode="External"/>'
    return changed("word/_rels/document.xml.rels", b"</Relationships>", line.encode() + b"</Relationships>")


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
from toolkit.docx_file import check_brand
from toolkit.errors import DraftError
try:
    check_brand(pathlib.Path(sys.argv[1]))
except DraftError as fault:
    print(fault)
own = pathlib.Path("/proc/self/status").read_text()  # ru_maxrss would be the parent's peak
print(int(own.partition("VmHWM:")[2].split()[0]) // 1024)
"""


def test_a_zip_bomb_takes_no_memory(tmp_path):
    path = tmp_path / "brand.docx"
    path.write_bytes(bomb())
    said = subprocess.run([sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True, check=True).stdout

    assert "unpacks to far more" in said
    assert int(said.split()[-1]) < 256


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
