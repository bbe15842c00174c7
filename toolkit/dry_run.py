"""DRY RUN: made-up people come into a workshop, and what they say is checked and kept as real people's words are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from toolkit import rehearsal
from toolkit.answer import Answer, Organization
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

    def fill(self, store: Store, worksheet: Worksheet, depth: Depth, progress: Progress | None) -> None:
        """Let everybody come in and save all that they have to say."""
        tell = progress or _nobody
        sizes = _shares(self.people, self.organizations)
        for done, (name, size) in enumerate(zip(rehearsal.names(self.organizations, self.seed), sizes, strict=True)):
            tell(done, self.organizations, name)
            _play(store, worksheet, rehearsal.rehearse(worksheet, depth, name, size, self.seed))
        tell(self.organizations, self.organizations, "")


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
