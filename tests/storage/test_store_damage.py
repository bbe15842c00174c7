"""A store that something else laid hands on: log removed, emptied, damaged, older; never opened as if it were well."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import event
from stored import organizations, sequences

from toolkit import Workshop
from toolkit.answers.model import Answer
from toolkit.errors import StoreError
from toolkit.storage.engine import engine
from toolkit.storage.opening import look
from toolkit.storage.store import Store, new_id

pytestmark = pytest.mark.slow

WRITER = """
import sys
from pathlib import Path
from toolkit.answers.model import Answer
from toolkit.errors import StoreError
from toolkit.storage.store import Store
store = Store(Path(sys.argv[1]))
for place, order in enumerate(sys.stdin):
    try:
        if order == "look\\n":
            store.mark()
        else:
            store.add(Answer(f"id {place}", "a", "ann", "who", "Parents", "mine"))
        print("acknowledged", flush=True)
    except StoreError as fault:
        print(fault, flush=True)
"""


class Writer:
    """Another process that has a store open, saves one answer for each line, and says what it was told."""

    def __init__(self, path: Path) -> None:
        command = [sys.executable, "-P", "-c", WRITER, str(path)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def told(self, order: str = "save") -> str:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{order}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def end(self, how: int = signal.SIGKILL) -> None:
        self.process.send_signal(how)
        self.process.communicate()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "answers.db"


@pytest.fixture
def writer(path: Path) -> Iterator[Writer]:
    made = Writer(path)
    yield made
    made.end()


def log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(StoreError) as fault:
        act()
    return str(fault.value)


GONE = "another program removed answers.db-wal while the workshop was open. Press Ctrl+C in the workshop's window, "
GONE += "then start it again. "


def test_a_log_that_is_removed_stops_the_saving_and_costs_nothing_that_was_saved(path: Path, writer: Writer) -> None:
    assert [writer.told() for _ in range(40)] == ["acknowledged"] * 40
    log_of(path).unlink()
    assert writer.told() == f"{path.parent}: {GONE}Nothing new is saved until then."
    assert writer.told("look") == f"{path.parent}: {GONE}Everything saved before is safe."
    assert writer.told() == f"{path.parent}: {GONE}Nothing new is saved until then."
    writer.end()
    with Store(path) as store:
        assert len(store.history()) >= 40, "what was acknowledged is there, also after a kill"


def test_a_log_that_was_lost_is_named_at_the_next_opening_and_nothing_is_made_over_it(
    path: Path, writer: Writer
) -> None:
    assert [writer.told() for _ in range(12)] == ["acknowledged"] * 12
    kept = log_of(path).read_bytes()
    writer.end()
    log_of(path).unlink()
    before = path.read_bytes()
    for _ in range(2):
        said = refused(lambda: Store(path))
        assert said.startswith(f"{path}: 12 saved answers are missing from the answers file. Nothing was changed.")
    assert path.read_bytes() == before

    log_of(path).write_bytes(kept)
    with Store(path) as store:
        assert len(store.history()) == 12, "the log was put back, as the sentence says"


def test_what_is_left_opens_when_its_owner_says_so(path: Path, writer: Writer) -> None:
    writer.told()
    writer.end()
    log_of(path).unlink()
    said = refused(lambda: Store(path))
    assert "Either an older answers.db was put in its place, or another program removed answers.db-wal." in said
    assert "or delete the file answers.db-count in its folder." in said
    path.with_name("answers.db-count").unlink()
    with Store(path) as store:
        assert store.history() == []
        store.add(Answer(new_id(), "a", "ann", "who", "Anew", "mine"))


def test_an_older_file_in_the_place_of_a_newer_one_is_named(path: Path, tmp_path: Path) -> None:
    with Store(path) as store:
        store.add_event("door", "", {})
        store.copy_to(tmp_path / "older.db")
        store.add_event("door", "", {})
    shutil.copy(tmp_path / "older.db", path)
    assert "part of what was saved is missing from the answers file" in refused(lambda: Store(path))


def test_what_is_saved_while_a_file_is_looked_at_is_not_missing(tmp_path: Path) -> None:
    """A notebook opens the workshop at any moment, also between two looks while phones save."""
    path = tmp_path / "answers.db"
    with Store(path) as phones:
        looked = engine(path)

        def save(*_: object) -> None:
            phones.add(Answer(new_id(), "a", "ann", "who", "Parents", "mine"))

        event.listen(looked, "after_cursor_execute", save)
        look(looked, path)
        looked.dispose()
        assert sequences(phones)[0] > 0


class Terminal:
    """`workshop start` in a terminal of its own, as after a double-click."""

    def __init__(self, folder: Path, place: Path) -> None:
        self.keyboard, screen = os.openpty()
        self.written = place
        command = "import sys; from toolkit.cli import main; sys.exit(main())"
        asked = ["start", str(folder), "--no-lab", "--no-browser"]
        with place.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", command, *asked], stdin=screen, stdout=out, stderr=subprocess.STDOUT
            )
        os.close(screen)

    def wait_for(self, words: str) -> None:
        while words not in self.written.read_text(encoding="utf-8"):
            assert self.process.poll() is None, self.written.read_text(encoding="utf-8")
            time.sleep(0.1)

    def type(self, words: str) -> None:
        os.write(self.keyboard, words.encode())

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        os.close(self.keyboard)
        return self.process.wait(60)


@pytest.fixture
def put_back(tmp_path: Path) -> Path:
    """A workshop whose facilitator put an older answers.db in the place of the newer one, on purpose."""
    folder = tmp_path / "room"
    with Workshop.open(folder) as workshop:
        workshop.roster.register("Alder House")
        backup = workshop.lifecycle.keep_copy(tmp_path / "backups")
        workshop.roster.register("Birch Line")
    shutil.copy(backup / "answers.db", folder / "answers.db")
    return folder


def test_a_backup_put_back_on_purpose_opens_after_a_yes_and_what_was_found_stays(put_back: Path) -> None:
    terminal = Terminal(put_back, put_back.parent / "screen.txt")
    terminal.wait_for("Type yes or no")
    terminal.type("yes\n")
    terminal.wait_for("Press Ctrl+C to stop")
    assert terminal.end() == 0
    with Workshop.open(put_back) as workshop:
        assert [each.name for each in workshop.organizations] == ["Alder House"]
    kept = next(path for path in put_back.glob("answers.db-as-found-*") if not path.name.endswith("-wal"))
    with Store(kept) as store:
        assert [each.name for each in organizations(store)] == ["Alder House"]


def test_a_no_changes_nothing_and_a_command_says_how_to_go_on(put_back: Path) -> None:
    refused(lambda: Workshop.open(put_back))
    before = _content(put_back)
    terminal = Terminal(put_back, put_back.parent / "screen.txt")
    terminal.wait_for("Type yes or no")
    terminal.type("no\n")
    assert terminal.process.wait(60) == 1
    os.close(terminal.keyboard)
    assert _content(put_back) == before
    assert "start the workshop and answer yes" in refused(lambda: Workshop.open(put_back))


def test_what_keep_copy_wrote_opens_without_a_question(put_back: Path) -> None:
    backup = next((put_back.parent / "backups").iterdir())
    with Workshop.open(backup) as workshop:
        assert [each.name for each in workshop.organizations] == ["Alder House"]


@pytest.mark.parametrize(
    "named", ["room", "room/drafts", "room/.workshop/deep/er", "other/../room/new", "link", "link/new", "./room"]
)
def test_no_copy_is_written_into_the_workshop_that_it_is_a_copy_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    """It would be erased with it, and lost with it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "room" / "drafts", target_is_directory=True)
    with Workshop.open(tmp_path / "room") as workshop:
        (workshop.folder / "drafts").mkdir()
        before = sorted(workshop.folder.rglob("*"))
        for place in (named, str(tmp_path / named)):
            assert "a copy inside the workshop's own folder is lost or erased" in refused(
                lambda place=place: workshop.lifecycle.keep_copy(place)
            )
        assert sorted(workshop.folder.rglob("*")) == before
        for place in ("other", "rooms", tmp_path / "other" / "room"):
            with Workshop.open(workshop.lifecycle.keep_copy(place)) as copy:
                assert copy.id == workshop.id


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"\0" * 256, b'{"answers": "many"}', b'{"elsewhere": 9}'])
def test_a_count_that_cannot_be_read_stops_nobody(path: Path, text: bytes) -> None:
    with Store(path) as store:
        store.add(Answer(new_id(), "a", "ann", "who", "Parents", "mine"))
    path.with_name("answers.db-count").write_bytes(text)
    with Store(path) as store:
        assert len(store.history()) == 1
        store.add(Answer(new_id(), "a", "ann", "who", "Parents", "mine"))


