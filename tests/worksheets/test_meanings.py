"""What the program does with an answer depends on what its question means, never on the question's id."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from sheets import a_sheet, written

from toolkit import Workshop
from toolkit.answers.model import SCRIBE, Answer
from toolkit.documents.document import Document, Section
from toolkit.errors import WorksheetError
from toolkit.notebook import table_actions as table
from toolkit.storage.store import new_id
from toolkit.worksheets import catalog
from toolkit.worksheets.stored_copy import MEANINGS, WorksheetCopy, worksheet_of

TOOLKIT = Path(catalog.__file__).parents[1]
FOREIGN = """
- {id: kundschaft, kind: list, ask: Whom do you serve?, meaning: served}
- {id: personal, kind: list, ask: Who may reach them?, meaning: reached}
- {id: leitung, kind: list, ask: Who approves?, meaning: approvers}
- id: kanal
  kind: choices
  ask: Which media?
  meaning: media
  options: [{id: chat, label: Chat}, {id: video, label: Video}]
- {id: leicht, kind: text, ask: What was easy?, meaning: easiest}
- {id: schwer, kind: text, ask: What was hard?, meaning: vote}
- {id: schritt, kind: text, ask: What first?, meaning: first_step}
- {id: wer, kind: contact, ask: Who does it?, meaning: first_step_who}
- {id: sonstiges, kind: long_text, ask: Anything else?, meaning: notes}
"""
STAFF = """
papers:
  - id: staff
    title: For staff
    sections:
      - id: short
        title: In short
        clauses: [{id: short_people, text: "We serve {kundschaft}."}]
"""
ANSWERS = {
    "kundschaft": ["Young people"],
    "personal": ["Nurses"],
    "leitung": ["The board", "The director"],
    "kanal": ["chat"],
    "leicht": "The beginning",
    "schwer": "The end",
    "schritt": "Call the board",
    "wer": {"name": "Sam", "role": "Lead", "reach": "555-0100"},
    "sonstiges": "Between us",
}
ALDER = "Alder House"


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    opened = Workshop.open(tmp_path / "room", str(written(tmp_path / "own", FOREIGN, policy=STAFF)))
    organization = opened.roster.register(ALDER)[0]
    for question, value in ANSWERS.items():
        opened.discussion.save(Answer(new_id(), organization.id, SCRIBE, question, value, "ours"))
    return opened


def section(document: Document, id_: str) -> Section:
    return next(section for section in document.sections if section.id == id_)


def test_a_foreign_worksheet_has_the_lines_of_the_report_back_and_its_vote(workshop: Workshop) -> None:
    organization = workshop.roster.organization(ALDER)
    lines = workshop.report_back.lines(organization.id)
    assert [line.title for line in lines if line.is_on_board] == ["Easiest", "Hardest", "First step"]
    assert "Between us" not in repr(lines)

    page = workshop.facilitator()
    page.parts["report_back"]._act["show"]("")
    workshop.report_back.release(organization.id)
    reported = workshop.report_back.reported()
    assert [entry.title for entry in reported.on_vote] == ["The end"]
    page.parts["report_back"]._act["open_vote"]("")
    workshop.report_back.vote(organization.id, {reported.on_vote[0].id: 3})
    page.parts["report_back"]._act["close_vote"]("")
    page.parts["report_back"]._act["votes"]("")
    assert [entry.dots for entry in workshop.report_back.reported().top()] == [3]
    page.parts["report_back"].refresh()
    blocks = json.dumps(page.parts["report_back"].board.blocks)
    assert all(words in blocks for words in ("Easiest", "The beginning", "Hardest", "The end", "Call the board"))


def test_a_foreign_worksheet_has_the_map_the_route_and_the_charts(workshop: Workshop) -> None:
    pictures = json.dumps(table.pictures_of(workshop, ALDER))
    assert all(words in pictures for words in ("Young people", "Nurses", "The board", "The director"))
    page = workshop.facilitator()
    page.parts["report_back"].refresh()
    assert "Chat" in json.dumps(page.parts["report_back"].pictures.blocks)


def test_a_foreign_worksheet_has_the_whole_report_and_the_staff_page(workshop: Workshop, tmp_path: Path) -> None:
    report = workshop.papers.report()
    assert {"map", "route", "media"} <= {section.id for section in report.sections}
    assert "Chat" in repr(section(report, "media"))
    assert "Between us" not in repr(report)
    names = {path.name for exported in workshop.export(tmp_path / "out", ALDER) for path in exported.files}
    assert any("staff" in name.lower() for name in names), names


def test_a_question_has_one_meaning_and_a_meaning_one_question() -> None:
    twice = "- {id: one, kind: text, ask: One?, meaning: vote}\n- {id: two, kind: text, ask: Two?, meaning: vote}"
    with pytest.raises(WorksheetError, match=r"line 15.*'one' has the meaning 'vote' already"):
        a_sheet(twice)
    with pytest.raises(WorksheetError, match="line 14: 'meaning' must be one of"):
        a_sheet("- {id: one, kind: text, ask: One?, meaning: voting}")
    with pytest.raises(WorksheetError, match="the question needs options"):
        a_sheet("- {id: one, kind: text, ask: One?, meaning: media}")
    with pytest.raises(WorksheetError, match="the question must take several"):
        a_sheet("- {id: one, kind: text, ask: One?, meaning: served}")


@pytest.mark.parametrize("name", catalog.worksheets())
def test_a_copy_of_before_means_what_it_meant(name: str) -> None:
    today = catalog.worksheet(name)
    content = json.loads(today.model_dump_json(by_alias=True, exclude_defaults=True))
    for stage in content["stages"]:
        for question in stage["questions"]:
            question.pop("meaning", None)
    before = worksheet_of(WorksheetCopy(name, "", 1, json.dumps(content)))
    assert [(each.id, each.meaning) for each in before.questions.values()] == [
        (each.id, each.meaning) for each in today.questions.values()
    ]


def test_a_foreign_copy_of_before_opens_whatever_kind_its_questions_have() -> None:
    sheet = a_sheet("- {id: who_do_you_serve, kind: text, ask: Who?}\n- {id: media_types, kind: text, ask: What?}")
    content = sheet.model_dump_json(by_alias=True, exclude_defaults=True)
    assert dict(worksheet_of(WorksheetCopy("own", "", 1, content)).by_meaning) == {}


def test_no_code_knows_a_question_by_its_id() -> None:
    ids = {question.id for name in catalog.worksheets() for question in catalog.worksheet(name).asked()}
    ids = {id_ for id_ in ids if "_" in id_ and id_ not in MEANINGS.values()}  # one word alone may mean anything
    for path in TOOLKIT.rglob("*.py"):
        if path.name != "stored_copy.py":  # it knows what the ids of older workshops meant
            words = {node.value for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                     if isinstance(node, ast.Constant) and isinstance(node.value, str)}  # fmt: skip
            assert words & ids == set(), path
