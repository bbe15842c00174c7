"""The panel for setting up: title, worksheet, length, and the organizations that will come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets

from toolkit.errors import WorkshopError
from toolkit.facilitation.invitation import Attendance
from toolkit.notebook.blocks import Block, Blocks, Choice, ask, choose, empty, heading, table_block, text
from toolkit.notebook.board_widget import Board
from toolkit.notebook.controls import (
    Act,
    Make,
    button,
    confirm,
    confirmations,
    desk,
    draw_page,
    emphasize,
    reports_faults,
)
from toolkit.notebook.invitation_panel import (
    attendance,
)
from toolkit.notebook.stages_panel import agenda_steps, stage_of
from toolkit.system import cloud_folder
from toolkit.worksheets import catalog
from toolkit.worksheets.model import Worksheet
from toolkit.workshop.facade import Workshop
from toolkit.workshop.folder import PAPER


@dataclass(frozen=True, slots=True)
class SetUpState:
    """What stands decided; `agenda` has a row for each part (when, what, minutes), `coming` one for each organization.

    `in_use` says why a change of the worksheet or of the length is asked about first, "" when it is not.
    """

    title: str
    worksheet: str
    worksheets: tuple[Choice, ...]
    minutes: int
    times: tuple[Choice, ...]
    agenda: tuple[tuple[str, str, str], ...]
    coming: tuple[Attendance, ...]
    may_practise: bool = False
    in_use: str = ""
    notes: tuple[str, ...] = ()
    """What is wrong with the files of worksheets, a sentence each."""

    warning: str = ""
    """Who else copies the workshop's folder; "" when it stays on this computer."""

    update: str = ""
    """What a new version of the worksheet changes; "" when there is none."""


class SetUp:
    """The set-up.

    `act` has "title" (words), "worksheet" (id), "minutes" (as words), "register" (names, one a line), "update",
    "practise" and "paper".
    """

    def __init__(self, state: Callable[[], SetUpState], act: Act, make: Make) -> None:
        self._state, self._act = state, act
        self._titled, self._pending = state().title, ("", "")
        self.title = widgets.Text(
            value=self._titled, description="What the workshop is called", continuous_update=False
        )
        self.names = widgets.Textarea(description="Organizations that will come, one on each line", placeholder="")
        self.messages, self.warning, self.coming = confirmations(make), make([], None), make([], None)
        self.choices, self.files = (make([], reports_faults(self.messages, self._chose)) for _ in range(2))
        self.title.observe(reports_faults(self.messages, self._name), names="value")
        self.add = button("Add these organizations", self.messages, self._register)
        self.before = make([], lambda what, _: self._do(what, "", CONFIRMATIONS[what]))
        controls = self.title, self.choices, self.names, self.add
        self.widget = desk(self.warning, *controls, self.messages, self.before, self.files, self.coming)
        self.refresh()

    def refresh(self) -> None:
        """Show how things stand now."""
        draw_page(self.messages, self._draw)

    def _draw(self) -> None:
        state = self._state()
        self._show_title(state.title)
        self.warning.show([text(state.warning, "note")] if state.warning else [])
        self.choices.show(_settings(state, *self._pending))
        emphasize(self._pending == ("", "") and not state.update, self.add)
        self.files.show(_files(state, is_next=self._pending == ("", "")))
        self.coming.show(_expected_organizations(state))
        self.before.show([*(_practise() if state.may_practise else []), *_on_paper()])

    def _show_title(self, title: str) -> None:
        """Show a title that is new here; words that were refused stay in the field until then."""
        if title != self._titled:
            self._titled = title
            self.title.value = title

    def _name(self, change: Mapping[str, str]) -> None:
        if change["new"] == self._titled:
            return

        def act() -> str:
            if not change["new"].strip():
                raise WorkshopError("the workshop needs a name", mend="Write one; until then the old name stays.")
            self._act["title"](change["new"])
            self._titled = ""  # what was saved is shown, without the spaces around it
            return "Saved."

        confirm(self.messages, act)
        self.refresh()

    def _chose(self, what: str, value: str) -> None:
        question, self._pending = self._pending, ("", "")
        state = self._state()
        if what == "sure" and question != ("", ""):
            self._do(*question, "Saved.")
        elif what in {"sure", "stay"} or value == _decided(state).get(what):
            self.refresh()
        elif state.in_use and what in _decided(state):
            self._pending = what, value
            self.refresh()
        else:
            self._do(what, value, "Saved.")

    def _register(self) -> None:
        def act() -> str:
            if not self.names.value.strip():
                raise WorkshopError("no name is written", mend="Write at least one name above.")
            before = len(self._state().coming)
            self._act["register"](self.names.value)
            self.names.value = ""
            return _added(before, len(self._state().coming))

        confirm(self.messages, act)
        self.refresh()

    def _do(self, what: str, value: str, then: str) -> None:
        def act() -> str:
            self._act[what](value)
            return then

        confirm(self.messages, act)
        self.refresh()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)


def _decided(state: SetUpState) -> dict[str, str]:
    return {"worksheet": state.worksheet, "minutes": str(state.minutes)}


def _settings(state: SetUpState, setting: str, value: str) -> Blocks:
    """Return the cards, with a question below those of which another one was picked while the workshop is in use."""
    now = _decided(state) | ({setting: value} if setting else {})
    return [
        choose("worksheet", "Which worksheet", now["worksheet"], state.worksheets),
        *([_sure(state, "Change the worksheet?")] if setting == "worksheet" else []),
        choose("minutes", "How much time there is", now["minutes"], state.times),
        *([_sure(state, "Change the length?")] if setting == "minutes" else []),
        table_block("The agenda", ("From", "What", "Minutes"), state.agenda),
    ]


