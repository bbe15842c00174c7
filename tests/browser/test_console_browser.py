"""A facilitator in JupyterLab: opens a stage, watches the clock, gives time, closes softly, goes back; by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from labs import FACILITATOR, lab_of
from playwright.sync_api import BrowserContext, Page, expect

from toolkit import Workshop
from toolkit.answers.model import SCRIBE, Answer
from toolkit.facilitation import stages
from toolkit.notebook.jupyterlab import Lab
from toolkit.storage.store import new_id

pytestmark = pytest.mark.browser
WAIT = 60_000
HOSTILE = "<img src=x onerror=document.title='broken'> & friends"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Workshop.open(tmp_path / "room") as workshop:
        for organization in workshop.roster.register("Alder House", "Birch Line", HOSTILE):
            for question in ("easiest", "most_difficult", "first_step"):
                said = f"{HOSTILE} in {question}"
                workshop.discussion.save(Answer(new_id(), organization.id, SCRIBE, question, said, "ours"))
            workshop.report_back.release(organization.id)
        return workshop.folder


@pytest.fixture
def lab(folder: Path) -> Iterator[Lab]:
    with lab_of(folder, FACILITATOR) as lab:
        yield lab


def seconds(page: Page) -> int:
    shown = page.get_by_role("timer").first.inner_text()
    minutes, rest = re.fullmatch(r"(\d+):(\d\d)", shown).groups()
    return int(minutes) * 60 + int(rest)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click(timeout=WAIT)


def test_the_room_is_driven_and_reports_back(visit: Callable[..., BrowserContext], lab: Lab, folder: Path) -> None:
    page = visit(1280, 800).new_page()
    page.goto(lab.page())
    press(page, "The room")

    press(page, "Open stage 1 for everybody")
    expect(page.locator(".pw-state:visible", has_text="Open: people are writing")).to_be_visible(timeout=WAIT)
    first = seconds(page)
    expect(page.get_by_role("timer").first).not_to_have_text(f"{first // 60}:{first % 60:02}")
    assert seconds(page) < first
    page.get_by_role("button", name="+2 minutes").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Two minutes more.")).to_be_visible(timeout=WAIT)
    page.wait_for_function(
        "is => parseInt(document.querySelector('[role=timer]').innerText) > is", arg=first // 60, timeout=WAIT
    )
    press(page, "Close softly")
    expect(page.locator(".pw-state:visible", has_text="Closing softly: finish your sentence")).to_be_visible(
        timeout=WAIT
    )
    press(page, "Back")
    expect(page.locator(".pw-state:visible", has_text="Open: people are writing")).to_be_visible(timeout=WAIT)

    press(page, "Show on the projector")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("timer")).to_be_visible()
    assert dialog.get_by_role("timer").bounding_box()["height"] > 150
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    press(page, "Report back")
    assert page.locator(".pw-column").count() == 0
    press(page, "Show the released lines")
    hardest = page.locator(".pw-column", has=page.get_by_role("heading", name="Hardest"))
    expect(hardest.get_by_role("checkbox")).to_have_count(3, timeout=WAIT)
    for place in (0, 1):
        hardest.get_by_role("checkbox").nth(place).focus()
        page.keyboard.press("Space")
        expect(hardest.locator("input:checked")).to_have_count(place + 1, timeout=WAIT)
        page.wait_for_timeout(300)
    page.get_by_label("What the chosen ones have in common").fill("Old ties")
    press(page, "Group these")
    expect(hardest.get_by_role("checkbox")).to_have_count(2, timeout=WAIT)
    expect(hardest.get_by_label("Old ties")).to_be_visible()
    assert page.title() != "broken"
    press(page, "Next speaker")
    expect(page.get_by_text("has the floor.").locator("visible=true")).to_be_visible(timeout=WAIT)

    with Workshop.open(folder) as workshop:
        assert stages.fold(workshop.current.store.events()).now == stages.Moment("stakeholders", "open")
        assert [each.title for each in workshop.report_back.reported().entries("most_difficult") if each.is_group] == [
            "Old ties"
        ]
