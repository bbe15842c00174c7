"""Pages say what is true, say what did not work, ask before a change that everyone sees, and look for themselves."""

from __future__ import annotations

import asyncio
import datetime
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from loops import finished
from sheets import a_sheet, written

from toolkit import Workshop
from toolkit.answers.model import SCRIBE, Answer, Organization
from toolkit.facilitation import report_back
from toolkit.facilitation import stages as room
from toolkit.notebook import controls
from toolkit.notebook.board_widget import Board
from toolkit.notebook.facilitator_page import PARTS
from toolkit.notebook.stages_panel import ENDED, REVEALED_SENTENCE, STATES, ConsoleState, StageCard, hidden, now_blocks
from toolkit.notebook.table_actions import RELEASED_SENTENCE, SEEN_LATER, TAKEN_BACK
from toolkit.notebook.table_stages import PAGES, nothing_on, stages_on
from toolkit.storage.store import new_id
from toolkit.worksheets.model import Worksheet

ALDER, BIRCH = "Alder House", "Birch Line"
FIRST, SECOND = "who_do_you_serve", "who_approves"
TABLES = tuple(PAGES)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Workshop]:
    with Workshop.open(tmp_path / "room") as workshop:
        workshop.roster.register(ALDER, BIRCH)
        yield workshop


def choose(board: Board, id_: str, value: str = "") -> None:
    board._handle_custom_msg({"type": "chose", "id": id_, "value": value}, [])


def words(board: Board) -> str:
    return " ".join(str(each.get("words", "")) for each in board.blocks)


def tell(workshop: Workshop, group: Organization, question: str, value: object) -> None:
    workshop.discussion.save(Answer(new_id(), group.id, SCRIBE, question, value, "ours"))


# Where the answers are


@pytest.mark.parametrize(
    ("place", "who"), [("OneDrive - Example Org", "OneDrive"), ("Dropbox", "Dropbox"), ("own", "")]
)
def test_set_up_says_who_else_copies_the_folder(tmp_path: Path, place: str, who: str) -> None:
    with Workshop.open(tmp_path / place / "room") as workshop:
        told = words(workshop.facilitator().parts["set_up"].warning)

    assert bool(told) == bool(who)
    assert who in told


# Who can see what


@pytest.mark.parametrize("shown_by_people", [(), (FIRST,), (FIRST, SECOND)])
def test_hide_again_says_what_colleagues_see_from_then_on(hall: Workshop, shown_by_people: tuple[str, ...]) -> None:
    alder = hall.roster.organization(ALDER)
    asked = {each.kept_as for each in hall.worksheet.stage("stakeholders").questions}
    part = hall.facilitator().parts["room"]
    part.open.click()
    for question in shown_by_people:
        hall.discussion.reveal(alder.id, question)

    part.reveal.click()
    assert (words(part.messages), hall.discussion.revealed(alder.id) & asked) == (REVEALED_SENTENCE, asked)
    part.reveal.click()

    seen = hall.discussion.revealed(alder.id) & asked
    assert seen == set(shown_by_people)
    assert words(part.messages) == hidden(len(seen))
    assert ("no longer" in words(part.messages)) == (not seen)


@pytest.mark.parametrize("on_board", [True, False])
def test_a_table_is_told_who_sees_its_lines(hall: Workshop, on_board: bool) -> None:
    alder = hall.roster.organization(ALDER)
    tell(hall, alder, "easiest", "Words of ours")
    hall.record(report_back.show(yes=on_board))
    page = hall.table("report_back")
    page.pick.value = ALDER
    facilitators = hall.facilitator().parts["report_back"]

    def in_the_room() -> bool:
        facilitators.refresh()
        return "Words of ours" in str(facilitators.board.blocks)

    assert "facilitator can see these" in words(page.board)
    assert "Words of ours" in str([each.blocks for each in hall.draft(ALDER).sections]) or hall.discussion.values(
        alder.id
    )
    assert not in_the_room()
    choose(page.board, "release", "yes")
    assert words(page.messages) == (RELEASED_SENTENCE if on_board else SEEN_LATER)
    assert words(page.messages) in words(page.board)
    assert in_the_room() == on_board
    hall.record(report_back.show())
    page.refresh()
    assert RELEASED_SENTENCE in words(page.board)
    choose(page.board, "release", "no")
    assert words(page.messages) == TAKEN_BACK
    assert not in_the_room()


