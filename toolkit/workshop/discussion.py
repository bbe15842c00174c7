"""The part of a workshop about answers: saving them, proposals and opinions, and what colleagues may see.

Organizations are meant by id, under any of their names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import Any

from toolkit.answers import agreement, visibility
from toolkit.answers.model import SCRIBE, Answer, Position, Voice
from toolkit.errors import AnswerError
from toolkit.facilitation.events import ClientDetailEvent, NamingEvent, OpinionEvent, RevealEvent
from toolkit.state import GroupAnswers, State
from toolkit.storage.store import RESTORED, Saved
from toolkit.storage.typing_marks import TypingMarks
from toolkit.worksheets.kinds import Value, clean_value
from toolkit.worksheets.model import Question
from toolkit.worksheets.stage_json import client_detail_rules
from toolkit.workshop.current import CurrentState
from toolkit.workshop.positions import Positions
from toolkit.workshop.settings import Settings


class Discussion:
    """What the people of one workshop answer, and how they agree."""

    def __init__(self, current: CurrentState, settings: Settings) -> None:
        self._current, self._settings, self._in_use = current, settings, settings.worksheet_in_use
        self._positions = Positions()

    # Answers

    def save(self, answer: Answer) -> Saved:
        """Check an answer against its question and keep it; AnswerError names the question."""
        return self._current.store.add(self._checked(answer))

    def _checked(self, answer: Answer) -> Answer:
        """Return an answer as it is kept: its words cleaned, made from the organization's own answers only.

        Whoever tells others of an answer tells them of this one. AnswerError names the question that does not take it.
        """
        question = self._in_use.question(answer.question)
        try:
            value = self._clean_value(question, answer.value)
            question.not_past(value, self._settings.day)
            note = clean_value("long_text", answer.note) or ""
        except AnswerError as fault:
            raise AnswerError(fault.fault, where=question.ask, mend=fault.mend) from None
        self._need_own(answer.organization, answer.made_from)
        return replace(answer, question=question.id, value=value, note=str(note))

    def _clean_value(self, question: Question, value: Value) -> Value:
        """Return a value as its question takes it, or took it while the page was loaded that it comes from."""
        try:
            return question.clean_value(value)
        except AnswerError:
            with suppress(AnswerError):
                return self._in_use.past.clean_value(question.id, value)
            raise

    def _need_own(self, organization: str, answers: Iterable[str]) -> None:
        """Raise an AnswerError unless all these answers (by id) are the organization's."""
        ids = set(answers)
        if not ids:
            return
        state, stored = self._current.state, self._current.store.answers_of(ids)
        owners = {state.current_id(answer.organization) for answer in stored.values()}
        if stored.keys() != ids or owners != {state.current_id(organization)}:
            raise AnswerError("that text is not one of your organization's", mend="Load the page again.")

    def answers_of(self, organization: str, state: State | None = None) -> GroupAnswers:
        """Return what an organization answered, each answer under the id of the question that it is read by."""
        return self._in_use.reading().placed((state or self._current.state).answers_of(organization))

    def standing(self, organization: str | None = None) -> list[Answer]:
        """Return the standing answers of one organization or of all, in order."""
        if organization is not None:
            return self.answers_of(organization).standing()
        state, reading = self._current.state, self._in_use.reading()
        groups = map(reading.placed, state.answers.values())
        return sorted((answer for group in groups for answer in group.standing()), key=lambda answer: answer.sequence)

    def history(self, organization: str) -> list[Answer]:
        """Return everything that an organization ever answered, in order, under its own id."""
        state = self._current.state
        now = state.current_id(organization)
        answers = self._current.store.history(state.merges.family(organization))
        return [replace(answer, organization=now) for answer in answers]

    def values(self, organization: str, person: str = SCRIBE, voice: Voice = "ours") -> dict[str, Value]:
        """Return what one person answered, or what the organization holds, by question id: to fill a form again."""
        questions = {question.kept_as for question in self._in_use.worksheet.asked()}
        state = self._current.state
        answers = [
            answer
            for answer in self.answers_of(organization, state).standing()
            if answer.voice == voice and answer.question in questions
        ]
        if voice == "ours":
            return agreement.standing_values(answers, state.opinions_on(answers))
        return {answer.question: answer.value for answer in answers if answer.person == person}

    def restored(self, organization: str, person: str, voice: Voice) -> tuple[str, list[str]]:
        """Return the id of the last restore of an older answers file, "" for none, and what was answered since.

        These are ids of questions that the voice answered, or emptied, after the restore.
        """
        id_, newest = self._current.state.facts.get(RESTORED, ("", 0))
        if not id_:
            return "", []
        answers = self.answers_of(organization).standing(emptied=True)
        newer = [answer for answer in answers if answer.sequence > newest and answer.voice == voice]
        return id_, [answer.question for answer in newer if voice == "ours" or answer.person == person]

    # Positions and proposals

    def positions(self, organization: str) -> dict[str, Position]:
        """Return the organization's position on every question, in worksheet order."""
        state = self._current.state
        return self._positions.of(state, self._in_use.reading(), state.current_id(organization))

    def all_positions(self) -> dict[str, dict[str, Position]]:
        """Return every organization's positions by its id."""
        state, reading = self._current.state, self._in_use.reading()
        return {organization: self._positions.of(state, reading, organization) for organization in state.organizations}

    def propose(self, offered: Answer) -> Saved:
        """Keep a text offered as the organization's; AnswerError when it is empty, or made from others' words."""
        answer = self._checked(replace(offered, voice="ours"))
        if answer.value is None:
            where = self._in_use.question(answer.question).ask
            raise AnswerError("the text is still empty", where=where, mend="Write it, then offer it.")
        return self._current.store.add(answer)

    def judge(self, organization: str, opinion: agreement.Opinion) -> None:
        """Keep what one person thinks of a proposal of the own organization; the same id again changes nothing.

        A later opinion of the same person counts instead.
        """
        self._need_own(organization, (opinion.answer,))
        cleaned = replace(opinion, note=str(clean_value("long_text", opinion.note) or ""))
        given = (other for group in self._current.state.opinions.values() for other in group)
        earlier = [other for other in given if opinion.id and other.id == opinion.id]
        if not earlier:
            parts = (cleaned.answer, cleaned.person, cleaned.agrees, cleaned.note, cleaned.id)
            self._current.record(OpinionEvent(*parts))
        elif cleaned not in earlier:
            raise AnswerError("another opinion has this id", mend="Nothing kept so far is lost; load the page again.")

    # What colleagues see

    def voices(self, organization: str, person: str, asked: Collection[str] | None = None) -> dict[str, Any]:
        """Return what a person, or a table, may see of their organization's voices (see toolkit.answers.visibility)."""
        return self.voices_for(organization, (person,), asked)[person]

    def voices_for(
        self, organization: str, people: Iterable[str], asked: Collection[str] | None = None
    ) -> dict[str, dict[str, Any]]:
        """Return what each of these people may see of their organization's voices: worked out once for all of them."""
        state = self._current.state
        now, by_question = state.current_id(organization), self.answers_of(organization, state).by_question
        groups = by_question.values() if asked is None else (by_question.get(question, ()) for question in asked)
        standing = [answer for group in groups for answer in group if answer.value is not None]
        offers = agreement.offers(standing, state.opinions_on(standing))
        worksheet, positions = self._in_use.worksheet, self.positions(now)
        voices = visibility.question_voices(worksheet, standing, positions, offers, asked)
        names = {id_: person.name for id_, person in state.people_of(now).items()}
        writing = {(question, who) for group, question, who in self.typing_marks.now() if group == now}
        revealed = self.revealed(now)
        viewers = (visibility.Viewer(person, names, revealed, writing, asked) for person in people)
        return {viewer.person: visibility.visible_to(viewer, voices) for viewer in viewers}

    def unseen(self, organization: str, person: str = SCRIBE) -> set[str]:
        """Return the questions on which a person, or a table, may not see yet what the organization holds."""
        standing = self.standing(organization)
        viewer = visibility.Viewer(person, {}, self.revealed(organization))
        offers = agreement.offers(standing, self._current.state.opinions_on(standing))
        return visibility.hidden_questions(viewer, standing, offers)

    def reveal(self, organization: str, question: str) -> None:
        """Let colleagues of one organization see each other's answers to a question."""
        self._current.record(RevealEvent(f"{organization}/{self._in_use.question(question).id}", True))

    def revealed(self, organization: str) -> set[str]:
        """Return the questions on which colleagues of an organization see each other's answers."""
        state = self._current.state
        revealed, now = state.room.revealed, state.current_id(organization)
        own = {scope.partition("/")[2] for scope in revealed if scope.startswith(f"{now}/")}
        stages = (stage for stage in self._in_use.worksheet.stages if revealed & {stage.id, "*"})
        return own | {question.kept_as for stage in stages for question in stage.questions}

    def set_naming(self, organization: str, yes: bool = True) -> None:
        """Let an organization's drafts call its people by their names or handles, or by numbers again."""
        self._current.record(NamingEvent(organization, yes))

    def uses_names(self, organization: str) -> bool:
        """Return whether an organization's drafts call its people by name; until somebody says so they do not."""
        state = self._current.state
        return state.current_id(organization) in state.named

    @cached_property
    def typing_marks(self) -> TypingMarks:
        """Who writes where just now."""
        return TypingMarks(self._settings.hidden / "writing")

    def mark_typing(self, organization: str, person: str, question: str) -> None:
        """Let colleagues know for a moment that a person writes to a question; what, and that it was, is not kept."""
        self.typing_marks.write(
            (self._current.state.current_id(organization), self._in_use.question(question).id, person)
        )

    def count_client_detail(self, rule: str, *, kept: bool) -> None:
        """Count that a rule asked about client details, and whether the words were kept; never the words."""
        if rule not in {known_rule["id"] for known_rule in client_detail_rules(self._in_use.worksheet)}:
            raise AnswerError("there is no such rule", mend="Load the page again.")
        self._current.record(ClientDetailEvent(rule, kept))
