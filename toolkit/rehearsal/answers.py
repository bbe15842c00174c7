"""Made-up participants who answer, change their minds and disagree. The same seed makes the same people.

Pure: a worksheet and a seed in, people with their answers and opinions out. `toolkit.rehearsal.run` lets them act.
"""

from __future__ import annotations

import datetime
import hashlib
import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle

from toolkit.answers.model import SCRIBE, Answer, Person
from toolkit.errors import WorkshopError
from toolkit.facilitation import report_back_views
from toolkit.rehearsal.samples import (
    AREA_CODES,
    CONTACTS,
    FIELDS,
    HANDLES,
    NAMELESS,
    NO_EXAMPLE,
    NOTES,
    OBJECTIONS,
    PHONES,
    PLACES,
    REGION_NAMES,
    REGIONS,
    ROLES,
    USUAL_DAYS_AHEAD,
)
from toolkit.worksheets.kinds import OTHER, UNSURE, Value
from toolkit.worksheets.model import Depth, Question, Worksheet, at_depth, holds

STARTS = datetime.datetime(2026, 1, 15, 9, 0, tzinfo=datetime.UTC)
"""When every rehearsal takes place, so that its drafts are the same each time."""

LATE_BY = datetime.timedelta(minutes=17)
"""How long after the others a late organization arrives."""

SILENT_SHARE, SPLIT_SHARE, UNCERTAIN_SHARE = 0.12, 0.25, 0.06
CHANGED_SHARE, NOTED_SHARE, OWN_WORDS_SHARE = 0.1, 0.05, 0.12
"""Shares: no answer, an own answer, "unsure", a second thought, a note beside the answer, an option in own words."""

WRITTEN_SHARE, SUGGESTED_SHARE = 0.35, 0.6
"""How a question is settled: below the first the shared device writes it down, below the second someone suggests it."""

AGREES_SHARE, OBJECTS_SHARE = 0.6, 0.8
"""What a colleague thinks of a suggested answer: below the first for it, below the second against it, else nothing."""

ANSWER_SECONDS, TALK_SECONDS = (8.0, 120.0, 25.0), (15.0, 150.0, 40.0)
"""Seconds that a person takes for a question, and a group to settle one: at least, at most, most often."""


@dataclass(frozen=True, slots=True)
class MadeOpinion:
    """What a made-up person thinks of a suggested answer (its id): for it, or against it with a note."""

    id: str
    answer: str
    question: str
    person: str
    agrees: bool
    note: str
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class MadeOrganization:
    """One made-up organization with its people, everything they write and what they think of it, earliest first."""

    name: str
    people: tuple[Person, ...]
    answers: tuple[Answer, ...]
    opinions: tuple[MadeOpinion, ...] = ()
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class _Cast:
    """Who an answer is made up for: the chance, and how the organization speaks of itself and of its people."""

    chance: random.Random
    short: str
    clients: str
    mail: str
    contacts: Mapping[str, Value]


# Who is there


def names(organizations: int, seed: int) -> list[str]:
    """Return the names of that many made-up organizations, all different: short, very long, of many languages."""
    chance = random.Random(f"names {seed}")  # noqa: S311 - for a rehearsal, not for secrets
    pairs = [f"{town} {field}" for town in PLACES for field, _ in FIELDS]
    if not 1 <= organizations <= len(pairs):
        raise WorkshopError(f"a rehearsal takes 1 to {len(pairs)} organizations")
    world = chance.sample(list(REGION_NAMES), len(REGION_NAMES))
    plain = chance.sample(pairs, organizations)
    return [_varied(name, position, world) for position, name in enumerate(plain)]


def _varied(name: str, position: int, world: list[str]) -> str:
    """Return every fifth name in another language while there are some, and every third of the others long."""
    if position % 5 == 2 and world:
        return world.pop()
    return f"{name} of {REGIONS[position // 3 % len(REGIONS)]}" if position % 3 == 1 else name


def _cast(worksheet: Worksheet, name: str, seed: int) -> _Cast:
    chance = random.Random(f"{name} {seed}")  # noqa: S311
    first = name.split(maxsplit=1)[0]
    field, clients = next((pair for pair in FIELDS if pair[0] in name), ("office", "the people we serve"))
    is_plain = first in PLACES
    mail = f"{first}-{field.split()[-1]}".lower() if is_plain else REGION_NAMES.get(name, "office")
    return _Cast(chance, first if is_plain else name, clients, mail, _contacts(worksheet, chance, mail))


def _contacts(worksheet: Worksheet, chance: random.Random, mail: str) -> dict[str, Value]:
    """Return one person at work for each role, the same whenever that role is named."""
    roles = dict.fromkeys((*ROLES, *(role for question in worksheet.asked() for role in question.made_up.roles)))
    people = chance.sample(CONTACTS, len(CONTACTS))
    lines = chance.sample(range(100, 200), len(roles))
    rows = zip(roles, cycle(people), lines, strict=False)
    return {
        role: {"name": name, "role": role, "reach": _reach(chance, line, f"{box}@{mail}.example.org")}
        for role, (name, box), line in rows
    }


