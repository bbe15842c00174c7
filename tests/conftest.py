"""What every test stands on: a workshop of its own, sheets of its own, and a guard over the project's folder."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sheets import a_sheet

from toolkit import Workshop
from toolkit.worksheets.model import Worksheet

HOUSE = Path(__file__).resolve().parent.parent
MAY_BE_WRITTEN = {".git", ".venv", "__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".hypothesis"}
MAY_BE_WRITTEN |= {".import_linter_cache", ".worksheet_cache", "policy_workshop_toolkit.egg-info"}

RANDOM = bool(os.environ.get("WORKSHOP_RANDOM"))
"""Whether Hypothesis tries other examples each time: to look for faults. Otherwise a red test is the change's fault."""

PROCESSES_PER_CORE = 2
"""Half of what a browser test does is waiting; measured in benchmarks/README.md."""

# What a test starts keeps what it compiles: else each of some hundred processes compiles all of the toolkit.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

settings.register_profile("house", deadline=None, database=None, max_examples=100, derandomize=not RANDOM)
settings.load_profile("house")


def _is_ours(path: object) -> bool:
    if not isinstance(path, (str, bytes, os.PathLike)):
        return False
    place = Path(os.path.abspath(os.fsdecode(path)))  # noqa: PTH100 - resolve() would follow links
    return place.is_relative_to(HOUSE) and MAY_BE_WRITTEN.isdisjoint(place.parts)


def _guard(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse every file that a test opens for writing, makes or renames inside the project."""
    if event == "open":
        writes = bool(int(str(arguments[2] or 0)) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        targets: tuple[object, ...] = arguments[:1] if writes else ()
    else:
        targets = arguments[: WATCHED.get(event, 0)]
    for target in targets:
        if _is_ours(target):
            raise PermissionError(f"a test writes into the project: {target!r}")


WATCHED = {"os.mkdir": 1, "os.rename": 2, "sqlite3.connect": 1}

sys.addaudithook(_guard)


def hear_signals() -> None:
    """Let what the tests start hear Ctrl+C and a closed window, whatever this process was told to ignore.

    A background job of a script, or `nohup`, hands down ignored signals to every child of a child. A handler is not
    handed down: with one here, each program that a test starts begins with the system's own default. Ctrl+C stops the
    tests too; a closed window does not, where `nohup` said so.
    """
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    hang_up = getattr(signal, "SIGHUP", None)
    if hang_up is not None and signal.getsignal(hang_up) == signal.SIG_IGN:
        signal.signal(hang_up, lambda *_: None)


hear_signals()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return how many test processes `-n auto` means."""
    return PROCESSES_PER_CORE * (os.cpu_count() or 1)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let the longest tests begin first where several processes share them."""
    if hasattr(config, "workerinput"):
        from side_by_side import in_order  # noqa: PLC0415 - needs pytest-xdist, which one test file alone does not

        in_order(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Hand out the tests as `side_by_side` says, in the order of collection: the browser's first."""
    from side_by_side import KeepTogether  # noqa: PLC0415 - needs pytest-xdist, which one test file alone does not

    config.option.loadscopereorder = False
    return KeepTogether(config, log)


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    """A new workshop with the Sex::Tech worksheet in a folder of its own."""
    with Workshop.open(tmp_path / "workshop") as opened:
        yield opened


@pytest.fixture
def sheet() -> Callable[..., Worksheet]:
    """Read a worksheet from the questions and clauses that a test shows."""
    return a_sheet


@pytest.fixture
def house() -> Path:
    """The project's folder."""
    return HOUSE
