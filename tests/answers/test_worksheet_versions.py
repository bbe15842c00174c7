"""No answer drops out of tables or drafts when a new version of the worksheet asks something else."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some
from sheets import written

from toolkit import Workshop
from toolkit.answers.model import Answer
from toolkit.answers.worksheet_versions import EARLIER
from toolkit.errors import AnswerError
from toolkit.storage.store import new_id
from toolkit.worksheets.kinds import KINDS
from toolkit.worksheets.stage_json import stage_view

NAME = "Juniper House"


@dataclass(frozen=True)
class Asked:
    """One question of a version."""

    id: str
    kind: str
    options: tuple[str, ...] = ("aa", "bb", "cc")
    stage: str = "one"

    def as_yaml(self) -> dict[str, Any]:
        asked: dict[str, Any] = {"id": self.id, "kind": self.kind, "ask": f"Asked {self.id} {self.kind}?"}
        if KINDS[self.kind].has_options:
            asked["options"] = [{"id": each, "label": f"Label {self.id} {each}"} for each in self.options]
            if self.kind == "choice":
                for option in asked["options"]:
                    option["clause"] = f"Clause {self.id} {option['id']}."
        return asked


def write(folder: Path, asked: list[Asked]) -> None:
    """Write a version: a stage for each that is named, and a clause for each question."""
    stages = [
        {
            "id": stage,
            "title": stage,
            "why": "Because.",
            "minutes": 10,
            "questions": [each.as_yaml() for each in asked if each.stage == stage],
        }
        for stage in dict.fromkeys(each.stage for each in asked)
    ]
    clauses = [
        {"id": f"c_{each.id}"}
        | ({"decision": each.id} if each.kind == "choice" else {"text": f"We say {{{each.id}}}."})
        for each in asked
    ]
    written(folder)
    head = (folder / "worksheet.yaml").read_text(encoding="utf-8").partition("stages:")[0]
    (folder / "worksheet.yaml").write_text(f"{head}stages: {json.dumps(stages)}\n", encoding="utf-8")
    policy = {"title": "Ours", "sections": [{"id": "rules", "title": "Rules", "clauses": clauses}]}
    (folder / "policy.yaml").write_text(json.dumps(policy), encoding="utf-8")


def value_for(asked: Asked, words: str) -> tuple[object, list[str]]:
    """Return an answer, and the words by which somebody would know it again."""
    first, last = (asked.options or ("",))[0], (asked.options or ("",))[-1]
    labels = [f"Label {asked.id} {each}" for each in (first, last)]
    picks = labels[:1] if first == last else labels
    values: Mapping[str, tuple[object, list[str]]] = {
        "text": (words, [words]),
        "long_text": (f"{words}\nmore {words}", [f"more {words}"]),
        "choice": (last, [labels[1]]),
        "choices": (list(dict.fromkeys([first, last])), picks),
        "yes_no_unsure": ("yes", ["Yes"]),
        "contact": ({"name": words, "reach": "734-555-0117"}, [words, "734-555-0117"]),
        "date": ("2026-11-26", ["26 November 2026"]),
        "list": ([words, f"item {words}"], [f"item {words}"]),
        "ranking": (list(dict.fromkeys([last, first])), picks),
    }
    return values[asked.kind]


def text_of(workshop: Workshop) -> str:
    return repr(workshop.papers.drafts(NAME))


def in_text(words: str, text: str) -> bool:
    """Return whether words stand in the papers; a decision is there by its clause."""
    return words in text or (words.startswith("Label") and f"{words.replace('Label', 'Clause')}." in text)


EDITS: Mapping[str, Callable[[Asked, str], list[Asked]]] = {
    "keep": lambda each, _: [each],
    "remove": lambda _, __: [],
    "rename": lambda each, _: [replace(each, id=f"{each.id}_new")],
    "other kind": lambda each, kind: [replace(each, kind=kind)],
    "remove the last option": lambda each, _: [replace(each, options=each.options[:-1])],
    "remove the first option": lambda each, _: [replace(each, options=each.options[1:])],
    "move": lambda each, _: [replace(each, stage="two" if each.stage == "one" else "one")],
}

KIND = some.sampled_from(list(KINDS))
EDIT = some.tuples(some.sampled_from(list(EDITS)), KIND)


class Told:
    """Every standing answer, with the words by which it is known again."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        (self.organization,) = workshop.roster.register(NAME)
        self.people = [workshop.roster.join(self.organization.id) for _ in range(2)]
        self.words: dict[str, tuple[str, list[str]]] = {}

    def answer(self, asked: list[Asked], round_: int) -> None:
        """Let two people answer every question alike, and a table every second one for all."""
        for place, each in enumerate(asked):
            value, words = value_for(each, f"words{round_}{each.id}")
            who = ["table"] if place % 2 else [person.id for person in self.people]
            for person in who:
                said = Answer(new_id(), self.organization.id, person, each.id, value, "ours" if place % 2 else "mine")
                self.words[f"{each.id}/{said.voice}/{person}"] = (said.id, words)
                self.workshop.discussion.save(said)

    def check(self, elsewhere: Workshop | None = None) -> None:
        """Check that all words are in the tables and the papers, here or as another process reads them."""
        workshop = elsewhere or self.workshop
        standing = {each.id for group in workshop.state.answers.values() for each in group.standing()}
        table = workshop.answers
        assert len(table) == len(standing)
        values, text = list(table["value"]), text_of(workshop)
        for id_, words in self.words.values():
            if id_ in standing:
                for each in words:
                    assert any(each in value for value in values), each
                    assert in_text(each, text), each
        assert table["question_id"].notna().all()
        assert table["stage"].notna().all()
        codes = set(workshop.codebook["question_id"])
        assert codes >= set(table["question_id"])
        assert set(workshop.agreed["question_id"]) >= set(table["question_id"])
        assert set(workshop.wide.columns) >= set(table["question_id"])


