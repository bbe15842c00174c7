"""Made-up participants: the same for the same seed, some silent, some at odds, every kind of question answered."""

from __future__ import annotations

import pytest

from toolkit.errors import WorkshopError
from toolkit.kinds import KINDS, take
from toolkit.rehearsal import FIELDS, MAKERS, PLACES, names, rehearse
from toolkit.shelf import WORKSHEETS
from toolkit.worksheet_file import read
from toolkit.workshop import Workshop

SHEET = read(WORKSHEETS / "sextech-2010")


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


@pytest.mark.parametrize("depth", ["core", "standard", "deep"])
def test_what_they_say_fits_the_questions(depth: str) -> None:
    made = rehearse(SHEET, depth, "Cedar Recovery Network", 5, 3)  # type: ignore[arg-type]
    assert len({answer.id for answer in made.answers}) == len(made.answers)
    for answer in made.answers:
        question = SHEET.questions[answer.question]
        assert take(question.kind, answer.value, question.labels) == answer.value
    known = {answer.id for answer in made.answers}
    assert all(set(answer.made_from) <= known for answer in made.answers)


def test_some_are_silent_and_some_disagree() -> None:
    made = rehearse(SHEET, "deep", "Cedar Recovery Network", 6, 1)
    mine = [answer for answer in made.answers if answer.voice == "mine"]
    asked = {answer.question for answer in mine}
    assert len(mine) < 6 * len(asked)
    said = {key: {str(answer.value) for answer in mine if answer.question == key} for key in asked}
    assert any(len(values) > 1 for values in said.values())
    assert any(answer.voice == "ours" for answer in made.answers)


def test_names_are_all_different_and_run_out_in_a_sentence() -> None:
    assert len(set(names(200, 1))) == 200 == len(PLACES) * len(FIELDS)
    for wrong in (0, -1, 201):
        with pytest.raises(WorkshopError) as refused:
            names(wrong, 1)
        assert str(refused.value) == "a rehearsal takes 1 to 200 organizations"


def test_a_rehearsal_twice_is_the_same_room_once(workshop: Workshop) -> None:
    workshop.rehearse(2, 5, 1)
    first = workshop.standing()
    workshop.rehearse(2, 5, 1)
    assert [answer.id for answer in workshop.standing()] == [answer.id for answer in first]
    assert len(workshop.people) == 5
    assert workshop.is_rehearsal
