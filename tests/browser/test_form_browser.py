"""The form in a real browser, on a page of the test's own that stores over real HTTP into a real file."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect
from ruamel.yaml import YAML

from toolkit.drafts.checks import CheckedText, cautions, sentences
from toolkit.notebook.form_widget import CSS, ESM
from toolkit.web import WEB
from toolkit.web.linker import link
from toolkit.worksheets import catalog
from toolkit.worksheets.kinds import KINDS
from toolkit.worksheets.stage_json import client_detail_rules

pytestmark = pytest.mark.browser

TESTS = Path(__file__).parent.parent
EXAMPLES = YAML(typ="safe").load((TESTS / "client_identifiers.yaml").read_text(encoding="utf-8"))
WORKSHEET = catalog.worksheet("sextech-2010")

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Form</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/form.css"><link rel="stylesheet" href="/host.css">
<script type="module" src="/host.js"></script></head><body><main></main></body></html>"""

HOST_CSS = "body { margin: 0; background: Canvas; } main { max-width: 50rem; margin: 0 auto; }"

HOST = """import form from "/form.js";
const state = await (await fetch("/state")).json();
const ears = {};
const told = [];
const say = (name, ...said) => (ears[name] ?? []).forEach((ear) => ear(...said));
const keep = async ({ id, question, value }) => {
  try {
    const answer = await fetch(`/answers/${id}`, { method: "PUT", body: JSON.stringify({ question, value }) });
    say("msg:custom", { id, question, ...(await answer.json()) });
  } catch { /* the network is away: the form hears nothing */ }
};
const model = {
  get: (name) => state[name],
  set(name, value) { state[name] = value; say(`change:${name}`); },
  save_changes() {},
  send: (message) => (message.type === "save" ? keep(message) : told.push(message)),
  on(name, ear) { (ears[name] ??= []).push(ear); },
  off(name, ear) { ears[name] = (ears[name] ?? []).filter((each) => each !== ear); },
};
window.host = { model, say, told, close: form.render({ model, el: document.querySelector("main") }) };
"""

OPTIONS = [
    {
        "id": "narrow",
        "label": "Only client information is off limits",
        "clause": "Staff do not post anything that could tell others who our clients are.",
        "reason": "It protects clients and leaves other speech open.",
        "risk": "People may disagree on what could tell others.",
        "source": "The sample guide, part 3",
        "checked": "2026-05-03",
    },
    {
        "id": "asked",
        "label": "Ask before posting about work",
        "clause": "Before a post about our work, staff ask the contact person.",
        "reason": "Two people look at each post.",
        "risk": "It may reach further than it needs to.",
        "source": "The sample guide, part 4",
        "checked": "2026-05-03",
    },
]
PLATFORMS = [{"id": name.lower(), "label": name} for name in ("Facebook", "Instagram", "Messages", "Video")]
RISKS = [
    {"id": "photo", "label": "A photo that shows the door"},
    {"id": "chat", "label": "A chat that goes on at night"},
    {"id": "friend", "label": "A friend request from a client"},
]


def question(id_: str, kind: str, ask: str, **parts: object) -> dict[str, object]:
    empty = {"why": "", "help": "", "example": "", "options": [], "other": False, "unsure": False, "show_if": []}
    return {"key": id_, "id": id_, "kind": kind, "ask": ask, "first_answer": ""} | empty | parts


STAGE = {
    "id": "drafting", "title": "Write the policy together", "minutes": 20,
    "why": "At the end of this part you hold the words of your own draft.",
    "instruction": "Talk at your table first. Then one of you writes.",
    "questions": [
        question("lead", "text", "Who should lead the work on this policy?", why="A draft without a name rests.",
                 example="the program coordinator"),
        question("risks", "long_text", "What could go wrong for a client when something is posted?",
                 why="The policy answers these risks and no others.", help="Write of situations, not of persons."),
        question("rule", "choice", "What may staff say online about work?", options=OPTIONS, other=True, unsure=True,
                 why="Your choice becomes a clause of the draft."),
        question("platforms", "choices", "Where are your staff and volunteers online?", options=PLATFORMS, other=True),
        question("friends", "yes_no_unsure", "May staff connect with clients on personal accounts?", unsure=True),
        question("except", "text", "When is it all right all the same?",
                 show_if=[{"question": "friends", "is": ["yes", "unsure"]}]),
        question("contact", "contact", "Whom do staff ask when in doubt?", help="An office contact is enough."),
        question("review", "date", "When will you look at the policy again?"),
        question("steps", "list", "What are your first steps?", first_answer="Show the draft to the board"),
        question("first", "ranking", "Which risks come first?", options=RISKS),
    ],
}  # fmt: skip

FILLED = {
    "lead": "The coordinator",
    "risks": "A photo shows the door.\nSomebody is known by a car.",
    "rule": "narrow",
    "platforms": ["facebook", "video", {"other": "Bulletin boards"}],
    "friends": "unsure",
    "except": "In a family",
    "contact": {"name": "Office", "role": "Coordinator", "reach": "555-0100"},
    "review": "2027-03-04",
    "steps": ["Ask the board", "Train the staff"],
    "first": ["chat", "photo"],
}


