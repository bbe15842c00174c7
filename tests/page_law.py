"""What a notebook's page shows, as plain values; two pages that show the same have the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from ipywidgets import Widget

BOARD, FORM = "Board", "_Widget"
OWN = {"pw-said", "pw-reserved", "pw-written"}
"""Places for what one person was told after a press: no other page has that."""

FIELDS = ("description", "options", "value", "disabled", "placeholder")
PARTS = ("stage", "values", "voices", "identity", "editable")


def shows(widget: Any) -> object:
    """Return what a widget shows; None for one that cannot be seen."""
    if widget.layout.display == "none":
        return None
    kind = type(widget).__name__
    if kind == BOARD:
        return [each for each in plain(widget.blocks) if not OWN & set(widget._dom_classes) or each.get("drawing")]
    if kind == FORM:
        return {part: plain(getattr(widget, part)) for part in PARTS}
    if hasattr(widget, "children"):
        return [shows(each) for each in widget.children]
    return {part: plain(getattr(widget, part)) for part in FIELDS if hasattr(widget, part)}


@contextmanager
def only_looked_at() -> Iterator[None]:
    """Make pages that no browser hears of: a page made to be compared is read here and let go at once.

    Telling a browser of a page takes a third of making it; the pages that are open all along do.
    """
    with patch.object(Widget, "open"):
        yield


def close(widget: Any) -> None:
    """Let a page go, with all that is on it."""
    for each in getattr(widget, "children", ()):
        close(each)
    widget.close()


def plain(value: object) -> Any:
    """Return a value as JSON has it."""
    return json.loads(json.dumps(value, default=str))


def differences(one: object, other: object, where: str = "page") -> list[str]:
    """Return where two pages differ, in words."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = sorted({*one, *other})
        return [found for key in keys for found in differences(one.get(key), other.get(key), f"{where}.{key}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [found for place, pair in pairs for found in differences(*pair, f"{where}[{place}]")]
    return [] if one == other else [f"{where}: open all along {str(one)[:300]}, opened now {str(other)[:300]}"]
