"""From many voices to one: whatever a room does in whatever order, no word is lost and no word is somebody else's.

Two thousand steps; more with: WORKSHOP_STEPS=20000 .venv/bin/python -m pytest tests/test_one_voice.py
"""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from operator import attrgetter
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hostile import EVERY
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sheets import written
from stored import opinions_of

from toolkit import Workshop
from toolkit.answers import agreement
from toolkit.answers.agreement import Opinion, People
from toolkit.answers.model import SCRIBE, TABLE, Answer, Organization, Person, Position
from toolkit.documents.document import words
from toolkit.errors import WorkshopError
from toolkit.storage.store import new_id
from toolkit.worksheets import catalog
from toolkit.worksheets.kinds import Value
from toolkit.worksheets.model import Question, Worksheet

pytestmark = pytest.mark.slow

NUMBER = re.compile(r"Voice [1-9]\d*")
STEPS, AT_ONCE = int(os.environ.get("WORKSHOP_STEPS", "2000")), 50
"""Steps in all, and in one room."""

QUESTIONS = """
- {id: who, kind: text, ask: Who may post?}
- {id: why, kind: long_text, ask: Why?}
- id: photos
  kind: choice
  ask: Which rule for photos?
  other: true
  unsure: true
  options: [{id: never, label: Never, clause: We post none.}, {id: signed, label: Signed, clause: We ask first.}]
- id: media
  kind: choices
  ask: Which media?
  other: true
  options: [{id: chat, label: Chats}, {id: photo, label: Photos}, {id: live, label: Live video}]
- {id: may, kind: yes_no_unsure, ask: May we?}
- {id: contact, kind: contact, ask: Whom to call?}
- {id: since, kind: date, ask: From when?}
- {id: groups, kind: list, ask: Which groups?}
- id: first
  kind: ranking
  ask: What comes first?
  options: [{id: train, label: Training}, {id: rules, label: Rules}, {id: phones, label: Phones}]
- {id: who_again, kind: text, ask: And now?, revises: who}
"""
CLAUSES = """
- {id: people, text: "{who} may post for {organization}, because {why}."}
- {id: photo_rule, decision: photos}
- {id: media_rule, decision: media}
- {id: rest, text: "May we: {may}. Call {contact} from {since}. First {first}."}
- {id: served, text: "We serve:", bullets_from: groups}
"""
MARKS = ("Alder", "Birch", "Cedar")
"""Every word that an organization types has its own mark in it."""

LABELS = {"never": "Never", "signed": "Signed", "unsure": "Unsure - ask counsel or funder"}
LABELS |= {"chat": "Chats", "photo": "Photos", "live": "Live video"}
ODD = tuple(text for text in EVERY if len(text) < 200)


def typed(mark: str) -> some.SearchStrategy[str]:
    """Words of few kinds, so that people agree and disagree; now and then bad ones."""
    few = some.sampled_from([f"{mark} one", f"{mark} two", f" {mark.upper()}  ONE ", f"{mark}, three"])
    return few | few | few | some.sampled_from(ODD).map(lambda odd: f"{mark} {odd}")


def values(mark: str) -> dict[str, some.SearchStrategy[Value]]:
    own = typed(mark).map(lambda said: {"other": said})
    options = some.sampled_from(["chat", "photo", "live"])
    return {
        "who": typed(mark),
        "who_again": typed(mark),
        "why": typed(mark),
        "photos": some.sampled_from(["never", "signed", "unsure"]) | own,
        "media": some.lists(options | options | own, min_size=1, max_size=3),
        "may": some.sampled_from(["yes", "no", "unsure"]),
        "contact": some.fixed_dictionaries({"name": typed(mark)}, optional={"role": typed(mark)}),
        "since": some.sampled_from(["2026-11-21", "2027-01-05"]),
        "groups": some.lists(typed(mark), min_size=1, max_size=3),
        "first": some.lists(some.sampled_from(["train", "rules", "phones"]), min_size=1, unique=True),
    }


