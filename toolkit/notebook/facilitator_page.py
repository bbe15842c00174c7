"""The facilitator's page: its parts, one on the screen at a time, and a band for what must not be missed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from toolkit.notebook.blocks import Block, Blocks, projector, sections
from toolkit.notebook.controls import Make, Watcher, confirm, confirmations, desk, draw_page, reports_faults, show_if


class Part(Protocol):
    """One part of the page."""

    widget: Any

    def refresh(self) -> None:
        """Show how things stand now."""


SCENES = (("doors", "Doors"), ("clock", "The clock"), ("progress", "Progress"), ("report_back", "Report back"))
PARTS = {
    "set_up": "Set up",
    "organizations": "Organizations",
    "doors": "Doors",
    "room": "The room",
    "report_back": "Report back",
    "drafts": "Drafts",
}


@dataclass(frozen=True, slots=True)
class Band:
    """What stands above all parts, and what its buttons do; each says what was done."""

    blocks: Callable[[], Blocks]
    act: Mapping[str, Callable[[], str]]


class Facilitator:
    """The facilitator's page.

    `parts` are its parts by id; `band` says what stands above them (a rehearsal, the end); `scenes` gives what
    the projector shows. Only what can be seen is asked for again.
    """

    watcher: Watcher | None = None
    """What draws the page again when something is new."""

    def __init__(
        self,
        parts: Mapping[str, Part],
        band: Band,
        scenes: Mapping[str, Callable[[], Blocks]],
        first: tuple[str, str],
        make: Make,
    ) -> None:
        self.parts, self._band, self._scenes = parts, band, scenes
        self.part, self.scene = first
        self.messages = confirmations(make)
        self.head = make([], reports_faults(self.messages, self._chose))
        self.messages.add_class("pw-above")
        self._own = [self.head, self.messages, *(part.widget for part in parts.values())]
        self.widget = desk(*self._own)
        self.lent: Facilitator | None = None
        self._turn(self.part)

    def refresh(self) -> None:
        """Show how things stand now."""
        draw_page(self.messages, self._draw)

    def _draw(self) -> None:
        self.parts[self.part].refresh()
        self.head.show([*self._band.blocks(), self._ways(), self._projector()])

    def _ways(self) -> Block:
        return sections(
            "part",
            "Parts of this page",
            self.part,
            [(name, words) for name, words in PARTS.items() if name in self.parts],
        )

    def _projector(self) -> Block:
        notes = [block for block in self._band.blocks() if block["type"] == "text"]
        return projector(self.scene, SCENES, [*notes, *self._scenes[self.scene]()])

    def _chose(self, what: str, value: str) -> None:
        if what == "part" and value in self.parts:
            self._turn(value)
        if what == "scene" and value in self._scenes:
            self.scene = value
            self.refresh()
        if what in self._band.act:
            confirm(self.messages, self._band.act[what])
            self.refresh()

    def lend(self, other: Facilitator | None) -> None:
        """Let another page stand in the place of this one; None takes it back."""
        self.lent = other
        self.widget.children = [other.widget] if other else self._own

    def _turn(self, part: str) -> None:
        self.part = part
        for name, widget in self.parts.items():
            show_if(name == part, widget.widget)
        self.refresh()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)
