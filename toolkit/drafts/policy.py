"""Makes a draft policy of a worksheet and an organization's positions. It invents nothing and leaves nothing out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from toolkit.documents.document import Block, Document, Parts, Reference, Section, Table, Text, Writing
from toolkit.drafts.annexes import Finding, minority_views, open_points, record, with_findings
from toolkit.drafts.case import Case, parts_of, words_of
from toolkit.drafts.clauses import adds_nothing, clause, table
from toolkit.worksheets.model import ClauseRule, Paper, PolicySection, TableRule

__all__ = ["MADE_HERE", "Case", "Finding", "draft", "papers", "with_findings"]

MADE_HERE = ("open_points", "minority_views", "record")
"""The annexes that the program makes, by their id."""


def draft(case: Case) -> Document:
    """Return the policy: the worksheet's sections, then open points, minority views and the group's own words."""
    policy = case.worksheet.policy
    sections = tuple(_sections(case, policy.sections))
    annexes = (*open_points(case, sections), *minority_views(case), *record(case, sections))
    plain = tuple(section for section in sections if not section.annex)
    lettered = tuple(section for section in sections if section.annex)
    return Document(
        title=words_of(case, policy.title),
        subtitle=words_of(case, policy.subtitle),
        organization=case.organization,
        sections=(*plain, *lettered, *annexes),
        day=case.day,
        language=case.worksheet.language,
        control=tuple((label, parts_of(case, text)) for label, text in policy.control),
        notice=words_of(case, policy.notice),
    )


def papers(case: Case) -> dict[str, Document]:
    """Return the short papers beside the policy by their id: staff page, client summary, checklist."""
    return {paper.id: _paper(replace(case, brief=True), paper) for paper in case.worksheet.policy.papers}


def _paper(case: Case, paper: Paper) -> Document:
    return Document(
        title=words_of(case, paper.title),
        subtitle=words_of(case, paper.subtitle),
        organization=case.organization,
        sections=tuple(_sections(case, paper.sections)),
        day=case.day,
        language=case.worksheet.language,
        notice=words_of(case, case.worksheet.policy.notice),
        contents=False,
    )


def _sections(case: Case, rules: tuple[PolicySection, ...]) -> Iterator[Section]:
    """Yield the sections that have something to say; a reference to a clause left out becomes words."""
    drafted = [(rule, tuple(_blocks(case, rule))) for rule in rules if case.wanted(rule)]
    block_ids = {block.id for _, blocks in drafted for block in blocks}
    for rule, blocks in drafted:
        if blocks:
            there = tuple(_without_lost(block, block_ids) for block in blocks)
            yield Section(rule.id, words_of(case, rule.title), there, rule.annex, rule.new_page)


def _blocks(case: Case, section: PolicySection) -> Iterator[Block]:
    for rule in section.clauses:
        if case.wanted(rule) and not _skipped(case, rule):
            yield clause(case, rule) if isinstance(rule, ClauseRule) else table(case, rule)


def _skipped(case: Case, rule: ClauseRule | TableRule) -> bool:
    if not isinstance(rule, ClauseRule):
        return False
    if adds_nothing(case, rule):
        return True
    return rule.reads == "skip" and any(case.position(name).status == "open" for name in rule.questions_read())


def _without_lost(block: Block, block_ids: set[str]) -> Block:
    if isinstance(block, Table):
        return replace(
            block, rows=tuple(tuple(_fill_references(cell, block_ids) for cell in row) for row in block.rows)
        )
    if isinstance(block, Writing):
        return block
    return replace(
        block,
        parts=_fill_references(block.parts, block_ids),
        bullets=tuple(_fill_references(bullet, block_ids) for bullet in block.bullets),
    )


def _fill_references(parts: Parts, block_ids: set[str]) -> Parts:
    lost = (isinstance(part, Reference) and part.clause not in block_ids for part in parts)
    return tuple(Text("this policy") if is_lost else part for part, is_lost in zip(parts, lost, strict=True))
