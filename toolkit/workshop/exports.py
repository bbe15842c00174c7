"""Writes one organization's papers as Word files: the policy with its comments, and the short papers beside it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from toolkit.documents.document import Blank, Clause, Comment, Document, Parts, Section, Table, Text, annotated, words
from toolkit.documents.word import writer
from toolkit.drafts import checks, paper_worksheet, policy, readability
from toolkit.errors import DraftError, WorkshopError
from toolkit.worksheets.kinds import Value, as_text, own_words
from toolkit.worksheets.model import DEPTH_OF_MINUTES, Worksheet

POLICY = "policy"
"""The id of the policy among an organization's papers."""

CHECKLIST = "review_checklist"
"""The id of the paper for whoever reviews the draft; the reading grades stand in it."""

PAPERS = "papers"
"""The folder of the short papers, beside the policies."""

PAPER_NAMES: Mapping[str, str] = MappingProxyType(
    {
        POLICY: "policy draft",
        "staff_page": "staff page",
        "client_summary": "client page",
        CHECKLIST: "review checklist",
    }
)
"""What a paper's file is called, by the paper's id; a worksheet's own paper is called by its id."""


@dataclass(frozen=True, slots=True)
class Outlined:
    """One section of the draft while it fills: how many of its clauses hang on answers, and how they stand."""

    title: str
    ready: int
    begun: int
    of: int

    @property
    def state(self) -> str:
        """Whether all of it is ready, some of it is begun, or it is empty."""
        return "ready" if self.ready == self.of else "begun" if self.begun else "empty"

    @property
    def words(self) -> str:
        """How it stands, in words."""
        return {"ready": "Ready", "begun": f"{self.ready} of {self.of} ready", "empty": "Empty"}[self.state]


def outline(case: policy.Case) -> tuple[Outlined, ...]:
    """Return how far each section of the policy is that hangs on answers, in the order of the draft."""
    own = _without_annexes(policy.draft(case)).sections
    return tuple(outlined for section in own if (outlined := _outlined(section, case.values)).of)


def _outlined(section: Section, values: Mapping[str, Value]) -> Outlined:
    hanging = [block for block in section.blocks if isinstance(block, Clause | Table) and block.answers]
    stands = [_stands(block, values) for block in hanging]
    return Outlined(section.title, stands.count("ready"), len(stands) - stands.count("open"), len(hanging))


def _stands(block: Clause | Table, values: Mapping[str, Value]) -> str:
    """Return how a block stands: "open", "ready", or on the way."""
    if isinstance(block, Clause):
        if block.readiness != "ready" or not _blanks((block.parts, *block.bullets)):
            return block.readiness
        return (
            "begun" if any(values.get(answer) for answer in block.answers) else "open"
        )  # a floor stands unanswered, too
    rows = [_blanks(row) for row in block.rows]
    return "open" if all(rows) else "begun" if any(rows) else "ready"


def _blanks(parts: Iterable[Parts]) -> int:
    return sum(isinstance(part, Blank) for row in parts for part in row)


def documents(case: policy.Case) -> dict[str, Document]:
    """Return the policy and the papers beside it by their id, the policy first."""
    papers = policy.papers(case)
    if CHECKLIST in papers:
        papers[CHECKLIST] = _with_grades(papers[CHECKLIST], grades(case))
    return {POLICY: draft(case)} | papers


def _with_grades(checklist: Document, found: list[tuple[str, float]]) -> Document:
    """Return the review checklist with the reading grade of each section of the policy."""
    rows = tuple(((Text(title),), (Text(f"{grade:.0f}"),)) for title, grade in found)
    described = "The school grade that each section reads at; 8 or lower is easy for most. It is a hint, not proof."
    table = Table("grades", "How easy each section reads", described, ("Section", "Grade"), rows, (80, 20))
    return replace(checklist, sections=(*checklist.sections, Section("reading", "Reading grades", (table,))))


def draft(case: policy.Case) -> Document:
    """Return the policy with a remark beside each wording to look at again, and all findings in its annex."""
    document = policy.draft(case)
    found = _in_document(case, document)
    remarks: dict[str, tuple[Comment, ...]] = {}
    for caution in found:
        remarks[caution.place] = (*remarks.get(caution.place, ()), Comment(_remark(caution), kind="caution"))
    lacking = [policy.Finding(gap.says, gap.mend, _sources(gap.sources)) for gap in gaps(case)]
    narrower = [policy.Finding(f"“{c.found}”", c.narrower, _sources(c.sources), c.place) for c in found]
    return policy.with_findings(annotated(document, remarks), lacking, narrower)


def _sources(sources: tuple[str, ...]) -> str:
    return "; ".join(sources)


