"""Where the worksheets, the notebooks and JupyterLab's settings lie, in a checkout or an installed package."""

from __future__ import annotations

from pathlib import Path

_PACKAGED = Path(__file__).resolve().parents[1] / "project"
PROJECT = _PACKAGED if _PACKAGED.is_dir() else Path(__file__).resolve().parents[2]
"""The checkout, or the folder of the installed package that holds the same (see pyproject.toml)."""

START = "workshop" if _PACKAGED.is_dir() else "python3 start.py"
"""What a person types before the name of a command."""

WORKSHEETS = PROJECT / "worksheets"
NOTEBOOKS = PROJECT / "notebooks"
JUPYTER = PROJECT / "jupyter"
