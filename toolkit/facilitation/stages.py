"""The state of the stages, folded from events: which is open, until when, who needs help, whether it ended.

Its law: plain values in, plain values out. Each act returns an event, to be given to `workshop.record`;
`fold(workshop.events())` tells how the room stands. None of them locks typing: a closed stage still takes answers.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal, cast

from toolkit.answers.model import StoredEvent
from toolkit.facilitation import events
from toolkit.facilitation.events import (
    EndEvent,
    HelpEvent,
    PaperEvent,
    PresenceEvent,
    RevealEvent,
    RoomEvent,
    StageEvent,
    TimerEvent,
)

State = Literal["waiting", "open", "closing", "closed"]
STATES: frozenset[str] = frozenset({"waiting", "open", "closing", "closed"})
BACK = "back"


@dataclass(frozen=True, slots=True)
class Moment:
    """Which stage the room is at, and how it stands there."""

    stage: str = ""
    state: State = "waiting"


BEGINNING = Moment()


@dataclass(frozen=True, slots=True)
class Presence:
    """How many of an organization are connected, and how many of them are typing."""

    here: int = 0
    typing: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """How the room stands.

    `moments` are the steps that brought it here, the last one counts; `opened` are the stages that were open
    at any time, in that order; `needs_help` are ids of people and of tables, the longest waiting first; `paper` are
    the organizations that work on paper, and "organization/stage" for what they have done there; `deadlines` are
    those that each stage had last.
    """

    moments: tuple[Moment, ...] = ()
    opened: tuple[str, ...] = ()
    deadline: datetime.datetime | None = None
    revealed: frozenset[str] = frozenset()
    needs_help: tuple[str, ...] = ()
    presence: Mapping[str, Presence] = field(default_factory=lambda: MappingProxyType({}))
    paper: frozenset[str] = frozenset()
    deadlines: Mapping[str, datetime.datetime | None] = field(default_factory=lambda: MappingProxyType({}))
    ended: bool = False

    @property
    def now(self) -> Moment:
        """The stage that the room is at."""
        return self.moments[-1] if self.moments else BEGINNING

    def shows(self, organization: str, stage: str, question: str) -> bool:
        """Return whether colleagues of an organization see each other's answers to a question."""
        return not self.revealed.isdisjoint({"*", stage, f"{organization}/{question}"})

    def is_on_paper(self, organization: str, stage: str = "") -> bool:
        """Return whether a table works on paper, or has done a stage there."""
        is_done = not stage or f"{organization}/{stage}" in self.paper
        return is_done and organization in self.paper

    @property
    def typing(self) -> int:
        """How many people are typing."""
        return sum(presence.typing for presence in self.presence.values())

    @property
    def here(self) -> int:
        """How many devices are connected."""
        return sum(presence.here for presence in self.presence.values())


# What a facilitator does


def open_stage(stage: str) -> RoomEvent:
    """Open a stage for everybody."""
    return StageEvent(stage, "open")


def close_softly(stage: str) -> RoomEvent:
    """Ask everybody to finish their sentence; nobody is cut off."""
    return StageEvent(stage, "closing")


def close_stage(stage: str) -> RoomEvent:
    """Close a stage; its answers can still be changed by who wrote them."""
    return StageEvent(stage, "closed")


def go_back() -> RoomEvent:
    """Take the last step between stages back; nothing that was typed changes."""
    return StageEvent("", BACK)


def set_timer(stage: str, minutes: float, now: datetime.datetime) -> RoomEvent:
    """Let `minutes` run from now on."""
    return TimerEvent(stage, _iso(now + datetime.timedelta(minutes=minutes)))


def more_time(room: Room, minutes: float, now: datetime.datetime) -> RoomEvent:
    """Give some minutes more: beyond the deadline, or from now on when it has passed."""
    from_when = max(room.deadline, now) if room.deadline else now
    return set_timer(room.now.stage, minutes, from_when)


