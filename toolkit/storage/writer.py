"""One thread that writes: it gathers what waits into one COMMIT, and answers only after it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

import sqlalchemy as sql

from toolkit.storage.engine import closed_error, explained
from toolkit.storage.file_identity import FileIdentity, GoneError
from toolkit.storage.opening import HIGHEST_SEQUENCES
from toolkit.storage.row_count import Count

BATCH = 256
"""Writes that one COMMIT may gather."""

Result = TypeVar("Result")
Work = Callable[[sql.Connection], Any]


class Writer:
    """The only writer of this process; `hand_in` never waits, the future does."""

    def __init__(self, engine: sql.Engine, where: str, identity: FileIdentity, count: Count) -> None:
        self._count = count
        self._counting = str(HIGHEST_SEQUENCES.compile(engine, compile_kwargs={"literal_binds": True}))
        self._engine, self._where, self._place = engine.execution_options(writes=True), where, identity
        self._waiting: queue.SimpleQueue[tuple[Work, Future[Any]] | None] = queue.SimpleQueue()
        self._door, self._closed = threading.Lock(), False
        self._thread = threading.Thread(target=self._write, name="store-writer", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Write what waits, then stop."""
        with self._door:
            self._closed = True
            self._waiting.put(None)
        self._thread.join()
        self._count.close()

    def hand_in(self, work: Callable[[sql.Connection], Result]) -> Future[Result]:
        """Do `work` in the next transaction; the future is done after COMMIT."""
        future: Future[Result] = Future()
        with self._door:
            if self._closed:
                raise closed_error(self._where)
            self._waiting.put((work, future))
        return future

    def _write(self) -> None:
        is_open = True
        while is_open and (first := self._waiting.get()) is not None:
            batch, is_open = self._batch(first)
            self._commit(batch)

    def _batch(self, first: tuple[Work, Future[Any]]) -> tuple[list[tuple[Work, Future[Any]]], bool]:
        """Return what waits behind `first`, and whether to go on afterwards."""
        batch = [first]
        while len(batch) < BATCH:
            try:
                more = self._waiting.get_nowait()
            except queue.Empty:
                return batch, True
            if more is None:
                return batch, False
            batch.append(more)
        return batch, True

    def _commit(self, batch: list[tuple[Work, Future[Any]]]) -> None:
        try:
            results = self._committed([work for work, _ in batch])
        except GoneError as fault:
            for _, future in batch:
                future.set_exception(fault)
            return
        except Exception as fault:  # whatever it is, those who wait must be told
            self._one_by_one(batch, fault)
            return
        for (_, future), result in zip(batch, results, strict=True):
            future.set_result(result)

    def _committed(self, works: list[Work]) -> list[Any]:
        """Return what the works return, after COMMIT into a file that was there before and is there after."""
        self._place.check()
        with self._engine.begin() as connection:
            results = [work(connection) for work in works]
            counts = dict(connection.exec_driver_sql(self._counting).mappings().one()) if self._count.path else {}
        self._place.check()
        self._count.write(counts)
        return results

    def _one_by_one(self, batch: list[tuple[Work, Future[Any]]], fault: Exception) -> None:
        """Let one faulty write not spoil the others of its COMMIT."""
        if len(batch) == 1:
            batch[0][1].set_exception(explained(self._where, fault))
            return
        for work in batch:
            self._commit([work])
