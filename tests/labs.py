"""JupyterLab for one test: on copies of the pages that the test opens, so that only these start a process each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from join_server import free_port

from toolkit.notebook.jupyterlab import Lab, open_lab

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
FACILITATOR = "facilitator.ipynb"
SOME_NOTEBOOKS = Path(".workshop", "some-notebooks")
"""Where in a workshop's folder the copies of some notebooks lie."""


def copies(folder: Path, *pages: str) -> Path:
    """Copy these notebooks into a workshop's folder; return where they lie."""
    notebooks = folder / SOME_NOTEBOOKS
    notebooks.mkdir(parents=True, exist_ok=True)
    for page in pages:
        shutil.copy(NOTEBOOKS / page, notebooks)
    return notebooks


@contextmanager
def lab_of(folder: Path, *pages: str) -> Iterator[Lab]:
    """Open the workshop in `folder` in JupyterLab with the facilitator's page and these, or with all; then close it."""
    notebooks = copies(folder, FACILITATOR, *pages) if pages else NOTEBOOKS
    lab = open_lab(
        notebooks, folder / ".workshop" / "lab", {"WORKSHOP_FOLDER": str(folder)}, free_port(), browser=False
    )
    try:
        yield lab
    finally:
        lab.close()
