"""What the checks say is true: of the organization's own people, of gaps that are closed, of each option chosen."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from toolkit import drafting, policy
from toolkit.answer import Dissent, Position
from toolkit.checks import Said, cautions, gaps
from toolkit.document import Table, words
from toolkit.kinds import UNSURE, Value
from toolkit.worksheet import DEPTHS, Condition, Depth, GapRule, Question, Worksheet, at_depth, holds
from toolkit.worksheet_file import read

WORKSHEETS = Path(__file__).resolve().parent.parent / "worksheets"
TODAY = datetime.date(2026, 11, 25)
IN_A_YEAR = "2027-06-01"
PEOPLE = [
    {"name": "R. Castellano", "role": "compliance lead", "reach": "734-555-0117"},
    {"name": "Kim Lund", "role": "program manager", "reach": "(313) 555-0142 or kim.lund@elmhouse.org"},
    {"name": "Nguyễn Thị Hoa", "role": "on-call advocate", "reach": "+1 734 555 0199"},
    {"name": "María-José O'Brien", "role": "Client services director", "reach": "mj.obrien@elmhouse.org, 734.555.0123"},
    {"name": "Dana", "role": "", "reach": "14"},
    {"name": "", "role": "Mother and child program lead", "reach": "7345550117"},
    {"name": "Li Wei", "role": "board chair", "reach": "555-0117"},
]


@pytest.fixture(scope="module", params=["sextech-2010", "supervised-visitation"])
def sheet(request: pytest.FixtureRequest) -> Worksheet:
    return read(WORKSHEETS / request.param)


def case(sheet: Worksheet, values: Mapping[str, Value], depth: Depth = "deep") -> policy.Case:
    held = {name: Position("a", name, value, "agreed", ("1", "2"), 2) for name, value in values.items()}
    return policy.Case(sheet, "Elm House", held, depth, TODAY.isoformat())


# The organization's own people


def contacts(sheet: Worksheet, first: int) -> dict[str, Value]:
    asked = [name for name, question in sheet.questions.items() if question.kind == "contact"]
    return {name: dict(PEOPLE[(first + place) % len(PEOPLE)]) for place, name in enumerate(asked)}


def ticked(sheet: Worksheet, place: int) -> dict[str, Value]:
    """Return an answer to every question with options: the option at this place, around and around."""
    found: dict[str, Value] = {}
    for name, question in sheet.questions.items():
        if question.options:
            option: Value = question.options[place % len(question.options)].id
            found[name] = [option] if question.kind in ("choices", "ranking") else option
        elif question.kind == "yes_no_unsure":
            found[name] = ("yes", "no")[place % 2]
    return found


@pytest.mark.parametrize("place", range(len(PEOPLE)))
def test_the_organizations_own_people_are_never_called_client_details(sheet: Worksheet, place: int) -> None:
    values = {**ticked(sheet, place), **contacts(sheet, place)}
    values["about_us"] = [option.id for option in sheet.questions["about_us"].options]
    for depth in DEPTHS:
        found = drafting.cautions(case(sheet, values, depth))
        assert [(each.rule, each.place, each.found) for each in found if each.rule.startswith("c1_")] == []


@pytest.mark.parametrize("written", ["734-555-0117", "(734) 555-0117", "734.555.0117", "7345550117", "+1 734 555 0117"])
def test_a_contacts_number_is_theirs_however_and_wherever_it_is_written(sheet: Worksheet, written: str) -> None:
    values: dict[str, Value] = {
        "contact_person": dict(PEOPLE[0]),
        "first_step": f"Print cards with our number, {written}, and hang them up.",
        "field_specific": [f"Call {written} before you post"],
    }
    found = drafting.cautions(case(sheet, values))
    assert [each.found for each in found if each.rule.startswith("c1_")] == []


def test_a_work_email_of_a_contact_is_theirs_wherever_it_stands(sheet: Worksheet) -> None:
    values: dict[str, Value] = {
        "contact_backup": dict(PEOPLE[1]),
        "first_step": "Write to Kim.Lund@elmhouse.org about the training.",
    }
    assert [each.rule for each in drafting.cautions(case(sheet, values)) if each.rule.startswith("c1_")] == []


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("Her number is 734-555-0118", "c1_phone"),
        ("Write to kim.lund@other.example", "c1_email"),
        ("Dana, 15, told us", "c1_name_age"),
        ("The client R. C. came", "c1_initials"),
        ("555-0117 is too short a part: 989-555-0118", "c1_phone"),
    ],
)
def test_other_peoples_details_are_found_beside_the_contacts(sheet: Worksheet, said: str, rule: str) -> None:
    called = [words for person in PEOPLE[:5] for words in [", ".join(part for part in person.values() if part)]]
    found = cautions(sheet, [Said("first_step", said, "long_text")], {}, called)
    assert rule in {each.rule for each in found}


# Gaps


def closing(sheet: Worksheet, rule: GapRule, question: Question) -> Iterator[Value]:
    """Yield every answer to a question that settles it: each option alone, own words, each part of a person."""
    parts = set(rule.parts)
    if rule.within_days and question.id == rule.within_days[0]:
        yield from ("2026-11-25", IN_A_YEAR)
    elif question.kind == "contact":
        yield from ({"name": "Kim", "reach": "734-555-0117"}, {"role": "Director", "reach": "kim@elmhouse.org"})
        yield from () if parts else ({"name": "Kim"}, {"role": "Director"})
    elif question.kind in ("choices", "ranking"):
        every = [option.id for option in question.options]
        yield every
        yield from () if parts else ([each] for each in every)
        yield from [[*rule.parts, {"other": "And more"}]] if question.other else []
    elif question.kind == "choice":
        yield from (option.id for option in question.options)
        yield from [{"other": "As we see fit"}] if question.other else []
    elif question.kind == "yes_no_unsure":
        yield from ("yes", "no")
    else:
        yield {"date": IN_A_YEAR, "list": ["One thing"]}.get(question.kind, "Some words")


def opened(sheet: Worksheet, conditions: tuple[Condition, ...]) -> Iterator[dict[str, Value]]:
    """Yield answers that make one of the conditions hold, each option in turn; nothing when there is none."""
    if not conditions:
        yield {}
    for condition in conditions:
        question = sheet.questions.get(condition.question)
        for option in condition.among if question else ():
            many = question is not None and question.kind == "choices"
            yield {condition.question: [option] if many else option}


def asked(sheet: Worksheet, rule: GapRule) -> list[Question]:
    names = (*rule.questions, *rule.any_of, *(rule.within_days or ())[:1])
    return [sheet.questions[str(name)] for name in names if name in sheet.questions]


def shown(sheet: Worksheet, questions: list[Question], values: dict[str, Value]) -> dict[str, Value]:
    """Return the answers with all that these questions hang on."""
    for question in questions:
        if question.show_if and not holds(question.show_if, values):
            for more in opened(sheet, question.show_if[:1]):
                for name, value in more.items():
                    given = values.get(name)
                    values[name] = [*given, *value] if isinstance(given, list) and isinstance(value, list) else value
                break
    return values


def test_a_gap_is_closed_by_every_answer_that_the_worksheet_offers(sheet: Worksheet) -> None:
    tried = 0
    for rule in sheet.checks.gaps:
        questions = asked(sheet, rule)
        for before in opened(sheet, rule.when):
            base = shown(sheet, questions, dict(before))
            base |= {each.id: next(closing(sheet, rule, each)) for each in questions}
            for question in questions:
                for value in closing(sheet, rule, question):
                    found = {gap.rule for gap in gaps(sheet, {**base, question.id: value}, "deep", TODAY)}
                    assert rule.id not in found, (rule.id, question.id, value)
                    tried += 1
    assert tried > 300


def test_a_gap_is_there_before_its_answer_is(sheet: Worksheet) -> None:
    for rule in sheet.checks.gaps:
        questions = asked(sheet, rule)
        for before in opened(sheet, rule.when) if questions else ():
            base = shown(sheet, questions, dict(before))
            assert rule.id in {gap.rule for gap in gaps(sheet, base, rule.depth, TODAY)} or any(
                not at_depth(rule.depth, each.depth) for each in questions
            ), rule.id


def test_no_clause_that_a_gap_asks_for_is_lost_by_an_answer(sheet: Worksheet) -> None:
    """A rule that is closed by clauses is closed by every draft, whatever is ticked: another clause takes over."""
    rules = {rule.id for rule in sheet.checks.gaps if (rule.clauses or rule.any_clause) and not asked(sheet, rule)}
    assert len(rules) > 5
    for depth in DEPTHS:
        for name, question in sheet.questions.items():
            options: list[Value] = [o.id for o in question.options if at_depth(depth, question.depth)]
            given = [*options, *([{"other": "Ours"}] if question.other else []), *([UNSURE] if question.unsure else [])]
            for option in given:
                value: Value = [option] if question.kind in ("choices", "ranking") else option
                found = {gap.rule for gap in gaps(sheet, case(sheet, {name: value}, depth).values, depth, TODAY)}
                assert not rules & found, (name, value)


# What a message says of a choice


def test_a_gap_of_several_questions_does_not_say_that_all_of_them_are_open(sheet: Worksheet) -> None:
    several = [rule for rule in sheet.checks.gaps if len(rule.questions) > 1]
    assert len(several) > 8
    assert [rule.says for rule in several if " or " not in rule.says and "all four" not in rule.says] == []


@pytest.mark.parametrize(
    ("choice", "never_said"),
    [
        ({"ai_client_data": "general_use"}, "Client information may go"),
        ({"ai_client_data": "approved_tools"}, "anybody can use"),
        ({"ai_client_data": "never"}, "allows"),
    ],
)
def test_a_finding_never_says_the_opposite_of_a_choice(
    sheet: Worksheet, choice: dict[str, Value], never_said: str
) -> None:
    said = [gap.says for gap in gaps(sheet, choice, "deep", TODAY) if gap.rule.startswith("c10_")]
    assert [each for each in said if never_said in each] == []


def test_the_larger_agencys_policy_is_no_gap_where_it_was_looked_for_and_there_is_none(sheet: Worksheet) -> None:
    if "program_place" in sheet.questions:
        values: dict[str, Value] = {"about_us": ["umbrella"], "program_place": "umbrella_without"}
        assert "g2_parent_policy" not in {gap.rule for gap in gaps(sheet, values, "deep", TODAY)}


@pytest.mark.parametrize(
    "words_", ["Screenshot the nude photo and send it to the lead", "Save intimate pictures as proof"]
)
def test_own_words_about_saving_an_intimate_picture_are_flagged(sheet: Worksheet, words_: str) -> None:
    values: dict[str, Value] = {"first_steps": [{"other": words_}]}
    found = drafting.cautions(case(sheet, values))
    assert ("c11_intimate_picture", "error") in {(each.rule, each.severity) for each in found}


# Views that could tell on somebody


def test_other_views_of_what_the_organization_is_stay_out_of_the_draft(sheet: Worksheet) -> None:
    profile = [question for question in sheet.questions.values() if question.profile]
    assert {"about_us", "employer", "states"} <= {question.id for question in profile}
    dissent = (Dissent("Some of us are or were clients", "Voice 1", "I was one"),)
    for question in profile:
        options: list[Value] = [option.id for option in question.options] or ["Michigan"]
        value: Value = options[0] if question.kind == "choice" else options[:1]
        sides = (options[:1], options[1:3], options[:2])
        held = Position("a", question.id, value, "proposed", ("1",), 3, dissent, (), ("Voice 2",))
        tie = Position("a", question.id, None, "tied", ("1", "2"), 3, dissent, sides, ("Voice 1", "Voice 2"))
        for position in (held, tie):
            draft = policy.draft(policy.Case(sheet, "Elm House", {question.id: position}, "deep", TODAY.isoformat()))
            assert "minority_views" not in {section.id for section in draft.sections}
            assert [comment for _, comment in draft.comments() if comment.kind == "dissent"] == []
            (record,) = [b for s in draft.sections for b in s.blocks if b.id == "record_table" and isinstance(b, Table)]
            (row,) = record.rows
            lines = words(row[1]).splitlines()
            assert len(lines) == len(set(lines))
            assert "Voice" not in words(row[2])
            assert "voice" not in words(row[2])
