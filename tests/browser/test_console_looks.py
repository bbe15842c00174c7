"""The facilitator's page in JupyterLab: every part and what the projector shows is accessible, and fits the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from labs import FACILITATOR, lab_of
from playwright.sync_api import BrowserContext, Page, expect

from toolkit import Workshop
from toolkit.facilitation import report_back, stages
from toolkit.facilitation.invitation import JoinLink, join_link_event
from toolkit.notebook.facilitator_page import PARTS, SCENES
from toolkit.notebook.jupyterlab import Lab

pytestmark = pytest.mark.browser
WAIT = 60_000
MANY, MORE = 58, ("Katsura Health Outrech Team", "Birch Line")
ROWS = tuple("10" * 12 + "1" for _ in range(25))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Workshop.open(tmp_path / "room") as workshop:
        workshop.rehearsals.rehearse(MANY, MANY, 3)
        workshop.current.store.set_fact("rehearsal", False)
        *_, paper = workshop.roster.register(*MORE)
        here = {each.id: stages.Presence(4, int(place < 7)) for place, each in enumerate(workshop.organizations)}
        door = JoinLink(("192.168.1.23",), 8000, "k" * 22, "ABCDEFGHJ", {"192.168.1.23": ROWS})
        happened = [stages.open_stage("stakeholders"), stages.close_softly("stakeholders"), stages.tell_presence(here)]
        happened += [stages.ask_help(each.id) for each in workshop.roster.people[:3]] + [
            report_back.show(),
            join_link_event(door),
        ]
        happened += [stages.on_paper(paper.id), stages.on_paper(paper.id, "stakeholders")]
        for act in happened:
            workshop.record(act)
        for each in workshop.organizations[:4]:
            workshop.report_back.release(each.id)
        return workshop.folder


@pytest.fixture
def lab(folder: Path) -> Iterator[Lab]:
    with lab_of(folder, FACILITATOR) as lab:
        yield lab


def faults(page: Page, inside: str) -> list[str]:
    found = Axe().run(page, context=inside).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['target']}" for each in found]


def turn(page: Page, ways: str, name: str) -> None:
    way = page.get_by_role("navigation", name=ways).get_by_role("button", name=name, exact=True)
    way.focus()
    page.keyboard.press("Enter")
    expect(way).to_have_attribute("aria-current", "true", timeout=WAIT)


SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def test_every_part_and_scene(visit: Callable[..., BrowserContext], lab: Lab, shots: Path | None) -> None:
    page = visit(1280, 800).new_page()

    def look(inside: str, name: str) -> None:
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            if shots:
                page.screenshot(path=shots / f"{name.lower().replace(' ', '-')}-{scheme}.png")
            assert faults(page, inside) == [], f"{name}, {scheme}"

    page.goto(lab.page())
    expect(page.get_by_text("7 still typing").locator("visible=true")).to_be_visible(timeout=WAIT)
    for part in PARTS.values():
        turn(page, "Parts of this page", part)
        page.wait_for_timeout(500)
        look(".pw", f"console-{part}")
        wide, seen = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
        assert wide <= seen, part

    page.get_by_role("button", name="Show on the projector").press("Enter")
    for scene, name in SCENES:
        turn(page, "What the projector shows", name)
        shown = page.locator(f".pw-scene[data-scene={scene}]")
        expect(shown).to_be_visible(timeout=WAIT)
        look(".pw-projector", f"projector-{scene}")
        if scene != "report_back":  # the lines of a room may be many; what counts there is the speaker, at the top
            tall, seen = page.evaluate(
                "() => (d => [d.scrollHeight, d.clientHeight])(document.querySelector('dialog'))"
            )
            assert tall <= seen, name
    assert float(page.locator(".pw-scene").first.evaluate("each => parseFloat(getComputedStyle(each).fontSize)")) >= 24


def test_names_that_look_alike_are_made_one_by_keyboard(
    visit: Callable[..., BrowserContext], lab: Lab, folder: Path
) -> None:
    page = visit(1280, 800).new_page()
    page.goto(lab.page())
    page.get_by_role("button", name="Organizations", exact=True).click(timeout=WAIT)
    page.get_by_role("button", name="Make them one …").press("Enter")
    page.get_by_role("button", name="Yes, both are “Katsura Health Outreach Team”").press("Enter")
    expect(page.get_by_text("They are one now.")).to_be_visible(timeout=WAIT)
    with Workshop.open(folder) as workshop:
        assert [(each.name, one.name) for each, one in workshop.roster.merged] == [
            (MORE[0], "Katsura Health Outreach Team")
        ]


def test_a_facilitator_practises_and_comes_back(
    visit: Callable[..., BrowserContext], lab: Lab, folder: Path, shots: Path | None
) -> None:
    page = visit(1280, 800).new_page()
    page.goto(lab.page())
    page.get_by_role("button", name="Set up", exact=True).click(timeout=WAIT)
    page.get_by_role("button", name="Practise with made-up people").click(timeout=WAIT)
    expect(page.get_by_text("You are practising.").locator("visible=true")).to_be_visible(timeout=WAIT)
    page.get_by_role("button", name="The room", exact=True).locator("visible=true").click()
    page.get_by_role("button", name="Open stage 1 for everybody").locator("visible=true").click()
    expect(page.get_by_role("heading", name="Help requests (1)").locator("visible=true")).to_be_visible(timeout=WAIT)
    if shots:
        page.screenshot(path=shots / "console-practice.png")
    assert faults(page, ".pw") == []
    page.get_by_role("button", name="Stop practising …").click()
    page.get_by_role("button", name="Yes, throw it away").click()
    expect(page.get_by_text("You are practising.")).to_have_count(0, timeout=WAIT)
    assert not (folder / "rehearsal").exists()
    with Workshop.open(folder) as workshop:
        assert len(workshop.organizations) == MANY + len(MORE)
