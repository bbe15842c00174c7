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


@dataclass(frozen=True, slots=True)
class QuestionVoices:
    """The voices on one question, worked out once for everybody; what each person may see of them is cut from it.

    `cards` and `texts` have, beside each answer and each proposal, what is the same for everyone who sees it.
    """

    question: str
    status: str
    counts: Sequence[View]
    tied: bool
    cards: Sequence[tuple[Answer, View]]
    texts: Sequence[tuple[Offer, View]]


def question_voices(
    worksheet: Worksheet,
    answers: Iterable[Answer],
    positions: Mapping[str, Position],
    offers: Mapping[str, Sequence[Offer]],
    asked: Collection[str] | None = None,
) -> list[QuestionVoices]:
    """Return the voices of one organization on the `asked` questions, or on all, from its standing `answers`.

    `offers` are the proposals on each question, the standing one first.
    """
    mine: dict[str, list[Answer]] = {}
    for answer in answers:
        if answer.voice == "mine":
            mine.setdefault(answer.question, []).append(answer)
    return [
        _voices_on(question, mine.get(question.id, []), positions[question.id], offers.get(question.id, ()))
        for question in worksheet.questions.values()
        if asked is None or question.id in asked
    ]


def _voices_on(
    question: Question, mine: Sequence[Answer], position: Position, offers: Sequence[Offer]
) -> QuestionVoices:
    labels, values = question.labels, [answer.value for answer in mine]
    counts = _counts(question, labels, values)
    return QuestionVoices(
        question.id,
        position.status,
        [{"label": label, "n": n} for label, n in counts.items()],
        _is_tie(question, list(counts.values()), len(mine)),
        [(answer, _card(question, labels, answer)) for answer in mine],
        [(offer, _text(question, labels, offer, standing=index == 0)) for index, offer in enumerate(offers)],
    )


def _card(question: Question, labels: Mapping[str, str], answer: Answer) -> View:
    return {"id": answer.id, "value": answer.value, "reads": as_text(question.kind, answer.value, labels)}


def _text(question: Question, labels: Mapping[str, str], offer: Offer, *, standing: bool) -> View:
    return _card(question, labels, offer.answer) | {
        "supporters": len(offer.supporters),
        "of": offer.of,
        "made_from": list(offer.answer.made_from),
        "note": offer.answer.note,
        "standing": standing,
        "status": "agreed" if offer.is_agreed else "proposed",
        "by_table": _by_table(offer),
    }


def visible_to(viewer: Viewer, voices: Iterable[QuestionVoices]) -> View:
    """Return, by question id, what one person may see of the voices of one organization.

    Until a question is revealed only the person's own words are in it, and how many have answered. A table's shared
    laptop sees the questions on which people spoke for themselves: the others are its own.
    """
    return {
        on_question.question: _entry(on_question, viewer)
        for on_question in voices
        if not viewer.is_table or on_question.cards or any(not _by_table(offer) for offer, _ in on_question.texts)
    }


def visible_answers(
    worksheet: Worksheet,
    viewer: Viewer,
    answers: Iterable[Answer],
    positions: Mapping[str, Position],
    offers: Mapping[str, Sequence[Offer]],
) -> View:
    """Return what one person may see of the standing answers of one organization (see `question_voices`)."""
    return visible_to(viewer, question_voices(worksheet, answers, positions, offers, viewer.asked))


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


def _entry(on_question: QuestionVoices, viewer: Viewer) -> View:
    """Return what one person may see of one question; before it is revealed, only what is their own."""
    revealed, cards = on_question.question in viewer.revealed, on_question.cards
    entry: View = {
        "revealed": revealed,
        "answered": len(cards),
        "of": max(len(viewer.names), len(cards)),
        "table": viewer.is_table,
        "writing": viewer.writers(on_question.question),
    }
    if revealed:
        return entry | {
            "status": on_question.status,
            "voices": [_seen(answer, card, viewer) for answer, card in cards],
            "counts": on_question.counts,
            "tied": on_question.tied,
            "proposals": [_proposal(offer, text, viewer) for offer, text in on_question.texts],
        }
    own = [_seen(answer, card, viewer) for answer, card in cards if answer.person == viewer.person]
    own_texts = [
        _proposal(offer, text, viewer)
        for offer, text in on_question.texts
        if offer.answer.person == viewer.person and not viewer.is_table
    ]
    return entry | {"status": "open", "voices": own, "counts": [], "tied": False, "proposals": own_texts}


def _seen(answer: Answer, card: View, viewer: Viewer) -> View:
    return card | {"who": viewer.who(answer.person), "mine": answer.person == viewer.person}


def _proposal(offer: Offer, text: View, viewer: Viewer) -> View:
    return _seen(offer.answer, text, viewer) | {
        "i_support": viewer.person in offer.supporters,
        "i_oppose": viewer.person in [objection.person for objection in offer.against],
        "dissent": [_against(objection, viewer) for objection in offer.against],
    }


def _against(objection: Against, viewer: Viewer) -> View:
    who = ONE_OF_US if objection.person == SCRIBE else viewer.who(objection.person)
    return {"who": who, "note": objection.note, "mine": objection.person == viewer.person}


def _counts(question: Question, labels: Mapping[str, str], values: Sequence[Value]) -> dict[str, int]:
    """Return how often each option was chosen by its label, points for a ranking; nothing for a kind of words."""
    kind = KINDS[question.kind]
    if not labels:
        return {}
    if kind.counted == "by_place":
        got = points([option.id for option in question.options], values)
        return {labels[option]: n for option, n in got.items() if n}
    texts = [piece for value in values for piece in pieces(question.kind, value, labels)]
    order = [*labels.values(), *texts]
    return {label: texts.count(label) for label in dict.fromkeys(order) if label in texts}


def _is_tie(question: Question, counts: list[int], people: int) -> bool:
    """Return whether nothing leads: the most is shared, or with several choices nothing has more than half."""
    if people < 2 or not counts:
        return False
    if KINDS[question.kind].counted == "by_item":
        return 2 * max(counts) <= people
    return counts.count(max(counts)) > 1
