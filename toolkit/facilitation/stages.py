"""The state of the stages, folded from events: which is open, until when, who needs help, whether it ended.

Its law: plain values in, plain values out. Each act returns (kind, about, value), to be given to `workshop.happen`;
`fold(workshop.events())` tells how the room stands. None of them locks typing: a closed stage still takes answers.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from toolkit.answers.model import Act, Happened

State = Literal["waiting", "open", "closing", "closed"]
STAGE, TIMER, REVEAL, HELP, PRESENCE, PAPER, END = "stage", "timer", "reveal", "help", "presence", "paper", "end"
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
    the organizations that work on paper, and "organization/stage" for what they have done there.
    """

    moments: tuple[Moment, ...] = ()
    opened: tuple[str, ...] = ()
    deadline: datetime.datetime | None = None
    revealed: frozenset[str] = frozenset()
    needs_help: tuple[str, ...] = ()
    presence: Mapping[str, Presence] = field(default_factory=lambda: MappingProxyType({}))
    paper: frozenset[str] = frozenset()
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
        return sum(each.typing for each in self.presence.values())

    @property
    def here(self) -> int:
        """How many devices are connected."""
        return sum(each.here for each in self.presence.values())


# What a facilitator does


def open_stage(stage: str) -> Act:
    """Open a stage for everybody."""
    return STAGE, stage, "open"


def close_softly(stage: str) -> Act:
    """Ask everybody to finish their sentence; nobody is cut off."""
    return STAGE, stage, "closing"


def close_stage(stage: str) -> Act:
    """Close a stage; its answers can still be changed by who wrote them."""
    return STAGE, stage, "closed"


def go_back() -> Act:
    """Take the last step between stages back; nothing that was typed changes."""
    return STAGE, "", BACK


def set_timer(stage: str, minutes: float, now: datetime.datetime) -> Act:
    """Let `minutes` run from now on."""
    return TIMER, stage, _iso(now + datetime.timedelta(minutes=minutes))


def more_time(room: Room, minutes: float, now: datetime.datetime) -> Act:
    """Give some minutes more: beyond the deadline, or from now on when it has passed."""
    from_when = max(room.deadline, now) if room.deadline else now
    return set_timer(room.now.stage, minutes, from_when)


def stop_timer(stage: str) -> Act:
    """Show no time any more."""
    return TIMER, stage, None


def reveal(stage: str, *, yes: bool = True) -> Act:
    """Let the colleagues of one organization see each other's answers to a stage, or no longer."""
    return REVEAL, stage, yes


def ask_help(person: str, *, yes: bool = True) -> Act:
    """Raise a person's hand, or take it down."""
    return HELP, person, yes


def on_paper(organization: str, stage: str = "", *, yes: bool = True) -> Act:
    """Say that a table works on paper, or that it has done a stage there."""
    return PAPER, f"{organization}/{stage}" if stage else organization, yes


def tell_presence(counts: Mapping[str, Presence]) -> Act:
    """Say how many of each organization (by id) are connected and typing."""
    return PRESENCE, "", {organization: [each.here, each.typing] for organization, each in counts.items()}


def end() -> Act:
    """End the workshop: from now on nothing is saved; drafts can still be taken home."""
    return END, "", True


def _iso(when: datetime.datetime) -> str:
    return when.astimezone(datetime.UTC).isoformat(timespec="milliseconds")


# How the room stands


def fold(events: Iterable[Happened], room: Room | None = None) -> Room:
    """Return how the room stands after `events`; events of other kinds are let pass."""
    now = room or Room()
    for event in events:
        now = FOLDS.get(event.kind, _unchanged)(now, event)
    return now


def _unchanged(room: Room, _: Happened) -> Room:
    return room


def _stage(room: Room, event: Happened) -> Room:
    if event.value == BACK:
        return replace(room, moments=room.moments[:-1])
    if event.value not in STATES:
        return room
    moved = event.about != room.now.stage
    opened = room.opened if event.about in room.opened else (*room.opened, event.about)
    moments = (*room.moments, Moment(event.about, event.value))
    return replace(room, moments=moments, opened=opened, deadline=None if moved else room.deadline)


def _timer(room: Room, event: Happened) -> Room:
    deadline = datetime.datetime.fromisoformat(event.value) if event.value else None
    return replace(room, deadline=deadline)


def _reveal(room: Room, event: Happened) -> Room:
    stage = {event.about}
    return replace(room, revealed=room.revealed | stage if event.value else room.revealed - stage)


def _help(room: Room, event: Happened) -> Room:
    if not event.value:
        return replace(room, needs_help=tuple(each for each in room.needs_help if each != event.about))
    waiting = event.about in room.needs_help
    return room if waiting else replace(room, needs_help=(*room.needs_help, event.about))


def _paper(room: Room, event: Happened) -> Room:
    one = {event.about}
    return replace(room, paper=room.paper | one if event.value else room.paper - one)


def _presence(room: Room, event: Happened) -> Room:
    counts = {organization: Presence(*numbers) for organization, numbers in event.value.items()}
    return replace(room, presence=MappingProxyType(counts))


def _end(room: Room, event: Happened) -> Room:
    return replace(room, ended=bool(event.value))


FOLDS: Mapping[str, Callable[[Room, Happened], Room]] = MappingProxyType(
    {STAGE: _stage, TIMER: _timer, REVEAL: _reveal, HELP: _help, PAPER: _paper, PRESENCE: _presence, END: _end}
)
