"""What keeps people safe is in every draft, whatever is answered; nothing tells people to save an intimate picture."""

from __future__ import annotations

import datetime
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations, product
from pathlib import Path

import pytest
from pydantic import ValidationError

from toolkit.answers.agreement import positions
from toolkit.answers.model import Answer, Position
from toolkit.documents.document import Clause, Document, Section, Table, Writing, words
from toolkit.drafts import checks, paper_worksheet, policy
from toolkit.worksheets import catalog
from toolkit.worksheets.kinds import KINDS, UNSURE, Value
from toolkit.worksheets.model import (
    BRACES,
    DEPTH_OF_MINUTES,
    DEPTHS,
    ClauseRule,
    Depth,
    PolicySection,
    Question,
    Worksheet,
    at_depth,
)
from toolkit.workshop import exports

WORKSHEETS = Path(__file__).resolve().parents[2] / "worksheets"
DAY = "2026-11-25"
OWN = "We ring the bell twice"
CONTACTS = ("contact_person", "contact_backup")
STEPS = ("first_steps", "crisis_steps", "impersonation")
FLOORS = ("threats", "incident_steps", "danger_in_a_message")
BLANKS = "[phone number or email]"
SAVES = re.compile(
    r"(?:^|[:.;,(] ?|\b(?:please|then|first|must|may|can|should|shall|we|you|to) )"
    r"(?:save|screenshot|copy|download|forward|keep a (?:copy|picture)|(?:pass on|send) (?:the |a )?picture)\b",
    re.IGNORECASE,
)
REFUSES = re.compile(r"\b(?:never|not|no one|can be a crime)\b|\bask before we copy\b", re.IGNORECASE)


@pytest.fixture(scope="module", params=["sextech-2010", "supervised-visitation"])
def sheet(request: pytest.FixtureRequest) -> Worksheet:
    return catalog.worksheet(request.param)


def held(values: Mapping[str, Value]) -> dict[str, Position]:
    return {name: Position("a", name, value, "agreed", ("1", "2"), 2) for name, value in values.items()}


# What a paper says


def lines(section: Section) -> Iterator[str]:
    """Yield every paragraph, bullet, cell, box and comment of a section."""
    for block in section.blocks:
        match block:
            case Clause():
                yield from map(words, (block.parts, *block.bullets))
            case Table():
                yield from (words(cell) for row in block.rows for cell in row)
            case Writing():
                yield from (box for row in block.boxes for box in row)
        for comment in block.comments:
            yield from comment.words.splitlines()


def text(document: Document, *sections: str) -> str:
    wanted = [each for each in document.sections if not sections or each.id in sections]
    return "\n".join(line for section in wanted for line in lines(section))


def in_clause(document: Document, id_: str) -> str:
    (clause,) = [each for each in document.clauses() if each.id == id_]
    return "\n".join(map(words, (clause.parts, *clause.bullets)))


def assert_floor(said: str, sheet: Worksheet, values: Mapping[str, Value], *, staff: bool = True) -> None:
    """Fail when a crisis or incident section, or a paper, lacks something that keeps people safe."""
    assert re.search(r"\bcall 911\b", said, re.IGNORECASE)
    assert re.search(r"\bcall or text 988\b", said, re.IGNORECASE)
    assert not staff or re.search(r"\bdo not argue online\b", said, re.IGNORECASE)
    for name in CONTACTS:
        value = values.get(name)
        if not isinstance(value, Mapping):
            assert f"[{sheet.questions[name].ask}]" in said
            continue
        assert str(value.get("name", "")) in said
        assert (str(value["reach"]) if "reach" in value else BLANKS) in said


def assert_no_harmful_advice(said: str) -> None:
    assert [line for line in said.splitlines() if is_harmful(line)] == []


@cache
def is_harmful(line: str) -> bool:
    return bool(SAVES.search(line)) and not REFUSES.search(line)


def assert_safe(sheet: Worksheet, values: Mapping[str, Value], depth: Depth, given: Mapping[str, Position]) -> None:
    """Fail when the draft or a short paper of these answers lacks its floor or gives harmful advice."""
    case = policy.Case(sheet, "Elm House", given, depth, DAY)
    draft, short = policy.draft(case), policy.papers(case)
    for id_ in FLOORS:
        assert_floor(in_clause(draft, id_), sheet, values)
    assert_floor(text(short["staff_page"], "five_help"), sheet, values)
    assert_floor(text(short["client_summary"]), sheet, values, staff=False)
    check = text(short[exports.CHECKLIST])
    assert all(each in check for each in ("911", "call or text 988", "do not argue online", "intimate picture"))
    for document in (draft, *short.values()):
        assert_no_harmful_advice(text(document))


