"""CONSOLE: the facilitator drives the room: stages, the clock, who types, whose hand is up, who has answered what."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ipywidgets as widgets

from toolkit.boards.blocks import Blocks, hands, heading, progress_block, say, stage_block, tally, text, timer
from toolkit.boards.controls import Act, Make, button, desk, row, said, show_if

STATES = {
    "waiting": "Not opened yet",
    "open": "Open: people are writing",
    "closing": "Closing softly: finish your sentence",
    "closed": "Closed: answers can still be changed",
}
END = "End the workshop"
END_SURE = "Yes, end the workshop now"


@dataclass(frozen=True, slots=True)
class StageCard:
    """One stage as the facilitator needs it; `steps` are the agenda's (title, minutes, what to say)."""

    id: str
    title: str
    minutes: int
    instruction: str = ""
    steps: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ConsoleState:
    """How the room stands; `columns` are questions, `states` has a state for each of them by organization;
    `paper` are the organizations that work on paper.

    `stories` are cards to talk about, `help` what to say when something comes up: a title and its words.
    """

    stages: tuple[StageCard, ...]
    now: str = ""
    state: str = "waiting"
    deadline: datetime.datetime | None = None
    revealed: frozenset[str] = frozenset()
    can_go_back: bool = False
    typing: int = 0
    here: int = 0
    people: int = 0
    hands: tuple[tuple[str, str], ...] = ()
    ended: bool = False
    columns: tuple[str, ...] = ()
    states: Mapping[str, Sequence[str]] = field(default_factory=dict)
    paper: frozenset[str] = frozenset()
    stories: tuple[tuple[str, str], ...] = ()
    help: tuple[tuple[str, str], ...] = ()

    def card(self, id_: str) -> StageCard | None:
        """Return a stage by its id."""
        return next((each for each in self.stages if each.id == id_), None)

    def number(self, id_: str) -> int:
        """Return which stage it is, counted from 1."""
        return next((place for place, each in enumerate(self.stages, 1) if each.id == id_), 0)


class Console:
    """The room's console.

    `act` has "open", "close_softly", "close", "reveal", "hide" (a stage's id), "back", "more" (minutes), "stop",
    "helped" (a person's id) and "end".
    """

    def __init__(self, state: Callable[[], ConsoleState], act: Act, make: Make) -> None:
        self._state, self._act = state, act
        self.now, self.told, self.room = make([], self._helped), make([], None), make([], None)
        self._make_buttons()
        stages = row(self.open, self.close_softly, self.close, self.back, self.reveal)
        clock = row(self.two_more, self.five_more, self.stop)
        ending = row(self.end, self.keep)
        self.widget = desk(self.now, self.which, stages, clock, self.told, self.room, ending)
        first = state()
        self.which.options = [(f"{place}. {each.title}", each.id) for place, each in enumerate(first.stages, 1)]
        self.which.value = first.now or first.stages[0].id
        self.which.observe(lambda _: self.refresh(), names="value")
        self.refresh()

    def _make_buttons(self) -> None:
        self.which = widgets.Dropdown(description="Which stage", options=[])
        self.open = button("Open", lambda: self._do("open", self.which.value, "Phones turn to this stage."))
        self.close_softly = self._for_now("Close softly", "close_softly", "Phones say: finish your sentence.")
        self.close = self._for_now("Close", "close", "Closed. Nothing that was typed is lost.")
        self.back = button(
            "Back", lambda: self._do("back", "", "One step back. Nothing that was typed changed."), second=True
        )
        self.reveal = button("Show each other", self._reveal, second=True)
        self.two_more = button("+2 minutes", lambda: self._do("more", "2", "Two minutes more."), second=True)
        self.five_more = button("+5 minutes", lambda: self._do("more", "5", "Five minutes more."), second=True)
        self.stop = button("Stop the clock", lambda: self._do("stop", "", "The clock is gone."), second=True)
        self.end, self.keep = button(END, self._end, second=True), button("No, go on", self._go_on, second=True)
        self._sure = False

    def _for_now(self, words: str, what: str, then: str) -> Any:
        return button(words, lambda: self._do(what, self._state().now, then), second=True)

    def refresh(self) -> None:
        """Show how things stand now."""
        state = self._state()
        up = [hands("helped", state.hands)] if state.hands else []
        self.now.show([*now_blocks(state), *up])
        self.room.show(_room(state, state.card(self.which.value)))
        self._enable(state)

    def _enable(self, state: ConsoleState) -> None:
        going = not state.ended
        number = state.number(self.which.value)
        again = state.now == self.which.value and state.state in ("closing", "closed")
        self.open.description = f"Open stage {number} {'again' if again else 'for everybody'}"
        self.open.disabled = not going or (state.now == self.which.value and state.state == "open")
        self.close_softly.disabled = not going or state.state != "open"
        self.close.disabled = not going or state.state not in ("open", "closing")
        self.back.disabled = not (going and state.can_go_back)
        self.reveal.disabled = not (going and state.now)
        self.reveal.description = "Hide again" if state.now in state.revealed else "Show each other"
        self.two_more.disabled = self.five_more.disabled = not (going and state.now)
        self.stop.disabled = not (going and state.deadline)
        show_if(going, self.end)
        show_if(going and self._sure, self.keep)

    def _do(self, what: str, value: str, then: str) -> None:
        def act() -> str:
            self._act[what](value)
            return then

        said(self.told, act)
        self._follow(what)
        self.refresh()

    def _follow(self, what: str) -> None:
        """Offer the stage that comes next after one is closed, and the one that the room is at after a step back."""
        state = self._state()
        number = state.number(state.now)
        if what == "close" and number < len(state.stages):
            self.which.value = state.stages[number].id
        if what == "back" and state.now:
            self.which.value = state.now

    def _reveal(self) -> None:
        state = self._state()
        if state.now in state.revealed:
            self._do("hide", state.now, "Colleagues no longer see each other's answers.")
        else:
            self._do("reveal", state.now, "Colleagues of one organization see each other's answers now.")

    def _helped(self, _: str, person: str) -> None:
        self._do("helped", person, "The hand is down.")

    def _end(self) -> None:
        if self._sure:
            self._do("end", "", "The workshop has ended. Drafts can still be taken home.")
        self._ask(not self._sure)

    def _go_on(self) -> None:
        self._ask(False)

    def _ask(self, sure: bool) -> None:
        self._sure = sure
        self.end.description = END_SURE if sure else END
        show_if(sure, self.keep)


