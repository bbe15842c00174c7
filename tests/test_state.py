"""The laws of the state: batches make no difference, a merge is one name, and every process reads the same."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from room_events import any_event, anything, names

from toolkit import Workshop
from toolkit.answers.agreement import Opinion
from toolkit.facilitation import events, merges, report_back, stages
from toolkit.facilitation.events import EVENTS, RoomEvent
from toolkit.state import STEPS, State, fold

NOW = datetime.datetime(2026, 3, 4, 10, 0, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Row:
    sequence: int
    kind: str
    about: str
    value: Any
    at: datetime.datetime = NOW


merging = st.builds(
    lambda one, other, apart: merges.take_apart(one, other) if apart else merges.merge(one, other, 3),
    names, names, st.booleans(),
)  # fmt: skip
told = st.one_of(any_event.map(RoomEvent.row), merging.map(RoomEvent.row))
senseless = st.tuples(st.sampled_from([*EVENTS, "?"]), names, anything)
rows = st.lists(st.one_of(told, told, told, senseless), max_size=25).map(
    lambda made: [
        Row(2 * number, kind, about, json.loads(json.dumps(value)))
        for number, (kind, about, value) in enumerate(made, 1)
    ]
)


def state_of(stored: Sequence[Row], before: State | None = None) -> State:
    return fold(lambda after: [row for row in stored if row.sequence > after], before)


@given(rows, st.lists(st.integers(0, 25), max_size=5))
def test_batches_make_no_difference(stored: list[Row], cuts: list[int]) -> None:
    state = State()
    for cut in sorted(cuts):
        state = state_of(stored[:cut], state)
    assert state_of(stored, state) == state_of(stored)


@given(rows)
def test_nothing_new_is_the_same_value(stored: list[Row]) -> None:
    state = state_of(stored)
    assert state_of(stored, state) is state


@given(rows)
def test_a_merge_is_the_fold_of_everything_under_one_name(stored: list[Row]) -> None:
    """What reads the events one kind at a time, each under the names of now, comes to the same."""
    state, known = state_of(stored), merges.fold(stored)
    under = [event.under(known.of) for event in map(events.read, stored) if event]
    again = [Row(number, *event.row()) for number, event in enumerate(under, 1)]
    assert state.merges == known
    assert state.room == stages.fold(again)
    assert state.report_back == report_back.fold(again)
    naming = {event.about: event.yes for event in under if isinstance(event, events.NamingEvent)}
    assert state.named == {about for about, yes in naming.items() if yes}
    opinions = [event for event in under if isinstance(event, events.OpinionEvent)]
    assert [opinion.id for opinion in state.opinions] == [event.id for event in opinions]
    assert all(isinstance(opinion, Opinion) for opinion in state.opinions)


def test_every_kind_of_event_has_its_place() -> None:
    read_otherwise = {events.MergeEvent, events.OpinionEvent, events.RejoinEvent, events.ClientDetailEvent}
    places = [set(stages.FOLDS), set(report_back.FOLDS), set(STEPS), read_otherwise]
    assert set().union(*places) == set(EVENTS.values())
    assert sum(map(len, places)) == len(EVENTS)


def test_two_processes_reach_the_same_state(tmp_path: Path) -> None:
    with Workshop.open(tmp_path / "room") as one, Workshop.open(tmp_path / "room") as other:
        alder, birch = one.register("Alder House", "Birch Line")
        assert one.state == other.state == State()
        one.record(stages.open_stage("stakeholders"))
        other.set_naming(birch)
        other.record(stages.ask_help(birch.id))
        assert one.state == other.state
        assert (one.state.named, one.state.room.needs_help) == ({birch.id}, (birch.id,))
        one.merge(birch.id, alder.id)
        assert (other.state.named, other.state.room.needs_help) == ({alder.id}, (alder.id,))
        other.take_apart(birch.id)
        assert one.state == other.state
        assert one.state.named == {birch.id}
        with Workshop.open(tmp_path / "room") as anew:
            assert anew.state == one.state
