"""Makes the worksheet as a Document to print, for a table without a device. It asks exactly what the form asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from toolkit.documents.document import Clause, Document, Parts, Section, Text, Writing
from toolkit.worksheets.kinds import CONTACT_PARTS
from toolkit.worksheets.model import BRACES, DEPTH_OF_MINUTES, Condition, Question, Stage, Worksheet, at_depth

NOTICE = "No client's name, age, picture or story on this paper, not even in disguise."
HEAD_FIELDS = ("Organization", "Table", "Who writes (a first name is enough)")
FIRST_SENTENCES = (
    "This paper asks what the phones ask. One paper for each organization is enough. Give it to the facilitator at "
    "the end: what stands here is typed in and counts as your organization's answer."
)
LAST_SENTENCE = "Please give this paper to the facilitator. It is kept or shredded as your organization wishes."
EMERGENCY_SENTENCE = "If someone is in danger now, call 911. If someone may harm themselves, call or text 988."
OWN_WORDS = "In our own words"
CONTACT_LABELS = dict(zip(CONTACT_PARTS, ("Name", "Role", "How to reach them at work"), strict=True))
ITEMS = 4
"""Lines for a list."""

SENTENCES = 3
"""Lines for a longer text."""

SHORT_OPTION = 12
"""Letters of options that stand beside each other."""


@dataclass(frozen=True, slots=True)
class PrintedQuestion:
    """A question as it is printed: its number, and the question that keeps its answer."""

    number: int
    question: Question
    kept: Question


def paper(worksheet: Worksheet, minutes: int) -> Document:
    """Return the worksheet for pen and paper, as deep as it goes in so many minutes (60, 90 or 180)."""
    printed = tuple(_printed_questions(worksheet, minutes))
    depth = DEPTH_OF_MINUTES[minutes]
    wanted = [stage for stage in worksheet.stages if _of(stage, printed)]
    stages = [_stage(stage, printed, worksheet.planned_minutes(stage, depth)) for stage in wanted]
    return Document(
        worksheet.title,
        "",
        (_front(worksheet), *stages),
        status="Worksheet on paper",
        version="",
        language=worksheet.language,
        subtitle=f"Worksheet on paper for a workshop of {minutes} minutes",
        notice=f"{NOTICE} No legal advice.",
        contents=False,
    )


def _printed_questions(worksheet: Worksheet, minutes: int) -> Iterator[PrintedQuestion]:
    depth = DEPTH_OF_MINUTES[minutes]
    for number, question in enumerate(
        (asked_question for asked_question in worksheet.asked() if at_depth(depth, asked_question.depth)), 1
    ):
        yield PrintedQuestion(number, question, worksheet.questions[question.kept_as])


def _of(stage: Stage, printed: Sequence[PrintedQuestion]) -> list[PrintedQuestion]:
    return [question for question in printed if question.question in stage.questions]


def _front(worksheet: Worksheet) -> Section:
    rules = tuple((Text(rule),) for rule in worksheet.ground_rules)
    return Section(
        "paper_front",
        "Who you are",
        (
            _plain("paper_before", (Text(FIRST_SENTENCES),)),
            Writing("paper_whose", lines=HEAD_FIELDS),
            Clause("paper_notice", (Text(NOTICE, strong=True),), style="note", numbered=False),
            Clause("paper_danger", (Text(EMERGENCY_SENTENCE, strong=True),), style="note", numbered=False),
            Clause("paper_rules", (Text("What we keep to"),), bullets=rules, numbered=False),
            _plain("paper_credit", (Text(worksheet.credit),)),
        ),
    )


def _plain(id_: str, parts: Parts) -> Clause:
    return Clause(id_, parts, numbered=False)


def _stage(stage: Stage, printed: Sequence[PrintedQuestion], minutes: int) -> Section:
    lead = " ".join(filter(None, (stage.why, stage.instruction)))
    blocks = [block for question in _of(stage, printed) for block in _question(question, printed)]
    thanks = _plain(f"paper_{stage.id}_after", (Text(LAST_SENTENCE),))
    top = _plain(f"paper_{stage.id}", (Text(f"{lead} ({minutes} minutes)"),))
    last = (thanks,) if printed[-1].question in stage.questions else ()
    return Section(f"paper_stage_{stage.id}", stage.title, (top, *blocks, *last), new_page=True)


def _question(printed: PrintedQuestion, everything: Sequence[PrintedQuestion]) -> tuple[Clause, Writing]:
    ask = Text(f"{printed.number}.  {printed.question.ask}", strong=True)
    hints = filter(
        None,
        (_only_if(printed.question.show_if, everything), printed.question.help, INSTRUCTIONS.get(printed.kept.kind)),
    )
    below = "".join(f"\n{hint}" for hint in hints)
    id_ = f"paper_{printed.question.id}"
    heading = Clause(id_, (ask, Text(below)), style="question", numbered=False)
    return heading, WRITING_SPACE[printed.kept.kind](f"{id_}_room", printed.kept)


def _only_if(conditions: Sequence[Condition], everything: Sequence[PrintedQuestion]) -> str:
    """Return when a question is asked at all, by the numbers of the questions that it hangs on."""
    by_id = {question.kept.id: question for question in everything}
    texts = [_one_if(condition, by_id[condition.question]) for condition in conditions if condition.question in by_id]
    return f"Only if {', or '.join(texts)}." if texts else ""


def _one_if(condition: Condition, printed: PrintedQuestion) -> str:
    among = [f"“{printed.kept.labels.get(option, option)}”" for option in condition.among]
    return f"you ticked {' or '.join(among)} in {printed.number}" if among else f"you answered {printed.number}"


INSTRUCTIONS: Mapping[str, str] = MappingProxyType(
    {"choice": "Tick one.", "choices": "Tick all that fit.", "ranking": "Write 1 beside the first, 2 beside the next."}
)
"""What to do with the pen, for the kinds where that is not plain."""


def _lines(*labels: str) -> Callable[[str, Question], Writing]:
    return lambda id_, _: Writing(id_, lines=labels)


def _options(id_: str, question: Question) -> Writing:
    """Options below each other, each with its wording; short ones beside each other."""
    wordings = {option.id: option.clause for option in question.options}
    labels = question.labels
    if all(len(label) <= SHORT_OPTION for label in labels.values()) and not any(wordings.values()):
        return Writing(id_, boxes=(tuple(labels.values()),))
    texts = [
        "\n".join(filter(None, (label, _printed_wording(wordings.get(name, ""))))) for name, label in labels.items()
    ]
    return Writing(id_, boxes=tuple((text,) for text in texts), lines=(OWN_WORDS,) if question.other else ())


def _printed_wording(wording: str) -> str:
    """Return a wording as one reads it on paper: a place in braces is a line."""
    return BRACES.sub(lambda match: match["words"] or "____", wording)


WRITING_SPACE: Mapping[str, Callable[[str, Question], Writing]] = MappingProxyType(
    {
        "text": _lines(""),
        "long_text": _lines(*[""] * SENTENCES),
        "choice": _options,
        "choices": _options,
        "yes_no_unsure": _options,
        "contact": _lines(*CONTACT_LABELS.values()),
        "date": _lines("Day, month, year"),
        "list": _lines(*[f"{place}" for place in range(1, ITEMS + 1)]),
        "ranking": _options,
    }
)
"""The room that each kind of question has on paper; one row a kind."""
