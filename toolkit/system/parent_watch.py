"""Ends a program when the one that started it is gone, however that one ended.

The starter holds one end of the program's input. The system closes it when the starter ends, also by kill -9.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import suppress


def end_with_parent(seconds: float) -> None:
    """End this process as SIGTERM would once its input closes, and by force `seconds` later.

    Call it in the main thread, before anything slow is loaded. What SIGTERM does is the caller's to say.
    """
    threading.Thread(target=_wait, args=(seconds,), daemon=True).start()


def _wait(seconds: float) -> None:
    with suppress(OSError):
        while os.read(0, 4096):  # not sys.stdin: its lock would be missed when Python shuts down
            pass
    if sys.platform == "win32":
        signal.raise_signal(signal.SIGTERM)
    else:
        os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(seconds)
    os._exit(1)
