"""Answers and positions as pandas tables, and the tables as files. The only module that imports pandas."""

from __future__ import annotations

import datetime
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pandas as pd
from pandas import DataFrame

from toolkit.answers.model import Answer, Organization, Person, Position
from toolkit.errors import WorkshopError
from toolkit.worksheets.kinds import KINDS, as_text, pieces
from toolkit.worksheets.model import Question, Worksheet

__all__ = ["DataFrame", "agreed", "answers", "codebook", "items", "wide", "write"]

Dtype = str | pd.CategoricalDtype

STATUSES = ("agreed", "proposed", "tied", "open")
VOICES = ("mine", "ours")
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for a formula (CWE-1236); such cells get a leading apostrophe in CSV."""

INVISIBLE_START = re.compile(r"^[\s\ufeff\u200b-\u200f]+")
"""What may stand unseen before such a sign."""

LONGEST_CELL = 32_767
"""Characters that an Excel cell holds."""


def answers(
    worksheet: Worksheet,
    workshop: str,
    organizations: Iterable[Organization],
    people: Iterable[Person],
    standing: Iterable[Answer],
) -> DataFrame:
    """Return one row per standing answer.

    Columns: workshop_id, organization, person (str), stage, question_id, kind (category), value (str, as it
    reads), voice (category mine, ours), answered_at (datetime64[us, UTC]), revision (Int64, 1 for the first).
    """
    named = {organization.id: organization.name for organization in organizations}
    names = {person.id: person.name or person.id for person in people}
    rows = [
        (
            workshop,
            named.get(answer.organization, answer.organization),
            names.get(answer.person, answer.person),
            worksheet.stage_of(answer.question),
            answer.question,
            worksheet.questions[answer.question].kind,
            _reads(worksheet.questions[answer.question], answer.value),
            answer.voice,
            answer.answered_at,
            answer.revision,
        )
        for answer in standing
        if answer.question in worksheet.questions
    ]
    return _typed(DataFrame(rows, columns=list(ANSWERS)), ANSWERS | _orders(worksheet))


def agreed(worksheet: Worksheet, held: Mapping[str, Mapping[str, Position]]) -> DataFrame:
    """Return one row per organization (by name) and question, unanswered ones too.

    Columns: organization (str), question_id (category), value (str, "" when open or tied), status (category
    agreed, proposed, tied, open), voices (Int64, how many the value was made from), of (Int64, how many
    people answered), dissent (Int64, how many other views are kept).
    """
    rows = [
        (
            organization,
            name,
            _reads(worksheet.questions[name], position.value),
            position.status,
            len(position.voices),
            position.of,
            len(position.dissent),
        )
        for organization, positions in held.items()
        for name, position in positions.items()
        if name not in worksheet.earlier or position.status != "open"
    ]
    return _typed(DataFrame(rows, columns=list(AGREED)), AGREED | _orders(worksheet))


def wide(worksheet: Worksheet, held: Mapping[str, Mapping[str, Position]]) -> DataFrame:
    """Return one row per organization, one column per question in worksheet order.

    A choice of one is a category with all its options; a choice of several is one text column and one
    boolean column `question__option` for each option; everything else is str, missing when nothing is held.
    """
    columns: dict[str, pd.Series] = {}
    for question in worksheet.questions.values():
        values = {name: positions[question.id].value for name, positions in held.items()}
        if question.id not in worksheet.earlier or any(value is not None for value in values.values()):
            columns |= _columns(question, values)
    return DataFrame(columns, index=pd.Index(list(held), name="organization", dtype="str"))


def codebook(worksheet: Worksheet) -> DataFrame:
    """Return what each column of `wide` means.

    Columns: question_id, stage, kind (str), label (the question as asked), options ("id: label" a line),
    order (Int64, 1 first).
    """
    rows = [
        (question.id, worksheet.stage_of(question.id), question.kind, question.ask, _option_lines(question), order)
        for order, question in enumerate(worksheet.questions.values(), 1)
    ]
    return _typed(DataFrame(rows, columns=list(CODEBOOK)), CODEBOOK)


ANSWERS: dict[str, Dtype] = {
    "workshop_id": "str",
    "organization": "str",
    "person": "str",
    "stage": "str",
    "question_id": "str",
    "kind": pd.CategoricalDtype(list(KINDS)),
    "value": "str",
    "voice": pd.CategoricalDtype(list(VOICES)),
    "answered_at": "datetime64[us, UTC]",
    "revision": "Int64",
}
AGREED: dict[str, Dtype] = {
    "organization": "str",
    "question_id": "str",
    "value": "str",
    "status": pd.CategoricalDtype(list(STATUSES), ordered=True),
    "voices": "Int64",
    "of": "Int64",
    "dissent": "Int64",
}
CODEBOOK: dict[str, Dtype] = {
    "question_id": "str",
    "stage": "str",
    "kind": "str",
    "label": "str",
    "options": "str",
    "order": "Int64",
}


def _orders(worksheet: Worksheet) -> dict[str, Dtype]:
    """Return the columns whose categories keep the worksheet's order; what is asked no more comes last."""
    stages = (*(stage.id for stage in worksheet.stages), *worksheet.earlier.values())
    return {
        "question_id": pd.CategoricalDtype(list(worksheet.questions), ordered=True),
        "stage": pd.CategoricalDtype(list(dict.fromkeys(stages)), ordered=True),
    }


def _typed(frame: DataFrame, types: Mapping[str, Dtype]) -> DataFrame:
    return frame.astype({column: types[column] for column in frame.columns})


