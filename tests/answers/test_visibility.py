"""What one person sees of the others: nothing before it is revealed, then everything, a tie called a tie."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
from sheets import a_sheet

from toolkit import Workshop
from toolkit.answers.agreement import Opinion, People, offers, positions
from toolkit.answers.model import SCRIBE, Answer, Organization
from toolkit.answers.visibility import Viewer, visible_answers
from toolkit.documents.document import Reference, words
from toolkit.errors import AnswerError
from toolkit.facilitation.events import RevealEvent
from toolkit.storage.store import new_id
from toolkit.storage.typing_marks import TypingMarks
from toolkit.worksheets.kinds import Value

SHEET = a_sheet(
    """
    - {id: who, kind: text, ask: Who?}
    - {id: may, kind: yes_no_unsure, ask: May we?}
    - id: media
      kind: choices
      ask: Which media?
      options: [{id: chat, label: Chats}, {id: photo, label: Photos}]
      other: true
    - id: first
      kind: ranking
      ask: What first?
      options: [{id: train, label: Training}, {id: rules, label: Rules}]
    """
)
NAMES = {"ann": "Wren", "bob": "", "cat": "Otter"}


def said(person: str, value: Value, question: str = "who") -> Answer:
    return Answer(f"{person}-{question}", "a", person, question, value)


def seen(
    *answers: Answer, person: str = "ann", revealed: tuple[str, ...] = ("who", "may", "media", "first"),
    opinions: tuple[Opinion, ...] = (), writing: tuple[tuple[str, str], ...] = (), question: str = "who",
) -> dict[str, object]:  # fmt: skip
    viewer = Viewer(person, NAMES, revealed, writing)
    held = positions(SHEET, "a", answers, People(NAMES), opinions)
    entry = visible_answers(SHEET, viewer, answers, held, offers(answers, opinions))[question]
    assert isinstance(entry, dict)
    return entry


def test_before_it_is_revealed_only_ones_own_words_and_a_count_are_there() -> None:
    offered = Answer("o", "a", "bob", "who", "Bob's own", "ours")

    entry = seen(said("ann", "Parents"), said("bob", "Bob's own"), offered, revealed=())

    assert "Bob" not in str(entry)
    assert (entry["revealed"], entry["answered"], entry["of"], entry["status"]) == (False, 2, 3, "open")
    assert entry["voices"] == [
        {"id": "ann-who", "who": "Wren", "value": "Parents", "reads": "Parents", "mine": True}
    ]  # fmt: skip
    assert (entry["counts"], entry["tied"], entry["proposals"]) == ([], False, [])


def test_after_it_is_revealed_all_voices_are_there() -> None:
    entry = seen(said("ann", "Parents"), said("bob", "Children"))

    assert [(each["who"], each["reads"], each["mine"]) for each in entry["voices"]] == [
        ("Wren", "Parents", True), ("", "Children", False),
    ]  # fmt: skip
    assert entry["status"] == "tied"


@pytest.mark.parametrize(
    ("question", "values", "counts", "tied"),
    [
        ("may", ["yes", "no"], {"Yes": 1, "No": 1}, True),
        ("may", ["yes", "no", "no"], {"Yes": 1, "No": 2}, False),
        ("may", ["yes"], {"Yes": 1}, False),
        ("media", [["chat"], ["photo"]], {"Chats": 1, "Photos": 1}, True),
        ("media", [["chat", {"other": "Radio"}], ["chat"]], {"Chats": 2, "Radio": 1}, False),
        ("first", [["rules"], ["train"]], {"Training": 2, "Rules": 2}, True),
        ("first", [["rules", "train"], ["rules"]], {"Rules": 4, "Training": 1}, False),
        ("who", ["A", "B"], {}, False),
    ],
)
def test_options_are_counted_and_a_tie_is_said(
    question: str, values: list[Value], counts: dict[str, int], tied: bool
) -> None:
    entry = seen(*(said(p, v, question) for p, v in zip(NAMES, values, strict=False)), question=question)

    assert {each["label"]: each["n"] for each in entry["counts"]} == counts
    assert entry["tied"] is tied


def test_a_proposal_says_who_is_for_it_and_why_somebody_is_not() -> None:
    first = Answer("o", "a", "bob", "who", "Both", "ours", ("ann-who",), "Shorter", sequence=5)
    later = Answer("p", "a", "cat", "who", "All", "ours", sequence=6)
    opinions = (Opinion("o", "ann", True), Opinion("o", "cat", False, "Too short"))

    entry = seen(said("ann", "Parents"), first, later, opinions=opinions)

    standing, beside = entry["proposals"]
    assert standing == {
        "id": "o", "who": "", "value": "Both", "reads": "Both", "mine": False, "supporters": 2, "of": 3,
        "i_support": True, "i_oppose": False, "made_from": ["ann-who"], "note": "Shorter", "standing": True,
        "status": "agreed", "by_table": False, "dissent": [{"who": "Otter", "note": "Too short", "mine": False}],
    }  # fmt: skip
    assert (beside["standing"], beside["status"], entry["status"]) == (False, "proposed", "agreed")


def test_who_is_writing_is_said_of_the_others_only() -> None:
    entry = seen(writing=(("who", "ann"), ("who", "cat"), ("who", "bob"), ("may", "cat"), ("who", SCRIBE)))

    assert entry["writing"] == ["", "Otter", "The table"]


def test_the_workshop_reveals_proposes_and_judges(workshop: Workshop) -> None:
    ours, theirs = workshop.roster.register("Harbor House", "North Clinic")
    ann, bob = workshop.roster.join(ours.id, "Wren"), workshop.roster.join(ours.id)
    zoe = workshop.roster.join(theirs.id)
    question = next(each.id for each in workshop.worksheet.questions.values() if each.kind == "long_text")
    for person in (ann, bob, zoe):
        workshop.discussion.save(Answer(person.id, person.organization, person.id, question, f"Said by {person.id}"))

    workshop.discussion.reveal(ours.id, question)
    workshop.discussion.propose(
        Answer(new_id(), ours.id, ann.id, question, "Ours", made_from=(ann.id, bob.id), note=" So ")
    )
    (offered,) = workshop.discussion.voices(ours.id, bob.id)[question]["proposals"]
    workshop.discussion.judge(ours.id, Opinion(offered["id"], bob.id, False, "Not yet"))
    workshop.discussion.mark_typing(ours.id, ann.id, question)
    entry = workshop.discussion.voices(ours.id, bob.id)[question]

    assert (workshop.discussion.revealed(ours.id), workshop.discussion.revealed(theirs.id)) == ({question}, set())
    assert (len(entry["voices"]), entry["writing"], entry["of"]) == (2, ["Wren"], 2)
    assert (offered["made_from"], offered["note"]) == ([ann.id, bob.id], "So")
    assert entry["proposals"][0]["dissent"] == [{"who": "", "note": "Not yet", "mine": True}]
    assert zoe.id not in str(workshop.discussion.voices(ours.id, bob.id))
    with pytest.raises(AnswerError, match="not one of your organization"):
        workshop.discussion.judge(theirs.id, Opinion(offered["id"], zoe.id, True))
    with pytest.raises(AnswerError, match="not one of your organization"):
        workshop.discussion.propose(Answer(new_id(), theirs.id, zoe.id, question, "Taken", made_from=(ann.id,)))


def test_an_agreed_text_stays_when_its_own_author_offers_another(workshop: Workshop) -> None:
    (ours,) = workshop.roster.register("Harbor House")
    ann, bob, cat = (workshop.roster.join(ours.id) for _ in range(3))
    question = next(each.id for each in workshop.worksheet.questions.values() if each.kind == "long_text")
    for person in (ann, bob, cat):
        workshop.discussion.save(Answer(person.id, ours.id, person.id, question, person.id))
    workshop.discussion.propose(Answer("first", ours.id, ann.id, question, "First"))
    alone = workshop.discussion.propose(Answer("mended", ours.id, ann.id, question, "Mended"))
    stood = workshop.discussion.positions(ours.id)[question].value

    for person in (bob, cat):
        workshop.discussion.judge(ours.id, Opinion("mended", person.id, True))
    workshop.discussion.propose(Answer("later", ours.id, ann.id, question, "Later"))

    entry = workshop.discussion.voices(ours.id, ann.id)[question]
    assert alone
    assert stood == "Mended"
    assert (
        workshop.discussion.positions(ours.id)[question].value,
        workshop.discussion.positions(ours.id)[question].status,
    ) == ("Mended", "agreed")
    assert [(each["id"], each["supporters"]) for each in entry["proposals"]] == [
        ("mended", 2),
        ("later", 1),
        ("first", 0),
    ]


def test_the_facilitator_reveals_a_stage_or_all_and_can_take_it_back(workshop: Workshop) -> None:
    (ours,) = workshop.roster.register("Harbor House")
    stage = workshop.worksheet.stages[0]

    workshop.record(RevealEvent(stage.id, True))
    one = workshop.discussion.revealed(ours.id)
    workshop.record(RevealEvent(stage.id, False))
    none = workshop.discussion.revealed(ours.id)
    workshop.record(RevealEvent("*", True))

    assert one == {question.kept_as for question in stage.questions}
    assert none == set()
    assert workshop.discussion.revealed(ours.id) == set(workshop.worksheet.questions)


# A table's shared laptop


def test_a_table_sees_the_questions_that_people_on_phones_answered_and_only_once_they_are_shown() -> None:
    wrote = Answer("t", "a", SCRIBE, "who", "The table's text", "ours")
    answers = (said("ann", "Parents"), said("bob", "Children"), wrote)
    held = positions(SHEET, "a", answers, People(NAMES))

    def table(*revealed: str) -> dict[str, object]:
        return visible_answers(SHEET, Viewer(SCRIBE, NAMES, revealed), answers, held, offers(answers, ()))

    before, after = table()["who"], table("who")["who"]
    assert set(table("who")) == {"who"}
    assert (before["table"], before["answered"], before["of"], before["voices"], before["proposals"]) == (
        True, 2, 3, [], [],
    )  # fmt: skip
    assert [each["reads"] for each in after["voices"]] == ["Parents", "Children"]
    assert [(each["reads"], each["by_table"], each["supporters"]) for each in after["proposals"]] == [
        ("The table's text", True, 0)
    ]


def test_a_table_notes_that_one_of_them_differs_and_takes_it_back() -> None:
    wrote = Answer("t", "a", SCRIBE, "who", "The table's text", "ours")
    against = Opinion("t", SCRIBE, False, "Callers are missing")
    answers = (said("ann", "Parents"), wrote)

    (noted,) = seen(*answers, opinions=(against,))["proposals"]
    (withdrawn,) = seen(*answers, opinions=(against, Opinion("t", SCRIBE, True)))["proposals"]

    assert noted["dissent"] == [{"who": "One of us at the table", "note": "Callers are missing", "mine": False}]
    assert (noted["status"], withdrawn["dissent"], withdrawn["supporters"]) == ("agreed", [], 0)
    position = positions(SHEET, "a", answers, People(NAMES), (against,))["who"]
    assert "Callers are missing" in [each.note for each in position.dissent]


def test_who_began_to_write_is_told_for_a_moment_and_then_forgotten(tmp_path: Path) -> None:
    pens = TypingMarks(tmp_path / "writing")
    pens.write(("a", "who", "ann"))
    pens.write(("a", "who", "ann"))

    assert pens.now() == {("a", "who", "ann")}
    os.utime(next((tmp_path / "writing").iterdir()), (0, 0))
    assert pens.now() == set()
    assert not list((tmp_path / "writing").iterdir())


def in_the_package(path: Path) -> str:
    """Every part of a Word file as text, names and properties included."""
    with zipfile.ZipFile(path) as parts:
        return "\n".join(f"{name} {parts.read(name).decode('utf-8', 'replace')}" for name in parts.namelist())


def an_agreement(workshop: Workshop) -> Organization:
    """Two agree on a text, a third sees it otherwise; all of them gave a handle."""
    (ours,) = workshop.roster.register("Harbor House")
    ann, bob, cat = (workshop.roster.join(ours.id, name) for name in ("Wren-xq", "Otter-xq", "Hare-xq"))
    for question in ("who_do_you_serve", "who_could_use_it"):
        for person in (ann, bob, cat):
            workshop.discussion.save(Answer(new_id(), ours.id, person.id, question, [f"Said at {person.id[:4]}"]))
        offered = new_id()
        workshop.discussion.propose(Answer(offered, ours.id, ann.id, question, ["Those who come to us"]))
        workshop.discussion.judge(ours.id, Opinion(offered, bob.id, agrees=True))
        workshop.discussion.judge(ours.id, Opinion(offered, cat.id, agrees=False, note="Too slow"))
    return ours


def test_until_an_organization_says_so_no_handle_is_anywhere_in_its_papers(workshop: Workshop, tmp_path: Path) -> None:
    ours = an_agreement(workshop)

    (written,) = workshop.export(tmp_path)

    for path in written.files:
        assert "-xq" not in in_the_package(path)
    policy = in_the_package(written.files[0])
    assert 'w:author="Voice ' in policy
    assert "Agreed: voices " in policy
    assert not workshop.discussion.uses_names(ours.id)


def test_once_it_says_so_every_agreed_clause_names_its_voices(workshop: Workshop, tmp_path: Path) -> None:
    ours = an_agreement(workshop)
    workshop.discussion.set_naming(ours.id)

    (written,) = workshop.export(tmp_path / "named")
    record = next(each for each in workshop.draft(ours.id).sections if each.id == "record")
    agreed = [row for row in record.blocks[1].rows if words(row[2]).startswith("Agreed")]

    assert len(agreed) == 2
    assert {words(row[2]) for row in agreed} == {"Agreed: Otter-xq, Wren-xq (of 3)"}
    assert [row[3] for row in agreed] == [(Reference("who_we_serve"),), (Reference("who_reaches_clients"),)]
    assert 'w:author="Hare-xq"' in in_the_package(written.files[0])
    assert [each.words for _, each in workshop.draft(ours.id).comments() if "Too slow" in each.words]

    workshop.discussion.set_naming(ours.id, yes=False)
    (again,) = workshop.export(tmp_path / "numbers")
    assert "-xq" not in in_the_package(again.files[0])
