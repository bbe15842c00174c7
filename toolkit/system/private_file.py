"""Keeps small facts of the program in a file that only its owner can read."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write(path: Path, facts: Mapping[str, Any]) -> None:
    """Put `facts` in the file, all at once: nobody ever reads half of it. OSError when that cannot be."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.touch(mode=0o600)
    beside.write_text(json.dumps(facts), encoding="utf-8")
    beside.replace(path)


def read(path: Path) -> dict[str, Any]:
    """Return the facts in the file; none when it is not there or damaged."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
