"""The pictures of the whole room: where people post, what was decided, and how far everyone is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from toolkit.answers import progress
from toolkit.answers.model import Organization
from toolkit.documents import charts as pictures
from toolkit.drafts import room_report
from toolkit.notebook.all_positions import Positions
from toolkit.worksheets.model import Question, at_depth
from toolkit.workshop.facade import Workshop

MOST_CHARTS, MOST_BARS = 6, 6


def _policy_questions(workshop: Workshop) -> list[Question]:
    """Return the questions that everyone is asked for the policy: what the pictures may show."""
    every, depth = workshop.worksheet.questions.values(), workshop.settings.depth
    return [
        question
        for question in every
        if at_depth(depth, question.depth) and not question.record and not question.show_if
    ]


def room_pictures(workshop: Workshop, positions: Mapping[Organization, Positions]) -> Iterator[pictures.Picture]:
    """Yield the pictures of the room, once there is a room."""
    if not positions:
        return
    sheet, questions = workshop.worksheet, _policy_questions(workshop)
    decided = [question for question in questions if question.kind in room_report.DECISIONS]
    if "media" in sheet.by_meaning:
        yield pictures.platforms(_counts(sheet.by_meaning["media"], positions), len(positions))
    charts = dict(islice(_charts(decided, positions), MOST_CHARTS))
    if charts:
        yield pictures.decisions(charts, len(positions))
    counts = [
        (stage.title, *progress.count_answers(stage, workshop.settings.depth, positions.values()))
        for stage in sheet.stages
    ]
    yield pictures.progress(counts)


def _charts(
    decided: Sequence[Question], positions: Mapping[Organization, Positions]
) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield the counts of each decision that has been made and that fits a small chart."""
    for question in decided:
        if question.meaning != "media" and len(question.labels) < MOST_BARS:
            counts = _counts(question, positions)
            if any(counts.values()):
                yield question.ask, counts


def _counts(question: Question, held: Mapping[Organization, Positions]) -> dict[str, int]:
    return room_report.choice_counts(question, [positions[question.id].value for positions in held.values()])
