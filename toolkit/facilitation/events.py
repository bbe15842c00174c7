"""What happens in the room, as types: one frozen class for each kind of event, which knows its row and reads it back.

Events are only ever added. A row is what the store keeps of one: its kind, what it is about, and a value as JSON.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, ClassVar, Self, TypeVar

from toolkit.answers.model import EventRow, StoredEvent

CurrentName = Callable[[str], str]
"""Returns the id of the organization that an organization's id stands for now; any other id as it is."""


class RoomEvent(ABC):
    """Something that happened in the room. Each kind says with `_row`, `_read` and `_under` how it is stored."""

    kind: ClassVar[str]

    def row(self) -> EventRow:
        """Return what the store keeps of it: the kind, what it is about, and a value as JSON."""
        return self.kind, *self._row()

    @classmethod
    def read(cls, about: str, value: Any) -> Self:
        """Return the event of a row; TypeError, ValueError, KeyError or IndexError when the row says nothing."""
        return cls._read(about, value)

    def under(self, current: CurrentName) -> Self:
        """Return the event as it reads when every merged name is its organization."""
        return self._under(current)

    @abstractmethod
    def _row(self) -> tuple[str, Any]: ...

    @classmethod
    @abstractmethod
    def _read(cls, about: str, value: Any) -> Self: ...

    def _under(self, _: CurrentName) -> Self:
        return self


@dataclass(frozen=True, slots=True)
class SwitchEvent(RoomEvent):
    """Something about one thing is switched on, or off again."""

    about: str
    yes: bool

    def _row(self) -> tuple[str, Any]:
        return self.about, self.yes

    @classmethod
    def _read(cls, about: str, value: Any) -> Self:
        return cls(about, bool(value))


@dataclass(frozen=True, slots=True)
class RoomSwitchEvent(RoomEvent):
    """Something about the whole room is switched on, or off again."""

    yes: bool

    def _row(self) -> tuple[str, Any]:
        return "", self.yes

    @classmethod
    def _read(cls, _: str, value: Any) -> Self:
        return cls(bool(value))


@dataclass(frozen=True, slots=True)
class StageEvent(RoomEvent):
    """A stage is open, closing or closed; with "back" the last such step is taken back."""

    kind = "stage"
    stage: str
    state: str

    def _row(self) -> tuple[str, Any]:
        return self.stage, self.state

    @classmethod
    def _read(cls, about: str, value: Any) -> Self:
        return cls(about, _text(value))


@dataclass(frozen=True, slots=True)
class TimerEvent(RoomEvent):
    """A stage's clock runs until a time (ISO, with its zone), or no longer (None)."""

    kind = "timer"
    stage: str
    until: str | None

    def _row(self) -> tuple[str, Any]:
        return self.stage, self.until

    @classmethod
    def _read(cls, about: str, value: Any) -> Self:
        return cls(about, _text(value) if value else None)


@dataclass(frozen=True, slots=True)
class RevealEvent(SwitchEvent):
    """Colleagues see each other's answers: to a stage, to all of them ("*"), or to an "organization/question"."""

    kind = "reveal"

    def _under(self, current: CurrentName) -> Self:
        return replace(self, about=_first_part(current, self.about))

    @property
    def organization(self) -> str:
        """The organization whose people see one question, "" when it is about a stage."""
        organization, slash, _ = self.about.partition("/")
        return organization if slash else ""


@dataclass(frozen=True, slots=True)
class HelpEvent(SwitchEvent):
    """A person, or an organization's table, asks for help."""

    kind = "help"

    def _under(self, current: CurrentName) -> Self:
        return replace(self, about=current(self.about))


@dataclass(frozen=True, slots=True)
class PaperEvent(SwitchEvent):
    """An organization's table works on paper, or has done a stage there ("organization/stage")."""

    kind = "paper"

    def _under(self, current: CurrentName) -> Self:
        return replace(self, about=_first_part(current, self.about))


