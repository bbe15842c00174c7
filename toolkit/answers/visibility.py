"""Decides what one person may see of colleagues' answers, as the JSON that form.js reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from toolkit.answers.model import ONE_OF_US, SCRIBE, TABLE, Answer, Position
from toolkit.worksheets.kinds import KINDS, Value, as_text, pieces, points
from toolkit.worksheets.model import Question, Worksheet

View = dict[str, object]
"""Part of what is seen, as JSON."""


class Against(Protocol):
    """Somebody who sees a proposal differently."""

    @property
    def person(self) -> str:
        """Who."""

    @property
    def note(self) -> str:
        """Why, in the person's own words."""


class Offer(Protocol):
    """A text offered as the organization's; toolkit.answers.agreement.Proposal is one."""

    @property
    def answer(self) -> Answer:
        """The text itself."""

    @property
    def supporters(self) -> Sequence[str]:
        """The people who are for it."""

    @property
    def against(self) -> Sequence[Against]:
        """The people who are not, with their notes."""

    @property
    def of(self) -> int:
        """How many people spoke."""

    @property
    def is_agreed(self) -> bool:
        """Whether it is agreed."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, what the people of the organization are called, what is revealed, and who is writing where.

    `names` holds everybody of the organization by id, "" for those without a name; `writing` are pairs of a
    question and a person; `asked` are the questions that are looked at, None for all.
    """

    person: str
    names: Mapping[str, str]
    revealed: Collection[str] = ()
    writing: Collection[tuple[str, str]] = ()
    asked: Collection[str] | None = None

    @property
    def is_table(self) -> bool:
        """Whether these are the eyes of a table's shared laptop."""
        return self.person == SCRIBE

    def who(self, person: str) -> str:
        """Return what a person is called, "" for a colleague without a name."""
        return TABLE if person == SCRIBE else self.names.get(person, "")

    def writers(self, question: str) -> list[str]:
        """Return what the others who write there now are called."""
        others = {person for where, person in self.writing if where == question and person != self.person}
        return sorted(self.who(person) for person in others)


def visible_answers(
    worksheet: Worksheet,
    viewer: Viewer,
    answers: Iterable[Answer],
    positions: Mapping[str, Position],
    offers: Mapping[str, Sequence[Offer]],
) -> View:
    """Return, by question id, what one person may see of the standing `answers` of one organization.

    `offers` are the proposals on each question, the standing one first. Until a question is revealed only
    the person's own words are in it, and how many have answered. A table's shared laptop sees the questions
    on which people spoke for themselves: the others are its own.
    """
    mine: dict[str, list[Answer]] = {}
    for answer in answers:
        if answer.voice == "mine":
            mine.setdefault(answer.question, []).append(answer)
    return {
        question.id: _entry(
            question, mine.get(question.id, []), positions[question.id], offers.get(question.id, ()), viewer
        )
        for question in worksheet.questions.values()
        if viewer.asked is None or question.id in viewer.asked
        if not viewer.is_table
        or question.id in mine
        or any(not _by_table(offer) for offer in offers.get(question.id, ()))
    }


def _by_table(offer: Offer) -> bool:
    """Return whether a table wrote it down; merged organizations may have two."""
    return offer.answer.person.partition("/")[0] == SCRIBE


def hidden_questions(viewer: Viewer, answers: Iterable[Answer], offers: Mapping[str, Sequence[Offer]]) -> set[str]:
    """Return the questions on which what the organization holds may carry words that this person may not see yet.

    What a table wrote down was said aloud: everybody of the organization may see it.
    """
    others = {answer.question for answer in answers if answer.person != viewer.person}
    own = {
        question
        for question, offered in offers.items()
        if offered and offered[0].answer.person in (viewer.person, SCRIBE)
    }
    return others - own - set(viewer.revealed)


def _entry(question: Question, mine: list[Answer], position: Position, offers: Sequence[Offer], viewer: Viewer) -> View:
    """Return what one person may see of one question; before it is revealed, only what is their own."""
    revealed = question.id in viewer.revealed
    entry = {
        "revealed": revealed,
        "answered": len(mine),
        "of": max(len(viewer.names), len(mine)),
        "table": viewer.is_table,
        "writing": viewer.writers(question.id),
    }
    proposals = [_proposal(question, offer, viewer, standing=index == 0) for index, offer in enumerate(offers)]
    if revealed:
        return entry | _revealed(question, mine, position, viewer) | {"proposals": proposals}
    own = [_voice(question, answer, viewer) for answer in mine if answer.person == viewer.person]
    own_proposals = [proposal for proposal in proposals if proposal["mine"] and not viewer.is_table]
    return entry | {"status": "open", "voices": own, "counts": [], "tied": False, "proposals": own_proposals}


def _revealed(question: Question, mine: list[Answer], position: Position, viewer: Viewer) -> View:
    counts = _counts(question, [answer.value for answer in mine])
    return {
        "status": position.status,
        "voices": [_voice(question, answer, viewer) for answer in mine],
        "counts": [{"label": label, "n": n} for label, n in counts.items()],
        "tied": _is_tie(question, list(counts.values()), len(mine)),
    }


def _voice(question: Question, answer: Answer, viewer: Viewer) -> View:
    return {
        "id": answer.id,
        "who": viewer.who(answer.person),
        "value": answer.value,
        "reads": as_text(question.kind, answer.value, question.labels),
        "mine": answer.person == viewer.person,
    }


def _proposal(question: Question, offer: Offer, viewer: Viewer, *, standing: bool) -> View:
    opposers = [objection.person for objection in offer.against]
    return _voice(question, offer.answer, viewer) | {
        "supporters": len(offer.supporters),
        "of": offer.of,
        "i_support": viewer.person in offer.supporters,
        "i_oppose": viewer.person in opposers,
        "made_from": list(offer.answer.made_from),
        "note": offer.answer.note,
        "standing": standing,
        "status": "agreed" if offer.is_agreed else "proposed",
        "by_table": _by_table(offer),
        "dissent": [_against(objection, viewer) for objection in offer.against],
    }


def _against(objection: Against, viewer: Viewer) -> View:
    who = ONE_OF_US if objection.person == SCRIBE else viewer.who(objection.person)
    return {"who": who, "note": objection.note, "mine": objection.person == viewer.person}


def _counts(question: Question, values: Sequence[Value]) -> dict[str, int]:
    """Return how often each option was chosen by its label, points for a ranking; nothing for a kind of words."""
    kind = KINDS[question.kind]
    if not question.labels:
        return {}
    if kind.counted == "by_place":
        got = points([option.id for option in question.options], values)
        return {question.labels[option]: n for option, n in got.items() if n}
    texts = [piece for value in values for piece in pieces(question.kind, value, question.labels)]
    order = [*question.labels.values(), *texts]
    return {label: texts.count(label) for label in dict.fromkeys(order) if label in texts}


def _is_tie(question: Question, counts: list[int], people: int) -> bool:
    """Return whether nothing leads: the most is shared, or with several choices nothing has more than half."""
    if people < 2 or not counts:
        return False
    if KINDS[question.kind].counted == "by_item":
        return 2 * max(counts) <= people
    return counts.count(max(counts)) > 1
