"""What a cut network costs whoever types: python benchmarks/cuts.py [SEEDS] [SECONDS ...]; a table is printed.

Real Chromium phones type against the real server, each through a wire of its own; meanwhile the page is loaded again,
its tab is killed, or the server is killed (kill -9). Then the store is held against what was typed.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

HOUSE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(HOUSE / "tests" / "browser"), str(HOUSE / "tests")]

from conftest import QUIET, find_chromium  # noqa: E402
from cut_phones import ENDS, Cell, Fate, prepared, room_of  # noqa: E402
from join_server import Server  # noqa: E402
from playwright.async_api import async_playwright  # noqa: E402

HEAD = "| cut | meanwhile | phones | typed | lost | twice | label wrong | told after | sent after | not sent |"


WAVE = 10
"""Phones at once: more than these, and it is this computer that is slow, not the page."""


async def cell(seconds: float, end: str, seeds: int) -> list[Fate]:
    """Play one cell of the table."""
    waves = [range(seeds)[start : start + WAVE] for start in range(0, seeds, WAVE)]
    return [fate for wave in waves for fate in await played([Cell(seconds, end, seed) for seed in wave])]


async def played(cells: list[Cell]) -> list[Fate]:
    """Let some phones live through it in a room of their own."""
    with TemporaryDirectory() as folder:
        server = Server(Path(folder) / "room")
        prepared(server)
        server.start()
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=find_chromium(), args=QUIET)
            fates = await room_of(browser, server, cells)
            await browser.close()
        server.stop()
    return fates


def row(seconds: float, end: str, fates: list[Fate]) -> str:
    """Return one row of the table: sums, and the worst of the times."""
    sums = (sum(getattr(each, name) for each in fates) for name in ("typed", "lost", "twice"))
    wrong, told = sum(len(each.label) for each in fates), max(each.unsaved_after for each in fates)
    sent, left = max(each.sent_after for each in fates), sum(len(each.wrong) for each in fates)
    figures = [f"{seconds:g} s", end, len(fates), *sums, wrong, f"{told:.1f} s", f"{sent:.1f} s", left]
    return f"| {' | '.join(map(str, figures))} |"


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    cuts = [float(each) for each in sys.argv[2:]] or [5.0, 60.0]
    print(f"{seeds} seeds, {os.cpu_count()} cores, Python {sys.version.split()[0]}", HEAD, sep="\n", flush=True)
    began = time.monotonic()
    for seconds in cuts:
        for end in ENDS:
            fates = asyncio.run(cell(seconds, end, seeds))
            print(row(seconds, end, fates), flush=True)
            for each in fates:
                if each.lost or each.twice or each.label or each.wrong or max(each.unsaved_after, each.sent_after) > 10:
                    print("   ", each, flush=True)
    print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
