"""A document as plain values, independent of Word, worksheets and storage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

Readiness = Literal["ready", "proposed", "tied", "open"]
CommentKind = Literal["guidance", "decision", "caution", "dissent"]


@dataclass(frozen=True, slots=True)
class Text:
    """Words; `strong` for a lead-in, `said` for a participant's own words."""

    words: str
    strong: bool = False
    said: bool = False


@dataclass(frozen=True, slots=True)
class Blank:
    """A visible gap to fill in by hand: which question it waits for, and what to write there."""

    key: str
    prompt: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A pointer to another clause by its id; the number is worked out when the draft is numbered."""

    clause: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in a table's cell, as long as its share of the cell; None: nothing may be seen of its length."""

    share: float | None

    @property
    def words(self) -> str:
        """What stands in the place of a bar whose length is hidden, so that it does not look like zero."""
        return "–" if self.share is None else ""


Part = Text | Blank | Reference | Bar
Parts = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark in the margin; it never changes the text it stands beside."""

    words: str
    author: str = "Policy workshop"
    initials: str = "PW"
    kind: CommentKind = "guidance"


@dataclass(frozen=True, slots=True)
class Clause:
    """One paragraph with an id that never changes, its bullets, and the answers it came from.

    `numbered` clauses get a decimal number inside their section; `style` "plain" is running text,
    "example" an example, "note" a boxed remark, "question" what is answered by hand below it.
    """

    id: str
    parts: Parts
    bullets: tuple[Parts, ...] = ()
    steps: bool = False
    comments: tuple[Comment, ...] = ()
    readiness: Readiness = "ready"
    answers: tuple[str, ...] = ()
    numbered: bool = True
    style: Literal["plain", "example", "note", "question"] = "plain"

    @property
    def counts(self) -> bool:
        """Return whether it gets a number: an example or a boxed note never does."""
        return self.numbered and self.style == "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption and a description for those who cannot see it; `header` is never empty."""

    id: str
    caption: str
    description: str
    header: tuple[str, ...]
    rows: tuple[tuple[Parts, ...], ...]
    widths: tuple[int, ...] = ()
    """Relative column widths; equal when empty."""
    comments: tuple[Comment, ...] = ()
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Writing:
    """Room to answer by hand: rows of things to tick, then ruled lines, each with a label or none."""

    id: str
    boxes: tuple[tuple[str, ...], ...] = ()
    lines: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()


Block = Clause | Table | Writing


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its blocks; an annex is lettered and starts on its own page."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    annex: bool = False
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A whole draft: title block, sections, annexes.

    `status` is printed on every page ("DRAFT"). `day` is an ISO date from the workshop, never the
    clock's. `control` are the rows of the title block: a label and what stands there.
    `contents` False makes a short paper (staff page, client summary) without a table of contents.
    """

    title: str
    organization: str
    sections: tuple[Section, ...]
    status: str = "DRAFT"
    version: str = "0.1"
    day: str = ""
    language: str = "en-US"
    subtitle: str = ""
    control: tuple[tuple[str, Parts], ...] = ()
    notice: str = ""
    contents: bool = True

    def clauses(self) -> Iterator[Clause]:
        """Yield every clause of every section, in order."""
        return (block for section in self.sections for block in section.blocks if isinstance(block, Clause))

    def comments(self) -> Iterator[tuple[str, Comment]]:
        """Yield every comment with the id of the block it stands beside, in order."""
        blocks = (block for section in self.sections for block in section.blocks)
        return ((block.id, comment) for block in blocks for comment in block.comments)


def words(parts: Parts, numbers: dict[str, str] | None = None) -> str:
    """Return `parts` as one line of text; a blank reads "[prompt]", a reference as its number."""
    return "".join(_part_words(part, numbers or {}) for part in parts)


def _part_words(part: Part, numbers: dict[str, str]) -> str:
    match part:
        case Text(words=said):
            return said
        case Blank(prompt=prompt):
            return f"[{prompt}]"
        case Reference(clause=clause):
            return numbers.get(clause, clause)
        case Bar():
            return part.words


def numbers(document: Document) -> dict[str, str]:
    """Return the number of every section and numbered clause by its id: "3", "3.2"; annexes "A", "A.1"."""
    plain = [section for section in document.sections if not section.annex]
    annexes = [section for section in document.sections if section.annex]
    labeled = [(str(number), section) for number, section in enumerate(plain, 1)]
    labeled += [(letters(number), section) for number, section in enumerate(annexes, 1)]
    by_id: dict[str, str] = {}
    for label, section in labeled:
        by_id |= {section.id: label, **_clause_numbers(label, section)}
    return by_id


def _clause_numbers(label: str, section: Section) -> dict[str, str]:
    numbered = [block.id for block in section.blocks if isinstance(block, Clause) and block.counts]
    return {id_: f"{label}.{number}" for number, id_ in enumerate(numbered, 1)}


def letters(index: int) -> str:
    """Return the letter of an annex as Word counts them: A to Z, then AA, BB and so on."""
    rounds, letter = divmod(index - 1, 26)
    return chr(ord("A") + letter) * (rounds + 1)


def annotated(document: Document, remarks: Mapping[str, tuple[Comment, ...]]) -> Document:
    """Return the document with more comments beside its blocks, by the blocks' ids."""
    sections = tuple(
        replace(section, blocks=tuple(_with_comments(block, remarks.get(block.id, ())) for block in section.blocks))
        for section in document.sections
    )
    return replace(document, sections=sections)


def _with_comments(block: Block, comments: tuple[Comment, ...]) -> Block:
    return replace(block, comments=(*block.comments, *comments)) if comments else block
