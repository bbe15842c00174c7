"""The join page under a full room: python benchmarks/join.py [PEOPLE] [SECONDS] [PART ...]; figures are printed.

`room`: people join, listen for changes, and save an answer every two seconds, all from one process on this machine.
`guess`: wrong codes as fast as they go. `browser`: how long a phone waits for the first question. `voila`: the same
stage as a notebook with a kernel for each visitor, when VOILA_PYTHON names a Python that has Voila and this toolkit.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil

HOUSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOUSE / "tests"))

import first_question  # noqa: E402
import voila  # noqa: E402
from join_server import HERE, Server  # noqa: E402
from machine import cpu, pss, say  # noqa: E402

from toolkit import Workshop  # noqa: E402
from toolkit.facilitation import stages  # noqa: E402
from toolkit.join.rate_limits import CODES  # noqa: E402

STAGE, NOTES = "stakeholders", "stakeholders_notes"
EVERY = 2.0
FILES = ("/", "/form.css", "/page.css", "/page.js", "/icon.svg")
ORGANIZATIONS = 30
GUESSES, GUESSERS, SAVERS = 10_000, 20, 100
"""Wrong codes in a minute, the wires that send them, and the people who go on saving."""


class Wire:
    """One connection that asks one thing after another: as little work on this side as can be."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port, self.cookie = port, cookie

    async def open(self) -> Wire:
        self.reader, self.writer = await asyncio.open_connection(HERE, self.port, limit=1 << 22)
        return self

    async def ask(self, method: str, path: str, said: object = None) -> tuple[int, dict[str, str], bytes]:
        await self.send(method, path, said)
        status, headers = await self.head()
        return status, headers, await self.reader.readexactly(int(headers.get("content-length", 0)))

    async def send(self, method: str, path: str, said: object = None) -> None:
        body = json.dumps(said).encode() if said is not None else b""
        rows = [f"{method} {path} HTTP/1.1", f"host: {HERE}:{self.port}", f"origin: http://{HERE}:{self.port}"]
        rows += ["content-type: application/json", f"content-length: {len(body)}", "accept-encoding: gzip"]
        rows += [f"cookie: {self.cookie}"] if self.cookie else []
        self.writer.write("\r\n".join([*rows, "", ""]).encode() + body)
        await self.writer.drain()

    async def head(self) -> tuple[int, dict[str, str]]:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = (row.split(": ", 1) for row in head[1:] if row)
        return int(head[0].split()[1]), {name.lower(): value for name, value in pairs}


@dataclass
class Tally:
    """What was measured."""

    waits: list[float] = field(default_factory=list)
    faults: int = 0
    served: list[int] = field(default_factory=list)

    def at(self, share: float) -> float:
        if not self.waits:
            return 0.0
        return sorted(self.waits)[min(len(self.waits) - 1, int(len(self.waits) * share))] * 1000


async def come_in(port: int, key: str, place: int) -> Wire:
    """Do all that a phone does on its way in; the line of changes stays open."""
    wire = await Wire(port).open()
    for path in FILES:
        assert (await wire.ask("GET", path))[0] == 200
    assert (await wire.ask("POST", "/api/door", {"code": key}))[0] == 200
    who = {"code": key, "organization": f"House {place % ORGANIZATIONS}", "name": f"Guest {place}"}
    status, headers, _ = await wire.ask("POST", "/api/join", who)
    assert status == 201
    wire.cookie = headers["set-cookie"].split(";")[0]
    assert (await wire.ask("GET", "/api/worksheet"))[0] == 200
    return wire


async def listen(port: int, cookie: str) -> None:
    line = await Wire(port, cookie).open()
    await line.send("GET", "/api/changes")
    while await line.reader.read(65536):
        pass


async def save_on(wire: Wire, seconds: float, first: float, tally: Tally) -> None:
    served = 0
    await asyncio.sleep(first)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        said = {"question": NOTES, "value": f"Some words that grow as somebody goes on typing {served} " * 3}
        status, _, _ = await wire.ask("PUT", f"/api/answers/{secrets.token_hex(16)}", said)
        tally.waits.append(time.monotonic() - began)
        tally.faults += status != 201
        served += 1
        await asyncio.sleep(max(0.0, EVERY - (time.monotonic() - began)))
    tally.served.append(served)


async def storm(wires: list[Wire]) -> Tally:
    tally = Tally()
    await asyncio.gather(*(save_on(wire, 0.001, 0, tally) for wire in wires))
    return tally


async def room_full(server: Server, key: str, people: int, seconds: float) -> None:
    process = psutil.Process(server.process.pid)
    before, began = cpu(process), time.monotonic()
    wires = [wire for start in range(0, people, 20) for wire in await asyncio.gather(
        *(come_in(server.port, key, place) for place in range(start, min(start + 20, people))))]  # fmt: skip
    lines = [asyncio.create_task(listen(server.port, wire.cookie)) for wire in wires]
    await asyncio.sleep(2)
    say("all are in after", f"{time.monotonic() - began - 2:.1f} s")
    say("server CPU for each way in", f"{(cpu(process) - before) / people * 1000:.1f} ms (with page, worksheet, line)")
    say("memory (PSS), all in", f"{pss(process):.0f} MB")
    tally, before, began = Tally(), cpu(process), time.monotonic()
    await asyncio.gather(*(save_on(w, seconds, n * EVERY / people, tally) for n, w in enumerate(wires)))
    took = time.monotonic() - began
    say("answers saved", f"{len(tally.waits)}, {len(tally.waits) / took:.0f} a second, {tally.faults} errors")
    say("saved after commit", f"p50 {tally.at(0.5):.1f}, p99 {tally.at(0.99):.1f}, worst {tally.at(1):.1f} ms")
    say("least and most served", f"{min(tally.served)} and {max(tally.served)}")
    say("server CPU while saving", f"{(cpu(process) - before) / took * 100:.0f} % of a core")
    all_at_once = await storm(wires)
    say("all at once", f"p99 {all_at_once.at(0.99):.0f} ms, {all_at_once.faults} errors")
    say("memory (PSS), at the end", f"{pss(process):.0f} MB")
    for line in lines:
        line.cancel()


