"""The default paragraph styles, character styles and numbering, a row for each style."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

FONT = "Arial"
"""On every Windows and Mac; Liberation Sans elsewhere has the same widths, so lines break alike."""

ACCENT, INK, MUTED, AMBER, LINE = "1F3A6E", "1A1A1A", "4A5160", "7A4300", "C5CCD8"
PALE, SAND, YELLOW, BAR = "F2F5FA", "FDF6E7", "FFF3BF", "5B7DB8"

PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 12240, 15840, 1440
"""US Letter with one inch around, in twentieths of a point."""

TEXT_WIDTH, TEXT_HEIGHT = PAGE_WIDTH - 2 * MARGIN, PAGE_HEIGHT - 2 * MARGIN
INDENT = 680
"""Where text stands; numbers hang to the left of it."""


@dataclass(frozen=True, slots=True)
class Look:
    """One style: `size` in half points, lengths in twentieths of a point, `line` is at least so high."""

    id: str
    name: str
    base: str = "Normal"
    following: str = ""
    size: int = 22
    bold: bool = False
    color: str = INK
    before: int = 0
    after: int = 140
    line: int = 310
    left: int = 0
    hanging: int = 0
    right: int = 0
    keep_next: bool = False
    outline: int | None = None
    numbering: tuple[int, int] | None = None
    """The list and its level."""
    tabs: str = ""
    boxed: str = ""
    """Fill of a boxed or barred paragraph."""
    edge: str = ""
    """Colour of the line around it ("bar:" only at its left, "under:" only below)."""
    quick: bool = True

    @property
    def fixed(self) -> bool:
        """Return whether colour and size are part of what the style says, in an organization's own look too."""
        return self.id in _FIXED_STYLES


POLICY, ANNEX, BULLET, STEP = 1, 2, 3, 4
"""The numbered lists of a draft; steps start again in a list of their own each time."""

_CONTENTS_TABS = f'<w:tab w:val="left" w:pos="560"/><w:tab w:val="right" w:leader="dot" w:pos="{TEXT_WIDTH}"/>'
_EDGE_TABS = f'<w:tab w:val="right" w:pos="{TEXT_WIDTH}"/>'

PARAGRAPHS: tuple[Look, ...] = (
    Look("Normal", "Normal", base=""),
    Look("Organization", "Organization", size=24, bold=True, color=MUTED, after=60, line=340, keep_next=True),
    Look("Title", "Title", size=46, bold=True, color=ACCENT, after=80, line=580, keep_next=True),
    Look("Subtitle", "Subtitle", size=26, color=MUTED, after=120, line=360),
    Look("StatusLine", "Status Line", bold=True, color=AMBER, after=180, line=320),
    Look("ShortTitle", "Short Title", size=40, bold=True, color=ACCENT, after=60, line=520, keep_next=True),
    Look(
        "Heading1", "heading 1", following="PolicyClause", size=32, bold=True, color=ACCENT, before=400, after=160,
        line=420, left=INDENT, hanging=INDENT, keep_next=True, outline=0, numbering=(POLICY, 0),
    ),
    Look(
        "AnnexHeading", "Annex Heading", "Heading1", "AnnexClause", size=32, bold=True, color=ACCENT, before=480,
        after=160, line=420, left=INDENT, hanging=INDENT, keep_next=True, outline=0,
        numbering=(ANNEX, 0),
    ),
    Look(
        "PlainHeading", "Plain Heading", "Heading1", "PaperText", size=28, bold=True, color=ACCENT, before=280,
        after=100, line=380, keep_next=True, outline=0, numbering=(0, 0),
    ),
    Look("ContentsHeading", "TOC Heading", size=28, bold=True, color=ACCENT, before=260, after=80, line=360,
         keep_next=True),
    Look("Contents1", "toc 1", size=20, after=0, line=272, left=560, hanging=560, tabs=_CONTENTS_TABS),
    Look("PolicyClause", "Policy Clause", left=INDENT, hanging=INDENT, numbering=(POLICY, 1)),
    Look("AnnexClause", "Annex Clause", "PolicyClause", left=INDENT, hanging=INDENT, numbering=(ANNEX, 1)),
    Look("PolicyText", "Policy Text", left=INDENT),
    Look("PaperText", "Paper Text"),
    Look("PolicyBullet", "Policy Bullet", after=80, left=INDENT + 360, hanging=360, numbering=(BULLET, 0)),
    Look("BulletText", "Bullet Text", after=80, left=INDENT + 360),
    Look("PolicyStep", "Policy Step", after=80, left=INDENT + 400, hanging=400, numbering=(STEP, 0)),
    Look(
        "PolicyExample", "Policy Example", before=100, after=200, left=INDENT + 160, right=160, boxed=PALE,
        edge="bar:5B7DB8",
    ),
    Look("PolicyNote", "Policy Note", before=180, after=240, left=INDENT + 160, right=160, boxed=SAND, edge="D9B25F"),
    Look("PaperQuestion", "Paper Question", before=260, after=60, keep_next=True),
    Look("TickBox", "Tick Box", size=20, after=50, line=270, left=400, hanging=400),
    Look("PenLine", "Pen Line", size=18, color=MUTED, after=0, line=480, boxed="none", edge=f"under:{LINE}"),
    Look("Caption", "caption", "Normal", bold=True, color=ACCENT, before=200, after=80, keep_next=True),
    Look("TableHeading", "Table Heading", size=20, bold=True, color=ACCENT, before=40, after=40, line=264),
    Look("TableText", "Table Text", size=20, before=40, after=40, line=264),
    Look("EndLine", "End Line", size=2, color=MUTED, before=0, after=0, line=24),
    Look("Header", "header", size=18, color=MUTED, after=0, line=250, tabs=_EDGE_TABS),
    Look("Footer", "footer", size=18, color=MUTED, after=0, line=250, tabs=_EDGE_TABS),
    Look("CommentText", "annotation text", size=20, after=60, line=260, quick=False),
)  # fmt: skip

