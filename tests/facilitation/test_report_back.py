"""The report-back folds any events without a fault, keeps each point in one group, and counts dots honestly."""

from __future__ import annotations

import datetime
import threading
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets import HARDEST

from toolkit import Workshop
from toolkit.answers.model import SCRIBE, Answer, Organization
from toolkit.errors import WorkshopError
from toolkit.facilitation import report_back, report_back_views
from toolkit.facilitation.events import EVENTS, RoomEvent
from toolkit.facilitation.report_back import Line, ReportBack, fold, point
from toolkit.storage.store import new_id

NOW = datetime.datetime(2026, 3, 4, 10, 0, tzinfo=datetime.UTC)
ORGANIZATIONS = ("a", "b", "c", "d")
POINTS = [point(question, each) for question in ("easiest", "hard") for each in ORGANIZATIONS]
LINES = tuple(Line(point("hard", each), each.upper(), f"{each} says") for each in ORGANIZATIONS)


@dataclass(frozen=True)
class Event:
    kind: str
    about: str
    value: Any


def after(*acts: RoomEvent) -> ReportBack:
    return fold(Event(*act.row()) for act in acts)


anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.lists(st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=6), st.integers() | st.none() | st.lists(st.text(max_size=3)), max_size=3),
)  # fmt: skip
wild = st.builds(Event, st.sampled_from([*EVENTS, "stage", "?"]), st.text(max_size=4), anything)
grouping = st.builds(
    lambda id_, points: Event(*report_back.gather(id_, f"about {id_}", points).row()),
    st.sampled_from(["g1", "g2", "g3"]),
    st.lists(st.sampled_from(POINTS), max_size=5),
)
voting = st.builds(
    lambda voter, dots: Event(*report_back.vote(voter, dots).row()),
    st.sampled_from([*ORGANIZATIONS, report_back.ROOM_VOTER]),
    st.dictionaries(st.sampled_from([*POINTS, "g1", "g2"]), st.integers(-1, 5), max_size=3),
)
turning = st.builds(lambda each: Event(*report_back.call(each, NOW).row()), st.sampled_from(ORGANIZATIONS))
polling = st.sampled_from([Event(*report_back.open_vote().row()), Event(*report_back.close_vote().row())])
going_back = st.just(Event(*report_back.call_back().row()))
events = st.lists(st.one_of(grouping, voting, polling, turning, going_back, wild), max_size=30)


@given(events, events)
def test_folding_on_is_folding_all(first: list[Event], later: list[Event]) -> None:
    assert fold(later, fold(first)) == fold([*first, *later])


@given(events)
def test_a_point_stands_in_one_group_and_no_group_is_empty(happened: list[Event]) -> None:
    state = fold(happened)

    inside = [each for group in state.groups.values() for each in group.points]
    assert len(inside) == len(set(inside))
    assert all(group.points for group in state.groups.values())
    assert all(len({report_back.question_of(each) for each in group.points}) == 1 for group in state.groups.values())


@given(events)
def test_nobody_has_more_dots_than_three_and_none_counts_twice(happened: list[Event]) -> None:
    state = fold(happened)

    for voter, ballot in state.ballots.items():
        assert voter == report_back.ROOM_VOTER or sum(ballot.values()) <= report_back.DOTS
    given_dots = sum(sum(ballot.values()) for ballot in state.ballots.values())
    assert sum(entry.dots for entry in report_back.entries(state, LINES)) <= given_dots


@given(events)
def test_every_line_stands_on_the_board_exactly_once(happened: list[Event]) -> None:
    standing = report_back.entries(fold(happened), LINES)

    assert sorted(line.point for entry in standing for line in entry.lines) == sorted(line.point for line in LINES)


@given(events)
def test_nobody_is_called_twice_before_everybody_has_spoken(happened: list[Event]) -> None:
    state = fold(happened)

    assert len(state.turns) == len(set(state.turns))
    waiting = report_back.following(state, ORGANIZATIONS)
    assert waiting not in state.turns
    assert bool(waiting) == bool(set(ORGANIZATIONS) - set(state.turns))


@given(st.text(), st.sets(st.text(max_size=4), max_size=12), st.text(max_size=4))
def test_who_comes_late_does_not_shuffle_the_others(seed: str, names: set[str], late: str) -> None:
    state = after(report_back.shuffle(seed))

    before = report_back.order(state, names - {late})
    assert [each for each in report_back.order(state, names | {late}) if each != late] == list(before)


def test_the_latest_release_counts_and_holds_the_very_words() -> None:
    first, second = ({"hard": words} for words in ("Old ties", "New ties"))
    state = after(
        report_back.release("a", first, id_="1"), report_back.release("b", first), report_back.release("b", second),
        report_back.release("a", {}, yes=False, id_="2"), report_back.release("a", first, id_="1"),
    )  # fmt: skip

    assert {about: dict(each.values) for about, each in state.released.items()} == {"b": second}


