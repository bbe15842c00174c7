"""Writes a Document as the body of a Word file: title block, contents and sections, a function for each element."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Set

from toolkit.documents.document import (
    Bar,
    Blank,
    Block,
    Clause,
    Document,
    Part,
    Parts,
    Section,
    Table,
    Text,
    Writing,
    words,
)
from toolkit.documents.word import xml
from toolkit.documents.word.builder import Builder, in_pieces, on_one_line
from toolkit.documents.word.styles import PALE
from toolkit.worksheets import kinds

CONTROL_WIDTHS = (26, 74)
CONTROL_TABLE_TITLE = ("About this draft", "Two columns: what it is, and what stands there.")
CONTENTS = "Contents"
NO_CAPTION = "Table"
STYLES = {"example": "PolicyExample", "note": "PolicyNote", "question": "PaperQuestion"}
"""The role of a clause that is no running text."""

EMPTY_BOX = "\u2610"
LAST_BULLET = 160
"""Room below a list."""
AFTER_TABLE = 200
CELL_SIDES = 220
"""Margins of a cell beside its text."""

WRITING_ROW_HEIGHT = 680
"""Height of a row that somebody writes into by hand."""

END_OF_DRAFT = "End of this draft"


def day_of(document: Document) -> datetime.date | None:
    """Return the day of the draft; None when the workshop gave none."""
    try:
        return datetime.date.fromisoformat(document.day)
    except ValueError:
        return None


def status_of(document: Document) -> str:
    """Return status, version and day as one line."""
    day = kinds.as_text("date", document.day) if day_of(document) else document.day
    texts = (document.status, f"Version {document.version}" if document.version else "", day)
    return " \u00b7 ".join(text for text in texts if text)


def body(builder: Builder, pages: Mapping[str, int], begins: Set[str]) -> str:
    """Return the whole body as XML; `pages` are where sections begin, `begins` those that begin a page."""
    document = builder.document
    contents = _contents(builder, pages) if document.contents and document.sections else ""
    sections = "".join(_section(builder, section, new_page=section.id in begins) for section in document.sections)
    return _front(builder) + contents + sections + _end(builder)


def _front(builder: Builder) -> str:
    document = builder.document
    title = "Title" if document.contents else "ShortTitle"
    rows = (
        ("Organization", document.organization),
        (title, document.title),
        ("Subtitle", document.subtitle),
        ("StatusLine", status_of(document)),
    )
    lines = (builder.paragraph(style, xml.run(text), words=text) for style, text in rows if text.strip())
    return "".join(lines) + (_control(builder) if document.control else "")


def _control(builder: Builder) -> str:
    columns = columns_of(builder.template.width, CONTROL_WIDTHS, 2)
    cells: list[list[Cell]] = [
        [((Text(label),), "TableHeading"), (value, "TableText")] for label, value in builder.document.control
    ]
    rows = "".join(_row(builder, cell, columns) for cell in cells)
    return _frame(builder, CONTROL_TABLE_TITLE, columns, rows, look="0080")


def _contents(builder: Builder, pages: Mapping[str, int]) -> str:
    styles = ",".join(f"{name},1" for name in builder.template.headings)
    code = f'TOC \\o "1-1" \\h \\z \\t "{styles}"'
    start = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {xml.quoted(code)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    entries = [_entry(builder, section, pages) for section in builder.document.sections]
    entries[0], entries[-1] = start + entries[0], entries[-1] + end
    heading = builder.paragraph("ContentsHeading", xml.run(CONTENTS))
    return heading + "".join(builder.paragraph("Contents1", entry) for entry in entries)


def _entry(builder: Builder, section: Section, pages: Mapping[str, int]) -> str:
    name = xml.anchor("s", section.id)
    text = xml.run(f"{builder.numbers.get(section.id, '')}\t{on_one_line(section.title)}")
    page = xml.field(f"PAGEREF {name} \\h", str(pages[section.id]))
    return f'<w:hyperlink w:anchor="{name}" w:history="1">{text}<w:r><w:tab/></w:r>{page}</w:hyperlink>'


def _section(builder: Builder, section: Section, *, new_page: bool) -> str:
    heading = builder.bookmark(xml.anchor("s", section.id), xml.run(on_one_line(section.title)))
    style = heading_style(builder.numbered, section)
    top = builder.paragraph(style, heading, words=section.title, new_page=new_page, before=0 if new_page else None)
    return top + "".join(_blocks(builder, section))


def heading_style(numbered: bool, section: Section) -> str:
    """Return the role of a section's heading."""
    return ("AnnexHeading" if section.annex else "Heading1") if numbered else "PlainHeading"


