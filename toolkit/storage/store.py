"""Stores answers and events. Rows are only added, and are on the disk before they are acknowledged."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sql
from sqlalchemy.exc import SQLAlchemyError

from toolkit.answers.model import Answer, EventRow, Organization, Person
from toolkit.storage import opening, schema
from toolkit.storage.cache import Mark, Rowed, Rows, Standing, Stored
from toolkit.storage.engine import engine, explained
from toolkit.storage.file_identity import FileIdentity
from toolkit.storage.missing_rows import accept_rows_missing
from toolkit.storage.opening import RESTORED
from toolkit.storage.row_count import Count
from toolkit.storage.schema import Event, Saved, new_id
from toolkit.storage.server_note import note_server
from toolkit.storage.watermarks import WatermarkReader
from toolkit.storage.writer import Writer
from toolkit.worksheets.stored_copy import WorksheetCopy

__all__ = ["RESTORED", "Event", "Saved", "Store", "accept_rows_missing", "new_id", "note_server"]


class Store:
    """The answers of one workshop, in a SQLite file or a PostgreSQL database.

    One thread writes, and gathers what waits into one COMMIT; nothing is acknowledged before it.
    """

    def __init__(self, address: Path | str) -> None:
        self._where = str(address)
        self._engine = engine(address)
        file = address if isinstance(address, Path) else None
        opening.prepare(self._engine, file, self._where)
        identity = FileIdentity(file)
        self._watermarks = WatermarkReader(self._engine, self._where, identity)
        self._standing = Standing(self._highest(schema.ANSWERS), self._after(schema.ANSWERS))
        self._organizations = self._rowed(schema.ORGANIZATIONS, schema.organization)
        self._people = self._rowed(schema.PEOPLE, schema.person)
        self._worksheets = self._rowed(schema.WORKSHEETS, schema.worksheet_copy)
        self._events: dict[str, Rowed[Event]] = {}
        self._writer = Writer(self._engine, self._where, identity, Count(file))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Write what waits, then let the database go."""
        self._writer.close()
        self._watermarks.close()
        self._engine.dispose()

    def add(self, answer: Answer) -> Saved:
        """Keep `answer`; the same id again is the same answer. StoreError when it could not be kept."""
        return self.adding(answer).result()

    def adding(self, answer: Answer) -> Future[Saved]:
        """Hand `answer` to the writer; the future is done after COMMIT."""
        row = schema.row_of(answer)
        return self._writer.hand_in(lambda connection: schema.add_answer(connection, row))

    def register(self, name: str) -> Organization:
        """Return the organization called `name`, made when there is none."""
        return self._writer.hand_in(lambda connection: schema.register(connection, name)).result()

    def add_person(self, person: Person) -> Person:
        """Keep a participant; the same id again changes nothing."""
        return self._writer.hand_in(lambda connection: schema.add_person(connection, person)).result()

    def say(self, key: str, value: Any) -> None:
        """Keep a fact about the workshop itself (its title, worksheet, length)."""
        self._writer.hand_in(lambda connection: schema.say(connection, key, value)).result()

    def choose_worksheet(self, copy: WorksheetCopy) -> None:
        """Keep the worksheet that the workshop uses from now on; those of before stay."""
        self._writer.hand_in(lambda connection: schema.choose_worksheet(connection, copy)).result()

    def worksheets(self) -> list[WorksheetCopy]:
        """Return the worksheets that were chosen, in order; the last one is in use."""
        return self._worksheets.all()

    def worksheet_mark(self) -> int:
        """Return a number that grows when a worksheet is chosen, 0 before one was: cheap."""
        return int(self._watermarks.marks()[schema.WORKSHEETS.name])

    def happen(self, kind: str, about: str, value: Any) -> Event:
        """Keep an event; events too are only ever added."""
        return self._writer.hand_in(lambda connection: schema.happen(connection, kind, about, value)).result()

    def coming(self, person: Person | None, happened: Iterable[EventRow]) -> Future[None]:
        """Keep a new participant and what happened as they came in, all in one COMMIT; the future is done after it."""
        events = list(happened)
        return self._writer.hand_in(lambda connection: schema.come(connection, person, events))

    def facts(self) -> dict[str, Any]:
        """Return what is known about the workshop itself."""
        return {key: schema.json_value(value) for key, value in self._watermarks.marks()["facts"]}

    def organizations(self) -> list[Organization]:
        """Return the organizations in the order in which they came."""
        return self._organizations.all()

    def people(self) -> list[Person]:
        """Return the participants in the order in which they came."""
        return self._people.all()

    def history(self, organization: str | None = None, *, after: int = 0) -> list[Answer]:
        """Return every answer ever kept, in order, each with its revision; nothing is left out."""
        select = sql.select(schema.ANSWERS).where(schema.ANSWERS.c.sequence > 0).order_by(schema.ANSWERS.c.sequence)
        if organization is not None:
            select = select.where(schema.ANSWERS.c.organization == organization)
        return [answer for answer in schema.revised(self._read(select)) if answer.sequence > after]

    def standing(self, organization: str | None = None, *, emptied: bool = False) -> list[Answer]:
        """Return the newest answer of each voice on each question; emptied ones are in it only when asked for."""
        return self._standing.answers(organization, emptied=emptied)

    def newer(self, after: int) -> list[Answer]:
        """Return every answer that came after a sequence number, as it was given, emptied ones too: cheap if few."""
        return [schema.answer(row) for row in self._read(schema.after(schema.ANSWERS, after))]

    def last(self) -> dict[str, int]:
        """Return the sequence of each organization's newest answer: what it holds hangs on it."""
        return self._standing.last()

    def answered_since(self, after: int) -> set[str]:
        """Return the ids of the organizations that said something after a sequence number."""
        return {organization for organization, last in self.last().items() if last > after}

    def events(self, kind: str | None = None, *, after: int = 0) -> list[Event]:
        """Return the events after a sequence number, in order."""
        if kind is None:
            return [schema.event(row) for row in self._read(schema.after(schema.EVENTS, after))]
        return [event for event in self._of_kind(kind).all() if event.sequence > after]

    def _of_kind(self, kind: str) -> Rowed[Event]:
        rowed = self._events.get(kind)
        return rowed or self._events.setdefault(
            kind, self._rowed(schema.EVENTS, schema.event, schema.EVENTS.c.kind == kind)
        )

    def _rowed(
        self, table: sql.Table, made: Callable[[schema.Row], Stored], *only: sql.ColumnElement[bool]
    ) -> Rowed[Stored]:
        return Rowed(self._highest(table), self._after(table, *only), made)

    def _highest(self, table: sql.Table) -> Mark:
        return lambda: int(self._watermarks.marks()[table.name])

    def sequences(self) -> tuple[int, int]:
        """Return the highest sequence of answers and of events: cheap, to see whether anything is new."""
        marks = self._watermarks.marks()
        return marks["answers"], marks["events"]

    def mark(self) -> tuple[object, ...]:
        """Return what differs whenever anything was kept: an answer, an event, a person, a name, a fact; cheap."""
        return tuple(self._watermarks.marks().items())

    def copy_to(self, path: Path) -> None:
        """Write a whole, consistent copy of a SQLite store to `path` while others go on saving.

        StoreError, and nothing lies at `path`, when that fails; a file that is there already is left alone.
        """
        part = path.with_name(f"{path.name}-copy")
        try:
            os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            with self._engine.execution_options(alone=True).connect() as connection:
                connection.exec_driver_sql("VACUUM INTO ?", (str(part),))
            opening.rename_new(part, path)
        except (SQLAlchemyError, OSError) as fault:
            raise explained(str(path), fault) from None
        finally:
            with suppress(OSError):
                part.unlink()

    def _after(self, table: sql.Table, *only: sql.ColumnElement[bool]) -> Rows:
        return lambda sequence: self._read(schema.after(table, sequence).where(*only))

    def _read(self, select: sql.Select[Any]) -> list[Any]:
        try:
            with self._engine.connect() as connection:
                return list(connection.execute(select).mappings())
        except SQLAlchemyError as fault:
            raise explained(self._where, fault) from None
