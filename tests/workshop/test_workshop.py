"""The hall: opening, registering, saving, and folders that cannot hold a workshop."""

from __future__ import annotations

import datetime
import os
import stat
import threading
from pathlib import Path

import pytest
from hostile import EVERY, NAMES, TOO_LONG
from IPython.core.interactiveshell import InteractiveShell
from sheets import written

from toolkit import Workshop
from toolkit.answers.model import Answer
from toolkit.errors import AnswerError, StoreError, WorksheetError, WorkshopError
from toolkit.storage.store import new_id
from toolkit.worksheets.catalog import WORKSHEETS, worksheet, worksheets


def said(organization: str, question: str, value: object, **more: object) -> Answer:
    return Answer(new_id(), organization, "ann", question, value, **more)  # type: ignore[arg-type]


@pytest.fixture
def own(tmp_path: Path) -> Workshop:
    """A workshop with a worksheet of its own."""
    questions = """
    - {id: who, kind: text, ask: Who?}
    - {id: who_again, kind: text, ask: Who now?, revises: who}
    - {id: may, kind: yes_no_unsure, ask: May we?}
    """
    folder = written(tmp_path / "sheet", questions, "- {id: people, text: 'For {who}.'}")
    with Workshop.open(tmp_path / "own", worksheet=str(folder)) as opened:
        yield opened


def test_a_new_workshop_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    with Workshop.open(tmp_path / "a" / "b", title="Spring") as workshop:
        assert (workshop.title, workshop.settings.minutes, workshop.settings.depth) == ("Spring", 60, "core")
        assert workshop.worksheet.id == "sextech-2010"
        assert stat.S_IMODE(os.stat(workshop.folder).st_mode) == 0o700  # noqa: PTH116
        assert stat.S_IMODE((workshop.folder / "answers.db").stat().st_mode) == 0o600
        first = workshop.id
    with Workshop.open(tmp_path / "a" / "b") as again:
        assert (again.id, again.title) == (first, "Spring")


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("words", encoding="utf-8")
    with pytest.raises(StoreError) as refused:
        Workshop.open(tmp_path / "file")
    assert str(refused.value) == f"{tmp_path}/file: this is a file, not a folder. Choose another name."
    with pytest.raises(StoreError) as refused:
        Workshop.open(tmp_path / "file" / "inside")
    assert str(refused.value).startswith(f"{tmp_path}/file/inside: the folder cannot be used (")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "words"


def test_a_workshop_of_a_newer_toolkit(tmp_path: Path) -> None:
    with Workshop.open(tmp_path / "w") as workshop:
        workshop.current.store.set_fact("version", 99)
    with pytest.raises(StoreError, match="this workshop was made by a newer toolkit"):
        Workshop.open(tmp_path / "w")


def test_an_unknown_worksheet_leaves_no_thread_behind(tmp_path: Path) -> None:
    before = threading.active_count()
    with pytest.raises(WorkshopError) as refused:
        Workshop.open(tmp_path / "w", worksheet="gone")
    assert str(refused.value) == f"there is no worksheet 'gone'. There are: {', '.join(worksheets())}."
    assert threading.active_count() == before


def test_a_folder_without_a_worksheet(tmp_path: Path) -> None:
    with pytest.raises(WorksheetError) as refused:
        worksheet(f"{tmp_path}/")
    assert str(refused.value) == f"{tmp_path}: there is no worksheet.yaml. A worksheet folder needs it."


def test_a_worksheet_of_ones_own_is_found_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "sheet")
    monkeypatch.chdir(tmp_path)
    Workshop.open("w", worksheet="./sheet").close()
    monkeypatch.chdir("/")
    with Workshop.open(tmp_path / "w") as workshop:
        assert workshop.worksheet.id == "sheet"


def test_twins_are_one_organization(workshop: Workshop) -> None:
    first, twin, other = workshop.roster.register("Café  Nord", "CAFE\u0301 nord", "Café Süd")
    assert first == twin != other
    assert workshop.roster.register("cafÉ nord", "", " ") == [first]
    assert [each.name for each in workshop.organizations] == ["Café Nord", "Café Süd"]
    assert workshop.roster.organization(" café NORD ") == workshop.roster.organization(first.id) == first


def test_an_organization_that_is_not_there(workshop: Workshop) -> None:
    with pytest.raises(WorkshopError) as refused:
        workshop.roster.organization("Nobody")
    assert str(refused.value) == "Our workshop: there is no organization 'Nobody'. Registered: none yet."
    with pytest.raises(WorkshopError, match=r"the name has 201 characters\. 200 fit; shorten it\."):
        workshop.roster.register("x" * 201)
    with pytest.raises(WorkshopError) as refused:
        workshop.export("drafts")
    assert str(refused.value) == "Our workshop: no organization is registered yet. Register one first."


def test_minutes_that_no_agenda_has(workshop: Workshop) -> None:
    with pytest.raises(WorkshopError) as refused:
        workshop.settings.change(minutes=45)
    assert str(refused.value) == "45 minutes is not one of 60, 90, 180"
    workshop.settings.change(minutes=180)
    assert workshop.settings.depth == "deep"


