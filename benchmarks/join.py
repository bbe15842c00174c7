"""The join page under a full room: python benchmarks/join.py [PEOPLE] [SECONDS]; figures are printed.

People join, listen for changes, and save an answer every two seconds, all from one process on this machine.
Beside it, when `voila` is installed: the same stage served as a notebook, with a kernel for each visitor.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil

HOUSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOUSE / "tests"))

from join_server import HERE, Server, free_port  # noqa: E402

from toolkit import room  # noqa: E402
from toolkit.workshop import Workshop  # noqa: E402

STAGE, NOTES = "stakeholders", "stakeholders_notes"
EVERY = 2.0
FILES = ("/", "/form.css", "/page.css", "/form.js", "/page.js", "/icon.svg")
ORGANIZATIONS = 30
VISITORS = 5


class Wire:
    """One connection that asks one thing after another: as little work on this side as can be."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port, self.cookie = port, cookie

    async def open(self) -> Wire:
        self.reader, self.writer = await asyncio.open_connection(HERE, self.port)
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


def cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def pss(process: psutil.Process) -> float:
    family = [process, *process.children(recursive=True)]
    return sum(each.memory_full_info().pss for each in family) / 1e6


def say(what: str, figure: str) -> None:
    print(f"{what:<32} {figure}", flush=True)


def first_load(server: Server, key: str) -> None:
    with httpx.Client(base_url=server.url, headers={"origin": server.url}) as phone:
        phone.post("/api/join", json={"code": key, "organization": "House 0"})
        sizes = {}
        for path in (*FILES, "/api/worksheet"):
            with phone.stream("GET", path) as answer:
                sizes[path] = sum(map(len, answer.iter_raw()))
    say("first load over the wire", f"{sum(sizes.values()) / 1024:.1f} KB in {len(sizes)} files")


def join_page(people: int, seconds: float) -> None:
    with TemporaryDirectory() as folder:
        began = time.monotonic()
        server = Server(Path(folder) / "room").start()
        say("started after", f"{time.monotonic() - began:.1f} s")
        with Workshop.open(server.folder) as workshop:
            workshop.happen(*room.open_stage(STAGE))
            workshop.register(*(f"House {place}" for place in range(ORGANIZATIONS)))
        key = server.way().key
        first_load(server, key)
        asyncio.run(room_full(server, key, people, seconds))
        server.stop()


VOILA_PAGE = """
from toolkit import Workshop
workshop = Workshop.open()
workshop.register("House 0")
workshop.form("stakeholders", organization="House 0")
"""


def voila(visitors: int) -> None:
    """Serve the same stage with Voila, and let visitors come one after another."""
    import nbformat  # noqa: PLC0415 - only here

    with TemporaryDirectory() as folder:
        page = Path(folder) / "stage.ipynb"
        cell = nbformat.v4.new_code_cell(VOILA_PAGE)
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), page)
        port = free_port()
        command = [sys.executable, "-m", "voila", str(page), "--no-browser", f"--port={port}"]
        surroundings = os.environ | {"WORKSHOP_FOLDER": str(Path(folder) / "room")}
        serving = subprocess.Popen(command, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _visit(serving, port, visitors)
        finally:
            for each in psutil.Process(serving.pid).children(recursive=True):
                each.kill()
            serving.kill()
            serving.wait()


def _visit(serving: subprocess.Popen[bytes], port: int, visitors: int) -> None:
    process, url = psutil.Process(serving.pid), f"http://{HERE}:{port}/"
    while True:
        try:
            httpx.get(f"{url}voila/static/voila.js", timeout=2)
            break
        except httpx.TransportError:
            time.sleep(0.2)
    before, waits = pss(process), []
    for _ in range(visitors):
        began = time.monotonic()
        page = httpx.get(url, timeout=120)
        waits.append(time.monotonic() - began)
    say("Voila: page of one visitor", f"{min(waits):.2f} s at best, {len(gzip.compress(page.content)) / 1024:.0f} KB")
    say("Voila: memory for each visitor", f"{(pss(process) - before) / visitors:.0f} MB")


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 30.0
    print(f"{people} people, {seconds:.0f} s, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    join_page(people, seconds)
    if find_spec("voila") and shutil.which("jupyter"):
        voila(VISITORS)
    else:
        print("Voila is not installed here, so it was not measured beside it: pip install voila")


if __name__ == "__main__":
    main()
