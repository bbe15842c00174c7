"""HALL: the workshop as the join page uses it: the worksheet is looked at once a second, not for every answer."""

from __future__ import annotations

import time

from toolkit.worksheet import Worksheet
from toolkit.workshop import Workshop

LOOK_AGAIN = 1.0


class Hall(Workshop):
    """A workshop that many ask at once."""

    _looked: tuple[float, Worksheet] | None = None

    @property
    def worksheet(self) -> Worksheet:
        """The worksheet as it was at most a second ago."""
        looked, now = self._looked, time.monotonic()
        if looked is None or now - looked[0] > LOOK_AGAIN:
            looked = self._looked = now, super().worksheet
        return looked[1]
