"""The store on a real file: nothing acknowledged is ever lost, nothing is ever overwritten."""

from __future__ import annotations

import datetime
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from stored import organizations, people, sequences, standing

from toolkit import Workshop
from toolkit.answers.model import Answer, Mark, Organization, Person
from toolkit.errors import StoreError, UsedIdError
from toolkit.storage.engine import MENDED_VERSION, SQLITE, engine, explained
from toolkit.storage.store import Store, new_id
from toolkit.storage.wipe import empty
from toolkit.workshop.settings import local_day


def answer(value: object = "Parents", id_: str = "", person: str = "ann", voice: str = "mine") -> Answer:
    return Answer(id_ or new_id(), "a", person, "who", value, voice)  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "answers.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path) as opened:
        yield opened


def test_an_answer_comes_back_as_it_was(store: Store) -> None:
    at = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=datetime.UTC)
    given_ = Answer("1", "a", "ann", "who", {"other": "ﾠ🏠 'x'"}, "ours", ("2", "3"), "A note", answered_at=at)
    store.add(given_)
    assert standing(store) == [replace(given_, sequence=1, revision=1)]
    assert store.history(["a"]) == standing(store, "a")
    assert standing(store, "b") == []


def test_a_repeat_is_the_same_answer(store: Store) -> None:
    first, again = store.add(answer(id_="1")), store.add(answer(id_="1"))
    assert (first.sequence, first.repeated, again.sequence, again.repeated) == (1, False, 1, True)
    assert len(store.history()) == 1


def test_other_words_under_a_known_id_are_refused_and_never_seem_kept(store: Store) -> None:
    store.add(answer("Parents", id_="1"))
    for other in (answer("Children", id_="1"), answer("Parents", id_="1", person="bob")):
        with pytest.raises(UsedIdError, match="another answer has this id"):
            store.add(other)
    assert [each.value for each in store.history()] == ["Parents"]


def test_what_was_said_last_stands_though_the_clock_goes_back(store: Store) -> None:
    now = datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC)
    for hours, value in ((0, "first"), (-24, "second"), (24 * 365, "third"), (-1, "fourth")):
        store.add(replace(answer(value), answered_at=now + datetime.timedelta(hours=hours)))
    assert [(each.value, each.revision) for each in standing(store)] == [("fourth", 4)]
    assert [each.value for each in store.history()] == ["first", "second", "third", "fourth"]
    assert [each.revision for each in store.history()] == [1, 2, 3, 4]


def test_an_emptied_box_takes_the_answer_back_and_the_history_keeps_it(store: Store) -> None:
    store.add(answer("Parents"))
    store.add(answer(None))
    assert standing(store) == []
    assert [each.value for each in store.history()] == ["Parents", None]
    store.add(answer("Children"))
    assert [(each.value, each.revision) for each in standing(store)] == [("Children", 3)]


def test_each_person_and_each_voice_has_a_place_of_its_own(store: Store) -> None:
    for person, voice in (("ann", "mine"), ("bob", "mine"), ("ann", "ours")):
        store.add(answer(f"{person} {voice}", person=person, voice=voice))
    assert [each.value for each in standing(store)] == ["ann mine", "bob mine", "ann ours"]


def test_an_organization_is_registered_once_and_stays_in_its_place(store: Store) -> None:
    first, second = store.register("Harbor Lane"), store.register("Family House")
    assert store.register("Harbor Lane") == first
    assert organizations(store) == [first, second]
    assert first == Organization(first.id, "Harbor Lane")
    assert len(first.id) == 32


def test_people_events_and_facts_are_kept(store: Store) -> None:
    store.add_person(Person("p", "a", "Wren"))
    store.add_person(Person("p", "b", "Another"))
    assert people(store) == [Person("p", "a", "Wren")]
    opened, closed = store.add_event("stage", "one", {"open": True}), store.add_event("stage", "one", {"open": False})
    assert store.events("stage") == [opened, closed]
    assert store.rows(Mark(events=opened.sequence)).events == [closed]
    assert store.events("other") == []
    store.set_fact("title", "A")
    store.set_fact("title", "B")
    assert store.rows().facts == {"title": "B", "version": 1}
    assert sequences(store) == (0, 2)


