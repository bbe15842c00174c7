"""Erasing: no word of a workshop is left in its folder, what others put there stays, and a running workshop is safe."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import docx
import pytest
from brands import LIBREOFFICE, english, office
from docx.enum.style import WD_STYLE_TYPE

from toolkit import Workshop
from toolkit.answers.model import SCRIBE, Answer
from toolkit.cli import main
from toolkit.errors import StoreError

pytestmark = pytest.mark.slow

MARK = "zebrafinch"
HOLDER = """
import sys
from toolkit import Workshop
with Workshop.open(sys.argv[1]) as workshop:
    print("open", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def room(tmp_path: Path) -> Path:
    folder = tmp_path / "room"
    with Workshop.open(folder, title=f"The {MARK} workshop") as workshop:
        (group,) = workshop.roster.register(f"{MARK} house")
        for place in range(200):
            words = f"{MARK} wrote this {place} times"
            workshop.discussion.save(Answer(f"a{place}", group.id, SCRIBE, "stakeholders_notes", words, "ours"))
        workshop.export(folder / "drafts")
    return folder


def marked(folder: Path) -> list[str]:
    """Return the files in which a word of the workshop stands, read as raw bytes."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path.name for path in files if MARK.encode() in path.read_bytes() or MARK in path.name]


def test_every_word_is_gone_and_a_receipt_stays(room: Path) -> None:
    (room / "minutes.txt").write_text("my own notes", encoding="utf-8")
    with Workshop.open(room) as workshop:
        receipt = workshop.lifecycle.erase()
    assert sorted(path.name for path in room.iterdir()) == ["erased.txt", "minutes.txt"]
    assert (receipt.counted.answers, receipt.counted.organizations, receipt.left) == (200, 1, ("minutes.txt",))
    assert marked(room) == ["erased.txt"], "only the title stands on the receipt"
    said = (room / "erased.txt").read_text(encoding="utf-8")
    assert said == receipt.words()
    assert "200 answers" in said
    assert "- minutes.txt" in said


def test_what_was_erased_was_written_over_first(room: Path) -> None:
    """A second name of the same file shows what the disk holds after the first name is gone."""
    for path in [path for path in room.rglob("*") if path.is_file()]:
        (room.parent / f"seen-{len(list(room.parent.iterdir()))}").hardlink_to(path)
    with Workshop.open(room) as workshop:
        workshop.lifecycle.erase()
    seen = list(room.parent.glob("seen-*"))
    assert len(seen) > 4
    assert not any(any(path.read_bytes()) for path in seen)


def test_a_link_is_erased_and_what_it_points_to_stays(room: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.docx"
    elsewhere.write_text("another's file", encoding="utf-8")
    (room / "drafts" / "linked.docx").symlink_to(elsewhere)
    with Workshop.open(room) as workshop:
        workshop.lifecycle.erase()
    assert elsewhere.read_text(encoding="utf-8") == "another's file"
    assert not (room / "drafts").exists()


def test_a_workshop_that_somebody_has_open_is_not_erased(room: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(room)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        before = sorted(path.name for path in room.rglob("*") if not path.name.startswith("answers.db-"))
        with Workshop.open(room) as workshop, pytest.raises(StoreError, match="another program holds"):
            workshop.lifecycle.erase()
        other.communicate("")
    assert sorted(path.name for path in room.rglob("*") if not path.name.startswith("answers.db-")) == before
    with Workshop.open(room) as workshop:
        assert len(workshop.discussion.history(workshop.organizations[0].id)) == 200


def test_nothing_is_erased_without_a_yes(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["erase", str(room)]) == 1
    said = capsys.readouterr()
    assert said.err == f"{room}: nothing was erased. Add --yes when you are sure.\n"
    with Workshop.open(room) as workshop:
        assert len(workshop.discussion.history(workshop.organizations[0].id)) == 200


def test_the_command_erases_and_shows_the_receipt(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["erase", str(room), "--yes"]) == 0
    assert "Erased on " in capsys.readouterr().out
    assert [path.name for path in room.iterdir()] == ["erased.txt"]
    assert main(["tables", str(room), "--out", "x"]) == 1
    assert "there is no workshop" in capsys.readouterr().err


# Interrupted


def begun_to_erase(room: Path, copies: int = 300) -> subprocess.Popen[str]:
    """Begin to erase a workshop with many drafts in a process of its own; return it once a file is erased."""
    draft = next((room / "drafts").glob("*.docx")).read_bytes()
    for place in range(copies):
        (room / "drafts" / f"{place}.docx").write_bytes(draft)
    before = [path for path in room.rglob("*") if path.is_file() and path.name[-4:] not in ("-wal", "-shm")]
    code = "import sys; from toolkit.cli import main; sys.exit(main())"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "erase", str(room), "--yes"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while process.poll() is None and all(path.exists() for path in before):
        pass
    return process


@pytest.mark.skipif(os.name == "nt", reason="Windows has no way to press Ctrl+C for one program only")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_once_erasing_has_begun_nothing_stops_it(room: Path, name: str) -> None:
    with begun_to_erase(room) as process:
        process.send_signal(getattr(signal, name))
        said, faults = process.communicate(timeout=60)
    assert (process.returncode, faults) == (0, "")
    assert [path.name for path in room.iterdir()] == ["erased.txt"]
    assert "200 answers" in said


@pytest.mark.skipif(os.name == "nt", reason="Windows has no way to press Ctrl+C for one program only")
def test_what_a_power_cut_left_is_erased_by_the_next_erase_and_the_receipt_is_the_same(
    room: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with begun_to_erase(room) as process:
        process.kill()
        process.communicate(timeout=60)
    assert len(list(room.iterdir())) > 1, "it was killed before the end"
    with pytest.raises(StoreError, match="erasing this workshop was interrupted"):
        Workshop.open(room)
    for words in (["check", str(room)], ["erase", str(room)]):
        assert main(words) == 1
    (checked, asked) = capsys.readouterr().err.splitlines()
    assert (
        checked == f"{room}: erasing this workshop was interrupted. To finish erasing it: python3 start.py erase {room}"
    )
    assert asked == f"{room}: nothing was erased. Add --yes when you are sure."

    assert main(["erase", str(room), "--yes"]) == 0
    said = capsys.readouterr().out
    assert [path.name for path in room.iterdir()] == ["erased.txt"]
    assert said.endswith((room / "erased.txt").read_text(encoding="utf-8"))
    assert f"The {MARK} workshop" in said
    assert "200 answers" in said
    assert "1 organizations, in 3" in said, "all files are counted, also those of the first time"
    assert main(["erase", str(room), "--yes"]) == 1
    assert "there is no workshop" in capsys.readouterr().err


@pytest.mark.parametrize("lost", [("answers.db",), ("answers.db", "answers.db-count"), ("answers.db*", ".workshop")])
def test_what_an_older_version_left_is_erased(
    room: Path, lost: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """It erased the answers first, and could not be told to go on."""
    (room / ".workshop").mkdir(exist_ok=True)
    (room / ".workshop" / "secret").write_text("x")
    cut = next((room / "drafts").glob("*.docx"))
    cut.write_bytes(bytes(2000) + cut.read_bytes()[2000:])
    for path in [path for name in lost for path in room.glob(name)]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert main(["erase", str(room), "--yes"]) == 0
    said = capsys.readouterr().out
    assert [path.name for path in room.iterdir()] == ["erased.txt"]
    assert "what was left of a workshop" in said
    assert "0 answers" not in said


def test_a_workshop_beside_drafts_is_not_what_is_left_of_one(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As in the folder of this program after the steps of the README: there is no workshop, but folders of some."""
    above = room.parent
    with Workshop.open(above / "rehearsal") as workshop:
        workshop.rehearsals.rehearse(1, 1, 1)
    assert main(["erase", str(above), "--yes"]) == 1
    with Workshop.open(room) as workshop:
        workshop.export(above / "drafts")
    assert main(["erase", str(above), "--yes"]) == 0
    assert "- rehearsal" in capsys.readouterr().out
    assert Workshop.is_in(above / "rehearsal")


def test_a_practice_room_that_was_erased_in_part_makes_room_for_the_next(room: Path) -> None:
    with Workshop.open(room) as workshop:
        with workshop.rehearsals.practise() as first:
            first.rehearsals.player(1, 1).rest()
            first.export(first.folder / "drafts")
        (first.folder / ".erasing").write_text("{}", encoding="utf-8")
        with workshop.rehearsals.practise() as again:
            assert again.organizations == []
        assert not (again.folder / "drafts").exists()


# Whose Word files they are


def test_a_word_file_of_somebody_else_stays_and_is_named(room: Path) -> None:
    """Beside our drafts, in the name of our paper, and with a part of a draft pasted into it."""
    foreign = [
        room / "drafts" / "our letterhead.docx",
        room / "drafts" / "papers" / "Old rules.docx",
        room / "paper.docx",
    ]
    for path in foreign:
        own = docx.Document()
        own.add_paragraph("Our own words", own.styles.add_style("Policy Clause", WD_STYLE_TYPE.PARAGRAPH))
        own.save(str(path))
    before = [path.read_bytes() for path in foreign]
    with Workshop.open(room) as workshop:
        receipt = workshop.lifecycle.erase()
    assert [path.read_bytes() for path in foreign] == before
    named = ("drafts/our letterhead.docx", "drafts/papers/Old rules.docx", "paper.docx")
    assert receipt.left == named
    assert all(f"- {each}\n" in (room / "erased.txt").read_text(encoding="utf-8") for each in named)
    assert marked(room) == ["erased.txt"]


@pytest.mark.parametrize("has_mark", [True, False], ids=["this version", "an older version"])
@pytest.mark.parametrize("in_brand", [True, False], ids=["in a brand", "in our look"])
def test_a_draft_that_somebody_changed_in_word_is_ours(room: Path, *, has_mark: bool, in_brand: bool) -> None:
    if in_brand:
        (room.parent / "brand.docx").write_bytes(english())
        with Workshop.open(room) as workshop:
            workshop.export(room / "drafts", brand=room.parent / "brand.docx")
    papers = [*(room / "drafts").rglob("*.docx")]
    assert len(papers) > 2
    for path in papers:
        changed = docx.Document(str(path))
        changed.add_paragraph(f"{MARK} was added")
        changed.core_properties.title, changed.core_properties.author = "Ours", "Somebody"
        changed.core_properties.keywords = changed.core_properties.keywords if has_mark else ""
        changed.save(str(path))
    with Workshop.open(room) as workshop:
        workshop.papers.write_paper(room / "paper.docx")
        receipt = workshop.lifecycle.erase()
    assert receipt.left == ()


@pytest.mark.word
@LIBREOFFICE
def test_a_draft_that_a_word_processor_saved_again_is_ours(room: Path, tmp_path: Path) -> None:
    for path in [*(room / "drafts").rglob("*.docx")]:
        office(path, "docx", tmp_path / "again")
        shutil.move(tmp_path / "again" / path.name, path)
    with Workshop.open(room) as workshop:
        assert workshop.lifecycle.erase().left == ()
