"""Writes beside the answers file how many rows were saved, so that an older file in its place is noticed."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

Counts = Mapping[str, int]
"""The highest sequence of each table, by the table's name; rows are only added, so a count never goes down."""

SUFFIX = "-count"
RECORD_LENGTH = 256
"""Bytes of the one line in the file: a shorter line never leaves the end of a longer one behind it."""


class Count:
    """The line beside one answers file; written after each COMMIT, so it never promises more than was saved.

    It is a witness and no answer: a disk that has no room for it stops nobody from saving.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path.with_name(f"{path.name}{SUFFIX}") if path else None
        self._file: IO[bytes] | None = None

    def read(self) -> Counts:
        """Return the counts as they were written last; empty when there are none, or none that can be read."""
        try:
            content = json.loads(self.path.read_bytes()) if self.path else {}
        except (OSError, ValueError):
            return {}
        counts = content.items() if isinstance(content, dict) else ()
        return {str(table): number for table, number in counts if isinstance(number, int)}

    def write(self, counts: Counts) -> None:
        """Write the counts over those before."""
        with suppress(OSError):
            if self._file is None and self.path is not None:
                self._file = os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT | _BINARY, 0o600), "r+b")
            if self._file is not None:
                self._file.seek(0)
                self._file.write(json.dumps(dict(counts)).encode().ljust(RECORD_LENGTH))
                self._file.flush()

    def forget(self) -> None:
        """Write over the line: the rows were erased on purpose, and the file is about to be."""
        with suppress(OSError):
            if self.path is not None and self.path.exists():
                self.path.write_bytes(bytes(RECORD_LENGTH))

    def close(self) -> None:
        """Let the file go."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None


_BINARY = getattr(os, "O_BINARY", 0)
