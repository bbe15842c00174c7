"""The `start` command: opens a workshop, its notebooks and its join page, and watches both until they stop."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import webbrowser
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from toolkit.errors import RowsMissingError, WorkshopError
from toolkit.join.join_link import join_link_of
from toolkit.join.path_prefix import clean_prefix, public_address
from toolkit.join.server import BOUND, EVERYWHERE, PORT, PORT_IN_USE
from toolkit.join.single_instance import alone, only_one
from toolkit.notebook.jupyterlab import Lab, open_lab
from toolkit.system import cloud_folder, loopback, private_file
from toolkit.system.loopback import HERE
from toolkit.system.ports import free_port
from toolkit.system.project_files import NOTEBOOKS
from toolkit.system.terminal import ENDING, hear_interrupts, ignore_interrupts, say
from toolkit.workshop.facade import FOLDER, Workshop
from toolkit.workshop.folder import HIDDEN_FOLDER
from toolkit.workshop.lifecycle import accept_rows_missing

LAB_PORT = 8888
LOOK_SECONDS = 1.0
"""Seconds between two looks at what we started."""

LOOK_AT_WAY_IN = 5.0
"""Seconds between two looks at the phones' address, once it has been told."""

LONGEST_PAUSE = 30.0
LONGEST_END = 6.0
"""Seconds that a join page may take to end; by itself it takes four at most after its starter is gone."""

LONGEST_OPENING = 150.0
"""Seconds that a second start waits for the first one to be ready."""

RUNNING, LOCK = "running.json", "start.lock"
"""In the workshop's hidden folder: how to reach the start that is running, and the lock that it holds."""

PRIVATE = 0o077
LEAVE_OPEN = "Leave this window open while you work. Press Ctrl+C to stop; everything is saved."


@dataclass(frozen=True, slots=True)
class Running:
    """A start that is running: its process, its join page's port, the facilitator's page ("" without notebooks).

    The page's address holds a token, so it is written into a private file only.
    """

    process: int
    join_port: int
    page: str


@dataclass(slots=True)
class JoinPage:
    """The join page while it runs, in a process of its own; started again when it dies, ever less eagerly."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None)
    began: float = 0.0
    pause: float = LOOK_SECONDS
    has_served: bool = False
    addresses: tuple[str, ...] = ()
    proxy: tuple[str, ...] = ()
    expected: int = 0
    """The port that phones were told before, or that was asked for; 0 once it is said that another one is used."""

    @property
    def _bound(self) -> Path:
        return self.folder / HIDDEN_FOLDER / BOUND

    def keep(self) -> None:
        """Start it when it does not run; one that dies at once waits longer each time, up to half a minute.

        When another program took its port before it ever served there, it takes the next one.
        """
        if self.process is None:
            self.pause = LOOK_SECONDS
            self._start()
        elif (ended := self.process.poll()) is not None:
            self._start_again(ended)

    def _start_again(self, ended: int) -> None:
        """Start it after its end, unless it died so soon that it has to wait."""
        self.has_served = self.has_served or ended != PORT_IN_USE
        lived = time.monotonic() - self.began
        if ended == PORT_IN_USE and not self.has_served:
            self.port = free_port(self.port + 1, EVERYWHERE)
        elif lived < self.pause:
            return
        self.pause = LOOK_SECONDS if lived > LONGEST_PAUSE else min(2 * self.pause, LONGEST_PAUSE)
        self._start()

    def _start(self) -> None:
        self._bound.unlink(missing_ok=True)
        command = [sys.executable, "-P", "-m", "toolkit.join.server", str(self.folder), "--port", str(self.port)]
        command += [*(f"--address={address}" for address in self.addresses), *self.proxy]
        self.process = subprocess.Popen(  # noqa: S603 - our own Python, our own words
            [*command, "--end-with-parent"],
            stdin=subprocess.PIPE,
            env=loopback.without_proxy(os.environ),
            start_new_session=True,
        )
        self.began = time.monotonic()

    def answers(self) -> bool:
        """Return whether phones get an answer, from this very page: another workshop's may have the port."""
        listens = self.process is not None and self.process.poll() is None
        return listens and private_file.read(self._bound).get("port") == self.port and _join_page_answers(self.port)

    def let_go(self) -> None:
        """Tell it to end, and do not wait."""
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()

    def close(self) -> None:
        """End it; what it had saved is saved."""
        self.let_go()
        if self.process is None:
            return
        try:
            self.process.wait(LONGEST_END)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass(slots=True)
