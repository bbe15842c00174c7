"""Charts as values: bars, routes and maps, each with a sentence and the table behind it.

Its law: shapes are plain JSON that board.js draws; a count of organizations under five is never drawn or said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SMALLEST_COUNT = 5
"""Counts under this are not shown: in a small room a number can name somebody."""

MOST_NODES = 12
"""Nodes on one side of a map; the table has them all."""

Row = tuple[str, ...]
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: a title, one sentence that says what it shows, shapes to draw, and its table."""

    title: str
    summary: str
    shapes: Mapping[str, object]
    columns: Row
    rows: tuple[Row, ...]

    def as_block(self) -> dict[str, object]:
        """Return the picture as a block of a board."""
        return {
            "type": "picture",
            "title": self.title,
            "summary": self.summary,
            "shapes": dict(self.shapes),
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
        }


REASON_FOR_HIDING = (
    f"“Fewer than {SMALLEST_COUNT}” and “–” stand for a small count that is not shown: "
    "in a small room it can give someone away."
)


def is_hidden(count: int) -> bool:
    """Return whether a count may not be shown."""
    return 0 < count < SMALLEST_COUNT


def count_text(count: int) -> str:
    """Return a count as it may be shown; a hidden one never looks like zero."""
    return f"fewer than {SMALLEST_COUNT}" if is_hidden(count) else str(count)


def reason_for_hiding(counts: Iterable[int]) -> str:
    """Return the sentence that says why some of these counts are hidden; "" when none is."""
    return REASON_FOR_HIDING if any(map(is_hidden, counts)) else ""


def stakeholder_map(organization: str, serves: Sequence[str], reaches: Sequence[str]) -> Picture:
    """Return who may reach people online for an organization, and whom it serves."""
    left, right = _nodes(reaches), _nodes(serves)
    shapes = {"kind": "map", "center": organization, "left": left, "right": right,
              "left_title": "Who may be online for us", "right_title": "Whom we serve"}  # fmt: skip
    text = f"{organization} serves {_count(serves, 'group')}. {_capital(_count(reaches, 'group'))} may be online."
    rows = [("May be online for us", reach) for reach in reaches] + [("We serve", serve) for serve in serves]
    return Picture("Who serves, and who is served", text, shapes, ("Which side", "Who"), tuple(rows))


def _nodes(words: Sequence[str]) -> list[str]:
    more = len(words) - MOST_NODES
    return [*words[:MOST_NODES], *([f"and {more} more"] if more > 0 else [])]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _count(items: Sequence[str], word: str) -> str:
    return f"{len(items)} {word}{'' if len(items) == 1 else 's'}" if items else f"no {word} yet"


def approval_route(organization: str, steps: Sequence[str]) -> Picture:
    """Return the way to a yes in an organization: who first, who last."""
    if steps:
        text = f"In {organization} a yes takes {_count(steps, 'step')}: {steps[0]} first"
        text += f", {steps[-1]} last." if len(steps) > 1 else "."
    else:
        text = f"{organization} has not said yet who approves."
    rows = tuple((str(number), who) for number, who in enumerate(steps, 1))
    return Picture("The way to a yes", text, {"kind": "path", "nodes": list(steps)}, ("Step", "Who"), rows)


def platforms(counts: Counts, of: int) -> Picture:
    """Return which kinds of social media the room's organizations want in their policies."""
    ranked = dict(sorted(counts.items(), key=lambda item: -item[1] if item[1] >= SMALLEST_COUNT else 0))
    most = [label for label, count in ranked.items() if count >= SMALLEST_COUNT][:1]
    text = f"{most[0]} is chosen most: by {ranked[most[0]]} of {of} organizations." if most else _out_of(of)
    text = f"{text} {reason_for_hiding(ranked.values())}".rstrip()
    shapes = {"kind": "bars", "bars": _bars(ranked, of)}
    return Picture("Media in the room's policies", text, shapes, ("Media", "Organizations"), _rows(ranked))


def decisions(asked: Mapping[str, Counts], of: int) -> Picture:
    """Return how organizations decide, a small chart for each question."""
    charts = [{"title": question, "bars": _bars(counts, of)} for question, counts in asked.items()]
    split = [question for question, counts in asked.items() if _is_split(counts)]
    text = f"{len(asked)} decision{'' if len(asked) == 1 else 's'}. {_out_of(of)}"
    text += f" The room is most divided on: {split[0]}" if split else ""
    text = f"{text} {reason_for_hiding(count for counts in asked.values() for count in counts.values())}".rstrip()
    rows = tuple((question, *row) for question, counts in asked.items() for row in _rows(counts))
    columns = ("Question", "Answer", "Organizations")
    return Picture("How decisions differ", text, {"kind": "multiples", "charts": charts}, columns, rows)


def _is_split(counts: Counts) -> bool:
    """Whether the two most chosen answers may both be said, and lie close together."""
    first, second, *_ = (*sorted(counts.values(), reverse=True), 0, 0)
    return second >= SMALLEST_COUNT and first - second <= second // 2


def progress(stages: Sequence[tuple[str, int, int]]) -> Picture:
    """Return how far the room is: a bar for each stage, from (title, answered, of)."""
    answered, total = sum(stage[1] for stage in stages), sum(stage[2] for stage in stages)
    bars = [{"label": title, "words": f"{_share(part, of)} %", "share": part / of if of else 0.0}
            for title, part, of in stages]  # fmt: skip
    text = f"{_share(answered, total)} % of all questions have an answer." if total else "Nothing is asked yet."
    rows = tuple((title, str(part), str(of)) for title, part, of in stages)
    columns = ("Stage", "Answered", "Of")
    return Picture("Progress through the session", text, {"kind": "bars", "bars": bars}, columns, rows)


def _share(part: int, of: int) -> int:
    return round(100 * part / of) if of else 0


def _bars(counts: Counts, of: int) -> list[dict[str, object]]:
    """A count that may not be said has no length either."""
    return [
        {"label": label, "words": count_text(count), "share": _length(count, of)} for label, count in counts.items()
    ]


def _length(count: int, of: int) -> float | None:
    if is_hidden(count):
        return None
    return min(count / of, 1.0) if of else 0.0


def _rows(counts: Counts) -> tuple[Row, ...]:
    return tuple((label, count_text(count)) for label, count in counts.items())


def _out_of(of: int) -> str:
    return f"{of} organization{' is' if of == 1 else 's are'} in the room."
