"""Writes the annexes of a draft: open points, minority views, and the group's own record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from toolkit.answers.model import TABLE, Dissent, Position
from toolkit.documents.document import Blank, Clause, Document, Parts, Readiness, Reference, Section, Table, Text
from toolkit.drafts.case import Case, behind, is_number, is_unsure, ready
from toolkit.worksheets.kinds import as_text, pieces
from toolkit.worksheets.model import Question


def open_points(case: Case, sections: tuple[Section, ...]) -> Iterator[Section]:
    """Yield the annex of open points, when there are any."""
    places = _places(sections)
    rows = tuple(
        _open_row(case, question, places.get(question.id, ""))
        for question in case.asked
        if _is_open(case, question) and not question.record
    )
    if rows:
        header = ("Open point", "Where", "Who settles it", "By when")
        described = "Every question without an agreed answer, with room for who settles it and by when."
        table = Table("open_points_table", "Open points", described, header, rows, (46, 14, 24, 16))
        lead = "These points are open. Nothing was made up to fill them. Give each one an owner and a date."
        clause = Clause("open_points_lead", (Text(lead),), numbered=False)
        yield Section("open_points", "Open points", (clause, table), annex=True)


def _is_open(case: Case, question: Question) -> bool:
    return ready(case, question.id) != "ready"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: what is the matter, what to do, who asks for it; `place` is a block's id or ""."""

    says: str
    mend: str
    source: str
    place: str = ""


def with_findings(document: Document, gaps: Iterable[Finding], cautions: Iterable[Finding]) -> Document:
    """Return the draft with what the checks found printed in the annex of open points."""
    lacks = _findings("gaps_table", "What this draft still lacks", GAP_WORDS, ("What is missing", "What to do"), gaps)
    wordings = _findings(
        "cautions_table", "Wordings to look at again", CAUTION_WORDS, ("Wording", "Narrower"), cautions
    )
    tables = tuple(table for table in (lacks, wordings) if table.rows)
    if not tables:
        return document
    if any(section.id == "open_points" for section in document.sections):
        return replace(document, sections=tuple(_longer(section, tables) for section in document.sections))
    return replace(document, sections=(*document.sections, Section("open_points", "Open points", tables, annex=True)))


GAP_WORDS = "What the handout and the guide ask of a policy and this draft does not settle yet."
CAUTION_WORDS = "Wordings that may be broader than needed, each with a narrower one. This is no legal advice."


def _longer(section: Section, tables: tuple[Table, ...]) -> Section:
    return replace(section, blocks=(*section.blocks, *tables)) if section.id == "open_points" else section


def _findings(id_: str, caption: str, described: str, header: tuple[str, str], findings: Iterable[Finding]) -> Table:
    rows = tuple(
        ((Text(finding.says), *_at(finding.place)), (Text(finding.mend),), (Text(finding.source),))
        for finding in findings
    )
    return Table(id_, caption, described, (*header, "Asked for by"), rows, (42, 34, 24))


def _at(number: str) -> Parts:
    return (Text(" (in "), Reference(number), Text(")")) if number else ()


STATE: Mapping[Readiness, str] = {"open": "No answer yet", "tied": "Split", "proposed": "Proposed, not agreed"}


def _open_row(case: Case, question: Question, number: str) -> tuple[Parts, ...]:
    position = case.position(question.id)
    unsure = is_unsure(position.value)
    state = "Ask counsel or a funder" if unsure else STATE[ready(case, question.id)]
    where: Parts = (Reference(number),) if number else (Text("Annex"),)
    return (Text(f"{question.ask} ({state})"),), where, (Blank("", "name"),), (Blank("", "date"),)


def _places(sections: tuple[Section, ...]) -> dict[str, str]:
    """Return the first numbered clause that each question feeds, by the question's id."""
    numbers_by_question: dict[str, str] = {}
    for block in (block for section in sections for block in section.blocks):
        if isinstance(block, Clause) and block.counts:
            numbers_by_question = dict.fromkeys(block.answers, block.id) | numbers_by_question
    return numbers_by_question


def minority_views(case: Case) -> Iterator[Section]:
    """Yield the annex of views that the agreed text does not carry, when there are any."""
    rows = tuple(row for question in _with_views(case) for row in _dissent_rows(case, question))
    if rows:
        header = ("Question", "What the group holds", "What other voices say")
        described = "Views that the agreed text does not carry, beside what the group holds."
        table = Table("minority_views_table", "Minority views", described, header, rows, (30, 35, 35))
        lead = "Not everybody said the same. These views are kept because they may help whoever decides."
        clause = Clause("minority_views_lead", (Text(lead),), numbered=False)
        yield Section("minority_views", "Minority views", (clause, table), annex=True)


