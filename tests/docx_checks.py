"""What is looked at in every Word file: each check takes its parts and yields faults in words."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from lxml import etree
from openxml_audit import OpenXmlValidator

from toolkit.documents.document import (
    Bar,
    Blank,
    Clause,
    Document,
    Part,
    Parts,
    Reference,
    Section,
    Table,
    Text,
    Writing,
    numbers,
)
from toolkit.worksheets.kinds import clean

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
Tree = etree._Element
Trees = Mapping[str, Tree]

READINESS = {
    "ready": "",
    "proposed": "Proposed - not agreed yet",
    "tied": "Tied - no majority yet",
    "open": "Open - not decided yet",
}
HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
DANGEROUS = ("vbaproject", "activex", "oleobject", "embeddings", "afchunk", ".bin", ".exe")
FIRST_COLUMN = "0080"
"""The look of a table whose headings stand in its first column."""

FIELDS = {"TOC", "PAGEREF", "REF", "PAGE", "NUMPAGES"}


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def faults(content: bytes, document: Document | None = None) -> list[str]:
    """Return what our own checks find in a file, and where it says other things than its model."""
    found = list(zip_faults(content))
    held = parts(content)
    found += [fault for name, data in held.items() for fault in text_faults(name, data)]
    try:
        trees = {name: etree.fromstring(data) for name, data in held.items() if name.endswith((".xml", ".rels"))}
    except etree.XMLSyntaxError as fault:
        return [*found, f"not well formed: {fault.msg}"]
    for check in (*CHECKS, *((lambda t: model_faults(t, document),) if document else ())):
        found += check(trees)
    return found


def rule_faults(content: bytes) -> list[str]:
    """Return what Open XML's own rules forbid: order, values, content types."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "draft.docx"
        path.write_bytes(content)
        return [f"{fault.part_uri or ''}: {fault.description}" for fault in OpenXmlValidator().validate(path).errors]


