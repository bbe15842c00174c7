"""Raises the limit of open files: each connection of a phone is one, and systems allow a program only so many."""

from __future__ import annotations

import sys
from contextlib import suppress

ENOUGH_FILES = 65_536
LIMITS_TO_TRY = (ENOUGH_FILES, 10_240, 4_096, 2_048)
"""How many to ask for, the most first: a Mac says "unlimited" and refuses more than 10,240."""

if sys.platform == "win32":

    def allow_many() -> None:
        """Do nothing: Windows has no such limit."""
else:
    import resource

    def allow_many() -> None:
        """Raise this process's own limit as far as the system lets it; with 256, phone 241 would be shut out."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = sys.maxsize if hard == resource.RLIM_INFINITY else hard
        now = sys.maxsize if soft == resource.RLIM_INFINITY else soft
        for wanted in (min(step, most) for step in LIMITS_TO_TRY):
            if wanted <= now:
                return
            with suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
                return
