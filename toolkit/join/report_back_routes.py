"""Routes for the report-back: an organization's lines, who may see them, the ballot and the result.

Its law: who votes, and for which organization somebody says yes, is the session's; no count leaves before it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from fastapi.concurrency import run_in_threadpool

from toolkit.answers.model import SCRIBE, TABLE
from toolkit.facilitation import report_back_views
from toolkit.join.context import Asking, Context, OfAsking, OfContext, OfSession, Small, may_save, refuse_after_end
from toolkit.join.sessions import Session
from toolkit.workshop.facade import Workshop

Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
REPEATED_RESPONSE: dict[int | str, dict[str, Any]] = {200: {"description": "It was here already."}}

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Ballot:
    """All the dots of one voter, by what they are on."""

    dots: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReleaseBody:
    """Whether the room may see an organization's lines, and the mark of the words that were on the phone."""

    yes: bool
    mark: str = ""


@router.get("/api/report", dependencies=[Small])
async def report(session: OfSession, context: OfContext) -> dict[str, Any]:
    """Return this organization's lines for the room, and the vote as this voter may see it."""
    return await run_in_threadpool(_report, session, context)


def _report(session: Session, context: Context) -> dict[str, Any]:
    workshop = context.workshop
    reported, lines = workshop.report_back.reported(), workshop.report_back.lines(session.organization, session.person)
    release = report_back_views.release_view(reported, session.organization, lines, _names(session, workshop))
    return {"release": release, "vote": report_back_views.vote_view(reported, _voter(session))}


def _names(session: Session, workshop: Workshop) -> Mapping[str, str]:
    """Return what the people of an organization are called on this phone."""
    people = workshop.state.people_of(session.organization)
    own = {id_: person.name or "A colleague" for id_, person in people.items()}
    return own | {SCRIBE: TABLE, session.person: "You"}


def _voter(session: Session) -> str:
    """Return whose dots these are: a person's own, or those of a table that shares one device."""
    return session.organization if session.table else session.person


@router.put("/api/ballots/{id}", status_code=201, responses=REPEATED_RESPONSE)
async def vote(id: Id, said: Ballot, response: Response, asking: OfAsking) -> dict[str, str]:  # noqa: A002
    """Keep this voter's dots; the latest counts, and the same id again changes nothing."""
    _may_act(asking)
    is_saved = await run_in_threadpool(asking.context.workshop.report_back.vote, _voter(asking.session), said.dots, id)
    return _answered(id, response, is_new=is_saved)


@router.put("/api/releases/{id}", status_code=201, responses=REPEATED_RESPONSE)
async def release(id: Id, said: ReleaseBody, response: Response, asking: OfAsking) -> dict[str, str]:  # noqa: A002
    """Keep whether the room may see this organization's lines; the same id again changes nothing."""
    _may_act(asking)
    is_saved = await run_in_threadpool(_released, id, said, asking)

    return _answered(id, response, is_new=is_saved)


def _released(id_: str, body: ReleaseBody, asking: Asking) -> bool:
    workshop, session = asking.context.workshop, asking.session
    return workshop.report_back.release(session.organization, yes=body.yes, by=session.person, mark=body.mark, id_=id_)


def _answered(id_: str, response: Response, *, is_new: bool) -> dict[str, str]:
    response.status_code = 201 if is_new else 200
    return {"id": id_}


def _may_act(asking: Asking) -> None:
    refuse_after_end(asking.context)
    may_save(asking)
