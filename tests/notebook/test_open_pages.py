"""A page that has been open all along shows what a page opened now would show, whatever happens from every side.

Focus, scrolling, the selected tab and what one person has just picked or was just told do not count.
WORKSHOP_PAGE_STEPS raises the number of steps (300 without it).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from page_law import close, differences, only_looked_at, shows
from sheets import written

from toolkit import Workshop
from toolkit.answers.agreement import Opinion
from toolkit.answers.model import SCRIBE, Answer, Organization
from toolkit.errors import WorkshopError
from toolkit.facilitation import merges, report_back
from toolkit.facilitation import stages as room
from toolkit.notebook import controls
from toolkit.notebook.board_widget import Board
from toolkit.notebook.facilitator import _Practising
from toolkit.notebook.facilitator_page import PARTS, SCENES, Facilitator
from toolkit.notebook.table_page import OfTable
from toolkit.storage.store import new_id

STEPS = int(os.environ.get("WORKSHOP_PAGE_STEPS", "300"))
STEPS_OF_ONE = 30
DRAFTS_EVERY = 5
"""A draft takes long to work out: it is compared at every fifth step."""

TABLES = ("stakeholders", "policy_drafting", "report_back")
NAMES = ("Alder House", "Alder Haus", "Birch Line", "Cedar Trust", "Dogwood <b>Clinic</b>")
SHEETS = ("sextech-2010", "supervised-visitation", "own")
LINES = ("easiest", "most_difficult", "first_step")
PLACE = st.integers(0, 5)
VERSIONS = {
    "first": "- {id: who, kind: text, ask: Who?}",
    "other words": "- {id: who, kind: long_text, ask: Who are you?}",
    "one more question": "- {id: who, kind: text, ask: Who?}\n- {id: what, kind: list, ask: What first?}",
    "another kind": "- {id: who, kind: yes_no_unsure, ask: Who?}",
    "faulty": "- {id: who, kind: nonsense, ask: Who?}",
}
"""What the files of a facilitator's own worksheet ask, from one edit to the next."""

SECOND_STAGE = """\
  - id: two
    title: Second
    why: To go on.
    minutes: 5
    questions: [{id: then, kind: text, ask: And then?}]
"""


def choose(board: Board, id_: str, value: str = "") -> None:
    board._handle_custom_msg({"type": "chose", "id": id_, "value": value}, [])


def look(page: Any) -> None:
    """Let a page's watcher look until there is nothing new."""
    for _ in range(20):
        if not page.watcher.look():
            return


