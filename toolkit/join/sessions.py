"""Sessions of phones, stored as events, so that a restart forgets nobody. Only digests of secrets are stored."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field, replace

from toolkit.answers.model import SCRIBE, Act, Organization, Person, Voice
from toolkit.facilitation.invitation import SESSION
from toolkit.join.join_link import digest
from toolkit.join.rate_limits import CHARACTERS, SAVES, SMALL_ACTS, Bucket
from toolkit.join.rejoin_words import WORDS
from toolkit.storage.store import new_id
from toolkit.workshop.facade import Workshop
from toolkit.workshop.settings import newcomer

REJOIN = "rejoin"
WORDS_OF_A_CODE = 3

SessionFacts = tuple[str, str, bool, str]
"""What is kept of a session: the person, the organization, whether it is a table, and an id that return words keep."""


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
        self._words: dict[str, SessionFacts] = {}
        self._allowances: dict[str, Allowance] = {}
        self._beginning: dict[str, asyncio.Lock] = {}
        self._names = {person.id: person.name for person in workshop.people}
        for event in workshop.events(SESSION):
            self._know(event.about, event.value)
        for event in workshop.events(REJOIN):
            self._words[event.about] = _session_facts(event.value, event.about)

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
            facts = self._words.get(request)
            if facts:
                return await self._begin_again(facts, old)
            return await self._begin(organization, name, table=table, old=old, request=request)

    async def _begin(
        self, organization: Organization, name: str, *, table: bool, old: str | None, request: str = ""
    ) -> tuple[str, str]:
        person = None if table else newcomer(organization, name)
        facts, words = (person.id if person else SCRIBE, organization.id, table, new_id()), self._new_words()
        self._names[facts[0]] = person.name if person else ""
        ways_back = [each for each in (self._digest_of(words), request) if each]
        token = await self._keep(facts, old, person, *((REJOIN, each, list(facts)) for each in ways_back))
        self._words |= dict.fromkeys(ways_back, facts)
        return token, words

    async def _begin_again(self, facts: SessionFacts, old: str | None) -> tuple[str, str]:
        """Return a token and words for somebody who joined, and never heard so; the words of then nobody ever saw."""
        words = self._new_words()
        token = await self._keep(facts, old, None, (REJOIN, self._digest_of(words), list(facts)))
        self._words[self._digest_of(words)] = facts
        return token, words

    async def again(self, words: str, *, old: str | None) -> str | None:
        """Return a token for the person who holds these words, None when nobody does."""
        facts = self._words.get(self._digest_of(words))
        return await self._keep(facts, old) if facts else None

    async def end(self, token: str | None) -> None:
        """End the session of a cookie; one that we do not know is over already."""
        about = digest(token) if token else ""
        if about in self._sessions:
            await asyncio.wrap_future(self._workshop.coming(None, [(SESSION, about, None)]))
            self._know(about, None)

    async def _keep(self, facts: SessionFacts, old: str | None, person: Person | None = None, *more: Act) -> str:
        """Make a session, and end the one that the phone had before: known here when the store has it for good."""
        token = secrets.token_urlsafe(24)
        over = {digest(old): None} if old and digest(old) in self._sessions else {}
        changed = {**over, digest(token): list(facts)}
        happened = [(SESSION, about, value) for about, value in changed.items()]
        await asyncio.wrap_future(self._workshop.coming(person, [*happened, *more]))
        for about, value in changed.items():
            self._know(about, value)
        return token

    def _know(self, about: str, value: object) -> None:
        if value is None:
            self._sessions.pop(about, None)
            return
        person, organization, table, _ = _session_facts(value)
        name = self._names.get(person, "")
        self._sessions[about] = Session(person, organization, about[:16], table, name, organization)

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


def _session_facts(value: object, id_: str = "") -> SessionFacts:
    """Return what is kept of a session; `id_` is its id where an older version kept none."""
    person, organization, table, *more = value if isinstance(value, (list, tuple)) else ("", "", False)
    return str(person), str(organization), bool(table), str(more[0]) if more else id_
