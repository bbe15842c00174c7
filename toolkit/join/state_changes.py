"""What is new between two states, as far as phones are concerned. Pure functions of the two."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from toolkit.answers.model import SCRIBE, Answer
from toolkit.facilitation.report_back import ReportBack
from toolkit.state import State

AnswersOf = Callable[[State, str], Mapping[str, tuple[Answer, ...]]]
"""Returns what an organization answered in a state, by the question that it is read by."""

StageOf = Callable[[str], str]
"""Returns the stage that asks a question."""

Questions = frozenset[str] | None
"""Ids of questions; None is every question."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What phones are to be told. Organizations are meant by id.

    `moved` are organizations that others became, or that others left, and those others; `ended` the sessions that are
    over; `who` is whether a device may be called otherwise; `voters` are those whose own dots have changed, None for
    everyone; `reports` the organizations that released something else, and `naming` those whose drafts call people
    otherwise; `voices` are the questions whose voices look otherwise, by organization; `ours` the organizations that
    may hold something else; `vote` is whether what every phone knows of the vote may have changed.
    """

    moved: frozenset[str]
    ended: frozenset[str]
    who: bool
    voters: frozenset[str] | None
    reports: frozenset[str]
    naming: frozenset[str]
    voices: Mapping[str, Questions]
    ours: frozenset[str]
    vote: bool


NOTHING_NEW = Changes(
    frozenset(), frozenset(), False, frozenset(), frozenset(), frozenset(), MappingProxyType({}), frozenset(), False
)


def changes(before: State, now: State, answers_of: AnswersOf, stage_of: StageOf) -> Changes:
    """Return what is new in `now`, for phones that know what stood `before`."""
    answered = {id_ for id_, group in now.answers.items() if before.answers.get(id_) is not group}
    ours = frozenset(answered | _judged(before, now))
    visible = {one: frozenset(_visible(before, now, one, answers_of, stage_of)) for one in ours}
    naming = before.named ^ now.named
    return Changes(
        moved=_moved(before, now),
        ended=frozenset(before.devices.keys() - now.devices.keys()),
        who=_in_head(before) != _in_head(now) or before.merges is not now.merges,
        voters=_voters(before.report_back, now.report_back),
        reports=_different(before.report_back.released, now.report_back.released),
        naming=naming,
        voices=_together(visible, _revealed(before, now), [*_newcomers(before, now), *naming]),
        ours=ours,
        vote=_is_vote_new(before, now),
    )


def _in_head(state: State) -> tuple[object, ...]:
    """Return what the head of a phone's page shows, of all phones."""
    return state.facts.get("title"), state.room.needs_help


def _moved(before: State, now: State) -> frozenset[str]:
    if before.merges is now.merges:
        return frozenset()
    pairs = [(before.current_id(name), now.current_id(name)) for name in now.names]
    return frozenset(id_ for pair in pairs if pair[0] != pair[1] for id_ in pair)


def _judged(before: State, now: State) -> set[str]:
    """Return the organizations on whose texts somebody has another opinion."""
    if before.opinions is now.opinions:
        return set()
    texts = {id_ for id_, opinions in now.opinions.items() if before.opinions.get(id_) is not opinions}
    return {
        organization
        for organization, group in now.answers.items()
        if any(answer.id in texts for answers in group.by_question.values() for answer in answers)
    }


def _newcomers(before: State, now: State) -> list[str]:
    """Return the organizations that somebody has joined."""
    if before.people is now.people:
        return []
    return [person.organization for id_, person in now.people.items() if id_ not in before.people]


# The report-back


def _voters(before: ReportBack, now: ReportBack) -> frozenset[str] | None:
    return None if before.shown != now.shown else _different(before.ballots, now.ballots)


def _different(before: Mapping[str, object], now: Mapping[str, object]) -> frozenset[str]:
    return frozenset(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))


def _is_vote_new(before: State, now: State) -> bool:
    """Return whether the vote may look otherwise to everyone; dots are nobody's business before they are shown."""
    if before.merges is not now.merges or before.names is not now.names:
        return True
    return _as_everyone_sees(before.report_back) != _as_everyone_sees(now.report_back)


def _as_everyone_sees(report_back: ReportBack) -> ReportBack:
    ballots = report_back.ballots if report_back.votes_shown else {}
    return replace(report_back, ballots=ballots, acts={})


# Voices


def _together(
    visible: Mapping[str, frozenset[str]], revealed: Iterable[tuple[str, str]], new: Iterable[str]
) -> dict[str, Questions]:
    """Return the questions by organization: some answered, others revealed, all where something else is new."""
    voices: dict[str, Questions] = {organization: questions for organization, questions in visible.items() if questions}
    for organization, question in revealed:
        known = voices.get(organization, frozenset())
        voices[organization] = known | {question} if question and known is not None else None
    return voices | dict.fromkeys(new, None)


def _revealed(before: State, now: State) -> Iterator[tuple[str, str]]:
    """Yield each organization whose colleagues see each other's answers, or no longer; without a question, to many."""
    for scope in before.room.revealed ^ now.room.revealed:
        organization, slash, question = scope.partition("/")
        yield from [(organization, question)] if slash else [(one, "") for one in now.organizations]


def _visible(before: State, now: State, organization: str, answers_of: AnswersOf, stage_of: StageOf) -> Iterator[str]:
    """Yield the questions to which an organization answered something that colleagues may see.

    While they may not, that is only who has answered, and texts that a person offered: each sees their own.
    """
    old, new = answers_of(before, organization), answers_of(now, organization)
    for question, answers in new.items():
        earlier = old.get(question, ())
        if earlier == answers and _opinions(before, answers) == _opinions(now, answers):
            continue
        is_shown = now.room.shows(organization, stage_of(question), question)
        if is_shown or _speakers(earlier) != _speakers(answers):
            yield question


def _opinions(state: State, answers: Iterable[Answer]) -> list[object]:
    return [state.opinions.get(answer.id) for answer in answers]


def _speakers(answers: Collection[Answer]) -> set[tuple[str, str, str]]:
    given = (answer for answer in answers if answer.value is not None)
    return {
        (answer.person, answer.voice, answer.id if answer.voice == "ours" and answer.person != SCRIBE else "")
        for answer in given
    }
