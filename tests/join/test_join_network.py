"""The way in follows the network: none at the start, one that comes, another one; in a network of the test's own."""

from __future__ import annotations

import ipaddress
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from join_server import free_port

from toolkit import Workshop
from toolkit.facilitation.invitation import JoinLink
from toolkit.join import join_link
from toolkit.join.network import InterfaceAddress, OwnNames, interface_addresses, own_names
from toolkit.notebook.invitation_panel import InvitationController

pytestmark = pytest.mark.slow

ASK = """
import http.client, json, sys
for place, port, host in json.loads(sys.argv[1]):
    phone = http.client.HTTPConnection(place, port, timeout=20)
    phone.putrequest("GET", "/healthz", skip_host=True)
    phone.putheader("Host", host)
    phone.endheaders()
    print(phone.getresponse().status)
"""


@dataclass
class Island:
    """A join page on a computer with a network of its own, in which the test plugs and unplugs addresses."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def plug(self, *commands: str) -> None:
        for command in commands:
            subprocess.run([*self._inside, "ip", *command.split()], check=True)

    @property
    def _inside(self) -> list[str]:
        return ["nsenter", "-t", str(self.process.pid), "-n"]

    def statuses(self, *asked: tuple[str, str]) -> list[int]:
        """What the page answers at an address of this computer to a phone that calls it by a name."""
        wanted = json.dumps([(place, self.port, host) for place, host in asked])
        run = subprocess.run(
            [*self._inside, sys.executable, "-c", ASK, wanted], check=True, capture_output=True, text=True
        )
        return [int(line) for line in run.stdout.split()]

    def way(self, is_as_awaited: Callable[[JoinLink], bool]) -> JoinLink:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with Workshop.open(self.folder) as workshop:
                way = join_link.join_link_of(workshop)
            if way and is_as_awaited(way):
                return way
            time.sleep(0.3)
        raise TimeoutError("the written way in did not follow")


@pytest.fixture
def island(tmp_path: Path) -> Iterator[Island]:
    tools = sys.platform == "linux" and os.geteuid() == 0 and all(map(shutil.which, ("unshare", "nsenter", "ip")))
    make = "ip link set lo up && ip link add wlan0 type veth peer name phone0 && ip link set phone0 up"
    if not tools or subprocess.run(["unshare", "-n", "sh", "-c", make], check=False, capture_output=True).returncode:
        pytest.skip("changing network: a network of the test's own cannot be made here")
    port = free_port()
    serve = f"{make} && ip link set wlan0 up && exec {sys.executable} -P -m toolkit.join.server '{tmp_path}/room'"
    process = subprocess.Popen(["unshare", "-n", "sh", "-c", f"{serve} --port {port}"], stdin=subprocess.DEVNULL)
    made = Island(tmp_path / "room", port, process)
    made.way(lambda way: way.port == port)
    yield made
    process.terminate()
    process.wait(20)


def test_the_way_in_follows_the_network(island: Island) -> None:
    none = island.way(lambda way: not way.addresses)
    assert (none.addresses, none.url, none.link(), none.squares) == ((), "", "", ())
    assert none.in_terminal == "No Wi-Fi yet. Turn on the hotspot; the code will appear here."

    island.plug("addr add 192.168.7.5/24 dev wlan0")
    first = island.way(lambda way: bool(way.addresses))
    assert first.url == f"http://192.168.7.5:{island.port}/"
    assert first.squares == join_link.squares(first.link())
    assert (first.key, first.code) == (none.key, none.code)

    island.plug("addr del 192.168.7.5/24 dev wlan0", "addr add 100.64.0.5/10 dev wlan0")
    second = island.way(lambda way: way.address == "100.64.0.5")
    assert second.addresses == ("100.64.0.5",)

    island.plug("link set wlan0 down")
    assert not island.way(lambda way: not way.addresses).addresses


def test_what_the_facilitator_put_on_the_projector_stays_while_it_is_there(island: Island) -> None:
    island.plug("addr add 192.168.7.5/24 dev wlan0", "addr add 10.1.2.3/24 dev wlan0")
    island.way(lambda way: len(way.addresses) == 2)
    with Workshop.open(island.folder) as workshop:
        InvitationController(workshop).choose("10.1.2.3")
    island.plug("addr add 172.20.1.1/24 dev wlan0")
    assert island.way(lambda way: len(way.addresses) == 3).address == "10.1.2.3"
    island.plug("addr del 10.1.2.3/24 dev wlan0")
    assert island.way(lambda way: len(way.addresses) == 2).address in {"192.168.7.5", "172.20.1.1"}


def test_any_address_that_the_computer_holds_now_is_its_own(island: Island) -> None:
    places = ("100.64.0.5/10", "203.0.113.9/24", "169.254.3.4/16", "198.18.0.1/24", "7.7.7.7/24")
    island.plug(*(f"addr add {place} dev wlan0" for place in places))
    island.plug("-6 addr add 2001:db8::5/64 dev wlan0 nodad", "-6 addr add fe80::5/64 dev wlan0 nodad")
    island.way(lambda way: "7.7.7.7" in way.addresses)
    four = [place.partition("/")[0] for place in places]
    asked = [(place, f"{place}:{island.port}") for place in four]
    asked += [("2001:db8::5", f"[2001:db8::5]:{island.port}"), ("fe80::5%wlan0", f"[fe80::5]:{island.port}")]
    asked += [("fe80::5%wlan0", f"[fe80::5%25wlan0]:{island.port}")]
    assert island.statuses(*asked) == [200] * len(asked)
    assert island.statuses(("7.7.7.7", "7.7.7.8"), ("7.7.7.7", "[2606:4700::1]"), ("7.7.7.7", "a.example")) == [421] * 3

    island.plug("addr del 7.7.7.7/24 dev wlan0")
    island.way(lambda way: "7.7.7.7" not in way.addresses)
    time.sleep(1.1)  # for so long a look at the interfaces holds
    assert island.statuses(("127.0.0.1", "7.7.7.7")) == [421]


# What needs no network


def of(words: str, interface: str = "wlan0") -> InterfaceAddress:
    return InterfaceAddress(ipaddress.ip_address(words), interface)


OURS = [of("7.7.7.7"), of("2606:4700::5")]
KNOWN = """
localhost LOCALHOST localhost. vm VM.lan vm.local vm.local. vm.home.arpa vm.internal vm.office.example named.example
192.168.9.9 10.0.0.1 127.0.0.1 ::1 7.7.7.7 2606:4700::5 2606:4700:0::5 ::ffff:7.7.7.7 fe80::9%eth0
""".split()  # noqa: SIM905
UNKNOWN = """
evil.example vm.evil.example vm.com vm.lan.evil.example localhost.evil.example 7.7.7.8 2606:4700::6 ::ffff:7.7.7.8
vm.fritz.box x.lan 7.7.7.7.evil.example 7.7.7 0x7f.1 .. .
""".split()  # noqa: SIM905


def test_names_that_a_stranger_can_have_are_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "VM.office.example")
    names = OwnNames(["Named.Example", *own_names()], lambda: OURS)
    assert [name for name in KNOWN if name not in names] == []
    assert [name for name in UNKNOWN if name in names] == []
    assert "" not in names


def addresses_with(monkeypatch: pytest.MonkeyPatch, found: list[InterfaceAddress], ways: list[str]) -> tuple[str, ...]:
    monkeypatch.setattr(join_link, "interface_addresses", lambda: tuple(found))
    monkeypatch.setattr(join_link, "ways_out", lambda: iter(ways))
    return join_link.addresses()


@pytest.mark.parametrize(
    ("found", "ways", "shown"),
    [
        ([], [], ()),
        ([of("127.0.0.1", "lo"), of("::1", "lo"), of("169.254.1.2"), of("fe80::1")], ["127.0.0.1"], ()),
        ([of("172.17.0.1", "docker0"), of("172.18.0.1", "br-1a"), of("192.168.56.1", "vboxnet0")], [], ()),
        ([of("10.8.0.2", "tun0"), of("192.168.1.5")], ["10.8.0.2"], ("192.168.1.5", "10.8.0.2")),
        ([of("10.0.0.7", "vEthernet (LAN)")], ["10.0.0.7"], ("10.0.0.7",)),
        ([of("10.42.0.1"), of("192.168.1.5", "eth0")], ["192.168.1.5"], ("192.168.1.5", "10.42.0.1")),
        ([of("203.0.113.9", "eth0"), of("192.168.2.1", "bridge100")], [], ("192.168.2.1", "203.0.113.9")),
        ([of("2001:db8::5"), of("192.168.1.5")], [], ("192.168.1.5",)),
        ([of("2001:db8::5"), of("fe80::1")], [], ("[2001:db8::5]",)),
    ],
)
def test_phones_are_sent_where_phones_can_go(
    monkeypatch: pytest.MonkeyPatch, found: list[InterfaceAddress], ways: list[str], shown: tuple[str, ...]
) -> None:
    assert addresses_with(monkeypatch, found, ways) == shown


def test_this_computer_holds_the_addresses_of_loopback() -> None:
    assert "127.0.0.1" in {str(each.address) for each in interface_addresses()}


def test_loopback_is_shown_to_phones_only_where_somebody_asked_for_it(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses_with(monkeypatch, [of("127.0.0.1", "lo")], [])
    assert join_link.announce_join_link(workshop, 8000, ["127.0.0.1"]).url == "http://127.0.0.1:8000/"
    served = JoinLink((), 8000, "", "")
    assert join_link.look_again(workshop, served, ["127.0.0.1"]).url == "http://127.0.0.1:8000/"
    assert join_link.announce_join_link(workshop, 8000).addresses == ()
    assert join_link.look_again(workshop, served).here == "http://127.0.0.1:8000/"
