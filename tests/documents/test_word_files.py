"""A draft becomes a Word file: everything said is in it, nothing breaks it, and an older draft is never harmed."""

from __future__ import annotations

import io
import zipfile
from itertools import chain

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openxml_audit import OpenXmlValidator
from sample_documents import EMPTY, RICH, SHORT, said

from toolkit.documents.document import Blank, Clause, Comment, Document, Reference, Section, Table, Text, numbers, words
from toolkit.documents.word.writer import to_bytes, write
from toolkit.documents.word.xml import safe
from toolkit.errors import DraftError
from toolkit.worksheets.kinds import clean

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HOSTILE = st.text(st.characters(), max_size=80) | st.sampled_from(
    [
        "{{7*7}}",
        "</w:t></w:r>",
        "a\r\nb",
        "\x00\x0b\ufffe",
        "\ud800",
        "\u202eabc",
        "שלום (abc) 12",
        "漢字 🙂",
        "x" * 9000,
    ]
)


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def body(content: bytes) -> etree._Element:
    return etree.fromstring(parts(content)["word/document.xml"])


def bookmarked(content: bytes) -> dict[str, str]:
    """The text of each bookmarked paragraph by the bookmark's name."""
    found = {}
    for mark in body(content).iter(f"{W}bookmarkStart"):
        paragraph = mark.getparent()
        pieces = ("\n" if e.tag == f"{W}br" else "\t" if e.tag == f"{W}tab" else e.text for e in shown(paragraph))
        found[mark.get(f"{W}name")] = "".join(pieces)
    return found


def shown(paragraph: etree._Element) -> list[etree._Element]:
    return [e for e in paragraph.iter(f"{W}t", f"{W}br", f"{W}tab") if e.getparent().tag == f"{W}r"]


@pytest.mark.parametrize("document", [RICH, SHORT, EMPTY])
def test_follows_the_rules_of_open_xml(document, tmp_path):
    write(document, tmp_path / "draft.docx")

    assert [str(fault) for fault in OpenXmlValidator().validate(tmp_path / "draft.docx").errors] == []


def test_every_clause_bullet_and_caption_is_in_its_place():
    found, numbered = bookmarked(to_bytes(RICH)), numbers(RICH)
    for clause in RICH.clauses():
        assert found[f"c_{clause.id}"].startswith(words(clause.parts, numbered))
        for place, bullet in enumerate(clause.bullets, 1):
            assert found[f"c_{clause.id}_b{place}"] == words(bullet, numbered)
    for section in RICH.sections:
        assert found[f"s_{section.id}"] == section.title
        tables = [block for block in section.blocks if isinstance(block, Table)]
        assert all(found[f"c_{table.id}"] == table.caption for table in tables)


def test_every_field_points_to_a_bookmark_and_every_control_has_its_own_number():
    root = body(to_bytes(RICH))
    names = [mark.get(f"{W}name") for mark in root.iter(f"{W}bookmarkStart")]
    targets = [e.text.split()[1] for e in root.iter(f"{W}instrText") if e.text.split()[0] in ("REF", "PAGEREF")]
    controls = [e.find(f"{W}sdtPr/{W}id").get(f"{W}val") for e in root.iter(f"{W}sdt")]
    kinds = [e.get(f"{W}fldCharType") for e in root.iter(f"{W}fldChar")]

    assert len(names) == len(set(names))
    assert targets
    assert set(targets) <= set(names)
    assert len(controls) == len(set(controls)) > 0
    assert kinds.count("begin") == kinds.count("end") == kinds.count("separate")