class Room:
    """The test's own host: what it stores, and how it behaves at the moment."""

    def __init__(self, folder: Path) -> None:
        self.file, self.lock, self.mode = folder / "answers.json", threading.RLock(), "well"
        self.said, self.address, self.stage, self.editable = [], "", STAGE, True
        self.file.write_text("{}")

    def keep(self, id_: str, question_: str, value: object) -> dict[str, object] | None:
        """Return what to tell the form, None to swallow the answer."""
        with self.lock:
            self.said.append((id_, question_, value))
            return getattr(self, f"_{self.mode}")(id_, question_, value)

    def _well(self, id_: str, question_: str, value: object) -> dict[str, object]:
        answers = json.loads(self.file.read_text())
        answers.setdefault(id_, [question_, value])
        self.file.write_text(json.dumps(answers))
        return {"type": "saved", "at": "2026-05-03T10:00:00+00:00"}

    def _deaf(self, *_: object) -> None:
        return None

    def _mute(self, id_: str, question_: str, value: object) -> None:
        self._well(id_, question_, value)

    def _strict(self, *_: object) -> dict[str, object]:
        return {"type": "refused", "says": "The text is too long. Shorten it."}

    def _broken(self, *_: object) -> dict[str, object]:
        return {"type": "failed", "says": "The disk is full"}

    @property
    def answers(self) -> dict[str, tuple[str, object]]:
        """Every stored answer by its id, in the order of arrival."""
        with self.lock:
            return json.loads(self.file.read_text())

    @property
    def values(self) -> dict[str, object]:
        """What stands now."""
        return dict(self.answers.values())

    def state(self) -> dict[str, object]:
        """What the page is given when it opens."""
        values = {each: value for each, value in self.values.items() if value is not None}
        return {"stage": self.stage, "values": values, "identity": "w/o/p", "editable": self.editable}


