"""The blocks of a board as plain JSON, which board.js draws. Words in them are text, never markup."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.documents.document import Clause, Document, Section, Table, numbers, words

Block = Mapping[str, object]
Blocks = Sequence[Block]


@dataclass(frozen=True, slots=True)
class Choice:
    """One card to choose: its id, a title, what it is for, how long it takes."""

    id: str
    title: str
    words: str = ""
    more: str = ""


def heading(words_: str, level: int = 2) -> Block:
    """Return a heading."""
    return {"type": "heading", "words": words_, "level": level}


def text(words_: str, tone: str = "") -> Block:
    """Return a paragraph; tone "quiet", "note" or "good"."""
    return {"type": "text", "words": words_, "tone": tone}


def empty(words_: str, then: str) -> Block:
    """Return what stands where nothing is yet, and what to do next."""
    return {"type": "empty", "words": words_, "next": then}


def facts(items: Sequence[tuple[str, str]]) -> Block:
    """Return pairs of a name and what it is."""
    return {"type": "facts", "items": [list(item) for item in items]}


def table_block(caption: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Block:
    """Return a table; a cell is text, or {"state", "words"} for a chip."""
    return {"type": "table", "caption": caption, "columns": list(columns), "rows": [list(row) for row in rows]}


def bar(label: str, words_: str, done: int, of: int) -> Block:
    """Return a progress bar with its words."""
    return {"type": "bar", "label": label, "words": words_, "done": done, "of": of}


def files_block(caption: str, names: Sequence[str]) -> Block:
    """Return a list of all files that were written; a long one scrolls in a tall box, and can be seen to."""
    return {"type": "files", "caption": caption, "items": list(names)}


def choose(id_: str, legend: str, value: str, options: Sequence[Choice]) -> Block:
    """Return cards of which one is chosen."""
    cards = [{"id": option.id, "title": option.title, "words": option.words, "more": option.more} for option in options]
    return {"type": "choose", "id": id_, "legend": legend, "value": value, "options": cards}


def done_of(states: Sequence[str]) -> tuple[int, int]:
    """Return how many questions have an answer, and how many are asked: "" is a question that is not."""
    states_ = [state for state in states if state]
    return sum(each != "open" for each in states_), len(states_)


PAPER = "on paper"


def progress_block(columns: Sequence[str], states: Mapping[str, Sequence[str]], paper: Collection[str] = ()) -> Block:
    """Return who has answered what, without a word of what they answered; `paper` are those who work on paper."""
    if not states:
        return empty("No organization is registered yet.", "Write their names under Set up, one on each line.")
    rows = [
        {
            "name": name,
            "note": PAPER if name in paper else "",
            "states": list(row),
            "sum": "{} of {}".format(*done_of(row)),
        }
        for name, row in states.items()
    ]
    caption = "Who has answered what"
    return {"type": "progress", "caption": caption, "corner": "Organization", "columns": list(columns), "rows": rows}


def sections(id_: str, label: str, value: str, items: Sequence[tuple[str, str]]) -> Block:
    """Return ways to the parts of a page; one of them is where we are."""
    ways = [{"id": part, "words": words_} for part, words_ in items]
    return {"type": "sections", "id": id_, "label": label, "value": value, "items": ways}


def action(id_: str, label: str, value: str = "", *, second: bool = False) -> Block:
    """Return a button on the board."""
    return {"type": "action", "id": id_, "value": value, "words": label, "second": second}


def ask(question: str, items: Sequence[tuple[str, str, str]], *, calm: bool = False, second: bool = False) -> Block:
    """Return a question with its answers as buttons: id, value, words; the first one is meant, unless it is `calm`.

    A question that is `second` is seen, and none of its answers is the next thing to do.
    """
    ways = [{"id": id_, "value": value, "words": words_} for id_, value, words_ in items]
    return {"type": "ask", "words": question, "items": ways, "calm": calm, "second": calm or second}


def timer(deadline: datetime.datetime | None, label: str, soon: int = 60) -> Block:
    """Return a clock that the browser counts down to the deadline; it changes its color `soon` seconds before."""
    until = deadline.astimezone(datetime.UTC).isoformat(timespec="milliseconds") if deadline else ""
    return {"type": "timer", "deadline": until, "label": label, "soon": soon, "none": "No clock is running."}


def way_in(qr: Sequence[str], address: str, code: str, aloud: str) -> Block:
    """Return the way in: a QR code as rows of 0 and 1, the address, the code to type."""
    return {"type": "door", "qr": list(qr), "address": address, "code": code, "aloud": aloud}


def arrivals(items: Sequence[tuple[str, str]]) -> Block:
    """Return who has come: names of organizations, each with how many, in words."""
    return {"type": "arrivals", "items": [{"name": name, "words": words_} for name, words_ in items]}


def stage_block(title: str, state: str, words_: str, instruction: str = "") -> Block:
    """Return where the room is."""
    return {"type": "stage", "title": title, "state": state, "words": words_, "instruction": instruction}


def say(title: str, instruction: str, items: Sequence[tuple[str, int, str]], *, unfolded: bool) -> Block:
    """Return what the facilitator may say, folded away or not: title, minutes, words."""
    steps = [
        {"title": step, "minutes": f"{length} min" if length else "", "words": words_} for step, length, words_ in items
    ]
    return {"type": "say", "title": title, "words": instruction, "items": steps, "open": unfolded}


def hands(id_: str, items: Sequence[tuple[str, str]]) -> Block:
    """Return whose hands are up, each with a button that takes it down."""
    return {"type": "hands", "id": id_, "items": [{"id": person, "words": words_} for person, words_ in items]}


def dots(id_: str, legend: str, words_: str, items: Sequence[tuple[str, str, int]], left: int) -> Block:
    """Return a ballot: for each point its title and the dots given, with buttons that give and take one.

    With "unit" the block says behind each number what it counts, where it is not all the dots of that point.
    """
    rows = [{"id": point, "title": title, "mine": mine} for point, title, mine in items]
    return {"type": "dots", "id": id_, "legend": legend, "words": words_, "items": rows, "left": left}


def tally(label: str, items: Sequence[tuple[str, int, int]], paper: Collection[str] = ()) -> Block:
    """Return how far each organization is: name, done, of; no content."""
    rows = [{"name": name, "note": PAPER if name in paper else "", "done": done, "of": of} for name, done, of in items]
    return {"type": "tally", "label": label, "items": rows}


def ranks(label: str, items: Sequence[Mapping[str, object]]) -> Block:
    """Return points in their order, each with its place, title, whose it is, words, and a share (None: no length)."""
    return {"type": "ranks", "label": label, "items": [dict(item) for item in items]}


@dataclass(frozen=True, slots=True)
class Point:
    """What stands on the report-back board: its title, whose lines are in it, its dots (None: not shown)."""

    id: str
    title: str
    lines: tuple[tuple[str, str], ...]
    dots: int | None = None
    is_group: bool = False


def lines(id_: str, title: str, empty_words: str, points: Sequence[Point], selected: Sequence[str] | None) -> Block:
    """Return the lines of one question; with `selected` they can be chosen, by key or by dragging one onto another."""
    items = [_point(point, selected) for point in points]
    return {"type": "lines", "id": id_, "title": title, "empty": empty_words, "points": items, "free": selected is None}


def _point(point: Point, selected: Sequence[str] | None) -> dict[str, object]:
    lines_ = [{"who": who, "words": words_} for who, words_ in point.lines]
    item = {"id": point.id, "title": point.title, "lines": lines_, "group": point.is_group}
    return item | {"dots": point.dots, "picked": point.id in (selected or ())}


def turns(label: str, items: Sequence[tuple[str, str]]) -> Block:
    """Return the speaking order: names, each "done", "now" or "next"."""
    return {"type": "turns", "label": label, "items": [{"name": name, "state": state} for name, state in items]}


def projector(scene: str, scenes: Sequence[tuple[str, str]], blocks: Blocks) -> Block:
    """Return a button that fills the screen with `blocks` in big type, and the ways between the scenes."""
    ways = sections("scene", "What the projector shows", scene, scenes)
    words_ = {"words": "Show on the projector", "close": "Back to my page"}
    return {"type": "projector", **words_, "ways": ways, "blocks": list(blocks)}


def document_blocks(document: Document) -> Blocks:
    """Return a draft to read on the page."""
    numbers_by_id = numbers(document)
    titled: list[Block] = [heading(document.title), text(document.status, "note")]
    return titled + [block for section in document.sections for block in _section(section, numbers_by_id)]


def _section(section: Section, numbers_by_id: dict[str, str]) -> Blocks:
    first = heading(f"{numbers_by_id[section.id]}  {section.title}", 3)
    return [
        first,
        *(drawn_block for block in section.blocks for drawn_block in BLOCKS_OF[type(block)](block, numbers_by_id)),
    ]


def _clause(clause: Clause, numbers_by_id: dict[str, str]) -> Blocks:
    number = f"{numbers_by_id[clause.id]}  " if clause.id in numbers_by_id and clause.counts else ""
    tone = "quiet" if clause.style == "example" else ""
    clause_blocks = [text(number + words(clause.parts, numbers_by_id), tone)]
    items = [words(parts, numbers_by_id) for parts in clause.bullets]
    return [*clause_blocks, {"type": "list", "items": items, "ordered": clause.steps}] if items else clause_blocks


def _table(block: Table, numbers_by_id: dict[str, str]) -> Blocks:
    rows = [[words(parts, numbers_by_id) for parts in row] for row in block.rows]
    return [table_block(block.caption, block.header, rows)]


BLOCKS_OF: Mapping[type, Callable[[Any, dict[str, str]], Blocks]] = {Clause: _clause, Table: _table}
