"""Tabs in a real JupyterLab: one open all along shows what one opened now does; Back shows the page before."""

from __future__ import annotations

import random
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psutil
import pytest
from labs import FACILITATOR, SOME_NOTEBOOKS, copies, lab_of
from playwright.sync_api import BrowserContext, Page, Route, expect
from sheets import written

from toolkit import Workshop
from toolkit.answers.model import SCRIBE, Answer
from toolkit.errors import WorkshopError
from toolkit.facilitation import report_back, stages
from toolkit.notebook.jupyterlab import Lab
from toolkit.storage.store import new_id

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WAIT, PATIENCE = 60_000, 30
SEED, STEPS, COMPARED_EVERY = 9, 20, 5
STAKEHOLDERS = "1-stakeholders.ipynb"
NEW = {FACILITATOR: "new-facilitator.ipynb", STAKEHOLDERS: "new-stakeholders.ipynb"}
"""Copies whose process is ended before each look: what fills them in then knows nothing of what was shown before."""

ALDER, BIRCH, OTHER_SPELLING = "Alder House", "Birch Line", "Alder Haus"
PARTS = ("The room", "Organizations", "Report back", "Set up")

SHOWN = """() => {
  const seen = (each) => each.getClientRects().length && !each.closest(".pw-said, dialog, .pw-away");
  const outer = (each) => !each.parentElement.closest(".pw-desk");
  const desk = [...document.querySelectorAll(".pw-desk")].find((each) => seen(each) && outer(each));
  if (!desk) return "";
  const fields = [...desk.querySelectorAll("input, select, textarea, button")].filter(seen)
    .map((each) => [each.tagName, each.type, each.value, each.checked, each.disabled, each.selectedOptions?.[0]?.text]);
  return JSON.stringify([desk.innerText.replace(/\\s+/g, " "), fields]);
}"""
"""What a page shows: its words and its fields, without confirmations."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    own = written(tmp_path / "own")
    with Workshop.open(tmp_path / "room") as workshop:
        workshop.settings.change(worksheet=str(own))
        workshop.roster.register(ALDER, BIRCH, OTHER_SPELLING)
        for name in ("Wren", "Otter"):
            workshop.roster.join(workshop.roster.organization(ALDER).id, name)
        (workshop.settings.hidden / "table-organization").write_text(
            workshop.roster.organization(ALDER).id, encoding="utf-8"
        )
        return workshop.folder


@pytest.fixture
def lab(folder: Path) -> Iterator[Lab]:
    copies(folder, FACILITATOR, STAKEHOLDERS)
    for notebook, copy in NEW.items():
        shutil.copy(folder / SOME_NOTEBOOKS / notebook, folder / SOME_NOTEBOOKS / copy)
    with lab_of(folder, FACILITATOR, STAKEHOLDERS) as lab:
        yield lab


def shown(page: Page) -> str:
    """Return what a page shows, whatever its clocks say."""
    return re.sub(r"\b\d+:\d\d\b", "0:00", str(page.evaluate(SHOWN)))


def opened(person: BrowserContext, lab: Lab, notebook: str) -> Page:
    page = person.new_page()
    page.goto(lab.page(notebook))
    page.wait_for_function(f"({SHOWN})() !== ''", timeout=WAIT)
    return page


def opened_anew(person: BrowserContext, lab: Lab, notebook: str) -> Page:
    """Open a page that is filled in now, by a process of its own."""
    sessions = person.request.get(f"{lab.address}/api/sessions?token={lab.token}").json()
    kernel = next(each["kernel"]["id"] for each in sessions if each["path"] == notebook)
    behind = psutil.Process(lab.process.pid).children(recursive=True)
    process = next(each for each in behind if any(kernel in word for word in each.cmdline()))
    process.kill()
    process.wait(WAIT / 1000)
    return opened(person, lab, notebook)


def new_version(workshop: Workshop, drawn: random.Random) -> None:
    """Edit the files of the worksheet, and use them."""
    asks = drawn.choice(("Who?", "Who are you?", "Whom do you serve?"))
    written(workshop.folder.parent / "own", f"- {{id: who, kind: text, ask: {asks}}}")
    update = workshop.settings.worksheet_in_use.update()
    if update.state == "available":
        update.apply()


def said(workshop: Workshop, drawn: random.Random) -> None:
    group = drawn.choice(workshop.organizations)
    question = drawn.choice([each.id for each in workshop.worksheet.questions.values() if each.kind == "text"])
    workshop.discussion.save(Answer(new_id(), group.id, SCRIBE, question, f"Words {drawn.random():.6f}", "ours"))


def changed(workshop: Workshop, drawn: random.Random) -> None:
    own = str(workshop.folder.parent / "own")
    workshop.settings.change(
        worksheet=drawn.choice((own, own, "supervised-visitation")), minutes=drawn.choice((60, 90, 180))
    )


def opened_stage(workshop: Workshop, drawn: random.Random) -> None:
    workshop.record(stages.open_stage(drawn.choice([each.id for each in workshop.worksheet.stages])))


ACTS: Mapping[str, Callable[[Workshop, random.Random], object]] = {
    "an organization comes": lambda workshop, drawn: workshop.roster.register(f"Group {drawn.randrange(9)}"),
    "a person comes": lambda workshop, drawn: workshop.roster.join(drawn.choice(workshop.organizations).id, ""),
    "an answer": said,
    "another worksheet or length": changed,
    "a new version of the worksheet": new_version,
    "a stage opens": opened_stage,
    "it is closed": lambda workshop, _: workshop.record(stages.close_stage(workshop.worksheet.stages[0].id)),
    "a help request": lambda workshop, drawn: workshop.record(stages.ask_help(drawn.choice(workshop.roster.people).id)),
    "two spellings": lambda workshop, _: workshop.roster.merge(OTHER_SPELLING, ALDER),
    "two spellings after all": lambda workshop, _: [
        workshop.roster.take_apart(each.id) for each, _ in workshop.roster.merged
    ],
    "lines are released": lambda workshop, drawn: workshop.report_back.release(drawn.choice(workshop.organizations).id),
    "the board is shown": lambda workshop, _: workshop.record(report_back.show()),
    "a vote": lambda workshop, _: workshop.record(report_back.open_vote()),
    "a step back": lambda workshop, _: workshop.record(stages.go_back()),
}
"""What phones and another facilitator do, from another process than the pages'."""


