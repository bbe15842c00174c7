"""A running workshop uses its own copy of its worksheet: what happens to the files changes nothing in the room."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from join_server import Server, joined, served
from sheets import written

from toolkit import Workshop
from toolkit.answers.model import Answer
from toolkit.cli import main
from toolkit.errors import StoreError, WorksheetError, WorkshopError
from toolkit.storage.store import Store, new_id
from toolkit.worksheets import catalog, stored_copy
from toolkit.worksheets.model import Worksheet
from toolkit.worksheets.stored_copy import FORMAT, WorksheetCopy, worksheet_of
from toolkit.workshop.folder import ANSWERS

WHO = "- {id: who, kind: text, ask: Who?}"


def _slip(folder: Path) -> None:
    (folder / "worksheet.yaml").write_text("id: [", encoding="utf-8")


def _half_done(folder: Path) -> None:
    (folder / "policy.yaml").unlink()


def _delete(folder: Path) -> None:
    shutil.rmtree(folder)


def _move(folder: Path) -> None:
    folder.rename(folder.with_name("moved"))


def _lock(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("no folder any more", encoding="utf-8")


def _edit(folder: Path) -> None:
    written(folder, "- {id: other, kind: date, ask: When?}", "- {id: people, text: 'On {other}.'}")


def _neighbor(folder: Path) -> None:
    half = folder.with_name("half-done")
    half.mkdir()
    (half / "worksheet.yaml").write_text("id: [", encoding="utf-8")
    common = folder.with_name("common")
    common.mkdir()
    (common / "broken.yaml").write_text("a: [", encoding="utf-8")


HARMS = [_slip, _half_done, _delete, _move, _lock, _edit, _neighbor]


def _say(workshop: Workshop, question: str, value: object) -> None:
    organization = workshop.roster.register("Juniper House")[0]
    workshop.discussion.save(Answer(new_id(), organization.id, "table", question, value, "ours"))


@pytest.mark.parametrize("harm", HARMS)
def test_what_happens_to_the_files_changes_nothing_in_a_running_workshop(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    folder = written(tmp_path / "sheets" / "sample", WHO, "- {id: people, text: 'We serve {who}.'}")
    with Workshop.open(tmp_path / "workshop", str(folder)) as running:
        _say(running, "who", "everyone")
        before = running.draft("Juniper House")
        harm(folder)
        with Workshop.open(tmp_path / "workshop") as later:  # another process, or the next start
            for each in (running, later):
                assert each.worksheet.questions["who"].ask == "Who?"
                assert each.draft("Juniper House") == before
                assert list(each.answers["value"]) == ["everyone"]
            _say(later, "who", "everyone else")
        assert list(running.answers["value"]) == ["everyone else"]


@pytest.mark.parametrize("harm", HARMS)
def test_a_workshop_starts_again_with_the_same_command_whatever_happened_to_the_files(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    folder = written(tmp_path / "sheets" / "sample", WHO)
    with Workshop.open(tmp_path / "workshop", str(folder)) as running:
        _say(running, "who", "everyone")
    harm(folder)
    with Workshop.open(tmp_path / "workshop", str(folder)) as again:
        assert again.worksheet.questions["who"].ask == "Who?"


def test_phones_write_on_whatever_happens_to_the_files_and_send_what_an_open_page_asks(tmp_path: Path) -> None:
    folder = written(tmp_path / "sheets" / "sample", WHO)
    Workshop.open(tmp_path / "room", str(folder)).close()
    server = Server(tmp_path / "room").start()
    try:
        phone = joined(server, server.way().key, "Juniper House", "Ann")
        before = phone.get("/api/worksheet").json()

        def save(question: str, value: object) -> int:
            return phone.put(f"/api/answers/{new_id()}", json={"question": question, "value": value}).status_code

        for harm in (_slip, _half_done, _neighbor, _delete):
            harm(folder)
            assert save("who", f"words after {harm.__name__}") == 201
            assert phone.get("/api/worksheet").json() == before
            assert phone.get("/api/answers").json()["mine"] == {"who": f"words after {harm.__name__}"}
            assert phone.get("/api/draft.docx").status_code == 200
        shutil.rmtree(folder.with_name("common"))
        _edit(folder)
        with Workshop.open(tmp_path / "room") as facilitator:
            facilitator.settings.worksheet_in_use.update().apply()
            assert save("who", "words of a page that was open") == 201  # a question that is gone
            assert save("other", "2026-11-26") == 201
            assert phone.get("/api/worksheet").json() != before
            assert set(facilitator.answers["value"]) == {"words of a page that was open", "26 November 2026"}
    finally:
        server.stop()


def test_words_that_waited_for_the_network_are_taken_when_nobody_had_answered_the_question(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder = written(tmp_path / "sheets" / "sample", WHO)
    Workshop.open(tmp_path / "room", str(folder)).close()
    with served(tmp_path / "room", request) as server:
        phone = joined(server, server.way().key, "Juniper House", "Ann")
        phone.get("/api/worksheet")
        with Workshop.open(tmp_path / "room") as facilitator:
            for question in ("whom", "which", "whose"):
                written(folder, f"- {{id: {question}, kind: text, ask: 'Who?'}}")
                facilitator.settings.worksheet_in_use.update().apply()
            for question in ("who", "whom", "which", "whose"):
                sent = {"question": question, "value": f"words to {question}"}
                assert phone.put(f"/api/answers/{new_id()}", json=sent).status_code == 201
            assert {f"words to {each}" for each in ("who", "whom", "which", "whose")} == set(
                facilitator.answers["value"]
            )
            assert "words to who" in repr(facilitator.draft("Juniper House").sections[-1])
            assert phone.get("/api/draft.docx").status_code == 200
            asked = phone.get("/api/worksheet").json()["stages"][0]["questions"]
            assert [each["id"] for each in asked] == ["whose"]


def test_a_phone_is_never_told_that_a_fault_of_the_worksheet_is_one_of_its_answer(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A workshop from before copies, whose files broke: there is nothing to go on with, and that is what is said."""
    folder = written(tmp_path / "sample", WHO)
    _without_copy(tmp_path / "room", folder)
    with served(tmp_path / "room", request) as server:
        phone = joined(server, server.way().key, "Juniper House", "Ann")
        with Store(tmp_path / "room" / ANSWERS) as store:
            store._writer.hand_in(lambda connection: connection.exec_driver_sql("DELETE FROM worksheets")).result()
        for harm in (_slip, _delete):
            harm(folder)
            told = phone.put(f"/api/answers/{new_id()}", json={"question": "who", "value": "words"})
            assert told.status_code == 503
            assert "Your words are kept" in told.json()["says"]
            assert str(tmp_path) not in told.text


