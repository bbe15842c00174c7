"""Erasing: no word of a workshop is left in its folder, what others put there stays, and a running workshop is safe."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from toolkit.answer import SCRIBE, Answer
from toolkit.cli import main
from toolkit.errors import StoreError
from toolkit.workshop import Workshop

pytestmark = pytest.mark.slow

MARK = "zebrafinch"
HOLDER = """
import sys
from toolkit.workshop import Workshop
with Workshop.open(sys.argv[1]) as workshop:
    print("open", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def room(tmp_path: Path) -> Path:
    folder = tmp_path / "room"
    with Workshop.open(folder, title=f"The {MARK} workshop") as workshop:
        (group,) = workshop.register(f"{MARK} house")
        for place in range(200):
            words = f"{MARK} wrote this {place} times"
            workshop.save(Answer(f"a{place}", group.id, SCRIBE, "stakeholders_notes", words, "ours"))
        workshop.export(folder / "drafts")
    return folder


def marked(folder: Path) -> list[str]:
    """Return the files in which a word of the workshop stands, read as raw bytes."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path.name for path in files if MARK.encode() in path.read_bytes() or MARK in path.name]


def test_every_word_is_gone_and_a_receipt_stays(room: Path) -> None:
    (room / "minutes.txt").write_text("my own notes", encoding="utf-8")
    with Workshop.open(room) as workshop:
        receipt = workshop.erase()
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
        workshop.erase()
    seen = list(room.parent.glob("seen-*"))
    assert len(seen) > 4
    assert not any(any(path.read_bytes()) for path in seen)


def test_a_link_is_erased_and_what_it_points_to_stays(room: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.docx"
    elsewhere.write_text("another's file", encoding="utf-8")
    (room / "drafts" / "linked.docx").symlink_to(elsewhere)
    with Workshop.open(room) as workshop:
        workshop.erase()
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
            workshop.erase()
        other.communicate("")
    assert sorted(path.name for path in room.rglob("*") if not path.name.startswith("answers.db-")) == before
    with Workshop.open(room) as workshop:
        assert len(workshop.history(workshop.organizations[0])) == 200


def test_nothing_is_erased_without_a_yes(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["erase", str(room)]) == 1
    said = capsys.readouterr()
    assert said.err == f"{room}: nothing was erased. Add --yes when you are sure.\n"
    with Workshop.open(room) as workshop:
        assert len(workshop.history(workshop.organizations[0])) == 200


def test_the_command_erases_and_shows_the_receipt(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["erase", str(room), "--yes"]) == 0
    assert "Erased on " in capsys.readouterr().out
    assert [path.name for path in room.iterdir()] == ["erased.txt"]
    assert main(["tables", str(room), "--out", "x"]) == 1
    assert "there is no workshop" in capsys.readouterr().err
