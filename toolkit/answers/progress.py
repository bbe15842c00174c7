"""Counts what each organization is asked and how much is answered, once for boards, projector and report.

A question is asked when it is of the workshop's depth and its condition holds for what the organization's answers are;
each place that asks it counts, as on the page. It is answered when anyone of the organization said something that
stands: agreed, proposed or split. A phone counts in the same way what its own person said (form.js).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from toolkit.answers.model import Position
from toolkit.worksheets.model import Depth, Question, Stage, Worksheet, asked_now

Positions = Mapping[str, Position]
"""What one organization's answers are, by question id."""

OPEN = "open"


def asked_of(stage: Stage, depth: Depth, positions: Positions) -> tuple[Question, ...]:
    """Return the questions of a stage that an organization is asked."""
    return asked_now(stage, depth, {question: position.value for question, position in positions.items()})


def columns(worksheet: Worksheet, depth: Depth, everyone: Iterable[Positions]) -> tuple[Question, ...]:
    """Return the questions that any organization is asked, in the order of the pages; without one, what all are."""
    questions_due = {
        question.id
        for positions in (list(everyone) or [{}])
        for stage in worksheet.stages
        for question in asked_of(stage, depth, positions)
    }
    return tuple(question for question in worksheet.asked() if question.id in questions_due)


def count_answers(stage: Stage, depth: Depth, everyone: Iterable[Positions]) -> tuple[int, int]:
    """Return how many answers organizations gave to a stage, and how many they are asked for."""
    due = [(positions, each.kept_as) for positions in everyone for each in asked_of(stage, depth, positions)]
    return sum(is_answered(positions, question) for positions, question in due), len(due)


def is_answered(positions: Positions, question: str) -> bool:
    """Return whether anyone of an organization said something to a question that stands."""
    return question in positions and positions[question].status != OPEN
