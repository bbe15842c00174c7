"""What all routes share: the workshop, sessions and limits; and who is asking, told from the cookie alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request

from toolkit.facilitation.invitation import JoinLink
from toolkit.join.draft_download import Drafts
from toolkit.join.rate_limits import CODES, JOINS, NEW_NAMES, OWN_JOINS, OWN_NEW_NAMES, TRIES, WORDS, Bucket, Fair
from toolkit.join.sessions import Session, Sessions
from toolkit.join.static_files import StaticFile
from toolkit.join.updates import Live
from toolkit.join.worksheet_json import Sheet
from toolkit.workshop.facade import Workshop

COOKIE = "workshop"
NOT_IN = "You are not in the workshop on this device."
TOO_FAST = "That was very fast. Wait a moment and try again."
WORKSHOP_ENDED = "The workshop has ended. What was saved before is safe."


@dataclass(slots=True)
class Context:
    """All that the routes share."""

    workshop: Workshop
    door: JoinLink
    sessions: Sessions
    live: Live
    drafts: Drafts
    pages: Mapping[str, StaticFile]
    sheet: Sheet
    codes: Fair = field(default_factory=lambda: Fair(TRIES, CODES))
    words: Fair = field(default_factory=lambda: Fair(TRIES, WORDS))
    joins: Fair = field(default_factory=lambda: Fair(OWN_JOINS, JOINS))
    names: Fair = field(default_factory=lambda: Fair(OWN_NEW_NAMES, NEW_NAMES))

    @property
    def cookie_path(self) -> str:
        """Where the cookie is sent: other pages may share the address of a proxy, and it is none of theirs."""
        return f"{self.door.prefix}/"

    def me(self, session: Session) -> dict[str, Any]:
        """Return who is on a device, as its page shows it."""
        return self.live.me(session)


async def context_of(request: Request) -> Context:
    """Return what the application shares."""
    context: Context = request.app.state.context
    return context


OfContext = Annotated[Context, Depends(context_of)]


async def _session(request: Request, context: OfContext) -> Session:
    """Return who asks; 401 when we do not know them."""
    session = context.sessions.find(request.cookies.get(COOKIE))
    if session is None:
        raise HTTPException(401, NOT_IN)
    return session


OfSession = Annotated[Session, Depends(_session)]


async def _one_act(session: OfSession, context: OfContext) -> None:
    within(context.sessions.allowance(session).small_acts)


Small = Depends(_one_act)


@dataclass(frozen=True, slots=True)
class Asking:
    """One request: whose session it belongs to, the application around it, and how large it is."""

    session: Session
    context: Context
    size: int


async def _asking(request: Request, session: OfSession, context: OfContext) -> Asking:
    return Asking(session, context, int(request.headers.get("content-length", 0)))


OfAsking = Annotated[Asking, Depends(_asking)]


def within(bucket: Bucket, amount: float = 1) -> None:
    """Go on when the bucket has enough; 429 asks to wait."""
    allow(bucket.take(amount))


def allow(is_allowed: bool) -> None:
    """Go on when it is allowed just now; 429 asks to wait."""
    if not is_allowed:
        raise HTTPException(429, TOO_FAST, headers={"retry-after": "2"})


def address_of(request: Request) -> str:
    """Return the address of the device that asks: what it may do too often is counted under it, and kept nowhere."""
    return request.client.host if request.client else ""


def refuse_after_end(context: Context) -> None:
    """Go on unless the workshop has ended; 410 says so."""
    if context.live.room.ended:
        raise HTTPException(410, WORKSHOP_ENDED)


def may_save(asking: Asking) -> None:
    """Go on when the session may save this much more; 429 asks to wait."""
    allowance = asking.context.sessions.allowance(asking.session)
    within(allowance.saves)
    within(allowance.characters, asking.size)
