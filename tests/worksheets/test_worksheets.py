"""The worksheets that we ship: every question leads somewhere, every wording is plain, narrow and sourced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sample_cases import a_case

from toolkit.answers.model import Position
from toolkit.documents.document import Blank, Document, Parts, Table, words
from toolkit.drafts.checks import CheckedText, cautions
from toolkit.drafts.policy import Case, draft, papers
from toolkit.drafts.readability import grade, sentences_of, words_of
from toolkit.worksheets import catalog
from toolkit.worksheets.loader import worksheet_names
from toolkit.worksheets.model import (
    BRACES,
    DEPTHS,
    WORDS_OF_BRACES,
    ClauseRule,
    Condition,
    Depth,
    Option,
    PolicySection,
    Question,
    TableRule,
    Worksheet,
    at_depth,
)

SHIPPED = Path(__file__).resolve().parents[2] / "worksheets"
NAMES = ("sextech-2010", "supervised-visitation")

FOR_THE_ROOM = {
    "stakeholders_notes": "free space, kept out of the policy",
    "policy_drafting_notes": "free space, kept out of the policy",
    "report_back_notes": "free space, kept out of the policy",
    "why_a_policy_notes": "free space, kept out of the policy",
    "who_decides_notes": "free space, kept out of the policy",
    "upkeep_notes": "free space, kept out of the policy",
    "easiest": "told to the room in the report back",
    "most_difficult": "told to the room in the report back",
    "harm_seen": "talked about over a made-up story; a policy holds no stories",
}
"""Questions that feed the workshop's record and no clause, each with its reason."""

MOST_IN_AN_HOUR = 24
HARDEST = 8.0
HARDEST_FOR_CLIENTS = 6.0
LONGEST_SENTENCE = 25
TOO_SURE = re.compile(r"\b(unlawful|compliant|guaranteed?|legally safe)\b", re.IGNORECASE)

Block = ClauseRule | TableRule


@pytest.fixture(scope="module", params=NAMES)
def worksheet(request: pytest.FixtureRequest) -> Worksheet:
    return catalog.worksheet(request.param)


def sections(worksheet: Worksheet) -> Iterator[PolicySection]:
    yield from worksheet.policy.sections
    for paper in worksheet.policy.papers:
        yield from paper.sections


def blocks(worksheet: Worksheet) -> Iterator[Block]:
    return (block for section in sections(worksheet) for block in section.clauses)


def in_braces(text: str) -> list[str]:
    return [match["name"] for match in BRACES.finditer(text) if match["name"] not in WORDS_OF_BRACES]


def decisions(worksheet: Worksheet) -> Iterator[Question]:
    names = {block.decision for block in blocks(worksheet) if isinstance(block, ClauseRule) and block.decision}
    return (worksheet.questions[name] for name in sorted(names))


def wordings(worksheet: Worksheet) -> Iterator[tuple[Question, Option]]:
    return ((question, option) for question in worksheet.questions.values() for option in question.options)


def gates(worksheet: Worksheet) -> set[str]:
    conditions = [each for question in worksheet.asked() for each in question.show_if]
    conditions += [each for block in blocks(worksheet) for each in (*block.when, *block.unless)]
    conditions += [each for section in sections(worksheet) for each in section.when]
    return {each.question for each in conditions}


def all_conditions(worksheet: Worksheet) -> Iterator[tuple[str, Condition]]:
    for question in worksheet.asked():
        yield from ((question.id, each) for each in question.show_if)
    for block in blocks(worksheet):
        yield from ((block.id, each) for each in (*block.when, *block.unless))


def plain(text: str) -> str:
    """Return `text` with its braces as one short word, as a reader of the finished policy meets it."""
    return BRACES.sub("us", text)


def in_the_draft(worksheet: Worksheet) -> Iterator[tuple[str, str]]:
    """Yield every text of ours that can stand in a draft, with its place."""
    for block in blocks(worksheet):
        texts = (block.text, *block.bullets) if isinstance(block, ClauseRule) else block.texts()
        yield block.id, plain("\n".join(text for text in texts if text))
    for question, option in wordings(worksheet):
        yield f"{question.id}.{option.id}", plain(option.clause)


def test_those_that_we_ship_are_those_that_are_tested() -> None:
    assert sorted(NAMES) == worksheet_names(SHIPPED)


def test_every_question_feeds_a_clause_a_choice_of_clauses_or_the_rooms_record(worksheet: Worksheet) -> None:
    fed = {name for block in blocks(worksheet) for name in block.questions_read()} | gates(worksheet)

    loose = {name for name in worksheet.questions if name not in fed}

    assert loose <= set(FOR_THE_ROOM), loose - set(FOR_THE_ROOM)


