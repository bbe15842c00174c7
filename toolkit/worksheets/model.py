"""A worksheet as frozen values: stages, questions, policy, checks, agenda and scenarios, with their rules."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, StringConstraints, field_validator, model_validator

from toolkit.errors import AnswerError, WorkshopError
from toolkit.worksheets.kinds import KINDS, OTHER, UNSURE, UNSURE_LABEL, YES_NO_UNSURE, Value, as_text, clean_value

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
"""A name for tables, braces and bookmarks: small letters, digits and _, a letter first."""

FolderId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Depth = Literal["core", "standard", "deep"]
DEPTHS: tuple[Depth, ...] = ("core", "standard", "deep")
DEPTH_OF_MINUTES: Mapping[int, Depth] = {60: "core", 90: "standard", 180: "deep"}
MINUTES_OF_DEPTH: Mapping[Depth, int] = {depth: minutes for minutes, depth in DEPTH_OF_MINUTES.items()}

BRACES = re.compile(r"\{(?P<name>[a-z][a-z0-9_]*)(?::\s*(?P<words>[^{}]*))?\}")
"""{organization}, {day} of the workshop, {question_id}, {see: clause_id}, {blank: what to write here}."""


WORDS_OF_BRACES = frozenset({"organization", "day", "see", "blank"})
"""Names in braces that are no question."""


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Condition(_Value):
    """True when the answer to `question` is, or includes, one of `is`; with `is` empty: when it is answered."""

    question: Id
    among: tuple[str, ...] = Field(default=(), alias="is")


class Option(_Value):
    """One thing to choose; `clause` is the wording that choosing it puts into the draft."""

    id: Id
    label: Words
    clause: str = ""
    reason: str = ""
    risk: str = ""
    source: str = ""
    checked: datetime.date | None = Field(default=None, description="When somebody last looked that this holds.")
    alone: bool = Field(default=False, description="Makes no sense beside other options; made-up people know that.")


Meaning = Literal[
    "served", "reached", "approvers", "media", "notes",
    "easiest", "vote", "first_step", "first_step_who", "first_step_by", "first_step_trigger", "first_step_buddy",
]  # fmt: skip
"""What the program does with an answer, whatever the question's id is.

