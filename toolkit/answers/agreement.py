"""Works out what an organization holds from its standing answers: agreed, proposed, tied or open, with dissent."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from types import MappingProxyType
from typing import TypeVar

from toolkit.answers.model import ONE_OF_US, SCRIBE, TABLE, Answer, Dissent, Position, Status
from toolkit.worksheets.kinds import KINDS, Value, as_text, points
from toolkit.worksheets.model import Question, Worksheet

Names = Mapping[str, str]
"""Person id to the name or handle that the draft may print; people left out are anonymous."""


@dataclass(frozen=True, slots=True)
class People:
    """How people are called, and who wrote the answers that stand no more (answer id to person)."""

    names: Names = field(default_factory=dict)
    authors: Mapping[str, str] = field(default_factory=dict)


OPINION = "opinion"
"""The kind of event that keeps what a person thinks of a proposal."""

NAMED = "named"
"""The kind of event that keeps whether an organization's draft names its people."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one person thinks of a proposal: for it, or against it with a note.

    `id` comes from the client, if it gives one, so that a repeat is the same opinion.
    """

    answer: str
    person: str
    agrees: bool
    note: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A text offered as the organization's, with who is for it and who is not."""

    answer: Answer
    supporters: tuple[str, ...]
    against: tuple[Opinion, ...]
    of: int

    @property
    def spoke(self) -> tuple[str, ...]:
        """The people who are for it, and those who are not."""
        return (*self.supporters, *(opinion.person for opinion in self.against))

    @property
    def is_agreed(self) -> bool:
        """Whether the scribe wrote it down, or more than half of those who spoke are for it."""
        return self.answer.person == SCRIBE or (self.of > 1 and 2 * len(self.supporters) > self.of)


class Positions:
    """What organizations hold, worked out again only on the questions where something is new."""

    def __init__(self) -> None:
        self._latest: dict[tuple[str, str], tuple[object, Position]] = {}

    def of(
        self,
        worksheet: Worksheet,
        organization: str,
        answers: Mapping[str, Sequence[Answer]],
        people: People = People(),
        opinions: Mapping[str, Sequence[Opinion]] = MappingProxyType({}),
    ) -> dict[str, Position]:
        """Return the organization's position on every question, in worksheet order, unanswered ones as open.

        `answers` are its standing answers by question, `opinions` those on a proposal by the answer's id.
        """
        return {
            question.id: self._position(question, organization, answers.get(question.id, ()), people, opinions)
            for question in worksheet.questions.values()
        }

    def _position(
        self,
        question: Question,
        organization: str,
        answers: Sequence[Answer],
        people: People,
        opinions: Mapping[str, Sequence[Opinion]],
    ) -> Position:
        about_them = [opinion for answer in answers for opinion in opinions.get(answer.id, ())]
        inputs = id(question), tuple(answers), about_them, people.names
        latest = self._latest.get((organization, question.id))
        if latest is None or latest[0] != inputs:
            given = [answer for answer in answers if answer.value is not None]
            latest = inputs, _position(question, organization, given, people, about_them)
            self._latest[organization, question.id] = latest
        return latest[1]


def positions(
    worksheet: Worksheet,
    organization: str,
    answers: Iterable[Answer],
    people: People = People(),
    opinions: Iterable[Opinion] = (),
) -> dict[str, Position]:
    """Return the organization's position on every question, from nothing that is remembered."""
    own = _grouped((answer.question, answer) for answer in answers if answer.organization == organization)
    by_answer = _grouped((opinion.answer, opinion) for opinion in opinions)
    return Positions().of(worksheet, organization, own, people, by_answer)


Item = TypeVar("Item")


def _grouped(pairs: Iterable[tuple[str, Item]]) -> dict[str, list[Item]]:
    groups: dict[str, list[Item]] = {}
    for key, item in pairs:
        groups.setdefault(key, []).append(item)
    return groups


def called(question: str, people: Collection[str], names: Names) -> dict[str, str]:
    """Return how people are called on one question: by name, else by a number.

    Numbers are drawn anew for each question, so that nobody can be followed through a draft by theirs.
    """
    tables = {person: TABLE for person in people if person.partition("/")[0] == SCRIBE}
    unnamed = {person for person in people if person not in tables and not names.get(person)}
    shuffled = sorted(unnamed, key=lambda person: hashlib.sha256(f"{question}/{person}".encode()).digest())
    named = {person: names[person] for person in people if names.get(person)}
    return {**named, **{person: f"Voice {n}" for n, person in enumerate(shuffled, 1)}, **tables}


