"""Works out what organizations hold, and remembers it as long as what it was made from is the same."""

from __future__ import annotations

from toolkit.answers import agreement
from toolkit.answers.agreement import Names
from toolkit.answers.model import Position
from toolkit.state import GroupAnswers, State
from toolkit.workshop.worksheet_in_use import Reading


class Positions:
    """The positions of each organization: the same value as long as none of them has changed."""

    def __init__(self) -> None:
        self._by_question = agreement.Positions()
        self._latest: dict[str, tuple[tuple[object, ...], dict[str, Position]]] = {}

    def of(self, state: State, reading: Reading, organization: str) -> dict[str, Position]:
        """Return an organization's position on every question, in worksheet order."""
        group, names = state.answers_of(organization), _names(state, organization)
        inputs = group, reading.number, state.opinions, state.people if names else None
        before, positions = self._latest.get(organization, ((), {}))
        if not _are_same(before, inputs):
            new = self._worked_out(state, reading, organization, group, names)
            positions = positions if _are_same(tuple(positions.values()), tuple(new.values())) else new
            self._latest[organization] = inputs, positions
        return positions

    def _worked_out(
        self, state: State, reading: Reading, organization: str, group: GroupAnswers, names: Names
    ) -> dict[str, Position]:
        people, answers = agreement.People(names, state.authors), reading.placed(group).by_question
        return self._by_question.of(reading.past.worksheet, organization, answers, people, state.opinions)


def _names(state: State, organization: str) -> Names:
    """Return what an organization's people are called in its draft, by person; nothing as long as they are numbers."""
    if organization not in state.named:
        return {}
    return {id_: person.name for id_, person in state.people_of(organization).items() if person.name}


def _are_same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Return whether these are the very same values: as they are frozen, they have not changed then."""
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))
