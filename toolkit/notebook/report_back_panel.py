"""The panel of the report-back: show or hide the lines, group them, vote, and give turns."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ipywidgets as widgets

from toolkit.answers.model import Organization, Position
from toolkit.documents.charts import REASON_FOR_HIDING
from toolkit.errors import WorkshopError
from toolkit.facilitation import report_back, report_back_views
from toolkit.facilitation.report_back import Entry, ReportBack
from toolkit.facilitation.report_back_views import Reported
from toolkit.notebook.all_positions import all_positions
from toolkit.notebook.blocks import (
    Block,
    Blocks,
    Point,
    dots,
    empty,
    facts,
    heading,
    lines,
    ranks,
    stage_block,
    table_block,
    text,
    timer,
    turns,
)
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
    row,
    show_if,
)
from toolkit.notebook.room_pictures import room_pictures
from toolkit.storage.store import new_id
from toolkit.workshop.facade import Workshop

SOON_SECONDS = 10
FIRST_STEPS = ("Organization", "First step", "Who", "By when", "If", "Who asks")


@dataclass(frozen=True, slots=True)
class Column:
    """One question of the report-back: what stands there, and how many kept their words to themselves."""

    id: str
    title: str
    points: tuple[Point, ...]
    kept: int = 0


@dataclass(frozen=True, slots=True)
class ReportState:
    """How the report-back stands; `waiting` has (organization, answered, released) while the board is blind.

    `vote` is "", "open" or "closed", `voted` how many have given dots, `result` the points in their order
    as the room may see them, `voting` the column that is voted on.
    `speaks` are the lines of who has the floor, when that organization has released them.
    """

    shown: bool = False
    vote: str = ""
    voted: int = 0
    votes_shown: bool = False
    columns: tuple[Column, ...] = ()
    room_dots: tuple[tuple[str, str, int], ...] = ()
    waiting: tuple[tuple[str, bool, bool], ...] = ()
    top: tuple[tuple[str, int], ...] = ()
    result: tuple[Mapping[str, object], ...] = ()
    voting: str = ""
    order: tuple[tuple[str, str], ...] = ()
    speaker: str = ""
    speaks: tuple[tuple[str, str], ...] = ()
    deadline: datetime.datetime | None = None
    steps: tuple[tuple[str, ...], ...] = ()
    pictures: tuple[Block, ...] = field(default=())


class ReportBoard:
    """The report-back board.

    `act` has "show", "hide", "open_vote", "close_vote", "votes", "hide_votes", "next", "back", "stop", "shuffle",
    "apart" (a group's id), "dot" ("+" or "-" and a point's id); `gather` is given a title and point ids.
    """

    def __init__(
        self,
        state: Callable[[], ReportState],
        act: Act,
        gather: Callable[[str, Sequence[str]], None],
        make: Make,
    ) -> None:
        self._state, self._act, self._gather = state, act, gather
        self.selected: list[str] = []
        self.name = widgets.Text(description="What the chosen ones have in common", placeholder="")
        self.messages = confirmations(make)
        self.board, self.voting = (make([], reports_faults(self.messages, self._chose)) for _ in range(2))
        self.speaking, self.pictures = make([], None), make([], None)
        self._make_buttons()
        title = make([heading("Report back")], None)
        shows, voting = row(self.show, self.vote, self.votes), desk(self.voting)
        grouping = desk(self.name, row(self.group, self.apart))
        speaks = row(self.next, self.back, self.stop, self.shuffle)
        self.widget = desk(
            title, self.messages, shows, speaks, self.speaking, grouping, self.board, voting, self.pictures
        )
        self._grouping, self._voting = grouping, voting
        self.refresh()

    def _make_buttons(self) -> None:
        self.show = self._second("Show the released lines", self._toggle_board)
        self.vote = self._second("Open the vote", self._toggle_vote)
        self.votes = self._second("Show the votes", self._toggle_votes)
        self.group = self._second("Group these", self._group)
        self.apart = self._second("Take apart", self._take_apart)
        self.next = self._second("Next speaker", lambda: self._do("next", "", "The clock runs."))
        self.back = self._second("Back to the one before", lambda: self._do("back", "", "One back."))
        self.stop = self._second("Stop the clock", lambda: self._do("stop", "", "The clock is gone."))
        self.shuffle = self._second("Draw another order", lambda: self._do("shuffle", "", "A new order."))

    def _second(self, words: str, press: Callable[[], None]) -> Any:
        return button(words, self.messages, press, second=True)

    def refresh(self) -> None:
        """Show how things stand now."""
        draw_page(self.messages, self._draw)

    def _draw(self) -> None:
        state = self._state()
        ids = {point.id for column in state.columns for point in column.points}
        self.selected = [id_ for id_ in self.selected if id_ in ids]
        self.board.show([*_columns(state, self.selected), *_released(state)])
        self.voting.show(_voting(state))
        self.speaking.show(_speaking(state))
        self.pictures.show([*_steps(state), heading("Pictures of the room"), *state.pictures])
        self._enable(state)

    def _enable(self, state: ReportState) -> None:
        self.show.description = "Hide the board again" if state.shown else "Show the released lines"
        self.group.disabled = len(self.selected) < 2
        self.apart.disabled = not any(p.id in self.selected and p.is_group for c in state.columns for p in c.points)
        self.back.disabled, self.stop.disabled = not state.speaker, not state.deadline
        self.next.disabled = "next" not in (turn for _, turn in state.order)
        self._enable_votes(state)
        show_if(state.shown, self._grouping, self._voting)
        primary = next_step(state, len(self.selected))
        for step in ("show", "next", "group", "vote", "votes"):
            emphasize(step == primary, getattr(self, step))

    def _enable_votes(self, state: ReportState) -> None:
        is_open = state.vote == "open"
        self.vote.description = "Close the vote" if is_open else "Open the vote"
        self.vote.disabled = not (is_open or (state.shown and state.room_dots))
        self.votes.description = "Hide the votes again" if state.votes_shown else "Show the votes"
        self.votes.disabled = not (state.shown or state.votes_shown)

    def _chose(self, what: str, value: str) -> None:
        if what in ACTIONS:
            ACTIONS[what](self, value)

    def _pick(self, value: str) -> None:
        self.selected = (
            [id_ for id_ in self.selected if id_ != value] if value in self.selected else [*self.selected, value]
        )
        self.refresh()

    def _drop(self, value: str) -> None:
        """One point was dragged onto another: group the two."""
        self.selected = value.split("|")[:2]
        self._group()

    def _dot(self, value: str) -> None:
        self._do("dot", value, "Kept.")

    def _group(self) -> None:
        def act() -> str:
            self._gather(self.name.value, self.selected)
            self.selected, self.name.value = [], ""
            return "Grouped."

        confirm(self.messages, act)
        self.refresh()

    def _take_apart(self) -> None:
        for id_ in self.selected:
            self._do("apart", id_, "Taken apart. The answers stand alone again.")

    def _toggle_board(self) -> None:
        what = "hide" if self._state().shown else "show"
        self._do(what, "", STATUS_TEXTS[what])

    def _toggle_vote(self) -> None:
        what = "close_vote" if self._state().vote == "open" else "open_vote"
        self._do(what, "", STATUS_TEXTS[what])

    def _toggle_votes(self) -> None:
        what = "hide_votes" if self._state().votes_shown else "votes"
        self._do(what, "", STATUS_TEXTS[what])

    def _do(self, what: str, value: str, then: str) -> None:
        def act() -> str:
            self._act[what](value)
            return then

        confirm(self.messages, act)
        self.refresh()


STATUS_TEXTS = {
    "show": "The board shows the lines that were released, and no others.",
    "hide": "The board is hidden again.",
    "open_vote": "The vote is open: every phone and every table can give three dots now.",
    "close_vote": "The vote is closed. No one sees the result until you show it.",
    "votes": "Everyone can see the result of the vote now.",
    "hide_votes": "The result of the vote is hidden again.",
}
ACTIONS: dict[str, Callable[[ReportBoard, str], None]] = {
    "pick": ReportBoard._pick,
    "drop": ReportBoard._drop,
    "dot": ReportBoard._dot,
}


def next_step(state: ReportState, selected: int) -> str:
    """Return what the facilitator does next: "show", "next", "group", "vote" or "votes"; "" when all of it is done.

    First everyone sees the lines, then each organization speaks, then the room votes and sees the result; two answers
    that are selected are to be grouped. `selected` is how many are.
    """
    someone_is_next = any(turn == "next" for _, turn in state.order)
    can_vote = bool(state.room_dots)
    steps = {
        "show": not state.shown,
        "group": selected > 1,
        "votes": state.vote == "closed" and not state.votes_shown,
        "vote": state.vote == "open" or (can_vote and not state.vote and not someone_is_next),
        "next": someone_is_next,
    }
    return next((step for step, is_due in steps.items() if is_due), "")


def need_two(points: Sequence[str]) -> None:
    """Raise a WorkshopError when there are not two points to group."""
    if len(points) < 2:
        raise WorkshopError("choose at least two answers", mend="Tick them, then press “Group these”.")


def need_one_question(questions: Sequence[str]) -> None:
    """Raise a WorkshopError when points of several questions would come into one group."""
    if len(set(questions)) > 1:
        raise WorkshopError("these answer different questions", mend="Choose answers of one column.")


def need_name(name: str) -> None:
    """Raise a WorkshopError when a group would have no name."""
    if not name:
        raise WorkshopError("the group needs a name", mend="Write what they have in common, then group them.")


def _columns(state: ReportState, selected: Sequence[str] | None) -> Blocks:
    if not state.shown:
        return _blind(state)
    return [_column(column, selected) for column in state.columns]


def _hidden_count(count: int) -> str:
    if not count:
        return ""
    one = "One more answered and kept its words to itself."
    return one if count == 1 else f"{count} more answered and kept their words to themselves."


def _released(state: ReportState) -> Blocks:
    """Return who let the room see their words, and who did not."""
    if not (state.shown and state.waiting):
        return []
    names = {yes: ", ".join(name for name, _, released in state.waiting if released is yes) for yes in (True, False)}
    waiting = f" Not yet: {names[False]}." if names[False] else ""
    return [text(f"Released: {names[True] or 'nobody yet'}.{waiting}", "quiet")]


def _column(column: Column, selected: Sequence[str] | None) -> Block:
    return lines("pick", column.title, _hidden_count(column.kept), column.points, selected)


def _blind(state: ReportState) -> Blocks:
    if not state.waiting:
        return [empty("No organization is here yet.", "The board fills when organizations answer the last stage.")]
    rows = [
        (name, _chip(answered, "Answered", "Not yet"), _chip(released, "Released", "Kept"))
        for name, answered, released in state.waiting
    ]
    words = f"The board is hidden: no answer is on the projector. {RELEASING}"
    return [text(words, "quiet"), table_block("Who is ready", ("Organization", "Three lines", "For the room"), rows)]


RELEASING = "Each organization releases its own lines, on its phones or on page 3. Report back."


def _chip(yes: bool, then: str, otherwise: str) -> dict[str, str]:
    return {"state": "answered" if yes else "open", "words": then if yes else otherwise}


def _voting(state: ReportState) -> Blocks:
    if not state.shown or not state.room_dots:
        return []
    words = (
        "Hands counted aloud? Enter those dots here. They are added to the dots from phones and tables, which these "
        "numbers do not show."
    )
    return [
        heading("The vote"),
        text(f"{VOTE[state.vote]} {_voted(state)}".strip(), "" if state.vote == "open" else "quiet"),
        {**dots("dot", "Dots counted aloud", words, state.room_dots, 999), "unit": "counted aloud"},
        *_top(state),
    ]


VOTE = {
    "": "The vote is not open yet. Group what is alike first: then open it.",
    "open": "The vote is open. Phones and tables give three dots each; nobody sees how they stand.",
    "closed": "The vote is closed.",
}


def _voted(state: ReportState) -> str:
    return f"{state.voted} {'has' if state.voted == 1 else 'have'} voted." if state.vote else ""


def _top(state: ReportState) -> Blocks:
    if not state.votes_shown:
        return []
    rows = [(title, str(count)) for title, count in state.top]
    return [table_block("The hardest, as the room sees it", ("Point", "Dots"), rows)] if rows else []


def _speaking(state: ReportState) -> Blocks:
    if not state.order:
        return []
    now = text(f"{state.speaker} has the floor.", "good") if state.speaker else text("Nobody speaks yet.", "quiet")
    return [
        heading("Who speaks when"),
        now,
        timer(state.deadline, "Time to speak", SOON_SECONDS),
        turns("Speaking order", state.order),
    ]


def _steps(state: ReportState) -> Blocks:
    if not (state.shown and state.steps):
        return []
    used = [index for index in range(len(FIRST_STEPS)) if any(step[index] for step in state.steps)]
    rows = [[step[index] for index in used] for step in state.steps]
    columns = [FIRST_STEPS[index] for index in used]
    return [heading("First steps"), table_block("What each organization does first", columns, rows)]


def projector_blocks(state: ReportState) -> Blocks:
    """Return the report-back for the back row: who speaks, with the clock; else the top five, or the board."""
    if state.speaker and state.deadline:
        return [stage_block_of(state), timer(state.deadline, "Time to speak", SOON_SECONDS), *_speaker_lines(state)]
    if state.votes_shown and state.result:
        return [heading(RESULT), *result_blocks(RESULT, state.result)]
    return [*_call(state), *_columns_for_room(state)] if state.shown else [_waiting(state)]


def _call(state: ReportState) -> Blocks:
    if state.vote != "open":
        return []
    return [
        stage_block("The vote is open", "open", f"Three dots each, on your phone or at your table. {_voted(state)}")
    ]


def _columns_for_room(state: ReportState) -> Blocks:
    """Return the columns for the room; while it votes, the one that it votes on."""
    return [_column(column, None) for column in state.columns if state.vote != "open" or column.id == state.voting]


def _waiting(state: ReportState) -> Block:
    ready, of = sum(released for _, _, released in state.waiting), len(state.waiting)
    return stage_block("Report back", "waiting", BLIND, f"{ready} of {of} organizations are ready." if of else "")


def _speaker_lines(state: ReportState) -> Blocks:
    return [facts(state.speaks)] if state.shown and state.speaks else []


def result_blocks(label: str, result: Sequence[Mapping[str, object]]) -> Blocks:
    """Return the points in the order of their dots, and why a count among them is hidden."""
    hidden = any(each["share"] is None for each in result)
    return [ranks(label, result), *([text(REASON_FOR_HIDING, "quiet")] if hidden else [])]


RESULT = "What the room finds hardest"
BLIND = "Easiest, hardest, first step: each organization shows its own three lines when it is ready."


def stage_block_of(state: ReportState) -> Block:
    """Return who has the floor, and who is next."""
    following = next((name for name, turn in state.order if turn == "next"), "")
    return stage_block(state.speaker, "open", "has the floor", f"Next: {following}" if following else "")


AllPositions = Mapping[Organization, Mapping[str, Position]]


@dataclass(frozen=True, slots=True)
class OnBoard:
    """The report-back of one workshop at one moment, with what organizations hold: to say who is ready."""

    room: Reported
    held: AllPositions

    @property
    def back(self) -> ReportBack:
        """What happened so far."""
        return self.room.back

    def state(self, charts: tuple[Block, ...] = ()) -> ReportState:
        """Return what the board shows."""
        hardest = self.room.entries(self.room.vote_question)
        own = report_back.own_dots(self.back, report_back.ROOM_VOTER, hardest)
        names = {organization.id: organization.name for organization in self.held}
        top = report_back.top(hardest)
        return ReportState(
            shown=self.back.shown,
            vote=self.back.vote,
            voted=self.back.voted,
            votes_shown=self.back.votes_shown,
            columns=tuple(self._column(*line) for line in self.room.lines) if self.back.shown else (),
            room_dots=ballot(hardest, own),
            waiting=tuple(self._waiting()),
            top=tuple((entry.title, entry.dots) for entry in top),
            result=tuple(report_back_views.result_view(self.room)),
            voting=self.room.vote_question,
            order=tuple(self._order(names)),
            speaker=names.get(self.back.speaker, ""),
            speaks=tuple(self._speaks()),
            deadline=self.back.deadline,
            steps=tuple(self._steps()),
            pictures=charts,
        )

    def _column(self, question: str, title: str) -> Column:
        points = tuple(self._point(entry) for entry in self.room.entries(question))
        hidden = sum(
            self._answered(organization, question)
            for organization in self.held
            if organization.id not in self.back.released
        )
        return Column(question, title, points, hidden)

    def _answered(self, organization: Organization, question: str) -> bool:
        return self.held[organization][question].value is not None

    def _point(self, entry: Entry) -> Point:
        votes = report_back.question_of(entry.lines[0].point) == self.room.vote_question and self.back.votes_shown
        lines = tuple((line.organization, line.words) for line in entry.lines)
        return Point(entry.id, entry.title, lines, entry.dots if votes else None, entry.is_group)

    def _waiting(self) -> Iterator[tuple[str, bool, bool]]:
        for organization in self.held:
            answered = all(self._answered(organization, question) for question, _ in self.room.lines)
            yield organization.name, answered, organization.id in self.back.released

    def _order(self, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        speaking = report_back.order(self.back, names)
        earlier = [turn for turn in self.back.turns if turn in names]
        for organization in (*earlier, *(one for one in speaking if one not in earlier)):
            yield (
                names[organization],
                "now" if organization == self.back.speaker else "done" if organization in earlier else "next",
            )

    def _speaks(self) -> Iterator[tuple[str, str]]:
        lines = ((title, self.room.words(self.back.speaker, question)) for question, title in self.room.lines)
        yield from (pair for pair in lines if pair[1])

    def _steps(self) -> Iterator[tuple[str, ...]]:
        for organization in self.room.released:
            row = tuple(self.room.words(organization.id, question) for question in self.room.steps)
            if row[0]:
                yield (organization.name, *row)


def ballot(standing: Sequence[Entry], own: Mapping[str, int]) -> tuple[tuple[str, str, int], ...]:
    """Return what can be voted on: id, title, own dots; an answer alone says whose it is, as two may be the same."""
    return tuple((entry.id, _whose(entry), own.get(entry.id, 0)) for entry in standing)


def _whose(entry: Entry) -> str:
    return entry.title if entry.is_group else f"{entry.title} ({entry.lines[0].organization})"


def report_board(workshop: Workshop, show_scene: Callable[[str], None]) -> ReportBoard:
    """Return this part of the page; `show_scene` lets the projector show something else."""
    record = workshop.record
    actions = {
        "show": lambda _: record(report_back.show()),
        "hide": lambda _: record(report_back.show(yes=False)),
        "open_vote": lambda _: _open_vote(workshop, show_scene),
        "close_vote": lambda _: record(report_back.close_vote()),
        "votes": lambda _: record(report_back.show_votes()),
        "hide_votes": lambda _: record(report_back.show_votes(yes=False)),
        "next": lambda _: _call_next(workshop, show_scene),
        "back": lambda _: record(report_back.call_back()),
        "stop": lambda _: record(report_back.stop_clock()),
        "shuffle": lambda _: record(report_back.shuffle(new_id())),
        "apart": lambda id_: record(report_back.take_apart(id_)),
        "dot": lambda value: _count_aloud(workshop, value),
    }
    return ReportBoard(
        lambda: report_state(workshop), actions, lambda title, selected: _gather(workshop, title, selected), Board
    )


def report_state(workshop: Workshop) -> ReportState:
    """Return what the board shows."""
    positions = all_positions(workshop)
    charts = tuple(picture.as_block() for picture in room_pictures(workshop, positions))
    return OnBoard(workshop.report_back.reported(), positions).state(charts)


def _open_vote(workshop: Workshop, show_scene: Callable[[str], None]) -> None:
    workshop.record(report_back.open_vote())
    show_scene("report_back")


def _call_next(workshop: Workshop, show_scene: Callable[[str], None]) -> None:
    back = workshop.report_back.reported().back
    who = report_back.following(back, [organization.id for organization in workshop.organizations])
    if who:
        workshop.record(report_back.call(who, datetime.datetime.now(datetime.UTC)))
        show_scene("report_back")


def _count_aloud(workshop: Workshop, value: str) -> None:
    own = ballot_after(workshop.report_back.reported(), report_back.ROOM_VOTER, value)
    workshop.record(report_back.vote(report_back.ROOM_VOTER, own))


def _gather(workshop: Workshop, title: str, selected: Sequence[str]) -> None:
    """Pull what was picked into one group: the first group among it grows, or a new one is made."""
    need_two(selected)
    groups = workshop.report_back.reported().back.groups
    points = [point for id_ in selected for point in (groups[id_].points if id_ in groups else (id_,))]
    need_one_question([report_back.question_of(point) for point in points])
    into = next((groups[point] for point in selected if point in groups), None)
    named = title.strip() or (into.title if into else "")
    need_name(named)
    workshop.record(report_back.gather(into.id if into else new_id(), named, points))


def ballot_after(reported: Reported, voter: str, value: str) -> dict[str, int]:
    """Return a voter's ballot with one dot more or less: "+" or "-" and a point's id."""
    own = report_back.own_dots(reported.back, voter, reported.entries(reported.vote_question))
    sign, id_ = value[:1], value[1:]
    return own | {id_: max(0, own.get(id_, 0) + (1 if sign == "+" else -1))}