def zip_faults(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        types = archive.read("[Content_Types].xml") if "[Content_Types].xml" in archive.namelist() else b""
    names = [entry.filename for entry in entries]
    yield from (f"part twice: {name}" for name, count in Counter(names).items() if count > 1)
    if names[0] != "[Content_Types].xml":
        yield "content types do not come first"
    yield from (f"clock in the zip: {e.filename}" for e in entries if e.date_time != (1980, 1, 1, 0, 0, 0))
    yield from (f"dangerous part: {name}" for name in names if any(word in name.lower() for word in DANGEROUS))
    for name in names[1:]:
        extension = name.rsplit(".", 1)[-1]
        if f'"/{name}"'.encode() not in types and f'Extension="{extension}"'.encode() not in types:
            yield f"part without a content type: {name}"
    if b"macroEnabled" in types:
        yield "content type of a file with macros"


def text_faults(name: str, data: bytes) -> Iterator[str]:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        yield f"DOCTYPE in {name}"
    if re.search(rb"/home/|/root|/tmp/|/Users/|C:\\\\", data) and name.startswith("docProps"):
        yield f"path of a computer in {name}"


def _target(base: str, target: str) -> str:
    steps: list[str] = []
    for step in PurePosixPath(target if target.startswith("/") else f"{base}/{target}").parts:
        steps = steps[:-1] if step == ".." else steps if step in ("/", ".") else [*steps, step]
    return "/".join(steps)


def relation_faults(trees: Trees) -> Iterator[str]:
    reached: set[str] = set()
    for name, tree in trees.items():
        if not name.endswith(".rels"):
            continue
        base = name.replace("_rels/", "", 1).rsplit("/", 1)[0] if "/" in name.replace("_rels/", "", 1) else ""
        for relation in tree:
            if relation.get("TargetMode") == "External":
                if relation.get("Type") != HYPERLINK:
                    yield f"external relation in {name}: {relation.get('Type')}"
                continue
            reached.add(_target(base, relation.get("Target", "")))
    owned = {name for name in trees if not name.endswith(".rels") and name != "[Content_Types].xml"}
    yield from (f"missing part: {name}" for name in sorted(reached - owned) if name.endswith(".xml"))
    yield from (f"orphan part: {name}" for name in sorted(owned - reached))
    for name, tree in trees.items():
        rels = trees.get(f"{name.rpartition('/')[0]}/_rels/{name.rpartition('/')[2]}.rels")
        known = {relation.get("Id") for relation in rels} if rels is not None else set()
        used = {value for e in tree.iter() for key, value in e.attrib.items() if key in (f"{R}id", f"{R}embed")}
        yield from (f"relation to nothing in {name}: {each}" for each in used - known)


def _all(trees: Trees, *tags: str) -> Iterator[Tree]:
    for name, tree in trees.items():
        if name.startswith("word/"):
            yield from tree.iter(*(f"{W}{tag}" for tag in tags))


def _values(trees: Trees, tag: str, attribute: str = "val") -> list[str]:
    return [e.get(f"{W}{attribute}", "") for e in _all(trees, tag)]


def _twice(what: str, values: Iterable[str]) -> Iterator[str]:
    yield from (f"{what} twice: {value}" for value, count in Counter(values).items() if count > 1)


def id_faults(trees: Trees) -> Iterator[str]:
    names, starts = _values(trees, "bookmarkStart", "name"), _values(trees, "bookmarkStart", "id")
    yield from _twice("bookmark name", names)
    yield from _twice("bookmark id", starts)
    if Counter(starts) != Counter(_values(trees, "bookmarkEnd", "id")):
        yield "bookmark without an end"
    yield from (f"bad bookmark name: {name}" for name in names if not re.fullmatch(r"[A-Za-z_]\w{0,39}", name))
    for mark in _all(trees, "bookmarkStart"):
        inside = [e.get(f"{W}id") for e in mark.getparent().iter(f"{W}bookmarkEnd")]
        if mark.getparent().tag == f"{W}p" and mark.get(f"{W}id") not in inside:
            yield f"bookmark over several paragraphs: {mark.get(f'{W}name')}"
    controls = [e.get(f"{W}val", "") for e in _all(trees, "id") if e.getparent().tag == f"{W}sdtPr"]
    yield from _twice("content control", controls)
    yield from (f"content control number too large: {each}" for each in controls if not 0 < int(each) < 2**31)
    pictures = [
        e.get("id", "")
        for name, t in trees.items()
        if name.startswith("word/")
        for e in t.iter()
        if etree.QName(e).localname == "docPr"
    ]
    yield from _twice("picture number", pictures)
    if list(_all(trees, "dataBinding")):
        yield "content control bound to other data"


def comment_faults(trees: Trees) -> Iterator[str]:
    said = Counter(_values(trees, "comment", "id"))
    for tag in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        if Counter(_values(trees, tag, "id")) != said:
            yield f"comments and {tag} disagree"
    yield from ("comment without words" for e in _all(trees, "comment") if not "".join(e.itertext()).strip())


def field_faults(trees: Trees) -> Iterator[str]:
    for name, tree in trees.items():
        depth = 0
        for e in tree.iter(f"{W}fldChar"):
            depth += {"begin": 1, "end": -1}.get(e.get(f"{W}fldCharType", ""), 0)
            if depth < 0:
                break
        kinds = Counter(e.get(f"{W}fldCharType") for e in tree.iter(f"{W}fldChar"))
        if depth or kinds["begin"] != kinds["separate"] or kinds["begin"] != kinds["end"]:
            yield f"field not closed in {name}"
    codes = [(e.text or "").split() for e in _all(trees, "instrText")]
    names = set(_values(trees, "bookmarkStart", "name"))
    yield from (f"field of a kind that is not ours: {code[:1]}" for code in codes if not code or code[0] not in FIELDS)
    links = [(e.get(f"{W}anchor") or "") for e in _all(trees, "hyperlink") if not e.get(f"{R}id")]
    targets = [code[1] for code in codes if len(code) > 1 and code[0] in ("REF", "PAGEREF")]
    yield from (f"reference to nothing: {each}" for each in [*targets, *links] if each not in names)
    yield from ("asks Word to update itself" for _ in _all(trees, "updateFields"))


def style_faults(trees: Trees) -> Iterator[str]:
    styles = _values(trees, "style", "styleId")
    yield from _twice("style", styles)
    for tag in ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link"):
        yield from (f"style of no name: {each}" for each in _values(trees, tag) if each not in styles)
    numbering = trees.get("word/numbering.xml")
    listed = {e.get(f"{W}numId") for e in numbering.iter(f"{W}num")} | {"0"} if numbering is not None else {"0"}
    yield from (f"list of no name: {each}" for each in _values(trees, "numId") if each not in listed)
    if numbering is not None:
        yield from _numbering_faults(numbering)


def _numbering_faults(numbering: Tree) -> Iterator[str]:
    kinds = [etree.QName(e).localname for e in numbering if e.tag in (f"{W}abstractNum", f"{W}num")]
    if kinds != sorted(kinds):
        yield "lists stand in the wrong order"
    known = {e.get(f"{W}abstractNumId") for e in numbering.iter(f"{W}abstractNum")}
    used = {e.get(f"{W}val") for e in numbering.iter(f"{W}abstractNumId")}
    yield from (f"list of no kind: {each}" for each in used - known)


def table_faults(trees: Trees) -> Iterator[str]:
    for table in _all(trees, "tbl"):
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        for row in table.findall(f"{W}tr"):
            cells = row.findall(f"{W}tc")
            spans = [e.get(f"{W}val") for e in row.findall(f"{W}tc/{W}tcPr/{W}gridSpan")]
            if len(cells) + sum(int(span or 1) - 1 for span in spans) != columns:
                yield "row without its cells"
            yield from ("cell without a paragraph" for cell in cells if cell[-1].tag != f"{W}p")


def body_faults(trees: Trees) -> Iterator[str]:
    body = trees["word/document.xml"].find(f"{W}body")
    if body[-1].tag != f"{W}sectPr":
        yield "page set-up is not last"
    before = None
    for block in body:
        if before is not None and before.tag == block.tag == f"{W}tbl":
            yield "two tables without a line between them"
        before = block
    if len(body) > 1 and body[-2].tag == f"{W}tbl":
        yield "no line after the last table"
    for e in _all(trees, "t", "instrText"):
        text = e.text or ""
        if text != text.strip() and e.get("{http://www.w3.org/XML/1998/namespace}space") != "preserve":
            yield "spaces that Word drops"
        if "\n" in text or "\t" in text:
            yield "line end inside a text"
    yield from ("file inside the file" for _ in _all(trees, "altChunk", "object"))


def property_faults(trees: Trees) -> Iterator[str]:
    core = trees.get("docProps/core.xml")
    if core is None:
        yield "no properties"
        return
    said = [(etree.QName(e).localname, (e.text or "").strip()) for e in core]
    yield from _twice("property", (name for name, _ in said))
    held = dict(said)
    yield from (f"no {name}" for name in ("title", "language") if not held.get(name))
    for name in ("created", "modified"):
        if name in held and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", held[name]):
            yield f"bad date: {held[name]}"


def access_faults(trees: Trees) -> Iterator[str]:
    """What somebody who cannot see the page misses: headings in order, tables that say what they are, no gaps."""
    outlines = _outlines(trees)
    levels = [outlines[style] for style in _body_styles(trees) if outlines.get(style) is not None]
    if any(below - above > 1 for above, below in zip([-1, *levels], levels, strict=False)):
        yield "heading level left out"
    yield from _table_access_faults(trees)
    for paragraph in trees["word/document.xml"].find(f"{W}body").iterchildren(f"{W}p"):
        if style_of(paragraph) != "PenLine" and not list(paragraph.iter(f"{W}t", f"{W}drawing", f"{W}pict")):
            yield "empty line for room"
    yield from _picture_faults(trees)
    yield from contrast_faults(trees)


def _table_access_faults(trees: Trees) -> Iterator[str]:
    for table in _all(trees, "tbl"):
        about = table.find(f"{W}tblPr")
        for tag in ("tblCaption", "tblDescription"):
            if about.find(f"{W}{tag}") is None or not about.find(f"{W}{tag}").get(f"{W}val", "").strip():
                yield f"table without {tag}"
        look = about.find(f"{W}tblLook")
        by_column = look is not None and look.get(f"{W}val") == FIRST_COLUMN
        if not by_column and table.find(f"{W}tr/{W}trPr/{W}tblHeader") is None:
            yield "table without a header row"
        yield from (
            "row that may be torn apart" for r in table.iter(f"{W}tr") if r.find(f"{W}trPr/{W}cantSplit") is None
        )


def _picture_faults(trees: Trees) -> Iterator[str]:
    for name, tree in trees.items():
        for e in tree.iter():
            if etree.QName(e).localname == "docPr" and name.startswith("word/") and not (e.get("descr") or "").strip():
                yield "picture without words"
            if etree.QName(e).localname == "shape" and name.startswith("word/") and not e.get("alt"):
                yield "drawn shape without words"


def _outlines(trees: Trees) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for style in _all(trees, "style"):
        outline = style.find(f"{W}pPr/{W}outlineLvl")
        found[style.get(f"{W}styleId", "")] = int(outline.get(f"{W}val")) if outline is not None else None
    return found


def _body_styles(trees: Trees) -> Iterator[str]:
    for paragraph in trees["word/document.xml"].iter(f"{W}p"):
        yield style_of(paragraph)


def style_of(paragraph: Tree) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return style.get(f"{W}val", "") if style is not None else ""


def _bars(trees: Trees) -> Iterator[str]:
    """The fills of shaded paragraphs with nothing in them."""
    for paragraph in trees["word/document.xml"].iter(f"{W}p"):
        shade = paragraph.find(f"{W}pPr/{W}shd")
        if shade is not None and not list(paragraph.iter(f"{W}t")):
            yield shade.get(f"{W}fill", "")


def contrast_faults(trees: Trees) -> Iterator[str]:
    """Every colour of text on every colour behind text: stricter than what meets on the page; a bar stands out."""
    bars = set(_bars(trees))
    yield from (f"contrast of the bar {fill}" for fill in sorted(bars) if contrast(fill, "FFFFFF") < 3)
    colors = {each for each in _values(trees, "color") if re.fullmatch("[0-9A-Fa-f]{6}", each)}
    shaded = {each for each in _values(trees, "shd", "fill") if re.fullmatch("[0-9A-Fa-f]{6}", each)}
    fills = (shaded - bars) | {"FFFFFF"}
    for color in sorted(colors):
        yield from (f"contrast of {color} on {fill}" for fill in sorted(fills) if contrast(color, fill) < 4.5)


def contrast(one: str, other: str) -> float:
    low, high = sorted(map(_light, (one, other)))
    return (high + 0.05) / (low + 0.05)


def _light(color: str) -> float:
    shares = (int(color[place : place + 2], 16) / 255 for place in (0, 2, 4))
    linear = [share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


CHECKS: tuple[Callable[[Trees], Iterator[str]], ...] = (
    relation_faults, id_faults, comment_faults, field_faults, style_faults, table_faults, body_faults,
    property_faults, access_faults,
)  # fmt: skip

# The file against its model

Line = tuple[str, str, str]
"""The style of a line, the number that Word will count for it, its words."""


def model_faults(trees: Trees, document: Document) -> Iterator[str]:
    """Whatever the file says otherwise than its model: words, styles, order, numbers, comments."""
    there, meant = list(lines_there(trees)), list(lines_meant(document))
    for place, (line, wanted) in enumerate(zip(there, meant, strict=False)):
        if line != wanted:
            yield f"line {place} is {_short(line)}, the model has {_short(wanted)}"
            break
    if len(there) != len(meant):
        yield f"{len(there)} lines, the model has {len(meant)}"
    said = ["".join(e.itertext()) for e in _all(trees, "comment")]
    for text, (_, comment) in zip(said, document.comments(), strict=False):
        if not _flat(text).endswith(_flat(comment.words)):
            yield "a comment says other words than the model"
    if len(said) != len(list(document.comments())):
        yield "comments are missing"
    language = trees["docProps/core.xml"].find("{http://purl.org/dc/elements/1.1/}language")
    if language is not None and language.text != document.language:
        yield "another language than the model"


def _short(line: Line) -> str:
    return "/".join(piece[:60] for piece in line)


def _flat(words: str) -> str:
    """Without spaces: a long line is cut into several wherever it may be; lost spaces have a check of their own."""
    return re.sub("[\u2066-\u2069\u202a-\u202e]", "", "".join(clean(words).split()))


def text_of(paragraph: Tree) -> str:
    """The words of a paragraph, without the codes of its fields."""
    return "".join(e.text or "" if e.tag == f"{W}t" else "\n" for e in paragraph.iter(f"{W}t", f"{W}br"))


FRONT = {"Organization", "Title", "ShortTitle", "Subtitle", "StatusLine", "ContentsHeading", "Contents1", "EndLine"}


def lines_there(trees: Trees) -> Iterator[Line]:
    """Every line from the first section on, the pieces of a long one as one."""
    body, found = trees["word/document.xml"].find(f"{W}body"), list[Line]()
    number = _counter()
    for block in body:
        if block.tag == f"{W}p" and style_of(block) not in FRONT:
            style, said = style_of(block), text_of(block)
            if _continues(block) and found:
                found[-1] = (*found[-1][:2], _flat(f"{found[-1][2]} {said}"))
            else:
                found.append((style, number(style), _flat(said)))
        elif block.tag == f"{W}tbl" and found:
            found += [("cell", "", _flat(" ".join(map(text_of, cell.iter(f"{W}p"))))) for cell in block.iter(f"{W}tc")]
    yield from found


def _continues(paragraph: Tree) -> bool:
    names = [e.get(f"{W}name", "") for e in paragraph.iter(f"{W}bookmarkStart")]
    return any(re.search(r"_p\d+$", name) for name in names) or style_of(paragraph) == "BulletText"


def _counter() -> Callable[[str], str]:
    """Return what counts as Word does: a heading begins its clauses again, annexes have letters."""
    at = {"Heading1": 0, "AnnexHeading": 0, "clause": 0, "annex": 0}

    def number(style: str) -> str:
        if style in ("Heading1", "AnnexHeading"):
            at[style] += 1
            at["clause"], at["annex"] = 0, int(style == "AnnexHeading")
        elif style in ("PolicyClause", "AnnexClause"):
            at["clause"] += 1
        else:
            return ""
        head = chr(64 + at["AnnexHeading"]) if at["annex"] else str(at["Heading1"])
        return head if style.endswith(("1", "Heading")) else f"{head}.{at['clause']}"

    return number


def lines_meant(document: Document) -> Iterator[Line]:
    """Every line that the model asks for, in order."""
    numbered = document.contents or any(clause.numbered for clause in document.clauses())
    known = numbers(document) if numbered else {}
    for section in document.sections:
        head = ("AnnexHeading" if section.annex else "Heading1") if numbered else "PlainHeading"
        yield head, known.get(section.id, ""), _flat(section.title)
        for block in section.blocks:
            yield from MEANT[type(block)](document, section, block, known)


def _clause_meant(document: Document, section: Section, clause: Clause, known: dict[str, str]) -> Iterator[Line]:
    plain = {"example": "PolicyExample", "note": "PolicyNote", "question": "PaperQuestion"}.get(clause.style)
    counted = "AnnexClause" if section.annex else "PolicyClause"
    style = plain or (counted if clause.numbered else "PolicyText" if known else "PaperText")
    number = known.get(clause.id, "") if style == counted else ""
    said = f"{_words(document, clause.parts, known)} {READINESS[clause.readiness]}"
    yield style, number, _flat(said)
    for bullet in clause.bullets:
        yield "PolicyStep" if clause.steps else "PolicyBullet", "", _flat(_words(document, bullet, known))


def _table_meant(document: Document, _: Section, table: Table, known: dict[str, str]) -> Iterator[Line]:
    yield "Caption", "", _flat(table.caption)
    yield from (("cell", "", _flat(label)) for label in table.header)
    for row in table.rows:
        full = (*row, *[()] * (len(table.header) - len(row)))
        yield from (("cell", "", _flat(_words(document, cell, known))) for cell in full)


def _writing_meant(_: Document, __: Section, writing: Writing, ___: dict[str, str]) -> Iterator[Line]:
    yield from (("TickBox", "", _flat("".join(f"\u2610{each}" for each in row))) for row in writing.boxes)
    yield from (("PenLine", "", _flat(label)) for label in writing.lines)


MEANT: Mapping[type, Callable[..., Iterator[Line]]] = {
    Clause: _clause_meant,
    Table: _table_meant,
    Writing: _writing_meant,
}


def _words(document: Document, said: Parts, known: dict[str, str]) -> str:
    return "".join(_part_words(document, part, known) for part in said)


def _part_words(document: Document, part: Part, known: dict[str, str]) -> str:
    match part:
        case Text(words=said):
            return said
        case Blank(prompt=prompt):
            return f"[{' '.join(clean(prompt).split()) or 'to be filled in'}]"
        case Reference(clause=id_):
            return known.get(id_) or _section_of(document, id_, known)
        case Bar(share=share):
            return "–" if share is None else ""


def _section_of(document: Document, id_: str, known: dict[str, str]) -> str:
    for section in document.sections:
        if id_ == section.id or any(block.id == id_ for block in section.blocks):
            return known.get(section.id) or " ".join(section.title.split())
    return "(not in this draft)"


def stray_faults(document: Document, content: bytes) -> Iterator[str]:
    """Brackets that are no blank, braces, and sections with nothing under their heading."""
    root = etree.fromstring(parts(content)["word/document.xml"])
    for section in document.sections:
        if not section.blocks:
            yield f"empty section: {section.title}"
    for paragraph in root.iter(f"{W}p"):
        loose = "".join(
            e.text or ""
            for e in paragraph.iter(f"{W}t")
            if not any(up.tag == f"{W}sdtContent" for up in e.iterancestors())
        )
        if re.search(r"[\[\]{}]", loose):
            yield f"stray bracket: {loose[:60]}"
