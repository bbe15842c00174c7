"""Limits how often one phone and the whole room may ask. Who asks too often waits, and nobody else does."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Limit:
    """How much may come at once, and how much each second afterwards."""

    burst: float
    each_second: float


CODES = Limit(20, 1.5)
"""Wrong codes of the whole room, beyond what each address may try: 90 a minute (reliability B4)."""

WORDS = Limit(20, 0.5)
"""Wrong return words of the whole room, beyond what each address may try."""

TRIES = Limit(6, 0.1)
"""Wrong codes, or wrong return words, of one address: nobody else can use these up."""

JOINS = Limit(400, 10)
"""People that join through the link, for the whole room: 300 at once is a full room."""

OWN_JOINS = Limit(12, 0.1)
"""People that join from one address, whatever others do: a shared device has a few."""

NEW_NAMES = Limit(60, 1)
"""Organizations that are not on the list, for the whole room."""

OWN_NEW_NAMES = Limit(3, 0.05)
"""Organizations that are not on the list, from one address, whatever others do."""

MOST_ADDRESSES = 4096
"""Addresses whose own part is remembered; a room has 300."""

LOOK_FOR_IDLE = 10.0
"""Seconds between two looks for addresses that took nothing for long."""

SAVES = Limit(60, 10)
"""Answers of one session, whatever its connections."""

CHARACTERS = Limit(512 * 1024, 16 * 1024)
"""What the answers of one session may weigh: about 1 MB a minute (reliability B10)."""

SMALL_ACTS = Limit(120, 4)
"""Hands, reads and downloads of one session: twenty tabs of one browser may open at once."""


@dataclass(slots=True)
class Bucket:
    """One limit, for one session or for the room."""

    limit: Limit
    clock: Clock = time.monotonic
    level: float = field(init=False)
    at: float = field(init=False)

    def __post_init__(self) -> None:
        self.level, self.at = self.limit.burst, self.clock()

    def has(self, amount: float = 1) -> bool:
        """Return whether `amount` is there."""
        now = self.clock()
        self.level = min(self.limit.burst, self.level + (now - self.at) * self.limit.each_second)
        self.at = now
        return self.level >= amount

    def take(self, amount: float = 1) -> bool:
        """Take `amount` when it is there."""
        if not self.has(amount):
            return False
        self.level -= amount
        return True

    @property
    def is_full(self) -> bool:
        """Whether nothing was taken for so long that all of it is there again."""
        return self.has(self.limit.burst)


class Fair:
    """A limit with a part for each address that nobody else can use up, and a part that all of them share.

    A room behind one address lives on the shared part; one device that takes all of that takes nobody's own part.
    """

    def __init__(self, own: Limit, shared: Limit, clock: Clock = time.monotonic) -> None:
        self._own, self._clock = own, clock
        self._shared = Bucket(shared, clock)
        self._parts: dict[str, Bucket] = {}
        self._looked_at = float("-inf")

    def has(self, address: str) -> bool:
        """Return whether something is left for who asks from `address`; nothing is taken."""
        return self._part(address).has() or self._shared.has()

    def take(self, address: str) -> bool:
        """Take one from the address's own part, or else from the shared one."""
        return self._part(address).take() or self._shared.take()

    def _part(self, address: str) -> Bucket:
        key = part_of(address)
        if key not in self._parts and len(self._parts) >= MOST_ADDRESSES:
            self._forget_idle()
            if len(self._parts) >= MOST_ADDRESSES:
                key = ""  # so many at once are no room of people: all further ones have one part together
        return self._parts.setdefault(key, Bucket(self._own, self._clock))

    def _forget_idle(self) -> None:
        """Forget who has taken nothing for long, but look for them only now and then."""
        now = self._clock()
        if now - self._looked_at > LOOK_FOR_IDLE:
            self._looked_at = now
            self._parts = {key: part for key, part in self._parts.items() if not part.is_full}


def part_of(address: str) -> str:
    """Return what counts as one device: an IPv4 address, or the 64 bits of an IPv6 one that it cannot choose itself."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    mapped = ip.ipv4_mapped
    return str(mapped or ipaddress.ip_network((ip, 64), strict=False))
