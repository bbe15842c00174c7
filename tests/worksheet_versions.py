"""A small worksheet in several versions: other labels, an option less, a question more, one gone, another kind."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sheets import written

OPTIONS = ("daily", "weekly", "monthly")


@dataclass(frozen=True)
class SheetVersion:
    """What one version differs in from the first one."""

    has_other_label: bool = False
    has_fewer_options: bool = False
    has_more_questions: bool = False
    lacks_a_question: bool = False
    serves: str = "list"

    def stages(self) -> dict[str, list[dict[str, Any]]]:
        """Return the questions by stage."""
        notes = "What else do people need?" if self.has_other_label else "What else?"
        options = OPTIONS[:-1] if self.has_fewer_options else OPTIONS
        often = {"id": "how_often", "kind": "choice", "ask": "How often do you meet?"}
        often["options"] = [{"id": each, "label": each.capitalize()} for each in options]
        asked = [often, {"id": "stakeholders_notes", "kind": "long_text", "ask": notes}]
        if not self.lacks_a_question:
            asked.insert(0, {"id": "who_do_you_serve", "kind": self.serves, "ask": "Who do you serve?"})
        if self.has_more_questions:
            asked.append({"id": "added", "kind": "text", "ask": "A question that was added?"})
        reported = [_text("easiest", "What is easiest?"), _text("most_difficult", "What is most difficult?")]
        return {"stakeholders": asked, "report_back": reported}


def _text(id_: str, ask: str) -> dict[str, Any]:
    return {"id": id_, "kind": "long_text", "ask": ask}


def write(folder: Path, version: SheetVersion) -> None:
    """Write the worksheet's files as this version has them."""
    written(folder)
    stages = [
        {"id": id_, "title": id_.replace("_", " ").capitalize(), "why": "Because.", "minutes": 10, "questions": asked}
        for id_, asked in version.stages().items()
    ]
    sheet = folder / "worksheet.yaml"
    head = sheet.read_text(encoding="utf-8").partition("stages:")[0]
    sheet.write_text(f"{head}stages: {json.dumps(stages)}\n", encoding="utf-8")
    clauses = [{"id": "notes", "text": "We say {stakeholders_notes}."}]
    policy = {"title": "Ours", "sections": [{"id": "rules", "title": "Rules", "clauses": clauses}]}
    (folder / "policy.yaml").write_text(json.dumps(policy), encoding="utf-8")
