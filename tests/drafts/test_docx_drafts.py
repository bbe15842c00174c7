"""Drafts of both worksheets at every depth are sound Word files: with nothing, with everything, with bad words."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import cycle, islice
from pathlib import Path

import pytest
from docx_checks import faults, rule_faults, stray_faults
from hostile import EVERY
from sample_cases import a_case
from sample_documents import RICH

from toolkit import Workshop
from toolkit.answers.model import Dissent, Position
from toolkit.documents.document import Blank, Clause, Document, Text
from toolkit.documents.word.writer import to_bytes
from toolkit.drafts import policy
from toolkit.drafts.policy import Case
from toolkit.errors import AnswerError
from toolkit.worksheets import catalog
from toolkit.worksheets.kinds import KINDS, Value, clean_value
from toolkit.worksheets.model import DEPTHS, Depth, Question, Worksheet, at_depth

pytestmark = pytest.mark.slow

NAMES = ("sextech-2010", "supervised-visitation")
AUDITED = 20
SHORT_ONES = tuple(text for text in EVERY if len(text) < 2_000)
STATUSES = ("agreed", "proposed", "tied", "agreed", "open")


@pytest.fixture(scope="module", params=NAMES)
def worksheet(request: pytest.FixtureRequest) -> Worksheet:
    return catalog.worksheet(request.param)


@pytest.fixture(scope="module", params=[(name, minutes) for name in NAMES for minutes in (60, 90, 180)])
def rehearsed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Document]:
    """Every paper of two rehearsed organizations."""
    name, minutes = request.param
    with Workshop.open(tmp_path_factory.mktemp("rehearsal"), worksheet=name) as workshop:
        workshop.settings.change(minutes=minutes)
        workshop.rehearsals.rehearse(2, 8, seed=minutes)
        return {
            f"{each.name} {kind}": document
            for each in workshop.organizations
            for kind, document in workshop.papers.drafts(each.name).items()
        }


def papers(case: Case) -> Iterator[Document]:
    yield policy.draft(case)
    yield from policy.papers(case).values()


def test_rehearsed_drafts_are_sound_and_say_what_their_model_says(rehearsed):
    for document in rehearsed.values():
        content = to_bytes(document)
        assert faults(content, document) == []
        assert list(stray_faults(document, content)) == []


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("place", [None, 0])
def test_drafts_of_nothing_and_of_everything_are_sound(worksheet: Worksheet, depth: Depth, place: int | None):
    for document in papers(a_case(worksheet, depth, place)):
        content = to_bytes(document)
        assert faults(content, document) == []
        assert list(stray_faults(document, content)) == []
        if place is not None:
            assert _asked(document) == []


def _asked(document: Document) -> list[str]:
    """The blanks that wait for a question; those without one are for a pen."""
    parts = [part for clause in document.clauses() for line in (clause.parts, *clause.bullets) for part in line]
    return [part.key for part in parts if isinstance(part, Blank) and part.key]


def hostile_cases(count: int, texts: Iterable[str] = EVERY) -> Iterator[Case]:
    """Yield cases of both worksheets at each depth whose every word is a bad input, the next one each time."""
    words, sheets = cycle(texts), [catalog.worksheet(name) for name in NAMES]
    kinds = cycle((sheet, depth) for sheet in sheets for depth in DEPTHS)
    for sheet, depth in islice(kinds, count):
        asked = (q for q in sheet.questions.values() if at_depth(depth, q.depth))
        held = {q.id: _position(q, place, islice(words, 3)) for place, q in enumerate(asked)}
        yield Case(sheet, next(words)[:200], held, depth, "2026-11-21")


def _position(question: Question, place: int, words: Iterator[str]) -> Position:
    one, two, three = words
    status = STATUSES[place % len(STATUSES)]
    value, other = _taken(question, one, place), _taken(question, two, place + 1)
    dissent = (Dissent(two, three[:80], three),) if place % 3 == 0 else ()
    if value is None or status in ("tied", "open"):
        tied = (value, other) if status == "tied" and value is not None and other is not None else ()
        return Position("a", question.id, None, "tied" if tied else "open", ("1", "2"), 2, dissent, tied)
    return Position("a", question.id, value, status, ("1",), 2, dissent)  # type: ignore[arg-type]


def _taken(question: Question, words: str, place: int) -> Value:
    ids = [option.id for option in question.options]
    shapes: dict[str, Value] = {
        "contact": {"name": words, "role": words, "reach": words},
        "list": [words, words[::-1]],
        "yes_no_unsure": "yes",
        "date": "2027-06-01",
        "choice": {"other": words} if place % 2 else ids[place % len(ids)] if ids else None,
        "choices": [*ids, {"other": words}],
        "ranking": ids,
    }
    try:
        return clean_value(question.kind, shapes.get(question.kind, words), question.labels)
    except AnswerError:
        return None


def test_every_kind_of_question_gets_bad_words():
    assert set(KINDS) == {
        "text",
        "long_text",
        "choice",
        "choices",
        "yes_no_unsure",
        "contact",
        "date",
        "list",
        "ranking",
    }


@pytest.fixture(scope="module")
def bad_words() -> list[Case]:
    """All cases with bad words; their places are known before they are made."""
    return [*hostile_cases(AUDITED, SHORT_ONES), *hostile_cases(1)]


@pytest.mark.parametrize("place", range(AUDITED + 1))
def test_drafts_of_bad_words_follow_the_rules(bad_words: list[Case], place: int):
    assert len(bad_words) == AUDITED + 1
    document = policy.draft(bad_words[place])
    content = to_bytes(document)

    assert rule_faults(content) == []
    assert faults(content, document) == []


HASHED = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from sample_documents import RICH, SHORT
from toolkit.documents.word.writer import to_bytes
print(hashlib.sha256(to_bytes(RICH) + to_bytes(SHORT)).hexdigest())
"""


def test_the_same_draft_is_the_same_bytes_in_every_process_and_place():
    places = [("0", "UTC"), ("1", "Asia/Tokyo"), ("4242", "America/Detroit")]
    said = {
        subprocess.run(
            [sys.executable, "-c", HASHED, str(Path(__file__).parents[1])],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "USER": "somebody", "HOME": "/nowhere"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in places
    }

    assert len(said) == 1


def test_numbers_shown_are_the_numbers_that_word_counts_with_examples_between():
    clause = Clause("example", (Text("An example."),), style="example")
    first, *rest = RICH.sections
    document = Document("T", "O", (type(first)("s", "S", (clause, *first.blocks)), *rest))

    assert faults(to_bytes(document), document) == []