def test_one_half_finished_folder_is_named_and_the_others_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(catalog.WORKSHEETS, tmp_path / "worksheets")
    monkeypatch.setattr(catalog, "WORKSHEETS", tmp_path / "worksheets")
    half = tmp_path / "worksheets" / "zz-half-done"
    half.mkdir()
    (half / "worksheet.yaml").write_text("id: [", encoding="utf-8")
    assert main(["worksheets"]) == 0
    said = capsys.readouterr().out
    assert "sextech-2010: " in said
    assert f"Cannot be used yet: {half}: there is no policy.yaml." in said
    (half / "policy.yaml").write_text("title: Ours\nsections: []\n", encoding="utf-8")
    with Workshop.open(tmp_path / "room") as workshop:
        set_up = workshop.facilitator().parts["set_up"]
        set_up.refresh()
        shown = repr([set_up.choices.blocks, set_up.files.blocks])  # type: ignore[attr-defined]
    assert f"{half / 'worksheet.yaml'}, line 1" in shown
    assert "supervised-visitation" in shown


def test_a_worksheet_of_ones_own_keeps_its_card(tmp_path: Path) -> None:
    folder = written(tmp_path / "sample", WHO)
    with Workshop.open(tmp_path / "room", str(folder)) as workshop:
        workshop.settings.change(worksheet="sextech-2010")
        shown = repr(workshop.facilitator().parts["set_up"].choices.blocks)  # type: ignore[attr-defined]
        assert str(folder) in shown
        workshop.settings.change(worksheet=str(folder))
        assert list(workshop.worksheet.questions) == ["who"]


def test_a_copy_on_a_stick_and_a_practice_room_need_no_files(tmp_path: Path) -> None:
    folder = written(tmp_path / "sheets" / "sample", WHO, "- {id: people, text: 'We serve {who}.'}")
    with Workshop.open(tmp_path / "workshop", str(folder)) as running:
        _say(running, "who", "everyone")
        _delete(folder)
        place = running.lifecycle.keep_copy(tmp_path / "stick")
        with running.rehearsals.practise() as room:
            assert room.worksheet == running.worksheet
        with Workshop.open(place) as copy:
            assert copy.draft("Juniper House") == running.draft("Juniper House")
            assert copy.export(tmp_path / "drafts")


def test_the_sources_of_all_that_is_used_are_kept(tmp_path: Path) -> None:
    folder = written(tmp_path / "sheets" / "sample", "- {use: who}")
    shared = "questions:\n  - {id: who, kind: text, ask: Who?}\n"
    (folder.parent / "common").mkdir()
    (folder.parent / "common" / "questions.yaml").write_text(shared, encoding="utf-8")
    with Workshop.open(tmp_path / "workshop", str(folder)):
        pass
    with Store(tmp_path / "workshop" / ANSWERS) as store:
        (kept,) = store.rows().worksheets
    sources = json.loads(kept.sources)
    assert sources["common/questions.yaml"] == shared
    assert sources["worksheet.yaml"] == (folder / "worksheet.yaml").read_text(encoding="utf-8")
    assert kept.name == str(folder)
    assert kept.after == 0


