"""Two names of one organization: everything of both is one, nobody's words vanish, and it can be taken apart again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import Workshop
from toolkit.answers.agreement import Opinion
from toolkit.answers.model import SCRIBE, Answer, Organization
from toolkit.errors import WorkshopError
from toolkit.facilitation import report_back, stages
from toolkit.facilitation.merges import Merges, as_one, fold, merge, take_apart
from toolkit.storage.store import new_id

ALDER, TWIN, BIRCH = "Alder House", "Alder Haus", "Birch Line"
WHO, NOTES, HARD, MAY = "who_do_you_serve", "stakeholders_notes", "most_difficult", "easiest"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Workshop]:
    with Workshop.open(tmp_path / "room") as workshop:
        workshop.roster.register(ALDER, BIRCH, TWIN)
        yield workshop


def born(workshop: Workshop, name: str) -> Organization:
    """An organization as it was registered, whatever it was merged into."""
    return next(each for each, _ in workshop.roster.registered if each.name == name)


def say(workshop: Workshop, name: str, value: object, question: str = HARD, person: str = SCRIBE) -> str:
    voice, id_ = "ours" if person == SCRIBE else "mine", new_id()
    workshop.discussion.save(Answer(id_, born(workshop, name).id, person, question, value, voice))
    return id_


def holds(workshop: Workshop, name: str, question: str = HARD) -> object:
    return workshop.discussion.positions(workshop.roster.organization(name).id)[question].value


def test_everything_of_a_twin_is_the_organizations(hall: Workshop) -> None:
    ann, bo = hall.roster.join(born(hall, ALDER).id, "Ann"), hall.roster.join(born(hall, TWIN).id, "Bo")
    say(hall, ALDER, "Old ties", person=ann.id)
    say(hall, TWIN, "Old ties", person=bo.id)
    hall.record(stages.tell_presence({born(hall, each).id: stages.Presence(2, 1) for each in (ALDER, TWIN)}))
    hall.record(report_back.open_vote())
    hall.record(report_back.vote(born(hall, TWIN).id, {report_back.point(HARD, born(hall, TWIN).id): 2}))
    assert hall.report_back.reported().back.voted == 1

    assert hall.roster.merge(TWIN, ALDER).name == ALDER

    alder = hall.roster.organization(ALDER)
    assert [each.name for each in hall.organizations] == [ALDER, BIRCH]
    assert hall.roster.organization(TWIN) == hall.roster.organization(born(hall, TWIN).id) == alder
    assert {each.organization for each in hall.roster.people} == {alder.id}
    held = hall.discussion.positions(alder.id)[HARD]
    assert (held.value, held.status, held.of) == ("Old ties", "agreed", 2)
    assert len(hall.discussion.history(alder.id)) == 2
    assert hall.state.room.presence == {alder.id: stages.Presence(4, 2)}
    assert hall.report_back.reported().back.ballots == {alder.id: {report_back.point(HARD, alder.id): 2}}
    assert set(hall.answers["organization"]) == {ALDER}
    assert set(hall.state.answers) == {alder.id}


def test_a_twins_name_is_the_organizations_at_the_door(hall: Workshop) -> None:
    hall.roster.merge(TWIN, ALDER)
    assert [each.name for each in hall.roster.register(TWIN, "alder  haus", "Cedar Trust")] == [
        ALDER,
        ALDER,
        "Cedar Trust",
    ]


def test_what_two_tables_had_agreed_stands_beside_each_other_and_the_earlier_one_first(hall: Workshop) -> None:
    say(hall, TWIN, "Said first")
    say(hall, ALDER, "Said later")
    hall.roster.merge(TWIN, ALDER)

    held = hall.discussion.positions(hall.roster.organization(ALDER).id)[HARD]
    assert (held.value, held.status) == ("Said first", "agreed")
    assert [each.words for each in held.dissent] == ["Said later"]
    seen = hall.discussion.voices(hall.roster.organization(ALDER).id, "nobody")[HARD]
    assert seen["proposals"] == []
    hall.discussion.reveal(hall.roster.organization(ALDER).id, HARD)
    offered = hall.discussion.voices(hall.roster.organization(ALDER).id, "nobody")[HARD]["proposals"]
    assert [(each["value"], each["status"]) for each in offered] == [
        ("Said first", "agreed"),
        ("Said later", "proposed"),
    ]


def test_what_a_table_writes_after_the_merging_counts_for_both(hall: Workshop) -> None:
    say(hall, ALDER, "Of Alder")
    say(hall, TWIN, "Of the twin")
    hall.roster.merge(TWIN, ALDER)
    say(hall, ALDER, "Of both")
    assert hall.discussion.positions(hall.roster.organization(ALDER).id)[HARD].dissent == ()
    assert holds(hall, ALDER) == "Of both"
    say(hall, TWIN, "Anew, from the other laptop")
    assert holds(hall, ALDER) == "Anew, from the other laptop"
    say(hall, TWIN, None)
    assert holds(hall, ALDER) is None
    assert [each.value for each in hall.discussion.history(hall.roster.organization(ALDER).id)] == [
        "Of Alder", "Of the twin", "Of both", "Anew, from the other laptop", None,
    ]  # fmt: skip


def test_positions_are_counted_anew_with_the_opinions_of_both(hall: Workshop) -> None:
    alder, twin = born(hall, ALDER), born(hall, TWIN)
    ann, amy, bo = hall.roster.join(alder.id), hall.roster.join(alder.id), hall.roster.join(twin.id)
    for person, organization in ((ann, alder), (amy, alder), (bo, twin)):
        hall.discussion.save(Answer(new_id(), organization.id, person.id, HARD, "Own words", "mine"))
    offered = Answer(new_id(), alder.id, ann.id, HARD, "One text", "ours")
    hall.discussion.propose(offered)
    assert hall.discussion.positions(alder.id)[HARD].status == "proposed"
    hall.discussion.judge(alder.id, Opinion(offered.id, amy.id, agrees=True))
    assert hall.discussion.positions(alder.id)[HARD].status == "agreed"
    hall.roster.merge(TWIN, ALDER)
    assert hall.discussion.positions(alder.id)[HARD].of == 3
    hall.discussion.judge(twin.id, Opinion(offered.id, bo.id, agrees=False, note="Too short"))
    assert [each.note for each in hall.discussion.positions(twin.id)[HARD].dissent if each.note] == ["Too short"]
    made = Answer(new_id(), twin.id, bo.id, HARD, "Made of Alder's", "ours", (offered.id,))
    assert not hall.discussion.propose(made).repeated
    assert hall.discussion.propose(made).repeated


def test_taken_apart_each_has_what_its_own_people_said(hall: Workshop) -> None:
    say(hall, ALDER, "Of Alder")
    say(hall, TWIN, "Of the twin")
    hall.roster.merge(TWIN, ALDER)
    say(hall, TWIN, "Later, of the twin")
    assert [(each.name, now.name) for each, now in hall.roster.merged] == [(TWIN, ALDER)]

    hall.roster.take_apart(TWIN)

    assert [each.name for each in hall.organizations] == [ALDER, BIRCH, TWIN]
    assert (holds(hall, ALDER), holds(hall, TWIN)) == ("Of Alder", "Later, of the twin")
    assert hall.roster.merged == []


def test_the_room_sees_the_words_that_either_released_and_after_taking_apart_none(hall: Workshop) -> None:
    say(hall, ALDER, "Released by Alder")
    hall.report_back.release(born(hall, ALDER).id)
    say(hall, TWIN, "Kept by the twin")
    hall.roster.merge(TWIN, ALDER)
    alder = hall.roster.organization(ALDER)

    assert hall.report_back.reported().words(alder.id, HARD) == "Released by Alder"
    hall.record(report_back.show())
    assert [each.title for each in hall.report_back.reported().entries(HARD)] == ["Released by Alder"]
    hall.record(
        report_back.gather("g", "Alike", [report_back.point(HARD, born(hall, each).id) for each in (ALDER, TWIN)])
    )
    assert [len(each.lines) for each in hall.report_back.reported().entries(HARD)] == [1]
    hall.roster.take_apart(TWIN)
    assert hall.report_back.released == set()


def test_a_merging_is_seen_by_another_process_at_once(hall: Workshop) -> None:
    say(hall, ALDER, "Of Alder")
    with Workshop.open(hall.folder) as other:
        assert len(other.organizations) == 3
        other.discussion.all_positions()
        hall.roster.merge(ALDER, TWIN)
        assert [each.name for each in other.organizations] == [BIRCH, TWIN]
        assert other.discussion.all_positions()[born(hall, TWIN).id][HARD].value == "Of Alder"
    with Workshop.open(hall.folder) as later:
        assert [each.name for each in later.organizations] == [BIRCH, TWIN]


def test_the_draft_holds_the_voices_of_both_under_one_name(hall: Workshop, tmp_path: Path) -> None:
    ann, bo = hall.roster.join(born(hall, ALDER).id), hall.roster.join(born(hall, TWIN).id)
    say(hall, ALDER, ["Teenagers of Alder"], WHO, ann.id)
    say(hall, TWIN, ["Parents of the twin"], WHO, bo.id)
    hall.roster.merge(TWIN, ALDER)

    written = hall.export(tmp_path / "drafts")

    assert [each.organization for each in written] == [ALDER, BIRCH]
    body = docx.Document(str(written[0].files[0])).element.body
    words = "".join(each.text or "" for each in body.iter() if each.tag.endswith("}t"))
    assert "Teenagers of Alder" in words
    assert "Parents of the twin" in words
    assert TWIN not in words


def test_what_cannot_be_merged_is_one_sentence(hall: Workshop) -> None:
    with pytest.raises(WorkshopError) as refused:
        hall.roster.merge(ALDER, "alder house")
    assert str(refused.value) == "“Alder House” is one organization already. Choose two that differ."
    with pytest.raises(WorkshopError) as refused:
        hall.roster.take_apart(BIRCH)
    assert str(refused.value) == "“Birch Line” is not merged with another. Look at the list again."


@dataclass(frozen=True)
class Told:
    kind: str
    about: str
    value: object


NAME = st.sampled_from("abcde")
MERGED = st.builds(lambda one, other, said: Told(*merge(one, other, said).row()), NAME, NAME, st.integers(0, 9))
APART = st.builds(lambda one, other: Told(*take_apart(one, other).row()), NAME, NAME)


@given(st.lists(MERGED | APART, max_size=12))
def test_whatever_is_merged_in_whatever_order_each_is_in_one_family(events: list[Told]) -> None:
    found = fold(events)
    for each in "abcde":
        assert found.of(found.of(each)) == found.of(each)
        assert each in found.family(each)
        assert found.family(each) == found.family(found.of(each))
    assert fold([Told("other", "a", None)], found) == found
    assert {each for one in "abcde" for each in found.family(one)} == set("abcde")


def test_a_merging_of_nobody_changes_nothing() -> None:
    assert fold([]) == Merges()


@given(st.lists(st.tuples(NAME, st.sampled_from(["say", "merge", "apart"]), NAME), max_size=15))
def test_no_words_of_a_table_vanish_unless_a_table_wrote_anew(acts: list[tuple[str, str, str]]) -> None:
    """A model: what stands for a family is what was said, less what a table of it wrote anew once they were one."""
    events: list[Told] = []
    said: list[Answer] = []
    last: dict[str, Answer] = {}
    for place, (who, act, whom) in enumerate(acts, 1):
        if act == "say":
            last[who] = Answer(str(place), who, SCRIBE, "q", f"{who}{place}", "ours", sequence=place)
            said.append(last[who])
        elif act == "merge" and fold(events).of(whom) != fold(events).of(who):
            events.append(Told(*merge(fold(events).of(who), fold(events).of(whom), place - 1).row()))
        elif act == "apart":
            events.append(Told(*take_apart(who, "").row()))
    twins = fold(events)
    shown = as_one(twins, last.values())
    newest = {twins.of(each.organization): each for each in sorted(last.values(), key=lambda each: each.sequence)}
    assert {each.organization for each in shown} == set(newest)
    for organization, each in newest.items():
        assert each.value in [one.value for one in shown if one.organization == organization]
        assert sum(one.person == SCRIBE for one in shown if one.organization == organization) == 1
