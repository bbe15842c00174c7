"""Deletes every row of a store and overwrites it. It refuses while another program has the store open."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sql
from sqlalchemy.exc import SQLAlchemyError

from toolkit.errors import StoreError
from toolkit.storage import schema
from toolkit.storage.engine import engine, explained
from toolkit.storage.row_count import Count

LOCK_MILLISECONDS = 3_000
"""Milliseconds that somebody else may take to let go."""


def empty(address: Path | str) -> None:
    """Empty the store at `address`; StoreError, and nothing changed, when somebody else has it open."""
    database = engine(address)
    try:
        with database.execution_options(alone=True).connect() as connection:
            (_empty_file if isinstance(address, Path) else _empty_server)(connection)
        Count(address if isinstance(address, Path) else None).forget()
    except SQLAlchemyError as fault:
        raise explained(str(address), fault) from None
    finally:
        database.dispose()


def _empty_file(connection: sql.Connection) -> None:
    """Leaving the write-ahead log is refused while any other process has the file open: that is how we know."""
    connection.exec_driver_sql(f"PRAGMA busy_timeout={LOCK_MILLISECONDS}")
    if connection.exec_driver_sql("PRAGMA journal_mode=DELETE").scalar() != "delete":
        raise StoreError("another program holds the answers file", mend="Close the other window of this workshop.")
    connection.exec_driver_sql("BEGIN EXCLUSIVE")
    for table in schema.TABLES.sorted_tables:
        connection.exec_driver_sql(f"DELETE FROM {table.name}")  # noqa: S608 - names of our own tables
    connection.exec_driver_sql("COMMIT")
    connection.exec_driver_sql("VACUUM")


def _empty_server(connection: sql.Connection) -> None:
    connection.exec_driver_sql(f"SET lock_timeout = {LOCK_MILLISECONDS}")
    schema.TABLES.drop_all(connection)
    connection.commit()