def test_a_vote_is_not_said_to_be_seen_while_the_board_is_hidden(hall: Workshop) -> None:
    alder = hall.roster.organization(ALDER)
    tell(hall, alder, "most_difficult", "Words of ours")
    hall.report_back.release(alder.id)
    part = hall.facilitator().parts["report_back"]
    assert (part.vote.disabled, part.votes.disabled) == (True, True)
    part.show.click()
    assert (part.vote.disabled, part.votes.disabled) == (False, False)


# What has ended is said to have ended

WHEN = datetime.datetime(2026, 1, 15, 9, tzinfo=datetime.UTC)
MOMENTS = list(itertools.product(STATES, [True, False], [True, False], [True, False], [None, WHEN]))


@pytest.mark.parametrize(("state", "ended", "known", "projector", "deadline"), MOMENTS)
def test_no_clock_runs_but_that_of_a_stage_that_runs(
    state: str, ended: bool, known: bool, projector: bool, deadline: datetime.datetime | None
) -> None:
    card = StageCard("one", "First", 10, "Write your answers now.")
    now = ConsoleState((card,), now="one" if known else "gone", state=state, deadline=deadline, ended=ended)
    shown = now_blocks(now, instruction=projector)
    runs = known and not ended and state in ("open", "closing")

    assert [each["type"] for each in shown].count("timer") == int(runs)
    assert (shown[0]["title"] == ENDED[0]) == ended
    assert ("people are writing" in str(shown)) == (runs and state == "open")
    assert ("Write your answers now." in str(shown)) == (runs and projector)


def test_time_is_given_to_a_stage_that_runs_only(hall: Workshop) -> None:
    part = hall.facilitator().parts["room"]
    part.open.click()
    assert not part.two_more.disabled
    part.close.click()
    assert (part.two_more.disabled, part.five_more.disabled, part.stop.disabled) == (True, True, True)


# A change that everyone sees


def test_a_new_worksheet_or_length_is_asked_about_once_the_workshop_is_in_use(hall: Workshop) -> None:
    part = hall.facilitator().parts["set_up"]
    choose(part.choices, "minutes", "90")
    assert (hall.settings.minutes, words(part.messages)) == (90, "Saved.")

    hall.record(room.open_stage("stakeholders"))
    choose(part.choices, "worksheet", "supervised-visitation")
    assert hall.worksheet.id == "sextech-2010"
    (asked,) = [each for each in part.choices.blocks if each["type"] == "ask"]
    assert asked["words"].startswith("Change the worksheet? “Stakeholders” is open for everyone.")
    choose(part.choices, "stay")
    assert (hall.worksheet.id, part.choices.blocks[0]["value"]) == ("sextech-2010", "sextech-2010")
    hall.record(room.close_stage("stakeholders"))
    tell(hall, hall.roster.organization(ALDER), "easiest", "Words")
    choose(part.choices, "minutes", "180")
    assert hall.settings.minutes == 90
    assert "Answers have been saved." in words(part.choices)
    choose(part.choices, "sure")

    assert (hall.settings.minutes, words(part.messages)) == (180, "Saved.")
    assert not [each for each in part.choices.blocks if each["type"] == "ask"]


def test_what_was_typed_stays_when_it_is_refused(hall: Workshop) -> None:
    part, table = hall.facilitator().parts["set_up"], hall.table("stakeholders")
    long = "x" * 300
    part.names.value = f"{long}\nCedar Trust"
    part.add.click()
    assert part.names.value == f"{long}\nCedar Trust"
    assert "shorten it" in words(part.messages)
    part.title.value = long
    assert (part.title.value, hall.title) == (long, "Our workshop")
    table.new.value = long
    table.add.click()
    assert table.new.value == long
    assert "shorten it" in words(table.messages)


# Worksheets that do not say which page a stage is on


def of_stages(*stages: tuple[str, str | None]) -> Worksheet:
    sheet = a_sheet()
    one = sheet.stages[0]
    made = [one.model_copy(update={"id": id_, "moment": moment}) for id_, moment in stages]
    return sheet.model_copy(update={"stages": tuple(made)})


