"""The answers file as it lay there when it was opened: there still, or gone, or another one in its place."""

from __future__ import annotations

from pathlib import Path

from toolkit.errors import StoreError


class GoneError(StoreError):
    """The file is gone: the system would go on writing into nothing, without a word."""


class Place:
    """Where a store's file lies; a database on a server has no such place."""

    def __init__(self, address: Path | str) -> None:
        self._path = address if isinstance(address, Path) else None
        self._known = self._found()

    def check(self) -> None:
        """Go on when the very file is there; GoneError says that it is not."""
        if self._path is not None and self._found() != self._known:
            mend = "Put it back where it was, or stop and start again; until then nothing new is saved."
            raise GoneError("the workshop's folder is gone, or was replaced", where=str(self._path.parent), mend=mend)

    def _found(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat() if self._path else None
        except OSError:
            return None
        return (found.st_dev, found.st_ino) if found else None
