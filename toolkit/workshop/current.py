"""Keeps the newest state of one workshop, and records what happens in it."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import Future

from toolkit.answers.model import Event, Person
from toolkit.facilitation.events import RoomEvent
from toolkit.state import State, fold
from toolkit.storage.store import Store


class CurrentState:
    """What stands in a store now. All parts of a workshop share one."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._state, self._lock = State(), threading.Lock()

    @property
    def state(self) -> State:
        """The newest state; the same value while nothing is new. StoreError when the store is not there any more."""
        if self.store.mark() is not self._state.mark:
            with self._lock:  # one thread folds; the others wait for it, as they need the same value
                self._state = fold(self.store.rows, self.store.mark(), self._state)
        return self._state

    @property
    def recent(self) -> State:
        """The newest state, or while another thread is bringing it up to date the one before: nobody waits."""
        if self.store.mark() is not self._state.mark and self._lock.acquire(blocking=False):
            try:
                self._state = fold(self.store.rows, self.store.mark(), self._state)
            finally:
                self._lock.release()
        return self._state

    def record(self, event: RoomEvent) -> Event:
        """Keep something that happened in the room."""
        return self.store.add_event(*event.row())

    def add_newcomer(self, person: Person | None, events: Iterable[RoomEvent]) -> Future[None]:
        """Keep a newcomer and what happened as they came in, all at once; the future is done when it is kept."""
        return self.store.add_newcomer(person, [event.row() for event in events])
