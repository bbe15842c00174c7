"""The browser code: its layout, its types, its logic, and that every browser that eslint.config.js names can run it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

MISSING = "no {}: install Node, then run `npm ci` in the project's folder"


@pytest.fixture(scope="module")
def tool() -> Callable[[str], str]:
    """Return where a tool lies that npm brings; a machine without it says so by name, or fails where it must not."""

    def find(name: str) -> str:
        folder = Path(__file__).resolve().parent.parent / "node_modules" / ".bin"
        found = shutil.which(name) if name == "node" else shutil.which(name, path=str(folder))
        if not found or not shutil.which("node"):
            is_required = "eslint" in os.environ.get("WORKSHOP_REQUIRE", "").split()
            (pytest.fail if is_required else pytest.skip)(MISSING.format(name))
        return found

    return find


@pytest.fixture(scope="module")
def eslint(tool: Callable[[str], str]) -> list[str]:
    return [tool("eslint"), "--max-warnings", "0"]


def checked(command: list[str], house: Path, words: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=house, input=words, capture_output=True, text=True, check=False, timeout=120)


def test_the_browser_code_is_written_for_the_oldest_browser(eslint: list[str], house: Path) -> None:
    done = checked([*eslint, "."], house)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_browser_code_has_one_layout(tool: Callable[[str], str], house: Path) -> None:
    done = checked([tool("prettier"), "--check", "."], house)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_types_of_the_browser_code_agree(tool: Callable[[str], str], house: Path) -> None:
    done = checked([tool("tsc")], house)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wrong_type_is_found(tool: Callable[[str], str], house: Path, tmp_path: Path) -> None:
    """The layers between a phone and its server agree on names: a misspelt one is an error."""
    page = tmp_path / "page.js"
    page.write_text("/** @param {Question} question */\nexport const ask = (question) => question.aks;\n")
    options = json.loads((house / "tsconfig.json").read_text(encoding="utf-8"))
    options |= {"include": [str(page), str(house / "toolkit" / "web" / "types.d.ts")]}
    (tmp_path / "tsconfig.json").write_text(json.dumps(options), encoding="utf-8")
    done = checked([tool("tsc"), "--project", str(tmp_path)], house)
    assert (done.returncode, "'aks' does not exist" in done.stdout) == (1, True), done.stdout + done.stderr


def test_the_logic_of_the_browser_code_holds_without_a_browser(tool: Callable[[str], str], house: Path) -> None:
    tool("eslint")  # says that the tools of npm are missing, where they are
    done = checked([tool("node"), "--test", "tests/web/"], house)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("toolkit/web/join/page.js", "export class A { static { this.b = 1; } }"),
        ("toolkit/web/join/page.js", "export const last = [1].at(-1);"),
        ("toolkit/web/form/form.js", "export const has = Object.hasOwn({}, 'a');"),
        ("toolkit/web/form/form.js", "export const before = /(?<=a)b/v;"),
        ("toolkit/web/board/clock.js", "export const copy = structuredClone({});"),
        ("toolkit/web/form/form.js", "export const title = () => name;"),
        ("toolkit/web/form/form.js", "export const a = 1,\n  b = 2;"),
        ("toolkit/web/form/form.js", "export const { a } = { a: 1 };"),
        ("toolkit/web/form/form.js", 'export const lazily = () => import("./fields.js");'),
        ("toolkit/web/form/form.js", 'export const all = "*/*";'),
        ("toolkit/web/form/form.js", f"export const wide = '{'-' * 120}';"),
        ("toolkit/web/form/form.js", "export const a = 1;\n" * 2),
        ("toolkit/web/form/form.js", f"export const a = 1;{chr(10) * 301}"),
        ("toolkit/web/join/old_browser.js", "const a = 1;"),
        ("toolkit/web/join/old_browser.js", "var f = () => 1;"),
    ],
)
def test_what_an_older_browser_cannot_read_is_found(eslint: list[str], house: Path, file: str, words: str) -> None:
    assert checked([*eslint, "--stdin", "--stdin-filename", file], house, words).returncode == 1
