"""Routes for agreeing within an organization: see colleagues' answers, propose, agree or not, show, mark typing.

Its law: the organization and the person are the session's, whatever was sent; what a table's device offers is agreed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from fastapi.concurrency import run_in_threadpool

from toolkit.answers.agreement import Opinion
from toolkit.answers.model import Answer
from toolkit.join.answer_routes import acknowledged, as_field_value
from toolkit.join.context import Asking, Context, OfAsking, OfContext, OfSession, Small, may_save, refuse_after_end
from toolkit.join.sessions import Session
from toolkit.storage.store import Saved
from toolkit.worksheets.kinds import clean

Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]

router = APIRouter()


@dataclass(frozen=True, slots=True)
class ProposalBody:
    """A text offered as the organization's, as a phone sends it."""

    question: str
    value: Any = None
    made_from: list[str] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True, slots=True)
class OpinionBody:
    """What somebody thinks of an offered text."""

    question: str
    answer: str
    agrees: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class QuestionBody:
    """The question that an act is about."""

    question: str


@dataclass(frozen=True, slots=True)
class ClientDetailBody:
    """Which rule asked about client details, and whether the words were kept; never the words."""

    rule: str
    kept: bool


@router.get("/api/voices", dependencies=[Small])
async def visible_answers(stage: str, session: OfSession, context: OfContext) -> dict[str, Any]:
    """Return what this person, or a table, may see of the colleagues' voices at one stage."""
    return await run_in_threadpool(_visible_answers, stage, session, context)


def _visible_answers(stage: str, session: Session, context: Context) -> dict[str, Any]:
    questions = {question.kept_as for question in context.workshop.worksheet.stage(stage).questions}
    context.live.note_stage(session, stage)
    return context.workshop.discussion.voices(session.organization, session.person, questions)


@router.put("/api/proposals/{id}", status_code=201, responses={200: {"description": "It was here already."}})
async def propose(id: Id, body: ProposalBody, response: Response, asking: OfAsking) -> dict[str, Any]:  # noqa: A002
    """Keep a text offered as the organization's; the same id again is the same text."""
    refuse_after_end(asking.context)
    may_save(asking)
    return acknowledged(asking, response, await run_in_threadpool(_proposed, id, body, asking), body.value)


def _proposed(id_: str, body: ProposalBody, asking: Asking) -> Saved:
    workshop, session = asking.context.workshop, asking.session
    parts = (
        id_,
        session.came_as,
        session.person,
        workshop.settings.worksheet_in_use.question(body.question).id,
        body.value,
    )
    offered = Answer(*parts, "ours", tuple(body.made_from), clean(body.note))
    return as_field_value(workshop.discussion.propose(offered), session, workshop)


@router.put("/api/opinions/{id}")
async def judge(id: Id, said: OpinionBody, asking: OfAsking) -> dict[str, str]:  # noqa: A002
    """Keep what this person thinks of an offered text; the same id again changes nothing."""
    refuse_after_end(asking.context)
    may_save(asking)
    session, workshop = asking.session, asking.context.workshop
    opinion = Opinion(said.answer, session.person, said.agrees, said.note, id)
    await run_in_threadpool(workshop.discussion.judge, session.organization, opinion)

    return {"id": id}


@router.post("/api/reveal", dependencies=[Small])
async def reveal(said: QuestionBody, asking: OfAsking) -> dict[str, bool]:
    """Let the colleagues of this organization see each other's answers to a question."""
    refuse_after_end(asking.context)
    await run_in_threadpool(asking.context.workshop.discussion.reveal, asking.session.organization, said.question)
    return {"revealed": True}


@router.get("/api/cautions", dependencies=[Small])
async def look_again(question: str, session: OfSession, context: OfContext) -> dict[str, list[dict[str, str]]]:
    """Return the wordings to look at again in what this session wrote to a question, each with a narrower one."""
    group, ask = session.organization, context.workshop.papers.while_writing
    cautions = await run_in_threadpool(lambda: ask(group, question, session.person, session.voice))
    return {"cautions": [caution.view() for caution in cautions]}


@router.post("/api/writing", dependencies=[Small])
async def write(said: QuestionBody, asking: OfAsking) -> dict[str, bool]:
    """Tell the colleagues that somebody writes here, not what; it is kept nowhere."""
    refuse_after_end(asking.context)
    session, workshop = asking.session, asking.context.workshop
    await run_in_threadpool(workshop.discussion.mark_typing, session.organization, session.person, said.question)
    return {"told": True}


@router.post("/api/tripwire", dependencies=[Small])
async def count_client_detail(said: ClientDetailBody, _: OfSession, context: OfContext) -> dict[str, bool]:
    """Count that client details were asked about; which words and whose is kept nowhere."""
    refuse_after_end(context)
    await run_in_threadpool(lambda: context.workshop.discussion.count_client_detail(said.rule, kept=said.kept))
    return {"counted": True}
