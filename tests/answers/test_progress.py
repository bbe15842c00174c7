"""How much is answered is one count: the board, the projector, the picture and the report say what the forms say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from toolkit import Workshop
from toolkit.answers.model import SCRIBE, Answer, Organization, Position, Voice
from toolkit.answers.progress import count_answers
from toolkit.documents.document import Table, words
from toolkit.notebook.facilitator import facilitator
from toolkit.notebook.stages_panel import tally_blocks
from toolkit.storage.store import new_id
from toolkit.worksheets.model import Worksheet, asked_now
from toolkit.worksheets.stage_json import stage_view

WORKSHEETS = ("sextech-2010", "supervised-visitation")
PROFILE = {"about_us": ["hiv", "victim", "accounts"]}


@pytest.fixture(params=[(name, minutes) for name in WORKSHEETS for minutes in (60, 90, 180)], ids=str)
def workshop(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Workshop]:
    name, minutes = request.param
    with Workshop.open(tmp_path / "room", name) as workshop:
        workshop.settings.change(minutes=minutes)
        workshop.roster.register("Alder House", "Birch Line")
        yield workshop


def answer_some(workshop: Workshop, organization: Organization, person: str, voice: Voice) -> None:
    """Answer every second question of each stage, notes and conditional questions too."""
    asked = [each for each in workshop.worksheet.questions.values() if each.kind in ("text", "long_text", "list")]
    values: dict[str, object] = {each.id: ["Words"] if each.kind == "list" else "Words" for each in asked[::2]}
    for question, value in (values | PROFILE).items():
        workshop.discussion.save(Answer(new_id(), organization.id, person, question, value, voice))


def as_a_form_counts(sheet: Worksheet, workshop: Workshop, values: Mapping[str, object]) -> dict[str, tuple[int, int]]:
    """Return for each stage how many questions of its form are answered: the rule of form.js, from what it is sent."""
    found = {}
    for stage in sheet.stages:
        sent = stage_view(sheet, stage.id, workshop.settings.depth)["questions"]
        assert isinstance(sent, list)
        shown = {each.id for each in asked_now(stage, workshop.settings.depth, values)}
        keys = [each["key"] for each in sent if each["id"] in shown]
        found[stage.title] = sum(values.get(key) is not None for key in keys), len(keys)
    return found


@pytest.mark.parametrize("voice", ["mine", "ours"])
def test_the_board_the_projector_the_picture_and_the_report_count_as_the_forms_do(
    workshop: Workshop, voice: Voice
) -> None:
    alder, birch = workshop.organizations
    person = workshop.roster.join(alder.id, "Ann").id if voice == "mine" else SCRIBE
    answer_some(workshop, alder, person, voice)
    said = as_a_form_counts(workshop.worksheet, workshop, workshop.discussion.values(alder.id, person, voice))
    nothing = as_a_form_counts(workshop.worksheet, workshop, {})
    assert 0 < sum(done for done, _ in said.values()) < sum(of for _, of in said.values())

    parts = facilitator(workshop).parts
    state = parts["room"]._state()
    done, of = (sum(each[place] for each in said.values()) for place in (0, 1))
    alone = sum(each for _, each in nothing.values())
    assert "in the whole workshop" in str(tally_blocks(state)[1]["words"])
    rows = {each["name"]: (each["done"], each["of"]) for each in tally_blocks(state)[0]["items"]}
    assert rows == {"Alder House": (done, of), "Birch Line": (0, alone)}
    (board,) = [each for each in parts["room"].room.blocks if each["type"] == "progress"]
    assert {row["name"]: row["sum"] for row in board["rows"]} == {
        "Alder House": f"{done} of {of}", "Birch Line": f"0 of {alone}",
    }  # fmt: skip
    assert len(board["columns"]) == len(board["rows"][0]["states"]) == len(board["rows"][1]["states"])

    together = {title: (said[title][0], said[title][1] + nothing[title][1]) for title in said}
    reported = [
        block
        for section in workshop.papers.report().sections
        for block in section.blocks
        if getattr(block, "id", "") == "progress"
    ]
    assert isinstance(reported[0], Table)
    assert {words(row[0]): words(row[2]) for row in reported[0].rows} == {
        title: f"{n} of {all_}" for title, (n, all_) in together.items()
    }
    held = [workshop.discussion.positions(each.id) for each in (alder, birch)]
    told = {stage.title: count_answers(stage, workshop.settings.depth, held) for stage in workshop.worksheet.stages}
    assert told == together


def test_a_split_answer_is_an_answer_and_one_taken_back_is_none(workshop: Workshop) -> None:
    alder = workshop.organizations[0]
    people = [workshop.roster.join(alder.id, name).id for name in ("Ann", "Bo")]
    question = next(each for each in workshop.worksheet.questions.values() if each.kind == "yes_no_unsure")
    stage = next(each for each in workshop.worksheet.stages if each.id == workshop.worksheet.stage_of(question.id))

    def now() -> int:
        held: Mapping[str, Position] = workshop.discussion.positions(alder.id)
        return count_answers(stage, workshop.settings.depth, [held])[0]

    for person, value in zip(people, ("yes", "no"), strict=True):
        workshop.discussion.save(Answer(new_id(), alder.id, person, question.id, value, "mine"))
    assert workshop.discussion.positions(alder.id)[question.id].status == "tied"
    assert now() == 1
    for person in people:
        workshop.discussion.save(Answer(new_id(), alder.id, person, question.id, None, "mine"))
    assert now() == 0
