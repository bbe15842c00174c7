"""Makes a template from an organization's own Word file: its styles, header, footer and page, none of its text.

Every style of ours is added beside the organization's and rests on the one of the same name, whatever its id is in
the organization's language; nothing of the organization's is renamed or changed.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from docx.oxml import parse_xml
from lxml import etree

from toolkit.documents.word.default_template import CORE, HEAD, NAMES, R, W
from toolkit.documents.word.package import pack
from toolkit.documents.word.styles import (
    CHARACTERS,
    LISTS,
    PARAGRAPHS,
    POLICY_TABLE,
    STEP,
    TABLE_STYLE,
    TEXT_HEIGHT,
    TEXT_WIDTH,
    Look,
    character_xml,
    list_xml,
    soft_style_xml,
    style_xml,
)
from toolkit.documents.word.template import TABLE_ROLE, Template

_W = f"{{{W}}}"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_REL = f"{{{_PACKAGE}}}Relationship"
_TYPE = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_KINDS = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_STYLE_PARTS = ("styles", "theme", "fontTable")
_DROPPED_SETTINGS = (
    "attachedTemplate", "mailMerge", "documentProtection", "writeProtection", "trackRevisions", "updateFields",
    "docVars", "footnotePr", "endnotePr", "revisionView", "linkStyles", "forms",
)  # fmt: skip
_DROPPED_SET_UP = ("cols", "vAlign", "lnNumType", "pgNumType", "footnotePr", "endnotePr", "type", "printerSettings")
_USED_AS_IT_IS = ("Normal", "Strong", "CommentReference", "CommentText")

LOGO = "Logo"
"""What stands for a picture without words."""

Parts = dict[str, bytes]
Tree = Any
"""An element of lxml; python-docx makes them of classes of its own."""


@dataclass(slots=True)
class _Styles:
    """The organization's styles by name, and the ids and names that are taken."""

    tree: Tree
    ids: set[str]
    names: dict[tuple[str, str], str]
    roles: dict[str, str]
    width: int


@lru_cache(maxsize=4)
def custom_template(content: bytes) -> Template:
    """Return the template that an organization's file makes, already looked at by `check_brand`."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    main = _related(parts, "", "officeDocument")[0]
    rels = _relations(parts, main)
    set_up = _set_up(parse_xml(parts[main]))
    styles = _styles(parts, rels, main, _text_area(set_up)[0])
    offset = _number(parts, rels, main, styles.roles)
    _settle(parts, rels, main, set_up)
    width, height = _text_area(set_up)
    headings = tuple(_name_of(styles, role) for role in ("Heading1", "AnnexHeading", "PlainHeading"))
    return Template(
        _reachable_parts(parts, main), styles.roles, headings, offset + max(LISTS) + 1, offset + STEP, width, height
    )


def _rels_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _relations(parts: Parts, part: str) -> Tree:
    return parse_xml(parts[_rels_of(part)])


def _reached(part: str, target: str) -> str:
    folder = posixpath.dirname(part)
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def _related(parts: Parts, part: str, kind: str) -> list[str]:
    """Return the parts of a kind that `part` calls."""
    if _rels_of(part) not in parts:
        return []
    relations = _relations(parts, part)
    return [
        _reached(part, relation.get("Target"))
        for relation in relations
        if relation.get("Type", "").endswith(f"/{kind}")
    ]


# The page


def _set_up(document: Tree) -> Tree:
    """Return the last page set-up; a header that it takes over from an earlier one is called by its own name."""
    set_ups = list(document.iter(f"{_W}sectPr"))
    last = set_ups[-1] if set_ups else parse_xml(f"<w:sectPr {NAMES}/>")
    for earlier in reversed(set_ups[:-1]):
        present = {(e.tag, e.get(f"{_W}type")) for e in last}
        for e in [e for e in earlier if e.tag.endswith("Reference")]:
            if (e.tag, e.get(f"{_W}type")) not in present:
                last.insert(0, e)
    for tag in _DROPPED_SET_UP:
        for e in last.findall(f"{_W}{tag}"):
            last.remove(e)
    return last


def _text_area(set_up: Tree) -> tuple[int, int]:
    """Return width and height of the room for text, in twentieths of a point."""
    size, margin = set_up.find(f"{_W}pgSz"), set_up.find(f"{_W}pgMar")
    if size is None or margin is None:
        return TEXT_WIDTH, TEXT_HEIGHT
    width = _length(size, "w") - _length(margin, "left") - _length(margin, "right") - _length(margin, "gutter")
    height = _length(size, "h") - abs(_length(margin, "top")) - abs(_length(margin, "bottom"))
    return max(width, 2880), max(height, 2880)


def _length(e: Tree, name: str) -> int:
    return int(float(e.get(f"{_W}{name}", "0")))


# The styles


def _styles(parts: Parts, rels: Tree, main: str, width: int) -> _Styles:
    names = [_reached(main, e.get("Target")) for e in rels if e.get("Type", "").endswith("/styles")]
    if not names:
        names = [_added(parts, rels, main, "styles", f"{HEAD}<w:styles {NAMES}/>")]
    tree = parse_xml(parts[names[0]])
    styles = _Styles(tree, set(), {}, {}, width)
    for style in tree.findall(f"{_W}style"):
        name = style.find(f"{_W}name")
        styles.ids.add(style.get(f"{_W}styleId", "").lower())
        if name is not None:
            key = style.get(f"{_W}type", "paragraph"), name.get(f"{_W}val", "").lower()
            styles.names.setdefault(key, style.get(f"{_W}styleId", ""))
    _add_language(tree)
    _add_all(styles)
    parts[names[0]] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return styles


def _add_language(tree: Tree) -> None:
    """Make room for the language of a draft where a file's defaults stand."""
    if tree.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr/{_W}lang") is None:
        above = tree
        for index, tag in enumerate(("docDefaults", "rPrDefault", "rPr")):
            element = above.find(f"{_W}{tag}")
            if element is None:
                element = parse_xml(f"<w:{tag} {NAMES}/>")
                above.insert(0 if index < 2 else len(above), element)
            above = element
        above.append(parse_xml(f"<w:lang {NAMES}/>"))


