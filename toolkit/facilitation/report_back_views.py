"""What the report-back shows to the room, to a voter, and to an organization's own people.

Its law: a line that is not released, and a count of dots before it is shown, is in nothing that this module returns.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeGuard

from toolkit.answers.model import Organization, Position
from toolkit.documents import charts
from toolkit.errors import AnswerError, WorkshopError
from toolkit.facilitation import report_back
from toolkit.facilitation.report_back import CLOSED, DOTS, OPEN, Entry, ReportBack
from toolkit.worksheets.kinds import Value, as_text
from toolkit.worksheets.model import Question, Stage, Worksheet

MOMENT = "report_back"
TITLES: Mapping[str, str] = MappingProxyType({"easiest": "Easiest", "vote": "Hardest", "first_step": "First step"})
"""The three lines: the meaning of the question that each belongs to, and its name on the board."""

STEP: Mapping[str, str] = MappingProxyType(
    {
        "first_step": "First step",
        "first_step_who": "Who",
        "first_step_by": "By when",
        "first_step_trigger": "If",
        "first_step_buddy": "Who asks",
    }
)
"""What belongs to a first step, by the meaning of its question, and how it is called."""

SHOWN = "shown"
"""The state of a vote whose dots everybody may see."""

View = dict[str, object]


@dataclass(frozen=True, slots=True)
class OwnLine:
    """One line of an organization for the room, as one of its people sees it.

    `is_on_board` is whether it is one of the three lines that the board has a column for.

    It has no value while it `lacks` something: "shown" when colleagues have not shown each other their answers,
    "agreed" when these are tied.
    """

    question: str
    title: str
    value: Value
    words: str
    lacks: str = ""
    is_on_board: bool = False


@dataclass(frozen=True, slots=True)
class Reported:
    """The report-back of one workshop at one moment."""

    sheet: Worksheet
    organizations: Sequence[Organization]
    back: ReportBack

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """The id and the title of each of the three lines that this worksheet has a question for."""
        by_meaning = self.sheet.by_meaning
        return tuple((by_meaning[meaning].id, title) for meaning, title in TITLES.items() if meaning in by_meaning)

    @property
    def vote_question(self) -> str:
        """The id of the question that the room votes on, "" when the worksheet has none."""
        question = self.sheet.by_meaning.get("vote")
        return question.id if question else ""

    @property
    def steps(self) -> tuple[str, ...]:
        """The ids of the questions about a first step, in the order of `STEP`; "" for one that is not asked."""
        by_meaning = self.sheet.by_meaning
        return tuple(by_meaning[meaning].id if meaning in by_meaning else "" for meaning in STEP)

    @property
    def released(self) -> tuple[Organization, ...]:
        """The organizations that let their words be shown."""
        return tuple(organization for organization in self.organizations if organization.id in self.back.released)

    def value(self, organization: str, question: str) -> Value:
        """Return what an organization released as its answer, None when it did not."""
        released = self.back.released.get(organization)
        return released.values.get(question) if released else None

    def words(self, organization: str, question: str) -> str:
        """Return what an organization released as its answer, as it reads."""
        line = self.sheet.questions.get(question)
        return _reads(line, self.value(organization, question)) if line else ""

    def entries(self, question: str) -> tuple[Entry, ...]:
        """Return what stands on the board under one question: released words only."""
        line = self.sheet.questions.get(question)
        values = [(organization, self.value(organization.id, question)) for organization in self.released]
        return report_back.entries(self.back, report_back.lines_of(line, values)) if line else ()

    @property
    def on_vote(self) -> tuple[Entry, ...]:
        """What can be voted on, or was: nothing while the board is blind."""
        return self.entries(self.vote_question) if self.back.shown else ()

    @property
    def vote(self) -> str:
        """How the vote stands: "", "open", "closed" or "shown"."""
        if not self.back.shown:
            return ""
        return SHOWN if self.back.votes_shown else self.back.vote

    def top(self) -> tuple[Entry, ...]:
        """Return the hardest points as the room sees it; nothing before the dots are shown."""
        return report_back.top(self.on_vote) if self.back.votes_shown else ()


# What an organization's own people see


def stages(sheet: Worksheet) -> tuple[Stage, ...]:
    """Return the stages of the report-back: those of that moment, else the last one."""
    return tuple(stage for stage in sheet.stages if MOMENT in (stage.moment, stage.id)) or sheet.stages[-1:]


def own_questions(sheet: Worksheet) -> tuple[Question, ...]:
    """Return what an organization is asked for the room: the questions of the report-back, without its notes."""
    return tuple(question for stage in stages(sheet) for question in stage.questions if question.meaning != "notes")


def own_lines(sheet: Worksheet, positions: Mapping[str, Position], hidden: Container[str]) -> tuple[OwnLine, ...]:
    """Return what an organization would show the room: what it holds, without what a person may not see yet."""
    ids = dict.fromkeys(question.kept_as for question in own_questions(sheet))
    return tuple(_own_line(sheet.questions[id_], positions[id_], id_ in hidden) for id_ in ids)


def _own_line(question: Question, position: Position, is_hidden: bool) -> OwnLine:
    meaning = question.meaning or ""
    title = TITLES.get(meaning) or STEP.get(meaning) or question.ask
    value = None if is_hidden else _public_value(question, position.value)
    lacks = "shown" if is_hidden else "agreed" if position.status == "tied" else ""
    return OwnLine(question.id, title, value, _reads(question, value), lacks, is_on_board=meaning in TITLES)


def _public_value(question: Question, value: Value) -> Value:
    """Return an answer for the screen: of a person the name and the role, never how to reach them."""
    if question.kind != "contact" or not isinstance(value, Mapping):
        return value
    return {part: value[part] for part in ("name", "role") if value.get(part)} or None


def _reads(question: Question, value: Value) -> str:
    return as_text(question.kind, value, question.labels)


def released_values(lines: Sequence[OwnLine]) -> dict[str, Value]:
    """Return what these lines let the room see, by question."""
    return {line.question: line.value for line in lines if line.value is not None}


def mark(lines: Sequence[OwnLine]) -> str:
    """Return a mark of the words: who says that the room may see them says which words they saw."""
    return hashlib.sha256(json.dumps(released_values(lines), sort_keys=True).encode()).hexdigest()[:20]


def release_view(reported: Reported, organization: str, lines: Sequence[OwnLine], names: Mapping[str, str]) -> View:
    """Return an organization's own lines, whether the room may see them, and who said so; `names` by person."""
    released = reported.back.released.get(organization)
    return {
        "lines": [_line_view(line) for line in lines if line.is_on_board or line.words],
        "mark": mark(lines),
        "any": bool(released_values(lines)),
        "yes": released is not None,
        "who": names.get(released.by, "") if released else "",
        "changed": released is not None and dict(released.values) != released_values(lines),
        "on_board": reported.back.shown,
    }


