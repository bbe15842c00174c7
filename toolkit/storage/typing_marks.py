"""Shares who of an organization is typing where, between processes. A mark is gone after a moment.

Its law: a mark says who and where, never what; it is an empty file, and nothing of it is kept.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

WRITING_FOR = 6.0
"""Seconds that colleagues are told that somebody writes, after the device said so."""

TypingMark = tuple[str, str, str]
"""An organization, a question, a person."""


class TypingMarks:
    """The marks in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, mark: TypingMark) -> None:
        """Say that somebody writes there now."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        (self._folder / ".".join(mark)).touch(mode=0o600)

    def now(self) -> frozenset[TypingMark]:
        """Return who writes where; marks that are too old are taken away."""
        return frozenset(self._fresh(time.time() - WRITING_FOR))

    def _fresh(self, since: float) -> Iterator[TypingMark]:
        for mark in self._folder.glob("*.*.*"):
            with suppress(OSError):  # another process took it away first
                if mark.stat().st_mtime < since:
                    mark.unlink()
                else:
                    organization, question, person = mark.name.split(".")
                    yield organization, question, person