MOMENT_CASES: list[tuple[list[tuple[str, str | None]], list[list[str]]]] = [
    ([("a", None)], [["a"], [], []]),
    ([("a", None), ("b", None)], [["a"], [], ["b"]]),
    ([("a", None), ("b", None), ("c", None), ("d", None)], [["a"], ["b", "c"], ["d"]]),
    ([("a", None), ("b", "policy_drafting"), ("c", None)], [["a"], ["b"], ["c"]]),
    ([("stakeholders", None), ("b", None), ("report_back", None)], [["stakeholders"], ["b"], ["report_back"]]),
    ([("a", "report_back"), ("b", None), ("c", "stakeholders")], [["c"], ["b"], ["a"]]),
]


@pytest.mark.parametrize(("stages", "pages"), MOMENT_CASES)
def test_every_stage_is_on_one_page_and_a_page_without_one_says_where(
    stages: list[tuple[str, str | None]], pages: list[list[str]]
) -> None:
    sheet = of_stages(*stages)
    assert [[each.id for each in stages_on(sheet, page)] for page in TABLES] == pages
    for page, own in zip(TABLES, pages, strict=True):
        told = nothing_on(sheet, page)
        assert bool(told) == (not own)
        assert not told or all(PAGES[other] in told for other, there in zip(TABLES, pages, strict=True) if there)


def test_no_table_page_is_dead_without_a_word(tmp_path: Path) -> None:
    sheet = written(tmp_path / "own", "- {id: who, kind: text, ask: Who do you serve?}")
    with Workshop.open(tmp_path / "room", str(sheet)) as workshop:
        workshop.roster.register(ALDER)
        for stage in TABLES:
            page = workshop.table(stage)
            page.pick.value = ALDER
            asks = [each.stage["title"] for each in page.place.children]
            assert asks or "1. Stakeholders" in str(page.board.blocks), stage
        assert [each.stage["title"] for each in workshop.table("stakeholders").place.children] == ["First"]


# What does not work is said


def pages(workshop: Workshop) -> list[tuple[Any, Board]]:
    """Every page and part of a page, with the place where it says what did not work."""
    facilitator = workshop.facilitator()
    parts = [(each, each.said if name == "drafts" else each.messages) for name, each in facilitator.parts.items()]
    tables = [(each, each.messages) for each in map(workshop.table, TABLES)]
    drafts = workshop.exporter()
    return [(facilitator, facilitator.messages), *parts, *tables, (drafts, drafts.said)]


def test_a_page_that_cannot_be_drawn_says_so_and_is_drawn_again_when_it_can(hall: Workshop, tmp_path: Path) -> None:
    made = pages(hall)
    moved = hall.folder.rename(tmp_path / "moved")
    for page, told in made:
        page.refresh()
        assert words(told), type(page).__name__
    moved.rename(hall.folder)
    for page, told in made:
        page.refresh()
        assert not words(told), type(page).__name__


def presses(page: Any) -> Iterator[tuple[str, Callable[[], None]]]:
    """Everything on a page that can be pressed or picked."""
    for name, each in vars(page).items():
        if hasattr(each, "click") and not each.disabled:
            yield name, each.click
        if isinstance(each, controls.Chooser) and len(each.options) > 1:
            last = each.options[-1][1]
            yield name, lambda pick=each, value=last: setattr(pick, "value", value)


def test_whatever_is_pressed_says_what_did_not_work(hall: Workshop) -> None:
    made = pages(hall)
    hall.close()
    tried = 0
    for page, told in made:
        for name, press in presses(page):
            press()
            own = page.kept if name == "keep" and hasattr(page, "kept") else page.messages
            assert words(told) or words(own), f"{type(page).__name__}.{name}"
            tried += 1
    assert tried > 20


# Two pages of one kind


