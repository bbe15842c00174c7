"""Turns one rule of the policy into a clause or a table, with its comments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from toolkit.answers.model import Dissent, Position
from toolkit.documents.document import Blank, Clause, Comment, Parts, Table, Text
from toolkit.drafts.case import Case, behind, is_unsure, parts_of, readiness, split_words, words_of
from toolkit.worksheets.kinds import KINDS, OTHER, UNSURE, Value, as_text
from toolkit.worksheets.model import BRACES, ClauseRule, Option, Question, TableRule


def clause(case: Case, rule: ClauseRule) -> Clause:
    """Return the clause that a rule makes for this case."""
    body, bullets = _decided(case, rule) if rule.decision else (parts_of(case, rule.text, reachable=rule.floor), ())
    lead = (Text(words_of(case, rule.lead) + " ", strong=True),) if rule.lead else ()
    questions = tuple(dict.fromkeys((*rule.questions_read(), *_questions_of(case, rule))))
    return Clause(
        rule.id,
        (*lead, *body),
        (
            *bullets,
            *(parts_of(case, bullet, reachable=rule.floor) for bullet in rule.bullets),
            *_items(case, rule.bullets_from, rule.covered),
        ),
        rule.steps,
        tuple(_comments(case, rule, questions)),
        "ready" if rule.floor else readiness(case, questions),
        questions,
        rule.numbered,
        rule.style,
    )


def _questions_of(case: Case, rule: ClauseRule) -> list[str]:
    """Return the questions that the chosen option's own wording reads."""
    option = _chosen_option(case, rule)
    names = [match["name"] for match in BRACES.finditer(option.clause)] if option else []
    return [name for name in names if name in case.worksheet.questions]


def _chosen_option(case: Case, rule: ClauseRule) -> Option | None:
    if rule.decision is None:
        return None
    return case.worksheet.questions[rule.decision].option(case.position(rule.decision).value)


def _decided(case: Case, rule: ClauseRule) -> tuple[Parts, tuple[Parts, ...]]:
    """Return the wording that the organization chose, or a blank with what stands against each other."""
    name = rule.decision or ""
    question, position = case.worksheet.questions[name], case.position(name)
    if position.status == "tied":
        wordings = tuple(_side(case, question, value) for value in position.tied)
        return (Text("Not decided: the group is split. "), Blank(name, question.ask)), wordings
    if position.value is None:
        return (Text("Not decided yet. "), Blank(name, question.ask)), ()
    if isinstance(position.value, list):
        return (), tuple(_wording(case, question, choice) for choice in position.value)
    return _wording(case, question, position.value), ()


def _side(case: Case, question: Question, value: Value) -> Parts:
    """Return one of the answers that stand against each other; several choices are read together."""
    if not isinstance(value, list):
        return _wording(case, question, value)
    if not any(option.clause for option in question.options):
        return (Text(as_text(question.kind, value, question.labels)),)
    wordings = [(*_wording(case, question, choice), Text(" ")) for choice in value]
    return tuple(part for parts in wordings for part in parts)[:-1]


def _wording(case: Case, question: Question, value: Value) -> Parts:
    """Return the clause of one choice: the option's, the group's own words, or an open point."""
    if value == UNSURE:
        return (Text("To be settled with counsel or a funder. "), Blank(question.id, question.ask))
    if isinstance(value, Mapping):
        return (Text(str(value[OTHER]), said=True),)
    option = question.option(value)
    if option and option.clause:
        return parts_of(case, option.clause)
    return (Text(question.labels.get(str(value), str(value))),)


def _items(case: Case, name: str | None, covered: tuple[str, ...] = ()) -> tuple[Parts, ...]:
    """Return what was answered, an item each; `covered` are options that stand in another clause already."""
    if name is None:
        return ()
    question, position = case.worksheet.questions[name], case.position(name)
    if position.counts and not case.brief:
        return (*_choices_with_counts(case, question, position, covered), (Blank(name, question.ask),))
    if position.value is None:
        return (*split_words(case, question, position), (Blank(name, question.ask),))
    items = [position.value] if not KINDS[question.kind].many else _as_list(position.value)
    return tuple(_item(case, question, value) for value in items if value not in covered)


