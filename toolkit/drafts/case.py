"""One organization's case for a draft: its positions, how ready they are, and texts with their braces filled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from toolkit.answers.model import TABLE, Position
from toolkit.documents.document import Blank, Part, Parts, Readiness, Reference, Text, words
from toolkit.worksheets.kinds import UNSURE, Value, as_text, in_a_row, settled_contact
from toolkit.worksheets.model import (
    BRACES,
    ClauseRule,
    Depth,
    PolicySection,
    Question,
    TableRule,
    Worksheet,
    at_depth,
    holds,
)

READINESS: Mapping[str, Readiness] = {"agreed": "ready", "proposed": "proposed", "tied": "tied", "open": "open"}
FROM_WORST_TO_BEST: tuple[Readiness, ...] = ("open", "tied", "proposed", "ready")


@dataclass(frozen=True)
class Case:
    """One organization's case: its worksheet, its name, its positions, how deep, and on which day."""

    worksheet: Worksheet
    organization: str
    positions: Mapping[str, Position]
    depth: Depth = "core"
    day: str = ""
    brief: bool = False
    """A short paper has no room for what stands against each other: it shows the blank alone."""

    @cached_property
    def values(self) -> dict[str, Value]:
        """Question id to what the organization holds, at this depth; the open ones are left out."""
        questions = self.worksheet.questions
        deep = {name for name, question in questions.items() if at_depth(self.depth, question.depth)}
        values = {name: self.position(name).value for name in self.positions if name in deep}
        return {name: value for name, value in values.items() if value is not None}

    @cached_property
    def asked(self) -> tuple[Question, ...]:
        """The questions that this organization meets at this depth."""
        every = self.worksheet.questions.values()
        return tuple(q for q in every if at_depth(self.depth, q.depth) and holds(q.show_if, self.values))

    def position(self, question: str) -> Position:
        """Return the position on a question, an open one when nothing was said, or "n/a" for a contact."""
        position, asked_question = (
            self.positions.get(question, Position("", question)),
            self.worksheet.questions.get(question),
        )
        if asked_question is None or asked_question.kind != "contact" or not isinstance(position.value, Mapping):
            return position
        settled = settled_contact(position.value)
        return replace(position, value=settled) if settled else replace(position, value=None, status="open")

    def wanted(self, rule: PolicySection | ClauseRule | TableRule) -> bool:
        """Return whether a section or block belongs into this draft; a floor always does."""
        if isinstance(rule, ClauseRule) and rule.floor:
            return True
        fits = at_depth(self.depth, rule.depth) and holds(rule.when, self.values)
        return fits and not (rule.unless and holds(rule.unless, self.values))


def readiness(case: Case, questions: tuple[str, ...]) -> Readiness:
    """Return the least ready of the questions that a clause reads."""
    states = {ready(case, name) for name in questions}
    return next((state for state in FROM_WORST_TO_BEST if state in states), "ready")


def ready(case: Case, name: str) -> Readiness:
    """Return how ready the answer to one question is; "unsure" is open, also as one of several choices."""
    position = case.position(name)
    return "open" if is_unsure(position.value) else READINESS[position.status]


def is_unsure(value: Value) -> bool:
    """Return whether an answer is, or includes, "unsure - ask counsel or funder"."""
    return value == UNSURE or (isinstance(value, list) and UNSURE in value)


def behind(position: Position) -> str:
    """Return whose voices an answer came from: names, then the numbers of those without one, and of how many."""
    numbers = [name.split()[1] for name in position.by if is_number(name)]
    names = [THE_TABLE if name == TABLE else name for name in position.by if not is_number(name)]
    group = f"voice{'s' * (len(numbers) > 1)} {in_a_row(numbers)}" if len(numbers) <= MOST_NUMBERS else ""
    text = [*names, *([group or f"{len(numbers)} voices"] if numbers else [])]
    return f"{', '.join(text) or 'somebody'} (of {position.of})"


def is_number(name: str) -> bool:
    """Return whether somebody is called by a number."""
    first, _, last = name.partition(" ")
    return first == "Voice" and last.isdecimal()


THE_TABLE = "the table"
MOST_NUMBERS = 9
"""More numbers than these nobody wants to read; how many there are is enough."""


def words_of(case: Case, text: str) -> str:
    """Return `text` with its braces filled, as plain words; a blank stays to be seen."""
    return words(parts_of(case, text))


def parts_of(case: Case, text: str, *, reachable: bool = False) -> Parts:
    """Return `text` as parts: answers in place of braces, blanks where there is none.

    With `reachable`, a person of whom nobody said how to reach them gets a blank for that.
    """
    parts: list[Part] = []
    end = 0
    for match in BRACES.finditer(text):
        parts += _literal(text[end : match.start()])
        parts += _fill_in(case, match, text[match.end() : match.end() + 1])
        if reachable and _cannot_be_reached(case, match["name"]):
            parts += [Text(", "), Blank(match["name"], PHONE_OR_EMAIL)]
        end = match.end()
    return (*parts, *_literal(text[end:]))


PHONE_OR_EMAIL = "phone number or email"
"""What is to be written where a person is named whom nobody could reach."""


def _cannot_be_reached(case: Case, name: str) -> bool:
    question = case.worksheet.questions.get(name)
    if question is None or question.kind != "contact":
        return False
    value = case.position(name).value
    return isinstance(value, Mapping) and not value.get("reach")


def _literal(text: str) -> tuple[Part, ...]:
    return (Text(text),) if text else ()


def _fill_in(case: Case, match: re.Match[str], following: str) -> tuple[Part, ...]:
    name, words = match["name"], (match["words"] or "").strip()
    match name:
        case "organization":
            return (Text(case.organization),)
        case "day":
            return (Text(as_text("date", case.day)) if case.day else Blank("", "date"),)
        case "see":
            return (Reference(words),)
        case "blank":
            return (Blank("", words or "to fill in"),)
        case _:
            return _answer(case, case.worksheet.questions[name], following)


def _answer(case: Case, question: Question, following: str) -> tuple[Part, ...]:
    position = case.position(question.id)
    if position.value is None or position.value in (UNSURE, [UNSURE]):
        return (*_in_a_line(split_words(case, question, position)), Blank(question.id, question.ask))
    text = as_text(question.kind, _sure(position.value), question.labels)
    part = Text(text.rstrip(".") or text if following == "." else text, said=True)
    return (part, Text(" and "), Blank(question.id, question.ask)) if is_unsure(position.value) else (part,)


def _sure(value: Value) -> Value:
    """Return what is chosen without "unsure", which is an open point and no words of a rule."""
    return [choice for choice in value if choice != UNSURE] if isinstance(value, list) else value


def split_words(case: Case, question: Question, position: Position) -> tuple[Parts, ...]:
    """Return the answers that stand against each other, each by itself; a short paper leaves them out."""
    tied = () if case.brief else position.tied
    return tuple((Text(as_text(question.kind, value, question.labels), said=True),) for value in tied)


def _in_a_line(split: tuple[Parts, ...]) -> Parts:
    between = [Text(" / ")] * (len(split) - 1) + [Text(" ")]
    return tuple(part for parts, after in zip(split, between, strict=False) for part in (*parts, after))
