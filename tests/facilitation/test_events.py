"""Every kind of event is a type that reads back what it wrote, says nothing from a bad row, and follows a merge."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.facilitation import events, merges, report_back, stages
from toolkit.facilitation.events import EVENTS, Device, RoomEvent

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


names = st.sampled_from(["alder", "birch", "cedar"])
texts = st.text(max_size=6)
questions = st.sampled_from(["easiest", "hard"])
points = st.builds(report_back.point, questions, names)
times = st.none() | st.just("2026-03-04T10:00:00.000+00:00")
devices = st.builds(Device, texts, names, st.booleans(), texts)
FIELDS: Mapping[str, st.SearchStrategy[Any]] = {
    "about": names | st.builds("{}/{}".format, names, questions),
    "yes": st.booleans(), "stage": texts, "state": texts, "until": times, "id": texts, "title": texts,
    "counts": st.dictionaries(names, st.tuples(st.integers(0, 9), st.integers(0, 9))).map(MappingProxyType),
    "points": st.lists(points, max_size=3).map(tuple), "voter": names, "seed": texts, "by": texts,
    "dots": st.dictionaries(points, st.integers(0, 3)).map(MappingProxyType), "organization": names,
    "values": st.dictionaries(questions, texts).map(MappingProxyType), "name": names,
    "answers": st.none() | st.integers(0, 9), "one": names, "other": names,
    "addresses": st.lists(texts, max_size=2).map(tuple), "port": st.integers(1, 9999), "key": texts, "code": texts,
    "qr": st.dictionaries(texts, st.lists(texts).map(tuple)).map(MappingProxyType), "prefix": texts,
    "session": texts, "words": texts, "answer": texts, "person": texts, "agrees": st.booleans(), "note": texts,
}  # fmt: skip


OF_KIND: Mapping[type[RoomEvent], dict[str, st.SearchStrategy[Any]]] = {
    events.RejoinEvent: {"device": devices},
    events.HelpEvent: {"about": names},
    events.NamingEvent: {"about": names},
}


def an_event(kind: type[RoomEvent]) -> st.SearchStrategy[RoomEvent]:
    fields = {field.name: FIELDS.get(field.name, st.none() | devices) for field in dataclasses.fields(kind)}
    return st.builds(kind, **{**fields, **OF_KIND.get(kind, {})})


any_event = st.one_of(*map(an_event, EVENTS.values()))
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | texts,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(texts | st.sampled_from(["dots", "points", "said"]), inner)
    ),
    max_leaves=6,
)


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
