"""LIMITS: buckets that fill by time; who has taken too much waits, and everybody else goes on."""

from __future__ import annotations

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
"""Typed codes and rejoin words, for the whole room: 110 a minute (reliability B4)."""

JOINS = Limit(400, 10)
"""People that come in through the link, for the whole room: 300 at once is a full room."""

NEW_NAMES = Limit(60, 1)
"""Organizations that are not on the list, for the whole room."""

SAVES = Limit(60, 10)
"""Answers of one session, whatever its connections."""

CHARACTERS = Limit(512 * 1024, 16 * 1024)
"""What the answers of one session may weigh: about 1 MB a minute (reliability B10)."""

SMALL_ACTS = Limit(20, 2)
"""Hands, reads and downloads of one session."""


@dataclass(slots=True)
class Bucket:
    """One limit, for one session or for the room."""

    limit: Limit
    clock: Clock = time.monotonic
    level: float = field(init=False)
    at: float = field(init=False)

    def __post_init__(self) -> None:
        self.level, self.at = self.limit.burst, self.clock()

    def take(self, amount: float = 1) -> bool:
        """Take `amount` when it is there."""
        now = self.clock()
        self.level = min(self.limit.burst, self.level + (now - self.at) * self.limit.each_second)
        self.at = now
        if self.level < amount:
            return False
        self.level -= amount
        return True
