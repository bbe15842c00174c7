"""The report-back folds any events without a fault, keeps each point in one group, and counts dots honestly."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from toolkit import reportback
from toolkit.reportback import Line, ReportBack, fold, point
from toolkit.workshop import Workshop

NOW = datetime.datetime(2026, 3, 4, 10, 0, tzinfo=datetime.UTC)
ORGANIZATIONS = ("a", "b", "c", "d")
POINTS = [point(question, each) for question in ("easiest", "hard") for each in ORGANIZATIONS]
LINES = tuple(Line(point("hard", each), each.upper(), f"{each} says") for each in ORGANIZATIONS)


@dataclass(frozen=True)
class Event:
    kind: str
    about: str
    value: Any


def after(*acts: reportback.Act) -> ReportBack:
    return fold(Event(*act) for act in acts)


anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.lists(st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=6), st.integers() | st.none() | st.lists(st.text(max_size=3)), max_size=3),
)  # fmt: skip
wild = st.builds(Event, st.sampled_from([*reportback.FOLDS, "stage", "?"]), st.text(max_size=4), anything)
grouping = st.builds(
    lambda id_, points: Event(*reportback.gather(id_, f"about {id_}", points)),
    st.sampled_from(["g1", "g2", "g3"]),
    st.lists(st.sampled_from(POINTS), max_size=5),
)
voting = st.builds(
    lambda voter, dots: Event(*reportback.vote(voter, dots)),
    st.sampled_from([*ORGANIZATIONS, reportback.ROOM]),
    st.dictionaries(st.sampled_from([*POINTS, "g1", "g2"]), st.integers(-1, 5), max_size=3),
)
turning = st.builds(lambda each: Event(*reportback.call(each, NOW)), st.sampled_from(ORGANIZATIONS))
going_back = st.just(Event(*reportback.call_back()))
events = st.lists(st.one_of(grouping, voting, turning, going_back, wild), max_size=30)


@given(events, events)
def test_folding_on_is_folding_all(first: list[Event], later: list[Event]) -> None:
    assert fold(later, fold(first)) == fold([*first, *later])


@given(events)
def test_a_point_stands_in_one_group_and_no_group_is_empty(happened: list[Event]) -> None:
    state = fold(happened)

    inside = [each for group in state.groups.values() for each in group.points]
    assert len(inside) == len(set(inside))
    assert all(group.points for group in state.groups.values())
    assert all(len({reportback.question_of(each) for each in group.points}) == 1 for group in state.groups.values())


@given(events)
def test_nobody_has_more_dots_than_three_and_none_counts_twice(happened: list[Event]) -> None:
    state = fold(happened)

    for voter, ballot in state.ballots.items():
        assert voter == reportback.ROOM or sum(ballot.values()) <= reportback.DOTS
    given_dots = sum(sum(ballot.values()) for ballot in state.ballots.values())
    assert sum(entry.dots for entry in reportback.entries(state, LINES)) <= given_dots


@given(events)
def test_every_line_stands_on_the_board_exactly_once(happened: list[Event]) -> None:
    standing = reportback.entries(fold(happened), LINES)

    assert sorted(line.point for entry in standing for line in entry.lines) == sorted(line.point for line in LINES)


@given(events)
def test_nobody_is_called_twice_before_everybody_has_spoken(happened: list[Event]) -> None:
    state = fold(happened)

    assert len(state.turns) == len(set(state.turns))
    waiting = reportback.following(state, ORGANIZATIONS)
    assert waiting not in state.turns
    assert bool(waiting) == bool(set(ORGANIZATIONS) - set(state.turns))


@given(st.text(), st.sets(st.text(max_size=4), max_size=12), st.text(max_size=4))
def test_who_comes_late_does_not_shuffle_the_others(seed: str, names: set[str], late: str) -> None:
    state = after(reportback.shuffle(seed))

    before = reportback.order(state, names - {late})
    assert [each for each in reportback.order(state, names | {late}) if each != late] == list(before)


def test_the_latest_release_counts() -> None:
    assert after(("release", "a", True), ("release", "b", True), ("release", "a", False)).released == {"b"}


def test_a_group_keeps_the_dots_its_points_had() -> None:
    first, second = LINES[0].point, LINES[1].point
    state = after(
        reportback.vote("c", {first: 2}), reportback.vote("d", {second: 1}),
        reportback.gather("g", "Friend requests", [first, second]), reportback.vote("a", {"g": 3}),
    )  # fmt: skip

    group = reportback.entries(state, LINES)[0]
    assert (group.title, group.dots, group.is_group) == ("Friend requests", 6, True)
    assert reportback.own_dots(state, "c", reportback.entries(state, LINES)) == {"g": 2}


def test_dots_on_a_group_taken_apart_are_free_again() -> None:
    points = [LINES[0].point, LINES[1].point]
    state = after(reportback.gather("g", "Alike", points), reportback.vote("a", {"g": 3}), reportback.take_apart("g"))

    assert not state.groups
    assert reportback.own_dots(state, "a", reportback.entries(state, LINES)) == {}


def test_more_than_three_dots_are_not_counted_and_the_ballot_before_stands() -> None:
    state = after(reportback.vote("a", {"g": 2}), reportback.vote("a", {"g": 2, "h": 2}))

    assert state.ballots["a"] == {"g": 2}


def test_top_five_holds_who_ties_with_the_fifth() -> None:
    lines = [Line(point("hard", str(each)), str(each), "words") for each in range(8)]
    dots = {lines[each].point: count for each, count in enumerate((9, 8, 7, 6, 2, 2, 1))}
    standing = reportback.entries(after(reportback.vote(reportback.ROOM, dots)), lines)

    assert [entry.dots for entry in reportback.top(standing)] == [9, 8, 7, 6, 2, 2]


def test_calling_back_gives_the_floor_to_who_had_it() -> None:
    state = after(reportback.call("a", NOW), reportback.call("b", NOW), reportback.call_back())

    assert (state.speaker, state.deadline) == ("a", None)
    assert after(reportback.call("a", NOW)).deadline == NOW + datetime.timedelta(seconds=45)


def test_it_folds_what_a_real_workshop_kept(workshop: Workshop) -> None:
    alder = workshop.register("Alder House")[0]
    workshop.release(alder)
    workshop.happen(*reportback.show())
    workshop.happen(*reportback.gather("g", "Alike", [point("hard", alder.id)]))
    workshop.happen(*reportback.vote(alder.id, {"g": 3}))

    state = fold(workshop.events())

    assert (state.shown, state.released, state.votes_shown) == (True, {alder.id}, False)
    assert reportback.entries(state, [Line(point("hard", alder.id), alder.name, "x")])[0].dots == 3
