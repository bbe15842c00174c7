"""DESK: the hall's side of the notebooks: joins a workshop to the form, the boards and the controls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from toolkit import boards
from toolkit.answer import SCRIBE, Answer, Person, Voice
from toolkit.form.board import Board
from toolkit.form.form import Form
from toolkit.kinds import Value, pieces
from toolkit.stage_view import stage_view
from toolkit.worksheet import Worksheet, asked_now, at_depth
from toolkit.workshop import Progress, Workshop, check_worksheet, worksheets

LINKS = (
    boards.Link("1-stakeholders.ipynb", "1. Stakeholders", "Who you serve, and who helps decide"),
    boards.Link("2-policy-drafting.ipynb", "2. Policy drafting", "The choices that become clauses"),
    boards.Link("3-report-back.ipynb", "3. Report back", "What was easy, what was hard, the first step"),
    boards.Link("4-drafts.ipynb", "4. Drafts", "The tables, and every draft in Word"),
)
TIMES = (
    boards.Choice("60", "60 minutes", "The core questions."),
    boards.Choice("90", "90 minutes", "The core questions and the common further decisions."),
    boards.Choice("180", "180 minutes", "Every decision, with time to talk."),
)
MINE: Voice = "mine"
OURS: Voice = "ours"
SPLIT = "Your answers are split."
CHOSEN = "table-organization"
DRAFTS = "drafts"


def form(workshop: Workshop, stage: str, organization: str, person: Person | None = None) -> Form:
    """Return one stage as a form: a table fills it together; with a person it keeps that person's own voice."""
    group = workshop.organization(organization)
    who, voice = (person.id, MINE) if person else (SCRIBE, OURS)

    def save(id_: str, question: str, value: Value) -> None:
        workshop.save(Answer(id_, group.id, who, question, value, voice))

    view = stage_view(workshop.worksheet, stage, workshop.depth)
    return Form(view, workshop.values(group, who, voice), f"{workshop.id}/{group.id}/{who}/{stage}", save)


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
    )
    page = boards.OneTable(parts, Board)
    boards.watch(f"table/{stage}", workshop.sequences, page.refresh)
    return page


def _forms(workshop: Workshop, moment: str, name: str) -> Iterator[Any]:
    """Yield the form of each stage of a moment; most worksheets have one stage for each."""
    for stage in workshop.worksheet.at(moment):
        yield form(workshop, stage.id, name).widget


def _remember(place: Path, name: str) -> None:
    place.write_text(name, encoding="utf-8")


def _held(workshop: Workshop, stage: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield each question of the stage with what the organization holds and how far it is agreed."""
    held = workshop.positions(workshop.organization(name))
    values = {question: position.value for question, position in held.items()}
    stages = workshop.worksheet.at(stage)
    for asked in (each for part in stages for each in asked_now(part, workshop.depth, values)):
        question, position = workshop.question(asked.kept_as), held[asked.kept_as]
        said = "; ".join(pieces(question.kind, position.value, question.labels))
        yield asked.ask, f"{said} ({position.status})" if said else SPLIT if position.status == "tied" else ""


def facilitator(workshop: Workshop) -> boards.Facilitator:
    """Return the facilitator's page."""
    page = boards.Facilitator(
        lambda: _state(workshop),
        {
            "title": lambda title: workshop.change(title=title),
            "worksheet": lambda name: workshop.change(worksheet=name),
            "minutes": lambda minutes: workshop.change(minutes=int(minutes)),
            "register": lambda names: _register(workshop, names),
        },
        Board,
    )
    boards.watch("facilitator", workshop.sequences, page.refresh)
    return page


def _register(workshop: Workshop, names: str) -> None:
    workshop.register(*(name for name in names.splitlines() if name.strip()))


def _state(workshop: Workshop) -> boards.FacilitatorState:
    sheet, depth = workshop.worksheet, workshop.depth
    asked = [
        each
        for each in sheet.questions.values()
        if at_depth(depth, each.depth) and not each.record and not each.show_if
    ]
    held = workshop.all_positions()
    return boards.FacilitatorState(
        title=workshop.title,
        worksheet=sheet.id,
        worksheets=tuple(_card(check_worksheet(name, workshop.hidden)) for name in worksheets()),
        minutes=workshop.minutes,
        times=TIMES,
        agenda=tuple(_agenda(sheet, workshop.minutes)),
        columns=tuple(each.ask for each in asked),
        states={name: [all_[each.id].status for each in asked] for name, all_ in held.items()},
        people=len(workshop.people),
        links=LINKS,
    )


def _card(sheet: Worksheet) -> boards.Choice:
    return boards.Choice(sheet.id, sheet.title, sheet.summary, "60, 90 or 180 minutes")


def _agenda(sheet: Worksheet, minutes: int) -> Iterator[tuple[str, str, str]]:
    now = 0
    for title, length in _steps(sheet, minutes):
        yield f"{now // 60}:{now % 60:02}", title, str(length)
        now += length


def _steps(sheet: Worksheet, minutes: int) -> list[tuple[str, int]]:
    planned = next((agenda for agenda in sheet.agendas if agenda.minutes == minutes), None)
    if planned:
        return [(step.title, step.minutes) for step in planned.steps]
    return [(stage.title, stage.minutes) for stage in sheet.stages]


def exporter(workshop: Workshop) -> boards.Exporter:
    """Return the page on which drafts are read, and written as Word files into the workshop's folder."""

    def export(name: str, progress: Progress) -> list[str]:
        written = workshop.export(workshop.folder / DRAFTS, name or None, progress=progress)
        return [str(each.files[0]) for each in written]

    page = boards.Exporter(lambda: [each.name for each in workshop.organizations], workshop.draft, export, Board)
    boards.watch("exporter", workshop.sequences, page.refresh)
    return page
