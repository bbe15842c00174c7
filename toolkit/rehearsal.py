"""Made-up participants for a dry run: believable, some silent, some at odds, the same for the same seed."""

from __future__ import annotations

import datetime
import hashlib
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from toolkit.answer import SCRIBE, Answer, Person
from toolkit.errors import WorkshopError
from toolkit.kinds import UNSURE, Value
from toolkit.worksheet import Depth, Question, Worksheet, at_depth, holds

STARTS = datetime.datetime(2026, 1, 15, 9, 0, tzinfo=datetime.UTC)
"""When every rehearsal takes place, so that its drafts are the same each time."""

SILENT, SPLIT, SETTLED, UNCERTAIN = 0.12, 0.25, 0.55, 0.06
"""Shares: answers left out, answers of one's own, questions settled by the group, "unsure"."""

PLACES = (
    "Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fern", "Ginkgo", "Hazel", "Ivy", "Juniper",
    "Katsura", "Laurel", "Maple", "Nettle", "Olive", "Poplar", "Quince", "Rowan", "Sage", "Tulip",
    "Upas", "Viburnum", "Willow", "Yarrow", "Zinnia",
)  # fmt: skip
FIELDS = (
    ("Sexual Health Center", "young people who come for testing and advice"),
    ("Family Visit House", "children and parents who meet under supervision"),
    ("Recovery Network", "adults in recovery and their families"),
    ("Youth Shelter", "young people without a safe home"),
    ("Community Clinic", "patients without insurance"),
    ("Peer Support Circle", "people living with HIV"),
    ("Safe Homes Project", "survivors of violence at home"),
    ("Health Outreach Team", "people who use our van and our drop-in"),
)
HANDLES = ("Wren", "Otter", "Heron", "Finch", "Hare", "Lynx", "Robin", "Newt", "Swift", "Tern", "Vole", "Ibis")
ROLES = ("director", "program lead", "outreach worker", "volunteer coordinator", "board secretary", "case manager")
THOUGHTS = (
    "We want one short rule that everybody can remember",
    "New volunteers ask about this in their first week",
    "Our funder asked for it in writing last year",
    "We answer messages in the daytime only, and the page should say so",
    "Nobody should have to guess who may post",
    "People recognize each other in a small town even without a name",
    "We should show good examples, not only bans",
    "A quiet word first, then the steps of our staff handbook",
    "Two people look at every photo before it goes out",
    "We would rather talk by phone than in comments",
)
SAYINGS: Mapping[str, tuple[str, ...]] = {
    "who_do_you_serve": (
        "{clients}", "Their families and friends", "Callers who never give a name",
        "Students from the two high schools",
        "People who were clients long ago",
    ),
    "who_could_use_it": (
        "Two outreach workers on our public page", "Volunteers with their own phones",
        "Board members who share our posts",
        "Interns who run the photo account", "Peers who answer late at night",
    ),
    "who_approves": ("The director", "The board, in its next meeting", "The program committee", "Our parent agency"),
    "field_specific": (
        "Being seen at our {place} office can tell people why", "In {place} everybody knows everybody",
        "Some of us were clients ourselves", "Court cases may be going on", "Our address must not be shown",
    ),
    "first_step": (
        "Send this draft to our director before Monday noon", "Ask for ten minutes in the next {place} staff meeting",
        "Find out what our main funder has written about this", "Show the open points to our lawyer",
    ),
    "easiest": (
        "To say whom we protect", "Naming the person to ask, at {place} that is clear", "Choosing which media count",
        "We all agree that no client is named",
    ),
    "most_difficult": (
        "What to do about friends of friends in {place}", "Consequences that are fair to volunteers too",
        "Whether job titles are all right", "Messages that come at night", "Nobody knows who has the password",
    ),
}  # fmt: skip
"""Believable words for the questions that rooms talk about most, by question id."""

