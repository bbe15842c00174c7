"""Runs the join page as a process: `python -m toolkit.join.server FOLDER --port P [--address IP ...]`."""

from __future__ import annotations

import logging
import socket
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from getopt import GetoptError, gnu_getopt
from logging.handlers import RotatingFileHandler
from types import FrameType
from typing import Any

import uvicorn

from toolkit.errors import WorkshopError
from toolkit.join.app import api
from toolkit.join.file_limit import allow_many
from toolkit.join.join_link import announce_join_link
from toolkit.join.network import OwnNames, own_names
from toolkit.join.path_prefix import BelowPrefix, clean_prefix, host_of, public_address
from toolkit.join.request_guard import Guard, log
from toolkit.join.single_instance import alone
from toolkit.join.updates import Live
from toolkit.system import private_file
from toolkit.system.parent_watch import end_with_parent
from toolkit.system.terminal import hear_interrupts, open_streams
from toolkit.workshop.facade import Workshop

PORT = 8000
PHONES = 512
"""Connections that may wait to be taken: 300 phones come at once."""

BOUND = "join-port.json"
"""In the workshop's hidden folder: the port on which the join page listens, written once it does."""

PORT_IN_USE = 3
"""The exit code when another program has the port; whoever started us may try another."""

LONGEST_END = 4.0
"""Seconds for an orderly end after the program that started us is gone."""

EVERYWHERE = "0.0.0.0"  # noqa: S104 - phones come from the room's network; this port has no kernel behind it
LOG_SIZE = 1_000_000


class PortTakenError(WorkshopError):
    """Another program listens on the port."""


class Server(uvicorn.Server):
    """Ends the phones' lines first when it is told to stop; else it would wait for them."""

    live: Live

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop, and let the phones go; they come back by themselves."""
        self.live.close()
        super().handle_exit(sig, frame)


def run(folder: str, port: int = PORT, addresses: Iterable[str] = (), host: str = EVERYWHERE, prefix: str = "") -> None:
    """Serve the workshop in `folder` until a signal comes; WorkshopError when that cannot be.

    `addresses` are further addresses or names by which phones may call this computer; the first one is shown. With
    `prefix` the page is served below that path.
    """
    allow_many()
    with prepared(folder, port, addresses, host, prefix) as (server, sockets):
        server.run(sockets=sockets)


Sockets = list[socket.socket]


@contextmanager
def prepared(
    folder: str, port: int = PORT, addresses: Iterable[str] = (), host: str = EVERYWHERE, prefix: str = ""
) -> Iterator[tuple[Server, Sockets]]:
    """Yield the server of the workshop in `folder`, ready to run, and the sockets on which phones reach it.

    The workshop is open, and has no other join page, until the block ends. WorkshopError when that cannot be.
    """
    with Workshop.open(folder) as workshop, alone(workshop), _logged_into(workshop):
        chosen, listening = tuple(addresses), listen(host, port)
        link = announce_join_link(workshop, listening.getsockname()[1], chosen, prefix)
        private_file.write(workshop.settings.hidden / BOUND, {"port": link.port})
        app = api(workshop, link, chosen)
        names = OwnNames([*map(host_of, chosen), *own_names()])
        server = Server(_settings(BelowPrefix(Guard(app, names, app.state.context.pages), prefix)))
        server.live = app.state.context.live
        yield server, [listening, *(_also_on_ipv6(link.port) if host == EVERYWHERE else ())]


def _also_on_ipv6(port: int) -> Iterator[socket.socket]:
    """Yield a socket for the phones that come by IPv6, where this computer knows it."""
    try:
        listening = socket.socket(socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    except OSError:
        return
    try:
        listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if sys.platform != "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("::", port))
    except OSError:
        listening.close()
        return
    yield listening


def _settings(app: BelowPrefix) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        backlog=PHONES,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=3,
        timeout_keep_alive=5,
        ws="none",
        lifespan="on",
    )


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that phones can reach; WorkshopError when the port is taken."""
    # Without the protocol's name asyncio leaves Nagle's algorithm on, and each file waits 40 ms for a phone's receipt.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform != "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(PHONES)  # two can bind at once, but only one of them can listen
    except OSError:
        listening.close()
        raise PortTakenError(f"port {port} is in use by another program", mend="Choose another with --port.") from None
    return listening


@contextmanager
def _logged_into(workshop: Workshop) -> Iterator[None]:
    """Write what is asked for into the workshop's own folder: methods, routes and times; never an id or a word.

    What is wrong with the store also stands in the window that started us.
    """
    path = workshop.settings.hidden / "join.log"
    path.touch(mode=0o600)
    file = RotatingFileHandler(path, maxBytes=LOG_SIZE, backupCount=1, encoding="utf-8")
    file.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    window = logging.StreamHandler()
    window.setLevel(logging.ERROR)
    log.propagate, logging.raiseExceptions = False, False
    log.setLevel(logging.INFO)
    for handler in (file, window):
        log.addHandler(handler)
    try:
        yield
    finally:
        for handler in (file, window):
            log.removeHandler(handler)
        file.close()


USAGE = (
    "python -m toolkit.join.server FOLDER [--port P] [--address IP] [--name HOST] [--prefix PATH] [--host IP] "
    "[--end-with-parent]"
)


def main(arguments: list[str]) -> int:
    """Serve until stopped; 1 and one plain sentence when that cannot be, 3 when the port is taken."""
    open_streams()
    hear_interrupts("SIGINT", "SIGTERM")
    has_parent = "--end-with-parent" in arguments
    try:
        if has_parent:
            end_with_parent(LONGEST_END)
        run(**_options([argument for argument in arguments if argument != "--end-with-parent"]))
    except PortTakenError as fault:
        sys.stderr.write("" if has_parent else f"{fault}\n")  # the one that started us tries the next, and says so
        return PORT_IN_USE
    except WorkshopError as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def _options(arguments: list[str]) -> dict[str, Any]:
    try:
        pairs, folders = gnu_getopt(arguments, "", ["port=", "address=", "host=", "name=", "prefix="])
        by_name = dict(pairs)
        addresses = [address for name, value in pairs if name == "--address" for address in value.split(",")]
        public = [public_address(value) for name, value in pairs if name == "--name"]
        return {
            "folder": folders[0],
            "port": int(by_name.get("--port", PORT)),
            "addresses": [*public, *addresses],
            "host": by_name.get("--host", EVERYWHERE),
            "prefix": clean_prefix(by_name.get("--prefix", "")),
        }
    except (GetoptError, ValueError, IndexError):
        raise WorkshopError("this was not understood", mend=f"Usage: {USAGE}") from None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
