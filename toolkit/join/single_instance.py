"""Lets only one program serve a workshop, by a lock that the system releases when the program ends."""

from __future__ import annotations

import errno
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from toolkit.errors import WorkshopError
from toolkit.workshop.facade import Workshop

LOCK_ERRORS = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
"""What a system says of a lock that somebody else holds; other faults say that the disk knows no locks."""

RETRY_SECONDS = 0.2

if sys.platform == "win32":
    import msvcrt

    def _lock(held: IO[str]) -> None:
        msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(held: IO[str]) -> None:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def alone(workshop: Workshop, patience: float = 0.0) -> Iterator[None]:
    """Be the workshop's only join page for a while; WorkshopError when it still has another after `patience` seconds.

    A join page whose starter is gone ends within five seconds.
    """
    end = time.monotonic() + patience
    while True:
        with only_one(workshop.settings.hidden / "join.lock") as is_first:
            if is_first:
                yield
                return
        if time.monotonic() >= end:
            raise _runs_already(workshop)
        time.sleep(RETRY_SECONDS)


@contextmanager
def only_one(path: Path) -> Iterator[bool]:
    """Hold the lock in that file for a while; False when another program holds it."""
    with path.open("a", encoding="utf-8") as lock:
        try:
            _lock(lock)
        except OSError as fault:
            yield fault.errno not in LOCK_ERRORS
        else:
            yield True


def _runs_already(workshop: Workshop) -> WorkshopError:
    return WorkshopError(
        "another program is running this workshop's join page",
        where=str(workshop.folder),
        mend="Nothing is lost. End that program, or restart this computer, then start again.",
    )
