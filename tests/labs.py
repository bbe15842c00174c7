"""JupyterLab for one test: on copies of the pages that the test opens, so that only these start a process each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from join_server import free_port

from toolkit.lab import Lab, open_lab

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
FACILITATOR = "facilitator.ipynb"
SOME_NOTEBOOKS = Path(".workshop", "some-notebooks")
"""Where in a workshop's folder the copies of some notebooks lie."""


@contextmanager
def lab_of(folder: Path, *pages: str) -> Iterator[Lab]:
    """Open the workshop in `folder` in JupyterLab with the facilitator's page and these, or with all; then close it."""
    notebooks = folder / SOME_NOTEBOOKS if pages else NOTEBOOKS
    for page in {FACILITATOR, *pages} if pages else ():
        notebooks.mkdir(parents=True, exist_ok=True)
        shutil.copy(NOTEBOOKS / page, notebooks)
    lab = open_lab(
        notebooks, folder / ".workshop" / "lab", {"WORKSHOP_FOLDER": str(folder)}, free_port(), browser=False
    )
    try:
        yield lab
    finally:
        lab.close()