def _reads(question: Question, value: object) -> str:
    return as_text(question.kind, value, question.labels)


def _option_lines(question: Question) -> str:
    return "\n".join(f"{name}: {label}" for name, label in question.labels.items())


def _columns(question: Question, values: Mapping[str, object]) -> dict[str, pd.Series]:
    """Return the column of one question, and for a choice of several one more for each option."""
    texts = {name: None if value is None else _reads(question, value) for name, value in values.items()}
    if question.kind in ("choice", "yes_no_unsure"):
        return {question.id: pd.Series(texts, dtype=_categories(question, texts.values()))}
    columns = {question.id: pd.Series(texts, dtype="str")}
    if question.kind == "choices":
        columns |= {f"{question.id}__{option}": _has_option(option, values) for option in question.labels}
    return columns


def _categories(question: Question, texts: Iterable[str | None]) -> pd.CategoricalDtype:
    """Return the options in the worksheet's order, then answers in people's own words."""
    labels = dict.fromkeys(question.labels.values())
    return pd.CategoricalDtype(
        [*labels, *(fromkey for fromkey in dict.fromkeys(texts) if fromkey and fromkey not in labels)]
    )


def _has_option(option: str, values: Mapping[str, object]) -> pd.Series:
    marks = {name: option in value if isinstance(value, list) else None for name, value in values.items()}
    return pd.Series(marks, dtype="boolean")


def items(worksheet: Worksheet, held: Mapping[str, Mapping[str, Position]]) -> DataFrame:
    """Return one row per organization, question and item of what is held: organization, question_id, item."""
    rows = [
        (organization, name, piece)
        for organization, positions in held.items()
        for name, position in positions.items()
        for piece in pieces(worksheet.questions[name].kind, position.value, worksheet.questions[name].labels)
    ]
    return DataFrame(rows, columns=["organization", "question_id", "item"]).astype("str")


def write(frames: Mapping[str, DataFrame], folder: Path, formats: Iterable[str]) -> list[Path]:
    """Write each table in each format (csv, xlsx, parquet) into `folder`; return the files.

    All are written beside the older ones first, so that a full disk leaves those as they were. WorkshopError says
    why they could not be written.
    """
    names = list(dict.fromkeys(formats))
    unknown = [name for name in names if name not in WRITERS]
    if unknown:
        raise WorkshopError(f"'{unknown[0]}' is not one of {', '.join(WRITERS)}", where="--format")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".tables-", dir=folder) as beside:
            paths = [path for name in names for path in WRITERS[name](frames, Path(beside))]
            return [path.replace(folder / path.name) for path in paths]
    except OSError as fault:
        mend = (
            "Choose another folder, or make room on the disk and close the tables in Excel. Older tables are unharmed."
        )
        why = fault.strerror or "the computer refused"
        raise WorkshopError(f"the tables could not be written ({why})", where=str(folder), mend=mend) from None


def _csv(frames: Mapping[str, DataFrame], folder: Path) -> list[Path]:
    paths = []
    for name, frame in frames.items():
        path = folder / f"{name}.csv"
        safe = _plain(frame).map(_no_formula)
        safe.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
        paths.append(path)
    return paths


def _xlsx(frames: Mapping[str, DataFrame], folder: Path) -> list[Path]:
    """Write one workbook with a sheet a table; a cell is never a formula or a link, times lose their zone."""
    path = folder / "tables.xlsx"
    never = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer, engine="xlsxwriter", engine_kwargs={"options": never}) as book:
        for name, frame in frames.items():
            sheet = _plain(frame).map(_fits_cell)
            sheet.to_excel(book, sheet_name=name[:31], index=False, freeze_panes=(1, 1))
            book.sheets[name[:31]].autofit(400)
    path.write_bytes(buffer.getvalue())
    return [path]


def _parquet(frames: Mapping[str, DataFrame], folder: Path) -> list[Path]:
    paths = [folder / f"{name}.parquet" for name in frames]
    try:
        for path, frame in zip(paths, frames.values(), strict=True):
            frame.reset_index(drop=not frame.index.name).to_parquet(path)
    except ImportError:
        mend = "Install it once with: .venv/bin/python -m pip install pyarrow"
        raise WorkshopError("parquet needs pyarrow, which is not installed", where="--format", mend=mend) from None
    return paths


WRITERS: Mapping[str, Callable[[Mapping[str, DataFrame], Path], list[Path]]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "parquet": _parquet,
}


def _plain(frame: DataFrame) -> DataFrame:
    """Return the table with its index as a column, categories and times as text, missing as ""."""
    flat = frame.reset_index() if frame.index.name else frame
    return flat.astype(object).map(_cell)


def _cell(value: object) -> object:
    if isinstance(value, datetime.datetime) and not pd.isna(value):
        return value.isoformat(sep=" ", timespec="seconds")
    return "" if value is None or value is pd.NA or value != value else value  # noqa: PLR0124 - NaN is not itself


def _no_formula(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and INVISIBLE_START.sub("", value).startswith(FORMULA_SIGNS) else value


def _fits_cell(value: object) -> object:
    if isinstance(value, str) and _units(value) > LONGEST_CELL:
        beginning = value.encode("utf-16-le")[: 2 * (LONGEST_CELL - 20)].decode("utf-16-le", "ignore")
        return f"{beginning} … (cut, see CSV)"
    return value


def _units(value: str) -> int:
    """Return the length as Excel counts it, where one emoji is two."""
    return len(value.encode("utf-16-le")) // 2