def proposals(answers: Sequence[Answer], opinions: Iterable[Opinion] = ()) -> list[Proposal]:
    """Return the proposals on one question, the one that stands first.

    The newest with the scribe's or the most voices stands; at equal voices the earlier one, so that a later
    change is a proposal beside it and never an overwrite.
    """
    ours = [answer for answer in answers if answer.voice == "ours"]
    ids = {answer.id for answer in ours}
    newest = {(opinion.answer, opinion.person): opinion for opinion in opinions if opinion.answer in ids}
    speakers = {answer.person for answer in answers} | {person for _, person in newest}
    latest_of = {answer.person: answer.id for answer in sorted(ours, key=lambda answer: answer.sequence)}
    latest, of = set(latest_of.values()), len(speakers - {SCRIBE})
    offered = [_proposal(answer, list(newest.values()), of, latest) for answer in ours]
    return sorted(offered, key=lambda offer: (-offer.is_agreed, -len(offer.supporters), offer.answer.sequence))


def offers(answers: Iterable[Answer], opinions: Iterable[Opinion]) -> dict[str, list[Proposal]]:
    """Return the proposals of one organization by question, the one that stands first."""
    by_question = _grouped((answer.question, answer) for answer in answers)
    by_answer = _grouped((opinion.answer, opinion) for opinion in opinions)
    return {
        question: proposals(group, [opinion for answer in group for opinion in by_answer.get(answer.id, ())])
        for question, group in by_question.items()
    }


def standing_values(ours: Iterable[Answer], opinions: Iterable[Opinion]) -> dict[str, Value]:
    """Return the value of the proposal that stands on each question: what a form shows as the organization's."""
    return {question: offered[0].answer.value for question, offered in offers(ours, opinions).items()}


def _proposal(answer: Answer, opinions: Sequence[Opinion], of: int, latest: Container[str]) -> Proposal:
    """Whoever offers a text is for it, until the same person offers another one or says otherwise.

    A table's laptop can note that one of them sees it differently, and take that back; it is for nothing by itself.
    """
    about = [opinion for opinion in opinions if opinion.answer == answer.id]
    own = (
        ({answer.person} if answer.id in latest else set())
        - {SCRIBE}
        - {opinion.person for opinion in about if not opinion.agrees}
    )
    supporters = own | ({opinion.person for opinion in about if opinion.agrees} - {SCRIBE})
    against = tuple(opinion for opinion in about if not opinion.agrees)
    return Proposal(answer, tuple(sorted(supporters)), against, of)


def _position(
    question: Question, organization: str, answers: Sequence[Answer], people: People, opinions: Sequence[Opinion]
) -> Position:
    """Return the position on one question: the proposal that stands, or else what counting the answers gives."""
    if not answers:
        return Position(organization, question.id)
    mine = [answer for answer in answers if answer.voice == "mine"]
    offered = proposals(answers, opinions)
    authors = {answer.id: answer.person for answer in answers}
    sources = (source for answer in answers for source in answer.made_from if source in people.authors)
    authors = {source: people.authors[source] for source in sources} | authors
    names = called(question.id, _speakers(answers, offered, authors), people.names)
    if offered:
        position = _position_of_proposals(question, offered, mine, names)
    else:
        position = COUNTING[KINDS[question.kind].counted](question, organization, mine, names)
    return replace(position, by=_supporters(position, offered[:1], authors, names))


def _speakers(answers: Sequence[Answer], offered: Sequence[Proposal], authors: Mapping[str, str]) -> set[str]:
    """Return everybody who answered, wrote what an answer was made from, or has an opinion of a proposal."""
    sources = {authors[source] for answer in answers for source in answer.made_from if source in authors}
    return sources | {answer.person for answer in answers} | {person for offer in offered for person in offer.spoke}


