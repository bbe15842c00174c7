"""Readability: easy text has a low grade, heavy text a high one, and short forms end no sentence."""

import pytest

from toolkit.drafts.readability import grade, sentences_of, syllables

EASY = "Do not post about a client. Ask first. If you are not sure, wait with the post."
HEAVY = (
    "Employees are personally and legally responsible for the content posted through social media venues, and the "
    "organization can discipline employees for commentary that creates a hostile environment."
)


def test_easy_text_is_easy_and_heavy_text_is_heavy():
    assert grade(EASY) < 4
    assert grade(HEAVY) > 12


def test_no_words_have_no_grade():
    assert grade("") == grade(" \n...") == 0.0


def test_the_grade_is_the_formula_of_flesch_and_kincaid():
    assert grade("The cat sat on the mat.") == pytest.approx(max(0.0, 0.39 * 6 + 11.8 - 15.59), abs=0.05)
    assert grade("Confidential information.") == pytest.approx(0.39 * 2 + 11.8 * 8 / 2 - 15.59, abs=0.05)


def test_short_forms_addresses_and_figures_end_no_sentence():
    text = "Write, e.g. by mail, to example.org at 3.30 p.m. on Monday. Then wait!"
    assert len(sentences_of(text)) == 2


def test_each_line_of_a_list_is_a_sentence():
    assert len(sentences_of("Never:\n- names\n- places")) == 3


@pytest.mark.parametrize(
    ("word", "count"), [("media", 3), ("policy", 3), ("HIV", 3), ("don't", 1), ("2026", 2), ("whistle-blower", 4)]
)
def test_syllables(word, count):
    assert syllables(word) == count
