"""The notebooks are thin, clean, plain, safe from a slip of the hand, and run from top to bottom."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from toolkit import Workshop
from toolkit.notebook.table_page import OneTable
from toolkit.notebook.table_stages import PAGES, stages_on
from toolkit.worksheets import catalog

FOLDER = Path(__file__).parents[2] / "notebooks"
NAMES = ["1-stakeholders", "2-policy-drafting", "3-report-back", "4-drafts", "facilitator"]
SHORT = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.Try, ast.With, ast.Lambda)
JARGON = re.compile(r"\b(kernel|token|localhost|cell|widget|jupyter|python|run)\b", re.IGNORECASE)


def read(name: str) -> nbformat.NotebookNode:
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def code(name: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in read(name).cells if cell.cell_type == "code"]


def test_these_notebooks_and_no_others() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_is_valid_and_carries_nothing_from_a_run(name: str) -> None:
    notebook = read(name)

    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert "widgets" not in notebook.metadata
    assert not [cell for cell in code(name) if cell.outputs or cell.execution_count]


@pytest.mark.parametrize("name", NAMES)
def test_cells_cannot_be_changed_or_lost_and_code_is_out_of_sight(name: str) -> None:
    cells = read(name).cells

    assert not [cell for cell in cells if cell.metadata.editable or cell.metadata.deletable]
    assert not [cell for cell in code(name) if not cell.metadata.jupyter.source_hidden]
    assert not [cell for cell in code(name) if not cell.source.startswith("# ")]


@pytest.mark.parametrize("name", NAMES)
def test_is_thin(name: str) -> None:
    trees = [ast.parse(cell.source) for cell in code(name)]

    assert len(trees) <= 5
    assert max(len(tree.body) for tree in trees) <= 4
    assert not [node for tree in trees for node in ast.walk(tree) if isinstance(node, SHORT)]
    imports = [node for tree in trees for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    assert [ast.unparse(node) for node in imports] == ["from toolkit import Workshop"]


@pytest.mark.parametrize("name", NAMES)
def test_asserts_something_of_its_own(name: str) -> None:
    tested = [cell for cell in code(name) if "test" in cell.metadata.get("tags", [])]

    assert len(tested) == 1
    assert [node for node in ast.parse(tested[0].source).body if isinstance(node, ast.Assert)]


@pytest.mark.parametrize("name", NAMES)
def test_speaks_plainly_and_leads_on(name: str) -> None:
    said = "\n".join(cell.source for cell in read(name).cells if cell.cell_type == "markdown")
    read_aloud = re.sub(r"<[^>]*>", " ", said)

    assert not JARGON.findall(read_aloud)
    assert "Start this page again" in said
    assert set(re.findall(r"\]\(([^)]+)\)", said)) == {f"{other}.ipynb" for other in NAMES if other != name}


NUMBERS = re.compile(
    r"\b(one|two|three|four|five|six|\d+)\b (steps?|stages?|parts?|lines?|questions?)"
    r"|\b(first|second|third|last)( of \w+)? (step|stage|part)",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", NAMES)
def test_the_fixed_words_of_a_page_count_nothing_that_a_worksheet_decides(name: str) -> None:
    said = "\n".join(cell.source for cell in read(name).cells if cell.cell_type == "markdown")

    assert not NUMBERS.search(said)


@pytest.mark.slow
@pytest.mark.parametrize("minutes", [60, 90, 180])
@pytest.mark.parametrize("sheet", sorted(catalog.catalog()[0]))
def test_each_table_page_says_which_stages_of_the_worksheet_in_use_are_on_it(
    tmp_path: Path, sheet: str, minutes: int
) -> None:
    with Workshop.open(tmp_path / "room", sheet) as workshop:
        workshop.settings.change(minutes=minutes)
        pages = {moment: workshop.table(moment) for moment in PAGES}
        told = {moment: said_on(page) for moment, page in pages.items()}
        for moment, words in told.items():
            for stage in workshop.worksheet.stages:
                assert (stage.title in words) == (stage in stages_on(workshop.worksheet, moment))
        numbers = [int(each) for words in told.values() for each in re.findall(r"\d+", words.partition(" of ")[0])]
        assert numbers == list(range(1, len(workshop.worksheet.stages) + 1))
        assert all(f" of {len(workshop.worksheet.stages)}: " in words for words in told.values())

        other = next(each for each in catalog.catalog()[0] if each != sheet)
        workshop.settings.change(worksheet=other)
        for page in pages.values():
            page.refresh()
        assert workshop.worksheet.stages[0].title in said_on(pages["stakeholders"])


def said_on(page: OneTable) -> str:
    (block,) = page.stages.blocks
    return str(block["words"])


@pytest.mark.slow
def test_the_readme_tells_of_made_up_organizations_what_the_board_shows(tmp_path: Path) -> None:
    """One count: what the README says of the rehearsal is what "Who has answered what" shows of it."""
    readme = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    asked = re.search(r"rehearse rehearsal --organizations (\d+) --people (\d+)`\. (.*)", readme)
    assert asked
    with Workshop.open(tmp_path / "room") as workshop:
        workshop.rehearsals.rehearse(int(asked[1]), int(asked[2]), 1)
        room = workshop.facilitator().parts["room"]
        (board,) = [each for each in room.room.blocks if each["type"] == "progress"]
    shown = {state for row in board["rows"] for state in row["states"] if state}
    words = {"agreed": "agreed", "proposed": "proposed", "tied": "split", "open": "missing"}
    told = {word for word in words.values() if re.search(rf"some (only )?{word}", asked[3])}
    assert told == {words[state] for state in shown}


@pytest.mark.slow
def test_all_run_from_top_to_bottom(tmp_path: Path) -> None:
    with Workshop.open(tmp_path / "room") as workshop:
        workshop.rehearsals.rehearse(3, 7, 1)
    Workshop.open(tmp_path / "room").close()
    surroundings = os.environ | {"WORKSHOP_FOLDER": str(tmp_path / "room"), "IPYTHONDIR": str(tmp_path / "ipython")}
    options = ["--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=120", "-p", "no:cacheprovider", "-q"]

    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(FOLDER)],
        env=surroundings,
        check=False,
        capture_output=True,
        text=True,
    )

    assert ran.returncode == 0, ran.stdout[-2000:]
    cells = sum(len(code(name)) for name in NAMES)
    assert f"{cells} passed" in ran.stdout


@pytest.mark.slow
def test_a_wrong_assert_in_a_notebook_is_noticed(tmp_path: Path) -> None:
    notebook = json.loads((FOLDER / "1-stakeholders.ipynb").read_text(encoding="utf-8"))
    last = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"][-1]
    last["source"] = ["assert workshop.organizations"]
    (tmp_path / "wrong.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    Workshop.open(tmp_path / "room").close()
    surroundings = os.environ | {"WORKSHOP_FOLDER": str(tmp_path / "room"), "IPYTHONDIR": str(tmp_path / "ipython")}
    options = ["--nbval-lax", "--nbval-current-env", "-p", "no:cacheprovider", "-q", "--rootdir", str(tmp_path)]

    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(tmp_path)],
        env=surroundings,
        check=False,
        capture_output=True,
        text=True,
    )

    assert ran.returncode == 1
    assert "1 failed" in ran.stdout
