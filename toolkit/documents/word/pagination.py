"""Works out on which page each section begins, from styles and letter widths, without a word processor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from toolkit.documents.document import Bar, Blank, Block, Clause, Part, Parts, Reference, Section, Table, Text, Writing
from toolkit.documents.word.body import (
    AFTER_TABLE,
    CONTENTS,
    CONTROL_WIDTHS,
    END_OF_DRAFT,
    LAST_BULLET,
    clause_style,
    columns_of,
    ends_in_table,
    heading_style,
    row_height,
    status_of,
    ticked,
)
from toolkit.documents.word.builder import MARKS, MISSING_CLAUSE, Builder, in_pieces
from toolkit.documents.word.font_metrics import width
from toolkit.documents.word.styles import LOOKS, Look

Span = tuple[str, bool, int]
"""Words, whether bold, and their size in half points."""

_TOKEN = re.compile(r"\n|[ \t]+|[\u2e80-\U0001ffff]|[^\s\u2e80-\U0001ffff-]*-+|[^\s\u2e80-\U0001ffff-]+|\S|\s")
FRAME = 255
_CELL_SIDES, _CELL_ENDS = 220, 70
"""Margins of a cell beside and above its text, its line included."""


@dataclass(frozen=True, slots=True)
class Box:
    """What takes room on a page: `lines` of one height, or a table row that is not split."""

    lines: int
    line: int
    before: int = 0
    after: int = 0
    keep: bool = False
    new_page: bool = False
    section: str | None = None
    row: bool = False
    frame: int = 0
    """Height of a line around it and of the room inside that line."""
    head: int = 0
    """Height of the header row that is repeated when this row begins a page."""

    @property
    def height(self) -> int:
        """Height of the lines alone."""
        return self.lines * self.line + self.frame

    @property
    def least(self) -> int:
        """Height that must fit together: all of a short paragraph, else two lines."""
        return self.height if self.row or self.lines <= 3 else 2 * self.line


@dataclass(frozen=True, slots=True)
class Paging:
    """The page of every section by its id, how many pages there are, and the sections that begin a page."""

    pages: dict[str, int]
    count: int
    begins: frozenset[str]


def estimate(builder: Builder) -> Paging:
    """Return where everything comes to stand."""
    front, sections = list(_front(builder)), _sections(builder)
    begins = _begins(builder, front, sections)
    body = (box for _, boxes in sections for box in boxes)
    boxes = [replace(box, new_page=True, before=0) if box.section in begins else box for box in (*front, *body)]
    pages_by_section: dict[str, int] = {}
    count = _run(builder, boxes, pages_by_section)
    return Paging(pages_by_section, count, begins)


def _sections(builder: Builder) -> list[tuple[Section, list[Box]]]:
    return [
        (section, [_heading(builder, section), *_blocks(builder, section)]) for section in builder.document.sections
    ]


def _last(builder: Builder) -> list[Box]:
    return [_words(builder, "EndLine", END_OF_DRAFT)] if ends_in_table(builder.document) else []


def _begins(builder: Builder, front: list[Box], sections: list[tuple[Section, list[Box]]]) -> frozenset[str]:
    """Return the sections that begin a page: by their own wish, the first one, annexes that are not short.

    The first section follows on when the contents have run over the first page: no page is left nearly empty.
    """
    document = builder.document
    on_new_page = {section.id for section in document.sections if section.new_page}
    on_new_page |= _annexes_on_new_page(sections, builder.template.height)
    if document.contents and document.sections and _run(builder, front, {}) == 1:
        on_new_page.add(document.sections[0].id)
    return frozenset(on_new_page)


def _annexes_on_new_page(sections: list[tuple[Section, list[Box]]], page_height: int) -> set[str]:
    """Return the first annex, and those that take more than a third of a page."""
    annexes = [(section.id, _height(boxes)) for section, boxes in sections if section.annex]
    first = {id_ for id_, _ in annexes[:1]}
    return first | {id_ for id_, height in annexes if height > page_height // 3}


def _height(boxes: list[Box]) -> int:
    """Return about how much room a section takes."""
    return sum(box.height + max(box.before, box.after) for box in boxes)


def _run(builder: Builder, boxes: list[Box], pages_by_section: dict[str, int]) -> int:
    """Lay `boxes` on pages; note in `pages_by_section` where each section begins, and return the last page."""
    page, used = 1, 0
    for index, box in enumerate(boxes):
        page, used = _begin(boxes, index, page, used, builder.template.height)
        if box.section is not None:
            pages_by_section.setdefault(box.section, page)
        page, used = _fill(box, page, used, builder.template.height)
    return page


def _begin(boxes: list[Box], index: int, page: int, used: int, full: int) -> tuple[int, int]:
    """Return where the box at `index` begins: here, or on the next page when it must stay with what follows."""
    box = boxes[index]
    if box.new_page and index:
        return page + 1, box.before
    gap = _gap(boxes[index - 1], box) if index else box.before
    if used and used + gap + _together(boxes, index, full) > full:
        return page + 1, box.head
    return page, used + (gap if used or not index else 0)


def _gap(above: Box, below: Box) -> int:
    """Return the room to add between two boxes: Word takes the larger of after and before, not both."""
    return max(below.before - above.after, 0)


def _together(boxes: list[Box], index: int, full: int) -> int:
    """Return the height that must not be torn apart from the box at `index` on."""
    height, box = 0, boxes[index]
    while box.keep and index + 1 < len(boxes) and not boxes[index + 1].new_page:
        height += box.height + max(box.after, boxes[index + 1].before)
        index += 1
        box = boxes[index]
    together = height + box.least
    return together if together <= full else boxes[index].least


def _fill(box: Box, page: int, used: int, full: int) -> tuple[int, int]:
    """Return where the page stands after `box`, at least two lines of it on either side of a page's end."""
    lines = box.lines
    while not box.row and used + lines * box.line > full:
        fit = max((full - used) // box.line, 0)
        fit = min(fit, lines - 2) if lines - fit < 2 else fit
        lines, page, used = lines - max(fit, 0 if used else 1), page + 1, 0
    return page, used + lines * box.line + box.frame + box.after


def _front(builder: Builder) -> Iterator[Box]:
    document = builder.document
    title = "Title" if document.contents else "ShortTitle"
    for style, text in (
        ("Organization", document.organization), (title, document.title), ("Subtitle", document.subtitle),
        ("StatusLine", status_of(document)),
    ):  # fmt: skip
        if text.strip():
            yield _words(builder, style, text)
    for label, parts in document.control:
        yield _row(
            builder,
            [((Text(label),), "TableHeading"), (parts, "TableText")],
            columns_of(builder.template.width, CONTROL_WIDTHS, 2),
        )
    if document.contents and document.sections:
        yield _words(builder, "ContentsHeading", CONTENTS)
        yield from (_words(builder, "Contents1", section.title) for section in document.sections)


def _words(builder: Builder, style: str, words: str) -> Box:
    look = LOOKS[style]
    return _box(look, [(words, look.bold, look.size)], builder.template.width)


def _heading(builder: Builder, section: Section) -> Box:
    box = _words(builder, heading_style(builder.numbered, section), section.title)
    return replace(box, section=section.id)


def _blocks(builder: Builder, section: Section) -> Iterator[Box]:
    before: Block | None = None
    for block in section.blocks:
        yield from _block(builder, block, section.annex, after_table=isinstance(before, Table))
        before = block


def _block(builder: Builder, block: Block, annex: bool, after_table: bool) -> Iterator[Box]:
    match block:
        case Table():
            yield from _table(builder, block)
        case Writing():
            yield from _writing(builder, block)
        case Clause():
            yield from _clause(builder, block, annex, after_table)


def _writing(builder: Builder, writing: Writing) -> Iterator[Box]:
    rows = [("TickBox", ticked(row)) for row in writing.boxes] + [("PenLine", label) for label in writing.lines]
    for number, (style, words) in enumerate(rows, 1):
        yield replace(_words(builder, style, words), keep=number < len(rows))


def _clause(builder: Builder, clause: Clause, annex: bool, after_table: bool) -> Iterator[Box]:
    look = LOOKS[clause_style(builder.numbered, clause, annex)]
    mark = MARKS[clause.readiness]
    first, *rest = in_pieces(clause.parts)
    spans = _spans(builder, first, look) + ([(f"  \u00a0{mark}\u00a0", True, 18)] if mark and not rest else [])
    box = replace(_box(look, spans, builder.template.width), keep=bool(clause.bullets) and not rest)
    yield replace(box, before=AFTER_TABLE) if after_table else box
    follows = LOOKS["PolicyText" if builder.numbered else "PaperText"]
    yield from (_box(follows, _spans(builder, parts, follows), builder.template.width) for parts in rest)
    yield from _bullets(builder, clause)


def _bullets(builder: Builder, clause: Clause) -> Iterator[Box]:
    bullet = LOOKS["PolicyStep" if clause.steps else "PolicyBullet"]
    for number, parts in enumerate(clause.bullets, 1):
        boxes = [_box(bullet, _spans(builder, piece, bullet), builder.template.width) for piece in in_pieces(parts)]
        yield replace(boxes[0], after=LAST_BULLET) if number == len(clause.bullets) else boxes[0]
        yield from boxes[1:]


def _table(builder: Builder, table: Table) -> Iterator[Box]:
    columns = columns_of(builder.template.width, table.widths, max(len(table.header), *map(len, table.rows), 1))
    yield _words(builder, "Caption", table.caption)
    head = _row(builder, [((Text(label),), "TableHeading") for label in table.header], columns)
    yield replace(head, keep=True)
    for row in table.rows:
        yield replace(_row(builder, [(cell, "TableText") for cell in row], columns), head=head.height)


def _row(builder: Builder, cells: list[tuple[Parts, str]], columns: list[int]) -> Box:
    heights = (_cell(builder, *cell, width) for cell, width in zip(cells, columns, strict=False))
    return Box(1, max(max(heights, default=0) + _CELL_ENDS, row_height(cells)), row=True)


def _cell(builder: Builder, parts: Parts, style: str, room: int) -> int:
    look = LOOKS[style]
    boxes = [_box(look, _spans(builder, piece, look), room - _CELL_SIDES) for piece in in_pieces(parts)]
    return sum(box.before + box.height + box.after for box in boxes)


def _spans(builder: Builder, parts: Parts, look: Look) -> list[Span]:
    return [
        (_part_text(builder, part), look.bold or (isinstance(part, Text) and part.strong), look.size) for part in parts
    ]


def _part_text(builder: Builder, part: Part) -> str:
    match part:
        case Text(words=words):
            return words
        case Blank(prompt=prompt):
            return f"[{prompt}]"
        case Bar():
            return part.words
        case Reference(clause=clause):
            return builder.targets.get(clause, ("", MISSING_CLAUSE))[1]


def _box(look: Look, spans: Iterable[Span], room: int) -> Box:
    lines = _lines(spans, (room - look.left - look.right) * 100)
    frame = FRAME if look.edge and ":" not in look.edge else 0
    return Box(lines, look.line, look.before, look.after, look.keep_next, frame=frame)


def _lines(spans: Iterable[Span], room: int) -> int:
    """Return on how many lines the words come to stand; a word goes down whole when it does not fit."""
    lines, used, gap = 1, 0, 0
    for piece, bold, size in _tokens(spans):
        wide = width(piece, bold) * size
        if piece == "\n":
            lines, used, gap = lines + 1, 0, 0
        elif piece.isspace() and piece != "\u00a0":
            gap += wide
        elif used and used + gap + wide > room:
            lines, used, gap = lines + 1, wide, 0
        else:
            used, gap = used + gap + wide, 0
        if used > room:
            lines, used = lines + int(used // room), used % room
    return lines


def _tokens(spans: Iterable[Span]) -> Iterator[Span]:
    return ((piece, bold, size) for words, bold, size in spans for piece in _TOKEN.findall(words))
