"""One phone's line of server-sent events: what waits for it, and what it was told so far."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from toolkit.join.sessions import Session
from toolkit.worksheets.kinds import Value

MOST_WAITING = 200
"""Lines that may wait for a slow phone; then it is let go, comes back, and gets everything anew."""

View = dict[str, object]


@dataclass(eq=False, slots=True)
class PhoneLine:
    """What waits for one phone (None ends its line), and what it was told: who it is, and ours."""

    session: Session
    waiting: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))
    me: View = field(default_factory=dict)
    ours: Mapping[str, Value] = field(default_factory=dict)

    def tell(self, message: bytes | None) -> None:
        """Let a line wait for the phone; one that is too slow is let go."""
        try:
            self.waiting.put_nowait(message)
        except asyncio.QueueFull:
            while not self.waiting.empty():
                self.waiting.get_nowait()
            self.waiting.put_nowait(None)


def line(kind: str, text: View, mark: str) -> bytes:
    """Return one server-sent event."""
    return f"id: {mark}\nevent: {kind}\ndata: {json.dumps(text, ensure_ascii=False)}\n\n".encode()
