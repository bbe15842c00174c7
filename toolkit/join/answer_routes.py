"""Routes for a participant: who am I, the worksheet, answers, updates, help requests, the draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from toolkit.answers.model import Answer, Person, Voice
from toolkit.errors import WorkshopError
from toolkit.facilitation import stages
from toolkit.join.context import Asking, Context, OfAsking, OfContext, OfSession, Small, may_save, refuse_after_end
from toolkit.join.sessions import Session
from toolkit.join.static_files import StaticFile
from toolkit.storage.store import Saved
from toolkit.worksheets.kinds import Value, clean
from toolkit.workshop.facade import Workshop

WORD_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

router = APIRouter()


@router.get("/api/me", dependencies=[Small])
async def me(session: OfSession, context: OfContext) -> dict[str, Any]:
    """Return who is on this device."""
    return context.me(session)


@router.get("/api/worksheet", dependencies=[Small])
async def worksheet(context: OfContext) -> Response:
    """Return the stages with their questions, as the form reads them: the same for everybody."""
    return _Ready(await run_in_threadpool(context.sheet.packed))


class _Ready(Response):
    """Something packed, sent as it is."""

    def __init__(self, file: StaticFile) -> None:
        super().__init__()
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, or "unchanged"."""
        await self._file(scope, receive, send)


@router.get("/api/answers", dependencies=[Small])
async def answers(session: OfSession, context: OfContext) -> dict[str, Any]:
    """Return what this session may see: its own answers, the organization's, and, when revealed, colleagues'."""
    return await run_in_threadpool(_answers, session, context)


def _answers(session: Session, context: Context) -> dict[str, Any]:
    own, upto = session.organization, context.workshop.state.mark.answers
    ours = context.workshop.discussion.values(own)
    mine = {} if session.table else context.workshop.discussion.values(own, session.person, "mine")
    colleagues = _colleagues(session, context) if context.live.room.revealed else []
    restored, newer = context.workshop.discussion.restored(own, session.person, session.voice)
    answers_json = {"mine": mine, "ours": ours, "colleagues": colleagues, "upto": upto}
    return answers_json | {"restored": restored, "newer": newer} if restored else answers_json


def _colleagues(session: Session, context: Context) -> list[dict[str, Any]]:
    """Return what colleagues of the same organization answered in the stages where that is shown."""
    discussion, people = context.workshop.discussion, context.workshop.state.people
    revealed = discussion.revealed(session.organization)
    return [
        {"id": answer.id, "question": answer.question, "value": answer.value, "name": _name(people, answer.person)}
        for answer in discussion.standing(session.organization)
        if answer.voice == "mine" and answer.person != session.person and answer.question in revealed
    ]


def _name(people: Mapping[str, Person], id_: str) -> str:
    person = people.get(id_)
    return person.name if person else ""


@dataclass(frozen=True, slots=True)
class AnswerBody:
    """An answer as a phone sends it; without a voice it is the session's own."""

    question: str
    value: Any = None
    voice: Voice | None = None
    made_from: list[str] = field(default_factory=list)
    note: str = ""


@router.put("/api/answers/{id}", status_code=201, responses={200: {"description": "It was here already."}})
async def save(
    id: Annotated[str, Path(pattern="^[0-9a-f]{32}$")],  # noqa: A002 - the name in the address
    body: AnswerBody,
    response: Response,
    asking: OfAsking,
) -> dict[str, Any]:
    """Keep an answer; this is answered only when the store has it for good. The same id again is the same answer."""
    refuse_after_end(asking.context)
    may_save(asking)
    saved = await run_in_threadpool(_saved, id, body, asking.session, asking.context.workshop)
    return acknowledged(asking, response, saved, body.value)


def acknowledged(asking: Asking, response: Response, saved: Saved, sent: Value) -> dict[str, Any]:
    """Tell the others what was saved, and the phone that it was; with the value to show when it is not the one sent.

    From here on only the saved answer travels: its words are cleaned, and what was sent is not looked at again.
    """
    if saved.repeated:
        response.status_code = 200
    else:
        asking.context.live.saved(asking.session, saved.answer, saved.sequence)
    receipt = {"id": saved.answer.id, "sequence": saved.sequence, "repeated": saved.repeated}
    return receipt if saved.answer.value == sent else receipt | {"value": saved.answer.value}


