"""Connects a form in a notebook to a workshop: colleagues' answers, proposals and opinions.

A form without a person is a table's shared laptop: it sees the people on phones, and what it offers is agreed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from toolkit.answers.agreement import Opinion
from toolkit.answers.model import SCRIBE, Answer, Voice
from toolkit.notebook.form_widget import Colleagues, Message, Reply
from toolkit.worksheets.kinds import Value
from toolkit.workshop.facade import Workshop

MINE: Voice = "mine"
OURS: Voice = "ours"


def colleagues(workshop: Workshop, group: str, person: str, stage: str) -> Colleagues:
    """Return what `person` sees of the colleagues at one stage, and what can be done with their voices."""
    acts = {name: partial(act, workshop, group, person) for name, act in ACTS.items()}

    def voices() -> dict[str, object]:
        questions = {question.kept_as for question in workshop.worksheet.stage(stage).questions}
        return workshop.discussion.voices(group, person, questions)

    def values() -> dict[str, Value] | None:
        return workshop.discussion.values(group) if person == SCRIBE else None

    return Colleagues(voices, acts, values)


def news(workshop: Workshop) -> tuple[object, ...]:
    """Return what differs whenever a form has something new to show."""
    return workshop.state.mark, workshop.discussion.typing_marks.now()


def _propose(workshop: Workshop, group: str, person: str, message: Message) -> None:
    sources = message.get("made_from")
    made_from = tuple(map(str, sources)) if isinstance(sources, list) else ()
    parts = (str(message["id"]), group, person, str(message["question"]), message.get("value"), OURS)
    workshop.discussion.propose(Answer(*parts, made_from, str(message.get("note") or "")))


def _judge(workshop: Workshop, group: str, person: str, message: Message) -> None:
    parts = (str(message.get("answer")), person, message.get("agrees") is True, str(message.get("note") or ""))
    workshop.discussion.judge(group, Opinion(*parts, str(message["id"])))


def _reveal(workshop: Workshop, group: str, _: str, message: Message) -> None:
    workshop.discussion.reveal(group, str(message["question"]))


def _write(workshop: Workshop, group: str, person: str, message: Message) -> None:
    workshop.discussion.mark_typing(group, person, str(message.get("question")))


def _count_client_detail(workshop: Workshop, _: str, __: str, message: Message) -> None:
    workshop.discussion.count_client_detail(str(message.get("rule")), kept=message.get("kept") is True)


def _look_again(workshop: Workshop, group: str, person: str, message: Message) -> Reply:
    question, voice = str(message.get("question")), OURS if person == SCRIBE else MINE
    cautions = workshop.papers.while_writing(group, question, person, voice)
    return {"type": "cautions", "question": question, "cautions": [caution.view() for caution in cautions]}


ACTS: Mapping[str, Callable[[Workshop, str, str, Message], Reply | None]] = {
    "propose": _propose,
    "opinion": _judge,
    "reveal": _reveal,
    "writing": _write,
    "tripwire": _count_client_detail,
    "cautions": _look_again,
}
