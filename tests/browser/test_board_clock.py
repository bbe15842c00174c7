"""The time left on a board is the same however long its page has been open, and whoever else asks for the time."""

from __future__ import annotations

import pytest
from board_page import PLAIN

from toolkit.notebook.board_widget import ESM, Board

pytestmark = [pytest.mark.browser]

OPEN_A_BOARD = """async (script) => {
  const board = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  const ears = {};
  const tell = (message) => (ears["msg:custom"] ?? []).forEach((ear) => ear(message));
  const deadline = new Date(Date.now() + 600_000).toISOString();
  const blocks = [{ type: "timer", deadline, label: "Time left", soon: 60, none: "" }];
  const model = {
    get: () => blocks,
    on: (name, ear) => (ears[name] ??= []).push(ear),
    off() {},
    send: (message) => setTimeout(() => tell({ type: "time", id: message.id ?? "", now: Date.now() }), 20),
  };
  board.default.render({ model, el: document.querySelector("main") });
  window.someoneElseAsks = () => tell({ type: "time", id: "of another tab", now: Date.now() });
}"""


def test_a_page_open_for_minutes_shows_the_time_that_is_left(visit) -> None:
    """The page asks again and again whether anyone is there; those answers must not move its clock."""
    page = visit(1280, 720).new_page()
    page.clock.install()
    page.set_content(PLAIN)
    page.evaluate(OPEN_A_BOARD, ESM)
    clock = page.get_by_role("timer")

    for minutes_left in (8, 6, 4, 2):
        page.clock.run_for(120_000)
        page.evaluate("someoneElseAsks()")
        page.clock.run_for(500)
        minutes, seconds = map(int, clock.inner_text().split(":"))
        assert abs(minutes * 60 + seconds - 60 * minutes_left) <= 5


def test_a_board_answers_the_question_that_it_was_asked() -> None:
    board, answers = Board(), []
    board.send = lambda message, *_: answers.append(message)  # what would travel to every open tab

    board._handle_custom_msg({"type": "time", "id": "first"}, [])
    board._handle_custom_msg({"type": "time"}, [])

    assert [each["id"] for each in answers] == ["first", ""]