class OpenPages(RuleBasedStateMachine):
    """One workshop in a real file; phones, a second facilitator and tables act in it, each by a handle of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._place = tempfile.TemporaryDirectory()
        self.folder = Path(self._place.name) / "room"
        self.phones, self.hall, self.laptop = (Workshop.open(self.folder) for _ in range(3))
        self.own_sheet = str(written(Path(self._place.name) / "own", VERSIONS["first"]))
        self.driver = self.hall.facilitator()
        self.pages = [self.hall.facilitator() for _ in PARTS]
        for place, (page, part) in enumerate(zip(self.pages, PARTS, strict=True)):
            choose(page.head, "scene", SCENES[place % len(SCENES)][0])
            choose(page.head, "part", part)
        self.tables = [(stage, self.laptop.table(stage)) for stage in TABLES]
        self.exporters = [self.laptop.exporter()]
        self.practice: Facilitator | None = None
        self.looks = 0

    def teardown(self) -> None:
        if self.practice:
            self.leave_practice()
        for each in (self.phones, self.hall, self.laptop):
            each.close()
        self._place.cleanup()

    # What people do

    def group(self, place: int) -> Organization | None:
        here = self.phones.organizations
        return here[place % len(here)] if here else None

    def stage(self, place: int) -> str:
        stages = self.phones.worksheet.stages
        return stages[place % len(stages)].id

    def happens(self, act: tuple[str, str, Any]) -> None:
        self.phones.record(act)

    def tries(self, act: Callable[[], object]) -> None:
        """Do what may be refused: then nothing happens, as with a person."""
        try:
            act()
        except WorkshopError:
            return

    @rule(name=st.sampled_from(NAMES))
    def register(self, name: str) -> None:
        self.phones.roster.register(name)

    @rule(names=st.lists(st.sampled_from(NAMES), max_size=3))
    def register_on_the_page(self, names: list[str]) -> None:
        part = self.driver.parts["set_up"]
        part.names.value = "\n".join(names)
        part.add.click()

    @rule(one=PLACE, other=PLACE)
    def merge(self, one: int, other: int) -> None:
        if self.phones.organizations:
            self.tries(lambda: self.phones.roster.merge(self.group(one).id, self.group(other).id))

    @rule(place=PLACE)
    def take_apart(self, place: int) -> None:
        merged = self.phones.roster.merged
        if merged:
            self.phones.roster.take_apart(merged[place % len(merged)][0].id)

    @rule(one=PLACE, other=PLACE)
    def distinct(self, one: int, other: int) -> None:
        if self.phones.organizations:
            self.happens(merges.distinct(self.group(one).id, self.group(other).id))

    @rule(sheet=st.sampled_from(SHEETS), by_page=st.booleans())
    def change_worksheet(self, sheet: str, by_page: bool) -> None:
        if by_page and sheet != "own":
            choose(self.driver.parts["set_up"].choices, "worksheet", sheet)
            choose(self.driver.parts["set_up"].choices, "sure")
        else:
            own = self.own_sheet if sheet == "own" else sheet
            self.tries(lambda: self.phones.settings.change(worksheet=own))  # its files may be faulty now

    @rule(version=st.sampled_from([*VERSIONS]), second_stage=st.booleans())
    def edit_the_files_of_the_worksheet(self, version: str, second_stage: bool) -> None:
        sheet = written(Path(self.own_sheet), VERSIONS[version]) / "worksheet.yaml"
        if second_stage:
            sheet.write_text(sheet.read_text(encoding="utf-8") + SECOND_STAGE, encoding="utf-8")

    @rule(by_page=st.booleans())
    def use_the_new_version(self, by_page: bool) -> None:
        update = self.phones.settings.worksheet_in_use.update()
        if update.state == "available" and by_page:
            choose(self.driver.parts["set_up"].files, "update")
        elif update.state == "available":
            update.apply()

    @rule(minutes=st.sampled_from(["60", "90", "180"]))
    def change_length(self, minutes: str) -> None:
        choose(self.driver.parts["set_up"].choices, "minutes", minutes)
        choose(self.driver.parts["set_up"].choices, "sure")

    @rule(title=st.sampled_from(["Spring", "  Autumn ", "", "Our workshop", "x" * 300]))
    def change_title(self, title: str) -> None:
        self.driver.parts["set_up"].title.value = title

    @rule(page=st.integers(0, 2), place=PLACE)
    def choose_organization(self, page: int, place: int) -> None:
        pick = self.tables[page][1].pick
        names = [value for _, value in pick.options]
        pick.value = names[place % len(names)]

    @rule(page=st.integers(0, 2), name=st.sampled_from(NAMES))
    def add_organization_at_a_table(self, page: int, name: str) -> None:
        table = self.tables[page][1]
        table.new.value = name
        table.add.click()

    @rule(place=PLACE, name=st.sampled_from(["", "Wren", "Otter"]))
    def join(self, place: int, name: str) -> None:
        group = self.group(place)
        if group:
            self.phones.roster.join(group.id, name)

    def said(self, place: int) -> tuple[str, Any]:
        """A question and an answer that fits it."""
        asked = [each for each in self.phones.worksheet.questions.values() if each.kind in ANSWERS]
        question = asked[place % len(asked)]
        return question.id, ANSWERS[question.kind](question, place)

    @rule(place=PLACE, what=st.integers(0, 60), by_table=st.booleans())
    def answer(self, place: int, what: int, by_table: bool) -> None:
        group, people = self.group(place), self.phones.roster.people
        if group is None:
            return
        question, value = self.said(what)
        own = [each.id for each in people if each.organization == group.id]
        who, voice = (SCRIBE, "ours") if by_table or not own else (own[what % len(own)], "mine")
        self.tries(lambda: self.phones.discussion.save(Answer(new_id(), group.id, who, question, value, voice)))

    @rule(place=PLACE)
    def three_lines(self, place: int) -> None:
        group = self.group(place)
        for line in LINES if group else ():
            if line in self.phones.worksheet.questions:
                self.phones.discussion.save(Answer(new_id(), group.id, SCRIBE, line, f"{line} {place}", "ours"))

    @rule(place=PLACE, what=st.integers(0, 60))
    def offer(self, place: int, what: int) -> None:
        own = self.phones.roster.people
        if own:
            who = own[place % len(own)]
            question, value = self.said(what)
            self.tries(
                lambda: self.phones.discussion.propose(
                    Answer(new_id(), who.organization, who.id, question, value, "ours")
                )
            )

    @rule(place=PLACE, agrees=st.booleans())
    def think(self, place: int, agrees: bool) -> None:
        offers = [each for each in self.phones.discussion.standing() if each.voice == "ours"]
        if offers and self.phones.roster.people:
            offer, who = offers[place % len(offers)], self.phones.roster.people[place % len(self.phones.roster.people)]
            group = self.phones.roster.organization(offer.organization)
            self.tries(
                lambda: self.phones.discussion.judge(group.id, Opinion(offer.id, who.id, agrees, "why", new_id()))
            )

    @rule(place=PLACE, what=st.integers(0, 60))
    def reveal_by_people(self, place: int, what: int) -> None:
        group = self.group(place)
        if group:
            self.phones.discussion.reveal(group.id, self.said(what)[0])

    @rule(place=PLACE, yes=st.booleans())
    def reveal_by_the_facilitator(self, place: int, yes: bool) -> None:
        self.happens(room.reveal(self.stage(place), yes=yes))

    @rule(press=st.sampled_from(["open", "close_softly", "close", "back", "reveal", "two_more", "stop", "end", "keep"]))
    def press_in_the_room(self, press: str) -> None:
        choose(self.driver.head, "part", "room")
        button = getattr(self.driver.parts["room"], press)
        if not button.disabled and button.layout.display != "none":
            button.click()

    @rule(place=PLACE)
    def open_another_stage(self, place: int) -> None:
        self.happens(room.open_stage(self.stage(place)))

    @rule(place=PLACE, yes=st.booleans(), table=st.booleans())
    def ask_for_help(self, place: int, yes: bool, table: bool) -> None:
        here = self.phones.organizations if table else self.phones.roster.people
        if here:
            self.happens(room.ask_help(here[place % len(here)].id, yes=yes))

    @rule(place=PLACE)
    def mark_as_helped(self, place: int) -> None:
        choose(self.driver.head, "part", "room")
        asking = self.driver.parts["room"].hands.blocks[0]["items"]
        if asking:
            choose(self.driver.parts["room"].hands, "helped", asking[place % len(asking)]["id"])

    @rule(place=PLACE, here=st.integers(0, 4))
    def tell_presence(self, place: int, here: int) -> None:
        group = self.group(place)
        if group:
            self.happens(room.tell_presence({group.id: room.Presence(here, here // 2)}))

    @rule(place=PLACE, yes=st.booleans(), stage=st.booleans())
    def on_paper(self, place: int, yes: bool, stage: bool) -> None:
        group = self.group(place)
        if group:
            self.happens(room.on_paper(group.id, self.stage(place) if stage else "", yes=yes))

    @rule(place=PLACE, yes=st.booleans())
    def release(self, place: int, yes: bool) -> None:
        group = self.group(place)
        if group:
            self.tries(lambda: self.phones.report_back.release(group.id, yes=yes))

    @rule(place=PLACE, yes=st.booleans())
    def set_naming(self, place: int, yes: bool) -> None:
        group = self.group(place)
        if group:
            self.phones.discussion.set_naming(group.id, yes)

    @rule(press=st.sampled_from(["show", "vote", "votes", "next", "back", "stop", "shuffle"]))
    def press_on_the_board(self, press: str) -> None:
        choose(self.driver.head, "part", "report_back")
        button = getattr(self.driver.parts["report_back"], press)
        if not button.disabled:
            button.click()

    @rule(place=PLACE)
    def group_lines(self, place: int) -> None:
        entries = self.phones.report_back.reported().entries(LINES[place % 3])
        if len(entries) > 1:
            points = [line.point for each in entries[:2] for line in each.lines]
            self.happens(report_back.gather(new_id(), f"Alike {place}", points))

    @rule(place=PLACE)
    def ungroup(self, place: int) -> None:
        groups = list(self.phones.report_back.reported().back.groups)
        if groups:
            self.happens(report_back.take_apart(groups[place % len(groups)]))

    @rule(place=PLACE)
    def vote(self, place: int) -> None:
        standing, people = self.phones.report_back.reported().on_vote, self.phones.roster.people
        if standing and people:
            point = standing[place % len(standing)].id
            self.tries(lambda: self.phones.report_back.vote(people[place % len(people)].id, {point: 1 + place % 3}))

    @rule(place=PLACE)
    def write(self, place: int) -> None:
        people = self.phones.roster.people
        if people:
            who = people[place % len(people)]
            group = self.phones.roster.organization(who.organization)
            self.phones.discussion.mark_typing(group.id, who.id, self.said(place)[0])

    # What is picked on a page that is watched: a page opened now is given the same

    @rule(place=PLACE)
    def pick_on_the_facilitators_page(self, place: int) -> None:
        for page in self.pages:
            for pick in picks(page):
                values = [value for _, value in pick.options]
                if values and place < len(values):
                    pick.value = values[place]

    @rule(place=PLACE)
    def pick_on_the_drafts_page(self, place: int) -> None:
        values = [value for _, value in self.exporters[0].pick.options]
        if values:
            self.exporters[0].pick.value = values[place % len(values)]

    @precondition(lambda self: len(self.tables) < 5)
    @rule(place=st.integers(0, 2))
    def second_page_of_the_same_kind(self, place: int) -> None:
        self.tables.append((TABLES[place], self.laptop.table(TABLES[place])))

    # Practice

    @precondition(lambda self: self.practice is None)
    @rule()
    def practice_begins(self) -> None:
        choose(self.driver.head, "part", "set_up")
        choose(self.driver.parts["set_up"].before, "practise")
        self.practice = self.driver.lent
        choose(self.practice.head, "part", "room")

    @precondition(lambda self: self.practice is not None)
    @rule(press=st.sampled_from(["open", "close", "reveal", "finish", "report_back", "drafts", "room"]))
    def practice_goes_on(self, press: str) -> None:
        if press in PARTS:
            choose(self.practice.head, "part", press)
        elif press == "finish":
            choose(self.practice.head, "finish")
        else:
            button = getattr(self.practice.parts["room"], press)
            if not button.disabled:
                button.click()

    @precondition(lambda self: self.practice is not None)
    @rule()
    def leave_practice(self) -> None:
        choose(self.practice.head, "leave")
        choose(self.practice.head, "throw")
        assert self.driver.lent is None
        assert not (self.folder / "rehearsal").exists()
        self.practice = None

    # The law

    @invariant()
    def open_pages_show_what_pages_opened_now_would(self) -> None:
        for found in self.differing():
            raise AssertionError(found)

    def differing(self) -> Iterator[str]:
        self.looks += 1
        with only_looked_at():
            fresh = self.hall.facilitator()
        for page in self.pages:
            if page.part == "drafts" and self.looks % DRAFTS_EVERY:
                continue
            look(page)
            yield from compared(f"facilitator, {page.part}", page, as_open(fresh, page))
        for stage, table in self.tables:
            look(table)
            with only_looked_at():
                now = self.laptop.table(stage)
            yield from compared(f"table, {stage}", table, now)
            close(now.widget)
        for page in self.exporters if self.looks % DRAFTS_EVERY == 0 else ():
            look(page)
            with only_looked_at():
                now = self.laptop.exporter()
                now.pick.choice = page.pick.choice
                now.refresh()
            yield from compared("drafts", page, now)
            close(now.widget)
        if self.practice:
            self.practice.watcher.look()
            with only_looked_at():
                made = _Practising(practised(self.practice), lambda: None).page
            yield from compared(f"practice, {self.practice.part}", self.practice, as_open(made, self.practice))
            close(made.widget)
        close(fresh.widget)


def practised(page: Facilitator) -> Workshop:
    """The workshop of a practice room."""
    return page._band.blocks.__self__._workshop


def picks(page: Facilitator) -> list[controls.Chooser]:
    """The fields of a facilitator's page on which one person picks something for that page alone."""
    parts = page.parts
    return [parts["room"].which, parts["organizations"].pick, parts["organizations"].twin,
            parts["organizations"].stage, parts["drafts"].pick]  # fmt: skip


