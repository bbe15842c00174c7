"""Tells from a folder's path whether another program copies it to other computers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath

SERVICES = (
    ("OneDrive", re.compile(r"onedrive\b.*")),
    ("iCloud", re.compile(r"mobile documents|com~apple~clouddocs|icloud ?drive.*|iclouddrive.*")),
    ("Dropbox", re.compile(r"dropbox( \(.*\))?|dropbox-.*")),
    ("Google Drive", re.compile(r"google ?drive\b.*|googledrive-.*|drivefs|my drive")),
    ("Box", re.compile(r"box( sync)?|box-box")),
    ("Nextcloud", re.compile(r"(nextcloud|owncloud)\d*")),
)
"""Each service, and the names of the folders that it makes, in small letters."""

SHARE = "a network drive"


def copied_by(folder: PurePath | str) -> str:
    """Return who copies what lies in `folder`: a service, or "a network drive"; "" when nobody is known to.

    `folder` is an absolute path. A Mac that keeps Desktop and Documents in iCloud does not show it in the path.
    """
    path = str(folder)
    if path.startswith(("\\\\", "//")) and not path.startswith(("\\\\?\\", "\\\\.\\")):
        return SHARE
    return _service(part.casefold() for part in re.split(r"[\\/]+", path))


def _service(parts: Iterable[str]) -> str:
    return next((name for part in parts for name, named in SERVICES if named.fullmatch(part)), "")


def warning(folder: PurePath | str) -> str:
    """Return one line for the facilitator, "" when the folder stays on this computer."""
    who = copied_by(folder)
    if not who:
        return ""
    if who == SHARE:
        return (
            "This workshop's folder is on a network drive: others may read the answers, and saving may fail. "
            "A folder on this computer is safer."
        )
    return (
        f"This workshop's folder is in {who}, which copies the answers to other computers. "
        "To keep them on this computer, use a folder outside of it."
    )