def timer_as_before(room: Room, stage: str) -> RoomEvent:
    """Let the clock of a stage run again until the time that it had."""
    deadline = room.deadlines.get(stage)
    return TimerEvent(stage, _iso(deadline) if deadline else None)


def stop_timer(stage: str) -> RoomEvent:
    """Show no time any more."""
    return TimerEvent(stage, None)


def reveal(stage: str, *, yes: bool = True) -> RoomEvent:
    """Let the colleagues of one organization see each other's answers to a stage, or no longer."""
    return RevealEvent(stage, yes)


def ask_help(person: str, *, yes: bool = True) -> RoomEvent:
    """Raise a person's hand, or take it down."""
    return HelpEvent(person, yes)


def on_paper(organization: str, stage: str = "", *, yes: bool = True) -> RoomEvent:
    """Say that a table works on paper, or that it has done a stage there."""
    return PaperEvent(f"{organization}/{stage}" if stage else organization, yes)


def tell_presence(counts: Mapping[str, Presence]) -> RoomEvent:
    """Say how many of each organization (by id) are connected and typing."""
    return PresenceEvent({organization: (presence.here, presence.typing) for organization, presence in counts.items()})


def end() -> RoomEvent:
    """End the workshop: from now on nothing is saved; drafts can still be taken home."""
    return EndEvent(True)


def _iso(when: datetime.datetime) -> str:
    return when.astimezone(datetime.UTC).isoformat(timespec="milliseconds")


# How the room stands


def fold(stored: Iterable[StoredEvent], room: Room | None = None) -> Room:
    """Return how the room stands after these events; events of other kinds are let pass."""
    now = room or Room()
    for event in map(events.read, stored):
        now = after(now, event)
    return now


def after(room: Room, event: RoomEvent | None) -> Room:
    """Return how the room stands after one event."""
    return FOLDS.get(type(event), _unchanged)(room, event)


def _unchanged(room: Room, _: object) -> Room:
    return room


def _stage(room: Room, event: StageEvent) -> Room:
    if event.state == BACK:
        return replace(room, moments=room.moments[:-1])
    if event.state not in STATES:
        return room
    moved = event.stage != room.now.stage
    opened = room.opened if event.stage in room.opened else (*room.opened, event.stage)
    moments = (*room.moments, Moment(event.stage, cast("State", event.state)))
    return replace(room, moments=moments, opened=opened, deadline=None if moved else room.deadline)


def _timer(room: Room, event: TimerEvent) -> Room:
    deadline = datetime.datetime.fromisoformat(event.until) if event.until else None
    deadlines = MappingProxyType({**room.deadlines, event.stage: deadline})
    return replace(room, deadline=deadline, deadlines=deadlines)


def _reveal(room: Room, event: RevealEvent) -> Room:
    scope = {event.about}
    return replace(room, revealed=room.revealed | scope if event.yes else room.revealed - scope)


def _help(room: Room, event: HelpEvent) -> Room:
    if not event.yes:
        return replace(room, needs_help=tuple(person for person in room.needs_help if person != event.about))
    waiting = event.about in room.needs_help
    return room if waiting else replace(room, needs_help=(*room.needs_help, event.about))


def _paper(room: Room, event: PaperEvent) -> Room:
    scope = {event.about}
    return replace(room, paper=room.paper | scope if event.yes else room.paper - scope)


def _presence(room: Room, event: PresenceEvent) -> Room:
    counts = {organization: Presence(*numbers) for organization, numbers in event.counts.items()}
    return replace(room, presence=MappingProxyType(counts))


def _end(room: Room, event: EndEvent) -> Room:
    return replace(room, ended=event.yes)


FOLDS: Mapping[type, Callable[[Room, Any], Room]] = MappingProxyType(
    {
        StageEvent: _stage,
        TimerEvent: _timer,
        RevealEvent: _reveal,
        HelpEvent: _help,
        PaperEvent: _paper,
        PresenceEvent: _presence,
        EndEvent: _end,
    }
)
