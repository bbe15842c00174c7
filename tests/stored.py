"""What stands in a store, for tests that have no workshop around it."""

from __future__ import annotations

from toolkit import Workshop
from toolkit.answers.agreement import Opinion
from toolkit.answers.model import Answer, Organization, Person
from toolkit.facilitation.events import Kind, OpinionEvent, read_all
from toolkit.state import State, fold
from toolkit.storage.store import Store


def state_of(store: Store) -> State:
    """The state of a store, folded from nothing."""
    return fold(store.rows, store.mark())


def standing(store: Store, organization: str = "") -> list[Answer]:
    """The standing answers of one organization, or of all of them in order."""
    groups = state_of(store).stored_answers
    names = [organization] if organization else list(groups)
    answers = [answer for name in names if name in groups for answer in groups[name].standing()]
    return sorted(answers, key=lambda answer: answer.sequence)


def organizations(store: Store) -> list[Organization]:
    """The organizations in the order in which they came."""
    return list(state_of(store).names.values())


def people(store: Store) -> list[Person]:
    """The participants in the order in which they came."""
    return list(state_of(store).people.values())


def sequences(store: Store) -> tuple[int, int]:
    """How far answers and events have come."""
    return store.mark().answers, store.mark().events


def events_of(workshop: Workshop, kind: type[Kind]) -> list[Kind]:
    """All events of one kind, in order."""
    return read_all(workshop.current.store.events(kind.kind), kind)


def opinions_of(workshop: Workshop) -> list[Opinion]:
    """All opinions on proposals, in order."""
    given = events_of(workshop, OpinionEvent)
    return [Opinion(event.answer, event.person, event.agrees, event.note, event.id) for event in given]
