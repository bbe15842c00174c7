"""Tells phones what happens in the room: one look at the state for all of them, one line for each."""

from __future__ import annotations

import asyncio
import datetime
import hashlib
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any

from fastapi.concurrency import run_in_threadpool

from toolkit.answers.model import Answer
from toolkit.errors import StoreError, WorkshopError
from toolkit.facilitation import report_back_views, stages
from toolkit.facilitation.invitation import JoinLink
from toolkit.facilitation.report_back_views import Reported
from toolkit.facilitation.stages import Presence, Room
from toolkit.join.phone_line import PhoneLine, View, line
from toolkit.join.sessions import Session
from toolkit.join.state_changes import NOTHING_NEW, Changes, Questions, changes
from toolkit.join.worksheet_json import Sheet
from toolkit.state import State
from toolkit.storage.typing_marks import TypingMark
from toolkit.worksheets.kinds import Value
from toolkit.workshop.facade import Workshop

log = logging.getLogger("workshop.join")

LOOK_SECONDS = 0.5
"""Seconds between two looks at the store: what the notebooks' process did is seen so soon."""

HEARTBEAT_SECONDS = 10.0
"""Seconds after which a silent line says that it still lives."""

TYPING_FOR = 8.0
"""Seconds that somebody counts as typing after an answer came."""

TELL_PRESENCE = 2.0
"""Seconds between two notes for the facilitator on who is here and who types."""


