"""PRACTICE: a room of made-up people for the facilitator to lead: they come in, answer what is open, raise hands."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit import room
from toolkit.room import Presence
from toolkit.workshop import Workshop

ORGANIZATIONS, PEOPLE = 6, 30
COME, SHARE = 2, 0.06
"""How many come in at one step, and how much of a stage is said at one."""

HANDS = {3: 2, 9: 5}
"""At which step of a stage whose hand goes up: the place of a person in the order in which they came."""


class Practice:
    """One practice room; each step is a moment in it."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._filling = workshop.filling(ORGANIZATIONS, PEOPLE)
        self._stage, self._steps = "", 0
        self._told: Mapping[str, Presence] = {}

    def step(self) -> None:
        """Let a moment pass."""
        now = room.fold(self._workshop.events())
        self._filling.arrive(COME)
        self._steps = self._steps + 1 if now.now.stage == self._stage else 0
        self._stage = now.now.stage
        self._tell(self._spoken(now))

    def _spoken(self, now: room.Room) -> Mapping[str, int]:
        if now.ended or now.now.state not in SAYING:
            return {}
        if now.now.state == "open" and self._steps in HANDS:
            self._raise_hand(HANDS[self._steps])
        return self._filling.answer(now.now.stage, SHARE * SAYING[now.now.state])

    def _raise_hand(self, place: int) -> None:
        here = [person for people in self._filling.here.values() for person in people]
        if place < len(here):
            self._workshop.happen(*room.ask_help(here[place]))

    def _tell(self, spoke: Mapping[str, int]) -> None:
        here = self._filling.here
        counts = {id_: Presence(len(people), min(spoke.get(id_, 0), len(people))) for id_, people in here.items()}
        if counts != self._told:
            self._told = counts
            self._workshop.happen(*room.tell_presence(counts))

    def finish(self) -> None:
        """Let everybody say all that is left at once."""
        self._filling.rest()
        self._tell({})


SAYING = {"open": 1.0, "closing": 0.3}
"""In which states of a stage people say something, and how eagerly."""
