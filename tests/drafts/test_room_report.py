"""The room's report: pictures that are tables with bars, no count under five, no word that was not released."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx_checks import faults, rule_faults

from toolkit import Workshop
from toolkit.documents.charts import REASON_FOR_HIDING, SMALLEST_COUNT
from toolkit.documents.document import Bar, Document, Table, words
from toolkit.documents.html import html
from toolkit.documents.word.writer import to_bytes
from toolkit.worksheets.kinds import own_words

PICTURES = ("room", "map", "route", "media", "decisions")


@pytest.fixture
def room(workshop: Workshop) -> Workshop:
    """Nine organizations, of which one lets its words be shown."""
    workshop.rehearsals.rehearse(9, 40, 3)
    for each in workshop.organizations[1:]:
        workshop.report_back.release(each.id, yes=False)
    return workshop


def tables(document: Document) -> list[Table]:
    blocks = (block for section in document.sections if section.id in PICTURES for block in section.blocks)
    return [block for block in blocks if isinstance(block, Table)]


def bars(document: Document) -> Iterator[Bar]:
    every = (block for section in document.sections for block in section.blocks if isinstance(block, Table))
    cells = (cell for table in every for row in table.rows for cell in row)
    yield from (part for cell in cells for part in cell if isinstance(part, Bar))


def test_every_picture_has_a_sentence_a_table_and_words_for_who_cannot_see_it(room: Workshop) -> None:
    document = room.papers.report()

    found = {section.id: section for section in document.sections}
    assert set(PICTURES) <= set(found)
    for name in PICTURES:
        sentence, *pictured = found[name].blocks
        assert words(sentence.parts)  # type: ignore[union-attr]
        assert pictured
    for table in tables(document):
        assert "bar" in table.description
        assert all(table.header)
        assert all(isinstance(row[1][0], Bar) for row in table.rows)


def test_a_bar_is_as_long_as_its_count_and_a_small_count_has_neither(room: Workshop) -> None:
    counted = [row for table in tables(room.papers.report()) if table.id != "progress" for row in table.rows]

    said = [words(row[2]) for row in counted]
    assert f"fewer than {SMALLEST_COUNT}" in said
    assert any(each.isdecimal() and int(each) >= SMALLEST_COUNT for each in said)
    for row in counted:
        count, (bar,) = words(row[2]), row[1]
        wanted = None if count.startswith("fewer") else int(count) / 9
        assert bar == Bar(wanted)


@pytest.mark.slow
@pytest.mark.parametrize("organizations", [2, 4, 9])
def test_a_hidden_count_is_no_zero_on_paper_and_its_section_says_why(
    workshop: Workshop, tmp_path: Path, organizations: int
) -> None:
    """In the report as it reads, in its preview, and in the Word file: "–" and "fewer than 5", with one sentence."""
    workshop.rehearsals.rehearse(organizations, 12, 3)
    document = workshop.papers.report()
    shown = html(document)
    with zipfile.ZipFile(workshop.papers.write_report(tmp_path / "report.docx")) as parts:
        body = parts.read("word/document.xml").decode()

    counted = [section for section in document.sections if section.id in ("top", *PICTURES[1:])]
    hidden = 0
    for section in counted:
        rows = [row for block in section.blocks if isinstance(block, Table) for row in block.rows]
        small = [row for row in rows if words(row[2]).startswith("fewer")]
        assert all(words(row[1]) == "–" for row in small)
        assert not any(words(row[1]) == "–" for row in rows if row not in small)
        assert (REASON_FOR_HIDING in repr(section)) == bool(small), section.id
        hidden += len(small)
    assert hidden
    assert len(re.findall("<td>–</td>", shown)) == len(re.findall("<w:t[^>]*>–</w:t>", body)) == hidden


def test_no_words_of_who_did_not_release_them_are_in_the_report_nor_more_than_was_released(room: Workshop) -> None:
    first, *others = room.organizations
    said = repr(room.papers.report())

    for organization in others:
        assert organization.name not in said
        for name, position in room.discussion.positions(organization.id).items():
            typed = own_words(room.worksheet.questions[name].kind, position.value)
            assert not [
                each for each in typed if len(each) > 12 and each in said and organization.name.split()[0] in each
            ]
    served = room.discussion.positions(first.id)["who_do_you_serve"].value
    assert first.name in said
    assert not [each for each in served if first.name.split()[0] in each and each in said]  # type: ignore[attr-defined]


def test_the_word_file_is_sound_and_its_bars_are_shaded(room: Workshop, tmp_path: Path) -> None:
    document = room.papers.report()

    content = to_bytes(document)

    assert faults(content, document) == []
    assert list(rule_faults(content)) == []
    path = room.papers.write_report(tmp_path / "report.docx")
    with zipfile.ZipFile(path) as parts:
        body = parts.read("word/document.xml").decode()
    shown = list(bars(document))
    assert len(re.findall(r'<w:shd [^>]*w:fill="5B7DB8"/><w:ind ', body)) == sum(bool(each.share) for each in shown)
    assert html(document).count('class="bar"') == sum(each.share is not None for each in shown)


def test_an_empty_room_has_a_report_too(workshop: Workshop) -> None:
    assert next(section.id for section in workshop.papers.report().sections) == "room"
    assert tables(workshop.papers.report()) == []
