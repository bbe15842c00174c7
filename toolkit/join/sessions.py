"""Sessions of phones, stored as events, so that a restart forgets nobody. Only digests of secrets are stored."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from fastapi.concurrency import run_in_threadpool

from toolkit.answers.model import SCRIBE, Person, Voice
from toolkit.facilitation.events import Device, RejoinEvent, RoomEvent, SessionEvent
from toolkit.join.join_link import digest
from toolkit.join.rate_limits import CHARACTERS, SAVES, SMALL_ACTS, Bucket
from toolkit.join.rejoin_words import WORDS
from toolkit.state import State
from toolkit.storage.store import new_id
from toolkit.workshop.facade import Workshop
from toolkit.workshop.roster import newcomer

WORDS_OF_A_CODE = 3


@dataclass(frozen=True, slots=True)
class Session:
    """One device: the person and organization behind it; a table's device speaks for the organization.

    `came_as` is the organization's id at the door: what is said is kept under it, also when the organization was
    merged into another, so that a repeat is the same answer and the two can be taken apart again.
    """

    person: str
    organization: str
    device: str
    table: bool = False
    name: str = ""
    came_as: str = ""

    @property
    def voice(self) -> Voice:
        """The voice in which it speaks when it does not say."""
        return "ours" if self.table else "mine"

    @property
    def asks_as(self) -> str:
        """The id under which this device asks for help: a person's, or the organization's for a table's device."""
        return self.organization if self.table else self.person

    def now(self, state: State) -> Session:
        """Return the session as it stands: its organization may have been merged into another, or taken apart."""
        one = state.current_id(self.came_as)
        return self if one == self.organization else replace(self, organization=one)


@dataclass(slots=True)
class Allowance:
    """What one session may still do; it outlives its connections."""

    saves: Bucket = field(default_factory=lambda: Bucket(SAVES))
    characters: Bucket = field(default_factory=lambda: Bucket(CHARACTERS))
    small_acts: Bucket = field(default_factory=lambda: Bucket(SMALL_ACTS))


class Sessions:
    """Everybody who came in; the token is only ever on the phone."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._allowances: dict[str, Allowance] = {}
        self._beginning: dict[str, asyncio.Lock] = {}

    def find(self, token: str | None) -> Session | None:
        """Return the session of a cookie, None for one that we do not know."""
        return session_of(self._workshop.current.recent, digest(token)) if token else None

    def allowance(self, session: Session) -> Allowance:
        """Return what a session may still do; all devices of one person share it."""
        key = session.device if session.table else session.person
        return self._allowances.setdefault(key, Allowance())

    async def begin(
        self, organization: str, name: str, *, table: bool, old: str | None, id_: str = ""
    ) -> tuple[str, str]:
        """Let a new person, or a table, in; return the new token and the words to come back with.

        With the same `id_`, organization and `table` again it is the same person, also when the first is not done yet.
        """
        if not id_:
            return await self._begin(organization, name, table=table, old=old)
        request = digest(f"join {self._workshop.id} {id_} {organization} {table}")
        async with self._beginning.setdefault(request, asyncio.Lock()):
            device = self._workshop.state.returns.get(request)
            if device:
                return await self._begin_again(device, old)
            return await self._begin(organization, name, table=table, old=old, request=request)

    async def _begin(
        self, organization: str, name: str, *, table: bool, old: str | None, request: str = ""
    ) -> tuple[str, str]:
        person = None if table else newcomer(organization, name)
        device, words = Device(person.id if person else SCRIBE, organization, table, new_id()), self._new_words()
        ways_back = [way for way in (self._digest_of(words), request) if way]
        return await self._keep(device, old, person, *(RejoinEvent(way, device) for way in ways_back)), words

    async def _begin_again(self, device: Device, old: str | None) -> tuple[str, str]:
        """Return a token and words for somebody who joined, and never heard so; the words of then nobody ever saw."""
        words = self._new_words()
        return await self._keep(device, old, None, RejoinEvent(self._digest_of(words), device)), words

    async def again(self, words: str, *, old: str | None) -> str | None:
        """Return a token for the person who holds these words, None when nobody does."""
        device = self._workshop.state.returns.get(self._digest_of(words))
        return await self._keep(device, old) if device else None

    async def end(self, token: str | None) -> None:
        """End the session of a cookie; one that we do not know is over already."""
        session = digest(token) if token else ""
        if session in self._workshop.state.devices:
            over = SessionEvent(session, None)
            await self._record(None, [over])

    async def _keep(self, device: Device, old: str | None, person: Person | None = None, *more: RejoinEvent) -> str:
        """Make a session, and end the one that the phone had before; return its token once the store has it."""
        token, earlier = secrets.token_urlsafe(24), digest(old) if old else ""
        over = [SessionEvent(earlier, None)] if earlier in self._workshop.state.devices else []
        changed = [*over, SessionEvent(digest(token), device), *more]
        await self._record(person, changed)
        return token

    async def _record(self, person: Person | None, changed: Sequence[RoomEvent]) -> None:
        """Keep what changed; it is known here when the store has it for good."""
        await asyncio.wrap_future(self._workshop.current.add_newcomer(person, changed))
        await run_in_threadpool(lambda: self._workshop.state)

    def _new_words(self) -> str:
        words = new_words()
        while self._digest_of(words) in self._workshop.state.returns:
            words = new_words()
        return words

    def _digest_of(self, words: str) -> str:
        """Return the digest of rejoin words, salted with the workshop: case, dashes and spaces do not count."""
        plain = "-".join(words.lower().replace("-", " ").split())
        return digest(f"{self._workshop.id}/{plain}")


def session_of(state: State, session: str) -> Session | None:
    """Return who is behind a session (the digest of its token), None for one that is over or never was."""
    device = state.devices.get(session)
    if device is None:
        return None
    person = state.people.get(device.person)
    name, now = person.name if person else "", state.current_id(device.organization)
    return Session(device.person, now, session[:16], device.is_table, name, device.organization)


def new_words() -> str:
    """Return three words that one can say, write down and type."""
    return "-".join(secrets.choice(WORDS) for _ in range(WORDS_OF_A_CODE))
