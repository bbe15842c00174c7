"""Builds the web application for phones: pages, routes, and what a phone is told about each error."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as PlainHTTPException
from starlette.routing import Route

from toolkit.errors import (
    AnswerError,
    DraftError,
    NotAskedError,
    StoreError,
    UsedIdError,
    WorksheetError,
    WorkshopError,
)
from toolkit.facilitation.invitation import JoinLink
from toolkit.join import agreement_routes, answer_routes, entry_routes, report_back_routes
from toolkit.join.context import COOKIE, Context
from toolkit.join.draft_download import Drafts
from toolkit.join.join_link import LOOK_AGAIN, look_again
from toolkit.join.sessions import Sessions
from toolkit.join.static_files import pages
from toolkit.join.updates import Live
from toolkit.join.worksheet_json import Sheet
from toolkit.worksheets.kinds import clean
from toolkit.workshop.facade import Workshop

__all__ = ["COOKIE", "api"]

STATUS: Mapping[type[WorkshopError], int] = {
    UsedIdError: 409,
    AnswerError: 422,
    StoreError: 503,
    WorksheetError: 503,
    DraftError: 503,
}
"""What a fault is to a phone; other faults are 409. What is the workshop's own fault is 503: a phone tries again."""

WORDS: Mapping[int, str] = {
    404: "There is no such page.",
    405: "This cannot be done here.",
    400: "Your browser sent something that the workshop cannot read. Load the page again.",
}


def api(workshop: Workshop, link: JoinLink, addresses: tuple[str, ...] = ()) -> FastAPI:
    """Return the application that serves one workshop; `addresses` are the facilitator's own addresses and names."""
    app = FastAPI(title="Workshop join page", docs_url=None, redoc_url=None, lifespan=_lifespan)
    sheet = Sheet(workshop)
    context = Context(workshop, link, Sessions(workshop), Live(workshop, sheet), Drafts(workshop), pages(), sheet)
    app.state.context, app.state.chosen = context, addresses
    for address in context.pages:
        app.router.routes.append(Route(address, context.pages[address], methods=["GET"], name=address))
    app.include_router(entry_routes.router)
    app.include_router(answer_routes.router)
    app.include_router(agreement_routes.router)
    app.include_router(report_back_routes.router)
    app.add_exception_handler(WorkshopError, _explain)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(PlainHTTPException, _plainly)
    app.add_exception_handler(Exception, _unforeseen)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    watching = asyncio.create_task(app.state.context.live.watch())
    following = asyncio.create_task(_follow_network(app.state.context, app.state.chosen))
    await run_in_threadpool(app.state.context.sheet.packed)
    try:
        yield
    finally:
        watching.cancel()
        following.cancel()


async def _follow_network(context: Context, addresses: tuple[str, ...]) -> None:
    """Keep the written way in true for as long as the page is served: this computer may get another address."""
    while True:
        await asyncio.sleep(LOOK_AGAIN)
        with suppress(WorkshopError):  # the store is looked after elsewhere; the next look tries again
            context.door = await run_in_threadpool(look_again, context.workshop, context.door, addresses)


def _says(status: int, words: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"says": clean(words)}, status, headers)


async def _explain(_: Request, fault: Exception) -> Response:
    status = next((status for kind, status in STATUS.items() if isinstance(fault, kind)), 409)
    return _says(status, _words(fault))


def _words(fault: Exception) -> str:
    """What a phone is told: the facilitator's folders and files are none of its business.

    A fault of the workshop is told as one, never as a fault of what the phone sent.
    """
    if isinstance(fault, StoreError):
        return f"The facilitator's computer cannot save just now: {fault.fault}. Tell the facilitator."
    if isinstance(fault, NotAskedError):
        return QUESTION_UNKNOWN
    if isinstance(fault, WorksheetError):
        return "The facilitator's computer cannot read the questions. Your words are kept. Tell the facilitator."
    return WORKSHOP_FAULT if isinstance(fault, DraftError) or not isinstance(fault, WorkshopError) else _sentence(fault)


QUESTION_UNKNOWN = (
    "This question is not in the workshop any more, so these words could not be saved. They are still on this device. "
    "Copy them, then reload the page."
)
"""What a person reads whose page answers a question that no version of the worksheet asks; without its raw id."""

WORKSHOP_FAULT = (
    "The workshop has a problem on the facilitator's computer. What you wrote stays here. Tell the facilitator."
)


def _sentence(fault: WorkshopError) -> str:
    """The fault without its address: it is shown at the field itself, and may be a place on the computer."""
    words = f"{fault.fault[:1].upper()}{fault.fault[1:]}".rstrip(".")
    return f"{words}. {fault.mend}" if fault.mend else f"{words}."


async def _bad_request(_: Request, __: Exception) -> Response:
    return _says(422, "This was not understood. Load the page again.")


async def _plainly(_: Request, fault: Exception) -> Response:
    status = getattr(fault, "status_code", 500)
    return _says(status, WORDS.get(status, str(getattr(fault, "detail", ""))), getattr(fault, "headers", None))


async def _unforeseen(_: Request, __: Exception) -> Response:
    return _says(500, "Something went wrong here. Your words are kept on this device.")
