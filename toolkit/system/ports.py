"""Finds a free port of this computer."""

from __future__ import annotations

import socket
import sys

from toolkit.errors import WorkshopError

PORTS_TRIED = 50
LAST_PORT = 65_535


def free_port(first: int, host: str = "127.0.0.1") -> int:
    """Return `first`, or the next port that nothing listens on.

    WorkshopError when there is no such port, or when 50 in a row are in use.
    """
    if not 1 <= first <= LAST_PORT:
        mend = f"Choose a number from 1024 to {LAST_PORT}, such as 8000."
        raise WorkshopError(f"there is no port {first}", where="--port", mend=mend)
    for port in range(first, min(first + PORTS_TRIED, LAST_PORT + 1)):
        if is_free(port, host):
            return port
    raise WorkshopError(
        f"ports {first} to {first + PORTS_TRIED - 1} are all in use", mend="Close some programs, or choose another."
    )


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Return whether a server could listen there now; connections of ours that have ended do not count."""
    return all(_can_bind(fromkey, port) for fromkey in dict.fromkeys(("127.0.0.1", host)))


def _can_bind(host: str, port: int) -> bool:
    with socket.socket() as trial:
        if sys.platform == "win32":
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
            trial.listen(1)
        except OSError:
            return False
        return True