def _supporters(
    position: Position, standing: Sequence[Proposal], authors: Mapping[str, str], names: Names
) -> tuple[str, ...]:
    """Return the names of those whose answers a position carries or who are for it, without who is against it."""
    carried = {authors[voice] for voice in position.voices if voice in authors}
    people = carried.union(*(offer.supporters for offer in standing))
    people -= {opinion.person for offer in standing for opinion in offer.against} - {SCRIBE}
    return tuple(sorted((names.get(person, "") for person in people), key=_in_order))


def _in_order(name: str) -> tuple[bool, int, str]:
    """The table first, then names, then numbers as one counts."""
    number = name.removeprefix("Voice ")
    return name != TABLE, int(number) if number.isdecimal() else 0, name.casefold()


def _position_of_proposals(
    question: Question, offered: Sequence[Proposal], mine: Sequence[Answer], names: Names
) -> Position:
    """Return the proposal that stands; answers and proposals that it does not carry stay beside it as dissent."""
    standing, text = offered[0], offered[0].answer
    voiced = [*mine, *_supported(offered[1:])]
    carried = [answer for answer in voiced if answer.id in text.made_from or _same(question, answer.value, text.value)]
    others = [answer for answer in voiced if answer not in carried]
    status: Status = "agreed" if standing.is_agreed else "proposed"
    voices = tuple(dict.fromkeys((text.id, *text.made_from, *(answer.id for answer in carried))))
    dissent = _notes((text, *carried), names) + _objections(standing, names) + _dissents(question, others, names)
    return Position(text.organization, question.id, text.value, status, voices, max(standing.of, 1), dissent)


def _supported(proposals_beside: Sequence[Proposal]) -> list[Answer]:
    """Return the texts of proposals that somebody is for; the table is for what it wrote down."""
    return [offer.answer for offer in proposals_beside if offer.supporters or offer.answer.person == SCRIBE]


def _objections(standing: Proposal, names: Names) -> tuple[Dissent, ...]:
    """Return a dissent for each person who is against the proposal that stands."""
    objectors = {**names, SCRIBE: ONE_OF_US}
    return tuple(Dissent("", objectors.get(opinion.person, ""), opinion.note) for opinion in standing.against)


def _count_whole_answers(question: Question, organization: str, mine: Sequence[Answer], names: Names) -> Position:
    """Count whole answers: the most frequent one stands, a tie is no majority (design wall 3)."""
    groups: dict[str, list[Answer]] = {}
    for answer in mine:
        groups.setdefault(_sameness(question, answer.value), []).append(answer)
    ranked = sorted(groups.values(), key=len, reverse=True)
    leaders = [group for group in ranked if len(group) == len(ranked[0])]
    others = list(chain.from_iterable(ranked[len(leaders) :]))
    if len(leaders) == 1:
        return _leading(question, organization, leaders[0], others, names)
    notes = _notes(chain.from_iterable(leaders), names)
    values = tuple(group[0].value for group in leaders)
    return _tied(question, mine, values, notes + _dissents(question, others, names))


def _tied(
    question: Question, mine: Sequence[Answer], tied: tuple[Value, ...], dissent: tuple[Dissent, ...]
) -> Position:
    voices = tuple(answer.id for answer in mine)
    return Position(mine[0].organization, question.id, None, "tied", voices, len(mine), dissent, tied)


def _leading(
    question: Question, organization: str, leading: Sequence[Answer], others: Sequence[Answer], names: Names
) -> Position:
    of = len(leading) + len(others)
    status: Status = "agreed" if of > 1 and not others else "proposed"
    voices = tuple(answer.id for answer in leading)
    dissent = _notes(leading, names) + _dissents(question, others, names)
    return Position(organization, question.id, leading[0].value, status, voices, of, dissent)


def _count_items(question: Question, organization: str, mine: Sequence[Answer], names: Names) -> Position:
    """Count the items of lists: for a choice of several, more than half is in; for a list, all are in."""
    counts = Counter(key for answer in mine for key in _item_keys(answer.value))
    wording = _wordings(mine)
    standing = list(counts) if question.kind == "list" else _majority(counts, len(mine))
    if not standing:
        tie = _tied(question, mine, _different_lists(mine), _notes(mine, names))
        return replace(tie, counts=tuple((wording[key], count) for key, count in counts.items()))
    everybody_has_all = all(count == len(mine) for count in counts.values())
    value = [wording[key] for key in standing]
    dissent = _notes(mine, names) + tuple(_left_out(question, mine, standing, names))
    return _with_count(Position(organization, question.id, value, dissent=dissent), mine, everybody_has_all)


