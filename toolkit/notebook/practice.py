"""A practice workshop for the facilitator: made-up people do what real people do while a stage is open."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.answers.model import Organization
from toolkit.facilitation import stages
from toolkit.facilitation.report_back import OPEN
from toolkit.facilitation.stages import Presence
from toolkit.rehearsal import answers, run
from toolkit.workshop.facade import Workshop

ORGANIZATIONS, PEOPLE, SEED = 6, 30, 1
ARRIVALS, ANSWER_SHARE = 2, 0.06
"""How many come in at one step, and how much of a stage is said at one."""

LATE_AT = 4
"""At which step of the first stage the late organizations begin to arrive."""

REQUESTS = {3: (2, True), 9: (5, True), 14: (5, False)}
"""At which step of a stage who asks for help (True) or cancels: the place of a person in the order of arrival."""

SHARE_EVERY, VOTERS = 2, 4
"""After how many steps of the report-back the next organization shares, and how many vote at one step."""

PACE_OF_STATE = {"open": 1.0, "closing": 0.3}
"""In which states of a stage people say something, and how eagerly."""


class Practice:
    """One practice room; each step is a moment in it."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._run = run.Rehearsal(ORGANIZATIONS, PEOPLE, SEED)
        self._player = workshop.rehearsals.player(ORGANIZATIONS, PEOPLE, SEED)
        self._report_back = answers.report_back_questions(workshop.worksheet)
        self._stage, self._steps = "", 0
        self._presence: Mapping[str, Presence] = {}

    def step(self) -> None:
        """Let a moment pass."""
        room = self._workshop.state.room
        self._steps = self._steps + 1 if room.now.stage == self._stage else 0
        self._stage = room.now.stage
        started = len(room.opened) > 1 or (bool(room.opened) and self._steps >= LATE_AT)
        self._player.arrive(ARRIVALS, latecomers=started)
        self._tell(self._spoken(room))
        if not room.ended:
            self._vote()

    def _spoken(self, room: stages.Room) -> Mapping[str, int]:
        if room.ended or room.now.state not in PACE_OF_STATE:
            return {}
        if room.now.state == "open" and self._steps in REQUESTS:
            self._request(*REQUESTS[self._steps])
        spoke = self._player.answer(room.now.stage, ANSWER_SHARE * PACE_OF_STATE[room.now.state])
        if self._is_report_back(room.now.stage) and self._steps % SHARE_EVERY == SHARE_EVERY - 1:
            stage = room.now.stage
            self._share(
                [organization for organization in self._in_time() if self._player.is_done(organization, stage)][:1]
            )
        return spoke

    def _is_report_back(self, stage: str) -> bool:
        questions = self._workshop.worksheet.stage(stage).questions
        return any(question.kept_as in self._report_back for question in questions)

    def _request(self, index: int, asks: bool) -> None:
        here = [person for people in self._player.here.values() for person in people]
        if index < len(here):
            self._workshop.record(stages.ask_help(here[index], yes=asks))

    def _in_time(self) -> list[Organization]:
        """Return who has not shared yet of those that came in time; the others keep their answers to themselves."""
        in_time = self._workshop.organizations[: ORGANIZATIONS - self._run.late]
        return [organization for organization in in_time if organization.id not in self._workshop.report_back.released]

    def _share(self, organizations: list[Organization]) -> None:
        """Let these organizations share what they report back."""
        for organization in organizations:
            self._player.reveal(organization.id, self._report_back)
        ids = [organization.id for organization in organizations]
        run.share(self._workshop.state, self._workshop.report_back, ids)

    def _vote(self) -> None:
        """Let the next few vote, while the vote is open."""
        if self._workshop.state.report_back.vote == OPEN:
            run.vote(self._workshop.state, self._workshop.report_back, SEED, VOTERS)

    def _tell(self, spoke: Mapping[str, int]) -> None:
        here = self._player.here
        counts = {id_: Presence(len(people), min(spoke.get(id_, 0), len(people))) for id_, people in here.items()}
        if counts != self._presence:
            self._presence = counts
            self._workshop.record(stages.tell_presence(counts))

    def finish(self) -> None:
        """Let everyone say all that is left at once, and share it."""
        self._player.rest()
        self._share(self._in_time())
        self._tell({})
