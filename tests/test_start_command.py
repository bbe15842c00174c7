"""The `start` command: real processes, a real port."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest
from join_server import free_port

from toolkit import Workshop
from toolkit.join.join_link import announce_join_link
from toolkit.system import loopback

pytestmark = pytest.mark.slow

PATIENCE = 60
ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from start import COMMAND  # noqa: E402 - it lies at the root and is in no package


def wait_until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it did not happen in a minute"
        time.sleep(0.2)


def answers(port: int) -> bool:
    return loopback.answers(f"http://127.0.0.1:{port}/healthz")


class Started:
    """A `start` that runs, with what it has said so far in a file."""

    def __init__(self, folder: Path, *options: str, before: str = "", **variables: str) -> None:
        self.said_in = folder.with_name(f"said-{time.monotonic_ns()}.txt")
        words = ["start", str(folder), "--no-browser", *options]
        command = ["/bin/sh", "-c", f'{before} exec "$0" "$@"', sys.executable, "-P", "-c", COMMAND, *words]
        with self.said_in.open("w") as said:
            self.process = subprocess.Popen(command, stdout=said, stderr=said, env=os.environ | variables)

    def said(self) -> str:
        return self.said_in.read_text(encoding="utf-8")

    def says(self, words: str) -> re.Match[str]:
        """Wait until it says something."""
        wait_until(lambda: re.search(words, self.said()) or self.process.poll() is not None)
        found = re.search(words, self.said())
        assert found, self.said()
        return found

    def descendants(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self) -> str:
        """Press Ctrl+C once a second, as long as it runs, and return everything that it said."""

        def has_ended() -> bool:
            self.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(1)
            return self.process.poll() is not None

        wait_until(has_ended)
        return self.said()


def run(each: psutil.Process) -> bool:
    try:
        return each.is_running() and each.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def none_runs(processes: list[psutil.Process]) -> bool:
    return not [each for each in processes if run(each)]


@pytest.fixture
def begin() -> Iterator[Callable[..., Started]]:
    """Start workshops; whatever still runs at the end of a test is ended, with its children."""
    begun: list[Started] = []

    def start(folder: Path, *options: str, before: str = "", **variables: str) -> Started:
        begun.append(Started(folder, *options, before=before, **variables))
        return begun[-1]

    yield start
    for each in begun:
        each.stop()


@pytest.fixture
def started(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int, Path]]:
    folder, port = tmp_path / "spring", free_port()
    command = [sys.executable, "-P", "-c", COMMAND, "start", str(folder), "--no-lab", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        wait_until(lambda: answers(port))
        yield process, port, folder
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)


def join_page_of(process: subprocess.Popen[str]) -> psutil.Process:
    return psutil.Process(process.pid).children()[0]


def test_the_join_page_comes_up_and_comes_back_when_it_is_killed(
    started: tuple[subprocess.Popen[str], int, Path],
) -> None:
    process, port, _ = started
    first = join_page_of(process)

    os.kill(first.pid, signal.SIGKILL)
    wait_until(lambda: not answers(port) or join_page_of(process).pid != first.pid)
    wait_until(lambda: answers(port))

    assert join_page_of(process).pid != first.pid


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGHUP])
def test_however_the_program_is_ended_its_join_page_ends_too(
    started: tuple[subprocess.Popen[str], int, Path], end: signal.Signals
) -> None:
    process, port, _ = started
    page = join_page_of(process)
    process.send_signal(end)
    said, _ = process.communicate(timeout=PATIENCE)
    assert said.splitlines()[-1] == "Stopped. Everything saved so far is kept."
    assert not page.is_running()
    assert not answers(port)


def test_stopping_says_that_everything_is_kept(started: tuple[subprocess.Popen[str], int, Path]) -> None:
    process, port, folder = started
    wait_until(lambda: Workshop.is_in(folder))
    process.send_signal(signal.SIGINT)
    said, wrong = process.communicate(timeout=PATIENCE)

    assert process.returncode == 0
    assert said.splitlines()[-1] == "Stopped. Everything saved so far is kept."
    assert not wrong
    assert not answers(port)


def test_a_second_start_brings_the_workshop_back(started: tuple[subprocess.Popen[str], int, Path]) -> None:
    process, port, folder = started
    wait_until((folder / ".workshop" / "running.json").exists)
    page = join_page_of(process)
    command = [sys.executable, "-P", "-c", COMMAND, "start", str(folder), "--no-lab"]
    second = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)

    assert (second.returncode, second.stderr) == (0, "")
    assert "This workshop is open already, in another window.\n" in second.stdout
    assert f":{port}/ and the code " in second.stdout
    assert join_page_of(process) == page
    assert answers(port)


def test_a_name_that_the_facilitator_gives_is_shown_and_known(tmp_path: Path, begin: Callable[..., Started]) -> None:
    port = free_port()
    given = ("--address", "workshop.lan", "--address", "127.0.0.1")
    begun = begin(tmp_path / "spring", "--no-lab", "--port", str(port), *given)
    begun.says(f"Phones in this room: http://workshop.lan:{port}/ and the code")
    asked = {
        host: httpx.get(f"http://127.0.0.1:{port}/", headers={"host": host}) for host in ("workshop.lan.", "x.lan")
    }
    assert {host: answer.status_code for host, answer in asked.items()} == {"workshop.lan.": 200, "x.lan": 421}
    assert "start it with --address" in asked["x.lan"].json()["says"]


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="no network: only an administrator of Linux")
def test_without_a_network_the_window_says_so_and_shows_no_address(tmp_path: Path) -> None:
    if subprocess.run(["unshare", "-n", "true"], check=False, capture_output=True).returncode:
        pytest.skip("no network: a network of the test's own cannot be made here")
    words = ["start", str(tmp_path / "spring"), "--no-browser", "--no-lab", "--port", str(free_port())]
    inside = [
        "unshare",
        "-n",
        "/bin/sh",
        "-c",
        'ip link set lo up; exec "$0" "$@"',
        sys.executable,
        "-P",
        "-c",
        COMMAND,
    ]
    with (tmp_path / "said.txt").open("w") as said:
        process = subprocess.Popen([*inside, *words], stdout=said, stderr=said)
    try:
        wait_until(lambda: "No Wi-Fi yet." in (tmp_path / "said.txt").read_text(encoding="utf-8"))
    finally:
        process.terminate()
        process.wait(PATIENCE)
    told = (tmp_path / "said.txt").read_text(encoding="utf-8")
    assert "No Wi-Fi yet. Turn on the hotspot; the code will appear here.\n" in told
    assert "127.0.0.1" not in told


def test_a_workshop_opens_again_after_its_window_died_hard(tmp_path: Path, begin: Callable[..., Started]) -> None:
    folder, port = tmp_path / "spring", free_port()
    first = begin(folder, "--no-lab", "--port", str(port))
    way = first.says("Phones in this room: .*")[0]
    orphans = first.descendants()
    assert orphans

    first.process.kill()
    first.process.wait()
    again = begin(folder, "--no-lab")

    assert again.says("Phones in this room: .*")[0] == way
    assert none_runs(orphans)
    assert "another" not in again.stop().lower()


def test_the_port_that_phones_know_is_taken_again_at_once(tmp_path: Path, begin: Callable[..., Started]) -> None:
    folder, port = tmp_path / "spring", free_port()
    first = begin(folder, "--no-lab", "--port", str(port))
    first.says("Phones in this room")
    browser = socket.create_connection(("127.0.0.1", port))
    browser.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert browser.recv(100)
    first.stop()  # the server closes the line first, so that the system keeps the port for a minute (TIME_WAIT)
    browser.close()

    again = begin(folder, "--no-lab")

    assert f":{port}/ " in again.says("Phones in this room: .*")[0]
    assert "Another program" not in again.stop()
    chosen = begin(folder, "--no-lab", "--port", str(free_port()))
    assert f":{port}/ " not in chosen.says("Phones in this room: .*")[0]


def test_a_port_that_another_program_has_is_left_to_it(tmp_path: Path, begin: Callable[..., Started]) -> None:
    with socket.create_server(("0.0.0.0", 0)) as other:
        port = other.getsockname()[1]
        begun = begin(tmp_path / "spring", "--no-lab", "--port", str(port))

        way = begun.says("Phones in this room: .*")[0]

        assert f":{port}/ " not in way
        assert f"Another program uses port {port}, so the join page is at port " in begun.stop()


def test_two_starts_at_once_never_share_a_port(tmp_path: Path, begin: Callable[..., Started]) -> None:
    port = free_port()
    both = [begin(tmp_path / name, "--no-lab", "--port", str(port)) for name in ("spring", "fall")]

    ports = {re.search(r":(\d+)/", each.says("Phones in this room: .*")[0])[1] for each in both}

    assert len(ports) == 2


def test_no_start_tells_phones_a_port_before_it_is_its_own(tmp_path: Path, begin: Callable[..., Started]) -> None:
    """New workshops and ones that phones know already begin at once, where another program has the first port."""
    folders = [tmp_path / name for name in ("new", "newer", "known", "known-too")]
    with socket.create_server(("0.0.0.0", 0)) as other:
        port = other.getsockname()[1]
        for folder in folders[2:]:
            with Workshop.open(folder) as workshop:
                announce_join_link(workshop, port, ["workshop.lan"])
        asked = ("--no-lab", "--address", "workshop.lan")
        begun = [begin(each, *asked, *(() if "known" in each.name else ("--port", str(port)))) for each in folders]
        for each in begun:
            each.says("Phones in this room: .*")
        told = [each.stop() for each in begun]

    ports = [re.findall(r"at port (\d+)\.|http://workshop\.lan:(\d+)/", each) for each in told]
    named = [{found for pair in each for found in pair if found} for each in ports]
    assert [len(each) for each in named] == [1, 1, 1, 1], "each window names one port, and never another"
    assert len(set.union(*named)) == len(folders)
    assert all(f"Another program uses port {port}, so" in each for each in told)


def test_ctrl_c_is_heard_even_when_the_starter_ignored_it(tmp_path: Path, begin: Callable[..., Started]) -> None:
    """As every background job of a script does to all that it starts."""
    begun = begin(tmp_path / "spring", "--no-lab", "--port", str(free_port()), before="trap '' INT TERM HUP;")
    begun.says("Phones in this room")
    started = begun.descendants()

    assert begun.stop().endswith("Stopped. Everything saved so far is kept.\n")
    assert begun.process.returncode == 0
    assert none_runs(started)


@pytest.mark.parametrize("moment", [0.3, 1.0, 2.2, 4.0])
def test_ctrl_c_at_any_moment_is_no_traceback(tmp_path: Path, begin: Callable[..., Started], moment: float) -> None:
    begun = begin(tmp_path / "spring", "--no-lab", "--port", str(free_port()), before="trap '' INT;")
    time.sleep(moment)
    started = begun.descendants()

    assert "Traceback" not in begun.stop()
    wait_until(lambda: none_runs(started))


def test_a_proxy_changes_nothing_and_nothing_outlives_the_window(tmp_path: Path, begin: Callable[..., Started]) -> None:
    """One long walk with the notebooks: a dead proxy, a second start, kill -9, and the same address again."""
    dead = "http://127.0.0.1:9"
    office = {"http_proxy": dead, "HTTPS_PROXY": dead, "ALL_PROXY": dead, "no_proxy": "localhost,.example.org"}
    folder = tmp_path / "spring"
    first = begin(folder, "--port", str(free_port()), **office)
    page = first.says("The facilitator's page: (.*)")[1]
    running = folder / ".workshop" / "running.json"
    wait_until(running.exists)
    assert "Phones in this room" in first.said()
    assert loopback.answers(page)
    kept = [path for path in (folder / ".workshop").rglob("*") if path.is_file() and path.name != "README"]
    assert [path for path in kept if stat.S_IMODE(path.stat().st_mode) & 0o077] == []
    assert json.loads(running.read_text(encoding="utf-8"))["page"] == page

    second = begin(folder, **office)
    assert second.says("The facilitator's page: (.*)")[1] == page
    assert second.process.wait(PATIENCE) == 0

    notebooks = next(each for each in first.descendants() if "toolkit.notebook.server" in each.cmdline())
    notebooks.kill()
    first.says(f"(?s)The notebooks have stopped.*The facilitator's page: {re.escape(page)}")

    started = first.descendants()
    assert len(started) > 2
    first.process.kill()
    wait_until(lambda: none_runs(started))
    again = begin(folder)
    assert again.says("The facilitator's page: (.*)")[1] == page


def test_ctrl_c_while_the_notebooks_open_leaves_none_behind(tmp_path: Path, begin: Callable[..., Started]) -> None:
    begun = begin(tmp_path / "spring", "--port", str(free_port()))
    begun.says("Opening the notebooks")
    wait_until(lambda: any("toolkit.notebook.server" in each.cmdline() for each in begun.descendants()))
    started = begun.descendants()

    said = begun.stop()

    assert said.endswith("Stopped. Everything saved so far is kept.\n")
    wait_until(lambda: none_runs(started))


def test_a_cloud_folder_is_told_once(tmp_path: Path, begin: Callable[..., Started]) -> None:
    begun = begin(tmp_path / "OneDrive - Example Org", "--no-lab", "--port", str(free_port()))
    begun.says("Phones in this room")

    assert begun.stop().count("in OneDrive, which copies the answers to other computers") == 1


def test_what_is_to_be_erased_is_erased_when_the_program_stops(
    started: tuple[subprocess.Popen[str], int, Path],
) -> None:
    process, _, folder = started
    with Workshop.open(folder) as workshop:
        workshop.roster.register("Alder House")
        workshop.lifecycle.erase_when_closed(yes=False)
        workshop.lifecycle.erase_when_closed()
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=30)
    assert "Erased on " in said
    assert "everything saved so far is kept" not in said.lower()
    assert [path.name for path in folder.iterdir()] == ["erased.txt"]
