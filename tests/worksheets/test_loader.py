"""Worksheets that people write: a sound one is read, and every fault is a file, a line, a fault and a mend."""
# ruff: noqa: E501 - a fault stands on one line beside its sentence

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sheets import CLAUSES, QUESTIONS, a_sheet, written

from toolkit.errors import WorksheetError
from toolkit.worksheets import catalog, loader
from toolkit.worksheets.model import ClauseRule, TableRule, Worksheet, asked_now

SEE = "See worksheets/sextech-2010 for an example."
YAML = "the line breaks the rules of YAML"
MEND = "Mend the line or put quotes."


def test_a_worksheet_is_read() -> None:
    sheet = a_sheet(
        """
        - {id: may, kind: yes_no_unsure, ask: May volunteers post?}
        - {id: who, kind: text, ask: Who?, show_if: [{question: may, is: [yes]}]}
        """,
        """
        - {id: people, text: "We serve {who}. See {see: rules_for_all}."}
        - {id: rules_for_all, text: Ask first.}
        - {id: roles, caption: Roles, description: Who does what., header: [Role, Who], rows: [[Lead, "{who}"]]}
        """,
    )
    assert list(sheet.questions) == ["may", "who"]
    assert [type(block) for block in sheet.policy.sections[0].clauses] == [ClauseRule, ClauseRule, TableRule]
    assert [each.id for each in asked_now(sheet.stages[0], "core", {})] == ["may"]
    assert [each.id for each in asked_now(sheet.stages[0], "core", {"may": "yes"})] == ["may", "who"]


def test_no_stays_a_word() -> None:
    options = "[{id: no, label: no}, {id: on, label: on}, {id: null_, label: '~'}]"
    question = a_sheet(f"- {{id: may, kind: choice, ask: May we?, options: {options}}}").questions["may"]
    assert question.labels == {"no": "no", "on": "on", "null_": "~"}


@pytest.mark.parametrize("name", loader.worksheet_names(Path(__file__).parents[2] / "worksheets"))
def test_the_worksheets_that_come_along_are_sound(house: Path, name: str) -> None:
    sheet = loader.read_worksheet(house / "worksheets" / name)
    assert sheet.id == name
    assert all(stage.questions for stage in sheet.stages)


def question(more: str, start: str = "id: who, kind: text, ask: Who?") -> dict[str, str]:
    return {"questions": f"- {{{start}, {more}}}"}


def choice(options: str, more: str = "") -> dict[str, str]:
    return {"questions": f"- {{id: who, kind: choice, ask: Who?, {more}options: [{options}]}}"}


def asked(text: str) -> dict[str, str]:
    return {"questions": text}


def drafted(text: str) -> dict[str, str]:
    return {"clauses": text}


TWO = "{id: a, label: A}, {id: b, label: B}"

