"""The worksheet on paper: it asks what the form asks, in the same words, with room for a pen."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest
from docx_checks import faults, rule_faults

from toolkit import Workshop
from toolkit.documents.document import Clause, Document, Writing, words
from toolkit.documents.html import html
from toolkit.documents.word.writer import to_bytes
from toolkit.drafts.paper_worksheet import NOTICE, OWN_WORDS, WRITING_SPACE, paper
from toolkit.worksheets import catalog
from toolkit.worksheets.kinds import KINDS
from toolkit.worksheets.model import DEPTH_OF_MINUTES, Question, at_depth

EVERY = [(name, minutes) for name in catalog.worksheets() for minutes in DEPTH_OF_MINUTES]


def questions(name: str, minutes: int) -> list[Question]:
    return [each for each in catalog.worksheet(name).asked() if at_depth(DEPTH_OF_MINUTES[minutes], each.depth)]


def headings(document: Document) -> list[str]:
    return [words(clause.parts) for clause in document.clauses() if clause.style == "question"]


def test_every_kind_has_room_on_paper() -> None:
    assert list(WRITING_SPACE) == list(KINDS)


@pytest.mark.parametrize(("name", "minutes"), EVERY)
def test_every_question_stands_on_paper_in_its_own_words_once(name: str, minutes: int) -> None:
    printed = headings(paper(catalog.worksheet(name), minutes))
    asked = questions(name, minutes)
    assert len(printed) == len(asked)
    for place, (heading, question) in enumerate(zip(printed, asked, strict=True), 1):
        assert heading.startswith(f"{place}.  {question.ask}")


@pytest.mark.parametrize(("name", "minutes"), EVERY)
def test_every_option_can_be_ticked_and_every_question_has_room(name: str, minutes: int) -> None:
    sheet = catalog.worksheet(name)
    blocks = [block for section in paper(sheet, minutes).sections for block in section.blocks]
    rooms = {block.id: block for block in blocks if isinstance(block, Writing)}
    for question in questions(name, minutes):
        room = rooms[f"paper_{question.id}_room"]
        ticked = [each.split("\n")[0] for row in room.boxes for each in row]
        kept = sheet.questions[question.kept_as]
        offered = KINDS[kept.kind].has_options or kept.kind == "yes_no_unsure"
        assert ticked == (list(kept.labels.values()) if offered else [])
        assert ticked or room.lines
        assert (OWN_WORDS in room.lines) == kept.other


def test_a_question_that_hangs_on_another_says_when_it_is_asked() -> None:
    for name, minutes in EVERY:
        printed = headings(paper(catalog.worksheet(name), minutes))
        asked = questions(name, minutes)
        known = {each.kept_as for each in asked}
        for heading, question in zip(printed, asked, strict=True):
            hangs = any(condition.question in known for condition in question.show_if)
            assert ("Only if you" in heading) == hangs


def test_no_wording_shows_its_braces() -> None:
    for name, minutes in EVERY:
        document = paper(catalog.worksheet(name), minutes)
        rooms = [b for section in document.sections for b in section.blocks if isinstance(b, Writing)]
        assert not [label for room in rooms for row in room.boxes for label in row if "{" in label or "}" in label]


@pytest.mark.parametrize("name", catalog.worksheets())
def test_the_paper_is_a_sound_word_file_that_warns_of_clients_names(name: str) -> None:
    document = paper(catalog.worksheet(name), 60)
    content = to_bytes(document)
    assert faults(content, document) + rule_faults(content) == []
    assert any(NOTICE in words(block.parts) for block in document.sections[0].blocks if isinstance(block, Clause))
    assert escape(NOTICE) in html(document)


def test_a_workshop_prints_its_own_worksheet_as_deep_as_it_goes(tmp_path: Path) -> None:
    with Workshop.open(tmp_path / "room") as workshop:
        workshop.settings.change(minutes=90)
        written = workshop.papers.write_paper(tmp_path / "paper.docx")
    assert written.read_bytes() == to_bytes(paper(catalog.worksheet("sextech-2010"), 90))