UNDER = ("bottom", "between")
"""Where a line to write on is drawn: under it, also when another one follows."""

_FIXED_STYLES = {"PenLine", "PolicyExample", "PolicyNote", "StatusLine", "Header", "Footer", "EndLine", "CommentText"}

LOOKS = {look.id: look for look in PARAGRAPHS}

CHARACTERS: tuple[tuple[str, str, str], ...] = (
    ("Strong", "Strong", "<w:b/><w:bCs/>"),
    ("OwnWords", "Own Words", f'<w:color w:val="{ACCENT}"/>'),
    (
        "Blank",
        "Blank to Fill In",
        '<w:color w:val="5A4300"/><w:u w:val="single" w:color="8A6D00"/>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{YELLOW}"/>',
    ),
    (
        "Readiness",
        "Readiness Mark",
        f'<w:b/><w:bCs/><w:color w:val="{AMBER}"/><w:sz w:val="18"/><w:szCs w:val="18"/>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{SAND}"/>',
    ),
    ("CommentReference", "annotation reference", '<w:sz w:val="16"/><w:szCs w:val="16"/>'),
)
"""Id, name and run properties of every character style."""


def style_xml(look: Look) -> str:
    """Return `look` as a paragraph style of Word."""
    default = ' w:default="1"' if look.id == "Normal" else ""
    custom = "" if look.name.islower() or look.id in _BUILT_IN else ' w:customStyle="1"'
    head = f'<w:style w:type="paragraph"{default}{custom} w:styleId="{look.id}"><w:name w:val="{look.name}"/>'
    based = f'<w:basedOn w:val="{look.base}"/>' if look.base else ""
    following = f'<w:next w:val="{look.following}"/>' if look.following else ""
    quick = '<w:uiPriority w:val="1"/><w:qFormat/>' if look.quick else '<w:uiPriority w:val="99"/>'
    return f"{head}{based}{following}{quick}<w:pPr>{_paragraph(look)}</w:pPr><w:rPr>{_run(look)}</w:rPr></w:style>"


def soft_style_xml(look: Look, *, plain: bool) -> str:
    """Return `look` as a style that leaves font, size and colour to the one it rests on; `plain` leaves spaces too."""
    head = f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{look.id}"><w:name w:val="{look.name}"/>'
    based = f'<w:basedOn w:val="{look.base}"/>' if look.base else ""
    keep = "<w:keepNext/><w:keepLines/>" if look.keep_next else ""
    number = _number(look).replace("<w:numId ", '<w:numId w:ours="1" ')
    tabs = f"<w:tabs>{look.tabs}</w:tabs>" if look.tabs else ""
    spacing = "" if plain else f'<w:spacing w:before="{look.before}" w:after="{look.after}"/>'
    indent = f'<w:ind w:left="{look.left}" w:hanging="{look.hanging}"/>' if look.left or not plain else ""
    outline = "" if look.outline is None else f'<w:outlineLvl w:val="{look.outline}"/>'
    bold = "<w:b/><w:bCs/>" if look.bold and not plain else ""
    properties = f"<w:pPr>{keep}{number}{tabs}{spacing}{indent}{outline}</w:pPr><w:rPr>{bold}</w:rPr>"
    return f'{head}{based}<w:uiPriority w:val="1"/><w:qFormat/>{properties}</w:style>'


