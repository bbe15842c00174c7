"""Door: the way in as it is written down: addresses, link, code, the squares to point a phone at; how it is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from toolkit.answer import Act, Happened

DOOR, SESSION = "door", "session"
"""The kinds of events that keep the way in, of which the newest counts, and that a phone came in."""


@dataclass(frozen=True, slots=True)
class Door:
    """The way in: the addresses, the shown one first, the port, the link's key, the code to type.

    `qr` are the squares of the link by each address: rows of 1 (dark) and 0, for a page to draw.
    """

    addresses: tuple[str, ...]
    port: int
    key: str
    code: str
    qr: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The address that stands on the projector."""
        return self.addresses[0]

    @property
    def url(self) -> str:
        """The address without the key: short enough to type."""
        return f"http://{self.address}:{self.port}/"

    def link(self, address: str = "") -> str:
        """Return the address with the key behind #, where no server, log or proxy sees it."""
        return f"http://{address or self.address}:{self.port}/#{self.key}"

    @property
    def grouped_code(self) -> str:
        """The code in groups of three, as it stands on the projector."""
        return " ".join(self.code[place : place + 3] for place in range(0, len(self.code), 3))

    @property
    def in_words(self) -> str:
        """The address as one says it aloud."""
        return f"{self.address.replace('.', ' dot ')} colon {self.port}"

    @property
    def squares(self) -> tuple[str, ...]:
        """The squares of the address that stands on the projector."""
        return self.qr.get(self.address, ())

    def shown_at(self, address: str) -> Door:
        """Return the door with another of its addresses on the projector."""
        return replace(self, addresses=(address, *(each for each in self.addresses if each != address)))


def written(way: Door) -> Act:
    """Write down the way in."""
    squares = {address: list(rows) for address, rows in way.qr.items()}
    said = {"addresses": list(way.addresses), "port": way.port, "key": way.key, "code": way.code, "qr": squares}
    return DOOR, "", said


def read(events: Iterable[Happened]) -> Door | None:
    """Return the way in as it was written down last, None when nobody has yet."""
    kept = [event.value for event in events if event.kind == DOOR]
    return _door(kept[-1]) if kept else None


def _door(value: Mapping[str, Any]) -> Door:
    squares = {address: tuple(rows) for address, rows in value["qr"].items()}
    return Door(tuple(value["addresses"]), int(value["port"]), str(value["key"]), str(value["code"]), squares)
