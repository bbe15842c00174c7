"""A page that has been open all along shows what a page opened now would show: random acts from every side.

The steps are 300; WORKSHOP_STEPS raises them. Each step is an act of the facilitator (another process's store), of a
phone or of a table's device; then every page that was open before is compared with one that is opened now.
"""

from __future__ import annotations

import asyncio
import datetime
import os
import secrets
import tempfile
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from phone_view import Phone, at_rest
from worksheet_versions import OPTIONS, SheetVersion, write

from toolkit import Workshop
from toolkit.answers.model import SCRIBE, Answer
from toolkit.errors import WorkshopError
from toolkit.facilitation import report_back, stages
from toolkit.facilitation.events import EndEvent, RoomEvent
from toolkit.join.app import COOKIE, api
from toolkit.join.join_link import announce_join_link
from toolkit.join.rate_limits import Bucket, Limit
from toolkit.storage.store import new_id

STEPS = int(os.environ.get("WORKSHOP_STEPS", "300"))
STEPS_OF_A_ROOM = 50
SHEETS = ("sextech-2010", "supervised-visitation")
STAGES = ("stakeholders", "report_back", "policy_drafting")
REPORTED = ("most_difficult", "easiest")
NAMES = ("Alder House", "Birch Line", "Alder Haus")
QUESTIONS = {"who_do_you_serve": "list", "stakeholders_notes": "text", "most_difficult": "text", "easiest": "text"}
QUESTIONS["how_often"] = "choice"
WORDS = ("Parents in two counties", "Callers at night", "line one\x0bline two", " padded  ", "half \ud83d an emoji")
NO_LIMIT = Limit(1e9, 1e9)
STREAMS_AT_MOST = 5

question = st.sampled_from(sorted(QUESTIONS))
words = st.sampled_from((*WORDS, None))
stage = st.sampled_from(STAGES)
which = st.integers(0, 99)


