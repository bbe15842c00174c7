"""Modules become one script for a notebook and for phones, and what cannot be joined is told with its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from toolkit.web import WEB
from toolkit.web.linker import LinkError, link, without_comments

ENTRIES = [WEB / "form" / "widget.js", WEB / "board" / "widget.js", WEB / "join" / "page.js"]


@pytest.fixture
def web(tmp_path: Path) -> Path:
    (tmp_path / "web").mkdir()
    return tmp_path / "web"


def write(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder / "entry.js"


def test_what_is_imported_comes_first_and_once(web: Path) -> None:
    entry = write(
        web,
        entry='import { a } from "./one.js";\nimport {\n  b,\n} from "./two.js";\n\nexport default { a, b };\n',
        one='import { b } from "./two.js";\n\nexport const a = b + 1;\n',
        two="export const b = 1;\nconst own = 2;\n",
    )
    assert re.sub(r"\n+", "\n", link(entry)) == (
        "// web/two.js\nconst b = 1;\nconst own = 2;\n"
        "// web/one.js\nconst a = b + 1;\n"
        "// web/entry.js\nexport default { a, b };\n"
    )


@pytest.mark.parametrize(
    ("modules", "says"),
    [
        ({"entry": 'import { b } from "./one.js";\n', "one": "const b = 1;\n"}, "entry.js:1: one.js does not export b"),
        ({"entry": 'import { b as c } from "./one.js";\n', "one": "export const b = 1;\n"}, "does not export b as c"),
        ({"entry": 'import { b } from "./none.js";\n'}, "none.js: there is no such module; entry.js imports it"),
        ({"entry": 'import "./one.js";\n', "one": ""}, "entry.js:1: this cannot be joined"),
        ({"entry": 'import one from "./one.js";\n', "one": ""}, "entry.js:1: this cannot be joined"),
        ({"entry": '\nconst one = () => import("./one.js");\n'}, "entry.js:2: this cannot be joined"),
        ({"entry": "const { a, b } = window;\n"}, "entry.js:1: this cannot be joined"),
        ({"entry": 'export { a } from "./one.js";\n', "one": ""}, "entry.js:1: this cannot be joined"),
        (
            {"entry": 'import { a } from "./one.js";\n', "one": "export const a = 1;\nexport default a;\n"},
            "one.js:2: th",
        ),
        (
            {"entry": 'import { a } from "./one.js";\nconst b = 1;\n', "one": "export const a = 1;\nlet b;\n"},
            "b is",
        ),
        (
            {"entry": 'import { a } from "./one.js";\nexport let b;\n', "one": 'import { b } from "./entry.js";\n'},
            "each",
        ),
    ],
)
def test_what_cannot_be_joined_is_told(web: Path, modules: dict[str, str], says: str) -> None:
    with pytest.raises(LinkError, match=re.escape(says)):
        link(write(web, **modules))


def test_a_phone_is_sent_no_comments_and_no_indentation() -> None:
    script = "/**\n * What it is.\n */\nfunction f() {\n  // why\n\n  return /** @type {any} */ (1); // so\n}\n"
    assert without_comments(script) == "function f() {\nreturn (1);\n}\n"


def test_every_module_is_part_of_a_page() -> None:
    joined = {name for entry in ENTRIES for name in re.findall(r"(?m)^// (\S+\.js)$", link(entry))}
    modules = {path.relative_to(WEB).as_posix() for path in WEB.rglob("*.js")}
    assert modules - joined == {"join/old_browser.js"}
