"""A person at a table in JupyterLab: fills a stage, reloads, loses what runs behind the page, takes the draft home."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import psutil
import pytest
from labs import FACILITATOR, SOME_NOTEBOOKS, lab_of
from playwright.sync_api import BrowserContext, Page, expect

from toolkit import Workshop
from toolkit.notebook.jupyterlab import Lab, open_lab

pytestmark = pytest.mark.browser
WAIT = 60_000
STAKEHOLDERS, DRAFTS = "1-stakeholders.ipynb", "4-drafts.ipynb"
WORDS = "Young people in our drop-in, their carers & <the night team>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Workshop.open(tmp_path / "room") as workshop:
        workshop.roster.register("Alder House", "Birch Line")
        return workshop.folder


@pytest.fixture
def lab(folder: Path, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """JupyterLab with the pages that the test names: each page costs a process."""
    with lab_of(folder, *request.param) as lab:
        yield lab


def pages(*notebooks: str) -> pytest.MarkDecorator:
    """Let `lab` have these pages."""
    return pytest.mark.parametrize("lab", [notebooks], indirect=True, ids=["lab"])


def open_page(person: BrowserContext, lab: Lab, notebook: str) -> Page:
    page = person.new_page()
    page.goto(lab.page(notebook))
    return page


def first_words(page: Page):
    return page.locator(".pw-form textarea").first


def kernel_of(lab: Lab, page: Page, notebook: str) -> int:
    sessions = page.request.get(f"{lab.address}/api/sessions?token={lab.token}").json()
    id_ = next(each["kernel"]["id"] for each in sessions if each["path"] == notebook)
    behind = psutil.Process(lab.process.pid).children(recursive=True)
    return next(each.pid for each in behind if any(id_ in word for word in each.cmdline()))


@pages(STAKEHOLDERS, DRAFTS)
def test_what_was_saved_survives_reload_and_the_death_of_what_runs_behind(
    visit: Callable[..., BrowserContext], lab: Lab, folder: Path
) -> None:
    person = visit(1280, 800)
    page = open_page(person, lab, STAKEHOLDERS)
    page.get_by_label("Which organization are you from?").select_option("Alder House", timeout=WAIT)
    first_words(page).fill(WORDS)
    expect(page.locator(".pw-status")).to_contain_text("Saved", timeout=WAIT)

    page.reload()

    expect(first_words(page)).to_have_value(WORDS, timeout=WAIT)
    first_words(page).press_sequentially(", all of them")
    expect(page.locator('.pw-status[data-state="saved"]')).to_be_visible(timeout=WAIT)
    first_words(page).press_sequentially(" and still typing")
    os.kill(kernel_of(lab, page, STAKEHOLDERS), signal.SIGKILL)
    page.close()
    again = open_page(person, lab, STAKEHOLDERS)

    expect(first_words(again)).to_have_value(f"{WORDS}, all of them and still typing", timeout=WAIT)
    expect(again.locator('.pw-status[data-state="saved"]')).to_be_visible(timeout=WAIT)
    drafts = open_page(person, lab, DRAFTS)
    drafts.get_by_role("button", name="Write all drafts in Word").click(timeout=WAIT)
    expect(drafts.get_by_text("2 drafts are written in Word.")).to_be_visible(timeout=WAIT)

    def text(path: Path) -> str:
        document = docx.Document(str(path))
        return "\n".join(document.element.body.itertext())

    texts = {path.name: text(path) for path in (folder / "drafts").glob("*.docx")}
    assert len(texts) == 2
    assert [name for name, said in texts.items() if "still typing" in said] == [
        name for name in texts if name.startswith("Alder House")
    ]


@pages(FACILITATOR, STAKEHOLDERS)
def test_facilitator_registers_and_sees_the_room(visit: Callable[..., BrowserContext], lab: Lab, folder: Path) -> None:
    page = open_page(visit(1280, 800), lab, FACILITATOR)
    names = page.get_by_label("Organizations that will come, one on each line")
    expect(names).to_be_visible(timeout=WAIT)
    names.fill("Cedar Trust\n<b>Dogwood</b>")
    page.get_by_role("button", name="Add these organizations").click()

    expect(page.get_by_role("rowheader", name="Cedar Trust")).to_be_visible(timeout=WAIT)
    expect(page.get_by_role("rowheader", name="<b>Dogwood</b>")).to_be_visible()
    page.get_by_text("90 minutes", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible(timeout=WAIT)
    shown = page.inner_text("body").lower()
    assert not [word for word in ("kernel", "token", "localhost", "127.0.0.1") if word in shown]
    page.get_by_role("link", name="1. Stakeholders").first.click()
    expect(page.get_by_label("Which organization are you from?")).to_be_visible(timeout=WAIT)


@pages(FACILITATOR)
def test_a_facilitators_page_that_lost_what_runs_behind_it_loads_itself_again(
    visit: Callable[..., BrowserContext], lab: Lab
) -> None:
    page = open_page(visit(1280, 800), lab, FACILITATOR)
    page.get_by_role("button", name="The room", exact=True).click(timeout=WAIT)
    page.get_by_role("button", name="Open stage 1 for everybody").click(timeout=WAIT)
    expect(page.get_by_role("button", name="+2 minutes")).to_be_enabled(timeout=WAIT)

    with page.expect_navigation(timeout=WAIT):
        os.kill(kernel_of(lab, page, FACILITATOR), signal.SIGKILL)

    page.get_by_role("button", name="+2 minutes").click(timeout=WAIT)
    expect(page.get_by_text("Two minutes more.")).to_be_visible(timeout=WAIT)

    error = "each => each.append(Object.assign(document.createElement('p'), {textContent: 'Error displaying widget'}))"
    with page.expect_navigation(timeout=WAIT):
        page.locator(".jp-OutputArea-output").first.evaluate(error)
    page.get_by_role("button", name="+2 minutes").click(timeout=WAIT)
    expect(page.get_by_text("Error displaying widget")).to_have_count(0, timeout=WAIT)


@pages(FACILITATOR)
def test_an_open_page_says_when_the_program_has_stopped_and_comes_back_by_itself(
    visit: Callable[..., BrowserContext], lab: Lab, folder: Path
) -> None:
    page = open_page(visit(1280, 800), lab, FACILITATOR)
    expect(page.get_by_label("Organizations that will come, one on each line")).to_be_visible(timeout=WAIT)
    address = page.url
    lab.close()

    note = page.locator(".pw-no-connection")
    expect(note).to_contain_text("The workshop's program has stopped", timeout=WAIT)
    expect(page.locator(".jp-Dialog")).to_have_count(0)

    notebooks = folder / SOME_NOTEBOOKS
    again = open_lab(notebooks, folder / ".workshop" / "lab", {"WORKSHOP_FOLDER": str(folder)}, browser=False)
    try:
        assert (again.port, again.token) == (lab.port, lab.token)
        expect(note).to_have_count(0, timeout=WAIT)
        expect(page.get_by_label("Organizations that will come, one on each line")).to_be_visible(timeout=WAIT)
        assert page.url == address
    finally:
        page.close()
        again.close()


@pages(FACILITATOR)
def test_pages_come_back_after_a_crash_that_jupyterlab_did_not_notice_or_that_met_them_while_loading(
    visit: Callable[..., BrowserContext], lab: Lab, folder: Path
) -> None:
    person = visit(1280, 800)
    open_all_along = open_page(person, lab, FACILITATOR)
    open_all_along.get_by_role("button", name="The room", exact=True).click(timeout=WAIT)
    expect(open_all_along.get_by_role("button", name="Open stage 1 for everybody")).to_be_visible(timeout=WAIT)
    loading = person.new_page()
    loading.goto(lab.page(FACILITATOR), wait_until="commit")
    loading.wait_for_selector(".jp-Notebook", timeout=WAIT)
    for each in psutil.Process(lab.process.pid).children(recursive=True):
        each.kill()
    lab.process.kill()
    lab.process.wait()

    again = open_lab(
        folder / SOME_NOTEBOOKS, folder / ".workshop" / "lab", {"WORKSHOP_FOLDER": str(folder)}, browser=False
    )
    try:
        for page, part in ((open_all_along, "Organizations"), (loading, "Drafts")):
            button = page.get_by_role("button", name=part, exact=True)
            for _ in range(2):  # the page may load itself again at the moment of the first press
                button.click(timeout=WAIT)
                if is_turned(page, part):
                    break
            expect(button).to_have_attribute("aria-current", "true")
    finally:
        person.close()
        again.close()


def is_turned(page: Page, part: str) -> bool:
    """Return whether a press has turned the page within ten seconds."""
    button = page.get_by_role("button", name=part, exact=True)
    try:
        expect(button).to_have_attribute("aria-current", "true", timeout=10_000)
    except AssertionError:
        return False
    return True
