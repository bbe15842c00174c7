"""EXPORTER: drafts to read, and to write in Word with a bar that moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from toolkit.boards.blocks import Blocks, bar, document_blocks, empty, text
from toolkit.boards.controls import Make, button, desk, said
from toolkit.document import Document
from toolkit.errors import WorkshopError

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class ExporterParts:
    """What the page of the drafts asks: it keeps none of it.

    `export` takes a name ("" for all) and a progress function, and returns the places of the files; `keep` writes
    a copy of all answers, also while people go on, and says where it is. `beside` gives what stands between the
    buttons and the draft of an organization, `act` does what is chosen there and says what was done.
    """

    organizations: Callable[[], Sequence[str]]
    preview: Callable[[str], Document]
    export: Callable[[str, Progress], Sequence[str]]
    keep: Callable[[], str]
    beside: Callable[[str], Blocks] = lambda _: ()
    act: Callable[[str, str, str], str] = lambda *_: ""


class Exporter:
    """Choose an organization, read its draft, write one or all as Word files with a bar that moves."""

    def __init__(self, parts: ExporterParts, make: Make) -> None:
        self._ask = parts
        self.pick = widgets.Dropdown(description="Whose draft", options=self._options())
        self.write = button("Write all drafts in Word", lambda: self._write(""))
        self.write_one = button("Write only this one", lambda: self._write(self.pick.value), second=True)
        self.told, self.side, self.board = make([], None), make([], self._chose), make([], None)
        self.board.add_class("pw-paper")
        self.kept, self.keep = make([], None), button("Keep a copy of all answers", self._keep, second=True)
        first = self.write, self.told, self.pick, self.write_one
        self.widget = desk(*first, self.side, self.board, self.keep, self.kept)
        self.pick.observe(lambda _: self.refresh(), names="value")
        self.refresh()

    def refresh(self) -> None:
        """Show the draft as it stands now."""
        if tuple(self.pick.options) != tuple(self._options()):
            self.pick.options = self._options()
        some = bool(self.pick.value)
        self.write.disabled = self.write_one.disabled = not some
        nobody = [empty("No organization is registered yet.", "Register one on the facilitator's page.")]
        self.side.show(self._ask.beside(self.pick.value) if some else [])
        self.board.show(document_blocks(self._ask.preview(self.pick.value)) if some else nobody)

    def _chose(self, what: str, value: str) -> None:
        said(self.told, lambda: self._ask.act(self.pick.value, what, value))
        self.refresh()

    def _options(self) -> list[str]:
        return list(self._ask.organizations())

    def _keep(self) -> None:
        said(self.kept, self._ask.keep)

    def _write(self, name: str) -> None:
        def moved(done: int, of: int, which: str) -> None:
            self.told.show([bar("Drafts written", f"{done} of {of} {which}".strip(), done, of)])

        try:
            files = self._ask.export(name, moved)
        except WorkshopError as fault:
            self.told.show([text(str(fault), "note")])
            return
        except Exception:  # a page never shows a traceback, and never a bar that stands still
            self.told.show([text("The drafts could not be written; older ones are as they were. Try again.", "note")])
            raise
        done = text(f"{len(files)} Word files are written.", "good")
        places = [Path(each) for each in files]
        where = text(f"They are in the folder {places[0].parent}", "quiet")
        self.told.show([done, where, {"type": "list", "items": [each.name for each in places], "ordered": False}])

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)
