"""The panel of the join link: the QR code, the address, the code, and who is there already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from toolkit.facilitation.invitation import NO_NETWORK, Attendance
from toolkit.notebook.blocks import Blocks, arrivals, empty, heading, text, way_in
from toolkit.notebook.controls import Act, Chooser, Make, confirm, confirmations, desk, draw_page, show_if

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
