"""The real join page on 127.0.0.1, for tests and benchmarks: as a process of its own, or in a thread of the tests."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle, islice
from pathlib import Path

import httpx
import pytest

from toolkit import Workshop
from toolkit.facilitation.events import RoomEvent
from toolkit.facilitation.invitation import JoinLink
from toolkit.join.join_link import join_link_of
from toolkit.join.server import Server as JoinServer
from toolkit.join.server import prepared

HERE = os.environ.get("WORKSHOP_TEST_HOST", "127.0.0.1")
"""What the join pages of the tests are called: an address, or a name that this computer resolves to its own address."""
NAME = "workshop.test"
"""What phones may call the join page too; the pages of a name are no secure context, as a LAN address is none."""

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""What httpx is given as `verify` where nothing is encrypted: else it reads all certificates for each client."""
PORTS, BLOCK = range(18_000, 32_000), 100
"""Ports below those that the system hands out by itself; each process of tests has a block of its own."""


@cache
def _block() -> tuple[socket.socket, Iterator[int]]:
    """Take a block of ports that no other process of tests uses: whoever holds the first port has the block."""
    for first in random.SystemRandom().sample(PORTS[::BLOCK], len(PORTS) // BLOCK):
        taken = socket.socket()
        try:
            taken.bind((HERE, first))
        except OSError:
            taken.close()
        else:
            return taken, cycle(range(first + 1, first + BLOCK))
    raise OSError("every block of ports is taken")


def free_port() -> int:
    """Return a port that nobody listens on, and that no other test will be given soon."""
    for port in islice(_block()[1], BLOCK):
        with socket.socket() as found, suppress(OSError):
            found.bind((HERE, port))
            return port
    raise OSError("every port of this block is in use")


PREFIX = os.environ.get("WORKSHOP_TEST_PREFIX", "").rstrip("/")
"""The path below which the join pages of the tests are served: all of them hold as well behind a proxy."""


@dataclass
class Server:
    """One join page that really runs."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    phones: list[httpx.Client] = field(default_factory=list)
    names: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return f"http://{HERE}:{self.port}{PREFIX}"

    def start(self) -> Server:
        command = [sys.executable, "-P", "-m", "toolkit.join.server", str(self.folder)]
        command += ["--port", str(self.port), "--host", HERE, "--address", ",".join((HERE, *self.names))]
        command += ["--end-with-parent", f"--prefix={PREFIX}"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE)
        self._await()
        return self

    def _await(self) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/healthz", timeout=2, verify=NO_TLS).status_code == 200:
                    return
            time.sleep(0.05)
        raise TimeoutError("the join page did not start")

    def kill(self) -> None:
        """As a power cut would: kill -9."""
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self._ended(self.process)

    def stop(self) -> int:
        assert self.process
        for phone in self.phones:
            phone.close()
        if self.process.poll() is None:
            self.process.terminate()
        return self._ended(self.process)

    @staticmethod
    def _ended(process: subprocess.Popen[bytes]) -> int:
        """Wait for its end, and only then close its input, which would end it too."""
        code = process.wait(20)
        if process.stdin:
            process.stdin.close()
        return code

    def way(self) -> JoinLink:
        with Workshop.open(self.folder) as workshop:
            way = join_link_of(workshop)
        assert way
        return way

    def phone(self) -> httpx.Client:
        """A phone's browser: keeps its cookie, says where its page comes from; closed with the server."""
        self.phones.append(
            httpx.Client(
                base_url=self.url, headers={"origin": self.url.removesuffix(PREFIX)}, timeout=20, verify=NO_TLS
            )
        )
        return self.phones[-1]


@dataclass
class ServerInThread(Server):
    """The same join page in a thread of the tests' own process: the same code on a real socket, without a start.

    For tests that neither kill nor restart the page, and to which it does not matter that it is another program.
    """

    thread: threading.Thread | None = None
    serving: JoinServer | None = None
    loop: asyncio.AbstractEventLoop | None = None
    fault: BaseException | None = None

    def start(self) -> ServerInThread:
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        end = time.monotonic() + 60
        while not (self.serving and self.serving.started):
            if self.fault:
                raise self.fault
            if time.monotonic() > end:
                raise TimeoutError("the join page did not start")
            time.sleep(0.01)
        return self

    def _serve(self) -> None:
        """As `toolkit.join.server.run` does it; uvicorn leaves the signals alone where it has no main thread."""
        try:
            with (
                prepared(str(self.folder), self.port, (HERE, *self.names), HERE, PREFIX) as (serving, sockets),
                asyncio.Runner(loop_factory=serving.config.get_loop_factory()) as runner,
            ):
                self.loop, self.serving = runner.get_loop(), serving
                runner.run(serving.serve(sockets=sockets))
        except BaseException as fault:
            self.fault = fault

    def kill(self) -> None:
        raise AssertionError(f"a thread cannot be killed: mark the test with {OWN_PROCESS!r}")

    def stop(self) -> int:
        """End it as a signal would."""
        for phone in self.phones:
            phone.close()
        assert self.thread
        assert self.loop
        assert self.serving
        self.loop.call_soon_threadsafe(self.serving.handle_exit, signal.SIGTERM, None)
        self.thread.join(20)
        assert not self.thread.is_alive()
        if self.fault:
            raise self.fault
        return 0


OWN_PROCESS = "own_process"
"""The mark of tests that kill the join page, or that need it to be another program."""


@contextmanager
def served(folder: Path, test: pytest.FixtureRequest, names: tuple[str, ...] = ()) -> Iterator[Server]:
    """Serve the workshop in `folder` for a test: in a thread, or as a process of its own where its mark says so."""
    kind = Server if test.node.get_closest_marker(OWN_PROCESS) else ServerInThread
    server = kind(folder, names=names).start()
    try:
        yield server
    finally:
        assert server.stop() == 0


def plain(url: str) -> str:
    """Return an address as phones in a room have it: of a name, and so no secure context."""
    return url.replace(HERE, NAME)


def act(server: Server, *events: RoomEvent) -> None:
    """Let something happen as the facilitator's notebook does it: in a store of its own."""
    with Workshop.open(server.folder) as workshop:
        for event in events:
            workshop.record(event)


def joined(server: Server, key: str, organization: str, name: str = "", *, table: bool = False) -> httpx.Client:
    """A phone that is in the workshop."""
    phone = server.phone()
    said = {"code": key, "organization": organization, "name": name, "table": table}
    assert phone.post("/api/join", json=said).status_code == 201
    return phone


class Proxy:
    """A wire between phone and server that can be cut, and that can swallow what the server answers."""

    def __init__(self, port: int) -> None:
        self.to, self.is_cut, self.swallows = port, False, False
        self._listening = socket.create_server((HERE, 0), backlog=128)
        self.port = int(self._listening.getsockname()[1])
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://{HERE}:{self.port}{PREFIX}"

    def cut(self) -> None:
        self.is_cut = True
        for each in list(self._open):
            self._drop(each)

    def mend(self) -> None:
        self.is_cut = False

    def close(self) -> None:
        self._listening.close()
        self.cut()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            if self.is_cut:
                near.close()
                continue
            threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection((HERE, self.to), timeout=5)
        except OSError:
            near.close()
            return
        far.settimeout(None)
        self._open |= {near, far}
        threading.Thread(target=self._pump, args=(near, far, False), daemon=True).start()
        threading.Thread(target=self._pump, args=(far, near, True), daemon=True).start()

    def _pump(self, one: socket.socket, other: socket.socket, answers: bool) -> None:
        with suppress(OSError):
            while said := one.recv(65536):
                if answers and self.swallows:
                    break
                other.sendall(said)
        self._drop(one)
        self._drop(other)

    def _drop(self, each: socket.socket) -> None:
        self._open.discard(each)
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            each.close()
