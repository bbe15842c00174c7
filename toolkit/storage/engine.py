"""Connects to the database, with safe settings, and puts its errors into plain words."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import sqlalchemy as sql
from sqlalchemy.exc import DatabaseError, IntegrityError, SQLAlchemyError

from toolkit.errors import ClosedError, StoreError, WorkshopError

try:
    from pysqlite3 import dbapi2 as _sqlite
except ImportError:  # platforms without a wheel use their own SQLite, without WAL when it is a faulty one
    _sqlite = sqlite3
SQLITE: ModuleType = _sqlite

logging.getLogger("sqlalchemy").addHandler(logging.NullHandler())
"""Else a connection that Ctrl+C interrupts while it closes is told as a traceback in the window."""

MENDED_VERSION = (3, 51, 3)
"""From this SQLite on the WAL cannot be damaged by a reset race (reliability finding 3)."""

KEEP_TRYING = 30.0
"""Seconds that one writer waits for another process's."""


def engine(address: Path | str) -> sql.Engine:
    """Return the engine of a SQLite file (a path) or a PostgreSQL database (an address with "://")."""
    if isinstance(address, str) and "://" in address:
        server = _server(address)
        sql.event.listen(server, "begin", _one_writer_at_a_time)
        return server
    file = sql.create_engine(
        sql.URL.create("sqlite", database=str(address)),
        module=SQLITE,
        connect_args={"timeout": KEEP_TRYING, "check_same_thread": False},
    )
    sql.event.listen(file, "connect", _set_up_sqlite)
    sql.event.listen(file, "begin", _begin_immediate)
    return file


def _server(address: str) -> sql.Engine:
    try:
        return sql.create_engine(address.replace("postgresql://", "postgresql+psycopg://", 1), pool_pre_ping=True)
    except (SQLAlchemyError, ImportError, ValueError):
        mend = "It begins with postgresql:// and needs psycopg to be installed."
        raise StoreError("this is no address of a database we know", where=_scheme(address), mend=mend) from None


def _scheme(address: str) -> str:
    """Return how an address begins; the rest may hold a password."""
    return f"{address.partition('://')[0]}://…"


def _set_up_sqlite(connection: Any, _: object) -> None:
    """Write-ahead log, FULL: a power cut loses nothing that was acknowledged (reliability finding 1).

    On a Mac only `fullfsync` empties the disk's own cache (sqlite.org/pragma.html#pragma_fullfsync); elsewhere it
    changes nothing.
    """
    connection.isolation_level = None
    journal = "WAL" if SQLITE.sqlite_version_info >= MENDED_VERSION else "DELETE"
    for pragma in (f"journal_mode={journal}", "synchronous=FULL", "fullfsync=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA busy_timeout=30000")


def _one_writer_at_a_time(connection: sql.Connection) -> None:
    """Let sequence numbers become visible in their order, as those of a single writer do."""
    if _is_for_writing(connection):
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(20100226)")


def _begin_immediate(connection: sql.Connection) -> None:
    """Take the write lock at once when writing; a deferred one fails half way (reliability 3.1)."""
    if not connection.get_execution_options().get("alone"):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _is_for_writing(connection) else "BEGIN")


def _is_for_writing(connection: sql.Connection) -> bool:
    return bool(connection.get_execution_options().get("writes"))


FAULT_SIGNS: Mapping[str, tuple[str, str]] = {
    "disk is full": ("the disk is full", "Make room; nothing kept so far is lost."),
    "no space": ("the disk is full", "Make room; nothing kept so far is lost."),
    "readonly": ("the folder cannot be written to", "Choose a folder of your own."),
    "read-only": ("the folder cannot be written to", "Choose a folder of your own."),
    "unable to open": ("the folder cannot be written to", "Choose a folder of your own."),
    "not a database": ("the answers file is damaged or not ours", "Keep it, and open a copy or a backup."),
    "malformed": ("the answers file is damaged", "Keep it, and open a copy or a backup."),
    "could not decode": ("the answers file is damaged", "Keep it, and open a copy or a backup."),
    "locked": ("another program holds the answers file", "Close the other window of this workshop."),
    "disk i/o": ("the disk does not answer", "Check the disk; nothing kept so far is lost."),
}


def closed_error(where: str) -> ClosedError:
    """Return what is said to who asks a store that was closed."""
    return ClosedError("the workshop is closed", where=_without_password(where), mend="Open it again; nothing is lost.")


def explained(where: str, fault: Exception) -> WorkshopError:
    """Return `fault` in plain words, the database's own words and values left out; ours is in plain words already."""
    if isinstance(fault, WorkshopError):
        return fault
    text = str(fault.orig if isinstance(fault, DatabaseError) else fault).lower()
    text = "disk is full" if "disk i/o" in text and _is_full(where) else text
    sentence = next((words for sign, words in FAULT_SIGNS.items() if sign in text), None)
    unknown = "another answer has this id" if isinstance(fault, IntegrityError) else "the answers cannot be kept"
    what, mend = sentence or (unknown, "Nothing kept so far is lost; try again.")
    return StoreError(what, where=_without_password(where), mend=mend)


SMALLEST_SPACE = 128 * 1024
"""Bytes that SQLite needs beside an answers file; with less it says that the disk does not answer."""


def _is_full(where: str) -> bool:
    try:
        return shutil.disk_usage(Path(where).parent).free < SMALLEST_SPACE
    except OSError:
        return False


def _without_password(where: str) -> str:
    return sql.make_url(where).render_as_string(hide_password=True) if "://" in where else where