def now_blocks(state: ConsoleState, *, instruction: bool = False) -> Blocks:
    """Return where the room is and the clock, for the page and the projector alike."""
    card = state.card(state.now)
    if card is None:
        return [stage_block("No stage is open yet", "waiting", "Phones show a welcome until you open one.")]
    title = f"{state.number(card.id)}. {card.title}"
    shown = stage_block(title, state.state, STATES[state.state], card.instruction if instruction else "")
    return [shown, timer(state.deadline, "Time left"), *_typing(state)]


def _typing(state: ConsoleState) -> Blocks:
    if not state.here:
        return []
    phones = "1 phone" if state.here == 1 else f"{state.here} phones"
    return [text(f"{state.typing} still typing, {phones} connected.", "quiet")]


def tally_blocks(state: ConsoleState) -> Blocks:
    """Return how far each organization is, in type for the back row; no content."""
    items = [(name, sum(each != "open" for each in row_), len(row_)) for name, row_ in state.states.items()]
    return (
        [tally("Questions answered", items, state.paper)] if items else [text("No organization is here yet.", "quiet")]
    )


def _room(state: ConsoleState, card: StageCard | None) -> Blocks:
    count = f"{len(state.states)} organizations, {state.people} people have joined."
    progress = [heading("Progress"), text(count, "quiet"), progress_block(state.columns, state.states, state.paper)]
    return [*_script(state, card), *_cards(state), *progress]


def _cards(state: ConsoleState) -> Blocks:
    """Return the discussion cards and what to say when something comes up, each folded away."""
    told = (("Stories to talk about", ALOUD, state.stories), ("When something comes up", "", state.help))
    shown = ((title, lead, [(each, 0, words) for each, words in cards]) for title, lead, cards in told if cards)
    return [say(title, lead, items, unfolded=False) for title, lead, items in shown]


ALOUD = "Made-up stories. Read one aloud. Then ask: how would a client feel, a judge, a colleague?"


def _script(state: ConsoleState, card: StageCard | None) -> Blocks:
    """Return what to say to a stage: in view until it is open, then folded away."""
    if card is None:
        return []
    unfolded = state.now != card.id or state.state == "waiting"
    return [say(f"What to say: {card.title}", card.instruction, card.steps, unfolded=unfolded)]