@pytest.mark.slow
@given(
    kinds=some.lists(KIND, min_size=4, max_size=4),
    edits=some.lists(some.lists(EDIT, min_size=4, max_size=4), max_size=2),
)
@settings(max_examples=25)
def test_every_answer_stays_in_tables_and_drafts_whatever_a_new_version_asks(
    kinds: list[str], edits: list[list[tuple[str, str]]]
) -> None:
    asked = [Asked(f"q{place}", kind, stage="two" if place > 2 else "one") for place, kind in enumerate(kinds)]
    stays = Asked("stays", "text")
    with tempfile.TemporaryDirectory() as place_:
        folder = Path(place_) / "sample"
        write(folder, [stays, *asked])
        with Workshop.open(Path(place_) / "room", str(folder)) as workshop:
            told = Told(workshop)
            told.answer([stays, *asked], 0)
            told.check()
            for round_, edit in enumerate(edits, 1):
                pairs = zip(asked, edit * 2, strict=False)
                asked = [new for each, (what, kind) in pairs for new in EDITS[what](each, kind) if new.options]
                asked = [each for each in asked if len(each.options) > 1 or not KINDS[each.kind].has_options]
                write(folder, [stays, *asked])
                update = workshop.settings.worksheet_in_use.update()
                update.apply()
                told.check()
                told.answer([stays, *asked], round_)
                told.check()
            with Workshop.open(Path(place_) / "room") as again:
                assert list(again.answers["value"]) == list(workshop.answers["value"])


# What it looks like

RULE = Asked("rule", "choice")
WHO = Asked("who", "text")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "sample", [WHO, RULE])
    return tmp_path / "sample"


@pytest.fixture
def workshop(tmp_path: Path, folder: Path) -> Any:
    with Workshop.open(tmp_path / "room", str(folder)) as opened:
        (organization,) = opened.roster.register(NAME)
        for question, value in {"who": "everyone", "rule": "cc"}.items():
            opened.discussion.save(Answer(new_id(), organization.id, "table", question, value, "ours"))
        yield opened


def test_an_option_that_is_gone_keeps_its_wording_and_is_marked(workshop: Workshop, folder: Path) -> None:
    write(folder, [WHO, replace(RULE, options=("aa", "bb"))])
    workshop.settings.worksheet_in_use.update().apply()
    (clause,) = [each for each in workshop.draft(NAME).sections[0].blocks if each.id == "c_rule"]
    assert "Clause rule cc." in repr(clause)
    assert "earlier version" in repr(clause)
    assert f"Label rule cc{EARLIER}" in list(workshop.answers["value"])
    assert workshop.wide.loc[NAME, "rule"] == f"Label rule cc{EARLIER}"
    offered = stage_view(workshop.worksheet, "one", workshop.settings.depth)["questions"]
    assert "cc" not in repr(offered)


