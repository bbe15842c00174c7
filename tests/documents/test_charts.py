"""A picture says in words and in its table what it draws, and no small count slips through."""

from __future__ import annotations

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from toolkit.documents import charts

labels = st.sampled_from(["Photos", "Forums", "Dating", "Wikis"])
counts = st.dictionaries(labels, st.integers(0, 40), min_size=1)


@given(counts, st.integers(40, 60))
def test_no_count_from_one_to_four_is_drawn_said_or_tabled(found: dict[str, int], of: int) -> None:
    for picture in (charts.platforms(found, of), charts.decisions({"Which?": found}, of)):
        numbers = {int(each) for each in re.findall(r"\d+", picture.summary)} - {1, of, charts.SMALLEST_COUNT}
        assert not numbers & {1, 2, 3, 4}
        assert not {row[-1] for row in picture.rows} & {"1", "2", "3", "4"}
        drawn = picture.shapes.get("bars") or picture.shapes["charts"][0]["bars"]  # type: ignore[index]
        for bar in drawn:  # type: ignore[attr-defined]
            assert (bar["share"] is None) == (0 < found[bar["label"]] < 5)


@given(counts, st.integers(40, 60))
def test_the_order_of_bars_gives_no_small_count_away(found: dict[str, int], of: int) -> None:
    shown = [label for label, words in charts.platforms(found, of).rows if words.startswith("fewer") or words == "0"]

    assert shown == [label for label, count in found.items() if count < charts.SMALLEST_COUNT]


@given(counts, st.integers(1, 60))
def test_a_hidden_count_never_looks_like_zero_and_a_sentence_says_why(found: dict[str, int], of: int) -> None:
    hidden = any(0 < count < charts.SMALLEST_COUNT for count in found.values())
    for picture in (charts.platforms(found, of), charts.decisions({"Which?": found}, of)):
        assert (charts.REASON_FOR_HIDING in picture.summary) == hidden
        for *_, label, words in picture.rows:
            assert (words == "0") == (found[label] == 0)


@given(st.lists(st.text(min_size=1), max_size=30), st.lists(st.text(min_size=1), max_size=30))
def test_a_map_draws_few_nodes_and_tables_all(serves: list[str], reaches: list[str]) -> None:
    picture = charts.stakeholder_map("Alder House", serves, reaches)

    assert [row[1] for row in picture.rows] == [*reaches, *serves]
    assert max(len(picture.shapes["left"]), len(picture.shapes["right"])) <= charts.MOST_NODES + 1  # type: ignore[arg-type]
    assert json.loads(json.dumps(picture.as_block())) == picture.as_block()


def test_a_route_says_who_is_first_and_who_is_last() -> None:
    picture = charts.approval_route("Alder House", ["Director", "Program committee", "Board"])

    assert picture.summary == "In Alder House a yes takes 3 steps: Director first, Board last."
    assert picture.rows == (("1", "Director"), ("2", "Program committee"), ("3", "Board"))
    assert charts.approval_route("Alder House", []).summary == "Alder House has not said yet who approves."


def test_progress_of_nothing_is_no_fault() -> None:
    assert charts.progress([]).summary == "Nothing is asked yet."
    assert charts.progress([("Stakeholders", 3, 4), ("Report back", 0, 4)]).summary == (
        "38 % of all questions have an answer."
    )


def test_a_divided_room_is_named_only_by_counts_that_may_be_said() -> None:
    close, small = {"Yes": 8, "No": 7}, {"Yes": 4, "No": 4}

    assert "most divided on: Close?" in charts.decisions({"Small?": small, "Close?": close}, 15).summary
    assert "divided" not in charts.decisions({"Small?": small}, 15).summary
