"""Connects the forms, the tables' pages and the drafts' page to a workshop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from toolkit.answers.model import SCRIBE, Answer, Organization, Person, Position, Voice
from toolkit.documents.document import Document
from toolkit.errors import WorkshopError
from toolkit.notebook import form_actions, panels
from toolkit.notebook import table as of_table
from toolkit.notebook.board_widget import Board
from toolkit.notebook.form_widget import Form
from toolkit.notebook.table_stages import nothing_on, stages_in_words, stages_on
from toolkit.rehearsal.run import Progress
from toolkit.worksheets.kinds import Value, pieces
from toolkit.worksheets.model import asked_now
from toolkit.worksheets.stage_json import stage_view
from toolkit.workshop.facade import Workshop

MINE: Voice = "mine"
OURS: Voice = "ours"
SPLIT = "Your answers are split."
ALONE = "Answered on phones, not shown to each other yet."
ORGANIZATION_FACT = "table-organization"
DRAFTS = "drafts"
ENDED = "The workshop has ended. Phones can no longer save answers; what you write on this page is still saved."


def form(workshop: Workshop, stage: str, organization: str, person: Person | None = None) -> Form:
    """Return one stage as a form: a table fills it together; with a person it keeps that person's own voice."""
    stage_form = StageForm(workshop, stage, organization, person)
    panels.watch("form", lambda: form_actions.news(workshop), stage_form.refresh)
    return stage_form.form


class StageForm:
    """One stage as a form on a page that draws it again."""

    def __init__(self, workshop: Workshop, stage: str, organization: str, person: Person | None = None) -> None:
        self._workshop, self._stage = workshop, stage
        group = workshop.organization(organization)
        who, voice = (person.id, MINE) if person else (SCRIBE, OURS)

        def save(id_: str, question: str, value: Value) -> None:
            workshop.save(Answer(id_, group.id, who, question, value, voice))

        values, identity = workshop.values(group, who, voice), f"{workshop.id}/{group.id}/{who}/{stage}"
        self.form = Form(self._view(), values, identity, save, form_actions.colleagues(workshop, group, who, stage))
        self.widget = self.form.widget

    def _view(self) -> dict[str, object]:
        return stage_view(self._workshop.worksheet, self._stage, self._workshop.depth)

    def refresh(self) -> None:
        """Show what is asked and what was said by now."""
        with self.widget.hold_sync():  # the browser gets new questions and their answers together
            self.widget.stage = self._view()
            self.form.refresh()

    def close(self) -> None:
        """Take the form off the page."""
        self.form.close()


class StageForms:
    """The forms of the stages of one page; a stage that is still asked keeps its form when others come or go."""

    def __init__(self, asked: OfTable, organization: str) -> None:
        self._asked, self._organization = asked, organization
        self._forms: dict[str, StageForm] = {}
        self.refresh()

    @property
    def widgets(self) -> list[object]:
        """The forms as widgets, in the order of the stages."""
        return [each.widget for each in self._forms.values()]

    def refresh(self) -> None:
        """Show what is asked and what was said by now."""
        stages = self._asked.stages()
        before, self._forms = self._forms, {stage: self._refreshed(stage) for stage in stages}
        for stage in set(before) - set(stages):
            before[stage].close()

    def _refreshed(self, stage: str) -> StageForm:
        known = self._forms.get(stage)
        if known is None:
            return StageForm(self._asked.workshop, stage, self._organization)
        known.refresh()
        return known

    def close(self) -> None:
        """Take the forms off the page."""
        for each in self._forms.values():
            each.close()


@dataclass(frozen=True, slots=True)
class OfTable:
    """What one table's page asks of a workshop; `page` is a moment of the session, or a stage."""

    workshop: Workshop
    page: str

    def chosen(self) -> str:
        """Return the name of the organization that is chosen on every table's page, "" when none is."""
        path = self.workshop.hidden / ORGANIZATION_FACT
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        try:
            return self.workshop.organization(text).name if text else ""
        except WorkshopError:  # it was there, and is there no more
            return ""

    def choose(self, name: str) -> None:
        """Let an organization be the chosen one; it is noted by its id, so that it stays chosen when it is merged."""
        id_ = self.workshop.organization(name).id if name else ""
        (self.workshop.hidden / ORGANIZATION_FACT).write_text(id_, encoding="utf-8")

    def stages(self) -> list[str]:
        """Return the ids of the stages on this page."""
        return [stage.id for stage in stages_on(self.workshop.worksheet, self.page)]

    def forms(self, name: str) -> object:
        """Return which forms the page has."""
        return self.workshop.worksheet.id, self.workshop.organization(name).id

    def holds(self, name: str) -> list[tuple[str, str]]:
        """Return each question of the page with what the organization holds and how far it is agreed."""
        return list(_positions_of(self.workshop, self.page, self.workshop.organization(name)))

    def more(self, name: str) -> panels.Blocks:
        """Return what the page shows below."""
        ended = self.workshop.state.room.ended
        notes = [panels.text(ENDED, "note")] if ended else []
        return [*notes, *BELOW_THE_FORM.get(self.page, _nothing)(self.workshop, name)]

    def mark(self) -> tuple[object, ...]:
        """Return what differs whenever the page has something new to show."""
        return (*self.workshop.mark(), self.chosen(), self.workshop.worksheet.id, self.workshop.typing_marks.now())