FAULTS: list[tuple[dict[str, str], str, int, str]] = [
    # what is written, the file, the line, the fault with its mend
    (question("asks: x"), "worksheet", 14, f"'asks' is not known here. {SEE}"),
    (asked("- {id: who, kind: text}"), "worksheet", 14, f"'ask' is missing. {SEE}"),
    (
        asked("- {id: who, kind: essay, ask: Who?}"),
        "worksheet",
        14,
        "kind 'essay' is not one of text, long_text, choice, choices, yes_no_unsure, contact, date, list, ranking. "
        + SEE,
    ),
    (
        asked(f"{QUESTIONS}\n- id: Whom\n  kind: text\n  ask: Whom?"),
        "worksheet",
        15,
        f"'id' must be small letters, digits and _ (a letter first). {SEE}",
    ),
    (asked(f"- {{id: {'a' * 41}, kind: text, ask: x}}"), "worksheet", 14, f"'id' is longer than 40 characters. {SEE}"),
    (asked("- id: who\n  kind: text\n  ask: ''"), "worksheet", 16, f"'ask' is empty. {SEE}"),
    (asked("- id: who\n  kind: text\n  ask: 5"), "worksheet", 16, f"'ask' must be text; put quotes around it. {SEE}"),
    (
        asked("- {id: who, kind: text, ask: !!python/object/apply:os.system [id]}"),
        "worksheet",
        14,
        f"'ask' must be text; put quotes around it. {SEE}",
    ),
    (
        asked("- {id: who, kind: text, ask: a, 5: b}"),
        "worksheet",
        14,
        f"a key is not text; put quotes around it. {SEE}",
    ),
    (question("checked: soon"), "worksheet", 14, f"'checked' must be a date like 2026-01-31. {SEE}"),
    (choice(TWO, "other: perhaps, "), "worksheet", 14, f"'other' must be true or false. {SEE}"),
    (question("depth: shallow"), "worksheet", 14, f"'depth' must be one of 'core', 'standard' or 'deep'. {SEE}"),
    (
        choice("{id: a, label: A}"),
        "worksheet",
        14,
        f"a question of kind 'choice' needs at least two options. {SEE}",
    ),
    (question(f"options: [{TWO}]"), "worksheet", 14, f"a question of kind 'text' takes no options. {SEE}"),
    (asked("- who"), "worksheet", 14, f"'questions' must hold 'key: value' lines. {SEE}"),
    (asked(f"{QUESTIONS}\n{QUESTIONS}"), "worksheet", 15, f"the question id 'who' is used twice. {SEE}"),
    (choice("{id: a, label: A}, {id: a, label: B}"), "worksheet", 14, f"the option id 'a' is used twice. {SEE}"),
    (
        choice(TWO + ", {id: unsure, label: C}"),
        "worksheet",
        14,
        f"'unsure' is no option's id; write 'unsure: true' beside the options. {SEE}",
    ),
    (
        asked("- {id: organization, kind: text, ask: Who?}"),
        "worksheet",
        14,
        f"'organization' has a meaning of its own in braces and cannot be a question's id. {SEE}",
    ),
    (question("show_if: [{question: nobody}]"), "worksheet", 14, f"there is no question 'nobody'. {SEE}"),
    (question("revises: nobody"), "worksheet", 14, f"there is no question 'nobody'. {SEE}"),
    (question("revises: who"), "worksheet", 14, f"there is no question 'who'. {SEE}"),
    (
        asked(
            f"- {{id: may, kind: yes_no_unsure, ask: x}}\n{QUESTIONS[:-1]}, show_if: [{{question: may, is: [si]}}]}}"
        ),
        "worksheet",
        15,
        f"question 'may' has no option 'si'. {SEE}",
    ),
    (
        choice("{id: a, label: A, clause: 'x {nobody}'}, {id: b, label: B}"),
        "worksheet",
        14,
        f"there is no question 'nobody'. {SEE}",
    ),
    (asked("- {use: nothing}"), "worksheet", 14, "there is no shared 'nothing'. See worksheets/common."),
    (asked("- {use: [a]}"), "worksheet", 14, "there is no shared '['a']'. See worksheets/common."),
    ({"head": "policy: {title: x}"}, "worksheet", 15, f"'policy' is not known here. {SEE}"),
    ({"head": "colour: red"}, "worksheet", 15, f"'colour' is not known here. {SEE}"),
    (drafted("- {id: people}"), "policy", 6, f"clause 'people' needs either 'text' or 'decision'. {SEE}"),
    (
        drafted("- {id: people, text: a, decision: who}"),
        "policy",
        6,
        f"clause 'people' needs either 'text' or 'decision'. {SEE}",
    ),
    (drafted(f"{CLAUSES}\n- id: b\n  text: c\n  bullet: [d]"), "policy", 9, f"'bullet' is not known here. {SEE}"),
    (drafted("- {id: people, text: 'a {whom}'}"), "policy", 6, f"there is no question 'whom'. {SEE}"),
    (drafted("- {id: people, text: '{see: where}'}"), "policy", 6, f"there is no numbered clause 'where'. {SEE}"),
    (
        drafted("- {id: people, text: 'a {Who}'}"),
        "policy",
        6,
        f"braces hold a name in small letters or {{blank: words}}, and here stands '{{Who}}'. {SEE}",
    ),
    (drafted(f"{CLAUSES}\n{CLAUSES}"), "policy", 7, f"the clause id 'people' is used twice. {SEE}"),
    (
        drafted("- {id: t, caption: a, description: d, header: [a], row: [[a]]}"),
        "policy",
        6,
        f"'row' is not known here. {SEE}",
    ),
    (drafted("- {id: t, caption: a, header: [a]}"), "policy", 6, f"'description' is missing. {SEE}"),
    ({"policy": "control: [[a, '{whom}']]"}, "policy", 1, f"there is no question 'whom'. {SEE}"),
    ({"policy": "control: [[a, b, c]]"}, "policy", 7, f"'control' holds more than 2. {SEE}"),
    (
        asked("- &a {id: who, kind: text, ask: Who?}"),
        "worksheet",
        14,
        "'&' and '*' names are not allowed. Write the text out.",
    ),
    (
        asked("- &é {id: who, kind: text, ask: Who?}\n- *é"),
        "worksheet",
        14,
        "'&' and '*' names are not allowed. Write the text out.",
    ),
    (
        question("id: whom"),
        "worksheet",
        14,
        f'{YAML} (found duplicate key "id" with value "whom" (original value: "who")). {MEND}',
    ),
    (
        asked("- id: who\n\tkind: text"),
        "worksheet",
        15,
        f"{YAML} (found character '\\t' that cannot start any token). {MEND}",
    ),
    (
        asked("- {id: who, kind: text, ask: [a}"),
        "worksheet",
        14,
        f"{YAML} (expected ',' or ']', but got '}}'). {MEND}",
    ),
    (
        asked('- {id: who, kind: text, ask: "a}\n- {id: whom}'),
        "worksheet",
        14,
        f"{YAML} (found unexpected end of stream). {MEND}",
    ),
    (
        asked("- id: who\n  kind: text\n  ask: Who: now?"),
        "worksheet",
        16,
        f"{YAML} (mapping values are not allowed here). {MEND}",
    ),
    (question("why: a\x00b"), "worksheet", 14, f"{YAML} (the file cannot be read as YAML). {MEND}"),
    (
        asked("- id: who\n  kind: text\n  ask: " + "[\n" * 5_000),
        "worksheet",
        56,
        "the brackets go too deep. Use fewer levels.",
    ),
    (
        asked("- {id: who, kind: text, ask: " + "[" * 200_000 + "}"),
        "worksheet",
        14,
        "the brackets go too deep. Use fewer levels.",
    ),
    (asked("- " * 5_000 + "who"), "worksheet", 14, "the brackets go too deep. Use fewer levels."),
    ({"head": "---\nid: x"}, "worksheet", 15, f"{YAML} (but found another document). {MEND}"),
]