def gaps(case: policy.Case) -> tuple[checks.Gap, ...]:
    """Return what the draft still lacks on the workshop's day."""
    return checks.gaps(case.worksheet, case.values, case.depth, datetime.date.fromisoformat(case.day))


def cautions(case: policy.Case) -> tuple[checks.Caution, ...]:
    """Return the wordings to look at again, of the policy and of everything else that was typed."""
    found = _in_document(case, policy.draft(case))
    seen = {(caution.rule, caution.found) for caution in found}
    typed = checks.cautions(case.worksheet, _typed(case), case.values, _contacts(case))
    return (*found, *(each for each in typed if (each.rule, each.found) not in seen))


def _typed(case: policy.Case) -> Iterator[checks.CheckedText]:
    """Yield what people typed, by question; wordings that they only chose are not theirs."""
    for name, question in case.worksheet.questions.items():
        position = case.position(name)
        for value in (position.value, *position.tied):
            yield from (checks.CheckedText(name, words, question.kind) for words in own_words(question.kind, value))
        yield from (
            checks.CheckedText(name, f"{dissent.words} {dissent.note}", question.kind) for dissent in position.dissent
        )


def while_writing(case: policy.Case, question: str, value: Value) -> tuple[checks.Caution, ...]:
    """Return the wordings to look at again in what somebody just wrote; client details are asked about elsewhere."""
    asked = case.worksheet.questions[question]
    texts = [checks.CheckedText(question, words, asked.kind) for words in own_words(asked.kind, value)]
    found = checks.cautions(case.worksheet, () if asked.record else texts, case.values)
    return tuple(caution for caution in found if not caution.rule.startswith(checks.CLIENT_RULES))


def grades(case: policy.Case) -> list[tuple[str, float]]:
    """Return the reading grade of each section of the policy, by its title; a grade is a hint, not proof."""
    own = _without_annexes(policy.draft(case)).sections
    texts = [(section.title, "\n".join(_sentences(section))) for section in own]
    return [(title, readability.grade(text)) for title, text in texts if text]


def _sentences(section: Section) -> Iterator[str]:
    for clause in (block for block in section.blocks if isinstance(block, Clause)):
        yield from (words(parts).rstrip(".:") + "." for parts in (clause.parts, *clause.bullets))


def called_in_files(organizations: Sequence[str]) -> list[str]:
    """Return how files call each of all the organizations of a workshop, in order; no two are called alike."""
    return writer.file_names(organizations)


def write(case: policy.Case, called: str, folder: Path, brand: Path | None = None) -> Iterator[Path]:
    """Write every paper of the case into `folder`, the policy at its top; yield the files.

    `called` is how files call the organization, told apart from all others by `docx_file.file_names`.
    """
    papers = documents(case)
    names = writer.paper_names([PAPER_NAMES.get(kind, kind.replace("_", " ")) for kind in papers])
    for (kind, document), paper_name in zip(papers.items(), names, strict=True):
        name = writer.file_name(called, paper_name)
        path = folder / name if kind == POLICY else folder / PAPERS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        writer.write(document, path, brand)
        yield path


def write_one(document: Document, path: Path) -> Path:
    """Write one document as a Word file; return the file."""
    writer.check_target(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        mend = "Choose a folder of your own."
        raise DraftError(f"its folder cannot be made ({fault.strerror})", where=str(path), mend=mend) from None
    writer.write(document, path)
    return path


def write_paper(worksheet: Worksheet, minutes: int, path: Path) -> Path:
    """Write a worksheet for pen and paper, as deep as it goes in so many minutes; return the file."""
    if minutes not in DEPTH_OF_MINUTES:
        raise WorkshopError(f"{minutes} minutes is not one of {', '.join(map(str, DEPTH_OF_MINUTES))}")
    return write_one(paper_worksheet.paper(worksheet, minutes), path)


def _without_annexes(document: Document) -> Document:
    """Return the policy itself: the group's own record beside it is no rule."""
    own = tuple(section for section in document.sections if section.id not in policy.MADE_HERE)
    return replace(document, sections=own)


def _in_document(case: policy.Case, document: Document) -> tuple[checks.Caution, ...]:
    texts = checks.document_texts(_without_annexes(document))
    return checks.cautions(case.worksheet, texts, case.values, _contacts(case))


def _contacts(case: policy.Case) -> list[str]:
    """Return the people whom the organization named to be asked or called, as its draft calls them."""
    asked = (name for name, question in case.worksheet.questions.items() if question.kind == checks.CONTACT)
    held = (value for name in asked for value in (case.position(name).value, *case.position(name).tied))
    return [as_text(checks.CONTACT, value) for value in held if value]


def _remark(caution: checks.Caution) -> str:
    source = f"{', '.join(caution.sources)}; checked {caution.checked}"
    return f"“{caution.found}”: {caution.why}\nNarrower: {caution.narrower}\nSource: {source}"
