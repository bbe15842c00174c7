"""A full room that agrees: python benchmarks/voices.py [PEOPLE] [SECONDS]; figures are printed.

Everybody sees the colleagues' answers, goes on answering, offers texts and says what they think of them. Every phone
does with the voices as its page does: it asks for them once, and from then on is told what changes.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import secrets
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from join import NOTES, ORGANIZATIONS, STAGE, Tally, Wire, come_in, cpu, pss, say

HOUSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOUSE / "tests"))

from join_server import Server  # noqa: E402

from toolkit import Workshop  # noqa: E402
from toolkit.facilitation import stages  # noqa: E402

SAVES, OFFERS, THINKS = 4.0, 40.0, 15.0
"""Seconds between two answers, two offered texts, two opinions of one person."""

AFTER, EVERY = 0.3, 3.0
"""How the page asks for voices after the whole came: what comes close together once, and only so often."""


@dataclass
class Told:
    """What all phones together met."""

    saves: Tally = field(default_factory=Tally)
    offers: Tally = field(default_factory=Tally)
    thoughts: Tally = field(default_factory=Tally)
    voices: Tally = field(default_factory=Tally)
    lines: int = 0
    bytes: int = 0


class Phone:
    """One person who answers, offers, judges and reads."""

    def __init__(self, port: int, wire: Wire, seed: int, told: Told) -> None:
        self.port, self.wire, self.told, self.chance = port, wire, told, random.Random(seed)
        self.seen: dict[str, dict[str, object]] = {}
        self.new = asyncio.Event()

    async def listen(self) -> None:
        line = await Wire(self.port, self.wire.cookie).open()
        await line.send("GET", "/api/changes")
        kind = b""
        while row := await line.reader.readline():
            kind = row[7:].strip() if row.startswith(b"event: ") else kind
            if row.startswith(b"data: ") and kind == b"voices":
                self.told.lines += 1
                self.told.bytes += len(row)
                self.seen = {key: entry for key, entry in (self.seen | json.loads(row[6:])).items() if entry}
            elif row.startswith(b"data: ") and kind == b"answers":
                self.new.set()

    async def read_on(self) -> None:
        """Ask for the voices whenever the whole came anew, with the pauses of the page."""
        wire, last = await Wire(self.port, self.wire.cookie).open(), 0.0
        while True:
            await self.new.wait()
            await asyncio.sleep(max(AFTER, last + EVERY - time.monotonic()) + self.chance.random() * AFTER)
            self.new.clear()
            last = time.monotonic()
            body = await self._ask(wire, self.told.voices, "GET", f"/api/voices?stage={STAGE}", None)
            self.seen = json.loads(_plain(body))

    async def answer_on(self) -> None:
        words, pause = "", self.chance.random() * SAVES
        while True:
            await asyncio.sleep(pause)
            pause = self.chance.uniform(0.5, 1.5) * SAVES
            words = f"{words[-300:]} some more words of one person"
            said = {"question": NOTES, "value": words}
            await self._ask(self.wire, self.told.saves, "PUT", f"/api/answers/{secrets.token_hex(16)}", said)

    async def offer_on(self) -> None:
        wire, pause = await Wire(self.port, self.wire.cookie).open(), self.chance.random() * OFFERS
        while True:
            await asyncio.sleep(pause)
            pause = self.chance.uniform(0.5, 1.5) * OFFERS
            mine = [each["id"] for each in self.entry("voices")]
            said = {"question": NOTES, "value": f"A text for all {secrets.token_hex(4)}", "made_from": mine[:2]}
            await self._ask(wire, self.told.offers, "PUT", f"/api/proposals/{secrets.token_hex(16)}", said)

    async def think_on(self) -> None:
        wire, pause = await Wire(self.port, self.wire.cookie).open(), self.chance.random() * THINKS
        while True:
            await asyncio.sleep(pause)
            pause = self.chance.uniform(0.5, 1.5) * THINKS
            if offered := self.entry("proposals"):
                agrees = self.chance.random() < 0.7
                note = "" if agrees else "Callers at night are missing."
                said = {"question": NOTES, "answer": offered[0]["id"], "agrees": agrees, "note": note}
                await self._ask(wire, self.told.thoughts, "PUT", f"/api/opinions/{secrets.token_hex(16)}", said)

    def entry(self, part: str) -> list[dict[str, str]]:
        return self.seen.get(NOTES, {}).get(part, [])  # type: ignore[return-value]

    async def _ask(self, wire: Wire, tally: Tally, method: str, path: str, said: object) -> bytes:
        began = time.monotonic()
        try:
            status, _, body = await wire.ask(method, path, said)
        except (OSError, EOFError):  # the server closes what is silent; a browser opens another one and asks again
            await wire.open()
            status, _, body = await wire.ask(method, path, said)
        tally.waits.append(time.monotonic() - began)
        tally.faults += status not in {200, 201}
        return body


def _plain(body: bytes) -> bytes:
    import gzip  # noqa: PLC0415 - only here

    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body or b"{}"


async def agreeing(server: Server, key: str, people: int, seconds: float) -> None:
    process, told = psutil.Process(server.process.pid), Told()
    wires = [wire for start in range(0, people, 20) for wire in await asyncio.gather(
        *(come_in(server.port, key, place) for place in range(start, min(start + 20, people))))]  # fmt: skip
    phones = [Phone(server.port, wire, place, told) for place, wire in enumerate(wires)]
    acts = [
        act() for each in phones for act in (each.listen, each.read_on, each.answer_on, each.offer_on, each.think_on)
    ]
    tasks = [asyncio.create_task(act) for act in acts]
    await asyncio.sleep(5)
    before, began = cpu(process), time.monotonic()
    for each in (told.saves, told.offers, told.thoughts, told.voices):
        each.waits.clear()
    told.bytes = told.lines = 0
    await asyncio.sleep(seconds)
    share = (cpu(process) - before) / (time.monotonic() - began) * 100
    for what in ("saves", "offers", "thoughts", "voices"):
        tally = getattr(told, what)
        times = f"p50 {tally.at(0.5):.1f}, p99 {tally.at(0.99):.1f}, worst {tally.at(1):.0f} ms"
        say(what, f"{len(tally.waits)}, {times}, {tally.faults} errors")
    say("voices told", f"{told.lines}, {told.bytes / max(1, told.lines) / 1024:.1f} KB each")
    say("server CPU", f"{share:.0f} % of a core")
    say("memory (PSS)", f"{pss(process):.0f} MB")
    died = [repr(task.exception()) for task in tasks if task.done()]
    say("phones that gave up", f"{len(died)} {set(died) or ''}")
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 30.0
    print(f"{people} people, {seconds:.0f} s, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    with TemporaryDirectory() as folder:
        server = Server(Path(folder) / "room").start()
        with Workshop.open(server.folder) as workshop:
            workshop.record(stages.open_stage(STAGE))
            workshop.record(stages.reveal(STAGE))
            workshop.roster.register(*(f"House {place}" for place in range(ORGANIZATIONS)))
        asyncio.run(agreeing(server, server.way().key, people, seconds))
        server.stop()


if __name__ == "__main__":
    main()
