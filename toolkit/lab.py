"""LAB: JupyterLab for the facilitator, on this computer alone; the shipped notebooks and the home folder stay clean."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from toolkit.errors import WorkshopError

HERE = "127.0.0.1"
CONFIGURATION = Path(__file__).resolve().parent.parent / "jupyter"
FOLDERS = {
    "JUPYTER_CONFIG_DIR": "configuration",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    "IPYTHONDIR": "ipython",
}
UNWANTED = ("JUPYTER_PATH", "JUPYTER_PREFER_ENV_PATH", "PYTHONPATH", "PYTHONHOME", "JUPYTER_TOKEN", "JUPYTER_NO_CONFIG")
NO_HISTORY = {"HistoryManager": {"enabled": False}, "InteractiveShellApp": {"ignore_cwd": True}}
FIRST_PAGE = "facilitator.ipynb"
PORTS_TRIED = 50
PATIENCE = 120


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

    def close(self) -> None:
        """End it, with everything that it started."""
        if self.process.stdin:
            self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def open_lab(
    notebooks: Path,
    home: Path,
    environment: Mapping[str, str],
    port: int = 8888,
    browser: bool = True,
) -> Lab:
    """Start JupyterLab on copies of `notebooks`, wait until the first page is filled in, and open it.

    `home` is a folder of the workshop's own: copies, settings and the log lie there, and nothing of it elsewhere.
    """
    _prepare(notebooks, home)
    free = free_port(port)
    notes = () if free == port else (f"Port {port} is in use by another program, so {free} is used.",)
    token = secrets.token_urlsafe(24)
    process = _start(home, dict(environment) | {"JUPYTER_TOKEN": token}, free)
    lab = Lab(f"http://{HERE}:{free}", free, notes, token, process)
    _await_first_page(lab, home)
    if browser and not lab.show():
        lab.notes = (*notes, f"No browser opened by itself. Open this address: {lab.page()}")
    return lab


def _prepare(notebooks: Path, home: Path) -> None:
    for folder in FOLDERS.values():
        (home / folder).mkdir(parents=True, exist_ok=True)
    for stale in (home / "runtime").glob("*"):
        stale.unlink()
    profile = home / "ipython" / "profile_default"
    profile.mkdir(exist_ok=True)
    (profile / "ipython_kernel_config.json").write_text(json.dumps(NO_HISTORY), encoding="utf-8")
    shutil.copytree(CONFIGURATION / "custom", home / "configuration" / "custom", dirs_exist_ok=True)
    shutil.rmtree(home / "notebooks", ignore_errors=True)
    (home / "notebooks").mkdir()
    for page in notebooks.glob("*.ipynb"):
        shutil.copyfile(page, home / "notebooks" / page.name)


def free_port(wanted: int) -> int:
    """Return `wanted`, or the next port that nothing else listens on."""
    for port in range(wanted, min(wanted + PORTS_TRIED, 65_536)):
        with socket.socket() as trial:
            try:
                trial.bind((HERE, port))
            except OSError:
                continue
            return port
    raise WorkshopError(
        f"ports {wanted} to {wanted + PORTS_TRIED - 1} are all in use", mend="Close some programs, or choose another."
    )


def _start(home: Path, environment: dict[str, str], port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "jupyterlab", f"--ServerApp.port={port}"]
    command += [f"--ServerApp.root_dir={home / 'notebooks'}"]
    with (home / "lab.log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - our own Python, our own words
            command, env=_surroundings(home) | environment, stdin=subprocess.PIPE, stdout=log, stderr=log
        )


def _surroundings(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    own = {name: str(home / folder) for name, folder in FOLDERS.items()}
    return kept | own | {"JUPYTER_CONFIG_PATH": str(CONFIGURATION), "PYTHONSAFEPATH": "1", "PYTHONNOUSERSITE": "1"}


def _await_first_page(lab: Lab, home: Path) -> None:
    live = home / "runtime" / f"live-{Path(FIRST_PAGE).stem}"
    end = time.monotonic() + PATIENCE
    while not (live.exists() and _responds(lab)):
        if not lab.is_alive() or time.monotonic() > end:
            lab.close()
            raise WorkshopError(
                "the notebooks could not be opened", mend=f"Start again; the reason is in {home / 'lab.log'}."
            )
        time.sleep(0.2)


def _responds(lab: Lab) -> bool:
    asked = Request(f"{lab.address}/api/status", headers={"Authorization": f"token {lab.token}"})  # noqa: S310
    try:
        with urlopen(asked, timeout=5) as answer:  # noqa: S310 - an address of ours
            return bool(answer.status == 200)
    except HTTPError as refused:
        refused.close()
        return False
    except (URLError, OSError):
        return False
