"""Answers are facts: values that never change and are the same when they say the same."""

from __future__ import annotations

import dataclasses

import pytest

from toolkit.answers.model import Answer, Dissent, Organization, Person, Position
from toolkit.errors import AnswerError, WorkshopError


@pytest.mark.parametrize(
    "value",
    [
        Organization("a", "A"),
        Person("p", "a"),
        Answer("1", "a", "p", "q", None),
        Dissent("x", ""),
        Position("a", "q"),
    ],
)
def test_values_never_change(value: object) -> None:
    field = dataclasses.fields(value)[0].name  # type: ignore[arg-type]
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, field, "other")
    assert dataclasses.replace(value) == value  # type: ignore[type-var]


def test_nothing_said_is_open_and_holds_nothing() -> None:
    position = Position("a", "q")
    assert (position.value, position.status, position.of, position.voices) == (None, "open", 0, ())


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"fault": "it is gone"}, "it is gone"),
        ({"fault": "it is gone.", "where": "here"}, "here: it is gone."),
        ({"fault": "it is gone.", "where": "here", "mend": "Look."}, "here: it is gone. Look."),
        ({"fault": "it is gone", "mend": "Look."}, "it is gone. Look."),
    ],
)
def test_a_fault_is_an_address_a_fault_and_a_mend(parts: dict[str, str], says: str) -> None:
    assert str(AnswerError(**parts)) == says
    assert isinstance(AnswerError("x"), WorkshopError)
