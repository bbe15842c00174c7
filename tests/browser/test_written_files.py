"""The files that were written are all on the page, in a box that is tall, and that can be seen to scroll."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from board_page import show
from playwright.sync_api import BrowserContext

from toolkit.documents.document import Document
from toolkit.notebook.board_widget import Board
from toolkit.notebook.drafts_panel import Exporter, ExporterParts

pytestmark = pytest.mark.browser
LONG = "The Interdenominational Family Reconciliation and Supervised Visitation Center of the Northern Counties"
ROOM_FOR_A_LIST = 200
"""Pixels: what shows a handful of names at once."""


def written(count: int) -> Exporter:
    """The page of the drafts after so many were written."""
    names = [f"{LONG if place % 2 else 'Fern Clinic'} {place} - policy draft.docx" for place in range(count)]
    parts = ExporterParts(
        organizations=lambda: [("Alder House", "a")],
        preview=lambda _: Document(title="Draft", organization="Alder House", sections=()),
        export=lambda *_: [f"/somewhere/spring/drafts/{name}" for name in names],
        keep=lambda: "",
    )
    page = Exporter(parts, Board)
    page.write.click()
    return page


@pytest.mark.parametrize("count", [6, 60])
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_every_file_can_be_seen(
    visit: Callable[..., BrowserContext], shots: Path | None, width: int, height: int, count: int
) -> None:
    exporter = written(count)
    page = visit(width, height).new_page()
    show(page, exporter.messages, exporter.files)

    assert page.get_by_text(f"{count} drafts are written in Word.").is_visible()
    assert page.get_by_text("In the folder “drafts”").is_visible()
    box = page.locator(".pw-files")
    names = box.get_by_role("listitem")
    assert names.count() == count
    inside, seen = box.evaluate("box => [box.scrollHeight, box.clientHeight]")
    assert seen >= min(inside, ROOM_FOR_A_LIST)
    assert seen <= height
    if count > 6:
        assert inside > seen
        assert box.evaluate("box => getComputedStyle(box).backgroundAttachment").count("local") == 2, "shadows say so"
    if shots:
        page.screenshot(path=shots / f"files-{count}-{width}.png")
    names.last.scroll_into_view_if_needed()
    place, last = box.bounding_box(), names.last.bounding_box()
    assert place
    assert last
    assert place["y"] <= last["y"]
    assert last["y"] + last["height"] <= place["y"] + place["height"] + 1
