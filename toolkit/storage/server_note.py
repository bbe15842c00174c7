"""The small file in a workshop's folder that says its answers are in a database on a server."""

from __future__ import annotations

from pathlib import Path

SENTENCE = b"The answers of this workshop lie in a PostgreSQL database."


def note_server(path: Path) -> None:
    """Write the sentence into the place of the answers file; a file that holds anything is left alone."""
    path.touch(mode=0o600, exist_ok=True)
    if path.stat().st_size == 0:
        path.write_bytes(SENTENCE + b"\n")


def is_on_server(beginning: bytes) -> bool:
    """Return whether a file that begins like this stands for answers on a server."""
    return beginning.startswith(SENTENCE)
