"""Lets made-up people take part in a workshop. What they do is checked and saved as real people's answers are."""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from typing import Protocol

from toolkit.answers.model import SCRIBE, Answer, Event, Organization, Person
from toolkit.errors import WorkshopError
from toolkit.facilitation import report_back as reportback
from toolkit.facilitation import stages
from toolkit.facilitation.events import OpinionEvent, RevealEvent, RoomEvent, read_all
from toolkit.facilitation.report_back import DOTS, Entry, ReportBack
from toolkit.rehearsal import answers
from toolkit.rehearsal.answers import MadeOpinion, MadeOrganization
from toolkit.state import State
from toolkit.storage.store import Store
from toolkit.worksheets.kinds import clean_value
from toolkit.worksheets.model import Depth, Worksheet

Progress = Callable[[int, int, str], None]
"""Called with how many are done, of how many, and which one is next."""

DAY = answers.STARTS.date().isoformat()
"""The day of every rehearsal: the same seed gives the same drafts."""

LATE_ONE_IN, FEWEST_PEOPLE = 5, 3
"""One organization in so many arrives late and shares nothing with the room yet; in rooms of fewer than that, none."""

VOTERS = 0.8
"""Share of people who vote when the vote is open."""


class Board(Protocol):
    """The report-back as it stands; toolkit.facilitation.report_back_views.Reported is one."""

    @property
    def back(self) -> ReportBack:
        """What happened so far."""

    @property
    def on_vote(self) -> Sequence[Entry]:
        """What can be voted on."""


class RehearsedState(Protocol):
    """What stands in a workshop, and a way to record events; toolkit.workshop.current.CurrentState is one."""

    @property
    def state(self) -> State:
        """What stands now."""

    def record(self, event: RoomEvent) -> Event:
        """Keep something that happened in the room."""


