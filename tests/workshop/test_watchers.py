"""What looks again by itself: it goes on through a fault of a moment, and ends with its workshop, without a word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from loops import finished

from toolkit import Workshop
from toolkit.errors import StoreError
from toolkit.notebook import controls
from toolkit.notebook.controls import watch

NAME = "test"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(controls, "LOOK_AGAIN", 0.01)


async def watched(changed: Callable[[], object], refresh: Callable[[], None], then: Callable[[], None]) -> list[Any]:
    """Watch until the watch ends by itself, after `then` was called; return what the loop has to complain about."""
    complaints: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, complaint: complaints.append(complaint))
    task = watch(NAME, changed, refresh).task
    assert task
    then()
    await asyncio.wait([task], timeout=30)
    assert task.done()
    if fault := task.exception():
        complaints.append(fault)
    return complaints


@pytest.mark.parametrize("opens", [False, True])
def test_a_watch_ends_with_its_workshop(tmp_path: Path, opens: bool) -> None:
    workshop = Workshop.open(tmp_path / "room")
    looks: list[object] = []

    def changed() -> object:
        seen = workshop.state.mark
        looks.append(seen)
        if len(looks) == 2:
            workshop.close()
        return seen

    if not opens:  # closed before the first look
        workshop.close()

    assert finished(watched(changed, lambda: None, lambda: None)) == []
    assert len(looks) == (2 if opens else 0)


def test_a_watch_ends_when_the_refresh_finds_the_workshop_closed(tmp_path: Path) -> None:
    workshop = Workshop.open(tmp_path / "room")
    looks = iter(range(100))

    assert finished(watched(lambda: next(looks), lambda: workshop.state and None, workshop.close)) == []


def test_a_watch_outlives_a_fault_of_a_moment() -> None:
    looks, refreshed = iter(range(1_000)), []

    def changed() -> int:
        look = next(looks)
        if look % 2 == 0:
            raise StoreError("another program holds the answers file")
        return look

    async def until_refreshed() -> None:
        watcher = watch(NAME, changed, lambda: refreshed.append(True))
        for _ in range(3_000):
            if len(refreshed) < 3:
                await asyncio.sleep(0.01)
        watcher.stop()

    finished(until_refreshed())
    assert len(refreshed) >= 3
