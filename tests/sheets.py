"""Worksheets to test with: a test shows only the questions and clauses that it is about."""

from __future__ import annotations

import tempfile
import textwrap
from pathlib import Path

from toolkit.worksheets import loader
from toolkit.worksheets.model import Worksheet

HARDEST = "most_difficult"
"""The question of our own worksheets that the room votes on."""

HEAD = """\
id: {id}
title: Sample
summary: A sample for one test.
credit: Nobody
version: 1
checked: 2026-01-15
objectives: [Try it]
stages:
  - id: one
    title: First
    why: To begin.
    minutes: 10
    questions:
"""
POLICY = """\
title: "{organization}: our policy"
sections:
  - id: rules
    title: Our rules
    clauses:
"""
QUESTIONS = "- {id: who, kind: text, ask: Who?}"
CLAUSES = "- {id: people, text: We serve people.}"


def written(
    folder: Path, questions: str = QUESTIONS, clauses: str = CLAUSES, *, head: str = "", policy: str = ""
) -> Path:
    """Write a worksheet folder that asks `questions` and drafts `clauses` (YAML lists); `head`, `policy`: more keys."""
    folder.mkdir(parents=True, exist_ok=True)
    sheet = HEAD.replace("{id}", folder.name) + _inside(questions, 6) + _inside(head, 0)
    (folder / "worksheet.yaml").write_text(sheet, encoding="utf-8")
    (folder / "policy.yaml").write_text(POLICY + _inside(clauses, 6) + policy, encoding="utf-8")
    return folder


def a_sheet(questions: str = QUESTIONS, clauses: str = CLAUSES, *, head: str = "", policy: str = "") -> Worksheet:
    """Return the worksheet that asks `questions` and drafts `clauses`, read from files as every worksheet is."""
    with tempfile.TemporaryDirectory() as folder:
        return loader.read_worksheet(written(Path(folder) / "sample", questions, clauses, head=head, policy=policy))


def _inside(text: str, spaces: int) -> str:
    return textwrap.indent(textwrap.dedent(text).strip("\n") + "\n", " " * spaces) if text else ""