def table(workshop: Workshop, stage: str) -> panels.OneTable:
    """Return the page of one table of people at one stage."""
    source = OfTable(workshop, stage)
    parts = panels.TableParts(
        organizations=lambda: [organization.name for organization in workshop.organizations],
        chosen=source.chosen,
        choose=source.choose,
        forms=source.forms,
        make_form=lambda name: StageForms(source, name),
        holds=source.holds,
        register=lambda name: workshop.register(name)[0].name,
        more=source.more,
        act=lambda name, what, value: of_table.act(workshop, name, what, value),
        stages=lambda: stages_in_words(workshop.worksheet, stage),
        nothing=lambda: nothing_on(workshop.worksheet, stage) if stage in BELOW_THE_FORM else "",
    )
    page = panels.OneTable(parts, Board)
    page.watcher = panels.watch("table", source.mark, page.refresh)
    return page


def _nothing(_: Workshop, __: str) -> panels.Blocks:
    return ()


BELOW_THE_FORM: Mapping[str, Callable[[Workshop, str], panels.Blocks]] = {
    "stakeholders": of_table.pictures_of,
    "policy_drafting": of_table.outline_of,
    "report_back": of_table.report_back_lines,
}
"""What a table's page shows below its answers, by moment."""


def _positions_of(workshop: Workshop, page: str, group: Organization) -> Iterator[tuple[str, str]]:
    """Yield each question of the page with what the organization holds and how far it is agreed."""
    positions, unseen = workshop.positions(group), workshop.unseen(group)
    values = {question: position.value for question, position in positions.items()}
    stages = stages_on(workshop.worksheet, page)
    for asked in (asked_question for part in stages for asked_question in asked_now(part, workshop.depth, values)):
        question, position = workshop.question(asked.kept_as), positions[asked.kept_as]
        text = "; ".join(pieces(question.kind, position.value, question.labels))
        summary = f"{text} ({position.status})" if text else SPLIT if position.status == "tied" else ""
        yield asked.ask, ALONE if question.id in unseen else summary


def exporter(workshop: Workshop) -> panels.Exporter:
    """Return the page on which drafts are read, and written as Word files into the workshop's folder."""
    page = export_page(workshop, is_part=False)
    page.watcher = panels.watch("exporter", lambda: mark(workshop), page.refresh)
    return page


def mark(workshop: Workshop) -> tuple[object, ...]:
    """Return what differs whenever a page of the whole workshop has something new to show."""
    return (*workshop.mark(), workshop.worksheet.id)


class Preview:
    """The draft that a page shows, worked out again only when something in it changed: that takes a while."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._latest: tuple[tuple[object, ...], Mapping[str, Position], Document] | None = None

    def __call__(self, id_: str) -> Document:
        """Return the draft of the organization of this id."""
        workshop, organization = self._workshop, self._workshop.organization(id_)
        positions = workshop.positions(organization)
        hangs_on = organization, workshop.depth, workshop.day, id(workshop.worksheet)
        if self._latest is None or self._latest[0] != hangs_on or self._latest[1] is not positions:
            self._latest = hangs_on, positions, workshop.draft(id_)
        return self._latest[2]


def export_page(workshop: Workshop, *, is_part: bool = True) -> panels.Exporter:
    """Return that page; as a part of another, that one looks again for it."""

    def export(name: str, progress: Progress) -> list[str]:
        files = workshop.export(workshop.folder / DRAFTS, name or None, progress=progress)
        return [str(exported.files[0]) for exported in files]

    def keep() -> str:
        return f"A copy of all answers is in {workshop.keep_copy()}. Put that folder on a stick."

    parts = panels.ExporterParts(
        organizations=lambda: [(organization.name, organization.id) for organization in workshop.organizations],
        preview=Preview(workshop),
        export=export,
        keep=keep,
        beside=lambda name: of_table.naming(workshop, name),
        pictures=lambda name: of_table.pictures_of(workshop, name),
        act=lambda name, what, value: of_table.act(workshop, name, what, value),
    )
    return panels.Exporter(parts, Board, is_part=is_part)
