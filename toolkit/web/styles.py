"""Joins the style sheets of a page into one: first the tokens, then one sheet for each thing that the page shows."""

from __future__ import annotations

from toolkit.web import WEB

TOKENS = ("shared/tokens.css",)
FORM = (*TOKENS, "form/form.css", "form/controls.css", "form/agreement.css")
BOARD = (*FORM, "board/board.css", "board/room.css", "board/projector.css")
JOIN_PAGE = ("join/page.css",)
"""What the join page needs beside the form's sheets."""


def style_sheet(names: tuple[str, ...]) -> str:
    """Return the sheets of these names, in this order, as one."""
    return "\n".join((WEB / name).read_text(encoding="utf-8") for name in names)