class WayIn:
    """Tells where phones join: as soon as the join page answers, and again when the address has changed."""

    folder: Path
    page: JoinPage
    told: str = ""
    next_look: float = 0.0

    def look(self) -> None:
        """Say the phones' address when it is new."""
        if time.monotonic() < self.next_look or not self.page.answers():
            return
        with Workshop.open(self.folder) as workshop:
            way = join_link_of(workshop)
        if way is None or way.port != self.page.port:
            return
        self.next_look = time.monotonic() + LOOK_AT_WAY_IN
        if self.page.expected not in (0, way.port):
            _say_moved(self.page.expected, way.port)
        self.page.expected = 0
        words = way.in_terminal
        if words != self.told:
            self.told = words
            say(words)


def start(options: argparse.Namespace) -> None:
    """Open the workshop of a `workshop start`, and stay until Ctrl+C, or until the system or its window ends it.

    A workshop that is open already shows its page again.
    """
    hear_interrupts(*ENDING)
    os.umask(os.umask(PRIVATE) | PRIVATE)
    with _opened_or_accepted(options) as workshop:
        say(f"The workshop “{workshop.title}” is in {workshop.folder}.")
        folder, hidden = workshop.folder, workshop.settings.hidden
    if warning := cloud_folder.warning(folder):
        say(warning)
    end, is_told = time.monotonic() + LONGEST_OPENING, False
    while True:
        with only_one(hidden / LOCK) as is_first:
            if is_first:
                _open(options, folder, hidden)
                break
        if _bring_back(folder, hidden, browser=not options.no_browser):
            return
        if time.monotonic() > end:
            raise _does_not_answer(folder, hidden)
        if not is_told:
            say("Another window is opening or closing this workshop; waiting for it …")
            is_told = True
        time.sleep(LOOK_SECONDS / 2)
    say(_last_words(folder))


def _opened_or_accepted(options: argparse.Namespace) -> Workshop:
    """Return the workshop, open; when saved rows are missing from its file, only after somebody says yes to that."""
    try:
        return Workshop.open(options.folder, options.worksheet, options.title)
    except RowsMissingError as fault:
        if not sys.stdin.isatty():
            raise
        say(f"{fault}\n{MAY_GO_ON}")
        if sys.stdin.readline().strip().casefold() not in YES_WORDS:
            raise WorkshopError("the workshop was not opened", mend="Nothing was changed.") from None
        accept_rows_missing(options.folder)
        return Workshop.open(options.folder, options.worksheet, options.title)


YES_WORDS = ("y", "yes")
MAY_GO_ON = (
    "Open the workshop with the answers that are there? They are copied beside the answers file first, so nothing of "
    "them is lost. Type yes or no, then press Enter:"
)


def _join_page(options: argparse.Namespace, folder: Path) -> JoinPage:
    """Return the join page with the port, the addresses and the proxy that were asked for; it does not run yet."""
    expected = _expected_port(options.port, folder)
    proxy = [f"--name={public_address(name)}" for name in options.name]
    proxy += [f"--prefix={clean_prefix(options.prefix)}"] if options.prefix else []
    port = free_port(expected, EVERYWHERE)
    return JoinPage(folder, port, addresses=tuple(options.address), proxy=tuple(proxy), expected=expected)


def _open(options: argparse.Namespace, folder: Path, hidden: Path) -> None:
    """Run the join page and the notebooks until we are stopped; whatever happens, nothing of it stays behind."""
    page, lab = _join_page(options, folder), None
    way_in, announced = WayIn(folder, page), AddressFile(hidden)

    def look() -> None:
        page.keep()
        way_in.look()

    try:
        look()
        if not options.no_lab:
            lab = _lab(folder, hidden, look, browser=not options.no_browser)
        say(LEAVE_OPEN)
        next_try = 0.0
        while True:
            look()
            announced.tell(page, lab)
            if lab and not lab.is_alive() and time.monotonic() > next_try:
                next_try = time.monotonic() + LONGEST_PAUSE
                lab = _opened_again(folder, hidden, look) or lab
            time.sleep(LOOK_SECONDS)
    except KeyboardInterrupt:
        say("Stopping …")
    finally:
        ignore_interrupts(*ENDING)
        (hidden / RUNNING).unlink(missing_ok=True)
        if lab:
            lab.let_go()  # both end at the same time
        page.close()
        if lab:
            lab.close()


