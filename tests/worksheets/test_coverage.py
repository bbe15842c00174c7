"""Every item of the handout and of the guide is carried somewhere; a place that is gone is found out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from toolkit.worksheets import catalog
from toolkit.worksheets.model import ClauseRule, PolicySection, TableRule, Worksheet

SHIPPED = Path(__file__).resolve().parents[2] / "worksheets"
HANDOUT, GUIDE = "sextech-2010", "supervised-visitation"
OF_THE_HANDOUT = [f"H-{number:02}" for number in range(1, 37)]
OF_THE_GUIDE = [f"G-{number:02}" for number in range(1, 77)]

Item = Mapping[str, Any]


@pytest.fixture(scope="module")
def items() -> Mapping[str, Item]:
    found: Mapping[str, Item] = YAML(typ="safe", pure=True).load(SHIPPED / "coverage.yaml")["items"]
    return found


@pytest.fixture(scope="module")
def sheets() -> dict[str, Worksheet]:
    return {name: catalog.worksheet(name) for name in (HANDOUT, GUIDE)}


def all_sections(sheet: Worksheet) -> Iterator[PolicySection]:
    yield from sheet.policy.sections
    for paper in sheet.policy.papers:
        yield from paper.sections


def ids_of(sheet: Worksheet, kind: type[ClauseRule] | type[TableRule]) -> set[str]:
    return {block.id for section in all_sections(sheet) for block in section.clauses if isinstance(block, kind)}


PLACES: Mapping[str, Callable[[Worksheet], set[str]]] = {
    "question": lambda sheet: {question.id for question in sheet.asked()},
    "option": lambda sheet: {f"{q.id}.{option.id}" for q in sheet.asked() for option in q.options},
    "clause": lambda sheet: ids_of(sheet, ClauseRule),
    "table": lambda sheet: ids_of(sheet, TableRule),
    "section": lambda sheet: {section.id for section in all_sections(sheet)},
    "stage": lambda sheet: {stage.id for stage in sheet.stages},
    "scenario": lambda sheet: {scenario.id for scenario in sheet.scenarios},
    "script": lambda sheet: {script.id for script in sheet.scripts},
    "gap": lambda sheet: {gap.id for gap in sheet.checks.gaps},
    "caution": lambda sheet: {caution.id for caution in sheet.checks.cautions},
    "control": lambda sheet: {label for label, _ in sheet.policy.control},
    "objective": lambda sheet: {str(number) for number, _ in enumerate(sheet.objectives, 1)},
    "title": lambda sheet: {"" for text in (sheet.title,) if text},
    "policy_title": lambda sheet: {"" for text in (sheet.policy.title,) if "{organization}" in text},
    "credit": lambda sheet: {"" for text in (sheet.credit,) if text},
    "notes": lambda sheet: {"" for text in (sheet.notes,) if text},
}
"""Each kind of place, and the names that a worksheet has there ("" where the kind is the place)."""


def is_there(sheet: Worksheet, place: str) -> bool:
    kind, _, name = place.partition(":")
    return name in PLACES[kind](sheet)


def places(item: Item, name: str) -> list[str]:
    return [*item.get("both", ()), *item.get(name, ())]


def uncarried(items: Mapping[str, Item]) -> list[str]:
    """Return the items that have no place in the worksheet that was made after their document."""
    wanted = dict.fromkeys(OF_THE_HANDOUT, HANDOUT) | dict.fromkeys(OF_THE_GUIDE, GUIDE)
    return [id_ for id_, name in wanted.items() if not places(items.get(id_, {}), name)]


def gone(items: Mapping[str, Item], sheets: Mapping[str, Worksheet]) -> list[tuple[str, str, str]]:
    """Return every place that is named and is not there, with its item and worksheet."""
    return [
        (id_, name, place)
        for id_, item in items.items()
        for name, sheet in sheets.items()
        for place in places(item, name)
        if not is_there(sheet, place)
    ]


def test_all_112_items_are_listed_and_no_others(items: Mapping[str, Item]) -> None:
    assert len(items) == 112
    assert list(items) == OF_THE_HANDOUT + OF_THE_GUIDE


def test_all_112_items_are_carried(items: Mapping[str, Item]) -> None:
    assert uncarried(items) == []


def test_every_place_is_there(items: Mapping[str, Item], sheets: Mapping[str, Worksheet]) -> None:
    assert gone(items, sheets) == []


def test_what_the_handout_asks_is_asked_word_for_word(
    items: Mapping[str, Item], sheets: Mapping[str, Worksheet]
) -> None:
    asked = {question.id: question.ask for question in sheets[HANDOUT].asked()}
    wanted = {id_: item["asks"] for id_, item in items.items() if "asks" in item}
    first = {id_: items[id_][HANDOUT][0].removeprefix("question:") for id_ in wanted}

    assert len(wanted) == 11
    assert {id_: asked[name] for id_, name in first.items()} == wanted


@pytest.mark.parametrize(
    ("name", "people"), [("board_members", "board members"), ("volunteers",) * 2, ("clients",) * 2]
)
def test_the_handouts_question_in_three_is_three_decisions(
    sheets: Mapping[str, Worksheet], name: str, people: str
) -> None:
    question = sheets[HANDOUT].questions[name]

    assert question.kind == "yes_no_unsure"
    assert question.ask == f"Should {people} be included?"


def test_the_first_step_is_asked_once_and_revised(sheets: Mapping[str, Worksheet]) -> None:
    again = next(question for question in sheets[HANDOUT].asked() if question.id == "first_step_said")

    assert again.kept_as == "first_step"


def test_an_item_without_a_place_is_found_out(items: Mapping[str, Item]) -> None:
    without = {id_: item for id_, item in items.items() if id_ != "G-31"} | {"H-09": {"says": "whom we serve"}}

    assert uncarried(without) == ["H-09", "G-31"]


def test_a_place_that_is_gone_is_found_out(items: Mapping[str, Item], sheets: Mapping[str, Worksheet]) -> None:
    moved = dict(items) | {"G-09": {"both": ["scenario:thomas", "scenario:tom"], GUIDE: ["clause:thomas"]}}

    assert gone(moved, sheets) == [
        ("G-09", HANDOUT, "scenario:tom"),
        ("G-09", GUIDE, "scenario:tom"),
        ("G-09", GUIDE, "clause:thomas"),
    ]
