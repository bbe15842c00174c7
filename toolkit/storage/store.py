"""Stores answers and events. Rows are only added, and are on the disk before they are acknowledged."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self, TypeVar

import sqlalchemy as sql
from sqlalchemy.exc import SQLAlchemyError

from toolkit.answers.model import Answer, Event, EventRow, Mark, Organization, Person, Rows
from toolkit.storage import opening, schema
from toolkit.storage.engine import engine, explained
from toolkit.storage.file_identity import FileIdentity
from toolkit.storage.missing_rows import accept_rows_missing
from toolkit.storage.opening import RESTORED
from toolkit.storage.row_count import Count
from toolkit.storage.schema import Saved, new_id
from toolkit.storage.server_note import note_server
from toolkit.storage.watermarks import WatermarkReader
from toolkit.storage.writer import Writer
from toolkit.worksheets.stored_copy import WorksheetCopy

__all__ = ["RESTORED", "Saved", "Store", "accept_rows_missing", "new_id", "note_server"]

Value = TypeVar("Value")

BEGINNING = Mark()
REMEMBERED = 256
"""Answers that were saved last and are remembered."""

NOTHING: Mapping[str, object] = MappingProxyType({})


class Store:
    """The rows of one workshop, in a SQLite file or a PostgreSQL database; what they come to is in toolkit.state.

    One thread writes, and gathers what waits into one COMMIT; nothing is acknowledged before it.
    """

    def __init__(self, address: Path | str) -> None:
        self._where = str(address)
        self._engine = engine(address)
        file = address if isinstance(address, Path) else None
        opening.prepare(self._engine, file, self._where)
        identity = FileIdentity(file)
        self._watermarks = WatermarkReader(self._engine, self._where, identity)
        self._writer = Writer(self._engine, self._where, identity, Count(file))
        self._saved_here: dict[int, Answer] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Write what waits, then let the database go."""
        self._writer.close()
        self._watermarks.close()
        self._engine.dispose()

    # Writing

    def add(self, answer: Answer) -> Saved:
        """Keep `answer`; the same id again is the same answer. StoreError when it could not be kept."""
        return self.adding(answer).result()

    def adding(self, answer: Answer) -> Future[Saved]:
        """Hand `answer` to the writer; the future is done after COMMIT."""
        row = schema.row_of(answer)
        saving = self._writer.hand_in(lambda connection: schema.add_answer(connection, row))
        saving.add_done_callback(self._remember)
        return saving

    def _remember(self, saving: Future[Saved]) -> None:
        """Remember an answer that this process saved, by its number: then it need not be read from the disk again."""
        if saving.exception() is None and not (saved := saving.result()).repeated:
            self._saved_here[saved.sequence] = saved.answer
            while len(self._saved_here) > REMEMBERED:
                del self._saved_here[next(iter(self._saved_here))]

    def register(self, name: str) -> Organization:
        """Return the organization called `name`, made when there is none."""
        return self._writer.hand_in(lambda connection: schema.register(connection, name)).result()

    def add_person(self, person: Person) -> Person:
        """Keep a participant; the same id again changes nothing."""
        return self._writer.hand_in(lambda connection: schema.add_person(connection, person)).result()

    def set_fact(self, key: str, value: Any) -> None:
        """Keep a fact about the workshop itself (its title, worksheet, length) in the place of the one before."""
        self._writer.hand_in(lambda connection: schema.set_fact(connection, key, value)).result()

    def choose_worksheet(self, copy: WorksheetCopy) -> None:
        """Keep the worksheet that the workshop uses from now on; those of before stay."""
        self._writer.hand_in(lambda connection: schema.choose_worksheet(connection, copy)).result()

    def add_event(self, kind: str, about: str, value: Any) -> Event:
        """Keep an event; events too are only ever added."""
        return self._writer.hand_in(lambda connection: schema.add_event(connection, kind, about, value)).result()

    def add_newcomer(self, person: Person | None, events: Iterable[EventRow]) -> Future[None]:
        """Keep a new participant and the events that came with them in one COMMIT; the future is done after it."""
        rows = list(events)
        return self._writer.hand_in(lambda connection: schema.add_newcomer(connection, person, rows))

    # Reading

    def mark(self) -> Mark:
        """Return how far the store has come, the same value while nothing is new; cheap.

        StoreError when the answers file is not there any more, or another one is in its place.
        """
        return self._watermarks.mark()

    def rows(self, after: Mark = BEGINNING, upto: Mark | None = None) -> Rows:
        """Return what was stored after one mark and up to another, by default up to now."""
        now = upto or self.mark()
        answers = self._saved_between(after.answers, now.answers)
        if answers is None:
            answers = self._values(schema.ANSWERS, schema.answer, after, now)
        return Rows(
            facts={key: schema.json_value(value) for key, value in now.facts},
            worksheets=self._values(schema.WORKSHEETS, schema.worksheet_copy, after, now),
            organizations=self._values(schema.ORGANIZATIONS, schema.organization, after, now),
            people=self._values(schema.PEOPLE, schema.person, after, now),
            answers=answers,
            authors=self._authors(answers),
            events=self._values(schema.EVENTS, schema.event, after, now),
        )

    def _saved_between(self, first: int, last: int) -> list[Answer] | None:
        """Return the answers after one number and up to another, None when this process did not save all of them."""
        if last - first > REMEMBERED:
            return None
        answers = [self._saved_here.get(number) for number in range(first + 1, last + 1)]
        return [answer for answer in answers if answer is not None] if None not in answers else None

    def _values(self, table: sql.Table, value: Callable[[schema.Row], Value], after: Mark, upto: Mark) -> list[Value]:
        return [value(row) for row in self._between(table, after, upto)]

    def _between(self, table: sql.Table, after: Mark, upto: Mark) -> list[Any]:
        first, last = getattr(after, table.name), getattr(upto, table.name)
        return self._read(schema.BETWEEN[table.name], {"after": first, "upto": last}) if last > first else []

    def _authors(self, answers: list[Answer]) -> dict[str, str]:
        """Return who gave each of the answers that these were made from, by its id."""
        sources = {source for answer in answers for source in answer.made_from}
        among_them = {answer.id: answer.person for answer in answers if answer.id in sources}
        earlier = self.answers_of(sources - among_them.keys())
        return among_them | {id_: answer.person for id_, answer in earlier.items()}

    def answers_of(self, ids: Collection[str]) -> Mapping[str, Answer]:
        """Return the answers of these ids, by id; one that is not there is left out."""
        stored = [id_ for id_ in ids if id_.isascii()]  # whatever a phone sends: no id of ours is anything else
        rows = self._read(sql.select(schema.ANSWERS).where(schema.ANSWERS.c.id.in_(stored))) if stored else []
        return {row["id"]: schema.answer(row) for row in rows}

    def history(self, organizations: Collection[str] | None = None) -> list[Answer]:
        """Return every answer ever kept, in order, each with its revision; of some organizations (by id) or of all."""
        select = schema.AFTER[schema.ANSWERS.name]
        if organizations is not None:
            select = select.where(schema.ANSWERS.c.organization.in_(list(organizations)))
        return list(schema.revised(self._read(select, {"after": 0})))

    def answers_after(self, sequence: int) -> list[Answer]:
        """Return every answer that came after a sequence number, as it was given, emptied ones too."""
        return [schema.answer(row) for row in self._read(schema.AFTER[schema.ANSWERS.name], {"after": sequence})]

    def events(self, kind: str | None = None) -> list[Event]:
        """Return all events, or those of one kind, in order, under the names that they were stored with."""
        select = schema.AFTER[schema.EVENTS.name]
        rows = self._read(select if kind is None else select.where(schema.EVENTS.c.kind == kind), {"after": 0})
        return [schema.event(row) for row in rows]

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

    def _read(self, select: sql.Select[Any], values: Mapping[str, object] = NOTHING) -> list[Any]:
        try:
            with self._engine.connect() as connection:
                return list(connection.execute(select, values).mappings())
        except SQLAlchemyError as fault:
            raise explained(self._where, fault) from None