# What people may answer


PERSON: Mapping[str, Value] = {"name": "R. Castellano", "role": "compliance lead", "reach": "734-555-0117"}


def levels(question: Question) -> list[Value]:
    """Return what somebody may answer, None for nothing: each option alone, all, own words, unsure."""
    options: list[Value] = [option.id for option in question.options]
    other: list[Value] = [{"other": OWN}] if question.other else []
    unsure: list[Value] = [UNSURE] if question.unsure else []
    match question.kind:
        case "choices" | "ranking":
            alone: list[Value] = [[each] for each in (*options, *other, *unsure)]
            return [None, *alone, [*options, *other]]
        case "choice":
            return [None, *options, *other, *unsure]
        case "yes_no_unsure":
            return [None, "yes", "no", "unsure"]
        case "contact":
            return [None, {"name": "Kim"}, {"role": "Director"}, dict(PERSON)]
        case "date":
            return [None, "2025-01-01", "2027-03-01"]
        case "list":
            return [None, [OWN], [OWN, "Another thing"]]
    return [None, OWN]


def test_every_kind_of_answer_has_its_levels(sheet: Worksheet) -> None:
    assert {question.kind for question in sheet.questions.values()} <= KINDS.keys()
    for question in sheet.questions.values():
        for value in levels(question):
            if value is not None:
                assert question.clean_value(value) is not None


@pytest.mark.slow
@pytest.mark.parametrize("depth", DEPTHS)
def test_any_single_answer_leaves_the_floor(sheet: Worksheet, depth: Depth) -> None:
    for name, question in sheet.questions.items():
        if question.depth == depth or name in (*CONTACTS, *STEPS):
            for value in levels(question):
                values = {name: value} if value is not None else {}
                assert_safe(sheet, values, depth, held(values))


Pair = tuple[tuple[str, int], tuple[str, int]]


def feeding(sheet: Worksheet) -> Iterator[set[str]]:
    """Yield, for each clause, the questions that it hangs on, together with those that any floor names."""
    for section in sheet.policy.sections:
        for rule in section.clauses:
            conditions = (*rule.when, *rule.unless)
            asked = {*rule.questions_read(), *(each.question for each in conditions)}
            options = [option for name in asked for option in sheet.questions[name].options]
            asked |= {match["name"] for option in options for match in BRACES.finditer(option.clause)}
            yield asked & sheet.questions.keys()
    yield {*CONTACTS, *STEPS, "crisis_contact"}


def covering(sheet: Worksheet) -> Iterator[dict[str, Value]]:
    """Yield answers to all questions, until each pair of answers that meets in one clause was there once."""
    choice = random.Random(9)
    every = {name: levels(question) for name, question in sheet.questions.items()}
    open_pairs: dict[Pair, None] = {}
    for group in feeding(sheet):
        for one, other in combinations(sorted(group), 2):
            for pair in product(range(len(every[one])), range(len(every[other]))):
                open_pairs[(one, pair[0]), (other, pair[1])] = None
    assert len(open_pairs) > 500
    while open_pairs:
        chosen: dict[str, int] = {}
        for pair in open_pairs:
            if all(chosen.get(name, at) == at for name, at in pair):
                chosen |= dict(pair)
        rest = {name: choice.randrange(len(given)) for name, given in every.items() if name not in chosen}
        chosen |= rest
        open_pairs = {pair: None for pair in open_pairs if any(chosen[name] != at for name, at in pair)}
        values = {name: every[name][at] for name, at in chosen.items()}
        yield {name: value for name, value in values.items() if value is not None}


@pytest.mark.slow
def test_any_pair_of_answers_that_meet_in_a_clause_leaves_the_floor(sheet: Worksheet) -> None:
    rows = list(covering(sheet))
    assert len(rows) > 20
    for place, values in enumerate(rows):
        for depth in DEPTHS if place % 8 == 0 else DEPTHS[-1:]:  # the deep draft holds the clauses of the others too
            assert_safe(sheet, values, depth, held(values))


def test_everything_ticked_leaves_the_floor(sheet: Worksheet) -> None:
    values = {name: levels(question)[-1] for name, question in sheet.questions.items()}
    for depth in DEPTHS:
        assert_safe(sheet, values, depth, held(values))


# Ties


def answered(sheet: Worksheet, name: str, said: Sequence[Value]) -> dict[str, Position]:
    answers = [Answer(f"{name}{n}", "a", f"p{n}", name, value) for n, value in enumerate(said)]
    return positions(sheet, "a", answers)


