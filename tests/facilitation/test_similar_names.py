"""Names that may be one organization are pointed out; names of two are left alone."""

from __future__ import annotations

import pytest

from toolkit.facilitation.similar_names import lookalikes
from toolkit.rehearsal import answers

ALIKE = [
    ("Alder House", "Alder Haus"), ("Alder House", "The Alder House, Inc."), ("Alder House", "alderhouse"),
    ("Alder House", "Alder House Services"), ("AHS", "Alder House Services"), ("Alder House", "House Alder"),
    ("Youth Shelter Alder", "Youth Sheltr Alder"), ("Größe e.V.", "Grösse"), ("A & B Clinic", "A and B Clinic"),
]  # fmt: skip
DIFFERENT = [
    ("Alder House", "Birch House"), ("Alder Youth Shelter", "Birch Youth Shelter"), ("North Clinic", "South Clinic"),
    ("Alder", "Elder"), ("Safe Homes", "Family Visit House"), ("Clinic 1", "Clinic 2"), ("", "Alder House"),
    ("···", "Alder House"), ("Ivy", "Ivy Peer Support Circle"),
]  # fmt: skip


@pytest.mark.parametrize("pair", ALIKE)
def test_two_spellings_look_alike_in_either_order(pair: tuple[str, str]) -> None:
    assert lookalikes(pair) == (pair,)
    assert lookalikes(pair[::-1]) == (pair[::-1],)


@pytest.mark.parametrize("pair", DIFFERENT)
def test_two_organizations_do_not(pair: tuple[str, str]) -> None:
    assert lookalikes(pair) == ()


@pytest.mark.parametrize("seed", range(5))
def test_a_room_of_sixty_made_up_organizations_is_not_full_of_hints(seed: int) -> None:
    assert len(lookalikes(tuple(answers.names(60, seed)))) <= 3
