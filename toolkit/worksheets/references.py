"""Finds names inside a worksheet that refer to nothing or to two things, and says where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from toolkit.worksheets.kinds import UNSURE
from toolkit.worksheets.model import (
    BRACES,
    WORDS_OF_BRACES,
    ClauseRule,
    Condition,
    PolicySection,
    Question,
    TableRule,
    Worksheet,
)

KeyPath = list[str | int]
"""Keys and places from the top of a worksheet down to what is meant."""

Fault = tuple[KeyPath, str]

STRAY_BRACES = re.compile(r"\{[^{}]*\}?|\}")


def wrong_names(worksheet: Worksheet) -> Iterator[Fault]:
    """Yield each way and fault: ids used twice, braces that nothing fills, names of what does not exist."""
    yield from _in_stages(worksheet)
    yield from _in_policy(worksheet)
    yield from _in_checks(worksheet)
    yield from _in_agendas(worksheet)
    yield from _in_scenarios(worksheet)


def _in_stages(worksheet: Worksheet) -> Iterator[Fault]:
    yield from _twice("stage", _ids(["stages"], worksheet.stages))
    every = [(way, question) for way, question in _question_uses(worksheet)]
    yield from _twice("question", [(way, question.id) for way, question in every])
    yield from _meanings_twice(every)
    for way, question in every:
        yield from _in_question(worksheet, way, question)


def _meanings_twice(every: Iterable[tuple[KeyPath, Question]]) -> Iterator[Fault]:
    """Yield questions with a meaning that another one has; notes are on many pages, and a revision is the same."""
    owners: dict[str, str] = {}
    for way, question in every:
        if question.meaning and question.meaning != "notes" and not question.revises:
            owner = owners.setdefault(question.meaning, question.id)
            if owner != question.id:
                yield way, f"'{owner}' has the meaning '{question.meaning}' already; only one question can have it"


def _question_uses(worksheet: Worksheet) -> Iterator[tuple[KeyPath, Question]]:
    for s, stage in enumerate(worksheet.stages):
        for q, question in enumerate(stage.questions):
            yield ["stages", s, "questions", q], question


def _in_question(worksheet: Worksheet, way: KeyPath, question: Question) -> Iterator[Fault]:
    if question.id in WORDS_OF_BRACES:
        yield way, f"'{question.id}' has a meaning of its own in braces and cannot be a question's id"
    yield from _unknown(worksheet, way, [question.revises] if question.revises else [])
    yield from _conditions(worksheet, way, question.show_if)
    yield from _twice("option", _ids([*way, "options"], question.options))
    for o, option in enumerate(question.options):
        if option.id == UNSURE:
            yield [*way, "options", o], f"'{UNSURE}' is no option's id; write 'unsure: true' beside the options"
        yield from _braces(worksheet, [*way, "options", o], (option.clause,), _clauses(worksheet))


def _in_policy(worksheet: Worksheet) -> Iterator[Fault]:
    policy = worksheet.policy
    rows = tuple(cell for row in policy.control for cell in row)
    texts = (policy.title, policy.subtitle, policy.notice, *rows)
    yield from _braces(worksheet, ["policy"], texts, _clauses(worksheet))
    yield from _twice("paper", _ids(["policy", "papers"], policy.papers))
    yield from _in_sections(worksheet, ["policy", "sections"], policy.sections)
    for p, paper in enumerate(policy.papers):
        way: KeyPath = ["policy", "papers", p]
        yield from _braces(worksheet, way, (paper.title, paper.subtitle), _clauses(worksheet))
        yield from _in_sections(worksheet, [*way, "sections"], paper.sections)


def _in_sections(worksheet: Worksheet, way: KeyPath, sections: tuple[PolicySection, ...]) -> Iterator[Fault]:
    clauses = _clauses(worksheet) | _numbered(sections)
    blocks = [
        ([*way, s, "clauses", b], block)
        for s, section_ in enumerate(sections)
        for b, block in enumerate(section_.clauses)
    ]
    yield from _twice("section", _ids(way, sections))
    yield from _twice("clause", [(path, block.id) for path, block in blocks])
    for s, section in enumerate(sections):
        yield from _conditions(worksheet, [*way, s], section.when)
        yield from _braces(worksheet, [*way, s], (section.title,), clauses)
    for path, block in blocks:
        yield from _in_block(worksheet, path, block, clauses)


def _in_block(worksheet: Worksheet, way: KeyPath, block: ClauseRule | TableRule, clauses: set[str]) -> Iterator[Fault]:
    yield from _unknown(worksheet, way, block.questions_read())
    yield from _conditions(worksheet, way, (*block.when, *block.unless))
    yield from _braces(worksheet, way, block.texts(), clauses)
    if isinstance(block, ClauseRule):
        labels = _labels(worksheet, block.bullets_from or "")
        yield from ((way, f"'covered' names no option '{id_}'") for id_ in block.covered if id_ not in labels)


def _in_checks(worksheet: Worksheet) -> Iterator[Fault]:
    checks = worksheet.checks
    yield from _twice("gap", _ids(["checks", "gaps"], checks.gaps))
    yield from _twice("caution", _ids(["checks", "cautions"], checks.cautions))
    for g, gap in enumerate(checks.gaps):
        way: KeyPath = ["checks", "gaps", g]
        within = [gap.within_days[0]] if gap.within_days else []
        yield from _unknown(worksheet, way, [*gap.questions, *gap.any_of, *within])
        yield from _conditions(worksheet, way, (*gap.when, *gap.unless))
        clauses = (*gap.clauses, *gap.any_clause)
        yield from ((way, f"there is no clause '{id_}'") for id_ in clauses if id_ not in _blocks(worksheet))
    for c, caution in enumerate(checks.cautions):
        yield from _conditions(worksheet, ["checks", "cautions", c], (*caution.when, *caution.when_not))
        yield from _unknown(worksheet, ["checks", "cautions", c], caution.answers_to)


def _in_agendas(worksheet: Worksheet) -> Iterator[Fault]:
    stages = {stage.id for stage in worksheet.stages}
    for a, agenda in enumerate(worksheet.agendas):
        for s, step in enumerate(agenda.steps):
            if step.stage and step.stage not in stages:
                yield ["agendas", a, "steps", s], f"there is no stage '{step.stage}'"


def _in_scenarios(worksheet: Worksheet) -> Iterator[Fault]:
    yield from _twice("scenario", _ids(["scenarios"], worksheet.scenarios))
    for s, scenario in enumerate(worksheet.scenarios):
        if scenario.clause and scenario.clause not in _blocks(worksheet):
            yield ["scenarios", s], f"there is no clause '{scenario.clause}'"


def _ids(way: KeyPath, entries: Iterable[object]) -> list[tuple[KeyPath, str]]:
    return [([*way, index], str(getattr(entry, "id", ""))) for index, entry in enumerate(entries)]


def _twice(what: str, named: Iterable[tuple[KeyPath, str]]) -> Iterator[Fault]:
    earlier: set[str] = set()
    for way, id_ in named:
        if id_ in earlier:
            yield way, f"the {what} id '{id_}' is used twice"
        earlier.add(id_)


def _unknown(worksheet: Worksheet, way: KeyPath, names: Iterable[str]) -> Iterator[Fault]:
    return ((way, f"there is no question '{name}'") for name in names if name not in worksheet.questions)


def _conditions(worksheet: Worksheet, way: KeyPath, conditions: Iterable[Condition]) -> Iterator[Fault]:
    for condition in conditions:
        yield from _unknown(worksheet, way, [condition.question])
        labels = _labels(worksheet, condition.question)
        for name in condition.among:
            if labels and name not in labels:
                yield way, f"question '{condition.question}' has no option '{name}'"


def _labels(worksheet: Worksheet, question: str) -> Mapping[str, str]:
    question_ = worksheet.questions.get(question)
    return question_.labels if question_ else {}


def _braces(worksheet: Worksheet, way: KeyPath, texts: Iterable[str], clauses: set[str]) -> Iterator[Fault]:
    """Yield what stands in braces and cannot be filled, and braces that are none of ours."""
    for text in texts:
        for match in BRACES.finditer(text):
            name, words = match["name"], (match["words"] or "").strip()
            if name == "see" and words not in clauses:
                yield way, f"there is no numbered clause '{words}'"
            elif name not in WORDS_OF_BRACES:
                yield from _unknown(worksheet, way, [name])
        if stray := STRAY_BRACES.search(BRACES.sub("", text)):
            yield way, f"braces hold a name in small letters or {{blank: words}}, and here stands '{stray.group()}'"


def _clauses(worksheet: Worksheet) -> set[str]:
    return _numbered(worksheet.policy.sections)


def _numbered(sections: Iterable[PolicySection]) -> set[str]:
    blocks = (block for section in sections for block in section.clauses)
    return {block.id for block in blocks if isinstance(block, ClauseRule) and block.numbered}


def _blocks(worksheet: Worksheet) -> set[str]:
    return {block.id for section in worksheet.policy.sections for block in section.clauses}