def first_load(server: Server, key: str) -> None:
    with httpx.Client(base_url=server.url, headers={"origin": server.url}) as phone:
        phone.post("/api/join", json={"code": key, "organization": "House 0"})
        sizes = {}
        for path in (*FILES, "/api/worksheet"):
            with phone.stream("GET", path) as answer:
                sizes[path] = sum(map(len, answer.iter_raw()))
    say("first load over the wire", f"{sum(sizes.values()) / 1024:.1f} KB in {len(sizes)} files")


@contextmanager
def a_room() -> Iterator[Server]:
    """A join page that runs, with organizations and an open stage."""
    with TemporaryDirectory() as folder:
        server = Server(Path(folder) / "room").start()
        with Workshop.open(server.folder) as workshop:
            workshop.record(stages.open_stage(STAGE))
            workshop.roster.register(*(f"House {place}" for place in range(ORGANIZATIONS)))
        try:
            yield server
        finally:
            server.stop()


def join_page(people: int, seconds: float) -> None:
    with a_room() as server:
        key = server.way().key
        first_load(server, key)
        asyncio.run(room_full(server, key, people, seconds))


def guessing(seconds: float) -> None:
    """10,000 wrong codes in a minute, as fast as the wire takes them, while link holders join and others save."""
    with a_room() as server:
        say("wrong codes, beside a room", f"{GUESSES / 60:.0f} a second for {seconds:.0f} s")
        asyncio.run(_guessing(server, server.way().key, seconds))


async def _guessing(server: Server, key: str, seconds: float) -> None:
    savers = await asyncio.gather(*(come_in(server.port, key, place) for place in range(SAVERS)))
    calm, tally = Tally(), Tally()
    await asyncio.gather(*(save_on(w, 10, n * EVERY / SAVERS, calm) for n, w in enumerate(savers)))
    saving = [save_on(w, seconds, n * EVERY / SAVERS, tally) for n, w in enumerate(savers)]
    guesses = [guess_on(server.port, seconds, GUESSERS * 60 / GUESSES) for _ in range(GUESSERS)]
    told = (await asyncio.gather(keep_coming(server.port, key, seconds), *guesses, *saving))[: GUESSERS + 1]
    counts = sum(told[1:], Counter())
    say("  sent, compared, put off", f"{counts.total()}, {counts[403]}, {counts[429]}")
    say("  most that may be compared", f"{CODES.burst + CODES.each_second * seconds:.0f}")
    say("  link holders let in, refused", f"{told[0][201]}, {told[0].total() - told[0][201]}")
    say("  saved after commit meanwhile", f"p99 {tally.at(0.99):.1f} ms, {tally.faults} errors")
    say("  saved after commit before", f"p99 {calm.at(0.99):.1f} ms, {calm.faults} errors")


async def guess_on(port: int, seconds: float, every: float) -> Counter[int]:
    """Type wrong codes, each at its time; one that is late makes the next one come at once."""
    wire, told, began = await Wire(port).open(), Counter[int](), time.monotonic()
    while time.monotonic() < began + seconds:
        status, _, _ = await wire.ask("POST", "/api/door", {"code": secrets.token_hex(5)[:9]})
        told[status] += 1
        await asyncio.sleep(max(0.0, began + told.total() * every - time.monotonic()))
    return told


async def keep_coming(port: int, key: str, seconds: float) -> Counter[int]:
    """Join with the link, four people a second."""
    wire, told, end = await Wire(port).open(), Counter[int](), time.monotonic() + seconds
    while time.monotonic() < end:
        who = {"code": key, "organization": f"House {told.total() % ORGANIZATIONS}"}
        status, _, _ = await wire.ask("POST", "/api/join", who)
        told[status] += 1
        await asyncio.sleep(0.25)
    return told


def in_a_browser() -> None:
    """How long a phone waits for the first question, and on a phone four times slower than this machine."""
    with a_room() as server, first_question.browser() as chromium:
        if chromium is None:
            return
        phone = chromium.new_context(**first_question.PHONE)
        first_question.join_in(phone, server.way().link(), "House 0")
        visits = first_question.VISITS
        say("first question, again", first_question.in_words(first_question.waits(phone, server.url, visits)))
        slow = first_question.waits(phone, server.url, visits, 4)
        say("first question, again, slow phone", first_question.in_words(slow))
        new = first_question.cold(chromium, server.url, visits, phone)
        say("first question, new phone", first_question.in_words(new))


def beside_voila() -> None:
    python = os.environ.get("VOILA_PYTHON")
    if python:
        voila.measure(python)
    else:
        print("NOT MEASURED: Voila. Name a Python that has it and this toolkit in VOILA_PYTHON.")


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 30.0
    parts = {
        "room": lambda: join_page(people, seconds),
        "guess": lambda: guessing(60.0),
        "browser": in_a_browser,
        "voila": beside_voila,
    }
    print(f"{people} people, {seconds:.0f} s, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    for part in sys.argv[3:] or parts:
        parts[part]()


if __name__ == "__main__":
    main()