@dataclass(frozen=True, slots=True)
class PresenceEvent(RoomEvent):
    """How many devices of each organization are connected, and how many people of it are typing."""

    kind = "presence"
    counts: Mapping[str, tuple[int, int]]

    def _row(self) -> tuple[str, Any]:
        return "", {organization: [*counts] for organization, counts in self.counts.items()}

    @classmethod
    def _read(cls, _: str, value: Any) -> Self:
        counts = {str(organization): (int(here), int(typing)) for organization, (here, typing) in _items(value)}
        return cls(MappingProxyType(counts))

    def _under(self, current: CurrentName) -> Self:
        sums: dict[str, tuple[int, int]] = {}
        for organization, (here, typing) in self.counts.items():
            here_before, typing_before = sums.get(current(organization), (0, 0))
            sums[current(organization)] = here_before + here, typing_before + typing
        return replace(self, counts=MappingProxyType(sums))


@dataclass(frozen=True, slots=True)
class EndEvent(RoomSwitchEvent):
    """The workshop has ended."""

    kind = "end"


@dataclass(frozen=True, slots=True)
class BoardEvent(RoomSwitchEvent):
    """The board of the report-back shows the released lines."""

    kind = "show"


@dataclass(frozen=True, slots=True)
class GroupEvent(RoomEvent):
    """Points of the board are one group under a title; without points the group is gone."""

    kind = "group"
    id: str
    title: str
    points: tuple[str, ...]

    def _row(self) -> tuple[str, Any]:
        return self.id, {"title": self.title, "points": list(self.points)}

    @classmethod
    def _read(cls, about: str, value: Any) -> Self:
        points = value["points"]
        if not isinstance(points, list):
            raise TypeError(points)
        return cls(about, str(value.get("title") or ""), tuple(map(_text, points)))

    def _under(self, current: CurrentName) -> Self:
        return replace(self, points=tuple(_last_part(current, point) for point in self.points))


@dataclass(frozen=True, slots=True)
class VotingEvent(RoomEvent):
    """The vote is "open" or "closed"."""

    kind = "voting"
    state: str

    def _row(self) -> tuple[str, Any]:
        return "", self.state

    @classmethod
    def _read(cls, _: str, value: Any) -> Self:
        return cls(_text(value))


@dataclass(frozen=True, slots=True)
class BallotEvent(RoomEvent):
    """A voter's whole ballot: dots by point. The same `id` again is the same ballot."""

    kind = "vote"
    voter: str
    dots: Mapping[str, int]
    id: str = ""

    def _row(self) -> tuple[str, Any]:
        return self.voter, {"dots": dict(self.dots), "id": self.id}

    @classmethod
    def _read(cls, about: str, value: Any) -> Self:
        dots = {str(point): _count(dots) for point, dots in _items(value["dots"])}
        return cls(about, MappingProxyType(dots), _id(value))

    def _under(self, current: CurrentName) -> Self:
        sums: dict[str, int] = {}
        for point, dots in self.dots.items():
            sums[_last_part(current, point)] = sums.get(_last_part(current, point), 0) + dots
        return replace(self, voter=current(self.voter), dots=MappingProxyType(sums))


@dataclass(frozen=True, slots=True)
class VotesEvent(RoomSwitchEvent):
    """The room sees how many dots each point has."""

    kind = "votes"


@dataclass(frozen=True, slots=True)
class TurnEvent(RoomEvent):
    """An organization has the floor until a time (ISO, with its zone).

    Without an organization the clock changes: None stops it. With "back" the last call is taken back.
    """

    kind = "turn"
    organization: str
    until: str | None

    def _row(self) -> tuple[str, Any]:
        return self.organization, self.until

    @classmethod
    def _read(cls, about: str, value: Any) -> Self:
        return cls(about, value if isinstance(value, str) else None)

    def _under(self, current: CurrentName) -> Self:
        return replace(self, organization=current(self.organization))


