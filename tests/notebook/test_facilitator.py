"""The facilitator drives a real workshop by real buttons; what a table releases, and only that, reaches the room."""

from __future__ import annotations

import datetime
import json
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pytest
from loops import finished
from stored import events_of

from toolkit import Workshop
from toolkit.answers.model import SCRIBE, Answer
from toolkit.documents.charts import REASON_FOR_HIDING
from toolkit.documents.document import words as words_of
from toolkit.facilitation import report_back, stages
from toolkit.facilitation.events import ClientDetailEvent
from toolkit.facilitation.invitation import join_link_event
from toolkit.join.join_link import announce_join_link
from toolkit.join.sessions import Sessions
from toolkit.notebook import invitation_panel
from toolkit.notebook.board_widget import Board
from toolkit.notebook.facilitator_page import PARTS, SCENES, Facilitator
from toolkit.notebook.form_widget import Form
from toolkit.notebook.invitation_panel import InvitationController
from toolkit.notebook.report_back_panel import ReportBoard
from toolkit.notebook.stages_panel import END, END_SURE, STATES, Console
from toolkit.notebook.table_page import OneTable
from toolkit.storage.store import new_id

HARD = "most_difficult"
SECRET = "our funder may leave us <b>soon</b>"


@pytest.fixture
def workshop(tmp_path: Path):
    with Workshop.open(tmp_path / "room") as workshop:
        workshop.roster.register("Alder House", "Birch Line", "Cedar Trust")
        yield workshop


def blocks(board: Board, kind: str) -> list[dict]:
    return [block for block in board.blocks if block["type"] == kind]


def choose(board: Board, id_: str, value: str) -> None:
    board._handle_custom_msg({"type": "chose", "id": id_, "value": value}, [])


def tell(workshop: Workshop, name: str, question: str, value: object) -> None:
    organization = workshop.roster.organization(name)
    workshop.discussion.save(Answer(new_id(), organization.id, SCRIBE, question, value, "ours"))


def console(page: Facilitator) -> Console:
    part = page.parts["room"]
    assert isinstance(part, Console)
    return part


def report_board(page: Facilitator) -> ReportBoard:
    part = page.parts["report_back"]
    assert isinstance(part, ReportBoard)
    return part


def three_lines(workshop: Workshop) -> None:
    for name in ("Alder House", "Birch Line", "Cedar Trust"):
        tell(workshop, name, "easiest", f"Easy for {name}")
        tell(workshop, name, HARD, SECRET if name == "Cedar Trust" else f"Hard for {name}")
        tell(workshop, name, "first_step", f"Step of {name}")
    workshop.report_back.release(workshop.roster.organization("Alder House").id)
    workshop.report_back.release(workshop.roster.organization("Birch Line").id)


def seconds_left(part: Console) -> float:
    deadline = datetime.datetime.fromisoformat(blocks(part.now, "timer")[0]["deadline"])
    return (deadline - datetime.datetime.now(datetime.UTC)).total_seconds()


# The room


def test_a_stage_is_opened_softly_closed_and_brought_back(workshop: Workshop) -> None:
    part = console(workshop.facilitator())
    assert part.open.description == "Open stage 1 for everybody"
    assert part.close_softly.disabled
    assert part.close.disabled
    assert part.back.disabled

    part.open.click()
    assert blocks(part.now, "stage")[0]["words"] == STATES["open"]
    assert part.open.disabled
    part.close_softly.click()
    assert blocks(part.now, "stage")[0]["words"] == STATES["closing"]
    part.back.click()

    assert blocks(part.now, "stage")[0]["words"] == STATES["open"]
    assert stages.fold(workshop.current.store.events()).now == stages.Moment("stakeholders", "open")


def test_the_clock_has_the_minutes_of_the_agenda_and_gets_more(workshop: Workshop) -> None:
    part = console(workshop.facilitator())
    planned = next(each for each in workshop.worksheet.agendas if each.minutes == workshop.settings.minutes)
    minutes = sum(step.minutes for step in planned.steps if step.stage == "stakeholders")

    part.open.click()
    first = seconds_left(part)
    part.two_more.click()
    part.five_more.click()

    assert minutes * 60 - 30 < first <= minutes * 60
    assert (minutes + 7) * 60 - 30 < seconds_left(part) <= (minutes + 7) * 60
    part.stop.click()
    assert blocks(part.now, "timer")[0]["deadline"] == ""
    assert part.stop.disabled


