"""Names of workshops, organizations and people: on one line, and alike or not."""

from __future__ import annotations

from functools import lru_cache

from toolkit.errors import WorkshopError
from toolkit.worksheets.kinds import clean_line, is_empty

LONGEST_NAME = 200
"""Characters that a name may have."""


def one_line(name: str) -> str:
    """Return a name on one line; WorkshopError when it is too long."""
    words = clean_line(name)
    if len(words) > LONGEST_NAME:
        raise WorkshopError(f"the name has {len(words)} characters", mend=f"{LONGEST_NAME} fit; shorten it.")
    return words


@lru_cache(maxsize=1024)
def as_compared(name: str) -> str:
    """Return what two spellings of one name have in common: neither case nor what cannot be seen makes two."""
    return "".join(sign for sign in clean_line(name).casefold() if sign == " " or not is_empty(sign))
