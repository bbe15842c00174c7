"""Reads how far each table has come, cheaply, so that only new rows are read."""

from __future__ import annotations

import threading
from typing import Any

import sqlalchemy as sql
from sqlalchemy.exc import SQLAlchemyError

from toolkit.answers.model import Mark
from toolkit.storage import schema
from toolkit.storage.engine import SQLITE, closed_error, explained
from toolkit.storage.file_identity import FileIdentity, LogGoneError
from toolkit.storage.opening import COUNTED_TABLES

WATERMARKED_TABLES = (*COUNTED_TABLES, schema.WORKSHEETS)
HIGHEST_SEQUENCES = sql.select(*(schema.highest(table).label(table.name) for table in WATERMARKED_TABLES))
FACTS = sql.select(schema.FACTS.c.key, schema.FACTS.c.value).order_by(schema.FACTS.c.key)


class WatermarkReader:
    """A connection that only asks.

    SQLite tells by a number whether any other connection, of whatever process, has committed since it was asked last.
    """

    def __init__(self, engine: sql.Engine, where: str, identity: FileIdentity) -> None:
        self._engine, self._where, self._place, self._lock = engine, where, identity, threading.Lock()
        self._connection = engine.raw_connection() if engine.dialect.name == "sqlite" else None
        self._marks_read = [
            str(select.compile(engine, compile_kwargs={"literal_binds": True})) for select in (HIGHEST_SEQUENCES, FACTS)
        ]
        self._version: object = None
        self._closed = False
        self._mark = Mark()

    def mark(self) -> Mark:
        """Return how far each table has come; the same value while nothing is new."""
        try:
            with self._lock:
                if self._closed:
                    raise closed_error(self._where)
                return self._from_file(self._connection.driver_connection) if self._connection else self._from_server()
        except (SQLAlchemyError, SQLITE.Error) as fault:
            raise explained(self._where, fault) from None

    def close(self) -> None:
        """Let the connection go."""
        with self._lock:
            self._closed = True
        if self._connection is not None:
            self._connection.close()

    def _from_file(self, asking: Any) -> Mark:
        try:
            self._place.check()
        except LogGoneError as fault:
            raise self._rescued(asking, fault) from None
        version = asking.execute("PRAGMA data_version").fetchall()
        if version != self._version:
            highest, facts = (asking.execute(text).fetchall() for text in self._marks_read)
            self._mark, self._version = _mark(highest[0], facts), version
        return self._mark

    def _rescued(self, asking: Any, fault: LogGoneError) -> LogGoneError:
        """Write what is only in the removed log, which this process still has open, into the answers file itself."""
        if self._place.has_log:
            return fault
        busy, *_ = asking.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
        return self._place.log_missing_error(rescued=not busy)

    def _from_server(self) -> Mark:
        with self._engine.connect() as connection:
            mark = _mark(connection.execute(HIGHEST_SEQUENCES).one(), connection.execute(FACTS).all())
        self._mark = self._mark if mark == self._mark else mark
        return self._mark


def _mark(highest: Any, facts: Any) -> Mark:
    names = (table.name for table in WATERMARKED_TABLES)
    return Mark(**dict(zip(names, highest, strict=True)), facts=tuple(map(tuple, facts)))
