"""The panel of the drafts: read one, or write them in Word with a progress bar."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.answers.model import Position
from toolkit.documents.document import Document
from toolkit.errors import WorkshopError
from toolkit.notebook import controls, table_actions
from toolkit.notebook.blocks import (
    Blocks,
    bar,
    document_blocks,
    empty,
    files_block,
    text,
)
from toolkit.notebook.board_widget import Board
from toolkit.notebook.controls import (
    Chooser,
    Make,
    Watcher,
    button,
    confirm,
    confirmations,
    desk,
    draw_page,
    reports_faults,
    row,
    watch,
)
from toolkit.rehearsal.run import Progress
from toolkit.workshop.facade import Workshop


@dataclass(frozen=True, slots=True)
class ExporterParts:
    """What the page of the drafts asks: it keeps none of it.

    `organizations` are (name, id); `export` takes an id ("" for all) and a progress function, and returns the places
    of the files; `keep` writes a copy of all answers, also while people go on, and says where it is. `beside` gives
    what is decided about the draft of an organization, `act` does what is chosen there and says so; `pictures` stand
    above its draft.
    """

    organizations: Callable[[], Sequence[tuple[str, str]]]
    preview: Callable[[str], Document]
    export: Callable[[str, Progress], Sequence[str]]
    keep: Callable[[], str]
    beside: Callable[[str], Blocks] = lambda _: ()
    act: Callable[[str, str, str], str] = lambda *_: ""
    pictures: Callable[[str], Blocks] = lambda _: ()


class Exporter:
    """Choose an organization, read its draft, write one or all as Word files with a bar that moves."""

    watcher: Watcher | None = None
    """What draws the page again when something is new."""

    def __init__(self, parts: ExporterParts, make: Make, *, is_part: bool = False) -> None:
        """Make the page; as a part of another one it is drawn when somebody turns to it."""
        self._ask = parts
        self.said, self.messages, self.kept = confirmations(make), make([], None), make([], None)
        self.pick = Chooser("Whose draft", self.said, self.refresh)
        self.write = button("Write all drafts in Word", self.messages, lambda: self._write(""))
        self.write_one = button("Write only this one", self.messages, lambda: self._write(self.pick.value), second=True)
        self.side, self.board = make([], reports_faults(self.said, self._chose)), make([], None)
        self.files, self.pictures = make([], None), make([], None)
        self.messages.add_class("pw-reserved")
        self.messages.show([text("What you write is listed here.", "quiet")])
        self.files.add_class("pw-written")
        self.board.add_class("pw-paper")
        self.keep = button("Keep a copy of all answers", self.kept, self._keep, second=True)
        buttons = row(self.write, self.write_one, self.keep)
        # The list of files grows when they are written: no button is below it, so that none moves.
        deciding = self.pick.widget, self.side, buttons, self.messages, self.said, self.kept
        self.widget = desk(*deciding, self.files, self.pictures, self.board)
        if not is_part:
            self.refresh()

    def refresh(self) -> None:
        """Show the draft as it stands now."""
        draw_page(self.said, self._draw)

    def _draw(self) -> None:
        self.pick.offer(list(self._ask.organizations()))
        some = bool(self.pick.value)
        self.write.disabled = self.write_one.disabled = not some
        nobody = [empty("No organization is registered yet.", "Register one on the facilitator's page.")]
        self.side.show(self._ask.beside(self.pick.value) if some else [])
        self.pictures.show(self._ask.pictures(self.pick.value) if some else [])
        self.board.show(document_blocks(self._ask.preview(self.pick.value)) if some else nobody)

    def _chose(self, what: str, value: str) -> None:
        confirm(self.said, lambda: self._ask.act(self.pick.value, what, value))
        self.refresh()

    def _keep(self) -> None:
        confirm(self.kept, self._ask.keep)

    def _write(self, name: str) -> None:
        def moved(count: int, of: int, which: str) -> None:
            self.messages.show([bar("Drafts written", f"{count} of {of} {which}".strip(), count, of)])

        try:
            files = self._ask.export(name, moved)
        except WorkshopError as fault:
            self.messages.show([text(str(fault), "note")])
            return
        except Exception:  # a page never shows a traceback, and never a bar that stands still
            self.messages.show(
                [text("The drafts could not be written; older ones are as they were. Try again.", "note")]
            )
            raise
        self._list([Path(file) for file in files])

    def _list(self, files: Sequence[Path]) -> None:
        """Say how many drafts were written and where they are, and list them all."""
        count = "1 draft is written in Word." if len(files) == 1 else f"{len(files)} drafts are written in Word."
        folder = files[0].parent
        where = f"In the folder “{folder.name}”: {folder}. Their short papers are in the folder “papers” inside it."
        self.messages.show([text(count, "good"), text(where, "quiet")])
        self.files.show([files_block(f"{count} Folder “{folder.name}”.", [file.name for file in files])])

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)


DRAFTS = "drafts"


def exporter(workshop: Workshop) -> Exporter:
    """Return the page on which drafts are read, and written as Word files into the workshop's folder."""
    page = export_page(workshop, is_part=False)
    page.watcher = watch("exporter", lambda: controls.mark(workshop), page.refresh)
    return page


class Preview:
    """The draft that a page shows, worked out again only when something in it changed: that takes a while."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._latest: tuple[tuple[object, ...], Mapping[str, Position], Document] | None = None

    def __call__(self, id_: str) -> Document:
        """Return the draft of the organization of this id."""
        workshop, organization = self._workshop, self._workshop.roster.organization(id_)
        positions = workshop.discussion.positions(organization.id)
        hangs_on = organization, workshop.settings.depth, workshop.settings.day, id(workshop.worksheet)
        if self._latest is None or self._latest[0] != hangs_on or self._latest[1] is not positions:
            self._latest = hangs_on, positions, workshop.draft(id_)
        return self._latest[2]


def export_page(workshop: Workshop, *, is_part: bool = True) -> Exporter:
    """Return that page; as a part of another, that one looks again for it."""

    def export(name: str, progress: Progress) -> list[str]:
        files = workshop.export(workshop.folder / DRAFTS, name or None, progress=progress)
        return [str(exported.files[0]) for exported in files]

    def keep() -> str:
        return f"A copy of all answers is in {workshop.lifecycle.keep_copy()}. Put that folder on a stick."

    parts = ExporterParts(
        organizations=lambda: [(organization.name, organization.id) for organization in workshop.organizations],
        preview=Preview(workshop),
        export=export,
        keep=keep,
        beside=lambda name: table_actions.naming(workshop, name),
        pictures=lambda name: table_actions.pictures_of(workshop, name),
        act=lambda name, what, value: table_actions.act(workshop, name, what, value),
    )
    return Exporter(parts, Board, is_part=is_part)
