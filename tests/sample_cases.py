"""An organization's answers to a worksheet, made for tests: nothing answered, or everything that is asked."""

from __future__ import annotations

from toolkit.answers.model import Position
from toolkit.drafts.policy import Case
from toolkit.worksheets.kinds import KINDS, Value
from toolkit.worksheets.model import Depth, Question, Worksheet, at_depth

VALUES: dict[str, Value] = {
    "text": "Said in a line",
    "long_text": "Said at length.",
    "yes_no_unsure": "yes",
    "contact": {"name": "Wren", "role": "program lead", "reach": "extension 12"},
    "date": "2027-06-01",
    "list": ["The first point", "The second point"],
}


def value_for(question: Question, place: int) -> Value:
    """Return an answer to `question`: every option of several, one option after another of a choice."""
    if question.options:
        ids = [option.id for option in question.options]
        return ids if KINDS[question.kind].many else ids[place % len(ids)]
    return VALUES[question.kind]


def a_case(worksheet: Worksheet, depth: Depth, place: int | None) -> Case:
    """Return a case at `depth`: nothing answered for None, else everything that is asked there."""
    asked = (q for q in worksheet.questions.values() if place is not None and at_depth(depth, q.depth))
    held = {q.id: Position("a", q.id, value_for(q, place or 0), "agreed", ("1",), 1) for q in asked}
    return Case(worksheet, "Harbor House", held, depth, "2026-11-21")