ASKED = ("who", "why", "photos", "media", "may", "contact", "since", "groups", "first")
EMPTY = {"who": " ", "contact": {}, "groups": [], "media": [], "first": []}
"""How an emptied field comes in, where it is not None."""


# Another computer's process on the same file


def elsewhere(pipe: Connection) -> None:
    """Open workshops and do in them what is asked for, until there is nothing more to do."""
    opened: Workshop | None = None
    while (asked := pipe.recv()) is not None:
        name, given = asked
        try:
            if name == "open":
                opened, answer = Workshop.open(*given), None
            else:
                answer = attrgetter(name)(opened)(*given)
            pipe.send((answer, ""))
        except WorkshopError as fault:
            pipe.send((None, str(fault)))


class Elsewhere:
    """A hall in that process, asked as if it were here."""

    pipe: ClassVar[Connection]

    def __init__(self, folder: Path) -> None:
        self._ask("open", folder)

    def _ask(self, name: str, *given: object) -> Any:
        self.pipe.send((name, given))
        answer, fault = self.pipe.recv()
        if fault:
            raise WorkshopError(fault)
        return answer

    def __getattr__(self, name: str) -> Any:
        return (lambda: self._ask(name)) if name == "close" else ElsewherePart(self, name)


@dataclass(frozen=True)
class ElsewherePart:
    """A part of a workshop in that process."""

    workshop: Elsewhere
    part: str

    def __getattr__(self, name: str) -> Any:
        return lambda *given: self.workshop._ask(f"{self.part}.{name}", *given)


@pytest.fixture
def another_process() -> Iterator[None]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=elsewhere, args=(theirs,))
    process.start()
    Elsewhere.pipe = ours
    yield
    ours.send(None)
    process.join(30)
    for each in (ours, theirs):
        each.close()
    process.close()


# The model: a list of what was acknowledged, and the rules of agreement in the plainest words


@dataclass(frozen=True)
class Told:
    """What was acknowledged on one question, in order: answers with their kept values, then opinions."""

    answers: tuple[Answer, ...]
    opinions: tuple[Opinion, ...]

    def mine(self) -> list[Answer]:
        newest = {answer.person: answer for answer in self.answers if answer.voice == "mine"}
        return [answer for answer in self.answers if newest.get(answer.person) is answer and answer.value is not None]

    def ours(self) -> list[Answer]:
        """The scribe's newest text, and every text that a person offered."""
        said = [answer for answer in self.answers if answer.voice == "ours"]
        scribe = [answer for answer in said if answer.person == SCRIBE][-1:]
        return [a for a in said if a.value is not None and (a.person != SCRIBE or a in scribe)]

    def judged(self, offered: Answer) -> dict[str, bool]:
        return {each.person: each.agrees for each in self.opinions if each.answer == offered.id}

    def spoke(self) -> set[str]:
        people = {answer.person for answer in (*self.mine(), *self.ours())}
        return (people | {person for each in self.ours() for person in self.judged(each)}) - {SCRIBE}

    def supporters(self, offered: Answer) -> set[str]:
        own = [each for each in self.ours() if each.person == offered.person]
        author = {offered.person} - {SCRIBE} if own[-1] == offered else set()
        judged = self.judged(offered)
        return (author | {who for who in judged if judged[who]}) - {who for who in judged if not judged[who]}

    def is_agreed(self, offered: Answer) -> bool:
        spoke = len(self.spoke())
        return offered.person == SCRIBE or (spoke > 1 and 2 * len(self.supporters(offered)) > spoke)

    def stands(self) -> Answer | None:
        """Agreed before not, then the most supporters, then the earliest."""
        best = None
        for each in self.ours():
            rank = (self.is_agreed(each), len(self.supporters(each)))
            if best is None or rank > best[0]:
                best = (rank, each)
        return best[1] if best else None

    def status(self, kind: str) -> str:
        stands = self.stands()
        if stands:
            return "agreed" if self.is_agreed(stands) else "proposed"
        said = [answer.value for answer in self.mine()]
        return COUNTS.get(kind, by_whole)(said) if said else "open"


