"""ADDRESS: where phones find the join page: the addresses of this computer, the link, the code and its picture."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import socket
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import segno

from toolkit.workshop import Workshop

DOOR = "door"
"""The kind of event that keeps the way in; the newest one counts."""

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Signs that nobody mixes up when they are read from a screen: no 0 and O, no 1, I and L."""

CODE_LENGTH = 9
"""31 ** 9 is a little more than 44 bits."""

KEY_LENGTH = 16
"""Bytes in the link's secret: 128 bits."""

HERE = "127.0.0.1"
OUTSIDE = ("192.0.2.1", "10.255.255.255", "192.168.255.255", "172.31.255.255")
"""Addresses to ask the system for a way to; nothing is ever sent to them."""

HOME_NETS = tuple(ipaddress.ip_network(net) for net in ("192.168.0.0/16", "10.0.0.0/8", "172.16.0.0/12"))
NEVER_A_PHONE = tuple(ipaddress.ip_network(net) for net in ("127.0.0.0/8", "169.254.0.0/16", "172.17.0.0/16"))
"""Loopback, addresses without a network, and the inner network of a container engine."""

ISOLATED = (
    "If nobody can open the page: some guest wifi keeps devices apart. Switch on this computer's own hotspot "
    "(Windows: Settings, Network, Mobile hotspot. Mac: System Settings, General, Sharing, Internet Sharing. "
    "Linux: Settings, Wi-Fi, menu, Turn on hotspot), let the phones join it, then choose its address here."
)
"""What to say when phones cannot reach this computer."""


@dataclass(frozen=True, slots=True)
class Door:
    """The way in: the addresses in the order of how likely they are, the port, the link's key, the code to type."""

    addresses: tuple[str, ...]
    port: int
    key: str
    code: str

    @property
    def url(self) -> str:
        """The address without the key: short enough to type."""
        return f"http://{self.addresses[0]}:{self.port}/"

    @property
    def link(self) -> str:
        """The address with the key behind #, where no server, log or proxy sees it."""
        return f"{self.url}#{self.key}"

    @property
    def grouped_code(self) -> str:
        """The code in groups of three, as it stands on the projector."""
        return grouped(self.code)

    @property
    def in_words(self) -> str:
        """The address as one says it aloud."""
        return f"{self.addresses[0].replace('.', ' dot ')} colon {self.port}"

    def squares(self, address: str) -> list[str]:
        """Return the QR code of the link by one address: rows of 1 (dark) and 0, for a page to draw."""
        matrix = segno.make(f"http://{address}:{self.port}/#{self.key}", error="m", micro=False).matrix
        return ["".join("1" if dark else "0" for dark in row) for row in matrix]

    @property
    def picture(self) -> str:
        """The QR code of the link as an SVG picture, drawn here."""
        return picture(self.link)


def door(workshop: Workshop) -> Door | None:
    """Return the way into a workshop as the join page has written it down, None before it ever ran."""
    kept = workshop.events(DOOR)
    return _door(kept[-1].value) if kept else None


def open_door(workshop: Workshop, port: int, chosen: Iterable[str] = ()) -> Door:
    """Write down the way in; key and code stay what they were, so that links go on working after a restart."""
    before = door(workshop)
    found = tuple(dict.fromkeys([*chosen, *_kept_choice(before), *addresses()]))
    key = before.key if before else secrets.token_urlsafe(KEY_LENGTH)
    now = Door(found, port, key, before.code if before else new_code())
    if now != before or "qr" not in workshop.events(DOOR)[-1].value:
        workshop.happen(DOOR, "", _written(now))
    return now


def choose(workshop: Workshop, address: str) -> Door | None:
    """Let `address` stand on the projector from now on; None before the join page ever ran."""
    before = door(workshop)
    if before is None:
        return None
    others = tuple(each for each in before.addresses if each != address)
    now = Door((address, *others), before.port, before.key, before.code)
    workshop.happen(DOOR, "", _written(now) | {"chosen": address})
    return now


def _written(way: Door) -> dict[str, Any]:
    squares = {each: way.squares(each) for each in way.addresses}
    return {"addresses": list(way.addresses), "port": way.port, "key": way.key, "code": way.code, "qr": squares}


def _door(value: Mapping[str, Any]) -> Door:
    return Door(tuple(value["addresses"]), int(value["port"]), str(value["key"]), str(value["code"]))


def _kept_choice(before: Door | None) -> list[str]:
    """Return the address that was shown before, when this computer still has it."""
    return [each for each in (before.addresses[:1] if before else ()) if each in addresses()]


def new_code() -> str:
    """Return a new code to type."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def typed(code: str) -> str:
    """Return a code as it was meant: capitals, without the spaces and dashes between the groups."""
    return "".join(sign for sign in code.upper() if sign.isalnum())


def grouped(code: str) -> str:
    """Return a code in groups of three."""
    return " ".join(code[place : place + 3] for place in range(0, len(code), 3))


def picture(words: str) -> str:
    """Return `words` as a QR code: an SVG picture to stand in a page."""
    out = BytesIO()
    code = segno.make(words, error="m", micro=False)
    code.save(out, kind="svg", xmldecl=False, border=4, dark="#000", light="#fff", omitsize=True, title="QR code")
    return out.getvalue().decode()


def addresses() -> tuple[str, ...]:
    """Return the addresses of this computer on its networks, the likeliest first; 127.0.0.1 when there is none."""
    found = sorted(dict.fromkeys(_found()), key=_likely)
    return tuple(found) or (HERE,)


def _found() -> Iterator[str]:
    for place in (*_ways_out(), *_of_own_name()):
        if not any(ipaddress.ip_address(place) in net for net in NEVER_A_PHONE):
            yield place


def _ways_out() -> Iterator[str]:
    """Yield the address that the system would use towards the outside; a UDP socket asks without sending."""
    for outside in OUTSIDE:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
            try:
                asked.connect((outside, 9))
            except OSError:
                continue
            yield asked.getsockname()[0]


def _of_own_name() -> list[str]:
    try:
        return socket.gethostbyname_ex(socket.gethostname())[2]
    except OSError:
        return []


def _likely(address: str) -> int:
    """Return the rank of an address: home and office networks first, then whatever else there is."""
    place = ipaddress.ip_address(address)
    return next((rank for rank, net in enumerate(HOME_NETS) if place in net), len(HOME_NETS))


def digest(words: str) -> str:
    """Return the SHA-256 of `words`: what is kept of a secret."""
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()
