"""Remembers rows that were read, and adds new ones. This is exact, because rows are only added."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Generic, TypeVar

from toolkit.answers.model import Answer
from toolkit.storage.schema import Row, answer, standing_key

Rows = Callable[[int], Iterable[Row]]
"""Returns the rows after a sequence number, in order."""

Mark = Callable[[], int]
"""Returns the highest sequence number that there is."""

Stored = TypeVar("Stored")


class Rowed(Generic[Stored]):
    """Rows as values, in order; only those that are new are read."""

    def __init__(self, mark: Mark, rows_after: Rows, made: Callable[[Row], Stored]) -> None:
        self._mark, self._rows_after, self._made = mark, rows_after, made
        self._lock, self._at = threading.Lock(), 0
        self._values: list[Stored] = []

    def all(self) -> list[Stored]:
        """Return every row's value."""
        with self._lock:
            now = self._mark()
            if now > self._at:
                self._look(now)
            return list(self._values)

    def _look(self, now: int) -> None:
        """Read what is new up to `now`; what came since is read the next time."""
        new = [row for row in self._rows_after(self._at) if row["sequence"] <= now]
        self._values += map(self._made, new)
        self._at = now


class Standing:
    """The newest answer of each voice on each question, by organization; emptied ones only on request."""

    def __init__(self, mark: Mark, rows_after: Rows) -> None:
        self._mark, self._rows_after = mark, rows_after
        self._lock = threading.Lock()
        self._sequence = 0
        self._places: dict[str, dict[object, Answer]] = {}
        self._last: dict[str, int] = {}

    def answers(self, organization: str | None = None, *, emptied: bool = False) -> list[Answer]:
        """Return what stands now, in order of sequence; with `emptied` also where nothing stands any more."""
        with self._lock:
            self._look()
            groups = self._places.values() if organization is None else [self._places.get(organization, {})]
            answers = [
                answer_ for group in groups for answer_ in group.values() if emptied or answer_.value is not None
            ]
        return sorted(answers, key=_sequence) if organization is None else answers

    def last(self) -> dict[str, int]:
        """Return the sequence of each organization's newest answer; one that said nothing is not in it."""
        with self._lock:
            self._look()
            return dict(self._last)

    def _look(self) -> None:
        if self._mark() > self._sequence:
            for row in self._rows_after(self._sequence):
                self._take(answer(row))

    def _take(self, new: Answer) -> None:
        group = self._places.setdefault(new.organization, {})
        before = group.pop(standing_key(new), None)
        group[standing_key(new)] = replace(new, revision=before.revision + 1 if before else 1)
        self._sequence = self._last[new.organization] = new.sequence


def _sequence(answer_: Answer) -> int:
    return answer_.sequence
