"""Answers kept, only ever added, durable before they are acknowledged; with its parts the only SQL."""

from __future__ import annotations

import json
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sql
from sqlalchemy.exc import SQLAlchemyError

from toolkit.answer import Answer, Organization, Person
from toolkit.errors import StoreError
from toolkit.store import rows
from toolkit.store.engine import engine, explained
from toolkit.store.memory import Standing
from toolkit.store.rows import Event, Saved, new_id
from toolkit.store.writer import Writer

__all__ = ["Event", "Saved", "Store", "new_id"]

VERSION = 1
"""The shape of the tables; a store of a newer shape is left alone."""


class Store:
    """The answers of one workshop, in a SQLite file or a PostgreSQL database.

    One thread writes, and gathers what waits into one COMMIT; nothing is acknowledged before it.
    """

    def __init__(self, address: Path | str) -> None:
        self._where = str(address)
        self._engine = engine(address)
        self._prepare()
        self._standing = Standing(lambda seen: self._read(rows.after(seen)))
        self._writer = Writer(self._engine, self._where)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Write what waits, then let the database go."""
        self._writer.close()
        self._engine.dispose()

    def add(self, answer: Answer) -> Saved:
        """Keep `answer`; the same id again is the same answer. StoreError when it could not be kept."""
        return self.adding(answer).result()

    def adding(self, answer: Answer) -> Future[Saved]:
        """Hand `answer` to the writer; the future is done after COMMIT."""
        row = rows.row_of(answer)
        return self._writer.hand_in(lambda connection: rows.add_answer(connection, row))

    def register(self, name: str) -> Organization:
        """Return the organization called `name`, made when there is none."""
        return self._writer.hand_in(lambda connection: rows.register(connection, name)).result()

    def add_person(self, person: Person) -> Person:
        """Keep a participant; the same id again changes nothing."""
        return self._writer.hand_in(lambda connection: rows.add_person(connection, person)).result()

    def say(self, key: str, value: Any) -> None:
        """Keep a fact about the workshop itself (its title, worksheet, length)."""
        self._writer.hand_in(lambda connection: rows.say(connection, key, value)).result()

    def happen(self, kind: str, about: str, value: Any) -> Event:
        """Keep an event; events too are only ever added."""
        return self._writer.hand_in(lambda connection: rows.happen(connection, kind, about, value)).result()

    def facts(self) -> dict[str, Any]:
        """Return what is known about the workshop itself."""
        found = self._read(sql.select(rows.FACTS).order_by(rows.FACTS.c.key))
        return {row["key"]: json.loads(row["value"]) for row in found}

    def organizations(self) -> list[Organization]:
        """Return the organizations in the order in which they came."""
        found = self._read(sql.select(rows.ORGANIZATIONS).order_by(rows.ORGANIZATIONS.c.sequence))
        return [Organization(row["id"], row["name"]) for row in found]

    def people(self) -> list[Person]:
        """Return the participants in the order in which they came."""
        found = self._read(sql.select(rows.PEOPLE).order_by(rows.PEOPLE.c.sequence))
        return [Person(row["id"], row["organization"], row["name"]) for row in found]

    def history(self, organization: str | None = None, *, after: int = 0) -> list[Answer]:
        """Return every answer ever kept, in order, each with its revision; nothing is left out."""
        wanted = sql.select(rows.ANSWERS).where(rows.ANSWERS.c.sequence > 0).order_by(rows.ANSWERS.c.sequence)
        if organization is not None:
            wanted = wanted.where(rows.ANSWERS.c.organization == organization)
        return [answer for answer in rows.revised(self._read(wanted)) if answer.sequence > after]

    def standing(self, organization: str | None = None, *, emptied: bool = False) -> list[Answer]:
        """Return the newest answer of each voice on each question; emptied ones are in it only when asked for."""
        return self._standing.answers(organization, emptied=emptied)

    def last(self) -> dict[str, int]:
        """Return the sequence of each organization's newest answer: what it holds hangs on it."""
        return self._standing.last()

    def answered_since(self, after: int) -> set[str]:
        """Return the ids of the organizations that said something after a sequence number."""
        return {organization for organization, last in self.last().items() if last > after}

    def events(self, kind: str | None = None, *, after: int = 0) -> list[Event]:
        """Return the events after a sequence number, in order."""
        wanted = sql.select(rows.EVENTS).where(rows.EVENTS.c.sequence > after).order_by(rows.EVENTS.c.sequence)
        found = self._read(wanted if kind is None else wanted.where(rows.EVENTS.c.kind == kind))
        return [rows.event(row) for row in found]

    def sequences(self) -> tuple[int, int]:
        """Return the highest sequence of answers and of events: cheap, to see whether anything is new."""
        columns = (rows.highest(rows.ANSWERS).label("answers"), rows.highest(rows.EVENTS).label("events"))
        found = self._read(sql.select(*columns))[0]
        return int(found["answers"]), int(found["events"])

    def copy_to(self, path: Path) -> None:
        """Write a whole, consistent copy of a SQLite store to `path` while others go on saving."""
        try:
            with self._engine.execution_options(alone=True).connect() as connection:
                connection.exec_driver_sql("VACUUM INTO ?", (str(path),))
        except SQLAlchemyError as fault:
            raise explained(str(path), fault) from None

    def _prepare(self) -> None:
        try:
            with self._engine.execution_options(writes=True).begin() as connection:
                rows.TABLES.create_all(connection)
                found = connection.execute(sql.select(rows.FACTS.c.value).where(rows.FACTS.c.key == "version")).scalar()
                self._refuse_newer(int(found or 0))
                if found is None:
                    rows.say(connection, "version", VERSION)
        except (SQLAlchemyError, StoreError) as fault:
            self._engine.dispose()
            raise explained(self._where, fault) from None

    def _refuse_newer(self, version: int) -> None:
        """Raise inside the first transaction, so that a newer store is left exactly as it was."""
        if version > VERSION:
            mend = "Get the newest toolkit; nothing was changed."
            raise StoreError("this workshop was made by a newer toolkit", where=self._where, mend=mend)

    def _read(self, wanted: sql.Select[Any]) -> list[Any]:
        try:
            with self._engine.connect() as connection:
                return list(connection.execute(wanted).mappings())
        except SQLAlchemyError as fault:
            raise explained(self._where, fault) from None
