"""Who is who on the facilitator's page: names that look alike, two made one and apart again, tables on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from toolkit import Workshop
from toolkit.answers.model import SCRIBE, Answer
from toolkit.facilitation import stages as room
from toolkit.notebook.board_widget import Board
from toolkit.notebook.organizations_panel import PUT_AWAY, TYPE_IN, Organizations
from toolkit.storage.store import new_id

ALDER, TWIN, BIRCH = "Alder House", "Alder Haus", "Birch <b>Line</b>"
HARD = "most_difficult"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Workshop]:
    with Workshop.open(tmp_path / "room") as workshop:
        workshop.roster.register(ALDER, BIRCH)
        yield workshop


def part(workshop: Workshop) -> Organizations:
    found = workshop.facilitator().parts["organizations"]
    assert isinstance(found, Organizations)
    return found


def blocks(board: Board, kind: str) -> list[dict[str, Any]]:
    return [block for block in board.blocks if block["type"] == kind]


def choose(board: Board, id_: str, value: str) -> None:
    board._handle_custom_msg({"type": "chose", "id": id_, "value": value}, [])


def rows(page: Organizations) -> list[list[str]]:
    return list(blocks(page.list, "table")[0]["rows"])


def test_names_that_look_alike_are_pointed_out_and_made_one_after_a_question(hall: Workshop) -> None:
    page = part(hall)
    assert not blocks(page.list, "ask")
    (twin,) = hall.roster.register(TWIN)
    hall.roster.join(twin.id)
    page.refresh()
    (asked,) = blocks(page.list, "ask")
    assert asked["words"] == f"“{ALDER}” and “{TWIN}” look alike. Are they one organization?"

    choose(page.list, "alike", asked["items"][0]["value"])
    (asked,) = blocks(page.list, "ask")
    assert asked["words"].startswith(f"Make “{ALDER}” and “{TWIN}” one organization? Everything of the second")
    assert [each.name for each in hall.organizations] == [ALDER, BIRCH, TWIN]
    choose(page.list, "stay", "")
    assert len(blocks(page.list, "ask")[0]["items"]) == 2
    assert len(hall.organizations) == 3
    choose(page.list, asked["items"][0]["id"], asked["items"][0]["value"])

    assert [each.name for each in hall.organizations] == [ALDER, BIRCH]
    assert rows(page) == [[ALDER, "1", "0", TWIN, "Phones or a laptop"], [BIRCH, "0", "0", "", "Phones or a laptop"]]
    assert not blocks(page.list, "ask")
    (apart,) = blocks(page.one, "action")
    choose(page.one, "apart", apart["value"])
    assert [each.name for each in hall.organizations] == [ALDER, BIRCH, TWIN]


def test_any_two_can_be_made_one_under_either_name(hall: Workshop) -> None:
    page = part(hall)
    page.twin.value = hall.roster.organization(BIRCH).id
    (asked,) = blocks(page.question, "ask")
    assert [each["words"] for each in asked["items"]] == [
        f"Yes, both are “{ALDER}”", f"Yes, both are “{BIRCH}”", "No, they stay two",
    ]  # fmt: skip
    choose(page.question, "merge", asked["items"][1]["value"])
    assert [each.name for each in hall.organizations] == [BIRCH]
    assert blocks(page.question, "ask") == []
    assert page.pick.widget.label == BIRCH


def test_two_that_are_two_are_not_asked_about_again(hall: Workshop) -> None:
    hall.roster.register(TWIN)
    page = part(hall)
    choose(page.list, "distinct", blocks(page.list, "ask")[0]["items"][1]["value"])
    assert not blocks(page.list, "ask")
    assert not blocks(part(hall).list, "ask")
    assert len(hall.organizations) == 3


def test_a_table_on_paper_counts_on_the_board_until_it_is_typed_in(hall: Workshop) -> None:
    facilitator = hall.facilitator()
    page, console = facilitator.parts["organizations"], facilitator.parts["room"]
    page.pick.value = hall.roster.organization(BIRCH).id
    choose(page.one, "way", "paper")
    assert [row[-1] for row in rows(page)] == ["Phones or a laptop", "Paper"]
    stages = [each["value"] for each in blocks(page.one, "ask")[0]["items"]]
    assert stages == [each.id for each in hall.worksheet.stages]

    choose(page.one, "done", stages[0])
    console.refresh()
    alder, birch = blocks(console.room, "progress")[0]["rows"]
    assert (alder["note"], birch["note"]) == ("", "on paper")
    assert set(alder["states"]) == {"open"}
    first = birch["states"].count("paper")
    assert 0 < first < len(birch["states"])
    assert facilitator._scenes["progress"]()[0]["items"][1]["done"] == first

    hall.discussion.save(Answer(new_id(), page.pick.value, SCRIBE, "who_do_you_serve", ["Teenagers"], "ours"))
    console.refresh()
    assert blocks(console.room, "progress")[0]["rows"][1]["states"].count("paper") == first - 1
    choose(page.one, "done", stages[0])
    choose(page.one, "way", "phones")
    console.refresh()
    assert "paper" not in blocks(console.room, "progress")[0]["rows"][1]["states"]


def test_what_is_on_paper_can_be_typed_in(hall: Workshop) -> None:
    page = part(hall)
    page.pick.value = hall.roster.organization(BIRCH).id
    assert page.type.layout.display == "none"
    choose(page.one, "way", "paper")
    assert page.type.layout.display is None

    page.type.click()
    (form,) = page.place.children
    form._handle_custom_msg(
        {"type": "save", "id": new_id(), "question": "stakeholders_notes", "value": "From paper"}, []
    )
    assert page.type.description == PUT_AWAY
    hall.roster.register("Cedar Trust")
    page.refresh()
    assert page.place.children == (form,)
    assert hall.discussion.values(hall.roster.organization(BIRCH).id) == {"stakeholders_notes": "From paper"}
    page.type.click()
    assert (page.place.children, page.type.description) == ((), TYPE_IN)
    page.type.click()
    page.pick.value = hall.roster.organization(ALDER).id
    assert page.place.children == ()


def test_a_twin_on_paper_is_the_organization_on_paper(hall: Workshop) -> None:
    (twin,) = hall.roster.register(TWIN)
    hall.record(room.on_paper(twin.id))
    hall.record(room.on_paper(twin.id, "stakeholders"))
    hall.roster.merge(TWIN, ALDER)
    now = hall.state.room
    assert now.is_on_paper(hall.roster.organization(ALDER).id, "stakeholders")


def test_the_hand_of_a_table_is_seen_too(hall: Workshop) -> None:
    alder = hall.roster.organization(ALDER)
    hall.record(room.ask_help(alder.id))
    hall.record(room.ask_help(hall.roster.join(alder.id, "Bo").id))
    hall.record(room.ask_help(hall.roster.join(alder.id).id))
    shown = blocks(hall.facilitator().parts["room"].hands, "hands")[0]["items"]
    assert [each["words"] for each in shown] == [ALDER, f"{ALDER}, Bo", ALDER]