def tied(sheet: Worksheet) -> dict[str, Position]:
    """Return positions in which every question that can be tied is."""
    found: dict[str, Position] = {}
    for name, question in sheet.questions.items():
        sides = [value for value in levels(question) if value is not None][:3]
        position = answered(sheet, name, sides)[name] if len(sides) > 1 else Position("a", name)
        found[name] = position
    return found


def test_ties_leave_the_floor(sheet: Worksheet) -> None:
    given = tied(sheet)
    assert sum(position.status == "tied" for position in given.values()) > 80
    for depth in DEPTHS:
        values = {name: position.value for name, position in given.items() if position.value is not None}
        assert_safe(sheet, values, depth, given)
        for name in STEPS:
            assert_safe(sheet, {}, depth, {name: given[name]})


@pytest.mark.parametrize("name", STEPS)
def test_a_tie_over_steps_is_one_list_with_counts_in_the_worksheets_order(sheet: Worksheet, name: str) -> None:
    options = [option.id for option in sheet.questions[name].options]
    said: list[Value] = [[options[4], options[2]], [options[3]], [options[4], {"other": OWN}], [options[3], options[5]]]
    position = answered(sheet, name, said)[name]
    assert position.status == "tied"
    draft = policy.draft(policy.Case(sheet, "Elm House", {name: position}, "deep", DAY))
    (clause,) = [c for c in draft.clauses() if name in c.answers and c.id not in FLOORS]
    rule = next(rule for section in sheet.policy.sections for rule in section.clauses if rule.id == clause.id)
    assert isinstance(rule, ClauseRule)
    counts = {options[2]: 1, options[3]: 2, options[4]: 2, options[5]: 1}
    labels = sheet.questions[name].labels
    above = {o: ", already in the steps above" if o in rule.covered else "" for o in options}
    wanted = [f"{labels[o]} ({counts[o]} of 4{above[o]})" for o in options if o in counts]
    assert [words(each) for each in clause.bullets] == [
        *wanted,
        f"{OWN} (1 of 4)",
        f"[{sheet.questions[name].ask}]",
    ]
    assert not clause.steps


def adding(sheet: Worksheet) -> Iterator[tuple[ClauseRule, Question]]:
    """Yield each clause that adds answers to a floor, with its question."""
    for section in sheet.policy.sections:
        for rule in section.clauses:
            if isinstance(rule, ClauseRule) and rule.covered and rule.bullets_from:
                yield rule, sheet.questions[rule.bullets_from]


@pytest.mark.slow
def test_a_tie_between_any_two_answers_shows_both_sides_or_is_in_the_floor(sheet: Worksheet) -> None:
    rules = list(adding(sheet))
    assert {question.id for _, question in rules} == set(STEPS)
    for rule, question in rules:
        single: list[Value] = [option.id for option in question.options]
        sides = [*([each] for each in single), [{"other": OWN}], [UNSURE], list(rule.covered), single[:3]]
        for one, other in combinations(sides, 2):
            given = answered(sheet, question.id, [one, other])
            draft = policy.draft(policy.Case(sheet, "Elm House", given, "deep", DAY))
            chosen = [*one, *other]
            found = [clause for clause in draft.clauses() if clause.id == rule.id]
            position = given[question.id]
            if all(each in rule.covered for each in (chosen if position.status == "tied" else position.value or [])):
                assert found == []
                continue
            bullets = [words(bullet) for bullet in found[0].bullets]
            assert all(bullets)
            if position.status != "tied":
                continue
            for each in chosen:
                text_of = OWN if isinstance(each, Mapping) else {**question.labels, UNSURE: "To be settled"}[str(each)]
                (line,) = [bullet for bullet in bullets if bullet.startswith(text_of) and " of 2" in bullet]
                assert ("already in the steps above" in line) is (each in rule.covered)


def test_a_floor_is_never_called_undecided(sheet: Worksheet) -> None:
    for given in ({}, tied(sheet), held({"contact_person": {"name": "Kim"}})):
        draft = policy.draft(policy.Case(sheet, "Elm House", given, "deep", DAY))
        assert {clause.readiness for clause in draft.clauses() if clause.id in FLOORS} == {"ready"}


