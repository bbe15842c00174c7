"""Makes file names from organization names: readable, allowed on every system, and unique within one export.

A name keeps the letters of every script. What some system refuses is replaced (Windows: < > : " / \\ | ? *, control
characters, device names such as CON and NUL, a dot or space at the end), and a long name is cut at a word: 255 bytes
is all that most systems take, and Windows counts the folders too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

LONGEST_NAME = 60
"""Characters of an organization's name that a file name holds."""

MOST_BYTES = 150
"""Bytes of them, in UTF-8: together with the paper's name, a number and .docx they stay far below 255."""

NAMELESS = "Organization"
"""How a file calls an organization of whose name nothing can stand in a file name."""

_REPLACED = str.maketrans({"/": "-", "\\": "-", "|": "-", ":": "-", '"': "'", "<": " ", ">": " ", "?": " ", "*": " "})
_JOINERS = "\u200c\u200d"
"""Invisible, and part of words in Persian or Hindi and of many emoji."""

_REFUSED_CATEGORIES = ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")
_DEVICES = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])\s*(?:\.|$)", re.IGNORECASE
)
_AT_THE_FRONT = " .~-"
"""A file whose name begins with these is hidden, taken for Word's own, or for an option of a command."""

_AT_THE_END = " .,;&(-–—"


def file_name(organization: str, paper: str) -> str:
    """Return the name of one paper's file; `organization` is how files call its organization (see `file_names`)."""
    return f"{organization} - {paper}.docx"


def file_names(organizations: Iterable[str]) -> list[str]:
    """Return how files call each organization, in order: its name, or its name and a number where two would be one.

    Two names are one when a system that takes no notice of case, or of how an accent is written, cannot tell them
    apart. Whoever has a name first goes without a number.
    """
    return _told_apart([_called(name) for name in organizations])


def paper_names(papers: Sequence[str]) -> list[str]:
    """Return the names of one organization's papers, in order, a number behind those that would be one."""
    return _told_apart(list(papers))


def _told_apart(names: Sequence[str]) -> list[str]:
    first = {_key(name): index for index, name in reversed(list(enumerate(names)))}
    used = set(first)
    return [name if first[_key(name)] == index else _numbered(name, used) for index, name in enumerate(names)]


def _numbered(name: str, used: set[str]) -> str:
    number = 2
    while (key := _key(f"{name} {number}")) in used:
        number += 1
    used.add(key)
    return f"{name} {number}"


def _key(name: str) -> str:
    """Return what a system may make of a name that takes no notice of case or of how letters are put together."""
    plain = unicodedata.normalize("NFKD", name).casefold().upper().casefold()
    return "".join(sign for sign in unicodedata.normalize("NFKC", plain) if sign not in _JOINERS)


def _called(organization: str) -> str:
    allowed = "".join(map(_allowed, unicodedata.normalize("NFC", organization).translate(_REPLACED)))
    short = _shorten(" ".join(allowed.split()).lstrip(_AT_THE_FRONT)).strip()
    if not any(unicodedata.category(sign)[0] in "LNSP" for sign in short):
        return NAMELESS
    return f"_{short}" if _DEVICES.match(short) else short


def _allowed(character: str) -> str:
    kind = unicodedata.category(character)
    return " " if kind in _REFUSED_CATEGORIES else "" if kind == "Cf" and character not in _JOINERS else character


def _shorten(name: str) -> str:
    """Return as much of a name as a file name holds: whole words, or whole signs where there are no spaces."""
    last = _end(name)
    if last == len(name):
        return name
    word = name.rfind(" ", 0, last + 1)
    return name[: word if word > last // 2 else last].rstrip(_AT_THE_END + _JOINERS) or name[:last]


def _end(name: str) -> int:
    last = min(len(name), LONGEST_NAME)
    while len(name[:last].encode()) > MOST_BYTES or _inside_a_sign(name, last):
        last -= 1
    return last


def _inside_a_sign(name: str, index: int) -> bool:
    """Return whether a cut at `index` would tear a letter from its accents, or an emoji apart."""
    if not 0 < index < len(name):
        return False
    return any(belongs(name[index]) for belongs in _JOINS_WHAT_IS_BEFORE) or name[index - 1] == "\u200d"


_JOINS_WHAT_IS_BEFORE: tuple[Callable[[str], bool], ...] = (
    lambda sign: unicodedata.category(sign) in ("Mn", "Mc", "Me"),
    lambda sign: sign in _JOINERS,
    lambda sign: "\U0001f3fb" <= sign <= "\U0001f3ff",
)
