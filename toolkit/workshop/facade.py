"""One workshop in one folder, as commands, pages and the server for phones use it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Self

from toolkit.answers.model import Event, Organization
from toolkit.documents.document import Document
from toolkit.errors import WorkshopError
from toolkit.facilitation.events import RoomEvent
from toolkit.rehearsal.run import Progress
from toolkit.state import State
from toolkit.storage.store import Store, note_server
from toolkit.system.project_files import START
from toolkit.worksheets.model import Worksheet
from toolkit.worksheets.stored_copy import WorksheetCopy
from toolkit.workshop import erasure
from toolkit.workshop.current import CurrentState
from toolkit.workshop.discussion import Discussion
from toolkit.workshop.folder import is_workshop, partly_erased_error, prepared
from toolkit.workshop.lifecycle import Lifecycle
from toolkit.workshop.papers import Exported, Papers
from toolkit.workshop.rehearsals import Rehearsals
from toolkit.workshop.report_back import ReportBack
from toolkit.workshop.roster import Roster
from toolkit.workshop.settings import Settings

if TYPE_CHECKING:
    from toolkit.tables import DataFrame

FOLDER = "WORKSHOP_FOLDER"
"""The environment variable that tells a notebook which workshop is open."""

DATABASE = "WORKSHOP_DATABASE"
"""The environment variable that names a PostgreSQL database for the answers, instead of a file."""


class Workshop:
    """One workshop. What it can do is in its parts.

    `settings` (title, length, worksheet), `roster` (organizations and people), `discussion` (answers and agreement),
    `report_back` (lines for the room, and the vote), `papers` (tables, drafts, the report), `lifecycle` (copies,
    erasing) and `rehearsals` (made-up people). The rest is what people type most.
    """

    def __init__(self, folder: Path, address: Path | str) -> None:
        self.folder = folder
        self.current = CurrentState(Store(address))
        self.settings = Settings(self.current, folder)
        self.roster = Roster(self.current, self.settings)
        self.discussion = Discussion(self.current, self.settings)
        self.report_back = ReportBack(self.current, self.settings, self.discussion)
        self.papers = Papers(self.settings, self.roster, self.discussion, self.report_back)
        self.lifecycle = Lifecycle(self.current, self.settings, address)
        self.rehearsals = Rehearsals(self.current, self.settings, self.report_back, self.lifecycle, self._open_in)

    @classmethod
    def open(cls, folder: str | Path | None = None, worksheet: str | None = None, title: str | None = None) -> Self:
        """Open the workshop in `folder`, made when there is none.

        Without a folder it is the one that start.py opened, and nothing is made: WorkshopError says how to open one.
        StoreError says why a workshop cannot be opened.
        """
        path = Path(folder or _open_already()).expanduser().resolve()
        if erasure.is_unfinished(path):
            raise partly_erased_error(folder or path)
        place, server = prepared(path), os.environ.get(DATABASE)
        if server:
            note_server(place)  # what tells that there is a workshop here
        return cls._open_in(path, server or place, worksheet, title)

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
                workshop.settings.worksheet_in_use.choose(copy)
            workshop.settings.begin(worksheet, title)
        except WorkshopError:
            workshop.close()
            raise
        return workshop

    @staticmethod
    def is_in(folder: str | Path) -> bool:
        """Return whether there is a workshop in `folder`; nothing is made."""
        return is_workshop(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Write what waits and let the folder go."""
        self.lifecycle.close()

    @property
    def state(self) -> State:
        """What stands now: one frozen value, the same as long as nothing is new."""
        return self.current.state

    def record(self, event: RoomEvent) -> Event:
        """Keep something that happened in the room."""
        return self.current.record(event)

    @property
    def id(self) -> str:
        """The workshop's own id; it never changes."""
        return self.settings.id

    @property
    def title(self) -> str:
        """What the workshop is called."""
        return self.settings.title

    @property
    def worksheet(self) -> Worksheet:
        """The worksheet of this workshop, from its own copy: what happens to the files changes nothing here."""
        return self.settings.worksheet

    @property
    def organizations(self) -> list[Organization]:
        """The organizations in the order in which they came."""
        return self.roster.organizations

    @property
    def answers(self) -> DataFrame:
        """The pandas table of standing answers, one row each (see toolkit.tables.answers)."""
        return self.papers.table("answers")

    @property
    def agreed(self) -> DataFrame:
        """The pandas table of what organizations hold, one row each question (see toolkit.tables.agreed)."""
        return self.papers.table("agreed")

    @property
    def wide(self) -> DataFrame:
        """The pandas table with a row each organization, a column each question (see toolkit.tables.wide)."""
        return self.papers.table("wide")

    @property
    def codebook(self) -> DataFrame:
        """The pandas table of what the columns mean (see toolkit.tables.codebook)."""
        return self.papers.table("codebook")

    def draft(self, organization: str) -> Document:
        """Return the draft policy of one organization, by its name or id; a notebook shows it as a preview."""
        return self.papers.draft(organization)

    def export(
        self,
        folder: str | Path,
        organization: str | None = None,
        brand: str | Path | None = None,
        progress: Progress | None = None,
    ) -> list[Exported]:
        """Write the drafts of one or all organizations as Word files into `folder`; return what was written."""
        return self.papers.export(folder, organization, brand, progress)


def _open_already() -> str:
    """Return the folder of the workshop that start.py opened."""
    named = os.environ.get(FOLDER, "")
    if named and is_workshop(named):
        return named
    fault = f"there is no workshop in {named}" if named else "no workshop is open here"
    mend = f'Start it with "{START} start", or name its folder: Workshop.open("my-workshop"). Nothing was made.'
    raise WorkshopError(fault, mend=mend)