class RehearsedReportBack(Protocol):
    """The report-back in which made-up people take part; toolkit.workshop.report_back.ReportBack is one."""

    def reported(self) -> Board:
        """Return how the report-back stands."""

    def release(self, organization: str, *, by: str) -> bool:
        """Let the room see an organization's report-back answers; WorkshopError when there are none."""

    def vote(self, voter: str, dots: Mapping[str, object]) -> bool:
        """Keep a voter's dots."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How many made-up people come, from how many organizations; the seed says who they are and what they say."""

    organizations: int
    people: int
    seed: int

    @property
    def late(self) -> int:
        """How many organizations arrive late."""
        return max(1, self.organizations // LATE_ONE_IN) if self.organizations >= FEWEST_PEOPLE else 0

    def groups(self) -> list[tuple[str, int]]:
        """Return the names of the organizations, each with how many people it has."""
        sizes = _shares(self.people, self.organizations)
        return list(zip(answers.names(self.organizations, self.seed), sizes, strict=True))

    def made(self, worksheet: Worksheet, depth: Depth) -> Iterator[MadeOrganization]:
        """Yield the organizations with all that they will do, the late ones last."""
        for index, (name, size) in enumerate(self.groups()):
            organization = answers.rehearse(worksheet, depth, name, size, self.seed)
            yield organization if index < self.organizations - self.late else answers.late(organization)

    def fill(self, store: Store, worksheet: Worksheet, depth: Depth, progress: Progress | None) -> None:
        """Let everyone come in, save all their answers, and say what they think of suggested ones."""
        tell = progress or _nobody
        for number, organization in enumerate(self.made(worksheet, depth)):
            tell(number, self.organizations, organization.name)
            _play(store, worksheet, organization)
        tell(self.organizations, self.organizations, "")

    def report_back(self, current: RehearsedState, board: RehearsedReportBack) -> None:
        """Let those who came in time share, everyone vote and two ask for help; the vote stays open."""
        groups = list(current.state.organizations)
        share(current.state, board, groups[: len(groups) - self.late])
        back = current.state.report_back
        if not back.shown:
            current.record(reportback.show())
        if not back.vote:
            current.record(reportback.open_vote())
            vote(current.state, board, self.seed)
        if not current.state.room.needs_help:
            for event in _requests(list(current.state.people.values())):
                current.record(event)


# What they do beside answering


def share(state: State, board: RehearsedReportBack, organizations: Iterable[str]) -> None:
    """Let these organizations show the room what they report back; one that has nothing to show keeps silent."""
    speakers = {person.organization: person.id for person in reversed(list(state.people.values()))}
    for organization in organizations:
        if organization not in state.report_back.released and organization in speakers:
            with suppress(WorkshopError):
                board.release(organization, by=speakers[organization])


def vote(state: State, board: RehearsedReportBack, seed: int, most: int | None = None) -> None:
    """Let people give their dots, most of them to a few points; some never vote. `most`: so many at a time."""
    reported = board.reported()
    points = [entry.id for entry in reported.on_vote]
    weights = [1 / number for number, _ in enumerate(points, 1)]
    voters = ((person, random.Random(f"vote {person} {seed}")) for person in state.people)  # noqa: S311
    voting = [(id_, chance) for id_, chance in voters if chance.random() < VOTERS and id_ not in reported.back.ballots]
    for voter, chance in voting[:most] if points else ():
        board.vote(voter, Counter(chance.choices(points, weights, k=DOTS)))


def _requests(people: Sequence[Person]) -> Iterator[RoomEvent]:
    """Yield requests for help: one that waits, and one that its person has canceled."""
    waiting, canceled = people[0], people[-1]
    yield stages.ask_help(canceled.id)
    if canceled is not waiting:
        yield stages.ask_help(waiting.id)
        yield stages.ask_help(canceled.id, yes=False)


def shown_to_colleagues(organization: str, questions: Iterable[str]) -> Iterator[RevealEvent]:
    """Yield what lets colleagues of an organization see each other's answers to some questions."""
    yield from (RevealEvent(f"{organization}/{question}", True) for question in questions)


def _questions_by_stage(worksheet: Worksheet) -> dict[str, set[str]]:
    """Return the ids under which the answers of each stage are stored."""
    return {stage.id: {question.kept_as for question in stage.questions} for stage in worksheet.stages}


def _sizes(questions_of: Mapping[str, Collection[str]], deeds: Iterable[Answer | MadeOpinion]) -> dict[str, int]:
    """Return how many answers and opinions each stage is to hold."""
    counts = Counter(deed.question for deed in deeds)
    return {stage: sum(counts[question] for question in questions) for stage, questions in questions_of.items()}


class RehearsalPlayer:
    """Made-up people who come in and answer a few at a time, as a room does."""

    def __init__(self, store: Store, worksheet: Worksheet, depth: Depth, run: Rehearsal) -> None:
        self._store, self._worksheet = store, worksheet
        organizations = list(run.made(worksheet, depth))
        self._waiting = deque(_by_turns(organization for organization in organizations if not organization.is_late))
        self._late = deque(_by_turns(organization for organization in organizations if organization.is_late))
        self._unsaid = deque(sorted(chain.from_iterable(map(_deeds, organizations)), key=_when))
        self._questions_of = _questions_by_stage(worksheet)
        self._size = _sizes(self._questions_of, self._unsaid)
        self._groups = {
            organization.name: {person.id for person in organization.people} for organization in organizations
        }
        self._saved: set[str] = set()
        self._revealed: set[str] = set()
        self.here: dict[str, list[str]] = {}

    def arrive(self, count: int, *, latecomers: bool = False) -> None:
        """Let the next few come in, late organizations only when told; `here` has people's ids by organization's id."""
        for _ in range(count):
            waiting = self._waiting or (self._late if latecomers else ())
            if waiting:
                self._let_in(*waiting.popleft())

    def _let_in(self, name: str, person: Person) -> None:
        organization = self._store.register(name)
        self._store.add_person(replace(person, organization=organization.id))
        self.here.setdefault(organization.id, []).append(person.id)

    def answer(self, stage: str, share: float) -> Mapping[str, int]:
        """Let those who are here say a share of what a stage is to hold; return how many spoke, by organization."""
        remaining, spoke, later = (
            max(1, round(share * self._size[stage])),
            Counter[str](),
            deque[Answer | MadeOpinion](),
        )
        present = {person for people in self.here.values() for person in people}
        while self._unsaid and remaining:
            deed = self._unsaid.popleft()
            if deed.question not in self._questions_of[stage] or not self._can_answer(deed, present):
                later.append(deed)
                continue
            spoke[self._keep(deed)] += 1
            remaining -= 1
        self._unsaid.extendleft(reversed(later))
        return spoke

    def rest(self) -> None:
        """Let everyone come in and say all that is left."""
        self.arrive(len(self._waiting) + len(self._late), latecomers=True)
        while self._unsaid:
            self._keep(self._unsaid.popleft())

    def _can_answer(self, deed: Answer | MadeOpinion, present: set[str]) -> bool:
        """Return whether whoever speaks is here, and what it is about; a shared device waits for its whole table."""
        if isinstance(deed, MadeOpinion):
            return deed.person in present and deed.answer in self._saved
        speakers = self._groups[deed.organization] if deed.person == SCRIBE else {deed.person}
        return speakers <= present and self._saved.issuperset(deed.made_from)

    def _keep(self, deed: Answer | MadeOpinion) -> str:
        """Save an answer or an opinion; return the id of the organization that it comes from."""
        self._saved.add(deed.id)
        if isinstance(deed, Answer):
            organization = self._store.register(deed.organization)
            self._store.add(_checked(self._worksheet, deed, organization))
            return organization.id
        id_ = next(id_ for id_, people in self.here.items() if deed.person in people)
        self.reveal(id_, (deed.question,))
        self._store.add_event(*_opinion(deed).row())
        return id_

    def is_done(self, organization: Organization, stage: str) -> bool:
        """Return whether an organization has nothing more to write in a stage."""
        unsaid = (
            answer for answer in self._unsaid if isinstance(answer, Answer) and answer.organization == organization.name
        )
        return all(answer.question not in self._questions_of[stage] for answer in unsaid)

    def reveal(self, organization: str, questions: Iterable[str]) -> None:
        """Let colleagues see each other's answers to some questions, once."""
        for event in shown_to_colleagues(organization, questions):
            if event.about not in self._revealed:
                self._revealed.add(event.about)
                self._store.add_event(*event.row())


def _deeds(organization: MadeOrganization) -> tuple[Answer | MadeOpinion, ...]:
    return *organization.answers, *organization.opinions


def _by_turns(organizations: Iterable[MadeOrganization]) -> list[tuple[str, Person]]:
    """Return who comes in, one of each organization, then the next of each."""
    turns = (
        (turn, organization.name, person)
        for organization in organizations
        for turn, person in enumerate(organization.people)
    )
    return [(name, person) for _, name, person in sorted(turns, key=lambda each: each[0])]


def _when(deed: Answer | MadeOpinion) -> float:
    at = deed.at if isinstance(deed, MadeOpinion) else deed.answered_at
    return at.timestamp() if at else 0.0


def _nobody(_done: int, _all: int, _next: str) -> None:
    """Nobody is told."""


def _play(store: Store, worksheet: Worksheet, group: MadeOrganization) -> None:
    organization = store.register(group.name)
    for person in group.people:
        store.add_person(replace(person, organization=organization.id))
    saving = [store.adding(_checked(worksheet, answer, organization)) for answer in group.answers]
    for saved in saving:
        saved.result()
    events = (*_reveals(store, worksheet, group, organization), *_opinions(store, group))
    if events:
        store.add_newcomer(None, [event.row() for event in events]).result()


def _reveals(
    store: Store, worksheet: Worksheet, group: MadeOrganization, organization: Organization
) -> Iterator[RevealEvent]:
    """Yield what lets colleagues see each other's answers to the questions they discuss, where they do not yet."""
    questions = dict.fromkeys(
        (*(opinion.question for opinion in group.opinions), *answers.report_back_questions(worksheet))
    )
    before = {event.about for event in read_all(store.events(RevealEvent.kind), RevealEvent)}
    yield from (event for event in shown_to_colleagues(organization.id, questions) if event.about not in before)


def _opinions(store: Store, organization: MadeOrganization) -> Iterator[OpinionEvent]:
    """Yield the opinions that are not stored yet."""
    before = {event.id for event in read_all(store.events(OpinionEvent.kind), OpinionEvent)}
    yield from (_opinion(opinion) for opinion in organization.opinions if opinion.id not in before)


def _opinion(opinion: MadeOpinion) -> OpinionEvent:
    note = str(clean_value("long_text", opinion.note) or "")
    return OpinionEvent(opinion.answer, opinion.person, opinion.agrees, note, opinion.id)


def _checked(worksheet: Worksheet, answer: Answer, organization: Organization) -> Answer:
    value = worksheet.questions[answer.question].clean_value(answer.value)
    note = str(clean_value("long_text", answer.note) or "")
    return replace(answer, organization=organization.id, value=value, note=note)


def _shares(people: int, organizations: int) -> list[int]:
    """Return how many people each organization gets, as even as can be, at least one."""
    least, more = divmod(max(people, organizations), organizations)
    return [least + (index < more) for index in range(organizations)]