def test_dots_count_while_the_vote_is_open_and_once() -> None:
    late, twice = report_back.vote("a", {"g": 3}, "late"), report_back.vote("b", {"g": 1}, "once")
    state = after(
        report_back.vote("a", {"g": 1}, "early"), report_back.open_vote(), twice,
        report_back.vote("b", {"g": 2}), twice, report_back.close_vote(), late,
    )  # fmt: skip

    assert (dict(state.ballots), state.vote, state.voted) == ({"b": {"g": 2}}, "closed", 1)


def test_dots_are_never_shown_while_the_vote_runs() -> None:
    shown = after(report_back.open_vote(), report_back.show_votes())
    again = fold([Event(*report_back.open_vote().row())], shown)

    assert [(state.vote, state.votes_shown) for state in (shown, again)] == [("closed", True), ("open", False)]


def test_a_group_keeps_the_dots_its_points_had() -> None:
    first, second = LINES[0].point, LINES[1].point
    state = after(
        report_back.open_vote(), report_back.vote("c", {first: 2}), report_back.vote("d", {second: 1}),
        report_back.gather("g", "Friend requests", [first, second]), report_back.vote("a", {"g": 3}),
    )  # fmt: skip

    group = report_back.entries(state, LINES)[0]
    assert (group.title, group.dots, group.is_group) == ("Friend requests", 6, True)
    assert report_back.own_dots(state, "c", report_back.entries(state, LINES)) == {"g": 2}


def test_dots_on_a_group_taken_apart_are_free_again() -> None:
    points = [LINES[0].point, LINES[1].point]
    state = after(
        report_back.open_vote(), report_back.gather("g", "Alike", points), report_back.vote("a", {"g": 3}),
        report_back.take_apart("g"),
    )  # fmt: skip

    assert not state.groups
    assert report_back.own_dots(state, "a", report_back.entries(state, LINES)) == {}


def test_more_than_three_dots_are_not_counted_and_the_ballot_before_stands() -> None:
    state = after(report_back.open_vote(), report_back.vote("a", {"g": 2}), report_back.vote("a", {"g": 2, "h": 2}))

    assert state.ballots["a"] == {"g": 2}


def test_top_five_holds_who_ties_with_the_fifth() -> None:
    lines = [Line(point("hard", str(each)), str(each), "words") for each in range(8)]
    dots = {lines[each].point: count for each, count in enumerate((9, 8, 7, 6, 2, 2, 1))}
    standing = report_back.entries(after(report_back.vote(report_back.ROOM_VOTER, dots)), lines)

    assert [entry.dots for entry in report_back.top(standing)] == [9, 8, 7, 6, 2, 2]


def test_calling_back_gives_the_floor_to_who_had_it() -> None:
    state = after(report_back.call("a", NOW), report_back.call("b", NOW), report_back.call_back())

    assert (state.speaker, state.deadline) == ("a", None)
    assert after(report_back.call("a", NOW)).deadline == NOW + datetime.timedelta(seconds=45)


# In a real workshop


def tell(workshop: Workshop, organization: Organization, words: str, person: str = SCRIBE) -> None:
    voice = "ours" if person == SCRIBE else "mine"
    workshop.discussion.save(Answer(new_id(), organization.id, person, HARDEST, words, voice))


def test_it_folds_what_a_real_workshop_kept(workshop: Workshop) -> None:
    alder = workshop.roster.register("Alder House")[0]
    tell(workshop, alder, "Old ties")
    workshop.report_back.release(alder.id)
    workshop.record(report_back.show())
    workshop.record(report_back.gather("g", "Alike", [point(HARDEST, alder.id)]))
    workshop.record(report_back.open_vote())
    workshop.report_back.vote(alder.id, {"g": 3})

    state = fold(workshop.current.store.events())

    assert workshop.report_back.reported().back == state
    assert (state.shown, set(state.released), state.votes_shown) == (True, {alder.id}, False)
    assert [(each.title, each.dots) for each in workshop.report_back.reported().entries(HARDEST)] == [("Alike", 3)]


def test_words_that_change_after_they_were_released_are_not_shown(workshop: Workshop) -> None:
    alder = workshop.roster.register("Alder House")[0]
    tell(workshop, alder, "Old ties")
    workshop.report_back.release(alder.id)
    tell(workshop, alder, "What nobody released")

    assert [each.title for each in workshop.report_back.reported().entries(HARDEST)] == ["Old ties"]
    assert "Old ties" in repr(workshop.papers.report())
    assert "nobody released" not in repr(workshop.papers.report())


