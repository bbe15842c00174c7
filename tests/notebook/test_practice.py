"""A facilitator practises: made-up people fill a room of its own; it is thrown away, and the real one never changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from loops import finished
from stored import events_of, sequences

from toolkit import Workshop
from toolkit.cli import main
from toolkit.errors import WorkshopError
from toolkit.facilitation import stages
from toolkit.facilitation.events import Device, HelpEvent, SessionEvent
from toolkit.notebook import controls
from toolkit.notebook.board_widget import Board
from toolkit.notebook.facilitator_page import Facilitator

ALDER = "Alder House"


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Workshop]:
    with Workshop.open(tmp_path / "spring", title="Spring") as workshop:
        workshop.settings.change(minutes=90)
        workshop.roster.join(workshop.roster.register(ALDER)[0].id, "Bo")
        yield workshop


def blocks(board: Board, kind: str) -> list[dict[str, Any]]:
    return [block for block in board.blocks if block["type"] == kind]


def choose(board: Board, id_: str, value: str = "") -> None:
    board._handle_custom_msg({"type": "chose", "id": id_, "value": value}, [])


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0.01)


@pytest.mark.slow
def test_the_room_fills_and_is_thrown_away_and_the_real_one_never_changes(
    real: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controls, "LOOK_AGAIN", 0.01)
    finished(_practises(real))


async def _practises(real: Workshop) -> None:
    before = sequences(real.current.store), real.organizations, real.roster.people
    page = real.facilitator()
    choose(page.parts["set_up"].before, "practise")
    practice = page.lent
    assert page.widget.children == (practice.widget,)
    with Workshop.open(real.folder / "rehearsal") as looked:
        assert (looked.title, looked.settings.minutes, looked.settings.is_rehearsal) == ("Spring", 90, True)
        await _fills(practice, looked)
    practice.parts["drafts"].write.click()
    assert len(list((real.folder / "rehearsal" / "drafts").glob("*.docx"))) == 6

    choose(practice.head, "leave")
    choose(practice.head, "stay")
    choose(practice.head, "leave")
    assert "Throw the rehearsal away?" in blocks(practice.head, "ask")[0]["words"]
    choose(practice.head, "throw")

    assert not (real.folder / "rehearsal").exists()
    assert page.widget.children[0] is page.head
    assert (sequences(real.current.store), real.organizations, real.roster.people) == before


async def _fills(practice: Facilitator, looked: Workshop) -> None:
    assert "You are practising." in blocks(practice.head, "text")[0]["words"]
    assert len(looked.roster.people) < 25
    await until(lambda: (len(looked.roster.people), len(looked.organizations)) == (25, 5))
    assert not looked.discussion.standing()
    practice.parts["room"].open.click()
    await until(lambda: len(stages.fold(looked.current.store.events()).needs_help) == 1)
    await until(lambda: (len(looked.roster.people), len(looked.organizations)) == (30, 6))
    await until(lambda: stages.fold(looked.current.store.events()).here == 30)
    assert 0 < stages.fold(looked.current.store.events()).typing <= 30
    await until(lambda: [event.yes for event in events_of(looked, HelpEvent)] == [True, True, False])
    assert {looked.worksheet.stage_of(each.question) for each in looked.discussion.standing()} == {"stakeholders"}
    practice.parts["room"].close.click()
    await until(lambda: stages.fold(looked.current.store.events()).typing == 0)
    said = len(looked.discussion.standing())
    await asyncio.sleep(0.2)
    assert len(looked.discussion.standing()) == said
    assert not looked.report_back.released
    await _reports_back(practice, looked)
    choose(practice.head, "finish")
    assert all(
        any(each.status != "open" for each in held.values()) for held in looked.discussion.all_positions().values()
    )
    assert any(
        dissent.note
        for held in looked.discussion.all_positions().values()
        for p in held.values()
        for dissent in p.dissent
    )


async def _reports_back(practice: Facilitator, looked: Workshop) -> None:
    """The stages are opened one by one; in the last one organizations share, and then the room votes."""
    for stage in looked.worksheet.stages[1:]:
        practice.parts["room"].which.value = stage.id
        practice.parts["room"].open.click()
        await until(lambda id_=stage.id: stages.fold(looked.current.store.events()).now.stage == id_)  # type: ignore[misc]
        await until(
            lambda id_=stage.id: any(looked.worksheet.stage_of(e.question) == id_ for e in looked.discussion.standing())
        )  # type: ignore[misc]
    await until(lambda: len(looked.report_back.released) >= 3)
    assert looked.organizations[-1].id not in looked.report_back.released
    practice.parts["report_back"].show.click()
    assert all(looked.report_back.reported().entries(line) for line, _ in looked.report_back.reported().lines)
    practice.parts["report_back"].vote.click()
    await until(lambda: looked.report_back.reported().back.voted >= 10)


def test_what_a_broken_off_practice_left_is_gone_with_the_next(real: Workshop) -> None:
    with real.rehearsals.practise() as first:
        first.rehearsals.player(2, 4).rest()
        assert len(first.organizations) == 2
    with real.rehearsals.practise() as again:
        assert again.organizations == []


def test_only_a_mere_rehearsal_can_be_thrown_away(real: Workshop, tmp_path: Path) -> None:
    with pytest.raises(WorkshopError, match="this workshop is no rehearsal"):
        real.rehearsals.throw_away()
    with pytest.raises(WorkshopError, match="this workshop is no rehearsal"):
        real.rehearsals.player(1, 1)
    with Workshop.open(tmp_path / "try") as rehearsal:
        rehearsal.rehearsals.rehearse(2, 4, 1)
        rehearsal.record(SessionEvent("a-phone", Device("person", "organization", False)))
        with pytest.raises(WorkshopError, match="Somebody came in with a phone"):
            rehearsal.rehearsals.throw_away()
        assert len(rehearsal.organizations) == 2
        asked = blocks(rehearsal.facilitator().parts["set_up"].before, "ask")
        assert [each["items"][0]["id"] for each in asked] == ["paper"]
    assert real.roster.people


def test_a_rehearsal_that_was_opened_can_be_thrown_away_from_its_page(tmp_path: Path) -> None:
    with Workshop.open(tmp_path / "try") as rehearsal:
        rehearsal.rehearsals.rehearse(2, 4, 1)
        page = rehearsal.facilitator()
        assert blocks(page.head, "ask")[0]["items"][0]["words"] == "Throw this rehearsal away …"
        choose(page.head, "erase")
        assert "when you stop the program" in blocks(page.head, "ask")[0]["words"]
        assert not rehearsal.lifecycle.is_to_be_erased
        choose(page.head, "erase_all")
        assert rehearsal.lifecycle.is_to_be_erased
        choose(page.head, "keep")
        assert not rehearsal.lifecycle.is_to_be_erased


def test_the_command_asks_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "try"
    assert main(["rehearse", str(place), "--organizations", "2", "--people", "4"]) == 0
    assert main(["rehearse", str(place), "--throw-away"]) == 1
    assert capsys.readouterr().err == f"{place}: nothing was thrown away. Add --yes when you are sure.\n"
    assert Workshop.is_in(place)
    assert main(["rehearse", str(place), "--throw-away", "--yes"]) == 0
    assert not place.exists()
    assert main(["rehearse", str(place), "--throw-away", "--yes"]) == 1


def test_a_copy_of_all_answers_opens_as_a_workshop_while_the_first_goes_on(
    real: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = real.facilitator().parts["drafts"]
    page.keep.click()
    (copy,) = tmp_path.glob("spring-copy-*")
    assert str(copy) in page.kept.blocks[0]["words"]
    real.roster.register("Birch Line")
    with Workshop.open(copy) as kept:
        assert [each.name for each in kept.organizations] == [ALDER]
        assert kept.id == real.id
    assert (copy / "answers.db").stat().st_mode & 0o077 == 0

    assert main(["copy", str(real.folder), "--out", str(tmp_path / "stick")]) == 0
    (second,) = (tmp_path / "stick").iterdir()
    assert str(second) in capsys.readouterr().out
    with Workshop.open(second) as kept:
        assert len(kept.organizations) == 2
