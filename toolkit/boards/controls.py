"""CONTROLS: what every page of buttons and fields is built from; it looks again by itself when something is new."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import ipywidgets as widgets

from toolkit.boards.blocks import Blocks, text
from toolkit.errors import ClosedError, WorkshopError

LOOK_AGAIN = 2.0
"""Seconds between two looks at whether anything is new."""


class Shown(Protocol):
    """A widget that shows blocks."""

    def show(self, blocks: Blocks) -> None:
        """Show these blocks instead."""


Make = Callable[[Blocks, Callable[[str, str], None] | None], Any]
"""Makes a board from blocks and from what to call when something on it is chosen."""

Act = Mapping[str, Callable[[str], object]]
"""What a page can do, by name; each does it, or raises a WorkshopError."""

_NOT_SEEN = object()
_running: dict[str, asyncio.Task[None]] = {}


def watch(name: str, changed: Callable[[], object], refresh: Callable[[], None]) -> None:
    """Refresh a board whenever `changed()` gives something new; a second watch of that name ends the first."""
    look_away(name)
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return
    _running[name] = loop.create_task(_look(changed, refresh))


def look_away(name: str) -> None:
    """End the watch of that name."""
    if name in _running:
        _running.pop(name).cancel()


async def _look(changed: Callable[[], object], refresh: Callable[[], None]) -> None:
    """Look until the workshop is closed; a fault of a moment, such as a busy store, never ends it."""
    last: object = _NOT_SEEN
    while True:
        try:
            now = changed()
            if now != last and last is not _NOT_SEEN:
                refresh()
            last = now
        except ClosedError:
            return
        except WorkshopError:
            pass  # a board that stops looking would show something false from then on
        await asyncio.sleep(LOOK_AGAIN)


def desk(*children: Any) -> Any:
    """Return widgets below each other, in the look of the house."""
    box = widgets.VBox(list(children))
    for name in ("pw", "pw-desk"):
        box.add_class(name)
    return box


def stacked(forms: Sequence[Any]) -> Any:
    """Return forms below each other as one widget."""
    return forms[0] if len(forms) == 1 else widgets.VBox(list(forms))


def button(words_: str, press: Callable[[], None], *, second: bool = False) -> Any:
    """Return a button; `press` is called when it is pressed."""
    made = widgets.Button(description=words_, tooltip="")
    if second:
        made.add_class("pw-second")
    made.on_click(lambda _: press())
    return made


def said(board: Shown, act: Callable[[], str]) -> None:
    """Do it and say on `board` what was done, or in one sentence why not."""
    try:
        board.show([text(act(), "good")])
    except WorkshopError as fault:
        board.show([text(str(fault), "note")])


def row(*children: Any) -> Any:
    """Return widgets beside each other."""
    box = widgets.HBox(list(children))
    box.add_class("pw-row")
    return box


def show_if(seen: bool, *shown: Any) -> None:
    """Let widgets be seen, or not."""
    for each in shown:
        each.layout.display = None if seen else "none"
