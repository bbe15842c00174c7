"""The part of a workshop about what it is: its title, length, day and worksheet."""

from __future__ import annotations

import datetime
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from toolkit.errors import WorkshopError
from toolkit.facilitation.names import one_line
from toolkit.storage.store import new_id
from toolkit.worksheets import catalog
from toolkit.worksheets.model import DEPTH_OF_MINUTES, Depth, Worksheet
from toolkit.workshop.current import CurrentState
from toolkit.workshop.folder import hidden_in
from toolkit.workshop.worksheet_in_use import WorksheetInUse

FIRST_TITLE = "Our workshop"
"""What a workshop is called until someone gives it a title."""


class Settings:
    """What one workshop is."""

    def __init__(self, current: CurrentState, folder: Path) -> None:
        self._current, self.folder = current, folder
        self.worksheet_in_use = WorksheetInUse(current, folder)

    @cached_property
    def hidden(self) -> Path:
        """The folder for what the program needs and people do not."""
        return hidden_in(self.folder)

    def begin(self, worksheet: str | None, title: str | None) -> None:
        """Give a new workshop what every workshop has; one that is there is changed as `change` says."""
        facts = self._facts
        first = {"id": new_id(), "title": FIRST_TITLE, "minutes": 60, "day": local_day().isoformat()}
        for key, value in first.items():
            if key not in facts:
                self.set(key, value)
        if "worksheet" not in facts:
            self.change(worksheet=worksheet or catalog.FIRST_WORKSHEET, title=title)
            return
        self.change(worksheet=worksheet, title=title)
        if not self.worksheet_in_use.version:  # a workshop from before there were copies, once its files are sound
            with suppress(WorkshopError):
                self.worksheet_in_use.take_copy()

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
    def worksheet(self) -> Worksheet:
        """The worksheet in use."""
        return self.worksheet_in_use.worksheet

    @property
    def _facts(self) -> Any:
        return self._current.state.facts

    def set(self, key: str, value: Any) -> None:
        """Keep a fact about the workshop in the place of the one before."""
        self._current.store.set_fact(key, value)

    def change(self, *, title: str | None = None, worksheet: str | None = None, minutes: int | None = None) -> None:
        """Change what the workshop is called, which worksheet it uses, how long it is; None leaves it."""
        chosen = self.worksheet_in_use.copy_to_choose(worksheet) if worksheet is not None else None
        if minutes is not None and minutes not in DEPTH_OF_MINUTES:
            raise WorkshopError(f"{minutes} minutes is not one of {', '.join(map(str, DEPTH_OF_MINUTES))}")
        named = {"title": (one_line(title) or None) if title else None, "minutes": minutes}
        if chosen is not None:
            self.worksheet_in_use.choose(chosen)
        facts = self._facts
        for key, value in named.items():
            if value is not None and facts.get(key) != value:
                self.set(key, value)


def local_day() -> datetime.date:
    """Return today as the calendar on the wall says it, where this computer is."""
    return datetime.datetime.now().astimezone().date()
