"""The page of one table of people at a shared laptop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets

from toolkit.answers.model import Organization
from toolkit.errors import WorkshopError
from toolkit.notebook import controls, table_actions
from toolkit.notebook.blocks import (
    Block,
    Blocks,
    empty,
    facts,
    heading,
    text,
)
from toolkit.notebook.board_widget import Board
from toolkit.notebook.controls import (
    Chooser,
    Make,
    Watcher,
    button,
    confirm,
    confirmations,
    desk,
    draw_page,
    reports_faults,
    show_if,
    watch,
)
from toolkit.notebook.stage_form import StageForm
from toolkit.notebook.table_stages import nothing_on, stages_in_words, stages_on
from toolkit.worksheets.kinds import pieces
from toolkit.worksheets.model import asked_now
from toolkit.workshop.facade import Workshop


@dataclass(frozen=True, slots=True)
class TableParts:
    """What one table's page asks: it keeps none of it.

    `chosen` is the organization's name, the same on every table's page, "" before one is chosen; `choose` changes it.
    `forms` tells which forms the page has for it, and differs whenever they must be made anew; `make_form` makes them;
    their `widgets` may be others after each look. `holds` gives the (question, answer) pairs that it holds, `register`
    keeps a new name and returns it. `more` gives further blocks for an organization, `act` does what is chosen on them
    and says what was done.
    `stages` says which stages of the worksheet in use are on the page.
    `nothing` says what to do when the worksheet has no questions for this page, "" when it has.
    """

    organizations: Callable[[], Sequence[str]]
    chosen: Callable[[], str]
    choose: Callable[[str], None]
    forms: Callable[[str], object]
    make_form: Callable[[str], Any]
    holds: Callable[[str], Sequence[tuple[str, str]]]
    register: Callable[[str], str]
    more: Callable[[str], Blocks] = lambda _: ()
    act: Callable[[str, str, str], str] = lambda *_: ""
    nothing: Callable[[], str] = lambda: ""
    stages: Callable[[], str] = lambda: ""


class OneTable:
    """One table of people at a shared laptop: which organization, its form, what it holds so far."""

    watcher: Watcher | None = None
    """What draws the page again when something is new."""

    def __init__(self, parts: TableParts, make: Make) -> None:
        self._ask = parts
        self.messages = confirmations(make)
        self.pick = Chooser("Which organization are you from?", self.messages, self._choose)
        self.new = widgets.Text(description="Not on the list? Write its name", placeholder="")
        self.add = button("Add our organization", self.messages, self._add, second=True)
        self.board, self.place = make([], reports_faults(self.messages, self._chose)), widgets.VBox([])
        self.form: Any = None
        self._forms: object = None
        self.stages = make([], None)
        self.widget = desk(self.stages, self.pick.widget, self.new, self.add, self.messages, self.place, self.board)
        self.refresh()

    def refresh(self) -> None:
        """Show how things stand now: the organization that is chosen, its form, what it holds."""
        draw_page(self.messages, self._draw)

    def _draw(self) -> None:
        name, stages = self._ask.chosen(), self._ask.stages()
        self.stages.show([text(stages, "quiet")] if stages else [])
        choices = [(organization, organization) for organization in self._ask.organizations()]
        self.pick.choice = None  # what is chosen here is chosen on every table's page
        self.pick.offer([("Choose your organization", ""), *choices], name)
        show_if(not name, self.new, self.add)
        self._show_form(name)
        self.board.show(self._page_blocks(name))

    def _show_form(self, name: str) -> None:
        forms = self._ask.forms(name) if name and not self._ask.nothing() else None
        if forms != self._forms:
            old, form = self.form, self._ask.make_form(name) if forms is not None else None
            self.form, self._forms = form, forms
            self.place.children = form.widgets if form is not None else []
            if old is not None:
                old.close()
        elif self.form is not None:
            self.form.refresh()
            self.place.children = self.form.widgets

    def _page_blocks(self, name: str) -> Blocks:
        if self._ask.nothing():
            return [empty("There are no questions for this page.", self._ask.nothing())]
        if not name:
            return [empty("The questions appear here.", "Choose your organization above, or add it.")]
        return [*_answers_so_far([pair for pair in self._ask.holds(name) if pair[1]], name), *self._ask.more(name)]

    def _choose(self) -> None:
        def act() -> str:
            self._ask.choose(self.pick.value)
            return ""

        confirm(self.messages, act)
        self.refresh()

    def _chose(self, what: str, value: str) -> None:
        confirm(self.messages, lambda: self._ask.act(self._ask.chosen(), what, value))
        self.refresh()

    def _add(self) -> None:
        def act() -> str:
            if not self.new.value.strip():
                raise WorkshopError("the name is still empty", mend="Write it above.")
            name = self._ask.register(self.new.value)
            self._ask.choose(name)
            self.new.value = ""
            return f"{name} is in."

        confirm(self.messages, act)
        self.refresh()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)


def _answers_so_far(answers: Sequence[tuple[str, str]], name: str) -> list[Block]:
    if not answers:
        return [heading("What we hold so far"), empty("Nothing yet.", "What you write above appears here.")]
    return [heading("What we hold so far"), text(name, "quiet"), facts(answers)]


SPLIT = "Your answers are split."
ALONE = "Answered on phones, not shown to each other yet."
ORGANIZATION_FACT = "table-organization"
ENDED = "The workshop has ended. Phones can no longer save answers; what you write on this page is still saved."


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
        path = self.workshop.settings.hidden / ORGANIZATION_FACT
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        try:
            return self.workshop.roster.organization(text).name if text else ""
        except WorkshopError:  # it was there, and is there no more
            return ""

    def choose(self, name: str) -> None:
        """Let an organization be the chosen one; it is noted by its id, so that it stays chosen when it is merged."""
        id_ = self.workshop.roster.organization(name).id if name else ""
        (self.workshop.settings.hidden / ORGANIZATION_FACT).write_text(id_, encoding="utf-8")

    def stages(self) -> list[str]:
        """Return the ids of the stages on this page."""
        return [stage.id for stage in stages_on(self.workshop.worksheet, self.page)]

    def forms(self, name: str) -> object:
        """Return which forms the page has."""
        return self.workshop.worksheet.id, self.workshop.roster.organization(name).id

    def holds(self, name: str) -> list[tuple[str, str]]:
        """Return each question of the page with what the organization holds and how far it is agreed."""
        return list(_positions_of(self.workshop, self.page, self.workshop.roster.organization(name)))

    def more(self, name: str) -> Blocks:
        """Return what the page shows below."""
        ended = self.workshop.state.room.ended
        notes = [text(ENDED, "note")] if ended else []
        return [*notes, *BELOW_THE_FORM.get(self.page, _nothing)(self.workshop, name)]

    def mark(self) -> tuple[object, ...]:
        """Return what differs whenever the page has something new to show."""
        return (*controls.mark(self.workshop), self.chosen(), self.workshop.discussion.typing_marks.now())


def table(workshop: Workshop, stage: str) -> OneTable:
    """Return the page of one table of people at one stage."""
    source = OfTable(workshop, stage)
    parts = TableParts(
        organizations=lambda: [organization.name for organization in workshop.organizations],
        chosen=source.chosen,
        choose=source.choose,
        forms=source.forms,
        make_form=lambda name: StageForms(source, name),
        holds=source.holds,
        register=lambda name: workshop.roster.register(name)[0].name,
        more=source.more,
        act=lambda name, what, value: table_actions.act(workshop, name, what, value),
        stages=lambda: stages_in_words(workshop.worksheet, stage),
        nothing=lambda: nothing_on(workshop.worksheet, stage) if stage in BELOW_THE_FORM else "",
    )
    page = OneTable(parts, Board)
    page.watcher = watch("table", source.mark, page.refresh)
    return page


def _nothing(_: Workshop, __: str) -> Blocks:
    return ()


BELOW_THE_FORM: Mapping[str, Callable[[Workshop, str], Blocks]] = {
    "stakeholders": table_actions.pictures_of,
    "policy_drafting": table_actions.outline_of,
    "report_back": table_actions.report_back_lines,
}
"""What a table's page shows below its answers, by moment."""


def _positions_of(workshop: Workshop, page: str, group: Organization) -> Iterator[tuple[str, str]]:
    """Yield each question of the page with what the organization holds and how far it is agreed."""
    positions, unseen = workshop.discussion.positions(group.id), workshop.discussion.unseen(group.id)
    values = {question: position.value for question, position in positions.items()}
    stages = stages_on(workshop.worksheet, page)
    for asked in (
        asked_question for part in stages for asked_question in asked_now(part, workshop.settings.depth, values)
    ):
        question, position = workshop.settings.worksheet_in_use.question(asked.kept_as), positions[asked.kept_as]
        text = "; ".join(pieces(question.kind, position.value, question.labels))
        summary = f"{text} ({position.status})" if text else SPLIT if position.status == "tied" else ""
        yield asked.ask, ALONE if question.id in unseen else summary
