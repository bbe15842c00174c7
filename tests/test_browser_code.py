"""The browser code runs in every browser that eslint.config.js names: checked by ESLint, which npm brings."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

MISSING = "no ESLint: install Node, then run `npm ci` in the project's folder"


@pytest.fixture(scope="module")
def eslint() -> list[str]:
    house = Path(__file__).resolve().parent.parent
    found = shutil.which("eslint", path=str(house / "node_modules" / ".bin"))
    if not found or not shutil.which("node"):
        (pytest.fail if "eslint" in os.environ.get("WORKSHOP_REQUIRE", "").split() else pytest.skip)(MISSING)
    return [found, "--max-warnings", "0"]


def checked(command: list[str], house: Path, words: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=house, input=words, capture_output=True, text=True, check=False, timeout=120)


def test_the_browser_code_is_written_for_the_oldest_browser(eslint: list[str], house: Path) -> None:
    done = checked([*eslint, "."], house)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("toolkit/web/join/page.js", "export class A { static { this.b = 1; } }"),
        ("toolkit/web/join/page.js", "export const last = [1].at(-1);"),
        ("toolkit/web/form/form.js", "export const has = Object.hasOwn({}, 'a');"),
        ("toolkit/web/form/form.js", "export const before = /(?<=a)b/v;"),
        ("toolkit/web/board/live_blocks.js", "const copy = structuredClone({});"),
        ("toolkit/web/join/old_browser.js", "const a = 1;"),
        ("toolkit/web/join/old_browser.js", "var f = () => 1;"),
    ],
)
def test_what_an_older_browser_cannot_read_is_found(eslint: list[str], house: Path, file: str, words: str) -> None:
    assert checked([*eslint, "--stdin", "--stdin-filename", file], house, words).returncode == 1
