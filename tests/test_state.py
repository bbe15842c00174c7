"""The laws of the state: batches make no difference, a merge is one name, and every process reads the same."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from room_events import any_event, anything, names

from toolkit import Workshop
from toolkit.answers.agreement import Opinion
from toolkit.answers.model import SCRIBE, Answer, Event, Mark, Organization, Person, Rows
from toolkit.facilitation import events, merges, report_back, stages
from toolkit.facilitation.events import EVENTS, RoomEvent
from toolkit.facilitation.merges import as_one
from toolkit.state import STEPS, State, fold

NOW = datetime.datetime(2026, 3, 4, 10, 0, tzinfo=datetime.UTC)
EXAMPLES = int(os.environ.get("WORKSHOP_STATE_EXAMPLES", "100"))
"""Rooms that each law is tried on: about 20 rows in each; 2,000 by hand."""

laws = settings(max_examples=EXAMPLES, deadline=None)

merging = st.builds(
    lambda one, other, apart: merges.take_apart(one, other) if apart else merges.merge(one, other, 3),
    names, names, st.booleans(),
)  # fmt: skip
told = st.one_of(any_event.map(RoomEvent.row), merging.map(RoomEvent.row))
senseless = st.tuples(st.sampled_from([*EVENTS, "?"]), names, anything)
happened = st.one_of(told, told, told, senseless).map(lambda row: ("event", *row))
person_ids = st.sampled_from(["ann", "bo", SCRIBE])
answered = st.tuples(
    st.just("answer"), names, person_ids, st.sampled_from(["who", "why"]), st.sampled_from(["Parents", "Staff", None]),
    st.sampled_from(["mine", "ours"]),
)  # fmt: skip
came = st.tuples(st.just("person"), names, person_ids)
registered = st.tuples(st.just("organization"), names)
retitled = st.tuples(st.just("title"), st.sampled_from(["Spring", "Fall"]))
room = st.lists(st.one_of(happened, answered, came, registered, retitled), max_size=25)


@dataclass(frozen=True)
class StoredRoom:
    """All that was stored, as a store keeps it, and where it stood after each thing."""

    rows: Rows
    marks: tuple[Mark, ...]

    def between(self, after: Mark, upto: Mark) -> Rows:
        parts = {name: getattr(self.rows, name)[getattr(after, name) : getattr(upto, name)] for name in TABLES}
        return Rows(facts={key: json.loads(value) for key, value in upto.facts}, authors=self.rows.authors, **parts)

    def state(self, upto: int = -1, before: State | None = None) -> State:
        return fold(self.between, self.marks[upto], before)


TABLES = ("organizations", "people", "answers", "events")


def stored_room(things: Sequence[tuple[Any, ...]]) -> StoredRoom:
    tables: dict[str, list[Any]] = {name: [] for name in TABLES}
    mark = Mark()
    marks = [mark]
    for number, (what, *said) in enumerate(things):
        if what == "title":
            mark = replace(mark, facts=(("title", json.dumps(said[0])),))
        else:
            table = {"person": "people"}.get(what, f"{what}s")
            made = MAKERS[what](number, len(tables[table]) + 1, *said)
            if made.id not in {each.id for each in tables[table]} if what in ("organization", "person") else True:
                tables[table].append(made)
            mark = replace(mark, **{table: len(tables[table])})
        marks.append(mark)
    authors = {answer.id: answer.person for answer in tables["answers"]}
    return StoredRoom(Rows(facts={}, authors=authors, **tables), tuple(marks))


def _event(_: int, sequence: int, kind: str, about: str, value: Any) -> Event:
    return Event(sequence, kind, about, json.loads(json.dumps(value)), NOW)


def _answer(
    number: int, sequence: int, organization: str, person: str, question: str, value: Any, voice: Any
) -> Answer:
    return Answer(f"{number}", organization, person, question, value, voice, sequence=sequence, answered_at=NOW)


MAKERS: dict[str, Any] = {
    "event": _event,
    "answer": _answer,
    "person": lambda _, __, organization, person: Person(person, organization, person.title()),
    "organization": lambda _, __, name: Organization(name, f"{name} House"),
}


@laws
@given(room, st.lists(st.integers(0, 25), max_size=5))
def test_batches_make_no_difference(things: list[tuple[Any, ...]], cuts: list[int]) -> None:
    stored, state = stored_room(things), State()
    for cut in sorted(min(cut, len(things)) for cut in cuts):
        state = stored.state(cut, state)
    assert stored.state(before=state) == stored.state()


@laws
@given(room)
def test_nothing_new_is_the_same_value(things: list[tuple[Any, ...]]) -> None:
    stored = stored_room(things)
    state = stored.state()
    assert stored.state(before=state) is state


@laws
@given(room, names, st.sampled_from(["who", "why"]))
def test_what_an_organization_answered_is_the_same_value_while_others_answer(
    things: list[tuple[Any, ...]], organization: str, question: str
) -> None:
    more = [*things, ("answer", organization, "ann", question, "One more", "mine")]
    stored = stored_room(more)
    before = stored.state(-2)
    after = stored.state(before=before)
    own = after.current_id(organization)
    assert after.answers_of(own).last == len(stored.rows.answers)
    assert all(after.answers[one] is before.answers[one] for one in before.answers if one != own)


@laws
@given(room)
def test_a_merge_is_the_fold_of_everything_under_one_name(things: list[tuple[Any, ...]]) -> None:
    """What reads the rows one kind at a time, each under the names of now, comes to the same."""
    stored = stored_room(things)
    state, rows = stored.state(), stored.rows
    known = merges.fold(rows.events)
    under = [event.under(known.of) for event in map(events.read, rows.events) if event]
    again = [Event(number, *event.row(), NOW) for number, event in enumerate(under, 1)]
    assert state.merges == known
    assert state.room == stages.fold(again)
    assert state.report_back == report_back.fold(again)
    naming = {event.about: event.yes for event in under if isinstance(event, events.NamingEvent)}
    assert state.named == {about for about, yes in naming.items() if yes}
    opinions = [event for event in under if isinstance(event, events.OpinionEvent)]
    given_ids = [opinion.id for group in state.opinions.values() for opinion in group]
    assert sorted(given_ids) == sorted(event.id for event in opinions)
    assert all(isinstance(opinion, Opinion) for group in state.opinions.values() for opinion in group)
    assert set(state.organizations) == {known.of(one.id) for one in rows.organizations} & set(state.names)
    assert {one.id: one.organization for one in state.people.values()} == {
        one.id: known.of(one.organization) for one in rows.people
    }


@laws
@given(room)
def test_what_stands_is_the_newest_answer_of_each_voice(things: list[tuple[Any, ...]]) -> None:
    stored = stored_room(things)
    state, newest = stored.state(), dict[tuple[Any, ...], Answer]()
    for answer in stored.rows.answers:
        offered = answer.voice == "ours" and answer.person != SCRIBE
        where = answer.organization, answer.question, answer.voice, answer.person, answer.id if offered else ""
        newest[where] = replace(answer, revision=newest[where].revision + 1 if where in newest else 1)
    standing = sorted(
        (one for group in state.answers.values() for one in group.standing()), key=lambda one: one.sequence
    )
    assert standing == as_one(state.merges, newest.values())


def test_every_kind_of_event_has_its_place() -> None:
    read_otherwise = {events.MergeEvent, events.OpinionEvent, events.ClientDetailEvent}
    places = [set(stages.FOLDS), set(report_back.FOLDS), set(STEPS), read_otherwise]
    assert set().union(*places) == set(EVENTS.values())
    assert sum(map(len, places)) == len(EVENTS)


def test_two_processes_reach_the_same_state(tmp_path: Path) -> None:
    with Workshop.open(tmp_path / "room") as one, Workshop.open(tmp_path / "room") as other:
        alder, birch = one.roster.register("Alder House", "Birch Line")
        assert one.state == other.state
        one.record(stages.open_stage("stakeholders"))
        other.discussion.set_naming(birch.id)
        other.record(stages.ask_help(birch.id))
        other.discussion.save(Answer("1", birch.id, SCRIBE, "stakeholders_notes", "Parents", "ours"))
        assert one.state == other.state
        assert (one.state.named, one.state.room.needs_help) == ({birch.id}, (birch.id,))
        one.roster.merge(birch.id, alder.id)
        assert (other.state.named, other.state.room.needs_help) == ({alder.id}, (alder.id,))
        assert [answer.organization for answer in other.state.answers_of(alder.id).standing()] == [alder.id]
        other.roster.take_apart(birch.id)
        assert one.state == other.state
        assert one.state.named == {birch.id}
        assert list(one.state.answers) == [birch.id]
        with Workshop.open(tmp_path / "room") as anew:
            assert anew.state == one.state