@pytest.mark.parametrize(("parts", "file", "line", "says"), FAULTS, ids=[str(place) for place in range(len(FAULTS))])
def test_a_fault_is_said_in_one_sentence(
    tmp_path: Path, parts: dict[str, str], file: str, line: int, says: str
) -> None:
    folder = written(tmp_path / "sample", **parts)
    with pytest.raises(WorksheetError) as fault:
        loader.read_worksheet(folder)
    assert str(fault.value) == f"{folder / file}.yaml, line {line}: {says}"


def test_an_agenda_that_does_not_add_up(tmp_path: Path) -> None:
    folder = written(tmp_path / "sample")
    (folder / "agenda.yaml").write_text(
        "agendas:\n- minutes: 60\n  outcome: a\n  steps:\n  - {minutes: 10, title: a}\n", encoding="utf-8"
    )
    with pytest.raises(WorksheetError) as fault:
        loader.read_worksheet(folder)
    assert str(fault.value) == f"{folder}/agenda.yaml, line 2: the steps add up to 10 minutes, not 60. {SEE}"


def test_a_key_of_another_file_is_refused_and_replaces_nothing(tmp_path: Path) -> None:
    folder = written(tmp_path / "sample")
    (folder / "agenda.yaml").write_text("scripts: []\ntitle: Another\n", encoding="utf-8")
    with pytest.raises(WorksheetError) as fault:
        loader.read_worksheet(folder)
    assert str(fault.value) == f"{folder}/agenda.yaml, line 2: 'title' is not known here. {SEE}"