`served` and `reached` are the two sides of the stakeholder map, `approvers` the steps of the approval route, `media`
the chart of media. `easiest`, `vote` and `first_step` are the lines of the report-back; the room votes on `vote`, and
the other parts of `first_step` stand beside it. `notes` are free words that no board shows.
"""


PICTURES_OF_SEVERAL = ("served", "reached", "approvers")
"""The meanings whose picture needs several things in one answer."""


class MadeUp(_Value):
    """What made-up people say to a question in a rehearsal; without it, whatever fits the question's kind.

    In braces: the organization's short name (`short`), whom it serves (`clients`), its mail domain (`mail`).
    """

    answers: tuple[str, ...] = Field(default=(), description="Answers in words, beside the question's own example.")
    own_options: tuple[str, ...] = Field(default=(), description="Options that people write themselves.")
    roles: tuple[str, ...] = Field(default=(), description="Roles of the people whom a contact names.")
    days_ahead: tuple[int, int] | None = Field(
        default=None, description="How many days after the workshop a date is: at least, at most."
    )


class Question(_Value):
    """One question; its answer is kept under `revises` when it asks again what was asked before."""

    id: Id
    kind: str
    ask: Words
    why: str = ""
    help: str = ""
    example: str = ""
    options: tuple[Option, ...] = ()
    other: bool = Field(default=False, description="People may answer in their own words beside the options.")
    unsure: bool = Field(default=False, description="Offer 'Unsure - ask counsel or funder'.")
    revises: Id | None = None
    record: bool = Field(
        default=False, description="For the workshop's record only: never an open point of the policy."
    )
    profile: bool = Field(
        default=False,
        description="What the organization is, not what it decides: who ticked what is never told in the draft.",
    )
    meaning: Meaning | None = Field(
        default=None, description="What the program does with the answer: the vote, the map, a chart, the report-back."
    )
    ahead: bool = Field(default=False, description="A date that is not past on the day of the workshop.")
    depth: Depth = "core"
    show_if: tuple[Condition, ...] = Field(default=(), description="Asked when any of these holds.")
    checked: datetime.date | None = Field(default=None, description="When the options were last looked at.")
    sources: tuple[str, ...] = ()
    made_up: MadeUp = Field(default=MadeUp(), description="What made-up people say in a rehearsal.")
    _earlier: tuple[Option, ...] = PrivateAttr(default=())

    @field_validator("kind")
    @classmethod
    def _known_kind(cls, kind: str) -> str:
        if kind not in KINDS:
            raise ValueError(f"kind '{kind}' is not one of {', '.join(KINDS)}")
        return kind

    @model_validator(mode="after")
    def _options_fit_kind(self) -> Question:
        if KINDS[self.kind].has_options and len(self.options) < 2 and not self.revises:
            raise ValueError(f"a question of kind '{self.kind}' needs at least two options")
        if self.options and not KINDS[self.kind].has_options:
            raise ValueError(f"a question of kind '{self.kind}' takes no options")
        return self

    @model_validator(mode="after")
    def _meaning_fits_kind(self) -> Question:
        if self.meaning == "media" and not KINDS[self.kind].has_options:
            raise ValueError("the meaning 'media' is a chart of options, so the question needs options")
        if self.meaning in PICTURES_OF_SEVERAL and not KINDS[self.kind].many:
            raise ValueError(f"the meaning '{self.meaning}' is a picture of several, so the question must take several")
        return self

    @property
    def kept_as(self) -> str:
        """The question id under which the answer is kept."""
        return self.revises or self.id

    @property
    def labels(self) -> dict[str, str]:
        """Option id to label, the unsure option last where it is offered."""
        labels = {option.id: option.label for option in (*self.options, *self._earlier)}
        if self.kind == "yes_no_unsure":
            return dict(YES_NO_UNSURE)
        return labels | ({UNSURE: UNSURE_LABEL} if self.unsure else {})

    def clean_value(self, value: Value) -> Value:
        """Return `value` as it is kept; AnswerError when the question does not take it."""
        cleaned = clean_value(self.kind, value, self.labels)
        if KINDS[self.kind].has_options:
            self._check_options(cleaned if isinstance(cleaned, list) else [cleaned])
        elif not self.other and _is_own_words(cleaned):
            raise AnswerError(NO_OWN_WORDS, mend="Choose one of the options.")
        return cleaned

    def _check_options(self, options: Sequence[Value]) -> None:
        """Raise AnswerError for own words, or for "unsure", where the question does not offer them."""
        if not self.other and any(map(_is_own_words, options)):
            raise AnswerError(NO_OWN_WORDS, mend="Choose one of the options.")
        offers_unsure = self.unsure or self.kind == "yes_no_unsure"
        if UNSURE in options and not offers_unsure:
            raise AnswerError("this question does not offer 'unsure'", mend="Choose one of the options.")

    def not_past(self, value: Value, day: str) -> None:
        """Raise AnswerError when `value` is a date before `day` (both ISO) and the question asks for one ahead."""
        if self.ahead and isinstance(value, str) and value < day:
            raise AnswerError("this day is past", mend=f"Choose {as_text('date', day)} or a later day.")

    def option(self, value: Value) -> Option | None:
        """Return the option that `value` names, None for own words or unsure."""
        return next((option for option in (*self.options, *self._earlier) if option.id == value), None)

    def with_earlier(self, options: tuple[Option, ...]) -> Question:
        """Return the question with options that it does not offer any more, but that answers may still name."""
        question = self.model_copy()
        question._earlier = options
        return question


NO_OWN_WORDS = "this question takes no words of your own"


def _is_own_words(value: Value) -> bool:
    return isinstance(value, Mapping) and OTHER in value


class Stage(_Value):
    """One sitting: a title, why it is there, how long it takes, and its questions."""

    id: Id
    title: Words
    why: Words
    instruction: str = ""
    moment: Literal["stakeholders", "policy_drafting", "report_back"] | None = Field(
        default=None,
        description="Which of the three notebooks shows it. Without it: the one that its id names; else the first "
        "stage is on page 1, the last on page 3, and all others on page 2.",
    )
    minutes: int = Field(ge=1, le=180)
    questions: tuple[Question, ...] = Field(min_length=1)


class ClauseRule(_Value):
    """How one clause of the draft is made; exactly one of `text` and `decision` says its words."""

    id: Id
    text: str = ""
    decision: Id | None = Field(default=None, description="A choice question: the chosen option's clause is the text.")
    lead: str = Field(default="", description="Bold words before the text.")
    bullets: tuple[str, ...] = ()
    bullets_from: Id | None = Field(default=None, description="A question whose items become bullets.")
    steps: bool = Field(default=False, description="Bullets are numbered steps.")
    when: tuple[Condition, ...] = Field(default=(), description="In the draft when any of these holds.")
    unless: tuple[Condition, ...] = Field(default=(), description="Not in the draft when any of these holds.")
    depth: Depth = "core"
    style: Literal["plain", "example", "note"] = "plain"
    numbered: bool = True
    comment: str = Field(default="", description="Guidance for the margin of the draft.")
    reads: str = Field(default="", description="'skip' leaves the clause out when its answers are missing.")
    floor: bool = Field(
        default=False,
        description="Protects people: in every draft, whatever is answered. Answers add to it in clauses of their own.",
    )
    covered: tuple[Id, ...] = Field(
        default=(), description="Options of 'bullets_from' that a floor says already; they are not said twice."
    )
    sources: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_wording(self) -> ClauseRule:
        if bool(self.text) == bool(self.decision):
            raise ValueError(f"clause '{self.id}' needs either 'text' or 'decision'")
        return self

    @model_validator(mode="after")
    def _floor_always_stands(self) -> ClauseRule:
        hangs = self.when or self.unless or self.decision or self.bullets_from or self.reads or self.depth != "core"
        if self.floor and hangs:
            raise ValueError(
                f"clause '{self.id}' is a floor: it takes no 'when', 'unless', 'decision', 'bullets_from', 'reads' or "
                "'depth'; let answers add to it in another clause"
            )
        return self

    def texts(self) -> tuple[str, ...]:
        """Return the texts in which braces may stand."""
        return (self.text, self.lead, *self.bullets)

    def questions_read(self) -> list[str]:
        """Return the questions whose answers stand in the clause."""
        return _in_braces(self.texts()) + [question for question in (self.bullets_from, self.decision) if question]


class TableRule(_Value):
    """How one table of the draft is made: fixed rows, or a row for each item of an answer."""

    id: Id
    caption: Words
    description: Words
    header: tuple[Words, ...] = Field(min_length=1)
    rows: tuple[tuple[str, ...], ...] = ()
    rows_from: Id | None = None
    widths: tuple[int, ...] = ()
    when: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()
    depth: Depth = "core"
    comment: str = ""
    sources: tuple[str, ...] = ()

    def texts(self) -> tuple[str, ...]:
        """Return the texts in which braces may stand."""
        return tuple(cell for row in self.rows for cell in row)

    def questions_read(self) -> list[str]:
        """Return the questions whose answers stand in the table."""
        return _in_braces(self.texts()) + [question for question in (self.rows_from,) if question]


def _in_braces(texts: tuple[str, ...]) -> list[str]:
    names = (match["name"] for text in texts for match in BRACES.finditer(text))
    return [name for name in names if name not in WORDS_OF_BRACES]


class PolicySection(_Value):
    """One section of the draft; its blocks in order."""

    id: Id
    title: Words
    annex: bool = False
    new_page: bool = False
    clauses: tuple[ClauseRule | TableRule, ...] = Field(min_length=1)
    when: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()
    depth: Depth = "core"

    @model_validator(mode="after")
    def _floor_always_stands(self) -> PolicySection:
        hangs = self.when or self.unless or self.depth != "core"
        if hangs and any(isinstance(block, ClauseRule) and block.floor for block in self.clauses):
            raise ValueError(f"section '{self.id}' holds a floor: it takes no 'when', 'unless' or 'depth'")
        return self


class Paper(_Value):
    """A short paper beside the policy: the staff page, the client summary, the review checklist."""

    id: Id
    title: Words
    subtitle: str = ""
    sections: tuple[PolicySection, ...] = Field(min_length=1)

    @field_validator("id")
    @classmethod
    def _not_the_policy(cls, id_: str) -> str:
        if id_ == "policy":
            raise ValueError("a paper cannot have the id 'policy': that is the draft itself")
        return id_


class Policy(_Value):
    """The draft's shape: title, title block, sections, and the papers beside it."""

    title: Words
    subtitle: str = ""
    notice: str = ""
    control: tuple[tuple[str, str], ...] = Field(default=(), description="Rows of the title block.")
    sections: tuple[PolicySection, ...] = Field(min_length=1)
    papers: tuple[Paper, ...] = ()


