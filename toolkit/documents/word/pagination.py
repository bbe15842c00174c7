"""On which page each section begins, worked out from the styles and the widths of letters, with no word processor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from toolkit.documents.document import Bar, Blank, Block, Clause, Part, Parts, Reference, Section, Table, Text, Writing
from toolkit.documents.word.body import (
    AFTER_TABLE,
    CONTENTS,
    CONTROL_WIDTHS,
    END,
    LAST_BULLET,
    clause_style,
    columns_of,
    ends_in_table,
    heading_style,
    row_height,
    status_of,
    ticked,
)
from toolkit.documents.word.builder import MARKS, MISSING, Pen, in_pieces
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


def estimate(pen: Pen) -> Paging:
    """Return where everything comes to stand."""
    front, sections = list(_front(pen)), _sections(pen)
    begins = _begins(pen, front, sections)
    body = (box for _, boxes in sections for box in boxes)
    boxes = [replace(box, new_page=True, before=0) if box.section in begins else box for box in (*front, *body)]
    found: dict[str, int] = {}
    count = _run(pen, boxes, found)
    return Paging(found, count, begins)


def _sections(pen: Pen) -> list[tuple[Section, list[Box]]]:
    return [(section, [_heading(pen, section), *_blocks(pen, section)]) for section in pen.document.sections]


def _last(pen: Pen) -> list[Box]:
    return [_words(pen, "EndLine", END)] if ends_in_table(pen.document) else []


def _begins(pen: Pen, front: list[Box], sections: list[tuple[Section, list[Box]]]) -> frozenset[str]:
    """Return the sections that begin a page: by their own wish, the first one, annexes that are not short.

    The first section follows on when the contents have run over the first page: no page is left nearly empty.
    """
    document, full = pen.document, pen.ground.height
    wanted = {section.id for section in document.sections if section.new_page}
    annexes = [(section, boxes) for section, boxes in sections if section.annex]
    wanted |= {section.id for place, (section, boxes) in enumerate(annexes) if not place or _room(boxes) > full // 3}
    if document.contents and document.sections and _run(pen, front, {}) == 1:
        wanted.add(document.sections[0].id)
    return frozenset(wanted)


def _room(boxes: list[Box]) -> int:
    """Return about how much room a section takes."""
    return sum(box.height + max(box.before, box.after) for box in boxes)


def _run(pen: Pen, boxes: list[Box], found: dict[str, int]) -> int:
    """Lay `boxes` on pages; note in `found` where each section begins, and return the last page."""
    page, used = 1, 0
    for place, box in enumerate(boxes):
        page, used = _begin(boxes, place, page, used, pen.ground.height)
        if box.section is not None:
            found.setdefault(box.section, page)
        page, used = _fill(box, page, used, pen.ground.height)
    return page


def _begin(boxes: list[Box], place: int, page: int, used: int, full: int) -> tuple[int, int]:
    """Return where the box at `place` begins: here, or on the next page when it must stay with what follows."""
    box = boxes[place]
    if box.new_page and place:
        return page + 1, box.before
    gap = _gap(boxes[place - 1], box) if place else box.before
    if used and used + gap + _together(boxes, place, full) > full:
        return page + 1, box.head
    return page, used + (gap if used or not place else 0)


def _gap(above: Box, below: Box) -> int:
    """Return the room to add between two boxes: Word takes the larger of after and before, not both."""
    return max(below.before - above.after, 0)


def _together(boxes: list[Box], place: int, full: int) -> int:
    """Return the height that must not be torn apart from the box at `place` on."""
    height, box = 0, boxes[place]
    while box.keep and place + 1 < len(boxes) and not boxes[place + 1].new_page:
        height += box.height + max(box.after, boxes[place + 1].before)
        place += 1
        box = boxes[place]
    together = height + box.least
    return together if together <= full else boxes[place].least


def _fill(box: Box, page: int, used: int, full: int) -> tuple[int, int]:
    """Return where the page stands after `box`, at least two lines of it on either side of a page's end."""
    lines = box.lines
    while not box.row and used + lines * box.line > full:
        fit = max((full - used) // box.line, 0)
        fit = min(fit, lines - 2) if lines - fit < 2 else fit
        lines, page, used = lines - max(fit, 0 if used else 1), page + 1, 0
    return page, used + lines * box.line + box.frame + box.after


def _front(pen: Pen) -> Iterator[Box]:
    document = pen.document
    title = "Title" if document.contents else "ShortTitle"
    for style, said in (
        ("Organization", document.organization), (title, document.title), ("Subtitle", document.subtitle),
        ("StatusLine", status_of(document)),
    ):  # fmt: skip
        if said.strip():
            yield _words(pen, style, said)
    for label, parts in document.control:
        yield _row(
            pen,
            [((Text(label),), "TableHeading"), (parts, "TableText")],
            columns_of(pen.ground.width, CONTROL_WIDTHS, 2),
        )
    if document.contents and document.sections:
        yield _words(pen, "ContentsHeading", CONTENTS)
        yield from (_words(pen, "Contents1", section.title) for section in document.sections)


def _words(pen: Pen, style: str, words: str) -> Box:
    look = LOOKS[style]
    return _box(look, [(words, look.bold, look.size)], pen.ground.width)


def _heading(pen: Pen, section: Section) -> Box:
    box = _words(pen, heading_style(pen.numbered, section), section.title)
    return replace(box, section=section.id)


def _blocks(pen: Pen, section: Section) -> Iterator[Box]:
    before: Block | None = None
    for block in section.blocks:
        yield from _block(pen, block, section.annex, after_table=isinstance(before, Table))
        before = block


def _block(pen: Pen, block: Block, annex: bool, after_table: bool) -> Iterator[Box]:
    match block:
        case Table():
            yield from _table(pen, block)
        case Writing():
            yield from _writing(pen, block)
        case Clause():
            yield from _clause(pen, block, annex, after_table)


def _writing(pen: Pen, writing: Writing) -> Iterator[Box]:
    said = [("TickBox", ticked(row)) for row in writing.boxes] + [("PenLine", label) for label in writing.lines]
    for place, (style, words) in enumerate(said, 1):
        yield replace(_words(pen, style, words), keep=place < len(said))


def _clause(pen: Pen, clause: Clause, annex: bool, after_table: bool) -> Iterator[Box]:
    look = LOOKS[clause_style(pen.numbered, clause, annex)]
    marked = MARKS[clause.readiness]
    first, *rest = in_pieces(clause.parts)
    spans = _spans(pen, first, look) + ([(f"  \u00a0{marked}\u00a0", True, 18)] if marked and not rest else [])
    box = replace(_box(look, spans, pen.ground.width), keep=bool(clause.bullets) and not rest)
    yield replace(box, before=AFTER_TABLE) if after_table else box
    follows = LOOKS["PolicyText" if pen.numbered else "PaperText"]
    yield from (_box(follows, _spans(pen, parts, follows), pen.ground.width) for parts in rest)
    bullet = LOOKS["PolicyStep" if clause.steps else "PolicyBullet"]
    for place, parts in enumerate(clause.bullets, 1):
        boxes = [_box(bullet, _spans(pen, piece, bullet), pen.ground.width) for piece in in_pieces(parts)]
        yield replace(boxes[0], after=LAST_BULLET) if place == len(clause.bullets) else boxes[0]
        yield from boxes[1:]


def _table(pen: Pen, table: Table) -> Iterator[Box]:
    columns = columns_of(pen.ground.width, table.widths, max(len(table.header), *map(len, table.rows), 1))
    yield _words(pen, "Caption", table.caption)
    head = _row(pen, [((Text(label),), "TableHeading") for label in table.header], columns)
    yield replace(head, keep=True)
    for row in table.rows:
        yield replace(_row(pen, [(cell, "TableText") for cell in row], columns), head=head.height)


def _row(pen: Pen, cells: list[tuple[Parts, str]], columns: list[int]) -> Box:
    heights = (_cell(pen, *cell, width) for cell, width in zip(cells, columns, strict=False))
    return Box(1, max(max(heights, default=0) + _CELL_ENDS, row_height(cells)), row=True)


def _cell(pen: Pen, parts: Parts, style: str, room: int) -> int:
    look = LOOKS[style]
    boxes = [_box(look, _spans(pen, piece, look), room - _CELL_SIDES) for piece in in_pieces(parts)]
    return sum(box.before + box.height + box.after for box in boxes)


def _spans(pen: Pen, parts: Parts, look: Look) -> list[Span]:
    return [(_said(pen, part), look.bold or (isinstance(part, Text) and part.strong), look.size) for part in parts]


def _said(pen: Pen, part: Part) -> str:
    match part:
        case Text(words=words):
            return words
        case Blank(prompt=prompt):
            return f"[{prompt}]"
        case Bar():
            return part.words
        case Reference(clause=clause):
            return pen.targets.get(clause, ("", MISSING))[1]


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