def _add_all(styles: _Styles) -> None:
    for look in PARAGRAPHS:
        styles.roles[look.id] = _paragraph_role(styles, look)
    for id_, name, properties in CHARACTERS:
        twin = styles.names.get(("character", name.lower()))
        if twin is None:
            twin = _fresh_id(styles, id_)
            _append(styles, character_xml(twin, _fresh_name(styles, "character", name), properties))
        styles.roles[id_] = twin
    _add_table(styles)


def _paragraph_role(styles: _Styles, look: Look) -> str:
    twin = styles.names.get(("paragraph", look.name.lower()))
    if twin is not None and look.id in _USED_AS_IT_IS:
        return twin
    id_ = _fresh_id(styles, look.id)
    name = _fresh_name(styles, "paragraph", look.name)
    base = twin or (styles.roles[look.base] if look.base else "")
    fresh = replace(look, id=id_, name=name, base=base, following="", tabs=_tabs(look.tabs, styles.width))
    _append(styles, style_xml(fresh) if twin is None and look.fixed else soft_style_xml(fresh, plain=twin is not None))
    return id_


def _tabs(tabs: str, width: int) -> str:
    """Return the tab stops of ours at the width of the page, without those that Word gives its own headers."""
    if not tabs:
        return ""
    cleared = "".join(f'<w:tab w:val="clear" w:pos="{position}"/>' for position in _WORDS_TABS if position != width)
    return cleared + tabs.replace(str(TEXT_WIDTH), str(width))


_WORDS_TABS = (4320, 4513, 4536, 4680, 8640, 9026, 9072, 9360)


def _add_table(styles: _Styles) -> None:
    normal = styles.names.get(("table", "normal table"))
    if normal is None:
        normal = _fresh_id(styles, "TableNormal")
        _append(styles, TABLE_STYLE.replace('"TableNormal"', f'"{normal}"'))
    id_ = styles.roles[TABLE_ROLE] = _fresh_id(styles, TABLE_ROLE)
    name = _fresh_name(styles, "table", "Policy Table")
    table = POLICY_TABLE.replace('styleId="PolicyTable"', f'styleId="{id_}"').replace('"TableNormal"', f'"{normal}"')
    _append(styles, table.replace('"Policy Table"', f'"{name}"'))


