"""The `start` command: opens a workshop, its notebooks and its join page, and watches over both until it is stopped."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from toolkit.hall.kept import FOLDER
from toolkit.join.address import door
from toolkit.join.alone import alone
from toolkit.lab import Lab, free_port, open_lab
from toolkit.shelf import HOUSE
from toolkit.workshop import Workshop

NOTEBOOKS = HOUSE / "notebooks"
LAB_PORT = 8888
LOOK = 1.0
"""Seconds between two looks at what we started."""

LONGEST_PAUSE = 30.0
WAYS_IN = 20
"""Looks for the way in before going on without it."""


@dataclass(slots=True)
class JoinPage:
    """The join page while it runs, in a process of its own; started again when it dies, ever less eagerly."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None)
    began: float = 0.0
    pause: float = LOOK

    def keep(self) -> None:
        """Start it when it does not run; one that dies at once waits longer each time, up to half a minute."""
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None and time.monotonic() - self.began < self.pause:
            return
        lived = time.monotonic() - self.began
        self.pause = LOOK if self.process is None or lived > LONGEST_PAUSE else min(2 * self.pause, LONGEST_PAUSE)
        command = [sys.executable, "-P", "-m", "toolkit.join.server", str(self.folder), "--port", str(self.port)]
        self.process, self.began = subprocess.Popen(command, stdin=subprocess.DEVNULL), time.monotonic()

    def close(self) -> None:
        """End it; what it had saved is saved."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)


def start(asked: argparse.Namespace) -> None:
    """Open the workshop of a `workshop start`, and stay until Ctrl+C, or until the system or its window ends it."""
    _end_as_with_ctrl_c()
    with Workshop.open(asked.folder, asked.worksheet, asked.title) as workshop, alone(workshop):
        print(f"The workshop “{workshop.title}” is in {workshop.folder}.", flush=True)
        folder, hidden = workshop.folder, workshop.hidden
    page, lab = JoinPage(folder, _everywhere_free(asked.port)), None
    try:
        page.keep()
        _tell_way_in(folder, page)
        lab = None if asked.no_lab else _lab(folder, hidden, browser=not asked.no_browser)
        _stay(page, lab)
    except KeyboardInterrupt:
        print("Stopping …", flush=True)
    finally:
        page.close()
        if lab:
            lab.close()
        print(_last_words(folder), flush=True)


def _end_as_with_ctrl_c() -> None:
    """Let a window that is closed, or a system that shuts down, end us in order: nothing we started is left behind."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)


def _last_words(folder: Path) -> str:
    """Erase the workshop when its facilitator has said so; return the receipt, or that all is kept."""
    if not Workshop.is_in(folder):
        return "Stopped."
    with Workshop.open(folder) as workshop:
        if workshop.is_to_be_erased:
            return workshop.erase().words().rstrip()
    return "Stopped. Everything saved so far is kept."


def _tell_way_in(folder: Path, page: JoinPage) -> None:
    """Say where phones come in, as soon as the join page has written it down."""
    with Workshop.open(folder) as workshop:
        for _ in range(WAYS_IN):
            way = door(workshop)
            if way and way.port == page.port:
                print(f"Phones in this room: {way.url} and the code {way.grouped_code}", flush=True)
                return
            time.sleep(LOOK / 2)


def _everywhere_free(wanted: int) -> int:
    port = free_port(wanted)
    if port != wanted:
        print(f"Port {wanted} is in use by another program, so the join page uses {port}.", flush=True)
    return port


def _lab(folder: Path, hidden: Path, *, browser: bool) -> Lab:
    print("Opening the notebooks. This takes about ten seconds …", flush=True)
    lab = open_lab(NOTEBOOKS, hidden / "lab", _surroundings(folder), LAB_PORT, browser)
    for note in lab.notes:
        print(note, flush=True)
    if not browser:
        print(f"The facilitator's page: {lab.page()}", flush=True)
    print("Leave this window open while you work. Press Ctrl+C to stop; everything is saved.", flush=True)
    return lab


def _surroundings(folder: Path) -> Mapping[str, str]:
    kept = {name: os.environ[name] for name in ("WORKSHOP_DATABASE",) if name in os.environ}
    return kept | {FOLDER: str(folder)}


def _stay(page: JoinPage, lab: Lab | None) -> None:
    """Watch until the person stops us or the notebooks are shut down from their own page."""
    while lab is None or lab.is_alive():
        page.keep()
        time.sleep(LOOK)
