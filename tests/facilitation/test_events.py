"""Every kind of event is a type that reads back what it wrote, says nothing from a bad row, and follows a merge."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from room_events import any_event, anything, texts

from toolkit.facilitation import events, merges, report_back, stages
from toolkit.facilitation.events import EVENTS, RoomEvent

STORED_KINDS = (
    "distinct door end group help merge named opinion order paper presence rejoin release reveal session show stage"
    " timer tripwire turn vote votes voting"
)
"""What the files of every workshop hold: these names may grow in number, and never change."""


@dataclass(frozen=True)
class Row:
    kind: str
    about: str
    value: Any


def kinds_of(base: type) -> Iterator[type]:
    for kind in base.__subclasses__():
        yield kind
        yield from kinds_of(kind)


def test_no_kind_is_forgotten_and_no_stored_name_changes() -> None:
    named = {kind.__name__ for kind in kinds_of(RoomEvent) if hasattr(kind, "kind")}
    assert named == {kind.__name__ for kind in EVENTS.values()}
    assert sorted(EVENTS) == STORED_KINDS.split()


def test_every_kind_is_folded_or_read_somewhere() -> None:
    folded = {*stages.FOLDS, *report_back.FOLDS, events.MergeEvent}
    read_by_name = {events.DistinctEvent, events.JoinLinkEvent, events.SessionEvent, events.RejoinEvent,
                    events.OpinionEvent, events.NamingEvent, events.ClientDetailEvent}  # fmt: skip
    assert folded | read_by_name == set(EVENTS.values())
    assert not folded & read_by_name


@given(any_event)
def test_an_event_reads_back_what_it_wrote(event: RoomEvent) -> None:
    kind, about, value = event.row()
    read = events.read(Row(kind, about, json.loads(json.dumps(value))))
    if isinstance(event, events.ReleaseEvent) and not event.yes:
        event = dataclasses.replace(event, values=MappingProxyType({}))
    assert read == event


@given(st.sampled_from([*EVENTS, "?"]), texts, anything)
def test_a_row_that_says_nothing_harms_nobody(kind: str, about: str, value: Any) -> None:
    row = Row(kind, about, value)
    event = events.read(row)
    assert event is None or event.row()[0] == kind
    assert stages.fold([row]) is not None
    assert report_back.fold([row]) is not None
    assert merges.fold([row]) is not None


@given(any_event)
def test_a_merged_name_is_in_no_event(event: RoomEvent) -> None:
    if isinstance(event, (events.MergeEvent, events.DistinctEvent, events.SessionEvent, events.RejoinEvent)):
        return  # these say who came in as what: they are read with the name of then
    under = event.under(lambda id_: "cedar" if id_ == "birch" else id_)
    assert "birch" not in json.dumps(under.row())
    assert under.under(lambda id_: "cedar" if id_ == "birch" else id_) == under


@pytest.mark.parametrize("kind", EVENTS.values(), ids=lambda kind: kind.__name__)
def test_events_are_frozen(kind: type[RoomEvent]) -> None:
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