def _with_views(case: Case) -> Iterator[Question]:
    """Yield the questions on which people hold views; who ticked what of a profile could tell on somebody."""
    return (question for question in case.worksheet.questions.values() if not question.record and not question.profile)


VOICES_IN_A_ROW = 5
"""A row is not torn apart at the end of a page: more voices than these take another."""


def _dissent_rows(case: Case, question: Question) -> Iterator[tuple[Parts, ...]]:
    """Yield one question with all that stands beside what the group holds, a line or more for each voice."""
    position = case.position(question.id)
    agreed_text = "\n".join(pieces(question.kind, position.value, question.labels)) or "Not decided"
    for first in range(0, len(position.dissent), VOICES_IN_A_ROW):
        some = position.dissent[first : first + VOICES_IN_A_ROW]
        voices = tuple(part for dissent in some for part in _voice(dissent))
        yield (Text(question.ask),), (Text(agreed_text, said=True),), voices[:-1]


def _voice(dissent: Dissent) -> Parts:
    text = "\n".join(part for part in (dissent.words, dissent.note) if part)
    return Text(f"{dissent.voice}: " if dissent.voice else ""), Text(text, said=True), Text("\n")


RECORD = (
    "This is the group's own record: where each answer came from, and which clause it feeds. It is not part of the "
    "policy; take it out before the policy is approved."
)
NUMBERS = " People have numbers here, drawn anew for each question: voice 2 in one row need not be voice 2 in the next."
NAMES = " People are called by the names or handles that they gave, as the organization chose."


def record(case: Case, sections: tuple[Section, ...]) -> Iterator[Section]:
    """Yield the group's own words, every one, whether a clause uses them or not, and whose voices they are."""
    questions = [each for each in case.worksheet.questions.values() if case.position(each.id).status != "open"]
    if questions:
        header = ("What the worksheet asked", "What the group said", "Status, and whose voices", "Clause")
        described = "Each question that the group answered: its answer, how far it is agreed, who is behind it, where."
        places = _places(sections)
        rows = tuple(_record_row(case, question, places.get(question.id, "")) for question in questions)
        table = Table("record_table", "What the group said", described, header, rows, (30, 36, 22, 12))
        heading = NAMES if any(not is_number(name) for each in questions for name in _people(case, each)) else NUMBERS
        clause = Clause("record_lead", (Text(RECORD + heading),), numbered=False)
        yield Section("record", "Workshop record", (clause, table), annex=True)


def _people(case: Case, question: Question) -> Iterator[str]:
    if question.profile:
        return
    position = case.position(question.id)
    yield from (
        name for name in (*position.by, *(dissent.voice for dissent in position.dissent)) if name not in ("", TABLE)
    )


def _record_row(case: Case, question: Question, number: str) -> tuple[Parts, ...]:
    position = case.position(question.id)
    items = pieces(question.kind, position.value, question.labels)
    text = "\n".join(items or _sides(question, position))
    if question.record:
        text = "\n".join((text, *(line for dissent in position.dissent for line in _beside(question, dissent))))
    where: Parts = (Reference(number),) if number else (Text("-"),)
    named = position.by and not question.profile
    how = f"{STATUS[position.status]}: {behind(position)}" if named else STATUS[position.status]
    return (Text(question.ask),), (Text(text, said=True),), (Text(how),), where


def _beside(question: Question, dissent: Dissent) -> Iterator[str]:
    """Yield what somebody said beside what the group holds; a note on a profile could tell whose it is."""
    if dissent.words:
        yield f"Beside it: {dissent.words}"
    if dissent.note and not question.profile:
        yield f"Note: {dissent.note}"


def _sides(question: Question, position: Position) -> Iterator[str]:
    """Yield what stands against each other; of a profile each thing once, so that no one person's ticks are seen."""
    if not question.profile:
        return (as_text(question.kind, side, question.labels) for side in position.tied)
    every = [item for side in position.tied for item in pieces(question.kind, side, question.labels)]
    order = list(question.labels.values())
    return iter(sorted(dict.fromkeys(every), key=lambda item: order.index(item) if item in order else len(order)))


STATUS: Mapping[str, str] = {"agreed": "Agreed", "proposed": "Proposed", "tied": "Split"}
