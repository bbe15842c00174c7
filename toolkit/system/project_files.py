"""Where the worksheets, the notebooks and JupyterLab's settings lie that come with the toolkit."""

from __future__ import annotations

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
WORKSHEETS = PROJECT / "worksheets"
NOTEBOOKS = PROJECT / "notebooks"
JUPYTER = PROJECT / "jupyter"
