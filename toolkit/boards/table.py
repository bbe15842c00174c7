"""TABLE: the page of one table of people at a shared laptop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets

from toolkit.boards.blocks import Blocks, empty, facts, heading, text
from toolkit.boards.controls import Make, button, desk, said
from toolkit.errors import WorkshopError


@dataclass(frozen=True, slots=True)
class TableParts:
    """What one table's page asks: it keeps none of it.

    `make_form` returns a fresh form widget for an organization, `holds` the (question, answer) pairs that
    it holds, `register` keeps a new name and returns it, `remember` is told the choice; `chosen` is the last one.
    `more` gives further blocks for an organization, `act` does what is chosen on them and says what was done.
    """

    organizations: Callable[[], Sequence[str]]
    make_form: Callable[[str], Any]
    holds: Callable[[str], Sequence[tuple[str, str]]]
    register: Callable[[str], str]
    remember: Callable[[str], None]
    chosen: str = ""
    more: Callable[[str], Blocks] = lambda _: ()
    act: Callable[[str, str, str], str] = lambda *_: ""


class OneTable:
    """One table of people at a shared laptop: which organization, its form, what it holds so far."""

    def __init__(self, parts: TableParts, make: Make) -> None:
        self._ask = parts
        self.pick = widgets.Dropdown(description="Which organization are you from?", options=self._options())
        self.new = widgets.Text(description="Not on the list? Write its name", placeholder="")
        self.add = button("Add our organization", self._add, second=True)
        self.told, self.board, self.place = make([], None), make([], self._chose), widgets.VBox([])
        self.widget = desk(self.pick, self.new, self.add, self.told, self.place, self.board)
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
        return [*_held([pair for pair in self._ask.holds(name) if pair[1]], name), *self._ask.more(name)]

    def _chose(self, what: str, value: str) -> None:
        said(self.told, lambda: self._ask.act(self.pick.value, what, value))
        self.refresh()

    def _add(self) -> None:
        def act() -> str:
            if not self.new.value.strip():
                raise WorkshopError("the name is still empty", mend="Write it above.")
            name = self._ask.register(self.new.value)
            self.pick.options = self._options()
            self.pick.value = name
            return f"{name} is in."

        said(self.told, act)
        self.new.value = ""

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)


def _held(held: Sequence[tuple[str, str]], name: str) -> Blocks:
    if not held:
        return [heading("What we hold so far"), empty("Nothing yet.", "What you write above appears here.")]
    return [heading("What we hold so far"), text(name, "quiet"), facts(held)]
