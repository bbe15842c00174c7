"""APP: what a phone may ask; each route is a thin function over the hall, and the organization is the session's own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.exceptions import HTTPException as PlainHTTPException

from toolkit import room
from toolkit.answer import Answer, Organization, Voice
from toolkit.errors import AnswerError, StoreError, WorkshopError
from toolkit.join.address import Door, digest, typed
from toolkit.join.limits import CODES, JOINS, NEW_NAMES, Bucket
from toolkit.join.live import Live, line
from toolkit.join.pages import Packed, packed, pages
from toolkit.join.sessions import Session, Sessions
from toolkit.join.take_home import Drafts
from toolkit.kinds import Value, clean
from toolkit.stage_view import stage_view
from toolkit.store import Saved
from toolkit.workshop import Workshop

COOKIE = "workshop"
DAYS_KEPT = 14
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
STATUS: Mapping[type[WorkshopError], int] = {AnswerError: 422, StoreError: 503}
"""What a fault is to a phone; other faults are 409."""

NOT_IN = "You are not in the workshop on this device."
SLOWER = "That was very fast. Wait a moment and try again."
WRONG_CODE = "That is not the code on the screen. Check each letter and number."
WRONG_WORDS = "Nobody here has these three words. Check the spelling."
OVER = "The workshop has ended. What was saved before is safe."

router = APIRouter()


@dataclass(slots=True)
class House:
    """All that the routes share."""

    workshop: Workshop
    door: Door
    sessions: Sessions
    live: Live
    drafts: Drafts
    pages: Mapping[str, Packed]
    codes: Bucket = field(default_factory=lambda: Bucket(CODES))
    joins: Bucket = field(default_factory=lambda: Bucket(JOINS))
    names: Bucket = field(default_factory=lambda: Bucket(NEW_NAMES))
    sheet: tuple[str, Packed] | None = None


def _house(request: Request) -> House:
    house: House = request.app.state.house
    return house


OfHouse = Annotated[House, Depends(_house)]


def _session(request: Request, house: OfHouse) -> Session:
    """Return who asks; 401 when we do not know them."""
    session = house.sessions.find(request.cookies.get(COOKIE))
    if session is None:
        raise HTTPException(401, NOT_IN)
    return session


OfSession = Annotated[Session, Depends(_session)]


def _one_act(session: OfSession, house: OfHouse) -> None:
    _within(house.sessions.allowance(session).small_acts)


Small = Depends(_one_act)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, of which house, and how large it is."""

    session: Session
    house: House
    size: int


def _asking(request: Request, session: OfSession, house: OfHouse) -> Asking:
    return Asking(session, house, int(request.headers.get("content-length", 0)))


OfAsking = Annotated[Asking, Depends(_asking)]


def _within(bucket: Bucket, amount: float = 1) -> None:
    if not bucket.take(amount):
        raise HTTPException(429, SLOWER, headers={"retry-after": "2"})


def _going_on(house: House) -> None:
    if house.live.room.ended:
        raise HTTPException(410, OVER)


# The way in


@dataclass(frozen=True, slots=True)
class Knock:
    """The link's key, or the code from the screen."""

    code: str


@dataclass(frozen=True, slots=True)
class Coming:
    """Who comes in; with `table`, this device writes for everybody at the table."""

    code: str
    organization: str
    name: str = ""
    table: bool = False


@dataclass(frozen=True, slots=True)
class Return:
    """The three words that somebody was given when they came in."""

    code: str
    words: str


def _let_in(house: House, code: str) -> None:
    """Pass who has the key or the code; only who types waits when the room has tried too often."""
    _going_on(house)
    if digest(code.strip()) == digest(house.door.key):
        return
    _within(house.codes)
    if digest(typed(code)) != digest(house.door.code):
        raise HTTPException(403, WRONG_CODE)


@router.get("/healthz")
async def healthz(house: OfHouse) -> dict[str, str]:
    """Say that the page is served and the store answers."""
    await run_in_threadpool(house.workshop.sequences)
    return {"status": "ok"}


@router.post("/api/door")
async def knock(said: Knock, house: OfHouse) -> dict[str, Any]:
    """Return who may be joined, and the key, to who has the key or the code."""
    _let_in(house, said.code)
    names = [each.name for each in await run_in_threadpool(lambda: house.workshop.organizations)]
    return {"title": house.workshop.title, "key": house.door.key, "organizations": names}


@router.post("/api/join", status_code=201)
async def join(said: Coming, request: Request, response: Response, house: OfHouse) -> dict[str, Any]:
    """Let a person or a table in; the answer carries the words to come back with, the cookie the session."""
    _let_in(house, said.code)
    _within(house.joins)
    organization = await run_in_threadpool(_chosen, house, said.organization)
    old = request.cookies.get(COOKIE)
    begin = house.sessions.begin
    token, words = await run_in_threadpool(lambda: begin(organization, said.name, table=said.table, old=old))
    _give(request, response, token)
    return {"rejoin": words}


