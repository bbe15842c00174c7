"""Letter widths of Arial (Liberation Sans is the same), in thousandths of the font size."""

from __future__ import annotations

from functools import lru_cache

_PLAIN = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 "
    "584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 "
    "667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 "
    "278 556 500 722 500 500 500 334 260 334 584"
)
_BOLD = (
    "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 333 333 "
    "584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 667 944 "
    "667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 "
    "333 611 556 778 556 556 500 389 280 389 584"
)
_OTHERS = {"\u2018": 222, "\u2019": 222, "\u201c": 333, "\u201d": 333, "\u00b7": 278, "\u2014": 1000, "\u2026": 1000}
_OTHERS |= {"\u00a0": 278, "\u2022": 350, "\t": 1500}


def _table(widths: str) -> dict[str, int]:
    return _OTHERS | {chr(32 + index): int(width) for index, width in enumerate(widths.split())}


_TABLES = {False: _table(_PLAIN), True: _table(_BOLD)}
_WIDE = 0x2E80
"""From here on letters fill a square: Chinese, Japanese, Korean, pictures."""


@lru_cache(maxsize=20_000)
def width(word: str, bold: bool) -> int:
    """Return how wide `word` is."""
    table = _TABLES[bold]
    return sum(table.get(letter) or (1000 if ord(letter) >= _WIDE else 556) for letter in word)
