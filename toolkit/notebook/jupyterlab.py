"""Starts JupyterLab on this computer alone, on copies of the notebooks, with settings of its own."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
import webbrowser
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from toolkit.errors import WorkshopError
from toolkit.system import loopback, private_file
from toolkit.system.loopback import HERE
from toolkit.system.ports import LAST_PORT, free_port
from toolkit.system.project_files import JUPYTER

FOLDERS = {
    "JUPYTER_CONFIG_DIR": "configuration",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    "IPYTHONDIR": "ipython",
}
UNWANTED_VARIABLES = (
    "JUPYTER_PATH",
    "JUPYTER_PREFER_ENV_PATH",
    "PYTHONPATH",
    "PYTHONHOME",
    "JUPYTER_TOKEN",
    "JUPYTER_NO_CONFIG",
)
NO_HISTORY = {"HistoryManager": {"enabled": False}, "InteractiveShellApp": {"ignore_cwd": True}}
FIRST_PAGE = "facilitator.ipynb"
ADDRESS = "address.json"
"""The file in the notebooks' folder that keeps their port and token, so that an open tab finds them again."""

KEPT_OVER_A_RESTART = "jupyter_cookie_secret"
START_SECONDS = 120
LOOK_SECONDS = 0.2
LONGEST_END = 6.0
"""Seconds that JupyterLab may take to end in order; it takes 4.5 at most by itself."""

PORT_IN_USE_SIGNS = ("is not available", "already in use", "address in use")
KNOWN_FAULTS = (
    (
        ("no space left", "errno 28", "disk quota", "not enough space"),
        "the disk is full",
        "Make some room, then start again.",
    ),
    (
        ("modulenotfounderror", "importerror", "dll load failed", "cannot import name"),
        "a part of the set-up is missing or damaged",
        "Delete the folder .venv, then start again: it sets itself up anew.",
    ),
    (
        ("memoryerror", "cannot allocate memory", "errno 12]"),
        "this computer has no memory left",
        "Close some programs, then start again.",
    ),
    (
        ("permission denied", "access is denied", "read-only file system"),
        "the workshop's folder cannot be written to",
        "Move the workshop to your home folder, then start again.",
    ),
    (
        ("too many open files", "errno 24]"),
        "this computer allows too few open files",
        "Close some programs, then start again.",
    ),
)
"""What JupyterLab writes into its log, and what a facilitator is told about it: what happened, what to do."""


class _PortTakenError(Exception):
    """Somebody took the port between our look and JupyterLab's."""


@dataclass(slots=True)
class Lab:
    """JupyterLab while it runs: the address to open, its port, and what the person should be told."""

    address: str
    port: int
    notes: tuple[str, ...]
    token: str
    process: subprocess.Popen[bytes]

    def page(self, notebook: str = FIRST_PAGE) -> str:
        """Return the address that opens one notebook."""
        return f"{self.address}/doc/tree/{quote(notebook)}?token={self.token}"

    def is_alive(self) -> bool:
        """Return whether it still runs."""
        return self.process.poll() is None

    def show(self, notebook: str = FIRST_PAGE) -> bool:
        """Open one notebook in the browser; False where there is no browser."""
        return webbrowser.open(self.page(notebook))

    def let_go(self) -> None:
        """Tell it to end, and do not wait."""
        if self.process.stdin:
            self.process.stdin.close()

    def close(self) -> None:
        """End it, with everything that it started."""
        self.let_go()
        try:
            self.process.wait(LONGEST_END)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def open_lab(  # noqa: PLR0913 - what a test leaves out has a default
    notebooks: Path,
    home: Path,
    environment: Mapping[str, str],
    port: int = 8888,
    *,
    browser: bool = True,
    meanwhile: Callable[[], None] = lambda: None,
) -> Lab:
    """Start JupyterLab on copies of `notebooks`, wait until the first page is filled in, and open it.

    `home` is a folder of the workshop's own: copies, settings, the log, and the port and token of the last time, which
    are taken again. `meanwhile` is called several times a second during the wait. WorkshopError says what did not come.
    """
    _prepare(notebooks, home)
    last = _address_of_last_time(home)
    port_, token = last or (port, secrets.token_urlsafe(24))
    free = free_port(port_)
    lab = None
    while lab is None:
        try:
            lab = _start_and_wait(home, environment, free, token, meanwhile)
        except _PortTakenError:
            free = free_port(free + 1)
    private_file.write(home / ADDRESS, {"port": free, "token": token})
    if last and free != port_:  # without an address of last time there is no old tab that could look for it
        lab.notes = (f"{ADDRESS_MOVED} (Port {port_} is taken; they use {free}.)",)
    if browser and not lab.show():
        lab.notes = (*lab.notes, "No browser opened by itself. Open the address below.")
    return lab


