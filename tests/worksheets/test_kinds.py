"""Each kind of question: what it takes, what it refuses and in which words, how an answer reads."""

from __future__ import annotations

import json

import pytest
from hostile import CONTROLS, EVERY, JSON, NAMES, NOTHING, TOO_LONG
from hypothesis import example, given
from hypothesis import strategies as some

from toolkit.errors import AnswerError
from toolkit.worksheets.kinds import (
    KINDS,
    LONGEST_ANSWER,
    MOST_OPTIONS,
    Value,
    as_text,
    clean,
    clean_line,
    clean_value,
    in_a_row,
    pieces,
    settled_contact,
)

LABELS = {"narrow": "Say less", "wide": "Say more, sometimes", "unsure": "Unsure - ask counsel or funder"}

JSON_VALUES = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda inner: some.lists(inner, max_size=5) | some.dictionaries(some.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
TEXTS = some.text(some.characters(), max_size=60)


OTHER_PART = (
    "this answer has a part that the question does not ask for, so nothing of it was saved. "
    "Reload the page and answer again. What was saved before is unchanged."
)
DATE = "Write it as year-month-day, like 2026-01-31, from 1900 to 2999."
NO_DATES: list[Value] = [
    "3 Feb", 20260203, "20261126", "2026-W48-4", "0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31", "2026-02-30",
    "2026-2-3", "٢٠٢٦-٠٢-٠٣", "2026-330", "2026-02-03T10:00", ["2026-02-03"],
]  # fmt: skip


@pytest.mark.parametrize("day", ["1900-01-01", "2999-12-31", " 2026-11-26 ", "\u200b2026-11-26"])
def test_a_calendar_date_is_taken(day: str) -> None:
    assert clean_value("date", day) == clean(day)


@pytest.mark.parametrize(
    ("kind", "given_", "taken", "reads"),
    [
        ("text", "  one\n two ", "one two", "one two"),
        ("long_text", " one\r\ntwo\r ", "one\ntwo", "one\ntwo"),
        ("choice", "narrow", "narrow", "Say less"),
        ("choice", "unsure", "unsure", "Unsure - ask counsel or funder"),
        ("choice", {"other": " our own "}, {"other": "our own"}, "our own"),
        ("choices", ["wide", "narrow", "wide"], ["wide", "narrow"], "Say more, sometimes; and Say less"),
        ("choices", ["narrow", {"other": "own"}], ["narrow", {"other": "own"}], "Say less and own"),
        ("yes_no_unsure", "no", "no", "No"),
        ("contact", {"name": " A ", "role": "", "reach": "x 1"}, {"name": "A", "reach": "x 1"}, "A, x 1"),
        ("date", "2026-02-03", "2026-02-03", "3 February 2026"),
        ("list", ["a", " ", "b\nc", "d"], ["a", "b c", "d"], "a, b c and d"),
        ("ranking", ["narrow"], ["narrow"], "Say less"),
        ("ranking", ["wide", "narrow", "wide"], ["wide", "narrow"], "Say more, sometimes; then Say less"),
    ],
)
def test_what_a_kind_takes_and_how_it_reads(kind: str, given_: Value, taken: Value, reads: str) -> None:
    assert clean_value(kind, given_, LABELS) == taken
    assert as_text(kind, taken, LABELS) == reads


@pytest.mark.parametrize(
    ("kind", "value", "says"),
    [
        ("text", 5, "expected words"),
        ("long_text", ["a"], "expected words"),
        ("choice", "gone", "that option is not on the list. Choose one of the options, or use your own words."),
        ("choice", ["narrow"], "that option is not on the list. Choose one of the options, or use your own words."),
        ("choice", {"other": 5}, "expected words"),
        ("choices", "narrow", "expected a list of options"),
        ("choices", [["narrow"]], "that option is not on the list. Choose one of the options, or use your own words."),
        ("choices", ["narrow"] * 201, "the list is too long. 200 options fit."),
        ("yes_no_unsure", "maybe", "expected yes, no or unsure"),
        ("yes_no_unsure", ["yes"], "expected yes, no or unsure"),
        ("contact", "A", "expected a name and a way to reach the person"),
        ("contact", {"name": ["A"]}, "expected words"),
        ("contact", {"name": 0}, "expected words"),
        ("contact", {"name": "A", "email": "a@b.c"}, OTHER_PART),
        ("contact", {"other": "A"}, OTHER_PART),
        ("choice", {"name": "A"}, OTHER_PART),
        ("choices", ["narrow", {"other": "own", "name": "A"}], OTHER_PART),
        *(("date", each, f"that is not a date. {DATE}") for each in NO_DATES),
        ("list", "a", "expected a list of items"),
        ("ranking", "narrow", "expected a list of options"),
        ("ranking", ["gone"], "that option is not on the list. Choose one of the options, or use your own words."),
        ("ranking", [{"other": "own"}], "only the options on the list can be put in order. Leave the others out."),
        ("ranking", ["unsure"], "only the options on the list can be put in order. Leave the others out."),
        ("list", [5], "expected words"),
        ("list", ["x" * 15_000, "y" * 15_000], "the list is too long. 20,000 characters fit in all."),
        ("long_text", "x" * 20_001, "the text has 20,001 characters; 20,000 fit. Shorten it."),
    ],
)
def test_what_a_kind_refuses_and_how_it_says_so(kind: str, value: Value, says: str) -> None:
    with pytest.raises(AnswerError) as refused:
        clean_value(kind, value, LABELS)
    assert str(refused.value) == says


PARTS = some.sampled_from(("name", "role", "reach", "other", "email", "value"))
SHAPES = some.recursive(
    TEXTS | some.sampled_from(tuple(LABELS)) | some.just("2026-02-03") | some.just("yes") | some.integers(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(PARTS, inner, max_size=3),
    max_leaves=6,
)


def all_words(value: Value) -> set[str]:
    """Return the words in an answer of whatever shape that somebody could see, each on one line."""
    if isinstance(value, str):
        return {clean_line(value)} - {""}
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return set().union(*map(all_words, inside))


@given(kind=some.sampled_from(tuple(KINDS)), value=SHAPES)
@example(kind="contact", value={"name": "A", "email": "a@b.c"})
@example(kind="choice", value={"name": "A"})
@example(kind="choices", value=["narrow", {"name": "A"}])
def test_an_answer_is_refused_or_all_of_its_words_are_kept(kind: str, value: Value) -> None:
    try:
        taken = clean_value(kind, value, LABELS)
    except AnswerError:
        return
    assert all_words(taken) == all_words(value)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("empty", [None, "", [], {}])
def test_an_emptied_field_takes_the_answer_back(kind: str, empty: Value) -> None:
    assert clean_value(kind, empty, LABELS) is None
    assert (as_text(kind, None, LABELS), pieces(kind, None, LABELS)) == ("", ())


@pytest.mark.parametrize("blank", NOTHING)
def test_blanks_alone_are_no_answer(blank: str) -> None:
    assert clean_value("text", blank) is None
    assert clean_value("long_text", blank) is None
    assert clean_value("list", [blank, blank]) is None
    assert clean_value("contact", {"name": blank}) is None
    assert clean_value("choices", [{"other": blank}], LABELS) is None


@pytest.mark.parametrize("text", EVERY)
def test_bad_input_is_kept_without_losing_a_sign(text: str) -> None:
    taken = clean_value("long_text", text)
    kept = "" if taken is None else str(taken)
    kept.encode("utf-8")
    assert len(kept.split()) == len(clean(text).split())
    assert clean_value("list", [text]) in ([" ".join(kept.split())], None)
    assert as_text("choice", clean_value("choice", {"other": text}) or {"other": ""}) == kept


@pytest.mark.parametrize("text", [each for each in CONTROLS if not each.startswith("_")])
def test_signs_that_no_file_can_hold_become_visible(text: str) -> None:
    assert not {chr(code) for code in (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F)} & set(clean(text))
    assert sum(sign.isascii() and sign.isalpha() for sign in clean(text)) == sum(
        sign.isascii() and sign.isalpha() for sign in text
    )
    assert len(clean(f"a{text}b")) == len(text) + 2


@pytest.mark.parametrize("text", TOO_LONG)
def test_a_text_that_is_too_long_is_refused_and_not_cut(text: str) -> None:
    with pytest.raises(AnswerError, match=r"characters; 20,000 fit\. Shorten it\."):
        clean_value("long_text", text)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", JSON, ids=range(len(JSON)))
def test_values_of_the_wrong_shape_are_refused_or_taken(kind: str, value: Value) -> None:
    try:
        taken = clean_value(kind, value, LABELS)
    except AnswerError:
        return
    assert clean_value(kind, taken, LABELS) == taken


@given(some.sampled_from(list(KINDS)), JSON_VALUES | some.dictionaries(some.sampled_from(["other", "name"]), TEXTS))
@example("choice", [1])
@example("yes_no_unsure", [])
def test_any_json_is_taken_once_and_for_all_or_refused(kind: str, value: Value) -> None:
    try:
        taken = clean_value(kind, value, LABELS)
    except AnswerError:
        return
    assert clean_value(kind, taken, LABELS) == taken
    json.dumps(taken, ensure_ascii=False).encode("utf-8")
    as_text(kind, taken, LABELS).encode("utf-8")
    assert all(isinstance(piece, str) for piece in pieces(kind, taken, LABELS))


@given(TEXTS)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    clean(text).encode("utf-8")


@given(some.lists(some.sampled_from([text for text in NAMES if text.strip()]), max_size=6))
def test_items_read_in_a_row_hold_every_item(words: list[str]) -> None:
    assert all(word in in_a_row(words) for word in words)


def test_a_full_list_is_taken() -> None:
    assert clean_value("choices", [{"other": str(each)} for each in range(MOST_OPTIONS)]) is not None
    assert clean_value("list", ["x"] * LONGEST_ANSWER) is not None


GIVEN_BEFORE: list[tuple[str, Value]] = [
    ("text", "words"), ("choice", "narrow"), ("choice", {"other": "own words"}), ("choices", ["narrow", "wide"]),
    ("choices", [{"other": "own words"}, "wide"]), ("yes_no_unsure", "yes"), ("contact", {"name": "A", "reach": "x"}),
    ("date", "2026-02-03"), ("list", ["one", "two"]), ("ranking", ["wide", "narrow"]),
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("_", "value"), GIVEN_BEFORE)
def test_an_answer_to_a_question_that_was_of_another_kind_still_reads(kind: str, _: str, value: Value) -> None:
    said = [value] if isinstance(value, str) else list(value.values() if isinstance(value, dict) else value)  # type: ignore[call-overload]
    for text in (as_text(kind, value, LABELS), " ".join(pieces(kind, value, LABELS))):
        for each in said:
            whole = each["other"] if isinstance(each, dict) else each
            assert any(form in text for form in (whole, LABELS.get(whole, whole), as_text("yes_no_unsure", whole))) or (
                whole == "2026-02-03" and "3 February 2026" in text
            )


@pytest.mark.parametrize("words", ["none", "N/A", "-", "?", "I don't know", "TBD", "no", "to be decided.", " – "])
def test_what_stands_in_a_field_that_nobody_could_fill_in_is_no_way_to_reach_anyone(words: str) -> None:
    assert settled_contact({"name": "Ann Lee", "reach": words}) == {"name": "Ann Lee"}
    assert settled_contact({"reach": words}) is None


@pytest.mark.parametrize("name", ["Na", "No", "X. Li", "Noone Farrell"])
def test_a_short_name_is_a_name(name: str) -> None:
    said = {"name": name, "reach": "front desk"}
    assert settled_contact(said) == said
