"""Erases what a workshop stored, and leaves a receipt of how much it was and what was left in place."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from toolkit.documents.word import writer
from toolkit.storage.wipe import empty
from toolkit.system import private_file

RECEIPT = "erased.txt"
CHUNK_BYTES = 1 << 20

ERASING_NOTE = ".erasing"
"""The file that is in a folder from the first erased row to the receipt: it keeps what the receipt will say."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a workshop held before it was erased; no word of it."""

    title: str
    organizations: int
    people: int
    answers: int


UNKNOWN_CONTENTS = Contents("", 0, 0, 0)
"""What a workshop held whose answers had been erased before anyone counted them."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased on which day (ISO), from which folder, and which other files lie there still."""

    counted: Contents
    folder: Path
    day: str
    files: int
    left: tuple[str, ...]

    def words(self) -> str:
        """Return the receipt as plain lines."""
        lines = [*self._erased(), f"Folder: {self.folder.name}", *self._still_there(), *NOT_ERASED]
        return "\n".join(lines) + "\n"

    def _erased(self) -> list[str]:
        contents = self.counted
        if contents == UNKNOWN_CONTENTS:
            return [f"Erased on {self.day}: what was left of a workshop, {self.files} files."]
        return [
            f"Erased on {self.day}: the workshop “{contents.title}”.",
            f"{contents.answers} answers and earlier versions of answers, of {contents.people} people in "
            f"{contents.organizations} organizations, in {self.files} files.",
        ]

    def _still_there(self) -> list[str]:
        if not self.left:
            return ["Nothing else lies in this folder."]
        return [
            "Still there, because the workshop did not put it there by itself:",
            *(f"- {name}" for name in self.left),
        ]


NOT_ERASED = (
    "Not erased: copies on phones' downloads, sticks, in mails or backups, and papers. Ask for those.",
    "A disk may keep traces that only special tools find. A disk that is encrypted is the safe choice.",
)


def erase(folder: Path, address: Path | str, contents: Contents, day: str, remaining: tuple[str, ...]) -> Receipt:
    """Erase what lies in `folder` under the names `remaining`, in their order; return the receipt, which is left there.

    StoreError, and nothing is erased, while another program has the workshop open. The rows of the answers are erased
    first. Whatever interrupts the rest, even a power cut, `finish` goes on with it and says the same.
    """
    empty(address)
    facts = {slot: getattr(contents, slot) for slot in Contents.__slots__}
    with suppress(OSError):  # a disk without room for it stops nobody from erasing
        private_file.write(folder / ERASING_NOTE, facts | {"files": len(files(folder, remaining))})
    return finish(folder, day, remaining)


def is_unfinished(folder: Path) -> bool:
    """Return whether erasing the workshop in `folder` was begun and not finished."""
    return (folder / ERASING_NOTE).is_file()


def finish(folder: Path, day: str, remaining: tuple[str, ...]) -> Receipt:
    """Erase what is left in `folder` under the names `remaining`; return the receipt, which is left there."""
    ours = files(folder, remaining)
    contents, count = _contents(folder, len(ours))
    for path in ours:
        _shred(path)
    _remove_folders(folder, remaining, ours)
    receipt = Receipt(contents, folder, day, count, tuple(sorted(_left_over(folder, remaining))))
    (folder / RECEIPT).write_text(receipt.words(), encoding="utf-8")
    for path in folder.glob(f"{ERASING_NOTE}*"):
        path.unlink()
    return receipt


def _contents(folder: Path, count: int) -> tuple[Contents, int]:
    """Return what the workshop held and in how many files, as it was kept when erasing began."""
    match private_file.read(folder / ERASING_NOTE):
        case {
            "title": str(title), "organizations": int(organizations), "people": int(people), "answers": int(answers),
            "files": int(before),
        }:  # fmt: skip
            return Contents(title, organizations, people, answers), before
    return UNKNOWN_CONTENTS, count


def files(folder: Path, remaining: tuple[str, ...]) -> list[Path]:
    """Return the files under the given names that are the workshop's, in the order of the names.

    A link is taken for itself: what it points to stays. A Word file that this program did not write is not among them.
    """
    return [path for path in _files_named(folder, remaining) if path.is_symlink() or not _is_foreign(path, folder)]


def _files_named(folder: Path, kept: tuple[str, ...]) -> Iterator[Path]:
    for path in (place for name in kept for place in sorted(folder.glob(name))):
        paths = sorted(path.rglob("*")) if path.is_dir() and not path.is_symlink() else [path]
        yield from (found_path for found_path in paths if found_path.is_symlink() or found_path.is_file())


def _is_foreign(path: Path, folder: Path) -> bool:
    """Return whether it is somebody else's Word file; what lies in a hidden folder is the program's own."""
    is_hidden = any(part.startswith(".") for part in path.relative_to(folder).parts[:-1])
    if is_hidden or path.suffix.lower() != ".docx":
        return False
    return not writer.is_ours(path) and not _is_written_over(path)


def _is_written_over(path: Path) -> bool:
    """Return whether erasing was interrupted in the middle of this file."""
    with path.open("rb") as file:
        beginning = file.read(1024)
    return bool(beginning) and not any(beginning)


def _left_over(folder: Path, kept: tuple[str, ...]) -> Iterator[str]:
    """Yield what else lies in the folder: names, and the paths of files in those folders that were the workshop's."""
    tops = {Path(name).parts[0] for name in kept}
    for path in folder.iterdir():
        if path.name == RECEIPT or path.name.startswith(ERASING_NOTE):
            continue
        paths = list(_files_below(path)) if path.name in tops and _is_folder(path) else []
        yield from (left_path.relative_to(folder).as_posix() for left_path in paths or [path])


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _files_below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if not _is_folder(path))


def _shred(path: Path) -> None:
    """Write over a file, then remove it."""
    if not path.is_symlink():
        path.chmod(0o600)
        _write_over(path)
    path.unlink()


def _write_over(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        for start in range(0, size, CHUNK_BYTES):
            file.write(bytes(min(CHUNK_BYTES, size - start)))
        file.flush()
        os.fsync(file.fileno())


def _remove_folders(folder: Path, kept: tuple[str, ...], erased: list[Path]) -> None:
    """Remove the folders that are empty now, the innermost first."""
    folders: set[Path] = set()
    for top in filter(_is_folder, (place for name in kept for place in folder.glob(name))):
        folders |= {top, *filter(Path.is_dir, top.rglob("*"))}
    for path in erased:
        folders |= {above for above in path.parents if above.is_relative_to(folder)}
    for inner in sorted(folders - {folder}, key=lambda path: -len(path.parts)):
        if not any(inner.iterdir()):
            inner.rmdir()
