"""Serves the files of the page, compressed once. A phone that has them is told that they are unchanged."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.web import WEB
from toolkit.web.linker import link, without_comments
from toolkit.web.styles import FORM, JOIN_PAGE, style_sheet

FILES: Mapping[str, tuple[Path, str]] = {
    "/": (WEB / "join" / "page.html", "text/html; charset=utf-8"),
    "/page.js": (WEB / "join" / "page.js", "text/javascript; charset=utf-8"),
    "/old.js": (WEB / "join" / "old_browser.js", "text/javascript; charset=utf-8"),
    "/icon.svg": (WEB / "join" / "icon.svg", "image/svg+xml"),
}
STYLES: Mapping[str, tuple[str, ...]] = {"/form.css": FORM, "/page.css": JOIN_PAGE}
LOOK_FIRST = b"no-cache"
"""A phone keeps the file, and asks each time whether it is still the same."""

READING_METHODS = frozenset({"GET", "HEAD"})

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Pairs = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class StaticFile:
    """Something to send to everybody, as it is and packed; it answers as an application of its own."""

    plain: bytes
    compressed: bytes
    mark: bytes
    headers: tuple[tuple[bytes, bytes], ...]

    async def __call__(self, scope: Mapping[str, Any], _: object, send: Send) -> None:
        """Send it, or "unchanged" to who has it."""
        asked = dict(scope["headers"])
        status, headers, body = self._answer(asked.get(b"if-none-match"), asked.get(b"accept-encoding", b""))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def _answer(self, known_mark: bytes | None, unpacks: bytes) -> tuple[int, Pairs, bytes]:
        if known_mark == self.mark:
            return 304, [*self.headers[1:]], b""
        if b"gzip" not in unpacks:
            return 200, [*self.headers, _length(self.plain)], self.plain
        return 200, [*self.headers, _length(self.compressed), (b"content-encoding", b"gzip")], self.compressed


def _length(body: bytes) -> tuple[bytes, bytes]:
    return b"content-length", str(len(body)).encode()


def static_file(plain: bytes, kind: str) -> StaticFile:
    """Return `plain` ready to send."""
    mark = f'"{hashlib.sha256(plain).hexdigest()[:20]}"'.encode()
    headers = (b"content-type", kind.encode()), (b"etag", mark), (b"cache-control", LOOK_FIRST)
    return StaticFile(plain, gzip.compress(plain, 9, mtime=0), mark, (*headers, (b"vary", b"accept-encoding")))


def pages() -> dict[str, StaticFile]:
    """Return the files of the page by their address."""
    files = {address: static_file(_content(path), kind) for address, (path, kind) in FILES.items()}
    styles = {address: static_file(_style(names), "text/css; charset=utf-8") for address, names in STYLES.items()}
    return {**files, **styles}


def _content(path: Path) -> bytes:
    """Return a file as phones get it: a script has all that it imports in it, and no comments."""
    return without_comments(link(path)).encode() if path.suffix == ".js" else path.read_bytes()


def _style(names: tuple[str, ...]) -> bytes:
    """Return style sheets as phones get them: one, without comments and indentation."""
    return re.sub(r"(?m)^[ \t]+", "", re.sub(r"(?s)/\*.*?\*/", "", style_sheet(names))).encode()