def _chosen(house: House, name: str) -> Organization:
    """Return the organization of this name, registered when it is new."""
    with suppress(WorkshopError):
        return house.workshop.organization(name)
    if not name.strip():
        raise WorkshopError("the organization's name is empty", mend="Choose one, or write its name.")
    _within(house.names)
    return house.workshop.register(name)[0]


@router.post("/api/rejoin")
async def rejoin(said: Return, request: Request, response: Response, house: OfHouse) -> dict[str, Any]:
    """Let a person go on who was in before, on this or another phone."""
    _let_in(house, said.code)
    _within(house.codes)
    old = request.cookies.get(COOKIE)
    token = await run_in_threadpool(lambda: house.sessions.again(said.words, old=old))
    if token is None:
        raise HTTPException(403, WRONG_WORDS)
    _give(request, response, token)
    return {"back": True}


def _give(request: Request, response: Response, token: str) -> None:
    """Put the session into a cookie that no script and no other page can use."""
    secure = request.url.scheme == "https"
    age = DAYS_KEPT * 24 * 3600
    response.set_cookie(COOKIE, token, max_age=age, httponly=True, samesite="strict", secure=secure, path="/")


# Inside


@router.get("/api/me", dependencies=[Small])
async def me(session: OfSession, house: OfHouse) -> dict[str, Any]:
    """Return who is on this device."""
    return await run_in_threadpool(_me, session, house.workshop)


def _me(session: Session, workshop: Workshop) -> dict[str, Any]:
    own = session.device if session.table else session.person
    return {
        "title": workshop.title,
        "organization": workshop.organization(session.organization).name,
        "name": session.name,
        "table": session.table,
        "identity": f"{workshop.id}/{session.organization}/{own}",
    }


@router.get("/api/worksheet", dependencies=[Small])
async def worksheet(request: Request, house: OfHouse) -> Response:
    """Return the stages with their questions, as the form reads them: the same for everybody."""
    sheet = await run_in_threadpool(_sheet, house)
    return sheet.answer(request)


def _sheet(house: House) -> Packed:
    """Return the packed worksheet, made again when it or the length of the workshop has changed."""
    sheet, depth = house.workshop.worksheet, house.workshop.depth
    mark = f"{id(sheet)} {depth}"
    if house.sheet is None or house.sheet[0] != mark:
        stages = [stage_view(sheet, stage.id, depth) for stage in sheet.stages]
        said = {"title": sheet.title, "credit": sheet.credit, "rules": sheet.ground_rules, "stages": stages}
        house.sheet = mark, packed(json.dumps(said, ensure_ascii=False).encode(), "application/json")
    return house.sheet[1]


@router.get("/api/answers", dependencies=[Small])
async def answers(session: OfSession, house: OfHouse) -> dict[str, Any]:
    """Return what this session may see: its own answers, the organization's, and, when revealed, colleagues'."""
    return await run_in_threadpool(_answers, session, house)


def _answers(session: Session, house: House) -> dict[str, Any]:
    own = Organization(session.organization, "")
    ours = house.workshop.values(own)
    mine = {} if session.table else house.workshop.values(own, session.person, "mine")
    return {"mine": mine, "ours": ours, "colleagues": _colleagues(session, house) if house.live.room.revealed else []}


def _colleagues(session: Session, house: House) -> list[dict[str, Any]]:
    """Return what colleagues of the same organization answered in the stages where that is shown."""
    revealed = house.workshop.revealed(Organization(session.organization, ""))
    names = {each.id: each.name for each in house.workshop.people}
    said = [each for each in house.workshop.standing() if each.organization == session.organization]
    return [
        {"id": each.id, "question": each.question, "value": each.value, "name": names.get(each.person, "")}
        for each in said
        if each.voice == "mine" and each.person != session.person and each.question in revealed
    ]


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as a phone sends it; without a voice it is the session's own."""

    question: str
    value: Any = None
    voice: Voice | None = None
    made_from: list[str] = field(default_factory=list)
    note: str = ""


@router.put("/api/answers/{id}", status_code=201, responses={200: {"description": "It was here already."}})
async def save(
    id: Annotated[str, Path(pattern="^[0-9a-f]{32}$")],  # noqa: A002 - the name in the address
    said: Said,
    response: Response,
    asking: OfAsking,
) -> dict[str, Any]:
    """Keep an answer; this is answered only when the store has it for good. The same id again is the same answer."""
    _going_on(asking.house)
    _may_save(asking)
    answer, kept = await run_in_threadpool(_kept, id, said, asking.session, asking.house.workshop)
    if kept.repeated:
        response.status_code = 200
    else:
        asking.house.live.saved(asking.session, answer, kept.sequence)
    return {"id": id, "sequence": kept.sequence, "repeated": kept.repeated}