def test_an_answer_that_does_not_fit_leaves_what_is_there(own: Workshop) -> None:
    (house,) = own.roster.register("Harbor Lane")
    own.discussion.save(said(house.id, "may", "no", voice="ours"))
    for value in ("perhaps", 5, ["no"], "x" * 30_000):
        with pytest.raises(AnswerError) as refused:
            own.discussion.save(said(house.id, "may", value, voice="ours"))
        assert str(refused.value) == "May we?: expected yes, no or unsure"
    with pytest.raises(AnswerError) as refused:
        own.discussion.save(said(house.id, "gone", "x"))
    assert str(refused.value) == "the worksheet has no question 'gone'. Load the page again."
    assert own.discussion.values(house.id) == {"may": "no"}


def test_a_next_review_that_is_past_is_refused_and_what_is_there_stays(workshop: Workshop) -> None:
    (elm,) = workshop.roster.register("Elm House")
    today = datetime.date.fromisoformat(workshop.settings.day)
    yesterday, next_year = today - datetime.timedelta(1), today + datetime.timedelta(300)
    for day in (next_year, today):
        workshop.discussion.save(Answer(new_id(), elm.id, "p1", "review_date", day.isoformat()))

    with pytest.raises(AnswerError, match=r"this day is past\. Choose .* or a later day\."):
        workshop.discussion.save(Answer(new_id(), elm.id, "p1", "review_date", yesterday.isoformat()))

    assert workshop.discussion.positions(elm.id)["review_date"].value == today.isoformat()


def test_a_question_that_asks_again_changes_the_first_answer(own: Workshop) -> None:
    (house,) = own.roster.register("Harbor Lane")
    own.discussion.save(said(house.id, "who", "Staff", voice="ours"))
    own.discussion.save(said(house.id, "who_again", "Everybody", voice="ours"))
    assert own.discussion.values(house.id) == {"who": "Everybody"}
    assert [answer.value for answer in own.discussion.history(house.id)] == ["Staff", "Everybody"]


def test_a_note_is_cleaned_like_any_words(own: Workshop) -> None:
    (house,) = own.roster.register("Harbor Lane")
    own.discussion.save(said(house.id, "who", "Staff", note=" a\ud800\x00b "))
    assert [answer.note for answer in own.discussion.standing()] == ["a\ufffd␀b"]
    with pytest.raises(AnswerError, match="Shorten it"):
        own.discussion.save(said(house.id, "who", "Staff", note="x" * 20_001))


def test_bad_input_is_kept_and_comes_back(own: Workshop) -> None:
    (house,) = own.roster.register("Harbor Lane")
    for text in EVERY:
        own.discussion.save(said(house.id, "who", text))
    assert len(own.discussion.history(house.id)) == len(EVERY)
    for text in TOO_LONG:
        with pytest.raises(AnswerError):
            own.discussion.save(said(house.id, "who", text))
    assert len(own.discussion.history(house.id)) == len(EVERY)


def test_any_name_can_be_registered_and_drafted_inside_the_folder(own: Workshop, tmp_path: Path) -> None:
    own.roster.register(*NAMES)
    exported = own.export(tmp_path / "drafts")
    files = [path for each in exported for path in each.files]
    assert len(exported) == len(own.organizations) == len(set(files))
    assert len({path.name.casefold() for path in files}) == len(files)
    assert all(path.resolve().parent == (tmp_path / "drafts").resolve() for path in files)
    assert all(path.is_file() for path in files)


def test_a_rehearsal_is_refused_where_real_people_are(workshop: Workshop) -> None:
    workshop.roster.register("Harbor Lane")
    with pytest.raises(WorkshopError) as refused:
        workshop.rehearsals.rehearse(2, 4, 1)
    mend = "Rehearse in a folder of its own, for example: workshop rehearse rehearsal"
    assert str(refused.value) == f"{workshop.folder}: this workshop has real participants. {mend}"
    assert not workshop.settings.is_rehearsal
    assert workshop.discussion.standing() == []


def test_an_environment_can_name_the_workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Workshop.open(tmp_path / "named").close()
    monkeypatch.setenv("WORKSHOP_FOLDER", str(tmp_path / "named"))
    with Workshop.open() as workshop:
        assert workshop.folder == tmp_path / "named"
    assert not Workshop.is_in(tmp_path)


@pytest.mark.parametrize("named", [None, "", "nowhere"])
def test_without_a_folder_nothing_is_made_and_a_sentence_says_how_to_open_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WORKSHOP_FOLDER", raising=False)
    if named is not None:
        monkeypatch.setenv("WORKSHOP_FOLDER", named)
    with pytest.raises(WorkshopError, match="Start it with") as refused:
        Workshop.open()
    assert len(str(refused.value).splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_notebook_shows_a_fault_as_its_sentence() -> None:
    """IPython asks a fault itself what to show in place of a traceback."""
    shown: list[list[str]] = []
    shell = InteractiveShell()
    shell._showtraceback = lambda _, __, lines: shown.append(lines)
    shell.run_cell("from toolkit.errors import WorkshopError\nraise WorkshopError('no workshop', mend='Start it.')")
    assert shown == [["no workshop. Start it."]]


def test_the_project_holds_no_workshop() -> None:
    assert not list(WORKSHEETS.parent.glob("*/answers.db"))


def test_own_words_and_unsure_are_taken_only_where_they_are_offered(workshop: Workshop) -> None:
    closed = next(
        q for q in workshop.worksheet.questions.values() if q.kind == "choices" and not q.other and not q.unsure
    )

    with pytest.raises(AnswerError, match="takes no words of your own"):
        closed.clean_value([{"other": "ours"}])
    with pytest.raises(AnswerError, match="does not offer 'unsure'"):
        closed.clean_value(["unsure"])
    assert closed.clean_value([closed.options[0].id]) == [closed.options[0].id]
