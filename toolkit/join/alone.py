"""ALONE: one join page for a workshop, by a lock that the system takes back itself when its holder dies."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from toolkit.errors import WorkshopError
from toolkit.workshop import Workshop

TAKEN = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
"""What a system says of a lock that somebody else holds; other faults say that the disk knows no locks."""

if sys.platform == "win32":
    import msvcrt

    def _lock(held: IO[str]) -> None:
        msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(held: IO[str]) -> None:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def alone(workshop: Workshop) -> Iterator[None]:
    """Be the workshop's only join page for a while; WorkshopError when it has one already."""
    with (workshop.hidden / "join.lock").open("a", encoding="utf-8") as held:
        try:
            _lock(held)
        except OSError as fault:
            if fault.errno in TAKEN:
                raise _runs_already(workshop) from None
        yield


def _runs_already(workshop: Workshop) -> WorkshopError:
    where, mend = str(workshop.folder), "Use that window, or stop it there first with Ctrl+C."
    return WorkshopError("this workshop is open in another window already", where=where, mend=mend)
