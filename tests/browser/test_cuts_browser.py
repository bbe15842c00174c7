"""Whoever types through a cut network loses nothing: not by a reload, a killed tab, a killed server, a dead battery."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from cut_phones import ENDS, MANNERS, Cell, Fate, prepared, room_of
from join_server import Proxy, Server
from playwright.async_api import async_playwright
from playwright.sync_api import Browser, BrowserContext, Error, expect

pytestmark = pytest.mark.browser

CUT = 4.0
Visited = Callable[[], BrowserContext]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "room")
    prepared(made)
    yield made.start()
    made.stop()


def played(server: Server, path: str, quiet: list[str], cells: list[Cell]) -> list[Fate]:
    """Play in a thread: this one already belongs to the other tests' browser."""
    fates: list[Fate] = []

    async def play() -> None:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=path, args=quiet)
            fates.extend(await room_of(browser, server, cells))
            await browser.close()

    playing = threading.Thread(target=lambda: asyncio.run(play()))
    playing.start()
    playing.join()
    return fates


@pytest.mark.parametrize("end", ENDS)
def test_a_cut_loses_no_word_and_the_label_tells_the_truth(
    server: Server, chromium_path: str, quiet: list[str], end: str
) -> None:
    fates = played(server, chromium_path, quiet, [Cell(CUT, end, seed) for seed in range(len(MANNERS))])
    assert len(fates) == len(MANNERS)
    assert [each for each in fates if each.lost or each.twice or each.label or each.wrong] == []
    assert all(each.typed for each in fates)


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "device"


@pytest.fixture
def visited(chromium: Browser, chromium_path: str, quiet: list[str], profile: Path) -> Iterator[Visited]:
    """The same device again and again: what is on its disk stays."""
    made: list[BrowserContext] = []

    def visit() -> BrowserContext:
        made.append(chromium.browser_type.launch_persistent_context(profile, executable_path=chromium_path, args=quiet))
        return made[-1]

    yield visit
    for each in made:
        with suppress(Error):
            each.close()


def goes_dark(profile: Path) -> None:
    """End the whole browser at once, as an empty battery does."""
    for each in psutil.process_iter(["cmdline"]):
        if f"--user-data-dir={profile}" in (each.info["cmdline"] or []):
            with suppress(psutil.Error):
                each.kill()
    for each in profile.glob("Singleton*"):
        each.unlink()


def test_words_outlive_an_empty_battery(server: Server, visited: Visited, profile: Path) -> None:
    wire, device = Proxy(server.port), visited()
    page = device.new_page()
    page.goto(f"{wire.url}/#{server.way().key}")
    page.get_by_role("button", name="House 1").click()
    page.get_by_role("button", name="Come in").click()
    field = page.locator(".pw-form textarea.pw-field").first
    field.fill("Before")
    expect(page.locator(".pw-form .pw-status .pw-word")).to_have_text("Saved")
    wire.cut()
    field.fill("Before, and after the network went")
    page.wait_for_timeout(2000)
    cookies = device.cookies()
    goes_dark(profile)

    wire.mend()
    device = visited()
    device.add_cookies(cookies)
    page = device.new_page()
    page.goto(wire.url)
    expect(page.locator(".pw-form textarea.pw-field").first).to_have_value("Before, and after the network went")
    expect(page.locator(".pw-form .pw-status .pw-word")).to_have_text("Saved")
    wire.close()
