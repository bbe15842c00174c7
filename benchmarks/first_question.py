"""How long a person waits for the first question, in a real Chromium: on the join page, and on a page of Voila."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "browser"))

from conftest import MISSING, QUIET, find_chromium

VISITS = 10
BETWEEN = 2.5
"""Seconds between two visits: the join page lets nobody load it much faster for long."""

QUESTION = ".pw-form [data-question]"
SEEN = f"""
const look = () => {{
  const found = document.querySelector({json.dumps(QUESTION)});
  if (found && found.offsetHeight) window.seenAfter = performance.now();
  else requestAnimationFrame(look);
}};
requestAnimationFrame(look);
"""
"""Milliseconds from the beginning of the navigation to the first picture with a question in it, by the page's clock."""

PHONE = {"viewport": {"width": 390, "height": 844}}


@contextmanager
def browser() -> Iterator[Browser | None]:
    """Yield a Chromium, or None, loudly, when there is none here."""
    found = find_chromium()
    if found is None:
        print(f"NOT MEASURED: time to the first question, {MISSING}")
        yield None
        return
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield opened
        opened.close()


def join_in(context: BrowserContext, link: str, organization: str) -> None:
    """Come in by the link, as a person does."""
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name=organization, exact=True).click()
    page.get_by_role("button", name="Come in").click()
    page.locator(QUESTION).first.wait_for()
    page.close()


def waits(context: BrowserContext, url: str, visits: int, slower: int = 1) -> list[float]:
    """Seconds to the first question, one visit after another on the same device."""
    return [_visit(context.new_page(), url, slower) for _ in range(visits)]


def _visit(page: Page, url: str, slower: int) -> float:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.add_init_script(SEEN)
    page.goto(url, timeout=120_000)
    page.locator(QUESTION).first.wait_for(timeout=120_000)
    page.evaluate("new Promise(requestAnimationFrame)")
    seen = float(page.evaluate("window.seenAfter"))
    page.close()
    time.sleep(BETWEEN)
    return seen / 1000


def in_words(found: list[float]) -> str:
    return f"{statistics.median(found):.2f} s (median of {len(found)}, worst {max(found):.2f})"


def cold(chromium: Browser, url: str, visits: int, cookies: BrowserContext | None = None) -> list[float]:
    """Seconds to the first question on devices that have nothing of the page yet."""
    found = []
    for _ in range(visits):
        state = cookies.storage_state() if cookies else None
        context = chromium.new_context(**PHONE, storage_state=state)
        found += waits(context, url, 1)
        context.close()
    return found
