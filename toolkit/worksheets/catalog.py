"""Finds worksheets by name or folder, and reads one again only when its files changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from toolkit.errors import WorksheetError, WorkshopError
from toolkit.system.project_files import PROJECT, WORKSHEETS
from toolkit.worksheets import loader
from toolkit.worksheets.model import Worksheet
from toolkit.worksheets.stored_copy import WorksheetCopy, copy_of

FIRST_WORKSHEET = "sextech-2010"

CACHE = PROJECT / ".worksheet_cache"
"""Checked worksheets, so that not every process reads YAML; it may be thrown away at any time."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A worksheet as its files say it now, with the copy of it that a workshop keeps."""

    worksheet: Worksheet
    copy: WorksheetCopy


_loaded: dict[str, Loaded] = {}
_faults: dict[str, WorksheetError] = {}


def worksheets() -> list[str]:
    """Return the names of the worksheets that come with the toolkit."""
    return loader.worksheet_names(WORKSHEETS)


def worksheet(name: str, path: Path | None = None) -> Worksheet:
    """Return the worksheet of this name, or in this folder; WorksheetError says file, line, fault and mend."""
    return load(name, path).worksheet


def load(name: str, path: Path | None = None) -> Loaded:
    """Return the worksheet of this name, or in this folder, with the copy of it that a workshop keeps.

    `path` is a folder for what was read when the toolkit's own cannot be written to. WorksheetError says file, line,
    fault and mend, or that there is no such worksheet.
    """
    folder = _folder(name)
    files = loader.sources(folder, WORKSHEETS / loader.COMMON)
    mark = loader.fingerprint(folder, files)
    if mark in _faults:
        known = _faults[mark]
        raise WorksheetError(known.fault, where=known.where, mend=known.mend)
    if mark not in _loaded:
        try:
            read = loader.read_cached(folder, files, [CACHE, *([path] if path else [])])
        except WorksheetError as fault:
            _faults[mark] = fault
            raise
        texts = {name: content.decode() for name, content in loader.by_name(folder, files).items()}
        copy = copy_of(read, str(placed(name)), loader.hash_of(folder, files), texts)
        _loaded[mark] = Loaded(read, copy)
    return _loaded[mark]


def catalog(path: Path | None = None) -> tuple[dict[str, Worksheet], list[WorkshopError]]:
    """Return the worksheets that come with the toolkit by name, and what is wrong with those that are not sound."""
    sound, faults = {}, []
    for name in worksheets():
        try:
            sound[name] = worksheet(name, path)
        except WorkshopError as fault:
            faults.append(fault)
    return sound, faults


def placed(name: str | None) -> str | None:
    """Return a worksheet's name, or its whole path when it lies elsewhere."""
    return str(_of_file(Path(name).expanduser().resolve())) if name and _is_path(name) else name


def _folder(name: str) -> Path:
    folder = _of_file(Path(name).expanduser()) if _is_path(name) else WORKSHEETS / name
    if not folder.is_dir():
        raise WorksheetError(f"there is no worksheet '{name}'", mend=f"There are: {', '.join(worksheets())}.")
    return folder


def _of_file(path: Path) -> Path:
    """Return the folder of a worksheet when somebody names one of its files."""
    return path.parent if path.name in loader.FILES and not path.is_dir() else path


def _is_path(name: str) -> bool:
    """Return whether somebody means a folder of their own, not the name of a worksheet that comes along."""
    if "/" in name or "\\" in name or name.startswith("."):
        return True
    return not (WORKSHEETS / name).is_dir() and Path(name).is_dir()