def _last_words(folder: Path) -> str:
    """Erase the workshop when its facilitator has said so; return the receipt, or that all is kept."""
    if not Workshop.is_in(folder):
        return "Stopped."
    with Workshop.open(folder) as workshop:
        if workshop.lifecycle.is_to_be_erased:
            return workshop.lifecycle.erase().words().rstrip()
    return "Stopped. Everything saved so far is kept."


def _expected_port(port: int | None, folder: Path) -> int:
    """Return the port that the join page should have: the one asked for, else the one phones know, else 8000."""
    with Workshop.open(folder) as workshop, alone(workshop, LONGEST_END):
        before = join_link_of(workshop)
    return port or (before.port if before else PORT)


def _say_moved(before: int, now: int) -> None:
    say(f"Another program uses port {before}, so the join page is at port {now}. Phones that have an older address:")
    say("scan the code again.")


def _join_page_answers(port: int) -> bool:
    return loopback.answers(f"http://{HERE}:{port}/healthz")


def _lab(folder: Path, hidden: Path, meanwhile: Callable[[], None], *, browser: bool) -> Lab:
    say("Opening the notebooks. This takes about ten seconds …")
    lab = open_lab(NOTEBOOKS, hidden / "lab", _surroundings(folder), LAB_PORT, browser=browser, meanwhile=meanwhile)
    for note in lab.notes:
        say(note)
    say(f"The facilitator's page: {lab.page()}")
    return lab


def _opened_again(folder: Path, hidden: Path, meanwhile: Callable[[], None]) -> Lab | None:
    """Open notebooks that stopped by themselves; None when that did not work. Phones notice nothing of it."""
    say("The notebooks have stopped. Opening them again; nothing that was saved is lost …")
    try:
        return _lab(folder, hidden, meanwhile, browser=False)
    except WorkshopError as fault:
        say(f"{fault} Phones can go on. The notebooks are tried again in half a minute.")
        return None


def _surroundings(folder: Path) -> Mapping[str, str]:
    inherited = {name: os.environ[name] for name in ("WORKSHOP_DATABASE",) if name in os.environ}
    return inherited | {FOLDER: str(folder)}


@dataclass(slots=True)
class AddressFile:
    """Lets a second start find this one, once phones can join."""

    hidden: Path
    written: Running | None = None

    def tell(self, page: JoinPage, lab: Lab | None) -> None:
        """Write down how to reach this start, when that is new and the join page has its port."""
        now = Running(os.getpid(), page.port, lab.page() if lab else "")
        if now != self.written and page.answers():
            private_file.write(self.hidden / RUNNING, asdict(now))
            self.written = now


def _running(hidden: Path) -> Running | None:
    """Return how to reach the start that wrote itself down there, None when none did."""
    match private_file.read(hidden / RUNNING):
        case {"process": int(process), "join_port": int(port), "page": str(page)}:
            return Running(process, port, page)
    return None


def _bring_back(folder: Path, hidden: Path, *, browser: bool) -> bool:
    """Show the page of the workshop that is open already; False when it does not answer (yet)."""
    running = _running(hidden)
    if running is None or not _join_page_answers(running.join_port):
        return False
    if running.page and not loopback.answers(running.page):
        return False
    say("This workshop is open already, in another window.")
    with Workshop.open(folder) as workshop:
        link = join_link_of(workshop)
    if link:
        say(link.in_terminal)
    if running.page:
        say(f"The facilitator's page: {running.page}")
        if browser and not webbrowser.open(running.page):
            say("No browser opened by itself. Open the address above.")
    return True


def _does_not_answer(folder: Path, hidden: Path) -> WorkshopError:
    running = _running(hidden)
    named = f" (process {running.process})" if running else ""
    return WorkshopError(
        f"another window holds this workshop and does not answer{named}",
        where=str(folder),
        mend="Close that window, or restart this computer, then start again. Nothing that was saved is lost.",
    )
