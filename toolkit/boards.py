"""BOARDS: the facilitator's and a table's controls and boards; they hold nothing, and ask what they were given.

What people wrote is only ever handed to a board as plain blocks (see toolkit/form/board.js), never as markup.
Who builds a board passes `make`, which makes the widget that shows blocks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import ipywidgets as widgets

from toolkit.document import Clause, Document, Section, Table, numbers, words
from toolkit.errors import WorkshopError

Block = Mapping[str, object]
Blocks = Sequence[Block]
Progress = Callable[[int, int, str], None]
LOOK_AGAIN = 2.0
"""Seconds between two looks at whether anything is new."""


class Shown(Protocol):
    """A widget that shows blocks."""

    def show(self, blocks: Blocks) -> None:
        """Show these blocks instead."""


Make = Callable[[Blocks, Callable[[str, str], None] | None], Any]
"""Makes a board from blocks and from what to call when something on it is chosen."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One card to choose: its id, a title, what it is for, how long it takes."""

    id: str
    title: str
    words: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another notebook beside this one."""

    to: str
    words: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class FacilitatorState:
    """What the facilitator's page shows.

    `agenda` has a row for each part: when, what, minutes. `columns` are the questions; `states` has for each
    organization, by name, a state for each column: "agreed", "proposed", "tied" or "open".
    """

    title: str
    worksheet: str
    worksheets: tuple[Choice, ...]
    minutes: int
    times: tuple[Choice, ...]
    agenda: tuple[tuple[str, str, str], ...]
    columns: tuple[str, ...]
    states: Mapping[str, Sequence[str]]
    people: int
    links: tuple[Link, ...]


def heading(said: str, level: int = 2) -> Block:
    """Return a heading."""
    return {"type": "heading", "words": said, "level": level}


def text(said: str, tone: str = "") -> Block:
    """Return a paragraph; tone "quiet", "note" or "good"."""
    return {"type": "text", "words": said, "tone": tone}


def empty(said: str, then: str) -> Block:
    """Return what stands where nothing is yet, and what to do next."""
    return {"type": "empty", "words": said, "next": then}


def facts(items: Sequence[tuple[str, str]]) -> Block:
    """Return pairs of a name and what it is."""
    return {"type": "facts", "items": [list(item) for item in items]}


def table_block(caption: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Block:
    """Return a table; a cell is text, or {"state", "words"} for a chip."""
    return {"type": "table", "caption": caption, "columns": list(columns), "rows": [list(row) for row in rows]}


def links_block(links: Sequence[Link]) -> Block:
    """Return links to other notebooks."""
    return {"type": "links", "items": [{"to": link.to, "words": link.words, "why": link.why} for link in links]}


def bar(label: str, said: str, done: int, of: int) -> Block:
    """Return a progress bar with its words."""
    return {"type": "bar", "label": label, "words": said, "done": done, "of": of}


def choose(id_: str, legend: str, value: str, options: Sequence[Choice]) -> Block:
    """Return cards of which one is chosen."""
    cards = [{"id": each.id, "title": each.title, "words": each.words, "more": each.more} for each in options]
    return {"type": "choose", "id": id_, "legend": legend, "value": value, "options": cards}


def progress_block(columns: Sequence[str], states: Mapping[str, Sequence[str]]) -> Block:
    """Return who has answered what, without a word of what they answered."""
    if not states:
        return empty("No organization is registered yet.", "Write their names above, one on each line.")
    rows = [{"name": name, "states": list(row)} for name, row in states.items()]
    caption = "Who has answered what"
    return {"type": "progress", "caption": caption, "corner": "Organization", "columns": list(columns), "rows": rows}


def document_blocks(document: Document) -> Blocks:
    """Return a draft to read on the page."""
    found = numbers(document)
    titled: list[Block] = [heading(document.title), text(document.status, "note")]
    return titled + [block for section in document.sections for block in _section(section, found)]


def _section(section: Section, found: dict[str, str]) -> Blocks:
    first = heading(f"{found[section.id]}  {section.title}", 3)
    return [first, *(shown for block in section.blocks for shown in SHOWN[type(block)](block, found))]


def _clause(clause: Clause, found: dict[str, str]) -> Blocks:
    number = f"{found[clause.id]}  " if clause.id in found and clause.numbered else ""
    tone = "quiet" if clause.style == "example" else ""
    said = [text(number + words(clause.parts, found), tone)]
    items = [words(parts, found) for parts in clause.bullets]
    return [*said, {"type": "list", "items": items, "ordered": clause.steps}] if items else said


def _table(block: Table, found: dict[str, str]) -> Blocks:
    rows = [[words(parts, found) for parts in row] for row in block.rows]
    return [table_block(block.caption, block.header, rows)]


SHOWN: Mapping[type, Callable[[Any, dict[str, str]], Blocks]] = {Clause: _clause, Table: _table}

_running: dict[str, asyncio.Task[None]] = {}


def watch(name: str, changed: Callable[[], object], refresh: Callable[[], None]) -> None:
    """Refresh a board whenever `changed()` gives something new; a second watch of that name ends the first."""
    if name in _running:
        _running.pop(name).cancel()
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return
    _running[name] = loop.create_task(_look(changed, refresh))


async def _look(changed: Callable[[], object], refresh: Callable[[], None]) -> None:
    last = changed()
    while True:
        await asyncio.sleep(LOOK_AGAIN)
        now = changed()
        if now != last:
            last = now
            refresh()


def _desk(*children: Any) -> Any:
    box = widgets.VBox(list(children))
    for name in ("pw", "pw-desk"):
        box.add_class(name)
    return box


def stacked(forms: Sequence[Any]) -> Any:
    """Return forms below each other as one widget."""
    return forms[0] if len(forms) == 1 else widgets.VBox(list(forms))


def _button(words_: str, press: Callable[[], None], *, second: bool = False) -> Any:
    button = widgets.Button(description=words_, tooltip="")
    if second:
        button.add_class("pw-second")
    button.on_click(lambda _: press())
    return button


def _said(board: Shown, act: Callable[[], str]) -> None:
    """Do it and say on `board` what was done, or in one sentence why not."""
    try:
        board.show([text(act(), "good")])
    except WorkshopError as fault:
        board.show([text(str(fault), "note")])


class Facilitator:
    """The facilitator's page: what, which worksheet, how long; who comes; who has answered what; where to go on.

    `act` has: "title" (words), "worksheet" (id), "minutes" (number as words), "register" (names, one on each line).
    Each does it, or raises a WorkshopError; `state` tells how things stand.
    """

    def __init__(
        self, state: Callable[[], FacilitatorState], act: Mapping[str, Callable[[str], None]], make: Make
    ) -> None:
        self._state, self._act = state, act
        now = state()
        self.title = widgets.Text(value=now.title, description="What the workshop is called", continuous_update=False)
        self.names = widgets.Textarea(description="Organizations that will come, one on each line", placeholder="")
        self.told, self.choices, self.room = make([], None), make([], self._chose), make([], None)
        self.title.observe(lambda change: self._do("title", change["new"], "Saved."), names="value")
        self.add = _button("Add these organizations", self._register)
        self.widget = _desk(self.title, self.choices, self.names, self.add, self.told, self.room)
        self.refresh()

    def refresh(self) -> None:
        """Show how things stand now."""
        state = self._state()
        self.choices.show(_settings(state))
        self.room.show(_room(state))

    def _chose(self, what: str, value: str) -> None:
        self._do(what, value, "Saved.")

    def _register(self) -> None:
        names = self.names.value
        self._do("register", names, "Added." if names.strip() else "Write at least one name above.")
        self.names.value = ""

    def _do(self, what: str, value: str, then: str) -> None:
        def act() -> str:
            self._act[what](value)
            return then

        _said(self.told, act)
        self.refresh()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)


def _settings(state: FacilitatorState) -> Blocks:
    return [
        choose("worksheet", "Which worksheet", state.worksheet, state.worksheets),
        choose("minutes", "How much time there is", str(state.minutes), state.times),
        table_block("The agenda", ("From", "What", "Minutes"), state.agenda),
    ]


def _room(state: FacilitatorState) -> Blocks:
    count = f"{len(state.states)} organizations, {state.people} people have joined."
    return [
        heading("The room"),
        text(count, "quiet"),
        progress_block(state.columns, state.states),
        heading("Where to go from here"),
        links_block(state.links),
    ]


@dataclass(frozen=True, slots=True)
class TableParts:
    """What one table's page asks: it keeps none of it.

    `make_form` returns a fresh form widget for an organization, `holds` the (question, answer) pairs that
    it holds, `register` keeps a new name and returns it, `remember` is told the choice; `chosen` is the last one.
    """

    organizations: Callable[[], Sequence[str]]
    make_form: Callable[[str], Any]
    holds: Callable[[str], Sequence[tuple[str, str]]]
    register: Callable[[str], str]
    remember: Callable[[str], None]
    chosen: str = ""


class OneTable:
    """One table of people at a shared laptop: which organization, its form, what it holds so far."""

    def __init__(self, parts: TableParts, make: Make) -> None:
        self._ask = parts
        self.pick = widgets.Dropdown(description="Which organization are you from?", options=self._options())
        self.new = widgets.Text(description="Not on the list? Write its name", placeholder="")
        self.add = _button("Add our organization", self._add, second=True)
        self.told, self.board, self.place = make([], None), make([], None), widgets.VBox([])
        self.widget = _desk(self.pick, self.new, self.add, self.told, self.place, self.board)
        self._open(parts.chosen if parts.chosen in parts.organizations() else "")
        self.pick.observe(lambda change: self._open(change["new"]), names="value")

    def refresh(self) -> None:
        """Show what the organization holds now."""
        known = self._options()
        if tuple(known) != tuple(self.pick.options):
            kept = self.pick.value
            self.pick.options = known
            self.pick.value = kept
        self.board.show(self._shown(self.pick.value))

    def _options(self) -> list[tuple[str, str]]:
        return [("Choose your organization", ""), *((name, name) for name in self._ask.organizations())]

    def _open(self, name: str) -> None:
        for old in self.place.children:
            old.close()
        self.place.children = [self._ask.make_form(name)] if name else []
        self.pick.value = name
        for way_in in (self.new, self.add):
            way_in.layout.display = "none" if name else None
        self._ask.remember(name)
        self.board.show(self._shown(name))

    def _shown(self, name: str) -> Blocks:
        if not name:
            return [empty("The questions appear here.", "Choose your organization above, or add it.")]
        held = [pair for pair in self._ask.holds(name) if pair[1]]
        if not held:
            return [heading("What we hold so far"), empty("Nothing yet.", "What you write above appears here.")]
        return [heading("What we hold so far"), text(name, "quiet"), facts(held)]

    def _add(self) -> None:
        def act() -> str:
            if not self.new.value.strip():
                raise WorkshopError("the name is still empty", mend="Write it above.")
            name = self._ask.register(self.new.value)
            self.pick.options = self._options()
            self.pick.value = name
            return f"{name} is in."

        _said(self.told, act)
        self.new.value = ""

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)


class Exporter:
    """Choose an organization, read its draft, write one or all as Word files with a bar that moves.

    `export` takes a name ("" for all) and a progress function, and returns the places of the files.
    """

    def __init__(
        self,
        organizations: Callable[[], Sequence[str]],
        preview: Callable[[str], Document],
        export: Callable[[str, Progress], Sequence[str]],
        make: Make,
    ) -> None:
        self._organizations, self._preview, self._export = organizations, preview, export
        self.pick = widgets.Dropdown(description="Whose draft", options=self._options())
        self.write = _button("Write all drafts in Word", lambda: self._write(""))
        self.write_one = _button("Write only this one", lambda: self._write(self.pick.value), second=True)
        self.told, self.board = make([], None), make([], None)
        self.board.add_class("pw-paper")
        self.widget = _desk(self.write, self.told, self.pick, self.write_one, self.board)
        self.pick.observe(lambda _: self.refresh(), names="value")
        self.refresh()

    def refresh(self) -> None:
        """Show the draft as it stands now."""
        if tuple(self.pick.options) != tuple(self._options()):
            self.pick.options = self._options()
        some = bool(self.pick.value)
        self.write.disabled = self.write_one.disabled = not some
        nobody = [empty("No organization is registered yet.", "Register one on the facilitator's page.")]
        self.board.show(document_blocks(self._preview(self.pick.value)) if some else nobody)

    def _options(self) -> list[str]:
        return list(self._organizations())

    def _write(self, name: str) -> None:
        def moved(done: int, of: int, which: str) -> None:
            self.told.show([bar("Drafts written", f"{done} of {of} {which}".strip(), done, of)])

        try:
            files = self._export(name, moved)
        except WorkshopError as fault:
            self.told.show([text(str(fault), "note")])
            return
        except Exception:  # a page never shows a traceback, and never a bar that stands still
            self.told.show([text("The drafts could not be written; older ones are as they were. Try again.", "note")])
            raise
        done = text(f"{len(files)} Word files are written.", "good")
        self.told.show([done, {"type": "list", "items": list(files), "ordered": False}])

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)
