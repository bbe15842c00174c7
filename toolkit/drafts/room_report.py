"""Makes the room's report-back as a Document: what was easy and hard, first steps, decisions; only released words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from toolkit.answers import progress
from toolkit.answers.model import Position
from toolkit.documents import charts
from toolkit.documents.charts import REASON_FOR_HIDING, count_text, is_hidden
from toolkit.documents.document import Bar, Clause, Document, Parts, Section, Table, Text
from toolkit.facilitation import report_back_views
from toolkit.facilitation.invitation import Attendance
from toolkit.worksheets.kinds import KINDS, Value, as_text
from toolkit.worksheets.model import Depth, Question, Stage, Worksheet

MOST_STEPS = 4
"""A way to a yes of so many steps or more is counted together, and so are as many groups."""


@dataclass(frozen=True, slots=True)
class ReportCase:
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
    shared_devices: int = 0
    depth: Depth = "deep"


def report(case: ReportCase) -> Document:
    """Return the report-back of the whole room."""
    sections = (_about(case), *_top(case), *_words(case), *_map(case), *_route(case), *_media(case), *_decisions(case))
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


def _about(case: ReportCase) -> Section:
    count, released = len(case.held), len(case.released)
    joined = Attendance("", case.people, case.shared_devices).words
    text = f"{count} organizations took part: {joined}. {released} organizations released their words."
    return Section("room", "The room", (_lead("room_counts", text), *_progress(case)))


def _lead(id_: str, text: str) -> Clause:
    return Clause(id_, (Text(text),), numbered=False)


def _progress(case: ReportCase) -> Iterator[Clause | Table]:
    if case.held:
        stages = [_progress_of(case, stage) for stage in case.worksheet.stages]
        rows = tuple(
            ((Text(title),), (Bar(answered / of if of else 0),), (Text(f"{answered} of {of}"),))
            for title, answered, of in stages
        )
        described = "A bar for each stage: how many answers it has, out of all that were asked for."
        header = ("Stage", "Share", "Answers")
        yield _lead("progress_lead", charts.progress(stages).summary)
        yield Table("progress", "Progress through the session", described, header, rows, (44, 36, 20))


def _progress_of(case: ReportCase, stage: Stage) -> tuple[str, int, int]:
    """Return a stage's title, how many answers it has, and how many it is asked for."""
    return (stage.title, *progress.count_answers(stage, case.depth, case.held.values()))


def _top(case: ReportCase) -> Iterator[Section]:
    if case.grouped:
        most = max(votes for _, votes in case.grouped)
        described = "What the room pulled together and voted on, the most votes first, each with a bar for its votes."
        rows = tuple(_bar_row(title, votes, most) for title, votes in case.grouped)
        table = Table("top", "What the room found hardest", described, ("Point", "Share", "Votes"), rows, (52, 28, 20))
        why = charts.reason_for_hiding(votes for _, votes in case.grouped)
        yield Section("top", "What the room chose", (*([_lead("top_hidden", why)] if why else []), table))


def _bar_row(label: str, count: int, of: int) -> tuple[Parts, ...]:
    """Return a row with a bar; a count that may not be said has no length either."""
    share = None if is_hidden(count) else count / of if of else 0
    return (Text(label),), (Bar(share),), (Text(count_text(count)),)


def _sizes_lead(id_: str, text: str, tables: Sequence[Table]) -> Clause:
    """Return the sentence above tables of sizes, and why some of their counts are hidden."""
    hidden = any(part == Bar(None) for table in tables for row in table.rows for part in row[1])
    return _lead(id_, f"{text} {REASON_FOR_HIDING}" if hidden else text)


def _words(case: ReportCase) -> Iterator[Section]:
    """Yield one section for each question that is asked for the room, with released words only."""
    for question in report_back_views.own_questions(case.worksheet):
        rows = tuple(_word_row(case, question, name) for name in case.held if name in case.released)
        unreleased = sum(
            name not in case.released and case.held[name][question.kept_as].status != "open" for name in case.held
        )
        lead = Clause(f"{question.id}_kept", (Text(_kept_back(unreleased)),), numbered=False)
        header = ("Organization", "What it said")
        described = f"The answers of the organizations that released them, to: {question.ask}"
        table = Table(f"{question.id}_words", question.ask, described, header, rows, (30, 70))
        yield Section(question.id, question.ask, (lead, table) if rows else (lead,))


def _kept_back(count: int) -> str:
    if not count:
        return "Every organization that answered released its answer."
    return f"{count} more answered and kept their words to themselves." if count > 1 else "One more kept its words."


