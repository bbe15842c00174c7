"""The kinds of questions: what each accepts, how an answer reads, and how answers are counted; a row for each."""

from __future__ import annotations

import datetime
import re
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

LONGEST_ANSWER = 20_000
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
    clean_value: Callable[[Value, Labels], Value]
    as_text: Callable[[Value, Labels], str]
    has_options: bool = False
    many: bool = False
    counted: Literal["whole", "by_item", "by_place"] = "whole"


FILLERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\ufffc"
    "\U00016fe4\U0001d159\U000e0000-\U000e0fff]"
)
"""Characters that Unicode counts as letters or marks, and that show nothing by themselves."""

LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
"""Ends of lines as systems and programs write them; U+000B is Shift+Enter in Word."""

DROPPED_SIGNS = re.compile("[\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffc]")
"""What changes or stands for something outside of the words: bidi controls, marks of objects and annotations."""

TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)|[\U000e0000-\U000e007f]")
"""Tag characters; they show something only in the flag of a region, which is the first group."""

SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
"""Two halves that stand for one character; half of one is left where a program cut an emoji."""

NO_FILE_HOLDS = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff"
    + "".join(chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000))
    + "]"
)
"""Control characters, and what is no character at all."""

INVISIBLE_EDGES = "\u200b\u2060\u00ad\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""What shows nothing at the beginning and the end of words, besides white space."""


def clean(words: str) -> str:
    """Return words as they are kept and shown everywhere; "" when nobody could see any of them.

    The one meaning of "clean" and "empty". Nothing but spaces (Unicode Z*), control and format characters (C*) and
    fillers is empty. Line ends of every kind become \\n; half of a pair of surrogates and what no file can hold become
    a sign that can be seen; bidi controls and U+FFFC are dropped, since they act on what stands beside the words. What
    joins letters or emoji stays. Cleaned words are cleaned already.
    """
    if is_empty(words):
        return ""
    lines = LINE_ENDS.sub("\n", SURROGATE_PAIR.sub(_paired, words))
    flags = TAGS.sub(lambda match: match[1] or "", DROPPED_SIGNS.sub("", lines))
    return _trimmed(unicodedata.normalize("NFC", NO_FILE_HOLDS.sub(lambda match: _visible(match[0]), flags)))


def is_empty(words: str) -> bool:
    """Return whether nobody could see any of the words."""
    return all(map(_is_unseen, SURROGATE_PAIR.sub(_paired, words)))