def handler(room: Room) -> type[BaseHTTPRequestHandler]:
    files = {
        "/": ("text/html", lambda: PAGE),
        "/host.js": ("text/javascript", lambda: HOST),
        "/host.css": ("text/css", lambda: HOST_CSS),
        "/form.js": ("text/javascript", lambda: ESM),
        "/client_details.js": ("text/javascript", lambda: link(WEB / "form" / "client_details.js")),
        "/sentences.js": ("text/javascript", lambda: link(WEB / "form" / "sentences.js")),
        "/form.css": ("text/css", lambda: CSS),
        "/state": ("application/json", lambda: json.dumps(room.state())),
    }

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            kind, read = files.get(self.path, ("text/plain", str))
            self.tell(kind, read())

        def do_PUT(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = room.keep(self.path.rsplit("/", 1)[1], sent["question"], sent["value"])
            if answer:
                self.tell("application/json", json.dumps(answer))

        def tell(self, kind: str, words: str) -> None:
            body = words.encode()
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", "default-src 'self'; img-src 'self' data:")
            self.end_headers()
            self.wfile.write(body)

    return Handler


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Yield a host on a port of its own."""
    kept = Room(tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler(kept)) as server:
        kept.address = f"http://127.0.0.1:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield kept
        server.shutdown()
        thread.join()


@pytest.fixture
def device(visit: Callable[..., BrowserContext]) -> BrowserContext:
    """Return a phone."""
    return visit()


def arrive(device: BrowserContext, room: Room) -> Page:
    page = device.new_page()
    page.goto(room.address)
    expect(page.locator(".pw-form")).to_be_visible()
    return page


def status(page: Page) -> Locator:
    return page.get_by_role("status")


def at(page: Page, id_: str) -> Locator:
    return page.locator(f'[data-question="{id_}"]')


KEPT_ON_DEVICE = """async () => {
  const result = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  const opening = indexedDB.open("policy-workshop", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("kept");
  const database = await result(opening);
  const entries = await result(database.transaction("kept").objectStore("kept").count());
  database.close();
  return localStorage.length + entries;
}"""
"""How many unsent words a device has in both of its places, and notes on those that it is done with."""


def nothing_is_left(page: Page) -> None:
    """Wait until the device has no unsent words any more, neither in its outbox nor in the durable one behind it."""
    for _ in range(100):
        if page.evaluate(KEPT_ON_DEVICE) == 0:
            return
        page.wait_for_timeout(50)
    pytest.fail("the device still keeps something")


NEW_VERSION = STAGE | {
    "questions": [
        question("lead", "list", "Who should lead the work on this policy?"),
        question("new", "text", "What else matters here?"),
    ]
}


def test_new_questions_come_when_nobody_is_in_one_and_all_is_sent(device: BrowserContext, room: Room) -> None:
    page = arrive(device, room)
    field = at(page, "risks").get_by_role("textbox")
    field.press_sequentially("A photo")
    expect(at(page, "risks").locator(".pw-mark")).to_have_text("Saved")
    page.evaluate("host.model.set('waits', true)")
    page.evaluate("host.model.set('values', { lead: ['Two', 'people'] })")
    page.evaluate("stage => host.model.set('stage', stage)", NEW_VERSION)
    field.press_sequentially(" shows the door")
    expect(at(page, "risks").locator(".pw-mark")).to_have_text("Saved")
    expect(field).to_have_value("A photo shows the door")
    expect(at(page, "new")).to_have_count(0)

    room.mode = "deaf"
    field.press_sequentially(".")
    field.blur()
    page.wait_for_timeout(1000)
    expect(at(page, "new")).to_have_count(0)
    room.mode = "well"
    expect(at(page, "new")).to_be_visible()
    assert room.values["risks"] == "A photo shows the door."
    assert at(page, "lead").get_by_role("textbox").first.input_value() == "Two"


def test_new_questions_come_at_once_when_nobody_is_in_one(device: BrowserContext, room: Room) -> None:
    page = arrive(device, room)
    page.evaluate("stage => host.model.set('stage', stage)", NEW_VERSION)
    expect(at(page, "new")).to_be_visible()
    expect(at(page, "risks")).to_have_count(0)


def test_another_stage_comes_at_once(device: BrowserContext, room: Room) -> None:
    page = arrive(device, room)
    at(page, "lead").get_by_role("textbox").fill("Wren")
    page.evaluate("stage => host.model.set('stage', stage)", NEW_VERSION | {"id": "next"})
    expect(at(page, "new")).to_be_visible()


def fill_every_kind(page: Page) -> None:
    at(page, "lead").get_by_role("textbox").fill("The coordinator")
    at(page, "risks").get_by_role("textbox").fill("A photo shows the door.\nSomebody is known by a car.")
    at(page, "rule").get_by_label("Only client information").check()
    for label in ("Facebook", "Video", "In our own words"):
        at(page, "platforms").get_by_label(label).check()
    at(page, "platforms").get_by_label("Write your words here").fill("Bulletin boards")
    at(page, "friends").get_by_label("Unsure").check()
    at(page, "except").get_by_role("textbox").fill("In a family")
    for label, words in (("Name", "Office"), ("Role", "Coordinator"), ("How to reach", "555-0100")):
        at(page, "contact").get_by_label(label).fill(words)
    at(page, "review").locator("input").fill("2027-03-04")
    at(page, "steps").get_by_label("Item 1", exact=True).fill("Ask the board")
    at(page, "steps").get_by_label("Item 1", exact=True).press("Enter")
    page.keyboard.type("Train the staff")
    page.keyboard.press("Tab")
    for label in ("A photo", "A chat"):
        at(page, "first").get_by_role("button", name=f"Place {label}").click()
    at(page, "first").get_by_role("button", name="Move A chat").and_(page.get_by_text("Up")).click()


def filled(page: Page) -> dict[str, object]:
    """What a person sees in the fields."""
    checked = "each => each.filter(one => one.checked).map(one => one.value)"
    texts = "each => each.map(one => one.value)"
    seen = {id_: at(page, id_).locator("[type=text], [type=date], textarea").evaluate_all(texts) for id_ in FILLED}
    return seen | {f"{id_} chosen": at(page, id_).locator(":is([type=radio], [type=checkbox])").evaluate_all(checked)
                   for id_ in ("rule", "platforms", "friends")} | {"order": order(page)}  # fmt: skip


def order(page: Page) -> list[str]:
    """The labels of what is placed, first on top."""
    return at(page, "first").locator(".pw-ranked .pw-rank-label").all_text_contents()


SEEN = {
    "lead": ["The coordinator"],
    "risks": ["A photo shows the door.\nSomebody is known by a car."],
    "rule": [""],
    "platforms": ["Bulletin boards"],
    "friends": [],
    "except": ["In a family"],
    "contact": ["Office", "Coordinator", "555-0100"],
    "review": ["2027-03-04"],
    "steps": ["Ask the board", "Train the staff"],
    "first": [],
    "order": ["A chat that goes on at night", "A photo that shows the door"],
    "rule chosen": ["narrow"],
    "platforms chosen": ["facebook", "video", "other"],
    "friends chosen": ["unsure"],
}


def test_every_kind_is_saved_and_filled_in_again(device: BrowserContext, room: Room) -> None:
    page = arrive(device, room)
    expect(status(page)).to_have_text("Ready – Answers save by themselves")

    fill_every_kind(page)
    expect(status(page)).to_have_text("Saved")
    expect(page.locator(".pw-progress")).to_have_text("10 of 10 answered")
    page.reload()
    expect(page.locator(".pw-progress")).to_have_text("10 of 10 answered")

    assert room.values == FILLED
    assert filled(page) == SEEN
    assert {each["kind"] for each in STAGE["questions"]} == set(KINDS)
    nothing_is_left(page)


@pytest.mark.parametrize("again", range(3))
def test_a_page_that_is_loaded_again_at_once_brings_no_old_word_back(
    device: BrowserContext, room: Room, again: int
) -> None:
    page = arrive(device, room)
    field = at(page, "lead").get_by_role("textbox")
    field.press_sequentially("Parents and children", delay=60)
    expect(at(page, "lead").locator(".pw-mark")).to_have_text("Saved")
    page.reload()
    expect(field).to_have_value("Parents and children")
    nothing_is_left(page)
    page.wait_for_timeout(800)

    expect(field).to_have_value("Parents and children")
    assert room.values == {"lead": "Parents and children"}, f"visit {again}"


STALE = """async ({key, done}) => {
  const asked = (asking) => new Promise((told) => { asking.onsuccess = () => told(asking.result); });
  const kept = (await asked(indexedDB.open("policy-workshop", 1))).transaction("kept", "readwrite").objectStore("kept");
  await asked(kept.put({id: "0".repeat(32), value: "An old word", at: 1000}, key));
  if (done) localStorage.setItem(`policy-workshop-done/${key}`, "1000");
}"""
"""What a page leaves that is loaded again before the vault behind its outbox could let go."""


@pytest.mark.parametrize("done", [True, False])
def test_an_old_word_of_the_vault_comes_back_only_when_nobody_was_done_with_it(
    device: BrowserContext, room: Room, done: bool
) -> None:
    page = arrive(device, room)
    field = at(page, "lead").get_by_role("textbox")
    field.fill("P")
    (key,) = page.evaluate("Object.keys(localStorage)")
    field.fill("Parents")
    expect(at(page, "lead").locator(".pw-mark")).to_have_text("Saved")
    nothing_is_left(page)
    page.evaluate(STALE, {"key": key, "done": done})
    page.reload()

    expect(field).to_have_value("Parents" if done else "An old word")
    nothing_is_left(page)
    assert room.values == {"lead": "Parents" if done else "An old word"}


def test_typing_is_saved_without_leaving_the_field(device: BrowserContext, room: Room) -> None:
    page = arrive(device, room)

    at(page, "lead").get_by_role("textbox").press_sequentially("Parents", delay=20)
    expect(at(page, "lead").locator(".pw-mark")).to_have_text("Saved")

    assert room.values == {"lead": "Parents"}
    assert all(re.fullmatch("[0-9a-f]{32}", id_) for id_ in room.answers)


def test_an_emptied_answer_is_taken_back(device: BrowserContext, room: Room) -> None:
    page = arrive(device, room)
    fill_every_kind(page)

    for id_ in ("lead", "risks", "except", "review"):
        at(page, id_).locator("input, textarea").fill("")
    for field in at(page, "contact").get_by_role("textbox").all():
        field.fill("")
    for id_ in ("rule", "friends"):
        at(page, id_).get_by_role("button", name="Clear this answer").click()
    for box in at(page, "platforms").get_by_role("checkbox", checked=True).all()[::-1]:
        box.uncheck()
    for _ in range(2):
        at(page, "steps").get_by_role("button", name="Remove item 1").click()
        at(page, "first").get_by_role("button", name="Take A").first.click()
    expect(page.locator(".pw-progress")).to_have_text("0 of 9 answered")
    expect(status(page)).to_have_text("Saved")

    assert room.values == dict.fromkeys(FILLED)


def test_a_swallowed_acknowledgement_is_told_and_stored_once(device: BrowserContext, room: Room) -> None:
    page = arrive(device, room)
    room.mode = "mute"

    at(page, "lead").get_by_role("textbox").fill("Parents")
    expect(status(page)).to_have_text("Not saved yet – kept on this device")
    expect(at(page, "lead").locator(".pw-mark")).to_have_text("Not saved yet")
    room.mode = "well"
    expect(status(page)).to_have_text("Saved")

    assert list(room.answers.values()) == [["lead", "Parents"]]
    assert len(room.said) > 1
    assert len({id_ for id_, *_ in room.said}) == 1


def test_the_newest_words_win_and_follow_the_first(device: BrowserContext, room: Room) -> None:
    page = arrive(device, room)
    room.mode = "deaf"
    field = at(page, "lead").get_by_role("textbox")

    field.fill("First")
    field.blur()
    field.fill("Second")
    field.blur()
    field.fill("Third")
    field.blur()
    expect(status(page)).to_have_text("Not saved yet – kept on this device")
    room.mode = "well"
    expect(status(page)).to_have_text("Saved")

    assert [value for _, value in room.answers.values()] == ["First", "Third"]
    nothing_is_left(page)


def test_words_of_a_killed_tab_are_back_and_sent_under_their_id(device: BrowserContext, room: Room) -> None:
    page = arrive(device, room)
    room.mode = "deaf"
    at(page, "lead").get_by_role("textbox").press_sequentially("Half a sente")
    at(page, "rule").get_by_label("Ask before posting").check()
    expect(status(page)).to_have_text(re.compile("Saving…|Not saved yet"))
    sent = {id_ for id_, *_ in room.said}

    page.close(run_before_unload=False)
    again = arrive(device, room)
    expect(at(again, "lead").get_by_role("textbox")).to_have_value("Half a sente")
    expect(at(again, "rule").get_by_label("Ask before posting")).to_be_checked()
    room.mode = "well"
    expect(status(again)).to_have_text("Saved")

    assert room.values == {"lead": "Half a sente", "rule": "asked"}
    assert set(room.answers) >= sent - {id_ for id_, _, value in room.said if value not in ("Half a sente", "asked")}
    nothing_is_left(again)


def test_what_is_typed_offline_is_sent_on_return(device: BrowserContext, room: Room) -> None:
    page = arrive(device, room)

    device.set_offline(True)
    at(page, "risks").get_by_role("textbox").fill("Typed without a network")
    expect(status(page)).to_have_text("Not saved yet – kept on this device")
    device.set_offline(False)
    expect(status(page)).to_have_text("Saved")

    assert room.values == {"risks": "Typed without a network"}


def test_a_refused_answer_stays_in_its_field_with_the_reason(device: BrowserContext, room: Room) -> None:
    page = arrive(device, room)
    room.mode = "strict"
    field = at(page, "lead").get_by_role("textbox")

    field.fill("Too long")
    expect(status(page)).to_have_text("Not saved yet – an answer needs a change")
    expect(field).to_have_value("Too long")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("The text is too long. Shorten it."))
    room.mode = "well"
    field.fill("Short")
    expect(status(page)).to_have_text("Saved")

    expect(field).not_to_have_attribute("aria-invalid", "true")
    assert room.values == {"lead": "Short"}


def test_trouble_of_the_store_is_told_and_tried_again(device: BrowserContext, room: Room) -> None:
    page = arrive(device, room)
    room.mode = "broken"

    at(page, "steps").get_by_label("Item 1", exact=True).fill("Ask")
    expect(status(page)).to_have_text("Not saved yet – kept on this device. The disk is full")
    room.mode = "well"
    expect(status(page)).to_have_text("Saved")

    assert room.values == {"steps": ["Ask"]}


def test_half_a_date_is_not_called_saved(device: BrowserContext, room: Room) -> None:
    page = arrive(device, room)
    field = at(page, "review").locator("input")

    field.focus()
    page.keyboard.type("0304")
    field.blur()
    expect(status(page)).to_have_text("Not saved yet – an answer needs a change")
    expect(field).to_have_accessible_description(re.compile("This date is not complete"))
    field.fill("2027-03-04")
    expect(status(page)).to_have_text("Saved")

    assert room.values == {"review": "2027-03-04"}


@pytest.mark.parametrize("fault", ["missing", "full"])
def test_a_device_that_keeps_nothing_does_not_break_typing(
    visit: Callable[..., BrowserContext], room: Room, fault: str
) -> None:
    device = visit()
    device.add_init_script({
        "missing": "Object.defineProperty(window, 'localStorage', {get() {throw new Error('closed')}})",
        "full": "Storage.prototype.setItem = () => {throw new Error('full')}",
    }[fault])  # fmt: skip
    page = arrive(device, room)
    room.mode = "deaf"

    at(page, "lead").get_by_role("textbox").fill("Parents")
    expect(status(page)).to_have_text("Not saved yet – please leave this page open")
    room.mode = "well"
    expect(status(page)).to_have_text("Saved")

    assert room.values == {"lead": "Parents"}


def test_a_question_comes_and_goes_and_keeps_its_words(device: BrowserContext, room: Room) -> None:
    page = arrive(device, room)
    expect(at(page, "except")).to_be_hidden()

    at(page, "friends").get_by_label("Yes").check()
    at(page, "except").get_by_role("textbox").fill("In a family")
    at(page, "friends").get_by_label("No", exact=True).check()
    expect(at(page, "except")).to_be_hidden()
    at(page, "friends").get_by_label("Yes").check()

    expect(at(page, "except").get_by_role("textbox")).to_have_value("In a family")


def test_later_values_fill_what_nobody_is_writing_in(device: BrowserContext, room: Room) -> None:
    page = arrive(device, room)
    room.mode = "deaf"
    at(page, "lead").get_by_role("textbox").fill("Mine")

    page.evaluate("host.model.set('values', {lead: 'Theirs', risks: 'Seen elsewhere'})")
    page.evaluate("host.say('msg:custom', {type: 'changed', question: 'friends', value: 'no'})")

    expect(at(page, "risks").get_by_role("textbox")).to_have_value("Seen elsewhere")
    expect(at(page, "friends").get_by_label("No", exact=True)).to_be_checked()
    expect(at(page, "lead").get_by_role("textbox")).to_have_value("Mine")


def test_a_field_that_is_left_without_typing_says_nothing_again(device: BrowserContext, room: Room) -> None:
    page = arrive(device, room)
    field = at(page, "lead").get_by_role("textbox")
    field.fill("Mine")
    expect(page.get_by_role("status")).to_have_text("Saved")

    page.evaluate("host.model.set('values', {lead: 'Theirs'})")
    expect(field).to_have_value("Mine")
    field.blur()

    expect(field).to_have_value("Theirs")
    field.focus()
    field.press_sequentially("!")
    expect(page.get_by_role("status")).to_have_text("Saved")
    assert [value for _, _, value in room.said] == ["Mine", "Theirs!"]


def test_a_new_stage_turns_the_page_and_loses_nothing(device: BrowserContext, room: Room) -> None:
    page = arrive(device, room)
    room.mode = "deaf"
    at(page, "lead").get_by_role("textbox").fill("Just typed")

    page.evaluate("host.model.set('stage', {id: 'two', title: 'Report back', questions: []})")
    expect(page.get_by_role("heading", name="Report back")).to_be_visible()
    room.mode = "well"
    expect(status(page)).to_have_text("Saved")

    assert room.values == {"lead": "Just typed"}


def test_a_closed_form_is_read_not_changed(device: BrowserContext, room: Room) -> None:
    room.keep("0" * 32, "lead", "Parents")
    page = arrive(device, room)

    page.evaluate("host.model.set('editable', false)")

    expect(at(page, "lead").get_by_role("textbox")).not_to_be_editable()
    expect(at(page, "friends").get_by_label("Yes")).to_be_disabled()
    expect(status(page)).to_have_text("Closed – answers can be read, not changed")


def test_markup_in_a_worksheet_or_an_answer_is_only_words(device: BrowserContext, room: Room) -> None:
    evil = "<img src=x onerror=\"document.title='run'\"><b>bold</b>"
    room.stage = STAGE | {"title": evil, "questions": [question("lead", "text", evil, why=evil, help=evil)]}
    room.keep("0" * 32, "lead", evil)

    page = arrive(device, room)

    expect(at(page, "lead").get_by_role("textbox")).to_have_value(evil)
    assert page.locator(".pw-form :is(img, b)").count() == 0
    assert page.title() == "Form"


def test_a_form_taken_off_the_page_leaves_nothing_behind(device: BrowserContext, room: Room) -> None:
    page = arrive(device, room)
    at(page, "lead").get_by_role("textbox").fill("Last words")

    page.evaluate("host.close()")
    expect(page.locator(".pw-form")).to_have_count(0)
    page.wait_for_function("fetch('/state').then((it) => it.json()).then((it) => it.values.lead === 'Last words')")

    assert room.values == {"lead": "Last words"}


def test_keys_do_not_leak_to_the_page_around(device: BrowserContext, room: Room) -> None:
    page = arrive(device, room)
    page.evaluate("document.addEventListener('keydown', () => { document.title = 'leaked' })")

    at(page, "lead").get_by_role("textbox").press_sequentially("dd")

    assert page.title() == "Form"
    expect(page.locator(".pw-form")).to_have_attribute("data-lm-suppress-shortcuts", "true")


def test_the_keyboard_alone_is_enough(device: BrowserContext, room: Room) -> None:
    page = arrive(device, room)
    keys = page.keyboard

    keys.press("Tab")
    keys.type("The coordinator")
    keys.press("Tab")
    keys.type("A photo")
    keys.press("Tab")  # the first option of the rule
    keys.press("Space")
    for _ in range(3):  # two "why, risk and source" and "clear"
        keys.press("Tab")
    keys.press("Tab")  # platforms
    keys.press("Space")
    for _ in range(5):
        keys.press("Tab")
    keys.press("ArrowDown")  # friends: no
    keys.press("Tab")
    keys.press("Tab")  # contact
    keys.type("Office")
    for _ in range(3):
        keys.press("Tab")
    keys.type("03042027")
    while not page.evaluate("document.activeElement.closest('[data-question=steps]')"):
        keys.press("Tab")
    keys.type("One")
    keys.press("Enter")
    keys.type("Two")
    keys.press("Enter")
    keys.press("Backspace")
    keys.press("Tab")
    while not page.evaluate("document.activeElement.closest('[data-question=first]')"):
        keys.press("Tab")
    keys.press("Enter")  # the first of three is placed, and the next is two further
    for _ in range(3):
        keys.press("Tab")
    keys.press("Space")
    keys.press("Space")  # the button that moves up has the focus now
    expect(at(page, "first").locator("[aria-live]").first).to_have_text(
        "A chat that goes on at night: now number 1 of 2"
    )
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")  # and is taken out again
    expect(at(page, "first").get_by_role("button", name="Place A chat")).to_be_focused()
    expect(status(page)).to_have_text("Saved")

    assert room.values == {
        "lead": "The coordinator", "risks": "A photo", "rule": "narrow", "platforms": ["facebook"],
        "friends": "no", "contact": {"name": "Office"}, "review": "2027-03-04", "steps": ["One", "Two"],
        "first": ["photo"],
    }  # fmt: skip


def test_focus_is_seen_and_targets_are_large(device: BrowserContext, room: Room) -> None:
    page = arrive(device, room)

    small = page.locator(".pw-form :is(.pw-field, .pw-option, button, summary):visible").evaluate_all(
        "each => each.filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML)"
    )
    sizes = page.locator(".pw-field").evaluate_all(
        "each => each.map(one => parseFloat(getComputedStyle(one).fontSize))"
    )
    page.keyboard.press("Tab")
    ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")

    assert small == []
    assert min(sizes) >= 16
    assert ring == "solid"


@pytest.mark.parametrize(("width", "zoom"), [(320, 100), (390, 100), (390, 200), (320, 200), (1280, 200)])
def test_nothing_is_cut_at_the_side(visit: Callable[..., BrowserContext], room: Room, width: int, zoom: int) -> None:
    page = arrive(visit(width, 700), room)
    fill_every_kind(page)

    page.add_style_tag(url="/host.css")
    page.evaluate(f"document.documentElement.style.fontSize = '{zoom}%'")
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    wide = page.evaluate("document.documentElement.scrollWidth")
    over = page.locator(".pw-form *:visible").evaluate_all(
        "each => each.filter(one => one.getBoundingClientRect().right > innerWidth + 1).map(one => one.className)"
    )

    assert wide <= width
    assert over == []


def found_in_python(words: str) -> list[str]:
    found = cautions(WORKSHEET, [CheckedText("here", words, "long_text")], {})
    return sorted({each.rule for each in found if each.rule.startswith("c1_")})


def test_the_browser_finds_in_every_example_what_the_checks_find(device: BrowserContext, room: Room) -> None:
    page = arrive(device, room)
    texts = [*EXAMPLES["catches"], *EXAMPLES["passes"], f"{'word ' * 400}Call (313) 555-0142. {'word ' * 400}"]
    texts += [f"A first sentence, e.g. this one. {each}\n- {each}" for each in EXAMPLES["catches"]]

    found = page.evaluate(
        """async ([rules, texts]) => {
            const wire = new (await import("/client_details.js")).ClientDetailFinder(rules);
            return texts.map((text) => [...new Set(wire.find("long_text", text).map((hit) => hit.rule))].sort());
        }""",
        [client_detail_rules(WORKSHEET), texts],
    )

    assert found == [found_in_python(each) for each in texts]
    assert all(found[: len(EXAMPLES["catches"])])
    assert not any(found[len(EXAMPLES["catches"]) : len(EXAMPLES["catches"]) + len(EXAMPLES["passes"])])
    assert min(len(EXAMPLES["catches"]), len(EXAMPLES["passes"])) >= 60


def test_sentences_end_in_the_browser_where_they_end_in_the_checks(device: BrowserContext, room: Room) -> None:
    page = arrive(device, room)
    texts = [
        "One. Two! three? Four… five", "See e.g. the law. U.S. law. No. 5 is it. A. B. came", "- a\n* b\n 3) c\nd",
        "He said \u201cno.\u201d Then left", "x" * 1900, "", " \n\t ", "\u00c9lise. \u00e9t\u00e9. Fin.\r\nNext\rLast",
    ]  # fmt: skip

    found = page.evaluate("async (texts) => texts.map((await import('/sentences.js')).sentences)", texts)

    assert found == [list(sentences(each.replace("\r\n", "\n").replace("\r", "\n"))) for each in texts]


PHONE = "313-555-0142"


@pytest.fixture
def wired(device: BrowserContext, room: Room) -> Page:
    """Return the form with the rules for client details."""
    room.stage = STAGE | {"tripwire": client_detail_rules(WORKSHEET)}
    return arrive(device, room)


def without_ids(kept: str) -> str:
    """Return what is kept without ids and times: any number can stand in them by chance."""
    return re.sub(r"[0-9a-f]{32}|\b\d{13}\b", "", kept)


def kept_on_the_device(page: Page) -> str:
    return without_ids(page.evaluate("JSON.stringify({...localStorage})"))


def asked(page: Page, id_: str) -> Locator:
    return at(page, id_).locator(".pw-tripwire")


def test_a_client_detail_stays_in_the_field_until_somebody_decides(wired: Page, room: Room) -> None:
    field = at(wired, "risks").get_by_role("textbox")

    field.press_sequentially(f"Call her at {PHONE}")
    expect(status(wired)).to_have_text("Not saved – look at the question below")
    expect(asked(wired, "risks")).to_contain_text("This looks like a phone number")
    expect(asked(wired, "risks")).to_contain_text("Client details should not be here.")
    field.press_sequentially(" tonight")
    field.blur()
    wired.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    at(wired, "lead").get_by_role("textbox").fill("The coordinator")
    expect(at(wired, "lead").locator(".pw-mark")).to_have_text("Saved")

    assert [value for _, key, value in room.said if key == "risks" and "555" in str(value)] == []
    assert "555" not in kept_on_the_device(wired)
    expect(field).to_have_value(f"Call her at {PHONE} tonight")


def test_what_is_kept_is_saved_and_not_asked_again(wired: Page, room: Room) -> None:
    field = at(wired, "risks").get_by_role("textbox")
    field.fill(f"The office has {PHONE}")

    asked(wired, "risks").get_by_role("button", name="Keep it").click()
    expect(status(wired)).to_have_text("Saved")
    field.fill(f"The office has {PHONE} in the daytime")
    expect(at(wired, "risks").locator(".pw-mark")).to_have_text("Saved")
    wired.reload()
    field.fill(f"Our office has {PHONE} in the daytime")
    expect(at(wired, "risks").locator(".pw-mark")).to_have_text("Saved")
    expect(status(wired)).to_have_text("Saved")

    assert room.values == {"risks": f"Our office has {PHONE} in the daytime"}
    expect(asked(wired, "risks")).to_be_hidden()


def test_what_is_changed_is_saved_and_counted_without_its_words(wired: Page, room: Room) -> None:
    field = at(wired, "steps").get_by_label("Item 1", exact=True)
    field.fill("Client Denise told her story")

    asked(wired, "steps").get_by_role("button", name="Change it").click()
    expect(field).to_be_focused()
    field.fill("A client told her story")
    expect(status(wired)).to_have_text("Saved")

    assert room.values == {"steps": ["A client told her story"]}
    assert wired.evaluate("host.told") == [{"type": "tripwire", "rule": "c1_role_name", "kept": False}]


def test_each_find_is_asked_about_and_a_contact_is_not(wired: Page, room: Room) -> None:
    at(wired, "contact").get_by_label("How to reach").fill(PHONE)
    at(wired, "platforms").get_by_label("In our own words").check()
    at(wired, "platforms").get_by_label("Write your words here").fill("write to jane@example.net or 313-555-0143")
    keep = asked(wired, "platforms").get_by_role("button", name="Keep it")

    keep.click()
    expect(asked(wired, "platforms")).to_be_visible()
    keep.click()
    expect(status(wired)).to_have_text("Saved")

    own = {"other": "write to jane@example.net or 313-555-0143"}
    assert room.values == {"contact": {"reach": PHONE}, "platforms": [own]}
    assert sorted(each["rule"] for each in wired.evaluate("host.told")) == ["c1_email", "c1_phone"]


def test_words_that_wait_for_a_decision_survive_a_turn_of_the_page(wired: Page, room: Room) -> None:
    at(wired, "lead").get_by_role("textbox").fill(f"Call {PHONE}")
    expect(asked(wired, "lead")).to_be_visible()

    stage = wired.evaluate("host.model.get('stage')")
    wired.evaluate("host.model.set('stage', {id: 'two', title: 'Report back', questions: []})")
    wired.evaluate("stage => host.model.set('stage', stage)", stage)

    expect(at(wired, "lead").get_by_role("textbox")).to_have_value(f"Call {PHONE}")
    expect(asked(wired, "lead")).to_be_visible()
    assert PHONE not in kept_on_the_device(wired)


def test_what_had_its_pause_before_stays_on_the_device(wired: Page, room: Room) -> None:
    room.mode = "deaf"
    field = at(wired, "risks").get_by_role("textbox")
    field.fill("First")
    field.blur()
    field.fill("A photo shows the door")
    field.blur()

    field.fill(f"A photo shows the door and {PHONE}")
    expect(asked(wired, "risks")).to_be_visible()

    assert "A photo shows the door" in kept_on_the_device(wired)
    assert "555" not in kept_on_the_device(wired)
    room.mode = "well"
    asked(wired, "risks").get_by_role("button", name="Keep it").click()
    expect(status(wired)).to_have_text("Saved")
    assert room.values == {"risks": f"A photo shows the door and {PHONE}"}


STATES: dict[str, Callable[[Page, Room], None]] = {}


def state(act: Callable[[Page, Room], None]) -> Callable[[Page, Room], None]:
    STATES[act.__name__] = act
    return act


@state
def empty(page: Page, room: Room) -> None:
    expect(status(page)).to_contain_text("Ready")


@state
def answered(page: Page, room: Room) -> None:
    fill_every_kind(page)
    expect(status(page)).to_have_text("Saved")


@state
def refused(page: Page, room: Room) -> None:
    room.mode = "deaf"  # nothing is refused yet: a reason above a field would move it while it is pressed
    fill_every_kind(page)
    room.mode = "strict"
    expect(page.locator(".pw-error:visible")).to_have_count(10, timeout=20_000)


@state
def unsaved(page: Page, room: Room) -> None:
    room.mode = "deaf"
    fill_every_kind(page)
    expect(status(page)).to_contain_text("Not saved yet")


@state
def asked_about(page: Page, room: Room) -> None:
    page.evaluate("stage => host.model.set('stage', stage)", STAGE | {"tripwire": client_detail_rules(WORKSHEET)})
    at(page, "risks").get_by_role("textbox").fill(f"Call her at {PHONE} tonight")
    at(page, "steps").get_by_label("Item 1", exact=True).fill("Client Denise told her story")
    expect(page.locator(".pw-tripwire:visible")).to_have_count(2)


@state
def closed(page: Page, room: Room) -> None:
    fill_every_kind(page)
    expect(status(page)).to_have_text("Saved")
    page.evaluate("host.model.set('editable', false)")


STRICT = {
    "resultTypes": ["violations"],
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", list(STATES))
def test_axe_finds_nothing(
    visit: Callable[..., BrowserContext], room: Room, name: str, scheme: str, shots: Path | None
) -> None:
    page = arrive(visit(color_scheme=scheme, reduced_motion="reduce"), room)
    STATES[name](page, room)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")

    found = Axe().run(page, context=".pw-form", options=STRICT)
    if shots:
        page.screenshot(path=shots / f"form-{name}-{scheme}-390.png", full_page=True)

    assert [(each["id"], [one["html"] for one in each["nodes"]]) for each in found.response["violations"]] == []


@pytest.mark.parametrize(("width", "height"), [(390, 844), (320, 568), (1280, 800)])
def test_it_fits_the_screen_and_the_word_stays_in_sight(
    visit: Callable[..., BrowserContext], room: Room, width: int, height: int, shots: Path | None
) -> None:
    page = arrive(visit(width, height), room)
    if shots:
        page.screenshot(path=shots / f"form-top-{width}.png")
    fill_every_kind(page)
    expect(status(page)).to_have_text("Saved")
    if shots:
        page.screenshot(path=shots / f"form-end-{width}.png")

    expect(status(page)).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