def _append(styles: _Styles, xml: str) -> None:
    styles.tree.append(parse_xml(xml.replace("<w:style ", f"<w:style {NAMES} ", 1)))


def _fresh_id(styles: _Styles, id_: str) -> str:
    tried, index = id_, 1
    while tried.lower() in styles.ids:
        tried, index = f"Workshop{id_}{index if index > 1 else ''}", index + 1
    styles.ids.add(tried.lower())
    return tried


def _fresh_name(styles: _Styles, kind: str, name: str) -> str:
    tried, index = name, 1
    while (kind, tried.lower()) in styles.names:
        tried, index = f"Workshop {name}{f' {index}' if index > 1 else ''}", index + 1
    styles.names[kind, tried.lower()] = tried
    return tried


def _name_of(styles: _Styles, role: str) -> str:
    for style in styles.tree.findall(f"{_W}style"):
        if style.get(f"{_W}styleId") == styles.roles[role]:
            return str(style.find(f"{_W}name").get(f"{_W}val"))
    return role


# The lists


def _number(parts: Parts, rels: Tree, main: str, roles: Mapping[str, str]) -> int:
    """Add our own lists behind the organization's; return by how much their numbers are moved."""
    names = [_reached(main, e.get("Target")) for e in rels if e.get("Type", "").endswith("/numbering")]
    name = names[0] if names else _added(parts, rels, main, "numbering", f"{HEAD}<w:numbering {NAMES}/>")
    tree = parse_xml(parts[name])
    for e in tree.findall(f"{_W}numIdMacAtCleanup"):
        tree.remove(e)
    offset = max((0, *_numbers_in_use(tree)))
    kinds = "".join(list_xml(number, roles, offset, font="") for number in LISTS)
    nums = "".join(f'<w:num w:numId="{n + offset}"><w:abstractNumId w:val="{n + offset}"/></w:num>' for n in LISTS)
    numbering = parse_xml(f"<w:numbering {NAMES}>{kinds}{nums}</w:numbering>")
    at = len(tree) - len(tree.findall(f"{_W}num"))
    tree[at:at] = list(numbering)[: len(LISTS)]
    tree.extend(list(numbering))
    _link_lists(parts, rels, main, offset)
    parts[name] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return offset


def _numbers_in_use(numbering: Tree) -> Iterator[int]:
    for tag, attribute in (("abstractNum", "abstractNumId"), ("num", "numId")):
        yield from (int(e.get(f"{_W}{attribute}", "0")) for e in numbering.iter(f"{_W}{tag}"))


def _link_lists(parts: Parts, rels: Tree, main: str, offset: int) -> None:
    """Point the styles of ours, which are the last, to the moved lists."""
    name = next(_reached(main, e.get("Target")) for e in rels if e.get("Type", "").endswith("/styles"))
    tree = parse_xml(parts[name])
    ours = tree.findall(f"{_W}style[@{_W}customStyle='1']/{_W}pPr/{_W}numPr/{_W}numId[@{_W}ours='1']")
    for e in ours:
        del e.attrib[f"{_W}ours"]
        if e.get(f"{_W}val") != "0":
            e.set(f"{_W}val", str(int(e.get(f"{_W}val", "0")) + offset))
    parts[name] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


# The file around it


def _settle(parts: Parts, rels: Tree, main: str, set_up: Tree) -> None:
    """Leave of the file only what the look needs: no text, no old comments, no notes, no other people's names."""
    _drop_parts(parts, rels, main, set_up)
    _number_pictures(parts, [_reached(main, e.get("Target")) for e in rels])
    for name in (_reached(main, e.get("Target")) for e in rels if e.get("Type", "").endswith("/settings")):
        parts[name] = _settings(parts[name])
        parts.pop(_rels_of(name), None)
    comments = f"{HEAD}<w:comments {NAMES}/>"
    _added(parts, rels, main, "comments", comments)
    body = f"<w:body>{etree.tostring(set_up, encoding='unicode')}</w:body>"
    parts[main] = f"{HEAD}<w:document {NAMES}>{body}</w:document>".encode()
    parts[_rels_of(main)] = etree.tostring(rels, xml_declaration=True, encoding="UTF-8", standalone=True)


