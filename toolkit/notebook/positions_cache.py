"""Remembers every organization's positions, and refreshes those with new answers, a short time at once."""

from __future__ import annotations

import time
from collections.abc import Mapping

from toolkit.answers.model import Organization, Position
from toolkit.facilitation.events import MergeEvent, OpinionEvent
from toolkit.worksheets.model import Worksheet
from toolkit.workshop.facade import Workshop

MOMENT = 0.05
"""Seconds that one look may take; who is left over comes with the next look."""

Positions = Mapping[str, Position]


class PositionsCache:
    """Every organization's positions by its id; `behind` are those that have said something newer."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._positions: dict[str, Positions] = {}
        self._seen, self._sheet = (0, 0), workshop.worksheet
        self.behind: dict[str, None] = {}

    def positions(self) -> dict[Organization, Positions]:
        """Return what each organization holds, in the order in which they came."""
        sheet, organizations = self._workshop.worksheet, self._workshop.organizations
        self._notice(sheet)
        new = [organization.id for organization in organizations if organization.id not in self._positions]
        for id_ in new:
            self._ask(id_)
        self._catch_up()
        return {organization: self._positions[organization.id] for organization in organizations}

    def _notice(self, sheet: Worksheet) -> None:
        if sheet is not self._sheet:
            self._positions, self._sheet = {}, sheet
        before, self._seen = self._seen, self._workshop.sequences()
        if self._workshop.events_of(MergeEvent, after=before[1]):
            self._positions = {}
        if before != self._seen and self._positions:
            self.behind |= dict.fromkeys(sorted(self._changed(*before)))

    def _changed(self, answers: int, events: int) -> set[str]:
        """Return who answered, and who thinks otherwise of a proposal, since then."""
        of = {person.id: person.organization for person in self._workshop.people}
        opinions = {event.person for event in self._workshop.events_of(OpinionEvent, after=events)}
        return self._workshop.answered_since(answers) | {of[opinion] for opinion in opinions if opinion in of}

    def _catch_up(self) -> None:
        until = time.monotonic() + MOMENT
        while self.behind and time.monotonic() < until:
            self._ask(next(iter(self.behind)))

    def _ask(self, id_: str) -> None:
        self.behind.pop(id_, None)
        self._positions[id_] = self._workshop.positions(self._workshop.organization(id_))
