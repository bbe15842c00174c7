"""Which tests stay together when pytest-xdist runs several processes, so that what they share is made once.

Tests of one file stay together, because they share a server, a draft or a rehearsal. A file in `SPREAD` shares
nothing that is expensive, so each of its tests may go to whichever process is free. The notebooks' cells go on from
each other, and all five notebooks open one workshop: they stay together too.
"""

from __future__ import annotations

import pytest
from xdist.scheduler import LoadScopeScheduling

SPREAD = (
    "tests/browser/",
    "tests/join/test_join_lossless.py",
    "tests/join/test_join_network.py",
    "tests/test_start_command.py",
    "tests/storage/test_store_damage.py",
    "tests/join/test_merges_phones.py",
)
"""How the path of a file begins whose tests may run in any process."""

FIRST = ("tests/browser/test_whole_day.py", "tests/join/test_join_lossless.py")
"""Files with a test of a minute or more: one that began last would keep the other processes waiting."""


def in_order(items: list[pytest.Item]) -> None:
    """Sort the tests for several processes: the longest first, then as they were collected (the browser's first)."""
    items.sort(key=lambda item: not item.nodeid.startswith(FIRST))


class KeepTogether(LoadScopeScheduling):
    """Hand out whole files, single tests of files in `SPREAD`, and the notebooks as one; in the order of collection."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        if path.startswith(SPREAD):
            return nodeid
        return "notebooks" if path.endswith(".ipynb") else path