class GapRule(_Value):
    """A gap: what is missing when these questions are unanswered, and the line of the seeds that asks for it."""

    id: Id
    says: Words
    mend: Words
    questions: tuple[Id, ...] = Field(default=(), description="All of these must be answered.")
    any_of: tuple[Id, ...] = Field(default=(), description="At least one of these must be answered.")
    parts: tuple[str, ...] = Field(default=(), description="What the answer must hold: parts of a contact, or options.")
    when: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = Field(default=(), description="Not a gap when any of these holds.")
    clauses: tuple[Id, ...] = Field(default=(), description="The draft must hold all of these clauses.")
    any_clause: tuple[Id, ...] = Field(default=(), description="The draft must hold at least one of these clauses.")
    within_days: tuple[Id, int] | None = Field(default=None, description="A date not past and not later than this.")
    depth: Depth = "core"
    severity: Literal["error", "warning", "information"] = "warning"
    sources: tuple[str, ...] = Field(min_length=1)


class CautionRule(_Value):
    """A wording to look at again: the pattern, why, and a narrower wording; it says "may", never more."""

    id: Id
    name: Words
    pattern: Words
    unless: str = Field(default="", description="A pattern; a sentence that also matches this is let pass.")
    unless_anywhere: str = Field(default="", description="A pattern; found in any text, the rule is silent.")
    pass_over: str = Field(default="", description="A pattern; the parts of a sentence that match it are passed over.")
    answers_to: tuple[Id, ...] = Field(
        default=(), description="Looks only at answers to these questions and at the clauses that show them."
    )
    beside: tuple[Id, ...] = Field(default=(), description="Only said when one of these cautions is found too.")
    match_case: bool = False
    severity: Literal["error", "warning", "information"] = "warning"
    why: Words
    narrower: Words
    when: tuple[Condition, ...] = ()
    when_not: tuple[Condition, ...] = Field(default=(), description="Silent when any of these holds.")
    sources: tuple[str, ...] = Field(min_length=1)
    checked: datetime.date

    @field_validator("pattern", "unless", "unless_anywhere", "pass_over")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as fault:
            raise ValueError(f"the pattern cannot be read: {fault}") from None
        return pattern

    @cached_property
    def finder(self) -> re.Pattern[str]:
        """The pattern, ready to search with."""
        return re.compile(self.pattern, 0 if self.match_case else re.IGNORECASE)


