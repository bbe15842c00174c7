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


@contextmanager
def lab_of(folder: Path, *pages: str) -> Iterator[Lab]:
    """Open the workshop in `folder` in JupyterLab, with these notebooks, or with all; closed at the end."""
    hidden = folder / ".workshop"
    notebooks = hidden / "some-notebooks" if pages else NOTEBOOKS
    for page in pages:
        notebooks.mkdir(parents=True, exist_ok=True)
        shutil.copy(NOTEBOOKS / page, notebooks)
    lab = open_lab(notebooks, hidden / "lab", {"WORKSHOP_FOLDER": str(folder)}, free_port(), browser=False)
    try:
        yield lab
    finally:
        lab.close()
