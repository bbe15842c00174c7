"""Sessions of phones, stored as events, so that a restart forgets nobody. Only digests of secrets are stored."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field, replace

from toolkit.answers.model import SCRIBE, Organization, Person, Voice
from toolkit.facilitation.events import Device, RejoinEvent, SessionEvent
from toolkit.join.join_link import digest
from toolkit.join.rate_limits import CHARACTERS, SAVES, SMALL_ACTS, Bucket
from toolkit.join.rejoin_words import WORDS
from toolkit.storage.store import new_id
from toolkit.workshop.facade import Workshop
from toolkit.workshop.settings import newcomer

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

    def now(self, workshop: Workshop) -> Session:
        """Return the session as it stands: its organization may have been merged into another, or taken apart."""
        one = workshop.current_id(self.came_as)
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
        self._sessions: dict[str, Session] = {}
        self._words: dict[str, Device] = {}
        self._allowances: dict[str, Allowance] = {}
        self._beginning: dict[str, asyncio.Lock] = {}
        self._names = {person.id: person.name for person in workshop.people}
        for session in workshop.events_of(SessionEvent):
            self._know(session)
        for rejoin in workshop.events_of(
            RejoinEvent
        ):  # in older workshops the digest of the words is the id that stays
            self._words[rejoin.words] = replace(rejoin.device, return_id=rejoin.device.return_id or rejoin.words)

    def find(self, token: str | None) -> Session | None:
        """Return the session of a cookie, None for one that we do not know."""
        session = self._sessions.get(digest(token)) if token else None
        return session and session.now(self._workshop)

    def allowance(self, session: Session) -> Allowance:
        """Return what a session may still do; all devices of one person share it."""
        key = session.device if session.table else session.person
        return self._allowances.setdefault(key, Allowance())

    async def begin(
        self, organization: Organization, name: str, *, table: bool, old: str | None, id_: str = ""
    ) -> tuple[str, str]:
        """Let a new person, or a table, in; return the new token and the words to come back with.

        With the same `id_`, organization and `table` again it is the same person, also when the first is not done yet.
        """
        if not id_:
            return await self._begin(organization, name, table=table, old=old)
        request = digest(f"join {self._workshop.id} {id_} {organization.id} {table}")
        async with self._beginning.setdefault(request, asyncio.Lock()):
            device = self._words.get(request)
            if device:
                return await self._begin_again(device, old)
            return await self._begin(organization, name, table=table, old=old, request=request)

    async def _begin(
        self, organization: Organization, name: str, *, table: bool, old: str | None, request: str = ""
    ) -> tuple[str, str]:
        person = None if table else newcomer(organization, name)
        device, words = Device(person.id if person else SCRIBE, organization.id, table, new_id()), self._new_words()
        self._names[device.person] = person.name if person else ""
        ways_back = [way for way in (self._digest_of(words), request) if way]
        token = await self._keep(device, old, person, *(RejoinEvent(way, device) for way in ways_back))
        self._words |= dict.fromkeys(ways_back, device)
        return token, words

    async def _begin_again(self, device: Device, old: str | None) -> tuple[str, str]:
        """Return a token and words for somebody who joined, and never heard so; the words of then nobody ever saw."""
        words = self._new_words()
        token = await self._keep(device, old, None, RejoinEvent(self._digest_of(words), device))
        self._words[self._digest_of(words)] = device
        return token, words

    async def again(self, words: str, *, old: str | None) -> str | None:
        """Return a token for the person who holds these words, None when nobody does."""
        device = self._words.get(self._digest_of(words))
        return await self._keep(device, old) if device else None

    async def end(self, token: str | None) -> None:
        """End the session of a cookie; one that we do not know is over already."""
        about = digest(token) if token else ""
        if about in self._sessions:
            over = SessionEvent(about, None)
            await asyncio.wrap_future(self._workshop.add_newcomer(None, [over]))
            self._know(over)

    async def _keep(self, device: Device, old: str | None, person: Person | None = None, *more: RejoinEvent) -> str:
        """Make a session, and end the one that the phone had before: known here when the store has it for good."""
        token = secrets.token_urlsafe(24)
        over = [SessionEvent(digest(old), None)] if old and digest(old) in self._sessions else []
        changed = [*over, SessionEvent(digest(token), device)]
        await asyncio.wrap_future(self._workshop.add_newcomer(person, [*changed, *more]))
        for session in changed:
            self._know(session)
        return token

    def _know(self, event: SessionEvent) -> None:
        if event.device is None:
            self._sessions.pop(event.session, None)
            return
        device, name = event.device, self._names.get(event.device.person, "")
        self._sessions[event.session] = Session(
            device.person, device.organization, event.session[:16], device.is_table, name, device.organization
        )

    def _new_words(self) -> str:
        words = new_words()
        while self._digest_of(words) in self._words:
            words = new_words()
        return words

    def _digest_of(self, words: str) -> str:
        """Return the digest of rejoin words, salted with the workshop: case, dashes and spaces do not count."""
        plain = "-".join(words.lower().replace("-", " ").split())
        return digest(f"{self._workshop.id}/{plain}")


def new_words() -> str:
    """Return three words that one can say, write down and type."""
    return "-".join(secrets.choice(WORDS) for _ in range(WORDS_OF_A_CODE))
