"""REPORTED: how the report-back stands in a workshop: folded events joined to what organizations hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from toolkit import boards, reportback
from toolkit.answer import Organization, Position
from toolkit.kinds import Value, read
from toolkit.reportback import Entry, ReportBack
from toolkit.worksheet import Worksheet

Held = Mapping[Organization, Mapping[str, Position]]
TITLES = {"easiest": "Easiest", "most_difficult": "Hardest", "first_step": "First step"}
"""The three lines: the question that keeps each, and its name on the board."""

STEP = ("first_step", "first_step_who", "first_step_by", "first_step_trigger", "first_step_buddy")


@dataclass(frozen=True, slots=True)
class Reported:
    """The report-back of one workshop at one moment."""

    sheet: Worksheet
    held: Held
    back: ReportBack

    @property
    def lines(self) -> tuple[str, ...]:
        """The questions of the three lines that this worksheet asks."""
        return tuple(each for each in TITLES if each in self.sheet.questions)

    @property
    def released(self) -> tuple[Organization, ...]:
        """The organizations that let their words be shown."""
        return tuple(each for each in self.held if each.id in self.back.released)

    def words(self, organization: Organization, question: str) -> str:
        """Return what an organization holds, as it reads."""
        asked = self.sheet.questions.get(question)
        return read(asked.kind, self._value(organization, question), asked.labels) if asked else ""

    def _value(self, organization: Organization, question: str) -> Value:
        position = self.held[organization].get(question)
        return position.value if position else None

    def entries(self, question: str) -> tuple[Entry, ...]:
        """Return what stands on the board under one question: released words only."""
        asked = self.sheet.questions.get(question)
        said = [(each, self._value(each, question)) for each in self.released]
        return reportback.entries(self.back, reportback.said(asked, said)) if asked else ()

    def state(self, pictures: tuple[boards.Block, ...] = ()) -> boards.ReportState:
        """Return what the board shows."""
        hardest = self.entries(reportback.HARDEST)
        room = reportback.own_dots(self.back, reportback.ROOM, hardest)
        names = {each.id: each.name for each in self.held}
        return boards.ReportState(
            shown=self.back.shown,
            votes_shown=self.back.votes_shown,
            columns=tuple(self._column(each) for each in self.lines) if self.back.shown else (),
            voting=reportback.HARDEST,
            room_dots=ballot(hardest, room),
            waiting=tuple(self._waiting()),
            top=tuple((each.title, each.dots) for each in reportback.top(hardest)),
            order=tuple(self._order(names)),
            speaker=names.get(self.back.speaker, ""),
            speaks=tuple(self._speaks()),
            deadline=self.back.deadline,
            steps=tuple(self._steps()),
            pictures=pictures,
        )

    def _column(self, question: str) -> boards.Column:
        points = tuple(self._point(each) for each in self.entries(question))
        kept = sum(bool(self.words(each, question)) for each in self.held if each.id not in self.back.released)
        return boards.Column(question, TITLES[question], points, kept)

    def _point(self, entry: Entry) -> boards.Point:
        votes = reportback.question_of(entry.lines[0].point) == reportback.HARDEST and self.back.votes_shown
        lines = tuple((line.organization, line.words) for line in entry.lines)
        return boards.Point(entry.id, entry.title, lines, entry.dots if votes else None, entry.is_group)

    def _waiting(self) -> Iterator[tuple[str, bool, bool]]:
        for each in self.held:
            answered = all(self.words(each, question) for question in self.lines)
            yield each.name, answered, each.id in self.back.released

    def _order(self, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        speaking = reportback.order(self.back, names)
        spoken = [each for each in self.back.turns if each in names]
        for each in (*spoken, *(one for one in speaking if one not in spoken)):
            yield names[each], "now" if each == self.back.speaker else "done" if each in spoken else "next"

    def _speaks(self) -> Iterator[tuple[str, str]]:
        for each in self.released:
            if each.id == self.back.speaker:
                said = ((TITLES[line], self.words(each, line)) for line in self.lines)
                yield from (pair for pair in said if pair[1])

    def _steps(self) -> Iterator[tuple[str, ...]]:
        for each in self.released:
            if self.words(each, STEP[0]):
                yield (each.name, *(self._shown(each, question) for question in STEP))

    def _shown(self, organization: Organization, question: str) -> str:
        """Return an answer for the screen: of a person the name and the role, never how to reach them."""
        value = self._value(organization, question)
        if isinstance(value, Mapping):
            return ", ".join(str(value[part]) for part in ("name", "role") if value.get(part))
        return self.words(organization, question)


def ballot(standing: Sequence[Entry], own: Mapping[str, int]) -> tuple[tuple[str, str, int], ...]:
    """Return what can be voted on: id, title, own dots; an answer alone says whose it is, as two may be the same."""
    return tuple((each.id, _whose(each), own.get(each.id, 0)) for each in standing)


def _whose(entry: Entry) -> str:
    return entry.title if entry.is_group else f"{entry.title} ({entry.lines[0].organization})"