def test_who_comes_in_is_kept_whole_or_not_at_all(store: Store) -> None:
    ann, bo = Person("p", "a", "Ann"), Person("q", "a", "Bo")
    store.add_newcomer(ann, [("session", "one", ["p"]), ("rejoin", "two", ["p"])]).result(30)
    store.add_newcomer(None, [("session", "three", ["table"])]).result(30)
    with pytest.raises(StoreError):
        store.add_newcomer(bo, [("session", "\ud800", ["q"])]).result(30)
    assert people(store) == [ann]
    said = [(event.sequence, event.kind, event.about, event.value) for event in store.events()]
    assert said == [(1, "session", "one", ["p"]), (2, "rejoin", "two", ["p"]), (3, "session", "three", ["table"])]


OTHER = """
import sys
from pathlib import Path
from toolkit.answers.model import Answer, Person
from toolkit.storage.store import Store
with Store(Path(sys.argv[1])) as store:
    for place in map(str.strip, sys.stdin):
        store.register(f"House {place}")
        store.add_person(Person(place, "a", "Ann"))
        store.set_fact("title", place)
        store.add_event("stage", place, True)
        store.add(Answer(place, "a", "ann", "who", place))
        print(flush=True)
"""


def test_what_another_process_wrote_is_there_at_once(path: Path, store: Store) -> None:
    command = [sys.executable, "-c", OTHER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin
        assert other.stdout
        for place in range(1, 6):
            other.stdin.write(f"{place}\n")
            other.stdin.flush()
            other.stdout.readline()
            everything = [str(each) for each in range(1, place + 1)]
            assert [each.name for each in organizations(store)] == [f"House {each}" for each in everything]
            assert [each.id for each in people(store)] == everything
            assert [each.about for each in store.events("stage")] == everything
            assert store.rows().facts == {"title": str(place), "version": 1}
            assert [each.value for each in standing(store)] == [str(place)]
            assert sequences(store) == (place, place)
        other.stdin.close()


def test_everything_is_there_again_after_reopening(path: Path) -> None:
    with Store(path) as first:
        first.add(answer("Parents"))
        kept = first.history()
    with Store(path) as second:
        assert second.history() == kept


@pytest.mark.slow
def test_answers_that_wait_together_are_each_acknowledged(path: Path) -> None:
    with Store(path) as store:
        waiting = [store.adding(answer(str(place), person=str(place))) for place in range(700)]
        assert [each.result(30).sequence for each in waiting] == list(range(1, 701))


def test_one_faulty_write_does_not_spoil_the_others_of_its_commit(path: Path) -> None:
    with Store(path) as store:
        good = [store.adding(answer(str(place))) for place in range(20)]
        bad = store.adding(answer("\ud800"))
        good += [store.adding(answer(str(place))) for place in range(20)]
        with pytest.raises(StoreError):
            bad.result(30)
        assert [each.result(30).repeated for each in good] == [False] * 40
        assert len(store.history()) == 40


def test_closing_writes_what_waits_and_then_refuses_instead_of_hanging(path: Path) -> None:
    store = Store(path)
    waiting = [store.adding(answer(str(place))) for place in range(300)]
    store.close()
    assert all(each.done() for each in waiting)
    with pytest.raises(StoreError) as refused:
        store.add(answer())
    says = f"{path}: the workshop is closed. Open it again; nothing is lost."
    assert str(refused.value) == says
    with pytest.raises(StoreError, match=re.escape(says)):
        people(store)
    store.close()


def test_many_threads_save_at_once_and_all_is_kept(store: Store) -> None:
    def save(name: str) -> None:
        for place in range(25):
            store.add(answer(f"{name} {place}", person=name))

    threads = [threading.Thread(target=save, args=(str(each),)) for each in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    said = [each.value for each in store.history()]
    assert sorted(said) == sorted(f"{name} {place}" for name in range(8) for place in range(25))
    assert sorted(each.value for each in standing(store)) == [f"{name} 24" for name in range(8)]


NURSERY = """
import os, signal, sys
import toolkit.storage.store
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for name in sys.stdin:
    child = os.fork()
    if not child:
        sys.argv[2] = name.strip()
        break
    print(child, flush=True)
else:
    os._exit(0)
"""

WRITER = """
import sys
from pathlib import Path
from toolkit.answers.model import Answer
from toolkit.storage.store import Store
path, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
journal = open(f"{path}.{name}", "a", buffering=1)
with Store(Path(path)) as store:
    for place in range(count):
        waiting = [store.adding(Answer(f"{name}-{place}-{n}", "a", name, f"q{n}", f"{place}")) for n in range(5)]
        for each in waiting:
            each.result()
        journal.write("".join(f"{name}-{place}-{n}\\n" for n in range(5)))
"""


def writer(path: Path, name: str, count: int) -> subprocess.Popen[bytes]:
    """Start a process that saves, and notes in a journal of its own what was acknowledged."""
    return subprocess.Popen([sys.executable, "-c", WRITER, str(path), name, str(count)], stderr=subprocess.PIPE)


def acknowledged(path: Path) -> set[str]:
    lines = [line for journal in path.parent.glob(f"{path.name}.w*") for line in journal.read_text().splitlines()]
    return set(lines)


@pytest.mark.slow
def test_two_processes_write_at_once_and_nothing_is_lost(path: Path) -> None:
    writers = [writer(path, name, 40) for name in ("w1", "w2")]
    assert [(each.communicate(timeout=60)[1], each.returncode) for each in writers] == [(b"", 0), (b"", 0)]
    with Store(path) as store:
        kept = store.history()
    assert {each.id for each in kept} == acknowledged(path)
    assert len(kept) == 400
    assert [each.sequence for each in kept] == list(range(1, 401))


@pytest.mark.slow
def test_killed_twenty_times_while_writing_nothing_acknowledged_is_missing(path: Path) -> None:
    command = [sys.executable, "-c", NURSERY + WRITER, str(path), "", "1000000"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as nursery:
        assert nursery.stdin
        assert nursery.stdout
        for place in range(20):
            nursery.stdin.write(f"w{place}\n")
            nursery.stdin.flush()
            child = int(nursery.stdout.readline())
            known = len(acknowledged(path))
            while len(acknowledged(path)) < known + 60:
                os.kill(child, 0)
            os.kill(child, signal.SIGKILL)
        nursery.stdin.close()
    with Store(path) as store:
        kept = {each.id for each in store.history()}
        assert acknowledged(path) <= kept
    assert len(acknowledged(path)) >= 1_200
    connection = SQLITE.connect(str(path))
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_what_is_acknowledged_is_on_the_disk(path: Path) -> None:
    Store(path).close()
    with engine(path).connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        journal = "wal" if SQLITE.sqlite_version_info >= MENDED_VERSION else "delete"
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == journal
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1


@pytest.mark.skipif(sys.platform == "darwin", reason="some Macs have no wheel of the mended SQLite")
def test_the_bundled_sqlite_is_a_mended_one() -> None:
    assert SQLITE.sqlite_version_info >= MENDED_VERSION


def test_a_copy_is_whole_while_others_go_on_saving(store: Store, tmp_path: Path) -> None:
    acknowledged_ids = {f"{place}" for place in range(200) if store.add(answer("x", id_=f"{place}"))}
    more = [store.adding(answer("y", id_=f"more {place}")) for place in range(200)]
    store.copy_to(tmp_path / "copy.db")
    with Store(tmp_path / "copy.db") as copy:
        assert acknowledged_ids <= {each.id for each in copy.history()}
    for each in more:
        each.result(30)


def test_a_newer_store_is_left_alone(path: Path) -> None:
    with Store(path) as store:
        store.add(answer())
        store.set_fact("version", 99)
    before = path.read_bytes()
    with pytest.raises(StoreError) as refused:
        Store(path)
    says = "this workshop was made by a newer toolkit. Get the newest toolkit; nothing was changed."
    assert str(refused.value) == f"{path}: {says}"
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"words that are no database" * 50, b"SQLite format 3\x00" + b"\xff" * 5_000])
def test_a_file_that_is_no_database_is_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(StoreError) as refused:
        Store(path)
    assert str(refused.value).startswith(f"{path}: the answers file is damaged")
    assert str(refused.value).endswith("Keep it, and open a copy or a backup.")
    assert path.read_bytes() == content


def test_a_place_that_cannot_be_opened(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "gone" / "answers.db"):
        with pytest.raises(StoreError) as refused:
            Store(place)
        assert str(refused.value) == f"{place}: the folder cannot be written to. Choose a folder of your own."


@pytest.mark.parametrize("address", ["mysql://a@b/c", "nonsense://x", "postgresql+nonsense://a:b@c/d"])
def test_an_address_of_no_database_we_know(address: str) -> None:
    with pytest.raises(StoreError) as refused:
        Store(address)
    says = "this is no address of a database we know. It begins with postgresql:// and needs psycopg to be installed."
    assert str(refused.value) == f"{address.partition('://')[0]}://…: {says}"


def test_a_password_is_never_shown() -> None:
    said = str(explained("postgresql://ann:secret@host/db", RuntimeError("secret")))
    assert "secret" not in said
    assert said == "postgresql://ann:***@host/db: the answers cannot be kept. Nothing kept so far is lost; try again."


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB; only an administrator of a Linux machine can make one."""
    folder = tmp_path / "small"
    folder.mkdir()
    made = shutil.which("mount") and os.geteuid() == 0 and sys.platform == "linux"
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if not made or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("full disk: a small disk cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_said_and_what_was_kept_stays(small_disk: Path) -> None:
    path = small_disk / "answers.db"
    kept = []
    with Store(path) as store:
        with pytest.raises(StoreError) as full:
            kept.extend(store.add(answer("x" * 10_000)).sequence for _ in range(1_000))
        assert str(full.value) == f"{path}: the disk is full. Make room; nothing kept so far is lost."
        assert [each.sequence for each in store.history()] == kept
        subprocess.run(["mount", "-o", "remount,size=4m", str(small_disk)], check=True)
        kept.append(store.add(answer("room again")).sequence)
    with Store(path) as store:
        assert [each.sequence for each in store.history()] == kept


def test_a_disk_that_may_only_be_read(small_disk: Path) -> None:
    Store(small_disk / "answers.db").close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    for place in (small_disk / "answers.db", small_disk / "new.db"):
        with pytest.raises(StoreError) as refused:
            Store(place)
        assert str(refused.value) == f"{place}: the folder cannot be written to. Choose a folder of your own."


GONE = "the workshop's folder is gone, or was replaced. Put it back where it was, or stop and start again;"
GONE += " until then nothing new is saved."


def test_nothing_is_acknowledged_into_a_folder_that_is_gone_until_it_is_back(tmp_path: Path) -> None:
    folder = tmp_path / "room"
    folder.mkdir()
    with Store(folder / "answers.db") as store:
        store.add(answer("Before", id_="1"))
        folder.rename(tmp_path / "elsewhere")
        for act in (lambda: store.add(answer("Gone", id_="2")), store.rows, store.mark):
            with pytest.raises(StoreError) as gone:
                act()
            assert str(gone.value) == f"{folder}: {GONE}"

        (tmp_path / "elsewhere").rename(folder)
        assert store.add(answer("Gone", id_="2")).sequence == 2
        shutil.rmtree(folder)
        with pytest.raises(StoreError, match="gone"):
            store.add(answer("Nowhere", id_="3"))
    assert not folder.exists()


def test_a_file_in_the_place_of_the_one_that_was_opened_is_not_taken_for_it(path: Path, tmp_path: Path) -> None:
    with Store(path) as store, Store(tmp_path / "other.db") as other:
        store.add(answer("Before"))
        other.copy_to(tmp_path / "copy.db")
        (tmp_path / "copy.db").replace(path)
        with pytest.raises(StoreError, match="replaced"):
            store.add(answer("After"))


VALUES = some.none() | some.text(some.characters(exclude_categories=["Cs"]), max_size=8)


@settings(max_examples=15)
@given(some.lists(some.tuples(some.sampled_from("ab"), some.sampled_from("pq"), VALUES, some.integers(0, 6))))
def test_it_behaves_like_a_list_of_facts(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, str, str | None, int]]
) -> None:
    path = tmp_path_factory.mktemp("facts") / "answers.db"
    facts: dict[str, Answer] = {}
    with Store(path) as store:
        for organization, person, value, id_ in said:
            new = Answer(str(id_), organization, person, "who", value)
            known = facts.setdefault(new.id, new)
            if known == new:
                assert store.add(new).sequence == list(facts).index(new.id) + 1
            else:
                with pytest.raises(UsedIdError):
                    store.add(new)
    newest = {(fact.organization, fact.person): fact for fact in facts.values()}
    with Store(path) as store:
        assert [each.id for each in store.history()] == list(facts)
        assert {each.id for each in standing(store)} == {f.id for f in newest.values() if f.value is not None}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL database: the one that is named, or one of our own, else the tests are skipped."""
    named = os.environ.get("WORKSHOP_POSTGRESQL")
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if named:
        yield named
    elif programs and os.geteuid() == 0 and shutil.which("runuser"):
        yield from own_server(programs[-1], tmp_path_factory.mktemp("postgresql"))
    elif "postgresql" in os.environ.get("WORKSHOP_REQUIRE", ""):
        pytest.fail("PostgreSQL is required here, and there is none")
    else:
        pytest.skip("PostgreSQL: no server here; name one in WORKSHOP_POSTGRESQL")


def own_server(programs: Path, folder: Path) -> Iterator[str]:
    place = Path("/tmp") / f"pg-{new_id()[:8]}"
    place.mkdir(mode=0o777)
    shutil.chown(place, "postgres")

    def run(*words: str) -> None:
        subprocess.run(["runuser", "-u", "postgres", "--", *words], check=True, capture_output=True, cwd="/")

    try:
        run(f"{programs}/initdb", "-A", "trust", "-N", "-D", f"{place}/data")
        options = f"-k {place} -h '' -c full_page_writes=off"
        run(f"{programs}/pg_ctl", "-w", "-D", f"{place}/data", "-l", f"{place}/log", "-o", options, "start")
        yield f"postgresql://postgres@/postgres?host={place}"
        run(f"{programs}/pg_ctl", "-w", "-m", "immediate", "-D", f"{place}/data", "stop")
    finally:
        shutil.rmtree(place)


@pytest.mark.postgresql
def test_a_server_keeps_answers_the_same_way(server: str) -> None:
    with Store(server) as store, Store(server) as other:
        waiting = [(store, other)[place % 2].adding(answer(str(place), f"{place}")) for place in range(300)]
        assert all(not each.result(30).repeated for each in waiting)
        assert other.add(answer("7", "7")).repeated
        with pytest.raises(UsedIdError, match="another answer has this id"):
            store.add(answer("8", "7"))
        kept = store.history()
        assert [each.sequence for each in kept] == sorted(each.sequence for each in kept)
        assert {each.id for each in kept} == {str(place) for place in range(300)}
        store.add(answer(None))
        assert standing(other) == []
        organization = store.register("Harbor Lane")
        assert other.register("Harbor Lane") == organization
        store.set_fact("title", "A")
        store.add_event("stage", "one", True)
        assert (other.rows().facts["title"], len(other.events("stage"))) == ("A", 1)


@pytest.mark.postgresql
def test_a_server_that_does_not_answer_is_said_without_its_password() -> None:
    with pytest.raises(StoreError) as refused:
        Store("postgresql://ann:secret@127.0.0.1:1/none?connect_timeout=2")
    assert "secret" not in str(refused.value)


@pytest.mark.postgresql
def test_a_store_on_postgresql_is_emptied_for_good(server: str) -> None:
    with Store(server) as store:
        store.add_event("said", "", "a word that nobody should find")
    empty(server)
    with Store(server) as store:
        assert (store.events(), sequences(store)) == ([], (0, 0))


@pytest.mark.postgresql
def test_a_workshop_on_postgresql_keeps_worksheets_day_and_positions(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty(server)
    monkeypatch.setenv("WORKSHOP_DATABASE", server)
    with Workshop.open(tmp_path / "room", "supervised-visitation", "On a server") as workshop:
        (alder,) = workshop.roster.register("Alder House")
        workshop.settings.change(worksheet="sextech-2010")
        question = workshop.settings.worksheet_in_use.question("who_do_you_serve")
        workshop.discussion.save(Answer(new_id(), alder.id, "ann", question.id, ["Parents"], "ours"))
    with Workshop.open(tmp_path / "room") as workshop:
        assert list(workshop.settings.worksheet_in_use.used()) == ["supervised-visitation", "sextech-2010"]
        assert workshop.settings.worksheet_in_use.update().state == "none"
        assert workshop.settings.day == local_day().isoformat()
        position = workshop.discussion.positions(workshop.roster.organization("Alder House").id)[question.id]
        assert (position.status, list(position.value)) == ("proposed", ["Parents"])
        assert workshop.settings.worksheet_in_use.version == 2


@pytest.mark.postgresql
def test_a_workshop_on_postgresql_opened_without_its_address_says_so(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "room"
    monkeypatch.setenv("WORKSHOP_DATABASE", server)
    Workshop.open(folder, title="On a server").close()
    monkeypatch.delenv("WORKSHOP_DATABASE")
    before = (folder / "answers.db").read_bytes()
    with pytest.raises(StoreError) as refused:
        Workshop.open(folder)
    said = str(refused.value)
    assert "the answers of this workshop lie in a PostgreSQL database. Set WORKSHOP_DATABASE" in said
    assert "://" not in said
    assert (folder / "answers.db").read_bytes() == before
    monkeypatch.setenv("WORKSHOP_DATABASE", server)
    with Workshop.open(folder) as workshop:
        assert workshop.title == "On a server"
    empty(server)