class Live:
    """The room as it stood at the last look, and everybody who listens."""

    def __init__(self, workshop: Workshop, sheet: Sheet) -> None:
        self._workshop, self._sheet = workshop, sheet
        self._state = workshop.state
        self._lines: dict[str, set[PhoneLine]] = {}
        self._stages: dict[str, set[str]] = {}
        self._typed: dict[tuple[str, str], float] = {}
        self._writing: frozenset[TypingMark] = frozenset()
        self._ours_changed: set[str] = set()
        self._addresses = _places(self._state.join_link)
        self._mark = sheet.mark()
        self._vote = _vote(workshop.report_back.reported())
        self._told: Mapping[str, Presence] = self.room.presence
        self._told_at = 0.0
        self._wrong = ""
        self._public_told = self._public()

    @property
    def room(self) -> Room:
        """How the room stood at the last look."""
        return self._state.room

    @property
    def mark(self) -> str:
        """How far the room has come: the id of the next line."""
        return f"{self._state.mark.answers}-{self._state.mark.events}"

    # Watching the state

    async def watch(self) -> None:
        """Look at the state for as long as the page is served; a look that fails is told, and tried again."""
        while True:
            try:
                await self.look()
                self._tell_fault("")
            except StoreError as fault:
                self._tell_fault(str(fault))
            except WorkshopError:
                pass
            await asyncio.sleep(LOOK_SECONDS)

    def _tell_fault(self, words: str) -> None:
        """Tell the facilitator's window once what is wrong with the store, and once that it came right."""
        if words != self._wrong:
            log.error(words or "The workshop is there again. Phones now send what they kept.")
        self._wrong = words

    async def look(self) -> None:
        """Look at the state once, and tell each phone what is new to it."""
        before = self._state
        self._state, new, self._mark = await run_in_threadpool(self._read, before)
        try:
            await self._tell_changes(new)
        except WorkshopError:
            self._state = before  # what could not be read now is told at the next look
            raise
        if self._public() != self._public_told:
            self._public_told = self._public()
            self._tell_all(self.state())
        await self._tell_presence()

    def _read(self, before: State) -> tuple[State, Changes, str]:
        """Return the newest state, what is new in it, and which version of the worksheet is in use."""
        state, discussion = self._workshop.state, self._workshop.discussion
        try:
            mark = self._sheet.mark()
        except StoreError:
            raise
        except WorkshopError:
            mark = self._mark  # a worksheet that cannot be read just now changes nothing for the phones
        if state is before:
            return state, NOTHING_NEW, mark
        worksheet = self._workshop.worksheet
        new = changes(before, state, lambda at, id_: discussion.answers_of(id_, at).by_question, worksheet.stage_of)
        return state, new, mark

    async def _tell_changes(self, new: Changes) -> None:
        if new.moved:
            self._regroup(new.moved)
        if new.vote:
            self._vote = _vote(await run_in_threadpool(self._workshop.report_back.reported))
        self._tell_voters(new.voters)
        for organization in new.reports:
            self._tell(organization, line("ballot", {}, self.mark))
        for organization in new.naming:
            self._tell(organization, line("naming", {"named": organization in self._state.named}, self.mark))
        self._addresses = _places(self._state.join_link) or self._addresses
        self._end_lines({session[:16] for session in new.ended})
        if new.who:
            self._tell_who()
        await self._tell_ours(new.ours)
        await self._tell_voices(_and_writers(new.voices, await self._writers()))

    def _regroup(self, moved: Collection[str]) -> None:
        """Let each phone stand with the organization that it is of now; those concerned ask for everything anew."""
        lines = self._everyone()
        self._lines = {}
        for phone in lines:
            phone.session = phone.session.now(self._state)
            self._lines.setdefault(phone.session.organization, set()).add(phone)
        for organization in moved:
            self._tell(organization, line("moved", {}, self.mark))

    def _end_lines(self, devices: set[str]) -> None:
        """End the lines of devices whose session is over: they come back as who they are now, or not at all."""
        for phone in self._everyone() if devices else []:
            if phone.session.device in devices:
                phone.tell(None)

    def _everyone(self) -> list[PhoneLine]:
        return [phone for group in self._lines.values() for phone in group]

    def _tell_voters(self, voters: Collection[str] | None) -> None:
        """Tell every device of who voted that their dots have changed; how, each asks for itself."""
        for phone in self._everyone() if voters is None or voters else []:
            if voters is None or phone.session.asks_as in voters:
                phone.tell(line("ballot", {}, self.mark))

    def _public(self) -> View:
        return _public(self.room) | self._vote | {"sheet": self._mark, "addresses": self._addresses}

    # What organizations hold

    async def _tell_ours(self, changed: Collection[str]) -> None:
        """Tell what an organization holds now where somebody wrote it down, or has another opinion of it."""
        concerned, self._ours_changed = {*changed, *self._ours_changed}, set()
        for organization in concerned & self._lines.keys():
            upto, now = await run_in_threadpool(self._read_ours, organization)
            for phone in self._lines.get(organization, set()):
                self._tell_own_ours(phone, upto, now)

    def _tell_own_ours(self, phone: PhoneLine, upto: int, now: Mapping[str, Value]) -> None:
        if not phone.me:
            return  # it is told the whole first
        before, phone.ours = phone.ours, now
        changed = {key: now.get(key) for key in before.keys() | now.keys() if now.get(key) != before.get(key)}
        for question, value in changed.items():
            phone.tell(line("changed", _change(question, value, "ours", upto), self.mark))

    def _read_ours(self, organization: str) -> tuple[int, dict[str, Value]]:
        """Return what an organization holds, and up to which answer that is sure to be read."""
        return self._workshop.state.mark.answers, self._workshop.discussion.values(organization)

    # Colleagues' voices

    def note_stage(self, session: Session, stage: str) -> None:
        """Remember that a device shows the voices of a stage: from now on it is told what changes there."""
        if self._lines.get(session.organization):
            self._stages.setdefault(session.device, set()).add(stage)

    async def _writers(self) -> dict[str, set[str]]:
        """Return where somebody began to write, or stopped, on a phone or at a table's laptop."""
        before, self._writing = self._writing, await run_in_threadpool(self._workshop.discussion.typing_marks.now)
        questions: dict[str, set[str]] = {}
        for organization, question, _ in before ^ self._writing:
            questions.setdefault(organization, set()).add(question)
        return questions

    async def _tell_voices(self, changed: Mapping[str, Questions]) -> None:
        """Tell each phone the voices that look otherwise, as its person may see them."""
        for organization, questions in changed.items():
            lines = [phone for phone in self._lines.get(organization, ()) if phone.session.device in self._stages]
            if lines:
                told = await run_in_threadpool(self._voices, organization, lines, questions)
                for phone, content in told:
                    phone.tell(content)

    def _voices(
        self, organization: str, lines: Sequence[PhoneLine], questions: Questions
    ) -> list[tuple[PhoneLine, bytes]]:
        """Return what each of these phones shows from now on, by question; None for what it does not show any more."""
        stages_ = self._workshop.worksheet.stages
        asked_at = {stage.id: {question.kept_as for question in stage.questions} for stage in stages_}
        shown = {phone: _asked(asked_at, self._stages.get(phone.session.device, ()), questions) for phone in lines}
        people = {phone.session.person for phone in lines}
        asked = set[str]().union(*shown.values())
        voices = self._workshop.discussion.voices_for(organization, people, asked) if asked else {}
        return [(phone, self._voices_line(voices[phone.session.person], own)) for phone, own in shown.items() if own]

    def _voices_line(self, voices: Mapping[str, object], questions: Collection[str]) -> bytes:
        return line("voices", {question: voices.get(question) for question in questions}, self.mark)

    # Who is here

    async def _tell_presence(self) -> None:
        now = time.monotonic()
        counts = self._presence(now)
        if now - self._told_at < TELL_PRESENCE or counts == self._told:
            return
        self._told, self._told_at = counts, now
        await run_in_threadpool(lambda: self._workshop.record(stages.tell_presence(counts)))

    def _presence(self, now: float) -> dict[str, Presence]:
        self._typed = {who: when for who, when in self._typed.items() if now - when < TYPING_FOR}
        typing = [organization for organization, _ in self._typed]
        everywhere = self._lines.keys() | set(typing)
        return {
            organization: Presence(len(self._lines.get(organization, ())), typing.count(organization))
            for organization in sorted(everywhere)
        }

    # Telling the phones

    def me(self, session: Session) -> View:
        """Return who is on a device, and whether they ask for help; `identity` names its unsent words there."""
        own, state = session.device if session.table else session.person, self._workshop.state
        return {
            "title": state.facts["title"],
            "organization": state.names[session.organization].name,
            "name": session.name,
            "table": session.table,
            "identity": f"{self._workshop.id}/{session.came_as}/{own}",
            "help": session.asks_as in state.room.needs_help,
        }

    def _tell_who(self) -> None:
        """Tell each device who it is by now, where that is new to it."""
        for phone in self._everyone():
            me = self.me(phone.session)
            if me != phone.me:
                phone.me = me
                phone.tell(line("me", me, self.mark))

    def state(self) -> bytes:
        """Return the room as a line: the same for everybody."""
        return line("room", self._public() | {"now": _iso(datetime.datetime.now(datetime.UTC))}, self.mark)

    def saved(self, session: Session, answer: Answer, sequence: int) -> None:
        """Tell every device of one person that they answered; colleagues are told what they may see at the next look.

        The page that sent it knows its own words.
        """
        self._typed[session.organization, session.device] = time.monotonic()
        if answer.voice == "ours":
            return
        content = line("changed", _change(answer.question, answer.value, "mine", sequence), self.mark)
        for phone in self._lines.get(session.organization, set()):
            if phone.session.person == session.person:
                phone.tell(content)

    def _tell(self, organization: str, content: bytes) -> None:
        for phone in self._lines.get(organization, set()):
            phone.tell(content)

    def _tell_all(self, content: bytes) -> None:
        for organization in self._lines:
            self._tell(organization, content)

    async def listen(self, session: Session, answers: Callable[[], Awaitable[dict[str, Any]]]) -> AsyncIterator[bytes]:
        """Yield what a phone should know: how the room stands, its answers, who it is, and then what changes.

        The answers are read once the line is there: what is saved meanwhile waits in it, and is told after them.
        """
        mine = PhoneLine(session.now(self._workshop.state))
        self._lines.setdefault(mine.session.organization, set()).add(mine)
        try:
            answers_json = await answers()
            self._ours_changed.add(mine.session.organization)  # what changed since the answers were read
            mine.ours, mine.me = answers_json["ours"], await run_in_threadpool(self.me, mine.session)
            first_lines = line("answers", answers_json, self.mark) + line("me", mine.me, self.mark)
            yield b"retry: 1000\n\n" + self.state() + first_lines
            while (content := await self._next(mine)) is not None:
                yield content
        finally:
            self._leave(mine)

    async def _next(self, mine: PhoneLine) -> bytes | None:
        try:
            return await asyncio.wait_for(mine.waiting.get(), HEARTBEAT_SECONDS)
        except TimeoutError:
            return line("beat", {}, self.mark)

    def _leave(self, mine: PhoneLine) -> None:
        lines = self._lines[mine.session.organization]
        lines.discard(mine)
        if not any(phone.session.device == mine.session.device for phone in lines):
            self._stages.pop(mine.session.device, None)
        if not lines:
            del self._lines[mine.session.organization]

    def close(self) -> None:
        """End every line, so that the server can stop."""
        for phone in self._everyone():
            phone.tell(None)


