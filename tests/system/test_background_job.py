"""The tests as a background job of a script, which inherits ignored signals: what they start hears signals anyway.

`nohup … &` in a script makes every child of a child ignore Ctrl+C and a closed window, unless somebody resets it.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

DISPOSITIONS = "import signal; print(*(int(signal.getsignal(each) == signal.SIG_IGN) for each in (1, 2)))"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="only a POSIX shell hands down ignored signals")


def test_what_a_test_starts_hears_ctrl_c_and_a_closed_window() -> None:
    heard = subprocess.run([sys.executable, "-c", DISPOSITIONS], check=True, capture_output=True, text=True)

    assert heard.stdout == "0 0\n"


def test_it_hears_them_too_when_the_tests_are_a_background_job() -> None:
    inner = f"{__file__}::{test_what_a_test_starts_hears_ctrl_c_and_a_closed_window.__name__}"
    job = ["sh", "-c", "trap '' HUP INT; exec \"$@\"", "job", sys.executable, "-P", "-m", "pytest", "-q", inner]

    ran = subprocess.run(job, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300)

    assert ran.returncode == 0, ran.stdout[-2_000:]
