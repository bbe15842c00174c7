"""Nothing moves under the mouse: a help request or a confirmation shifts no button of the facilitator's page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from labs import FACILITATOR, lab_of
from playwright.sync_api import BrowserContext, Page, expect

from toolkit import Workshop
from toolkit.facilitation import stages
from toolkit.notebook.jupyterlab import Lab

pytestmark = pytest.mark.browser
WAIT = 60_000
LONG = "The Interdenominational Family Reconciliation and Supervised Visitation Center of the Northern Counties"
SIZES = ((1280, 800), (1366, 768))
SMALL_AND_LARGE = ((1280, 720), (1920, 1080))

WHERE = """() => [...document.querySelectorAll(".pw-desk button")]
  .filter((each) => !each.closest(".pw-hands, dialog") && each.getClientRects().length)
  .map((each) => [each.innerText.trim(), each.getBoundingClientRect()])
  .map(([words, box]) => [words, Math.round(box.x), Math.round(box.y)])"""
"""Every button that can be seen, and where it is; "Helped" is one of the help requests themselves."""


COVERED = """() => [...document.querySelectorAll(".pw-desk :is(button, select, input[type='text'], textarea, summary)")]
  .filter((each) => !each.closest("dialog") && each.getClientRects().length)
  .map((each) => [each, each.getBoundingClientRect()])
  .map(([each, box]) => [each, document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)])
  .filter(([each, top]) => top && top.closest(".pw-desk") && !each.contains(top) && !top.contains(each))
  .map(([each, top]) => `${each.innerText} is under ${top.innerText}`)"""
"""What can be pressed, in the part of the page that is in view, and lies under something else."""

FOOT = "() => document.querySelector('.jp-WindowedPanel-outer').getBoundingClientRect().bottom"
"""Where the part of the window ends that the page scrolls in."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Workshop.open(tmp_path / "room") as workshop:
        for organization in workshop.roster.register(LONG, "Birch Line", "Cedar Trust"):
            for name in ("Wren", "Otter"):
                workshop.roster.join(organization.id, name)
        workshop.record(stages.open_stage("stakeholders"))
        return workshop.folder


@pytest.fixture
def lab(folder: Path) -> Iterator[Lab]:
    with lab_of(folder, FACILITATOR) as lab:
        yield lab


def where(page: Page) -> list[list[object]]:
    return page.evaluate(WHERE)


def turn(page: Page, part: str) -> None:
    way = page.get_by_role("navigation", name="Parts of this page").get_by_role("button", name=part, exact=True)
    way.click(timeout=WAIT)
    expect(way).to_have_attribute("aria-current", "true", timeout=WAIT)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_button_moves(
    visit: Callable[..., BrowserContext], lab: Lab, folder: Path, shots: Path | None, width: int, height: int
) -> None:
    page = visit(width, height).new_page()
    page.goto(lab.page())
    turn(page, "The room")
    expect(page.get_by_text("No one is asking for help.")).to_be_visible(timeout=WAIT)
    page.wait_for_timeout(500)
    before = where(page)
    assert len(before) > 12

    with Workshop.open(folder) as workshop:
        people = workshop.roster.people
        workshop.record(stages.ask_help(people[0].id))
        expect(page.get_by_role("heading", name="Help requests (1)")).to_be_visible(timeout=WAIT)
        assert where(page) == before
        box = page.locator(".pw-hands").bounding_box()
        button = page.get_by_role("button", name=f"Helped: {LONG}").bounding_box()
        assert box
        assert button
        assert box["y"] <= button["y"]
        assert button["y"] + button["height"] <= box["y"] + box["height"], "who has a long name can be helped, too"
        for each in people[1:]:
            workshop.record(stages.ask_help(each.id))
        workshop.record(stages.tell_presence({people[0].organization: stages.Presence(6, 2)}))
        expect(page.get_by_role("heading", name="Help requests (6)")).to_be_visible(timeout=WAIT)
        expect(page.get_by_text("2 still typing, 6 phones connected.").locator("visible=true")).to_be_visible(
            timeout=WAIT
        )
        assert where(page) == before
        if shots:
            page.screenshot(path=shots / f"room-hands-{width}.png")

    page.get_by_role("button", name="+2 minutes").click()
    told = page.get_by_text("Two minutes more.")
    expect(told).to_be_visible(timeout=WAIT)
    place = told.bounding_box()
    assert place
    assert 0 <= place["y"] <= height - place["height"]
    page.wait_for_timeout(500)
    assert where(page) == before
    if shots:
        page.screenshot(path=shots / f"room-said-{width}.png")
    page.get_by_role("button", name=f"Helped: {LONG}, Wren").click()
    expect(page.get_by_role("heading", name="Help requests (5)")).to_be_visible(timeout=WAIT)
    assert where(page) == before
    for each in page.locator(".pw-desk .jupyter-button:visible").all()[:5]:
        box = each.bounding_box()
        assert box
        assert box["y"] + box["height"] <= height, "the buttons of the room are above the fold"


