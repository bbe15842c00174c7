"""Connects the report-back's panel to a workshop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from toolkit.answers.model import Organization, Position
from toolkit.facilitation import report_back, report_back_views
from toolkit.facilitation.report_back import Entry, ReportBack
from toolkit.facilitation.report_back_views import Reported
from toolkit.notebook import panels

AllPositions = Mapping[Organization, Mapping[str, Position]]


@dataclass(frozen=True, slots=True)
class OnBoard:
    """The report-back of one workshop at one moment, with what organizations hold: to say who is ready."""

    room: Reported
    held: AllPositions

    @property
    def back(self) -> ReportBack:
        """What happened so far."""
        return self.room.back

    def state(self, charts: tuple[panels.Block, ...] = ()) -> panels.ReportState:
        """Return what the board shows."""
        hardest = self.room.entries(self.room.vote_question)
        own = report_back.own_dots(self.back, report_back.ROOM_VOTER, hardest)
        names = {organization.id: organization.name for organization in self.held}
        top = report_back.top(hardest)
        return panels.ReportState(
            shown=self.back.shown,
            vote=self.back.vote,
            voted=self.back.voted,
            votes_shown=self.back.votes_shown,
            columns=tuple(self._column(*line) for line in self.room.lines) if self.back.shown else (),
            room_dots=ballot(hardest, own),
            waiting=tuple(self._waiting()),
            top=tuple((entry.title, entry.dots) for entry in top),
            result=tuple(report_back_views.result_view(self.room)),
            voting=self.room.vote_question,
            order=tuple(self._order(names)),
            speaker=names.get(self.back.speaker, ""),
            speaks=tuple(self._speaks()),
            deadline=self.back.deadline,
            steps=tuple(self._steps()),
            pictures=charts,
        )

    def _column(self, question: str, title: str) -> panels.Column:
        points = tuple(self._point(entry) for entry in self.room.entries(question))
        hidden = sum(
            self._answered(organization, question)
            for organization in self.held
            if organization.id not in self.back.released
        )
        return panels.Column(question, title, points, hidden)

    def _answered(self, organization: Organization, question: str) -> bool:
        return self.held[organization][question].value is not None

    def _point(self, entry: Entry) -> panels.Point:
        votes = report_back.question_of(entry.lines[0].point) == self.room.vote_question and self.back.votes_shown
        lines = tuple((line.organization, line.words) for line in entry.lines)
        return panels.Point(entry.id, entry.title, lines, entry.dots if votes else None, entry.is_group)

    def _waiting(self) -> Iterator[tuple[str, bool, bool]]:
        for organization in self.held:
            answered = all(self._answered(organization, question) for question, _ in self.room.lines)
            yield organization.name, answered, organization.id in self.back.released

    def _order(self, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        speaking = report_back.order(self.back, names)
        earlier = [turn for turn in self.back.turns if turn in names]
        for organization in (*earlier, *(one for one in speaking if one not in earlier)):
            yield (
                names[organization],
                "now" if organization == self.back.speaker else "done" if organization in earlier else "next",
            )

    def _speaks(self) -> Iterator[tuple[str, str]]:
        lines = ((title, self.room.words(self.back.speaker, question)) for question, title in self.room.lines)
        yield from (pair for pair in lines if pair[1])

    def _steps(self) -> Iterator[tuple[str, ...]]:
        for organization in self.room.released:
            row = tuple(self.room.words(organization.id, question) for question in self.room.steps)
            if row[0]:
                yield (organization.name, *row)


def ballot(standing: Sequence[Entry], own: Mapping[str, int]) -> tuple[tuple[str, str, int], ...]:
    """Return what can be voted on: id, title, own dots; an answer alone says whose it is, as two may be the same."""
    return tuple((entry.id, _whose(entry), own.get(entry.id, 0)) for entry in standing)


def _whose(entry: Entry) -> str:
    return entry.title if entry.is_group else f"{entry.title} ({entry.lines[0].organization})"
