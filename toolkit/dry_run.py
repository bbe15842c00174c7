"""DRY RUN: made-up people come into a workshop, and what they say is checked and kept as real people's words are."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from toolkit import rehearsal
from toolkit.answer import SCRIBE, Answer, Organization, Person
from toolkit.store import Store
from toolkit.worksheet import Depth, Worksheet

Progress = Callable[[int, int, str], None]
"""Called with how many are done, of how many, and which one is next."""

DAY = rehearsal.STARTS.date().isoformat()
"""The day of every rehearsal: the same seed gives the same drafts."""


@dataclass(frozen=True, slots=True)
class DryRun:
    """How many made-up people come, from how many organizations; the seed says who they are and what they say."""

    organizations: int
    people: int
    seed: int

    def groups(self) -> list[tuple[str, int]]:
        """Return the names of the organizations, each with how many people it has."""
        sizes = _shares(self.people, self.organizations)
        return list(zip(rehearsal.names(self.organizations, self.seed), sizes, strict=True))

    def fill(self, store: Store, worksheet: Worksheet, depth: Depth, progress: Progress | None) -> None:
        """Let everybody come in and save all that they have to say."""
        tell = progress or _nobody
        for done, (name, size) in enumerate(self.groups()):
            tell(done, self.organizations, name)
            _play(store, worksheet, rehearsal.rehearse(worksheet, depth, name, size, self.seed))
        tell(self.organizations, self.organizations, "")


class Filling:
    """Made-up people who come in and answer a few at a time, as a room does."""

    def __init__(self, store: Store, worksheet: Worksheet, depth: Depth, run: DryRun) -> None:
        self._store, self._worksheet = store, worksheet
        made = [rehearsal.rehearse(worksheet, depth, name, size, run.seed) for name, size in run.groups()]
        self._coming = deque(sorted((coming for each in made for coming in _by_turns(each)), key=_turn))
        self._unsaid = deque(sorted((each for one in made for each in one.answers), key=_when))
        self._size = Counter(self._worksheet.stage_of(each.question) for each in self._unsaid)
        self.here: dict[str, list[str]] = {}

    def arrive(self, count: int) -> None:
        """Let the next few come in; `here` has the ids of people by organization's id."""
        for _ in range(min(count, len(self._coming))):
            _, (name, person) = self._coming.popleft()
            organization = self._store.register(name)
            self._store.add_person(replace(person, organization=organization.id))
            self.here.setdefault(organization.id, []).append(person.id)

    def answer(self, stage: str, share: float) -> Mapping[str, int]:
        """Let those who are here say a share of what a stage is to hold; return how many spoke, by organization."""
        wanted, spoke, left = max(1, round(share * self._size[stage])), Counter[str](), deque[Answer]()
        while self._unsaid and wanted:
            each = self._unsaid.popleft()
            if self._worksheet.stage_of(each.question) != stage or not self._has_come(each):
                left.append(each)
                continue
            spoke[self._keep(each)] += 1
            wanted -= 1
        self._unsaid.extendleft(reversed(left))
        return spoke

    def rest(self) -> None:
        """Let everybody come in and say all that is left."""
        self.arrive(len(self._coming))
        while self._unsaid:
            self._keep(self._unsaid.popleft())

    def _has_come(self, answer: Answer) -> bool:
        """Return whether the one who speaks is here; a table speaks when all of it have come."""
        speaks = answer.person if answer.person != SCRIBE else ""
        return not self._coming or any(speaks in people for people in self.here.values())

    def _keep(self, answer: Answer) -> str:
        organization = self._store.register(answer.organization)
        self._store.add(_checked(self._worksheet, answer, organization))
        return organization.id


def _by_turns(made: rehearsal.Made) -> list[tuple[int, tuple[str, Person]]]:
    return [(turn, (made.name, person)) for turn, person in enumerate(made.people)]


def _turn(coming: tuple[int, tuple[str, Person]]) -> int:
    return coming[0]


def _when(answer: Answer) -> float:
    return answer.answered_at.timestamp() if answer.answered_at else 0.0


def _nobody(_done: int, _all: int, _next: str) -> None:
    """Nobody is told."""


def _play(store: Store, worksheet: Worksheet, made: rehearsal.Made) -> None:
    organization = store.register(made.name)
    for person in made.people:
        store.add_person(replace(person, organization=organization.id))
    saving = [store.adding(_checked(worksheet, answer, organization)) for answer in made.answers]
    for each in saving:
        each.result()


def _checked(worksheet: Worksheet, answer: Answer, organization: Organization) -> Answer:
    value = worksheet.questions[answer.question].taken(answer.value)
    return replace(answer, organization=organization.id, value=value)


def _shares(people: int, organizations: int) -> list[int]:
    """Return how many people each organization gets, as even as can be, at least one."""
    least, more = divmod(max(people, organizations), organizations)
    return [least + (place < more) for place in range(organizations)]
