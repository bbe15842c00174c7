"""The join link as it is stored: addresses, port, key, code and QR codes, and how they are read aloud."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from toolkit.facilitation.events import Device, JoinLinkEvent

NO_NETWORK = "No Wi-Fi yet.", "Turn on the hotspot; the code will appear here."
"""What people are told as long as this computer has no address that a phone could reach."""

HERE = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class JoinLink:
    """The way in: the addresses, the shown one first, the port, the link's key, the code to type.

    There is no address as long as this computer is on no network; an IPv6 address stands in brackets, and the public
    address of a proxy begins with its scheme. `qr` are the squares of the link by each address: rows of 1 (dark) and
    0, for a page to draw. `prefix` is the path below which the page is served: "" or "/services/workshop".
    """

    addresses: tuple[str, ...]
    port: int
    key: str
    code: str
    qr: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    prefix: str = ""

    @property
    def address(self) -> str:
        """The address that stands on the projector; empty when there is none."""
        return self.addresses[0] if self.addresses else ""

    @property
    def url(self) -> str:
        """The address without the key: short enough to type; empty when no phone can reach this computer."""
        return self._page_at(self.address) if self.addresses else ""

    @property
    def here(self) -> str:
        """The address by which this very computer, and no phone, opens the page: to try it out without a network."""
        return self._page_at(HERE)

    def link(self, address: str = "") -> str:
        """Return the address with the key behind #, where no server, log or proxy sees it; empty without an address."""
        address = address or self.address
        return f"{self._page_at(address)}#{self.key}" if address else ""

    def _page_at(self, address: str) -> str:
        origin = address if "://" in address else f"http://{address}:{self.port}"
        return f"{origin}{self.prefix}/"

    @property
    def in_terminal(self) -> str:
        """Where phones find the join page, as one line."""
        if not self.addresses:
            return " ".join(NO_NETWORK)
        return f"Phones in this room: {self.url} and the code {self.grouped_code}"

    @property
    def grouped_code(self) -> str:
        """The code in groups of three, as it stands on the projector."""
        return " ".join(self.code[start : start + 3] for start in range(0, len(self.code), 3))

    @property
    def in_words(self) -> str:
        """The address as one says it aloud."""
        public = self.address.partition("://")[2]
        host = public.replace(":", " colon ") if public else f"{self.address} colon {self.port}"
        words = f"{host}{self.prefix.replace('/', ' slash ')}".replace(".", " dot ")
        return words if self.addresses else ""

    @property
    def squares(self) -> tuple[str, ...]:
        """The squares of the address that stands on the projector."""
        return self.qr.get(self.address, ())

    def shown_at(self, address: str) -> JoinLink:
        """Return the door with another of its addresses on the projector."""
        return replace(self, addresses=(address, *(other for other in self.addresses if other != address)))


def join_link_event(link: JoinLink) -> JoinLinkEvent:
    """Return the event that says where the join page is served."""
    return JoinLinkEvent(link.addresses, link.port, link.key, link.code, link.qr, link.prefix)


@dataclass(frozen=True, slots=True)
class Attendance:
    """How many joined from one organization, or in all: people on their own phones, and devices that a table shares.

    Behind a shared device are several people, and no one knows how many: the two are never added up.
    """

    organization: str = ""
    people: int = 0
    shared_devices: int = 0

    @property
    def anyone(self) -> bool:
        """Whether anyone joined, in either way."""
        return bool(self.people or self.shared_devices)

    @property
    def words(self) -> str:
        """Who joined, in words: "23 people and 4 shared devices"; what there is none of is left out."""
        return " and ".join(self._count_texts()) or "0 people"

    @property
    def short_words(self) -> str:
        """The same where there is little room: "23", "1 shared device", "23 + 4 shared devices"."""
        if not self.shared_devices:
            return str(self.people)
        return f"{f'{self.people} + ' if self.people else ''}{self._count_texts()[-1]}"

    def _count_texts(self) -> list[str]:
        people = f"{self.people} {'person' if self.people == 1 else 'people'}"
        devices = f"{self.shared_devices} shared device{'' if self.shared_devices == 1 else 's'}"
        return [words for words, count in ((people, self.people), (devices, self.shared_devices)) if count]


def shared_devices(devices: Mapping[str, Device]) -> tuple[str, ...]:
    """Return the organization's id of each shared device that is signed in; `devices` are all of them by session.

    A table that moves to another device with its return words is one device; in older workshops it has no id that
    stays, and counts by its session.
    """
    shared = {session: device for session, device in devices.items() if device.is_table}
    return tuple({device.return_id or session: device.organization for session, device in shared.items()}.values())


def join_link(event: JoinLinkEvent) -> JoinLink:
    """Return the join link that an event tells."""
    return JoinLink(event.addresses, event.port, event.key, event.code, event.qr, event.prefix)