def _files(state: SetUpState, *, is_next: bool) -> Blocks:
    """Return what is new or wrong in the files of worksheets; it stands below every button, so that none moves."""
    new = [ask(state.update, [("update", "", "Use the new version")], second=not is_next)] if state.update else []
    return [*(text(note, "note") for note in state.notes), *new]


SWITCH_WARNING = (
    "Phones and pages then ask other questions. Saved answers stay saved, and show again if you change this back."
)


def _sure(state: SetUpState, question: str) -> Block:
    ways = [("sure", "", "Yes, change it"), ("stay", "", "No, leave it as it is")]
    return ask(f"{question} {state.in_use} {SWITCH_WARNING}", ways)


PRACTISE = (
    "Made-up people come into a room like yours: they answer the stages that you open, and raise their hands. Try "
    "every button there, and write drafts. Your own workshop is not touched, and no phone can come into that room. "
    "When you stop, it is thrown away."
)


def _practise() -> Blocks:
    button_ = [("practise", "", "Practise with made-up people")]
    return [heading("Practise before the day"), ask(PRACTISE, button_, calm=True)]


ON_PAPER = (
    "The same questions for pen and paper, as deep as your workshop goes: for tables without a device, and for the day "
    "the power fails. Print one for each table. You can type it in afterwards."
)
CONFIRMATIONS = {
    "practise": "",
    "paper": "The worksheet on paper is in your workshop's folder: paper.docx.",
}


def _on_paper() -> Blocks:
    return [heading("On paper"), ask(ON_PAPER, [("paper", "", "Write the worksheet on paper")], calm=True)]


def _added(before: int, now: int) -> str:
    """Return how many organizations were added, and how many there are."""
    added = "No new organization: each of these names is on the list already." if before == now else ""
    many = now - before
    words = added or f"{many} {'organization' if many == 1 else 'organizations'} added."
    return f"{words} {now} on the list."


def _expected_organizations(state: SetUpState) -> Blocks:
    if not state.coming:
        return [
            empty("No organization is registered yet.", "Write their names above, or let people add them at the door.")
        ]
    rows = [
        (attendance.organization, str(attendance.people), str(attendance.shared_devices)) for attendance in state.coming
    ]
    return [table_block("Registered so far", ("Organization", "People who joined", "Shared devices"), rows)]


TIMES = (
    Choice("60", "60 minutes", "The core questions."),
    Choice("90", "90 minutes", "The core questions and the common further decisions."),
    Choice("180", "180 minutes", "Every decision, with time to talk."),
)


NOT_YET = "One of the worksheet folders cannot be used yet, and nothing else depends on it:"


def set_up(workshop: Workshop, practise: Callable[[], None]) -> SetUp:
    """Return this part of the page."""
    actions = {
        "title": lambda title: workshop.settings.change(title=title),
        "worksheet": lambda name: workshop.settings.change(worksheet=name),
        "update": lambda _: workshop.settings.worksheet_in_use.update().apply(),
        "minutes": lambda minutes: workshop.settings.change(minutes=int(minutes)),
        "paper": lambda _: workshop.papers.write_paper(workshop.folder / PAPER),
        "register": lambda names: workshop.roster.register(*(name for name in names.splitlines() if name.strip())),
        "practise": lambda _: practise(),
    }
    return SetUp(lambda: set_up_state(workshop), actions, Board)


def set_up_state(workshop: Workshop) -> SetUpState:
    """Return what stands decided."""
    sheet, update = workshop.worksheet, workshop.settings.worksheet_in_use.update()
    cards, faults = _worksheets(workshop)
    return SetUpState(
        title=workshop.title,
        worksheet=workshop.settings.worksheet_in_use.name,
        worksheets=cards,
        notes=(*([update.sentence] if update.state == "faulty" else []), *faults),
        warning=cloud_folder.warning(workshop.folder.resolve()),
        update=update.sentence if update.state == "available" else "",
        minutes=workshop.settings.minutes,
        times=TIMES,
        agenda=tuple(_agenda(sheet, workshop.settings.minutes)),
        coming=attendance(workshop),
        may_practise=not workshop.settings.is_rehearsal,
        in_use=_in_use(workshop),
    )


def _in_use(workshop: Workshop) -> str:
    """Return why a change of worksheet or length is asked about first, "" while it changes nothing for anyone."""
    room = workshop.state.room
    open_ = stage_of(workshop.worksheet, room) if room.now.state in ("open", "closing") else None
    if open_ and not room.ended:
        return f"“{open_.title}” is open for everyone."
    return "Answers have been saved." if workshop.state.mark.answers else ""


def _worksheets(workshop: Workshop) -> tuple[tuple[Choice, ...], list[str]]:
    """Return a card for each worksheet that can be chosen, and what is wrong with the others."""
    sound, faults = catalog.catalog(workshop.settings.hidden)
    cards = sound | {
        name: worksheet for name, worksheet in workshop.settings.worksheet_in_use.used().items() if name not in sound
    }
    return tuple(_card(name, worksheet) for name, worksheet in cards.items()), [
        f"{NOT_YET} {fault}" for fault in faults
    ]


def _card(name: str, sheet: Worksheet) -> Choice:
    return Choice(name, sheet.title, sheet.summary, "60, 90 or 180 minutes")


def _agenda(sheet: Worksheet, minutes: int) -> Iterator[tuple[str, str, str]]:
    now = 0
    for step in agenda_steps(sheet, minutes):
        yield f"{now // 60}:{now % 60:02}", step.title, str(step.minutes)
        now += step.minutes