def test_checks_that_name_what_is_not_there(tmp_path: Path) -> None:
    folder = written(tmp_path / "sample")
    gap = "- {id: g, says: a, mend: b, sources: [c], questions: [nobody]}"
    (folder / "checks.yaml").write_text(f"gaps:\n{gap}\n", encoding="utf-8")
    with pytest.raises(WorksheetError) as fault:
        loader.read_worksheet(folder)
    assert str(fault.value) == f"{folder}/checks.yaml, line 2: there is no question 'nobody'. {SEE}"


@pytest.mark.parametrize("content", ["", "# nothing\n", "- a\n", "words\n", "5\n", "~\n"])
def test_a_file_without_keys(tmp_path: Path, content: str) -> None:
    folder = written(tmp_path / "sample")
    (folder / "worksheet.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(WorksheetError) as fault:
        loader.read_worksheet(folder)
    assert str(fault.value) == f"{folder}/worksheet.yaml, line 1: the file does not hold 'key: value' lines. {SEE}"


def test_files_that_are_missing_too_large_or_no_text(tmp_path: Path) -> None:
    folder = written(tmp_path / "sample")
    sheet = folder / "worksheet.yaml"
    sheet.write_bytes(b"id: \xff\xfe")
    with pytest.raises(WorksheetError) as fault:
        loader.read_worksheet(folder)
    assert str(fault.value) == f"{sheet}: the file cannot be read as text. Save it as UTF-8."
    sheet.write_text("# " + "x" * 2_000_001, encoding="utf-8")
    with pytest.raises(WorksheetError) as fault:
        loader.read_worksheet(folder)
    assert str(fault.value) == f"{sheet}: the file is larger than 2 MB. Shorten it."
    sheet.unlink()
    with pytest.raises(WorksheetError) as fault:
        loader.read_worksheet(folder)
    assert str(fault.value) == f"{folder}: there is no worksheet.yaml. A worksheet folder needs it."


@pytest.fixture
def shared(tmp_path: Path) -> Callable[[str], Path]:
    """Write worksheets/common and return a worksheet that uses its entry `who`."""

    def write(entries: str) -> Path:
        (tmp_path / "common").mkdir()
        (tmp_path / "common" / "questions.yaml").write_text(entries, encoding="utf-8")
        return written(tmp_path / "sample", "- {use: who, ask: Who else?}")

    return write


def test_a_shared_entry_is_taken_with_ones_own_keys_on_top(shared: Callable[[str], Path]) -> None:
    folder = shared("questions:\n  - {id: who, kind: text, ask: Who?, why: Because.}\n")
    taken = loader.read_worksheet(folder).questions["who"]
    assert (taken.ask, taken.why) == ("Who else?", "Because.")


@pytest.mark.parametrize(
    ("entries", "place", "says"),
    [
        (
            "questions:\n  - id: who\n    kind: text\n    asks: x\n",
            "common/questions.yaml, line 4",
            f"'asks' is not known here. {SEE}",
        ),
        (
            "questions:\n  - id: who\n    kind: choice\n    options:\n    - {id: a, label: 5}\n    - {id: b, label: B}\n",
            "common/questions.yaml, line 5",
            f"'label' must be text; put quotes around it. {SEE}",
        ),
        (
            "questions:\n  - {id: who, kind: text, options: [{use: who}]}\n",
            "common/questions.yaml, line 2",
            "the shared 'who' uses itself. Write the entry out.",
        ),
        (
            "questions:\n  - {id: who, kind: text}\n  - {id: who, kind: list}\n",
            "common/questions.yaml, line 3",
            "the shared id 'who' is used twice. Rename one.",
        ),
        ("questions:\n  - {kind: text}\n", "common/questions.yaml, line 2", f"a shared entry has no 'id'. {SEE}"),
        (
            "questions: 5\n",
            "common/questions.yaml, line 1",
            f"'questions' does not hold a list of shared entries. {SEE}",
        ),
    ],
)
def test_a_fault_in_a_shared_entry_names_the_shared_file(
    shared: Callable[[str], Path], entries: str, place: str, says: str
) -> None:
    folder = shared(entries)
    with pytest.raises(WorksheetError) as fault:
        loader.read_worksheet(folder)
    assert str(fault.value) == f"{folder.parent / place}: {says}"


def test_aliases_never_unfold(tmp_path: Path) -> None:
    laughs = "a: &a [x, x]\n" + "".join(
        f"{new}: &{new} [*{old}, *{old}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    folder = written(tmp_path / "sample", head=laughs)
    with pytest.raises(WorksheetError, match="'&' and '\\*' names are not allowed"):
        loader.read_worksheet(folder)


def _bomb(levels: int, width: int, text: str) -> str:
    """Return shared entries that take each other `width` times, `levels` deep: a few hundred bytes of files."""
    lines = [f"- {{id: l0, ask: '{text}'}}"]
    for level in range(1, levels + 1):
        lines.append(f"- {{id: l{level}, inside: [{', '.join([f'{{use: l{level - 1}}}'] * width)}]}}")
    return "questions:\n" + "".join(f"  {line}\n" for line in lines)


@pytest.mark.parametrize(("levels", "width", "text"), [(7, 10, "x"), (30, 2, "x"), (12, 1, "x"), (2, 35, "x" * 9_000)])
def test_shared_entries_that_unfold_without_end_are_refused_where_they_stand(
    tmp_path: Path, levels: int, width: int, text: str
) -> None:
    folder = written(tmp_path / "sample", f"- {{use: l{levels}}}")
    common = tmp_path / "common"
    common.mkdir()
    (common / "questions.yaml").write_text(_bomb(levels, width, text), encoding="utf-8")
    before = len(loader.sources(folder))
    with pytest.raises(WorksheetError, match=r"questions\.yaml, line \d+: the shared entries unfold to too much"):
        loader.read_worksheet(folder)
    assert before == 3


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("".join(f"k{number}: 1\n" for number in range(190_000)), "the file has more than 30,000 lines"),
        ("".join(f"k{number}: 1\n" for number in range(29_000)), "the file holds too many keys and list items"),
        ("a: {" + ",".join(f"k{number}" for number in range(190_000)) + "}\n", "the file holds too many keys"),
        ("a:\n" + "- x\n" * 25_000, "the file holds too many keys and list items"),
        ("a: x\n" + "\n" * 1_900_000, "the file has more than 30,000 lines"),
        ("? a\n" * 400_000, "the file has more than 30,000 lines"),
        ("a: " + "x" * 2_000_001, "the file is larger than 2 MB"),
    ],
    ids=["many keys", "keys", "flow", "list", "blank lines", "questions", "one text"],
)
def test_a_file_that_takes_long_to_read_is_refused_before_it_is_read(tmp_path: Path, content: str, says: str) -> None:
    folder = written(tmp_path / "sample")
    (folder / "checks.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(WorksheetError, match=says):
        loader.read_worksheet(folder)


def test_a_folder_without_shared_entries_beside_it_uses_ours(tmp_path: Path) -> None:
    shutil.copytree(catalog.WORKSHEETS / "sextech-2010", tmp_path / "mine")
    assert catalog.worksheet(str(tmp_path / "mine")) == catalog.worksheet("sextech-2010")
    assert catalog.worksheet(str(tmp_path / "mine" / "policy.yaml")) == catalog.worksheet("sextech-2010")


def test_a_folder_with_a_blank_in_its_name_is_found_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "sample").rename(tmp_path / "My AI worksheet")
    monkeypatch.chdir(tmp_path)
    assert catalog.worksheet("My AI worksheet").id == "sample"
    assert catalog.placed("My AI worksheet") == str(tmp_path / "My AI worksheet")


