"""What stands in a workshop after all that happened in the room: one frozen value, and the one fold that makes it.

The same events give the same state, in whatever batches they are folded. A merge is the fold of everything under one
name: what was about a merged name reads as if it had been about its organization from the start.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Protocol

from toolkit.answers.agreement import Opinion
from toolkit.answers.model import StoredEvent
from toolkit.facilitation import events, invitation, merges, report_back, stages
from toolkit.facilitation.events import (
    Device,
    DistinctEvent,
    JoinLinkEvent,
    NamingEvent,
    OpinionEvent,
    RoomEvent,
    SessionEvent,
)
from toolkit.facilitation.invitation import JoinLink
from toolkit.facilitation.merges import Merges
from toolkit.facilitation.report_back import ReportBack
from toolkit.facilitation.stages import Room


class TimedEvent(StoredEvent, Protocol):
    """An event as the store returns it: with its number, and the time when it was stored."""

    @property
    def sequence(self) -> int:
        """Its number; later events have higher ones."""

    @property
    def at(self) -> datetime.datetime:
        """When it was stored."""


EventsAfter = Callable[[int], Sequence[TimedEvent]]
"""Returns the events after a sequence number, in order and as they were stored."""


@dataclass(frozen=True, slots=True)
class State:
    """What stands after the events up to `sequence`.

    `opinions` are all that were given, in order; `named` are the organizations whose drafts call people by name;
    `distinct` are pairs of organizations that were said to be two; `devices` are those signed in, by session;
    `join_link` is where the join page was served last, since `join_link_at`.
    """

    sequence: int = 0
    merges: Merges = field(default_factory=Merges)
    room: Room = field(default_factory=Room)
    report_back: ReportBack = field(default_factory=ReportBack)
    opinions: tuple[Opinion, ...] = ()
    named: frozenset[str] = frozenset()
    distinct: frozenset[frozenset[str]] = frozenset()
    devices: Mapping[str, Device] = field(default_factory=lambda: MappingProxyType({}))
    join_link: JoinLink | None = None
    join_link_at: datetime.datetime | None = None


def fold(events_after: EventsAfter, before: State | None = None) -> State:
    """Return the state after all events, brought up to date from the state `before`; the same value if none is new."""
    state = before or State()
    new = events_after(state.sequence)
    if not new:
        return state
    known = merges.fold(new, state.merges)
    if known is not state.merges:  # who is whose twin changed: all that happened reads otherwise
        return _after(State(merges=known), [event for event in events_after(0) if event.sequence <= new[-1].sequence])
    return _after(state, new)


def _after(state: State, new: Iterable[TimedEvent]) -> State:
    opinions: list[Opinion] = []
    for stored in new:
        event = events.read(stored)
        if isinstance(event, OpinionEvent):
            opinions.append(Opinion(event.answer, event.person, event.agrees, event.note, event.id))
        elif event is not None:
            state = _with(state, event.under(state.merges.of), stored.at)
        state = replace(state, sequence=stored.sequence)
    return replace(state, opinions=(*state.opinions, *opinions)) if opinions else state


def _with(state: State, event: RoomEvent, at: datetime.datetime) -> State:
    if type(event) in stages.FOLDS:
        return replace(state, room=stages.after(state.room, event))
    if type(event) in report_back.FOLDS:
        return replace(state, report_back=report_back.after(state.report_back, event))
    step = STEPS.get(type(event))
    return step(state, event, at) if step else state


def _naming(state: State, event: NamingEvent, _: datetime.datetime) -> State:
    organization = {event.about}
    return replace(state, named=state.named | organization if event.yes else state.named - organization)


def _distinct(state: State, event: DistinctEvent, _: datetime.datetime) -> State:
    return replace(state, distinct=state.distinct | {frozenset((event.one, event.other))})


def _session(state: State, event: SessionEvent, _: datetime.datetime) -> State:
    devices = {session: device for session, device in state.devices.items() if session != event.session}
    if event.device:
        devices[event.session] = event.device
    return replace(state, devices=MappingProxyType(devices))


def _join_link(state: State, event: JoinLinkEvent, at: datetime.datetime) -> State:
    return replace(state, join_link=invitation.join_link(event), join_link_at=at)


STEPS: Mapping[type[RoomEvent], Callable[[State, Any, datetime.datetime], State]] = MappingProxyType(
    {NamingEvent: _naming, DistinctEvent: _distinct, SessionEvent: _session, JoinLinkEvent: _join_link}
)
"""What an event changes that neither the stages nor the report-back know; merges are folded before all others."""
