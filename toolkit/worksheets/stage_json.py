"""A stage of a worksheet as the JSON that form.js reads, for notebooks and phones alike."""

from __future__ import annotations

from toolkit.worksheets.model import CautionRule, Depth, Option, Question, Worksheet, at_depth

View = dict[str, object]
"""Part of a stage as JSON, as form.js reads it."""


def stage_view(worksheet: Worksheet, stage_id: str, depth: Depth) -> View:
    """Return the stage `stage_id` at `depth` as the JSON that form.js reads."""
    stage = worksheet.stage(stage_id)
    questions = [_question(worksheet, question) for question in stage.questions if at_depth(depth, question.depth)]
    stage_json = {part: getattr(stage, part) for part in STAGE_PARTS}
    stage_json["minutes"] = worksheet.planned_minutes(stage, depth)
    return stage_json | {"questions": questions, "tripwire": client_detail_rules(worksheet)}


def client_detail_rules(worksheet: Worksheet) -> list[View]:
    """Return the rules that look for client details, for the device to search with before anything leaves it."""
    return [_rule(rule) for rule in worksheet.checks.cautions if rule.id.startswith(CLIENT_RULES)]


CLIENT_RULES = "c1_"
"""Rules whose id starts so look for client details; their patterns mean the same in Python and JavaScript."""


STAGE_PARTS = ("id", "title", "why", "instruction")
RULE_PARTS = ("id", "name", "pattern", "unless", "why")
QUESTION_PARTS = ("id", "ask", "why", "help", "example")
OPTION_PARTS = ("id", "label", "clause", "reason", "risk", "source")


def _rule(rule: CautionRule) -> View:
    flags = "" if rule.match_case else "i"
    return {part: getattr(rule, part) for part in RULE_PARTS} | {"flags": flags}


def _question(worksheet: Worksheet, question: Question) -> View:
    stored = worksheet.questions.get(question.kept_as, question)
    view: View = {part: getattr(question, part) for part in QUESTION_PARTS}
    return view | {
        "key": question.kept_as,
        "kind": stored.kind,
        "options": [_option(option) for option in stored.options],
        "other": stored.other,
        "unsure": stored.unsure,
        "show_if": [{"question": condition.question, "is": list(condition.among)} for condition in question.show_if],
        "first_answer": "",
    }


def _option(option: Option) -> View:
    checked = option.checked.isoformat() if option.checked else ""
    return {part: getattr(option, part) for part in OPTION_PARTS} | {"checked": checked}
