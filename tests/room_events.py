"""Made-up events of every kind, for laws that hold over all of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from toolkit.facilitation import events, report_back
from toolkit.facilitation.events import EVENTS, Device, RoomEvent

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
