"""Runs JupyterLab as a process that ends with the program that started it."""

from __future__ import annotations

import signal
import sys

from toolkit.system.parent_watch import end_with_parent

LONGEST_END = 3.5
"""Seconds for an orderly end, kernels included; a kernel whose server is gone ends within one more."""


def main() -> int:
    """Run JupyterLab with the arguments of this program until its input closes."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    end_with_parent(LONGEST_END)
    from jupyterlab.labapp import main as jupyterlab  # noqa: PLC0415 - slow; the watch stands before it is loaded

    return int(jupyterlab() or 0)


if __name__ == "__main__":
    sys.exit(main())