def _reach(chance: random.Random, line: int, address: str) -> str:
    phone = chance.choice(PHONES).format(area=chance.choice(AREA_CODES), line=f"0{line}")
    return chance.choice((phone, phone, phone, address, f"{phone}, {address}"))


def _people(cast: _Cast, name: str, count: int, seed: int) -> Iterator[Person]:
    """Yield the people of an organization: no two share a name, and some give none."""
    handles = cast.chance.sample(HANDLES, len(HANDLES))
    for n in range(count):
        again = f" {n // len(handles) + 1}" if n >= len(handles) else ""
        given = "" if cast.chance.random() < NAMELESS else handles[n % len(handles)] + again
        yield Person(_id(seed, name, n), name, given)


def rehearse(worksheet: Worksheet, depth: Depth, name: str, people: int, seed: int) -> MadeOrganization:
    """Return one made-up organization; organization and person ids are made from its name and the seed."""
    cast = _cast(worksheet, name, seed)
    group = tuple(_people(cast, name, people, seed))
    deeds = list(_Discussion(worksheet, cast, group, seed).all(depth))
    answers = sorted((answer for answer in deeds if isinstance(answer, Answer)), key=_answered)
    opinions = sorted(
        (opinion for opinion in deeds if isinstance(opinion, MadeOpinion)), key=lambda opinion: opinion.at
    )
    return MadeOrganization(name, group, tuple(answers), tuple(opinions))


def late(organization: MadeOrganization) -> MadeOrganization:
    """Return the same organization, arrived after the others."""
    answers = tuple(replace(answer, answered_at=_answered(answer) + LATE_BY) for answer in organization.answers)
    opinions = tuple(replace(opinion, at=opinion.at + LATE_BY) for opinion in organization.opinions)
    return MadeOrganization(organization.name, organization.people, answers, opinions, is_late=True)


def _answered(answer: Answer) -> datetime.datetime:
    return answer.answered_at or STARTS


# What they write, and what they think of it


class _Discussion:
    """One organization as it goes through a worksheet; `_busy` says until when each person is."""

    def __init__(self, worksheet: Worksheet, cast: _Cast, group: tuple[Person, ...], seed: int) -> None:
        self._worksheet, self._cast, self._group, self._seed = worksheet, cast, group, seed
        self._busy = dict.fromkeys((person.id for person in group), STARTS)
        self._aloud = frozenset(report_back_questions(worksheet))

    def all(self, depth: Depth) -> Iterator[Answer | MadeOpinion]:
        """Yield answers and opinions question by question; what was answered first decides what is asked later."""
        values: dict[str, Value] = {}
        for question in self._worksheet.questions.values():
            if at_depth(depth, question.depth) and holds(question.show_if, values):
                for deed in self._on(question):
                    if isinstance(deed, Answer):
                        values.setdefault(question.id, deed.value)
                    yield deed

    def _on(self, question: Question) -> Iterator[Answer | MadeOpinion]:
        shared = _make(question, self._cast)
        answers = [answer for person in self._group for answer in self._voice(question, person, shared)]
        is_aloud = question.id in self._aloud
        if is_aloud and not answers:
            answers = [self._answer(question, self._group[0], shared)]
        yield from answers
        if answers:
            latest = {answer.person: answer for answer in answers}
            yield from self._settled(question, shared, tuple(latest.values()), is_aloud=is_aloud)

    def _voice(self, question: Question, person: Person, shared: Value) -> Iterator[Answer]:
        """Yield what one person says: nothing, one answer, or a first one and then another."""
        chance, own = self._cast.chance, _make(question, self._cast)
        luck = chance.random()
        if luck < SILENT_SHARE:
            return
        if chance.random() < CHANGED_SHARE:
            first = _make(question, self._cast)
            yield self._answer(question, person, first, "first")
        yield self._answer(question, person, own if luck < SILENT_SHARE + SPLIT_SHARE else shared)

    def _answer(self, question: Question, person: Person, value: Value, *part: str) -> Answer:
        chance = self._cast.chance
        note = chance.choice(OBJECTIONS) if chance.random() < NOTED_SHARE else ""
        at = self._busy[person.id] = _later(chance, self._busy[person.id], ANSWER_SECONDS)
        id_ = _id(self._seed, person.id, question.id, *part)
        return Answer(id_, person.organization, person.id, question.id, value, note=note, answered_at=at)

    def _settled(
        self, question: Question, shared: Value, latest: Sequence[Answer], *, is_aloud: bool
    ) -> Iterator[Answer | MadeOpinion]:
        """Yield the organization's text, when it has one, and what colleagues of whoever suggested it think."""
        luck = self._cast.chance.random() * (SUGGESTED_SHARE if is_aloud else 1)
        if luck >= SUGGESTED_SHARE:
            return
        by_table = luck < WRITTEN_SHARE
        author = SCRIBE if by_table else self._cast.chance.choice(latest).person
        at = _later(self._cast.chance, max(map(_answered, latest)), TALK_SECONDS)
        made_from = tuple(answer.id for answer in latest if answer.value == shared)
        id_ = _id(self._seed, self._group[0].organization, question.id, "ours")
        organization = self._group[0].organization
        text = Answer(id_, organization, author, question.id, shared, "ours", made_from, answered_at=at)
        yield text
        if not by_table:
            yield from self._opinions(text, [answer.person for answer in latest if answer.person != author], at)

    def _opinions(self, text: Answer, people: Collection[str], at: datetime.datetime) -> Iterator[MadeOpinion]:
        chance = self._cast.chance
        for person in people:
            luck = chance.random()
            if luck < OBJECTS_SHARE:
                agrees = luck < AGREES_SHARE
                note = "" if agrees else chance.choice(OBJECTIONS)
                id_ = _id(self._seed, person, text.id, "opinion")
                yield MadeOpinion(id_, text.id, text.question, person, agrees, note, _later(chance, at, ANSWER_SECONDS))


