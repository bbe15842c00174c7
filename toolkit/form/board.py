"""The board in a notebook: shows plain blocks as a page that nobody's words can break, and hears what is chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import anywidget
import traitlets

HERE = Path(__file__).parent

Block = Mapping[str, object]
"""One piece of a board as JSON; board.js names the types."""

Choose = Callable[[str, str], None]
"""Called with the id of a choice and what was chosen."""


class Board(anywidget.AnyWidget):
    """Blocks on the page; words are put there as text, never as markup."""

    _esm = (HERE / "board.js").read_text(encoding="utf-8")
    _css = "".join((HERE / name).read_text(encoding="utf-8") for name in ("form.css", "board.css"))
    blocks: traitlets.List[dict[str, object]] = traitlets.List().tag(sync=True)

    def __init__(self, blocks: Sequence[Block] = (), choose: Choose | None = None) -> None:
        super().__init__(blocks=[dict(block) for block in blocks])
        self._choose = choose
        self.on_msg(self._heard)

    def show(self, blocks: Sequence[Block]) -> None:
        """Show these blocks instead; nothing moves when they are the same."""
        self.blocks = [dict(block) for block in blocks]

    def _heard(self, _: object, message: object, __: object) -> None:
        if self._choose and isinstance(message, Mapping) and message.get("type") == "chose":
            self._choose(str(message.get("id")), str(message.get("value")))
