"""The part of a workshop about who is in it: organizations, their people, and their devices."""

from __future__ import annotations

from collections import Counter

from toolkit.answers.model import Organization, Person
from toolkit.errors import WorkshopError
from toolkit.facilitation import invitation, merges, report_back
from toolkit.facilitation.names import LONGEST_NAME, as_compared, one_line
from toolkit.storage.store import new_id
from toolkit.worksheets.kinds import clean_line
from toolkit.workshop.current import CurrentState
from toolkit.workshop.settings import Settings


class Roster:
    """Who is in one workshop."""

    def __init__(self, current: CurrentState, settings: Settings) -> None:
        self._current, self._settings = current, settings

    @property
    def organizations(self) -> list[Organization]:
        """The organizations in the order in which they came; a name that was merged is not one of them."""
        return list(self._current.state.organizations.values())

    @property
    def people(self) -> list[Person]:
        """The participants in the order in which they came, each of the organization that stands."""
        return list(self._current.state.people.values())

    @property
    def registered(self) -> list[tuple[Organization, Organization]]:
        """Every name that was ever registered, with the organization that it is now."""
        state = self._current.state
        return [(name, state.names[state.current_id(name.id)]) for name in state.names.values()]

    @property
    def merged(self) -> list[tuple[Organization, Organization]]:
        """The names that were merged, each with the organization that it is now."""
        return [(name, organization) for name, organization in self.registered if name.id != organization.id]

    @property
    def shared_devices(self) -> Counter[str]:
        """How many devices that a table shares are signed in, by the organization's id; several people use each."""
        state = self._current.state
        return Counter(state.current_id(device) for device in invitation.shared_devices(state.devices))

    def register(self, *names: str) -> list[Organization]:
        """Register organizations by name; a name that is there already is the same organization."""
        organizations = {as_compared(name.name): organization for name, organization in self.registered}
        wanted = [name for name in map(one_line, names) if name]
        for name in wanted:
            if as_compared(name) not in organizations:
                organizations[as_compared(name)] = self._current.store.register(name)
        return [organizations[as_compared(name)] for name in wanted]

    def organization(self, name: str) -> Organization:
        """Return the organization of this name or id; WorkshopError lists those that are there."""
        wanted = as_compared(name)
        for registered, now in self.registered:
            if name == registered.id or as_compared(registered.name) == wanted:
                return now
        known = ", ".join(organization.name for organization in self.organizations) or "none yet"
        raise WorkshopError(
            f"there is no organization '{name}'", where=self._settings.title, mend=f"Registered: {known}."
        )

    def current_id(self, id_: str) -> str:
        """Return the id of the organization that the one of this id is now: its own, unless it was merged."""
        return self._current.state.current_id(id_)

    def merge(self, twin: str, organization: str) -> Organization:
        """Make everything of a twin the organization's; both are given by name or id."""
        other, one = self.organization(twin), self.organization(organization)
        if one.id == other.id:
            raise WorkshopError(f"“{one.name}” is one organization already", mend="Choose two that differ.")
        self._current.record(merges.merge(other.id, one.id, self._current.state.mark.answers))
        return one

    def take_apart(self, twin: str) -> None:
        """Let a merged name stand for itself again, with all that its own people said; both show nothing any more."""
        other = next((name for name, _ in self.merged if twin in (name.id, name.name)), None)
        if other is None:
            raise WorkshopError(f"“{twin}” is not merged with another", mend="Look at the list again.")
        one = self.current_id(other.id)
        for name in (other.id, one):
            self._current.record(report_back.release(name, {}, yes=False))
        self._current.record(merges.take_apart(other.id, one))

    def join(self, organization: str, name: str = "") -> Person:
        """Return a new participant of an organization; the name or handle may stay empty."""
        return self._current.store.add_person(newcomer(organization, name))


def newcomer(organization: str, name: str) -> Person:
    """Return somebody of an organization (by id) whom nobody knows yet."""
    return Person(new_id(), organization, clean_line(name)[:LONGEST_NAME].rstrip())