def test_closing_offers_the_next_stage_and_back_brings_the_old_clock(workshop: Workshop) -> None:
    part = console(workshop.facilitator())
    part.open.click()
    before = blocks(part.now, "timer")[0]["deadline"]

    part.close.click()
    assert part.open.description == "Open stage 2 for everybody"
    part.open.click()
    assert blocks(part.now, "stage")[0]["title"] == "2. Policy drafting"
    part.back.click()
    part.back.click()

    assert blocks(part.now, "timer")[0]["deadline"] == before
    assert part.which.value == "stakeholders"


def test_show_each_other_can_be_taken_back(workshop: Workshop) -> None:
    part = console(workshop.facilitator())
    part.open.click()

    part.reveal.click()
    assert stages.fold(workshop.current.store.events()).revealed == {"stakeholders"}
    assert part.reveal.description == "Hide again"
    part.reveal.click()

    assert stages.fold(workshop.current.store.events()).revealed == frozenset()


def test_who_types_and_whose_hand_is_up(workshop: Workshop) -> None:
    alder = workshop.roster.organization("Alder House")
    person = workshop.roster.join(alder.id, "Wren")
    workshop.record(stages.open_stage("stakeholders"))
    workshop.record(stages.tell_presence({alder.id: stages.Presence(7, 5)}))
    workshop.record(stages.ask_help(person.id))
    part = console(workshop.facilitator())

    assert blocks(part.now, "text")[0]["words"] == "5 still typing, 7 phones connected."
    assert blocks(part.hands, "hands")[0]["items"] == [{"id": person.id, "words": "Alder House, Wren"}]
    choose(part.hands, "helped", person.id)

    assert blocks(part.hands, "hands")[0]["items"] == []
    assert stages.fold(workshop.current.store.events()).needs_help == ()


def test_the_workshop_ends_at_the_second_press_only(workshop: Workshop) -> None:
    page = workshop.facilitator()
    part = console(page)

    part.end.click()
    assert (part.end.description, stages.fold(workshop.current.store.events()).ended) == (END_SURE, False)
    part.keep.click()
    assert part.end.description == END
    part.end.click()
    part.end.click()

    assert stages.fold(workshop.current.store.events()).ended
    assert part.open.disabled
    page.refresh()
    assert blocks(page.head, "text")[0]["words"].startswith("The workshop has ended.")


def test_what_to_say_stands_there_until_the_stage_is_open(workshop: Workshop) -> None:
    part = console(workshop.facilitator())
    script = blocks(part.room, "say")[0]
    assert script["open"]
    assert next(each["title"] for each in script["items"]) == "Welcome, objectives, ground rules"

    part.open.click()

    assert not blocks(part.room, "say")[0]["open"]


def test_the_discussion_cards_and_what_to_say_are_at_hand(workshop: Workshop) -> None:
    told = blocks(console(workshop.facilitator()).room, "say")
    found = {block["title"]: [item["title"] for item in block["items"]] for block in told}
    sheet = workshop.worksheet

    assert found["Stories to talk about"] == [card.title for card in sheet.scenarios]
    assert found["When something comes up"] == [script.title for script in sheet.scripts]
    assert {"thomas", "sharon", "julie", "jim"} <= {card.id for card in sheet.scenarios}


def test_a_rehearsal_says_that_it_is_one(tmp_path: Path) -> None:
    with Workshop.open(tmp_path / "dry") as workshop:
        workshop.rehearsals.rehearse(3, 6, 1)
        page = workshop.facilitator()

        assert blocks(page.head, "text")[0]["words"].startswith("This is a rehearsal.")
        assert blocks(page.head, "projector")[0]["blocks"][0]["words"].startswith("This is a rehearsal.")


