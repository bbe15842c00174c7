"""One real Chromium for every browser test (a machine without it says so by name), and the join page that it opens."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from join_server import NAME, Proxy, Server, served
from playwright.sync_api import Browser, BrowserContext, sync_playwright

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
"""What a Chromium may be called. The first is Debian's without windows: the same pages for two thirds of the work."""

QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
]  # fmt: skip
MISSING = "no Chromium: install `chromium` or `google-chrome`, or name one in WORKSHOP_CHROMIUM"


def find_chromium() -> str | None:
    """Return the path of a Chromium: the one that WORKSHOP_CHROMIUM names, else one on the PATH."""
    named = os.environ.get("WORKSHOP_CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


def is_required(part: str) -> bool:
    """Return whether WORKSHOP_REQUIRE (a comma list) wants `part` to run on this machine."""
    return part in os.environ.get("WORKSHOP_REQUIRE", "").replace(" ", "").split(",")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return the browser's path; without one, skip by name, or fail where WORKSHOP_REQUIRE=browser."""
    found = find_chromium()
    if not found:
        (pytest.fail if is_required("browser") else pytest.skip)(MISSING)
    return found


@pytest.fixture(scope="session")
def quiet() -> list[str]:
    """Return how a browser is started here."""
    return QUIET


@pytest.fixture(scope="session")
def chromium(chromium_path: str) -> Iterator[Browser]:
    """Yield one browser for the whole run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Yield a maker of browser contexts (a person's device each); all are closed at the end."""
    open_: list[BrowserContext] = []

    def make(width: int = 390, height: int = 844, **options: object) -> BrowserContext:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(10_000)
        open_.append(context)
        return context

    yield make
    for context in open_:
        context.close()


@pytest.fixture
def shots() -> Path | None:
    """Return the folder for pictures, when WORKSHOP_SHOTS names one."""
    named = os.environ.get("WORKSHOP_SHOTS")
    if not named:
        return None
    folder = Path(named)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def server(folder: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    """Yield the running join page of the workshop in the test file's own fixture `folder`."""
    with served(folder, request, (NAME,)) as server:
        yield server


@pytest.fixture
def wire(server: Server) -> Iterator[Proxy]:
    """Yield a wire to the join page that can be cut."""
    made = Proxy(server.port)
    yield made
    made.close()
