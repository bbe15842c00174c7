"""What stands, kept in memory and brought up to date by the rows that are new: exact, because rows are only added."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace

from toolkit.answer import Answer
from toolkit.store.rows import Row, answer, place

Rows = Callable[[int], Iterable[Row]]
"""Returns the rows after a sequence number, in order."""


class Standing:
    """The newest answer of each voice on each question, by organization; emptied ones only on request."""

    def __init__(self, rows_after: Rows) -> None:
        self._rows_after = rows_after
        self._lock = threading.Lock()
        self._seen = 0
        self._places: dict[str, dict[object, Answer]] = {}
        self._last: dict[str, int] = {}

    def answers(self, organization: str | None = None, *, emptied: bool = False) -> list[Answer]:
        """Return what stands now, in order of sequence; with `emptied` also where nothing stands any more."""
        with self._lock:
            self._look()
            groups = self._places.values() if organization is None else [self._places.get(organization, {})]
            found = [each for group in groups for each in group.values() if emptied or each.value is not None]
        return sorted(found, key=_sequence) if organization is None else found

    def last(self) -> dict[str, int]:
        """Return the sequence of each organization's newest answer; one that said nothing is not in it."""
        with self._lock:
            self._look()
            return dict(self._last)

    def _look(self) -> None:
        for row in self._rows_after(self._seen):
            self._take(answer(row))

    def _take(self, new: Answer) -> None:
        group = self._places.setdefault(new.organization, {})
        before = group.pop(place(new), None)
        group[place(new)] = replace(new, revision=before.revision + 1 if before else 1)
        self._seen = self._last[new.organization] = new.sequence


def _sequence(each: Answer) -> int:
    return each.sequence