def test_one_part_is_seen_at_a_time(workshop: Workshop) -> None:
    page = workshop.facilitator()

    for part in PARTS:
        choose(page.head, "part", part)
        assert [each for each, shown in page.parts.items() if shown.widget.layout.display != "none"] == [part]
        assert blocks(page.head, "sections")[0]["value"] == part
    choose(page.head, "part", "no-such")
    assert page.part == "drafts"


def test_every_scene_of_the_projector_can_be_shown_and_opening_a_stage_shows_the_clock(workshop: Workshop) -> None:
    page = workshop.facilitator()

    for scene, _ in SCENES:
        choose(page.head, "scene", scene)
        assert blocks(page.head, "projector")[0]["blocks"]
    choose(page.head, "scene", "doors")
    console(page).open.click()

    assert page.scene == "clock"


# Doors


def test_doors_without_a_join_page_say_what_to_do(workshop: Workshop) -> None:
    part = workshop.facilitator().parts["doors"]

    assert blocks(part.board, "empty")[0]["words"].startswith("The join page is not running")
    assert part.address.widget.layout.display == "none"


def test_doors_show_the_way_in_and_who_came(workshop: Workshop) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        way = {
            "addresses": ["192.168.1.5", "10.0.0.9"],
            "port": listening.getsockname()[1],
            "key": "k",
            "code": "ABC234XYZ",
        }
        workshop.current.store.add_event(
            "door", "", way | {"qr": {"192.168.1.5": ["10", "01"], "10.0.0.9": ["11", "00"]}}
        )
        workshop.roster.join(workshop.roster.organization("Birch Line").id, "Otter")
        page = workshop.facilitator()
        part = page.parts["doors"]

        shown = blocks(part.board, "door")[0]
        assert (shown["code"], shown["qr"]) == ("ABC 234 XYZ", ["10", "01"])
        assert {"name": "Birch Line", "words": "1 person"} in blocks(part.board, "arrivals")[0]["items"]
        assert not blocks(part.board, "text")[0]["words"].startswith("The join page does not answer")
        part.address.value = "10.0.0.9"

    part.refresh()
    assert blocks(part.board, "door")[0]["qr"] == ["11", "00"]
    assert blocks(part.board, "text")[0]["words"] == "The join page does not answer right now."
    assert "#" not in json.dumps(part.board.blocks)


def test_people_and_shared_devices_are_counted_apart_wherever_it_is_said_who_joined(workshop: Workshop) -> None:
    """A table's device is no person, and a room of tables is not empty."""
    alder, birch, *_ = workshop.roster.register("Alder House", "Birch Line")
    announce_join_link(workshop, 8000, ["192.168.1.5"])
    sessions = Sessions(workshop)

    async def came() -> str:
        for organization in (alder, birch, birch):
            token, _ = await sessions.begin(organization.id, "", table=True, old=None)
        return token

    last = finished(came())
    page, state = workshop.facilitator(), InvitationController(workshop).state()
    assert [(each.people, each.shared_devices) for each in state.attendance] == [(0, 1), (0, 2), (0, 0)]
    assert "3 shared devices from 2 organizations." in told(page.parts["doors"].board)
    assert "3 shared devices joined." in told(page.parts["room"].room)
    assert "3 shared devices." in str(workshop.papers.report())

    finished(sessions.end(last))
    for name in ("Otter", "Wren"):
        workshop.roster.join(birch.id, name)
    page.refresh()
    for part in page.parts.values():
        part.refresh()
    assert "2 people and 2 shared devices from 2 organizations." in told(page.parts["doors"].board)
    assert {"name": "Birch Line", "words": "2 people and 1 shared device"} in arrivals(page.parts["doors"].board.blocks)
    projected = invitation_panel.invitation_blocks(InvitationController(workshop).state(), most=12)
    assert "2 people and 2 shared devices from 2 organizations." in json.dumps(projected)
    assert {each["name"]: each["words"] for each in arrivals(projected)} == {
        "Birch Line": "2 + 1 shared device", "Alder House": "1 shared device",
    }  # fmt: skip
    assert "2 people and 2 shared devices joined." in told(page.parts["room"].room)
    rows = blocks(page.parts["set_up"].coming, "table")[0]["rows"]
    assert [row for row in rows if row[0] == "Birch Line"] == [["Birch Line", "2", "1"]]


