"""Serves the join page below a path, as a proxy hands it on that has other pages too: "/services/workshop"."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from toolkit.errors import WorkshopError
from toolkit.join.request_guard import Application, Receive, Scope, Send

PREFIX = re.compile(r"(?:/[\w.~-]+)*")
HEALTH = "/healthz"
"""Who started the page asks for its health here, without a proxy."""

ELSEWHERE = "/elsewhere"
"""A path that no route has: what is not below the prefix is no page of ours."""


class BelowPrefix:
    """Takes `prefix` off each path before `inside` sees it."""

    def __init__(self, inside: Application, prefix: str) -> None:
        self._inside, self._prefix = inside, prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer below the prefix; lead from the prefix itself to the page, from which addresses are relative."""
        path = str(scope.get("path", ""))
        if scope["type"] == "http" and self._prefix and path == self._prefix:
            location = (b"location", f"{self._prefix}/".encode())
            await send({"type": "http.response.start", "status": 308, "headers": [location, (b"content-length", b"0")]})
            await send({"type": "http.response.body", "body": b""})
            return
        if scope["type"] == "http" and path != HEALTH:
            is_below = path.startswith(f"{self._prefix}/")
            scope["path"] = path.removeprefix(self._prefix) if is_below else ELSEWHERE
        await self._inside(scope, receive, send)


def clean_prefix(given: str) -> str:
    """Return a path as the page is served below it: "" or "/services/workshop"; WorkshopError when it is none."""
    prefix = f"/{given.strip('/')}".rstrip("/")
    if not PREFIX.fullmatch(prefix) or ".." in prefix:
        raise WorkshopError(f"“{given}” is no path", mend="Give one such as --prefix /services/workshop.")
    return prefix


def public_address(name: str) -> str:
    """Return the name of a proxy as phones open it, with https where it says nothing else: https://hub.example.org."""
    address = name.strip().rstrip("/").lower()
    address = address if "://" in address else f"https://{address}"
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query or parts.username:
        raise WorkshopError(f"“{name}” is no name", mend="Give one such as --name hub.example.org.")
    return address


def host_of(address: str) -> str:
    """Return the host of an address, which may be a public one."""
    return (urlsplit(address).hostname or "") if "://" in address else address
