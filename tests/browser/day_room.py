"""The room of one whole day: a network of its own, the program that was started in it, and the browsers in it.

The network is a network namespace of Linux: its address can change while everything runs, as that of a Wi-Fi does.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

PATIENCE = 180
COMMAND = "import sys; from toolkit.cli import main; sys.exit(main())"
PAGE_LINE = "The facilitator's page: "


def await_until(holds: Callable[[], object], what: str) -> None:
    """Wait until something holds; what is awaited stands in the failure."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"{what}: it did not happen in {PATIENCE} seconds"
        time.sleep(0.2)


class Network:
    """A network of its own with one address, which can change; OSError where the system gives us none."""

    def __init__(self, address: str) -> None:
        alone = ["unshare", "--net", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"])]
        self._holder = subprocess.Popen([*alone, "sleep", "infinity"], stderr=subprocess.DEVNULL)
        self.address = address
        try:
            await_until(self._is_apart, "a network of its own")
            self._ip("link", "set", "lo", "up")
            self._ip("address", "add", f"{address}/24", "dev", "lo")
        except (subprocess.CalledProcessError, AssertionError) as fault:
            self.close()
            raise OSError("no network namespace") from fault

    def _is_apart(self) -> bool:
        assert self._holder.poll() is None, "no network namespace"
        own, its = Path("/proc/self/ns/net"), Path(f"/proc/{self._holder.pid}/ns/net")
        return its.exists() and own.readlink() != its.readlink()

    def inside(self, *command: str) -> list[str]:
        """Return a command as it is run in this network."""
        user = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
        return ["nsenter", "--target", str(self._holder.pid), "--net", *user, *command]

    def move(self, address: str) -> None:
        """Change the address: whatever goes to the old one is lost from now on."""
        self._ip("address", "delete", f"{self.address}/24", "dev", "lo")
        self._ip("address", "add", f"{address}/24", "dev", "lo")
        self.address = address

    def browser(self, chromium: str, folder: Path) -> Path:
        """Return a file that starts a browser in this network."""
        started = folder / "browser-in-the-room"
        started.write_text("#!/bin/sh\nexec " + " ".join(self.inside(chromium)) + ' "$@"\n', encoding="utf-8")
        started.chmod(0o700)
        return started

    def close(self) -> None:
        """Let the network go."""
        self._holder.kill()
        self._holder.wait()

    def _ip(self, *words: str) -> None:
        subprocess.run(self.inside("ip", *words), check=True, capture_output=True, timeout=PATIENCE)


@dataclass
class Program:
    """`workshop start` as a facilitator's window runs it: started, killed, started again, stopped."""

    network: Network
    folder: Path
    said: Path
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self, *arguments: str) -> str:
        """Open the workshop; return the address of the facilitator's page."""
        words = [sys.executable, "-P", "-c", COMMAND, "start", str(self.folder), "--no-browser", *arguments]
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                self.network.inside(*words), stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
            )
        await_until(lambda: self._lines(PAGE_LINE) or self._has_ended(), "the facilitator's page")
        return self._lines(PAGE_LINE)[0].removeprefix(PAGE_LINE)

    def words(self) -> str:
        """Return what the window shows."""
        return self.said.read_text(encoding="utf-8")

    def _lines(self, start: str) -> list[str]:
        return [line for line in self.words().splitlines() if line.startswith(start)]

    def _has_ended(self) -> bool:
        assert self.process
        assert self.process.poll() is None, self.words()
        return False

    def kill(self) -> None:
        """End it as a crash does: kill -9, nothing is told."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> str:
        """End it with Ctrl+C; return what the window shows."""
        assert self.process
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)
        return self.words()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another command of ours."""
        words = [sys.executable, "-P", "-c", COMMAND, *arguments]
        return subprocess.run(words, capture_output=True, text=True, check=False, timeout=PATIENCE)

    def close(self) -> None:
        """Leave nothing running."""
        if self.process and self.process.poll() is None:
            self.stop()


class Camera:
    """Takes a picture of every step, where a folder for them is named, and looks that no page is cut off sideways."""

    def __init__(self, folder: Path | None) -> None:
        self._folder, self._step = folder, 0
        self.too_wide: list[str] = []

    def take(self, name: str, *pages: Page) -> None:
        """Picture some pages at one step of the day."""
        self._step += 1
        for place, page in enumerate(pages):
            width = page.viewport_size["width"] if page.viewport_size else 0
            called = f"day-{self._step:02}-{name}-{width}{'abcdef'[place]}"
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                self.too_wide.append(called)
            if self._folder:
                page.screenshot(path=self._folder / f"{called}.png")


def pdf_of(papers: Sequence[Path], folder: Path) -> list[Path]:
    """Return Word files as LibreOffice prints them."""
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", str(folder), *map(str, papers)], check=True, capture_output=True, timeout=2 * PATIENCE
    )
    return sorted(folder.glob("*.pdf"))