def test_a_tab_open_all_along_shows_what_a_new_one_shows(
    visit: Callable[..., BrowserContext], lab: Lab, folder: Path
) -> None:
    person, drawn, seen = visit(1280, 800), random.Random(SEED), set()
    tabs = {notebook: opened(person, lab, notebook) for notebook in (FACILITATOR, STAKEHOLDERS)}
    with Workshop.open(folder) as workshop:
        done: list[str] = []
        for part in PARTS:
            turn(tabs[FACILITATOR], part)  # before anything happens: a part that is turned to is drawn anyway
            done += [act(workshop, drawn) for _ in range(COMPARED_EVERY)]
            for notebook, page in tabs.items():
                fresh = opened_anew(person, lab, NEW[notebook])
                if notebook == FACILITATOR:
                    turn(fresh, part)
                seen.add(same(page, fresh, f"{notebook}, {part}, after {', '.join(done)}"))
    assert len(done) == STEPS
    assert len(seen) > len(PARTS), "what happened was to be seen on the pages"


def act(workshop: Workshop, drawn: random.Random) -> str:
    """Do something that may be refused: then nothing happens, as with a person; return what it was."""
    name = drawn.choice([*ACTS])
    try:
        ACTS[name](workshop, drawn)
    except WorkshopError:
        return f"{name} (refused)"
    return name


def turn(page: Page, part: str) -> None:
    way = page.get_by_role("navigation", name="Parts of this page").get_by_role("button", name=part, exact=True)
    way.click(timeout=WAIT)
    expect(way).to_have_attribute("aria-current", "true", timeout=WAIT)


def same(page: Page, fresh: Page, where: str) -> str:
    """Wait until two tabs show the same; the new one is closed then. Return what they show."""
    end = time.monotonic() + PATIENCE
    while (one := shown(page)) != (other := shown(fresh)) and time.monotonic() < end:
        page.wait_for_timeout(300)
    assert one == other, where
    fresh.close()
    return one


def test_back_and_forward_show_the_page_of_the_address(visit: Callable[..., BrowserContext], lab: Lab) -> None:
    page = opened(visit(1280, 800), lab, FACILITATOR)
    page.get_by_role("link", name="1. Stakeholders").first.click()
    page.wait_for_url(f"**/{STAKEHOLDERS}*", timeout=WAIT)
    expect(page.get_by_label("Which organization are you from?")).to_be_visible(timeout=WAIT)

    page.go_back()
    expect(page.get_by_role("button", name="Set up", exact=True)).to_be_visible(timeout=WAIT)
    expect(page.get_by_label("Which organization are you from?")).to_be_hidden(timeout=WAIT)
    assert FACILITATOR in page.url
    page.go_forward()
    expect(page.get_by_label("Which organization are you from?")).to_be_visible(timeout=WAIT)
    expect(page.get_by_role("button", name="Set up", exact=True)).to_be_hidden(timeout=WAIT)
    assert STAKEHOLDERS in page.url


def test_back_is_heard_while_the_next_page_still_loads(visit: Callable[..., BrowserContext], lab: Lab) -> None:
    page = opened(visit(1280, 800), lab, FACILITATOR)
    late: list[Route] = []
    may_load: list[bool] = []
    ours = "**/policy-workshop-connection/static/*.js*"
    page.route(ours, lambda script: script.continue_() if may_load else late.append(script))
    page.get_by_role("link", name="1. Stakeholders").first.click()
    while not late:
        page.wait_for_timeout(50)
    page.wait_for_url(f"**/{STAKEHOLDERS}*", timeout=WAIT, wait_until="commit")

    page.evaluate("history.back()")  # Playwright's own waits for a page that is whole
    page.wait_for_url(f"**/{FACILITATOR}*", timeout=WAIT, wait_until="commit")
    may_load.append(True)
    for script in late:
        script.continue_()
    expect(page.get_by_role("button", name="Set up", exact=True)).to_be_visible(timeout=WAIT)
    expect(page.get_by_label("Which organization are you from?")).to_be_hidden(timeout=WAIT)
    assert FACILITATOR in page.url
