"""Chooses which stages of a worksheet are on which of the tables' three pages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from toolkit.facilitation.report_back_views import MOMENT as REPORT_BACK
from toolkit.worksheets.model import Stage, Worksheet

STAKEHOLDERS, POLICY_DRAFTING = "stakeholders", "policy_drafting"
PAGES: Mapping[str, str] = MappingProxyType(
    {STAKEHOLDERS: "1. Stakeholders", POLICY_DRAFTING: "2. Policy drafting", REPORT_BACK: "3. Report back"}
)
"""The moments of a worksheet, each with the name of the page on which its stages are."""


def stages_on(sheet: Worksheet, page: str) -> tuple[Stage, ...]:
    """Return the stages on one page (a moment, or a stage's own id), in worksheet order; none is on no page at all."""
    if page not in PAGES:
        return sheet.at(page)
    return tuple(stage for stage, on in _placed(sheet) if on == page)


def _placed(sheet: Worksheet) -> list[tuple[Stage, str]]:
    """Return each stage with its page: its moment; else the first stage is on page 1, the last on 3, others on 2."""
    last = len(sheet.stages) - 1
    return [(stage, _page_of(stage, index, last)) for index, stage in enumerate(sheet.stages)]


def _page_of(stage: Stage, index: int, last: int) -> str:
    own = stage.moment or (stage.id if stage.id in PAGES else "")
    if own:
        return own
    return STAKEHOLDERS if index == 0 else REPORT_BACK if index == last else POLICY_DRAFTING


def stages_in_words(sheet: Worksheet, page: str) -> str:
    """Return which stages of the worksheet are on a page: "Stages 1 and 2 of 6: Why a policy; Who decides."."""
    numbered = [(number, stage) for number, stage in enumerate(sheet.stages, 1) if stage in stages_on(sheet, page)]
    if not numbered:
        return ""
    *before, last = [str(number) for number, _ in numbered]
    numbers = f"Stages {', '.join(before)} and {last}" if before else f"Stage {last}"
    return f"{numbers} of {len(sheet.stages)}: {'; '.join(stage.title for _, stage in numbered)}."


def nothing_on(sheet: Worksheet, page: str) -> str:
    """Return what to do when a worksheet has no stage on a page: where its stages are; "" when it has one."""
    if stages_on(sheet, page):
        return ""
    pages = dict.fromkeys(PAGES[on] for _, on in _placed(sheet))
    return f"Everything that “{sheet.title}” asks is on these pages: {', '.join(pages)}. Open one of them above."