def _word_row(case: ReportCase, question: Question, name: str) -> tuple[Parts, ...]:
    position = case.held[name][question.kept_as]
    stored_question = case.worksheet.questions[question.kept_as]
    text = as_text(stored_question.kind, position.value, stored_question.labels) or (
        "Not decided" if position.tied else "No answer"
    )
    return (Text(name, strong=True),), (Text(text, said=True),)


# Pictures: each is a sentence and a table with bars, so that it prints sharp and can be read aloud


def _map(case: ReportCase) -> Iterator[Section]:
    """Yield how many groups organizations serve and may reach online; which groups is theirs to tell."""
    sides = {"served": "Groups that an organization serves", "reached": "Groups that may be online for it"}
    tables = [table for name, title in sides.items() for table in _sizes(case, name, title, "group")]
    if tables:
        text = "Who serves, and who is served: every organization has drawn its own map. Here are only the sizes."
        yield Section("map", "Who serves, and who is served", (_sizes_lead("map_lead", text, tables), *tables))


def _route(case: ReportCase) -> Iterator[Section]:
    """Yield how many steps a yes takes; who approves is each organization's to tell."""
    tables = list(_sizes(case, "approvers", "Steps to a yes", "step"))
    if tables:
        text = "The way to a yes differs. Each organization has its own route in its draft; here is how long they are."
        yield Section("route", "The way to a yes", (_sizes_lead("route_lead", text, tables), *tables))


def _sizes(case: ReportCase, meaning: str, title: str, word: str) -> Iterator[Table]:
    """Yield a table of how many organizations named one, two, three or more."""
    name = case.worksheet.by_meaning[meaning].id if meaning in case.worksheet.by_meaning else ""
    values = [positions[name].value for positions in case.held.values() if name in positions]
    sizes = [min(len(value), MOST_STEPS) for value in values if isinstance(value, list) and value]
    if sizes:
        labels = ["1 " + word, *(f"{n} {word}s" for n in range(2, MOST_STEPS)), f"{MOST_STEPS} {word}s or more"]
        rows = tuple(_bar_row(label, sizes.count(n), len(case.held)) for n, label in enumerate(labels, 1))
        described = f"How many organizations named so many {word}s, each with a bar."
        yield Table(f"sizes_{name}"[:40], title, described, ("How many", "Share", "Organizations"), rows, (44, 36, 20))


def _media(case: ReportCase) -> Iterator[Section]:
    question = case.worksheet.by_meaning.get("media")
    tables = tuple(_decision(case, question)) if question else ()
    if question and tables:
        text = charts.platforms(_counts(case, question), len(case.held)).summary
        yield Section("media", "Media in the room's policies", (_lead("media_lead", text), *tables))


def _decisions(case: ReportCase) -> Iterator[Section]:
    questions = [
        each for each in case.worksheet.questions.values() if each.kind in DECISIONS and each.meaning != "media"
    ]
    tables = tuple(table for question in questions for table in _decision(case, question))
    if tables:
        counts = {each.ask: _counts(case, each) for each in questions if any(_counts(case, each).values())}
        text = charts.decisions(counts, len(case.held)).summary
        yield Section("decisions", "How decisions differ", (_lead("decisions_lead", text), *tables))


def _counts(case: ReportCase, question: Question) -> dict[str, int]:
    return choice_counts(question, [positions[question.id].value for positions in case.held.values()])


def _decision(case: ReportCase, question: Question) -> Iterator[Table]:
    counts = _counts(case, question)
    if any(counts.values()):
        rows = tuple(_bar_row(label, count, len(case.held)) for label, count in counts.items())
        described = f"How many organizations chose each answer, each with a bar, to: {question.ask}"
        header = ("Answer", "Share", "Organizations")
        yield Table(f"decided_{question.id}"[:40], question.ask, described, header, rows, (48, 30, 22))


DECISIONS = frozenset({"choice", "choices", "yes_no_unsure"})


def choice_counts(question: Question, values: list[Value]) -> dict[str, int]:
    """Return how many of `values` hold each option, by its label; own words are counted together."""
    counts = dict.fromkeys(question.labels.values(), 0) | ({"In their own words": 0} if question.other else {})
    for value in values:
        for item in value if KINDS[question.kind].many and isinstance(value, list) else [value]:
            label = "In their own words" if isinstance(item, Mapping) else question.labels.get(str(item), "")
            if label in counts:
                counts[label] += 1
    return counts
