"""Checks every request (known host, own page, small body), and adds security headers to every response."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Awaitable, Callable, Container, Mapping, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST = 64 * 1024
"""Bytes that one message may have (reliability B10)."""

READING_METHODS = frozenset({"GET", "HEAD"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
KEEP_NOWHERE = (b"cache-control", b"no-store")

JSON, PLAIN = b"application/json", b"text/plain; charset=utf-8"

TOO_MUCH = "This was not accepted: too much at once."
FROM_ANOTHER_PAGE = (
    "The workshop does not know this address. Scan the code on the screen again, or type the address shown there. "
    "If you lead the workshop: start it with --address and the name that you want to use."
)

log = logging.getLogger("workshop.join")


class Guard:
    """Stands before the application; `names` holds the names and addresses that this computer goes by.

    What is the same for everybody (`ready`, by address) is handed out here, without asking the application.
    """

    def __init__(self, inside: Application, names: Container[str], ready: Mapping[str, Application]) -> None:
        self._inside, self._names, self._ready = inside, names, ready

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._inside(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        telling = _Telling(scope, send)
        refused = self._refused(scope)
        file = self._ready.get(scope["path"]) if scope["method"] in READING_METHODS else None
        if refused:
            await _hear_out(receive)
            await telling.refuse(*refused)
        elif file:
            await file(scope, receive, telling)
        else:
            await self._let_in(scope, receive, telling)
        log.info("%s %s %s %.0f ms", scope["method"], _route(scope), telling.status, telling.milliseconds)

    async def _let_in(self, scope: Scope, receive: Receive, telling: _Telling) -> None:
        try:
            await self._inside(scope, _Small(receive, telling), telling)
        except _TooLargeError:
            await telling.refuse(413, TOO_MUCH)

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        """Return why a request is none of ours: an unknown host, another page's, too large."""
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        host, origin = headers.get(b"host", ""), headers.get(b"origin")
        if sum(name == b"host" for name, _ in scope["headers"]) != 1 or _name_of(host) not in self._names:
            return 421, FROM_ANOTHER_PAGE
        if not _is_own(origin, host, scope["method"]) or headers.get(b"sec-fetch-site") == "cross-site":
            return 403, "This was not accepted: this came from another page."
        length = headers.get(b"content-length", "0")
        return (413, TOO_MUCH) if not length.isdigit() or int(length) > LARGEST else None


HEARD_OUT = 4 * 65_536
"""Bytes of a refused message that are read and dropped, so that who sent them hears the answer and no reset."""


async def _hear_out(receive: Receive) -> None:
    heard, more = 0, True
    while more and heard < HEARD_OUT:
        message = await receive()
        heard += len(message.get("body", b""))
        more = bool(message.get("more_body")) and message["type"] == "http.request"


def _name_of(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "") if _is_plain(host) else ""
    except ValueError:
        return ""


def _is_plain(host: str) -> bool:
    return bool(host) and not set(host) & set("/@?#\\ ")


def _is_own(origin: str | None, host: str, method: str) -> bool:
    """Return whether a request comes from our own page; what changes something must say that it does."""
    if origin is None:
        return method in READING_METHODS
    return origin in (f"http://{host}", f"https://{host}")


def _route(scope: Scope) -> str:
    """Return the pattern of the route: never an id, never a word of what was asked for."""
    return str(getattr(scope.get("route"), "path", "-"))


class _TooLargeError(Exception):
    """A message without a length went on for too long."""


class _Small:
    """Counts what comes in, and says so when it is too much."""

    def __init__(self, receive: Receive, telling: _Telling) -> None:
        self._receive, self._telling, self._so_far = receive, telling, 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._so_far += len(message.get("body", b""))
        if self._so_far > LARGEST:
            self._telling.too_large = True
            raise _TooLargeError
        return message


class _Telling:
    """Puts the headers on whatever is answered, and remembers how it went."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send, self._began = scope, send, time.monotonic()
        self.status, self.too_large = 0, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"] = 413 if self.too_large else message["status"]
            headers = list(message.get("headers", []))
            names = {name.lower() for name, _ in headers}
            more = [*HEADERS, KEEP_NOWHERE]
            message["headers"] = headers + [header for header in more if header[0] not in names]
        await self._send(message)

    @property
    def milliseconds(self) -> float:
        return (time.monotonic() - self._began) * 1000

    def _is_looked_at(self) -> bool:
        """Return whether a person sees the answer as it is: a browser asked for a page of its own accord."""
        return b"text/html" in dict(self._scope["headers"]).get(b"accept", b"")

    async def refuse(self, status: int, why: str) -> None:
        """Answer with one sentence, and nothing of what was asked."""
        if self.status:
            return
        body, kind = (why.encode(), PLAIN) if self._is_looked_at() else (json.dumps({"says": why}).encode(), JSON)
        length = str(len(body)).encode()
        headers = [(b"content-type", kind), (b"content-length", length), (b"connection", b"close")]
        await self({"type": "http.response.start", "status": status, "headers": headers})
        await self({"type": "http.response.body", "body": body})
