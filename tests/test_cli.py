"""Each command in a process of its own: what it writes, and one plain sentence when it cannot."""

from __future__ import annotations

import os
import pty
import re
import resource
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sheets import written
from stored import sequences

from toolkit import Workshop
from toolkit.cli import COMMANDS, VERBS, main
from toolkit.errors import WorkshopError
from toolkit.facilitation.events import Device, SessionEvent
from toolkit.facilitation.invitation import JoinLink
from toolkit.facilitation.invitation import join_link_event as written_down

pytestmark = pytest.mark.slow

CODE = "import sys; from toolkit.cli import main; sys.exit(main())"


def workshop(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run one command in `folder`, as a person would."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("WORKSHOP_")} | variables
    command = [sys.executable, "-c", CODE, *words]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False, errors="replace"
    )


Here = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def here(room: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    """Return what runs one command in the tests' own process: each command has a test in a process of its own too."""
    for key in [key for key in os.environ if key.startswith("WORKSHOP_")]:
        monkeypatch.delenv(key)
    monkeypatch.chdir(room)

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        capsys.readouterr()
        code = main(list(words))
        said = capsys.readouterr()
        return subprocess.CompletedProcess(words, code, said.out, said.err)

    return run


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a rehearsed workshop `demo` of a small worksheet, and other things that are none."""
    folder = tmp_path_factory.mktemp("room")
    (folder / "file").write_text("words", encoding="utf-8")
    (folder / "empty").mkdir()
    written(folder / "sheet", "- {id: who, kind: text, ask: Who?}", "- {id: people, text: 'For {who}.'}")
    done = workshop(folder, "rehearse", "demo", "--organizations", "3", "--people", "6", "--worksheet", "./sheet")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "3 made-up organizations are in demo. To see them: python3 start.py start demo\n"
    return folder


def test_every_verb_has_a_command() -> None:
    assert COMMANDS.keys() == VERBS.keys()


def test_a_workshop_becomes_tables_and_drafts(room: Path) -> None:
    tables = workshop(room, "tables", "demo", "--out", "tables", "--format", "csv,xlsx")
    assert (tables.returncode, tables.stderr) == (0, "")
    names = {path.name for path in (room / "tables").iterdir()}
    assert names == {"answers.csv", "agreed.csv", "wide.csv", "codebook.csv", "tables.xlsx"}
    drafts = workshop(room, "draft", "demo", "--out", "drafts")
    assert (drafts.returncode, drafts.stderr) == (0, "")
    files = list((room / "drafts").glob("*.docx"))
    assert len(files) == 3
    assert all(zipfile.is_zipfile(path) for path in files)


def test_a_worksheet_is_printed_on_paper(room: Path) -> None:
    done = workshop(room, "paper", "supervised-visitation", "--out", "print/paper.docx", "--minutes", "90")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("The worksheet on paper is in print/paper.docx.")
    assert (room / "print" / "paper.docx").read_bytes().startswith(b"PK")


def test_one_organization_is_drafted_alone(room: Path, here: Here) -> None:
    with Workshop.open(room / "demo") as opened:
        name = opened.organizations[1].name
    done = here("draft", "demo", "--out", "one", "--organization", name.upper())
    assert (done.returncode, done.stderr) == (0, "")
    assert len(list((room / "one").glob("*.docx"))) == 1


def test_gaps_and_worksheets_are_listed(room: Path, here: Here) -> None:
    checked = workshop(room, "check", "demo")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.count(" gaps, ") == 3
    listed = workshop(room, "worksheets")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "sextech-2010: " in listed.stdout
    own = here("worksheets", "./sheet")
    assert own.stdout == "sheet: Sample. 1 stages, 1 core questions. Readable.\n"


FAULTS = [
    (["tables", "gone", "--out", "x"], "gone: there is no workshop. Make one with: python3 start.py start gone"),
    (["tables", "empty", "--out", "x"], "empty: there is no workshop. Make one with: python3 start.py start empty"),
    (["draft", "file", "--out", "x"], "file: there is no workshop. Make one with: python3 start.py start file"),
    (["check", "gone"], "gone: there is no workshop. Make one with: python3 start.py start gone"),
    (["rehearse", "file"], "{room}/file: this is a file, not a folder. Choose another name."),
    (["rehearse", "many", "--organizations", "101"], "--organizations takes 1 to 100"),
    (["rehearse", "none", "--organizations", "0"], "--organizations takes 1 to 100"),
    (["rehearse", "new", "--minutes", "45"], "45 minutes is not one of 60, 90, 180"),
    (["paper", "sextech-2010", "--out", "x.docx", "--minutes", "45"], "45 minutes is not one of 60, 90, 180"),
    (["tables", "demo", "--out", "x", "--format", "pdf"], "--format: 'pdf' is not one of csv, xlsx, parquet"),
    (
        ["tables", "demo", "--out", "file"],
        "file: the tables could not be written (File exists). Choose another folder, or make room on the disk and "
        "close the tables in Excel. Older tables are unharmed.",
    ),
    (["rehearse", "new", "--people", "0"], "--people takes 1 or more"),
    (["worksheets", "./empty"], "empty: there is no worksheet.yaml. A worksheet folder needs it."),
    (
        ["tables", "demo"],
        "workshop tables: the following arguments are required: --out. See: workshop tables --help",
    ),
    (
        ["rehearse", "demo", "--people", "many"],
        "workshop rehearse: argument --people: invalid int value: 'many'. See: workshop rehearse --help",
    ),
    ([], "workshop: the following arguments are required: COMMAND. See: workshop --help"),
]


@pytest.mark.parametrize(("words", "says"), FAULTS, ids=[" ".join(words) or "nothing" for words, _ in FAULTS])
def test_a_fault_is_one_plain_sentence(
    room: Path, words: list[str], says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(room)
    assert main(words) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", says.replace("{room}", str(room)) + "\n")


@pytest.mark.parametrize("command", [("report", "demo"), ("paper", "sextech-2010")], ids=lambda each: each[0])
@pytest.mark.parametrize("place", ["demo/answers.db", "demo/answers.db-count", "demo/.workshop", "notes.docx", "demo"])
def test_no_output_replaces_what_is_not_a_word_file(
    room: Path,
    place: str,
    command: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A slip in the name behind --out costs no file: not the answers, not another program's."""
    monkeypatch.chdir(room)
    (room / "notes.docx").write_text("These are plain notes, not a Word file.\n")
    before = {path: path.read_bytes() for path in (room / "demo").glob("answers.db*") if path.name[-4:] != "-shm"}
    before[room / "notes.docx"] = (room / "notes.docx").read_bytes()

    assert main([*command, "--out", place]) == 1
    written = capsys.readouterr()

    assert written.err.startswith(f"{Path(place).name}: ")
    assert written.err.count("\n") == 1
    assert {path: path.read_bytes() for path in before} == before


def test_tables_that_do_not_fit_leave_the_older_ones(room: Path) -> None:
    with Workshop.open(room / "demo") as opened:
        opened.papers.write_tables(room / "older", ["csv", "xlsx"])
        before = {path.name: path.read_bytes() for path in (room / "older").iterdir()}
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, limits[1]))
            with pytest.raises(WorkshopError, match="Older tables are unharmed"):
                opened.papers.write_tables(room / "older", ["csv", "xlsx"])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)

    assert {path.name: path.read_bytes() for path in (room / "older").iterdir()} == before


