"""The `start` command: real processes, a real port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest
from join_server import free_port

from toolkit.workshop import Workshop

pytestmark = pytest.mark.slow

PATIENCE = 60
COMMAND = "import sys; from toolkit.cli import main; sys.exit(main())"


def wait_until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it did not happen in a minute"
        time.sleep(0.2)


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as found:
            return bool(found.status == 200)
    except OSError:
        return False


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


def test_a_second_window_on_the_same_workshop_says_so(started: tuple[subprocess.Popen[str], int, Path]) -> None:
    _, port, folder = started
    command = [sys.executable, "-P", "-c", COMMAND, "start", str(folder), "--no-lab", "--port", str(port)]
    second = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)

    says = "this workshop is open in another window already. Use that window, or stop it there first with Ctrl+C."
    assert (second.returncode, second.stdout, second.stderr) == (1, "", f"{folder}: {says}\n")
    assert answers(port)


def test_what_is_to_be_erased_is_erased_when_the_program_stops(
    started: tuple[subprocess.Popen[str], int, Path],
) -> None:
    process, _, folder = started
    with Workshop.open(folder) as workshop:
        workshop.register("Alder House")
        workshop.erase_when_closed(yes=False)
        workshop.erase_when_closed()
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=30)
    assert "Erased on " in said
    assert "everything saved so far is kept" not in said.lower()
    assert [path.name for path in folder.iterdir()] == ["erased.txt"]
