"""From the standing answers of an organization to its positions: what is agreed, proposed, tied, open."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from toolkit.answer import Answer, Dissent, Position, Status
from toolkit.kinds import KINDS, Value, read
from toolkit.worksheet import Question, Worksheet

Names = Mapping[str, str]
"""Person id to the name or handle that the draft may print; people left out are anonymous."""


def positions(
    worksheet: Worksheet, organization: str, answers: Iterable[Answer], names: Names | None = None
) -> dict[str, Position]:
    """Return the organization's position on every question, in worksheet order, unanswered ones as open."""
    here = [answer for answer in answers if answer.organization == organization]
    return {
        question.id: _position(question, organization, [a for a in here if a.question == question.id], names or {})
        for question in worksheet.questions.values()
    }


def _position(question: Question, organization: str, answers: Sequence[Answer], names: Names) -> Position:
    mine = [answer for answer in answers if answer.voice == "mine"]
    ours = [answer for answer in answers if answer.voice == "ours"]
    if ours:
        return _agreed(question, ours[-1], mine, names)
    if not mine:
        return Position(organization, question.id)
    return COUNTING[KINDS[question.kind].many](question, organization, mine, names)


def _agreed(question: Question, ours: Answer, mine: Sequence[Answer], names: Names) -> Position:
    """Return the agreed answer; voices that say something else and were not used in it stay as dissent."""
    used = ours.made_from or tuple(answer.id for answer in mine if _same(question, answer.value, ours.value))
    others = [answer for answer in mine if answer.id not in used]
    noted = (Dissent("", names.get(ours.person, ""), ours.note),) if ours.note else ()
    voices = (ours.id, *(each for each in used if each != ours.id))
    of = len({answer.person for answer in mine} | {ours.person})
    return Position(
        ours.organization,
        question.id,
        ours.value,
        "agreed",
        voices,
        of,
        noted + _dissents(question, others, names),
    )


def _one_each(question: Question, organization: str, mine: Sequence[Answer], names: Names) -> Position:
    """Count whole answers: the most said one stands, a tie is no majority (design wall 3)."""
    groups: dict[str, list[Answer]] = {}
    for answer in mine:
        groups.setdefault(_sameness(question, answer.value), []).append(answer)
    ranked = sorted(groups.values(), key=len, reverse=True)
    if len(ranked) > 1 and len(ranked[0]) == len(ranked[1]):
        leaders = [group for group in ranked if len(group) == len(ranked[0])]
        rest = [answer for group in ranked if group not in leaders for answer in group]
        tied = tuple(group[0].value for group in leaders)
        return _tied(question, mine, tied, _dissents(question, rest, names))
    others = [answer for group in ranked[1:] for answer in group]
    return _leading(question, organization, ranked[0], others, names)


def _tied(
    question: Question, mine: Sequence[Answer], tied: tuple[Value, ...], dissent: tuple[Dissent, ...]
) -> Position:
    voices = tuple(answer.id for answer in mine)
    return Position(mine[0].organization, question.id, None, "tied", voices, len(mine), dissent, tied)


def _leading(
    question: Question, organization: str, leading: Sequence[Answer], others: Sequence[Answer], names: Names
) -> Position:
    of = len(leading) + len(others)
    status: Status = "agreed" if of > 1 and not others else "proposed"
    voices = tuple(answer.id for answer in leading)
    dissent = _dissents(question, others, names)
    return Position(organization, question.id, leading[0].value, status, voices, of, dissent)


def _item_by_item(question: Question, organization: str, mine: Sequence[Answer], names: Names) -> Position:
    """Count the items of lists: for a choice of several, more than half is in; for a list, all are in."""
    of = len(mine)
    counts: dict[str, int] = {}
    firsts: dict[str, Value] = {}
    for answer in mine:
        for item in _items(answer.value):
            key = _item_sameness(item)
            counts[key] = counts.get(key, 0) + 1
            firsts.setdefault(key, item)
    inside = [key for key in counts if question.kind == "list" or 2 * counts[key] > of]
    if not inside:
        return _tied(question, mine, tuple(answer.value for answer in mine), ())
    outside = [answer for answer in mine if set(map(_item_sameness, _items(answer.value))) - set(inside)]
    everybody = of > 1 and all(counts[key] == of for key in counts)
    dissent = tuple(
        Dissent(read(question.kind, left, question.labels), names.get(answer.person, ""))
        for answer in outside
        if (left := [item for item in _items(answer.value) if _item_sameness(item) not in inside])
    )
    status: Status = "agreed" if everybody else "proposed"
    value = [firsts[key] for key in inside]
    return Position(organization, question.id, value, status, tuple(a.id for a in mine), of, dissent)


COUNTING = {False: _one_each, True: _item_by_item}


def _dissents(question: Question, answers: Sequence[Answer], names: Names) -> tuple[Dissent, ...]:
    return tuple(
        Dissent(read(question.kind, answer.value, question.labels), names.get(answer.person, ""), answer.note)
        for answer in answers
    )


def _items(value: Value) -> list[Value]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _item_sameness(item: Value) -> str:
    return json.dumps(item, sort_keys=True, ensure_ascii=False).casefold()


def _same(question: Question, one: Value, other: Value) -> bool:
    return _sameness(question, one) == _sameness(question, other)


def _sameness(question: Question, value: Value) -> str:
    """Return what two answers must share to be the same: case and spaces do not count."""
    return " ".join(read(question.kind, value, question.labels).casefold().split())
