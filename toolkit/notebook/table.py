"""OF A TABLE: what a table's page shows below its answers: its pictures, its lines for the room, its three dots."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from toolkit.answers.model import Organization
from toolkit.documents import charts as pictures
from toolkit.facilitation import report_back as reportback
from toolkit.facilitation import report_back_views as reporting
from toolkit.facilitation.report_back_views import TITLES, Reported
from toolkit.notebook import panels as boards
from toolkit.notebook.report_back import ballot
from toolkit.worksheets.kinds import pieces
from toolkit.workshop.facade import Workshop

SERVES, REACHES, APPROVES = "who_do_you_serve", "who_could_use_it", "who_approves"


def pictures_of(workshop: Workshop, name: str) -> boards.Blocks:
    """Return the stakeholder map and the approval route of one organization, once there is something to see."""
    organization = workshop.organization(name)
    held = workshop.positions(organization)

    def items(question: str) -> list[str]:
        asked = workshop.worksheet.questions.get(question)
        return list(pieces(asked.kind, held[question].value, asked.labels)) if asked else []

    serves, reaches, route = items(SERVES), items(REACHES), items(APPROVES)
    map_ = [pictures.stakeholder_map(organization.name, serves, reaches)] if serves or reaches else []
    way = [pictures.approval_route(organization.name, route)] if route else []
    return [each.as_block() for each in (*map_, *way)]


def outline_of(workshop: Workshop, name: str) -> boards.Blocks:
    """Return how far each section of an organization's draft is."""
    rows = [[each.title, {"state": CHIPS[each.state], "words": each.words}] for each in workshop.outline(name)]
    return [boards.table_block("Your draft so far", ["Section", "How far it is"], rows)]


CHIPS = {"ready": "agreed", "begun": "proposed", "empty": "open"}
"""The chip of each state of a section: green, amber, empty."""


def for_the_room(workshop: Workshop, name: str) -> boards.Blocks:
    """Return an organization's lines, whether the room may see them, and its dots while there is a vote."""
    organization, reported = workshop.organization(name), workshop.reported()
    lines = workshop.lines_for_the_room(organization)
    seen = [(each.title, _words(each)) for each in lines if each.question in TITLES or each.words]
    return [
        boards.heading("Our lines for the room"),
        boards.facts(seen),
        *_state(reporting.release_view(reported, organization.id, lines, {})),
        *_vote(reported, organization),
        *naming(workshop, name),
    ]


def naming(workshop: Workshop, name: str) -> boards.Blocks:
    """Return whether an organization's draft names its people, and a button that changes it."""
    named = workshop.names_voices(workshop.organization(name))
    said = "The draft says who gave which answer, by the names that people gave."
    told = said if named else "The draft does not say who gave which answer: it says voice 1, voice 2 and so on."
    words = "Leave the names out of the draft" if named else "Put the names into the draft"
    action = boards.action("naming", words, "no" if named else "yes", second=True)
    return [boards.heading("Names in the draft"), boards.text(told, "quiet"), action]


def _words(line: reporting.OwnLine) -> str:
    return line.words or LACKS[line.lacks]


LACKS = {"": "Nothing yet", "shown": "Not shown to each other yet", "agreed": "Your answers are split"}


def _state(view: Mapping[str, object]) -> boards.Blocks:
    if not view["yes"]:
        told = "Your organization and the facilitator can see these. Other organizations cannot until you release them."
        return [boards.text(told, "quiet"), boards.action("release", "Show our lines to the room", "yes")]
    back = boards.action("release", "Take our lines back", "no", second=True)
    if view["changed"]:
        told = "Your words have changed. Other organizations may see the words from before, and no others."
        return [boards.text(told, "note"), boards.action("again", "Show the new words", "yes"), back]
    now = SEEN if view["on_board"] else SEEN_LATER
    return [boards.text(now, "good"), back]


def _vote(reported: Reported, organization: Organization) -> boards.Blocks:
    if reported.vote == reporting.SHOWN:
        words = "What the room finds hardest"
        return (
            [boards.heading(words), *boards.result_blocks(words, reporting.result_view(reported))]
            if reported.top()
            else []
        )
    if reported.vote != reportback.OPEN or not reported.on_vote:
        return []
    own = reportback.own_dots(reported.back, organization.id, reported.on_vote)
    left = reportback.DOTS - sum(own.values())
    told = f"Which of these should we work on first? {left} of {reportback.DOTS} dots left."
    dots = boards.dots("dot", "Our dots", told, ballot(reported.on_vote, own), left)
    return [boards.heading("Our three dots"), dots]


def act(workshop: Workshop, name: str, what: str, value: str) -> str:
    """Do what was chosen on a table's page; return what was done."""
    return ACTS[what](workshop, workshop.organization(name), value)


def _release(workshop: Workshop, organization: Organization, value: str) -> str:
    workshop.release(organization, yes=value == "yes")
    if value != "yes":
        return TAKEN_BACK
    return SEEN if workshop.reported().back.shown else SEEN_LATER


SEEN = "Everyone can see these lines now."
SEEN_LATER = "Everyone will see these lines when the facilitator shows the board."
TAKEN_BACK = "Other organizations can no longer see your lines."


def _naming(workshop: Workshop, organization: Organization, value: str) -> str:
    workshop.name_voices(organization, value == "yes")
    return f"The draft {'now says' if value == 'yes' else 'no longer says'} who gave which answer."


def _dot(workshop: Workshop, organization: Organization, value: str) -> str:
    own = given(workshop.reported(), organization.id, value)
    if sum(own.values()) > reportback.DOTS:
        return "All three dots are given. Take one back first."
    workshop.vote(organization.id, own)
    return "Kept."


def given(reported: Reported, voter: str, value: str) -> dict[str, int]:
    """Return a voter's ballot with one dot more or less: "+" or "-" and a point's id."""
    own = reportback.own_dots(reported.back, voter, reported.entries(reportback.HARDEST))
    sign, id_ = value[:1], value[1:]
    return own | {id_: max(0, own.get(id_, 0) + (1 if sign == "+" else -1))}


ACTS: Mapping[str, Callable[[Workshop, Organization, str], str]] = {
    "release": _release,
    "again": _release,
    "dot": _dot,
    "naming": _naming,
}
