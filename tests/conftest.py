"""What every test stands on: a workshop of its own, sheets of its own, and a guard over the project's folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sheets import a_sheet

from toolkit.worksheet import Worksheet
from toolkit.workshop import Workshop

HOUSE = Path(__file__).resolve().parent.parent
MAY_BE_WRITTEN = {".git", ".venv", "__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".hypothesis"}
MAY_BE_WRITTEN |= {".import_linter_cache", ".worksheet_cache", "policy_workshop_toolkit.egg-info"}

settings.register_profile("house", deadline=None, database=None, max_examples=100)
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
