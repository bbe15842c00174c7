"""Combines all versions of a worksheet that a workshop used, so that every answer can still be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from toolkit.answers.model import Answer
from toolkit.errors import AnswerError
from toolkit.worksheets.kinds import CONTACT_PARTS, Value, in_a_row
from toolkit.worksheets.model import Option, Question, Worksheet

EARLIER = " (from an earlier version of the worksheet)"
"""What stands behind the words of a question or an option that the worksheet in use does not have."""

EARLIER_REASON = "This choice is from an earlier version of the worksheet; its wording is kept."

FAMILIES: Mapping[str, str] = {"text": "long_text"}
"""Kinds whose answers the other kind takes as they are: a question that changes between them stays one."""

Key = tuple[str, str]
"""A question's id and the family of its kind: what one question is, in whatever version."""


@dataclass(frozen=True, slots=True)
class Version:
    """A worksheet that was in use; `after` is the sequence of the newest answer when it was chosen."""

    worksheet: Worksheet
    after: int


@dataclass(slots=True)
class _Slot:
    """Where the answers to one question are read: the id there, the stage, the question, options that are gone."""

    id: str
    stage: str
    question: Question
    options: dict[str, Option] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Unanswered:
    """The versions that nobody answered while they were in use, by number, and the places of all others' questions.

    Somebody may answer one later, from a page that was open all along.
    """

    worksheets: Mapping[int, Worksheet]
    slots: Mapping[Key, _Slot]

    def version_of(self, answer: Answer) -> int | None:
        """Return the number of the newest of them that takes an answer which no other version takes."""
        newest_first = sorted(self.worksheets, reverse=True)
        candidates = [(n, self.worksheets[n].questions.get(answer.question)) for n in newest_first]
        numbers = [n for n, question in candidates if question and _takes(question, answer.value)]
        return None if not numbers or _fits_a_slot(self.slots, answer) else numbers[0]


@dataclass(frozen=True, slots=True)
class Past:
    """All answers of a workshop, read by one worksheet: the one in use, with what it does not have any more.

    A question that became one of another kind stands there twice: as it is asked now, and, under an id of its own,
    as it was. `versions` are those that have answers, and the one in use; `chosen` are all that ever were in use, so
    that a page can still send what it asked; `unanswered` are those that nobody answered while they were in use.
    """

    worksheet: Worksheet
    versions: tuple[Version, ...]
    chosen: tuple[Version, ...]
    slots: Mapping[Key, str]
    split: frozenset[str]
    unanswered: _Unanswered

    def placed(self, answer: Answer) -> Answer:
        """Return an answer under the id by which it is read; the same answer where a question stayed what it was."""
        if answer.question not in self.split:
            return answer
        for version in self._nearest(answer.sequence):
            question = version.worksheet.questions.get(answer.question)
            if question and _takes(question, answer.value):
                return replace(answer, question=self.slots[_key(question)])
        return answer

    def clean_value(self, id_: str, value: Value) -> Value:
        """Return a value as an earlier version of a question takes it; AnswerError when none does."""
        for version in reversed(self.chosen):
            question = version.worksheet.questions.get(id_)
            if question and _takes(question, value):
                return question.clean_value(value)
        raise AnswerError("the worksheet has changed meanwhile", mend="Load the page again.")

    def asked_as(self, id_: str) -> Question | None:
        """Return the question that keeps what is answered to `id_`, now or in an earlier version."""
        for version in reversed(self.chosen):
            asked = next((question for question in version.worksheet.asked() if question.id == id_), None)
            if asked is not None:
                return self.worksheet.questions.get(asked.kept_as, version.worksheet.questions[asked.kept_as])
        return None

    def misses(self, answer: Answer) -> bool:
        """Return whether an answer was given to a version that had none so far: `past` has to be asked again."""
        number = self.unanswered.version_of(answer)
        return number is not None and not any(self.chosen[number] is version for version in self.versions)

    @property
    def is_complete(self) -> bool:
        """Whether every version is read already: no answer can make a difference."""
        return len(self.versions) == len(self.chosen)

    def _nearest(self, sequence: int) -> Iterator[Version]:
        """Yield the versions that an answer may have been given to: the one in use then, those before, those after."""
        before = [version for version in self.versions if version.after < sequence] or list(self.versions[:1])
        yield from reversed(before)
        yield from self.versions[len(before) :]


def past(versions: Sequence[Version], newest: Iterable[Answer], answers: Iterable[Answer]) -> Past:
    """Return how answers are read: `newest` has the last one of each voice, emptied ones too; `answers` every one.

    The last one of the versions is in use. One that nobody answered leaves nothing behind. Which versions are read
    depends on the answers alone, and not on when this was asked: every process reads them alike.
    """
    in_time = _answered(versions)
    unanswered = _unanswered(versions, in_time)
    late = sorted({number for number in map(unanswered.version_of, answers) if number is not None})
    slots = _slots(versions, in_time, late)
    used = tuple(versions[number] for number in sorted({*in_time, *late, len(versions) - 1}))
    _add_strangers(slots, used, newest)
    worksheet = _combined(versions[-1].worksheet, list(slots.values()))
    ids = {key: question.id for key, question in slots.items()}
    return Past(worksheet, used, tuple(versions), ids, _split(slots), unanswered)


def _unanswered(versions: Sequence[Version], in_time: Sequence[int]) -> _Unanswered:
    """Return the versions that nobody answered while they were in use; an answer may have come later."""
    worksheets = {n: versions[n].worksheet for n in range(len(versions) - 1) if n not in in_time}
    return _Unanswered(worksheets, _slots(versions, in_time, []))


