"""The state of the report-back, folded from events: hidden or shown, groups, votes, and whose turn it is.

Its law: plain values in, plain values out. Each act returns an event, to be given to `workshop.record`;
nothing is overwritten. On the board stand the very words that their organization released, and no later ones;
dots count while the vote is open, and are never shown meanwhile.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, TypeVar

from toolkit.answers.model import Organization, StoredEvent
from toolkit.facilitation import events
from toolkit.facilitation.events import (
    BallotEvent,
    BoardEvent,
    GroupEvent,
    OrderEvent,
    ReleaseEvent,
    RoomEvent,
    TurnEvent,
    VotesEvent,
    VotingEvent,
)
from toolkit.worksheets.kinds import Value, as_text
from toolkit.worksheets.model import Question

OPEN, CLOSED = "open", "closed"

ROOM_VOTER = "room"
"""Who votes when hands are counted aloud: the facilitator enters the dots of the room."""

DOTS = 3
"""Dots that each voter has: a person with a phone, or a table that shares one device."""

MOST_DOTS = 999
SECONDS = 45
"""How long one organization speaks."""

TOP_COUNT = 5
BACK = "back"


@dataclass(frozen=True, slots=True)
class Group:
    """Answers that the room found alike: a title of the room's own, and the points in it."""

    id: str
    title: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Released:
    """What an organization let the room see: the answers by question, and who said so."""

    by: str = ""
    values: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class ReportBack:
    """How the report-back stands.

    `vote` is "", "open" or "closed"; `ballots` are dots by voter, `turns` the organizations that were called;
    `acts` are the ids of what counted already, by what it was about.
    """

    shown: bool = False
    vote: str = ""
    votes_shown: bool = False
    released: Mapping[str, Released] = field(default_factory=lambda: MappingProxyType({}))
    groups: Mapping[str, Group] = field(default_factory=lambda: MappingProxyType({}))
    ballots: Mapping[str, Mapping[str, int]] = field(default_factory=lambda: MappingProxyType({}))
    seed: str = ""
    turns: tuple[str, ...] = ()
    deadline: datetime.datetime | None = None
    acts: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def voted(self) -> int:
        """How many have given dots; hands counted aloud are nobody's."""
        return sum(any(ballot.values()) for voter, ballot in self.ballots.items() if voter != ROOM_VOTER)

    def did(self, kind: str, about: str, id_: str) -> bool:
        """Return whether an act of this id is there already."""
        return id_ in self.acts.get(f"{kind}/{about}", ())

    @property
    def speaker(self) -> str:
        """The organization whose turn it is, "" before the first."""
        return self.turns[-1] if self.turns else ""


@dataclass(frozen=True, slots=True)
class Line:
    """One answer of one organization to one question of the report-back."""

    point: str
    organization: str
    words: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands on the board: a group, or one answer alone; with its dots."""

    id: str
    title: str
    lines: tuple[Line, ...]
    dots: int
    is_group: bool


def point(question: str, organization: str) -> str:
    """Return the name of one organization's answer to one question."""
    return f"{question}/{organization}"


def question_of(point_: str) -> str:
    """Return the question of a point."""
    return point_.split("/", 1)[0]


# What the room does


def show(*, yes: bool = True) -> RoomEvent:
    """Show the released lines on the board, or make it blind again."""
    return BoardEvent(yes)


def gather(id_: str, title: str, points: Iterable[str]) -> RoomEvent:
    """Pull points together under a title; a group of that id is changed to this."""
    return GroupEvent(id_, title, tuple(points))


def take_apart(id_: str) -> RoomEvent:
    """Let the points of a group stand alone again."""
    return GroupEvent(id_, "", ())


def release(
    organization: str, values: Mapping[str, Value], *, yes: bool = True, by: str = "", id_: str = ""
) -> RoomEvent:
    """Let the room see these answers of an organization, or none of them; the same id again changes nothing."""
    return ReleaseEvent(organization, yes, by, dict(values) if yes else {}, id_)


def open_vote() -> RoomEvent:
    """Let everybody give their dots; dots that were shown are hidden again."""
    return VotingEvent(OPEN)


def close_vote() -> RoomEvent:
    """Take no more dots."""
    return VotingEvent(CLOSED)


def vote(voter: str, dots: Mapping[str, int], id_: str = "") -> RoomEvent:
    """Keep a voter's whole ballot; the latest counts, and the same id again changes nothing."""
    return BallotEvent(voter, dict(dots), id_)