ADDRESS_MOVED = (
    "Another program has the notebooks' old address. Close old tabs of the workshop; they cannot find it any more."
)


def _start_and_wait(
    home: Path, environment: Mapping[str, str], port: int, token: str, meanwhile: Callable[[], None]
) -> Lab:
    """Start JupyterLab and wait for its first page; whatever cuts the wait off, it does not stay behind."""
    process = _start(home, dict(environment) | {"JUPYTER_TOKEN": token}, port)
    lab = Lab(f"http://{HERE}:{port}", port, (), token, process)
    try:
        _await_first_page(lab, home, meanwhile)
    except BaseException:
        lab.close()
        raise
    return lab


def _address_of_last_time(home: Path) -> tuple[int, str] | None:
    match private_file.read(home / ADDRESS):
        case {"port": int(port), "token": str(token)} if 0 < port <= LAST_PORT and token:
            return port, token
    return None


def _prepare(notebooks: Path, home: Path) -> None:
    for folder in FOLDERS.values():
        (home / folder).mkdir(parents=True, exist_ok=True)
    for stale in (home / "runtime").glob("*"):
        if stale.name != KEPT_OVER_A_RESTART:
            stale.unlink()
    profile = home / "ipython" / "profile_default"
    profile.mkdir(exist_ok=True)
    (profile / "ipython_kernel_config.json").write_text(json.dumps(NO_HISTORY), encoding="utf-8")
    for ours, target in (("custom", "configuration"), ("labextensions", "data")):
        to = home / target / ours
        shutil.copytree(JUPYTER / ours, to, copy_function=shutil.copyfile, dirs_exist_ok=True)
    shutil.rmtree(home / "notebooks", ignore_errors=True)
    (home / "notebooks").mkdir()
    for page in notebooks.glob("*.ipynb"):
        shutil.copyfile(page, home / "notebooks" / page.name)


def _start(home: Path, environment: dict[str, str], port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "toolkit.notebook.server", f"--ServerApp.port={port}"]
    command += [f"--ServerApp.root_dir={home / 'notebooks'}"]
    surroundings = loopback.without_proxy(_surroundings(home) | environment)
    with (home / "lab.log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - our own Python, our own words
            command, env=surroundings, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
        )


def _surroundings(home: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in UNWANTED_VARIABLES}
    own = {name: str(home / folder) for name, folder in FOLDERS.items()}
    return inherited | own | {"JUPYTER_CONFIG_PATH": str(JUPYTER), "PYTHONSAFEPATH": "1", "PYTHONNOUSERSITE": "1"}


def _await_first_page(lab: Lab, home: Path, meanwhile: Callable[[], None]) -> None:
    """Wait until the facilitator's page is filled in and JupyterLab answers."""
    filled = home / "runtime" / f"live-{Path(FIRST_PAGE).stem}"
    end = time.monotonic() + START_SECONDS
    while not (filled.exists() and loopback.answers(f"{lab.address}/api/status", lab.token)):
        if not lab.is_alive():
            raise _why_it_ended(home / "lab.log")
        if time.monotonic() > end:
            raise _why_it_takes_so_long(lab, filled, home / "lab.log")
        meanwhile()
        time.sleep(LOOK_SECONDS)


def _why_it_ended(log: Path) -> Exception:
    text = log.read_text(encoding="utf-8", errors="replace").lower()
    if any(sign in text for sign in PORT_IN_USE_SIGNS):
        return _PortTakenError()
    return WorkshopError(f"the notebooks could not be opened: {fault_in(text)[0]}", mend=_mend(text, log))


def _why_it_takes_so_long(lab: Lab, filled: Path, log: Path) -> WorkshopError:
    what = (
        "the facilitator's page was not ready" if not filled.exists() else f"JupyterLab did not answer at {lab.address}"
    )
    text = log.read_text(encoding="utf-8", errors="replace").lower()
    reason = "" if fault_in(text) == UNKNOWN_FAULT else f" ({fault_in(text)[0]})"
    return WorkshopError(f"{what} after {START_SECONDS} seconds{reason}", mend=_mend(text, log))


UNKNOWN_FAULT = ("JupyterLab stopped by itself", "")


def fault_in(text: str) -> tuple[str, str]:
    """Return what a log of JupyterLab, in small letters, says in plain words: what happened, and what to do."""
    faults = ((what, do) for signs, what, do in KNOWN_FAULTS if any(sign in text for sign in signs))
    return next(faults, UNKNOWN_FAULT)


def _mend(text: str, log: Path) -> str:
    do = fault_in(text)[1] or "Start again. If that doesn't help, restart this computer."
    return f"{do} Everything saved so far is saved. (Details for a programmer: {log})"
