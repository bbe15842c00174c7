"""The register: the store as the hall reads it, where merged names are one organization; nothing is rewritten.

Its law: whatever is read is asked for by any name of an organization, and comes back under the one that stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from toolkit.answers import agreement
from toolkit.answers.model import Answer, Organization, Person
from toolkit.facilitation import merges as twins
from toolkit.facilitation import report_back as reportback
from toolkit.facilitation import stages as room
from toolkit.facilitation.merges import MERGE, Twins
from toolkit.storage.store import Event, Store


class Register(Store):
    """A store that reads merged organizations as one."""

    def __init__(self, address: Path | str) -> None:
        super().__init__(address)
        self._folded = 0, Twins()

    @property
    def twins(self) -> Twins:
        """Who is whose twin by now, whichever process said so."""
        heard, known = self._folded
        told = super().events(MERGE)
        if len(told) != heard:
            heard, known = self._folded = len(told), twins.fold(told)
        return known

    def events(self, kind: str | None = None, *, after: int = 0) -> list[Event]:
        """Return the events after a sequence number, in order, as if twins had been one from the start."""
        found, known = super().events(kind, after=after), self.twins
        return [_told(known, event) for event in found] if known.into else found

    def registered(self) -> list[tuple[Organization, Organization]]:
        """Return every name that was ever registered with the organization that it is now."""
        names, known = {each.id: each for each in super().organizations()}, self.twins
        return [(each, names[known.of(each.id)]) for each in names.values()]

    def organizations(self) -> list[Organization]:
        """Return the organizations in the order in which they came; a twin is not one of them."""
        known = self.twins
        return [each for each in super().organizations() if each.id not in known.into]

    def people(self) -> list[Person]:
        """Return the participants in the order in which they came, each of the organization that stands."""
        found, known = super().people(), self.twins
        return [replace(each, organization=known.of(each.organization)) for each in found] if known.into else found

    def history(self, organization: str | None = None, *, after: int = 0) -> list[Answer]:
        """Return every answer ever kept, in order."""
        if organization is None:
            return self._under_one(super().history(after=after))
        groups = [super(Register, self).history(each, after=after) for each in self.twins.family(organization)]
        return self._under_one(sorted((each for group in groups for each in group), key=lambda each: each.sequence))

    def _under_one(self, answers: list[Answer]) -> list[Answer]:
        known = self.twins
        return [replace(each, organization=known.of(each.organization)) for each in answers]

    def standing(self, organization: str | None = None, *, emptied: bool = False) -> list[Answer]:
        """Return the newest answer of each voice on each question, as `twins.as_one` reads them."""
        known = self.twins
        family = known.family(organization) if organization else (None,)
        if not known.into or (organization and len(family) == 1):
            return super().standing(organization, emptied=emptied)
        said = [each for one in family for each in super(Register, self).standing(one, emptied=True)]
        return twins.as_one(known, said)

    def last(self) -> dict[str, int]:
        """Return the sequence of each organization's newest answer."""
        found, known = super().last(), self.twins
        last: dict[str, int] = {}
        for id_, sequence in found.items():
            last[known.of(id_)] = max(sequence, last.get(known.of(id_), 0))
        return last


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
        agreement.NAMED: _about,
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