def test_a_question_that_is_gone_stays_with_its_old_words(workshop: Workshop, folder: Path) -> None:
    write(folder, [RULE])
    workshop.settings.worksheet_in_use.update().apply()
    assert f"Asked who text?{EARLIER}" in repr(workshop.draft(NAME).sections[-1])
    assert workshop.wide.loc[NAME, "who"] == "everyone"
    assert "who" not in repr(stage_view(workshop.worksheet, "one", workshop.settings.depth)["questions"])
    assert [each.id for each in workshop.worksheet.asked()] == ["rule"]
    assert "who" not in workshop.discussion.values(workshop.organizations[0].id)


def test_a_page_that_was_open_all_along_can_still_send_what_it_asks(workshop: Workshop, folder: Path) -> None:
    write(folder, [replace(WHO, kind="list"), replace(RULE, id="other_rule")])
    workshop.settings.worksheet_in_use.update().apply()
    person = workshop.roster.join(workshop.organizations[0].id)
    for question, value in {"who": "in one text", "rule": "bb"}.items():
        workshop.discussion.save(Answer(new_id(), person.organization, person.id, question, value))
    assert {"in one text", "Label rule bb"} <= set(workshop.answers["value"])
    with pytest.raises(AnswerError, match="no question 'who_v1'"):
        workshop.settings.worksheet_in_use.question("who_v1")
    with pytest.raises(AnswerError, match="not on the list"):
        workshop.discussion.save(Answer(new_id(), person.organization, person.id, "rule", "nothing"))


@pytest.mark.slow
@given(
    kinds=some.lists(KIND, min_size=3, max_size=3),
    edits=some.lists(some.lists(EDIT, min_size=3, max_size=3), min_size=1, max_size=3),
    answers=some.lists(some.booleans(), min_size=4, max_size=4),
)
@example(  # two versions answered late, the older one first
    kinds=["text", "choice", "choices"],
    edits=[
        [("remove", "text"), ("remove the last option", "text"), ("keep", "text")],
        [("remove the last option", "text"), ("keep", "text"), ("keep", "text")],
        [("remove the last option", "text"), ("keep", "text"), ("keep", "text")],
    ],
    answers=[False, False, False, False],
)
@settings(max_examples=8)
def test_whatever_a_page_has_shown_is_taken_later_whether_its_version_was_answered_or_not(
    kinds: list[str], edits: list[list[tuple[str, str]]], answers: list[bool]
) -> None:
    asked = [Asked(f"q{place}", kind, stage="two" if place > 1 else "one") for place, kind in enumerate(kinds)]
    stays = Asked("stays", "text")
    with tempfile.TemporaryDirectory() as place_:
        folder = Path(place_) / "sample"
        write(folder, [stays, *asked])
        with (
            Workshop.open(Path(place_) / "room", str(folder)) as workshop,
            Workshop.open(Path(place_) / "room") as phones,  # another process: the one that takes what phones send
        ):
            workshop.roster.register("Fern Hill")
            told = Told(phones)
            pages = [[stays, *asked]]
            for edit, is_answered in zip(edits, answers, strict=False):
                if is_answered:
                    told.answer([stays], len(pages))
                pairs = zip(asked, edit * 2, strict=False)
                asked = [new for each, (what, kind) in pairs for new in EDITS[what](each, kind)]
                asked = [each for each in asked if len(each.options) > 1 or not KINDS[each.kind].has_options]
                write(folder, [stays, *asked])
                workshop.settings.worksheet_in_use.update().apply()
                pages.append([stays, *asked])
            told.check()
            for round_, page in enumerate(pages, 10):  # each page was open all along; none saw what the others sent
                told.words = {}
                told.answer(page, round_)  # refused: an error
                kinds_of = {each.id: {one.kind for page in pages for one in page if one.id == each.id} for each in page}
                one_kind = {id_ for id_, found in kinds_of.items() if len(found) == 1}  # else others may take it too
                told.words = {key: said for key, said in told.words.items() if key.partition("/")[0] in one_kind}
                told.check(workshop)
            with Workshop.open(Path(place_) / "room") as again:
                assert list(again.answers["value"]) == list(workshop.answers["value"])
                told.check(again)