def key(value: Value) -> str:
    """What makes two answers the same: the words, whatever their case and spaces."""
    if isinstance(value, dict):
        value = value["other"] if "other" in value else ", ".join(v for p in PARTS if (v := value.get(p)))
    return " ".join(LABELS.get(str(value), str(value)).casefold().split())


PARTS = ("name", "role", "reach")


def by_whole(said: list[Value]) -> str:
    (_, most), *others = Counter(map(key, said)).most_common()
    if others and others[0][1] == most:
        return "tied"
    return "agreed" if len(said) > 1 and not others else "proposed"


def items(value: Value) -> set[str]:
    return {json.dumps(item, ensure_ascii=False).casefold() for item in value}  # type: ignore[attr-defined]


def by_item(said: list[Value]) -> str:
    counts = Counter(item for value in said for item in items(value))
    if not any(2 * count > len(said) for count in counts.values()):
        return "tied"
    return together(said, counts)


def by_list(said: list[Value]) -> str:
    return together(said, Counter(item for value in said for item in items(value)))


def together(said: list[Value], counts: Counter[str]) -> str:
    return "agreed" if len(said) > 1 and all(count == len(said) for count in counts.values()) else "proposed"


def by_place(said: list[Value]) -> str:
    got: Counter[str] = Counter()
    for order in said:
        for place, option in enumerate(order):  # type: ignore[arg-type]
            got[option] += 3 - place
    (_, most), *others = got.most_common()
    if others and others[0][1] == most:
        return "tied"
    return "agreed" if len(said) > 1 and all(order == said[0] for order in said) else "proposed"


COUNTS = {"choices": by_item, "list": by_list, "ranking": by_place}


# The room


