"""The room folded from events: stages, soft close, back, timer, hands, the end."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from toolkit import Workshop
from toolkit.answers.model import Event
from toolkit.facilitation import stages
from toolkit.facilitation.events import RoomEvent
from toolkit.facilitation.stages import Moment, Presence, Room, fold

NOW = datetime.datetime(2026, 5, 4, 9, 0, tzinfo=datetime.UTC)


def after(*events: RoomEvent) -> Room:
    return fold(Event(number, *event.row(), at=NOW) for number, event in enumerate(events, start=1))


def minutes_left(state: Room) -> float | None:
    return (state.deadline - NOW).total_seconds() / 60 if state.deadline else None


def test_before_anything_happened_the_room_waits() -> None:
    assert after() == Room()
    assert Room().now == Moment("", "waiting")


def test_a_stage_opens_closes_softly_and_closes() -> None:
    steps = (stages.open_stage("one"), stages.close_softly("one"), stages.close_stage("one"))

    assert [after(*steps[:count]).now.state for count in range(4)] == ["waiting", "open", "closing", "closed"]


def test_back_takes_one_step_back_each_time() -> None:
    steps = (stages.open_stage("one"), stages.close_softly("one"), stages.open_stage("two"))

    assert after(*steps, stages.go_back()).now == Moment("one", "closing")
    assert after(*steps, stages.go_back(), stages.go_back()).now == Moment("one", "open")
    assert after(*steps, *[stages.go_back()] * 9).now == Moment()


def test_stages_that_were_open_stay_known_in_their_order() -> None:
    steps = (stages.open_stage("one"), stages.open_stage("two"), stages.open_stage("one"), stages.go_back())

    assert after(*steps).opened == ("one", "two")


def test_two_minutes_more_go_beyond_the_deadline() -> None:
    first = after(stages.open_stage("one"), stages.set_timer("one", 10, NOW))

    more = after(stages.open_stage("one"), stages.set_timer("one", 10, NOW), stages.more_time(first, 2, NOW))

    assert minutes_left(more) == 12


def test_two_minutes_more_after_the_deadline_count_from_now() -> None:
    late = NOW + datetime.timedelta(minutes=30)
    first = after(stages.open_stage("one"), stages.set_timer("one", 10, NOW))

    more = fold([Event(9, *stages.more_time(first, 2, late).row(), at=late)], first)

    assert minutes_left(more) == 32


def test_a_closing_stage_keeps_its_time_and_another_stage_begins_without() -> None:
    steps = (stages.open_stage("one"), stages.set_timer("one", 10, NOW))

    assert minutes_left(after(*steps, stages.close_softly("one"))) == 10
    assert minutes_left(after(*steps, stages.open_stage("two"))) is None
    assert minutes_left(after(*steps, stages.stop_timer("one"))) is None


def test_answers_are_shown_to_colleagues_only_while_that_is_said() -> None:
    assert after(stages.reveal("one")).revealed == {"one"}
    assert after(stages.reveal("one"), stages.reveal("one", yes=False)).revealed == frozenset()


def test_hands_are_in_the_order_in_which_they_went_up() -> None:
    hands = (stages.ask_help("b"), stages.ask_help("a"), stages.ask_help("b"), stages.ask_help("c"))

    assert after(*hands).needs_help == ("b", "a", "c")
    assert after(*hands, stages.ask_help("a", yes=False)).needs_help == ("b", "c")


def test_presence_is_the_latest_that_was_told() -> None:
    state = after(
        stages.tell_presence({"x": Presence(3, 1)}), stages.tell_presence({"x": Presence(5, 2), "y": Presence(2)})
    )

    assert (state.here, state.typing) == (7, 2)
    assert state.presence["y"] == Presence(2, 0)


def test_the_end_is_told() -> None:
    assert not after().ended
    assert after(stages.end()).ended


@pytest.mark.parametrize("act", [("stage", "one", "colour"), ("session", "x", {}), ("release", "x", True)])
def test_what_is_no_matter_of_the_room_changes_nothing(act: tuple[str, str, object]) -> None:
    assert fold([Event(1, *act, at=NOW)]) == Room()


def test_the_room_is_the_same_after_the_store_was_opened_again(tmp_path: Path) -> None:
    acts = (stages.open_stage("stakeholders"), stages.set_timer("stakeholders", 5, NOW), stages.ask_help("p"))
    with Workshop.open(tmp_path / "room") as workshop:
        for act in acts:
            workshop.record(act)

    with Workshop.open(tmp_path / "room") as workshop:
        assert fold(workshop.current.store.events()) == after(*acts)
