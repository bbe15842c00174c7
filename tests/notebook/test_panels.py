"""Boards ask what they were given, show words as text, and say in one sentence what did not work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from toolkit import Workshop
from toolkit.notebook import controls
from toolkit.notebook.blocks import text
from toolkit.notebook.board_widget import Board
from toolkit.web import WEB

KIND = re.compile(r'{"type": "(\w+)"')
HOSTILE = "<img src=x onerror=alert(1)> & Söhne"


@pytest.fixture
def workshop(tmp_path: Path):
    with Workshop.open(tmp_path / "room") as workshop:
        yield workshop


def blocks(board: Board, kind: str) -> list[dict[str, object]]:
    return [block for block in board.blocks if block["type"] == kind]


def test_facilitator_registers_one_organization_a_line(workshop: Workshop) -> None:
    page = workshop.facilitator().parts["set_up"]
    assert blocks(page.coming, "empty")

    page.names.value = f"Alder House\n\n  Birch Line \n{HOSTILE}"
    page.add.click()

    assert [each.name for each in workshop.organizations] == ["Alder House", "Birch Line", HOSTILE]
    assert [row[0] for row in blocks(page.coming, "table")[0]["rows"]] == ["Alder House", "Birch Line", HOSTILE]
    assert page.names.value == ""
    assert page.messages.blocks == [text("3 organizations added. 3 on the list.", "good")]

    page.names.value = "Cedar Trust\nalder house"
    page.add.click()
    assert page.messages.blocks == [text("1 organization added. 4 on the list.", "good")]
    page.names.value = "Cedar Trust"
    page.add.click()
    already = "No new organization: each of these names is on the list already. 4 on the list."
    assert page.messages.blocks == [text(already, "good")]


def test_facilitator_names_the_workshop_and_chooses_the_time(workshop: Workshop) -> None:
    page = workshop.facilitator().parts["set_up"]

    page.title.value = "Spring workshop"
    page.choices._on_message(None, {"type": "chose", "id": "minutes", "value": "180"}, [])

    assert (workshop.title, workshop.settings.minutes) == ("Spring workshop", 180)
    assert blocks(page.choices, "choose")[1]["value"] == "180"
    assert page.messages.blocks == [text("Saved.", "good")]


def test_a_refused_choice_is_one_sentence_and_changes_nothing(workshop: Workshop) -> None:
    page = workshop.facilitator().parts["set_up"]

    page.choices._on_message(None, {"type": "chose", "id": "worksheet", "value": "no-such"}, [])

    assert page.messages.blocks[0]["words"].startswith("there is no worksheet 'no-such'")
    assert workshop.worksheet.id == "sextech-2010"


def test_agenda_times_add_up(workshop: Workshop) -> None:
    rows = blocks(workshop.facilitator().parts["set_up"].choices, "table")[0]["rows"]

    lengths = [int(minutes) for _, _, minutes in rows]
    assert [start for start, _, _ in rows] == [
        f"{sum(lengths[:place]) // 60}:{sum(lengths[:place]) % 60:02}" for place in range(len(lengths))
    ]


def test_a_table_opens_its_form_and_remembers_it(workshop: Workshop) -> None:
    page = workshop.table("stakeholders")
    assert blocks(page.board, "empty")
    assert not page.place.children

    page.new.value = HOSTILE
    page.add.click()

    assert page.pick.value == HOSTILE
    assert len(page.place.children) == 1
    assert workshop.table("stakeholders").pick.value == HOSTILE


def test_a_table_shows_what_it_holds_as_words(workshop: Workshop) -> None:
    workshop.roster.register("Alder House")
    page = workshop.table("stakeholders")
    page.pick.value = "Alder House"
    asked = page.place.children[0].stage["questions"]
    question = next(each for each in asked if each["kind"] in ("text", "long_text"))
    page.place.children[0]._handle_custom_msg(
        {"type": "save", "id": "a1", "question": question["id"], "value": HOSTILE}, []
    )

    page.refresh()

    (asked_for, held), *others = blocks(page.board, "facts")[0]["items"]
    assert not others
    assert asked_for == question["ask"]
    assert held.startswith(HOSTILE)


def test_an_empty_name_is_asked_for(workshop: Workshop) -> None:
    page = workshop.table("stakeholders")

    page.add.click()

    assert page.messages.blocks == [text("the name is still empty. Write it above.", "note")]


def test_exporter_writes_every_draft(workshop: Workshop) -> None:
    page = workshop.exporter()
    assert page.write.disabled
    workshop.roster.register("Alder House", HOSTILE)

    page.refresh()
    page.write.click()

    assert len(list((workshop.folder / "drafts").glob("*.docx"))) == 2
    assert page.messages.blocks[0] == text("2 drafts are written in Word.", "good")
    assert page.messages.blocks[1]["words"].startswith(f"In the folder “drafts”: {workshop.folder / 'drafts'}. ")
    (listed,) = blocks(page.files, "files")
    assert sorted(listed["items"]) == sorted(path.name for path in (workshop.folder / "drafts").glob("*.docx"))
    page.write_one.click()
    assert page.messages.blocks[0] == text("1 draft is written in Word.", "good")
    assert len(blocks(page.files, "files")[0]["items"]) == 1


def test_boards_put_words_on_the_page_as_text_only() -> None:
    for source in (*(WEB / "board").glob("*.js"), *(WEB / "shared").glob("*.js")):
        banned = (
            r"innerHTML|outerHTML|insertAdjacent|document\.write|DOMParser|eval\(|https?:(?!//www\.w3\.org/2000/svg)"
        )
        assert not re.search(banned, source.read_text(encoding="utf-8")), source.name
    for module in Path(controls.__file__).parent.glob("*.py"):
        python = module.read_text(encoding="utf-8")
        assert not re.search(r"widgets\.(HTML|HTMLMath|Markdown|Accordion|Styler)", python), module.name


def test_every_kind_of_block_can_be_drawn() -> None:
    modules = (
        path
        for path in Path(controls.__file__).parent.glob("*.py")
        if not path.name.startswith("form_") and path.name != "board_widget.py"
    )
    made = {kind for module in modules for kind in KIND.findall(module.read_text())}
    script = (WEB / "board" / "board.js").read_text(encoding="utf-8")
    table = script.split("const DRAW = {", 1)[1].split("\n};", 1)[0]

    assert made <= set(re.findall(r"\b(\w+)\b(?=[:,])", table))
