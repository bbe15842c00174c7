"""What a process and all that it started cost, and how a figure is printed."""

from __future__ import annotations

import psutil


def cpu(process: psutil.Process) -> float:
    """Seconds of processor, user and system."""
    times = [each.cpu_times() for each in _family(process)]
    return sum(each.user + each.system for each in times)


def pss(process: psutil.Process) -> float:
    """Megabytes of memory, what is shared counted once."""
    return sum(each.memory_full_info().pss for each in _family(process)) / 1e6


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def say(what: str, figure: str) -> None:
    print(f"{what:<36} {figure}", flush=True)
