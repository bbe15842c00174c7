"""A store in which merged names read as one organization. Nothing stored is rewritten.

Its law: whatever is read is asked for by any name of an organization, and comes back under the one that stands.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from toolkit.answers.model import Answer, Organization, Person
from toolkit.facilitation import events, merges
from toolkit.facilitation.events import MergeEvent
from toolkit.facilitation.merges import Merges
from toolkit.storage.store import Event, Store


class MergedStore(Store):
    """A store that reads merged organizations as one."""

    def __init__(self, address: Path | str) -> None:
        super().__init__(address)
        self._folded = 0, Merges()

    @property
    def merges(self) -> Merges:
        """Who is whose twin by now, whichever process said so."""
        heard, known = self._folded
        stored = super().events(MergeEvent.kind)
        if len(stored) != heard:
            heard, known = self._folded = len(stored), merges.fold(stored)
        return known

    def events(self, kind: str | None = None, *, after: int = 0) -> list[Event]:
        """Return the events after a sequence number, in order, as if twins had been one from the start."""
        stored, known = super().events(kind, after=after), self.merges
        return [_under_merges(known, event) for event in stored] if known.into else stored

    def as_stored(self, after: int) -> list[Event]:
        """Return the events after a sequence number, in order, under the names that they were stored with."""
        return super().events(after=after)

    def registered(self) -> list[tuple[Organization, Organization]]:
        """Return every name that was ever registered with the organization that it is now."""
        names, known = {organization.id: organization for organization in super().organizations()}, self.merges
        return [(name, names[known.of(name.id)]) for name in names.values()]

    def organizations(self) -> list[Organization]:
        """Return the organizations in the order in which they came; a twin is not one of them."""
        known = self.merges
        return [organization for organization in super().organizations() if organization.id not in known.into]

    def people(self) -> list[Person]:
        """Return the participants in the order in which they came, each of the organization that stands."""
        people, known = super().people(), self.merges
        return (
            [replace(person, organization=known.of(person.organization)) for person in people] if known.into else people
        )

    def history(self, organization: str | None = None, *, after: int = 0) -> list[Answer]:
        """Return every answer ever kept, in order."""
        if organization is None:
            return self._under_one(super().history(after=after))
        groups = [super(MergedStore, self).history(name, after=after) for name in self.merges.family(organization)]
        return self._under_one(
            sorted((answer for group in groups for answer in group), key=lambda answer: answer.sequence)
        )

    def _under_one(self, answers: list[Answer]) -> list[Answer]:
        known = self.merges
        return [replace(answer, organization=known.of(answer.organization)) for answer in answers]

    def standing(self, organization: str | None = None, *, emptied: bool = False) -> list[Answer]:
        """Return the newest answer of each voice on each question, as `merges.as_one` reads them."""
        known = self.merges
        family = known.family(organization) if organization else (None,)
        if not known.into or (organization and len(family) == 1):
            return super().standing(organization, emptied=emptied)
        answers = [answer for one in family for answer in super(MergedStore, self).standing(one, emptied=True)]
        return merges.as_one(known, answers)

    def last(self) -> dict[str, int]:
        """Return the sequence of each organization's newest answer."""
        found, known = super().last(), self.merges
        last: dict[str, int] = {}
        for id_, sequence in found.items():
            last[known.of(id_)] = max(sequence, last.get(known.of(id_), 0))
        return last


def _under_merges(known: Merges, stored: Event) -> Event:
    """Return the event as it reads when every twin is its organization."""
    event = events.read(stored)
    if event is None:
        return stored
    _, about, value = event.under(known.of).row()
    return replace(stored, about=about, value=value)
