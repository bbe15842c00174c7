"""The structure holds: one package imports a library, layers are kept, tables agree, markup has no way in."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from toolkit.rehearsal.answers import MAKERS
from toolkit.worksheets.kinds import KINDS

TOOLKIT = Path(__file__).resolve().parent.parent / "toolkit"
MODULES = [path.relative_to(TOOLKIT).as_posix() for path in sorted(TOOLKIT.rglob("*.py"))]

DOORS = {
    "IPython": ("documents/html.py",),
    "anywidget": ("notebook/widget_output.py",),
    "argparse": ("cli.py", "launcher.py"),
    "docx": ("documents/word/",),
    "fastapi": ("join/",),
    "ipywidgets": ("notebook/",),
    "jupyter_server": ("notebook/autorun.py",),
    "jupyterlab": ("notebook/server.py",),
    "lxml": ("documents/word/",),
    "nbformat": ("notebook/autorun.py",),
    "pandas": ("tables.py",),
    "psutil": ("join/network.py",),
    "pydantic": ("worksheets/model.py", "worksheets/loader.py"),
    "pyphen": ("drafts/readability.py",),
    "pysqlite3": ("storage/",),
    "ruamel": ("worksheets/loader.py",),
    "segno": ("join/",),
    "sqlalchemy": ("storage/",),
    "sqlite3": ("storage/",),
    "starlette": ("join/",),
    "tornado": ("notebook/autorun.py",),
    "traitlets": ("notebook/",),
    "uvicorn": ("join/",),
    "xlsxwriter": ("tables.py",),
}
"""Each library, and the one room that may import it."""


@cache
def parsed(module: str) -> ast.Module:
    """Return the code of a module, read when a test looks at it: every test process collects this file."""
    return ast.parse((TOOLKIT / module).read_text(encoding="utf-8"))


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield the top names of what a module imports, also by name."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name.split(".")[0] for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.split(".")[0]
            case ast.Call(
                func=ast.Name(id="import_module") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(module)), *_],
            ):
                yield module.split(".")[0]


def is_checked(name: str) -> bool:
    return name in DOORS or (name not in sys.stdlib_module_names and name != "toolkit")


@pytest.mark.parametrize("module", MODULES)
def test_each_library_has_one_door(module: str) -> None:
    for name in filter(is_checked, imported(parsed(module))):
        assert name in DOORS, f"{module} imports {name}, which has no door yet"
        assert module.startswith(DOORS[name]), f"{name} is imported in {DOORS[name]} only"


def test_every_door_is_used() -> None:
    used = {name for module in MODULES for name in imported(parsed(module))}
    assert {"pandas", "docx", "sqlalchemy", "ruamel", "pydantic", "anywidget"} <= used


@pytest.mark.parametrize("module", MODULES)
def test_the_first_line_of_a_module_says_its_job(module: str) -> None:
    said = ast.get_docstring(parsed(module))
    assert said
    first = said.splitlines()[0]
    assert first.endswith((".", ":"))
    assert len(first) <= 117


@pytest.mark.parametrize("module", MODULES)
def test_nothing_that_people_wrote_is_shown_as_markup(module: str) -> None:
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Attribute | ast.Name):
            named = node.attr if isinstance(node, ast.Attribute) else node.id
            assert named not in {"HTML", "HTMLMath", "Markdown", "Javascript"}, f"line {node.lineno}"
        if isinstance(node, ast.keyword) and node.arg == "escape":
            assert not (isinstance(node.value, ast.Constant) and node.value.value is False), f"line {node.lineno}"
        if module == "tables.py" and isinstance(node, ast.Attribute):
            assert node.attr not in {"style", "to_html"}, f"line {node.lineno}"


@pytest.mark.parametrize("module", MODULES)
def test_no_code_is_made_of_words(module: str) -> None:
    calls = [node.func.id for node in ast.walk(parsed(module))
             if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]  # fmt: skip
    assert not {"eval", "exec", "compile", "__import__"} & set(calls)
    assert not {"pickle", "marshal", "shelve", "yaml", "jinja2"} & set(imported(parsed(module)))


def test_every_kind_has_a_control_and_a_maker() -> None:
    script = (TOOLKIT / "web" / "form" / "controls.js").read_text(encoding="utf-8")
    table = script.split("const CONTROLS = {", 1)[1].split("\n};", 1)[0]
    assert re.findall(r"^  (\w+):", table, re.MULTILINE) == list(KINDS) == list(MAKERS)


@pytest.mark.parametrize("path", [*TOOLKIT.rglob("*.js"), *TOOLKIT.rglob("*.css"), *TOOLKIT.rglob("*.html")], ids=str)
def test_no_page_of_ours_asks_another_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"(?:src|href|url\(|import|fetch\()\s*[=(]?\s*['\"]?(?:https?:)?//", text)
    assert "innerHTML" not in text


STYLES = [*TOOLKIT.rglob("*.css"), TOOLKIT.parent / "jupyter" / "custom" / "custom.css"]


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_colors_and_sizes_of_all_pages_are_defined_once(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert text.count("\n") <= 300
    if path.name != "tokens.css":
        rules = re.findall(r"([^{}]*)\{([^{}]*)\}", text)
        colors = {
            color for names, rule in rules for color in re.findall(r"#[0-9a-f]{3,8}\b", rule) if ".pw-qr" not in names
        }
        assert not colors, "a color has a name in toolkit/web/shared/tokens.css"
        assert not re.findall(r":root\b|prefers-color-scheme", text)


def test_the_floors_hold(house: Path, tmp_path: Path) -> None:
    code = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", code, "--config", str(house / "pyproject.toml"), "--no-cache"]
    linted = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert "4 kept, 0 broken" in linted.stdout, linted.stdout + linted.stderr
