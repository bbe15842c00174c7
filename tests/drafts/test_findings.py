"""What the checks say is true: of the organization's own people, of gaps that are closed, of each option chosen."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from toolkit.answers.model import Dissent, Position
from toolkit.documents.document import Table, words
from toolkit.drafts import policy
from toolkit.drafts.checks import Caution, CheckedText, cautions, document_texts, gaps
from toolkit.worksheets import catalog
from toolkit.worksheets.kinds import UNSURE, Value
from toolkit.worksheets.model import DEPTHS, Condition, Depth, GapRule, Question, Worksheet, at_depth, holds
from toolkit.worksheets.references import wrong_names
from toolkit.workshop import exports

WORKSHEETS = Path(__file__).resolve().parents[2] / "worksheets"
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
    return catalog.worksheet(request.param)


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
        found = exports.cautions(case(sheet, values, depth))
        assert [(each.rule, each.place, each.found) for each in found if each.rule.startswith("c1_")] == []


@pytest.mark.parametrize("written", ["734-555-0117", "(734) 555-0117", "734.555.0117", "7345550117", "+1 734 555 0117"])
def test_a_contacts_number_is_theirs_however_and_wherever_it_is_written(sheet: Worksheet, written: str) -> None:
    values: dict[str, Value] = {
        "contact_person": dict(PEOPLE[0]),
        "first_step": f"Print cards with our number, {written}, and hang them up.",
        "field_specific": [f"Call {written} before you post"],
    }
    found = exports.cautions(case(sheet, values))
    assert [each.found for each in found if each.rule.startswith("c1_")] == []


def test_a_work_email_of_a_contact_is_theirs_wherever_it_stands(sheet: Worksheet) -> None:
    values: dict[str, Value] = {
        "contact_backup": dict(PEOPLE[1]),
        "first_step": "Write to Kim.Lund@elmhouse.org about the training.",
    }
    assert [each.rule for each in exports.cautions(case(sheet, values)) if each.rule.startswith("c1_")] == []


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
    found = cautions(sheet, [CheckedText("first_step", said, "long_text")], {}, called)
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


@pytest.mark.slow
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
    found = exports.cautions(case(sheet, values))
    assert ("c11_intimate_picture", "error") in {(each.rule, each.severity) for each in found}


STEPS = ("crisis_steps", "first_steps", "impersonation")
SAFETY_RULES = ("c11_intimate_picture", "c11_picture_in_steps", "c5_against_help", "c5_argue_online")
AGAINST_THE_FLOOR = [
    ("Save the picture and send it to me", "c11_picture_in_steps"),
    ("Forward it to the supervisor", "c11_picture_in_steps"),
    ("Save the private photos of the teen", "c11_picture_in_steps"),
    ("Screenshot the nude and send it to the director, not to the police", "c11_intimate_picture"),
    ("Never delete the intimate picture: save it", "c11_intimate_picture"),
    ("Guarde la foto íntima y envíela a la directora", "c11_intimate_picture"),
    ("Never delete the intimate picture: save it", "c11_picture_in_steps"),
    ("Do not forward the picture, save it", "c11_picture_in_steps"),
    ("Do not forget to save the picture", "c11_picture_in_steps"),
    ("Keep a copy of the picture for the police", "c11_picture_in_steps"),
    ("Keep it as proof", "c11_picture_in_steps"),
    ("Take a screenshot of it", "c11_picture_in_steps"),
    ("Pass it on to the lead", "c11_picture_in_steps"),
    ("Never wait: copy the video", "c11_picture_in_steps"),
    ("Print the image. Then call us.", "c11_picture_in_steps"),
    ("Guárdela en el teléfono", "c11_picture_in_steps"),
    ("We save the picture; sharing it is a crime", "c11_picture_in_steps"),
    ("If you see it, save the picture", "c11_picture_in_steps"),
    ("Do not post it but save it", "c11_picture_in_steps"),
    ("Text it to the police", "c11_picture_in_steps"),
    ("No borre la foto: guárdela", "c11_picture_in_steps"),
    ("911 should not be called", "c5_against_help"),
    ("Nobody calls 911 without the director", "c5_against_help"),
    ("Don't bother calling 988", "c5_against_help"),
    ("Wait with calling 911 until the director says so", "c5_against_help"),
    ("Keep it from the contact person", "c5_against_help"),
    ("Discuta con ellos en línea", "c5_argue_online"),
    ("Do not call 911", "c5_against_help"),
    ("Never text 988", "c5_against_help"),
    ("Don't tell the contact person", "c5_against_help"),
    ("Call the director before you call 911", "c5_against_help"),
    ("Call me instead of 911", "c5_against_help"),
    ("No llame al 911", "c5_against_help"),
    ("Do not tell them to call 988", "c5_against_help"),
    ("Do not call or text 988", "c5_against_help"),
    ("Only the director may call 911", "c5_against_help"),
    ("Argue online until they take it down", "c5_argue_online"),
    ("Do not give in: argue with them", "c5_argue_online"),
    ("Fight back in the comments", "c5_argue_online"),
]
WITH_THE_FLOOR = [
    "Do not save, copy or forward the picture",
    "Never save it",
    "Never open, save or forward it",
    "We do not look at, save or share the image",
    "Never look at it, save it or send it",
    "No guarde ni envíe la foto",
    "Don't wait: call 911",
    "Save the link, not the picture",
    "Note the link, the account and the time",
    "Keep evidence of threats",
    "Screenshot the fake account",
    "Call 911 if someone is in danger",
    "Do not argue online",
    "We never argue",
    "Never save it, copy it or pass it on",
    "Do not save the picture or send it to anyone",
    "No one may save or share the picture",
    "Never ask anyone to send the picture",
    "To save or send the picture can be a crime",
    "Saving it is a crime",
    "Send the link to the contact person",
    "Save the link to the picture",
    "Save the picture's link",
    "Save what you see, but never an intimate picture",
    "Delete every copy of the picture",
    "Keep no copy of the picture",
    "If someone shared the picture, tell them to stop",
    "Find out who is sharing it",
    "Send them the hotline number",
    "Keep it short",
    "Keep the picture off our pages",
    "Do not pass it on",
    "No guarde la foto",
    "Don’t save them",
    "Do not hesitate to call 911",
    "Never wait to call 911",
    "Do not just call 911: stay with them",
    "Stay until 911 arrives",
    "Call 911, not the office",
    "If you do not know, call 911",
    "Call the contact person. If you cannot, call the backup",
    "If they argue, step away",
    "Do not answer, explain or argue online",
    "Do not reply or argue",
    "No arguing",
    "Ask the service to take it down",
    "Share our number",
]


def safety_rules(found: Iterable[Caution]) -> set[str]:
    return {each.rule for each in found if each.rule in SAFETY_RULES}


def while_writing(sheet: Worksheet, said: str) -> list[set[str]]:
    """Return the safety rules that are named while somebody writes this as a step, for each question."""
    return [safety_rules(exports.while_writing(case(sheet, {}), name, [{"other": said}])) for name in STEPS]


def in_drafts(sheet: Worksheet, steps: list[str]) -> Iterator[tuple[str, set[str]]]:
    """Yield each step as it stands in the draft, for each question, with the safety rules that are named there."""
    for name in STEPS:
        own: Value = [{"other": step} for step in steps]
        lines = [each for each in document_texts(policy.draft(case(sheet, {name: own}))) if each.words in steps]
        assert len({each.words for each in lines}) == len(set(steps))
        yield from ((each.words, safety_rules(cautions(sheet, [each], {}))) for each in lines)


def test_own_words_against_the_safety_floor_get_a_caution_in_the_form_and_in_the_draft(sheet: Worksheet) -> None:
    for said, rule in AGAINST_THE_FLOOR:
        assert all(rule in found for found in while_writing(sheet, said)), (said, rule)
    wanted: dict[str, set[str]] = {}
    for said, rule in AGAINST_THE_FLOOR:
        wanted.setdefault(said, set()).add(rule)
    missed = [(said, wanted[said] - found) for said, found in in_drafts(sheet, list(wanted)) if wanted[said] - found]
    assert missed == []


def test_own_words_with_the_safety_floor_get_none(sheet: Worksheet) -> None:
    assert [said for said in WITH_THE_FLOOR if any(while_writing(sheet, said))] == []
    assert [(said, found) for said, found in in_drafts(sheet, WITH_THE_FLOOR) if found] == []


def test_what_the_worksheet_offers_as_a_step_gets_no_caution(sheet: Worksheet) -> None:
    every: dict[str, Value] = {name: [option.id for option in sheet.questions[name].options] for name in STEPS}
    for depth in DEPTHS:
        found = exports.cautions(case(sheet, every, depth))
        assert [(each.rule, each.place, each.found) for each in found if each.rule in SAFETY_RULES] == []
    for rule in sheet.checks.cautions:
        if rule.id in SAFETY_RULES:
            assert not any(while_writing(sheet, rule.narrower)), rule.id


def test_a_rule_about_steps_looks_at_no_other_question(sheet: Worksheet) -> None:
    values: dict[str, Value] = {
        "first_step": "Save the picture of our team and send it around",
        "first_steps": ["learn"],
    }
    assert [each for each in exports.cautions(case(sheet, values)) if each.rule in SAFETY_RULES] == []


def test_a_rule_about_a_question_that_is_not_asked_is_a_fault(sheet: Worksheet) -> None:
    rule = next(each for each in sheet.checks.cautions if each.answers_to)
    lost = rule.model_copy(update={"answers_to": ("no_such_question",)})
    broken = sheet.model_copy(update={"checks": sheet.checks.model_copy(update={"cautions": (lost,)})})
    assert "there is no question 'no_such_question'" in [said for _, said in wrong_names(broken)]


def test_a_caution_quotes_the_very_words_beside_what_it_passes_over(sheet: Worksheet) -> None:
    said = [CheckedText("impersonation", "Never post the photo: save it", "choices")]
    found = [each.found for each in cautions(sheet, said, {}) if each.rule == "c11_picture_in_steps"]
    assert found == ["save it"]


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
