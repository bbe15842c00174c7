"""The outline of a draft while it fills: empty, begun, ready; it says how far, never a word of what was said."""

from __future__ import annotations

from pathlib import Path

from toolkit import Workshop
from toolkit.answers.model import SCRIBE, Answer

SECTION = "Who this policy covers"
COVERED = {
    "who_could_use_it": ["Outreach staff"],
    "staff_included": ["everyone"],
    "board_members": "yes",
    "volunteers": "yes",
    "clients": "no",
}


def state(workshop: Workshop, name: str) -> tuple[str, str]:
    row = next(each for each in workshop.papers.outline(name) if each.title == SECTION)
    return row.state, row.words


def test_a_section_goes_from_empty_to_ready(tmp_path: Path) -> None:
    with Workshop.open(tmp_path / "room") as workshop:
        (group,) = workshop.roster.register("Alder House")
        assert {each.state for each in workshop.papers.outline("Alder House")} == {"empty"}
        assert state(workshop, "Alder House") == ("empty", "Empty")
        workshop.discussion.save(Answer("a0", group.id, SCRIBE, "who_do_you_serve", ["Young people"], "ours"))
        assert state(workshop, "Alder House") == ("begun", "1 of 3 ready")
        for place, (question, value) in enumerate(COVERED.items(), 1):
            workshop.discussion.save(Answer(f"a{place}", group.id, SCRIBE, question, value, "ours"))
        assert state(workshop, "Alder House") == ("ready", "Ready")


def test_what_is_only_proposed_or_split_is_begun_and_not_ready(tmp_path: Path) -> None:
    with Workshop.open(tmp_path / "room") as workshop:
        (group,) = workshop.roster.register("Alder House")
        for place, value in enumerate((["Young people"], ["Parents"])):
            person = workshop.roster.join(group.id)
            workshop.discussion.save(Answer(f"b{place}", group.id, person.id, "who_do_you_serve", value))
        how, words = state(workshop, "Alder House")
        assert (how, words) == ("begun", "0 of 3 ready")


def test_a_rehearsed_draft_has_no_empty_section(tmp_path: Path) -> None:
    with Workshop.open(tmp_path / "room") as workshop:
        workshop.rehearsals.rehearse(1, 6, 3)
        rows = workshop.papers.outline(workshop.organizations[0].id)
        assert rows
        assert all(each.state != "empty" and 0 <= each.ready <= each.of for each in rows)