def show_votes(*, yes: bool = True) -> RoomEvent:
    """Show how many dots each point has, or hide it again; a vote that runs is closed by it."""
    return VotesEvent(yes)


def call(organization: str, now: datetime.datetime, seconds: float = SECONDS) -> RoomEvent:
    """Give an organization the floor for some seconds from now on."""
    until = (now + datetime.timedelta(seconds=seconds)).astimezone(datetime.UTC)
    return TurnEvent(organization, until.isoformat(timespec="milliseconds"))


def call_back() -> RoomEvent:
    """Take the last call back."""
    return TurnEvent("", BACK)


def stop_clock() -> RoomEvent:
    """Show no time for the speaker any more."""
    return TurnEvent("", None)


def shuffle(seed: str) -> RoomEvent:
    """Draw another speaking order."""
    return OrderEvent(seed)


# How it stands


def fold(stored: Iterable[StoredEvent], state: ReportBack | None = None) -> ReportBack:
    """Return how the report-back stands after these events; others, and those that say nothing, are let pass."""
    now = state or ReportBack()
    for event in map(events.read, stored):
        now = after(now, event)
    return now


def after(state: ReportBack, event: RoomEvent | None) -> ReportBack:
    """Return how the report-back stands after one event."""
    return FOLDS.get(type(event), _unchanged)(state, event)


def _unchanged(state: ReportBack, _: object) -> ReportBack:
    return state


def _board(state: ReportBack, event: BoardEvent) -> ReportBack:
    return replace(state, shown=event.yes)


Repeatable = TypeVar("Repeatable", BallotEvent, ReleaseEvent)


def _once(act: Callable[[ReportBack, Repeatable], ReportBack]) -> Callable[[ReportBack, Repeatable], ReportBack]:
    """Let an act count once: the same id again, however late, is the same act."""

    def folded(state: ReportBack, event: Repeatable) -> ReportBack:
        if not event.id:
            return act(state, event)
        kind, about, _ = event.row()
        if state.did(kind, about, event.id):
            return state
        key = f"{kind}/{about}"
        acts = {**state.acts, key: state.acts.get(key, frozenset()) | {event.id}}
        return replace(act(state, event), acts=MappingProxyType(acts))

    return folded


def _voting(state: ReportBack, event: VotingEvent) -> ReportBack:
    if event.state not in (OPEN, CLOSED):
        return state
    if event.state == CLOSED:
        return replace(state, vote=CLOSED)
    return replace(state, vote=OPEN, votes_shown=False, deadline=None)  # now the room votes, and nobody speaks


def _votes(state: ReportBack, event: VotesEvent) -> ReportBack:
    if not event.yes:
        return replace(state, votes_shown=False)
    return replace(state, votes_shown=True, vote=state.vote and CLOSED, deadline=None)  # the result is what one sees


def _release(state: ReportBack, event: ReleaseEvent) -> ReportBack:
    released = {about: released_ for about, released_ in state.released.items() if about != event.organization}
    if event.yes:
        released[event.organization] = Released(event.by, event.values)
    return replace(state, released=MappingProxyType(released))


def _group(state: ReportBack, event: GroupEvent) -> ReportBack:
    if len({question_of(point_) for point_ in event.points}) > 1:
        return state
    new = Group(event.id, event.title, tuple(dict.fromkeys(event.points)))
    others = {group.id: _without(group, new.points) for group in state.groups.values() if group.id != new.id}
    groups = {id_: group for id_, group in (others | {new.id: new}).items() if group.points}
    return replace(state, groups=MappingProxyType(groups))


def _without(group: Group, points: Sequence[str]) -> Group:
    return replace(group, points=tuple(point_ for point_ in group.points if point_ not in points))


def _ballot(state: ReportBack, event: BallotEvent) -> ReportBack:
    if not all(0 <= dots <= MOST_DOTS for dots in event.dots.values()):
        return state
    if event.voter != ROOM_VOTER and (state.vote != OPEN or sum(event.dots.values()) > DOTS):
        return state
    return replace(state, ballots=MappingProxyType({**state.ballots, event.voter: event.dots}))


