"""Made-up people are like real ones: they write, change their minds, disagree, share, vote and ask for help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from sheets import a_sheet
from stored import events_of, opinions_of, sequences

from toolkit import Workshop
from toolkit.answers.model import SCRIBE, Answer
from toolkit.drafts.checks import CLIENT_RULES
from toolkit.errors import WorkshopError
from toolkit.facilitation import stages
from toolkit.facilitation.events import HelpEvent
from toolkit.rehearsal.answers import (
    FIELDS,
    LATE_BY,
    MAKERS,
    PLACES,
    STARTS,
    MadeOrganization,
    late,
    names,
    rehearse,
    samples,
)
from toolkit.rehearsal.samples import CONTACTS, NOTES, REGION_NAMES
from toolkit.worksheets import catalog
from toolkit.worksheets.kinds import KINDS, clean_value, own_words
from toolkit.worksheets.model import DEPTH_OF_MINUTES, DEPTHS, Question, Worksheet

SHEETS = {name: catalog.worksheet(name) for name in ("sextech-2010", "supervised-visitation")}
SHEET = SHEETS["sextech-2010"]
ROOMS = [(name, minutes, seed) for seed, (name, minutes) in enumerate((n, m) for n in SHEETS for m in DEPTH_OF_MINUTES)]


@pytest.fixture(scope="module", params=ROOMS, ids=str)
def rehearsed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """A rehearsal of six organizations: each worksheet at each length, each with a seed of its own."""
    name, minutes, seed = request.param
    with Workshop.open(tmp_path_factory.mktemp("rehearsed") / "w", worksheet=name) as workshop:
        workshop.settings.change(minutes=minutes)
        workshop.rehearsals.rehearse(6, 14, seed)
        yield workshop


def everyone() -> Iterator[tuple[Worksheet, MadeOrganization]]:
    """Yield made-up organizations of every kind of name: both worksheets, every depth, several seeds."""
    for sheet in SHEETS.values():
        for seed, depth in enumerate(DEPTHS * 2):
            yield from ((sheet, rehearse(sheet, depth, name, 4, seed)) for name in names(6, seed))


def test_every_kind_has_a_maker() -> None:
    assert list(MAKERS) == list(KINDS)


def test_the_same_seed_is_the_same_room_and_another_seed_another() -> None:
    first, again, other = (rehearse(SHEET, "core", "Alder Youth Shelter", 4, seed) for seed in (1, 1, 2))
    assert first == again
    assert {answer.id for answer in first.answers}.isdisjoint(answer.id for answer in other.answers)
    assert [answer.value for answer in first.answers] != [answer.value for answer in other.answers]


def test_two_organizations_share_no_id() -> None:
    one, two = (rehearse(SHEET, "core", f"{place} Youth Shelter", 4, 1) for place in ("Alder", "Birch"))
    assert {answer.id for answer in one.answers}.isdisjoint(answer.id for answer in two.answers)
    assert {person.id for person in one.people}.isdisjoint(person.id for person in two.people)


# What they write


def test_what_they_say_passes_the_checks_of_a_real_answer() -> None:
    for sheet, made in everyone():
        assert len({each.id for each in (*made.answers, *made.opinions)}) == len(made.answers) + len(made.opinions)
        for answer in made.answers:
            question = sheet.questions[answer.question]
            assert question.clean_value(answer.value) == answer.value
            assert clean_value("long_text", answer.note) == (answer.note or None)
        known = {answer.id for answer in made.answers}
        assert all(set(answer.made_from) <= known for answer in made.answers)
        assert all(opinion.answer in known for opinion in made.opinions)


def test_no_answer_is_the_sample_of_another_question() -> None:
    for sheet, made in everyone():
        for answer in made.answers:
            question = sheet.questions[answer.question]
            if question.kind in ("text", "long_text", "list"):
                own = [re.sub(r"\\{\w+\\}", ".+", re.escape(each.rstrip("."))) for each in samples(question)]
                for piece in own_words(question.kind, answer.value):
                    assert re.fullmatch(rf"(?:(?:{'|'.join(own)})[. ]*)+", piece, re.IGNORECASE), question.id


def test_no_sample_belongs_to_two_questions() -> None:
    for sheet in SHEETS.values():
        asked = [each for each in sheet.questions.values() if each.kind in ("text", "long_text", "list")]
        written = [sample for each in asked if samples(each) != NOTES for sample in samples(each)]
        assert len(written) == len(set(written))


def test_every_question_in_open_words_of_our_worksheets_has_a_sample_of_its_own() -> None:
    for sheet in SHEETS.values():
        for question in sheet.questions.values():
            if question.kind in ("text", "long_text", "list"):
                assert "(made-up answer)" not in samples(question), question.id


def test_a_worksheet_of_ones_own_brings_its_made_up_answers() -> None:
    sheet = a_sheet(
        "- {id: who, kind: text, ask: Who?, made_up: {answers: ['People whom {short} serves']}}\n"
        "- {id: boss, kind: contact, ask: Who leads?, made_up: {roles: [head nurse]}}\n"
        "- {id: when, kind: date, ask: When?, made_up: {days_ahead: [3, 3]}}\n"
        "- {id: rules, kind: choices, ask: Which?, options: [{id: a, label: A, alone: true}, {id: b, label: B}]}"
    )
    group = [rehearse(sheet, "core", "Elm Youth Shelter", 9, seed) for seed in range(9)]
    values = {question: [answer.value for made in group for answer in made.answers if answer.question == question]
              for question in ("who", "boss", "when", "rules")}  # fmt: skip
    assert set(values["who"]) == {"People whom Elm serves"}
    assert {value["role"] for value in values["boss"]} == {"head nurse"}
    assert set(values["when"]) == {"2026-01-18"}
    assert ["a"] in values["rules"]
    assert not [value for value in values["rules"] if "a" in value and len(value) > 1]


def test_a_question_of_ones_own_is_answered_with_its_example_or_says_that_the_answer_is_made_up() -> None:
    with_example = Question(id="rule", kind="text", ask="Which rule?", example="Ask {first}")
    without = Question(id="tools", kind="list", ask="Which tools?")
    stage = SHEET.stages[0].model_copy(update={"questions": (with_example, without)})
    made = rehearse(Worksheet.model_construct(**{**dict(SHEET), "stages": (stage,)}), "core", "Elm Youth Shelter", 3, 1)
    said = {each.question: each.value for each in made.answers}
    assert said["rule"] == "Ask {first}"
    assert sorted(said["tools"]) == ["(another made-up answer)", "(made-up answer)"]  # type: ignore[call-overload]


def test_contacts_are_people_with_a_number_that_no_telephone_has_or_an_address_that_nobody_owns() -> None:
    phone, address = (
        re.compile(r"\(?\d{3}[).-] ?555[-.]01\d\d(, ext\. 4)?"),
        re.compile(r"[a-z]+@[a-z-]+\.example\.org"),
    )
    reached = set()
    for sheet, made in everyone():
        for answer in made.answers:
            if sheet.questions[answer.question].kind == "contact":
                assert isinstance(answer.value, dict)
                assert {"name", "role", "reach"} == set(answer.value)
                rest = address.sub("", phone.sub("", answer.value["reach"]))
                assert rest.strip(", ") == "", answer.value["reach"]
                reached |= {bool(phone.search(answer.value["reach"])), bool(address.search(answer.value["reach"]))}
    assert reached == {True, False}
    assert sum(not name.isascii() for name, _ in CONTACTS) >= 4


def test_one_role_of_an_organization_is_one_person_throughout() -> None:
    for sheet, made in everyone():
        contacts = [each.value for each in made.answers if sheet.questions[each.question].kind == "contact"]
        roles = {each["role"]: each for each in contacts}  # type: ignore[call-overload, index]
        assert all(roles[each["role"]] == each for each in contacts)  # type: ignore[call-overload, index]


def test_some_are_silent_some_disagree_and_some_change_their_minds() -> None:
    made = rehearse(SHEET, "deep", "Cedar Recovery Network", 6, 1)
    mine = [answer for answer in made.answers if answer.voice == "mine"]
    places = [(answer.person, answer.question) for answer in mine]
    asked = {answer.question for answer in mine}
    assert len(set(places)) < 6 * len(asked)
    assert len(set(places)) < len(places)
    said = {key: {str(answer.value) for answer in mine if answer.question == key} for key in asked}
    assert any(len(values) > 1 for values in said.values())
    ours = [answer for answer in made.answers if answer.voice == "ours"]
    assert {answer.person == SCRIBE for answer in ours} == {True, False}
    assert {opinion.agrees for opinion in made.opinions} == {True, False}
    assert all(bool(opinion.note) is not opinion.agrees for opinion in made.opinions)
    assert any(answer.note for answer in mine)


def test_times_are_spread_like_those_of_people_and_each_text_comes_after_what_it_is_made_from() -> None:
    made = rehearse(SHEET, "core", "Cedar Recovery Network", 6, 1)
    at = {each.id: each.answered_at or STARTS for each in made.answers}
    times = list(at.values())
    assert times == sorted(times)
    gaps = {round((after - before).total_seconds(), 3) for before, after in pairwise(times)}
    assert len(gaps) > len(times) // 2
    assert 15 * 60 < (times[-1] - times[0]).total_seconds() < 90 * 60
    assert all(at[source] < at[answer.id] for answer in made.answers for source in answer.made_from)
    assert all(at[opinion.answer] < opinion.at for opinion in made.opinions)


def test_answers_do_not_come_on_the_full_ten_seconds() -> None:
    """A clock would make every answer come at :00, :10 or :20; people answer in between, in every part of a minute."""
    for _, made in everyone():
        seconds = [(each.answered_at or STARTS).second for each in made.answers]
        between = [each for each in seconds if each % 10]
        assert len(between) > 0.75 * len(seconds), "nine in ten, for seconds that nothing rounds"
        assert {each // 10 for each in between} == set(range(6))


def test_a_late_organization_says_the_same_later() -> None:
    made = rehearse(SHEET, "core", "Cedar Recovery Network", 2, 1)
    after = late(made)
    assert [each.value for each in after.answers] == [each.value for each in made.answers]
    assert min(map(_time, after.answers)) == min(map(_time, made.answers)) + LATE_BY
    assert after.is_late
    assert not made.is_late


def _time(answer: Answer) -> object:
    return answer.answered_at


# What they are called


def test_names_are_all_different_and_run_out_in_a_sentence() -> None:
    assert len(set(names(200, 1))) == 200 == len(PLACES) * len(FIELDS)
    for wrong in (0, -1, 201):
        with pytest.raises(WorkshopError) as refused:
            names(wrong, 1)
        assert str(refused.value) == "a rehearsal takes 1 to 200 organizations"


@pytest.mark.parametrize("seed", range(10))
def test_six_organizations_have_short_long_and_foreign_names(seed: int) -> None:
    called = names(6, seed)
    assert len({each.casefold() for each in called}) == 6
    assert min(map(len, called)) < 30 < 60 < max(map(len, called)) < 200
    assert sum(each in REGION_NAMES for each in called) == 1
    assert all(len(each.encode()) < 200 for each in REGION_NAMES)


def test_people_of_one_organization_have_names_of_many_scripts_all_different_and_some_give_none() -> None:
    for people in (5, 60):
        given = [each.name for each in rehearse(SHEET, "core", "Elm Community Clinic", people, 2).people if each.name]
        assert len(set(given)) == len(given) <= people
    assert len(given) < 60
    assert any(re.search(r"[\u0590-\u06ff]", each) for each in given)
    assert any(re.search(r"[\u0400-\u04ff]", each) for each in given)
    assert any(re.search(r"[\u3040-\u9fff\uac00-\ud7af]", each) for each in given)


# What there is to practice on


def test_every_board_of_the_report_back_has_something_on_it(rehearsed: Workshop) -> None:
    reported = rehearsed.report_back.reported()
    assert reported.vote_question == "most_difficult"
    for line, _ in reported.lines:
        assert len(reported.entries(line)) >= 4, line
    assert reported.on_vote
    assert reported.vote == "open"
    assert reported.back.voted >= 5
    points = [each.dots for each in reported.on_vote]
    assert max(points) > min(points)
    assert all(sum(ballot.values()) == 3 for ballot in reported.back.ballots.values())
    assert 0 < len(reported.released) < len(rehearsed.organizations)
    assert any(rehearsed.discussion.positions(each.id)["first_step_who"].value for each in reported.released)


def test_there_are_agreements_suggestions_ties_open_points_and_other_views(rehearsed: Workshop) -> None:
    held = [each for positions in rehearsed.discussion.all_positions().values() for each in positions.values()]
    assert {each.status for each in held} >= {"agreed", "proposed", "open"}
    assert any(each.dissent for each in held)
    assert any(opinion.note and not opinion.agrees for opinion in opinions_of(rehearsed))
    assert any(opinion.agrees for opinion in opinions_of(rehearsed))
    notes = {opinion.note for opinion in opinions_of(rehearsed) if opinion.note}
    assert any(dissent.note in notes for each in held for dissent in each.dissent)


def test_no_draft_takes_what_is_made_up_for_client_details(rehearsed: Workshop) -> None:
    found = [caution for each in rehearsed.organizations for caution in rehearsed.papers.cautions(each.name)]
    assert [(each.rule, each.found) for each in found if each.rule.startswith((CLIENT_RULES, "c5_", "c11_"))] == []


def test_one_request_for_help_waits_and_one_was_canceled(rehearsed: Workshop) -> None:
    (waiting,) = stages.fold(rehearsed.current.store.events()).needs_help
    assert waiting in {each.id for each in rehearsed.roster.people}
    assert [event.yes for event in events_of(rehearsed, HelpEvent)].count(False) == 1


def test_the_last_organization_arrives_late(rehearsed: Workshop) -> None:
    begins = {}
    for each in rehearsed.organizations:
        begins[each.id] = min(answer.answered_at or STARTS for answer in rehearsed.discussion.history(each.id))
    *others, last = begins.values()
    assert last > max(others) + LATE_BY / 2
    assert rehearsed.organizations[-1].id not in rehearsed.report_back.released


def test_answers_have_revisions(rehearsed: Workshop) -> None:
    revisions = {
        each.revision
        for organization in rehearsed.organizations
        for each in rehearsed.discussion.history(organization.id)
    }
    assert {1, 2} <= revisions


def test_a_rehearsal_twice_is_the_same_room_once(tmp_path: Path) -> None:
    with Workshop.open(tmp_path / "w") as workshop:
        workshop.rehearsals.rehearse(4, 9, 1)
        before = sequences(workshop.current.store), len(workshop.roster.people)
        workshop.rehearsals.rehearse(4, 9, 1)
        assert (sequences(workshop.current.store), len(workshop.roster.people)) == before
        assert workshop.settings.is_rehearsal


def test_the_smallest_rehearsal_works_too(tmp_path: Path) -> None:
    with Workshop.open(tmp_path / "w") as workshop:
        workshop.rehearsals.rehearse(1, 1, 1)
        assert len(workshop.roster.people) == 1
        assert all(workshop.report_back.reported().entries(line) for line, _ in workshop.report_back.reported().lines)
