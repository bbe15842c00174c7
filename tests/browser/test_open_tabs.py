"""Tabs in a real JupyterLab: one open all along shows what one opened now does; Back shows the page before."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from toolkit import Workshop, reportback, room
from toolkit.answer import SCRIBE, Answer
from toolkit.boards.facilitator import PARTS
from toolkit.lab import Lab, open_lab
from toolkit.store import new_id

pytestmark = pytest.mark.browser
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
WAIT, PATIENCE = 60_000, 60
STEPS = 20
PAGES = ("1-stakeholders.ipynb", "2-policy-drafting.ipynb", "3-report-back.ipynb", "4-drafts.ipynb")

SHOWN = """() => {
  const seen = (each) => each.getClientRects().length && !each.closest(".pw-said, dialog, .pw-away");
  const outer = (each) => !each.parentElement.closest(".pw-desk");
  const desk = [...document.querySelectorAll(".pw-desk")].find((each) => seen(each) && outer(each));
  if (!desk) return "";
  const fields = [...desk.querySelectorAll("input, select, textarea, button")].filter(seen)
    .map((each) => [each.tagName, each.type, each.value, each.checked, each.disabled, each.selectedOptions?.[0]?.text]);
  return JSON.stringify([desk.innerText.replace(/\\s+/g, " "), fields]);
}"""
"""What a page shows: its words and its fields, without the time that a clock shows and without confirmations."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Workshop.open(tmp_path / "room") as workshop:
        return workshop.folder


@pytest.fixture
def lab(folder: Path) -> Iterator[Lab]:
    lab = open_lab(NOTEBOOKS, folder / ".workshop" / "lab", {"WORKSHOP_FOLDER": str(folder)}, 8905, browser=False)
    yield lab
    lab.close()


def shown(page: Page) -> str:
    return re.sub(r"\b\d+:\d\d\b", "0:00", str(page.evaluate(SHOWN)))


def opened(person: BrowserContext, lab: Lab, notebook: str) -> Page:
    page = person.new_page()
    page.goto(lab.page(notebook))
    page.wait_for_function(f"({SHOWN})() !== ''", timeout=WAIT)
    return page


def acts(workshop: Workshop) -> Iterator[Callable[[], object]]:
    """Twenty steps of a day, as phones and another facilitator take them; they come from another process."""
    alder, birch = "Alder House", "Birch Line"
    yield lambda: workshop.register(alder)
    yield lambda: workshop.register(birch, "Alder Haus")
    yield lambda: workshop.change(worksheet="supervised-visitation")
    yield lambda: workshop.change(worksheet="sextech-2010")
    yield lambda: workshop.join(workshop.organization(alder), "Wren")
    yield lambda: workshop.happen(*room.open_stage("stakeholders"))
    yield lambda: workshop.happen(*room.ask_help(workshop.people[0].id))
    yield lambda: said(workshop, alder, "easiest")
    yield lambda: workshop.happen(*room.ask_help(workshop.people[0].id, yes=False))
    yield lambda: workshop.merge("Alder Haus", alder)
    yield lambda: workshop.change(minutes=180)
    yield lambda: workshop.happen(*room.reveal("stakeholders"))
    yield lambda: workshop.happen(*room.close_stage("stakeholders"))
    yield lambda: said(workshop, birch, "most_difficult")
    yield lambda: workshop.release(workshop.organization(birch))
    yield lambda: workshop.happen(*reportback.show())
    yield lambda: workshop.happen(*reportback.open_vote())
    yield lambda: workshop.take_apart("Alder Haus")
    yield lambda: workshop.happen(*room.go_back())
    yield lambda: workshop.happen(*room.end())


def said(workshop: Workshop, name: str, question: str) -> None:
    group = workshop.organization(name)
    workshop.save(Answer(new_id(), group.id, SCRIBE, question, "Words of ours", "ours"))


def test_a_tab_open_all_along_shows_what_a_new_one_shows(
    visit: Callable[..., BrowserContext], lab: Lab, folder: Path
) -> None:
    person, drawn = visit(1280, 800), random.Random(9)
    page = opened(person, lab, "facilitator.ipynb")
    tables = {name: opened(person, lab, name) for name in PAGES}
    with Workshop.open(folder) as workshop:
        for place, act in enumerate(acts(workshop)):
            act()
            name = PAGES[place % len(PAGES)]
            part = drawn.choice(list(PARTS.values()))
            way = page.get_by_role("navigation", name="Parts of this page").get_by_role("button", name=part, exact=True)
            way.click(timeout=WAIT)
            expect(way).to_have_attribute("aria-current", "true", timeout=WAIT)
            same(page, opened(person, lab, "facilitator.ipynb"), f"step {place}, {part}")
            same(tables[name], opened(person, lab, name), f"step {place}, {name}")
    assert place == STEPS - 1


def same(page: Page, fresh: Page, where: str) -> None:
    """Wait until two tabs show the same; the new one is closed then."""
    end = time.monotonic() + PATIENCE
    while (one := shown(page)) != (other := shown(fresh)) and time.monotonic() < end:
        page.wait_for_timeout(300)
    assert one == other, where
    fresh.close()


def test_back_and_forward_show_the_page_of_the_address(visit: Callable[..., BrowserContext], lab: Lab) -> None:
    page = opened(visit(1280, 800), lab, "facilitator.ipynb")
    page.get_by_role("link", name="1. Stakeholders").first.click()
    expect(page.get_by_role("heading", name="1. Stakeholders")).to_be_visible(timeout=WAIT)
    page.wait_for_url("**/1-stakeholders.ipynb*", timeout=WAIT)
    expect(page.get_by_label("Which organization are you from?")).to_be_visible(timeout=WAIT)

    page.go_back()
    expect(page.get_by_role("heading", name="Facilitator")).to_be_visible(timeout=WAIT)
    expect(page.get_by_role("button", name="Set up", exact=True)).to_be_visible(timeout=WAIT)
    assert "facilitator.ipynb" in page.url
    page.go_forward()
    expect(page.get_by_role("heading", name="1. Stakeholders")).to_be_visible(timeout=WAIT)
    expect(page.get_by_label("Which organization are you from?")).to_be_visible(timeout=WAIT)