class ARoom(RuleBasedStateMachine):
    """Two organizations and their people, three halls on one file, one of them in another process."""

    people, said, offered = Bundle("people"), Bundle("said"), Bundle("offered")
    steps: ClassVar[int] = 0
    sheet: ClassVar[Path]
    read: ClassVar[Worksheet]

    def __init__(self) -> None:
        super().__init__()
        self.place = tempfile.TemporaryDirectory()
        self.folder = Path(self.place.name) / "room"
        self.halls: list[Any] = [Workshop.open(self.folder, str(self.sheet)), Workshop.open(self.folder)]
        self.halls.append(Elsewhere(self.folder))
        self.first: Workshop = self.halls[0]
        self.groups = self.first.roster.register(*(f"{mark} House" for mark in MARKS[:2]))
        self.mark = {group.id: mark for group, mark in zip(self.groups, MARKS, strict=False)}
        self.here: dict[str, Person] = {}
        self.log: list[Answer] = []
        self.opinions: list[Opinion] = []
        self.revealed: set[tuple[str, str]] = set()
        self.named: set[str] = set()
        self.step = 0
        self.past: list[tuple[int, int, dict[str, dict[str, Position]]]] = []

    @property
    def hall(self) -> Any:
        """Each step is looked at from another hall."""
        return self.halls[self.step % 3]

    def teardown(self) -> None:
        self._walk_back()
        for hall in self.halls:
            hall.close()
        self.place.cleanup()

    def question(self, id_: str) -> Question:
        (asked,) = [each for each in self.read.asked() if each.id == id_]
        return self.read.questions[asked.kept_as]

    def told(self, group: str, question: str) -> Told:
        said = tuple(a for a in self.log if a.organization == group and a.question == question)
        ids = {answer.id for answer in said}
        return Told(said, tuple(each for each in self.opinions if each.answer in ids))

    def _keep(self, answer: Answer) -> Answer:
        """Note what was acknowledged, as it must be kept from now on."""
        question = self.question(answer.question)
        kept = replace(answer, question=question.id, value=self._taken(question, answer.value))
        self.log.append(kept)
        return kept

    def _taken(self, question: Question, value: Value) -> Value:
        return question.clean_value(value)

    # What people do

    @initialize(target=people, asked=some.lists(some.sampled_from(ASKED), min_size=2, max_size=3, unique=True))
    def begin(self, asked: list[str]) -> Any:
        """Five people are there, three of one organization, and talk about a few questions."""
        self.asked = [*asked, "who_again"] if "who" in asked else asked
        return multiple(
            *(self.join_one(group, named) for group in (0, 1) for named in (True, False)), self.join_one(0, True)
        )

    def join_one(self, group: int, named: bool) -> Person:
        organization = self.groups[group]
        name = f"{self.mark[organization.id]} handle {len(self.here)}" if named else ""
        person = self.halls[len(self.here) % 2].roster.join(organization.id, name)
        self.here[person.id] = person
        return person

    @rule(target=people, group=some.integers(0, 1), named=some.booleans())
    def join(self, group: int, named: bool) -> Person:
        return self.join_one(group, named)

    @rule(target=said, data=some.data(), person=people, hall=some.integers(0, 2))
    def answer(self, data: Any, person: Person, hall: int) -> Answer:
        mark = self.mark[person.organization]
        question = data.draw(some.sampled_from(self.asked))
        value, note = data.draw(values(mark)[question]), data.draw(some.sampled_from(["", "", f"{mark} note"]))
        answer = Answer(new_id(), person.organization, person.id, question, value, "mine", note=note)
        assert not self.halls[hall].discussion.save(answer).repeated
        return self._keep(answer)

    @rule(data=some.data(), person=people, hall=some.integers(0, 2))
    def empty(self, data: Any, person: Person, hall: int) -> None:
        question = data.draw(some.sampled_from(self.asked))
        answer = Answer(new_id(), person.organization, person.id, question, EMPTY.get(question))
        self.halls[hall].discussion.save(answer)
        self._keep(answer)

    @rule(
        target=offered, data=some.data(), group=some.integers(0, 1), hall=some.integers(0, 2), emptied=some.booleans()
    )
    def the_scribe_writes(self, data: Any, group: int, hall: int, emptied: bool) -> Any:
        mark = self.mark[self.groups[group].id]
        question = data.draw(some.sampled_from(self.asked))
        value = None if emptied else data.draw(values(mark)[question])
        answer = Answer(new_id(), self.groups[group].id, SCRIBE, question, value, "ours")
        self.halls[hall].discussion.save(answer)
        kept = self._keep(answer)
        return multiple() if emptied else kept

    @rule(
        target=offered,
        data=some.data(),
        person=people,
        voices=some.lists(said, min_size=1, max_size=3),
        hall=some.integers(0, 2),
    )
    def propose(self, data: Any, person: Person, voices: list[Answer], hall: int) -> Any:
        """Pick a voice as it is, put several together in one's own words, or write anew; others' words are refused."""
        question, mark = voices[0].question, self.mark[person.organization]
        source = tuple(dict.fromkeys(each.id for each in voices)) if data.draw(some.booleans()) else ()
        picked = voices[0].value if source and len(source) == 1 else None
        value = picked or data.draw(values(mark)[question])
        offered = Answer(new_id(), person.organization, person.id, question, value, "ours", source)
        offer = getattr(self.halls[hall].discussion, data.draw(some.sampled_from(["propose", "save"])))
        if any(each.organization != person.organization for each in voices) and (source or picked):
            with pytest.raises(WorkshopError, match="not one of your organization's"):
                offer(offered)
            return multiple()
        before = self.told(person.organization, question).stands()
        offer(offered)
        kept = self._keep(offered)
        self._is_no_overwrite(before, kept)
        return kept

    def _is_no_overwrite(self, before: Answer | None, kept: Answer) -> None:
        """A later change stands beside what another one offered, and never in its place."""
        if before and before.person != kept.person and self.told(kept.organization, kept.question).supporters(before):
            held = self.first.discussion.positions(kept.organization)[kept.question]
            assert held.voices[0] == before.id

    @rule(person=people, about=offered, agrees=some.booleans(), note=some.booleans(), hall=some.integers(0, 2))
    def judge(self, person: Person, about: Answer, agrees: bool, note: bool, hall: int) -> None:
        """Say what one thinks of a text, or change one's mind; on somebody else's texts nobody may say anything."""
        mark = self.mark[person.organization]
        opinion = Opinion(about.id, person.id, agrees, f"{mark} because {len(self.opinions)}" if note else "", new_id())
        group = Organization(person.organization, "")
        if about.organization != person.organization:
            with pytest.raises(WorkshopError, match="not one of your organization's"):
                self.halls[hall].discussion.judge(group.id, opinion)
            return
        for other in (hall, (hall + 1) % 3):
            self.halls[other].discussion.judge(group.id, opinion)
        with pytest.raises(WorkshopError, match="another opinion has this id"):
            self.halls[hall].discussion.judge(group.id, replace(opinion, agrees=not agrees))
        self.opinions.append(opinion)

    @rule(person=people, question=some.sampled_from(ASKED), hall=some.integers(0, 2))
    def offer_nothing(self, person: Person, question: str, hall: int) -> None:
        """An empty text is no offer: to take one back is to see it differently."""
        for nothing in (None, EMPTY.get(question)):
            with pytest.raises(WorkshopError, match="the text is still empty"):
                self.halls[hall].discussion.propose(
                    Answer(new_id(), person.organization, person.id, question, nothing, "ours")
                )

    @rule(answer=said | offered, hall=some.integers(0, 2))
    def send_again(self, answer: Answer, hall: int) -> None:
        """The acknowledgement was lost; the same words come again, later and elsewhere."""
        assert self.halls[hall].discussion.save(answer).repeated

    @rule(answer=said | offered, hall=some.integers(0, 2), more=some.sampled_from(["value", "note", "made_from"]))
    def send_other_words_under_its_id(self, answer: Answer, hall: int, more: str) -> None:
        """Other words under an id that is known are refused: they would seem kept."""
        other = {"value": None, "note": f"{answer.note} and more", "made_from": (*answer.made_from, answer.id)}
        with pytest.raises(WorkshopError, match="another answer has this id"):
            self.halls[hall].discussion.save(replace(answer, **{more: other[more]}))

    @rule(data=some.data(), group=some.integers(0, 1), hall=some.integers(0, 2))
    def reveal(self, data: Any, group: int, hall: int) -> None:
        question = self.question(data.draw(some.sampled_from(self.asked))).id
        self.halls[hall].discussion.reveal(self.groups[group].id, question)
        self.revealed.add((self.groups[group].id, question))

    @rule(group=some.integers(0, 1), yes=some.booleans(), hall=some.integers(0, 1))
    def call_people_by_name(self, group: int, yes: bool, hall: int) -> None:
        self.halls[hall].discussion.set_naming(self.groups[group].id, yes)
        (self.named.add if yes else self.named.discard)(self.groups[group].id)

    @rule(hall=some.integers(0, 2))
    def close_and_open_again(self, hall: int) -> None:
        self.halls[hall].close()
        self.halls[hall] = Workshop.open(self.folder) if hall < 2 else Elsewhere(self.folder)
        self.first = self.halls[0]

    # What holds after every step

    @invariant()
    def counted(self) -> None:
        type(self).steps += 1
        self.step += 1

    @invariant()
    def nothing_acknowledged_is_gone(self) -> None:
        kept = [answer for group in self.groups for answer in self.hall.discussion.history(group.id)]
        wanted = [answer for group in self.groups for answer in self.log if answer.organization == group.id]
        assert [_words(each) for each in kept] == [_words(each) for each in wanted]

    @invariant()
    def what_is_held_is_what_the_model_says(self) -> None:
        held = {group.id: self.first.discussion.positions(group.id) for group in self.groups}
        for group, positions in held.items():
            for name, position in positions.items():
                told = self.told(group, name)
                assert position.status == told.status(self.question(name).kind), (name, told)
                self._traces(position, told)
        self.past.append((len(self.log), len(self.opinions), held))

    def _traces(self, position: Position, told: Told) -> None:
        """What is held names the answers that it came from, and their people; all are the organization's own."""
        own = {answer.id for answer in self.log if answer.organization == position.organization}
        assert set(position.voices) <= own
        assert (position.status in {"agreed", "proposed"}) == (position.value is not None)
        assert (position.status == "open") == (not position.voices)
        assert (position.status == "tied") == bool(position.tied)
        stands = told.stands()
        if stands:
            assert position.value == stands.value
            assert position.voices[: len(stands.made_from) + 1] == tuple(dict.fromkeys((stands.id, *stands.made_from)))
        elif position.status == "tied":
            kind = COUNTS.get(self.question(position.question).kind)
            sides = [frozenset(items(side)) if kind else key(side) for side in position.tied]
            assert len(sides) == len(set(sides)) > 1
        self._behind(position, told)

    def _behind(self, position: Position, told: Told) -> None:
        """Those who are called behind a text are real people of the organization, and by name only if it says so."""
        handles = self._handles(position.organization)
        called = {*position.by, *(dissent.voice for dissent in position.dissent)} - {TABLE}
        assert all(name in handles.values() or NUMBER.fullmatch(name) for name in called)
        people = self._people_behind(position, told)
        assert len(position.by) == len(people)
        assert {handles[each] for each in people if handles.get(each)} == {*position.by} & {*handles.values()}

    def _people_behind(self, position: Position, told: Told) -> set[str]:
        stands = told.stands()
        by = {answer.person for answer in self.log if answer.id in position.voices}
        if stands is None:
            return by
        judged = told.judged(stands)
        return (by | told.supporters(stands)) - {who for who in judged if not judged[who]}

    def _handles(self, group: str) -> dict[str, str]:
        here = self.here.values() if group in self.named else ()
        return {each.id: each.name for each in here if each.organization == group and each.name}

    @invariant()
    def memory_is_a_fresh_read(self) -> None:
        for group in self.groups:
            history = self.first.discussion.history(group.id)
            people = People(self._handles(group.id), {answer.id: answer.person for answer in history})
            opinions = opinions_of(self.first)
            fresh = agreement.positions(self.read, group.id, _standing(history), people, opinions)
            assert self.hall.discussion.positions(group.id) == fresh
            assert self.hall.discussion.values(group.id) == self._ours(group.id)

    def _ours(self, group: str) -> dict[str, Value]:
        stands = {name: self.told(group, name).stands() for name in self.read.questions}
        return {name: answer.value for name, answer in stands.items() if answer}

    @invariant()
    def a_person_sees_what_is_the_groups_and_no_more(self) -> None:
        if not self.here:
            return
        person = list(self.here.values())[self.step % len(self.here)]
        seen = self.hall.discussion.voices(person.organization, person.id)
        self._only_own(person.organization, json.dumps(seen, ensure_ascii=False))
        for name, entry in seen.items():
            self._entry(person, name, entry)

    def _entry(self, person: Person, name: str, entry: dict[str, Any]) -> None:
        told, shown = self.told(person.organization, name), (person.organization, name) in self.revealed
        assert entry["revealed"] is shown
        assert entry["answered"] == len(told.mine())
        seen = [each for each in told.mine() if shown or each.person == person.id]
        assert {each["id"] for each in entry["voices"]} == {each.id for each in seen}
        offered = [each for each in told.ours() if shown or each.person == person.id]
        assert {each["id"] for each in entry["proposals"]} == {each.id for each in offered}
        names = {"", TABLE, *(each.name for each in self.here.values() if each.organization == person.organization)}
        for each in entry["proposals"]:
            (text,) = [text for text in offered if text.id == each["id"]]
            self._proposal(person, told, text, each, names)

    def _proposal(self, person: Person, told: Told, text: Answer, each: dict[str, Any], names: set[str]) -> None:
        supporters = told.supporters(text)
        assert (each["supporters"], each["i_support"]) == (len(supporters), person.id in supporters)
        assert each["of"] == len(told.spoke())
        assert each["status"] == ("agreed" if told.is_agreed(text) else "proposed")
        assert each["standing"] == (told.stands() == text)
        assert {against["who"] for against in each["dissent"]} | {each["who"]} <= names
        assert len(each["dissent"]) == sum(not agrees for agrees in told.judged(text).values())

    @invariant()
    def a_draft_holds_the_words_of_one_organization(self) -> None:
        if len(self.past) % 5:
            return
        for group in self.groups:
            document = self.first.draft(group.id)
            self._only_own(group.id, repr(document))
            clauses = " ".join(words(part) for each in document.clauses() for part in (each.parts, *each.bullets))
            held = self.first.discussion.positions(group.id)["who"]
            assert held.value is None or str(held.value).rstrip(".") in clauses
            assert "['" not in clauses
            assert group.id in self.named or "handle" not in repr(document)

    def _only_own(self, group: str, said: str) -> None:
        others = [mark for id_, mark in self.mark.items() if id_ != group]
        assert not [mark for mark in others if mark.casefold() in said.casefold()]

    def _walk_back(self) -> None:
        """From what is kept, every moment of the room can be had again as it was."""
        with Workshop.open(self.folder) as opened:
            said = sorted(
                (a for group in self.groups for a in opened.discussion.history(group.id)),
                key=lambda each: each.sequence,
            )
            thought = opinions_of(opened)
            for answers, opinions, held in self.past[:: max(len(self.past) // 8, 1)]:
                for group, positions in held.items():
                    then = _standing([a for a in said[:answers] if a.organization == group])
                    again = agreement.positions(self.read, group, then, opinions=thought[:opinions])
                    assert {k: _but_names(v) for k, v in again.items()} == {
                        k: _but_names(v) for k, v in positions.items()
                    }


def _words(answer: Answer) -> tuple[object, ...]:
    return (
        answer.id,
        answer.organization,
        answer.person,
        answer.question,
        answer.voice,
        answer.value,
        answer.made_from,
        answer.note,
    )


def _but_names(position: Position) -> Position:
    return replace(position, by=(), dissent=tuple(replace(each, voice="") for each in position.dissent))


def _standing(history: list[Answer]) -> list[Answer]:
    """What stands, from all that was ever said: the newest of each voice, and every text that a person offered."""
    newest: dict[tuple[str, ...], Answer] = {}
    for answer in history:
        offered = answer.voice == "ours" and answer.person != SCRIBE
        place = (answer.question, answer.voice, answer.person, answer.id if offered else "")
        newest.pop(place, None)
        newest[place] = answer
    return [answer for answer in newest.values() if answer.value is not None]


def test_no_word_is_lost_and_none_is_somebody_elses(another_process: None, tmp_path: Path) -> None:
    rooms = settings(
        max_examples=max(STEPS // AT_ONCE, 1),
        stateful_step_count=AT_ONCE,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    ARoom.steps, ARoom.sheet = 0, written(tmp_path / "sheet", QUESTIONS, CLAUSES)
    ARoom.read = catalog.worksheet(str(ARoom.sheet))
    run_state_machine_as_test(ARoom, settings=rooms)
    assert ARoom.steps >= STEPS // 2
