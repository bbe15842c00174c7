"""Writes one organization's draft as a Word file in another process, so that no answer waits for it."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from toolkit.errors import DraftError, WorkshopError
from toolkit.workshop.facade import Workshop

FRESH_SECONDS = 5.0
"""Seconds for which a draft may be given to colleagues who ask for it too."""

WRITE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Draft:
    """A Word file, its name, and when it was written."""

    name: str
    content: bytes
    at: float


@dataclass(slots=True)
class Drafts:
    """Writes drafts one after another; what is fresh is not written again."""

    workshop: Workshop
    fresh: dict[str, Draft] = field(default_factory=dict)
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def of(self, organization: str) -> Draft:
        """Return the draft of one organization (by id); DraftError when it cannot be written now."""
        async with self.one_at_a_time:
            fresh = self.fresh.get(organization)
            if fresh is None or time.monotonic() - fresh.at > FRESH_SECONDS:
                fresh = self.fresh[organization] = await self._new_draft(organization)
        return fresh

    async def _new_draft(self, organization: str) -> Draft:
        with TemporaryDirectory(dir=self.workshop.settings.hidden) as folder:
            await self._write(organization, folder)
            files = sorted(Path(folder).glob("*.docx"))
            if not files:
                raise DraftError("the draft could not be written just now", mend="Your answers are safe; try again.")
            return Draft(files[0].name, files[0].read_bytes(), time.monotonic())

    async def _write(self, organization: str, folder: str) -> None:
        command = (
            sys.executable,
            "-P",
            "-m",
            "toolkit.join.draft_download",
            str(self.workshop.folder),
            organization,
            folder,
        )
        nowhere = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(*command, stdin=nowhere, stdout=nowhere, stderr=nowhere)
        try:
            await asyncio.wait_for(process.wait(), WRITE_SECONDS)
        except TimeoutError:
            process.kill()


def main(arguments: list[str]) -> int:
    """Write the draft of one organization into a folder: FOLDER ORGANIZATION INTO."""
    folder, organization, into = arguments
    try:
        with Workshop.open(folder) as workshop:
            workshop.export(into, organization)
    except WorkshopError:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
