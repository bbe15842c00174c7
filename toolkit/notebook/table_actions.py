"""What a table sees and does below its form: charts, lines for the room, and its three votes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from toolkit.answers.model import Organization
from toolkit.documents import charts
from toolkit.facilitation import report_back, report_back_views
from toolkit.facilitation.report_back_views import Reported
from toolkit.notebook.blocks import (
    Blocks,
    action,
    dots,
    facts,
    heading,
    table_block,
    text,
)
from toolkit.notebook.report_back_panel import ballot, ballot_after, result_blocks
from toolkit.worksheets.kinds import pieces
from toolkit.workshop.facade import Workshop


def pictures_of(workshop: Workshop, name: str) -> Blocks:
    """Return the stakeholder map and the approval route of one organization, once there is something to see."""
    organization = workshop.roster.organization(name)
    positions = workshop.discussion.positions(organization.id)

    def items(meaning: str) -> list[str]:
        question = workshop.worksheet.by_meaning.get(meaning)
        return list(pieces(question.kind, positions[question.id].value, question.labels)) if question else []

    serves, reaches, route = items("served"), items("reached"), items("approvers")
    map_ = [charts.stakeholder_map(organization.name, serves, reaches)] if serves or reaches else []
    way = [charts.approval_route(organization.name, route)] if route else []
    return [picture.as_block() for picture in (*map_, *way)]


def outline_of(workshop: Workshop, name: str) -> Blocks:
    """Return how far each section of an organization's draft is."""
    rows = [
        [section.title, {"state": CHIPS[section.state], "words": section.words}]
        for section in workshop.papers.outline(name)
    ]
    return [table_block("Your draft so far", ["Section", "How far it is"], rows)]


CHIPS = {"ready": "agreed", "begun": "proposed", "empty": "open"}
"""The chip of each state of a section: green, amber, empty."""


def report_back_lines(workshop: Workshop, name: str) -> Blocks:
    """Return an organization's lines, whether the room may see them, and its dots while there is a vote."""
    organization, reported = workshop.roster.organization(name), workshop.report_back.reported()
    lines = workshop.report_back.lines(organization.id)
    lines_ = [(line.title, _words(line)) for line in lines if line.is_on_board or line.words]
    return [
        heading("Our lines for the room"),
        facts(lines_),
        *_state(report_back_views.release_view(reported, organization.id, lines, {})),
        *_vote(reported, organization),
        *naming(workshop, name),
    ]


def naming(workshop: Workshop, name: str) -> Blocks:
    """Return whether an organization's draft names its people, and a button that changes it."""
    named = workshop.discussion.uses_names(workshop.roster.organization(name).id)
    with_names = "The draft says who gave which answer, by the names that people gave."
    told = with_names if named else "The draft does not say who gave which answer: it says voice 1, voice 2 and so on."
    words = "Leave the names out of the draft" if named else "Put the names into the draft"
    change = action("naming", words, "no" if named else "yes", second=True)
    return [heading("Names in the draft"), text(told, "quiet"), change]


def _words(line: report_back_views.OwnLine) -> str:
    return line.words or MISSING_TEXTS[line.lacks]


MISSING_TEXTS = {"": "Nothing yet", "shown": "Not shown to each other yet", "agreed": "Your answers are split"}


def _state(view: Mapping[str, object]) -> Blocks:
    if not view["yes"]:
        words = (
            "Your organization and the facilitator can see these. Other organizations cannot until you release them."
        )
        return [text(words, "quiet"), action("release", "Show our lines to the room", "yes")]
    back = action("release", "Take our lines back", "no", second=True)
    if view["changed"]:
        words = "Your words have changed. Other organizations may see the words from before, and no others."
        return [text(words, "note"), action("again", "Show the new words", "yes"), back]
    now = RELEASED_SENTENCE if view["on_board"] else SEEN_LATER
    return [text(now, "good"), back]


def _vote(reported: Reported, organization: Organization) -> Blocks:
    if reported.vote == report_back_views.SHOWN:
        words = "What the room finds hardest"
        return (
            [heading(words), *result_blocks(words, report_back_views.result_view(reported))] if reported.top() else []
        )
    if reported.vote != report_back.OPEN or not reported.on_vote:
        return []
    own = report_back.own_dots(reported.back, organization.id, reported.on_vote)
    remaining = report_back.DOTS - sum(own.values())
    told = f"Which of these should we work on first? {remaining} of {report_back.DOTS} dots left."
    board = dots("dot", "Our dots", told, ballot(reported.on_vote, own), remaining)
    return [heading("Our three dots"), board]


def act(workshop: Workshop, name: str, what: str, value: str) -> str:
    """Do what was chosen on a table's page; return what was done."""
    return ACTS[what](workshop, workshop.roster.organization(name), value)


def _release(workshop: Workshop, organization: Organization, value: str) -> str:
    workshop.report_back.release(organization.id, yes=value == "yes")
    if value != "yes":
        return TAKEN_BACK
    return RELEASED_SENTENCE if workshop.report_back.reported().back.shown else SEEN_LATER


RELEASED_SENTENCE = "Everyone can see these lines now."
SEEN_LATER = "Everyone will see these lines when the facilitator shows the board."
TAKEN_BACK = "Other organizations can no longer see your lines."


def _naming(workshop: Workshop, organization: Organization, value: str) -> str:
    workshop.discussion.set_naming(organization.id, value == "yes")
    return f"The draft {'now says' if value == 'yes' else 'no longer says'} who gave which answer."


def _dot(workshop: Workshop, organization: Organization, value: str) -> str:
    own = ballot_after(workshop.report_back.reported(), organization.id, value)
    if sum(own.values()) > report_back.DOTS:
        return "All three dots are given. Take one back first."
    workshop.report_back.vote(organization.id, own)
    return "Kept."


ACTS: Mapping[str, Callable[[Workshop, Organization, str], str]] = {
    "release": _release,
    "again": _release,
    "dot": _dot,
    "naming": _naming,
}
