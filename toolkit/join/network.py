"""Lists the addresses that this computer has now. It asks the operating system, and sends nothing."""

from __future__ import annotations

import ipaddress
import re
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import psutil

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

OUTSIDE_ADDRESSES = ("192.0.2.1", "10.255.255.255", "192.168.255.255", "172.31.255.255")
"""Addresses to ask the system for a way to; nothing is ever sent to them."""

VIRTUAL_INTERFACE = re.compile(
    r"docker|br-|veth|virbr|lxc|lxd|podman|cni|vmnet|vboxnet|virtualbox|vmware|vethernet|tun|tap|utun|wg|ppp|tailscale|zt",
    re.IGNORECASE,
)
"""How interfaces begin that lead to containers, to virtual machines or into a VPN, and to no phone."""

LOOK_AGAIN = 1.0
"""Seconds for which a look at the interfaces holds."""


@dataclass(frozen=True, slots=True)
class InterfaceAddress:
    """An address that this computer holds, and the name of the interface that holds it."""

    address: Address
    interface: str

    @property
    def is_virtual(self) -> bool:
        """Whether the interface by its name leads to no phone."""
        return VIRTUAL_INTERFACE.match(self.interface) is not None


def interface_addresses() -> tuple[InterfaceAddress, ...]:
    """Return every address of every interface that is up; none where the system does not tell."""
    try:
        interfaces, states = psutil.net_if_addrs(), psutil.net_if_stats()
    except (OSError, psutil.Error):
        return tuple(InterfaceAddress(ipaddress.ip_address(address_), "") for address_ in ways_out())
    up = {name for name, state in states.items() if state.isup}
    pairs = ((name, address_) for name, addresses in interfaces.items() if name in up for address_ in addresses)
    interfaces_ = (
        InterfaceAddress(address, name)
        for name, address_ in pairs
        if (address := _address(address_.family, address_.address))
    )
    return tuple(dict.fromkeys(interfaces_))


def _address(family: int, words: str) -> Address | None:
    return plain_address(words) if family in (socket.AF_INET, socket.AF_INET6) else None


def plain_address(words: str) -> Address | None:
    """Return the address that `words` are, without the name of an interface behind a % sign; None for a name."""
    try:
        address = ipaddress.ip_address(words.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def ways_out() -> Iterator[str]:
    """Yield the addresses that the system would use toward the outside; a UDP socket asks without sending."""
    for outside in OUTSIDE_ADDRESSES:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((outside, 9))
            except OSError:
                continue
            yield probe.getsockname()[0]


class OwnNames:
    """The names and addresses by which phones may call this computer.

    Names are what another page can turn against us (DNS rebinding), so they are on a list. An address is no name: it
    is ours when this computer holds it now, or, as behind a router that passes on, when it is a private one.
    """

    def __init__(
        self, names: Iterable[str], look: Callable[[], Iterable[InterfaceAddress]] = interface_addresses
    ) -> None:
        self._names = frozenset(name.lower().removesuffix(".") for name in names)
        self._look, self._looked, self._held = look, float("-inf"), frozenset[Address]()

    def __contains__(self, name: object) -> bool:
        name = str(name).lower().removesuffix(".")
        address = plain_address(name)
        return name in self._names or (address is not None and (address.is_private or self._holds(address)))

    def _holds(self, address: Address) -> bool:
        now = time.monotonic()
        if now - self._looked > LOOK_AGAIN:
            self._looked, self._held = now, frozenset(interface.address for interface in self._look())
        return address in self._held


LOCAL_ENDINGS = ("local", "lan", "home.arpa", "internal", "localdomain")
"""What routers put behind a computer's name; nobody can register a name under them, so no stranger's page has one."""


def own_names() -> list[str]:
    """Return the names that this computer goes by on its network."""
    name = socket.gethostname().lower().removesuffix(".")
    first = name.partition(".")[0]
    return ["localhost", name, first, *(f"{first}.{ending}" for ending in LOCAL_ENDINGS)]
