"""Which names were merged into one organization, folded from events. Taking them apart is one more event.

Its law: plain values in, plain values out, and nothing kept is changed. What was said under a twin's name stays kept
under it and is read as the organization's, so that taking apart gives everybody back what was theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from toolkit.answers.model import SCRIBE, Answer, StoredEvent
from toolkit.facilitation.events import DistinctEvent, MergeEvent, RoomEvent, read_all


@dataclass(frozen=True, slots=True)
class Merges:
    """Who was merged into whom: a twin's id to the organization's, and how many answers there were by then."""

    into: Mapping[str, tuple[str, int]] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, id_: str) -> str:
        """Return the id of the organization that this one is now; any other id is returned as it is."""
        while id_ in self.into:
            id_ = self.into[id_][0]
        return id_

    def family(self, id_: str) -> tuple[str, ...]:
        """Return the ids of an organization and of all its twins."""
        one = self.of(id_)
        return (one, *(name for name in self.into if self.of(name) == one))

    def since(self, id_: str) -> int:
        """Return how many answers there were when this one became one with its organization."""
        latest = 0
        while id_ in self.into:
            id_, number = self.into[id_]
            latest = max(latest, number)
        return latest


def merge(twin: str, organization: str, count: int) -> RoomEvent:
    """Make everything of a twin the organization's; `count` is how many answers there are by now."""
    return MergeEvent(twin, organization, count)


def take_apart(twin: str, organization: str) -> RoomEvent:
    """Let a twin stand for itself again."""
    return MergeEvent(twin, organization, None)


def distinct(one: str, other: str) -> RoomEvent:
    """Say that two names that look alike are two organizations."""
    return DistinctEvent(one, other)


def fold(stored: Iterable[StoredEvent], merges: Merges | None = None) -> Merges:
    """Return who is whose twin after these events; what would lead in a circle is let pass."""
    now = merges or Merges()
    for event in read_all(stored, MergeEvent):
        now = _taken_apart(now, event.name) if event.answers is None else _merged(now, event)
    return now


def _taken_apart(merges: Merges, twin: str) -> Merges:
    return Merges(MappingProxyType({name: to for name, to in merges.into.items() if name != twin}))


def _merged(merges: Merges, event: MergeEvent) -> Merges:
    if event.name in merges.into or merges.of(event.organization) == event.name:
        return merges
    return Merges(MappingProxyType({**merges.into, event.name: (event.organization, event.answers or 0)}))


# What two tables wrote down for one question


def as_one(merges_: Merges, answers: Iterable[Answer]) -> list[Answer]:
    """Return standing answers (emptied ones among them) as those of merged organizations, in order.

    What a table wrote after the merging counts for both. Of what both had written before, the earlier one stands
    and the later one stands beside it, as a proposal.
    """
    by_question: dict[tuple[str, str], list[Answer]] = {}
    others: list[Answer] = []
    for answer in sorted(answers, key=_sequence):
        if answer.person == SCRIBE and answer.voice == "ours":
            by_question.setdefault((merges_.of(answer.organization), answer.question), []).append(answer)
        else:
            others.append(answer)
    tables = (table for group in by_question.values() for table in _of_tables(merges_, group))
    found = (kept_answer for kept_answer in (*others, *tables) if kept_answer.value is not None)
    return sorted(
        (replace(kept_answer, organization=merges_.of(kept_answer.organization)) for kept_answer in found),
        key=_sequence,
    )


def _of_tables(merges_: Merges, answers: Sequence[Answer]) -> Iterator[Answer]:
    standing = [each for index, each in enumerate(answers) if not _overruled(merges_, each, answers[index + 1 :])]
    answered = [answer for answer in standing if answer.value is not None]
    for index, each in enumerate(answered):
        yield replace(each, person=f"{SCRIBE}/{each.organization}") if index else each


def _overruled(merges_: Merges, early: Answer, later: Iterable[Answer]) -> bool:
    """Return whether a table wrote this anew when both were one organization already."""
    since = merges_.since(early.organization)
    return any(answer.sequence > max(since, merges_.since(answer.organization)) for answer in later)


def _sequence(answer: Answer) -> int:
    return answer.sequence