def test_the_same_sentence_comes_out_of_a_process(room: Path) -> None:
    done = workshop(room, "tables", "gone", "--out", "x")
    says = "gone: there is no workshop. Make one with: python3 start.py start gone\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", says)
    assert not (room / "gone").exists()
    assert list((room / "empty").iterdir()) == []


def test_an_unknown_organization_or_command_names_what_there_is(here: Here) -> None:
    done = here("draft", "demo", "--out", "x", "--organization", "Nobody")
    assert done.returncode == 1
    assert done.stderr.startswith("Our workshop: there is no organization 'Nobody'. Registered: ")
    assert done.stderr.count("\n") == 1
    odd = here("dance")
    assert odd.returncode == 1
    assert odd.stderr.startswith("workshop: argument COMMAND: invalid choice: 'dance'")
    assert odd.stderr.count("\n") == 1


def test_a_faulty_worksheet_is_a_file_a_line_a_fault_and_a_mend(room: Path, here: Here) -> None:
    written(room / "faulty", "- {id: who, kind: essay, ask: Who?}")
    done = here("worksheets", "./faulty")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("faulty/worksheet.yaml, line 14: kind 'essay' is not one of text, ")


def test_a_workshop_with_real_people_is_not_filled(room: Path, here: Here) -> None:
    with Workshop.open(room / "real") as opened:
        opened.roster.register("Harbor 🏠 Lane")
    done = here("rehearse", "real")
    assert done.returncode == 1
    assert done.stderr.endswith("this workshop has real participants. Rehearse in a folder of its own, "
                                "for example: workshop rehearse rehearsal\n")  # fmt: skip


