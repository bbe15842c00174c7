"""DOORS: the way in as the join page has written it down, and who has come through it."""

from __future__ import annotations

import datetime
import socket
from collections import Counter
from collections.abc import Mapping
from typing import Any

from toolkit import boards
from toolkit.workshop import Workshop

DOOR = "door"
"""The kind of event in which the join page keeps the way in; the newest one counts."""

HERE = "127.0.0.1"
LONG_ALONE = datetime.timedelta(minutes=3)
"""After so long without anybody the page says what may be wrong."""


class Porch:
    """What the facilitator sees of the doors."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop, self._since = workshop, datetime.datetime.now(datetime.UTC)

    def state(self) -> boards.DoorState:
        """Return how the doors stand."""
        kept = self._workshop.events(DOOR)
        way = kept[-1].value if kept else {}
        came = self.came()
        if not way.get("addresses"):
            return boards.DoorState(came=came)
        address, code = str(way["addresses"][0]), str(way.get("code", ""))
        return boards.DoorState(
            open=_answers(int(way["port"])),
            address=f"http://{address}:{way['port']}",
            code=" ".join(code[place : place + 3] for place in range(0, len(code), 3)),
            aloud=f"{address.replace('.', ' dot ')} colon {way['port']}",
            qr=_squares(way, address),
            addresses=tuple(map(str, way["addresses"])),
            came=came,
            alone=not any(count for _, count in came) and self._long_ago(kept[-1].at),
        )

    def came(self) -> tuple[tuple[str, int], ...]:
        """Return the organizations with how many people have come from each."""
        people = Counter(person.organization for person in self._workshop.people)
        return tuple((each.name, people[each.id]) for each in self._workshop.organizations)

    def choose(self, address: str) -> str:
        """Let another address of this computer stand on the projector."""
        way = self._workshop.events(DOOR)[-1].value
        others = [each for each in way["addresses"] if each != address]
        self._workshop.happen(DOOR, "", {**way, "addresses": [address, *others], "chosen": address})
        return f"Phones are sent to {address} now."

    def _long_ago(self, opened: datetime.datetime) -> bool:
        return datetime.datetime.now(datetime.UTC) - max(opened, self._since) > LONG_ALONE


def _squares(way: Mapping[str, Any], address: str) -> tuple[str, ...]:
    """Return the QR code as the join page has drawn it: rows of 0 and 1, for each address."""
    drawn = way.get("qr") or {}
    return tuple(drawn.get(address, ())) if isinstance(drawn, Mapping) else tuple(drawn)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection((HERE, port), 0.2):
            return True
    except OSError:
        return False
