"""The facilitator's tables: columns and types as promised, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import datetime
import html
import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from hostile import EVERY, FORMULAS
from sheets import a_sheet

from toolkit import Workshop, tables
from toolkit.answers.agreement import positions
from toolkit.answers.model import Answer, Organization, Person, Position
from toolkit.errors import WorkshopError
from toolkit.worksheets.kinds import clean_value

SHEET = a_sheet(
    """
    - {id: who, kind: text, ask: Who?}
    - {id: story, kind: long_text, ask: What happened?}
    - id: photos
      kind: choice
      ask: Which rule?
      other: true
      options: [{id: never, label: Never}, {id: signed, label: When signed}]
    - id: media
      kind: choices
      ask: Which media?
      options: [{id: chat, label: Chats}, {id: live, label: "Live, video"}]
    - {id: may, kind: yes_no_unsure, ask: May we?}
    """
)
ROOM = [Organization("a", "Harbor Lane"), Organization("b", "=1+1 House")]
PEOPLE = [Person("p", "a", "Wren"), Person("q", "b")]
NOON = datetime.datetime(2026, 1, 15, 12, 0, 0, 123456, tzinfo=datetime.UTC)


def said(organization: str, person: str, question: str, value: object) -> Answer:
    return Answer(f"{person}{question}", organization, person, question, value, answered_at=NOON, revision=2)


ANSWERS = [
    said("a", "p", "who", "The lead"),
    said("a", "p", "media", ["chat", {"other": "Radio"}]),
    said("a", "p", "photos", {"other": "Ask first"}),
    said("b", "q", "may", "no"),
    said("b", "q", "photos", "never"),
    said("b", "q", "gone_question", "x"),
]


def frames(answers: list[Answer], room: list[Organization] = ROOM) -> dict[str, pd.DataFrame]:
    held = {each.name: positions(SHEET, each.id, answers) for each in room}
    return {
        "answers": tables.answers(SHEET, "w", room, PEOPLE, answers),
        "agreed": tables.agreed(SHEET, held),
        "wide": tables.wide(SHEET, held),
        "codebook": tables.codebook(SHEET),
    }


CATEGORY = {"stage", "question_id", "kind", "voice", "status", "photos", "may"}


@pytest.mark.parametrize("answers", [ANSWERS, []], ids=["some", "none"])
@pytest.mark.parametrize("room", [ROOM, []], ids=["room", "nobody"])
def test_columns_and_types_are_as_promised(answers: list[Answer], room: list[Organization]) -> None:
    found = frames(answers, room)
    types = {name: {column: str(type_) for column, type_ in frame.dtypes.items()} for name, frame in found.items()}
    assert types["answers"] == {
        "workshop_id": "str", "organization": "str", "person": "str", "stage": "category", "question_id": "category",
        "kind": "category", "value": "str", "voice": "category", "answered_at": "datetime64[us, UTC]",
        "revision": "Int64",
    }  # fmt: skip
    assert types["agreed"] == {
        "organization": "str", "question_id": "category", "value": "str", "status": "category", "voices": "Int64",
        "of": "Int64", "dissent": "Int64",
    }  # fmt: skip
    assert types["wide"] == {
        "who": "str", "story": "str", "photos": "category", "media": "str", "media__chat": "boolean",
        "media__live": "boolean", "may": "category",
    }  # fmt: skip
    assert types["codebook"] == {
        "question_id": "str", "stage": "str", "kind": "str", "label": "str", "options": "str", "order": "Int64",
    }  # fmt: skip
    assert str(found["wide"].index.dtype) == "str"
    assert len(found["agreed"]) == 5 * len(room)
    assert len(found["answers"]) == max(0, len(answers) - 1)


def test_answers_hold_names_words_and_the_exact_time() -> None:
    first = tables.answers(SHEET, "w", ROOM, PEOPLE, ANSWERS).iloc[0]
    assert (first.organization, first.person, first.value, first.revision) == ("Harbor Lane", "Wren", "The lead", 2)
    assert first.answered_at == pd.Timestamp(NOON)
    unnamed = tables.answers(SHEET, "w", ROOM, PEOPLE, ANSWERS).iloc[3]
    assert (unnamed.person, unnamed.value) == ("q", "No")


def test_what_is_open_is_missing_and_never_a_word() -> None:
    wide = frames(ANSWERS)["wide"]
    assert wide.loc["=1+1 House", "who"] is pd.NA or pd.isna(wide.loc["=1+1 House", "who"])
    assert wide.loc["Harbor Lane", "media"] == "Chats and Radio"
    assert wide.loc["Harbor Lane", ["media__chat", "media__live"]].tolist() == [True, False]
    assert pd.isna(wide.loc["=1+1 House", "media__chat"])
    assert list(wide["photos"].cat.categories) == ["Never", "When signed", "Ask first"]
    agreed = frames(ANSWERS)["agreed"].set_index(["organization", "question_id"])
    assert agreed.loc[("=1+1 House", "who")].tolist() == ["", "open", 0, 0, 0]
    assert agreed.loc[("Harbor Lane", "who")].tolist() == ["The lead", "proposed", 1, 1, 0]


def test_statuses_and_questions_are_in_order() -> None:
    agreed = frames(ANSWERS)["agreed"]
    assert list(agreed["status"].cat.categories) == ["agreed", "proposed", "tied", "open"]
    assert list(agreed.sort_values("question_id")["question_id"].unique()) == list(SHEET.questions)


def test_the_codebook_says_what_each_column_means() -> None:
    codebook = tables.codebook(SHEET).set_index("question_id")
    assert codebook.loc["photos", ["label", "options", "order"]].tolist() == [
        "Which rule?",
        "never: Never\nsigned: When signed",
        3,
    ]


def test_items_are_counted_one_by_one() -> None:
    held = {"A": {"media": Position("a", "media", ["chat", "live"], "agreed")}}
    assert tables.items(SHEET, held).values.tolist() == [["A", "media", "Chats"], ["A", "media", "Live, video"]]


def hostile_frames(texts: tuple[str, ...] = EVERY) -> dict[str, pd.DataFrame]:
    """Every bad input as an answer of a person of its own."""
    taken = [(place, clean_value("long_text", text)) for place, text in enumerate(texts)]
    answers = [said("b", f"p{place}", "story", value) for place, value in taken if value is not None]
    return frames(answers)


def cells_of_csv(path: Path) -> list[list[str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


LEAD = re.compile("^[\\s\ufeff\u200b-\u200f]*[=+\\-@＝＋－＠]")


def test_no_cell_of_a_csv_file_is_a_formula_and_no_word_is_lost(tmp_path: Path) -> None:
    found = hostile_frames()
    tables.write(found, tmp_path, ["csv"])
    for name, frame in found.items():
        rows = cells_of_csv(tmp_path / f"{name}.csv")
        assert len(rows) == len(frame) + 1
        assert not [cell for row in rows for cell in row if LEAD.match(cell)]
    header, *rows = cells_of_csv(tmp_path / "answers.csv")
    column = header.index("value")
    kept = [row[column] for row in rows]
    meant = found["answers"]["value"].tolist()
    assert [cell.removeprefix("'") for cell in kept] == [text.removeprefix("'") for text in meant]


def test_pandas_reads_the_csv_back_word_by_word(tmp_path: Path) -> None:
    found = hostile_frames()
    tables.write(found, tmp_path, ["csv"])
    back = pd.read_csv(tmp_path / "answers.csv", dtype="str", keep_default_na=False, encoding="utf-8-sig")
    assert [cell.removeprefix("'") for cell in back["value"]] == [
        text.removeprefix("'") for text in found["answers"]["value"]
    ]


def cells_of_xlsx(path: Path) -> list[str]:
    """The texts of a workbook, read from its XML; the test fails when a formula or a link is in it."""
    book = zipfile.ZipFile(path)
    sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    for name in sheets:
        root = ElementTree.fromstring(book.read(name))
        kinds = {element.tag.rsplit("}", 1)[1] for element in root.iter()}
        assert not kinds & {"f", "hyperlink", "hyperlinks"}, name
    strings = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    texts = ["".join(part.text or "" for part in entry.iter() if part.tag.endswith("}t")) for entry in strings]
    return [re.sub(r"_x([0-9A-Fa-f]{4})_", lambda code: chr(int(code[1], 16)), text) for text in texts]


def test_no_cell_of_a_workbook_is_a_formula_and_no_word_is_lost(tmp_path: Path) -> None:
    found = hostile_frames()
    (path,) = tables.write(found, tmp_path, ["xlsx"])
    cells = set(cells_of_xlsx(path))
    for text in found["answers"]["value"]:
        assert text in cells or text.endswith("🏠" * 9), text[:40]
    assert {"Harbor Lane", "=1+1 House", "story", "Which rule?"} <= cells


def test_a_cell_is_cut_where_excel_would_call_the_file_damaged_and_says_so(tmp_path: Path) -> None:
    found = hostile_frames(("🏠" * 19_000,))
    (path,) = tables.write(found, tmp_path, ["xlsx"])
    longest = max(cells_of_xlsx(path), key=len)
    assert len(longest.encode("utf-16-le")) // 2 <= 32_767
    assert longest.endswith("🏠 … (cut, see CSV)")


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_name_that_is_a_formula_stays_a_name(tmp_path: Path, formula: str) -> None:
    room = [Organization("b", " ".join(formula.split()) or "x")]
    tables.write(frames([], room), tmp_path, ["csv", "xlsx"])
    assert not [cell for row in cells_of_csv(tmp_path / "wide.csv") for cell in row if LEAD.match(cell)]
    assert room[0].name in cells_of_xlsx(tmp_path / "tables.xlsx")


def test_an_empty_workshop_has_four_tables(workshop: Workshop, tmp_path: Path) -> None:
    files = workshop.papers.write_tables(tmp_path / "out", ["csv", "xlsx"])
    assert [path.name for path in files] == ["answers.csv", "agreed.csv", "wide.csv", "codebook.csv", "tables.xlsx"]
    assert len(cells_of_csv(tmp_path / "out" / "answers.csv")) == 1
    assert len(cells_of_csv(tmp_path / "out" / "codebook.csv")) == len(workshop.worksheet.questions) + 1


def test_a_format_that_is_not_known_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(WorkshopError) as refused:
        tables.write(frames(ANSWERS), tmp_path / "out", ["csv", "pdf"])
    assert str(refused.value) == "--format: 'pdf' is not one of csv, xlsx, parquet"
    assert list((tmp_path / "out").glob("*")) == []


def test_a_table_shown_on_a_page_runs_nothing() -> None:
    shown = hostile_frames()["answers"].to_html()
    assert "<script" not in shown
    assert html.escape("<b>bold</b>", quote=False) in shown