def as_open(fresh: Facilitator, page: Facilitator) -> Facilitator:
    """A page opened now, with the tab, the scene and the picks of one that is open."""
    with only_looked_at():
        fresh.scene, fresh.part = page.scene, ""
        for pick, picked in zip(picks(fresh), picks(page), strict=True):
            pick.choice = picked.choice
        fresh.parts["room"]._at = page.parts["room"]._at
        choose(fresh.head, "part", page.part)
    return fresh


def compared(name: str, page: Any, fresh: Any) -> Iterator[str]:
    found = differences(shows(page.widget), shows(fresh.widget), name)
    if found:
        yield "\n".join(found[:10])


def _options(question: Any, place: int) -> Any:
    ids = [each.id for each in question.options]
    return [ids[place % len(ids)]] if question.kind == "choices" else ids[place % len(ids)]


ANSWERS: dict[str, Callable[[Any, int], Any]] = {
    "text": lambda _, place: f"Words {place}",
    "long_text": lambda _, place: f"Words {place}",
    "list": lambda _, place: [f"One {place}", "Two"],
    "yes_no_unsure": lambda _, place: ("yes", "no", "unsure")[place % 3],
    "choice": _options,
    "choices": _options,
}


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Old confirmations go at once."""
    monkeypatch.setattr(controls, "CONFIRMATION_SECONDS", 0.0)


@pytest.mark.slow
def test_open_pages() -> None:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    bounded = settings(
        max_examples=max(1, STEPS // STEPS_OF_ONE),
        stateful_step_count=STEPS_OF_ONE,
        deadline=None,
        database=None,
        suppress_health_check=slow,
        print_blob=False,
        phases=[Phase.generate],  # a step takes long: what failed is told as it was, not made shorter first
    )
    OpenPages.TestCase.settings = bounded
    OpenPages.TestCase("runTest").runTest()


# The law notices


def _forgets(*kept: str) -> Callable[[pytest.MonkeyPatch], None]:
    """Let pages look only when something of these tables is new."""

    def old(workshop: Workshop) -> tuple[object, ...]:
        return tuple(getattr(workshop.state.mark, table) for table in kept)

    return lambda patch: patch.setattr(controls, "mark", old)


def _first_options_only(patch: pytest.MonkeyPatch) -> None:
    offer = controls.Chooser.offer

    def once(self: controls.Chooser, options: Any, default: str = "") -> None:
        if not self.options:
            offer(self, options, default)

    patch.setattr(controls.Chooser, "offer", once)


def _own_organization(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(OfTable, "mark", lambda self: controls.mark(self.workshop))


BROKEN: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], Callable[[OpenPages], object]]] = {
    "new organizations": (_forgets("answers", "events"), lambda room: room.register("Alder House")),
    "length": (_forgets("answers", "events", "organizations"), lambda room: room.phones.settings.change(minutes=180)),
    "new version of the worksheet": (
        _forgets("answers", "events", "organizations"),
        lambda room: [
            room.change_worksheet("own", False),
            room.choose_organization(0, 1),
            *(look(table) for _, table in room.tables),
            room.edit_the_files_of_the_worksheet("one more question", True),
            room.use_the_new_version(False),
        ],
    ),
    "list of stages": (_first_options_only, lambda room: room.change_worksheet("own", False)),
    "organization chosen on another page": (_own_organization, lambda room: room.choose_organization(0, 1)),
    "events": (_forgets("answers", "organizations"), lambda room: room.open_another_stage(0)),
}


@pytest.mark.slow
@pytest.mark.parametrize("forgotten", BROKEN)
def test_a_page_that_misses_something_is_noticed(forgotten: str, monkeypatch: pytest.MonkeyPatch) -> None:
    breaks, acts = BROKEN[forgotten]
    opened = OpenPages()
    try:
        if forgotten != "new organizations":
            opened.register("Alder House")
            assert not list(opened.differing())
        breaks(monkeypatch)
        opened.tables = [(stage, opened.laptop.table(stage)) for stage in TABLES]  # a page keeps the mark it began with
        for page in (*opened.pages, *(table for _, table in opened.tables)):
            look(page)
        acts(opened)
        opened.looks = DRAFTS_EVERY - 1
        assert list(opened.differing())
    finally:
        opened.teardown()