def test_until_somebody_answers_a_worksheet_that_is_named_again_is_taken_anew(tmp_path: Path) -> None:
    folder = written(tmp_path / "sample", WHO)
    for ask in ("Who?", "Whom?"):
        written(folder, f"- {{id: who, kind: text, ask: '{ask}'}}")
        with Workshop.open(tmp_path / "workshop", str(folder)) as workshop:
            assert workshop.worksheet.questions["who"].ask == ask
    _slip(folder)
    with Workshop.open(tmp_path / "workshop", str(folder)) as workshop:
        assert workshop.worksheet.questions["who"].ask == "Whom?"


def test_another_worksheet_that_is_faulty_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    faulty = written(tmp_path / "faulty")
    _slip(faulty)
    with Workshop.open(tmp_path / "workshop") as workshop:
        before = workshop.worksheet
        with pytest.raises(WorksheetError, match=r"worksheet\.yaml, line 1"):
            workshop.settings.change(worksheet=str(faulty), title="Another title")
        with pytest.raises(WorkshopError, match="there is no worksheet 'nowhere'"):
            workshop.settings.change(worksheet="nowhere")
        assert workshop.worksheet == before
        assert workshop.title == "Our workshop"


def _without_copy(folder: Path, sheet: Path) -> None:
    """Make a workshop as it was made before worksheets were kept."""
    with Workshop.open(folder, str(sheet)) as made:
        _say(made, "who", "everyone")
    with Store(folder / ANSWERS) as store:
        store._writer.hand_in(lambda connection: connection.exec_driver_sql("DROP TABLE worksheets")).result()


def test_an_older_workshop_gets_its_copy_when_it_is_opened(tmp_path: Path) -> None:
    folder = written(tmp_path / "sample", WHO)
    _without_copy(tmp_path / "workshop", folder)
    with Workshop.open(tmp_path / "workshop"):
        pass
    _delete(folder)
    with Workshop.open(tmp_path / "workshop") as opened:
        assert list(opened.answers["value"]) == ["everyone"]


def test_an_older_workshop_opens_while_its_files_are_faulty_and_gets_its_copy_later(tmp_path: Path) -> None:
    folder = written(tmp_path / "sample", WHO)
    _without_copy(tmp_path / "workshop", folder)
    sound = (folder / "worksheet.yaml").read_text(encoding="utf-8")
    _slip(folder)
    with Workshop.open(tmp_path / "workshop") as opened:
        with pytest.raises(WorksheetError, match="line 1"):
            _ = opened.worksheet
        (folder / "worksheet.yaml").write_text(sound, encoding="utf-8")
        assert list(opened.worksheet.questions) == ["who"]
        _slip(folder)
        assert list(opened.worksheet.questions) == ["who"]


# Formats


FIRST_FORMAT = Path(__file__).parents[1] / "worksheet_format_1.json"


def test_a_copy_of_the_first_format_is_read_by_every_toolkit_that_comes_after() -> None:
    copy = WorksheetCopy("sample", "", 1, FIRST_FORMAT.read_text(encoding="utf-8"))
    read = worksheet_of(copy)
    assert isinstance(read, Worksheet)
    assert read.title == "Sample of every key"
    assert list(read.questions) == ["who", "rule", "posts", "when", "contact", "order", "steps", "more", "sure"]
    assert [option.clause for option in read.questions["rule"].options] == ["We always ask.", "We never ask."]
    assert [clause.id for clause in read.policy.sections[0].clauses] == ["people", "asking", "table"]
    assert [gap.id for gap in read.checks.gaps] == ["nobody"]
    assert read.agendas[0].steps[0].stage == "one"


def test_every_format_before_todays_has_its_step(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sorted(stored_copy.UPGRADES) == list(range(1, FORMAT))
    old = json.loads(FIRST_FORMAT.read_text(encoding="utf-8"))
    old["heading"] = old.pop("title")
    steps = {0: lambda content: content | {"title": content.pop("heading")}, **stored_copy.UPGRADES}
    monkeypatch.setattr(stored_copy, "UPGRADES", steps)
    copy = WorksheetCopy("sample", "", 0, json.dumps(old))
    assert worksheet_of(copy).title == "Sample of every key"


@pytest.mark.parametrize("content", ["{}", "[]", "", '{"id": 5}'])
@pytest.mark.parametrize("format_", [1, FORMAT, FORMAT + 1])
def test_a_copy_that_only_a_newer_toolkit_reads_is_refused_in_a_sentence(content: str, format_: int) -> None:
    with pytest.raises(StoreError, match="cannot read the workshop's copy of its worksheet"):
        worksheet_of(WorksheetCopy("sample", "", format_, content))


def test_the_copy_of_each_worksheet_is_that_worksheet() -> None:
    for name in catalog.worksheets():
        loaded = catalog.load(name)
        assert worksheet_of(loaded.copy) == loaded.worksheet
