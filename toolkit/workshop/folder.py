"""The folder of a workshop: what lies in it, and whether it can be used."""

from __future__ import annotations

from pathlib import Path

from toolkit.errors import StoreError
from toolkit.system.project_files import START

ANSWERS = "answers.db"

HIDDEN_FOLDER = ".workshop"
"""The folder inside a workshop for what the program needs and people do not."""

PRACTICE = "rehearsal"
"""The folder inside a workshop for the room in which its facilitator practises."""

PAPER = "paper.docx"
"""The worksheet to print, in a workshop's folder."""

DRAFTS = ("drafts/*.docx", "drafts/papers/*.docx")
PROGRAM_FILES = (*DRAFTS, PAPER, PRACTICE, HIDDEN_FOLDER, f"{ANSWERS}-*", ANSWERS)
"""What the program puts into a workshop's folder by itself, in the order in which it is erased: the answers file, by
which a workshop is known, is the last."""


def is_workshop(folder: str | Path) -> bool:
    """Return whether there is a workshop in `folder`; nothing is made."""
    return (Path(folder).expanduser() / ANSWERS).is_file()


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


def hidden_in(folder: Path) -> Path:
    """Return the folder inside a workshop for what the program needs and people do not; it is made."""
    path = folder / HIDDEN_FOLDER
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def partly_erased_error(folder: str | Path) -> StoreError:
    """Return what to say of a folder in which erasing a workshop was begun and not finished."""
    mend = f"To finish erasing it: {START} erase {folder}"
    return StoreError("erasing this workshop was interrupted", where=str(folder), mend=mend)