def test_who_says_yes_says_it_of_the_words_that_they_saw(workshop: Workshop) -> None:
    alder = workshop.roster.register("Alder House")[0]
    with pytest.raises(WorkshopError, match="no words to show"):
        workshop.report_back.release(alder.id)
    tell(workshop, alder, "Old ties")
    seen = report_back_views.mark(workshop.report_back.lines(alder.id))
    tell(workshop, alder, "New ties")

    with pytest.raises(WorkshopError, match="have just changed"):
        workshop.report_back.release(alder.id, mark=seen)
    assert not workshop.report_back.released


def test_nobody_releases_words_of_colleagues_that_they_may_not_see_yet(workshop: Workshop) -> None:
    alder = workshop.roster.register("Alder House")[0]
    ann, bo = (workshop.roster.join(alder.id).id for _ in range(2))
    tell(workshop, alder, "Bo's own words", bo)

    (line,) = (each for each in workshop.report_back.lines(alder.id, ann) if each.question == HARDEST)
    assert (line.words, line.lacks) == ("", "shown")
    with pytest.raises(WorkshopError, match="no words to show"):
        workshop.report_back.release(alder.id, by=ann)
    workshop.report_back.release(alder.id, by=bo)
    assert workshop.report_back.reported().words(alder.id, HARDEST) == "Bo's own words"


def test_how_to_reach_a_person_is_never_released(workshop: Workshop) -> None:
    alder = workshop.roster.register("Alder House")[0]
    who = {"name": "J. Doe", "role": "lead", "reach": "555 0100"}
    workshop.discussion.save(Answer(new_id(), alder.id, SCRIBE, "first_step_who", who, "ours"))
    workshop.report_back.release(alder.id)

    assert workshop.report_back.reported().words(alder.id, "first_step_who") == "J. Doe, lead"
    assert "555 0100" not in repr(workshop.papers.report())


@pytest.mark.parametrize(
    ("dots", "says"),
    [
        ({"most_difficult/nobody": 1}, "not on the board"),
        ({"own": 4}, "3 dots"),
        ({"own": -1}, "whole numbers"),
        ({"own": True}, "whole numbers"),
        ({"own": "3"}, "whole numbers"),
    ],
)
def test_a_ballot_that_does_not_fit_is_not_kept(workshop: Workshop, dots: dict[str, Any], says: str) -> None:
    alder = workshop.roster.register("Alder House")[0]
    tell(workshop, alder, "Old ties")
    workshop.report_back.release(alder.id)
    workshop.record(report_back.show())
    named = {point(HARDEST, alder.id) if id_ == "own" else id_: count for id_, count in dots.items()}
    with pytest.raises(WorkshopError, match="not open yet"):
        workshop.report_back.vote("ann", {})

    workshop.record(report_back.open_vote())
    with pytest.raises(WorkshopError, match=says):
        workshop.report_back.vote("ann", named)
    workshop.record(report_back.close_vote())
    with pytest.raises(WorkshopError, match="closed"):
        workshop.report_back.vote("ann", {point(HARDEST, alder.id): 1})
    assert not workshop.report_back.reported().back.ballots


def test_who_is_told_that_a_vote_is_kept_is_counted_also_when_it_is_closed_just_then(workshop: Workshop) -> None:
    alder = workshop.roster.register("Alder House")[0]
    tell(workshop, alder, "Old ties")
    workshop.report_back.release(alder.id)
    workshop.record(report_back.show())
    told: list[bool] = []

    def vote(voter: str) -> None:
        try:
            workshop.report_back.vote(voter, {point(HARDEST, alder.id): 1})
        except WorkshopError:
            told.append(False)
        else:
            told.append(True)
            kept.add(voter)

    kept: set[str] = set()
    with Workshop.open(workshop.folder) as notebook:
        for each in range(60):
            notebook.record(report_back.open_vote())
            voting = threading.Thread(target=vote, args=(f"voter {each}",))
            voting.start()
            notebook.record(report_back.close_vote())
            voting.join()

    assert set(workshop.report_back.reported().back.ballots) == kept
    assert len(told) == 60


def test_the_result_says_no_count_under_five(workshop: Workshop) -> None:
    groups = workshop.roster.register("Alder House", "Birch Line")
    for each in groups:
        tell(workshop, each, f"Hard for {each.name}")
        workshop.report_back.release(each.id)
    for act in (report_back.show(), report_back.open_vote()):
        workshop.record(act)
    alder, birch = (point(HARDEST, each.id) for each in groups)
    for voter in ("ann", "bo", "cat"):
        workshop.report_back.vote(voter, {alder: 2, birch: 1})
    assert report_back_views.vote_view(workshop.report_back.reported(), "ann")["result"] == []

    workshop.record(report_back.show_votes())
    result = report_back_views.vote_view(workshop.report_back.reported(), "ann")["result"]

    assert [(each["who"], each["words"], each["share"]) for each in result] == [
        ("Alder House", "6 dots", 1.0), ("Birch Line", "fewer than 5 dots", None),
    ]  # fmt: skip