def test_a_workshop_that_was_set_up_is_not_filled_nor_changed(
    room: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anyone registers, a title, or that it was started, says that a workshop waits for real people."""
    monkeypatch.chdir(room)
    with Workshop.open(room / "titled", title="Spring") as opened:
        day = opened.settings.day
    with Workshop.open(room / "started") as opened:
        opened.record(written_down(JoinLink(("192.168.1.23",), 8000, "k" * 22, "ABCDEFGHJ")))
    with Workshop.open(room / "joined") as opened:
        opened.rehearsals.rehearse(2, 4, 1)
        opened.record(SessionEvent("a-phone", Device("person", "organization", False)))
    for folder, why in (
        ("titled", "this workshop was set up for real participants"),
        ("started", "this workshop was set up for real participants"),
        ("joined", "someone joined this rehearsal with a phone"),
    ):
        with Workshop.open(room / folder) as opened:
            before = (
                sequences(opened.current.store),
                opened.roster.people,
                opened.settings.worksheet_in_use.name,
                opened.settings.minutes,
                opened.settings.is_rehearsal,
            )
        assert main(["rehearse", folder, "--seed", "2", "--worksheet", "./sheet", "--minutes", "180"]) == 1
        mend = "Rehearse in a folder of its own, for example: workshop rehearse rehearsal"
        assert capsys.readouterr().err == f"{room / folder}: {why}. {mend}\n"
        with Workshop.open(room / folder) as opened:
            after = (
                sequences(opened.current.store),
                opened.roster.people,
                opened.settings.worksheet_in_use.name,
                opened.settings.minutes,
                opened.settings.is_rehearsal,
            )
            assert after == before
    with Workshop.open(room / "titled") as opened:
        assert opened.settings.day == day


def test_a_rehearsal_takes_another_length_and_worksheet_as_a_new_folder_does(room: Path, here: Here) -> None:
    assert here("rehearse", "longer", "--organizations", "1", "--people", "1", "--worksheet", "./sheet").stderr == ""
    again = ("rehearse", "longer", "--organizations", "1", "--people", "1", "--minutes", "90")
    assert here(*again).stderr == ""
    with Workshop.open(room / "longer") as opened:
        assert (opened.settings.minutes, opened.settings.is_rehearsal, len(opened.organizations)) == (90, True, 1)


@pytest.mark.parametrize(
    ("words", "says"),
    [(["erase", "demo"], "nothing was erased"), (["rehearse", "demo", "--throw-away"], "nothing was thrown away")],
    ids=["erase", "throw away"],
)
def test_the_end_of_the_input_at_a_question_is_a_no(room: Path, words: list[str], says: str) -> None:
    """Ctrl+D in a terminal, at each question that a command asks."""
    keyboard, terminal = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", CODE, *words],
        cwd=room, stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as asked:  # fmt: skip
        os.write(keyboard, b"\x04")
        _, said = asked.communicate(timeout=60)
    os.close(keyboard)
    os.close(terminal)
    assert (asked.returncode, said) == (1, f"demo: {says}. Add --yes when you are sure.\n")
    assert (room / "demo" / "answers.db").is_file()


def test_a_terminal_that_knows_no_emoji_stops_nothing(room: Path) -> None:
    with Workshop.open(room / "emoji") as opened:
        opened.roster.register("Harbor 🏠 Lane")
    done = workshop(room, "check", "emoji", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Harbor \\U0001f3e0 Lane: " in done.stdout


@pytest.mark.parametrize("closed", ["<&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("words", [["erase", "demo"], ["worksheets", "./sheet"], ["check", "demo"]], ids=" ".join)
def test_closed_input_and_output_are_no_traceback(room: Path, words: list[str], closed: str) -> None:
    asked = ["/bin/sh", "-c", f'"$0" -c "{CODE}" "$@" {closed}', sys.executable, *words]
    done = subprocess.run(asked, cwd=room, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in (0, 1)
    assert "Traceback" not in done.stdout + done.stderr
    assert (room / "demo" / "answers.db").is_file()


COMMANDS_OF_ALL_KINDS = [
    ["check", "demo"], ["worksheets"], ["worksheets", "./sheet"], ["tables", "demo", "--out", "full/tables"],
    ["draft", "demo", "--out", "full/drafts"], ["report", "demo", "--out", "full/report.docx"],
    ["paper", "./sheet", "--out", "full/paper.docx"], ["copy", "demo", "--out", "full"],
    ["rehearse", "full/new", "--organizations", "1", "--people", "1", "--worksheet", "./sheet"],
    ["erase", "demo", "--yes"], ["start", "--help"], ["--help"],
]  # fmt: skip


def test_the_commands_below_are_all_that_there_are() -> None:
    """`start` says its words by itself, and goes on when its window is gone."""
    assert {words[0] for words in COMMANDS_OF_ALL_KINDS} == {*VERBS, "--help"}
    assert [words for words in COMMANDS_OF_ALL_KINDS if words[0] == "start"] == [["start", "--help"]]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
@pytest.mark.parametrize("words", COMMANDS_OF_ALL_KINDS, ids=" ".join)
def test_output_that_cannot_be_written_is_one_plain_sentence(room: Path, words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", CODE, *words],
            cwd=room, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr.startswith("The output could not be written (No space left on device). Make room on the disk")
    assert done.stderr.count("\n") == 1
    assert (room / "demo" / "answers.db").is_file(), "nothing is erased before it is said what"


def test_a_command_of_words_alone_says_that_nobody_can_read_them(room: Path) -> None:
    for words in (["check", "demo"], ["worksheets"]):
        asked = ["/bin/sh", "-c", f'"$0" -c "{CODE}" "$@" >&-', sys.executable, *words]
        done = subprocess.run(asked, cwd=room, capture_output=True, text=True, timeout=60, check=False)
        says = "There is no window or file for the output. Send it into a file, then try again.\n"
        assert (done.returncode, done.stderr) == (1, says)


def test_a_reader_that_has_read_enough_is_no_fault(room: Path) -> None:
    piped = f'"$0" -c "{CODE}" check demo | head -1'
    done = subprocess.run(
        ["/bin/sh", "-c", piped, sys.executable], cwd=room, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1


def test_a_fault_that_nobody_thought_of_is_one_sentence_without_a_persons_words(
    room: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_: object) -> None:
        raise KeyError("what a client told us")

    monkeypatch.setitem(COMMANDS, "check", fails)  # type: ignore[index]
    assert main(["check", str(room / "demo")]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Something went wrong that this program did not expect (KeyError in ")
    assert said.err.count("\n") == 1
    assert "client" not in said.err


def test_help_names_every_command(room: Path) -> None:
    done = workshop(room, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert {line.split()[0] for line in done.stdout.splitlines() if line.startswith("    ")} >= set(VERBS)


OPTIONS = [(name, flags, settings) for name, (_, options) in VERBS.items() for flags, settings in options]


@pytest.mark.parametrize("name", VERBS)
def test_help_explains_every_option_of_a_command(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main([name, "--help"])
    assert done.value.code == 0
    shown = " ".join(capsys.readouterr().out.split())
    for _, flags, settings in (each for each in OPTIONS if each[0] == name):
        words = settings.get("help", "")
        assert len(words.split()) >= 3, f"{name} {flags[0]} has no sentence in --help"
        assert words in shown, f"{name} {flags[0]}"
        assert settings.get("metavar", flags[0]) in shown


def test_the_readme_names_every_command_and_no_option_that_there_is_not(house: Path) -> None:
    readme = (house / "README.md").read_text(encoding="utf-8")
    commands = readme.partition("## Commands")[2].partition("## Is it safe?")[0]
    assert [name for name in VERBS if f"| `{name}" not in commands] == []
    flags = {each for _, names, _ in OPTIONS for each in names if each.startswith("--")} | {"--help", "--quick"}
    assert set(re.findall(r"--[a-z][a-z-]+", readme)) <= flags
    assert {"--help", "--yes"} <= set(re.findall(r"--[a-z][a-z-]+", commands))


def test_without_yes_and_with_nobody_to_ask_nothing_is_erased(room: Path) -> None:
    """What --yes answers: the question of every command that erases, and no other command takes it."""
    assert {name for name, flags, _ in OPTIONS if "--yes" in flags} == {"erase", "rehearse"}
    for words in (["erase", "demo"], ["rehearse", "demo", "--throw-away"]):
        done = subprocess.run(
            [sys.executable, "-c", CODE, *words],
            cwd=room, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 1
        assert "Add --yes when you are sure." in done.stderr
        assert (room / "demo" / "answers.db").is_file()
