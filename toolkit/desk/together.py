"""TOGETHER: what a person's form in a notebook shows of the colleagues, and does with their voices, in the hall."""

from __future__ import annotations

from functools import partial

from toolkit.agreement import Opinion
from toolkit.answer import Answer, Organization, Person, Voice
from toolkit.form.form import Colleagues, Message
from toolkit.workshop import Workshop

OURS: Voice = "ours"


def colleagues(workshop: Workshop, group: Organization, person: Person, stage: str) -> Colleagues:
    """Return what `person` sees of the colleagues at one stage, and what can be done with their voices."""
    acts = {name: partial(act, workshop, group, person.id) for name, act in ACTS.items()}

    def voices() -> dict[str, object]:
        asked = {question.kept_as for question in workshop.worksheet.stage(stage).questions}
        return {key: entry for key, entry in workshop.voices(group, person.id).items() if key in asked}

    return Colleagues(voices, acts)


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


ACTS = {"propose": _propose, "opinion": _judge, "reveal": _reveal}
