"""PAGES: the forms, a table's page and the page of the drafts, joined to a workshop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from toolkit import boards
from toolkit.answer import SCRIBE, Answer, Person, Voice
from toolkit.desk import of_table, together
from toolkit.dry_run import Progress
from toolkit.form.board import Board
from toolkit.form.form import Form
from toolkit.kinds import Value, pieces
from toolkit.stage_view import stage_view
from toolkit.worksheet import asked_now
from toolkit.workshop import Workshop

MINE: Voice = "mine"
OURS: Voice = "ours"
SPLIT = "Your answers are split."
ALONE = "Answered on phones, not shown to each other yet."
CHOSEN = "table-organization"
DRAFTS = "drafts"


def form(workshop: Workshop, stage: str, organization: str, person: Person | None = None) -> Form:
    """Return one stage as a form: a table fills it together; with a person it keeps that person's own voice."""
    group = workshop.organization(organization)
    who, voice = (person.id, MINE) if person else (SCRIBE, OURS)

    def save(id_: str, question: str, value: Value) -> None:
        workshop.save(Answer(id_, group.id, who, question, value, voice))

    view = stage_view(workshop.worksheet, stage, workshop.depth)
    values, identity = workshop.values(group, who, voice), f"{workshop.id}/{group.id}/{who}/{stage}"
    page = Form(view, values, identity, save, together.colleagues(workshop, group, who, stage))
    boards.watch(f"form/{stage if person is None else identity}", lambda: together.news(workshop), page.refresh)
    return page


def table(workshop: Workshop, stage: str) -> boards.OneTable:
    """Return the page of one table of people at one stage."""
    place = workshop.hidden / CHOSEN
    parts = boards.TableParts(
        organizations=lambda: [each.name for each in workshop.organizations],
        make_form=lambda name: boards.stacked(list(_forms(workshop, stage, name))),
        holds=lambda name: list(_held(workshop, stage, name)),
        register=lambda name: workshop.register(name)[0].name,
        remember=lambda name: _remember(place, name),
        chosen=place.read_text(encoding="utf-8") if place.exists() else "",
        more=lambda name: MORE.get(stage, _nothing)(workshop, name),
        act=lambda name, what, value: of_table.act(workshop, name, what, value),
    )
    page = boards.OneTable(parts, Board)
    boards.watch(f"table/{stage}", workshop.sequences, page.refresh)
    return page


def _nothing(_: Workshop, __: str) -> boards.Blocks:
    return ()


MORE: Mapping[str, Callable[[Workshop, str], boards.Blocks]] = {
    "stakeholders": of_table.pictures_of,
    "policy_drafting": of_table.outline_of,
    "report_back": of_table.for_the_room,
}
"""What a table's page shows below its answers, by moment."""


def _forms(workshop: Workshop, moment: str, name: str) -> Iterator[Any]:
    """Yield the form of each stage of a moment; most worksheets have one stage for each."""
    for stage in workshop.worksheet.at(moment):
        yield form(workshop, stage.id, name).widget


def _remember(place: Path, name: str) -> None:
    place.write_text(name, encoding="utf-8")


def _held(workshop: Workshop, stage: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield each question of the stage with what the organization holds and how far it is agreed."""
    group = workshop.organization(name)
    held, unseen = workshop.positions(group), workshop.unseen(group)
    values = {question: position.value for question, position in held.items()}
    stages = workshop.worksheet.at(stage)
    for asked in (each for part in stages for each in asked_now(part, workshop.depth, values)):
        question, position = workshop.question(asked.kept_as), held[asked.kept_as]
        said = "; ".join(pieces(question.kind, position.value, question.labels))
        shown = f"{said} ({position.status})" if said else SPLIT if position.status == "tied" else ""
        yield asked.ask, ALONE if question.id in unseen else shown


def exporter(workshop: Workshop) -> boards.Exporter:
    """Return the page on which drafts are read, and written as Word files into the workshop's folder."""
    page = export_page(workshop)
    boards.watch("exporter", workshop.sequences, page.refresh)
    return page


def export_page(workshop: Workshop) -> boards.Exporter:
    """Return that page as a part of another, which looks again for it."""

    def export(name: str, progress: Progress) -> list[str]:
        written = workshop.export(workshop.folder / DRAFTS, name or None, progress=progress)
        return [str(each.files[0]) for each in written]

    def keep() -> str:
        return f"A copy of all answers is in {workshop.keep_copy()}. Put that folder on a stick."

    parts = boards.ExporterParts(
        organizations=lambda: [each.name for each in workshop.organizations],
        preview=workshop.draft,
        export=export,
        keep=keep,
        beside=lambda name: [*of_table.naming(workshop, name), *of_table.pictures_of(workshop, name)],
        act=lambda name, what, value: of_table.act(workshop, name, what, value),
    )
    return boards.Exporter(parts, Board)
