"""The checks of a Word file see what they are for: each fault is planted in a sound file, and each is named."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

import pytest
from docx_checks import contrast, faults, parts, rule_faults
from sample_documents import EMPTY, RICH, SHORT

from toolkit.documents.word.writer import to_bytes

SOUND = to_bytes(RICH)
DOCUMENT, STYLES, CORE = "word/document.xml", "word/styles.xml", "docProps/core.xml"
NUMBERING, COMMENTS, RELS = "word/numbering.xml", "word/comments.xml", "word/_rels/document.xml.rels"
HEADER = next(name for name in parts(SOUND) if "header" in name and name.endswith(".xml"))
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

Plant = Callable[[dict[str, bytes]], Mapping[str, bytes] | None]


def packed(held: Mapping[str, bytes], *, first: bool = True, twice: str = "", year: int = 1980) -> bytes:
    """Return `held` as a zip, sound or faulty."""
    written = io.BytesIO()
    order = sorted(held, key=lambda name: ((name != "[Content_Types].xml") is first, name))
    with zipfile.ZipFile(written, "w") as archive:
        for name in [*order, *filter(None, [twice])]:
            archive.writestr(zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0)), held[name])
    return written.getvalue()


def swap(name: str, old: str, new: str, count: int = 1) -> Plant:
    def plant(held: dict[str, bytes]) -> None:
        assert old.encode() in held[name], f"nothing to plant in: {old}"
        held[name] = held[name].replace(old.encode(), new.encode(), count)

    return plant


def cut(name: str, begin: str, end: str, new: str = "") -> Plant:
    """Replace the first stretch from `begin` to the end of `end`."""

    def plant(held: dict[str, bytes]) -> None:
        start = held[name].index(begin.encode())
        stop = held[name].index(end.encode(), start) + len(end)
        held[name] = held[name][:start] + new.encode() + held[name][stop:]

    return plant


def add(name: str, data: str) -> Plant:
    return lambda held: held.__setitem__(name, data.encode())


def related(kind: str, target: str, mode: str = "") -> Plant:
    line = f'<Relationship Id="rId99" Type="{OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>'
    return swap(RELS, "</Relationships>", line)


def drop(name: str) -> Plant:
    return lambda held: held.pop(name) and None


SDT = '<w:sdt><w:sdtPr><w:id w:val="'
PLANTED: Mapping[str, tuple[Plant, str]] = {
    "a part that no relation reaches": (add("word/alone.xml", "<a/>"), "orphan part"),
    "a part that is missing": (drop("word/fontTable.xml"), "missing part"),
    "a picture from the network": (related("image", "http://a.example/x", ' TargetMode="External"'), "external rel"),
    "a template from the network": (
        related("attachedTemplate", "file:///x.dotm", ' TargetMode="External"'),
        "external rel",
    ),
    "a DOCTYPE": (swap(DOCUMENT, "?>\n", '?>\n<!DOCTYPE a [<!ENTITY b "c">]>'), "DOCTYPE"),
    "a macro": (add("word/vbaProject.bin", "x"), "dangerous part"),
    "an embedded object": (add("word/embeddings/oleObject1.bin", "x"), "dangerous part"),
    "a foreign file": (swap(DOCUMENT, "<w:sectPr", '<w:altChunk r:id="rId1"/><w:sectPr'), "file inside"),
    "a part that is no XML": (swap(DOCUMENT, "</w:body>", ""), "not well formed"),
    "a content type of macros": (swap("[Content_Types].xml", "wordprocessingml.document", "macroEnabled"), "macros"),
    "a part without a content type": (add("word/media/logo.png", "x"), "without a content type"),
    "a path of a computer": (swap(CORE, "Harbor Lane", "/home/somebody"), "path of a computer"),
    "the same bookmark name": (swap(DOCUMENT, 'w:name="c_benefit"', 'w:name="c_why"'), "bookmark name twice"),
    "the same bookmark number": (
        swap(DOCUMENT, 'w:id="2" w:name="c_why"', 'w:id="1" w:name="c_why"'),
        "bookmark id twice",
    ),
    "a bookmark without an end": (swap(DOCUMENT, '<w:bookmarkEnd w:id="2"/>', ""), "without an end"),
    "a bookmark over two paragraphs": (
        lambda held: held.__setitem__(
            DOCUMENT,
            held[DOCUMENT]
            .replace(b'<w:bookmarkEnd w:id="2"/>', b"")
            .replace(b'<w:bookmarkEnd w:id="3"/>', b'<w:bookmarkEnd w:id="3"/><w:bookmarkEnd w:id="2"/>'),
        ),
        "over several paragraphs",
    ),
    "a bookmark name that is too long": (
        swap(DOCUMENT, 'w:name="c_why"', f'w:name="c_{"y" * 40}"'),
        "bad bookmark name",
    ),
    "the same control twice": (
        lambda held: held.__setitem__(DOCUMENT, _same_controls(held[DOCUMENT])),
        "content control twice",
    ),
    "a control number too large": (
        lambda held: held.__setitem__(DOCUMENT, _control(held[DOCUMENT], "4294967295")),
        "too large",
    ),
    "a control bound elsewhere": (
        swap(DOCUMENT, "<w:showingPlcHdr/>", '<w:dataBinding w:xpath="/a" w:storeItemID="{0}"/><w:showingPlcHdr/>'),
        "bound to other data",
    ),
    "a comment that nothing calls": (swap(DOCUMENT, '<w:commentReference w:id="1"/>', ""), "commentReference disagree"),
    "a comment range without an end": (
        swap(DOCUMENT, '<w:commentRangeEnd w:id="1"/>', ""),
        "commentRangeEnd disagree",
    ),
    "a comment that is gone": (cut(COMMENTS, '<w:comment w:id="0"', "</w:comment>"), "disagree"),
    "a field that is not closed": (swap(DOCUMENT, '<w:fldChar w:fldCharType="end"/>', ""), "field not closed"),
    "a field without a result": (swap(DOCUMENT, '<w:fldChar w:fldCharType="separate"/>', ""), "field not closed"),
    "a reference to nothing": (swap(DOCUMENT, " REF s_incidents", " REF s_gone"), "reference to nothing: s_gone"),
    "a page of nothing": (swap(DOCUMENT, "PAGEREF s_words", "PAGEREF s_gone"), "reference to nothing: s_gone"),
    "a link to nothing": (swap(DOCUMENT, 'w:anchor="s_words"', 'w:anchor="s_gone"'), "reference to nothing: s_gone"),
    "a field that reads a file": (swap(DOCUMENT, " PAGEREF s_words", " INCLUDETEXT x"), "not ours"),
    "a field that calls a program": (swap(DOCUMENT, " PAGEREF s_words", " DDEAUTO cmd"), "not ours"),
    "a question on opening": (
        swap("word/settings.xml", "<w:zoom", '<w:updateFields w:val="true"/><w:zoom'),
        "update itself",
    ),
    "a style of no name": (swap(DOCUMENT, '"PolicyBullet"', '"Gone"'), "style of no name: Gone"),
    "a run style of no name": (swap(DOCUMENT, '"OwnWords"', '"Gone"'), "style of no name: Gone"),
    "a base of no name": (swap(STYLES, 'basedOn w:val="Heading1"', 'basedOn w:val="Gone"'), "style of no name: Gone"),
    "the same style twice": (swap(STYLES, 'styleId="Subtitle"', 'styleId="Title"'), "style twice"),
    "a list of no name": (
        swap(DOCUMENT, '<w:ilvl w:val="0"/><w:numId w:val="5"/>', '<w:numId w:val="99"/>'),
        "list of no name",
    ),
    "lists in the wrong order": (
        swap(
            NUMBERING, "<w:abstractNum ", '<w:num w:numId="77"><w:abstractNumId w:val="1"/></w:num><w:abstractNum ', 1
        ),
        "wrong order",
    ),
    "a list of no kind": (
        swap(NUMBERING, '<w:abstractNumId w:val="2"/>', '<w:abstractNumId w:val="55"/>'),
        "list of no kind",
    ),
    "a row without a cell": (cut(DOCUMENT, "<w:tc>", "</w:tc>"), "row without its cells"),
    "a cell without a paragraph": (cut(DOCUMENT, "</w:tcPr><w:p>", "</w:p>", "</w:tcPr>"), "cell without a paragraph"),
    "a page set-up that is not last": (swap(DOCUMENT, "</w:sectPr>", "</w:sectPr><w:p/>"), "not last"),
    "a table at the end": (
        swap(DOCUMENT, "<w:sectPr", "<w:tbl><w:tblPr/></w:tbl><w:sectPr"),
        "no line after the last table",
    ),
    "spaces that get lost": (
        swap(DOCUMENT, '<w:t xml:space="preserve">What we gain. ', "<w:t>What we gain. "),
        "drops",
    ),
    "a line end in a text": (swap(DOCUMENT, "What we gain.", "What we\ngain."), "line end inside"),
    "no title": (cut(CORE, "<dc:title>", "</dc:title>"), "no title"),
    "two titles": (swap(CORE, "<dc:title>", "<dc:title>A</dc:title><dc:title>"), "property twice"),
    "no language": (cut(CORE, "<dc:language>", "</dc:language>"), "no language"),
    "another language": (swap(CORE, "<dc:language>en-US", "<dc:language>es-MX"), "another language"),
    "a bad date": (swap(CORE, "2026-11-21T12:00:00Z", "yesterday"), "bad date"),
    "a heading level left out": (
        swap(STYLES, '<w:outlineLvl w:val="0"/>', '<w:outlineLvl w:val="3"/>', 9),
        "heading level",
    ),
    "a table without a header row": (swap(DOCUMENT, "<w:tblHeader/>", ""), "without a header row"),
    "a table without a description": (cut(DOCUMENT, "<w:tblDescription", "/>"), "without tblDescription"),
    "a table without a caption": (cut(DOCUMENT, "<w:tblCaption", "/>"), "without tblCaption"),
    "a row torn apart": (swap(DOCUMENT, "<w:cantSplit/>", ""), "torn apart"),
    "an empty line for room": (swap(DOCUMENT, "<w:sectPr", "<w:p/><w:sectPr"), "empty line"),
    "a drawn mark without words": (swap(HEADER, ' alt="Draft"', ""), "drawn shape without words"),
    "a pale colour": (swap(STYLES, 'w:color w:val="4A5160"', 'w:color w:val="A0A0A0"'), "contrast of A0A0A0"),
    "a lost word": (swap(DOCUMENT, "rely on us to keep", "rely on us"), "the model has"),
    "a lost clause": (cut(DOCUMENT, '<w:p><w:pPr><w:pStyle w:val="PolicyClause"', "</w:p>"), "the model has"),
    "a lost bullet": (cut(DOCUMENT, '<w:p><w:pPr><w:pStyle w:val="PolicyBullet"', "</w:p>"), "the model has"),
    "a title that is no heading": (
        swap(DOCUMENT, '<w:pStyle w:val="Heading1"/>', '<w:pStyle w:val="PolicyText"/>', 2),
        "the model has",
    ),
    "a clause that is not counted": (
        swap(DOCUMENT, '<w:pStyle w:val="PolicyClause"/>', '<w:pStyle w:val="PolicyText"/>'),
        "the model has",
    ),
    "a wrong number shown": (swap(DOCUMENT, ">3.2<", ">3.9<"), "the model has"),
    "a blank that is lost": (cut(DOCUMENT, "[how long releases", "kept]", "three years"), "the model has"),
    "a comment with other words": (swap(COMMENTS, "Does this still fit", "This fits"), "other words"),
    "a step that is a bullet": (swap(DOCUMENT, '"PolicyStep"', '"PolicyBullet"'), "the model has"),
}
"""Each fault by a name: how it is planted, and words of what is said about it."""

BY_THE_RULES: Mapping[str, tuple[Plant, str]] = {
    "properties in the wrong order": (
        lambda held: held.__setitem__(DOCUMENT, _late_properties(held[DOCUMENT])),
        "pPr",
    ),
    "a value that Word does not know": (swap(DOCUMENT, 'w:fldCharType="begin"', 'w:fldCharType="start"'), "start"),
    "an element that is not Word's": (swap(DOCUMENT, "<w:sectPr", "<w:paragraph/><w:sectPr"), "paragraph"),
    "a number that is none": (swap(DOCUMENT, '<w:tblW w:w="9360"', '<w:tblW w:w="wide"'), "wide"),
}
"""What only the rules of Open XML see."""


def _late_properties(data: bytes) -> bytes:
    start = data.index(b"<w:p><w:pPr>")
    middle = data.index(b"</w:pPr>", start) + 8
    end = data.index(b"</w:p>", middle)
    return data[: start + 5] + data[middle:end] + data[start + 5 : middle] + data[end:]


def _ids(data: bytes) -> list[bytes]:
    return [piece.split(b'"/><w:showingPlcHdr', 1)[0] for piece in data.split(b'<w:id w:val="')[1:]]


def _same_controls(data: bytes) -> bytes:
    first, second = _ids(data)[:2]
    return data.replace(b'<w:id w:val="%b"' % second, b'<w:id w:val="%b"' % first)


def _control(data: bytes, number: str) -> bytes:
    return data.replace(b'<w:id w:val="%b"' % _ids(data)[0], b'<w:id w:val="%b"' % number.encode())


def planted(plant: Plant) -> bytes:
    held = parts(SOUND)
    plant(held)
    return packed(held)


@pytest.mark.parametrize("document", [RICH, SHORT, EMPTY])
def test_a_sound_file_has_no_fault(document):
    assert faults(to_bytes(document), document) == []


@pytest.mark.parametrize("name", PLANTED)
def test_each_planted_fault_is_named(name):
    plant, words = PLANTED[name]

    assert words in "\n".join(faults(planted(plant), RICH))


@pytest.mark.parametrize("name", BY_THE_RULES)
def test_each_fault_against_the_rules_is_named(name):
    plant, words = BY_THE_RULES[name]

    assert words in "\n".join(rule_faults(planted(plant)))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"first": False}, "do not come first"),
        ({"twice": DOCUMENT}, "part twice"),
        ({"year": 2026}, "clock in the zip"),
    ],
)
def test_each_fault_of_the_zip_is_named(how, words):
    assert words in "\n".join(faults(packed(parts(SOUND), **how)))


def test_contrast_is_counted_as_the_guidelines_count_it():
    assert contrast("000000", "FFFFFF") == pytest.approx(21)
    assert contrast("767676", "FFFFFF") == pytest.approx(4.54, abs=0.01)
