"""Connects the organizations' panel to a workshop: merged names, tables on paper, and answers typed in for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from toolkit.answers.model import Organization
from toolkit.facilitation import merges
from toolkit.facilitation import stages as room
from toolkit.facilitation.similar_names import lookalikes
from toolkit.facilitation.stages import Room
from toolkit.notebook import pages, panels
from toolkit.notebook.board_widget import Board
from toolkit.workshop.facade import Workshop


class Who:
    """The organizations of one workshop."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop

    def state(self) -> panels.OrganizationsState:
        """Return who is there, and whose names look alike."""
        return panels.OrganizationsState(tuple(self._named()), self.alike())

    def alike(self) -> tuple[tuple[str, str], ...]:
        """Return the ids of those whose names look alike, unless the facilitator has said that they are two."""
        ids = {organization.name: organization.id for organization in self._workshop.organizations}
        two = self._workshop.state.distinct
        pairs = ((ids[one], ids[other]) for one, other in lookalikes(tuple(ids)))
        return tuple(pair for pair in pairs if frozenset(pair) not in two)

    def _named(self) -> Iterator[panels.OrganizationRow]:
        people = Counter(person.organization for person in self._workshop.people)
        merged, now = self._workshop.merged, self._workshop.state.room
        devices = self._workshop.shared_devices
        for organization in self._workshop.organizations:
            others = tuple((twin.id, twin.name) for twin, one in merged if one.id == organization.id)
            yield panels.OrganizationRow(
                organization.id,
                organization.name,
                people[organization.id],
                others,
                self._paper(organization, now),
                devices[organization.id],
            )

    def _paper(self, organization: Organization, now: Room) -> tuple[tuple[str, str, bool], ...]:
        if not now.is_on_paper(organization.id):
            return ()
        stages = self._workshop.worksheet.stages
        return tuple((stage.id, stage.title, now.is_on_paper(organization.id, stage.id)) for stage in stages)

    def board(self) -> panels.Organizations:
        """Return this part of the page."""
        record, workshop = self._workshop.record, self._workshop
        acts = {
            "merge": workshop.merge,
            "apart": lambda twin, _: workshop.take_apart(twin),
            "distinct": lambda one, other: record(merges.distinct(one, other)),
            "way": lambda id_, way: record(room.on_paper(id_, yes=way == "paper")),
            "done": self._mark_paper,
        }
        return panels.Organizations(self.state, acts, self._form, Board)

    def _mark_paper(self, id_: str, stage: str) -> None:
        """Mark a stage as done on paper, or no longer."""
        was = self._workshop.state.room.is_on_paper(id_, stage)
        self._workshop.record(room.on_paper(id_, stage, yes=not was))

    def _form(self, id_: str, stage: str) -> Any:
        return pages.StageForm(self._workshop, stage, id_)
