"""The part of a workshop about the report-back: an organization's lines for the room, and the vote."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.answers.model import SCRIBE
from toolkit.errors import WorkshopError
from toolkit.facilitation import report_back, report_back_views
from toolkit.facilitation.events import BallotEvent, ReleaseEvent
from toolkit.workshop.current import CurrentState
from toolkit.workshop.discussion import Discussion
from toolkit.workshop.settings import Settings


class ReportBack:
    """What organizations report back to the room of one workshop."""

    def __init__(self, current: CurrentState, settings: Settings, discussion: Discussion) -> None:
        self._current, self._settings, self._discussion = current, settings, discussion

    def reported(self) -> report_back_views.Reported:
        """Return how the report-back stands: what the room may see, and the dots."""
        state = self._current.state
        return report_back_views.Reported(
            self._settings.worksheet, list(state.organizations.values()), state.report_back
        )

    def lines(self, organization: str, person: str = SCRIBE) -> tuple[report_back_views.OwnLine, ...]:
        """Return what an organization would show the room, as one of its people may see it."""
        return report_back_views.own_lines(
            self._settings.worksheet,
            self._discussion.positions(organization),
            self._discussion.unseen(organization, person),
        )

    def release(self, organization: str, *, yes: bool = True, by: str = SCRIBE, mark: str = "", id_: str = "") -> bool:
        """Let the room see an organization's lines as they stand now, or no longer; the latest counts.

        With a `mark` of the words that somebody saw it is refused when they have changed meanwhile; the same `id_`
        again changes nothing, and then this is False.
        """
        now = self._current.state.current_id(organization)
        if self._current.state.report_back.did(ReleaseEvent.kind, now, id_):
            return False
        lines = self.lines(now, by)
        if yes and not report_back_views.released_values(lines):
            raise WorkshopError("there are no words to show yet", mend="Answer the questions first.")
        if yes and mark and mark != report_back_views.mark(lines):
            raise WorkshopError("your words have just changed", mend="Read them again, then say yes.")
        values = report_back_views.released_values(lines)
        self._current.record(report_back.release(now, values, yes=yes, by=by, id_=id_))
        return True

    @property
    def released(self) -> set[str]:
        """The ids of the organizations that let their words be shown."""
        return set(self._current.state.report_back.released)

    def vote(self, voter: str, dots: Mapping[str, object], id_: str = "") -> bool:
        """Keep a voter's dots, False when this `id_` was here already; WorkshopError when they do not count."""
        reported = self.reported()
        if reported.back.did(BallotEvent.kind, voter, id_):
            return False
        given = report_back_views.checked(reported, dots)
        self._current.record(report_back.vote(voter, given, id_))
        after = self._current.state.report_back
        if after.ballots.get(voter) != given:  # another process closed the vote a moment before
            report_back_views.need_open(after.vote)
        return True
