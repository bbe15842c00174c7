"""Phones in a real Chromium whose network is cut while somebody types, and what became of the words afterwards.

Its law: a phone's journal says when which words were in the field; only the store says what was kept, and when.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from join_server import HERE, PREFIX, Server
from playwright.async_api import Browser, BrowserContext, Error, Page

from toolkit import Workshop
from toolkit.answers.model import Answer
from toolkit.facilitation import stages

STAGE = "stakeholders"
TEXTS = ("stakeholders_notes", "who_do_you_serve", "who_could_use_it")
SAYING = "we may share notes with people who ask for help and their families when they agree to it in writing"
WORDS = SAYING.split()
ENDS = ("reload", "tab", "restart")
MANNERS = ("refused", "stalled", "dead")
"""How a network goes away: connections end at once; they stall and go on later; they stall for ever."""

OLD = 2.0
"""Seconds after which words must outlive anything."""

LOOK = 0.25
TYPES = 6.0
"""Seconds that somebody types before a cut, and again after it."""

READ = """(questions) => {
  const seat = (id) => document.querySelector(`#form [data-question="${id}"]`);
  const field = (id) => seat(id)?.querySelector("textarea, input[type=text]");
  const box = Object.entries(localStorage).filter(([key]) => key.startsWith("policy-workshop/"));
  return {
    at: Date.now() / 1000,
    word: document.querySelector(".pw-status .pw-word")?.textContent ?? "",
    more: document.querySelector(".pw-status")?.textContent ?? "",
    values: Object.fromEntries(questions.map((id) => [id, field(id)?.value ?? null])),
    box: Object.fromEntries(box.map(([key, entry]) => [key.split("/").at(-1), JSON.parse(entry).value])),
  };
}"""


class Wire:
    """One phone's network: it can be cut in several manners, and mended."""

    def __init__(self, port: int) -> None:
        self.to, self.manner = port, ""
        self._whole = asyncio.Event()
        self._whole.set()
        self._ends: set[asyncio.StreamWriter] = set()
        self._dead: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> Wire:
        self._server = await asyncio.start_server(self._joined, HERE, 0)
        self.url = f"http://{HERE}:{self._server.sockets[0].getsockname()[1]}{PREFIX}"
        return self

    def cut(self, manner: str) -> None:
        self.manner = manner
        self._whole.clear()
        if manner == "refused":
            for each in list(self._ends):
                each.transport.abort()
        if manner == "dead":
            self._dead |= self._ends

    def mend(self) -> None:
        self.manner = ""
        self._whole.set()

    async def close(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for each in [*self._ends, *self._dead]:
            each.transport.abort()

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        with suppress(asyncio.CancelledError, OSError):
            await self._carry(reader, writer)
        self._tasks.discard(task)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.manner == "refused":
            writer.transport.abort()
            return
        self._ends.add(writer)
        await self._whole.wait()
        try:
            far_reader, far_writer = await asyncio.open_connection(HERE, self.to)
        except OSError:
            writer.transport.abort()
            return
        self._ends.add(far_writer)
        await asyncio.gather(self._pump(reader, far_writer, writer), self._pump(far_reader, writer, writer))

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, near: asyncio.StreamWriter
    ) -> None:
        with suppress(OSError):
            while said := await reader.read(65536):
                await self._whole.wait()
                await self._alive(near)
                writer.write(said)
                await writer.drain()
        await self._whole.wait()
        await self._alive(near)
        self._ends.discard(writer)
        writer.transport.abort()

    async def _alive(self, near: asyncio.StreamWriter) -> None:
        """Go on, unless this connection is dead: then never."""
        if near in self._dead:
            await asyncio.Event().wait()


@dataclass(frozen=True, slots=True)
class Cell:
    """What happens to one phone: for how long the network is gone, what happens meanwhile, and its dice."""

    seconds: float
    end: str
    seed: int


