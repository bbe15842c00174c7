"""The part of a workshop about made-up people: rehearsals, and rooms to practice in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from toolkit.errors import WorkshopError
from toolkit.facilitation.events import SessionEvent
from toolkit.rehearsal import run
from toolkit.rehearsal.run import Progress
from toolkit.worksheets.stored_copy import WorksheetCopy
from toolkit.workshop import erasure, lifecycle
from toolkit.workshop.current import CurrentState
from toolkit.workshop.folder import ANSWERS, PRACTICE, is_workshop, prepared
from toolkit.workshop.lifecycle import Lifecycle
from toolkit.workshop.report_back import ReportBack
from toolkit.workshop.settings import FIRST_TITLE, Settings

if TYPE_CHECKING:
    from toolkit.workshop.facade import Workshop


class OpenIn(Protocol):
    """Opens the store at an address as the workshop in a folder; a new one gets the title and the worksheet's copy."""

    def __call__(
        self, path: Path, address: Path, *, title: str | None = None, copy: WorksheetCopy | None = None
    ) -> Workshop:
        """Return the workshop; StoreError says why it cannot be opened."""


class Rehearsals:
    """Made-up people in one workshop."""

    def __init__(
        self,
        current: CurrentState,
        settings: Settings,
        report_back: ReportBack,
        its_lifecycle: Lifecycle,
        open_in: OpenIn,
    ) -> None:
        self._current, self._settings, self._report_back = current, settings, report_back
        self._lifecycle, self._open_in = its_lifecycle, open_in

    def rehearse(self, organizations: int, people: int, seed: int, progress: Progress | None = None) -> None:
        """Fill the workshop with made-up people; refused as `check_can_rehearse` says."""
        self.check_can_rehearse()
        self._set_up_rehearsal(self._settings)
        made_up = run.Rehearsal(organizations, people, seed)
        made_up.fill(self._current.store, self._settings.worksheet, self._settings.depth, progress)
        made_up.report_back(self._current, self._report_back)

    @staticmethod
    def _set_up_rehearsal(settings: Settings) -> None:
        settings.set("rehearsal", True)
        settings.set("day", run.DAY)

    def check_can_rehearse(self) -> None:
        """Go on when made-up people may come in: a new workshop, or a rehearsal that no phone joined.

        WorkshopError, and nothing is changed, for any other: one with participants, a title, or that was started.
        """
        state, settings = self._current.state, self._settings
        if state.organizations and not settings.is_rehearsal:
            raise self._not_to_rehearse("this workshop has real participants")
        if not settings.is_rehearsal and (settings.title != FIRST_TITLE or state.mark.events):
            raise self._not_to_rehearse("this workshop was set up for real participants")
        if self._did_a_phone_join():
            raise self._not_to_rehearse("someone joined this rehearsal with a phone")

    def _did_a_phone_join(self) -> bool:
        return bool(self._current.store.events(SessionEvent.kind))

    def _not_to_rehearse(self, fault: str) -> WorkshopError:
        mend = "Rehearse in a folder of its own, for example: workshop rehearse rehearsal"
        return WorkshopError(fault, where=str(self._settings.folder), mend=mend)

    def player(self, organizations: int, people: int, seed: int = 1) -> run.RehearsalPlayer:
        """Return made-up people who come into this rehearsal and answer bit by bit, as a room does."""
        self._need_rehearsal()
        settings, made_up = self._settings, run.Rehearsal(organizations, people, seed)
        return run.RehearsalPlayer(self._current.store, settings.worksheet, settings.depth, made_up)

    def practise(self) -> Workshop:
        """Return an empty room like this one to practise in; this one is not touched. One left over is thrown away."""
        settings, folder = self._settings, self._settings.folder / PRACTICE
        if erasure.is_unfinished(folder):
            lifecycle.finish_erasing(folder)
        elif is_workshop(folder):
            self._open_in(folder, folder / ANSWERS).rehearsals.throw_away()
        _ = settings.worksheet  # a workshop from before there were copies takes one
        copy = self._current.state.worksheets[-1]
        room = self._open_in(folder, prepared(folder), title=settings.title, copy=copy)
        room.settings.change(minutes=settings.minutes)
        self._set_up_rehearsal(room.settings)
        return room

    def throw_away(self) -> None:
        """Erase a rehearsal, its folder too; refused where somebody real came in."""
        self._need_rehearsal()
        folder = self._settings.folder
        if self._did_a_phone_join():
            mend = "Somebody came in with a phone. To erase it all the same: workshop erase"
            raise WorkshopError("this is no mere rehearsal", where=str(folder), mend=mend)
        receipt = self._lifecycle.erase()
        (folder / erasure.RECEIPT).unlink()
        if not receipt.left:
            folder.rmdir()

    def _need_rehearsal(self) -> None:
        if not self._settings.is_rehearsal:
            where = str(self._settings.folder)
            raise WorkshopError("this workshop is no rehearsal", where=where, mend="Nothing was changed.")