def test_what_was_checked_once_is_the_same_worksheet_and_follows_every_change(tmp_path: Path) -> None:
    folder = written(tmp_path / "sample", "- {id: who, kind: text, ask: Who?, show_if: [{question: who, is: [a]}]}")
    cache = tmp_path / "cache"

    def read() -> Worksheet:
        return loader.read_cached(folder, loader.sources(folder), [tmp_path / "no" / "such", cache])

    first = read()
    assert read() == first == loader.read_worksheet(folder)
    assert len(list(cache.iterdir())) == 1
    written(folder, "- {id: whom, kind: text, ask: Whom?}")
    assert list(read().questions) == ["whom"]
    for each in cache.glob("*.json"):
        each.write_text("{", encoding="utf-8")
    assert list(read().questions) == ["whom"]


def test_what_was_checked_once_is_read_without_yaml(tmp_path: Path) -> None:
    folder, cache = written(tmp_path / "sample"), tmp_path / "cache"
    files = loader.sources(folder)
    loader.read_cached(folder, files, [cache])
    (checked,) = cache.iterdir()
    checked.write_text(checked.read_text(encoding="utf-8").replace("Who?", "Whom?"), encoding="utf-8")
    assert loader.read_cached(folder, files, [cache]).questions["who"].ask == "Whom?"


