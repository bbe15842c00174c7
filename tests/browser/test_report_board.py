"""The facilitator's report-back board in a real browser: alike answers are dragged together, or picked by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import board_page
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sheets import HARDEST

from toolkit import Workshop
from toolkit.answers.model import SCRIBE, Answer
from toolkit.facilitation import report_back
from toolkit.notebook.board_widget import Board
from toolkit.notebook.report_back_panel import ReportBoard
from toolkit.storage.store import new_id

pytestmark = pytest.mark.browser

HARD = {
    "Alder House": "Telling old friends why we cannot be friends online",
    "Birch Line": "Friends from school who became clients",
    "Cedar Clinic": "Who answers messages at night",
}


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    with Workshop.open(tmp_path / "room") as workshop:
        for organization in workshop.roster.register(*HARD):
            words = HARD[organization.name]
            workshop.discussion.save(Answer(new_id(), organization.id, SCRIBE, HARDEST, words, "ours"))
            workshop.discussion.save(
                Answer(new_id(), organization.id, SCRIBE, "first_step", "Ask staff what they use", "ours")
            )
            workshop.report_back.release(organization.id)
        workshop.record(report_back.show())
        yield workshop


def report_board(workshop: Workshop) -> ReportBoard:
    board = workshop.facilitator().parts["report_back"]
    assert isinstance(board, ReportBoard)
    return board


def shown(board: ReportBoard) -> list[Board]:
    """The boards of this part of the page, without the buttons between them."""
    title = board.widget.children[0]
    return [title, board.messages, board.board, board.voting, board.speaking, board.pictures]


def card(page: Page, words: str) -> Locator:
    return page.locator(".pw-point", has_text=words)


def groups(workshop: Workshop) -> list[tuple[str, list[str]]]:
    """Each group's title, with whose answers are in it."""
    names = {f"{HARDEST}/{each.id}": each.name for each in workshop.organizations}
    return [
        (each.title, [names[one] for one in each.points])
        for each in workshop.report_back.reported().back.groups.values()
    ]


def test_alike_answers_are_dragged_together_with_the_mouse(
    workshop: Workshop, visit: Callable[..., BrowserContext], shots: Path | None
) -> None:
    board, page = report_board(workshop), visit(1280, 800).new_page()
    board_page.show(page, *shown(board))
    expect(card(page, HARD["Alder House"])).to_be_visible()

    board.name.value = "Old friends who became clients"
    card(page, HARD["Alder House"]).drag_to(card(page, HARD["Birch Line"]))

    group = card(page, "Old friends who became clients")
    expect(group).to_contain_text("Alder House")
    expect(group).to_contain_text("Birch Line")
    assert groups(workshop) == [("Old friends who became clients", ["Alder House", "Birch Line"])]
    board.name.value = ""
    card(page, HARD["Cedar Clinic"]).drag_to(group)
    expect(group).to_contain_text("Cedar Clinic")
    (one,) = groups(workshop)
    assert (one[0], sorted(one[1])) == ("Old friends who became clients", sorted(HARD))
    if shots:
        page.screenshot(path=shots / "board-grouped-1280.png")
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found] == []


def test_an_answer_that_is_dragged_where_it_does_not_belong_stays_alone(
    workshop: Workshop, visit: Callable[..., BrowserContext]
) -> None:
    board, page = report_board(workshop), visit(1280, 800).new_page()
    board_page.show(page, *shown(board))
    board.name.value = "Mixed"

    step = page.locator(".pw-column", has_text="First step").locator(".pw-point").first
    card(page, HARD["Alder House"]).drag_to(step)
    card(page, HARD["Alder House"]).drag_to(card(page, HARD["Alder House"]))

    expect(card(page, HARD["Alder House"])).to_be_visible()
    assert groups(workshop) == []


def test_alike_answers_are_picked_by_keyboard_and_taken_apart(
    workshop: Workshop, visit: Callable[..., BrowserContext]
) -> None:
    board, page = report_board(workshop), visit(1280, 800).new_page()
    board_page.show(page, *shown(board))

    for name in ("Alder House", "Cedar Clinic"):
        tick = card(page, HARD[name]).get_by_role("checkbox")
        tick.focus()
        page.keyboard.press("Space")
        expect(tick).to_be_checked()
        expect(tick).to_be_focused()
    board.name.value = "Hard to say"
    board.group.click()
    board_page.look(page)
    expect(card(page, "Hard to say")).to_be_visible()
    assert groups(workshop) == [("Hard to say", ["Alder House", "Cedar Clinic"])]

    card(page, "Hard to say").get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    expect(card(page, "Hard to say").get_by_role("checkbox")).to_be_checked()
    board.apart.click()
    board_page.look(page)
    expect(card(page, "Hard to say")).to_have_count(0)
    assert groups(workshop) == []
