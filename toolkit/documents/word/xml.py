"""The small XML elements of Word: runs, blanks, fields, bookmarks and comments. All text is made safe here."""

from __future__ import annotations

import re
import unicodedata
import zlib
from hashlib import sha256
from itertools import groupby
from xml.sax.saxutils import escape

from toolkit.worksheets.kinds import clean

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_DIRECTION_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ISOLATES, _EMBEDDINGS = "\u2066\u2067\u2068", "\u202a\u202b\u202d\u202e"
_PLAIN = re.compile("[\n\t\x20-\x7e\xa0-\u02af\u2010-\u2026]*").fullmatch
"""Most words are letters that no rule changes; to look at each one alone took a quarter of the time."""

_EDGE = "#"
"""Stands at both ends of a run while it is cleaned, so that nothing there is trimmed; no accent joins it."""

_ENDS = re.compile("([\n\t])")
_BREAKS = {"\n": "<w:br/>", "\t": "<w:tab/>"}


def safe(words: str) -> str:
    """Return `words` as a file can hold them, every turn of the writing direction ended again."""
    if _PLAIN(words):
        return words
    cleaned = clean(f"{_EDGE}{words}{_EDGE}")[1:-1]  # a run is a piece of a sentence: its spaces belong to it
    return cleaned + _unturned(cleaned) if _DIRECTION_MARKS.search(cleaned) else cleaned


def _unturned(words: str) -> str:
    open_ends: list[str] = []
    for turn in _DIRECTION_MARKS.findall(words):
        if turn in _ISOLATES:
            open_ends.append("\u2069")
        elif turn in _EMBEDDINGS:
            open_ends.append("\u202c")
        elif open_ends and open_ends[-1] == turn:
            open_ends.pop()
    return "".join(reversed(open_ends))


def quoted(words: str) -> str:
    """Return `words` as the value of an attribute, on one line."""
    return escape(" ".join(safe(words).split()), {'"': "&quot;"})


def is_right_to_left(words: str) -> bool:
    """Return whether most letters of `words` are written from right to left."""
    if not _RIGHT_TO_LEFT.search(words):
        return False
    kinds = [unicodedata.bidirectional(character) for character in words]
    return sum(kind in ("R", "AL") for kind in kinds) > kinds.count("L")


def run(words: str, properties: str = "") -> str:
    """Return `words` as runs: one, or one a writing direction."""
    text = safe(words)
    if not _RIGHT_TO_LEFT.search(text):
        return _one_run(text, properties)
    return "".join(_one_run(part, properties + "<w:rtl/>" * turned) for turned, part in _by_direction(text))


def _by_direction(words: str) -> list[tuple[bool, str]]:
    """Split `words` where the direction turns; what has none goes with what stands before it."""
    turned, runs = is_right_to_left(words), []
    for character in words:
        kind = unicodedata.bidirectional(character)
        turned = kind in ("R", "AL", "AN") if kind in ("R", "AL", "AN", "L") else turned
        runs.append((turned, character))
    return [(side, "".join(c for _, c in group)) for side, group in groupby(runs, key=lambda pair: pair[0])]


def _one_run(words: str, properties: str) -> str:
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f"<w:r>{look}{_texts(words)}</w:r>" if words else ""


def _texts(words: str) -> str:
    if "\n" not in words and "\t" not in words:
        return f'<w:t xml:space="preserve">{escape(words)}</w:t>'
    return "".join(_BREAKS.get(piece) or _texts(piece) for piece in _ENDS.split(words) if piece)


def styled(words: str, style: str) -> str:
    """Return `words` as a run in a character style."""
    return run(words, f'<w:rStyle w:val="{style}"/>')


def field(code: str, text: str, properties: str = "") -> str:
    """Return a field of Word with what it shows until somebody asks Word to work it out again."""
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return (
        f'<w:r>{look}<w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r>{look}<w:instrText xml:space="preserve"> {escape(code)} </w:instrText></w:r>'
        f'<w:r>{look}<w:fldChar w:fldCharType="separate"/></w:r>{run(text, properties)}'
        f'<w:r>{look}<w:fldChar w:fldCharType="end"/></w:r>'
    )


def control_id(key: str, used: set[int]) -> int:
    """Return a number for a content control that no other in this draft has, the same in every export."""
    number = zlib.crc32(safe(key).encode()) & 0x3FFFFFFF or 1
    while number in used:
        number += 1
    used.add(number)
    return number


def blank(key: str, prompt: str, number: int, style: str) -> str:
    """Return a content control inside a line: the prompt in yellow; what is typed over it looks plain."""
    text = " ".join(safe(prompt).split()) or "to be filled in"
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val="{quoted(text[:60])}"/><w:tag w:val="{quoted(key[:60])}"/>'
        f'<w:id w:val="{number}"/><w:showingPlcHdr/></w:sdtPr>'
        f"<w:sdtContent>{styled(f'[{text}]', style)}</w:sdtContent></w:sdt>"
    )


def anchor(prefix: str, id_: str, suffix: str = "") -> str:
    """Return the name of a bookmark: at most 40 letters, digits and _, a letter first, the same for the same id."""
    name = re.sub(r"[^A-Za-z0-9_]", "_", id_)
    plain = f"{prefix}_{name}{suffix}"
    if name == id_ and name and len(plain) <= 40:
        return plain
    mark = sha256(id_.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{prefix}_{name[: 28 - len(suffix)]}_{mark}{suffix}"


def bookmark(name: str, number: int, content: str) -> str:
    """Return `content` as the place called `name`."""
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{number}"/>'


def with_comment_marks(numbers: list[int], content: str, style: str) -> str:
    """Return `content` with the comments of these numbers beside it."""
    starts = "".join(f'<w:commentRangeStart w:id="{n}"/>' for n in numbers)
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>'
    ends = "".join(f'<w:commentRangeEnd w:id="{n}"/><w:r>{look}<w:commentReference w:id="{n}"/></w:r>' for n in numbers)
    return f"{starts}{content}{ends}"
