"""What an organization holds: a majority, a tie that is none, what a group agreed, and no voice lost on the way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sheets import a_sheet

from toolkit.answers.agreement import Opinion, People, called, positions, proposals
from toolkit.answers.model import SCRIBE, Answer, Dissent, Position
from toolkit.worksheets.kinds import Value, as_text, clean_value, points

SHEET = a_sheet(
    """
    - {id: who, kind: text, ask: Who?}
    - {id: may, kind: yes_no_unsure, ask: May we?}
    - {id: groups, kind: list, ask: Which groups?}
    - id: media
      kind: choices
      ask: Which media?
      options: [{id: chat, label: Chats}, {id: photo, label: Photos}, {id: live, label: Live video}]
    - id: first
      kind: ranking
      ask: What comes first?
      options: [{id: train, label: Training}, {id: rules, label: Rules}, {id: phones, label: Phones}]
    """
)
NAMES = {"ann": "Wren"}


def mine(person: str, value: Value, question: str = "who", note: str = "") -> Answer:
    return Answer(f"{person}-{question}", "a", person, question, value, note=note)


def ours(value: Value, *, by: str = SCRIBE, made_from: tuple[str, ...] = (), note: str = "", at: int = 0) -> Answer:
    return Answer(f"ours-{by}-{at}", "a", by, "who", value, "ours", made_from, note, sequence=at)


def held(*answers: Answer, opinions: tuple[Opinion, ...] = (), question: str = "who") -> Position:
    return positions(SHEET, "a", answers, People(NAMES), opinions)[question]


def test_every_question_has_a_position_and_the_unanswered_ones_are_open() -> None:
    found = positions(SHEET, "a", [Answer("1", "b", "zoe", "who", "Another organization's")])
    assert list(found) == ["who", "may", "groups", "media", "first"]
    assert all(position == Position("a", name) for name, position in found.items())


def test_one_voice_is_a_proposal_and_two_alike_agree() -> None:
    assert held(mine("ann", "Parents")).status == "proposed"
    both = held(mine("ann", "Parents"), mine("bob", "  parents "))
    assert (both.value, both.status, both.of, both.dissent) == ("Parents", "agreed", 2, ())


def test_two_to_one_is_proposed_and_the_one_stays_as_dissent() -> None:
    found = held(mine("bob", "Parents"), mine("ann", "Children", note="They asked"), mine("cat", "Parents"))
    assert (found.value, found.status, found.voices, found.of) == ("Parents", "proposed", ("bob-who", "cat-who"), 3)
    assert found.dissent == (Dissent("Children", "Wren", "They asked"),)


def test_a_tie_is_no_majority() -> None:
    found = held(mine("ann", "Parents"), mine("bob", "Children"))
    assert (found.value, found.status, found.tied, found.of) == (None, "tied", ("Parents", "Children"), 2)


def test_a_tie_of_the_leaders_keeps_the_smaller_group_as_dissent() -> None:
    said = zip("abcde", ["Parents", "Parents", "Children", "Children", "Both"], strict=True)
    found = held(*(mine(person, value) for person, value in said))
    assert found.tied == ("Parents", "Children")
    assert found.dissent == (Dissent("Both", "Voice 4"),)


def test_an_answer_taken_back_and_said_by_nobody_else_is_open() -> None:
    assert held().status == "open"


def test_what_the_table_wrote_down_is_agreed_and_another_voice_stays_beside_it() -> None:
    found = held(
        mine("ann", "Parents"), mine("bob", "Children"), ours("Families", made_from=("bob-who",), note="Aloud")
    )
    assert (found.value, found.status, found.voices) == ("Families", "agreed", (f"ours-{SCRIBE}-0", "bob-who"))
    assert found.dissent == (Dissent("", "The table", "Aloud"), Dissent("Parents", "Wren"))


def test_who_says_what_is_held_is_no_dissent_though_not_named_in_it() -> None:
    found = held(mine("ann", "Families"), mine("bob", "Children"), ours("Families", made_from=("bob-who",)))
    assert found.dissent == ()
    assert found.voices == (f"ours-{SCRIBE}-0", "bob-who", "ann-who")


def test_a_proposal_of_one_is_agreed_when_more_than_half_are_for_it() -> None:
    said = [mine("ann", "Parents"), mine("bob", "Children"), mine("cat", "Both"), ours("Families", by="ann")]
    for_it = Opinion("ours-ann-0", "bob", agrees=True)
    against = Opinion("ours-ann-0", "cat", agrees=False, note="Too wide")
    assert held(*said).status == "proposed"
    assert held(*said, opinions=(for_it,)).status == "agreed"
    split = held(*said, opinions=(for_it, against, Opinion("ours-ann-0", "bob", agrees=False)))
    assert split.status == "proposed"
    assert Dissent("", "Voice 1", "Too wide") in split.dissent


def test_a_text_names_whose_words_it_carries_and_who_is_for_it_but_nobody_who_is_not() -> None:
    said = [mine("ann", "Parents"), mine("cat", "Both"), ours("Families", by="bob", made_from=("gone", "cat-who"))]
    thought = (Opinion("ours-bob-0", "cat", agrees=False), Opinion("ours-bob-0", "dan", agrees=True))
    people = People({"ann": "Wren", "dan": "Otter", "eve": "Hare"}, {"gone": "eve"})
    found = positions(SHEET, "a", said, people, thought)["who"]
    assert found.by == ("Hare", "Otter", "Voice 2")
    assert {dissent.voice for dissent in found.dissent} == {"Wren", "Voice 1"}
    assert held(ours("Families", made_from=("ann-who",)), mine("ann", "Parents")).by == ("The table", "Wren")
    assert positions(SHEET, "a", [mine("ann", "A"), mine("bob", "B")])["who"].by == ("Voice 1", "Voice 2")


def test_a_number_says_nothing_about_another_question() -> None:
    drawn = [tuple(called(f"question {n}", "abcde", {}).items())[:5] for n in range(20)]
    assert len(set(drawn)) > 10
    assert called("who", ["a", SCRIBE], {"a": "Wren"}) == {"a": "Wren", SCRIBE: "The table"}


def test_whoever_judges_one_text_has_spoken_on_all_of_them() -> None:
    said = [ours("Families", by="ann", at=1), ours("Parents", by="eve", at=2)]
    thought = [Opinion("ours-ann-1", "dan", agrees=True), *(Opinion("ours-eve-2", who, agrees=True) for who in "bc")]
    first, second = proposals(said, thought)
    assert (first.answer.value, len(first.supporters), first.of, first.is_agreed) == ("Parents", 3, 5, True)
    assert (second.answer.value, len(second.supporters), second.of, second.is_agreed) == ("Families", 2, 5, False)


def test_a_later_proposal_stands_beside_the_earlier_one() -> None:
    found = held(ours("Families", by="ann", at=1), ours("Parents", by="bob", at=2))
    assert found.value == "Families"
    assert found.dissent == (Dissent("Parents", "Voice 1", ""),)
    assert [each.answer.value for each in proposals([ours("B", by="b", at=2), ours("A", by="a", at=1)])] == ["A", "B"]


def test_lists_are_put_together_and_choices_need_more_than_half() -> None:
    lists = held(
        mine("a", ["Teens", "Parents"], "groups"), mine("b", ["parents", "Staff"], "groups"), question="groups"
    )
    assert (lists.value, lists.status) == (["Teens", "Parents", "Staff"], "proposed")
    people = {"ann": ["chat", "photo"], "b": ["chat"], "c": ["live"]}
    media = held(*(mine(person, value, "media") for person, value in people.items()), question="media")
    assert (media.value, media.status) == (["chat"], "proposed")
    assert media.dissent == (Dissent("Photos", "Wren"), Dissent("Live video", "Voice 1"))


def test_choices_that_nobody_shares_are_tied() -> None:
    found = held(mine("a", ["chat"], "media"), mine("b", ["live"], "media"), question="media")
    assert (found.value, found.status, found.tied) == (None, "tied", (["chat"], ["live"]))


def test_a_list_that_all_say_is_agreed() -> None:
    found = held(mine("a", ["chat"], "media"), mine("b", ["chat"], "media"), question="media")
    assert (found.value, found.status) == (["chat"], "agreed")


def test_places_are_counted_and_the_most_points_come_first() -> None:
    orders = {"ann": ["rules", "train"], "bob": ["rules", "phones", "train"], "cat": ["train", "rules"]}
    found = held(*(mine(person, order, "first") for person, order in orders.items()), question="first")
    assert points(["train", "rules", "phones"], orders.values()) == {"rules": 8, "train": 6, "phones": 2}
    assert (found.value, found.status, found.of) == (["rules", "train", "phones"], "proposed", 3)
    assert found.dissent == (Dissent("Training, then Rules", "Voice 2"),)


def test_a_shared_first_place_is_a_tie_and_no_order_wins() -> None:
    found = held(mine("ann", ["rules"], "first"), mine("bob", ["train", "phones"], "first"), question="first")
    assert (found.value, found.status, found.tied) == (None, "tied", (["train"], ["rules"]))
    assert found.dissent == (Dissent("Training, then Phones", "Voice 1"),)


def test_the_same_order_from_all_is_agreed() -> None:
    found = held(mine("ann", ["phones"], "first"), mine("bob", ["phones"], "first"), question="first")
    assert (found.value, found.status) == (["phones"], "agreed")


VALUES = {
    "who": some.sampled_from(["Parents", "parents", "Children", "A, b", "0"]) | some.text(min_size=1, max_size=5),
    "may": some.sampled_from(["yes", "no", "unsure"]),
    "groups": some.lists(some.sampled_from(["Teens", "teens", "Staff"]), min_size=1, max_size=3),
    "media": some.lists(some.sampled_from(["chat", "photo", "live"]), min_size=1, unique=True)
    | some.just([{"other": "Radio"}]),
    "first": some.lists(some.sampled_from(["train", "rules", "phones"]), min_size=1, unique=True),
}


@some.composite
def rooms(draw: some.DrawFn) -> list[Answer]:
    """What up to five people and perhaps the table said, with notes here and there."""
    question = draw(some.sampled_from(list(VALUES)))
    labels = SHEET.questions[question].labels
    answers: list[Answer] = []
    for person in [*"abcde"[: draw(some.integers(0, 5))], *draw(some.sampled_from([(), (SCRIBE,), (SCRIBE, "a")]))]:
        value = clean_value(SHEET.questions[question].kind, draw(VALUES[question]), labels)
        voice = "ours" if person == SCRIBE or any(answer.person == person for answer in answers) else "mine"
        made_from = tuple(draw(some.lists(some.sampled_from([a.id for a in answers]), max_size=3))) if answers else ()
        note = draw(some.sampled_from(["", f"note of {person}{voice}"]))
        if value is not None:
            source = made_from if voice == "ours" else ()
            answers.append(Answer(f"{person}{voice}", "a", person, question, value, voice, source, note))
    return answers


@pytest.mark.slow
@given(rooms())
def test_no_voice_ever_vanishes(answers: list[Answer]) -> None:
    found = positions(SHEET, "a", answers)
    for answer in answers:
        question, position = SHEET.questions[answer.question], found[answer.question]
        words = as_text(question.kind, answer.value, question.labels)
        told = {dissent.words for dissent in position.dissent}
        assert answer.id in position.voices or words in told or answer.value in position.tied
        assert not answer.note or answer.note in {dissent.note for dissent in position.dissent}
        assert position.status != "open"


@given(rooms())
def test_every_item_of_a_list_is_held_or_told(answers: list[Answer]) -> None:
    answers = [answer for answer in answers if answer.voice == "mine"]
    found = positions(SHEET, "a", answers)
    for answer in answers:
        question, position = SHEET.questions[answer.question], found[answer.question]
        if not isinstance(answer.value, list):
            continue
        shown = [as_text(question.kind, position.value, question.labels), *(each.words for each in position.dissent)]
        shown += [as_text(question.kind, value, question.labels) for value in position.tied]
        for item in answer.value:
            assert as_text(question.kind, [item], question.labels).casefold() in " ".join(shown).casefold()


@pytest.mark.slow
@given(rooms(), some.randoms())
def test_who_spoke_first_makes_no_difference_to_what_is_decided(answers: list[Answer], chance: object) -> None:
    answers = [answer for answer in answers if answer.voice == "mine"]
    shuffled = list(answers)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    before, after = positions(SHEET, "a", answers), positions(SHEET, "a", shuffled)
    assert [each.status for each in before.values()] == [each.status for each in after.values()]