def _paragraph(look: Look) -> str:
    tabs = f"<w:tabs>{look.tabs}</w:tabs>" if look.tabs else ""
    keep = "<w:keepNext/><w:keepLines/>" if look.keep_next else ""
    spacing = f'<w:spacing w:before="{look.before}" w:after="{look.after}" w:line="{look.line}" w:lineRule="atLeast"/>'
    indent = f'<w:ind w:left="{look.left}" w:right="{look.right}" w:hanging="{look.hanging}"/>'
    outline = "" if look.outline is None else f'<w:outlineLvl w:val="{look.outline}"/>'
    return f"{keep}<w:widowControl/>{_number(look)}{_box(look)}{tabs}{spacing}{indent}{outline}"


def _number(look: Look) -> str:
    if look.numbering is None:
        return ""
    number, level = look.numbering
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def _box(look: Look) -> str:
    if not look.boxed:
        return ""
    kind, _, color = look.edge.rpartition(":")
    if kind == "under":
        lines = (f'<w:{side} w:val="single" w:sz="6" w:space="1" w:color="{color}"/>' for side in UNDER)
        return f"<w:pBdr>{''.join(lines)}</w:pBdr>"
    sides = {"left": 24} if kind == "bar" else dict.fromkeys(("top", "left", "bottom", "right"), 6)
    edges = "".join(f'<w:{s} w:val="single" w:sz="{n}" w:space="6" w:color="{color}"/>' for s, n in sides.items())
    return f'<w:pBdr>{edges}</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="{look.boxed}"/>'


def _run(look: Look) -> str:
    bold = "<w:b/><w:bCs/>" if look.bold else ""
    return f'{bold}<w:color w:val="{look.color}"/><w:sz w:val="{look.size}"/><w:szCs w:val="{look.size}"/>'


def character_xml(id_: str, name: str, properties: str) -> str:
    """Return one character style of Word."""
    custom = "" if name.islower() or id_ in _BUILT_IN else ' w:customStyle="1"'
    head = f'<w:style w:type="character"{custom} w:styleId="{id_}"><w:name w:val="{name}"/>'
    return f'{head}<w:uiPriority w:val="1"/><w:qFormat/><w:rPr>{properties}</w:rPr></w:style>'


_BUILT_IN = {"Normal", "Title", "Subtitle", "Strong", "ContentsHeading"}

TABLE_STYLE = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
    '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
)

POLICY_TABLE = (
    '<w:style w:type="table" w:customStyle="1" w:styleId="PolicyTable"><w:name w:val="Policy Table"/>'
    '<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="1"/><w:qFormat/><w:tblPr><w:tblBorders>'
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/>' for side in ("top", "bottom", "insideH")
    )
    + '</w:tblBorders><w:tblCellMar><w:top w:w="30" w:type="dxa"/><w:left w:w="110" w:type="dxa"/>'
    '<w:bottom w:w="30" w:type="dxa"/><w:right w:w="110" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
)


def level_xml(level: int, row: tuple[str, str, str, int, int], style: str, font: str) -> str:
    """Return one level of a list; its style is linked, so that Word numbers whatever has the style."""
    kind, text, _, indent, hanging = row
    link = f'<w:pStyle w:val="{style}"/>' if style else ""
    look = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}"/><w:color w:val="{ACCENT}"/>' if font else ""
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{link}<w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{indent}" w:hanging="{hanging}"/></w:pPr>'
        f"<w:rPr>{look}</w:rPr></w:lvl>"
    )


LISTS: dict[int, tuple[tuple[str, str, str, int, int], ...]] = {
    POLICY: (
        ("decimal", "%1", "Heading1", INDENT, INDENT),
        ("decimal", "%1.%2", "PolicyClause", INDENT, INDENT),
        ("decimal", "%1.%2.%3", "", INDENT + 400, 400),
    ),
    ANNEX: (
        ("upperLetter", "%1", "AnnexHeading", INDENT, INDENT),
        ("decimal", "%1.%2", "AnnexClause", INDENT, INDENT),
        ("decimal", "%1.%2.%3", "", INDENT + 400, 400),
    ),
    BULLET: (("bullet", "\u2022", "PolicyBullet", INDENT + 360, 360),),
    STEP: (("decimal", "%1.", "PolicyStep", INDENT + 400, 400),),
}
"""The levels of every list: kind, text, style, indent, hang. Decimal at every level; annexes take letters."""


def list_xml(number: int, roles: Mapping[str, str] = MappingProxyType({}), offset: int = 0, font: str = FONT) -> str:
    """Return one list as Word's abstract numbering, its number moved by `offset`, its styles by their roles."""
    rows = LISTS[number]
    kind = "multilevel" if len(rows) > 1 else "singleLevel"
    levels = "".join(level_xml(index, row, roles.get(row[2], row[2]), font) for index, row in enumerate(rows))
    head = f'<w:abstractNum w:abstractNumId="{number + offset}">'
    return f'{head}<w:multiLevelType w:val="{kind}"/>{levels}</w:abstractNum>'