def _drop_parts(parts: Parts, rels: Tree, main: str, set_up: Tree) -> None:
    """Leave out what the file refers to and the look does not need: all but styles, and the headers in use."""
    used_ids = {e.get(f"{{{R}}}id") for e in set_up.iter() if e.tag.endswith("Reference")}
    for e in list(rels):
        kind = e.get("Type", "").rsplit("/", 1)[-1]
        is_used_header = kind in ("header", "footer") and e.get("Id") in used_ids
        if is_used_header or kind in (*_STYLE_PARTS, "numbering", "settings"):
            continue
        rels.remove(e)
        if kind == "comments":
            parts.pop(_reached(main, e.get("Target")), None)


def _number_pictures(parts: Parts, names: list[str]) -> None:
    """Give every picture of the headers and footers a number of its own, and words when it has none."""
    index = 0
    for name in names:
        if name in parts and b"docPr" in parts[name]:
            tree = parse_xml(parts[name])
            for e in tree.iter(f"{{{_DRAWING}}}docPr"):
                index += 1
                e.set("id", str(index))
                e.set("descr", e.get("descr") or LOGO)
            parts[name] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def _settings(data: bytes) -> bytes:
    tree = parse_xml(data)
    for tag in _DROPPED_SETTINGS:
        for e in tree.findall(f"{_W}{tag}"):
            tree.remove(e)
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))


def _added(parts: Parts, rels: Tree, main: str, kind: str, xml: str) -> str:
    """Add a part under a name that is free, and call it; return its name."""
    folder = posixpath.dirname(main)
    name, index = posixpath.join(folder, f"{kind}.xml"), 1
    while name in parts:
        name, index = posixpath.join(folder, f"{kind}{index}.xml"), index + 1
    parts[name] = xml.encode()
    ids = {e.get("Id") for e in rels}
    id_ = next(f"rIdW{n}" for n in range(1, len(ids) + 2) if f"rIdW{n}" not in ids)
    etree.SubElement(rels, _REL, {"Id": id_, "Type": f"{R}/{kind}", "Target": posixpath.basename(name)})
    parts["[Content_Types].xml"] = _typed(parts["[Content_Types].xml"], name, f"{_KINDS}.{kind}+xml")
    return name


def _typed(types: bytes, name: str, kind: str) -> bytes:
    tree = parse_xml(types)
    for e in tree.findall(f"{_TYPE}Override[@PartName='/{name}']"):
        tree.remove(e)
    etree.SubElement(tree, f"{_TYPE}Override", {"PartName": f"/{name}", "ContentType": kind})
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))


def _reachable_parts(parts: Parts, main: str) -> bytes:
    """Return the file with those parts alone that are reached from its body."""
    core = "docProps/core.xml"
    parts[core] = CORE.encode()
    lines = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(((f"{R}/officeDocument", main), (_CORE_KIND, core)), 1)
    )
    parts["_rels/.rels"] = f'{HEAD}<Relationships xmlns="{_PACKAGE}">{lines}</Relationships>'.encode()
    types = _typed(parts["[Content_Types].xml"], main, f"{_KINDS}.document.main+xml")
    types = _typed(types, core, "application/vnd.openxmlformats-package.core-properties+xml")
    reachable = _all_reached(parts, {main, core})
    tree = parse_xml(types)
    for e in tree.findall(f"{_TYPE}Override"):
        if e.get("PartName", "").lstrip("/") not in reachable:
            tree.remove(e)
    rels = {_rels_of(name) for name in (*reachable, "")} & set(parts)
    copied = {name: parts[name] for name in reachable | rels}
    return pack(copied | {"[Content_Types].xml": bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8"))})


_CORE_KIND = f"{_PACKAGE}/metadata/core-properties"


def _all_reached(parts: Parts, first: set[str]) -> set[str]:
    reached, waiting = set[str](), set(first)
    while waiting:
        name = waiting.pop()
        if name in parts and name not in reached:
            reached.add(name)
            calls = _relations(parts, name) if _rels_of(name) in parts else ()
            waiting |= {_reached(name, e.get("Target")) for e in calls if e.get("TargetMode") != "External"}
    return reached
