"""KINDS: for each kind of question, what it takes, how an answer reads in a sentence; one row a kind."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from toolkit.errors import AnswerError

Value = object
"""An answer as JSON: text, a mapping (contact, other words), or a list; None takes an answer back."""

Labels = Mapping[str, str]
"""Option id to the label that people read."""

LONGEST = 20_000
"""Characters that one text may hold; what is beyond is refused, and stays in the field (reliability B10)."""

MOST_OPTIONS = 200
"""Options that one answer may name, own words among them."""

UNSURE = "unsure"
"""The option id behind "unsure - ask counsel or funder"; it becomes an open point, never a rule."""

OTHER = "other"
"""The key of an answer in one's own words beside the options: {"other": "..."}."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of question: its name, what it takes, how it reads, and how voices of it are counted."""

    name: str
    take: Callable[[Value, Labels], Value]
    read: Callable[[Value, Labels], str]
    has_options: bool = False
    many: bool = False
    counted: Literal["whole", "by_item", "by_place"] = "whole"


def clean(words: str) -> str:
    """Return `words` with line ends as \\n and with what no file can hold made visible, nothing dropped."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", "".join(map(_visible, lines)))


def _visible(character: str) -> str:
    code = ord(character)
    if code < 0x20 and character not in "\n\t":
        return chr(0x2400 + code)
    if 0xD800 <= code <= 0xDFFF or code & 0xFFFE == 0xFFFE:
        return "\ufffd"
    return "\u2421" if code == 0x7F else character


def _text(value: Value, _: Labels) -> Value:
    if not isinstance(value, str):
        raise AnswerError("expected words")
    words = clean(value).strip()
    if len(words) > LONGEST:
        raise AnswerError(f"the text has {len(words):,} characters; {LONGEST:,} fit", mend="Shorten it.")
    return words or None


def _line(value: Value, labels: Labels) -> Value:
    words = _text(value, labels)
    return " ".join(words.split()) if isinstance(words, str) else None


def _option(value: Value, labels: Labels) -> Value:
    if isinstance(value, Mapping):
        words = _text(value.get(OTHER, ""), labels)
        return {OTHER: words} if words else None
    if isinstance(value, str) and (value in labels or value == UNSURE):
        return value
    raise AnswerError("that option is not on the list", mend="Choose one of the options, or use your own words.")


def _options(value: Value, labels: Labels) -> Value:
    if not isinstance(value, (list, tuple)):
        raise AnswerError("expected a list of options")
    if len(value) > MOST_OPTIONS:
        raise AnswerError("the list is too long", mend=f"{MOST_OPTIONS} options fit.")
    taken = [taken for each in value if (taken := _option(each, labels)) is not None]
    return [each for place, each in enumerate(taken) if each not in taken[:place]] or None


def _ranking(value: Value, labels: Labels) -> Value:
    """The options that were put in order, best first; those left out have no place."""
    if isinstance(value, (list, tuple)) and any(isinstance(each, Mapping) or each == UNSURE for each in value):
        raise AnswerError("only the options on the list can be put in order", mend="Leave the others out.")
    return _options(value, labels)


def _yes_no_unsure(value: Value, _: Labels) -> Value:
    if isinstance(value, str) and value in YES_NO_UNSURE:
        return value
    raise AnswerError("expected yes, no or unsure")


def _contact(value: Value, labels: Labels) -> Value:
    if not isinstance(value, Mapping):
        raise AnswerError("expected a name and a way to reach the person")
    taken = {part: _line(value.get(part) or "", labels) for part in CONTACT_PARTS}
    return {part: words for part, words in taken.items() if words} or None


def _date(value: Value, _: Labels) -> Value:
    try:
        return datetime.date.fromisoformat(value if isinstance(value, str) else "").isoformat()
    except ValueError:
        raise AnswerError("that is not a date", mend="Write it as year-month-day.") from None


def _items(value: Value, labels: Labels) -> Value:
    if not isinstance(value, (list, tuple)):
        raise AnswerError("expected a list of items")
    taken = [words for each in value if isinstance(words := _line(each, labels), str)]
    if len("".join(taken)) > LONGEST:
        raise AnswerError("the list is too long", mend=f"{LONGEST:,} characters fit in all.")
    return taken or None


def _read_words(value: Value, _: Labels) -> str:
    return str(value)


def _read_option(value: Value, labels: Labels) -> str:
    if isinstance(value, Mapping):
        return str(value[OTHER])
    return labels.get(str(value), UNSURE_LABEL if value == UNSURE else str(value))


def _read_options(value: Value, labels: Labels) -> str:
    return in_a_row([_read_option(each, labels) for each in _as_list(value)])


def _read_ranking(value: Value, labels: Labels) -> str:
    said = [_read_option(each, labels) for each in _as_list(value)]
    return f"{';' if any(',' in each for each in said) else ','} then ".join(said)


def _read_yes_no_unsure(value: Value, _: Labels) -> str:
    return YES_NO_UNSURE[str(value)]


def _read_contact(value: Value, _: Labels) -> str:
    parts = value if isinstance(value, Mapping) else {}
    return ", ".join(str(parts[part]) for part in CONTACT_PARTS if parts.get(part))


def _read_date(value: Value, _: Labels) -> str:
    day = datetime.date.fromisoformat(str(value))
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _read_items(value: Value, _: Labels) -> str:
    return in_a_row([str(each) for each in _as_list(value)])


def _as_list(value: Value) -> list[Value]:
    return list(value) if isinstance(value, (list, tuple)) else []


def in_a_row(words: list[str]) -> str:
    """Return `words` as one reads them aloud: "a", "a and b", "a, b and c" (";" where a comma is inside)."""
    if len(words) < 2:
        return "".join(words)
    comma = "; " if any("," in each for each in words) else ", "
    return f"{comma.join(words[:-1])}{';' if comma == '; ' else ''} and {words[-1]}"


YES_NO_UNSURE = MappingProxyType({"yes": "Yes", "no": "No", "unsure": "Unsure"})
UNSURE_LABEL = "Unsure - ask counsel or funder"
CONTACT_PARTS = ("name", "role", "reach")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("text", _line, _read_words),
            Kind("long_text", _text, _read_words),
            Kind("choice", _option, _read_option, has_options=True),
            Kind("choices", _options, _read_options, has_options=True, many=True, counted="by_item"),
            Kind("yes_no_unsure", _yes_no_unsure, _read_yes_no_unsure),
            Kind("contact", _contact, _read_contact),
            Kind("date", _date, _read_date),
            Kind("list", _items, _read_items, many=True, counted="by_item"),
            Kind("ranking", _ranking, _read_ranking, has_options=True, many=True, counted="by_place"),
        )
    }
)


def take(kind: str, value: Value, labels: Labels = MappingProxyType({})) -> Value:
    """Return `value` cleaned as `kind` keeps it, None for an emptied field; AnswerError when it does not fit."""
    return None if value is None or value in ("", [], {}) else KINDS[kind].take(value, labels)


def read(kind: str, value: Value, labels: Labels = MappingProxyType({})) -> str:
    """Return `value` as it reads in a sentence; "" for None."""
    return "" if value is None else KINDS[kind].read(value, labels)


def pieces(kind: str, value: Value, labels: Labels = MappingProxyType({})) -> tuple[str, ...]:
    """Return `value` as the items it is made of: one for a text, one each for a list."""
    if value is None:
        return ()
    if not KINDS[kind].many:
        return (read(kind, value, labels),)
    return tuple(read(kind, [each], labels) for each in _as_list(value))


def own_words(kind: str, value: Value) -> tuple[str, ...]:
    """Return the words that somebody typed, without the options that they only chose."""
    if isinstance(value, Mapping) and OTHER in value:
        return (str(value[OTHER]),)
    if KINDS[kind].has_options or kind == "yes_no_unsure":
        return tuple(words for each in _as_list(value) for words in own_words(kind, each))
    return pieces(kind, value)


def points(options: Sequence[str], rankings: Iterable[Value]) -> dict[str, int]:
    """Return the points of every option of a ranking, most first.

    A first place gets as many points as there are options, each later place one less, an option without a
    place none. At equal points the order of `options` is kept.
    """
    sums = dict.fromkeys(options, 0)
    for value in rankings:
        for place, item in enumerate(_as_list(value)):
            sums[str(item)] = sums.get(str(item), 0) + max(len(options) - place, 0)
    return dict(sorted(sums.items(), key=lambda each: -each[1]))