def _turn(state: ReportBack, event: TurnEvent) -> ReportBack:
    if event.until == BACK:
        return replace(state, turns=state.turns[:-1], deadline=None)
    until = _time(event.until)
    if not event.organization:
        return replace(state, deadline=until)
    turns = (*(organization for organization in state.turns if organization != event.organization), event.organization)
    return replace(state, turns=turns, deadline=until)


def _time(until: str | None) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(until) if until else None
    except ValueError:
        return None


def _order(state: ReportBack, event: OrderEvent) -> ReportBack:
    return replace(state, seed=event.seed, turns=(), deadline=None)


FOLDS: Mapping[type, Callable[[ReportBack, Any], ReportBack]] = MappingProxyType(
    {
        BoardEvent: _board,
        VotingEvent: _voting,
        VotesEvent: _votes,
        ReleaseEvent: _once(_release),
        GroupEvent: _group,
        BallotEvent: _once(_ballot),
        TurnEvent: _turn,
        OrderEvent: _order,
    }
)


# What is read from it


def lines_of(question: Question, values: Iterable[tuple[Organization, Value]]) -> tuple[Line, ...]:
    """Return the lines of those who have an answer to `question`."""
    words = ((organization, as_text(question.kind, value, question.labels)) for organization, value in values)
    return tuple(
        Line(point(question.id, organization.id), organization.name, text) for organization, text in words if text
    )


def entries(state: ReportBack, lines: Sequence[Line]) -> tuple[Entry, ...]:
    """Return what stands on the board for the lines of one question: groups first, then what stands alone."""
    by_point = {line.point: line for line in lines}
    members = {id_: _members(group, by_point) for id_, group in state.groups.items()}
    grouped = [
        _entry(state, id_, state.groups[id_].title, lines_, state.groups[id_]) for id_, lines_ in members.items()
    ]
    in_groups = {point_ for group in state.groups.values() for point_ in group.points}
    alone = [_entry(state, line.point, line.words, (line,), None) for line in lines if line.point not in in_groups]
    return (*(entry for entry in grouped if entry.lines), *alone)


def _members(group: Group, by_point: Mapping[str, Line]) -> tuple[Line, ...]:
    """Return the lines of a group that stand on the board."""
    return tuple(by_point[point_] for point_ in group.points if point_ in by_point)


def _entry(state: ReportBack, id_: str, title: str, lines: tuple[Line, ...], group: Group | None) -> Entry:
    """A group has the dots that were given to it, and those that its points had before."""
    ids = (id_, *group.points) if group else (id_,)
    dots = sum(ballot.get(point_, 0) for ballot in state.ballots.values() for point_ in ids)
    return Entry(id_, title, lines, dots, group is not None)


def own_dots(state: ReportBack, voter: str, standing: Sequence[Entry]) -> dict[str, int]:
    """Return a voter's dots by entry; dots on what no longer stands are free again."""
    ballot = state.ballots.get(voter, {})
    members = {entry.id: dict.fromkeys((entry.id, *(line.point for line in entry.lines))) for entry in standing}
    counts = {id_: sum(ballot.get(point_, 0) for point_ in ids) for id_, ids in members.items()}
    return {id_: dots for id_, dots in counts.items() if dots}


def top(standing: Iterable[Entry], most: int = TOP_COUNT) -> tuple[Entry, ...]:
    """Return the entries with the most dots; whoever ties with the last of them stands there too."""
    ranked = sorted((entry for entry in standing if entry.dots), key=lambda entry: -entry.dots)
    least = ranked[most - 1].dots if len(ranked) > most else 0
    return tuple(entry for entry in ranked if entry.dots >= least)


def order(state: ReportBack, organizations: Iterable[str]) -> tuple[str, ...]:
    """Return the speaking order: drawn by the seed; who comes later finds a place without moving the others' order."""
    return tuple(
        sorted(organizations, key=lambda organization: hashlib.sha256(f"{state.seed}/{organization}".encode()).digest())
    )


def following(state: ReportBack, organizations: Iterable[str]) -> str:
    """Return who speaks next, "" when everybody has spoken."""
    return next((organization for organization in order(state, organizations) if organization not in state.turns), "")


def top_entries(standing: Iterable[Entry]) -> tuple[tuple[str, int], ...]:
    """Return what the room pulled together or voted on, (title, dots), the most dots first."""
    candidates = [entry for entry in standing if entry.is_group or entry.dots]
    return tuple((entry.title, entry.dots) for entry in sorted(candidates, key=lambda entry: -entry.dots))
