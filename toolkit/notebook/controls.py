"""Buttons, fields and lists of every page, and the watcher that draws a page again when something changed."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, ParamSpec, Protocol

import ipywidgets as widgets

from toolkit.errors import ClosedError, WorkshopError
from toolkit.notebook.blocks import Blocks, text
from toolkit.workshop.facade import Workshop

LOOK_AGAIN = 2.0
"""Seconds between two looks at whether anything is new."""

CONFIRMATION_SECONDS = 10.0
"""Seconds that a confirmation stays at least; then it goes when the page is drawn again."""

PAGES_OF_A_KIND = 4
"""Pages of one kind that look again by themselves: a cell that runs again leaves its earlier page behind."""

TROUBLE = (
    "This could not be shown. Everything that was saved is safe. Press “Start this page again” at the end of the page."
)


class MessageBoard(Protocol):
    """A widget that shows blocks; `shown_at` is when it was given them, on the monotonic clock."""

    blocks: list[dict[str, object]]
    shown_at: float

    def show(self, blocks: Blocks) -> None:
        """Show these blocks instead."""


Make = Callable[[Blocks, Callable[[str, str], None] | None], Any]
"""Makes a board from blocks and from what to call when something on it is chosen."""

Arguments = ParamSpec("Arguments")

Act = Mapping[str, Callable[[str], object]]
"""What a page can do, by name; each does it, or raises a WorkshopError."""


NO_MARK = object()


class Watcher:
    """Draws one page again whenever its mark has changed.

    `mark` returns what differs whenever the page has something new to show; `draw` draws the whole page.
    """

    def __init__(self, mark: Callable[[], object], draw: Callable[[], None]) -> None:
        self._mark, self._draw = mark, draw
        self._last: object = NO_MARK
        with suppress(WorkshopError):  # the store was busy: the first look draws the page
            self._last = mark()
        self.task: asyncio.Task[None] | None = None

    def look(self) -> bool:
        """Look once; return whether there was something new."""
        now = self._mark()
        if now == self._last:
            return False
        self._draw()
        self._last = now
        return True

    def begin(self) -> None:
        """Look again and again, where there is a loop to do it in."""
        try:
            self.task = asyncio.get_running_loop().create_task(self._again())
        except RuntimeError:
            self.task = None

    def stop(self) -> None:
        """Look no more."""
        if self.task:
            self.task.cancel()

    async def _again(self) -> None:
        """Look until the workshop is closed; a fault of a moment, such as a busy store, never ends it."""
        while True:
            await asyncio.sleep(LOOK_AGAIN)
            try:
                self.look()
            except ClosedError:
                return
            except Exception:  # noqa: S112 - a page that stopped looking would show something false from then on
                continue


def mark(workshop: Workshop) -> tuple[object, ...]:
    """Return what differs whenever a page of a whole workshop has something new to show."""
    return workshop.state.mark, workshop.worksheet.id


_watching: dict[str, deque[Watcher]] = {}


def watch(kind: str, mark: Callable[[], object], draw: Callable[[], None]) -> Watcher:
    """Draw a page again whenever `mark()` differs; every page has its own watcher, also two pages of one kind."""
    watcher = Watcher(mark, draw)
    of_kind = _watching.setdefault(kind, deque())
    of_kind.append(watcher)
    while len(of_kind) > PAGES_OF_A_KIND:
        of_kind.popleft().stop()
    watcher.begin()
    return watcher


class Chooser:
    """A field of options, which are always set together with what is chosen.

    What a person picked stays chosen while it is offered (`picked`, None before); else the default is.
    """

    def __init__(self, label: str, board: MessageBoard, chosen: Callable[[], None]) -> None:
        self._chosen, self._offering = reports_faults(board, chosen), False
        self.choice: str | None = None
        self.widget = widgets.Dropdown(description=label, options=[])
        self.widget.observe(self._on_change, names="value")

    @property
    def value(self) -> str:
        """What is chosen, "" when nothing is."""
        return str(self.widget.value or "")

    @value.setter
    def value(self, value: str) -> None:
        self.widget.value = value

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """What is offered: (words, value) pairs."""
        return tuple(self.widget.options)

    def offer(self, options: Sequence[tuple[str, str]], default: str = "") -> None:
        """Offer (words, value) pairs; nobody is told that the choice changed."""
        values = [value for _, value in options]
        wanted = next((option for option in (self.choice, default, *values[:1]) if option in values), None)
        self._offering = True
        try:
            with self.widget.hold_sync():
                if self.options != tuple(options):
                    self.widget.options = tuple(options)
                self.widget.value = wanted
        finally:
            self._offering = False

    def _on_change(self, change: Any) -> None:
        if not self._offering:
            self.choice = change["new"]
            self._chosen()


def desk(*children: Any) -> Any:
    """Return widgets below each other, in the look of all our pages."""
    box = widgets.VBox(list(children))
    for name in ("pw", "pw-desk"):
        box.add_class(name)
    return box


def reports_faults(board: MessageBoard, act: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """Return what answers a press: it acts, and what keeps it from acting is said on `board`, never lost."""

    def press(*given: Arguments.args, **named: Arguments.kwargs) -> None:
        try:
            act(*given, **named)
        except WorkshopError as fault:
            board.show([text(str(fault), "note")])
        except Exception:
            board.show([text(TROUBLE, "note")])
            raise

    return press


def button(words_: str, board: MessageBoard, press: Callable[[], None], *, second: bool = False) -> Any:
    """Return a button; `press` is called when it is pressed, and what it cannot do is said on `board`."""
    pressed = reports_faults(board, press)
    widget = widgets.Button(description=words_, tooltip="")
    if second:
        widget.add_class("pw-second")
    widget.on_click(lambda _: pressed())
    return widget


def confirmations(make: Make) -> Any:
    """Return the place for confirmations and refusals: at the foot of the window, above the page; nothing moves."""
    board = make([], None)
    board.add_class("pw-said")
    return board


def confirm(board: MessageBoard, act: Callable[[], str]) -> None:
    """Do it and say on `board` what was done, or in one sentence why not."""

    def done() -> None:
        words = act()
        board.show([text(words, "good")] if words else [])

    reports_faults(board, done)()


def draw_page(board: MessageBoard, draw: Callable[[], None]) -> None:
    """Draw a page; what keeps it from being drawn is said on `board` until it can be. Old confirmations go."""
    if board.blocks and (board.blocks[0].get("drawing") or _is_old(board)):
        board.show([])
    try:
        draw()
    except WorkshopError as fault:
        board.show([{**text(str(fault), "note"), "drawing": True}])
    except Exception:
        board.show([{**text(TROUBLE, "note"), "drawing": True}])
        raise


def _is_old(board: MessageBoard) -> bool:
    return board.blocks[0].get("tone") == "good" and time.monotonic() - board.shown_at >= CONFIRMATION_SECONDS


def row(*children: Any) -> Any:
    """Return widgets beside each other."""
    box = widgets.HBox(list(children))
    box.add_class("pw-row")
    return box


def emphasize(primary: bool, widget: Any) -> None:
    """Let a button look like the next thing to do, or like one of the others."""
    (widget.remove_class if primary else widget.add_class)("pw-second")


def show_if(is_visible: bool, *controls: Any) -> None:
    """Let widgets be seen, or not."""
    for control in controls:
        control.layout.display = None if is_visible else "none"
