"""SET-UP: what the workshop is called, which worksheet, how long it is, and who comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets

from toolkit.boards.blocks import Blocks, Choice, ask, choose, empty, heading, table_block, text
from toolkit.boards.controls import Act, Make, button, desk, said


@dataclass(frozen=True, slots=True)
class SetUpState:
    """What stands decided; `agenda` has a row for each part (when, what, minutes), `coming` (name, people)."""

    title: str
    worksheet: str
    worksheets: tuple[Choice, ...]
    minutes: int
    times: tuple[Choice, ...]
    agenda: tuple[tuple[str, str, str], ...]
    coming: tuple[tuple[str, int], ...]
    may_practise: bool = False
    notes: tuple[str, ...] = ()
    """What is wrong with the files of worksheets, a sentence each."""

    update: str = ""
    """What a new version of the worksheet changes; "" when there is none."""


class SetUp:
    """The set-up.

    `act` has "title" (words), "worksheet" (id), "minutes" (as words), "register" (names, one a line), "update",
    "practise" and "paper".
    """

    def __init__(self, state: Callable[[], SetUpState], act: Act, make: Make) -> None:
        self._state, self._act = state, act
        now = state()
        self.title = widgets.Text(value=now.title, description="What the workshop is called", continuous_update=False)
        self.names = widgets.Textarea(description="Organizations that will come, one on each line", placeholder="")
        self.told, self.choices, self.coming = make([], None), make([], self._chose), make([], None)
        self.title.observe(lambda change: self._do("title", change["new"], "Saved."), names="value")
        self.add = button("Add these organizations", self._register)
        self.before = make([], lambda what, _: self._do(what, "", DONE[what]))
        self.widget = desk(self.title, self.choices, self.names, self.add, self.told, self.coming, self.before)
        self.refresh()

    def refresh(self) -> None:
        """Show how things stand now."""
        state = self._state()
        self.choices.show(_settings(state))
        self.coming.show(_coming(state))
        self.before.show([*(_practise() if state.may_practise else []), *_on_paper()])

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

        said(self.told, act)
        self.refresh()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)


def _settings(state: SetUpState) -> Blocks:
    return [
        choose("worksheet", "Which worksheet", state.worksheet, state.worksheets),
        choose("minutes", "How much time there is", str(state.minutes), state.times),
        table_block("The agenda", ("From", "What", "Minutes"), state.agenda),
        *(text(each, "note") for each in state.notes),
        *([ask(state.update, [("update", "", "Use the new version")])] if state.update else []),
    ]


PRACTISE = (
    "Made-up people come into a room like yours: they answer the stages that you open, and raise their hands. Try "
    "every button there, and write drafts. Your own workshop is not touched, and no phone can come into that room. "
    "When you stop, it is thrown away."
)


def _practise() -> Blocks:
    button_ = [("practise", "", "Practise with made-up people")]
    return [heading("Practise before the day"), ask(PRACTISE, button_, calm=True)]


PAPER = (
    "The same questions for pen and paper, as deep as your workshop goes: for tables without a device, and for the day "
    "the power fails. Print one for each table. You can type it in afterwards."
)
DONE = {
    "practise": "You are back. The rehearsal is gone.",
    "paper": "The worksheet on paper is in your workshop's folder: paper.docx.",
}


def _on_paper() -> Blocks:
    return [heading("On paper"), ask(PAPER, [("paper", "", "Write the worksheet on paper")], calm=True)]


def _coming(state: SetUpState) -> Blocks:
    if not state.coming:
        return [
            empty("No organization is registered yet.", "Write their names above, or let people add them at the door.")
        ]
    rows = [(name, str(people)) for name, people in state.coming]
    return [table_block("Registered so far", ("Organization", "People who joined"), rows)]
