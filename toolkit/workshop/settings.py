"""The part of a workshop about its folder and settings: title, worksheet, organizations, people and events."""

from __future__ import annotations

import datetime
import os
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, Self

from toolkit.answers import agreement
from toolkit.answers.model import Answer, Organization, Person, Position
from toolkit.answers.worksheet_versions import Past, Version, changes, past
from toolkit.errors import NotAskedError, StoreError, WorkshopError
from toolkit.facilitation import invitation, merges, report_back
from toolkit.facilitation.events import Kind, RoomEvent, read_all
from toolkit.state import State, fold
from toolkit.storage.store import Event, accept_rows_missing, new_id, note_server
from toolkit.system.project_files import START
from toolkit.worksheets import catalog
from toolkit.worksheets.kinds import clean_line, is_empty
from toolkit.worksheets.model import DEPTH_OF_MINUTES, Depth, Question, Worksheet
from toolkit.worksheets.stored_copy import WorksheetCopy, worksheet_of
from toolkit.workshop import erasure
from toolkit.workshop.merged_store import MergedStore

FOLDER = "WORKSHOP_FOLDER"
"""The environment variable that tells a notebook which workshop is open."""

DATABASE = "WORKSHOP_DATABASE"
"""The environment variable that names a PostgreSQL database for the answers, instead of a file."""

ANSWERS = "answers.db"

HIDDEN_FOLDER = ".workshop"
"""The folder inside a workshop for what the program needs and people do not."""

FIRST_TITLE = "Our workshop"
"""What a workshop is called until someone gives it a title."""

LONGEST_NAME = 200

FAULTY_FILES = "The files of this workshop's worksheet cannot be used now:"
COPY_IN_USE = "The workshop goes on with its own copy, and no answer is lost."
UPDATE_SENTENCE = (
    "The files of this workshop's worksheet have changed since the workshop took its copy: {}. If you use the new "
    "version, no answer is lost: what it does not ask any more stays in the tables and in the record of each draft."
)


@dataclass(frozen=True, slots=True)
class WorksheetUpdate:
    """Whether the files of a workshop's worksheet say something else than its copy, in a sentence for the facilitator.

    `state` is "none", "faulty" (they cannot be used, or are not there), or "available": then `apply` lets the
    workshop use them from now on.
    """

    state: Literal["none", "faulty", "available"] = "none"
    sentence: str = ""
    apply: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class _ReadBy:
    """How answers are read, known by a number: for which worksheet mark, and up to which answer that was looked at."""

    number: int
    mark: int
    upto: int
    past: Past