def _choices_with_counts(
    case: Case, question: Question, position: Position, covered: tuple[str, ...]
) -> Iterator[Parts]:
    """Yield all that somebody chose, once each and in the worksheet's order, with how many chose it.

    In a tie no side is left out: a covered option is named too, as one of the steps above.
    """
    order = list(question.labels)
    by_order = sorted(position.counts, key=lambda each: order.index(each[0]) if each[0] in order else len(order))
    for value, count in by_order:
        above = ", already in the steps above" if value in covered else ""
        yield *_item(case, question, value), Text(f" ({count} of {position.of}{above})")


def adds_nothing(case: Case, rule: ClauseRule) -> bool:
    """Return whether all that was answered stands in a floor already; in a tie, all that anybody chose."""
    if not rule.covered or rule.bullets_from is None:
        return False
    position = case.position(rule.bullets_from)
    answered = [value for value, _ in position.counts] or _as_list(position.value)
    return bool(answered) and all(id_ in rule.covered for id_ in answered)


def _item(case: Case, question: Question, value: Value) -> Parts:
    if KINDS[question.kind].has_options:
        return _wording(case, question, value)
    return (Text(str(value) if isinstance(value, str) else as_text(question.kind, value), said=True),)


def _as_list(value: Value) -> list[Value]:
    return list(value) if isinstance(value, (list, tuple)) else []


def table(case: Case, rule: TableRule) -> Table:
    """Return the table that a rule makes for this case."""
    rows = tuple(tuple(parts_of(case, cell) for cell in row) for row in rule.rows)
    comments = (Comment(rule.comment),) if rule.comment else ()
    questions = tuple(rule.questions_read())
    width = len(rule.header)
    more = tuple((item, *(((Text(""),),) * (width - 1))) for item in _items(case, rule.rows_from))
    return Table(rule.id, rule.caption, rule.description, rule.header, (*rows, *more), rule.widths, comments, questions)


def _comments(case: Case, rule: ClauseRule, questions: tuple[str, ...]) -> Iterator[Comment]:
    """Yield what stands in the margin: guidance, the reason of the choice, what is undecided, dissent."""
    if rule.comment:
        yield Comment(rule.comment)
    yield from _reasons(case, rule)
    for name in questions:
        yield from _standing(case, name)


def _reasons(case: Case, rule: ClauseRule) -> Iterator[Comment]:
    option = _chosen_option(case, rule)
    texts = [f"{label}: {words}" for label, words in _labelled(option) if words] if option else []
    if texts:
        yield Comment("\n".join(texts))


def _labelled(option: Option) -> list[tuple[str, str]]:
    source = f"{option.source} (checked {option.checked})" if option.source and option.checked else option.source
    return [("Why", option.reason), ("Risk", option.risk), ("Source", source)]


def _standing(case: Case, name: str) -> Iterator[Comment]:
    position, question = case.position(name), case.worksheet.questions[name]
    if said := UNDECIDED.get(UNSURE if is_unsure(position.value) else position.status):
        yield Comment(said(question, position), kind="decision")
    for dissent in () if question.profile else position.dissent:
        yield _dissenting(question, dissent)


def _alternatives(question: Question) -> str:
    labels = [f"- {option.label}" for option in question.options]
    return "\nYou can choose:\n" + "\n".join(labels) if labels else ""


UNDECIDED: Mapping[str, Callable[[Question, Position], str]] = {
    "open": lambda question, _: f"Nobody answered: {question.ask}{_alternatives(question)}",
    "tied": lambda question, position: f"The {position.of} answers are split: {question.ask}",
    "proposed": lambda question, position: (
        f"Proposed, not agreed yet: {question.ask}\nIt comes from {behind(position)}."
    ),
    UNSURE: lambda question, _: f"The group is unsure. Ask counsel or a funder: {question.ask}",
}


SOMEBODY = "One voice"
"""How somebody is called of whom nothing is known."""


def _dissenting(question: Question, dissent: Dissent) -> Comment:
    """Return another view as a comment of whoever has it."""
    who, question_text = dissent.voice or SOMEBODY, question.ask
    text = (
        f"{who} answered differently to “{question_text}”: {dissent.words}"
        if dissent.words
        else f"{who} noted on “{question_text}”"
    )
    initials = "".join(word[0] for word in who.split())[:3]
    return Comment(f"{text}\nNote: {dissent.note}" if dissent.note else text, who, initials, "dissent")
