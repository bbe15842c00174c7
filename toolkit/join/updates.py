"""Tells phones what happens in the room: one look at the store for all of them, one stream for each."""

from __future__ import annotations

import asyncio
import datetime
import hashlib
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi.concurrency import run_in_threadpool

from toolkit.answers.model import SCRIBE, Answer, Organization
from toolkit.errors import StoreError, WorkshopError
from toolkit.facilitation import events, report_back, report_back_views, stages
from toolkit.facilitation.events import (
    BallotEvent,
    BoardEvent,
    HelpEvent,
    MergeEvent,
    NamingEvent,
    OpinionEvent,
    ReleaseEvent,
    RevealEvent,
    RoomEvent,
    SessionEvent,
)
from toolkit.facilitation.invitation import JoinLink
from toolkit.facilitation.report_back_views import Reported
from toolkit.facilitation.stages import Presence, Room
from toolkit.join.sessions import Session
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

MOST_WAITING = 200
"""Lines that may wait for a slow phone; then it is let go, comes back, and gets everything anew."""

View = dict[str, object]


@dataclass(eq=False, slots=True)
class Line:
    """One phone's line: the lines that wait for it (None ends it), and what it was told: who it is, and ours."""

    session: Session
    waiting: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))
    me: View = field(default_factory=dict)
    ours: Mapping[str, Value] = field(default_factory=dict)

    def tell(self, message: bytes | None) -> None:
        """Let a line wait for the phone; one that is too slow is let go."""
        try:
            self.waiting.put_nowait(message)
        except asyncio.QueueFull:
            while not self.waiting.empty():
                self.waiting.get_nowait()
            self.waiting.put_nowait(None)