def test_every_style_and_list_exists():
    file = parts(to_bytes(RICH))
    styles = {e.get(f"{W}styleId") for e in etree.fromstring(file["word/styles.xml"]).iter(f"{W}style")}
    lists = {e.get(f"{W}numId") for e in etree.fromstring(file["word/numbering.xml"]).iter(f"{W}num")} | {"0"}
    trees = [
        etree.fromstring(data) for name, data in file.items() if name.startswith("word/") and name.endswith(".xml")
    ]
    used = {e.get(f"{W}val") for tree in trees for e in tree.iter(f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle")}
    listed = {e.get(f"{W}val") for tree in trees for e in tree.iter(f"{W}numId")}

    assert used <= styles
    assert listed <= lists


def test_comments_stand_in_the_margin_with_the_day_of_the_draft():
    comments = list(docx.Document(io.BytesIO(to_bytes(RICH))).comments)

    assert len(comments) == len(list(RICH.comments()))
    assert {f"{comment.timestamp:%Y-%m-%d}" for comment in comments} == {RICH.day}
    assert any(comment.text.startswith("Another view: ") for comment in comments)


def test_tables_repeat_their_header_and_describe_themselves():
    for table in list(body(to_bytes(RICH)).iter(f"{W}tbl"))[1:]:
        rows = table.findall(f"{W}tr")
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        assert table.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val")
        assert table.find(f"{W}tblPr/{W}tblDescription").get(f"{W}val")


def test_the_same_draft_is_the_same_bytes_without_a_clock():
    content = to_bytes(RICH)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()

    assert content == to_bytes(RICH)
    assert entries[0].filename == "[Content_Types].xml"
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert b"python-docx" not in b"".join(parts(content).values())
    assert b"updateFields" not in parts(content)["word/settings.xml"]


def hostile_document(words_: str) -> Document:
    clause = Clause(
        "a",
        (Text(words_), Blank(words_, words_), Reference("b"), Reference(words_)),
        bullets=((Text(words_, strong=True),),),
        comments=(Comment(words_, words_, words_),),
    )
    table = Table("t", words_, words_, (words_, "x"), ((said(words_),),))
    section = Section(words_, words_, (clause, Clause("a", said(words_)), Clause("b", ()), table))
    return Document(
        words_, words_, (section, Section("z", words_, (), annex=True)), words_, words_, words_, words_, words_,
        ((words_, said(words_)),), words_,
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(HOSTILE)
def test_no_text_breaks_it(hostile):
    content = to_bytes(hostile_document(hostile))
    text = "".join(chain.from_iterable(e.text or "" for e in body(content).iter(f"{W}t")))

    assert "".join(clean(hostile).split()) in "".join(text.split())
    assert docx.Document(io.BytesIO(content)).paragraphs


@pytest.mark.parametrize("hostile", ["{{7*7}}", "</w:t>", "\x00\ufffe\ud800", "\u202e", "שלום 12 (abc)", "", "n" * 300])
def test_hostile_text_follows_the_rules(hostile, tmp_path):
    write(hostile_document(hostile), tmp_path / "draft.docx")

    assert [str(fault) for fault in OpenXmlValidator().validate(tmp_path / "draft.docx").errors] == []


def test_a_megabyte_in_one_clause_is_kept_whole_in_several_paragraphs():
    long = "policy words " * 80_000
    root = body(to_bytes(Document("T", "O", (Section("s", "S", (Clause("a", said(long)),)),))))

    assert long in "".join(e.text for e in root.iter(f"{W}t"))
    assert max(len("".join(p.itertext())) for p in root.iter(f"{W}p")) < 9_000


def test_a_draft_that_cannot_be_saved_leaves_the_older_one(tmp_path, monkeypatch):
    path = tmp_path / "draft.docx"
    write(SHORT, path)
    older = path.read_bytes()
    monkeypatch.setattr("os.fsync", _full)

    with pytest.raises(DraftError, match=r"draft\.docx: the draft could not be saved"):
        write(RICH, path)

    assert path.read_bytes() == older
    assert list(tmp_path.iterdir()) == [path]


def _full(_: int) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("words", ["李伟: ", " مركز ", "Ж ", "\u200bab 漢 ", "\u0301x 漢 "])
def test_a_run_keeps_its_spaces(words):
    assert safe(words) == words
