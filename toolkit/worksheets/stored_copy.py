"""A worksheet as a workshop stores it: its sources, their hash, and its checked content in a numbered format."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from toolkit.errors import StoreError
from toolkit.worksheets.kinds import KINDS
from toolkit.worksheets.model import PICTURES_OF_SEVERAL, Worksheet

Content = dict[str, Any]
"""A checked worksheet as JSON, its keys as the YAML files write them; what has its default is left out."""

FORMAT = 2
"""The format of `Content` that this toolkit writes. It grows whenever a copy of before would no longer be read as it
was meant: a key that becomes needed, is renamed or goes, or a default that changes."""


MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "who_do_you_serve": "served",
        "who_could_use_it": "reached",
        "who_approves": "approvers",
        "media_types": "media",
        "easiest": "easiest",
        "most_difficult": "vote",
        "first_step": "first_step",
        "first_step_who": "first_step_who",
        "first_step_by": "first_step_by",
        "first_step_trigger": "first_step_trigger",
        "first_step_buddy": "first_step_buddy",
    }
)
"""What the program knew these questions by before a worksheet said what a question means (format 1)."""


def _with_meanings(content: Content) -> Content:
    """Turn format 1 into 2: each question that was known by its id has the meaning of that id."""
    stages = [
        {**stage, "questions": [{**question, **_meaning_of(question)} for question in stage["questions"]]}
        for stage in content["stages"]
    ]
    return {**content, "stages": stages}


def _meaning_of(question: Content) -> Content:
    """Return the meaning of a question of format 1; none where its kind does not fit, as nothing was shown then."""
    kind = KINDS[question["kind"]]
    meaning = "notes" if question["id"].endswith("notes") else MEANINGS.get(question["id"])
    fits = kind.has_options if meaning == "media" else kind.many or meaning not in PICTURES_OF_SEVERAL
    return {"meaning": meaning} if meaning and fits else {}


UPGRADES: Mapping[int, Callable[[Content], Content]] = MappingProxyType({1: _with_meanings})
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
    except (ValueError, KeyError, TypeError):  # pydantic's ValidationError is a ValueError
        mend = "Get the newest toolkit; nothing was changed, and nothing is lost."
        raise StoreError("this toolkit cannot read the workshop's copy of its worksheet", mend=mend) from None


def _upgraded(content: Content, format_: int) -> Content:
    for step in range(format_, FORMAT):
        content = UPGRADES[step](content)
    if format_ > FORMAT:
        raise KeyError(format_)
    return content
