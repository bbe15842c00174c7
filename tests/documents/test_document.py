"""A draft as values: its words, its numbers, its remarks."""

from __future__ import annotations

import dataclasses

import pytest

from toolkit.documents.document import (
    Blank,
    Clause,
    Comment,
    Document,
    Reference,
    Section,
    Table,
    Text,
    annotated,
    numbers,
    words,
)

TABLE = Table("roles", "Roles", "Who does what.", ("Role",), (((Text("Lead"),),),))
NOTE = Clause("note", (), numbered=False)
DRAFT = Document(
    "Policy",
    "Harbor Lane",
    (
        Section(
            "rules", "Rules", (Clause("a", (Text("A"),)), TABLE, Clause("note", (), numbered=False), Clause("b", ()))
        ),
        Section("extra", "Extra", (Clause("x", (), comments=(Comment("First"),)),), annex=True),
        Section("more", "More", (Clause("c", ()),)),
        Section("last", "Last", (Clause("y", ()),), annex=True),
    ),
)


def test_numbers_count_clauses_in_sections_and_letters_count_annexes() -> None:
    assert numbers(DRAFT) == {
        "rules": "1", "a": "1.1", "b": "1.2", "more": "2", "c": "2.1",
        "extra": "A", "x": "A.1", "last": "B", "y": "B.1",
    }  # fmt: skip


def test_words_show_a_blank_and_the_number_of_a_reference() -> None:
    parts = (Text("See "), Reference("b"), Text(" by "), Blank("who", "who?"))
    assert words(parts, numbers(DRAFT)) == "See 1.2 by [who?]"
    assert words(parts) == "See b by [who?]"


def test_a_remark_is_added_beside_its_block_and_changes_nothing_else() -> None:
    remark = Comment("Look again", kind="caution")
    found = annotated(DRAFT, {"x": (remark,), "roles": (remark,), "gone": (remark,)})
    assert list(found.comments()) == [("roles", remark), ("x", Comment("First")), ("x", remark)]
    assert [clause.parts for clause in found.clauses()] == [clause.parts for clause in DRAFT.clauses()]
    assert annotated(DRAFT, {}) == DRAFT


@pytest.mark.parametrize("value", [DRAFT, TABLE, Text("a"), Comment("a")])
def test_values_never_change(value: object) -> None:
    field = dataclasses.fields(value)[0].name  # type: ignore[arg-type]
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, field, "other")


def test_annexes_never_run_out_of_letters() -> None:
    sections = tuple(Section(f"s{n}", "S", (Clause(f"c{n}", (Text("x"),)),), annex=True) for n in range(1, 61))
    found = numbers(Document("T", "O", sections))
    assert [found[f"s{n}"] for n in (1, 16, 17, 26, 27, 28, 52, 53)] == ["A", "P", "Q", "Z", "AA", "BB", "ZZ", "AAA"]
    assert found["c27"] == "AA.1"