def clause_style(pen_numbered: bool, clause: Clause, annex: bool) -> str:
    """Return the role of a clause's paragraph."""
    if clause.style != "plain":
        return STYLES[clause.style]
    if clause.numbered:
        return "AnnexClause" if annex else "PolicyClause"
    return "PolicyText" if pen_numbered else "PaperText"


def _blocks(builder: Builder, section: Section) -> Iterator[str]:
    before: Block | None = None
    for block in section.blocks:
        spaced = AFTER_TABLE if isinstance(before, Table) else None
        yield _block(builder, block, section.annex, spaced)
        before = block


def _block(builder: Builder, block: Block, annex: bool, spaced: int | None) -> str:
    match block:
        case Table():
            return _table(builder, block)
        case Writing():
            return _writing(builder, block)
        case Clause():
            return _clause(builder, block, annex, spaced)


def _writing(builder: Builder, writing: Writing) -> str:
    """Return boxes to tick and lines to write on; they stay on one page with what they answer."""
    rows = [("TickBox", ticked(row)) for row in writing.boxes] + [("PenLine", label) for label in writing.lines]
    last = len(rows) - 1
    return "".join(
        builder.paragraph(style, _led(builder, text), words=text, keep=index < last)
        for index, (style, text) in enumerate(rows)
    )


def _led(builder: Builder, text: str) -> str:
    """Return words of which the first line leads, when there is another one."""
    lead, line, rest = text.partition("\n")
    return xml.styled(lead, builder.roles["Strong"]) + xml.run(line + rest) if line else xml.run(text)


def ticked(row: tuple[str, ...]) -> str:
    """Return things to tick as one line, a box before each."""
    return "     ".join(
        f"{EMPTY_BOX}\t{words}" if not index else f"{EMPTY_BOX} {words}" for index, words in enumerate(row)
    )


def _clause(builder: Builder, clause: Clause, annex: bool, spaced: int | None) -> str:
    first, *rest = in_pieces(clause.parts)
    content = builder.parts(first) + (builder.mark(clause.readiness) if not rest else "")
    named = builder.bookmark(xml.anchor("c", clause.id), builder.with_comments(clause.comments, content))
    style = clause_style(builder.numbered, clause, annex)
    text = words(clause.parts)
    top = builder.paragraph(style, named, words=text, keep=bool(clause.bullets) and not rest, before=spaced)
    return top + _continued(builder, clause, rest) + _bullets(builder, clause)


def _continued(builder: Builder, clause: Clause, rest: list[Parts]) -> str:
    style = "PolicyText" if builder.numbered else "PaperText"
    texts = [builder.parts(parts) for parts in rest]
    if texts:
        texts[-1] += builder.mark(clause.readiness)
    names = (xml.anchor("c", clause.id, f"_p{number}") for number in range(2, len(texts) + 2))
    return "".join(
        builder.paragraph(style, builder.bookmark(name, text)) for name, text in zip(names, texts, strict=True)
    )


def _bullets(builder: Builder, clause: Clause) -> str:
    style, number = ("PolicyStep", builder.restarted()) if clause.steps and clause.bullets else ("PolicyBullet", None)
    return "".join(_bullet(builder, clause, style, number, index) for index in range(len(clause.bullets)))