class Settings:
    """One workshop as its folder keeps it."""

    def __init__(self, folder: Path, address: Path | str) -> None:
        self.folder, self._address = folder, address
        self._store = MergedStore(address)
        self._read_by: _ReadBy | None = None
        self._worked_out = agreement.Positions()
        self._held: dict[str, tuple[tuple[object, ...], dict[str, Position]]] = {}
        self._state = State()

    @classmethod
    def open(cls, folder: str | Path | None = None, worksheet: str | None = None, title: str | None = None) -> Self:
        """Open the workshop in `folder`, made when there is none.

        Without a folder it is the one that start.py opened, and nothing is made: WorkshopError says how to open one.
        StoreError says why a workshop cannot be opened.
        """
        path = Path(folder or cls._open_already()).expanduser().resolve()
        if erasure.is_unfinished(path):
            raise partly_erased(folder or path)
        place, server = prepared(path), os.environ.get(DATABASE)
        if server:
            note_server(place)  # what tells that there is a workshop here
        return cls._open_in(path, server or place, worksheet, title)

    @staticmethod
    def accept_rows_missing(folder: str | Path) -> None:
        """Let the workshop in `folder` be opened although saved rows are missing; the file as it is now is copied."""
        accept_rows_missing(prepared(Path(folder).expanduser().resolve()))

    @classmethod
    def _open_already(cls) -> str:
        """Return the folder of the workshop that start.py opened."""
        named = os.environ.get(FOLDER, "")
        if named and cls.is_in(named):
            return named
        fault = f"there is no workshop in {named}" if named else "no workshop is open here"
        mend = f'Start it with "{START} start", or name its folder: Workshop.open("my-workshop"). Nothing was made.'
        raise WorkshopError(fault, mend=mend)

    @classmethod
    def _open_in(
        cls,
        path: Path,
        address: Path | str,
        worksheet: str | None = None,
        title: str | None = None,
        *,
        copy: WorksheetCopy | None = None,
    ) -> Self:
        """Open the store at `address` as a workshop; a new one uses the worksheet, or the copy of one."""
        workshop = cls(path, address)
        try:
            if copy is not None:
                workshop._store.choose_worksheet(copy)
            workshop._begin(worksheet, title)
        except WorkshopError:
            workshop.close()
            raise
        return workshop

    @staticmethod
    def is_in(folder: str | Path) -> bool:
        """Return whether there is a workshop in `folder`; nothing is made."""
        return (Path(folder).expanduser() / ANSWERS).is_file()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Write what waits and let the folder go."""
        self._store.close()

    def _begin(self, worksheet: str | None, title: str | None) -> None:
        facts = self._store.facts()
        first = {"id": new_id(), "title": FIRST_TITLE, "minutes": 60, "day": local_day().isoformat()}
        for key, value in first.items():
            if key not in facts:
                self._store.say(key, value)
        if "worksheet" not in facts:
            self.change(worksheet=worksheet or catalog.FIRST_WORKSHEET, title=title)
            return
        self.change(worksheet=worksheet, title=title)
        if (
            not self._store.worksheet_mark()
        ):  # a workshop from before worksheets were kept: as soon as the files are sound
            with suppress(WorkshopError):
                self._keep_worksheet()

    # What the workshop is

    @cached_property
    def id(self) -> str:
        """The workshop's own id; it never changes."""
        return str(self._facts["id"])

    @property
    def title(self) -> str:
        """What the workshop is called."""
        return str(self._facts["title"])

    @property
    def minutes(self) -> int:
        """How long the workshop is: 60, 90 or 180 minutes."""
        return int(self._facts["minutes"])

    @property
    def depth(self) -> Depth:
        """How deep the worksheet goes in that time."""
        return DEPTH_OF_MINUTES[self.minutes]

    @property
    def day(self) -> str:
        """The day of the workshop, an ISO date; it stands on the drafts."""
        return str(self._facts["day"])

    @property
    def is_rehearsal(self) -> bool:
        """Whether the people in this workshop are made up."""
        return bool(self._facts.get("rehearsal", False))

    @property
    def _facts(self) -> dict[str, Any]:
        return self._store.facts()

    @property
    def worksheet(self) -> Worksheet:
        """The worksheet of this workshop, from its own copy: what happens to the files changes nothing here.

        A workshop from before there were copies reads the files; WorksheetError says where they are faulty.
        """
        return self._past().worksheet

    def _past(self) -> Past:
        """Return how all answers are read: by the worksheet in use, with what earlier versions of it asked."""
        return self._reading().past

    def _reading(self) -> _ReadBy:
        """Return how all answers are read; worked out anew when a worksheet is chosen, or one of before is answered."""
        mark = self._store.worksheet_mark()
        if not mark:
            self._keep_worksheet()
            mark = self._store.worksheet_mark()
        known, upto = self._read_by, self.sequences()[0]
        if known is not None and known.mark == mark:
            if upto == known.upto or known.past.is_complete:
                return known
            if not any(map(known.past.misses, self._store.newer(known.upto))):
                self._read_by = replace(known, upto=upto)
                return self._read_by
        versions = [Version(worksheet_of(worksheet), worksheet.after) for worksheet in self._store.worksheets()]
        number = known.number + 1 if known else 1
        read = past(versions, self._store.standing(emptied=True), self._store.newer(0))
        self._read_by = new = _ReadBy(number, mark, upto, read)
        return new

    def _standing(self, organization: str | None = None) -> list[Answer]:
        """Return the standing answers, each under the id of the question that it is read by."""
        answers, read_by = self._store.standing(organization), self._past()
        return [read_by.placed(answer) for answer in answers] if read_by.split else answers

    @property
    def worksheet_version(self) -> int:
        """A number that grows when the workshop takes another worksheet, or another version of it: cheap."""
        return self._store.worksheet_mark()

    @property
    def worksheet_name(self) -> str:
        """What the worksheet in use is chosen by: its name, or its folder's whole path."""
        return str(self._facts["worksheet"])

    def worksheets_used(self) -> dict[str, Worksheet]:
        """Return the worksheets that were chosen so far, from the workshop's own copies, by what they are chosen by."""
        return {worksheet.name: worksheet_of(worksheet) for worksheet in self._store.worksheets()}

    def worksheet_update(self) -> WorksheetUpdate:
        """Return whether the worksheet's files have changed since the workshop took its copy of them."""
        try:
            loaded = catalog.load(self.worksheet_name, self.hidden)
        except WorkshopError as fault:
            return WorksheetUpdate("faulty", f"{FAULTY_FILES} {fault} {COPY_IN_USE}")
        copies = self._store.worksheets()
        if copies and (loaded.copy.format, loaded.copy.content) == (copies[-1].format, copies[-1].content):
            return WorksheetUpdate()
        what = changes(worksheet_of(copies[-1]), loaded.worksheet) if copies else "it has no copy yet"
        return WorksheetUpdate(
            "available", UPDATE_SENTENCE.format(what), lambda: self._store.choose_worksheet(loaded.copy)
        )

    def _keep_worksheet(self) -> None:
        """Keep a copy of the worksheet that the workshop names, as its files are now."""
        self._store.choose_worksheet(catalog.load(self.worksheet_name, self.hidden).copy)

    def change(self, *, title: str | None = None, worksheet: str | None = None, minutes: int | None = None) -> None:
        """Change what the workshop is called, which worksheet it uses, how long it is; None leaves it."""
        chosen = self._worksheet_folder(worksheet) if worksheet is not None else None
        if minutes is not None and minutes not in DEPTH_OF_MINUTES:
            raise WorkshopError(f"{minutes} minutes is not one of {', '.join(map(str, DEPTH_OF_MINUTES))}")
        named = {"title": (_one_line(title) or None) if title else None, "minutes": minutes}
        if chosen is not None:
            self._store.choose_worksheet(chosen)
        facts = self._facts
        for key, value in named.items():
            if value is not None and facts.get(key) != value:
                self._store.say(key, value)

    def _worksheet_folder(self, name: str) -> WorksheetCopy | None:
        """Return the copy of a worksheet to use from now on, None to go on with the one in use.

        The one in use is taken anew from its files only while nobody has answered, and only when they are sound:
        later a new version is something to decide (see `worksheet_update`).
        """
        in_use = bool(self._store.worksheet_mark()) and self._facts.get("worksheet") == catalog.placed(name)
        if in_use and self.sequences()[0]:
            return None
        try:
            return catalog.load(name, self.hidden).copy
        except WorkshopError:
            if in_use:
                return None
            raise

    # Who is there

    @property
    def organizations(self) -> list[Organization]:
        """The organizations in the order in which they came."""
        return self._store.organizations()

    def register(self, *names: str) -> list[Organization]:
        """Register organizations by name; a name that is there already is the same organization."""
        organizations = {_alike(registered.name): organization for registered, organization in self._store.registered()}
        wanted = [name for name in map(_one_line, names) if name]
        for name in wanted:
            if _alike(name) not in organizations:
                organizations[_alike(name)] = self._store.register(name)
        return [organizations[_alike(name)] for name in wanted]

    def organization(self, name: str) -> Organization:
        """Return the organization of this name or id; WorkshopError lists those that are there."""
        wanted = _alike(name)
        for registered, now in self._store.registered():
            if name == registered.id or _alike(registered.name) == wanted:
                return now
        known = ", ".join(organization.name for organization in self.organizations) or "none yet"
        raise WorkshopError(f"there is no organization '{name}'", where=self.title, mend=f"Registered: {known}.")

    def _now(self, organization: Organization) -> Organization:
        return replace(organization, id=self.current_id(organization.id))

    def current_id(self, id_: str) -> str:
        """Return the id of the organization that the one of this id is now: its own, unless it was merged."""
        return self._store.merges.of(id_)

    @property
    def merged(self) -> list[tuple[Organization, Organization]]:
        """The names that were merged, each with the organization that it is now."""
        return [(name, organization) for name, organization in self._store.registered() if name.id != organization.id]

    def merge(self, twin: str, organization: str) -> Organization:
        """Make everything of a twin the organization's."""
        other, one = self.organization(twin), self.organization(organization)
        if one.id == other.id:
            raise WorkshopError(f"“{one.name}” is one organization already", mend="Choose two that differ.")
        self.record(merges.merge(other.id, one.id, self.sequences()[0]))
        return one

    def take_apart(self, twin: str) -> None:
        """Let a merged name stand for itself again, with all that its own people said; both show nothing any more."""
        other = next((name for name, _ in self.merged if twin in (name.id, name.name)), None)
        if other is None:
            raise WorkshopError(f"“{twin}” is not merged with another", mend="Look at the list again.")
        one = self.current_id(other.id)
        for name in (other.id, one):
            self.record(report_back.release(name, {}, yes=False))
        self.record(merges.take_apart(other.id, one))

    def join(self, organization: Organization, name: str = "") -> Person:
        """Return a new participant of `organization`; the name or handle may stay empty."""
        return self._store.add_person(newcomer(organization, name))

    def add_newcomer(self, person: Person | None, events: Iterable[RoomEvent]) -> Future[None]:
        """Keep a newcomer and what happened as they came in, all at once; the future is done when it is kept."""
        return self._store.coming(person, [event.row() for event in events])

    @property
    def people(self) -> list[Person]:
        """The participants in the order in which they came."""
        return self._store.people()

    @property
    def shared_devices(self) -> Counter[str]:
        """How many devices that a table shares are signed in, by the organization's id; several people use each."""
        return Counter(self.current_id(device) for device in invitation.shared_devices(self.state.devices))

    # What they say

    def question(self, id_: str) -> Question:
        """Return the question that keeps what is answered to `id_`; NotAskedError when nothing of that id is asked."""
        question = self._past().asked_as(id_)
        if question is None:
            raise NotAskedError(f"the worksheet has no question '{id_}'", mend="Load the page again.")
        return question

    def standing(self) -> list[Answer]:
        """Return every standing answer."""
        return self._standing()

    def is_read_elsewhere(self, answer: Answer) -> bool:
        """Return whether an answer is read under another id than it was given to: its question changed its kind."""
        return self._past().placed(answer).question != answer.question

    def history(self, organization: Organization) -> list[Answer]:
        """Return everything that an organization ever said, in order."""
        return self._store.history(organization.id)

    def sequences(self) -> tuple[int, int]:
        """Return how far answers and events have come: cheap, to see whether anything is new."""
        return self._store.sequences()

    def mark(self) -> tuple[object, ...]:
        """Return what differs whenever anything in the workshop changed: cheap, to draw a page again."""
        return self._store.mark()

    def answered_since(self, after: int) -> set[str]:
        """Return the ids of the organizations that said something after a sequence number."""
        return self._store.answered_since(after)

    @property
    def state(self) -> State:
        """What stands after all that happened in the room so far; read without a lock, as it never changes."""
        if self._state.sequence != self._store.sequences()[1]:
            self._state = fold(self._store.as_stored, self._state)
        return self._state

    def record(self, event: RoomEvent) -> Event:
        """Keep something that happened in the room."""
        return self._store.happen(*event.row())

    def events(self, kind: str | None = None, *, after: int = 0) -> list[Event]:
        """Return what happened in the room after a sequence number, as it is stored."""
        return self._store.events(kind, after=after)

    def events_of(self, kind: type[Kind], *, after: int = 0) -> list[Kind]:
        """Return the events of one kind after a sequence number, in order."""
        return read_all(self._store.events(kind.kind, after=after), kind)

    # Keeping and erasing

    @cached_property
    def hidden(self) -> Path:
        """The folder for what the program needs and people do not."""
        path = self.folder / HIDDEN_FOLDER
        path.mkdir(mode=0o700, exist_ok=True)
        return path


