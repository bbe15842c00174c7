"""The widget that shows blocks as a page, and reports what is chosen."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Mapping, Sequence

import traitlets

from toolkit.notebook.widget_output import OwnWidget
from toolkit.web import WEB
from toolkit.web.linker import link
from toolkit.web.styles import BOARD, style_sheet

ESM = link(WEB / "board" / "widget.js")
CSS = style_sheet(BOARD)

Block = Mapping[str, object]
"""One piece of a board as JSON; board.js names the types."""

Choose = Callable[[str, str], None]
"""Called with the id of a choice and what was chosen."""


class Board(OwnWidget):
    """Blocks on the page; words are put there as text, never as markup."""

    _esm = traitlets.Unicode(ESM).tag(sync=True)
    _css = traitlets.Unicode(CSS).tag(sync=True)
    _anywidget_id = traitlets.Unicode("toolkit.notebook.board_widget.Board").tag(sync=True)
    blocks: traitlets.List[dict[str, object]] = traitlets.List().tag(sync=True)

    def __init__(self, blocks: Sequence[Block] = (), choose: Choose | None = None) -> None:
        super().__init__(blocks=[dict(block) for block in blocks])
        self._choose, self.shown_at = choose, time.monotonic()
        self.on_msg(self._on_message)

    def show(self, blocks: Sequence[Block]) -> None:
        """Show these blocks instead; nothing moves when they are the same."""
        self.shown_at = time.monotonic()
        self.blocks = [dict(block) for block in blocks]

    def _on_message(self, _: object, message: object, __: object) -> None:
        if not isinstance(message, Mapping):
            return
        if message.get("type") == "time":  # a page may have been filled long before it is looked at
            id_ = str(message.get("id", ""))[:80]  # so that a page knows the answer to its own question
            self.send({"type": "time", "id": id_, "now": datetime.datetime.now(datetime.UTC).timestamp() * 1000})
        if self._choose and message.get("type") == "chose":
            self._choose(str(message.get("id")), str(message.get("value")))