def _saved(id_: str, body: AnswerBody, session: Session, workshop: Workshop) -> Saved:
    return as_field_value(workshop.discussion.save(_answer(id_, body, session, workshop)), session, workshop)


def as_field_value(saved: Saved, session: Session, workshop: Workshop) -> Saved:
    """Return what was saved, with the value that the field of its question shows from now on.

    That is another one where the question became one of another kind: the answer is read under an id of its own then.
    """
    answer = replace(saved.answer, sequence=saved.sequence)
    if not workshop.settings.worksheet_in_use.is_read_elsewhere(answer):
        return saved
    now = workshop.discussion.values(session.organization, answer.person, answer.voice)
    return replace(saved, answer=replace(answer, value=now.get(answer.question)))


def _answer(id_: str, body: AnswerBody, session: Session, workshop: Workshop) -> Answer:
    """Return the answer with who says it taken from the session, whatever was sent."""
    voice = body.voice or session.voice
    if session.table and voice == "mine":
        raise WorkshopError("a table's device speaks for all of you", mend="Send it as ours.")
    question = workshop.settings.worksheet_in_use.question(body.question).id
    value: Value = body.value
    parts = (id_, session.came_as, session.person, question, value, voice)
    return Answer(*parts, tuple(body.made_from), clean(body.note))


@router.get("/api/changes", dependencies=[Small])
async def changes(session: OfSession, context: OfContext) -> StreamingResponse:
    """Tell what changes, as server-sent events; whoever comes (back) first gets the whole: nothing is missed."""

    async def read_answers() -> dict[str, Any]:
        return await run_in_threadpool(_answers, session, context)

    return StreamingResponse(context.live.listen(session, read_answers), media_type="text/event-stream")


@dataclass(frozen=True, slots=True)
class HelpBody:
    """Whether a hand is up."""

    asks: bool = True


@router.post("/api/help", dependencies=[Small])
async def ask_help(said: HelpBody, session: OfSession, context: OfContext) -> dict[str, bool]:
    """Raise or lower a hand."""
    refuse_after_end(context)
    await run_in_threadpool(lambda: context.workshop.record(stages.ask_help(session.asks_as, yes=said.asks)))
    return {"asks": said.asks}


@router.get("/api/outline", dependencies=[Small])
async def outline(session: OfSession, context: OfContext) -> dict[str, list[dict[str, str]]]:
    """Return how far each section of this session's own draft is; no word of it."""
    sections = await run_in_threadpool(context.workshop.papers.outline, session.organization)
    return {
        "sections": [{"title": section.title, "state": section.state, "words": section.words} for section in sections]
    }


@router.get("/api/draft.docx", dependencies=[Small], response_class=Response)
async def draft(session: OfSession, context: OfContext) -> Response:
    """Return the draft of this session's own organization as a Word file."""
    file = await context.drafts.of(session.organization)
    name = f"attachment; filename=draft.docx; filename*=UTF-8''{quote(file.name)}"
    return Response(file.content, media_type=WORD_MEDIA_TYPE, headers={"content-disposition": name})


@dataclass(frozen=True, slots=True)
class NamingBody:
    """Whether the organization's draft calls its people by the names or handles that they gave."""

    named: bool


@router.get("/api/naming", dependencies=[Small])
async def naming(session: OfSession, context: OfContext) -> NamingBody:
    """Return how the draft of this session's own organization calls its people."""
    return NamingBody(await run_in_threadpool(context.workshop.discussion.uses_names, session.organization))


@router.put("/api/naming", dependencies=[Small])
async def set_naming(said: NamingBody, session: OfSession, context: OfContext) -> NamingBody:
    """Let the draft call them by name, or by numbers again; also after the end, as long as drafts are taken home."""
    await run_in_threadpool(context.workshop.discussion.set_naming, session.organization, said.named)
    context.drafts.fresh.pop(session.organization, None)
    return said
