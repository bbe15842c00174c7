"""What a table's page shows below its answers: charts, lines for the room, and its three votes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from toolkit.answers.model import Organization
from toolkit.documents import charts
from toolkit.facilitation import report_back, report_back_views
from toolkit.facilitation.report_back_views import Reported
from toolkit.notebook import panels
from toolkit.notebook.report_back import ballot
from toolkit.worksheets.kinds import pieces
from toolkit.workshop.facade import Workshop


def pictures_of(workshop: Workshop, name: str) -> panels.Blocks:
    """Return the stakeholder map and the approval route of one organization, once there is something to see."""
    organization = workshop.organization(name)
    positions = workshop.positions(organization)

    def items(meaning: str) -> list[str]:
        question = workshop.worksheet.by_meaning.get(meaning)
        return list(pieces(question.kind, positions[question.id].value, question.labels)) if question else []

    serves, reaches, route = items("served"), items("reached"), items("approvers")
    map_ = [charts.stakeholder_map(organization.name, serves, reaches)] if serves or reaches else []
    way = [charts.approval_route(organization.name, route)] if route else []
    return [picture.as_block() for picture in (*map_, *way)]


def outline_of(workshop: Workshop, name: str) -> panels.Blocks:
    """Return how far each section of an organization's draft is."""
    rows = [
        [section.title, {"state": CHIPS[section.state], "words": section.words}] for section in workshop.outline(name)
    ]
    return [panels.table_block("Your draft so far", ["Section", "How far it is"], rows)]


CHIPS = {"ready": "agreed", "begun": "proposed", "empty": "open"}
"""The chip of each state of a section: green, amber, empty."""


def report_back_lines(workshop: Workshop, name: str) -> panels.Blocks:
    """Return an organization's lines, whether the room may see them, and its dots while there is a vote."""
    organization, reported = workshop.organization(name), workshop.reported()
    lines = workshop.report_back_lines(organization)
    lines_ = [(line.title, _words(line)) for line in lines if line.is_on_board or line.words]
    return [
        panels.heading("Our lines for the room"),
        panels.facts(lines_),
        *_state(report_back_views.release_view(reported, organization.id, lines, {})),
        *_vote(reported, organization),
        *naming(workshop, name),
    ]


def naming(workshop: Workshop, name: str) -> panels.Blocks:
    """Return whether an organization's draft names its people, and a button that changes it."""
    named = workshop.uses_names(workshop.organization(name))
    text = "The draft says who gave which answer, by the names that people gave."
    told = text if named else "The draft does not say who gave which answer: it says voice 1, voice 2 and so on."
    words = "Leave the names out of the draft" if named else "Put the names into the draft"
    action = panels.action("naming", words, "no" if named else "yes", second=True)
    return [panels.heading("Names in the draft"), panels.text(told, "quiet"), action]


def _words(line: report_back_views.OwnLine) -> str:
    return line.words or MISSING_TEXTS[line.lacks]


MISSING_TEXTS = {"": "Nothing yet", "shown": "Not shown to each other yet", "agreed": "Your answers are split"}


def _state(view: Mapping[str, object]) -> panels.Blocks:
    if not view["yes"]:
        words = (
            "Your organization and the facilitator can see these. Other organizations cannot until you release them."
        )
        return [panels.text(words, "quiet"), panels.action("release", "Show our lines to the room", "yes")]
    back = panels.action("release", "Take our lines back", "no", second=True)
    if view["changed"]:
        words = "Your words have changed. Other organizations may see the words from before, and no others."
        return [panels.text(words, "note"), panels.action("again", "Show the new words", "yes"), back]
    now = RELEASED_SENTENCE if view["on_board"] else SEEN_LATER
    return [panels.text(now, "good"), back]


def _vote(reported: Reported, organization: Organization) -> panels.Blocks:
    if reported.vote == report_back_views.SHOWN:
        words = "What the room finds hardest"
        return (
            [panels.heading(words), *panels.result_blocks(words, report_back_views.result_view(reported))]
            if reported.top()
            else []
        )
    if reported.vote != report_back.OPEN or not reported.on_vote:
        return []
    own = report_back.own_dots(reported.back, organization.id, reported.on_vote)
    remaining = report_back.DOTS - sum(own.values())
    told = f"Which of these should we work on first? {remaining} of {report_back.DOTS} dots left."
    dots = panels.dots("dot", "Our dots", told, ballot(reported.on_vote, own), remaining)
    return [panels.heading("Our three dots"), dots]


def act(workshop: Workshop, name: str, what: str, value: str) -> str:
    """Do what was chosen on a table's page; return what was done."""
    return ACTS[what](workshop, workshop.organization(name), value)


def _release(workshop: Workshop, organization: Organization, value: str) -> str:
    workshop.release(organization, yes=value == "yes")
    if value != "yes":
        return TAKEN_BACK
    return RELEASED_SENTENCE if workshop.reported().back.shown else SEEN_LATER


RELEASED_SENTENCE = "Everyone can see these lines now."
SEEN_LATER = "Everyone will see these lines when the facilitator shows the board."
TAKEN_BACK = "Other organizations can no longer see your lines."


def _naming(workshop: Workshop, organization: Organization, value: str) -> str:
    workshop.set_naming(organization, value == "yes")
    return f"The draft {'now says' if value == 'yes' else 'no longer says'} who gave which answer."


def _dot(workshop: Workshop, organization: Organization, value: str) -> str:
    own = ballot_after(workshop.reported(), organization.id, value)
    if sum(own.values()) > report_back.DOTS:
        return "All three dots are given. Take one back first."
    workshop.vote(organization.id, own)
    return "Kept."


def ballot_after(reported: Reported, voter: str, value: str) -> dict[str, int]:
    """Return a voter's ballot with one dot more or less: "+" or "-" and a point's id."""
    own = report_back.own_dots(reported.back, voter, reported.entries(reported.vote_question))
    sign, id_ = value[:1], value[1:]
    return own | {id_: max(0, own.get(id_, 0) + (1 if sign == "+" else -1))}


ACTS: Mapping[str, Callable[[Workshop, Organization, str], str]] = {
    "release": _release,
    "again": _release,
    "dot": _dot,
    "naming": _naming,
}
