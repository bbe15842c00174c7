"""The panel of the join link: the QR code, the address, the code, and who is there already."""

from __future__ import annotations

import datetime
import socket
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from toolkit.facilitation import invitation
from toolkit.facilitation.invitation import NO_NETWORK, Attendance
from toolkit.notebook.blocks import (
    Blocks,
    arrivals,
    empty,
    heading,
    text,
    way_in,
)
from toolkit.notebook.board_widget import Board
from toolkit.notebook.controls import (
    Act,
    Chooser,
    Make,
    confirm,
    confirmations,
    desk,
    draw_page,
    show_if,
)
from toolkit.notebook.organizations_panel import similar_names
from toolkit.workshop.facade import Workshop

HOTSPOT = (
    "on Windows under Settings, Network, Mobile hotspot; on a Mac under System Settings, General, Sharing, Internet "
    "Sharing; on Linux under Settings, Wi-Fi, Turn on hotspot."
)
ISOLATED_SENTENCE = (
    "No one has joined yet. Try the address on one phone. If the phone finds nothing, the Wi-Fi here may keep devices "
    f"apart. Then turn on this computer's own hotspot: {HOTSPOT} Have the phones join it. The code above follows."
)
HOW_TO_CONNECT = f"Join a Wi-Fi network, or turn on this computer's own hotspot: {HOTSPOT}"
TRY_HERE = "To try the join page without a network, open {} on this computer and type the code {}."


SIMILAR_NAMES = "“{}” and “{}” look alike. If they are one organization, make them one under Organizations."


@dataclass(frozen=True, slots=True)
class InvitationState:
    """The way in, its `qr` as rows of 0 and 1; `open` when the join page answers; `alone` when nobody came for long.

    `here` is the join page on this very computer, given only while no phone can reach it: there is no network then.
    `alike` are pairs of names that may be one organization; in `practice` nobody comes by phone.
    """

    open: bool = False
    address: str = ""
    code: str = ""
    aloud: str = ""
    qr: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    attendance: tuple[Attendance, ...] = ()
    alone: bool = False
    alike: tuple[tuple[str, str], ...] = ()
    practice: bool = False
    here: str = ""


class InvitationPanel:
    """The doors; `act` has "address", which puts another of this computer's addresses on the projector."""

    def __init__(self, state: Callable[[], InvitationState], act: Act, make: Make) -> None:
        self._state, self._act = state, act
        self.board, self.messages = make([], None), confirmations(make)
        self.address = Chooser("Address of this computer", self.messages, self._choose)
        self.widget = desk(self.board, self.address.widget, self.messages)
        self.refresh()

    def refresh(self) -> None:
        """Show how things stand now."""
        draw_page(self.messages, self._draw)

    def _draw(self) -> None:
        state = self._state()
        self.address.choice = None  # what was chosen stands first among the addresses
        self.address.offer([(address, address) for address in state.addresses])
        show_if(len(state.addresses) > 1, self.address.widget)
        first, *rest = invitation_blocks(state)
        self.board.show([heading("Doors"), first, *_hint(state), *rest])

    def _choose(self) -> None:
        confirm(self.messages, lambda: str(self._act["address"](self.address.value) or "Changed."))
        self.refresh()


MOST_NAMES = 12
"""Organizations whose names fit on the projector below the way in; those who came last are named."""


