"""A stage as JSON: what the form is given of a worksheet, on a phone and in a notebook."""

from __future__ import annotations

import datetime
import subprocess
import sys
from pathlib import Path

import pytest

from toolkit import Workshop
from toolkit.drafts.paper_worksheet import paper
from toolkit.errors import WorkshopError
from toolkit.facilitation import stages
from toolkit.notebook.facilitator import facilitator
from toolkit.worksheets.model import DEPTH_OF_MINUTES, Worksheet
from toolkit.worksheets.stage_json import client_detail_rules, stage_view


def a_worksheet() -> Worksheet:
    clause = {"id": "c", "text": "Words."}
    options = [
        {"id": "narrow", "label": "Narrow", "clause": "Say less.", "reason": "It is clear.", "checked": "2026-05-03"},
        {"id": "wide", "label": "Wide", "risk": "It is vague.", "source": "A guide"},
    ]
    return Worksheet.model_validate(
        {
            "id": "sample", "title": "Sample", "summary": "A sample.", "credit": "Nobody", "version": 1,
            "checked": "2026-05-03", "objectives": ["Try"],
            "policy": {"title": "Policy", "sections": [{"id": "s", "title": "S", "clauses": [clause]}]},
            "stages": [
                {"id": "one", "title": "First", "why": "To begin.", "instruction": "Talk first.", "minutes": 9,
                 "questions": [
                    {"id": "rule", "kind": "choice", "ask": "Which rule?", "options": options, "other": True,
                     "unsure": True, "why": "It sets the rest.", "example": "Narrow"},
                    {"id": "who", "kind": "text", "ask": "Who?", "show_if": [{"question": "rule", "is": ["wide"]}]},
                    {"id": "more", "kind": "text", "ask": "What else?", "depth": "deep"},
                ]},
                {"id": "two", "title": "Again", "why": "To end.", "minutes": 5,
                 "questions": [{"id": "rule_again", "kind": "choice", "ask": "Still?", "revises": "rule"}]},
            ],
        }
    )  # fmt: skip


def test_a_stage_as_json_holds_what_the_form_asks() -> None:
    stage = stage_view(a_worksheet(), "one", "core")
    rule, who = stage.pop("questions")

    assert stage == {"id": "one", "title": "First", "why": "To begin.", "instruction": "Talk first.", "minutes": 9,
                     "tripwire": []}  # fmt: skip
    assert rule == {
        "key": "rule", "id": "rule", "kind": "choice", "ask": "Which rule?", "why": "It sets the rest.", "help": "",
        "example": "Narrow", "other": True, "unsure": True, "show_if": [], "first_answer": "",
        "options": [
            {"id": "narrow", "label": "Narrow", "clause": "Say less.", "reason": "It is clear.", "risk": "",
             "source": "", "checked": "2026-05-03"},
            {"id": "wide", "label": "Wide", "clause": "", "reason": "", "risk": "It is vague.", "source": "A guide",
             "checked": ""},
        ],
    }  # fmt: skip
    assert who["show_if"] == [{"question": "rule", "is": ["wide"]}]


@pytest.mark.parametrize("length", DEPTH_OF_MINUTES)
def test_phones_paper_and_the_room_tell_the_same_planned_minutes(length: int, tmp_path: Path) -> None:
    with Workshop.open(tmp_path / "room") as workshop:
        workshop.settings.change(minutes=length)
        sheet, depth = workshop.worksheet, workshop.settings.depth
        told = {stage.id: stage_view(sheet, stage.id, depth)["minutes"] for stage in sheet.stages}
        now = datetime.datetime.now(datetime.UTC)
        console = facilitator(workshop).parts["room"]
        printed = {each.id: repr(each.blocks[0]) for each in paper(sheet, length).sections}
        for stage in sheet.stages:
            console._act["open"](stage.id)
            deadline = stages.fold(workshop.current.store.events()).deadline
            assert deadline
            assert round((deadline - now).total_seconds() / 60) == told[stage.id]
            assert f"({told[stage.id]} minutes)" in printed[f"paper_stage_{stage.id}"]


def test_depth_chooses_the_questions() -> None:
    ids = {
        depth: [each["id"] for each in stage_view(a_worksheet(), "one", depth)["questions"]]
        for depth in ("core", "deep")
    }

    assert ids == {"core": ["rule", "who"], "deep": ["rule", "who", "more"]}


def test_a_question_asked_again_keeps_key_kind_and_options_of_the_first() -> None:
    (again,) = stage_view(a_worksheet(), "two", "core")["questions"]

    assert (again["key"], again["id"], again["ask"], again["kind"]) == ("rule", "rule_again", "Still?", "choice")
    assert [option["id"] for option in again["options"]] == ["narrow", "wide"]
    assert again["unsure"] is True


def test_an_unknown_stage_is_a_plain_sentence() -> None:
    with pytest.raises(WorkshopError, match=r"there is no stage 'three'. Its stages are: one, two."):
        stage_view(a_worksheet(), "three", "core")


def test_the_rules_for_client_details_go_with_the_stage() -> None:
    rule = {"name": "A number", "pattern": "[0-9]{7}", "why": "It may be a client's.", "narrower": "Take it out.",
            "sources": ["A guide"], "checked": "2026-05-03"}  # fmt: skip
    others = [rule | {"id": "c1_number"}, rule | {"id": "c1_name", "match_case": True, "unless": "our"}]
    sheet = a_worksheet().model_dump(mode="json", by_alias=True)
    sheet["checks"] = {"cautions": [*others, rule | {"id": "n1_other"}]}

    found = client_detail_rules(Worksheet.model_validate(sheet))

    said = {"name": "A number", "pattern": "[0-9]{7}", "why": "It may be a client's."}
    assert found == [
        said | {"id": "c1_number", "flags": "i", "unless": ""},
        said | {"id": "c1_name", "flags": "", "unless": "our"},
    ]


def test_the_join_page_can_load_it_without_widgets() -> None:
    look = (
        "import sys, toolkit.worksheets.stage_json; "
        "print([m for m in ('anywidget', 'ipywidgets', 'pandas') if m in sys.modules])"
    )

    seen = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)

    assert seen.stdout.strip() == "[]"
