"""PAGES: the files of the page, read and packed once; a phone that has them gets only "unchanged"."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import Request, Response

HERE = Path(__file__).parent
FORM = HERE.parent / "form"
"""The form's own files, read where they lie: its Python is for notebooks, and heavy."""

FILES: Mapping[str, tuple[Path, str]] = {
    "/": (HERE / "page.html", "text/html; charset=utf-8"),
    "/page.js": (HERE / "page.js", "text/javascript; charset=utf-8"),
    "/page.css": (HERE / "page.css", "text/css; charset=utf-8"),
    "/form.js": (FORM / "form.js", "text/javascript; charset=utf-8"),
    "/form.css": (FORM / "form.css", "text/css; charset=utf-8"),
    "/icon.svg": (HERE / "icon.svg", "image/svg+xml"),
}
LOOK_FIRST = "no-cache"
"""A phone keeps the file, and asks each time whether it is still the same."""


@dataclass(frozen=True, slots=True)
class Packed:
    """Something to send to everybody, as it is and packed."""

    plain: bytes
    packed: bytes
    kind: str
    mark: str

    def answer(self, request: Request) -> Response:
        """Return it, or "unchanged" to who has it."""
        headers = {"etag": self.mark, "cache-control": LOOK_FIRST, "vary": "accept-encoding"}
        if request.headers.get("if-none-match") == self.mark:
            return Response(status_code=304, headers=headers)
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(self.plain, media_type=self.kind, headers=headers)
        return Response(self.packed, media_type=self.kind, headers=headers | {"content-encoding": "gzip"})


def packed(plain: bytes, kind: str) -> Packed:
    """Return `plain` ready to send."""
    mark = f'"{hashlib.sha256(plain).hexdigest()[:20]}"'
    return Packed(plain, gzip.compress(plain, 9, mtime=0), kind, mark)


def pages() -> dict[str, Packed]:
    """Return the files of the page by their address."""
    return {address: packed(path.read_bytes(), kind) for address, (path, kind) in FILES.items()}
