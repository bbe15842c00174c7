"""ORGANIZATIONS: who is who: two names made one, or two again; tables on paper, and what they wrote typed in later."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets

from toolkit.boards.blocks import Blocks, Choice, action, ask, choose, empty, heading, table_block, text
from toolkit.boards.controls import Make, button, desk, row, said, show_if

WAYS = (
    Choice("phones", "Phones or a laptop", "What they write is here at once."),
    Choice("paper", "Paper", "You say which stages they have done, and type their answers in later."),
)
NOBODY = empty(
    "No organization is registered yet.", "Write their names under Set up, or let people add them at the door."
)
TYPE, PUT_AWAY = "Type in what is on paper", "Put the form away"


@dataclass(frozen=True, slots=True)
class Named:
    """One organization: its id and name, its other names, how many people joined, what it has done on paper.

    `paper` has (stage's id, title, whether it is done) for each stage; empty when the table does not work on paper.
    """

    id: str
    name: str
    people: int = 0
    others: tuple[tuple[str, str], ...] = ()
    paper: tuple[tuple[str, str, bool], ...] = ()

    @property
    def way(self) -> str:
        """How its table works: "paper" or "phones"."""
        return "paper" if self.paper else "phones"


@dataclass(frozen=True, slots=True)
class OrganizationsState:
    """Who is there; `alike` are pairs of ids whose names look like one organization, spelled twice."""

    here: tuple[Named, ...] = ()
    alike: tuple[tuple[str, str], ...] = ()

    def named(self, id_: str) -> Named | None:
        """Return an organization by its id."""
        return next((each for each in self.here if each.id == id_), None)


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
        self.list, self.told, self.one = make([], self._chose), make([], None), make([], self._chose)
        self.pick = widgets.Dropdown(description="Which organization", options=[])
        self.twin = widgets.Dropdown(description="Is there a second name for it? Choose that name", options=[])
        self.question = make([], None)
        self.merge, self.keep = (
            button("Make them one", self._merge, second=True),
            button("No, they stay two", self._stop),
        )
        self.stage = widgets.Dropdown(description="Which part of the paper", options=[])
        self.type, self.place = button(TYPE, self._type, second=True), widgets.VBox([])
        asking = row(self.merge, self.keep)
        chosen = (self.pick, self.told, self.one, self.stage, self.type, self.place, self.twin, self.question, asking)
        self.widget = desk(self.list, *chosen)
        self._sure, self._offering = False, False
        self.pick.observe(lambda _: self._turn(), names="value")
        self.twin.observe(lambda _: self._stop(), names="value")
        self.refresh()

    def refresh(self) -> None:
        """Show how things stand now."""
        if self._offering:
            return
        state, before = self._state(), self.pick.value
        self._offer(self.pick, [(each.name, each.id) for each in state.here])
        if before != self.pick.value:
            self._put_away()
        others = [(each.name, each.id) for each in state.here if each.id != self.pick.value]
        self._offer(self.twin, [("There is no second name", ""), *others])
        chosen = state.named(self.pick.value or "")
        self.list.show(_all(state))
        self.one.show(_one(chosen) if chosen else [])
        self._let_type(chosen)
        self._ask_about(state)
        show_if(bool(chosen), self.pick)
        show_if(bool(others), self.twin)

    def _offer(self, field: Any, options: Sequence[tuple[str, str]]) -> None:
        """Let a field offer these; what is chosen stays chosen while it is there, and nothing is done meanwhile."""
        if tuple(field.options) == tuple(options):
            return
        kept, values = field.value, [value for _, value in options]
        self._offering = True
        field.options = options
        field.value = kept if kept in values else next(iter(values), None)
        self._offering = False

    def _let_type(self, chosen: Named | None) -> None:
        stages = chosen.paper if chosen else ()
        self._offer(self.stage, [(title, id_) for id_, title, _ in stages])
        show_if(bool(stages), self.stage, self.type, self.place)

    def _ask_about(self, state: OrganizationsState) -> None:
        one, other = state.named(self.pick.value or ""), state.named(self.twin.value or "")
        sure = self._sure and one and other
        self.question.show([text(_what_happens(one, other), "note")] if sure and one and other else [])
        self.merge.description = f"Yes, make them one: {one.name}" if sure and one else "Make them one"
        show_if(bool(other), self.merge)
        show_if(bool(sure), self.keep)

    def _turn(self) -> None:
        if not self._offering:
            self._put_away()
            self._stop()

    def _stop(self) -> None:
        if not self._offering:
            self._sure = False
            self.refresh()

    def _merge(self) -> None:
        if not self._sure:
            self._sure = True
            self.refresh()
            return
        one, twin = self.pick.value, self.twin.value
        self._sure = False
        self._do("merge", twin, one, "They are one now. You can take them apart again below.")

    def _chose(self, what: str, value: str) -> None:
        CHOSEN.get(what, _nothing)(self, value)

    def look_at(self, pair: str) -> None:
        """Put two names that look alike into the fields, and ask."""
        one, other = _two(pair)
        self.pick.value = one
        self.twin.value = other
        self._sure = True
        self.refresh()

    def do(self, what: str, one: str, other: str, then: str) -> None:
        """Do it, and say what was done."""
        self._do(what, one, other, then)

    def _do(self, what: str, one: str, other: str, then: str) -> None:
        def act() -> str:
            self._act[what](one, other)
            return then

        said(self.told, act)
        self.refresh()

    def _type(self) -> None:
        if self.place.children:
            self._put_away()
            return
        self.place.children = [self._make_form(self.pick.value, self.stage.value)]
        self.type.description = PUT_AWAY

    def _put_away(self) -> None:
        for each in self.place.children:
            each.close()
        self.place.children = []
        self.type.description = TYPE


def _two(pair: str) -> tuple[str, str]:
    one, _, other = pair.partition("/")
    return one, other


def _nothing(_: Organizations, __: str) -> None:
    """Something that this page does not know was chosen."""


CHOSEN: Mapping[str, Callable[[Organizations, str], None]] = {
    "alike": lambda page, pair: page.look_at(pair),
    "distinct": lambda page, pair: page.do("distinct", *_two(pair), "They stay two, and it is not asked again."),
    "apart": lambda page, id_: page.do("apart", id_, "", "They are two again. Each has what its own people said."),
    "way": lambda page, way: page.do("way", page.pick.value, way, "Kept."),
    "done": lambda page, stage: page.do("done", page.pick.value, stage, "Kept."),
}


def _what_happens(one: Named, other: Named) -> str:
    return (
        f"Everything of “{other.name}” becomes “{one.name}”: its people, its answers, its draft. Phones that are in go "
        f"on under the name “{one.name}”. Where both have agreed on a text, the later one stands beside as a proposal. "
        "Nothing is lost, and you can take them apart again."
    )


def _all(state: OrganizationsState) -> Blocks:
    if not state.here:
        return [heading("Organizations"), NOBODY]
    rows = [
        (each.name, str(each.people), ", ".join(name for _, name in each.others), HOW[each.way]) for each in state.here
    ]
    names = {each.id: each.name for each in state.here}
    pairs = [pair for pair in state.alike if pair[0] in names and pair[1] in names]
    table = table_block("Who is here", ("Organization", "People who joined", "Also called", "Works on"), rows)
    return [heading("Organizations"), *(_hint(names, *pair) for pair in pairs), table]


HOW = {"paper": "Paper", "phones": "Phones or a laptop"}


def _hint(names: Mapping[str, str], one: str, other: str) -> Any:
    words = f"“{names[one]}” and “{names[other]}” look alike. Are they one organization?"
    pair = f"{one}/{other}"
    return ask(words, [("alike", pair, "Make them one …"), ("distinct", pair, "They are two")])


def _one(chosen: Named) -> Blocks:
    return [choose("way", f"How {chosen.name} works", chosen.way, WAYS), *_paper(chosen), *_twins(chosen)]


def _paper(chosen: Named) -> Blocks:
    """Return what a table on paper has done, stage by stage."""
    if not chosen.paper:
        return []
    told = text("The board counts what you mark here as done. Typed-in answers take its place.", "quiet")
    marks = [
        action("done", f"{title}: {'done ✓' if done else 'mark as done'}", id_, second=True)
        for id_, title, done in chosen.paper
    ]
    return [told, *marks]


def _twins(chosen: Named) -> Blocks:
    return [action("apart", f"Take “{name}” apart from it again", id_, second=True) for id_, name in chosen.others]