def test_versions_that_nobody_answered_leave_nothing_behind(tmp_path: Path, folder: Path) -> None:
    with Workshop.open(tmp_path / "empty", str(folder)) as workshop:
        write(folder, [RULE])
        workshop.settings.worksheet_in_use.update().apply()
        assert list(workshop.worksheet.questions) == ["rule"]
        assert list(workshop.codebook["question_id"]) == ["rule"]


def test_words_that_come_late_to_a_version_without_answers_stay_in_the_table_and_the_record(
    tmp_path: Path, folder: Path
) -> None:
    with Workshop.open(tmp_path / "empty", str(folder)) as workshop:
        (organization, other) = workshop.roster.register(NAME, "Fern Hill")
        before = len(workshop.agreed)
        write(folder, [Asked("whom", "text"), RULE])
        workshop.settings.worksheet_in_use.update().apply()
        assert len(workshop.agreed) == before
        late = Answer(new_id(), organization.id, workshop.roster.join(organization.id).id, "who", "words that waited")
        workshop.discussion.save(late)
        workshop.discussion.save(replace(late, id=new_id(), question="whom", organization=other.id))
        assert next(iter(workshop.wide["who"])) == "words that waited"
        assert f"Asked who text?{EARLIER}" in repr(workshop.draft(NAME).sections[-1])
        assert "words that waited" in repr(workshop.draft(NAME).sections[-1])
        workshop.discussion.save(replace(late, id=new_id(), value=None))
        with Workshop.open(tmp_path / "empty") as again:
            assert again.discussion.history(organization.id)[-1].value is None
            assert list(again.worksheet.questions) == ["whom", "rule", "who"]


def test_an_answer_of_a_workshop_from_before_versions_were_kept_stays_too(workshop: Workshop, folder: Path) -> None:
    workshop.current.store._writer.hand_in(
        lambda connection: connection.exec_driver_sql("DELETE FROM worksheets")
    ).result()
    write(folder, [RULE])
    with Workshop.open(workshop.folder) as opened:
        assert set(opened.answers["value"]) == {"everyone", "Label rule cc"}
        assert "everyone" in text_of(opened)


# The update


def test_the_update_names_what_changes_and_where_a_fault_is(workshop: Workshop, folder: Path) -> None:
    assert workshop.settings.worksheet_in_use.update().state == "none"
    write(folder, [replace(RULE, options=("aa", "bb")), Asked("more", "date")])
    update = workshop.settings.worksheet_in_use.update()
    assert update.state == "available"
    assert "1 question is new, 1 question is gone and 1 choice is gone" in update.sentence
    before = workshop.settings.worksheet_in_use.version
    update.apply()
    assert workshop.settings.worksheet_in_use.version > before
    assert workshop.settings.worksheet_in_use.update().state == "none"
    (folder / "policy.yaml").write_text("title: [", encoding="utf-8")
    update = workshop.settings.worksheet_in_use.update()
    assert update.state == "faulty"
    assert f"{folder / 'policy.yaml'}, line 1: " in update.sentence
    assert "no answer is lost" in update.sentence
    update.apply()
    assert list(workshop.worksheet.questions)[:2] == ["rule", "more"]
    folder.rename(folder.with_name("moved"))
    assert workshop.settings.worksheet_in_use.update().state == "faulty"


def test_a_comment_or_a_shared_entry_that_is_not_used_is_no_new_version(workshop: Workshop, folder: Path) -> None:
    with (folder / "policy.yaml").open("a", encoding="utf-8") as file:
        file.write("\n# a comment\n")
    assert workshop.settings.worksheet_in_use.update().state == "none"


def test_the_facilitators_page_names_the_fault_and_offers_the_new_version(workshop: Workshop, folder: Path) -> None:
    page = workshop.facilitator()

    def shown() -> str:
        page.parts["set_up"].refresh()
        return repr(page.parts["set_up"].files.blocks)

    assert "Use the new version" not in shown()
    (folder / "policy.yaml").write_text("title: [", encoding="utf-8")
    assert "policy.yaml, line 1" in shown()
    write(folder, [RULE])
    assert "Use the new version" in shown()
    assert "policy.yaml, line 1" not in shown()
    page.parts["set_up"]._chose("update", "")
    assert "Use the new version" not in shown()
    assert [each.id for each in workshop.worksheet.asked()] == ["rule"]
