"""The part of a workshop about its files: copies of them, and their end."""

from __future__ import annotations

import datetime
from pathlib import Path

from toolkit.errors import StoreError
from toolkit.storage import store
from toolkit.workshop import erasure
from toolkit.workshop.current import CurrentState
from toolkit.workshop.folder import ANSWERS, DRAFTS, HIDDEN_FOLDER, PROGRAM_FILES, is_workshop, prepared
from toolkit.workshop.settings import Settings, local_day


class Lifecycle:
    """What is kept of one workshop, and for how long."""

    def __init__(self, current: CurrentState, settings: Settings, address: Path | str) -> None:
        self._current, self._settings, self._address = current, settings, address

    def close(self) -> None:
        """Write what waits and let the folder go."""
        self._current.store.close()

    def keep_copy(self, into: str | Path | None = None) -> Path:
        """Write a copy of all answers into a new folder, beside this one or in `into`; it opens as a workshop.

        StoreError when that cannot be, or when the copy would lie in this workshop's own folder.
        """
        folder = self._settings.folder
        if "://" in str(self._address):
            mend = "Copy it with the tools of that server."
            raise StoreError("the answers lie in a database on a server", where=self._settings.title, mend=mend)
        moment = datetime.datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")
        where = Path(into or folder.parent).expanduser()
        self._need_place_outside(where)
        path = where / f"{folder.name}-copy-{moment}"
        is_new = not path.exists()
        try:
            self._current.store.copy_to(prepared(path))
        except StoreError:
            if is_new and path.is_dir():
                path.rmdir()
            raise
        return path

    def _need_place_outside(self, place: Path) -> None:
        """Raise a StoreError when `place` is this workshop's folder or lies in it, by whatever path it is named."""
        there = place.resolve()
        if any(path.exists() and path.samefile(self._settings.folder) for path in (there, *there.parents)):
            mend = "Choose another folder, best on another disk such as a USB drive. Nothing was written."
            fault = "a copy inside the workshop's own folder is lost or erased together with it"
            raise StoreError(fault, where=str(place), mend=mend)

    def contents(self) -> erasure.Contents:
        """Return how much the workshop holds; no word of it."""
        state = self._current.state
        answers = len(self._current.store.history())
        return erasure.Contents(self._settings.title, len(state.organizations), len(state.people), answers)

    @property
    def is_to_be_erased(self) -> bool:
        """Whether the facilitator wants all of it erased when the program stops."""
        return bool(self._current.state.facts.get("erase", False))

    def erase_when_closed(self, *, yes: bool = True) -> None:
        """Keep whether all of it is erased when the program stops; the latest counts."""
        self._settings.set("erase", yes)

    def erase(self) -> erasure.Receipt:
        """Close the workshop and erase all that it kept; StoreError while another program has it open."""
        contents, today = self.contents(), local_day().isoformat()
        self.close()
        return erasure.erase(self._settings.folder, self._address, contents, today, PROGRAM_FILES)


def accept_rows_missing(folder: str | Path) -> None:
    """Let the workshop in `folder` be opened although saved rows are missing; the file as it is now is copied."""
    store.accept_rows_missing(prepared(Path(folder).expanduser().resolve()))


def left_of_erased(folder: str | Path) -> list[str]:
    """Return the paths in `folder` of what is left of a workshop whose answers are erased; none for any other."""
    path = Path(folder).expanduser().resolve()
    if erasure.is_unfinished(path):
        return [erasure.ERASING_NOTE, *_paths(path, PROGRAM_FILES)]
    return [] if is_workshop(path) else _paths(path, _left_files(path))


def finish_erasing(folder: str | Path) -> erasure.Receipt:
    """Erase what an interrupted erasing left in `folder`; return the receipt, which is left there."""
    path = Path(folder).expanduser().resolve()
    files = PROGRAM_FILES if erasure.is_unfinished(path) else _left_files(path)
    return erasure.finish(path, local_day().isoformat(), files)


def _paths(folder: Path, names: tuple[str, ...]) -> list[str]:
    return [file.relative_to(folder).as_posix() for file in erasure.files(folder, names)]


def _left_files(folder: Path) -> tuple[str, ...]:
    """Return the names under which what is left of a workshop lies, by those that nothing but a workshop has.

    With drafts alone a folder named rehearsal beside them may well be a workshop of its own.
    """
    was_workshop = (folder / HIDDEN_FOLDER).is_dir() or any(folder.glob(f"{ANSWERS}-*"))
    return PROGRAM_FILES if was_workshop else DRAFTS