def test_a_cache_does_not_grow_for_ever(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    for number in range(loader.MOST_CACHED + 5):
        folder = written(tmp_path / "sample", f"- {{id: who, kind: text, ask: Who {number}?}}")
        loader.read_cached(folder, loader.sources(folder), [cache])
    assert len(list(cache.iterdir())) == loader.MOST_CACHED


PIECES = ["[", "]", "{", "}", ":", "-", "\t", "\n", "  ", "'", '"', "&a", "*a", "!!set", "!x", "|", ">", "#", "? ", "%", "@",
          "<<: ", "use: who", "~", "5", "---", "...", "\x00", "\ufeff", "é", "{who}", "- ", "true", "2026-01-15"]  # fmt: skip


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a sound worksheet and a shared one, for many changes."""
    folder = tmp_path_factory.mktemp("worksheets")
    (folder / "common").mkdir()
    (folder / "common" / "q.yaml").write_text("questions:\n- {id: who, kind: text, ask: Who?}\n", encoding="utf-8")
    return folder


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(
    some.sampled_from(["sample/worksheet.yaml", "sample/policy.yaml", "common/q.yaml"]),
    some.lists(some.tuples(some.floats(0, 1), some.integers(0, 8), some.sampled_from(PIECES) | some.text(max_size=3)),
               min_size=1, max_size=4),
)  # fmt: skip
def test_whatever_is_typed_into_a_worksheet_it_is_read_or_refused_in_a_sentence(
    room: Path, file: str, typed: list[tuple[float, int, str]]
) -> None:
    shutil.rmtree(room / "sample", ignore_errors=True)
    written(
        room / "sample", f"- {{use: who}}\n{QUESTIONS.replace('who', 'whom')}", "- {id: people, text: 'For {who}.'}"
    )
    (room / "common" / "q.yaml").write_text("questions:\n- {id: who, kind: text, ask: Who?}\n", encoding="utf-8")
    text = (room / file).read_text(encoding="utf-8")
    for where, gone, new in typed:
        at = int(where * len(text))
        text = text[:at] + new + text[at + gone :]
    (room / file).write_text(text.encode("utf-8", "replace").decode(), encoding="utf-8")
    try:
        assert isinstance(loader.read_worksheet(room / "sample"), Worksheet)
    except WorksheetError as fault:
        told = str(fault)
    else:
        return
    assert str(room) in told
    assert "\n" not in told.replace(str(room), "")
    assert "pydantic" not in told
    assert sys.exc_info() == (None, None, None)