def report_back_questions(worksheet: Worksheet) -> tuple[str, ...]:
    """Return the questions of the report-back, on which every organization has something to say."""
    return tuple(question.kept_as for stage in report_back_views.stages(worksheet) for question in stage.questions)


def _later(chance: random.Random, at: datetime.datetime, seconds: tuple[float, float, float]) -> datetime.datetime:
    return at + datetime.timedelta(seconds=chance.triangular(*seconds))


# One answer of each kind


def samples(question: Question) -> tuple[str, ...]:
    """Return the words from which an answer to a question without options is made, its own example first."""
    own = (question.example,) if question.example else ()
    notes = NOTES if question.record and question.kind == "long_text" and not own else NO_EXAMPLE
    return (*own, *question.made_up.answers) or notes


def _make(question: Question, cast: _Cast) -> Value:
    if question.unsure and cast.chance.random() < UNCERTAIN_SHARE and question.kind == "choice":
        return UNSURE
    return MAKERS[question.kind](question, cast)


def _pick(question: Question, cast: _Cast, count: int) -> list[str]:
    among = samples(question)
    sample = cast.chance.sample(among, min(count, len(among)))
    texts = [_of_organization(text, cast) for text in sample]
    return [text[:1].upper() + text[1:] for text in texts]


def _of_organization(sample: str, cast: _Cast) -> str:
    """Return a sample with what belongs to the organization; other braces stay as they are."""
    for name, words in (("short", cast.short), ("clients", cast.clients), ("mail", cast.mail)):
        sample = sample.replace(f"{{{name}}}", words)
    return sample


def _line(question: Question, cast: _Cast) -> Value:
    return _pick(question, cast, 1)[0]


def _text(question: Question, cast: _Cast) -> Value:
    """Return one sentence, or two where people note what they like."""
    count = 2 if samples(question) == NOTES else 1
    return " ".join(f"{sentence.rstrip('.')}." for sentence in _pick(question, cast, count))


def _items(question: Question, cast: _Cast) -> Value:
    return _pick(question, cast, cast.chance.randint(2, 3))


def _own_option(question: Question, cast: _Cast) -> list[Value]:
    """Return an option in one's own words, now and then, where a question takes some."""
    own = question.made_up.own_options if question.other else ()
    return [{OTHER: cast.chance.choice(own)}] if own and cast.chance.random() < OWN_WORDS_SHARE else []


def _choice(question: Question, cast: _Cast) -> Value:
    return (_own_option(question, cast) or [cast.chance.choice(question.options).id])[0]


def _choices(question: Question, cast: _Cast) -> Value:
    among = [option.id for option in question.options]
    sample = set(cast.chance.sample(among, cast.chance.randint(1, min(5, len(among)))))
    alone = sample & {option.id for option in question.options if option.alone}
    if alone:
        return [min(alone)]
    return [*(each for each in among if each in sample), *_own_option(question, cast)]


def _yes_no_unsure(_: Question, cast: _Cast) -> Value:
    return cast.chance.choices(("yes", "no", "unsure"), (6, 3, 1))[0]


def _contact(question: Question, cast: _Cast) -> Value:
    return cast.contacts[cast.chance.choice(question.made_up.roles or ROLES)]


def _date(question: Question, cast: _Cast) -> Value:
    days = cast.chance.randint(*(question.made_up.days_ahead or USUAL_DAYS_AHEAD))
    return (STARTS.date() + datetime.timedelta(days=days)).isoformat()


def _ranking(question: Question, cast: _Cast) -> Value:
    among = [option.id for option in question.options]
    return cast.chance.sample(among, cast.chance.randint(min(2, len(among)), min(5, len(among))))


Maker = Callable[[Question, _Cast], Value]
MAKERS: Mapping[str, Maker] = {
    "text": _line,
    "long_text": _text,
    "choice": _choice,
    "choices": _choices,
    "yes_no_unsure": _yes_no_unsure,
    "contact": _contact,
    "date": _date,
    "list": _items,
    "ranking": _ranking,
}


def _id(*parts: object) -> str:
    return hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()[:32]