def _bullet(builder: Builder, clause: Clause, style: str, number: int | None, index: int) -> str:
    first, *rest = in_pieces(clause.bullets[index])
    name = xml.anchor("c", clause.id, f"_b{index + 1}")
    text = words(clause.bullets[index])
    after = LAST_BULLET if index == len(clause.bullets) - 1 else None
    top = builder.paragraph(style, builder.bookmark(name, builder.parts(first)), words=text, number=number, after=after)
    return top + "".join(builder.paragraph("BulletText", builder.parts(parts)) for parts in rest)


def _table(builder: Builder, table: Table) -> str:
    count = max(len(table.header), *map(len, table.rows), 1)
    columns = columns_of(builder.template.width, table.widths, count)
    caption = builder.bookmark(xml.anchor("c", table.id), builder.with_comments(table.comments, xml.run(table.caption)))
    rows = [_row(builder, [((Text(label),), "TableHeading") for label in table.header], columns, header=True)]
    rows += [_row(builder, [(cell, "TableText") for cell in row], columns) for row in table.rows]
    top = builder.paragraph("Caption", caption, words=table.caption)
    return top + _frame(builder, (table.caption, table.description), columns, "".join(rows), look="0020")


Cell = tuple[Parts, str]
"""What stands in a cell, and the role of its style."""


def columns_of(room: int, widths: tuple[int, ...], count: int) -> list[int]:
    """Return the widths of `count` columns in `room` by their shares; equal ones when there are none."""
    shares = [max(width, 1) for width in widths] if len(widths) == count else [1] * count
    columns = [room * share // sum(shares) for share in shares]
    return [*columns[:-1], room - sum(columns[:-1])]


def _frame(builder: Builder, about: tuple[str, str], columns: list[int], rows: str, look: str) -> str:
    caption, description = (xml.quoted(text) or NO_CAPTION for text in about)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
    turned = "<w:bidiVisual/>" * xml.is_right_to_left(builder.document.title)
    properties = (
        f'<w:tblStyle w:val="{builder.roles["PolicyTable"]}"/>{turned}'
        f'<w:tblW w:w="{builder.template.width}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="{look}"/>'
        f'<w:tblCaption w:val="{caption}"/><w:tblDescription w:val="{description}"/>'
    )
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"


def _row(builder: Builder, cells: list[Cell], columns: list[int], *, header: bool = False) -> str:
    """Return one row, as many cells as there are columns."""
    full = cells + [((), cells[-1][1] if cells else "TableText")] * (len(columns) - len(cells))
    text = "".join(_cell(builder, *cell, width, header) for cell, width in zip(full, columns, strict=True))
    least = row_height(cells)
    tall = f'<w:trHeight w:val="{least}" w:hRule="atLeast"/>' if least else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{tall}{'<w:tblHeader/>' * header}</w:trPr>{text}</w:tr>"


def row_height(cells: list[Cell]) -> int:
    """Return the least height of a row: room for a pen where a cell is empty or waits for a signature."""
    has_text = any(not parts or any(_is_signed(part) for part in parts) for parts, _ in cells)
    return WRITING_ROW_HEIGHT if has_text else 0


def _is_signed(part: Part) -> bool:
    return isinstance(part, Blank) and "sign" in part.prompt.lower()


def _cell(builder: Builder, parts: Parts, style: str, width: int, header: bool) -> str:
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{PALE}"/>' if header else ""
    bars = [builder.bar(style, part.share, width - CELL_SIDES) for part in parts if isinstance(part, Bar)]
    lines = bars or [builder.paragraph(style, builder.parts(piece), words=words(piece)) for piece in in_pieces(parts)]
    text = "".join(lines)
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}</w:tcPr>{text}</w:tc>'


def _end(builder: Builder) -> str:
    return builder.paragraph("EndLine", xml.run(END_OF_DRAFT)) if ends_in_table(builder.document) else ""


def ends_in_table(document: Document) -> bool:
    """Return whether a table comes last: Word wants a line behind it."""
    blocks = [block for section in document.sections for block in section.blocks]
    return isinstance(blocks[-1], Table) if blocks else bool(document.control)