class Live:
    """The room as it stands, and everybody who listens."""

    def __init__(self, workshop: Workshop, sheet: Sheet) -> None:
        self._workshop, self._sheet = workshop, sheet
        self._state = workshop.state
        self._seen = self._newest = workshop.sequences()[0]
        self._own: set[int] = set()
        self._lines: dict[str, set[Line]] = {}
        self._typed: dict[tuple[str, str], float] = {}
        self._writing: frozenset[TypingMark] = frozenset()
        self._spoke: set[tuple[str, str, str]] = set()
        self._voices_changed: set[str] = set()
        self._ours_changed: set[str] = set()
        self._people = len(workshop.people)
        self._title = workshop.title
        self._addresses = _places(self._state.join_link)
        self._mark = sheet.mark()
        self._vote = _vote(workshop.reported())
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
        return f"{self._seen}-{self._state.sequence}"

    # Watching the store

    async def watch(self) -> None:
        """Look at the store for as long as the page is served; a look that fails is told, and tried again."""
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
        """Look at the store once, and tell each phone what is new to it."""
        answers, happened = await run_in_threadpool(self._workshop.sequences)
        if happened > self._state.sequence:
            await self._see_events()
        await self._see_facts()
        if self._newest > self._seen:
            await self._see_answers(self._newest)
        self._newest = answers
        await self._see_changed_ours()
        await self._see_writers()
        self._notice_typing()
        if self._public() != self._public_told:
            self._public_told = self._public()
            self._tell_all(self.state())
        await self._tell_presence()

    async def _see_events(self) -> None:
        self._state, new = await run_in_threadpool(self._read_events)
        merged = [event for event in new if isinstance(event, MergeEvent)]
        await self._notice_reveals(new)
        self._regroup(merged)
        await self._hear_report(new)
        self._addresses = _places(self._state.join_link) or self._addresses
        self._end_lines({event.session[:16] for event in new if isinstance(event, SessionEvent) and not event.device})
        if any(isinstance(event, (HelpEvent, MergeEvent)) for event in new):
            await self._tell_who()

    async def _see_facts(self) -> None:
        """See what is no event: the title, the worksheet and its length, and who is there."""
        title, self._mark, people = await run_in_threadpool(self._facts)
        if title != self._title:
            self._title = title
            await self._tell_who()
        newcomers, self._people = people[self._people :], len(people)
        self._voices_changed |= {self._workshop.current_id(newcomer) for newcomer in newcomers}

    def _facts(self) -> tuple[str, str, list[str]]:
        """Return the title, the version of the worksheet, and each person's organization."""
        try:
            mark = self._sheet.mark()
        except StoreError:
            raise
        except WorkshopError:
            mark = self._mark  # a worksheet that cannot be read just now changes nothing for the phones
        return self._workshop.title, mark, [person.organization for person in self._workshop.people]

    def _end_lines(self, devices: set[str]) -> None:
        """End the lines of devices whose session is over: they come back as who they are now, or not at all."""
        for phone in self._everyone() if devices else []:
            if phone.session.device in devices:
                phone.tell(None)

    def _everyone(self) -> list[Line]:
        return [phone for group in self._lines.values() for phone in group]

    def _read_events(self) -> tuple[State, list[RoomEvent]]:
        """Return the newest state, and the events that brought it about since the last look."""
        state, seen = self._workshop.state, self._state.sequence
        stored = [event for event in self._workshop.events(after=seen) if event.sequence <= state.sequence]
        return state, [event for event in map(events.read, stored) if event]

    def _regroup(self, merged: Sequence[MergeEvent]) -> None:
        """Let each phone stand with the organization that it is of now; those concerned ask for everything anew."""
        if not merged:
            return
        lines = self._everyone()
        self._lines = {}
        for phone in lines:
            phone.session = phone.session.now(self._workshop)
            self._lines.setdefault(phone.session.organization, set()).add(phone)
        for one in {self._workshop.current_id(id_) for event in merged for id_ in (event.name, event.organization)}:
            self._tell(one, line("moved", {}, self.mark))

    async def _hear_report(self, new: Sequence[RoomEvent]) -> None:
        """Look how the vote stands when something happened to it; dots are nobody's business before they are shown."""
        blind = self._vote["vote"] != report_back_views.SHOWN
        concerned = {MergeEvent, *report_back.FOLDS} - ({BallotEvent} if blind else set())
        self._tell_voters({event.voter for event in new if isinstance(event, BallotEvent)})
        if any(isinstance(event, BoardEvent) for event in new):
            self._tell_all(line("ballot", {}, self.mark))
        if any(type(event) in concerned for event in new):
            self._voices_changed |= {event.organization for event in new if isinstance(event, ReleaseEvent)}
            self._vote = _vote(await run_in_threadpool(self._workshop.reported))

    def _tell_voters(self, voters: set[str]) -> None:
        """Tell every device of who voted that their dots have changed; how, each asks for itself."""
        for phone in self._everyone() if voters else []:
            if phone.session.asks_as in voters:
                phone.tell(line("ballot", {}, self.mark))

    def _public(self) -> View:
        return _public(self.room) | self._vote | {"sheet": self._mark, "addresses": self._addresses}

    async def _see_answers(self, answers: int) -> None:
        """Tell what another process wrote, one look after it came: by then we know which answers were our own."""
        before, since = self._seen, set(range(self._seen + 1, answers + 1))
        foreign, self._own = since - self._own, self._own - since
        self._seen = answers
        if foreign:
            wrote = await run_in_threadpool(self._workshop.answered_since, before)
            for organization in wrote & self._lines.keys():
                await self._see_ours(organization)
            self._voices_changed |= wrote

    async def _see_ours(self, organization: str) -> None:
        upto, now = await run_in_threadpool(self._read_ours, organization)
        for phone in self._lines.get(organization, set()):
            if not phone.me:
                continue  # it is told the whole first
            before, phone.ours = phone.ours, now
            changed = {key: now.get(key) for key in before.keys() | now.keys() if now.get(key) != before.get(key)}
            for question, value in changed.items():
                phone.tell(line("changed", _change(question, value, "ours", upto), self.mark))

    def _read_ours(self, organization: str) -> tuple[int, dict[str, Value]]:
        """Return what an organization holds, and up to which answer that is sure to be read."""
        return self._workshop.sequences()[0], self._workshop.values(Organization(organization, ""))

    async def _see_changed_ours(self) -> None:
        """Tell what an organization holds now where somebody wrote it down, or thinks otherwise of it."""
        changed, self._ours_changed = self._ours_changed, set()
        for organization in changed & self._lines.keys():
            await self._see_ours(organization)

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
        return {each: Presence(len(self._lines.get(each, ())), typing.count(each)) for each in sorted(everywhere)}

    # Voices: that something is new is told at the next look, once for all that came since; what, each phone asks

    def note_voices_changed(self, organization: str) -> None:
        """Let the phones of an organization know soon that its voices, and what it holds, may have changed."""
        self._voices_changed.add(organization)
        self._ours_changed.add(organization)

    async def _notice_reveals(self, new: Sequence[RoomEvent]) -> None:
        """Stir whom a reveal or an opinion is about, also when it came from a notebook."""
        for event in new:
            if isinstance(event, RevealEvent):
                self._voices_changed |= {event.organization} if event.organization else self._lines.keys()
            elif isinstance(event, NamingEvent):
                self._voices_changed.add(event.about)
        await self._notice_opinions({event.person for event in new if isinstance(event, OpinionEvent)})

    async def _notice_opinions(self, people: set[str]) -> None:
        """Stir the organizations of those who said what they think of a text; a table's may be anyone's."""
        if people:
            everyone = await run_in_threadpool(lambda: self._workshop.people)
            concerned = {person.organization for person in everyone if person.id in people}
            self._voices_changed |= concerned
            self._ours_changed |= self._lines.keys() if SCRIBE in people else concerned

    def _notice_typing(self) -> None:
        stirred, self._voices_changed = self._voices_changed, set()
        for organization in stirred:
            self._tell(organization, line("voices", {}, self.mark))

    async def _see_writers(self) -> None:
        """Stir where somebody began to write, or stopped, on a phone or at a table's laptop."""
        before, self._writing = self._writing, await run_in_threadpool(self._workshop.typing_marks.now)
        self._voices_changed |= {organization for organization, _, _ in before ^ self._writing}

    def _note_answer(self, session: Session, answer: Answer, *, shown: bool) -> None:
        """Stir for an answer that colleagues may see; while they may not, only when another one has answered."""
        spoke = answer.question, session.person, answer.voice
        has_spoken = spoke in self._spoke
        (self._spoke.discard if answer.value is None else self._spoke.add)(spoke)
        if shown or answer.value is None or not has_spoken:
            self._voices_changed.add(session.organization)

    # Telling the phones

    def me(self, session: Session) -> View:
        """Return who is on a device, and whether they ask for help; `identity` names its unsent words there."""
        own = session.device if session.table else session.person
        return {
            "title": self._workshop.title,
            "organization": self._workshop.organization(session.organization).name,
            "name": session.name,
            "table": session.table,
            "identity": f"{self._workshop.id}/{session.came_as}/{own}",
            "help": session.asks_as in self.room.needs_help,
        }

    async def _tell_who(self) -> None:
        """Tell each device who it is by now, where that is new to it."""
        lines = self._everyone()
        who_they_are = await run_in_threadpool(lambda: [self.me(one.session) for one in lines])
        for phone, me in zip(lines, who_they_are, strict=True):
            if me != phone.me:
                phone.me = me
                phone.tell(line("me", me, self.mark))

    def state(self) -> bytes:
        """Return the room as a line: the same for everybody."""
        return line("room", self._public() | {"now": _iso(datetime.datetime.now(datetime.UTC))}, self.mark)

    def saved(self, session: Session, answer: Answer, sequence: int) -> None:
        """Tell every page of who may know that an answer was saved; the one that sent it knows its own words."""
        if sequence > self._seen:
            self._own.add(sequence)
        self._typed[session.organization, session.device] = time.monotonic()
        if answer.voice == "ours":
            self._ours_changed.add(session.organization)
        else:
            self._tell_person(
                session, line("changed", _change(answer.question, answer.value, "mine", sequence), self.mark)
            )
        stage = self._workshop.worksheet.stage_of(answer.question) if self.room.revealed else ""
        shown = self.room.shows(session.organization, stage, answer.question)
        self._note_answer(session, answer, shown=shown)

    def _tell_person(self, session: Session, content: bytes) -> None:
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
        mine = Line(session.now(self._workshop))
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

    async def _next(self, mine: Line) -> bytes | None:
        try:
            return await asyncio.wait_for(mine.waiting.get(), HEARTBEAT_SECONDS)
        except TimeoutError:
            return line("beat", {}, self.mark)

    def _leave(self, mine: Line) -> None:
        lines = self._lines[mine.session.organization]
        lines.discard(mine)
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


def line(kind: str, text: View, mark: str) -> bytes:
    """Return one server-sent event."""
    return f"id: {mark}\nevent: {kind}\ndata: {json.dumps(text, ensure_ascii=False)}\n\n".encode()
