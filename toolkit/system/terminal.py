"""Writes to the window that a command runs in, which may be closed, broken or missing."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

ENDING = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Ctrl+C, a shutdown, a window that is closed, and the same on Windows."""


def open_streams() -> frozenset[str]:
    """Give a program that was started without input or output an empty one, so that no file takes its number.

    Return the names of those that it was started without: "stdin", "stdout", "stderr".
    """
    closed = []
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            _put_empty(number)
            closed.append(name)
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
    return frozenset(closed)


def _put_empty(number: int) -> None:
    empty = os.open(os.devnull, os.O_RDWR)
    if empty != number:
        os.dup2(empty, number)
        os.close(empty)
    os.set_inheritable(number, True)


def say(words: str) -> None:
    """Say one line; a window that is gone stops nothing."""
    with suppress(OSError, ValueError):
        print(words, flush=True)


def drop_output() -> None:
    """Send what is still to be written nowhere, once nobody reads it."""
    empty = os.open(os.devnull, os.O_WRONLY)
    os.dup2(empty, 1)
    os.close(empty)


def hear_interrupts(*names: str) -> None:
    """Let these signals, SIGINT unless others are named, raise KeyboardInterrupt, whatever our starter had set."""
    if threading.current_thread() is not threading.main_thread():
        return
    heard = [getattr(signal, name) for name in names or ("SIGINT",) if hasattr(signal, name)]
    for number in heard:
        signal.signal(number, signal.default_int_handler)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, heard)


STOPPED = b"Stopped. Start again whenever you like; nothing is lost.\n"


@contextmanager
def ending_at_once() -> Iterator[None]:
    """End the program at once when Ctrl+C is pressed inside: for the time when its parts are loaded.

    Libraries that are loaded may run code of ours, or Python's, from compiled code that drops a KeyboardInterrupt.
    """
    is_main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, _end_at_once) if is_main else None
    try:
        yield
    finally:
        if is_main:
            signal.signal(signal.SIGINT, before or signal.default_int_handler)


def _end_at_once(*_: object) -> NoReturn:
    with suppress(OSError):
        os.write(2, STOPPED)
    os._exit(1)


def ignore_interrupts(*names: str) -> None:
    """Let nothing of these cut off what must be finished now."""
    for name in names:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)


@contextmanager
def without_interrupts(*names: str) -> Iterator[None]:
    """Let nothing of these cut off what is done inside; what comes meanwhile is dropped."""
    heard = [getattr(signal, name) for name in names if hasattr(signal, name)]
    is_main = threading.current_thread() is threading.main_thread()
    before = {number: signal.signal(number, signal.SIG_IGN) for number in heard} if is_main else {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