def test_the_rooms_record_lists_only_questions_that_are_asked_and_feed_nothing() -> None:
    sheets = [catalog.worksheet(name) for name in NAMES]
    asked = {name for sheet in sheets for name in sheet.questions}
    fed = {name for sheet in sheets for block in blocks(sheet) for name in block.questions_read()}

    assert {question.id for sheet in sheets for question in sheet.asked() if question.record} == set(FOR_THE_ROOM)
    assert set(FOR_THE_ROOM) <= asked
    assert not set(FOR_THE_ROOM) & fed


def test_every_name_in_braces_is_a_question(worksheet: Worksheet) -> None:
    policy = worksheet.policy
    titles = [policy.title, policy.subtitle, *(each for row in policy.control for each in row)]
    titles += [each for paper in policy.papers for each in (paper.title, paper.subtitle)]
    texts = titles + [option.clause for _, option in wordings(worksheet)]

    unknown = {name for text in texts for name in in_braces(text)} - set(worksheet.questions)

    assert unknown == set()


def test_no_brace_is_left_half_open(worksheet: Worksheet) -> None:
    texts = [text for block in blocks(worksheet) for text in block.texts()]
    texts += [option.clause for _, option in wordings(worksheet)]

    half = [text for text in texts if re.search(r"[{}]", BRACES.sub("", text))]

    assert half == []


def test_every_condition_names_an_answer_that_can_be_given(worksheet: Worksheet) -> None:
    wrong = [
        (place, each.question, answer)
        for place, each in all_conditions(worksheet)
        for answer in each.among
        if answer not in worksheet.questions[each.question].labels
    ]

    assert wrong == []


def test_a_question_is_opened_only_by_one_that_was_asked_before_it(worksheet: Worksheet) -> None:
    place = {name: number for number, name in enumerate(worksheet.questions)}
    late = [
        (question.id, each.question)
        for question in worksheet.questions.values()
        for each in question.show_if
        if place[each.question] >= place[question.id]
        or not at_depth(question.depth, worksheet.questions[each.question].depth)
    ]

    assert late == []


def test_a_clause_never_waits_for_a_question_that_was_not_asked(worksheet: Worksheet) -> None:
    """A clause of the draft comes no earlier than its question, and under the same conditions."""
    early = []
    for block in blocks(worksheet):
        for question in (worksheet.questions[name] for name in block.questions_read()):
            same = not question.show_if or block.when == question.show_if
            if not (at_depth(block.depth, question.depth) and same):
                early.append((block.id, question.id))

    assert early == []


def test_every_option_of_a_decision_has_its_wording_and_where_it_comes_from(worksheet: Worksheet) -> None:
    bare = [
        (question.id, option.id)
        for question in decisions(worksheet)
        for option in question.options
        if not all((option.clause, option.reason, option.risk, option.source, option.checked))
    ]

    assert bare == []


def test_every_decision_offers_two_to_four_wordings(worksheet: Worksheet) -> None:
    counts = {question.id: len(question.options) for question in decisions(worksheet)}

    assert {name: count for name, count in counts.items() if not 2 <= count <= 4} == {}


def test_every_decision_leaves_a_way_out(worksheet: Worksheet) -> None:
    """Nobody is pushed into a rule: "unsure - ask counsel or funder" is always there."""
    shut = [question.id for question in decisions(worksheet) if not question.unsure]

    assert shut == []


def test_every_question_says_why_it_is_asked(worksheet: Worksheet) -> None:
    assert [question.id for question in worksheet.asked() if not question.why] == []


def test_the_core_fits_an_hour(worksheet: Worksheet) -> None:
    """Free space for notes is no question, and one that is asked again stands there filled in."""
    core = [q for q in worksheet.questions.values() if at_depth("core", q.depth) and not q.id.endswith("_notes")]

    assert len(core) <= MOST_IN_AN_HOUR, [question.id for question in core]


def test_every_wording_can_be_read_after_eight_years_of_school(worksheet: Worksheet) -> None:
    hard = {place: grade(text) for place, text in in_the_draft(worksheet) if grade(text) > HARDEST}
    notes = {block.id for block in blocks(worksheet) if isinstance(block, ClauseRule) and block.style == "note"}

    assert {place: found for place, found in hard.items() if place not in notes} == {}


def test_the_whole_policy_is_plainer_still(worksheet: Worksheet) -> None:
    assert grade("\n".join(text for _, text in in_the_draft(worksheet))) <= HARDEST - 2


def test_clients_can_read_their_page_after_six(worksheet: Worksheet) -> None:
    page = next(paper for paper in worksheet.policy.papers if paper.id == "client_summary")
    texts = [plain(f"{rule.lead}\n{rule.text}") for part in page.sections for rule in part.clauses if rule.texts()]

    assert texts
    assert {text: grade(text) for text in texts if grade(text) > HARDEST_FOR_CLIENTS} == {}


