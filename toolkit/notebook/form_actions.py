"""Connects a form in a notebook to a workshop: colleagues' answers, proposals and opinions.

A form without a person is a table's shared laptop: it sees the people on phones, and what it offers is agreed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from toolkit.answers.agreement import Opinion
from toolkit.answers.model import SCRIBE, Answer, Organization, Voice
from toolkit.notebook.form_widget import Colleagues, Message, Reply
from toolkit.worksheets.kinds import Value
from toolkit.workshop.facade import Workshop

MINE: Voice = "mine"
OURS: Voice = "ours"


def colleagues(workshop: Workshop, group: Organization, person: str, stage: str) -> Colleagues:
    """Return what `person` sees of the colleagues at one stage, and what can be done with their voices."""
    acts = {name: partial(act, workshop, group, person) for name, act in ACTS.items()}

    def voices() -> dict[str, object]:
        asked = {question.kept_as for question in workshop.worksheet.stage(stage).questions}
        return workshop.voices(group, person, asked)

    def values() -> dict[str, Value] | None:
        return workshop.values(group) if person == SCRIBE else None

    return Colleagues(voices, acts, values)


def news(workshop: Workshop) -> tuple[object, ...]:
    """Return what differs whenever a form has something new to show."""
    return (*workshop.sequences(), workshop.typing_marks.now())


def _propose(workshop: Workshop, group: Organization, person: str, said: Message) -> None:
    sources = said.get("made_from")
    made_from = tuple(map(str, sources)) if isinstance(sources, list) else ()
    parts = (str(said["id"]), group.id, person, str(said["question"]), said.get("value"), OURS)
    workshop.propose(Answer(*parts, made_from, str(said.get("note") or "")))


def _judge(workshop: Workshop, group: Organization, person: str, said: Message) -> None:
    parts = (str(said.get("answer")), person, said.get("agrees") is True, str(said.get("note") or ""))
    workshop.judge(group, Opinion(*parts, str(said["id"])))


def _reveal(workshop: Workshop, group: Organization, _: str, said: Message) -> None:
    workshop.reveal(group, str(said["question"]))


def _write(workshop: Workshop, group: Organization, person: str, said: Message) -> None:
    workshop.writes(group, person, str(said.get("question")))


def _trip(workshop: Workshop, _: Organization, __: str, said: Message) -> None:
    workshop.count_client_detail(str(said.get("rule")), kept=said.get("kept") is True)


def _look_again(workshop: Workshop, group: Organization, person: str, said: Message) -> Reply:
    question, voice = str(said.get("question")), OURS if person == SCRIBE else MINE
    found = workshop.while_writing(group, question, person, voice)
    return {"type": "cautions", "question": question, "cautions": [caution.view() for caution in found]}


ACTS: Mapping[str, Callable[[Workshop, Organization, str, Message], Reply | None]] = {
    "propose": _propose,
    "opinion": _judge,
    "reveal": _reveal,
    "writing": _write,
    "tripwire": _trip,
    "cautions": _look_again,
}
