"""A Word file without text, and which of its styles plays each role in a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from toolkit.documents.word.default_template import default_template
from toolkit.documents.word.styles import CHARACTERS, LISTS, LOOKS, STEP, TEXT_HEIGHT, TEXT_WIDTH

TABLE_ROLE = "PolicyTable"


@dataclass(frozen=True, slots=True)
class Template:
    """An empty Word file, its styles by role, its lists, and the room for text on a page."""

    content: bytes
    roles: Mapping[str, str]
    headings: tuple[str, ...]
    """The names of the styles that the contents list besides Word's own first heading."""
    first_list: int
    step_list: int
    width: int = TEXT_WIDTH
    height: int = TEXT_HEIGHT


@cache
def default_look() -> Template:
    """Return our own look."""
    roles = {name: name for name in (*LOOKS, *(row[0] for row in CHARACTERS), TABLE_ROLE)}
    return Template(default_template(), roles, (LOOKS["AnnexHeading"].name,), first_list=max(LISTS) + 1, step_list=STEP)