def _may_save(asking: Asking) -> None:
    allowance = asking.house.sessions.allowance(asking.session)
    _within(allowance.saves)
    _within(allowance.characters, asking.size)


def _kept(id_: str, said: Said, session: Session, workshop: Workshop) -> tuple[Answer, Saved]:
    answer = _answer(id_, said, session, workshop)
    return answer, workshop.save(answer)


def _answer(id_: str, said: Said, session: Session, workshop: Workshop) -> Answer:
    """Return the answer with who says it taken from the session, whatever was sent."""
    voice = said.voice or session.voice
    if session.table and voice == "mine":
        raise WorkshopError("a table's device speaks for all of you", mend="Send it as ours.")
    question = workshop.question(said.question).id
    origin = _own(tuple(said.made_from), session, workshop)
    value: Value = said.value
    return Answer(id_, session.organization, session.person, question, value, voice, origin, clean(said.note))


def _own(made_from: tuple[str, ...], session: Session, workshop: Workshop) -> tuple[str, ...]:
    """Return the ids of the answers that an agreed text was made from; they must be the organization's own."""
    if not made_from:
        return ()
    own = {each.id for each in workshop.history(Organization(session.organization, ""))}
    if own.issuperset(made_from):
        return made_from
    raise WorkshopError("this was made from answers that are not yours", mend="Load the page again.")


@router.get("/api/changes", dependencies=[Small])
async def changes(session: OfSession, house: OfHouse) -> StreamingResponse:
    """Tell what changes, as server-sent events; whoever comes (back) first gets the whole: nothing is missed."""
    first = line("answers", await run_in_threadpool(_answers, session, house), house.live.mark)
    return StreamingResponse(house.live.listen(session, first), media_type="text/event-stream")


@dataclass(frozen=True, slots=True)
class Hand:
    """Whether a hand is up."""

    asks: bool = True


@router.post("/api/help", dependencies=[Small])
async def ask_help(said: Hand, session: OfSession, house: OfHouse) -> dict[str, bool]:
    """Raise or lower a hand."""
    _going_on(house)
    who = session.organization if session.table else session.person
    await run_in_threadpool(lambda: house.workshop.happen(*room.ask_help(who, yes=said.asks)))
    return {"asks": said.asks}


@router.get("/api/draft.docx", dependencies=[Small], response_class=Response)
async def draft(session: OfSession, house: OfHouse) -> Response:
    """Return the draft of this session's own organization as a Word file."""
    written = await house.drafts.of(session.organization)
    name = f"attachment; filename=draft.docx; filename*=UTF-8''{quote(written.name)}"
    return Response(written.content, media_type=WORD, headers={"content-disposition": name})


# The whole


def api(workshop: Workshop, way: Door) -> FastAPI:
    """Return the application that serves one workshop."""
    app = FastAPI(title="Workshop join page", docs_url=None, redoc_url=None, lifespan=_lifespan)
    house = House(workshop, way, Sessions(workshop), Live(workshop), Drafts(workshop), pages())
    app.state.house = house
    for address in house.pages:
        app.add_route(address, _page(house.pages[address]), include_in_schema=False)
    app.include_router(router)
    app.add_exception_handler(WorkshopError, _explain)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(PlainHTTPException, _plainly)
    app.add_exception_handler(Exception, _unforeseen)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    watching = asyncio.create_task(app.state.house.live.watch())
    await run_in_threadpool(_sheet, app.state.house)
    try:
        yield
    finally:
        watching.cancel()


def _page(file: Packed) -> Any:
    async def page(request: Request) -> Response:
        return file.answer(request)

    return page


def _says(status: int, words: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"says": clean(words)}, status, headers)


async def _explain(_: Request, fault: Exception) -> Response:
    status = next((status for kind, status in STATUS.items() if isinstance(fault, kind)), 409)
    return _says(status, _sentence(fault) if isinstance(fault, AnswerError) else str(fault))


def _sentence(fault: AnswerError) -> str:
    """The fault without its address: it is shown at the field itself."""
    words = f"{fault.fault[:1].upper()}{fault.fault[1:]}".rstrip(".")
    return f"{words}. {fault.mend}" if fault.mend else f"{words}."


async def _not_understood(_: Request, __: Exception) -> Response:
    return _says(422, "This was not understood. Load the page again.")


async def _plainly(_: Request, fault: Exception) -> Response:
    status = getattr(fault, "status_code", 500)
    words = {404: "There is no such page.", 405: "This cannot be done here.", 400: "This was not understood."}
    return _says(status, words.get(status, str(getattr(fault, "detail", ""))), getattr(fault, "headers", None))


async def _unforeseen(_: Request, __: Exception) -> Response:
    return _says(500, "Something went wrong here. Your words are kept on this device.")