def _split(slots: Iterable[Key]) -> frozenset[str]:
    """Return the ids of questions that became questions of another kind."""
    counts = Counter(id_ for id_, _ in slots)
    return frozenset(id_ for id_, count in counts.items() if count > 1)


def changes(before: Worksheet, worksheet: Worksheet) -> str:
    """Return in a few words what another version of a worksheet changes for answers."""
    questions_before, questions_now = _by_key(before), _by_key(worksheet)
    counts = {
        "question is new": len(questions_now.keys() - questions_before.keys()),
        "question is gone": len(questions_before.keys() - questions_now.keys()),
        "choice is gone": sum(
            len(_option_ids(question) - _option_ids(questions_now[key]))
            for key, question in questions_before.items()
            if key in questions_now
        ),
    }
    sentences = [f"{n} {words if n == 1 else _many(words)}" for words, n in counts.items() if n]
    return in_a_row(sentences) or "no question is new or gone, only words are"


def _by_key(worksheet: Worksheet) -> dict[Key, Question]:
    return {_key(question): question for question in worksheet.questions.values()}


def _option_ids(question: Question) -> set[str]:
    return {option.id for option in question.options}


def _many(words: str) -> str:
    what, _, state = words.partition(" is ")
    return f"{what}s are {state}"


def _answered(versions: Sequence[Version]) -> list[int]:
    """Return the numbers of the versions that somebody answered while they were in use; not of the one in use."""
    begins = [0, *(version.after for version in versions[1:])]
    return [n for n, (begin, end) in enumerate(pairwise(begins)) if end > begin]


def _fits_a_slot(slots: Mapping[Key, _Slot], answer: Answer) -> bool:
    return any(
        _takes(_with_options(slot.question, slot), answer.value)
        for (id_, _), slot in slots.items()
        if id_ == answer.question
    )


def _slots(versions: Sequence[Version], answered: Sequence[int], late: Sequence[int]) -> dict[Key, _Slot]:
    """Return where the questions of the versions are read; ids stay what they were when a version is answered late."""
    slots = {_key(question): _Slot(question.id, "", question) for question in versions[-1].worksheet.questions.values()}
    for number, version in reversed(list(enumerate(answered, 1))):
        _add(slots, versions[version].worksheet, f"_v{number}")
    for version in reversed(late):
        _add(slots, versions[version].worksheet, f"_late{version + 1}")
    return slots


def _add(slots: dict[Key, _Slot], older: Worksheet, suffix: str) -> None:
    """Add what an older version has, and none of those that are there."""
    for question in older.questions.values():
        place = slots.get(_key(question))
        if place is None:
            free = question.id not in {slot.id for slot in slots.values()}
            id_ = question.id if free else f"{question.id[:34]}{suffix}"
            slots[_key(question)] = _Slot(id_, older.stage_of(question.id), question)
        else:
            option_ids = {option.id for option in place.question.options} | place.options.keys()
            place.options |= {option.id: option for option in question.options if option.id not in option_ids}


def _add_strangers(slots: dict[Key, _Slot], used: Sequence[Version], answers: Iterable[Answer]) -> None:
    """Add a question for each answer that no version asks for."""
    question_ids = {id_ for version in used for id_ in version.worksheet.questions}
    first = used[-1].worksheet.stages[0].id
    for answer in answers:
        if answer.question not in question_ids and answer.value is not None:
            stranger = _stranger(answer)
            slots.setdefault(_key(stranger), _Slot(answer.question, first, stranger))
            question_ids.add(answer.question)


def _combined(worksheet: Worksheet, slots: Sequence[_Slot]) -> Worksheet:
    if all(not place.stage and not place.options for place in slots):
        return worksheet
    current = {slot.id: _with_options(slot.question, slot) for slot in slots if not slot.stage}
    past_questions = tuple((slot.stage, _with_options(_as_past_question(slot), slot)) for slot in slots if slot.stage)
    return worksheet.with_earlier(current, past_questions)


def _as_past_question(slot: _Slot) -> Question:
    """Return a question that is not asked any more: part of the record, never an open point."""
    words = {"id": slot.id, "ask": slot.question.ask + EARLIER}
    return slot.question.model_copy(update={**words, "record": True, "show_if": (), "depth": "core"})


def _with_options(question: Question, slot: _Slot) -> Question:
    if not slot.options:
        return question
    return question.with_earlier(tuple(map(_marked_option, slot.options.values())))


def _marked_option(option: Option) -> Option:
    """Return an option that is not offered any more; as a rule it says what it said, in the margin that it is gone."""
    clause = option.clause or (option.label if "{" not in option.label else "")
    reason = " ".join(text for text in (EARLIER_REASON, option.reason) if text)
    return option.model_copy(update={"label": option.label + EARLIER, "clause": clause, "reason": reason})


def _stranger(answer: Answer) -> Question:
    """Return a question for an answer that no kept version asks for: of a workshop from before versions were kept."""
    words = f"Question “{answer.question}”{EARLIER}"
    question = Question(id="stranger", kind=_kind_of(answer.value), ask=words, record=True)
    return question.model_copy(update={"id": answer.question})


def _kind_of(value: Value) -> str:
    if isinstance(value, Mapping):
        return "contact" if any(part in value for part in CONTACT_PARTS) else "long_text"
    return "list" if isinstance(value, list) else "long_text"


def _key(question: Question) -> Key:
    return question.id, FAMILIES.get(question.kind, question.kind)


def _takes(question: Question, value: Value) -> bool:
    try:
        question.clean_value(value)
    except AnswerError:
        return False
    return True