def test_a_confirmation_is_in_view_wherever_it_was_pressed(
    visit: Callable[..., BrowserContext], lab: Lab, folder: Path, shots: Path | None
) -> None:
    page = visit(1280, 800).new_page()
    page.goto(lab.page())
    turn(page, "Set up")
    page.get_by_text("90 minutes", exact=True).click()
    asked = page.get_by_role("button", name="Yes, change it")
    expect(asked).to_be_visible(timeout=WAIT)
    if shots:
        page.screenshot(path=shots / "setup-asks.png")
    page.get_by_role("button", name="No, leave it as it is").click()
    expect(asked).to_be_hidden(timeout=WAIT)
    expect(page.get_by_role("radio", name="60 minutes")).to_be_checked(timeout=WAIT)
    page.get_by_text("90 minutes", exact=True).click()
    asked.click(timeout=WAIT)
    told = page.get_by_text("Saved.", exact=True)
    expect(told).to_be_visible(timeout=WAIT)
    place = told.bounding_box()
    assert place
    assert 0 <= place["y"] <= 800 - place["height"]
    with Workshop.open(folder) as workshop:
        assert workshop.settings.minutes == 90
        workshop.record(stages.end())
    turn(page, "The room")
    expect(page.locator(".pw-stage:visible", has_text="The workshop has ended")).to_be_visible(timeout=WAIT)
    tabs = page.get_by_role("navigation", name="Parts of this page").bounding_box()
    erase = page.get_by_role("button", name="Erase everything …").bounding_box()
    assert tabs
    assert erase
    assert erase["y"] + erase["height"] <= tabs["y"], "erasing stands in a row of its own, not among the tabs"
    if shots:
        page.screenshot(path=shots / "room-ended.png")


@pytest.mark.parametrize(("width", "height"), SMALL_AND_LARGE)
def test_no_confirmation_and_no_question_covers_what_can_be_pressed(
    visit: Callable[..., BrowserContext], lab: Lab, folder: Path, shots: Path | None, width: int, height: int
) -> None:
    with Workshop.open(folder) as workshop:
        workshop.roster.register("Birch Lin")
    page = visit(width, height).new_page()
    page.goto(lab.page())

    def said(words: str) -> None:
        told = page.get_by_text(words).locator("visible=true")
        expect(told).to_be_visible(timeout=WAIT)
        box = told.bounding_box()
        assert box
        assert page.evaluate(FOOT) <= box["y"], f"“{words}” lies over the page"
        assert box["y"] + box["height"] <= height
        assert page.evaluate(COVERED) == []
        if shots:
            page.screenshot(path=shots / f"said-{words.split(maxsplit=1)[0].lower()}-{width}.png")

    turn(page, "The room")
    page.get_by_role("button", name="+2 minutes").click()
    said("Two minutes more.")
    page.get_by_role("button", name="End the workshop").click()
    expect(page.get_by_role("button", name="No, go on")).to_be_visible(timeout=WAIT)
    assert page.evaluate(COVERED) == []
    page.get_by_role("button", name="No, go on").click()
    turn(page, "Organizations")
    page.get_by_role("button", name="Make them one …").click()
    expect(page.get_by_role("button", name="No, they stay two")).to_be_visible(timeout=WAIT)
    assert page.evaluate(COVERED) == []
    page.get_by_role("button", name="Yes, both are “Birch Line”").click()
    said("They are one now.")
    turn(page, "Set up")
    page.get_by_text("90 minutes", exact=True).click()
    page.get_by_role("button", name="Yes, change it").click(timeout=WAIT)
    said("Saved.")
    with Workshop.open(folder) as workshop:
        workshop.record(stages.end())
    page.get_by_role("button", name="Erase everything …").click(timeout=WAIT)
    said("Nothing is erased until you say yes.")
    asked, tabs = page.locator(".pw-ask"), page.get_by_role("navigation", name="Parts of this page")
    (question, part), wide = (each.bounding_box() for each in (asked, tabs)), page.locator(".pw-beside").last
    beside = wide.bounding_box()
    assert question
    assert part
    assert beside
    assert question["x"] + question["width"] <= beside["x"] + beside["width"] + 1
    assert question["y"] + question["height"] <= part["y"]