def emptied(folder: Path) -> None:
    (folder / "answers.db").write_bytes(b"")


def headed(folder: Path) -> None:
    """As a file looks whose log was lost before anything came into it."""
    (folder / "answers.db").unlink()
    shutil.copy(_database_without_tables(folder.parent), folder / "answers.db")


def removed(folder: Path) -> None:
    (folder / "answers.db").unlink()


def _database_without_tables(folder: Path) -> Path:
    code = "import sqlite3, sys; made = sqlite3.connect(sys.argv[1]); made.execute('PRAGMA journal_mode = WAL')"
    subprocess.run([sys.executable, "-c", code, str(folder / "plain.db")], check=True)
    return folder / "plain.db"


LOST = {
    emptied: "the answers file is empty. What was saved in it is missing",
    headed: "the answers file has nothing in it",
    removed: "there was a workshop here, but answers.db is missing",
}


@pytest.mark.parametrize("harm", LOST, ids=lambda harm: str(getattr(harm, "__name__", "")))
def test_a_workshop_whose_answers_are_gone_is_never_opened_as_an_empty_one(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    folder = tmp_path / "room"
    with Workshop.open(folder) as workshop:
        workshop.roster.register("Alder House")
        (workshop.settings.hidden / "join.log").touch()
        copy = workshop.lifecycle.keep_copy()
    harm(folder)
    before = _content(folder)
    said = refused(lambda: Workshop.open(folder))
    assert LOST[harm] in said
    assert "copy" in said, "a way forward"
    assert _content(folder) == before, "nothing was made over it"
    with Workshop.open(copy) as workshop:
        assert [each.name for each in workshop.organizations] == ["Alder House"]


def _content(folder: Path) -> dict[str, bytes]:
    ours = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm")))
    return {path.name: path.read_bytes() for path in ours}


@pytest.mark.parametrize("place", range(0, 100, 7))
def test_a_damaged_page_is_named_at_the_opening(path: Path, place: int) -> None:
    with Store(path) as store:
        saved = [store.adding(Answer(f"{each}", "a", "ann", "who", "Parents " * 60, "mine")) for each in range(200)]
        assert all(each.result(30) for each in saved)
    content = bytearray(path.read_bytes())
    pages = len(content) // 4096
    at = (pages * place // 100) * 4096
    content[at : at + 4096] = os.urandom(4096)
    path.write_bytes(content)
    assert refused(lambda: Store(path)).startswith(f"{path}: the answers file is damaged")
    assert path.read_bytes() == bytes(content)


def test_a_row_that_cannot_be_read_is_said_and_is_no_traceback(path: Path) -> None:
    with Store(path) as store:
        store.add(Answer("1", "a", "ann", "who", "Parents", "mine"))
        store.add_event("door", "", {})
    code = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
    code += "for each in sys.argv[2:]: db.execute(each)"
    harm = ["UPDATE answers SET value = '\"Par'", "UPDATE events SET value = CAST(x'22ff22' AS TEXT)"]
    subprocess.run([sys.executable, "-c", code, str(path), *harm], check=True)
    with Store(path) as store:
        assert "the answers file is damaged" in refused(store.history)
        assert "the answers file is damaged" in refused(store.rows)
        assert "the answers file is damaged" in refused(store.events)


# A copy, and a new workshop, are whole or are not there


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB; only an administrator of a Linux machine can make one."""
    folder = tmp_path / "small"
    folder.mkdir()
    made = shutil.which("mount") and os.geteuid() == 0 and sys.platform == "linux"
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if not made or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("full disk: a small disk cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_copy_that_failed_leaves_nothing_that_looks_like_one(tmp_path: Path, small_disk: Path) -> None:
    with Workshop.open(tmp_path / "room") as workshop:
        (group,) = workshop.roster.register("Alder House")
        for each in range(60):
            workshop.discussion.save(
                Answer(f"{each}", group.id, "ann", "stakeholders_notes", "Parents " * 1_000, "mine")
            )
        assert "the disk is full" in refused(lambda: workshop.lifecycle.keep_copy(small_disk))
    assert list(small_disk.iterdir()) == []


def test_a_copy_never_takes_the_place_of_a_file(tmp_path: Path, path: Path) -> None:
    (tmp_path / "copy.db").write_text("mine", encoding="utf-8")
    with Store(path) as store:
        refused(lambda: store.copy_to(tmp_path / "copy.db"))
    assert (tmp_path / "copy.db").read_text(encoding="utf-8") == "mine"
    assert [each.name for each in tmp_path.glob("copy*")] == ["copy.db"]


def test_a_new_workshop_that_finds_no_room_leaves_no_empty_file(small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(bytes(248 * 1024))
    assert "the disk is full" in refused(lambda: Workshop.open(small_disk / "room"))
    assert list((small_disk / "room").iterdir()) == []
    (small_disk / "filler").unlink()
    subprocess.run(["mount", "-o", "remount,size=4m", str(small_disk)], check=True)  # room for the worksheet's copy too
    Workshop.open(small_disk / "room").close()


def test_killed_while_it_is_made_a_workshop_opens_afterwards(tmp_path: Path) -> None:
    """However far it came, a file of that name is a whole one."""
    code = "import sys; from pathlib import Path; from toolkit.storage.store import Store\nprint(flush=True)\n"
    code += "for each in range(1000): Store(Path(sys.argv[1]) / f'{each}.db').close()"
    with subprocess.Popen([sys.executable, "-P", "-c", code, str(tmp_path)], stdout=subprocess.PIPE) as maker:
        assert maker.stdout
        maker.stdout.readline()
        time.sleep(0.3)
        maker.kill()
    found = list(tmp_path.glob("*.db"))
    for each in found:
        Store(each).close()
    assert not [each for each in found if each.stat().st_size == 0]


def test_two_windows_that_make_a_workshop_at_once_have_the_same_one(path: Path) -> None:
    both = [Writer(path), Writer(path)]
    assert [each.told() for each in both for _ in range(3)] == ["acknowledged"] * 6
    for each in both:
        each.end(signal.SIGTERM)
    with Store(path) as store:
        assert {each.id for each in store.history()} == {"id 0", "id 1", "id 2"}
    assert [each.name for each in path.parent.glob("*-new-*")] == []
