"""Ctrl+C at any moment of a start: one sentence, an orderly exit code, and nothing that goes on running."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest
from join_server import free_port

from toolkit import Workshop

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
import start  # noqa: E402 - it lies at the root and is in no package

pytestmark = pytest.mark.slow

ENTER, IS_OPENING, IS_OPEN = "", "The workshop “", "Leave this window open"
MOMENTS = [(ENTER, moment / 4) for moment in range(13)]
MOMENTS += [(words, moment) for words in (IS_OPENING, IS_OPEN) for moment in (0.0, 0.4)]
"""After which words on the screen Ctrl+C is pressed, and how many seconds later."""

AT_A_TIME = 3
PATIENCE = 60
OURS = re.compile(r'start\.py", line [1-9]|toolkit')
"""What a traceback names once a line of ours has run; before that, Python itself is not ready for Ctrl+C."""


class End(NamedTuple):
    """How one start ended: its exit code, all that it said, and what it had started that goes on running."""

    code: int
    said: str
    running: list[psutil.Process]


def stopped(folder: Path, port: int, after: str, moment: float) -> End:
    """Start as a person does and press Ctrl+C at that moment."""
    words = [str(ROOT / "start.py"), "start", str(folder), "--no-browser", "--no-lab", "--port", str(port)]
    said = folder.with_name(f"{folder.name}.txt")
    with said.open("w") as written:
        process = subprocess.Popen([sys.executable, *words], stdout=written, stderr=written, cwd=folder.parent)
    end = time.monotonic() + PATIENCE
    while after not in said.read_text(encoding="utf-8") and process.poll() is None and time.monotonic() < end:
        time.sleep(0.02)
    time.sleep(moment)
    children = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.send_signal(signal.SIGINT)
    code = process.wait(PATIENCE)
    return End(code, said.read_text(encoding="utf-8"), psutil.wait_procs(children, PATIENCE)[1])


@pytest.mark.skipif(os.name == "nt", reason="Windows has no way to press Ctrl+C for one program only")
def test_ctrl_c_at_any_moment_is_one_sentence_and_an_orderly_end(tmp_path: Path) -> None:
    if not start.is_ready(start.LOCK):
        pytest.skip("the project is not set up by start.py here, so that starting would set it up first")
    folders, ports = [tmp_path / f"room-{place}" for place in range(len(MOMENTS))], [free_port() for _ in MOMENTS]
    with ThreadPoolExecutor(AT_A_TIME) as together:
        ended = list(together.map(stopped, folders, ports, *zip(*MOMENTS, strict=True)))

    for (after, moment), end in zip(MOMENTS, ended, strict=True):
        about = after, moment, end
        assert end.running == [], about
        if (end.code == -signal.SIGINT and not OURS.search(end.said)) or "Fatal Python error: init" in end.said:
            continue
        assert end.code == 0 if after == IS_OPEN else end.code in (0, 1), about
        assert "Traceback" not in end.said, about
        assert [line for line in end.said.splitlines() if line.startswith("Stopped.")] == end.said.splitlines()[-1:]
    for folder in folders:
        if Workshop.is_in(folder):
            Workshop.open(folder).close()


LOADED_BY_A_LIBRARY = """
import signal, sys

class Loader:
    def find_spec(self, name, *_):
        if name == "toolkit.launcher":
            try:
                signal.raise_signal(signal.SIGINT)
            except KeyboardInterrupt:
                pass  # as compiled code does that cannot pass it on
        return None

sys.meta_path.insert(0, Loader())
from toolkit.cli import main
sys.exit(main(["start", sys.argv[1], "--no-lab", "--no-browser"]))
"""


def test_ctrl_c_is_not_lost_in_a_library_that_is_just_loaded(tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-c", LOADED_BY_A_LIBRARY, str(tmp_path / "room")]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)
    assert (ended.returncode, ended.stdout, ended.stderr.startswith("Stopped.")) == (1, "", True)
    assert not (tmp_path / "room").exists()
