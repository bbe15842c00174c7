"""Handles an answers file with fewer rows than were saved in it: what to say, and how to go on.

The count is written after COMMIT, and COMMIT returns after the log is on the disk, so a power cut alone never makes
it larger than the file. It is larger when the log was removed, when an older file was put in the place of a newer one
(a backup, a program that syncs folders), or when the folder was copied while answers were being saved.
"""

from __future__ import annotations

import datetime
import shutil
from contextlib import suppress
from pathlib import Path

from toolkit.errors import RowsMissingError
from toolkit.storage import schema
from toolkit.storage.engine import explained
from toolkit.storage.row_count import SUFFIX, Counts

FILE_ENDINGS = ("", "-wal")
"""How the names of the files end that hold what was saved."""


def compare(saved: Counts, counts: Counts, path: Path) -> None:
    """RowsMissingError for a file with fewer rows than were saved in it; `saved` was read before `counts`."""
    lost = {table: number - counts[table] for table, number in saved.items() if number > counts.get(table, number)}
    if lost:
        answers = lost.get(schema.ANSWERS.name, 0)
        what = f"{answers} saved {'answer is' if answers == 1 else 'answers are'} missing from the answers file"
        fault = what if answers else "part of what was saved is missing from the answers file"
        raise RowsMissingError(fault, where=str(path), mend=_mend(path))


def _mend(path: Path) -> str:
    name, log, count = path.name, f"{path.name}-wal", f"{path.name}{SUFFIX}"
    return (
        f"Nothing was changed. Either an older {name} was put in its place, or another program removed {log}. "
        f"If you have the newer files, put them back, or open a copy of the workshop. To go on with what is there, "
        f"start the workshop and answer yes, or delete the file {count} in its folder."
    )


def no_rows(path: Path) -> str:
    """Return what to do about a file without tables."""
    log = f"{path.name}-wal"
    return f"Nothing was changed. If a program removed {log}, put it back. Otherwise open a copy of the workshop."


def accept_rows_missing(path: Path) -> None:
    """Let the file be opened from now on as it is; what is there now is copied beside it first.

    StoreError, and nothing was changed, when there is no room for the copy.
    """
    moment = datetime.datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")
    aside = path.with_name(f"{path.name}-as-found-{moment}")
    there = [end for end in FILE_ENDINGS if path.with_name(f"{path.name}{end}").exists()]
    try:
        for end in there:
            shutil.copy2(path.with_name(f"{path.name}{end}"), aside.with_name(f"{aside.name}{end}"))
        path.with_name(f"{path.name}{SUFFIX}").unlink(missing_ok=True)
    except OSError as fault:
        for end in there:
            with suppress(OSError):
                aside.with_name(f"{aside.name}{end}").unlink()
        raise explained(str(path), fault) from None
