"""A worksheet as a workshop stores it: its sources, their hash, and its checked content in a numbered format."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from toolkit.errors import StoreError
from toolkit.worksheets.model import Worksheet

Content = dict[str, Any]
"""A checked worksheet as JSON, its keys as the YAML files write them; what has its default is left out."""

FORMAT = 1
"""The format of `Content` that this toolkit writes. It grows whenever a copy of before would no longer be read as it
was meant: a key that becomes needed, is renamed or goes, or a default that changes."""

UPGRADES: Mapping[int, Callable[[Content], Content]] = MappingProxyType({})
"""By format: the step that turns a content of that format into one of the next."""


@dataclass(frozen=True, slots=True)
class WorksheetCopy:
    """One worksheet as it was chosen.

    `name` is what the worksheet is chosen by (a name, or a folder's whole path), `hash` the SHA-256 of its sources
    in hex, `content` its checked content as JSON text, `sources` the YAML files as a JSON text of file name to text.
    `after` is the sequence of the newest answer when it was chosen, 0 before there was one.
    """

    name: str
    hash: str
    format: int
    content: str
    sources: str = ""
    after: int = 0


def copy_of(worksheet: Worksheet, name: str, hash_: str, sources: Mapping[str, str]) -> WorksheetCopy:
    """Return the copy of a worksheet that was read from `sources` (file name to text)."""
    content = worksheet.model_dump_json(by_alias=True, exclude_defaults=True)
    return WorksheetCopy(name, hash_, FORMAT, content, json.dumps(dict(sources), ensure_ascii=False))


def worksheet_of(copy: WorksheetCopy) -> Worksheet:
    """Return the worksheet in a copy; StoreError when only a newer toolkit can read it."""
    return _worksheet_from(copy.content, copy.format)


@lru_cache(maxsize=32)
def _worksheet_from(content: str, format_: int) -> Worksheet:
    try:
        if format_ == FORMAT:
            return Worksheet.model_validate_json(content)
        return Worksheet.model_validate(_upgraded(json.loads(content), format_))
    except (ValueError, KeyError):  # pydantic's ValidationError is a ValueError
        mend = "Get the newest toolkit; nothing was changed, and nothing is lost."
        raise StoreError("this toolkit cannot read the workshop's copy of its worksheet", mend=mend) from None


def _upgraded(content: Content, format_: int) -> Content:
    for step in range(format_, FORMAT):
        content = UPGRADES[step](content)
    if format_ > FORMAT:
        raise KeyError(format_)
    return content