def _majority(counts: Mapping[str, int], people: int) -> list[str]:
    return [key for key, count in counts.items() if 2 * count > people]


def _with_count(position: Position, mine: Sequence[Answer], is_the_same_for_all: bool) -> Position:
    """Add to a position whose answers were counted: agreed if several people answered, and all of them the same."""
    status: Status = "agreed" if is_the_same_for_all and len(mine) > 1 else "proposed"
    return replace(position, status=status, voices=tuple(answer.id for answer in mine), of=len(mine))


def _item_keys(value: Value) -> list[str]:
    return [_item_sameness(item) for item in _items(value)]


def _wordings(mine: Sequence[Answer]) -> dict[str, Value]:
    """Return each item as the first who gave it worded it."""
    first: dict[str, Value] = {}
    for answer in mine:
        for item in _items(answer.value):
            first.setdefault(_item_sameness(item), item)
    return first


def _different_lists(mine: Sequence[Answer]) -> tuple[Value, ...]:
    """Return the lists that differ in their items, each as the first who gave it ordered it."""
    lists = {frozenset(_item_keys(answer.value)): answer.value for answer in reversed(mine)}
    return tuple(reversed(lists.values()))


def _left_out(question: Question, mine: Sequence[Answer], agreed: Sequence[str], names: Names) -> Iterator[Dissent]:
    """Yield for each person the items that the organization's answer leaves out."""
    for answer in mine:
        items = [item for item in _items(answer.value) if _item_sameness(item) not in agreed]
        if items:
            yield Dissent(as_text(question.kind, items, question.labels), names.get(answer.person, ""))


def _count_places(question: Question, organization: str, mine: Sequence[Answer], names: Names) -> Position:
    """Count places (Borda); options that share the first place are a tie, and nobody's order wins."""
    scores = _scores(question, mine)
    leaders = [option for option, score in scores.items() if score == max(scores.values())]
    dissenters = [answer for answer in mine if _disagrees(answer, leaders)]
    others = [answer for answer in mine if answer not in dissenters]
    dissent = _notes(others, names) + _dissents(question, dissenters, names)
    if len(leaders) > 1:
        return _tied(question, mine, tuple([leader] for leader in leaders), dissent)
    is_the_same_for_all = len({str(answer.value) for answer in mine}) == 1
    return _with_count(Position(organization, question.id, list(scores), dissent=dissent), mine, is_the_same_for_all)


def _scores(question: Question, mine: Sequence[Answer]) -> dict[str, int]:
    """Return the points of each option that somebody placed, the highest first."""
    scores = points([option.id for option in question.options], [answer.value for answer in mine])
    return {option: score for option, score in scores.items() if score}


def _disagrees(answer: Answer, leaders: Sequence[str]) -> bool:
    """Return whether an order has another first than the leader, or places anything beside options that tie."""
    items = _items(answer.value)
    return bool(set(items) - set(leaders)) if len(leaders) > 1 else items[0] != leaders[0]


COUNTING = {"whole": _count_whole_answers, "by_item": _count_items, "by_place": _count_places}


def _dissents(question: Question, answers: Sequence[Answer], names: Names) -> tuple[Dissent, ...]:
    return tuple(
        Dissent(as_text(question.kind, answer.value, question.labels), names.get(answer.person, ""), answer.note)
        for answer in answers
    )


def _notes(answers: Iterable[Answer], names: Names) -> tuple[Dissent, ...]:
    """Return the notes of answers whose words are carried: a remark is kept like any other words."""
    return tuple(Dissent("", names.get(answer.person, ""), answer.note) for answer in answers if answer.note)


def _items(value: Value) -> list[Value]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _item_sameness(item: Value) -> str:
    return json.dumps(item, sort_keys=True, ensure_ascii=False).casefold()


def _same(question: Question, one: Value, other: Value) -> bool:
    return _sameness(question, one) == _sameness(question, other)


def _sameness(question: Question, value: Value) -> str:
    """Return what two answers must share to be the same: case and spaces do not count."""
    return " ".join(as_text(question.kind, value, question.labels).casefold().split())
