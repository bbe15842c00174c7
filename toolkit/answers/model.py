"""Answers, people, organizations and positions as frozen values. Answers are never changed, only followed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from toolkit.worksheets.kinds import Value
from toolkit.worksheets.stored_copy import WorksheetCopy

Voice = Literal["mine", "ours"]
Status = Literal["agreed", "proposed", "open", "tied"]


SCRIBE = "table"
"""The person behind a table's shared laptop: its words are what the group agreed on aloud."""

TABLE = "The table"
"""How the shared laptop of a table is called."""

ONE_OF_US = "One of us at the table"
"""Who sees it differently when the table's laptop notes it."""


@dataclass(frozen=True, slots=True)
class Organization:
    """One organization in the workshop; `id` is the store's, `name` is what people call it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """One participant, known by an id that says nothing and, if given, a name or handle."""

    id: str
    organization: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One voice on one question; `id` comes from the client, so a repeat is the same answer (design wall 2).

    `value` is None when the field was emptied: that too is an answer. `sequence` is the store's own
    order, 0 until it is stored. `made_from` names the answers that an "ours" was made of.
    """

    id: str
    organization: str
    person: str
    question: str
    value: Value
    voice: Voice = "mine"
    made_from: tuple[str, ...] = ()
    note: str = ""
    sequence: int = 0
    answered_at: datetime.datetime | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Dissent:
    """A voice that the organization's text does not carry: the words, whose, and the note if there is one.

    `voice` is a name or handle, or a number that a person has on this one question ("Voice 2").
    """

    words: str
    voice: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """What an organization holds on one question; a tie is no majority (design wall 3).

    `value` is None when the status is open or tied. `voices` are the ids of the answers it was made
    from, `of` is how many people answered. `tied` holds the values that stand against each other. `by` is how
    those are called whose words it carries or who are for it. `counts` holds, for a tie over several choices, each
    item that somebody chose and how many did.
    """

    organization: str
    question: str
    value: Value = None
    status: Status = "open"
    voices: tuple[str, ...] = ()
    of: int = 0
    dissent: tuple[Dissent, ...] = ()
    tied: tuple[Value, ...] = ()
    by: tuple[str, ...] = ()
    counts: tuple[tuple[Value, int], ...] = field(default=(), compare=False)


EventRow = tuple[str, str, Any]
"""What the store keeps of an event: its kind, what it is about, and a value as JSON."""


class StoredEvent(Protocol):
    """An event as the store keeps it; `facilitation.events` reads it."""

    @property
    def kind(self) -> str:
        """What sort of event it is."""

    @property
    def about(self) -> str:
        """The stage, person, group or organization that it is about."""

    @property
    def value(self) -> Any:
        """What it says."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in the room, as it is stored; later ones have higher numbers."""

    sequence: int
    kind: str
    about: str
    value: Any
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a store has come: the highest sequence number of each table, and the facts, which may change."""

    organizations: int = 0
    people: int = 0
    answers: int = 0
    events: int = 0
    worksheets: int = 0
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """What a store has between two marks, in order; of the facts all that stand.

    `authors` has, by an answer's id, who gave the answers that the new ones were made from.
    """

    facts: Mapping[str, Any]
    worksheets: Sequence[WorksheetCopy] = ()
    organizations: Sequence[Organization] = ()
    people: Sequence[Person] = ()
    answers: Sequence[Answer] = ()
    authors: Mapping[str, str] = field(default_factory=dict)
    events: Sequence[Event] = ()


StandingKey = tuple[str, Voice, str, str]


def standing_key(answer: Answer) -> StandingKey:
    """Return which answer of an organization this one replaces: the earlier one of the same voice to the question.

    A person has one answer to each question, and each text that a person offers is one of its own.
    """
    offered = answer.voice == "ours" and answer.person != SCRIBE
    return answer.question, answer.voice, answer.person, answer.id if offered else ""