@dataclass(frozen=True, slots=True)
class OrderEvent(RoomEvent):
    """The organizations speak in another order, which follows from `seed`."""

    kind = "order"
    seed: str

    def _row(self) -> tuple[str, Any]:
        return "", self.seed

    @classmethod
    def _read(cls, _: str, value: Any) -> Self:
        return cls(str(value))


@dataclass(frozen=True, slots=True)
class ReleaseEvent(RoomEvent):
    """An organization lets the room see its answers by question, or none of them (`yes` is False).

    `by` is the person who said so. The same `id` again is the same release.
    """

    kind = "release"
    organization: str
    yes: bool
    by: str = ""
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    id: str = ""

    def _row(self) -> tuple[str, Any]:
        value = {"yes": self.yes, "by": self.by, "said": dict(self.values), "id": self.id}
        return self.organization, value

    @classmethod
    def _read(cls, about: str, value: Any) -> Self:
        values = value.get("said")
        yes = value.get("yes") is True and isinstance(values, Mapping)
        return cls(about, yes, str(value.get("by") or ""), MappingProxyType(dict(values) if yes else {}), _id(value))

    def _under(self, current: CurrentName) -> Self:
        return replace(self, organization=current(self.organization))


@dataclass(frozen=True, slots=True)
class MergeEvent(RoomEvent):
    """A name (its id) is read as an organization from now on; with `answers` None it stands for itself again.

    `answers` is how many answers there were by then.
    """

    kind = "merge"
    name: str
    organization: str
    answers: int | None

    def _row(self) -> tuple[str, Any]:
        return self.name, [self.organization, self.answers]

    @classmethod
    def _read(cls, about: str, value: Any) -> Self:
        organization, answers = value
        return cls(about, _text(organization), None if answers is None else int(answers))


@dataclass(frozen=True, slots=True)
class DistinctEvent(RoomEvent):
    """Two organizations with similar names (their ids) are two."""

    kind = "distinct"
    one: str
    other: str

    def _row(self) -> tuple[str, Any]:
        return self.one, self.other

    @classmethod
    def _read(cls, about: str, value: Any) -> Self:
        return cls(about, _text(value))


@dataclass(frozen=True, slots=True)
class JoinLinkEvent(RoomEvent):
    """The join page is served: see `facilitation.invitation.JoinLink` for the parts."""

    kind = "door"
    addresses: tuple[str, ...]
    port: int
    key: str
    code: str
    qr: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    prefix: str = ""

    def _row(self) -> tuple[str, Any]:
        squares = {address: list(rows) for address, rows in self.qr.items()}
        value = {"addresses": list(self.addresses), "port": self.port, "key": self.key, "code": self.code}
        return "", {**value, "qr": squares, **({"prefix": self.prefix} if self.prefix else {})}

    @classmethod
    def _read(cls, _: str, value: Any) -> Self:
        squares = {str(address): tuple(rows) for address, rows in _items(value["qr"])}
        parts = tuple(map(_text, value["addresses"])), int(value["port"]), str(value["key"]), str(value["code"])
        return cls(*parts, MappingProxyType(squares), str(value.get("prefix", "")))


@dataclass(frozen=True, slots=True)
class Device:
    """Who is behind a signed-in device: a person, or a table that shares it; `return_id` stays when it moves."""

    person: str
    organization: str
    is_table: bool
    return_id: str = ""

    def value(self) -> list[str | bool]:
        """Return it as JSON."""
        return [self.person, self.organization, self.is_table, self.return_id]

    @classmethod
    def read(cls, value: Any) -> Self:
        """Return the device in a value; in older workshops it has no `return_id`."""
        person, organization, is_table, *more = value
        return cls(_text(person), _text(organization), bool(is_table), str(more[0]) if more else "")


