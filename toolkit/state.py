"""What stands in a workshop after all that was stored: one frozen value, and the one fold that makes it.

The same rows give the same state, in whatever batches they are folded. A merge is the fold of everything under one
name: what was about a merged name reads as if it had been about its organization from the start. Nothing above this
module knows which names were merged.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from toolkit.answers.agreement import Opinion
from toolkit.answers.model import Answer, Event, Mark, Organization, Person, Rows, standing_key
from toolkit.facilitation import events, invitation, merges, report_back, stages
from toolkit.facilitation.events import (
    Device,
    DistinctEvent,
    JoinLinkEvent,
    NamingEvent,
    OpinionEvent,
    RejoinEvent,
    RoomEvent,
    SessionEvent,
)
from toolkit.facilitation.invitation import JoinLink
from toolkit.facilitation.merges import Merges
from toolkit.facilitation.report_back import ReportBack
from toolkit.facilitation.stages import Room
from toolkit.worksheets.stored_copy import WorksheetCopy

ReadRows = Callable[[Mark, Mark], Rows]
"""Returns the rows after one mark and up to another, as they were stored."""


def _empty() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class GroupAnswers:
    """What an organization answered: by question the newest answer of each voice, in order, emptied ones too.

    `last` is the number of its newest answer. It is the same value as long as the organization answers nothing.
    """

    by_question: Mapping[str, tuple[Answer, ...]] = field(default_factory=_empty)
    last: int = 0

    def standing(self, *, emptied: bool = False) -> list[Answer]:
        """Return what stands, in order; with `emptied` also where nothing stands any more."""
        answers = [answer for group in self.by_question.values() for answer in group]
        return sorted((answer for answer in answers if emptied or answer.value is not None), key=_sequence)


NOTHING = GroupAnswers()


@dataclass(frozen=True, slots=True)
class State:
    """What stands after the rows up to `mark`. Organizations are meant by the id of the one that stands.

    `organizations` are those that stand and `people` their participants, by id and in the order in which they came;
    `names` are all organizations that were ever registered. `answers` are by organization. `authors` has who gave an
    answer that another was made from, and `opinions` what people think of a proposal, in order; both by answer.
    `named` are the organizations whose drafts call people by name; `distinct` are pairs of organizations that were
    said to be two; `devices` are those signed in, by session, and `returns` those that may come back, by the digest
    of their words; `join_link` is where the join page was served last, since `join_link_at`.
    """

    mark: Mark = field(default_factory=Mark)
    facts: Mapping[str, Any] = field(default_factory=_empty)
    worksheets: tuple[WorksheetCopy, ...] = ()
    names: Mapping[str, Organization] = field(default_factory=_empty)
    organizations: Mapping[str, Organization] = field(default_factory=_empty)
    people: Mapping[str, Person] = field(default_factory=_empty)
    answers: Mapping[str, GroupAnswers] = field(default_factory=_empty)
    authors: Mapping[str, str] = field(default_factory=_empty)
    opinions: Mapping[str, tuple[Opinion, ...]] = field(default_factory=_empty)
    merges: Merges = field(default_factory=Merges)
    room: Room = field(default_factory=Room)
    report_back: ReportBack = field(default_factory=ReportBack)
    named: frozenset[str] = frozenset()
    distinct: frozenset[frozenset[str]] = frozenset()
    devices: Mapping[str, Device] = field(default_factory=_empty)
    returns: Mapping[str, Device] = field(default_factory=_empty)
    join_link: JoinLink | None = None
    join_link_at: datetime.datetime | None = None
    stored_people: Mapping[str, Person] = field(default_factory=_empty)
    stored_answers: Mapping[str, GroupAnswers] = field(default_factory=_empty)

    def current_id(self, id_: str) -> str:
        """Return the id of the organization that stands for the one of this id: its own, unless it was merged."""
        return self.merges.of(id_)

    def answers_of(self, organization: str) -> GroupAnswers:
        """Return what an organization answered."""
        return self.answers.get(self.current_id(organization), NOTHING)

    def people_of(self, organization: str) -> dict[str, Person]:
        """Return the participants of an organization by id."""
        now = self.current_id(organization)
        return {id_: person for id_, person in self.people.items() if person.organization == now}

    def opinions_on(self, answers: Iterable[Answer]) -> list[Opinion]:
        """Return what people think of these answers."""
        return [opinion for answer in answers for opinion in self.opinions.get(answer.id, ())]


def fold(rows_between: ReadRows, mark: Mark, before: State | None = None) -> State:
    """Return the state at a mark, brought up to date from the state `before`; the same value if nothing is new."""
    state = before or State()
    if state.mark == mark:
        return state
    rows = rows_between(state.mark, mark)
    merged = merges.fold(rows.events, state.merges)
    if merged is not state.merges:  # who is whose twin changed: all that happened reads otherwise
        rows = replace(rows, events=rows_between(replace(mark, events=0), mark).events)
        state = _before_events(state, merged)
    after = _with_names(state, rows)
    after = _with_answers(after, rows)
    after = _with_events(after, rows.events)
    return replace(
        after,
        mark=mark,
        facts=MappingProxyType(dict(rows.facts)) if mark.facts != state.mark.facts else state.facts,
        worksheets=(*state.worksheets, *rows.worksheets),
    )


def _before_events(state: State, merged: Merges) -> State:
    """Return the state before anything happened, with everything under the names that stand by now."""
    groups = {merged.of(name) for name in state.stored_answers}
    return State(
        mark=state.mark,
        facts=state.facts,
        worksheets=state.worksheets,
        names=state.names,
        merges=merged,
        authors=state.authors,
        organizations=_standing_names(state.names, merged),
        people=_under(merged, state.stored_people),
        answers=MappingProxyType({one: _as_one(merged, one, state.stored_answers) for one in groups}),
        stored_people=state.stored_people,
        stored_answers=state.stored_answers,
    )


# Organizations and people


def _with_names(state: State, rows: Rows) -> State:
    if rows.organizations:
        names = _and(state.names, {organization.id: organization for organization in rows.organizations})
        state = replace(state, names=names, organizations=_standing_names(names, state.merges))
    if rows.people:
        new = {person.id: person for person in rows.people}
        people = _and(state.people, _under(state.merges, new))
        state = replace(state, people=people, stored_people=_and(state.stored_people, new))
    return state


def _standing_names(names: Mapping[str, Organization], merged: Merges) -> Mapping[str, Organization]:
    return MappingProxyType({id_: name for id_, name in names.items() if id_ not in merged.into})


def _under(merged: Merges, people: Mapping[str, Person]) -> Mapping[str, Person]:
    if not merged.into:
        return people
    now = {id_: merged.of(person.organization) for id_, person in people.items()}
    return MappingProxyType({id_: replace(person, organization=now[id_]) for id_, person in people.items()})


def _and(before: Mapping[str, Any], new: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType({**before, **new})


# Answers


def _with_answers(state: State, rows: Rows) -> State:
    if not rows.answers:
        return state
    stored = dict(state.stored_answers)
    for name, answers in _by_organization(rows.answers).items():
        stored[name] = _with_newest(stored.get(name, NOTHING), answers)
    groups = {state.current_id(answer.organization) for answer in rows.answers}
    answers_now = _and(state.answers, {one: _as_one(state.merges, one, stored) for one in groups})
    authors = _and(state.authors, rows.authors) if rows.authors else state.authors
    return replace(state, answers=answers_now, authors=authors, stored_answers=MappingProxyType(stored))


def _by_organization(answers: Iterable[Answer]) -> dict[str, list[Answer]]:
    groups: dict[str, list[Answer]] = {}
    for answer in answers:
        groups.setdefault(answer.organization, []).append(answer)
    return groups


def _with_newest(group: GroupAnswers, answers: Sequence[Answer]) -> GroupAnswers:
    by_question = dict(group.by_question)
    for answer in answers:
        by_question[answer.question] = tuple(_in_its_place(by_question.get(answer.question, ()), answer))
    return GroupAnswers(MappingProxyType(by_question), answers[-1].sequence)


def _in_its_place(standing: Sequence[Answer], new: Answer) -> Iterator[Answer]:
    """Yield the standing answers to a question, with a new one after them that takes the place of an earlier one."""
    key, revision = standing_key(new), 1
    for answer in standing:
        if standing_key(answer) == key:
            revision = answer.revision + 1
        else:
            yield answer
    yield replace(new, revision=revision)


def _as_one(merged: Merges, organization: str, stored: Mapping[str, GroupAnswers]) -> GroupAnswers:
    """Return what all names of an organization answered, as one."""
    family = [stored[name] for name in merged.family(organization) if name in stored]
    if len(family) == 1 and organization in stored:
        return family[0]
    by_question: dict[str, tuple[Answer, ...]] = {}
    for answer in merges.as_one(merged, (answer for group in family for answer in group.standing(emptied=True))):
        by_question[answer.question] = (*by_question.get(answer.question, ()), answer)
    return GroupAnswers(MappingProxyType(by_question), max((group.last for group in family), default=0))


def _sequence(answer: Answer) -> int:
    return answer.sequence


# Events


def _with_events(state: State, new: Iterable[Event]) -> State:
    opinions: dict[str, tuple[Opinion, ...]] = {}
    for stored in new:
        event = events.read(stored)
        if isinstance(event, OpinionEvent):
            opinion = Opinion(event.answer, event.person, event.agrees, event.note, event.id)
            earlier = opinions.get(event.answer) or state.opinions.get(event.answer, ())
            opinions[event.answer] = (*earlier, opinion)
        elif event is not None:
            state = _with(state, event.under(state.merges.of), stored.at)
    return replace(state, opinions=_and(state.opinions, opinions)) if opinions else state


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


def _rejoin(state: State, event: RejoinEvent, _: datetime.datetime) -> State:
    """Keep who comes back with these words; in older workshops their digest is the id of the device that stays."""
    device = replace(event.device, return_id=event.device.return_id or event.words)
    return replace(state, returns=_and(state.returns, {event.words: device}))


def _join_link(state: State, event: JoinLinkEvent, at: datetime.datetime) -> State:
    return replace(state, join_link=invitation.join_link(event), join_link_at=at)


STEPS: Mapping[type[RoomEvent], Callable[[State, Any, datetime.datetime], State]] = MappingProxyType(
    {
        NamingEvent: _naming,
        DistinctEvent: _distinct,
        SessionEvent: _session,
        RejoinEvent: _rejoin,
        JoinLinkEvent: _join_link,
    }
)
"""What an event changes that neither the stages nor the report-back know; merges are folded before all others."""
