"""Writes the paragraphs of one document, and counts its bookmarks, comments, controls and lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from toolkit.documents.document import (
    Bar,
    Blank,
    Clause,
    Comment,
    Document,
    Part,
    Parts,
    Readiness,
    Reference,
    Section,
    Text,
    numbers,
)
from toolkit.documents.word import xml
from toolkit.documents.word.styles import BAR
from toolkit.documents.word.template import Template

LONGEST_COMMENT = 8_000
"""Characters of one paragraph; a longer one is continued in the next, because LibreOffice stalls on it."""

MARKS: Mapping[Readiness, str] = {
    "ready": "",
    "proposed": "Proposed - not agreed yet",
    "tied": "Tied - no majority yet",
    "open": "Open - not decided yet",
}
"""How far the room came, in words that stand behind the clause."""

MISSING_CLAUSE = "(not in this draft)"
SHORTEST_BAR = 40


@dataclass(slots=True)
class Builder:
    """The hand that writes one draft into a ground."""

    document: Document
    template: Template
    steps: list[int] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    targets: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Id to the field that points there, and what it shows."""
    numbers: dict[str, str] = field(default_factory=dict)
    controls: set[int] = field(default_factory=set)
    bookmarks: dict[str, int] = field(default_factory=dict)
    numbered: bool = True

    @property
    def roles(self) -> Mapping[str, str]:
        """Return which style of the file plays each role of the house."""
        return self.template.roles

    def __post_init__(self) -> None:
        """Work out what every reference points to before the first word is written."""
        self.numbered = self.document.contents or any(clause.numbered for clause in self.document.clauses())
        self.numbers = numbers(self.document) if self.numbered else {}
        for section in self.document.sections:
            self._point(section)

    def _point(self, section: Section) -> None:
        """A section and its unnumbered blocks are called by the section's number or, without one, its title."""
        number = self.numbers.get(section.id, "")
        code = f"REF {xml.anchor('s', section.id)} " + ("\\r \\h" if number else "\\h")
        for id_ in (section.id, *(block.id for block in section.blocks)):
            self.targets.setdefault(id_, (code, number or on_one_line(section.title)))
        for block in section.blocks:
            if isinstance(block, Clause) and self.numbers.get(block.id) and block.counts:
                self.targets[block.id] = (f"REF {xml.anchor('c', block.id)} \\r \\h", self.numbers[block.id])

    def bookmark(self, name: str, content: str) -> str:
        """Return `content` as a bookmark; a name that is taken gets a number behind it."""
        unique = name if name not in self.bookmarks else f"{name[:34]}_{len(self.bookmarks)}"
        self.bookmarks[unique] = len(self.bookmarks) + 1
        return xml.bookmark(unique, self.bookmarks[unique], content)

    def parts(self, parts: Parts) -> str:
        """Return `parts` as runs, blanks and fields."""
        return "".join(map(self._part, parts))

    def _part(self, part: Part) -> str:
        match part:
            case Text():
                return self._text(part)
            case Blank(key=key, prompt=prompt):
                return xml.blank(key, prompt, xml.control_id(key, self.controls), self.roles["Blank"])
            case Bar():
                return ""
            case Reference(clause=clause):
                target = self.targets.get(clause)
                return xml.field(*target) if target else xml.run(MISSING_CLAUSE)

    def bar(self, style: str, share: float | None, room: int) -> str:
        """Return a paragraph that is a bar: shaded as far as its share of `room` goes; a hidden one is a dash."""
        if share is None:
            return self.paragraph(style, xml.run(Bar(None).words))
        length = round(min(max(share, 0.0), 1.0) * room)
        if not length:
            return self.paragraph(style, "")
        ends = f'<w:ind w:left="0" w:right="{room - max(length, SHORTEST_BAR)}"/>'
        fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{BAR}"/>'
        return f'<w:p><w:pPr><w:pStyle w:val="{self.roles[style]}"/>{fill}{ends}</w:pPr></w:p>'

    def _text(self, text: Text) -> str:
        if text.strong:
            return xml.styled(text.words, self.roles["Strong"])
        return xml.styled(text.words, self.roles["OwnWords"]) if text.said else xml.run(text.words)

    def mark(self, readiness: Readiness) -> str:
        """Return the words that say how far the room came, or nothing when all is agreed."""
        mark = MARKS[readiness]
        return xml.run("  ") + xml.styled(f"\u00a0{mark}\u00a0", self.roles["Readiness"]) if mark else ""

    def with_comments(self, comments: tuple[Comment, ...], content: str) -> str:
        """Return `content` with `comments` beside it, and keep them for the comments part."""
        first = len(self.comments)
        self.comments.extend(comments)
        return xml.with_comment_marks(list(range(first, len(self.comments))), content, self.roles["CommentReference"])

    def restarted(self) -> int:
        """Return the number of a list of steps that begins at 1 again."""
        self.steps.append(self.template.first_list + len(self.steps))
        return self.steps[-1]

    def paragraph(  # noqa: PLR0913 - one keyword for each thing a paragraph of Word may have
        self, style: str, content: str, *, words: str = "", keep: bool = False, new_page: bool = False,
        number: int | None = None, before: int | None = None, after: int | None = None,
    ) -> str:  # fmt: skip
        """Return one paragraph in the style of a role; its direction follows most of `words`."""
        wants = "<w:keepNext/>" * keep + "<w:pageBreakBefore/>" * new_page
        listed = "" if number is None else f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        turned = "<w:bidi/>" * xml.is_right_to_left(words)
        gaps = "".join(f' w:{side}="{gap}"' for side, gap in (("before", before), ("after", after)) if gap is not None)
        spaced = f"<w:spacing{gaps}/>" if gaps else ""
        named = f'<w:pStyle w:val="{self.roles[style]}"/>'
        return f"<w:p><w:pPr>{named}{wants}{listed}{turned}{spaced}</w:pPr>{content}</w:p>"


def on_one_line(words: str) -> str:
    """Return `words` without line breaks or spaces at the ends."""
    return " ".join(words.split())


def in_pieces(parts: Parts) -> list[Parts]:
    """Return `parts` as one paragraph, or as several when they are very long."""
    if sum(len(part.words) for part in parts if isinstance(part, Text)) <= LONGEST_COMMENT:
        return [parts]
    pieces: list[list[Part]] = [[]]
    room = LONGEST_COMMENT
    for part in _short(parts):
        size = len(part.words) if isinstance(part, Text) else 0
        if size > room:
            pieces.append([])
            room = LONGEST_COMMENT
        pieces[-1].append(part)
        room -= size
    return [tuple(piece) for piece in pieces]


def _short(parts: Parts) -> Iterator[Part]:
    for part in parts:
        if isinstance(part, Text):
            yield from (Text(words, part.strong, part.said) for words in _short_pieces(part.words))
        else:
            yield part


def _short_pieces(words: str) -> Iterator[str]:
    while len(words) > LONGEST_COMMENT:
        end = words.rfind(" ", LONGEST_COMMENT // 2, LONGEST_COMMENT) + 1 or LONGEST_COMMENT
        yield words[:end]
        words = words[end:]
    yield words
