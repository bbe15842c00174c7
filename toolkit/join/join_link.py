"""Makes the join link: this computer's addresses, a key, a code, and QR codes drawn here."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from collections.abc import Collection, Iterable
from dataclasses import replace

import segno

from toolkit.facilitation.invitation import JoinLink, join_link_event
from toolkit.join.network import InterfaceAddress, interface_addresses, ways_out
from toolkit.workshop.facade import Workshop

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Signs that nobody mixes up when they are read from a screen: no 0 and O, no 1, I and L."""

CODE_LENGTH = 9
"""31 ** 9 is a little more than 44 bits."""

KEY_LENGTH = 16
"""Bytes in the link's secret: 128 bits."""

HOME_NETS = tuple(ipaddress.ip_network(net) for net in ("192.168.0.0/16", "10.0.0.0/8", "172.16.0.0/12"))
NEVER_A_PHONE = tuple(ipaddress.ip_network(net) for net in ("127.0.0.0/8", "169.254.0.0/16", "172.17.0.0/16"))
"""Loopback, addresses without a network, and the inner network of a container engine."""

LOOK_AGAIN = 3.0
"""Seconds between two looks at the network."""


def join_link_of(workshop: Workshop) -> JoinLink | None:
    """Return the way into a workshop as the join page has written it down, None before it ever ran."""
    return workshop.state.join_link


def announce_join_link(workshop: Workshop, port: int, chosen: Iterable[str] = (), prefix: str = "") -> JoinLink:
    """Write down the way in; key and code stay what they were, so that links go on working after a restart.

    `chosen` are addresses or names that the facilitator gave; the first of them is shown. `prefix` is the path below
    which the page is served.
    """
    fixed = tuple(chosen)
    return _recorded(workshop, JoinLink((), port, "", "", prefix=prefix), fixed[:1], fixed)


def look_again(workshop: Workshop, link: JoinLink, fixed: Iterable[str] = ()) -> JoinLink:
    """Write the way in down anew when the network has changed; what the facilitator put on the projector stays."""
    return _recorded(workshop, link, (), tuple(fixed))


def _recorded(workshop: Workshop, link: JoinLink, first: tuple[str, ...], fixed: tuple[str, ...]) -> JoinLink:
    before, there = join_link_of(workshop), (*fixed, *addresses())
    still_there = [each for each in (before.addresses[:1] if before else ()) if each in there]
    found = tuple(dict.fromkeys([*first, *still_there, *there]))
    key = before.key if before else secrets.token_urlsafe(KEY_LENGTH)
    code = before.code if before else new_code()
    now = JoinLink(found, link.port, key, code, prefix=link.prefix)
    now = replace(now, qr={address: squares(now.link(address)) for address in found})
    if now != before:
        workshop.record(join_link_event(now))
    return now


def squares(words: str) -> tuple[str, ...]:
    """Return `words` as a QR code: rows of 1 (dark) and 0, for a page to draw."""
    matrix = segno.make(words, error="m", micro=False).matrix
    return tuple("".join("1" if dark else "0" for dark in row) for row in matrix)


def new_code() -> str:
    """Return a new code to type."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def typed(code: str) -> str:
    """Return a code as it was meant: capitals, without the spaces and dashes between the groups."""
    return "".join(sign for sign in code.upper() if sign.isalnum())


def addresses() -> tuple[str, ...]:
    """Return the addresses at which phones may find this computer, the likeliest first; none without a network.

    Without an IPv4 address its public IPv6 addresses are those, in brackets.
    """
    ways = frozenset(ways_out())
    interfaces = [address for address in interface_addresses() if _is_for_phones(address, ways)]
    ranked = sorted(
        interfaces,
        key=lambda interface: (
            interface.is_virtual,
            str(interface.address) not in ways,
            _likely(str(interface.address)),
        ),
    )
    old = [str(interface.address) for interface in ranked if interface.address.version == 4]
    new = [f"[{interface.address}]" for interface in ranked if interface.address.version == 6]
    return tuple(dict.fromkeys(old or new))


def _is_for_phones(interface: InterfaceAddress, ways: Collection[str]) -> bool:
    """Return whether phones can be sent there; what leads to containers and into a VPN only when nothing else does."""
    address = interface.address
    if address.is_loopback or address.is_link_local or any(address in net for net in NEVER_A_PHONE):
        return False
    return not interface.is_virtual or str(address) in ways


def _likely(address: str) -> int:
    """Return the rank of an address: home and office networks first, then whatever else there is."""
    ip = ipaddress.ip_address(address)
    return next((rank for rank, net in enumerate(HOME_NETS) if ip in net), len(HOME_NETS))


def digest(words: str) -> str:
    """Return the SHA-256 of `words`: what is kept of a secret."""
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()