def invitation_blocks(state: InvitationState, most: int | None = None) -> Blocks:
    """Return the way in and who has come, the last first; the projector names only so many."""
    if not state.address and state.practice:
        return [
            empty("Nobody comes by phone in a rehearsal.", "The people here are made up."),
            *_attendance(state, most),
        ]
    if state.here:
        return [empty(*NO_NETWORK), *_attendance(state, most)]
    if not state.address:
        words = "The join page is not running, so phones cannot come in."
        return [empty(words, "Close this program and start the workshop again. Tables can work in the notebooks.")]
    way = way_in(state.qr, state.address, state.code, state.aloud)
    if state.open:
        return [way, *_attendance(state, most)]
    return [text("The join page does not answer right now.", "note"), way, *_attendance(state, most and most // 4)]


def _attendance(state: InvitationState, most: int | None) -> Blocks:
    """Show who has joined: how many people in all, and the organizations, at most `most` of them in short words."""
    present = [organization for organization in state.attendance if organization.anyone]
    if not present:
        return [text("Nobody is here yet. Names of organizations appear here as people come in.", "quiet")]
    lines = [(row.organization, row.words if most is None else row.short_words) for row in present[:most]]
    return [text(_total(present, most), "quiet"), arrivals(lines)]


def _total(present: Sequence[Attendance], most: int | None) -> str:
    people, devices = sum(row.people for row in present), sum(row.shared_devices for row in present)
    organizations = f"{len(present)} {'organization' if len(present) == 1 else 'organizations'}"
    last = f" The last {most} are:" if most and len(present) > most else ""
    return f"{Attendance('', people, devices).words} from {organizations}.{last}"


def _hint(state: InvitationState) -> Blocks:
    alone = [text(ISOLATED_SENTENCE, "note")] if state.alone and state.address else []
    if state.here:
        alone = [text(HOW_TO_CONNECT, "note"), text(TRY_HERE.format(state.here, state.code), "quiet")]
    return alone + [text(SIMILAR_NAMES.format(*pair), "note") for pair in state.alike]


LONG_ALONE = datetime.timedelta(minutes=3)
"""After so long without anybody the page says what may be wrong."""


def invitation_panel(controller: InvitationController) -> InvitationPanel:
    """Return this part of the facilitator's page."""
    return InvitationPanel(controller.state, {"address": controller.choose}, Board)


class InvitationController:
    """What the facilitator sees of the doors."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop, self._since = workshop, datetime.datetime.now(datetime.UTC)

    def state(self) -> InvitationState:
        """Return how the doors stand."""
        link, opened_at, joined = *self._join_link(), attendance(self._workshop)
        if link is None or opened_at is None:
            return InvitationState(attendance=joined, practice=self._workshop.settings.is_rehearsal)
        return InvitationState(
            open=_answers(link.port),
            here="" if link.addresses else link.here,
            address=link.url.removesuffix("/"),
            code=link.grouped_code,
            aloud=link.in_words,
            qr=link.squares,
            addresses=link.addresses,
            attendance=joined,
            alone=not any(row.anyone for row in joined) and self._long_ago(opened_at),
            alike=tuple(self._alike()),
        )

    def _join_link(self) -> tuple[invitation.JoinLink | None, datetime.datetime | None]:
        state = self._workshop.state
        return state.join_link, state.join_link_at

    def _alike(self) -> list[tuple[str, str]]:
        names = {organization.id: organization.name for organization in self._workshop.organizations}
        return [(names[one], names[other]) for one, other in similar_names(self._workshop)]

    def choose(self, address: str) -> str:
        """Let another address of this computer stand on the projector."""
        link, _ = self._join_link()
        if link is not None:
            self._workshop.record(invitation.join_link_event(link.shown_at(address)))
        return f"Phones are sent to {address} now."

    def _long_ago(self, opened: datetime.datetime) -> bool:
        return datetime.datetime.now(datetime.UTC) - max(opened, self._since) > LONG_ALONE


def attendance(workshop: Workshop) -> tuple[invitation.Attendance, ...]:
    """Return who has joined from each organization; where a person came last stands first, then shared devices."""
    people = Counter(person.organization for person in reversed(workshop.roster.people))
    devices = workshop.roster.shared_devices
    names = {organization.id: organization.name for organization in workshop.organizations}
    order = dict.fromkeys((*people, *devices, *names))
    return tuple(invitation.Attendance(names[id_], people[id_], devices[id_]) for id_ in order if id_ in names)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection((invitation.HERE, port), 0.2):
            return True
    except OSError:
        return False
