"""SHELF: the worksheets that there are, found by name or by folder; one is read again only when its files changed."""

from __future__ import annotations

from pathlib import Path

from toolkit import worksheet_file
from toolkit.errors import WorkshopError
from toolkit.worksheet import Worksheet

HOUSE = Path(__file__).resolve().parent.parent
WORKSHEETS = HOUSE / "worksheets"
FIRST_WORKSHEET = "sextech-2010"

_read: dict[tuple[str, float], Worksheet] = {}


def worksheets() -> list[str]:
    """Return the names of the worksheets that come with the toolkit."""
    return worksheet_file.listed(WORKSHEETS)


def worksheet(name: str, kept: Path | None = None) -> Worksheet:
    """Return the worksheet of this name, or in this folder; WorksheetError says file, line, fault and mend."""
    folder = _folder(name)
    key = (str(folder), _changed(folder))
    if key not in _read:
        _read[key] = worksheet_file.read_kept(folder, kept) if kept else worksheet_file.read(folder)
    return _read[key]


def placed(name: str | None) -> str | None:
    """Return a worksheet's name, or its whole path when it lies elsewhere."""
    return str(Path(name).expanduser().resolve()) if name and _is_place(name) else name


def _folder(name: str) -> Path:
    folder = Path(name).expanduser() if _is_place(name) else WORKSHEETS / name
    if not folder.is_dir():
        raise WorkshopError(f"there is no worksheet '{name}'", mend=f"There are: {', '.join(worksheets())}.")
    return folder


def _changed(folder: Path) -> float:
    """Return when a file of the worksheet, or of what all worksheets share, was changed last."""
    files = (path for part in (folder, folder.parent / "common") for path in part.glob("*.yaml"))
    return max((path.stat().st_mtime for path in files), default=0.0)


def _is_place(name: str) -> bool:
    """Return whether somebody means a folder of their own, not the name of a worksheet that comes along."""
    return "/" in name or "\\" in name or name.startswith(".")
