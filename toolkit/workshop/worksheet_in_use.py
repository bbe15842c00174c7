"""The worksheet that a workshop uses, from the workshop's own copy, and how earlier answers are read by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from toolkit.answers.model import Answer
from toolkit.answers.worksheet_versions import Past, Version, changes, past
from toolkit.errors import NotAskedError, WorkshopError
from toolkit.state import GroupAnswers
from toolkit.worksheets import catalog
from toolkit.worksheets.model import Question, Worksheet
from toolkit.worksheets.stored_copy import WorksheetCopy, worksheet_of
from toolkit.workshop.current import CurrentState
from toolkit.workshop.folder import hidden_in

FAULTY_FILES = "The files of this workshop's worksheet cannot be used now:"
COPY_IN_USE = "The workshop goes on with its own copy, and no answer is lost."
UPDATE_SENTENCE = (
    "The files of this workshop's worksheet have changed since the workshop took its copy: {}. If you use the new "
    "version, no answer is lost: what it does not ask any more stays in the tables and in the record of each draft."
)


@dataclass(frozen=True, slots=True)
class WorksheetUpdate:
    """Whether the files of a workshop's worksheet say something else than its copy, in a sentence for the facilitator.

    `state` is "none", "faulty" (they cannot be used, or are not there), or "available": then `apply` lets the
    workshop use them from now on.
    """

    state: Literal["none", "faulty", "available"] = "none"
    sentence: str = ""
    apply: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Reading:
    """How answers are read, known by a number: for which worksheet version, and up to which answer was looked at."""

    number: int
    version: int
    upto: int
    past: Past

    def placed(self, group: GroupAnswers) -> GroupAnswers:
        """Return the answers of an organization, each under the id of the question that it is read by."""
        if self.past.split.isdisjoint(group.by_question):
            return group
        by_question: dict[str, tuple[Answer, ...]] = {}
        for answer in map(self.past.placed, group.standing(emptied=True)):
            by_question[answer.question] = (*by_question.get(answer.question, ()), answer)
        return GroupAnswers(MappingProxyType(by_question), group.last)


class WorksheetInUse:
    """The worksheet of one workshop: what happens to its files changes nothing here until somebody says so."""

    def __init__(self, current: CurrentState, folder: Path) -> None:
        self._current, self._folder = current, folder
        self._reading: Reading | None = None

    @property
    def name(self) -> str:
        """What the worksheet in use is chosen by: its name, or its folder's whole path."""
        return str(self._current.state.facts["worksheet"])

    @property
    def version(self) -> int:
        """A number that grows when the workshop takes another worksheet, or another version of it; 0 before."""
        return self._current.store.mark().worksheets

    @property
    def worksheet(self) -> Worksheet:
        """The worksheet, with what earlier versions of it asked.

        A workshop from before there were copies reads the files; WorksheetError says where they are faulty.
        """
        return self.past.worksheet

    @property
    def past(self) -> Past:
        """How all answers are read."""
        return self.reading().past

    def reading(self) -> Reading:
        """Return how all answers are read; worked out anew when a worksheet is chosen, or one of before is answered."""
        mark = self._current.store.mark()
        if not mark.worksheets:
            self.take_copy()
            mark = self._current.store.mark()
        known, upto = self._reading, mark.answers
        if known is not None and known.version == mark.worksheets:
            if upto == known.upto or known.past.is_complete:
                return known
            if not any(map(known.past.misses, self._current.store.answers_after(known.upto))):
                self._reading = replace(known, upto=upto)
                return self._reading
        self._reading = new = self._read(known.number + 1 if known else 1, mark.worksheets, upto)
        return new

    def _read(self, number: int, version: int, upto: int) -> Reading:
        state = self._current.state
        versions = [Version(worksheet_of(copy), copy.after) for copy in state.worksheets]
        newest = (answer for group in state.answers.values() for answer in group.standing(emptied=True))
        return Reading(number, version, upto, past(versions, newest, self._current.store.answers_after(0)))

    def question(self, id_: str) -> Question:
        """Return the question that keeps what is answered to `id_`; NotAskedError when nothing of that id is asked."""
        question = self.past.asked_as(id_)
        if question is None:
            raise NotAskedError(f"the worksheet has no question '{id_}'", mend="Load the page again.")
        return question

    def is_read_elsewhere(self, answer: Answer) -> bool:
        """Return whether an answer is read under another id than it was given to: its question changed its kind."""
        return self.past.placed(answer).question != answer.question

    def used(self) -> Mapping[str, Worksheet]:
        """Return the worksheets that were chosen so far, from the workshop's own copies, by what they are chosen by."""
        return {copy.name: worksheet_of(copy) for copy in self._current.state.worksheets}

    def update(self) -> WorksheetUpdate:
        """Return whether the worksheet's files have changed since the workshop took its copy of them."""
        try:
            loaded = catalog.load(self.name, hidden_in(self._folder))
        except WorkshopError as fault:
            return WorksheetUpdate("faulty", f"{FAULTY_FILES} {fault} {COPY_IN_USE}")
        copies = self._current.state.worksheets
        if copies and (loaded.copy.format, loaded.copy.content) == (copies[-1].format, copies[-1].content):
            return WorksheetUpdate()
        what = changes(worksheet_of(copies[-1]), loaded.worksheet) if copies else "it has no copy yet"
        return WorksheetUpdate("available", UPDATE_SENTENCE.format(what), lambda: self.choose(loaded.copy))

    def choose(self, copy: WorksheetCopy) -> None:
        """Use a worksheet from now on."""
        self._current.store.choose_worksheet(copy)

    def take_copy(self) -> None:
        """Keep a copy of the worksheet that the workshop names, as its files are now."""
        self.choose(catalog.load(self.name, hidden_in(self._folder)).copy)

    def copy_to_choose(self, name: str) -> WorksheetCopy | None:
        """Return the copy of a worksheet to use from now on, None to go on with the one in use.

        The one in use is taken anew from its files only while nobody has answered, and only when they are sound:
        later a new version is something to decide (see `update`).
        """
        state = self._current.state
        in_use = bool(state.worksheets) and state.facts.get("worksheet") == catalog.placed(name)
        if in_use and state.mark.answers:
            return None
        try:
            return catalog.load(name, hidden_in(self._folder)).copy
        except WorkshopError:
            if in_use:
                return None
            raise