def test_a_room_of_shared_devices_is_not_told_that_no_one_has_joined(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toolkit.notebook.invitation_panel.LONG_ALONE", datetime.timedelta(seconds=-1))
    announce_join_link(workshop, 8000, ["192.168.1.5"])
    assert InvitationController(workshop).state().alone
    finished(Sessions(workshop).begin(workshop.roster.register("Alder House")[0].id, "", table=True, old=None))

    assert not InvitationController(workshop).state().alone


def arrivals(shown: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    return [item for block in shown if block["type"] == "arrivals" for item in block["items"]]


def told(board: Board) -> str:
    return json.dumps(board.blocks)


def test_when_nobody_comes_the_page_says_what_may_be_wrong() -> None:
    state = invitation_panel.InvitationState(open=True, address="http://192.168.1.5:8000", code="ABC", alone=True)
    part = invitation_panel.InvitationPanel(lambda: state, {}, Board)

    assert "hotspot" in blocks(part.board, "text")[0]["words"]


def test_without_a_network_no_address_is_shown_and_the_page_says_what_to_do(workshop: Workshop) -> None:
    way = announce_join_link(workshop, 8000, ["192.168.1.5"])
    workshop.record(join_link_event(replace(way, addresses=(), qr={})))
    page = workshop.facilitator()
    part = page.parts["doors"]
    told = json.dumps(part.board.blocks)

    assert blocks(part.board, "door") == []
    assert "No Wi-Fi yet." in told
    assert "Turn on the hotspot; the code will appear here." in told
    assert f"open http://127.0.0.1:8000/ on this computer and type the code {way.grouped_code}" in told
    projected = json.dumps(invitation_panel.invitation_blocks(InvitationController(workshop).state(), most=12))
    assert "No Wi-Fi yet." in projected
    assert "127.0.0.1" not in projected

    workshop.record(join_link_event(way))
    part.refresh()
    assert blocks(part.board, "door")[0]["address"] == "http://192.168.1.5:8000"
    assert "No Wi-Fi yet." not in json.dumps(part.board.blocks)


# The report-back


def test_the_board_is_blind_and_then_shows_released_words_only(workshop: Workshop) -> None:
    three_lines(workshop)
    page = workshop.facilitator()
    part = report_board(page)
    choose(page.head, "part", "report_back")
    choose(page.head, "scene", "report_back")
    assert "Hard for" not in json.dumps(part.board.blocks)
    assert [row[2]["words"] for row in blocks(part.board, "table")[0]["rows"]] == ["Released", "Released", "Kept"]

    part.show.click()
    page.refresh()

    hardest = blocks(part.board, "lines")[1]
    assert [point["title"] for point in hardest["points"]] == ["Hard for Alder House", "Hard for Birch Line"]
    assert hardest["empty"] == "One more answered and kept its words to itself."
    everything = json.dumps(
        [each.blocks for each in (part.board, part.voting, part.speaking, part.pictures, page.head)]
    )
    assert SECRET not in everything
    assert "Step of Cedar Trust" not in everything
    workshop.report_back.release(workshop.roster.organization("Birch Line").id, yes=False)
    part.refresh()
    assert [point["title"] for point in blocks(part.board, "lines")[1]["points"]] == ["Hard for Alder House"]


def test_one_button_is_the_next_thing_to_do_at_every_moment_of_the_report_back(workshop: Workshop) -> None:
    three_lines(workshop)
    part = report_board(workshop.facilitator())
    seen = [next_thing(part)]
    part.show.click()
    seen.append(next_thing(part))
    points = [point["id"] for point in blocks(part.board, "lines")[1]["points"]]
    for each in points:
        choose(part.board, "pick", each)
    seen.append(next_thing(part))
    part.name.value = "Old ties"
    part.group.click()
    while not part.next.disabled:
        seen.append(next_thing(part))
        part.next.click()
    for press in (part.vote, part.vote, part.votes):
        seen.append(next_thing(part))
        press.click()
    seen.append(next_thing(part))

    assert seen == [
        ["Show the released lines"], ["Next speaker"], ["Group these"], ["Next speaker"], ["Next speaker"],
        ["Next speaker"], ["Open the vote"], ["Close the vote"], ["Show the votes"], [],
    ]  # fmt: skip


def test_no_part_of_the_page_ever_asks_for_two_things_at_once(workshop: Workshop) -> None:
    workshop.roster.register("Alder Hous", "Birch Lin", "Dogwood Clinic")
    page = workshop.facilitator()
    assert {name: len(next_thing(part)) for name, part in page.parts.items()} == {
        "set_up": 1, "organizations": 0, "doors": 0, "room": 1, "report_back": 1, "drafts": 1,
    }  # fmt: skip
    workshop.record(stages.open_stage("stakeholders"))
    for part in page.parts.values():
        part.refresh()
    choose(page.parts["set_up"].choices, "minutes", "90")
    assert next_thing(page.parts["set_up"]) == ["Yes, change it"]
    pair = page.parts["organizations"].list.blocks[1]["items"][0]["value"]
    choose(page.parts["organizations"].list, "alike", pair)
    assert next_thing(page.parts["organizations"]) == ["Yes, both are “Alder House”"]
    assert all(len(next_thing(part)) <= 1 for part in page.parts.values())
    choose(page.head, "part", "drafts")
    assert next_thing(page.parts["drafts"]) == ["Write all drafts in Word"]


def next_thing(part: Any) -> list[str]:
    """The words of every button of a part that can be seen, can be pressed, and looks like the next thing to do."""
    return [words for child in part.widget.children for words in emphasized(child)]


def emphasized(widget: Any) -> Iterator[str]:
    if widget.layout.display == "none":
        return
    if isinstance(widget, widgets.Button) and not widget.disabled and "pw-second" not in widget._dom_classes:
        yield widget.description
    for block in getattr(widget, "blocks", ()):
        if block["type"] in ("ask", "action") and not block["second"]:
            yield block["items"][0]["words"] if block["type"] == "ask" else block["words"]
    for child in getattr(widget, "children", ()):
        yield from emphasized(child)


def test_the_projector_shows_what_was_done_last_a_speaker_the_vote_or_its_result(workshop: Workshop) -> None:
    three_lines(workshop)
    page = workshop.facilitator()
    choose(page.head, "scene", "report_back")
    part = report_board(page)

    def title() -> str:
        shown = workshop.facilitator()
        choose(shown.head, "scene", "report_back")
        first = blocks(shown.head, "projector")[0]["blocks"][0]
        return str(first.get("words") if first["type"] == "heading" else f"{first['title']} {first['words']}")

    part.show.click()
    part.next.click()
    assert title().endswith("has the floor")
    part.vote.click()
    assert title().startswith("The vote is open")
    part.next.click()
    assert title().endswith("has the floor")
    for organization in workshop.organizations:
        workshop.record(
            report_back.vote(organization.id, dict.fromkeys([workshop.report_back.reported().on_vote[0].id], 2))
        )
    part.votes.click()
    assert title() == "What the room finds hardest"
    part.next.click()
    assert title().endswith("has the floor")


def test_alike_answers_are_grouped_voted_on_and_stand_in_the_report(workshop: Workshop) -> None:
    three_lines(workshop)
    part = report_board(workshop.facilitator())
    part.show.click()
    points = [point["id"] for point in blocks(part.board, "lines")[1]["points"]]
    assert part.group.disabled

    for each in points:
        choose(part.board, "pick", each)
    part.group.click()
    assert part.messages.blocks[0]["words"].startswith("the group needs a name")
    part.name.value = "Old ties"
    part.group.click()
    group = blocks(part.board, "lines")[1]["points"][0]
    assert (group["title"], group["group"], len(group["lines"])) == ("Old ties", True, 2)
    for _ in range(4):
        choose(part.voting, "dot", f"+{group['id']}")
    choose(part.voting, "dot", f"-{group['id']}")
    assert group["dots"] is None
    part.votes.click()

    assert blocks(part.board, "lines")[1]["points"][0]["dots"] == 3
    assert blocks(part.voting, "table")[0]["rows"] == [["Old ties", "3"]]
    assert on_projector(workshop) == [(1, "Old ties", "fewer than 5 dots")]
    ballot = blocks(part.voting, "dots")[0]
    assert (ballot["legend"], ballot["unit"]) == ("Dots counted aloud", "counted aloud")
    top = next(section for section in workshop.papers.report().sections if section.id == "top")
    assert [[words_of(cell) for cell in row] for row in top.blocks[-1].rows] == [["Old ties", "–", "fewer than 5"]]


def on_projector(workshop: Workshop) -> list[tuple[int, str, str]]:
    """The result as the room sees it: place, point, dots."""
    page = workshop.facilitator()
    choose(page.head, "scene", "report_back")
    shown = blocks(page.head, "projector")[0]["blocks"]
    result = next(each for each in shown if each["type"] == "ranks")
    hidden = any("fewer" in each["words"] for each in result["items"])
    assert any(each.get("words") == REASON_FOR_HIDING for each in shown) == hidden, "a hidden count says why"
    return [(each["place"], each["title"], each["words"]) for each in result["items"]]


def test_the_vote_is_opened_closed_and_shown_and_only_then_are_there_dots(workshop: Workshop) -> None:
    three_lines(workshop)
    page = workshop.facilitator()
    part = report_board(page)
    part.show.click()
    points = [point["id"] for point in blocks(part.board, "lines")[1]["points"]]

    part.vote.click()
    for place, voter in enumerate(("ann", "bo", "cat")):
        workshop.report_back.vote(voter, {points[place % 2]: 3})
        page.refresh()
    part.refresh()
    assert "3 have voted." in blocks(part.voting, "text")[0]["words"]
    shown = blocks(page.head, "projector")[0]["blocks"]
    assert (shown[0]["title"], shown[0]["words"]) == (
        "The vote is open",
        "Three dots each, on your phone or at your table. 3 have voted.",
    )
    assert all(each["dots"] is None for block in shown if block["type"] == "lines" for each in block["points"])
    assert not blocks(part.voting, "table")
    part.vote.click()
    assert part.vote.description == "Open the vote"
    part.votes.click()

    assert [row[1] for row in blocks(part.voting, "table")[0]["rows"]] == ["6", "3"]
    assert on_projector(workshop) == [
        (1, "Hard for Alder House", "6 dots"), (2, "Hard for Birch Line", "fewer than 5 dots"),
    ]  # fmt: skip


def test_answers_to_different_questions_do_not_become_one_group(workshop: Workshop) -> None:
    three_lines(workshop)
    part = report_board(workshop.facilitator())
    part.show.click()
    easiest, hardest, _ = blocks(part.board, "lines")
    part.name.value = "Both"

    choose(part.board, "drop", f"{easiest['points'][0]['id']}|{hardest['points'][0]['id']}")

    assert part.messages.blocks[0]["words"].startswith("these answer different questions")
    assert not report_back.fold(workshop.current.store.events()).groups


def test_a_group_is_taken_apart_again(workshop: Workshop) -> None:
    three_lines(workshop)
    part = report_board(workshop.facilitator())
    part.show.click()
    points = [point["id"] for point in blocks(part.board, "lines")[1]["points"]]
    part.name.value = "Alike"
    choose(part.board, "drop", "|".join(points))
    choose(part.board, "pick", blocks(part.board, "lines")[1]["points"][0]["id"])

    part.apart.click()

    assert [point["id"] for point in blocks(part.board, "lines")[1]["points"]] == points


def test_everybody_speaks_once_in_the_drawn_order(workshop: Workshop) -> None:
    page = workshop.facilitator()
    part = report_board(page)
    spoke = []

    while not part.next.disabled:
        part.next.click()
        spoke.append(blocks(part.speaking, "text")[0]["words"])
        assert blocks(part.speaking, "timer")[0]["deadline"]

    assert sorted(spoke) == [f"{name} has the floor." for name in ("Alder House", "Birch Line", "Cedar Trust")]
    part.back.click()
    assert blocks(part.speaking, "text")[0]["words"] == spoke[-2]
    part.shuffle.click()
    assert blocks(part.speaking, "text")[0]["words"] == "Nobody speaks yet."
    assert page.scene == "report_back"


def test_how_to_reach_a_person_never_comes_on_the_board(workshop: Workshop) -> None:
    three_lines(workshop)
    tell(workshop, "Alder House", "first_step_who", {"name": "J. Doe", "role": "lead", "reach": "555 0100"})
    workshop.report_back.release(workshop.roster.organization("Alder House").id)
    part = report_board(workshop.facilitator())

    part.show.click()

    assert blocks(part.pictures, "table")[0]["rows"][0][:3] == ["Alder House", "Step of Alder House", "J. Doe, lead"]
    assert "555 0100" not in json.dumps(part.pictures.blocks)


def test_the_projector_shows_the_lines_of_who_speaks_only_when_they_are_released(workshop: Workshop) -> None:
    three_lines(workshop)
    page = workshop.facilitator()
    part = report_board(page)
    part.show.click()
    seen = {}

    while not part.next.disabled:
        part.next.click()
        page.refresh()
        shown = blocks(page.head, "projector")[0]["blocks"]
        seen[shown[0]["title"]] = [block["items"] for block in shown if block["type"] == "facts"]

    assert seen["Cedar Trust"] == []
    assert seen["Birch Line"][0][1] == ["Hardest", "Hard for Birch Line"]


# A table


def at_table(workshop: Workshop, name: str) -> OneTable:
    page = workshop.table("report_back")
    page.pick.value = name
    return page


def test_a_table_releases_its_three_lines_and_takes_them_back(workshop: Workshop) -> None:
    three_lines(workshop)
    page = at_table(workshop, "Cedar Trust")
    assert blocks(page.board, "action")[0]["words"] == "Show our lines to the room"
    cedar = workshop.roster.organization("Cedar Trust").id

    choose(page.board, "release", "yes")
    assert cedar in workshop.report_back.released
    assert blocks(page.board, "action")[0]["words"] == "Take our lines back"
    choose(page.board, "release", "no")

    assert cedar not in workshop.report_back.released


def test_a_table_has_three_dots_and_no_more(workshop: Workshop) -> None:
    three_lines(workshop)
    workshop.record(report_back.show())
    page = at_table(workshop, "Cedar Trust")
    assert not blocks(page.board, "dots")
    workshop.record(report_back.open_vote())
    page.refresh()
    point = blocks(page.board, "dots")[0]["items"][0]["id"]

    for _ in range(4):
        choose(page.board, "dot", f"+{point}")

    assert page.messages.blocks[0]["words"].startswith("All three dots are given.")
    assert blocks(page.board, "dots")[0]["items"][0]["mine"] == 3
    assert SECRET not in json.dumps(blocks(page.board, "dots"))
    choose(page.board, "dot", f"-{point}")
    assert blocks(page.board, "dots")[0]["left"] == 1


def test_a_table_sees_its_stakeholders_and_its_way_to_a_yes(workshop: Workshop) -> None:
    tell(workshop, "Alder House", "who_do_you_serve", ["Young people", "Families"])
    tell(workshop, "Alder House", "who_approves", ["Director", "Board"])
    page = workshop.table("stakeholders")
    page.pick.value = "Alder House"

    map_, route = blocks(page.board, "picture")
    assert map_["shapes"]["right"] == ["Young people", "Families"]
    assert route["shapes"] == {"kind": "path", "nodes": ["Director", "Board"]}


# A table's form


def hear(form: Form, kind: str, **said: object) -> None:
    form.widget._handle_custom_msg({"type": kind, "id": new_id(), **said}, [])


def test_a_table_sees_the_voices_of_its_phones_picks_one_and_notes_who_differs(workshop: Workshop) -> None:
    alder = workshop.roster.organization("Alder House")
    ann, bo = (workshop.roster.join(alder.id, name) for name in ("Wren", "Otter"))
    page = at_table(workshop, "Alder House")
    form = workshop.form("report_back", "Alder House")
    assert form.widget.voices == {}
    for person, words in ((ann, "Old ties"), (bo, "The night shift")):
        workshop.discussion.save(Answer(new_id(), alder.id, person.id, HARD, words))
    form.refresh()
    assert (form.widget.voices[HARD]["answered"], form.widget.voices[HARD]["voices"]) == (2, [])
    page.refresh()
    assert "Old ties" not in json.dumps(page.board.blocks)
    assert "Answered on phones, not shown to each other yet." in json.dumps(page.board.blocks)

    hear(form, "reveal", question=HARD)
    first, _ = form.widget.voices[HARD]["voices"]
    hear(form, "propose", question=HARD, value="Old ties", made_from=[first["id"]], note="")
    (offered,) = form.widget.voices[HARD]["proposals"]
    hear(form, "opinion", question=HARD, answer=offered["id"], agrees=False, note="The night shift is harder")

    assert (offered["by_table"], offered["status"], form.widget.values[HARD]) == (True, "agreed", "Old ties")
    held = workshop.discussion.positions(alder.id)[HARD]
    assert (held.value, held.status, first["id"] in held.voices) == ("Old ties", "agreed", True)
    assert {"The night shift is harder"} < {each.note for each in held.dissent} | {each.words for each in held.dissent}


def test_a_form_in_a_notebook_tells_who_writes_and_counts_what_it_asked_about(workshop: Workshop) -> None:
    alder = workshop.roster.organization("Alder House")
    ann = workshop.roster.join(alder.id, "Wren")
    form = workshop.form("report_back", "Alder House")

    hear(form, "writing", question=HARD)
    hear(form, "writing", question="no_such_question")
    hear(form, "tripwire", rule="c1_phone", kept=True)
    hear(form, "tripwire", rule="call 555-0142", kept=True)

    assert workshop.discussion.voices(alder.id, ann.id)[HARD]["writing"] == ["The table"]
    assert [(each.about, each.yes) for each in events_of(workshop, ClientDetailEvent)] == [("c1_phone", True)]


def test_a_form_in_a_notebook_points_out_a_wording_that_may_be_too_broad(workshop: Workshop) -> None:
    alder = workshop.roster.organization("Alder House")
    ann = workshop.roster.join(alder.id, "Wren")
    table, own = workshop.form("policy_drafting", "Alder House"), workshop.form("policy_drafting", "Alder House", ann)
    broad = {"other": "Staff must give us their passwords."}
    workshop.discussion.save(Answer(new_id(), alder.id, ann.id, "client_requests", broad))
    told: list[tuple[str, dict[str, object]]] = []
    table.widget.send = lambda said: told.append(("table", said))
    own.widget.send = lambda said: told.append(("own", said))

    hear(own, "cautions", question="client_requests")
    hear(table, "cautions", question="client_requests")
    hear(own, "cautions", question="no_such_question")

    assert [(who, [each["found"] for each in said["cautions"]]) for who, said in told] == [
        ("own", ["must give us their passwords"]),
        ("table", []),
    ]


def test_erasing_is_offered_after_the_end_asked_twice_and_can_be_taken_back(workshop: Workshop) -> None:
    page = workshop.facilitator()
    assert not blocks(page.head, "ask")
    workshop.record(stages.end())
    page.refresh()

    choose(page.head, "erase", "")
    assert not workshop.lifecycle.is_to_be_erased
    choose(page.head, "erase_all", "")
    assert workshop.lifecycle.is_to_be_erased
    assert any("erased when you stop" in each["words"] for each in blocks(page.head, "text"))
    choose(page.head, "keep", "")
    assert not workshop.lifecycle.is_to_be_erased
    assert [each["id"] for each in blocks(page.head, "ask")[0]["items"]] == ["erase"]


def test_the_worksheet_is_written_on_paper_from_the_page(workshop: Workshop) -> None:
    part = workshop.facilitator().parts["set_up"]
    choose(part.before, "paper", "")
    assert (workshop.folder / "paper.docx").read_bytes().startswith(b"PK")
    assert blocks(part.messages, "text")[0]["words"].endswith("in your workshop's folder: paper.docx.")