class Room(RuleBasedStateMachine):
    """One workshop: the join page's application, the facilitator's own store on the same file, pages that stay open."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.thread = ThreadPoolExecutor(1)  # where a browser drives this one, another loop runs in it already
        self.place = tempfile.TemporaryDirectory()
        folder = Path(self.place.name) / "room"
        self.sample = Path(self.place.name) / "sample"
        write(self.sample, SheetVersion())
        self.facilitator = Workshop.open(folder, title="Spring")
        self.hall = Workshop.open(folder)
        self.app = api(self.hall, announce_join_link(self.hall, 8000, ["127.0.0.1"]))
        self.context = self.app.state.context
        self.pages: list[Phone] = []
        self.cookies: list[str] = []
        self.words: dict[str, str] = {}
        self.key = self.context.door.key

    def run(self, act: Coroutine[Any, Any, Any]) -> Any:
        return self.thread.submit(self.loop.run_until_complete, act).result()

    def teardown(self) -> None:
        for each in self.pages:
            self.run(each.close())
        self.run(self.loop.shutdown_default_executor())
        self.thread.shutdown()
        self.loop.close()
        self.hall.close()
        self.facilitator.close()
        self.place.cleanup()

    @initialize(begins=st.sampled_from(("nothing", "stakeholders", "report_back")), shown=st.booleans())
    def begin(self, begins: str, shown: bool) -> None:
        """Some rooms start at the beginning, some in the middle: else few would ever come to a vote."""
        self.facilitator.roster.register(*NAMES[:2])
        for table in (False, True, False):
            self.join_as(0, table)
        if begins == "nothing":
            return
        self.act(stages.open_stage(begins))
        for n, question in enumerate(
            REPORTED if begins == "report_back" else ("stakeholders_notes", "who_do_you_serve")
        ):
            self.answer(n, question, WORDS[0])
        if shown:
            self.act(stages.reveal(begins))
            self.act(report_back.show())
            self.act(report_back.open_vote())

    # The law

    async def settle(self) -> None:
        """Let the join page look, and every page hear and ask, until nothing is new."""
        for _ in range(3):
            await self.context.live.look()
            await at_rest(*self.pages)
            for each in self.pages:
                await each.ask()

    def check(self) -> None:
        self.run(self._check())

    async def _check(self) -> None:
        await self.settle()
        for page in self.pages:
            fresh = await Phone(self.app, page.cookie).open()
            await fresh.ask()
            await fresh.ask()
            there, now = page.shown(), fresh.shown()
            await fresh.close()
            differs = {key: (there.get(key), now.get(key)) for key in there | now if there.get(key) != now.get(key)}
            assert not differs, differs

    def act(self, act: RoomEvent) -> None:
        self.facilitator.record(act)
        self.check()

    def page(self, n: int) -> Phone:
        return self.pages[n % len(self.pages)]

    def ask(self, n: int, method: str, path: str, said: dict[str, Any]) -> Any:
        """Let a phone ask; a refusal is an answer too."""
        answer = self.run(self.page(n).http.request(method, path, json=said))
        assert answer.status_code < 500, answer.text
        return answer

    # People come

    def join_as(self, n: int, table: bool) -> None:
        organizations = self.facilitator.organizations
        said = {"code": self.key, "organization": organizations[n % len(organizations)].name, "table": table}
        session = Phone(self.app, "")
        answer = self.run(session.http.post("/api/join", json={**said, "name": f"Guest {len(self.cookies)}"}))
        self.run(session.close())
        if answer.status_code != 201:
            return
        cookie = answer.cookies[COOKIE]
        self.words[cookie] = answer.json()["rejoin"]
        self.cookies.append(cookie)
        self.add(cookie)

    def add(self, cookie: str) -> None:
        session = self.context.sessions.find(cookie)
        allowance = self.context.sessions.allowance(session)
        allowance.small_acts = allowance.saves = allowance.characters = Bucket(NO_LIMIT)
        self.pages.append(self.run(Phone(self.app, cookie).open()))
        self.check()

    @precondition(lambda self: len(self.pages) < STREAMS_AT_MOST)
    @rule(n=which, table=st.booleans())
    def somebody_joins(self, n: int, table: bool) -> None:
        self.join_as(n, table)

    @precondition(lambda self: len(self.pages) < STREAMS_AT_MOST)
    @rule(n=which)
    def a_second_tab(self, n: int) -> None:
        page = self.page(n)
        if not page.is_out:
            self.add(page.cookie)

    @precondition(lambda self: len(self.pages) < STREAMS_AT_MOST)
    @rule(n=which)
    def a_second_device(self, n: int) -> None:
        said = {"code": self.key, "words": self.words[self.page(n).cookie]}
        session = Phone(self.app, "")
        answer = self.run(session.http.post("/api/rejoin", json=said))
        self.run(session.close())
        if answer.status_code == 200:
            self.words[answer.cookies[COOKIE]] = said["words"]
            self.add(answer.cookies[COOKIE])

    @precondition(lambda self: len(self.pages) > 3)
    @rule(n=which)
    def a_device_leaves(self, n: int) -> None:
        self.ask(n, "POST", "/api/leave", {})
        self.check()

    @precondition(lambda self: len(self.pages) > 3)
    @rule(n=which)
    def a_tab_is_closed(self, n: int) -> None:
        self.run(self.pages.pop(n % len(self.pages)).close())
        self.check()

    # The facilitator

    @rule(name=st.sampled_from(NAMES))
    def register(self, name: str) -> None:
        self.facilitator.roster.register(name)
        self.check()

    @precondition(lambda self: len(self.facilitator.organizations) > 1)
    @rule(one=which, other=which)
    def merge(self, one: int, other: int) -> None:
        names = [each.name for each in self.facilitator.organizations]
        twin, into = names[one % len(names)], names[other % len(names)]
        if twin != into:
            self.facilitator.roster.merge(twin, into)
            self.check()

    @precondition(lambda self: self.facilitator.roster.merged)
    @rule(n=which)
    def take_apart(self, n: int) -> None:
        merged = self.facilitator.roster.merged
        self.facilitator.roster.take_apart(merged[n % len(merged)][0].id)
        self.check()

    @rule(sheet=st.sampled_from(SHEETS))
    def change_the_worksheet(self, sheet: str) -> None:
        self.facilitator.settings.change(worksheet=sheet)
        self.check()

    @rule(version=st.builds(SheetVersion, *[st.booleans()] * 4))
    def a_new_version_of_the_worksheet_is_applied(self, version: SheetVersion) -> None:
        write(self.sample, version)
        if self.facilitator.settings.worksheet_in_use.name != str(self.sample):
            self.facilitator.settings.change(worksheet=str(self.sample))
            self.check()
        update = self.facilitator.settings.worksheet_in_use.update()
        if update.state == "available":
            update.apply()
            self.check()

    @rule(minutes=st.sampled_from((60, 90, 180)))
    def change_the_length(self, minutes: int) -> None:
        self.facilitator.settings.change(minutes=minutes)
        self.check()

    @rule(title=st.sampled_from(("Spring", "Autumn")))
    def change_the_title(self, title: str) -> None:
        self.facilitator.settings.change(title=title)
        self.check()

    @rule(stage=stage)
    def open_a_stage(self, stage: str) -> None:
        self.act(stages.open_stage(stage))

    @rule()
    def close_softly(self) -> None:
        self.act(stages.close_softly(stages.fold(self.facilitator.current.store.events()).now.stage or STAGES[0]))

    @rule()
    def close_the_stage(self) -> None:
        self.act(stages.close_stage(stages.fold(self.facilitator.current.store.events()).now.stage or STAGES[0]))

    @rule()
    def go_back(self) -> None:
        self.act(stages.go_back())

    @rule(stage=stage, minutes=st.integers(1, 30))
    def set_the_timer(self, stage: str, minutes: int) -> None:
        self.act(stages.set_timer(stage, minutes, datetime.datetime.now(datetime.UTC)))

    @rule(stage=stage, yes=st.booleans())
    def reveal_or_hide(self, stage: str, yes: bool) -> None:
        self.act(stages.reveal(stage, yes=yes))

    @precondition(lambda self: stages.fold(self.facilitator.current.store.events()).needs_help)
    @rule()
    def mark_as_helped(self) -> None:
        self.act(stages.ask_help(stages.fold(self.facilitator.current.store.events()).needs_help[0], yes=False))

    @rule(yes=st.booleans())
    def show_the_board(self, yes: bool) -> None:
        self.act(report_back.show(yes=yes))

    @rule(act=st.sampled_from((report_back.open_vote, report_back.close_vote, report_back.show_votes)))
    def turn_the_vote(self, act: Any) -> None:
        self.act(act())

    @rule(yes=st.booleans())
    def end_or_go_on(self, yes: bool) -> None:
        self.act(EndEvent(yes))

    # A notebook's form at a table

    @rule(n=which, question=question, words=words)
    def a_table_writes_in_a_notebook(self, n: int, question: str, words: str | None) -> None:
        organizations = self.facilitator.organizations
        self._save(
            Answer(
                new_id(), organizations[n % len(organizations)].id, SCRIBE, question, _value(question, words), "ours"
            )
        )

    def _save(self, answer: Answer) -> None:
        try:
            self.facilitator.discussion.save(answer)
        except WorkshopError:
            return
        self.check()

    # Phones

    @rule(n=which, question=question, words=words)
    def answer(self, n: int, question: str, words: str | None) -> None:
        if not (words and "\ud83d" in words):
            self.ask(
                n,
                "PUT",
                f"/api/answers/{secrets.token_hex(16)}",
                {"question": question, "value": _value(question, words)},
            )
        self.check()

    @rule(n=which, yes=st.booleans())
    def ask_for_help(self, n: int, yes: bool) -> None:
        self.ask(n, "POST", "/api/help", {"asks": yes})
        self.check()

    @rule(n=which, question=question)
    def show_each_other(self, n: int, question: str) -> None:
        self.ask(n, "POST", "/api/reveal", {"question": question})
        self.check()

    @rule(n=which, question=question, words=st.sampled_from(WORDS[:3]))
    def suggest(self, n: int, question: str, words: str) -> None:
        self.ask(
            n,
            "PUT",
            f"/api/proposals/{secrets.token_hex(16)}",
            {"question": question, "value": _value(question, words)},
        )
        self.check()

    @rule(n=which, pick=which, agrees=st.booleans())
    def think_of_a_suggestion(self, n: int, pick: int, agrees: bool) -> None:
        offered = [
            (question, each["id"]) for question, entry in self.page(n).voices.items() for each in entry["proposals"]
        ]
        if offered:
            asked, id_ = offered[pick % len(offered)]
            said = {"question": asked, "answer": id_, "agrees": agrees, "note": "Callers at night are missing."}
            self.ask(n, "PUT", f"/api/opinions/{secrets.token_hex(16)}", said)
            self.check()

    @rule(n=which, yes=st.booleans())
    def release_or_withdraw(self, n: int, yes: bool) -> None:
        report = self.ask(n, "GET", "/api/report", {})
        if report.status_code == 200:
            said = {"yes": yes, "mark": report.json()["release"]["mark"]}
            self.ask(n, "PUT", f"/api/releases/{secrets.token_hex(16)}", said)
            self.check()

    @rule(n=which, dots=st.integers(0, 3))
    def vote(self, n: int, dots: int) -> None:
        report = self.ask(n, "GET", "/api/report", {})
        points = report.json()["vote"]["points"] if report.status_code == 200 else []
        if points:
            self.ask(n, "PUT", f"/api/ballots/{secrets.token_hex(16)}", {"dots": {points[0]["id"]: dots}})
            self.check()

    @rule(n=which, yes=st.booleans())
    def name_people_in_the_draft(self, n: int, yes: bool) -> None:
        self.ask(n, "PUT", "/api/naming", {"named": yes})
        self.check()


def _value(question: str, words: str | None) -> object:
    if words is not None and QUESTIONS[question] == "choice":
        return OPTIONS[WORDS.index(words) % len(OPTIONS)]
    return [words] if words is not None and QUESTIONS[question] == "list" else words


@pytest.mark.slow
def test_a_page_that_was_open_all_along_shows_what_a_page_opened_now_would() -> None:
    rooms = max(1, STEPS // STEPS_OF_A_ROOM)
    run_state_machine_as_test(
        Room,
        settings=settings(
            max_examples=rooms,
            stateful_step_count=STEPS_OF_A_ROOM,
            deadline=None,
            database=None,
            report_multiple_bugs=False,
            phases=(Phase.generate,),  # the steps that led there are told as they were: making them fewer takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
