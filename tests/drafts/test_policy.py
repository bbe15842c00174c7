"""A worksheet and what an organization holds become a draft: nothing made up, nothing left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hostile import EVERY
from sheets import a_sheet

from toolkit.answers.agreement import positions
from toolkit.answers.model import Answer, Dissent, Position
from toolkit.documents.document import Blank, Clause, Document, Part, Reference, Section, Table, Text, words
from toolkit.drafts import policy
from toolkit.rehearsal.answers import rehearse
from toolkit.worksheets import catalog
from toolkit.worksheets.kinds import KINDS, UNSURE, Value, clean_value, pieces
from toolkit.worksheets.model import Worksheet

SHEET = a_sheet(
    """
    - {id: who, kind: text, ask: Who may post?}
    - {id: groups, kind: list, ask: Which groups?}
    - {id: may, kind: yes_no_unsure, ask: May volunteers post?}
    - id: photos
      kind: choice
      ask: Which rule for photos?
      unsure: true
      options:
        - {id: never, label: Never, clause: "We post no photos. Ask {who}.", reason: Clear, risk: Dull, source: A guide}
        - {id: signed, label: When signed, clause: We post a photo when the person has signed.}
    - id: media
      kind: choices
      ask: Which media?
      unsure: true
      options: [{id: chat, label: Chats}, {id: live, label: Live video}]
    """,
    """
    - {id: people, lead: Who posts., text: "{who} may post for {organization}. See {see: photo_rule}."}
    - {id: photo_rule, decision: photos}
    - {id: served, text: "We serve:", bullets_from: groups}
    - {id: covered, text: "This covers {media}."}
    - {id: helpers, text: Volunteers ask first., when: [{question: may, is: [yes]}]}
    - {id: quiet, text: "Ask {who}.", reads: skip}
    - {id: roles, caption: Roles, description: Who., header: [Who, Since], rows: [["{who}", "{blank: date}"]]}
    """,
    policy="control: [[Approved by, '{blank: name}']]",
)


def drafted(sheet: Worksheet = SHEET, name: str = "Harbor Lane", **values: Value) -> Document:
    held = {key: Position("a", key, value, "agreed", ("1", "2"), 2) for key, value in values.items()}
    return policy.draft(policy.Case(sheet, name, held))


def clauses(document: Document) -> dict[str, Clause]:
    return {clause.id: clause for clause in document.clauses()}


def parts(document: Document) -> Iterator[Part]:
    for label, row in document.control:
        assert label
        yield from row
    for section in document.sections:
        for block in section.blocks:
            yield from block.parts if isinstance(block, Clause) else ()
            rows = block.rows if isinstance(block, Table) else (block.bullets,)
            yield from (part for row in rows for cell in row for part in cell)


def everything(document: Document) -> str:
    said = [part.words for part in parts(document) if isinstance(part, Text)]
    titles = [document.title, document.subtitle, document.notice, *(section.title for section in document.sections)]
    return "\n".join([*titles, *said, *(comment.words for _, comment in document.comments())])


def test_nothing_answered_is_a_skeleton_with_a_blank_for_every_question() -> None:
    document = drafted()
    found = clauses(document)
    assert words(found["people"].parts, {"photo_rule": "1.2"}) == (
        "Who posts. [Who may post?] may post for Harbor Lane. See 1.2."
    )
    assert words(found["photo_rule"].parts) == "Not decided yet. [Which rule for photos?]"
    assert [words(bullet) for bullet in found["served"].bullets] == ["[Which groups?]"]
    assert found["people"].readiness == "open"
    assert "helpers" not in found
    assert "quiet" not in found
    comments = [comment.words for comment in found["photo_rule"].comments]
    assert comments == ["Nobody answered: Which rule for photos?\nYou can choose:\n- Never\n- When signed"]


def test_everything_answered_leaves_only_the_blanks_of_the_worksheet() -> None:
    document = drafted(who="The director.", groups=["Teens", "Parents"], may="yes", photos="never", media=["chat"])
    own = {part.prompt for part in parts(document) if isinstance(part, Blank)}
    assert own == {"name", "date"}
    assert [section.id for section in document.sections] == ["rules", "record"]
    found = clauses(document)
    assert words(found["people"].parts, {"photo_rule": "1.2"}).startswith("Who posts. The director. may post")
    assert words(found["photo_rule"].parts) == "We post no photos. Ask The director."
    assert found["photo_rule"].answers == ("photos", "who")
    assert [comment.words for comment in found["photo_rule"].comments] == ["Why: Clear\nRisk: Dull\nSource: A guide"]
    assert [words(bullet) for bullet in found["served"].bullets] == ["Teens", "Parents"]
    assert {clause.readiness for clause in document.clauses()} == {"ready"}
    assert {"helpers", "quiet"} <= set(found)


def test_unsure_is_an_open_point_and_never_a_rule() -> None:
    document = drafted(photos=UNSURE, media=["chat", UNSURE])
    found = clauses(document)
    assert words(found["photo_rule"].parts) == "To be settled with counsel or a funder. [Which rule for photos?]"
    assert words(found["covered"].parts) == "This covers Chats and [Which media?]."
    assert (found["photo_rule"].readiness, found["covered"].readiness) == ("open", "open")
    assert words(clauses(drafted(media=[UNSURE]))["covered"].parts) == "This covers [Which media?]."
    points = next(section for section in document.sections if section.id == "open_points").blocks[1]
    assert isinstance(points, Table)
    assert [words(row[0]) for row in points.rows if "counsel" in words(row[0])] == [
        "Which rule for photos? (Ask counsel or a funder)",
        "Which media? (Ask counsel or a funder)",
    ]


def test_a_tie_shows_every_side_and_decides_nothing() -> None:
    held = {
        "who": Position("a", "who", None, "tied", ("1", "2"), 2, (), ("The lead", "The board")),
        "photos": Position("a", "photos", None, "tied", ("1", "2"), 2, (), ("never", "signed")),
    }
    found = clauses(policy.draft(policy.Case(SHEET, "Harbor Lane", held)))
    assert "The lead / The board [Who may post?] may post" in words(found["people"].parts)
    assert [words(bullet) for bullet in found["photo_rule"].bullets] == [
        "We post no photos. Ask The lead / The board [Who may post?].",
        "We post a photo when the person has signed.",
    ]
    assert found["photo_rule"].readiness == "tied"
    assert "The 2 answers are split: Who may post?" in [comment.words for comment in found["people"].comments]


def test_dissent_stands_in_the_margin_and_in_its_annex() -> None:
    dissent = (Dissent("The board", "Wren", "They sign it"), Dissent("", "", "Only in summer"))
    held = {"who": Position("a", "who", "The lead", "proposed", ("1",), 2, dissent)}
    document = policy.draft(policy.Case(SHEET, "Harbor Lane", held))
    comments = [comment.words for comment in clauses(document)["people"].comments if comment.kind == "dissent"]
    assert comments == [
        "Wren answered differently to “Who may post?”: The board\nNote: They sign it",
        "One voice noted on “Who may post?”\nNote: Only in summer",
    ]
    annex = next(section for section in document.sections if section.id == "minority_views").blocks[1]
    assert isinstance(annex, Table)
    assert [words(row[2]) for row in annex.rows] == ["Wren: The board\nThey sign it\nOnly in summer"]
    assert clauses(document)["people"].readiness == "proposed"


def test_own_words_stand_in_place_of_a_ready_wording() -> None:
    found = clauses(drafted(photos={"other": "Only of {who} and empty rooms"}))
    assert words(found["photo_rule"].parts) == "Only of {who} and empty rooms"


def test_a_section_without_a_clause_is_left_out() -> None:
    none = '  - {id: none, title: Nothing here, clauses: [{id: x, text: "{who}", reads: skip}]}'
    pointed = '  - {id: pointed, title: Pointing, clauses: [{id: y, text: "See {see: x}."}]}'
    sheet = a_sheet("- {id: who, kind: text, ask: Who?}", policy=f"{none}\n{pointed}\n")
    document = drafted(sheet)
    assert [section.id for section in document.sections] == ["rules", "pointed", "open_points"]
    assert words(clauses(document)["y"].parts) == "See this policy."
    assert "none" in [section.id for section in drafted(sheet, who="We").sections]


def test_a_title_with_an_unanswered_question_shows_the_gap() -> None:
    sheet = a_sheet("- {id: who, kind: text, ask: Who?}", policy="subtitle: 'Kept by {who}'")
    assert drafted(sheet).subtitle == "Kept by [Who?]"
    assert drafted(sheet, who="the board").subtitle == "Kept by the board"


@pytest.mark.parametrize("text", EVERY)
def test_words_of_any_shape_stand_in_the_draft_as_they_were_said(text: str) -> None:
    taken, item = clean_value("text", text), clean_value("list", [text])
    if taken is None:
        return
    document = drafted(name="Harbor", who=taken, groups=item, photos={"other": str(taken)})
    found = clauses(document)
    assert Text(str(taken), said=True) in found["people"].parts
    assert found["photo_rule"].parts == (Text(str(taken), said=True),)
    assert found["served"].bullets == ((Text(str(taken), said=True),),)
    references = [part for part in parts(document) if isinstance(part, Reference)]
    assert {each.clause for each in references} <= set(found)


@pytest.mark.parametrize("name", ["sextech-2010", "supervised-visitation"])
@pytest.mark.parametrize("depth", ["core", "standard", "deep"])
def test_every_word_of_an_organization_stands_in_its_draft(name: str, depth: str) -> None:
    sheet = catalog.worksheet(name)
    made = rehearse(sheet, depth, "Alder Recovery Network", 3, 5)  # type: ignore[arg-type]
    values = {answer.question: answer.value for answer in made.answers}
    held = {key: Position("a", key, value, "agreed", ("1", "2"), 2) for key, value in values.items()}
    document = policy.draft(policy.Case(sheet, made.name, held, depth))  # type: ignore[arg-type]
    whole = everything(document)
    for key, value in values.items():
        question = sheet.questions[key]
        for piece in pieces(question.kind, value, question.labels):
            assert piece.rstrip(".") in whole, key
    assert_sound(document)


@pytest.mark.parametrize("name", ["sextech-2010", "supervised-visitation"])
@pytest.mark.parametrize("depth", ["core", "standard", "deep"])
def test_an_empty_draft_of_a_worksheet_is_sound(name: str, depth: str) -> None:
    sheet = catalog.worksheet(name)
    case = policy.Case(sheet, "Harbor Lane", {}, depth)  # type: ignore[arg-type]
    document = policy.draft(case)
    assert_sound(document)
    assert any(isinstance(part, Blank) for part in parts(document))
    assert "Harbor Lane" in everything(document)
    for paper in policy.papers(case).values():
        assert_sound(paper)


def assert_sound(document: Document) -> None:
    ids = [block.id for section in document.sections for block in section.blocks]
    assert len(ids) == len(set(ids))
    assert all(section.blocks and section.title for section in document.sections)
    assert all(part.clause in ids for part in parts(document) if isinstance(part, Reference))
    assert all(part.prompt for part in parts(document) if isinstance(part, Blank))
    assert not re.findall(r"[{}]", everything(document))
    assert all(isinstance(section, Section) for section in document.sections)


def test_every_kind_of_answer_can_stand_in_a_clause() -> None:
    values = {
        "text": "a", "long_text": "b\nc", "choice": "x", "choices": ["x"], "yes_no_unsure": "no",
        "contact": {"name": "d"}, "date": "2026-01-02", "list": ["e"],
        "ranking": ["y", "x"],
    }  # fmt: skip
    assert values.keys() == KINDS.keys()
    options = ", options: [{id: x, label: Ex}, {id: y, label: Why}]"
    asked = [f"- {{id: q_{kind}, kind: {kind}, ask: Q?{options if KINDS[kind].has_options else ''}}}" for kind in KINDS]
    texts = [f"- {{id: c_{kind}, text: 'It is {{q_{kind}}}'}}" for kind in KINDS]
    found = clauses(drafted(a_sheet("\n".join(asked), "\n".join(texts)), **{f"q_{k}": v for k, v in values.items()}))
    said = [words(found[f"c_{kind}"].parts).removeprefix("It is ") for kind in KINDS]
    assert said == ["a", "b\nc", "Ex", "Ex", "No", "d", "2 January 2026", "e", "Why, then Ex"]


def test_choices_that_stand_against_each_other_are_read_as_people_read_them() -> None:
    options = "[{id: chat, label: Chats}, {id: photo, label: Photos}, {id: live, label: Live video}]"
    rules = "[{id: ask, label: Ask, clause: We ask first.}, {id: wait, label: Wait, clause: We wait a day.}]"
    sheet = a_sheet(
        f"- {{id: media, kind: choices, ask: Which media?, options: {options}}}\n"
        f"- {{id: rules, kind: choices, ask: Which rules?, options: {rules}}}",
        "- {id: media_rule, decision: media}\n- {id: rules_rule, decision: rules}",
    )
    said = {"media": [["chat", "photo"], ["live"], ["photo", "chat"], ["live"]], "rules": [["ask"], ["wait"]]}
    answers = [Answer(f"{q}{n}", "a", f"p{n}", q, value) for q, each in said.items() for n, value in enumerate(each)]

    document = policy.draft(policy.Case(sheet, "Alder", positions(sheet, "a", answers)))

    media, rules_rule = [clause for clause in document.clauses() if clause.id in {"media_rule", "rules_rule"}]
    assert [words(each) for each in media.bullets] == ["Chats and Photos", "Live video"]
    assert [words(each) for each in rules_rule.bullets] == ["We ask first.", "We wait a day."]
    (table,) = [block for section in document.sections for block in section.blocks if block.id == "record_table"]
    assert words(table.rows[0][1]) == "Chats and Photos\nLive video"


@pytest.mark.parametrize("record", [False, True])
def test_what_somebody_sees_differently_is_in_the_draft_for_every_kind_of_question(record: bool) -> None:
    asked = (
        f"- {{id: q, kind: text, ask: Who?, record: {str(record).lower()}}}\n- {{id: other, kind: text, ask: What?}}"
    )
    uses = "- {id: c, text: '{q} and {other}.'}" if not record else "- {id: c, text: '{other}.'}"
    dissent = (Dissent("My own words", "Voice 1", "because of this"), Dissent("", "Voice 2", "a note alone"))
    held = {"q": Position("a", "q", "Theirs", "agreed", ("1", "2"), 3, dissent)}
    document = repr(policy.draft(policy.Case(a_sheet(asked, uses), "Harbor Lane", held)))
    for each in ("Theirs", "My own words", "because of this", "a note alone"):
        assert each in document