def test_no_sentence_runs_on(worksheet: Worksheet) -> None:
    notes = {block.id for block in blocks(worksheet) if isinstance(block, ClauseRule) and block.style == "note"}
    long = [
        (place, sentence)
        for place, text in in_the_draft(worksheet)
        for sentence in sentences_of(text)
        if len(words_of(sentence)) > LONGEST_SENTENCE and place not in notes
    ]

    assert long == []


def test_no_wording_of_ours_calls_for_our_own_cautions(worksheet: Worksheet) -> None:
    everything = {question.id: [option.id for option in question.options] for question in worksheet.questions.values()}
    everything |= {"employer": "private", "clients": "yes", "client_images": "release"}  # type: ignore[dict-item]
    examples = {block.id for block in blocks(worksheet) if isinstance(block, ClauseRule) and block.style == "example"}
    said = [CheckedText(place, text) for place, text in in_the_draft(worksheet) if place not in examples]
    said += [CheckedText(f"{question.id}.{option.id}", option.label) for question, option in wordings(worksheet)]

    found = cautions(worksheet, said, everything)

    assert [(each.rule, each.place, each.found) for each in found if each.rule not in ABOUT_WHAT_IS_MISSING] == []


ABOUT_WHAT_IS_MISSING: frozenset[str] = frozenset()
"""Cautions that ask for something beside a wording; the draft as a whole answers them."""


def test_nothing_claims_more_certainty_than_it_has(worksheet: Worksheet) -> None:
    assert [(place, text) for place, text in in_the_draft(worksheet) if TOO_SURE.search(text)] == []


def test_the_policy_tells_both_the_good_and_the_harm(worksheet: Worksheet) -> None:
    first = [block.id for block in worksheet.policy.sections[0].clauses]

    assert {"benefit", "risk"} <= set(first)


def test_what_people_sign_leaves_reporting_open(worksheet: Worksheet) -> None:
    page = next(section for section in worksheet.policy.sections if section.id == "acknowledgment")

    assert page.new_page
    assert "what_i_keep" in {block.id for block in page.clauses}


@pytest.mark.parametrize("word", ["unlawful", "compliant"])
def test_the_guard_against_certainty_can_fail(word: str) -> None:
    assert TOO_SURE.search(f"this rule is {word} now")


def documents(case: Case) -> Iterator[Document]:
    yield draft(case)
    yield from papers(case).values()


def all_parts(document: Document) -> Iterator[tuple[str, Parts]]:
    yield from (("control", parts) for _, parts in document.control)
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                yield from ((block.id, cell) for row in block.rows for cell in row if cell)
            else:
                yield from ((block.id, parts) for parts in (block.parts, *block.bullets))


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("place", range(4))
def test_with_everything_answered_no_question_is_left_blank(worksheet: Worksheet, depth: Depth, place: int) -> None:
    found = [
        (document.title, id_, part.key)
        for document in documents(a_case(worksheet, depth, place))
        for id_, parts in all_parts(document)
        for part in parts
        if isinstance(part, Blank) and part.key
    ]

    assert found == []


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("place", [None, 0, 1])
def test_no_draft_holds_an_empty_section_a_silent_line_or_a_stray_brace(
    worksheet: Worksheet, depth: Depth, place: int | None
) -> None:
    for document in documents(a_case(worksheet, depth, place)):
        lines = [words(parts) for id_, parts in all_parts(document) if id_ not in ROOM_TO_WRITE]

        assert all(section.blocks for section in document.sections)
        assert [line for line in lines if not line.strip() or "{" in line or "  " in line] == []


ROOM_TO_WRITE = {"approvals", "inventory"}
"""Tables whose empty cells are for a pen."""


@pytest.mark.parametrize("depth", DEPTHS)
def test_with_nothing_answered_the_draft_is_a_skeleton_of_every_section(worksheet: Worksheet, depth: Depth) -> None:
    made = {section.id for section in draft(a_case(worksheet, depth, None)).sections}

    assert {section.id for section in worksheet.policy.sections} <= made


@pytest.mark.parametrize("option", ["never", "release", "staff_models"])
def test_the_clients_page_never_promises_less_than_the_policy(worksheet: Worksheet, option: str) -> None:
    case = a_case(worksheet, "standard", 0)
    held = dict(case.positions) | {"client_images": Position("a", "client_images", option, "agreed", ("1",), 1)}
    page = papers(Case(worksheet, case.organization, held, "standard", case.day))["client_summary"]

    ids = {clause.id for clause in page.clauses()}

    assert ("summary_photos" in ids) == (option == "release")
    assert ("summary_no_photos" in ids) == (option != "release")