def _places(link: JoinLink | None) -> list[str]:
    """Return where phones find the join page, as browsers call it: "192.168.1.5:8000"."""
    return [_host_and_port(address, link.port) for address in link.addresses] if link else []


def _host_and_port(address: str, port: int) -> str:
    public = address.partition("://")[2]
    return public or f"{f'[{address}]' if ':' in address else address}:{port}"


def _change(question: str, value: Value, voice: str, sequence: int) -> View:
    return {"question": question, "value": value, "voice": voice, "sequence": sequence}


def _vote(reported: Reported) -> View:
    """Return how the vote stands, with a mark of what is on the ballot: what it says, each phone asks for itself."""
    if not reported.vote:
        return {"vote": "", "ballot": ""}
    standing = [[entry.id, entry.title, [line.words for line in entry.lines]] for entry in reported.on_vote]
    text = json.dumps([standing, report_back_views.result_view(reported)])
    return {"vote": reported.vote, "ballot": hashlib.sha256(text.encode()).hexdigest()[:12]}


def _public(state: Room) -> View:
    """Return what every phone may know of the room: nothing about people."""
    return {
        "stage": state.now.stage,
        "state": state.now.state,
        "opened": list(state.opened),
        "deadline": _iso(state.deadline) if state.deadline else None,
        "revealed": sorted(scope for scope in state.revealed if "/" not in scope),
        "ended": state.ended,
    }


def _iso(when: datetime.datetime) -> str:
    return when.astimezone(datetime.UTC).isoformat(timespec="milliseconds")


def _asked(asked_at: Mapping[str, set[str]], stages_: Collection[str], questions: Questions) -> set[str]:
    """Return which of the questions a phone shows that has these stages; None is every question."""
    shown = {question for stage in list(stages_) for question in asked_at.get(stage, ())}
    return shown if questions is None else shown & questions


def _and_writers(voices: Mapping[str, Questions], writing: Mapping[str, Collection[str]]) -> dict[str, Questions]:
    """Return the questions by organization whose voices changed, with those where somebody writes, or stopped."""
    both = dict(voices)
    for organization, questions in writing.items():
        known = both.get(organization, frozenset())
        both[organization] = None if known is None else known | frozenset(questions)
    return both