def _paired(match: re.Match[str]) -> str:
    """Return the one character that two halves stand for."""
    return match[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def _is_unseen(character: str) -> bool:
    """Cn is not among them, but for what no file can hold: tomorrow's emoji are of no category yet in this Python."""
    category = unicodedata.category(character)
    unseen = category[0] == "Z" or category in ("Cc", "Cf", "Cs", "Co") or FILLERS.match(character) is not None
    return unseen or NO_FILE_HOLDS.match(character) is not None


def _visible(character: str) -> str:
    """Return what stands for a character that no file can hold."""
    code = ord(character)
    if 0x80 <= code < 0xA0:  # a letter of Windows that was read as Latin-1
        return bytes([code]).decode("cp1252", "replace")
    return "\ufffd" if code > 0xA0 else "\u2421" if code == 0x7F else chr(0x2400 + code)


def _trimmed(words: str) -> str:
    """Return words without what shows nothing at their ends; \\u200b and white space may take turns there."""
    before = None
    while before != words:
        before, words = words, words.strip().strip(INVISIBLE_EDGES)
    return words


def clean_line(words: str) -> str:
    """Return words as `clean` does, on one line with single spaces: a name, a title, an item of a list."""
    return " ".join(clean(words).split())


def _text(value: Value, _: Labels) -> Value:
    if not isinstance(value, str):
        raise AnswerError("expected words")
    words = clean(value)
    if len(words) > LONGEST_ANSWER:
        raise AnswerError(f"the text has {len(words):,} characters; {LONGEST_ANSWER:,} fit", mend="Shorten it.")
    return words or None


def _line(value: Value, labels: Labels) -> Value:
    words = _text(value, labels)
    return clean_line(words) or None if isinstance(words, str) else None


def _option(value: Value, labels: Labels) -> Value:
    if isinstance(value, Mapping):
        _refuse_other_parts(value, (OTHER,))
        words = _text(value.get(OTHER, ""), labels)
        return {OTHER: words} if words else None
    if isinstance(value, str) and (value in labels or value == UNSURE):
        return value
    raise AnswerError("that option is not on the list", mend="Choose one of the options, or use your own words.")


def _refuse_other_parts(value: Mapping[object, Value], parts: tuple[str, ...]) -> None:
    """Go on when an answer has known parts only; AnswerError else.

    What is in a part that the question does not ask for would be dropped, and an answer without any part left would
    take back what was saved before.
    """
    if not set(value) <= set(parts):
        raise AnswerError(
            "this answer has a part that the question does not ask for, so nothing of it was saved",
            mend="Reload the page and answer again. What was saved before is unchanged.",
        )


def _options(value: Value, labels: Labels) -> Value:
    if not isinstance(value, (list, tuple)):
        raise AnswerError("expected a list of options")
    if len(value) > MOST_OPTIONS:
        raise AnswerError("the list is too long", mend=f"{MOST_OPTIONS} options fit.")
    options = [option for choice in value if (option := _option(choice, labels)) is not None]
    return [option for index, option in enumerate(options) if option not in options[:index]] or None


def _ranking(value: Value, labels: Labels) -> Value:
    """The options that were put in order, best first; those left out have no place."""
    if isinstance(value, (list, tuple)) and any(isinstance(item, Mapping) or item == UNSURE for item in value):
        raise AnswerError("only the options on the list can be put in order", mend="Leave the others out.")
    return _options(value, labels)


def _yes_no_unsure(value: Value, _: Labels) -> Value:
    if isinstance(value, str) and value in YES_NO_UNSURE:
        return value
    raise AnswerError("expected yes, no or unsure")


def _contact(value: Value, labels: Labels) -> Value:
    if not isinstance(value, Mapping):
        raise AnswerError("expected a name and a way to reach the person")
    _refuse_other_parts(value, CONTACT_PARTS)
    parts = {part: words for part, words in value.items() if words is not None}
    contact = {part: _line(parts.get(part, ""), labels) for part in CONTACT_PARTS}
    return {part: words for part, words in contact.items() if words} or None


NOTHING = frozenset((
    "none", "nobody", "no one", "nothing", "unknown", "not known", "n a", "tbd", "tba",
    "to be decided", "to be determined", "not decided", "not decided yet", "not sure", "unsure",
    "i do not know", "we do not know", "do not know", "i dont know", "we dont know", "dont know",
))  # fmt: skip
NO_WAY = NOTHING | frozenset(("na", "no", "nil", "x", "later"))
"""What people write into a field that they cannot fill in; a short name may be a name, and no way to reach anyone."""


def settled_contact(value: Mapping[str, Value]) -> Mapping[str, Value] | None:
    """Return the parts of a contact that say something, None for none: "n/a" is no name and no way to reach anyone."""
    words_by_part = {part: NO_WAY if part == "reach" else NOTHING for part in CONTACT_PARTS}
    return {part: words for part, words in value.items() if _plain(words) not in words_by_part[part] | {""}} or None


def _plain(words: Value) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", re.sub("['’]", "", str(words).casefold())).split())


ISO_DAY = re.compile("(19|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}")
"""A calendar date from 1900 to 2999 as it is kept."""


def _date(value: Value, _: Labels) -> Value:
    words = clean(value) if isinstance(value, str) else "no words"
    if not words:
        return None
    try:
        if ISO_DAY.fullmatch(words):
            return datetime.date.fromisoformat(words).isoformat()
    except ValueError:
        pass
    raise AnswerError("that is not a date", mend="Write it as year-month-day, like 2026-01-31, from 1900 to 2999.")


def _items(value: Value, labels: Labels) -> Value:
    if not isinstance(value, (list, tuple)):
        raise AnswerError("expected a list of items")
    items = [words for item in value if isinstance(words := _line(item, labels), str)]
    if len("".join(items)) > LONGEST_ANSWER:
        raise AnswerError("the list is too long", mend=f"{LONGEST_ANSWER:,} characters fit in all.")
    return items or None


def _read_any(value: Value) -> str:
    """Return an answer of whatever shape as it reads: a question may have been of another kind when it was given."""
    if isinstance(value, Mapping):
        return ", ".join(_read_any(item) for item in value.values())
    return in_a_row([_read_any(item) for item in _as_list(value)]) if isinstance(value, list) else str(value)


def _read_words(value: Value, _: Labels) -> str:
    return _read_any(value)


def _read_option(value: Value, labels: Labels) -> str:
    if isinstance(value, (Mapping, list)):
        return _read_any(value)
    return labels.get(str(value), UNSURE_LABEL if value == UNSURE else str(value))


def _read_options(value: Value, labels: Labels) -> str:
    return in_a_row([_read_option(item, labels) for item in _items_of(value)])


def _read_ranking(value: Value, labels: Labels) -> str:
    texts = [_read_option(item, labels) for item in _items_of(value)]
    return f"{';' if any(',' in item for item in texts) else ','} then ".join(texts)


def _read_yes_no_unsure(value: Value, _: Labels) -> str:
    return YES_NO_UNSURE.get(str(value)) or _read_any(value)


def _read_contact(value: Value, _: Labels) -> str:
    parts = value if isinstance(value, Mapping) else {}
    if not any(part in parts for part in CONTACT_PARTS):
        return _read_any(value)
    return ", ".join(str(parts[part]) for part in CONTACT_PARTS if parts.get(part))


def _read_date(value: Value, _: Labels) -> str:
    try:
        day = datetime.date.fromisoformat(str(value))
    except ValueError:
        return _read_any(value)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _read_items(value: Value, _: Labels) -> str:
    return in_a_row([_read_any(item) for item in _items_of(value)])


def _as_list(value: Value) -> list[Value]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _items_of(value: Value) -> list[Value]:
    """Return the items of an answer; one that is no list, as of a question of another kind before, is its one item."""
    return list(value) if isinstance(value, (list, tuple)) else [value]


def in_a_row(words: list[str]) -> str:
    """Return `words` as one reads them aloud: "a", "a and b", "a, b and c" (";" where a comma is inside)."""
    if len(words) < 2:
        return "".join(words)
    comma = "; " if any("," in word for word in words) else ", "
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


def clean_value(kind: str, value: Value, labels: Labels = MappingProxyType({})) -> Value:
    """Return `value` cleaned as `kind` keeps it, None for an emptied field; AnswerError when it does not fit."""
    return None if value is None or value in ("", [], {}) else KINDS[kind].clean_value(value, labels)


def as_text(kind: str, value: Value, labels: Labels = MappingProxyType({})) -> str:
    """Return `value` as it reads in a sentence; "" for None."""
    return "" if value is None else KINDS[kind].as_text(value, labels)


def pieces(kind: str, value: Value, labels: Labels = MappingProxyType({})) -> tuple[str, ...]:
    """Return `value` as the items it is made of: one for a text, one each for a list."""
    if value is None:
        return ()
    if not KINDS[kind].many:
        return (as_text(kind, value, labels),)
    return tuple(as_text(kind, [item], labels) for item in _items_of(value))


def own_words(kind: str, value: Value) -> tuple[str, ...]:
    """Return the words that somebody typed, without the options that they only chose."""
    if isinstance(value, Mapping) and OTHER in value:
        return (str(value[OTHER]),)
    if KINDS[kind].has_options or kind == "yes_no_unsure":
        return tuple(words for item in _as_list(value) for words in own_words(kind, item))
    return pieces(kind, value)


def points(options: Sequence[str], rankings: Iterable[Value]) -> dict[str, int]:
    """Return the points of every option of a ranking, most first.

    A first place gets as many points as there are options, each later place one less, an option without a
    place none. At equal points the order of `options` is kept.
    """
    sums = dict.fromkeys(options, 0)
    for value in rankings:
        for index, item in enumerate(_as_list(value)):
            sums[str(item)] = sums.get(str(item), 0) + max(len(options) - index, 0)
    return dict(sorted(sums.items(), key=lambda pair: -pair[1]))