def local_day() -> datetime.date:
    """Return today as the calendar on the wall says it, where this computer is."""
    return datetime.datetime.now().astimezone().date()


def partly_erased(folder: str | Path) -> StoreError:
    """Return what to say of a folder in which erasing a workshop was begun and not finished."""
    mend = f"To finish erasing it: {START} erase {folder}"
    return StoreError("erasing this workshop was interrupted", where=str(folder), mend=mend)


def prepared(folder: Path) -> Path:
    """Return the place of the answers in `folder`, a folder for its owner alone; StoreError when it cannot be one."""
    if folder.exists() and not folder.is_dir():
        raise StoreError("this is a file, not a folder", where=str(folder), mend="Choose another name.")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        was_used = (
            not (folder / ANSWERS).exists()
            and (folder / HIDDEN_FOLDER).is_dir()
            and any((folder / HIDDEN_FOLDER).iterdir())
        )
    except OSError as fault:
        mend = "Choose a folder of your own with free space."
        raise StoreError(f"the folder cannot be used ({fault.strerror})", where=str(folder), mend=mend) from None
    if was_used:
        mend = f"Put {ANSWERS} back, or open a copy. For a new workshop choose another folder."
        raise StoreError(f"there was a workshop here, but {ANSWERS} is missing", where=str(folder), mend=mend)
    return folder / ANSWERS


def _one_line(name: str) -> str:
    """Return a name on one line; WorkshopError when it is too long."""
    words = clean_line(name)
    if len(words) > LONGEST_NAME:
        raise WorkshopError(f"the name has {len(words)} characters", mend=f"{LONGEST_NAME} fit; shorten it.")
    return words


def newcomer(organization: Organization, name: str) -> Person:
    """Return somebody of `organization` whom nobody knows yet."""
    return Person(new_id(), organization.id, clean_line(name)[:LONGEST_NAME].rstrip())


@lru_cache(maxsize=1024)
def _alike(name: str) -> str:
    """Return what two spellings of one name have in common: neither case nor what cannot be seen makes two."""
    return "".join(sign for sign in clean_line(name).casefold() if sign == " " or not is_empty(sign))
