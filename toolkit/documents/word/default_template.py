"""Makes the empty Word file that drafts use by default; it is always the same bytes."""

from __future__ import annotations

from functools import cache

from toolkit.documents.word.package import pack
from toolkit.documents.word.styles import (
    CHARACTERS,
    FONT,
    INK,
    LISTS,
    MARGIN,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    PARAGRAPHS,
    POLICY_TABLE,
    TABLE_STYLE,
    character_xml,
    list_xml,
    style_xml,
)
from toolkit.documents.word.theme import theme

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMES = f'xmlns:w="{W}" xmlns:r="{R}"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "application/vnd.openxmlformats-officedocument"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

SECTION = (
    f'<w:sectPr><w:pgSz w:w="{PAGE_WIDTH}" w:h="{PAGE_HEIGHT}"/><w:pgMar w:top="{MARGIN}" w:right="{MARGIN}" '
    f'w:bottom="{MARGIN}" w:left="{MARGIN}" w:header="680" w:footer="560" w:gutter="0"/></w:sectPr>'
)

_THEME = "application/vnd.openxmlformats-officedocument.theme+xml"
_PARTS = ("document", "styles", "numbering", "settings", "fontTable", "comments")


def styles() -> str:
    """Return styles.xml: the default text, then one style for every row of the tables."""
    fonts = f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>'
    text = f'{fonts}<w:color w:val="{INK}"/><w:sz w:val="22"/><w:szCs w:val="22"/>{_LANGUAGE}'
    defaults = f"<w:docDefaults><w:rPrDefault><w:rPr>{text}</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    paragraphs = "".join(map(style_xml, PARAGRAPHS))
    characters = "".join(character_xml(*row) for row in CHARACTERS)
    rest = f"{_DEFAULT_FONT}{characters}{TABLE_STYLE}{POLICY_TABLE}"
    return f"{HEAD}<w:styles {NAMES}>{defaults}{paragraphs}{rest}</w:styles>"


_LANGUAGE = '<w:lang w:val="en-US" w:eastAsia="en-US" w:bidi="ar-SA"/>'
_DEFAULT_FONT = (
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
)


def numbering() -> str:
    """Return numbering.xml: every list, then its instance of the same number."""
    lists = "".join(map(list_xml, LISTS))
    instances = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in LISTS)
    return f"{HEAD}<w:numbering {NAMES}>{lists}{instances}</w:numbering>"


def _settings() -> str:
    mode = '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    return (
        f'{HEAD}<w:settings {NAMES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
        f'<w:characterSpacingControl w:val="doNotCompress"/><w:compat>{mode}</w:compat></w:settings>'
    )


def _fonts() -> str:
    font = f'<w:font w:name="{FONT}"><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font>'
    return f"{HEAD}<w:fonts {NAMES}>{font}</w:fonts>"


def _content_types() -> str:
    main = {"document": "document.main"}
    overrides = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_OFFICE}.wordprocessingml.{main.get(part, part)}+xml"/>'
        for part in _PARTS
    )
    overrides += f'<Override PartName="/word/theme/theme1.xml" ContentType="{_THEME}"/>'
    kind = "application/vnd.openxmlformats-package"
    core = f'<Override PartName="/docProps/core.xml" ContentType="{kind}.core-properties+xml"/>'
    rels = f'<Default Extension="rels" ContentType="{kind}.relationships+xml"/>'
    xml = '<Default Extension="xml" ContentType="application/xml"/>'
    return f'{HEAD}<Types xmlns="{_PACKAGE}/content-types">{rels}{xml}{overrides}{core}</Types>'


def _relations(rows: dict[str, str]) -> str:
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{to}"/>' for n, (kind, to) in enumerate(rows.items(), 1)
    )
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>'


CORE = (
    f'{HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/>'
)


@cache
def default_template() -> bytes:
    """Return our own empty document, ready to be opened and filled."""
    core = f"{_PACKAGE}/relationships/metadata/core-properties"
    rows = {f"{R}/{part}": f"{part}.xml" for part in _PARTS[1:]} | {f"{R}/theme": "theme/theme1.xml"}
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations({f"{R}/officeDocument": "word/document.xml", core: "docProps/core.xml"}),
        "docProps/core.xml": CORE,
        "word/_rels/document.xml.rels": _relations(rows),
        "word/document.xml": f"{HEAD}<w:document {NAMES}><w:body>{SECTION}</w:body></w:document>",
        "word/styles.xml": styles(),
        "word/numbering.xml": numbering(),
        "word/settings.xml": _settings(),
        "word/fontTable.xml": _fonts(),
        "word/theme/theme1.xml": theme(),
        "word/comments.xml": f"{HEAD}<w:comments {NAMES}/>",
    }
    return pack({name: text.encode() for name, text in parts.items()})
