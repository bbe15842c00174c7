"""The room's report-back as a Document: what was easy and hard, first steps, decisions; no words unreleased."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from toolkit.answer import Position
from toolkit.document import Clause, Document, Parts, Section, Table, Text
from toolkit.kinds import KINDS, Value, read
from toolkit.worksheet import Question, Worksheet

FEWEST = 5
"""Counts under this are not shown: in a small room a number can name somebody (anchors, feature 5)."""


@dataclass(frozen=True, slots=True)
class RoomCase:
    """What the report is made from; `released` are the names of organizations that let their words be shown.

    `grouped` are the alike answers that the room pulled together, each with its votes: (title, votes).
    """

    title: str
    day: str
    worksheet: Worksheet
    held: Mapping[str, Mapping[str, Position]]
    released: Collection[str] = ()
    grouped: tuple[tuple[str, int], ...] = ()
    people: int = 0


def report(case: RoomCase) -> Document:
    """Return the report-back of the whole room."""
    sections = (_about(case), *_top(case), *_words(case), *_decisions(case))
    return Document(
        title=f"Report-back: {case.title}",
        subtitle=case.worksheet.title,
        organization=case.title,
        sections=sections,
        status="REPORT",
        version="1",
        day=case.day,
        language=case.worksheet.language,
        notice="No legal advice. Organizations that did not release their words are counted, not quoted.",
    )


def _about(case: RoomCase) -> Section:
    count, released = len(case.held), len(case.released)
    said = f"{count} organizations and {case.people} people took part. {released} organizations released their words."
    return Section("room", "The room", (Clause("room_counts", (Text(said),), numbered=False), *_progress(case)))


def _progress(case: RoomCase) -> Iterator[Table]:
    rows = tuple(
        _progress_row(case, stage.title, [q.kept_as for q in stage.questions]) for stage in case.worksheet.stages
    )
    if case.held:
        described = "How many answers each stage has, out of all that were asked for."
        yield Table("progress", "Answers by stage", described, ("Stage", "Answered", "Of"), rows, (60, 20, 20))


def _progress_row(case: RoomCase, title: str, names: list[str]) -> tuple[Parts, ...]:
    answered = sum(held[name].status != "open" for held in case.held.values() for name in names if name in held)
    return (Text(title),), (Text(str(answered)),), (Text(str(len(names) * len(case.held))),)


def _top(case: RoomCase) -> Iterator[Section]:
    if case.grouped:
        rows = tuple(((Text(title),), (Text(str(votes)),)) for title, votes in case.grouped)
        described = "What the room pulled together and voted on, the most votes first."
        table = Table("top", "What the room found hardest", described, ("Point", "Votes"), rows, (80, 20))
        yield Section("top", "What the room chose", (table,))


def _words(case: RoomCase) -> Iterator[Section]:
    """Yield one section for each question that is asked for the room, with released words only."""
    for question in _for_the_room(case.worksheet):
        rows = tuple(_word_row(case, question, name) for name in case.held if name in case.released)
        kept = sum(
            name not in case.released and case.held[name][question.kept_as].status != "open" for name in case.held
        )
        lead = Clause(f"{question.id}_kept", (Text(_kept_back(kept)),), numbered=False)
        header = ("Organization", "What it said")
        described = f"The answers of the organizations that released them, to: {question.ask}"
        table = Table(f"{question.id}_words", question.ask, described, header, rows, (30, 70))
        yield Section(question.id, question.ask, (lead, table) if rows else (lead,))


def _kept_back(count: int) -> str:
    if not count:
        return "Every organization that answered released its answer."
    return f"{count} more answered and kept their words to themselves." if count > 1 else "One more kept its words."


def _for_the_room(worksheet: Worksheet) -> tuple[Question, ...]:
    """Return the questions of the last stage: the report-back."""
    return tuple(question for question in worksheet.stages[-1].questions if not question.id.endswith("notes"))


def _word_row(case: RoomCase, question: Question, name: str) -> tuple[Parts, ...]:
    position = case.held[name][question.kept_as]
    asked = case.worksheet.questions[question.kept_as]
    said = read(asked.kind, position.value, asked.labels) or ("Not decided" if position.tied else "No answer")
    return (Text(name, strong=True),), (Text(said, said=True),)


def _decisions(case: RoomCase) -> Iterator[Section]:
    tables = tuple(table for question in case.worksheet.questions.values() for table in _decision(case, question))
    if tables:
        lead = f"How organizations decided. Counts under {FEWEST} are not shown."
        yield Section(
            "decisions", "Decisions compared", (Clause("decisions_lead", (Text(lead),), numbered=False), *tables)
        )


def _decision(case: RoomCase, question: Question) -> Iterator[Table]:
    if question.kind not in DECISIONS:
        return
    counts = chosen(question, [held[question.id].value for held in case.held.values()])
    rows = tuple(((Text(label),), (Text(shown(count)),)) for label, count in counts.items())
    if any(counts.values()):
        described = f"How many organizations chose each answer to: {question.ask}"
        yield Table(f"decided_{question.id}"[:40], question.ask, described, ("Answer", "Organizations"), rows, (75, 25))


DECISIONS = frozenset({"choice", "choices", "yes_no_unsure"})


def chosen(question: Question, values: list[Value]) -> dict[str, int]:
    """Return how many of `values` hold each option, by its label; own words are counted together."""
    counts = dict.fromkeys(question.labels.values(), 0) | ({"In their own words": 0} if question.other else {})
    for value in values:
        for item in value if KINDS[question.kind].many and isinstance(value, list) else [value]:
            label = "In their own words" if isinstance(item, Mapping) else question.labels.get(str(item), "")
            if label in counts:
                counts[label] += 1
    return counts


def shown(count: int) -> str:
    """Return a count as it may be shown: "fewer than 5" hides who it was."""
    return str(count) if count == 0 or count >= FEWEST else f"fewer than {FEWEST}"
