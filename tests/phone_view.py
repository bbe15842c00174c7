"""A phone's page without a browser: a client of the real application that applies every line of its event stream.

`shown` is what its page draws from what it knows; page.js is held to the same by tests/browser/test_open_phone.py.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI

from toolkit.join.app import COOKIE

ORIGIN = "http://127.0.0.1:8000"
INSIDE = {"open", "closing"}
AT_REST = 25
"""Turns of the event loop without a new line, after which nothing is on its way any more."""


class EventStream:
    """One open stream of the application, read as a browser's EventSource reads it."""

    def __init__(self, app: FastAPI, cookie: str) -> None:
        self._gone = asyncio.Event()
        self._begun = False
        self._text = b""
        self.status = 0
        headers = [(b"host", b"127.0.0.1:8000"), (b"cookie", f"{COOKIE}={cookie}".encode())]
        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
            "scheme": "http", "path": "/api/changes", "raw_path": b"/api/changes", "query_string": b"",
            "root_path": "", "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000),
        }  # fmt: skip
        self._task = asyncio.create_task(app(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        if not self._begun:
            self._begun = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Mapping[str, Any]) -> None:
        self.status = message.get("status", self.status)
        self._text += message.get("body", b"")

    @property
    def is_over(self) -> bool:
        return self._task.done()

    def lines(self) -> list[tuple[str, Any]]:
        """Return the events that came since the last call, as (kind, what)."""
        whole, _, self._text = self._text.rpartition(b"\n\n")
        return [_event(each) for each in whole.decode().split("\n\n") if "\nevent: " in f"\n{each}"]

    async def close(self) -> None:
        self._gone.set()
        await asyncio.gather(self._task, return_exceptions=True)


def _event(text: str) -> tuple[str, Any]:
    parts = dict(row.partition(": ")[::2] for row in text.split("\n"))
    return parts["event"], json.loads(parts["data"])


@dataclass
class Phone:
    """One page: what it knows, and what it has to ask for because something is new."""

    app: FastAPI
    cookie: str
    me: dict[str, Any] = field(default_factory=dict)
    sheet: dict[str, Any] = field(default_factory=dict)
    room: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    voices: dict[str, Any] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)
    due: set[str] = field(default_factory=set)
    wanted: frozenset[str] = frozenset()
    stage: str = ""
    stream: EventStream | None = None
    is_out: bool = False

    def __post_init__(self) -> None:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        headers = {"origin": ORIGIN, "cookie": f"{COOKIE}={self.cookie}"}
        self.http = httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)

    async def get(self, path: str, **asked: str) -> Any:
        answer = await self.http.get(path, params=asked)
        assert answer.status_code == 200, (path, answer.text)
        return answer.json()

    # Opening, and hearing

    async def open(self) -> Phone:
        answer = await self.http.get("/api/me")
        self.is_out = answer.status_code == 401
        if self.is_out:
            return self
        self.me, self.sheet = answer.json(), await self.get("/api/worksheet")
        self.stream = EventStream(self.app, self.cookie)
        while not self.room or not self.values_known:
            await asyncio.sleep(0.001)
            await self.hear_all()
        return self

    values_known = False

    async def close(self) -> None:
        if self.stream:
            await self.stream.close()
        await self.http.aclose()

    async def hear_all(self) -> int:
        """Apply what came; return how many lines."""
        if not self.stream:
            return 0
        lines = self.stream.lines()
        for kind, told in lines:
            await getattr(self, f"_hear_{kind}")(told)
        if self.stream.is_over and not self.is_out:
            await self.reopen()
        return len(lines)

    async def reopen(self) -> None:
        assert self.stream
        await self.stream.close()
        self.stream = None
        answer = await self.http.get("/api/me")
        self.is_out = answer.status_code == 401
        if not self.is_out:
            self.stream = EventStream(self.app, self.cookie)

    async def _hear_room(self, told: dict[str, Any]) -> None:
        before, self.room = self.room, told
        if before and (before["vote"], before["ballot"]) != (told["vote"], told["ballot"]):
            self.due.add("report")

    async def _hear_me(self, told: dict[str, Any]) -> None:
        self.me = told

    async def _hear_answers(self, told: dict[str, Any]) -> None:
        self.values, self.values_known = told["ours" if self.me["table"] else "mine"], True
        self.due |= {"voices", "report"}

    async def _hear_changed(self, told: dict[str, Any]) -> None:
        if told["voice"] == ("ours" if self.me["table"] else "mine"):
            self.values = {**self.values, told["question"]: told["value"]}
            if self.is_report_back:
                self.due.add("report")

    async def _hear_voices(self, told: dict[str, Any]) -> None:
        self.voices = {key: entry for key, entry in (self.voices | told).items() if entry}
        if self.is_report_back:
            self.due.add("report")

    async def _hear_naming(self, _: object) -> None:
        """How the draft calls people is shown once it was taken home."""

    async def _hear_ballot(self, _: object) -> None:
        self.due.add("report")

    async def _hear_moved(self, _: object) -> None:
        await self.reopen()

    async def _hear_beat(self, _: object) -> None:
        """It lives."""

    async def ask(self) -> None:
        """Ask for what is due, as the page does soon after."""
        if self.is_out or not self.room:
            return
        if self.room["sheet"] != self.sheet["mark"]:
            self.sheet = await self.get("/api/worksheet")
            await self._hear_answers(await self.get("/api/answers"))
        if self.screen != self.stage:
            self.stage = self.screen
            self.due.add("voices")
        wanted = self.wants
        if wanted - self.wanted:
            self.due.add("report")
        self.wanted = wanted
        due, self.due = self.due, set()
        if "voices" in due:
            self.voices = await self.get("/api/voices", stage=self.screen) if self.is_at_stage else {}
        if "report" in due and wanted:
            self.report = await self.get("/api/report")

    # What is shown

    @property
    def stages(self) -> dict[str, dict[str, Any]]:
        return {each["id"]: each for each in self.sheet["stages"]}

    @property
    def screen(self) -> str:
        """The stage that is shown, "waiting", or "ended"."""
        if self.room["ended"]:
            return "ended"
        return self.room["stage"] if self.room["state"] in INSIDE and self.room["stage"] in self.stages else "waiting"

    @property
    def is_at_stage(self) -> bool:
        return self.screen in self.stages

    @property
    def is_report_back(self) -> bool:
        return bool(self.room) and self.screen in self.sheet["report_back"]

    @property
    def wants(self) -> frozenset[str]:
        vote = self.room["vote"]
        result = vote == "shown"
        belongs = result if self.screen == "ended" else self.is_report_back if self.is_at_stage and result else True
        return frozenset(({"vote"} if vote and belongs else set()) | ({"release"} if self.is_report_back else set()))

    def shown(self) -> dict[str, Any]:
        """What the page draws; focus, scrolling and what is on the way do not count."""
        if self.is_out:
            return {"screen": "out"}
        page: dict[str, Any] = {"screen": self.screen, "organization": self.me["organization"], "name": self.me["name"]}
        page["title"] = self.me["title"]
        if self.screen != "ended":
            page["help"] = self.me["help"]
            page["time"] = self.room["deadline"] if self.room["state"] in INSIDE else None
        if self.screen == "waiting":
            page["rules"] = self.sheet["rules"]
            page["opened"] = [self.stages[each]["title"] for each in self.room["opened"] if each in self.stages]
        if self.is_at_stage:
            page |= self._stage()
        return page | {each: self.report.get(each) for each in sorted(self.wants)}

    def _stage(self) -> dict[str, Any]:
        stage = self.stages[self.screen]
        keys = {question["key"] for question in stage["questions"]}
        values = {key: value for key, value in self.values.items() if key in keys and value is not None}
        voices = {key: _drawn(entry) for key, entry in self.voices.items() if key in keys}
        return {"closing": self.room["state"] == "closing", "stage": stage, "values": values, "voices": voices}


def _drawn(entry: dict[str, Any]) -> dict[str, Any]:
    """What is drawn of the voices on a question: before they are shown, only how many there are."""
    if entry["revealed"]:
        return {key: value for key, value in entry.items() if key != "writing"}
    drawn = {key: entry[key] for key in ("answered", "of", "proposals", "table")}
    return drawn | {"mine": any(voice["mine"] for voice in entry["voices"])}


async def at_rest(*phones: Phone) -> None:
    """Let everything arrive that is on its way."""
    quiet = 0
    while quiet < AT_REST:
        heard = [await each.hear_all() for each in phones]
        quiet = 0 if any(heard) else quiet + 1
        await asyncio.sleep(0 if quiet < AT_REST // 2 else 0.001)