def _line_view(line: OwnLine) -> View:
    return {"title": line.title, "words": line.words, "lacks": line.lacks}


# The vote


def vote_view(reported: Reported, voter: str) -> View:
    """Return the ballot of one voter, or the result once it is shown; before that no count but the voter's own."""
    state, standing = reported.vote, reported.on_vote
    own = report_back.own_dots(reported.back, voter, standing)
    points = [_point_view(entry, own.get(entry.id, 0)) for entry in standing] if state in (OPEN, CLOSED) else []
    return {"state": state, "of": DOTS, "points": points, "result": result_view(reported)}


def _point_view(entry: Entry, mine: int) -> View:
    lines = [{"who": line.organization, "words": line.words} for line in entry.lines]
    return {"id": entry.id, "title": entry.title, "lines": lines, "group": entry.is_group, "mine": mine}


def result_view(reported: Reported) -> list[View]:
    """Return the hardest points in their order; a count under five is not said, and has no length."""
    top = reported.top()
    most = max((entry.dots for entry in top), default=1)
    return [_result_line(entry, most, sum(one.dots > entry.dots for one in top) + 1) for entry in top]


def _result_line(entry: Entry, most: int, index: int) -> View:
    share = entry.dots / most if entry.dots >= charts.SMALLEST_COUNT else None
    whose = "" if entry.is_group else entry.lines[0].organization
    return {
        "place": index,
        "title": entry.title,
        "who": whose,
        "words": f"{charts.count_text(entry.dots)} dots",
        "share": share,
    }


def checked(reported: Reported, dots: Mapping[str, object]) -> dict[str, int]:
    """Return a ballot as it can be kept; WorkshopError when the vote is not open, or the dots do not fit."""
    need_open(reported.vote)
    counts = {id_: count for id_, count in dots.items() if _is_whole(count)}
    if len(counts) != len(dots):
        raise AnswerError("dots are counted in whole numbers", mend="Load the page again.")
    if not _ids_on_vote(reported).issuperset(counts):
        raise AnswerError("that is not on the board any more", mend="Look at the list again, then give your dots.")
    if sum(counts.values()) > DOTS:
        raise AnswerError(f"there are {DOTS} dots for each", mend="Take one back first.")
    return {id_: count for id_, count in counts.items() if count}


def _ids_on_vote(reported: Reported) -> set[str]:
    """Return the ids of all that can be voted for: entries, and the lines in them."""
    return {id_ for entry in reported.on_vote for id_ in (entry.id, *(line.point for line in entry.lines))}


def _is_whole(count: object) -> TypeGuard[int]:
    return isinstance(count, int) and not isinstance(count, bool) and count >= 0


def need_open(state: str) -> None:
    """Raise a WorkshopError unless the vote is open."""
    if state in (CLOSED, SHOWN):
        raise WorkshopError("the vote is closed", mend="The dots that were saved before count.")
    if state != OPEN:
        raise WorkshopError("the vote is not open yet", mend="Wait until the facilitator opens it.")
