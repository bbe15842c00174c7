"""A workshop as every command, page and server uses it, with rehearsals, copies and its end."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Self

from toolkit.errors import StoreError, WorkshopError
from toolkit.facilitation.events import SessionEvent
from toolkit.rehearsal import run
from toolkit.rehearsal.run import Progress
from toolkit.workshop import erasure
from toolkit.workshop.papers import Papers
from toolkit.workshop.settings import ANSWERS, FIRST_TITLE, HIDDEN_FOLDER, local_day, prepared

PRACTICE = "rehearsal"
"""The folder inside a workshop for the room in which its facilitator practises."""

PAPER = "paper.docx"
"""The worksheet to print, in a workshop's folder."""

DRAFTS = ("drafts/*.docx", "drafts/papers/*.docx")
PROGRAM_FILES = (*DRAFTS, PAPER, PRACTICE, HIDDEN_FOLDER, f"{ANSWERS}-*", ANSWERS)
"""What the program puts into a workshop's folder by itself, in the order in which it is erased: the answers file, by
which a workshop is known, is the last."""


class Workshop(Papers):
    """One workshop in one folder: its worksheet, its organizations, their answers and drafts."""

    # Dry run

    def rehearse(self, organizations: int, people: int, seed: int, progress: Progress | None = None) -> None:
        """Fill the workshop with made-up people; refused as `check_can_rehearse` says."""
        self.check_can_rehearse()
        for key, value in {"rehearsal": True, "day": run.DAY}.items():
            self._store.say(key, value)
        made_up = run.Rehearsal(organizations, people, seed)
        made_up.fill(self._store, self.worksheet, self.depth, progress)
        made_up.report_back(self)

    def check_can_rehearse(self) -> None:
        """Go on when made-up people may come in: a new workshop, or a rehearsal that no phone joined.

        WorkshopError, and nothing is changed, for any other: one with participants, a title, or that was started.
        """
        if self.organizations and not self.is_rehearsal:
            raise self._not_to_rehearse("this workshop has real participants")
        if not self.is_rehearsal and (self.title != FIRST_TITLE or self.events()):
            raise self._not_to_rehearse("this workshop was set up for real participants")
        if self.events(SessionEvent.kind):
            raise self._not_to_rehearse("someone joined this rehearsal with a phone")

    def _not_to_rehearse(self, fault: str) -> WorkshopError:
        mend = "Rehearse in a folder of its own, for example: workshop rehearse rehearsal"
        return WorkshopError(fault, where=str(self.folder), mend=mend)

    def filling(self, organizations: int, people: int, seed: int = 1) -> run.RehearsalPlayer:
        """Return made-up people who come into this rehearsal and answer bit by bit, as a room does."""
        self._need_rehearsal()
        return run.RehearsalPlayer(self._store, self.worksheet, self.depth, run.Rehearsal(organizations, people, seed))

    def practise(self) -> Self:
        """Return an empty room like this one to practise in; this one is not touched. One left over is thrown away."""
        folder = self.folder / PRACTICE
        if erasure.is_unfinished(folder):
            self.finish_erasing(folder)
        elif self.is_in(folder):
            self._open_in(folder, folder / ANSWERS).throw_away()
        _ = self.worksheet
        room = self._open_in(folder, prepared(folder), None, self.title, copy=self._store.worksheets()[-1])
        room.change(minutes=self.minutes)
        for key, value in {"rehearsal": True, "day": run.DAY}.items():
            room._store.say(key, value)
        return room

    def throw_away(self) -> None:
        """Erase a rehearsal, its folder too; refused where somebody real came in."""
        self._need_rehearsal()
        if self.events(SessionEvent.kind):
            mend = "Somebody came in with a phone. To erase it all the same: workshop erase"
            raise WorkshopError("this is no mere rehearsal", where=str(self.folder), mend=mend)
        receipt = self.erase()
        (self.folder / erasure.RECEIPT).unlink()
        if not receipt.left:
            self.folder.rmdir()

    def _need_rehearsal(self) -> None:
        if not self.is_rehearsal:
            raise WorkshopError("this workshop is no rehearsal", where=str(self.folder), mend="Nothing was changed.")

    # Keeping and erasing

    def keep_copy(self, into: str | Path | None = None) -> Path:
        """Write a copy of all answers into a new folder, beside this one or in `into`; it opens as a workshop.

        StoreError when that cannot be, or when the copy would lie in this workshop's own folder.
        """
        if "://" in str(self._address):
            mend = "Copy it with the tools of that server."
            raise StoreError("the answers lie in a database on a server", where=self.title, mend=mend)
        moment = datetime.datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")
        where = Path(into or self.folder.parent).expanduser()
        self._need_place_outside(where)
        path = where / f"{self.folder.name}-copy-{moment}"
        is_new = not path.exists()
        try:
            self._store.copy_to(prepared(path))
        except StoreError:
            if is_new and path.is_dir():
                path.rmdir()
            raise
        return path

    def _need_place_outside(self, place: Path) -> None:
        """Raise a StoreError when `place` is this workshop's folder or lies in it, by whatever path it is named."""
        there = place.resolve()
        if any(path.exists() and path.samefile(self.folder) for path in (there, *there.parents)):
            mend = "Choose another folder, best on another disk such as a USB drive. Nothing was written."
            fault = "a copy inside the workshop's own folder is lost or erased together with it"
            raise StoreError(fault, where=str(place), mend=mend)

    def counted(self) -> erasure.Contents:
        """Return how much the workshop holds; no word of it."""
        count = len(self._store.history())
        return erasure.Contents(self.title, len(self.organizations), len(self.people), count)

    @property
    def is_to_be_erased(self) -> bool:
        """Whether the facilitator wants all of it erased when the program stops."""
        return bool(self._facts.get("erase", False))

    def erase_when_closed(self, *, yes: bool = True) -> None:
        """Keep whether all of it is erased when the program stops; the latest counts."""
        self._store.say("erase", yes)

    def erase(self) -> erasure.Receipt:
        """Close the workshop and erase all that it kept; StoreError while another program has it open."""
        counted, today = self.counted(), local_day().isoformat()
        self.close()
        return erasure.erase(self.folder, self._address, counted, today, PROGRAM_FILES)

    @classmethod
    def left_of_erased(cls, folder: str | Path) -> list[str]:
        """Return the paths in `folder` of what is left of a workshop whose answers are erased; none for any other."""
        path = Path(folder).expanduser().resolve()
        if erasure.is_unfinished(path):
            return [erasure.ERASING_NOTE, *_paths(path, PROGRAM_FILES)]
        return [] if cls.is_in(path) else _paths(path, _left_of_erased(path))

    @staticmethod
    def finish_erasing(folder: str | Path) -> erasure.Receipt:
        """Erase what an interrupted erasing left in `folder`; return the receipt, which is left there."""
        path = Path(folder).expanduser().resolve()
        return erasure.finish(
            path, local_day().isoformat(), PROGRAM_FILES if erasure.is_unfinished(path) else _left_of_erased(path)
        )


def _paths(folder: Path, kept: tuple[str, ...]) -> list[str]:
    return [file.relative_to(folder).as_posix() for file in erasure.files(folder, kept)]


def _left_of_erased(folder: Path) -> tuple[str, ...]:
    """Return the names under which what is left of a workshop lies, by those that nothing but a workshop has.

    With drafts alone a folder named rehearsal beside them may well be a workshop of its own.
    """
    is_workshop = (folder / HIDDEN_FOLDER).is_dir() or any(folder.glob(f"{ANSWERS}-*"))
    return PROGRAM_FILES if is_workshop else DRAFTS
