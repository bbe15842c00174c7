"""ERASING: what a workshop kept is gone from its folder; a receipt says how much, and what was left where it was."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from toolkit.store.emptying import empty

RECEIPT = "erased.txt"
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Counted:
    """What a workshop held before it was erased; no word of it."""

    title: str
    organizations: int
    people: int
    answers: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased on which day (ISO), from which folder, and which other files lie there still."""

    counted: Counted
    folder: Path
    day: str
    files: int
    left: tuple[str, ...]

    def words(self) -> str:
        """Return the receipt as plain lines."""
        held = self.counted
        lines = [
            f"Erased on {self.day}: the workshop “{held.title}”.",
            f"{held.answers} answers and earlier versions of answers, of {held.people} people in "
            f"{held.organizations} organizations, in {self.files} files.",
            f"Folder: {self.folder.name}",
            *self._still_there(),
            *BEYOND,
        ]
        return "\n".join(lines) + "\n"

    def _still_there(self) -> list[str]:
        if not self.left:
            return ["Nothing else lies in this folder."]
        return [
            "Still there, because the workshop did not put it there by itself:",
            *(f"- {each}" for each in self.left),
        ]


BEYOND = (
    "Not erased: copies on phones' downloads, sticks, in mails or backups, and papers. Ask for those.",
    "A disk may keep traces that only special tools find. A disk that is encrypted is the safe choice.",
)


def erase(folder: Path, address: Path | str, counted: Counted, day: str, kept: tuple[str, ...]) -> Receipt:
    """Erase what lies in `folder` under the names `kept`, the store first; return the receipt, which is left there.

    StoreError, and nothing is erased, while another program has the workshop open.
    """
    empty(address)
    ours = list(_files(folder, kept))
    for path in ours:
        _shred(path)
    _remove_folders(folder, kept, ours)
    left = tuple(sorted(path.name for path in folder.iterdir() if path.name != RECEIPT))
    receipt = Receipt(counted, folder, day, len(ours), left)
    (folder / RECEIPT).write_text(receipt.words(), encoding="utf-8")
    return receipt


def _files(folder: Path, kept: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files under the given names; a link is taken for itself, what it points to stays."""
    for path in (place for name in kept for place in sorted(folder.glob(name))):
        inside = sorted(path.rglob("*")) if path.is_dir() and not path.is_symlink() else [path]
        yield from (each for each in inside if each.is_symlink() or each.is_file())


def _shred(path: Path) -> None:
    """Write over a file, then remove it."""
    if not path.is_symlink():
        path.chmod(0o600)
        _write_over(path)
    path.unlink()


def _write_over(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        for start in range(0, size, CHUNK):
            file.write(bytes(min(CHUNK, size - start)))
        file.flush()
        os.fsync(file.fileno())


def _remove_folders(folder: Path, kept: tuple[str, ...], erased: list[Path]) -> None:
    """Remove the folders that are empty now, the innermost first."""
    tops = [place for name in kept for place in folder.glob(name) if place.is_dir() and not place.is_symlink()]
    found = {*tops, *(each for top in tops for each in top.rglob("*") if each.is_dir())}
    found |= {above for path in erased for above in path.parents if above.is_relative_to(folder)} - {folder}
    for each in sorted(found, key=lambda path: -len(path.parts)):
        if not any(each.iterdir()):
            each.rmdir()
