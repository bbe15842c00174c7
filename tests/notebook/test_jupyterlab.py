"""JupyterLab starts on this computer alone, in its own folders, filled in, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from join_server import free_port as own_port
from labs import FACILITATOR, copies

from toolkit import Workshop, WorkshopError
from toolkit.notebook.jupyterlab import UNKNOWN_FAULT, Lab, fault_in, open_lab
from toolkit.system.ports import free_port

pytestmark = pytest.mark.slow

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("room") / "lab"


@pytest.fixture(scope="module")
def lab(home: Path) -> Iterator[Lab]:
    Workshop.open(home.parent / "workshop").close()
    lab = open_lab(NOTEBOOKS, home, {"WORKSHOP_FOLDER": str(home.parent / "workshop")}, own_port(), browser=False)
    yield lab
    lab.close()


def ask(lab: Lab, path: str, token: str | None = None, **headers: str) -> object:
    headers |= {"Authorization": f"token {lab.token if token is None else token}"}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(f"{lab.address}{path}", headers=headers), timeout=90
        ) as told:
            return json.load(told)
    except urllib.error.HTTPError as refused:
        refused.close()
        raise


def outputs(lab: Lab, notebook: str) -> list[dict[str, object]]:
    cells = ask(lab, f"/api/contents/{notebook}")["content"]["cells"]
    return [output for cell in cells for output in cell.get("outputs", [])]


def eventually(true: Callable[[], bool], seconds: int = 60) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.1)
    return true()


def test_every_page_is_filled_in_before_it_is_read(lab: Lab) -> None:
    for page in sorted(NOTEBOOKS.glob("*.ipynb")):
        shown = outputs(lab, page.name)

        assert [each for each in shown if "application/vnd.jupyter.widget-view+json" in each.get("data", {})]
        assert not [each for each in shown if each["output_type"] == "error"]


def test_shipped_notebooks_stay_as_they_are(lab: Lab, home: Path) -> None:
    outputs(lab, "facilitator.ipynb")

    shipped = json.loads((NOTEBOOKS / "facilitator.ipynb").read_text(encoding="utf-8"))
    assert not [cell for cell in shipped["cells"] if cell.get("outputs")]
    assert (home / "notebooks" / "facilitator.ipynb").exists()


def test_a_page_is_filled_in_again_after_kill_9(lab: Lab) -> None:
    before = outputs(lab, "1-stakeholders.ipynb")
    kernel = next(each["kernel"]["id"] for each in ask(lab, "/api/sessions") if each["path"] == "1-stakeholders.ipynb")
    behind = psutil.Process(lab.process.pid).children(recursive=True)
    os.kill(next(each.pid for each in behind if any(kernel in word for word in each.cmdline())), signal.SIGKILL)

    assert eventually(lambda: outputs(lab, "1-stakeholders.ipynb") != before)
    after = outputs(lab, "1-stakeholders.ipynb")
    assert [each for each in after if "application/vnd.jupyter.widget-view+json" in each.get("data", {})]
    assert not [each for each in after if each["output_type"] == "error"]


def test_it_listens_on_this_computer_alone(lab: Lab) -> None:
    listening = [each for each in psutil.Process(lab.process.pid).net_connections() if each.status == "LISTEN"]

    assert {each.laddr.ip for each in listening} == {"127.0.0.1"}


@pytest.mark.parametrize("path", ["/api/contents", "/api/sessions", "/api/kernels", "/api/contents/4-drafts.ipynb"])
def test_without_the_word_nothing_is_shown(lab: Lab, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        ask(lab, path, token="guessed")

    assert refused.value.code in (401, 403)


def test_another_host_name_is_refused(lab: Lab) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        ask(lab, "/api/contents", Host="evil.example")

    assert refused.value.code == 403


def test_no_terminal(lab: Lab) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        ask(lab, "/api/terminals")

    assert refused.value.code == 404


def test_the_secret_is_in_no_command_line_and_no_log(lab: Lab, home: Path) -> None:
    processes = [psutil.Process(lab.process.pid), *psutil.Process(lab.process.pid).children(recursive=True)]
    commands = [" ".join(each.cmdline()) for each in processes if each.status() != psutil.STATUS_ZOMBIE]

    assert any("toolkit.notebook.server" in command for command in commands)
    assert not [command for command in commands if lab.token in command]
    assert lab.token not in (home / "lab.log").read_text(encoding="utf-8", errors="replace")


def test_a_port_in_use_gives_the_next_one() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]

        assert free_port(taken) > taken


def test_no_port_at_all_is_one_sentence() -> None:
    for number in (-1, 0, 65_536, 99_999):
        with pytest.raises(
            WorkshopError, match=rf"^--port: there is no port {number}\. Choose a number from 1024 to 65535"
        ):
            free_port(number)


def test_a_port_that_was_ours_a_moment_ago_is_free() -> None:
    """The side that ends a connection keeps its port for a minute (TIME_WAIT); nobody else has it."""
    with socket.create_server(("127.0.0.1", 0)) as ours:
        port = ours.getsockname()[1]
        near = socket.create_connection(("127.0.0.1", port))
        ours.accept()[0].close()
        assert near.recv(1) == b""
        near.close()

    assert free_port(port) == port


@pytest.mark.parametrize(
    ("log", "says"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("ModuleNotFoundError: No module named 'tornado'", "a part of the set-up is missing or damaged"),
        ("ImportError: DLL load failed while importing _zmq", "a part of the set-up is missing or damaged"),
        ("PermissionError: [Errno 13] Permission denied: '/x'", "the workshop's folder cannot be written to"),
        ("OSError: [Errno 24] Too many open files", "this computer allows too few open files"),
        ("MemoryError", "this computer has no memory left"),
        ("something new", UNKNOWN_FAULT[0]),
    ],
)
def test_what_the_log_knows_is_said_in_plain_words(log: str, says: str) -> None:
    assert fault_in(log.lower())[0] == says


def test_notebooks_that_cannot_open_say_why_on_the_screen(tmp_path: Path) -> None:
    broken = {"WORKSHOP_FOLDER": str(tmp_path / "w"), "PYTHONPATH": str(tmp_path / "broken")}
    (tmp_path / "broken" / "jupyterlab").mkdir(parents=True)
    (tmp_path / "broken" / "jupyterlab" / "__init__.py").write_text("import a_part_that_is_gone\n", encoding="utf-8")

    with pytest.raises(WorkshopError) as refused:
        open_lab(NOTEBOOKS, tmp_path / "lab", broken, own_port(), browser=False)

    assert str(refused.value).startswith(
        "the notebooks could not be opened: a part of the set-up is missing or damaged."
    )
    assert "Everything saved so far is saved." in str(refused.value)


def test_a_port_that_is_taken_while_the_notebooks_start_gives_the_next(tmp_path: Path) -> None:
    """And the port and token stay for the next time, so that an open tab finds its page again."""
    port = own_port()
    others: list[socket.socket] = []

    def somebody_is_faster() -> None:
        if not others:
            others.append(socket.create_server(("127.0.0.1", port)))

    Workshop.open(tmp_path / "w").close()
    home, workshop = tmp_path / "lab", {"WORKSHOP_FOLDER": str(tmp_path / "w")}
    notebooks = copies(tmp_path, FACILITATOR)
    first = open_lab(notebooks, home, workshop, port, browser=False, meanwhile=somebody_is_faster)
    behind = psutil.Process(first.process.pid).children(recursive=True)
    first.close()
    others[0].close()

    assert first.port > port
    assert not first.notes, "on a first start there is no old address, and no old tab"
    assert behind
    assert not first.is_alive()
    assert eventually(lambda: not [each for each in behind if each.is_running() and each.status() != "zombie"])
    kept = json.loads((home / "address.json").read_text(encoding="utf-8"))
    assert kept == {"port": first.port, "token": first.token}
    assert (home / "address.json").stat().st_mode & 0o077 == 0

    again = open_lab(notebooks, home, workshop, port, browser=False)
    try:
        assert again.page() == first.page()
        assert not again.notes
    finally:
        again.close()

    with socket.create_server(("127.0.0.1", first.port)):
        moved = open_lab(notebooks, home, workshop, port, browser=False)
        moved.close()
    (note,) = moved.notes
    assert "Close old tabs" in note
    assert f"Port {first.port} is taken; they use {moved.port}." in note