def test_two_pages_of_one_kind_look_for_themselves(hall: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(controls, "LOOK_AGAIN", 0.01)
    finished(_both_look(hall))


async def _both_look(hall: Workshop) -> None:
    both = [hall.table("stakeholders"), hall.table("stakeholders")]
    rooms = [hall.facilitator(), hall.facilitator()]
    hall.roster.register("Cedar Trust")
    async with asyncio.timeout(60):
        while not all(("Cedar Trust", "Cedar Trust") in each.pick.options for each in both):
            await asyncio.sleep(0.01)
        hall.settings.change(title="Autumn")
        for each in rooms:
            choose(each.head, "part", "set_up")
        while not all(each.parts["set_up"].title.value == "Autumn" for each in rooms):
            await asyncio.sleep(0.01)
    for each in (*both, *rooms):
        each.watcher.stop()


def test_the_organization_chosen_on_one_table_page_is_chosen_on_the_others(hall: Workshop) -> None:
    first, second = hall.table("stakeholders"), hall.table("policy_drafting")
    first.pick.value = BIRCH
    assert second.watcher.look()
    assert second.pick.value == BIRCH
    hall.roster.merge(BIRCH, ALDER)
    assert first.watcher.look()
    assert (first.pick.value, first.place.children[0].identity.split("/")[1]) == (
        ALDER,
        hall.roster.organization(ALDER).id,
    )
    hall.roster.take_apart(BIRCH)
    assert first.watcher.look()
    assert first.pick.value == BIRCH


NOT_READ = {"id", "value", "values", "part", "action"}
"""The keys of a block that are for the program, not for a person."""


def readable(block: object) -> Iterator[str]:
    """Yield every word of a block that a person reads."""
    if isinstance(block, str):
        yield block
    for key, inside in block.items() if isinstance(block, dict) else enumerate(block) if listed(block) else ():
        if key not in NOT_READ:
            yield from readable(inside)


def listed(block: object) -> bool:
    return isinstance(block, list | tuple)


def boards_of(widget: Any) -> Iterator[Board]:
    if isinstance(widget, Board):
        yield widget
    for each in getattr(widget, "children", ()):
        yield from boards_of(each)


def test_no_page_shows_what_only_the_program_calls_an_organization(hall: Workshop) -> None:
    group = hall.roster.organization(ALDER)
    asked = {each.id: each for each in hall.worksheet.questions.values()}
    for question in (FIRST, SECOND):
        options = [each.id for each in asked[question].options]
        tell(hall, group, question, options[:1] if asked[question].kind == "choices" else ["The board"])
    tell(hall, group, "easiest", "To agree")
    hall.report_back.release(group.id)
    for part in PARTS:
        page = hall.facilitator()
        choose(page.head, "part", part)
        shown = [word for board in boards_of(page.widget) for word in readable(board.blocks)]
        assert not [word for word in shown if group.id in word], part
    for stage in TABLES:
        page = hall.table(stage)
        page.pick.value = ALDER
        assert group.id not in " ".join(word for board in boards_of(page.widget) for word in readable(board.blocks))
    drafts = hall.exporter()
    drafts.pick.value = group.id
    assert group.id not in " ".join(word for board in boards_of(drafts.widget) for word in readable(board.blocks))


FIRST_ONE = "- {id: who, kind: text, ask: Who do you serve?}"
FURTHER_STAGE = """\
  - id: two
    title: Second
    why: To go on.
    minutes: 5
    questions: [{id: then, kind: text, ask: And then?}]
"""


def test_a_table_page_keeps_the_form_of_a_stage_that_a_new_version_still_asks(tmp_path: Path) -> None:
    own = written(tmp_path / "own", FIRST_ONE)
    with Workshop.open(tmp_path / "room", str(own)) as workshop:
        workshop.roster.register(ALDER)
        page = workshop.table("stakeholders")
        page.pick.value = ALDER
        (form,) = page.place.children

        def apply(questions: str, further: str = "") -> list[list[str]]:
            written(own, questions)
            with (own / "worksheet.yaml").open("a", encoding="utf-8") as sheet:
                sheet.write(further)
            workshop.settings.worksheet_in_use.update().apply()
            page.watcher.look()
            return [[each["ask"] for each in shown.stage["questions"]] for shown in page.place.children]

        assert apply(f"{FIRST_ONE}\n- {{id: why, kind: text, ask: Why?}}") == [["Who do you serve?", "Why?"]]
        workshop.discussion.save(
            Answer(new_id(), workshop.roster.organization(ALDER).id, SCRIBE, "who", "Parents", "ours")
        )
        apply("- {id: who, kind: list, ask: Whom do you serve?}", FURTHER_STAGE)
        assert page.place.children[0] is form
        assert [each["ask"] for each in form.stage["questions"]] == ["Whom do you serve?"]
