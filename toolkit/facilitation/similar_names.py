"""Finds pairs of names that may be one organization, spelled in two ways. It is a hint, never a decision."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations

SMALL_WORDS = frozenset({"the", "of", "and", "for", "a", "an", "in", "at", "inc", "ltd", "llc", "org", "e", "v"})
"""Words that make no difference between two organizations."""

CLOSE_ENOUGH = 0.65
"""How much of two words must be the same for one to be a slip of the other."""


@lru_cache(maxsize=8)
def lookalikes(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the pairs among `names` that look alike, in their order."""
    words_by_name = {name: _words(name) for name in names}
    return tuple(pair for pair in combinations(names, 2) if _alike(words_by_name[pair[0]], words_by_name[pair[1]]))


def _words(name: str) -> tuple[str, ...]:
    words = tuple(re.findall(r"\w+", name.casefold()))
    return tuple(word for word in words if word not in SMALL_WORDS) or words


def _alike(one: Sequence[str], other: Sequence[str]) -> bool:
    return bool(one and other) and any(sign(one, other) or sign(other, one) for sign in SIGNS_OF_SIMILARITY)


def _run_together(one: Sequence[str], other: Sequence[str]) -> bool:
    return "".join(one) == "".join(other)


def _begins(one: Sequence[str], other: Sequence[str]) -> bool:
    """A short form: “Alder House” of “Alder House Services”."""
    return len(one) < len(other) and tuple(other[: len(one)]) == tuple(one) and len("".join(one)) > 3


def _initials(one: Sequence[str], other: Sequence[str]) -> bool:
    """Initials: “AHS” of “Alder House Services”."""
    return len(one) == 1 and len(other) > 1 and one[0] == "".join(word[0] for word in other)


def _slips(one: Sequence[str], other: Sequence[str]) -> bool:
    """The same words but for slips of the pen, in any order."""
    extra, right = _less(one, other), _less(other, one)
    return len(one) == len(other) and all(map(_close, sorted(extra), sorted(right)))


def _less(one: Iterable[str], other: Sequence[str]) -> list[str]:
    return [word for word in one if word not in other]


def _close(one: str, other: str) -> bool:
    return len(one) > 2 and one[0] == other[0] and SequenceMatcher(None, one, other).ratio() >= CLOSE_ENOUGH


SIGNS_OF_SIMILARITY: tuple[Callable[[Sequence[str], Sequence[str]], bool], ...] = (
    _run_together,
    _begins,
    _initials,
    _slips,
)
