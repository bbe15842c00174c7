"""A stage of a worksheet as the JSON that form.js reads: for the notebook and the join page alike."""

from __future__ import annotations

from toolkit.worksheet import Depth, Option, Question, Worksheet, at_depth

View = dict[str, object]
"""Part of a stage as JSON, as form.js reads it."""


def stage_view(worksheet: Worksheet, stage_id: str, depth: Depth) -> View:
    """Return the stage `stage_id` at `depth` as the JSON that form.js reads."""
    stage = worksheet.stage(stage_id)
    questions = [_question(worksheet, each) for each in stage.questions if at_depth(depth, each.depth)]
    return {part: getattr(stage, part) for part in STAGE_PARTS} | {"questions": questions}


STAGE_PARTS = ("id", "title", "why", "instruction", "minutes")
QUESTION_PARTS = ("id", "ask", "why", "help", "example")
OPTION_PARTS = ("id", "label", "clause", "reason", "risk", "source")


def _question(worksheet: Worksheet, question: Question) -> View:
    asked = worksheet.questions.get(question.kept_as, question)
    view: View = {part: getattr(question, part) for part in QUESTION_PARTS}
    return view | {
        "key": question.kept_as,
        "kind": asked.kind,
        "options": [_option(option) for option in asked.options],
        "other": asked.other,
        "unsure": asked.unsure,
        "show_if": [{"question": each.question, "is": list(each.among)} for each in question.show_if],
        "first_answer": "",
    }


def _option(option: Option) -> View:
    checked = option.checked.isoformat() if option.checked else ""
    return {part: getattr(option, part) for part in OPTION_PARTS} | {"checked": checked}
