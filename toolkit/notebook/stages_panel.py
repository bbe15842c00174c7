"""The panel of the stages: open and close them, the clock, help requests, who types and who has answered."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from toolkit.answers import progress
from toolkit.answers.model import Organization, Position
from toolkit.facilitation import stages
from toolkit.facilitation.invitation import Attendance
from toolkit.facilitation.stages import Room
from toolkit.notebook.all_positions import Positions, all_positions
from toolkit.notebook.blocks import (
    Blocks,
    done_of,
    hands,
    heading,
    progress_block,
    say,
    stage_block,
    tally,
    text,
    timer,
)
from toolkit.notebook.board_widget import Board
from toolkit.notebook.controls import (
    Act,
    Chooser,
    Make,
    button,
    confirm,
    confirmations,
    desk,
    draw_page,
    reports_faults,
    row,
    show_if,
)
from toolkit.worksheets.model import DEPTH_OF_MINUTES, AgendaStep, Stage, Worksheet
from toolkit.workshop.facade import Workshop

STATES = {
    "waiting": "Not opened yet",
    "open": "Open: people are writing",
    "closing": "Closing softly: finish your sentence",
    "closed": "Closed: answers can still be changed",
}
ENDED = "The workshop has ended", "Phones can no longer save answers. Drafts can still be downloaded."
"""What stands in the place of the stage and its clock once the workshop has ended."""

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

    `stories` are cards to talk about, `help` what to say when something comes up: a title and its words;
    `shown_anyway` is on how many questions of the stage people showed each other their answers themselves.
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
    shared_devices: int = 0
    hands: tuple[tuple[str, str], ...] = ()
    ended: bool = False
    columns: tuple[str, ...] = ()
    states: Mapping[str, Sequence[str]] = field(default_factory=dict)
    paper: frozenset[str] = frozenset()
    stories: tuple[tuple[str, str], ...] = ()
    help: tuple[tuple[str, str], ...] = ()
    shown_anyway: int = 0

    @property
    def runs(self) -> bool:
        """Whether a stage is open, or closing."""
        return not self.ended and self.state in ("open", "closing")

    @property
    def offered(self) -> str:
        """The stage to open next, until the facilitator picks another: the one after a closed one, else this one."""
        number = self.number(self.now)
        follows = self.state == "closed" and number < len(self.stages)
        return self.stages[number if follows else max(number - 1, 0)].id

    def card(self, id_: str) -> StageCard | None:
        """Return a stage by its id."""
        return next((stage for stage in self.stages if stage.id == id_), None)

    def number(self, id_: str) -> int:
        """Return which stage it is, counted from 1."""
        return next((number for number, stage in enumerate(self.stages, 1) if stage.id == id_), 0)


class Console:
    """The room's console.

    `act` has "open", "close_softly", "close", "reveal", "hide" (a stage's id), "back", "more" (minutes), "stop",
    "helped" (a person's id) and "end".
    """

    def __init__(self, state: Callable[[], ConsoleState], act: Act, make: Make) -> None:
        self._state, self._act = state, act
        self.now, self.messages, self.room = make([], None), confirmations(make), make([], None)
        self.hands = make([], reports_faults(self.messages, self._helped))
        self._make_buttons()
        head = row(self.now, self.hands)
        head.add_class("pw-head")
        stages = row(self.open, self.close_softly, self.close, self.back, self.reveal)
        clock = row(self.two_more, self.five_more, self.stop, self.end, self.keep)
        self.widget = desk(head, self.which.widget, stages, clock, self.messages, self.room)
        self._at: tuple[str, str] = "", ""
        self.refresh()

    def _make_buttons(self) -> None:
        self.which = Chooser("Which stage", self.messages, self.refresh)
        self.open = self._button("Open", lambda: self._do("open", self.which.value, "Phones turn to this stage."))
        self.open.add_class("pw-wide")
        self.open.remove_class("pw-second")
        self.close_softly = self._for_now("Close softly", "close_softly", "Phones say: finish your sentence.")
        self.close = self._for_now("Close", "close", "Closed. Nothing that was typed is lost.")
        went = "One step back. Nothing that was typed changed."
        self.back = self._button("Back", lambda: self._do("back", "", went))
        self.reveal = self._button("Show each other", self._reveal)
        self.two_more = self._button("+2 minutes", lambda: self._do("more", "2", "Two minutes more."))
        self.five_more = self._button("+5 minutes", lambda: self._do("more", "5", "Five minutes more."))
        self.stop = self._button("Stop the clock", lambda: self._do("stop", "", "The clock is gone."))
        self.end, self.keep = self._button(END, self._end), self._button("No, go on", self._go_on)
        self.end.add_class("pw-apart")
        self._sure = False

    def _button(self, words: str, press: Callable[[], None]) -> Any:
        return button(words, self.messages, press, second=True)

    def _for_now(self, words: str, what: str, then: str) -> Any:
        return self._button(words, lambda: self._do(what, self._state().now, then))

    def refresh(self) -> None:
        """Show how things stand now."""
        draw_page(self.messages, self._draw)

    def _draw(self) -> None:
        state = self._state()
        if self._at != (state.now, state.state):  # the room moved on: what was picked before it did is old
            self._at, self.which.choice = (state.now, state.state), None
        stages = [(f"{number}. {stage.title}", stage.id) for number, stage in enumerate(state.stages, 1)]
        self.which.offer(stages, state.offered)
        self.now.show(now_blocks(state))
        self.hands.show([hands("helped", state.hands)])
        self.room.show(_room(state, state.card(self.which.value)))
        self._enable(state)

    def _enable(self, state: ConsoleState) -> None:
        self._enable_stage(state)
        self.reveal.disabled = state.ended or not state.now
        self.reveal.description = "Hide again" if state.now in state.revealed else "Show each other"
        self.two_more.disabled = self.five_more.disabled = not state.runs
        self.stop.disabled = not (state.runs and state.deadline)
        self._sure = self._sure and not state.ended
        self.end.description = END_SURE if self._sure else END
        show_if(not state.ended, self.end)
        show_if(self._sure, self.keep)

    def _enable_stage(self, state: ConsoleState) -> None:
        """Enable the buttons that open and close the chosen stage."""
        is_now = state.now == self.which.value
        again = is_now and state.state in ("closing", "closed")
        self.open.description = f"Open stage {state.number(self.which.value)} {'again' if again else 'for everybody'}"
        self.open.disabled = state.ended or (is_now and state.state == "open")
        self.close_softly.disabled = state.ended or state.state != "open"
        self.close.disabled = not state.runs
        self.back.disabled = state.ended or not state.can_go_back

    def _do(self, what: str, value: str, then: str) -> None:
        def act() -> str:
            self._act[what](value)
            return then

        confirm(self.messages, act)
        self.refresh()

    def _reveal(self) -> None:
        state = self._state()
        if state.now in state.revealed:
            self._do("hide", state.now, hidden(state.shown_anyway))
        else:
            self._do("reveal", state.now, REVEALED_SENTENCE)

    def _helped(self, _: str, person: str) -> None:
        self._do("helped", person, "Marked as helped.")

    def _end(self) -> None:
        if self._sure:
            self._do("end", "", "The workshop has ended. Drafts can still be downloaded.")
        self._ask(not self._sure)

    def _go_on(self) -> None:
        self._ask(False)

    def _ask(self, sure: bool) -> None:
        self._sure = sure
        self.refresh()


REVEALED_SENTENCE = "People of one organization see each other's answers to this stage now."


def hidden(shown_anyway: int) -> str:
    """Return what is true after "Hide again": what people showed each other themselves stays visible to them."""
    if not shown_anyway:
        return "People no longer see their colleagues' answers to this stage."
    many = "1 question" if shown_anyway == 1 else f"{shown_anyway} questions"
    return f"Hidden, except for {many} on which people showed each other their answers themselves."


def now_blocks(state: ConsoleState, *, instruction: bool = False) -> Blocks:
    """Return where the room is and the clock, for the page and the projector alike."""
    card = state.card(state.now)
    if state.ended:
        return [stage_block(ENDED[0], "closed", ENDED[1])]
    if card is None:
        welcome = stage_block("No stage is open yet", "waiting", "Phones show a welcome until you open one.")
        return [welcome, *([] if instruction else _typing(state))]
    title = f"{state.number(card.id)}. {card.title}"
    block = stage_block(title, state.state, STATES[state.state], card.instruction if instruction and state.runs else "")
    return [block, *([timer(state.deadline, "Time left")] if state.runs else []), *_typing(state)]


def _typing(state: ConsoleState) -> Blocks:
    """Return who is connected; the line is always there, so that nothing moves when the first phone comes."""
    phones = "1 phone" if state.here == 1 else f"{state.here} phones"
    return [text(f"{state.typing} still typing, {phones} connected.", "quiet")]


def tally_blocks(state: ConsoleState) -> Blocks:
    """Return how far each organization is, in type for the back row; no content."""
    items = [(name, *done_of(row_)) for name, row_ in state.states.items()]
    if not items:
        return [text("No organization is here yet.", "quiet")]
    return [tally("Questions answered", items, state.paper), text(SCOPE_OF_COUNT, "quiet")]


SCOPE_OF_COUNT = "Questions answered in the whole workshop. A phone counts one part of it."
"""What the counts beside the names are out of: people see the count of one page on their own screens."""


def _room(state: ConsoleState, card: StageCard | None) -> Blocks:
    organizations = "1 organization" if len(state.states) == 1 else f"{len(state.states)} organizations"
    count = f"{organizations}, {Attendance('', state.people, state.shared_devices).words} joined."
    progress = [heading("Progress"), text(count, "quiet"), progress_block(state.columns, state.states, state.paper)]
    return [*_script(state, card), *_cards(state), *progress]


def _cards(state: ConsoleState) -> Blocks:
    """Return the discussion cards and what to say when something comes up, each folded away."""
    groups = (("Stories to talk about", STORY_HELP, state.stories), ("When something comes up", "", state.help))
    blocks = ((title, lead, [(card, 0, words) for card, words in cards]) for title, lead, cards in groups if cards)
    return [say(title, lead, items, unfolded=False) for title, lead, items in blocks]


STORY_HELP = "Made-up stories. Read one aloud. Then ask: how would a client feel, a judge, a colleague?"


def _script(state: ConsoleState, card: StageCard | None) -> Blocks:
    """Return what to say to a stage: in view until it is open, then folded away."""
    if card is None:
        return []
    unfolded = state.now != card.id or state.state == "waiting"
    return [say(f"What to say: {card.title}", card.instruction, card.steps, unfolded=unfolded)]


def console(workshop: Workshop, show_scene: Callable[[str], None]) -> Console:
    """Return this part of the page; `show_scene` lets the projector show something else."""
    record = workshop.record
    actions = {
        "open": lambda stage: _open(workshop, stage, show_scene),
        "close_softly": lambda stage: record(stages.close_softly(stage)),
        "close": lambda stage: record(stages.close_stage(stage)),
        "back": lambda _: _back(workshop),
        "reveal": lambda stage: record(stages.reveal(stage)),
        "hide": lambda stage: record(stages.reveal(stage, yes=False)),
        "more": lambda minutes: record(stages.more_time(workshop.state.room, float(minutes), _now())),
        "stop": lambda _: record(stages.stop_timer(workshop.state.room.now.stage)),
        "helped": lambda person: record(stages.ask_help(person, yes=False)),
        "end": lambda _: record(stages.end()),
    }
    return Console(lambda: console_state(workshop), actions, Board)


def console_state(workshop: Workshop) -> ConsoleState:
    """Return how the room stands, with who has answered what."""
    held, room = all_positions(workshop), workshop.state.room
    questions = progress.columns(workshop.worksheet, workshop.settings.depth, held.values())
    states = {
        each.name: _states(workshop, room, each, positions, [one.id for one in questions])
        for each, positions in held.items()
    }
    paper = frozenset(organization.name for organization in held if room.is_on_paper(organization.id))
    return replace(
        now_state(workshop), columns=tuple(question.ask for question in questions), states=states, paper=paper
    )


def _states(
    workshop: Workshop, room: Room, organization: Organization, positions: Positions, columns: Sequence[str]
) -> list[str]:
    """Return how far an organization is with each question, "" for what it is not asked."""
    states = {
        question.id: _standing(room, organization, stage.id, positions[question.kept_as])
        for stage in workshop.worksheet.stages
        for question in progress.asked_of(stage, workshop.settings.depth, positions)
    }
    return [states.get(column, "") for column in columns]


def now_state(workshop: Workshop) -> ConsoleState:
    """Return how the room stands, without who has answered what: that is the work of a look."""
    room, sheet = workshop.state.room, workshop.worksheet
    stage = stage_of(sheet, room)
    state = room.now.state if stage else "waiting"
    return ConsoleState(
        stages=tuple(stage_cards(sheet, workshop.settings.minutes)),
        now=stage.id if stage else "",
        state=state,
        deadline=room.deadline if state in ("open", "closing") and not room.ended else None,
        revealed=room.revealed,
        can_go_back=bool(room.moments),
        typing=room.typing,
        here=room.here,
        people=len(workshop.roster.people),
        shared_devices=workshop.roster.shared_devices.total(),
        hands=tuple(_hands(workshop, room)),
        ended=room.ended,
        stories=tuple(_stories(sheet)),
        help=tuple((script.title, script.say) for script in sheet.scripts),
        shown_anyway=_shown_by_people(room, stage) if stage else 0,
    )


def _hands(workshop: Workshop, room: Room) -> Iterator[tuple[str, str]]:
    """Yield whose hands are up: a person's, or that of a table that shares one device."""
    names = {organization.id: organization.name for organization in workshop.organizations}
    people = {person.id: f"{names[person.organization]}, {person.name}" for person in workshop.roster.people}
    labels = names | {id_: text.removesuffix(", ") for id_, text in people.items()}
    yield from ((id_, labels[id_]) for id_ in room.needs_help if id_ in labels)


def _open(workshop: Workshop, stage: str, show_scene: Callable[[str], None]) -> None:
    """Open a stage with its minutes on the clock; one that is opened again keeps the clock that runs."""
    before = workshop.state.room
    workshop.record(stages.open_stage(stage))
    if before.now.stage != stage or not before.deadline or before.deadline < _now():
        cards = stage_cards(workshop.worksheet, workshop.settings.minutes)
        minutes = next(card.minutes for card in cards if card.id == stage)
        workshop.record(stages.set_timer(stage, minutes, _now()))
    show_scene("clock")


def _back(workshop: Workshop) -> None:
    """Go a step back; a stage that we come back to has the clock that it had."""
    before = workshop.state.room
    workshop.record(stages.go_back())
    stage = workshop.state.room.now.stage
    if stage != before.now.stage:
        workshop.record(stages.timer_as_before(before, stage))


def _standing(room: Room, organization: Organization, stage: str, position: Position) -> str:
    """Return how far one question is, for the board: what was done on paper counts until it is typed in."""
    on_paper = position.status == "open" and room.is_on_paper(organization.id, stage)
    return "paper" if on_paper else position.status


def stage_of(sheet: Worksheet, room: Room) -> Stage | None:
    """Return the stage that the room is at; None before the first, and when the worksheet has no such stage now."""
    return next((stage for stage in sheet.stages if stage.id == room.now.stage), None)


def _shown_by_people(room: Room, stage: Stage) -> int:
    """Return on how many questions of a stage people of some organization showed each other their answers."""
    questions = {question.kept_as for question in stage.questions}
    revealed = {about.partition("/")[2] for about in room.revealed if "/" in about}
    return len(questions if "*" in room.revealed else revealed & questions)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def agenda_steps(sheet: Worksheet, minutes: int) -> Sequence[AgendaStep]:
    """Return the steps of the agenda for so many minutes; without one the stages are the steps."""
    planned = next((agenda.steps for agenda in sheet.agendas if agenda.minutes == minutes), None)
    return planned or [AgendaStep(minutes=stage.minutes, title=stage.title, stage=stage.id) for stage in sheet.stages]


def stage_cards(sheet: Worksheet, minutes: int) -> Iterator[StageCard]:
    """Yield each stage with the steps of the agenda that belong to it."""
    belongs = list(_with_stage(agenda_steps(sheet, minutes), sheet.stages[-1].id))
    for stage in sheet.stages:
        planned = sheet.planned_minutes(stage, DEPTH_OF_MINUTES[minutes])
        planned_steps = tuple((step.title, step.minutes, step.say) for owner, step in belongs if owner == stage.id)
        yield StageCard(stage.id, stage.title, planned, stage.instruction, planned_steps)


def _stories(sheet: Worksheet) -> Iterator[tuple[str, str]]:
    """Yield each discussion card: its title, then the story with what to ask."""
    for card in sheet.scenarios:
        yield card.title, " ".join((card.story, *card.prompts))


def _with_stage(steps: Sequence[AgendaStep], last: str) -> Iterator[tuple[str, AgendaStep]]:
    """Yield each step with the stage it is said for: what belongs to none leads to the one that follows."""
    for index, step in enumerate(steps):
        yield next((later.stage for later in steps[index:] if later.stage), last), step
