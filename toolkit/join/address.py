"""ADDRESS: where phones find the join page: the addresses of this computer, a key, a code, the squares drawn here."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import socket
from collections.abc import Iterable, Iterator
from dataclasses import replace

import segno

from toolkit.door import DOOR, Door, read, written
from toolkit.workshop import Workshop

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


def door(workshop: Workshop) -> Door | None:
    """Return the way into a workshop as the join page has written it down, None before it ever ran."""
    return read(workshop.events(DOOR))


def open_door(workshop: Workshop, port: int, chosen: Iterable[str] = ()) -> Door:
    """Write down the way in; key and code stay what they were, so that links go on working after a restart."""
    before = door(workshop)
    found = tuple(dict.fromkeys([*chosen, *_kept_choice(before), *addresses()]))
    key = before.key if before else secrets.token_urlsafe(KEY_LENGTH)
    now = Door(found, port, key, before.code if before else new_code())
    now = replace(now, qr={address: squares(now.link(address)) for address in found})
    if now != before:
        workshop.happen(*written(now))
    return now


def squares(words: str) -> tuple[str, ...]:
    """Return `words` as a QR code: rows of 1 (dark) and 0, for a page to draw."""
    matrix = segno.make(words, error="m", micro=False).matrix
    return tuple("".join("1" if dark else "0" for dark in row) for row in matrix)


def _kept_choice(before: Door | None) -> list[str]:
    """Return the address that was shown before, when this computer still has it."""
    return [each for each in (before.addresses[:1] if before else ()) if each in addresses()]


def new_code() -> str:
    """Return a new code to type."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def typed(code: str) -> str:
    """Return a code as it was meant: capitals, without the spaces and dashes between the groups."""
    return "".join(sign for sign in code.upper() if sign.isalnum())


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
