"""The register: the store as the hall reads it, where merged names are one organization; nothing is rewritten.

Its law: whatever is read is asked for by any name of an organization, and comes back under the one that stands.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from toolkit import reportback, room, twins
from toolkit.answer import Answer, Organization, Person
from toolkit.store import Event, Store
from toolkit.twins import MERGE, Twins


class Register(Store):
    """A store that reads merged organizations as one; what another process merged is seen at the next look.

    A look is whatever asks how far things have come (`sequences`) or what happened (`events`).
    """

    def __init__(self, address: Path | str) -> None:
        super().__init__(address)
        self._looking, self._heard = threading.Lock(), 0
        self.twins = Twins()
        self.sequences()

    def _look(self, upto: int) -> None:
        """Hear who was merged or taken apart, when events have come further than we have heard."""
        with self._looking:
            if upto > self._heard:
                self.twins = twins.fold(super().events(MERGE, after=self._heard), self.twins)
                self._heard = upto

    def happen(self, kind: str, about: str, value: Any) -> Event:
        """Keep an event; a merging counts from now on."""
        event = super().happen(kind, about, value)
        if kind == MERGE:
            self._look(event.sequence)
        return event

    def sequences(self) -> tuple[int, int]:
        """Return the highest sequence of answers and of events, and look who was merged when there are new ones."""
        found = super().sequences()
        self._look(found[1])
        return found

    def events(self, kind: str | None = None, *, after: int = 0) -> list[Event]:
        """Return the events after a sequence number, in order, as if twins had been one from the start."""
        found = super().events(kind, after=after)
        self._look(max((event.sequence for event in found if event.kind == MERGE), default=0))
        return [_told(self.twins, event) for event in found] if self.twins.into else found

    def registered(self) -> list[tuple[Organization, Organization]]:
        """Return every name that was ever registered with the organization that it is now."""
        names = {each.id: each for each in super().organizations()}
        return [(each, names[self.twins.of(each.id)]) for each in names.values()]

    def organizations(self) -> list[Organization]:
        """Return the organizations in the order in which they came; a twin is not one of them."""
        return [each for each in super().organizations() if each.id not in self.twins.into]

    def people(self) -> list[Person]:
        """Return the participants in the order in which they came, each of the organization that stands."""
        found = super().people()
        return [replace(each, organization=self.twins.of(each.organization)) for each in found]

    def history(self, organization: str | None = None, *, after: int = 0) -> list[Answer]:
        """Return every answer ever kept, in order."""
        if organization is None:
            return self._under_one(super().history(after=after))
        groups = [super(Register, self).history(each, after=after) for each in self.twins.family(organization)]
        return self._under_one(sorted((each for group in groups for each in group), key=lambda each: each.sequence))

    def _under_one(self, answers: list[Answer]) -> list[Answer]:
        return [replace(each, organization=self.twins.of(each.organization)) for each in answers]

    def standing(self, organization: str | None = None, *, emptied: bool = False) -> list[Answer]:
        """Return the newest answer of each voice on each question, as `twins.as_one` reads them."""
        family = self.twins.family(organization) if organization else ()
        if not self.twins.into or len(family) == 1:
            return super().standing(organization, emptied=emptied)
        wanted = family or (None,)
        said = [each for one in wanted for each in super(Register, self).standing(one, emptied=True)]
        return twins.as_one(self.twins, said)

    def last(self) -> dict[str, int]:
        """Return the sequence of each organization's newest answer."""
        found: dict[str, int] = {}
        for id_, sequence in super().last().items():
            found[self.twins.of(id_)] = max(sequence, found.get(self.twins.of(id_), 0))
        return found


# What an event says of organizations, by its kind


def _told(known: Twins, event: Event) -> Event:
    """Return the event as it reads when every twin is its organization."""
    return TOLD[event.kind](known, event) if event.kind in TOLD else event


def _about(known: Twins, event: Event) -> Event:
    return replace(event, about=known.of(event.about))


def _with_place(known: Twins, event: Event) -> Event:
    """What is about an organization, or about one of its questions or stages."""
    organization, of, place = event.about.partition("/")
    return replace(event, about=f"{known.of(organization)}{of}{place}")


def _point(known: Twins, point: str) -> str:
    question, of, organization = point.partition("/")
    return f"{question}{of}{known.of(organization)}"


def _voted(known: Twins, event: Event) -> Event:
    ballot: dict[str, int] = {}
    for point, dots in event.value["dots"].items():
        ballot[_point(known, point)] = ballot.get(_point(known, point), 0) + dots
    return replace(event, about=known.of(event.about), value={**event.value, "dots": ballot})


def _grouped(known: Twins, event: Event) -> Event:
    said = event.value if isinstance(event.value, Mapping) else {}
    points = said.get("points")
    if not isinstance(points, list):
        return event
    return replace(event, value={**said, "points": [_point(known, str(each)) for each in points]})


def _present(known: Twins, event: Event) -> Event:
    counts: dict[str, list[int]] = {}
    for id_, (here, typing) in event.value.items():
        before = counts.get(known.of(id_), [0, 0])
        counts[known.of(id_)] = [before[0] + here, before[1] + typing]
    return replace(event, value=counts)


TOLD: Mapping[str, Callable[[Twins, Event], Event]] = MappingProxyType(
    {
        reportback.RELEASE: _about,
        reportback.TURN: _about,
        reportback.VOTE: _voted,
        reportback.GROUP: _grouped,
        room.HELP: _about,
        room.REVEAL: _with_place,
        room.PAPER: _with_place,
        room.PRESENCE: _present,
    }
)
