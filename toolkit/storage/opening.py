"""Prepares a SQLite file before use: makes the tables of a new one, and examines one that is there."""

from __future__ import annotations

import os
import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy.exc import SQLAlchemyError

from toolkit.errors import StoreError, WorkshopError
from toolkit.storage import missing_rows, schema
from toolkit.storage.engine import SQLITE, engine, explained
from toolkit.storage.row_count import Count
from toolkit.storage.server_note import is_on_server

VERSION = 1
"""The shape of the tables; a store of a newer shape is left alone."""

RESTORED = "restored"
"""The fact that says when answers may have been lost last: a new id each time, and the newest answer that was there."""

LONGEST_LOOK = 2.0
"""Seconds that looking for damage may take; a file that is larger than that allows is opened all the same."""

CHECK_STEPS = 50_000
"""Steps of SQLite between two looks at the clock."""

COUNTED_TABLES = (schema.ORGANIZATIONS, schema.PEOPLE, schema.ANSWERS, schema.EVENTS)
HIGHEST_SEQUENCES = sql.select(*(schema.highest(table).label(table.name) for table in COUNTED_TABLES))


def prepare(database: sql.Engine, path: Path | None, where: str) -> None:
    """Make the tables of a new store, or look at the store that is there; StoreError says what is wrong with it."""
    is_there = path is not None and _is_there(path)
    if path is not None and not is_there:
        make(path)
    try:
        if path is not None:
            look(database, path)
        is_restored = is_there and not Count(path).read()
        with database.execution_options(writes=True).begin() as connection:
            _make_tables(connection, where)
            if is_restored:
                _note_restored(connection)
    except (SQLAlchemyError, StoreError) as fault:
        database.dispose()
        raise explained(where, fault) from None


def _make_tables(connection: sql.Connection, where: str) -> None:
    schema.TABLES.create_all(connection)
    version = connection.execute(sql.select(schema.FACTS.c.value).where(schema.FACTS.c.key == "version")).scalar()
    if int(version or 0) > VERSION:  # raised inside the transaction, so that a newer store is left exactly as it was
        mend = "Get the newest toolkit; nothing was changed."
        raise StoreError("this workshop was made by a newer toolkit", where=where, mend=mend)
    if version is None:
        schema.set_fact(connection, "version", VERSION)


def _note_restored(connection: sql.Connection) -> None:
    """Note that the file may be an older one: it has no count, because missing rows were accepted or it is a copy.

    Sequence numbers that were given before are given again then. The fact is a new id, and the newest answer's number.
    """
    newest = dict(connection.execute(HIGHEST_SEQUENCES).mappings().one())
    if any(newest.values()):  # else nothing was saved yet
        schema.set_fact(connection, RESTORED, [secrets.token_hex(8), newest[schema.ANSWERS.name]])


def _is_there(path: Path) -> bool:
    """Return whether there is an answers file; StoreError when it is empty, or stands for answers on a server."""
    try:
        beginning = _beginning(path) if path.is_file() else None
    except OSError as fault:
        raise _unusable(path, fault) from None
    if beginning == b"":
        raise StoreError("the answers file is empty", where=str(path), mend=EMPTY_FAULT)
    if beginning and is_on_server(beginning):
        raise StoreError("the answers of this workshop lie in a PostgreSQL database", where=str(path), mend=NAME_SERVER)
    return path.exists()


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(100)


NAME_SERVER = "Set WORKSHOP_DATABASE to the address of that database, then start again. Nothing was changed."
EMPTY_FAULT = (
    "What was saved in it is missing, unless the answers lie in a PostgreSQL database: then set WORKSHOP_DATABASE to "
    "its address and start again. Otherwise keep this folder as it is, and open a copy or a backup of it."
)


# A new file


def make(path: Path) -> None:
    """Make a new answers file with its tables, whole at once: whoever looks finds all of it or nothing."""
    new = path.with_name(f"{path.name}-new-{secrets.token_hex(4)}")
    try:
        os.close(os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        _fill(new, str(path))
        with suppress(FileExistsError):  # another window made one meanwhile: then that is the workshop
            rename_new(new, path)
    except OSError as fault:
        raise _unusable(path, fault) from None
    finally:
        for leftover in (new, *(new.with_name(f"{new.name}{end}") for end in ("-wal", "-shm", "-journal"))):
            with suppress(OSError):
                leftover.unlink()


def _fill(new: Path, where: str) -> None:
    database = engine(new)
    try:
        with database.execution_options(writes=True).begin() as connection:
            _make_tables(connection, where)
    except SQLAlchemyError as fault:
        raise explained(where, fault) from None
    finally:
        database.dispose()


def rename_new(new: Path, path: Path) -> None:
    """Give a finished file its name; FileExistsError when there is one of that name: it is never replaced."""
    try:
        path.hardlink_to(new)
    except FileExistsError:
        raise
    except OSError:  # a stick or a share that knows no second names
        if path.exists():
            raise FileExistsError(str(path)) from None
        new.rename(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Let a power cut not take back the name that was just given; Windows needs and knows no such thing."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _unusable(path: Path, fault: OSError) -> WorkshopError:
    return explained(str(path), fault if "space" in str(fault) else OSError("unable to open"))


# A file that is there


def look(database: sql.Engine, path: Path) -> None:
    """Look at a file before anything is written into it; StoreError when it is damaged, or when rows are missing."""
    with database.execution_options(alone=True).connect() as connection:
        _look_for_damage(connection, path)
        tables = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
        if schema.FACTS.name not in tables:
            raise StoreError("the answers file has nothing in it", where=str(path), mend=missing_rows.no_rows(path))
        columns = [schema.highest(table).label(table.name) for table in COUNTED_TABLES if table.name in tables]
        if columns:
            saved = Count(path).read()  # before the rows: what another program saves meanwhile is not missing
            missing_rows.compare(saved, dict(connection.execute(sql.select(*columns)).mappings().one()), path)
        connection.rollback()


def _look_for_damage(connection: sql.Connection, path: Path) -> None:
    """Let SQLite look through its pages, for a short time."""
    file: Any = connection.connection.driver_connection
    end = time.monotonic() + LONGEST_LOOK
    file.set_progress_handler(lambda: time.monotonic() > end, CHECK_STEPS)
    try:
        damage = [str(row[0]) for row in file.execute("PRAGMA quick_check(1)").fetchall()]
    except SQLITE.OperationalError as fault:
        if "interrupted" not in str(fault):
            raise explained(str(path), fault) from None
        damage = ["ok"]
    except SQLITE.Error as fault:
        raise explained(str(path), fault) from None
    finally:
        file.set_progress_handler(None, CHECK_STEPS)
    if damage != ["ok"]:
        raise StoreError("the answers file is damaged", where=str(path), mend=DAMAGED_MEND)


DAMAGED_MEND = "Keep it, and open a copy or a backup."
