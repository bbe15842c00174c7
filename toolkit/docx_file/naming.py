"""A name for a file from the name of an organization: safe everywhere, the same always."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

_LONGEST = 40


def file_name(organization: str, kind: str = "") -> str:
    """Return the file name of a draft: letters a-z, digits and hyphens, then a mark of the whole name.

    The mark keeps alike names apart, and keeps names such as CON or NUL, which Windows refuses, from standing alone.
    """
    mark = sha256(organization.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    slug = _slug(f"{organization} {kind}" if kind else organization)
    return "-".join(filter(None, (slug or "draft", mark))) + ".docx"


def _slug(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-")
