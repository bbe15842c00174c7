"""The part of a workshop about answers: saving them, proposals and opinions, and what colleagues may see."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import Any

from toolkit.answers import agreement, visibility
from toolkit.answers.model import SCRIBE, Answer, Organization, Position, Voice
from toolkit.errors import AnswerError
from toolkit.facilitation.events import ClientDetailEvent, NamingEvent, OpinionEvent, RevealEvent
from toolkit.storage.store import RESTORED, Saved
from toolkit.storage.typing_marks import TypingMarks
from toolkit.worksheets.kinds import Value, clean, clean_value
from toolkit.worksheets.model import Question
from toolkit.worksheets.stage_json import client_detail_rules
from toolkit.workshop.settings import Settings


class Discussion(Settings):
    """One workshop with what its people say."""

    # What they say

    def save(self, answer: Answer) -> Saved:
        """Check an answer against its question and keep it; AnswerError names the question."""
        return self._store.add(self.checked(answer))

    def checked(self, answer: Answer) -> Answer:
        """Return an answer as it is kept: its words cleaned, made from the organization's own answers only.

        Whoever tells others of an answer tells them of this one. AnswerError names the question that does not take it.
        """
        question = self.question(answer.question)
        try:
            value = self._taken(question, answer.value)
            question.not_past(value, self.day)
            note = clean_value("long_text", answer.note) or ""
        except AnswerError as fault:
            raise AnswerError(fault.fault, where=question.ask, mend=fault.mend) from None
        self._own(answer.organization, answer.made_from)
        return replace(answer, question=question.id, value=value, note=str(note))

    def _taken(self, question: Question, value: Value) -> Value:
        """Return a value as its question takes it, or took it while the page was loaded that it comes from."""
        try:
            return question.clean_value(value)
        except AnswerError:
            with suppress(AnswerError):
                return self._past().clean_value(question.id, value)
            raise

    def values(self, organization: Organization, person: str = SCRIBE, voice: Voice = "ours") -> dict[str, Value]:
        """Return what one person said, or what the organization holds, by question id: to fill a form again."""
        questions = {question.kept_as for question in self.worksheet.asked()}
        standing = self._standing(organization.id)
        answers = [answer for answer in standing if answer.voice == voice and answer.question in questions]
        if voice == "ours":
            return agreement.standing_values(answers, self.opinions())
        return {answer.question: answer.value for answer in answers if answer.person == person}

    def restored(self, organization: Organization, person: str, voice: Voice) -> tuple[str, list[str]]:
        """Return the id of the last restore of an older answers file, "" for none, and what was answered since.

        These are ids of questions that the voice answered, or emptied, after the restore.
        """
        id_, newest = self._facts.get(RESTORED, ("", 0))
        if not id_:
            return "", []
        answers = [answer for answer in self._store.standing(organization.id, emptied=True) if answer.sequence > newest]
        own = [answer for answer in answers if answer.voice == voice and (voice == "ours" or answer.person == person)]
        return id_, [self._past().placed(answer).question for answer in own]

    def positions(self, organization: Organization) -> dict[str, Position]:
        """Return the organization's position on every question, in worksheet order."""
        now = self._now(organization)
        return self._positions_of([now])[now.id]

    def all_positions(self) -> dict[str, dict[str, Position]]:
        """Return every organization's positions by its name."""
        organizations = self.organizations
        positions = self._positions_of(organizations)
        return {organization.name: positions[organization.id] for organization in organizations}

    def _positions_of(self, organizations: list[Organization]) -> dict[str, dict[str, Position]]:
        """Return positions by organization id, worked out again only for those where something is new."""
        opinions, last, reading = self.opinions(), self._store.last(), self._reading()
        judged = {organization.id: self._judged(organization, opinions) for organization in organizations}
        names, named = {person.id: person.name for person in self.people if person.name}, self.state.named
        for organization in organizations:
            shown_names = names if organization.id in named else {}
            hangs_on = (
                last.get(organization.id, 0),
                judged[organization.id],
                len(shown_names),
                reading.number,
                self._store.merges,
            )
            if self._held.get(organization.id, ((), {}))[0] != hangs_on:
                standing = self._standing(organization.id)
                people = agreement.People(shown_names, self._authors(organization.id, standing))
                self._held[organization.id] = (
                    hangs_on,
                    self._worked_out.of(reading.past.worksheet, organization.id, standing, people, opinions),
                )
        return {organization.id: self._held[organization.id][1] for organization in organizations}

    def _judged(self, organization: Organization, opinions: Iterable[agreement.Opinion]) -> int:
        """Return how many opinions there are on an organization's own texts: others change nothing here."""
        own = {answer.id for answer in self._store.standing(organization.id) if answer.voice == "ours"}
        return sum(opinion.answer in own for opinion in opinions)

    def _authors(self, organization: str, standing: list[Answer]) -> dict[str, str]:
        """Return who wrote the answers that a text was made from and that stand no more."""
        replaced = {source for answer in standing for source in answer.made_from} - {answer.id for answer in standing}
        return (
            {answer.id: answer.person for answer in self._store.history(organization) if answer.id in replaced}
            if replaced
            else {}
        )

    def set_naming(self, organization: Organization, yes: bool = True) -> None:
        """Let an organization's drafts call its people by their names or handles, or by numbers again."""
        self.record(NamingEvent(organization.id, yes))

    def uses_names(self, organization: Organization) -> bool:
        """Return whether an organization's drafts call its people by name; until somebody says so they do not."""
        return self._now(organization).id in self.state.named

    def record_opinion(self, opinion: agreement.Opinion) -> None:
        """Keep what one person thinks of a proposal; a later opinion of the same person counts instead."""
        note = clean(opinion.note)
        self.record(OpinionEvent(opinion.answer, opinion.person, opinion.agrees, note, opinion.id))

    def opinions(self) -> tuple[agreement.Opinion, ...]:
        """Return every opinion on a proposal, in order."""
        return self.state.opinions

    def voices(self, organization: Organization, person: str, asked: Collection[str] | None = None) -> dict[str, Any]:
        """Return what a person, or a table, may see of their organization's voices (see toolkit.answers.visibility)."""
        answers, opinions = self._standing(organization.id), self.opinions()
        standing = [answer for answer in answers if asked is None or answer.question in asked]
        positions = self.positions(organization)
        now = self._now(organization).id
        names = {participant.id: participant.name for participant in self.people if participant.organization == now}
        writing = {(question, who) for one, question, who in self.typing_marks.now() if one == now}
        viewer = visibility.Viewer(person, names, self.revealed(organization), writing, asked)
        return visibility.visible_answers(
            self.worksheet, viewer, standing, positions, agreement.offers(standing, opinions)
        )

    def writes(self, organization: Organization, person: str, question: str) -> None:
        """Let colleagues know for a moment that a person writes to a question; what, and that it was, is not kept."""
        self.typing_marks.write((self.current_id(organization.id), self.question(question).id, person))

    def count_client_detail(self, rule: str, *, kept: bool) -> None:
        """Count that a rule asked about client details, and whether the words were kept; never the words."""
        if rule not in {known_rule["id"] for known_rule in client_detail_rules(self.worksheet)}:
            raise AnswerError("there is no such rule", mend="Load the page again.")
        self.record(ClientDetailEvent(rule, kept))

    def propose(self, offered: Answer) -> Saved:
        """Keep a text offered as the organization's; AnswerError when it is empty, or made from others' words."""
        answer = self.checked(replace(offered, voice="ours"))
        if answer.value is None:
            where = self.question(answer.question).ask
            raise AnswerError("the text is still empty", where=where, mend="Write it, then offer it.")
        return self._store.add(answer)

    def judge(self, organization: Organization, opinion: agreement.Opinion) -> None:
        """Keep what one person thinks of a proposal of the own organization; the same id again changes nothing."""
        self._own(organization.id, (opinion.answer,))
        thought = replace(opinion, note=str(clean_value("long_text", opinion.note) or ""))
        opinions = [earlier for earlier in self.opinions() if opinion.id and earlier.id == opinion.id]
        if not opinions:
            self.record_opinion(thought)
        elif thought not in opinions:
            raise AnswerError("another opinion has this id", mend="Nothing kept so far is lost; load the page again.")

    def _own(self, organization: str, answers: Iterable[str]) -> None:
        ids = set(answers)
        if ids and not ids <= {answer.id for answer in self._store.history(organization)}:
            raise AnswerError("that text is not one of your organization's", mend="Load the page again.")

    def reveal(self, organization: Organization, question: str) -> None:
        """Let colleagues of one organization see each other's answers to a question."""
        self.record(RevealEvent(f"{organization.id}/{self.question(question).id}", True))

    def revealed(self, organization: Organization) -> set[str]:
        """Return the questions on which colleagues of an organization see each other's answers."""
        revealed, now = self.state.room.revealed, self._now(organization).id
        own = {scope.partition("/")[2] for scope in revealed if scope.startswith(f"{now}/")}
        stages = (stage for stage in self.worksheet.stages if revealed & {stage.id, "*"})
        return own | {question.kept_as for stage in stages for question in stage.questions}

    # Keeping and erasing

    @cached_property
    def typing_marks(self) -> TypingMarks:
        """Who writes where just now."""
        return TypingMarks(self.hidden / "writing")