class Fact(_Value):
    """Something that may change outside this project: as found, where, when, and how long to believe it."""

    id: Id
    fact: Words
    source: Words
    checked: datetime.date
    good_for_days: int = Field(default=365, ge=1)


class Checks(_Value):
    """The gap rules, caution rules and dated facts of a worksheet."""

    gaps: tuple[GapRule, ...] = ()
    cautions: tuple[CautionRule, ...] = ()
    facts: tuple[Fact, ...] = ()


class AgendaStep(_Value):
    """One step of the session: minutes, title, what the facilitator says, the stage it opens."""

    minutes: int = Field(ge=1)
    title: Words
    say: str = ""
    stage: Id | None = None
    output: str = ""
    sources: tuple[str, ...] = ()


class Agenda(_Value):
    """The steps of one length of workshop; their minutes add up to it."""

    minutes: Literal[60, 90, 180]
    outcome: Words
    steps: tuple[AgendaStep, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _adds_up(self) -> Agenda:
        total = sum(step.minutes for step in self.steps)
        if total != self.minutes:
            raise ValueError(f"the steps add up to {total} minutes, not {self.minutes}")
        return self


class Script(_Value):
    """Something that happens in rooms, and what a facilitator may say or do then."""

    id: Id
    title: Words
    say: Words
    sources: tuple[str, ...] = ()


class Scenario(_Value):
    """A discussion card: a made-up story, prompts, and the clause that it argues for."""

    id: Id
    title: Words
    story: Words
    prompts: tuple[Words, ...] = Field(min_length=1)
    clause: Id | None = None
    sources: tuple[str, ...] = ()


class Worksheet(_Value):
    """Everything that one workshop asks and drafts; read-only."""

    id: FolderId
    title: Words
    summary: Words
    credit: Words
    source: str = ""
    notes: str = Field(default="", description="Where people may write freely.")
    language: str = "en-US"
    version: int = Field(ge=1)
    checked: datetime.date
    objectives: tuple[Words, ...] = Field(min_length=1)
    ground_rules: tuple[Words, ...] = ()
    sources: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = Field(min_length=1)
    policy: Policy
    checks: Checks = Checks()
    agendas: tuple[Agenda, ...] = ()
    scripts: tuple[Script, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    _earlier: tuple[tuple[str, Question], ...] = PrivateAttr(default=())

    def with_earlier(self, now: Mapping[str, Question], past_questions: tuple[tuple[str, Question], ...]) -> Worksheet:
        """Return the worksheet with its questions as they are in `now` (by id), and with questions that it does not
        ask any more but that answers were given to: `past_questions` has the stage's id and the question of each.
        """
        stages = tuple(
            stage.model_copy(
                update={"questions": tuple(now.get(question.id, question) for question in stage.questions)}
            )
            for stage in self.stages
        )
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        worksheet = Worksheet.model_construct(**{**fields, "stages": stages})
        worksheet._earlier = past_questions
        return worksheet

    @cached_property
    def earlier(self) -> Mapping[str, str]:
        """The questions that are not asked any more, each with the id of the stage that asked it."""
        return {question.id: stage for stage, question in self._earlier}

    def stage(self, id_: str) -> Stage:
        """Return the stage with this id; WorkshopError that lists the stages when there is none."""
        for stage in self.stages:
            if stage.id == id_:
                return stage
        ids = ", ".join(stage.id for stage in self.stages)
        raise WorkshopError(f"there is no stage '{id_}'", where=self.id, mend=f"Its stages are: {ids}.")

    def at(self, moment: str) -> tuple[Stage, ...]:
        """Return the stages of one moment of the session; WorkshopError that lists the stages when there is none."""
        return tuple(stage for stage in self.stages if moment in (stage.moment, stage.id)) or (self.stage(moment),)

    def planned_minutes(self, stage: Stage, depth: Depth) -> int:
        """Return how long a stage is planned to be: what the agenda of this depth gives it, else the stage's own."""
        agenda = next((candidate for candidate in self.agendas if candidate.minutes == MINUTES_OF_DEPTH[depth]), None)
        steps = [step.minutes for step in (agenda.steps if agenda else ()) if step.stage == stage.id]
        return sum(steps) or stage.minutes

    def asked(self) -> Iterator[Question]:
        """Yield every question of every stage in order, those that revise another too."""
        return (question for stage in self.stages for question in stage.questions)

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Every question that keeps an answer by its id, in worksheet order; those not asked any more come last."""
        by_id = {question.id: question for question in self.asked() if not question.revises}
        return by_id | {question.id: question for _, question in self._earlier}

    @cached_property
    def by_meaning(self) -> Mapping[str, Question]:
        """The question of each meaning that the worksheet has a question for, by the meaning's name."""
        questions = [question for question in self.questions.values() if question.meaning]
        return {question.meaning: question for question in reversed(questions) if question.meaning}

    def stage_of(self, question: str) -> str:
        """Return the id of the stage that asks `question` first, or asked it in an earlier version."""
        asking = (
            stage.id for stage in self.stages for asked_question in stage.questions if asked_question.id == question
        )
        return next(asking, "") or self.earlier.get(question, "")


def at_depth(wanted: Depth, given: Depth) -> bool:
    """Return whether something of depth `given` belongs into a workshop of depth `wanted`."""
    return DEPTHS.index(given) <= DEPTHS.index(wanted)


def holds(conditions: tuple[Condition, ...], values: Mapping[str, Value]) -> bool:
    """Return whether any of `conditions` holds for `values` (question id to value); True when there are none."""
    return not conditions or any(_one_holds(condition, values.get(condition.question)) for condition in conditions)


def _one_holds(condition: Condition, value: Value) -> bool:
    if value is None:
        return False
    values = list(value) if isinstance(value, (list, tuple)) else [value]
    return not condition.among or any(item in condition.among for item in values if isinstance(item, str))


def asked_now(stage: Stage, depth: Depth, values: Mapping[str, Value]) -> tuple[Question, ...]:
    """Return the questions of `stage` at this depth whose `show_if` holds for what is answered so far.

    These are the questions that a form shows (form.js) and that every count of answers is out of: one meaning of
    "asked" for phones, tables, boards and papers.
    """
    return tuple(
        question for question in stage.questions if at_depth(depth, question.depth) and holds(question.show_if, values)
    )