def test_what_the_floor_says_is_not_said_twice(sheet: Worksheet) -> None:
    ticked: dict[str, Value] = {"crisis_steps": ["call_911", "offer_988"], "first_steps": ["tell_contact", "learn"]}
    draft = policy.draft(policy.Case(sheet, "Elm House", held(ticked), "deep", DAY))
    found = {clause.id: [words(each) for each in clause.bullets] for clause in draft.clauses()}
    assert "crisis_list" not in found
    assert found["first_steps_list"] == ["Write down what we learned"]


# The worksheet on paper


@pytest.mark.parametrize("minutes", DEPTH_OF_MINUTES)
def test_the_worksheet_on_paper_says_what_stands_in_every_draft(sheet: Worksheet, minutes: int) -> None:
    printed = paper_worksheet.paper(sheet, minutes)
    assert re.search(r"call 911.*call or text 988", text(printed, "paper_front"))
    assert_no_harmful_advice(text(printed))
    asked = {clause.id: words(clause.parts) for clause in printed.clauses() if clause.id.startswith("paper_")}
    for name in STEPS:
        said = asked.get(f"paper_{name}", "")
        assert bool(said) is at_depth(DEPTH_OF_MINUTES[minutes], sheet.questions[name].depth)
        for part in ("911", "call or text 988", "contact person", "backup", "do not argue online") if said else ():
            assert part in said


def test_no_card_script_reason_or_risk_gives_harmful_advice(sheet: Worksheet) -> None:
    said = [*(script.say for script in sheet.scripts), *(step.say for each in sheet.agendas for step in each.steps)]
    said += [line for card in sheet.scenarios for line in (card.story, *card.prompts)]
    said += [
        line
        for question in sheet.questions.values()
        for option in question.options
        for line in (question.help, question.example, option.label, option.clause, option.reason, option.risk)
    ]
    said += [line for gap in sheet.checks.gaps for line in (gap.says, gap.mend)]
    said += [line for caution in sheet.checks.cautions for line in (caution.why, caution.narrower)]
    assert_no_harmful_advice("\n".join(sentence for line in said for sentence in re.split(r"(?<=[.?!]) ", line)))


def test_the_option_of_today_still_works(sheet: Worksheet) -> None:
    assert sheet.questions["impersonation"].clean_value(["screenshot", "report_it"]) == ["screenshot", "report_it"]
    assert sheet.questions["first_steps"].clean_value(["save_proof"]) == ["save_proof"]


# The mechanism


def test_a_floor_hangs_on_nothing() -> None:
    waits = [{"question": "who"}]
    for key, value in {
        "when": waits, "unless": waits, "depth": "deep", "reads": "skip", "bullets_from": "who", "decision": "who",
    }.items():  # fmt: skip
        with pytest.raises(ValidationError, match="is a floor: it takes no"):
            ClauseRule.model_validate({"id": "a", "floor": True, "text": "" if key == "decision" else "A", key: value})
    for key, value in {"when": waits, "unless": waits, "depth": "deep"}.items():
        clause = {"id": "a", "floor": True, "text": "A"}
        with pytest.raises(ValidationError, match="holds a floor"):
            PolicySection.model_validate({"id": "s", "title": "S", "clauses": [clause], key: value})


def test_the_floors_are_in_every_worksheet(sheet: Worksheet) -> None:
    assert floors(sheet.policy.sections) == set(FLOORS)
    short = set().union(*(floors(each.sections) for each in sheet.policy.papers))
    assert short == {"five_today", "five_backup", "summary_messages", "summary_looking"}


def floors(sections: Sequence[PolicySection]) -> set[str]:
    rules = [rule for section in sections for rule in section.clauses]
    return {rule.id for rule in rules if isinstance(rule, ClauseRule) and rule.floor}


@pytest.mark.parametrize("words", ["none", "-", "n/a", "I do not know", "nobody"])
def test_a_contact_that_is_none_leaves_a_blank_and_a_gap(sheet: Worksheet, words: str) -> None:
    for value in ({"name": "Ann Lee", "reach": words}, {"reach": words}, {"name": words}):
        given = held(dict.fromkeys(CONTACTS, value))
        case = policy.Case(sheet, "Elm House", given, "core", DAY)
        named = "Ann Lee" if "name" in value and value["name"] == "Ann Lee" else ""
        for id_ in FLOORS:
            clause = in_clause(policy.draft(case), id_)
            assert f"all {words}" not in clause
            assert f", {words}" not in clause
            assert (
                (named in clause and BLANKS in clause) if named else f"[{sheet.questions[CONTACTS[0]].ask}]" in clause
            )
        found = checks.gaps(sheet, case.values, "core", datetime.date.fromisoformat(DAY))
        assert "gap_17_contact" in {gap.rule for gap in found}
