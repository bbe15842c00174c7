"""The page of one table of people at a shared laptop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets

from toolkit.errors import WorkshopError
from toolkit.notebook.blocks import Block, Blocks, empty, facts, heading, text
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
    show_if,
)


@dataclass(frozen=True, slots=True)
class TableParts:
    """What one table's page asks: it keeps none of it.

    `chosen` is the organization's name, the same on every table's page, "" before one is chosen; `choose` changes it.
    `forms` tells which forms the page has for it, and differs whenever they must be made anew; `make_form` makes them;
    their `widgets` may be others after each look. `holds` gives the (question, answer) pairs that it holds, `register`
    keeps a new name and returns it. `more` gives further blocks for an organization, `act` does what is chosen on them
    and says what was done.
    `stages` says which stages of the worksheet in use are on the page.
    `nothing` says what to do when the worksheet has no questions for this page, "" when it has.
    """

    organizations: Callable[[], Sequence[str]]
    chosen: Callable[[], str]
    choose: Callable[[str], None]
    forms: Callable[[str], object]
    make_form: Callable[[str], Any]
    holds: Callable[[str], Sequence[tuple[str, str]]]
    register: Callable[[str], str]
    more: Callable[[str], Blocks] = lambda _: ()
    act: Callable[[str, str, str], str] = lambda *_: ""
    nothing: Callable[[], str] = lambda: ""
    stages: Callable[[], str] = lambda: ""


class OneTable:
    """One table of people at a shared laptop: which organization, its form, what it holds so far."""

    watcher: Watcher | None = None
    """What draws the page again when something is new."""

    def __init__(self, parts: TableParts, make: Make) -> None:
        self._ask = parts
        self.messages = confirmations(make)
        self.pick = Chooser("Which organization are you from?", self.messages, self._choose)
        self.new = widgets.Text(description="Not on the list? Write its name", placeholder="")
        self.add = button("Add our organization", self.messages, self._add, second=True)
        self.board, self.place = make([], reports_faults(self.messages, self._chose)), widgets.VBox([])
        self.form: Any = None
        self._forms: object = None
        self.stages = make([], None)
        self.widget = desk(self.stages, self.pick.widget, self.new, self.add, self.messages, self.place, self.board)
        self.refresh()

    def refresh(self) -> None:
        """Show how things stand now: the organization that is chosen, its form, what it holds."""
        draw_page(self.messages, self._draw)

    def _draw(self) -> None:
        name, stages = self._ask.chosen(), self._ask.stages()
        self.stages.show([text(stages, "quiet")] if stages else [])
        choices = [(organization, organization) for organization in self._ask.organizations()]
        self.pick.choice = None  # what is chosen here is chosen on every table's page
        self.pick.offer([("Choose your organization", ""), *choices], name)
        show_if(not name, self.new, self.add)
        self._show_form(name)
        self.board.show(self._page_blocks(name))

    def _show_form(self, name: str) -> None:
        forms = self._ask.forms(name) if name and not self._ask.nothing() else None
        if forms != self._forms:
            old, form = self.form, self._ask.make_form(name) if forms is not None else None
            self.form, self._forms = form, forms
            self.place.children = form.widgets if form is not None else []
            if old is not None:
                old.close()
        elif self.form is not None:
            self.form.refresh()
            self.place.children = self.form.widgets

    def _page_blocks(self, name: str) -> Blocks:
        if self._ask.nothing():
            return [empty("There are no questions for this page.", self._ask.nothing())]
        if not name:
            return [empty("The questions appear here.", "Choose your organization above, or add it.")]
        return [*_answers_so_far([pair for pair in self._ask.holds(name) if pair[1]], name), *self._ask.more(name)]

    def _choose(self) -> None:
        def act() -> str:
            self._ask.choose(self.pick.value)
            return ""

        confirm(self.messages, act)
        self.refresh()

    def _chose(self, what: str, value: str) -> None:
        confirm(self.messages, lambda: self._ask.act(self._ask.chosen(), what, value))
        self.refresh()

    def _add(self) -> None:
        def act() -> str:
            if not self.new.value.strip():
                raise WorkshopError("the name is still empty", mend="Write it above.")
            name = self._ask.register(self.new.value)
            self._ask.choose(name)
            self.new.value = ""
            return f"{name} is in."

        confirm(self.messages, act)
        self.refresh()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)


def _answers_so_far(answers: Sequence[tuple[str, str]], name: str) -> list[Block]:
    if not answers:
        return [heading("What we hold so far"), empty("Nothing yet.", "What you write above appears here.")]
    return [heading("What we hold so far"), text(name, "quiet"), facts(answers)]
