"""The tables of the store, and how values become rows and come back. No row is ever changed."""

from __future__ import annotations

import datetime
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sql

from toolkit.answers.model import Answer, Event, EventRow, Organization, Person, StandingKey, standing_key
from toolkit.errors import StoreError, UsedIdError
from toolkit.worksheets.kinds import Value
from toolkit.worksheets.stored_copy import WorksheetCopy

Row = Mapping[str, Any]

TABLES = sql.MetaData()
FACTS = sql.Table("facts", TABLES, sql.Column("key", sql.Text, primary_key=True), sql.Column("value", sql.Text))
ORGANIZATIONS = sql.Table(
    "organizations",
    TABLES,
    sql.Column("sequence", sql.Integer, primary_key=True),
    sql.Column("id", sql.Text, unique=True, nullable=False),
    sql.Column("name", sql.Text, unique=True, nullable=False),
)
PEOPLE = sql.Table(
    "people",
    TABLES,
    sql.Column("sequence", sql.Integer, primary_key=True),
    sql.Column("id", sql.Text, unique=True, nullable=False),
    sql.Column("organization", sql.Text, nullable=False),
    sql.Column("name", sql.Text, nullable=False),
)
ANSWERS = sql.Table(
    "answers",
    TABLES,
    sql.Column("sequence", sql.Integer, primary_key=True),
    sql.Column("id", sql.Text, unique=True, nullable=False),
    sql.Column("organization", sql.Text, nullable=False),
    sql.Column("person", sql.Text, nullable=False),
    sql.Column("question", sql.Text, nullable=False),
    sql.Column("voice", sql.Text, nullable=False),
    sql.Column("value", sql.Text, nullable=False),
    sql.Column("made_from", sql.Text, nullable=False),
    sql.Column("note", sql.Text, nullable=False),
    sql.Column("answered_at", sql.Text, nullable=False),
    sql.Index("answers_by_place", "organization", "question", "voice", "person"),
)
EVENTS = sql.Table(
    "events",
    TABLES,
    sql.Column("sequence", sql.Integer, primary_key=True),
    sql.Column("kind", sql.Text, nullable=False),
    sql.Column("about", sql.Text, nullable=False),
    sql.Column("value", sql.Text, nullable=False),
    sql.Column("at", sql.Text, nullable=False),
    sql.Index("events_by_kind", "kind", "about"),
)
WORKSHEETS = sql.Table(
    "worksheets",
    TABLES,
    sql.Column("sequence", sql.Integer, primary_key=True),
    sql.Column("name", sql.Text, nullable=False),
    sql.Column("hash", sql.Text, nullable=False),
    sql.Column("format", sql.Integer, nullable=False),
    sql.Column("content", sql.Text, nullable=False),
    sql.Column("sources", sql.Text, nullable=False),
    sql.Column("after_answer", sql.Integer, nullable=False),
    sql.Column("chosen_at", sql.Text, nullable=False),
)
"""A row each time a worksheet was chosen, the newest in use; toolkit.worksheets.stored_copy explains the columns."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What the store says after COMMIT: the order the answer got, whether it had it already, the answer as it is kept.

    Law: what travels on to pages, streams and files is this answer, never what was sent.
    """

    sequence: int
    repeated: bool
    answer: Answer


def new_id() -> str:
    """Return a new id of 128 random bits."""
    return secrets.token_hex(16)


def row_of(given: Answer) -> dict[str, Any]:
    """Return the row of an answer, stamped now when it has no time yet."""
    now = given.answered_at or datetime.datetime.now(datetime.UTC)
    return {
        "id": given.id,
        "organization": given.organization,
        "person": given.person,
        "question": given.question,
        "voice": given.voice,
        "value": json.dumps(given.value, ensure_ascii=False),
        "made_from": json.dumps(list(given.made_from)),
        "note": given.note,
        "answered_at": now.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
    }


COLUMNS_OF_A_REPEAT = ("organization", "person", "question", "voice", "value", "made_from", "note")
"""What a repeated answer shares with the one that is kept; else it is another, and must not seem kept."""


ANSWER_OF_ID = sql.select(ANSWERS).where(ANSWERS.c.id == sql.bindparam("id"))
INSERTS = {table.name: sql.insert(table) for table in TABLES.tables.values()}
"""Statements that are made once: to make one takes longer than to run it."""


def add_answer(connection: sql.Connection, row: Row) -> Saved:
    """Keep an answer once: a known id is the same answer, and other words under it are refused."""
    earlier = connection.execute(ANSWER_OF_ID, {"id": row["id"]}).mappings().first()
    if earlier is not None:
        if any(earlier[key] != row[key] for key in COLUMNS_OF_A_REPEAT):
            raise UsedIdError("another answer has this id", mend="Nothing that was saved is lost. Load the page again.")
        return Saved(int(earlier["sequence"]), repeated=True, answer=answer(dict(earlier)))
    sequence = _insert(connection, ANSWERS, row)
    return Saved(sequence, repeated=False, answer=answer({**row, "sequence": sequence}))


def _insert(connection: sql.Connection, table: sql.Table, row: Row) -> int:
    key = connection.execute(INSERTS[table.name], dict(row)).inserted_primary_key
    return int(key[0]) if key is not None else 0


def register(connection: sql.Connection, name: str) -> Organization:
    """Return the organization of this name, made when there is none."""
    earlier = connection.execute(sql.select(ORGANIZATIONS.c.id).where(ORGANIZATIONS.c.name == name)).scalar()
    if earlier is not None:
        return Organization(str(earlier), name)
    made = Organization(new_id(), name)
    _insert(connection, ORGANIZATIONS, {"id": made.id, "name": name})
    return made


