"""OF A TABLE: what a table's page shows below its answers: its pictures, its lines for the room, its three dots."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from toolkit import boards, pictures, reportback
from toolkit.answer import Organization
from toolkit.desk.held import Held
from toolkit.desk.reported import TITLES, Reported, ballot
from toolkit.kinds import pieces
from toolkit.workshop import Workshop

SERVES, REACHES, APPROVES = "who_do_you_serve", "who_could_use_it", "who_approves"


def pictures_of(workshop: Workshop, name: str, _: Held) -> boards.Blocks:
    """Return the stakeholder map and the approval route of one organization, once there is something to see."""
    held = workshop.positions(workshop.organization(name))

    def items(question: str) -> list[str]:
        asked = workshop.worksheet.questions.get(question)
        return list(pieces(asked.kind, held[question].value, asked.labels)) if asked else []

    serves, reaches, route = items(SERVES), items(REACHES), items(APPROVES)
    map_ = [pictures.stakeholder_map(name, serves, reaches)] if serves or reaches else []
    way = [pictures.approval_route(name, route)] if route else []
    return [each.as_block() for each in (*map_, *way)]


def for_the_room(workshop: Workshop, name: str, held: Held) -> boards.Blocks:
    """Return an organization's three lines, whether the room may see them, and its dots once there is a vote."""
    organization = workshop.organization(name)
    reported = _reported(workshop, held)
    said = [(TITLES[each], reported.words(organization, each) or "No answer yet") for each in reported.lines]
    state = _state(organization.id in reported.back.released, reported.back.shown)
    return [
        boards.heading("Our three lines for the room"),
        boards.facts(said),
        *state,
        *_ballot(reported, organization),
    ]


def _state(released: bool, shown: bool) -> boards.Blocks:
    if not released:
        told = boards.text("Only you see these. The room sees nothing of them until you show them.", "quiet")
        return [told, boards.action("release", "Show our three lines to the room", "yes")]
    now = "The room can see these lines now." if shown else "The room may see these lines when the board is shown."
    return [boards.text(now, "good"), boards.action("release", "Take our lines back", "no", second=True)]


def _ballot(reported: Reported, organization: Organization) -> boards.Blocks:
    standing = reported.entries(reportback.HARDEST) if reported.back.shown else ()
    if not standing:
        return []
    own = reportback.own_dots(reported.back, organization.id, standing)
    left = reportback.DOTS - sum(own.values())
    told = f"Which of these should we work on first? {left} of {reportback.DOTS} dots left."
    dots = boards.dots("dot", "Our dots", told, ballot(standing, own), left)
    return [boards.heading("Our three dots"), dots]


def _reported(workshop: Workshop, held: Held) -> Reported:
    return Reported(workshop.worksheet, held.positions(), reportback.fold(workshop.events()))


def act(workshop: Workshop, name: str, held: Held, what: str, value: str) -> str:
    """Do what was chosen on a table's page; return what was done."""
    return ACTS[what](workshop, workshop.organization(name), held, value)


def _release(workshop: Workshop, organization: Organization, _: Held, value: str) -> str:
    workshop.release(organization, yes=value == "yes")
    return "Your three lines are for the room now." if value == "yes" else "Your three lines are yours alone again."


def _dot(workshop: Workshop, organization: Organization, held: Held, value: str) -> str:
    reported = _reported(workshop, held)
    own = given(reported, organization.id, value)
    if sum(own.values()) > reportback.DOTS:
        return "All three dots are given. Take one back first."
    workshop.happen(*reportback.vote(organization.id, own))
    return "Kept."


def given(reported: Reported, voter: str, value: str) -> dict[str, int]:
    """Return a voter's ballot with one dot more or less: "+" or "-" and a point's id."""
    own = reportback.own_dots(reported.back, voter, reported.entries(reportback.HARDEST))
    sign, id_ = value[:1], value[1:]
    return own | {id_: max(0, own.get(id_, 0) + (1 if sign == "+" else -1))}


ACTS: Mapping[str, Callable[[Workshop, Organization, Held, str], str]] = {"release": _release, "dot": _dot}