@dataclass
class Fate:
    """What became of one phone's words."""

    cell: Cell
    manner: str
    typed: int = 0
    lost: int = 0
    twice: int = 0
    label: list[str] = field(default_factory=list)
    unsaved_after: float = 0.0
    sent_after: float = 0.0
    wrong: list[str] = field(default_factory=list)


class Phone:
    """One person who types, whose network is cut, and whose page may go away."""

    def __init__(self, cell: Cell, server: Server, context: BrowserContext) -> None:
        self.cell, self.server, self.context = cell, server, context
        self.chance = random.Random(f"{cell.seconds} {cell.end} {cell.seed}")
        self.manner = MANNERS[cell.seed % len(MANNERS)]
        self.name = f"Guest {cell.end} {cell.seconds:g} {cell.seed}"
        self.typed = dict.fromkeys(TEXTS, "")
        self.journal: list[tuple[float, str, str]] = []
        self.samples: list[dict[str, Any]] = []
        self.cut_at = self.fell_at = self.back_at = 0.0
        self.kept: dict[str, str] = {}
        self.page: Page | None = None

    # Typing

    async def come_in(self, key: str, organization: str) -> None:
        self.wire = await Wire(self.server.port).open()
        self.page = await self.context.new_page()
        await self.page.goto(f"{self.wire.url}/#{key}")
        await self.page.get_by_role("button", name=organization, exact=True).click()
        await self.page.get_by_label("What may we call you? (optional)").fill(self.name)
        await self.page.get_by_role("button", name="Come in").click()
        await self._field(TEXTS[0]).wait_for()
        self.looking = asyncio.create_task(self._look_on())

    def _field(self, question: str) -> Any:
        assert self.page
        return self.page.locator(f'#form [data-question="{question}"]').locator("textarea, input[type=text]").first

    async def type_until(self, end: float) -> None:
        """Bursts of words, now here and now there, with pauses as people make them."""
        while time.time() < end:
            question = self.chance.choice(TEXTS)
            await self._field(question).focus()
            assert self.page
            await self.page.keyboard.press("End")
            for _ in range(self.chance.choice((1, 2, 4, 12))):
                if time.time() >= end:
                    return
                await self._word(question)
            await asyncio.sleep(self.chance.choice((0.05, 0.3, 0.8, 2.0)))

    async def _word(self, question: str) -> None:
        assert self.page
        word = f"{self.chance.choice(WORDS)} "
        before = self.typed[question]
        self.journal.append((time.time(), question, before + word[0]))
        await self.page.keyboard.type(word, delay=self.chance.choice((30, 80, 140)))
        self.typed[question] = before + word
        self.journal.append((time.time(), question, before + word))

    async def _look_on(self) -> None:
        while True:
            with suppress(Error):
                assert self.page
                self.samples.append(await self.page.evaluate(READ, list(TEXTS)))
            await asyncio.sleep(LOOK)

    # What happens

    async def live(self, falls: Callable[[Phone], Awaitable[None]]) -> None:
        """Type, lose the network, go through the catastrophe, come back, type again, and wait until all is sent."""
        await self.type_until(time.time() + TYPES)
        self.wire.cut(self.manner)
        self.cut_at = time.time()
        await falls(self)
        await self.type_until(time.time() + TYPES)
        await self._settled()
        self.looking.cancel()

    async def stays(self, until: Callable[[], Awaitable[None]]) -> None:
        """Go on typing on the same page; the network is back after the cut, the server when `until` is done."""
        await self.type_until(self.cut_at + self.cell.seconds - self.chance.choice((0.0, 1.0)))
        await until()
        self._back()

    async def leaves(self) -> None:
        """The page goes away in the middle of the cut, and comes back after it."""
        fall = self.cut_at + self.cell.seconds * self.chance.uniform(0.4, 0.9)
        typing = asyncio.create_task(self.type_until(fall + 5))
        await asyncio.sleep(max(0.0, fall - time.time()))
        self.fell_at = time.time()
        await self._fall()
        typing.cancel()
        await asyncio.gather(typing, return_exceptions=True)
        await asyncio.sleep(max(0.0, self.cut_at + self.cell.seconds - time.time()))
        await self._return()

    async def _fall(self) -> None:
        assert self.page
        if self.cell.end == "reload":
            with suppress(Error):
                await self.page.reload(timeout=1000)
        elif self.cell.seed % 2:
            await self.page.close()
        else:
            await self._crash(self.page)

    async def _crash(self, page: Page) -> None:
        """As when the phone runs out of memory: the page's process is gone."""
        session = await self.context.new_cdp_session(page)
        with suppress(Error, TimeoutError):
            await asyncio.wait_for(session.send("Page.crash"), 1)

    async def _return(self) -> None:
        assert self.page
        if self.cell.end == "tab":
            with suppress(Error):
                await self.page.close()
            self.page = await self.context.new_page()
        self._back()
        await self._comes()
        self.back_at = time.time()
        for question in TEXTS:
            self.kept[question] = self.typed[question] = await self._field(question).input_value()

    async def _comes(self) -> None:
        """Open the page, and again when nothing comes: an old connection may be dead for good."""
        assert self.page
        for _ in range(10):
            with suppress(Error):
                await self.page.goto(self.wire.url, timeout=5000)
                break
        await self._field(TEXTS[0]).wait_for()

    def _back(self) -> None:
        self.wire.mend()
        self.back_at = time.time()

    async def _settled(self) -> None:
        end = time.time() + 30
        while time.time() < end:
            await asyncio.sleep(LOOK)
            last = self.samples[-1]
            if last["word"] == "Saved" and not last["box"] and last["at"] > self.journal[-1][0]:
                return

    # What became of it

    def fate(self, history: Iterable[Answer]) -> Fate:
        """Hold what the store has against what was typed."""
        rows = [(each.answered_at.timestamp(), each.question, _words(each.value)) for each in history]
        fate = Fate(self.cell, self.manner, sum(map(len, self.typed.values())))
        fate.lost = sum(self._lost(rows, question) for question in TEXTS)
        fate.twice = sum(_twice(rows, question) for question in TEXTS)
        for sample in self.samples:
            self._judge(sample, rows, fate)
        fate.sent_after = max(self._sent_after(rows, question) for question in TEXTS)
        if self.samples[-1]["word"] != "Saved" or self.samples[-1]["box"]:
            fate.wrong.append(f"at the end: {self.samples[-1]['word']}, {len(self.samples[-1]['box'])} not sent")
        return fate

    def _lost(self, rows: list[tuple[float, str, str]], question: str) -> int:
        """Characters that were old when the page went away and are not on the server; all, when it stayed."""
        held = next((words for _, about, words in reversed(rows) if about == question), "")
        wanted = [self.typed[question].rstrip()]
        if self.fell_at:
            wanted.append(self._at(question, self.fell_at - OLD))
        return max(len(words) - _alike(words, held) for words in wanted)

    def _at(self, question: str, when: float) -> str:
        said = (words for at, about, words in reversed(self.journal) if about == question and at <= when)
        return next(said, "").rstrip()

    def _sent_after(self, rows: list[tuple[float, str, str]], question: str) -> float:
        """Seconds from the return until the server had what was in the field then."""
        words = self.kept.get(question, self._at(question, self.back_at)).rstrip()
        if not words:
            return 0.0
        sent = next((at for at, about, held in rows if about == question and held.startswith(words)), self.back_at + 99)
        return max(0.0, sent - self.back_at)

    def _judge(self, sample: dict[str, Any], rows: list[tuple[float, str, str]], fate: Fate) -> None:
        """Was the label true at this moment?"""
        for question, seen in sample["values"].items():
            shown, held = _words(seen), _held(rows, question, sample["at"])
            if seen is None or shown == held:
                continue
            if sample["word"] == "Saved":
                fate.label.append(f"Saved, but {len(shown)} characters are {len(held)} at the server")
            if sample["word"] == "Not saved yet" and _words(sample["box"].get(question)) != shown:
                fate.label.append("kept on this device, but it is not")
            if sample["word"] in {"Saving…", "Saved", "Ready"}:
                fate.unsaved_after = max(fate.unsaved_after, self._age(question, rows, sample["at"]))

    def _age(self, question: str, rows: list[tuple[float, str, str]], at: float) -> float:
        """Seconds for which the first word that the server does not have has been there, since it was last heard."""
        held = len(_held(rows, question, at))
        heard = max((when for when, _, _ in rows if when <= at), default=0.0)
        first = (when for when, about, words in self.journal if about == question and len(words.rstrip()) > held)
        gone = self.fell_at and self.fell_at <= at <= self.back_at  # between two pages
        return 0.0 if gone else at - max(next(first, at), heard, self.back_at if at > self.back_at else 0.0)