@dataclass(frozen=True, slots=True)
class SessionEvent(RoomEvent):
    """A device signed in, or signed out (None); `session` is the digest of its secret."""

    kind = "session"
    session: str
    device: Device | None

    def _row(self) -> tuple[str, Any]:
        return self.session, self.device.value() if self.device else None

    @classmethod
    def _read(cls, about: str, value: Any) -> Self:
        return cls(about, None if value is None else Device.read(value))


@dataclass(frozen=True, slots=True)
class RejoinEvent(RoomEvent):
    """Return words bring this device back; `words` is their digest."""

    kind = "rejoin"
    words: str
    device: Device

    def _row(self) -> tuple[str, Any]:
        return self.words, self.device.value()

    @classmethod
    def _read(cls, about: str, value: Any) -> Self:
        return cls(about, Device.read(value))


@dataclass(frozen=True, slots=True)
class OpinionEvent(RoomEvent):
    """What a person thinks of a proposal (its answer's id): for it, or against it, with a note."""

    kind = "opinion"
    answer: str
    person: str
    agrees: bool
    note: str = ""
    id: str = ""

    def _row(self) -> tuple[str, Any]:
        return self.answer, [self.person, self.agrees, self.note, self.id]

    @classmethod
    def _read(cls, about: str, value: Any) -> Self:
        person, agrees, *more = value
        return cls(about, _text(person), bool(agrees), *map(_text, more[:2]))


@dataclass(frozen=True, slots=True)
class NamingEvent(SwitchEvent):
    """An organization's draft calls its people by name; else by number."""

    kind = "named"

    def _under(self, current: CurrentName) -> Self:
        return replace(self, about=current(self.about))


@dataclass(frozen=True, slots=True)
class ClientDetailEvent(SwitchEvent):
    """A rule asked about client details, and the words were left as they are, or not; the words are never kept."""

    kind = "tripwire"


EVENTS: Mapping[str, type[RoomEvent]] = MappingProxyType(
    {
        event.kind: event
        for event in (
            StageEvent, TimerEvent, RevealEvent, HelpEvent, PaperEvent, PresenceEvent, EndEvent,
            BoardEvent, GroupEvent, VotingEvent, BallotEvent, VotesEvent, TurnEvent, OrderEvent, ReleaseEvent,
            MergeEvent, DistinctEvent, JoinLinkEvent, SessionEvent, RejoinEvent,
            OpinionEvent, NamingEvent, ClientDetailEvent,
        )
    }
)  # fmt: skip
"""Every kind of event by its name in the store."""

Kind = TypeVar("Kind", bound=RoomEvent)


def read(stored: StoredEvent) -> RoomEvent | None:
    """Return the event of a stored row; None when its kind is unknown, or when it says nothing."""
    kind = EVENTS.get(stored.kind)
    try:
        return kind.read(stored.about, stored.value) if kind else None
    except (TypeError, ValueError, KeyError, IndexError, AttributeError):
        return None


def read_all(stored: Iterable[StoredEvent], kind: type[Kind]) -> list[Kind]:
    """Return the events of one kind among stored rows, in order."""
    events = (read(row) for row in stored if row.kind == kind.kind)
    return [event for event in events if isinstance(event, kind)]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(value)
    return value


def _id(value: Mapping[str, Any]) -> str:
    id_ = value.get("id")
    return id_ if isinstance(id_, str) else ""


def _items(value: Any) -> Iterable[tuple[Any, Any]]:
    if not isinstance(value, Mapping):
        raise TypeError(value)
    return value.items()


def _first_part(current: CurrentName, scope: str) -> str:
    """Return "organization/…" under the organization's current name; a stage has no such name and stays."""
    organization, slash, rest = scope.partition("/")
    return f"{current(organization)}{slash}{rest}"


def _last_part(current: CurrentName, point: str) -> str:
    """Return "question/organization" under the organization's current name."""
    question, slash, organization = point.partition("/")
    return f"{question}{slash}{current(organization)}"
