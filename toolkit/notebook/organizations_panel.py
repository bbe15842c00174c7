"""The panel of the organizations: merge two names, take them apart, and mark tables that work on paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets

from toolkit.facilitation import merges, stages
from toolkit.facilitation.similar_names import lookalikes
from toolkit.notebook.blocks import (
    Block,
    Blocks,
    Choice,
    action,
    ask,
    choose,
    empty,
    heading,
    table_block,
    text,
)
from toolkit.notebook.board_widget import Board
from toolkit.notebook.controls import (
    Chooser,
    Make,
    button,
    confirm,
    confirmations,
    desk,
    draw_page,
    reports_faults,
    show_if,
)
from toolkit.notebook.stage_form import StageForm
from toolkit.workshop.facade import Workshop

PAPER_CHOICES = (
    Choice("phones", "Phones or a laptop", "What they write is here at once."),
    Choice("paper", "Paper", "You say which stages they have done, and type their answers in later."),
)
NO_ORGANIZATIONS = empty(
    "No organization is registered yet.", "Write their names under Set up, or let people add them at the door."
)
TYPE_IN, PUT_AWAY = "Type in what is on paper", "Put the form away"


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """One organization: its id and name, its other names, who joined on which devices, what it has done on paper.

    `paper` has (stage's id, title, whether it is done) for each stage; empty when the table does not work on paper.
    """

    id: str
    name: str
    people: int = 0
    others: tuple[tuple[str, str], ...] = ()
    paper: tuple[tuple[str, str, bool], ...] = ()
    shared_devices: int = 0

    @property
    def way(self) -> str:
        """How its table works: "paper" or "phones"."""
        return "paper" if self.paper else "phones"


@dataclass(frozen=True, slots=True)
class OrganizationsState:
    """Who is there; `alike` are pairs of ids whose names look like one organization, spelled twice."""

    here: tuple[OrganizationRow, ...] = ()
    alike: tuple[tuple[str, str], ...] = ()

    def named(self, id_: str) -> OrganizationRow | None:
        """Return an organization by its id."""
        return next((row for row in self.here if row.id == id_), None)


Do = Mapping[str, Callable[[str, str], object]]
"""What can be done, each with two words: see Organizations."""


class Organizations:
    """Who is who.

    `act` has "merge" (a twin's id, the organization's), "apart" (a twin's id), "distinct" (two ids), "way" (an id,
    "paper" or "phones") and "done" (an id, a stage's id); `make_form` returns the form of one stage of one of them.
    """

    def __init__(
        self, state: Callable[[], OrganizationsState], act: Do, make_form: Callable[[str, str], Any], make: Make
    ) -> None:
        self._state, self._act, self._make_form = state, act, make_form
        self.messages = confirmations(make)
        self.list, self.one, self.question = (make([], reports_faults(self.messages, self._chose)) for _ in range(3))
        self.pick = Chooser("Which organization", self.messages, self.refresh)
        self.twin = Chooser("Is it here under a second name? Choose that name", self.messages, self.refresh)
        self.stage = Chooser("Which part of the paper", self.messages, self.refresh)
        self.type, self.place = button(TYPE_IN, self.messages, self._type, second=True), widgets.VBox([])
        paper = (self.stage.widget, self.type, self.place)
        controls = (self.pick.widget, self.one, *paper, self.twin.widget, self.question)
        self.widget = desk(self.messages, *controls, self.list)
        self._asked, self._typing = "", ("", "")
        self.form: Any = None
        self.refresh()

    def refresh(self) -> None:
        """Show how things stand now."""
        draw_page(self.messages, self._draw)

    def _draw(self) -> None:
        state = self._state()
        self.pick.offer([(row.name, row.id) for row in state.here])
        others = [(row.name, row.id) for row in state.here if row.id != self.pick.value]
        self.twin.offer([("It has one name only", ""), *others])
        organization, other = state.named(self.pick.value), state.named(self.twin.value)
        self.list.show(_all(state, self._asked))
        self.one.show(_one(organization) if organization else [])
        self.question.show([_question(organization, other)] if organization and other else [])
        self._let_type(organization)
        show_if(bool(organization), self.pick.widget)
        show_if(bool(others), self.twin.widget)

    def _let_type(self, row: OrganizationRow | None) -> None:
        """Offer the stages on paper; a form stays for as long as its organization and its stage are chosen."""
        stages = row.paper if row else ()
        self.stage.offer([(title, id_) for id_, title, _ in stages])
        if self._typing != (self.pick.value, self.stage.value):
            self._put_away()
        if self.form is not None:
            self.form.refresh()
        show_if(bool(stages), self.stage.widget, self.type, self.place)

    def _chose(self, what: str, value: str) -> None:
        ACTIONS.get(what, _nothing)(self, value)

    def ask(self, pair: str) -> None:
        """Ask whether two names are one organization; "" asks no more."""
        self._asked, self.twin.choice = pair, None
        self.refresh()

    def do(self, what: str, one: str, other: str, then: str) -> None:
        """Do it, and say what was done."""

        def act() -> str:
            self._act[what](one, other)
            return then

        confirm(self.messages, act)
        self.ask("")

    def _type(self) -> None:
        confirm(self.messages, self._turn_form)

    def _turn_form(self) -> str:
        if self.place.children:
            self._put_away()
        else:
            self._typing = self.pick.value, self.stage.value
            self.form = self._make_form(*self._typing)
            self.place.children = [self.form.widget]
            self.type.description = PUT_AWAY
        return ""

    def _put_away(self) -> None:
        for child in self.place.children:
            child.close()
        self.form, self.place.children, self._typing = None, [], ("", "")
        self.type.description = TYPE_IN


def _two(pair: str) -> tuple[str, str]:
    one, _, other = pair.partition("/")
    return one, other


def _nothing(_: Organizations, __: str) -> None:
    """Something that this page does not know was chosen."""


MERGED = "They are one now. You can take them apart again: choose the organization below."
ACTIONS: Mapping[str, Callable[[Organizations, str], None]] = {
    "alike": lambda page, pair: page.ask(pair),
    "stay": lambda page, _: page.ask(""),
    "merge": lambda page, pair: page.do("merge", *_two(pair), MERGED),
    "distinct": lambda page, pair: page.do("distinct", *_two(pair), "They stay two, and it is not asked again."),
    "apart": lambda page, id_: page.do("apart", id_, "", "They are two again. Each has what its own people said."),
    "way": lambda page, way: page.do("way", page.pick.value, way, "Kept."),
    "done": lambda page, stage: page.do("done", page.pick.value, stage, "Kept."),
}


def _question(one: OrganizationRow, other: OrganizationRow) -> Block:
    """Return what happens when two names become one, and under which name they may."""
    words = (
        f"Make “{one.name}” and “{other.name}” one organization? Everything of the second name becomes the first's: "
        "its people, its answers, its draft. Phones that are in go on under the name that stands. Where both have "
        "agreed on a text, the later one stands beside as a proposal. Nothing is lost, and you can take them apart "
        "again."
    )
    ways = [
        ("merge", f"{other.id}/{one.id}", f"Yes, both are “{one.name}”"),
        ("merge", f"{one.id}/{other.id}", f"Yes, both are “{other.name}”"),
        ("stay", "", "No, they stay two"),
    ]
    return ask(words, ways)


def _all(state: OrganizationsState, question: str) -> Blocks:
    if not state.here:
        return [heading("Organizations"), NO_ORGANIZATIONS]
    rows = [
        (
            row.name,
            str(row.people),
            str(row.shared_devices),
            ", ".join(name for _, name in row.others),
            PAPER_OR_PHONES[row.way],
        )
        for row in state.here
    ]
    table = table_block("Who is here", COLUMNS, rows)
    return [heading("Organizations"), *(_hint(state, pair, question) for pair in state.alike), table]


COLUMNS = ("Organization", "People who joined", "Shared devices", "Also called", "Works on")


PAPER_OR_PHONES = {"paper": "Paper", "phones": "Phones or a laptop"}


def _hint(state: OrganizationsState, pair: tuple[str, str], question: str) -> Block:
    one, other, id_ = state.named(pair[0]), state.named(pair[1]), "/".join(pair)
    if one is None or other is None:
        return text("")
    if id_ == question:
        return _question(one, other)
    words = f"“{one.name}” and “{other.name}” look alike. Are they one organization?"
    return ask(words, [("alike", id_, "Make them one …"), ("distinct", id_, "They are two")], second=True)


def _one(row: OrganizationRow) -> Blocks:
    return [choose("way", f"How {row.name} works", row.way, PAPER_CHOICES), *_paper(row), *_merged_names(row)]


def _paper(row: OrganizationRow) -> Blocks:
    """Return what a table on paper has done, stage by stage."""
    if not row.paper:
        return []
    marks = [("done", id_, f"{title}: {'done ✓' if is_done else 'mark as done'}") for id_, title, is_done in row.paper]
    return [ask("The board counts what you mark here. Answers that are typed in take its place.", marks, calm=True)]


def _merged_names(row: OrganizationRow) -> Blocks:
    return [action("apart", f"Take “{name}” apart from it again", id_, second=True) for id_, name in row.others]


def organizations_panel(workshop: Workshop) -> Organizations:
    """Return this part of the facilitator's page."""
    record = workshop.record
    actions = {
        "merge": workshop.roster.merge,
        "apart": lambda twin, _: workshop.roster.take_apart(twin),
        "distinct": lambda one, other: record(merges.distinct(one, other)),
        "way": lambda id_, way: record(stages.on_paper(id_, yes=way == "paper")),
        "done": lambda id_, stage: _mark_paper(workshop, id_, stage),
    }
    return Organizations(
        lambda: organizations_state(workshop), actions, lambda id_, stage: StageForm(workshop, stage, id_), Board
    )


def organizations_state(workshop: Workshop) -> OrganizationsState:
    """Return who is there, and whose names look alike."""
    return OrganizationsState(tuple(_rows(workshop)), similar_names(workshop))


def similar_names(workshop: Workshop) -> tuple[tuple[str, str], ...]:
    """Return the ids of those whose names look alike, unless the facilitator has said that they are two."""
    ids = {organization.name: organization.id for organization in workshop.organizations}
    two = workshop.state.distinct
    pairs = ((ids[one], ids[other]) for one, other in lookalikes(tuple(ids)))
    return tuple(pair for pair in pairs if frozenset(pair) not in two)


def _rows(workshop: Workshop) -> Iterator[OrganizationRow]:
    people = Counter(person.organization for person in workshop.roster.people)
    merged, devices = workshop.roster.merged, workshop.roster.shared_devices
    for organization in workshop.organizations:
        id_ = organization.id
        others = tuple((twin.id, twin.name) for twin, one in merged if one.id == id_)
        yield OrganizationRow(id_, organization.name, people[id_], others, _on_paper(workshop, id_), devices[id_])


def _on_paper(workshop: Workshop, organization: str) -> tuple[tuple[str, str, bool], ...]:
    room = workshop.state.room
    if not room.is_on_paper(organization):
        return ()
    return tuple(
        (stage.id, stage.title, room.is_on_paper(organization, stage.id)) for stage in workshop.worksheet.stages
    )


def _mark_paper(workshop: Workshop, organization: str, stage: str) -> None:
    """Mark a stage as done on paper, or no longer."""
    was = workshop.state.room.is_on_paper(organization, stage)
    workshop.record(stages.on_paper(organization, stage, yes=not was))
