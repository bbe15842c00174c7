"""Notices when the answers file or its log was deleted, moved or replaced since it was opened.

Law: nothing is acknowledged into a file, or a log, that is not the one that a restart will find.
"""

from __future__ import annotations

from pathlib import Path

from toolkit.errors import StoreError

Identity = tuple[int, int] | None
"""The device and the number of a file on it; None when there is no file."""


class GoneError(StoreError):
    """The file is gone: the system would go on writing into nothing, without a word."""


class LogGoneError(GoneError):
    """The log beside the file is gone, or is another one: what was written last is in no file that has a name."""


class FileIdentity:
    """Where a store's file lies; None for a database on a server, which has no such place."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._log = path.with_name(f"{path.name}-wal") if path else None
        self._known, self._known_log = _identity(path), _identity(self._log)

    def check(self) -> None:
        """Go on when the very file and its log are there; GoneError says that one of them is not."""
        if self._path is None:
            return
        if _identity(self._path) != self._known:
            mend = "Put it back where it was, or stop and start again; until then nothing new is saved."
            raise GoneError("the workshop's folder is gone, or was replaced", where=str(self._path.parent), mend=mend)
        if _identity(self._log) != self._known_log:
            raise self.log_missing_error(rescued=False)

    def log_missing_error(self, *, rescued: bool) -> LogGoneError:
        """Return what is said when the log is not there; `rescued` when all of it is in the answers file by now."""
        name = self._log.name if self._log else ""
        safe = "Everything saved before is safe." if rescued else "Nothing new is saved until then."
        mend = f"Press Ctrl+C in the workshop's window, then start it again. {safe}"
        fault = f"another program removed {name} while the workshop was open"
        return LogGoneError(fault, where=str(self._path and self._path.parent), mend=mend)

    @property
    def has_log(self) -> bool:
        """Whether some log lies there; another one than ours belongs to somebody else."""
        return _identity(self._log) is not None


def _identity(path: Path | None) -> Identity:
    try:
        stat = path.stat() if path else None
    except OSError:
        return None
    return (stat.st_dev, stat.st_ino) if stat else None
