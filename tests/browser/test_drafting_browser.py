"""Drafting on a phone: a wording that may be too broad gets a narrower one, and the draft can be seen to fill."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from join_server import Server
from playwright.sync_api import BrowserContext, Locator, Page, expect

from toolkit import Workshop
from toolkit.facilitation import stages

pytestmark = pytest.mark.browser

ALDER, QUESTION = "Alder House", "client_requests"
BROAD = "Staff must give us their passwords."
FOUND = "must give us their passwords"
CALM = "Staff keep work and home apart."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Workshop.open(tmp_path / "room", title="Spring workshop") as workshop:
        workshop.roster.register(ALDER)
        workshop.record(stages.open_stage("policy_drafting"))
    return tmp_path / "room"


@pytest.fixture
def phone(server: Server, visit: Callable[..., BrowserContext]) -> Page:
    page = visit().new_page()
    page.goto(f"{server.url}/#{server.way().key}")
    page.get_by_role("button", name=ALDER).click()
    page.get_by_role("button", name="Come in").click()
    return page


def question(page: Page) -> Locator:
    return page.locator(f'[data-question="{QUESTION}"]')


def write(page: Page, words: str) -> None:
    question(page).get_by_label("In our own words").check()
    question(page).get_by_label("Write your words here").fill(words)
    question(page).get_by_label("Write your words here").press("Tab")
    page.evaluate("document.activeElement.blur()")
    expect(page.locator(".pw-form .pw-status .pw-word")).to_have_text("Saved")


def test_a_broad_wording_is_pointed_out_with_a_narrower_one_and_can_stay(phone: Page, shots: Path | None) -> None:
    write(phone, BROAD)
    caution = question(phone).locator(".pw-caution")
    expect(caution).to_contain_text(f"Look again at “{FOUND}”.")
    expect(caution).to_contain_text("A narrower wording: We do not ask for the password to your own account.")
    if shots:
        caution.scroll_into_view_if_needed()
        phone.screenshot(path=shots / "phone-caution.png")
    assert Axe().run(phone, options={"resultTypes": ["violations"]}).response["violations"] == []
    caution.get_by_role("button", name="Leave it as it is").click()
    expect(caution).to_have_count(0)
    expect(question(phone).get_by_label("Write your words here")).to_have_value(BROAD)


def test_a_mended_wording_loses_its_caution_and_a_calm_one_gets_none(phone: Page) -> None:
    write(phone, BROAD)
    expect(question(phone).locator(".pw-caution")).to_have_count(1)
    with phone.expect_response("**/api/cautions*") as told:
        write(phone, CALM)
    assert told.value.json() == {"cautions": []}
    expect(question(phone).locator(".pw-caution")).to_have_count(0)


def test_a_ready_wording_that_was_only_chosen_is_not_asked_about(phone: Page) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    question(phone).get_by_role("radio").first.check()
    phone.evaluate("document.activeElement.blur()")
    expect(phone.locator(".pw-form .pw-status .pw-word")).to_have_text("Saved")
    write(phone, CALM)
    assert len([url for url in asked if "/api/cautions" in url]) == 1


def test_the_draft_can_be_seen_to_fill(phone: Page, shots: Path | None) -> None:
    outline = phone.locator(".pw-outline")
    outline.get_by_text("Our draft so far").click()
    row = outline.get_by_role("listitem").filter(has_text="Clients: privacy and boundaries")
    expect(row).to_contain_text("Empty")
    question(phone).get_by_role("radio").first.check()
    expect(phone.locator(".pw-form .pw-status .pw-word")).to_have_text("Saved")
    expect(row).to_contain_text("0 of 3 ready", timeout=15_000)
    outline.scroll_into_view_if_needed()
    if shots:
        phone.screenshot(path=shots / "phone-outline.png")
    assert Axe().run(phone, options={"resultTypes": ["violations"]}).response["violations"] == []
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