def _words(value: object) -> str:
    """Return an answer as one text; the space after the last word is none of it."""
    return (" ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value or "")).rstrip()


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts begin with in common."""
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _held(rows: list[tuple[float, str, str]], question: str, at: float) -> str:
    return next((words for when, about, words in reversed(rows) if about == question and when <= at), "")


def _twice(rows: list[tuple[float, str, str]], question: str) -> int:
    said = [words for _, about, words in rows if about == question]
    return sum(one == other for one, other in pairwise(said))


# ---------------------------------------------------------------- a room of such phones


async def room_of(browser: Browser, server: Server, cells: list[Cell]) -> list[Fate]:
    """Let phones of one kind of catastrophe live through it beside each other; return what became of their words."""
    contexts = [await browser.new_context(viewport={"width": 390, "height": 844}) for _ in cells]
    phones = [Phone(cell, server, context) for cell, context in zip(cells, contexts, strict=True)]
    key, restarted = server.way().key, asyncio.Event()
    for start in range(0, len(phones), 5):
        await asyncio.gather(*(each.come_in(key, f"House {n % 5}") for n, each in enumerate(phones[start : start + 5])))
    killing = asyncio.create_task(_killed(server, cells[0], restarted)) if cells[0].end == "restart" else None

    async def falls(phone: Phone) -> None:
        await (phone.stays(_return_of(restarted)) if killing else phone.leaves())

    await asyncio.gather(*(_late(phone.chance.random(), phone.live(falls)) for phone in phones))
    if killing:
        await killing
    fates = fates_of(server, phones)
    for phone in phones:
        await phone.context.close()
        await phone.wire.close()
    return fates


async def _late(seconds: float, act: Awaitable[None]) -> None:
    await asyncio.sleep(seconds)
    await act


async def _killed(server: Server, cell: Cell, restarted: asyncio.Event) -> None:
    """Kill the server while all are cut off, as a power cut would, and start it again."""
    await asyncio.sleep(TYPES + 2 + random.Random(cell.seed).uniform(0.1, 0.4) * cell.seconds)
    server.kill()
    await asyncio.to_thread(server.start)
    restarted.set()


def _return_of(restarted: asyncio.Event) -> Callable[[], Awaitable[None]]:
    async def wait() -> None:
        await restarted.wait()

    return wait


def fates_of(server: Server, phones: list[Phone]) -> list[Fate]:
    """Read what the store holds of each phone."""
    with Workshop.open(server.folder) as workshop:
        people = {each.name: each.id for each in workshop.roster.people}
        said = [answer for one in workshop.organizations for answer in workshop.discussion.history(one.id)]
    return [phone.fate([each for each in said if each.person == people[phone.name]]) for phone in phones]


def prepared(server: Server, houses: int = 5) -> None:
    """Open the stage for a few organizations."""
    with Workshop.open(server.folder) as workshop:
        workshop.roster.register(*(f"House {place}" for place in range(houses)))
        workshop.record(stages.open_stage(STAGE))
