"""Routes for joining with a link or code, for coming back with return words, and for the health check."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool

from toolkit.answers.model import Organization
from toolkit.errors import WorkshopError
from toolkit.join.context import COOKIE, Context, OfContext, address_of, allow, refuse_after_end
from toolkit.join.join_link import digest, typed
from toolkit.worksheets.kinds import clean_line

COOKIE_DAYS = 14
WRONG_CODE = "That is not the code on the screen. Check each letter and number."
WRONG_WORDS = "Nobody here has these three words. Check the spelling."

BAD_REQUEST = "This was not understood. Load the page again."
ID = re.compile("[0-9a-f]{32}")
"""What a page makes for each joining: nobody can guess another's."""

router = APIRouter()


@dataclass(frozen=True, slots=True)
class CodeBody:
    """The link's key, or the code from the screen."""

    code: str


@dataclass(frozen=True, slots=True)
class JoinBody:
    """Who comes in; with `table`, this device writes for everybody at the table.

    `id` is made by the page, 32 hexadecimal digits: a repeat with the same id is the same person.
    """

    code: str
    organization: str
    name: str = ""
    table: bool = False
    id: str = ""


@dataclass(frozen=True, slots=True)
class RejoinBody:
    """The three words that somebody was given when they came in."""

    code: str
    words: str


def _let_in(context: Context, code: str, address: str) -> None:
    """Pass who has the key or the code; only wrong codes count, so that they make nobody wait who has a right one."""
    refuse_after_end(context)
    if digest(code.strip()) == digest(context.door.key):
        return
    allow(context.codes.has(address))
    if digest(typed(code)) != digest(context.door.code):
        context.codes.take(address)
        raise HTTPException(403, WRONG_CODE)


@router.get("/healthz")
async def healthz(context: OfContext) -> dict[str, str]:
    """Say that the page is served and the store answers."""
    await run_in_threadpool(context.workshop.current.store.mark)
    return {"status": "ok"}


@router.post("/api/door")
async def check_code(said: CodeBody, request: Request, context: OfContext) -> dict[str, Any]:
    """Return who may be joined, and the key, to who has the key or the code; and who they are, when they are in."""
    _let_in(context, said.code, address_of(request))
    names = [organization.name for organization in context.workshop.organizations]
    me = _who(context, request.cookies.get(COOKIE))
    return {"title": context.workshop.title, "key": context.door.key, "organizations": names, "me": me}


@router.post("/api/join", status_code=201)
async def join(said: JoinBody, request: Request, response: Response, context: OfContext) -> dict[str, Any]:
    """Let a person or a table in; the answer carries the words to come back with, the cookie the session.

    A repeat with the same id, after an answer that never arrived, is the same person with new words and a new session.
    """
    address = address_of(request)
    if said.id and not ID.fullmatch(said.id):
        raise HTTPException(422, BAD_REQUEST)
    _let_in(context, said.code, address)
    allow(context.joins.take(address))
    organization = await _organization_of(context, said.organization, address)
    old = request.cookies.get(COOKIE)
    token, words = await context.sessions.begin(organization.id, said.name, table=said.table, old=old, id_=said.id)
    _give(context, request, response, token)
    return {"rejoin": words, "me": _who(context, token)}


async def _organization_of(context: Context, name: str, address: str) -> Organization:
    """Return the organization of this name, registered when it is new."""
    with suppress(WorkshopError):
        return context.workshop.roster.organization(name)
    if not clean_line(name):
        raise WorkshopError("the organization's name is empty", mend="Choose one, or write its name.")
    allow(context.names.take(address))
    return (await run_in_threadpool(context.workshop.roster.register, name))[0]


@router.post("/api/rejoin")
async def rejoin(said: RejoinBody, request: Request, response: Response, context: OfContext) -> dict[str, Any]:
    """Let a person go on who was in before, on this or another phone."""
    address = address_of(request)
    _let_in(context, said.code, address)
    allow(context.words.has(address))
    token = await context.sessions.again(said.words, old=request.cookies.get(COOKIE))
    if token is None:
        context.words.take(address)
        raise HTTPException(403, WRONG_WORDS)
    _give(context, request, response, token)
    return {"back": True, "me": _who(context, token)}


@router.post("/api/leave")
async def leave(request: Request, response: Response, context: OfContext) -> dict[str, bool]:
    """Let a device go: its session ends and its cookie is taken back, also after the end; what was saved stays."""
    await context.sessions.end(request.cookies.get(COOKIE))
    response.delete_cookie(COOKIE, path=context.cookie_path, httponly=True, samesite="strict")
    return {"left": True}


def _who(context: Context, token: str | None) -> dict[str, Any] | None:
    """Return who holds this token, None when it is nobody's."""
    session = context.sessions.find(token)
    return context.me(session) if session else None


def _give(context: Context, request: Request, response: Response, token: str) -> None:
    """Put the session into a cookie that no script and no other page can use."""
    secure = request.url.scheme == "https"
    age, path = COOKIE_DAYS * 24 * 3600, context.cookie_path
    response.set_cookie(COOKIE, token, max_age=age, httponly=True, samesite="strict", secure=secure, path=path)