THINGS = (
    "staff meeting", "front desk", "monthly newsletter", "intake form", "volunteer night", "board packet",
    "event photos", "group chat", "appointment reminders", "thank-you posts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """One made-up organization with its people and everything that they say."""

    name: str
    people: tuple[Person, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class _Cast:
    """Who an answer is made up for: the chance, the place and the clients that colour the words."""

    chance: random.Random
    place: str
    clients: str


def names(organizations: int, seed: int) -> list[str]:
    """Return the names of that many made-up organizations, all different."""
    chance = random.Random(f"names {seed}")  # noqa: S311 - for a rehearsal, not for secrets
    pairs = [(place, field) for place in PLACES for field, _ in FIELDS]
    if not 1 <= organizations <= len(pairs):
        raise WorkshopError(f"a rehearsal takes 1 to {len(pairs)} organizations")
    return [f"{place} {field}" for place, field in chance.sample(pairs, organizations)]


def rehearse(worksheet: Worksheet, depth: Depth, name: str, people: int, seed: int) -> Made:
    """Return one made-up organization; organization and person ids are made from its name and the seed."""
    chance = random.Random(f"{name} {seed}")  # noqa: S311
    clients = next((whom for field, whom in FIELDS if name.endswith(field)), "the people we serve")
    cast = _Cast(chance, name.split(maxsplit=1)[0], clients)
    group = tuple(Person(_id(seed, name, n), name, chance.choice(HANDLES)) for n in range(people))
    return Made(name, group, tuple(_said(worksheet, depth, cast, group, seed)))


def _said(worksheet: Worksheet, depth: Depth, cast: _Cast, group: tuple[Person, ...], seed: int) -> Iterator[Answer]:
    """Yield the answers question by question, later ones shown by what was said before."""
    values: dict[str, Value] = {}
    minute = 0
    for question in worksheet.questions.values():
        if not at_depth(depth, question.depth) or not holds(question.show_if, values):
            continue
        minute += 1
        at = STARTS + datetime.timedelta(minutes=minute)
        for answer in _on(question, cast, group, seed):
            values.setdefault(question.id, answer.value)
            yield _timed(answer, at)


def _on(question: Question, cast: _Cast, group: tuple[Person, ...], seed: int) -> Iterator[Answer]:
    shared = _make(question, cast)
    voices = [voice for person in group if (voice := _voice(question, cast, person, seed, shared))]
    yield from voices
    if voices and cast.chance.random() < SETTLED:
        made_from = tuple(voice.id for voice in voices if voice.value == shared)
        id_ = _id(seed, group[0].organization, question.id, "ours")
        yield Answer(id_, group[0].organization, SCRIBE, question.id, shared, "ours", made_from)


def _voice(question: Question, cast: _Cast, person: Person, seed: int, shared: Value) -> Answer | None:
    """Return what one person says, None when the person is silent."""
    luck = cast.chance.random()
    own = _make(question, cast)
    if luck < SILENT:
        return None
    value = own if luck < SILENT + SPLIT else shared
    return Answer(_id(seed, person.id, question.id), person.organization, person.id, question.id, value)


def _timed(answer: Answer, at: datetime.datetime) -> Answer:
    return Answer(
        answer.id,
        answer.organization,
        answer.person,
        answer.question,
        answer.value,
        answer.voice,
        answer.made_from,
        answer.note,
        answered_at=at,
    )


def _make(question: Question, cast: _Cast) -> Value:
    if question.unsure and cast.chance.random() < UNCERTAIN and question.kind == "choice":
        return UNSURE
    return MAKERS[question.kind](question, cast)


def _line(_: Question, cast: _Cast) -> Value:
    return f"{cast.chance.choice(THINGS).capitalize()} at the {cast.place} office"


def _thought(question: Question, cast: _Cast) -> Value:
    said = _sayings(question, cast, 1)
    if said:
        return f"{said[0]}."
    thoughts = cast.chance.sample(THOUGHTS, 2)
    return f"At {cast.place} we think of {cast.clients}. {thoughts[0]}. {thoughts[1]}."


def _sayings(question: Question, cast: _Cast, count: int) -> list[str]:
    sayings = SAYINGS.get(question.id, ())
    picked = cast.chance.sample(sayings, min(count, len(sayings)))
    return [_capital(each.format(place=cast.place, clients=cast.clients)) for each in picked]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _choice(question: Question, cast: _Cast) -> Value:
    return cast.chance.choice(question.options).id


def _choices(question: Question, cast: _Cast) -> Value:
    among = [option.id for option in question.options]
    picked = set(cast.chance.sample(among, cast.chance.randint(1, min(4, len(among)))))
    return [each for each in among if each in picked]


def _yes_no_unsure(_: Question, cast: _Cast) -> Value:
    return cast.chance.choices(("yes", "no", "unsure"), (6, 3, 1))[0]


def _contact(_: Question, cast: _Cast) -> Value:
    role, handle = cast.chance.choice(ROLES), cast.chance.choice(HANDLES)
    return {"name": f"M. {handle}", "role": role, "reach": f"extension {cast.chance.randint(100, 199)} at {cast.place}"}


def _date(_: Question, cast: _Cast) -> Value:
    return (STARTS.date() + datetime.timedelta(days=cast.chance.randint(20, 350))).isoformat()


def _items(question: Question, cast: _Cast) -> Value:
    count = cast.chance.randint(2, 3)
    things = cast.chance.sample(THINGS, count)
    return _sayings(question, cast, count) or [f"{_capital(each)} at {cast.place}" for each in things]


def _ranking(question: Question, cast: _Cast) -> Value:
    among = [option.id for option in question.options]
    return cast.chance.sample(among, cast.chance.randint(min(2, len(among)), min(5, len(among))))


Maker = Callable[[Question, _Cast], Value]
MAKERS: Mapping[str, Maker] = {
    "text": _line,
    "long_text": _thought,
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