def add_person(connection: sql.Connection, given: Person) -> Person:
    """Keep a participant once."""
    earlier = connection.execute(sql.select(PEOPLE.c.id).where(PEOPLE.c.id == given.id)).scalar()
    if earlier is None:
        _insert(connection, PEOPLE, _person_row(given))
    return given


def person(row: Row) -> Person:
    """Return the participant in a row."""
    return Person(row["id"], row["organization"], row["name"])


def organization(row: Row) -> Organization:
    """Return the organization in a row."""
    return Organization(row["id"], row["name"])


def set_fact(connection: sql.Connection, key: str, value: Any) -> None:
    """Replace a fact about the workshop itself."""
    connection.execute(sql.delete(FACTS).where(FACTS.c.key == key))
    connection.execute(sql.insert(FACTS).values(key=key, value=json.dumps(value)))


def choose_worksheet(connection: sql.Connection, copy: WorksheetCopy) -> None:
    """Keep the worksheet that is in use from now on; the one in use already is not kept twice."""
    newest = sql.select(WORKSHEETS.c.name, WORKSHEETS.c.hash).order_by(WORKSHEETS.c.sequence.desc()).limit(1)
    in_use = connection.execute(newest).first()
    if in_use is None or tuple(in_use) != (copy.name, copy.hash):
        after = connection.execute(sql.select(highest(ANSWERS))).scalar()
        _insert(connection, WORKSHEETS, _worksheet_row(copy, int(after or 0)))
    set_fact(connection, "worksheet", copy.name)


def _worksheet_row(copy: WorksheetCopy, after: int) -> dict[str, Any]:
    now = datetime.datetime.now(datetime.UTC)
    return {
        "name": copy.name,
        "hash": copy.hash,
        "format": copy.format,
        "content": copy.content,
        "sources": copy.sources,
        "after_answer": after,
        "chosen_at": now.isoformat(timespec="microseconds"),
    }


def worksheet_copy(row: Row) -> WorksheetCopy:
    """Return the worksheet in a row."""
    return WorksheetCopy(row["name"], row["hash"], row["format"], row["content"], row["sources"], row["after_answer"])


def add_event(connection: sql.Connection, kind: str, about: str, value: Any) -> Event:
    """Keep an event."""
    at = datetime.datetime.now(datetime.UTC)
    return Event(_insert(connection, EVENTS, _event_row(kind, about, value, at)), kind, about, value, at)


def _event_row(kind: str, about: str, value: Any, at: datetime.datetime) -> dict[str, str]:
    return {"kind": kind, "about": about, "value": json.dumps(value), "at": at.isoformat(timespec="microseconds")}


def add_newcomer(connection: sql.Connection, newcomer: Person | None, events: Iterable[EventRow]) -> None:
    """Keep a new participant, and the events that came with them."""
    if newcomer is not None:
        connection.execute(sql.insert(PEOPLE), _person_row(newcomer))
    at = datetime.datetime.now(datetime.UTC)
    connection.execute(sql.insert(EVENTS), [_event_row(*event_row, at) for event_row in events])


def _person_row(given: Person) -> dict[str, str]:
    return {"id": given.id, "organization": given.organization, "name": given.name}


def event(row: Row) -> Event:
    """Return the event in a row."""
    return Event(row["sequence"], row["kind"], row["about"], json_value(row["value"]), _time(row["at"]))


def json_value(words: str) -> Any:
    """Return the value in a row; StoreError when a damaged disk changed it."""
    try:
        return json.loads(words)
    except ValueError:
        raise _damaged() from None


def _time(words: str) -> datetime.datetime:
    try:
        return datetime.datetime.fromisoformat(words)
    except ValueError:
        raise _damaged() from None


def _damaged() -> StoreError:
    return StoreError("the answers file is damaged", mend="Keep it, and open a copy or a backup.")


def revised(rows: Iterable[Row]) -> Iterable[Answer]:
    """Yield the answers with their revision: 1 for the first of a voice on a question, then 2."""
    counts: dict[tuple[str, StandingKey], int] = {}
    for stored in map(answer, rows):
        where = stored.organization, standing_key(stored)
        counts[where] = counts.get(where, 0) + 1
        yield replace(stored, revision=counts[where])


def highest(table: sql.Table) -> sql.ScalarSelect[Any]:
    """Return a query for the highest sequence of `table`, 0 when it is empty."""
    return sql.select(sql.func.coalesce(sql.func.max(table.c.sequence), 0)).scalar_subquery()


def after(table: sql.Table) -> sql.Select[Any]:
    """Return a query for the rows of `table` after a sequence number, in order; its parameter is called `after`."""
    return sql.select(table).where(table.c.sequence > sql.bindparam("after")).order_by(table.c.sequence)


AFTER = {table.name: after(table) for table in TABLES.tables.values() if "sequence" in table.c}
"""Queries for the rows after the sequence number `after`, in order, by the table's name; made once."""

BETWEEN = {name: query.where(TABLES.tables[name].c.sequence <= sql.bindparam("upto")) for name, query in AFTER.items()}
"""Queries for the rows after the sequence number `after` and up to `upto`, in order."""


def answer(row: Row) -> Answer:
    """Return the answer in a row."""
    value: Value = json_value(row["value"])
    return Answer(
        row["id"],
        row["organization"],
        row["person"],
        row["question"],
        value,
        row["voice"],
        tuple(json_value(row["made_from"])),
        row["note"],
        row["sequence"],
        _time(row["answered_at"]),
    )
