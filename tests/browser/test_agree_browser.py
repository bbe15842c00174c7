"""Think, pair, agree in a real browser: people of two organizations, each on a phone, in one real workshop."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sheets import written
from stored import opinions_of
from test_form_browser import HOST_CSS, PAGE, STRICT, kept_on_the_device, without_ids

from toolkit import Workshop
from toolkit.answers.agreement import Opinion
from toolkit.answers.model import Answer, Organization, Person
from toolkit.errors import WorkshopError
from toolkit.notebook.form_widget import CSS, ESM
from toolkit.worksheets.stage_json import stage_view

pytestmark = pytest.mark.browser

QUESTIONS = """
- {id: serve, kind: long_text, ask: "Who do you serve?", why: "The policy protects these people."}
- {id: may, kind: yes_no_unsure, ask: "May staff use their job title online?"}
- id: media
  kind: choices
  ask: "Which media count?"
  options: [{id: chat, label: Chats}, {id: photo, label: Photos}, {id: live, label: Live video}]
- id: first
  kind: ranking
  ask: "Which risks come first?"
  options: [{id: door, label: A photo shows the door}, {id: night, label: Chats at night}, {id: tags, label: Tags}]
"""
CHECKS = """
cautions:
  - id: c1_phone
    name: This looks like a phone number
    pattern: '[0-9]{3}-[0-9]{4}'
    why: Client details should not be here.
    narrower: Take it out.
    sources: [Nobody]
    checked: 2026-01-15
"""
SERVED = {
    "ann": "Young people who come for testing and advice.",
    "bob": "Parents and children in two counties.",
    "cat": "Everybody who calls.",
}

HOST = """import form from "/form.js";
const person = location.pathname.slice(1);
const state = await (await fetch(`/state/${person}`)).json();
const ears = {};
const say = (name, ...said) => (ears[name] ?? []).forEach((ear) => ear(...said));
const send = async (message) => {
  try {
    const answer = await fetch(`/say/${person}`, { method: "POST", body: JSON.stringify(message) });
    const said = await answer.json();
    if (said.type) say("msg:custom", { id: message.id, question: message.question, ...said });
  } catch { /* the network is away: the form hears nothing */ }
};
const model = {
  get: (name) => state[name],
  set(name, value) { state[name] = value; say(`change:${name}`); },
  send,
  on(name, ear) { (ears[name] ??= []).push(ear); },
  off(name, ear) { ears[name] = (ears[name] ?? []).filter((each) => each !== ear); },
};
setInterval(async () => {
  try { model.set("voices", await (await fetch(`/voices/${person}`)).json()); } catch { /* away */ }
}, 200);
window.host = { model, close: form.render({ model, el: document.querySelector("main") }) };
"""


class Room:
    """The test's own host around a real workshop: a person is who the address names."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop, self.address, self.writing, self.told = workshop, "", [], []
        self.people: dict[str, tuple[Organization, Person]] = {}
        for organization, names in {"Harbor House": ("ann", "bob", "cat"), "North Clinic": ("zoe", "yan")}.items():
            (group,) = workshop.roster.register(organization)
            for name in names:
                self.people[name] = (
                    group,
                    workshop.roster.join(group.id, {"ann": "Wren", "bob": "Otter"}.get(name, "")),
                )

    def state(self, name: str) -> dict[str, object]:
        group, person = self.people[name]
        stage = stage_view(self.workshop.worksheet, "one", "core")
        values = self.workshop.discussion.values(group.id, person.id, "mine")
        identity = f"w/{group.id}/{person.id}"
        return {"stage": stage, "values": values, "identity": identity, "editable": True, "voices": self.voices(name)}

    def voices(self, name: str) -> dict[str, object]:
        group, person = self.people[name]
        return self.workshop.discussion.voices(group.id, person.id)

    def say(self, name: str, said: dict[str, object]) -> dict[str, object]:
        try:
            getattr(self, f"_{said['type']}")(*self.people[name], said)
        except WorkshopError as fault:
            return {"type": "refused", "says": str(fault)}
        return {"type": "saved"} if "id" in said else {}

    def _save(self, group: Organization, person: Person, said: dict) -> None:
        self.workshop.discussion.save(Answer(said["id"], group.id, person.id, said["question"], said["value"]))

    def _propose(self, group: Organization, person: Person, said: dict) -> None:
        parts = (said["id"], group.id, person.id, said["question"], said["value"], "ours")
        self.workshop.discussion.propose(Answer(*parts, made_from=tuple(said["made_from"]), note=said["note"]))

    def _opinion(self, group: Organization, person: Person, said: dict) -> None:
        self.workshop.discussion.judge(group.id, Opinion(said["answer"], person.id, said["agrees"], said["note"]))

    def _reveal(self, group: Organization, _: Person, said: dict) -> None:
        self.workshop.discussion.reveal(group.id, said["question"])

    def _writing(self, group: Organization, person: Person, said: dict) -> None:
        self.writing.append((said["question"], person.id))
        self.workshop.discussion.mark_typing(group.id, person.id, said["question"])

    def _tripwire(self, _: Organization, __: Person, said: dict) -> None:
        self.told.append(said)

    def answer(self, name: str, question: str, value: object) -> None:
        """Let a person answer on another device."""
        group, person = self.people[name]
        self.workshop.discussion.save(Answer(f"{name}-{question}-{value}", group.id, person.id, question, value))

    def all_answer(self) -> None:
        for name, words in SERVED.items():
            self.answer(name, "serve", words)
        for name, value in {"ann": "yes", "bob": "no"}.items():
            self.answer(name, "may", value)
        for name, value in {"ann": ["chat", "photo"], "bob": ["chat"], "cat": ["chat", "live"]}.items():
            self.answer(name, "media", value)
        for name, value in {"ann": ["night", "door"], "bob": ["night"], "cat": ["tags", "night"]}.items():
            self.answer(name, "first", value)

    def reveal(self, *questions: str) -> None:
        for question in questions:
            self.workshop.discussion.reveal(self.people["ann"][0].id, question)


def handler(room: Room) -> type[BaseHTTPRequestHandler]:
    files = {
        "host.js": ("text/javascript", lambda: HOST),
        "host.css": ("text/css", lambda: HOST_CSS),
        "form.js": ("text/javascript", lambda: ESM),
        "form.css": ("text/css", lambda: CSS),
    }

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            part, _, name = self.path.strip("/").partition("/")
            if name:
                self.tell("application/json", json.dumps(getattr(room, part)(name)))
            elif part in room.people:
                self.tell("text/html", PAGE)
            else:
                kind, read = files.get(part, ("text/plain", str))
                self.tell(kind, read())

        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.tell("application/json", json.dumps(room.say(self.path.rsplit("/", 1)[1], said)))

        def tell(self, kind: str, words: str) -> None:
            body = words.encode()
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", "default-src 'self'; img-src 'self' data:")
            self.end_headers()
            self.wfile.write(body)

    return Handler


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A page that is closed in the middle of an answer is no fault."""


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Yield a workshop with two organizations, on a port of its own."""
    folder = written(tmp_path / "sheet", QUESTIONS)
    (folder / "checks.yaml").write_text(CHECKS, encoding="utf-8")
    with Workshop.open(tmp_path / "workshop", worksheet=str(folder)) as workshop:
        kept = Room(workshop)
        with _Server(("127.0.0.1", 0), handler(kept)) as server:
            kept.address = f"http://127.0.0.1:{server.server_port}/"
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            yield kept
            server.shutdown()
            thread.join()


Arrive = Callable[..., Page]


@pytest.fixture
def arrive(visit: Callable[..., BrowserContext], room: Room) -> Iterator[Arrive]:
    """Yield what lets a person open the page on a device of their own."""
    pages: list[Page] = []

    def come(name: str, width: int = 390, height: int = 844, **options: object) -> Page:
        page = visit(width, height, **options).new_page()
        page.goto(room.address + name)
        expect(page.locator(".pw-form")).to_be_visible()
        pages.append(page)
        return page

    yield come
    for page in pages:
        page.close()


def field(page: Page, question: str) -> Locator:
    return page.locator(f'[data-question="{question}"]')


def agree(page: Page, question: str = "serve") -> Locator:
    return page.locator(f'[data-agree="{question}"]')


def press(place: Locator, name: str, **options: object) -> None:
    place.get_by_role("button", name=name, **options).click()


def test_alone_first_then_together_then_one_text_with_one_dissent(arrive: Arrive, room: Room) -> None:
    ann, bob, cat = (arrive(name) for name in SERVED)
    zoe = arrive("zoe")
    for page, words in zip((ann, bob, cat), SERVED.values(), strict=True):
        field(page, "serve").get_by_role("textbox").fill(words)
        expect(page.locator(".pw-status .pw-word")).to_have_text("Saved")  # so that they are saved in this order
    field(zoe, "serve").get_by_role("textbox").fill("Another organization's words")
    expect(agree(ann)).to_contain_text(
        "For now, you and your colleagues can't see each other's answers. 3 of 3 have answered."
    )
    expect(agree(zoe)).to_contain_text("1 of 2 have answered")
    assert SERVED["bob"] not in ann.content()

    press(agree(ann), "Show each other our answers")
    for page in (ann, bob, cat):
        expect(agree(page).locator(".pw-voice")).to_have_count(3)
    assert agree(bob).locator(".pw-voice .pw-who").all_text_contents() == ["Wren", "You", "A colleague"]

    for who in ("Wren", "You"):
        agree(bob).get_by_role("checkbox", name=f"Combine {who}").check()
    press(agree(bob), "Combine the ticked (2)")
    text = agree(bob).get_by_role("textbox", name="Our answer")
    expect(text).to_have_value(f"{SERVED['ann']}\n{SERVED['bob']}")
    text.fill("Young people, parents and children in two counties.")
    press(agree(bob), "Offer this to everybody")

    press(agree(ann), "I agree")
    expect(agree(ann).locator(".pw-offer .pw-chip")).to_have_text("Agreed")
    press(agree(cat), "I see it differently (keep a note)")
    agree(cat).get_by_label("If you see it differently, say why").fill("Callers are missing.")
    press(agree(cat), "Keep my note")
    expect(agree(bob).locator(".pw-dissent")).to_have_text("A colleague: Callers are missing.")
    expect(agree(bob).locator(".pw-offer")).to_contain_text("Made from the answers of: Wren, You. 2 of 3 agree.")

    group, _ = room.people["bob"]
    held = room.workshop.discussion.positions(group.id)["serve"]
    made_from = {
        each.id
        for each in room.workshop.discussion.standing()
        if each.voice == "mine" and each.organization == group.id
    }
    assert (held.value, held.status, held.of) == ("Young people, parents and children in two counties.", "agreed", 3)
    assert len(made_from & set(held.voices)) == 2
    assert "Callers are missing." in {each.note for each in held.dissent}
    assert SERVED["cat"] in {each.words for each in held.dissent}
    assert room.workshop.discussion.positions(room.people["zoe"][0].id)["serve"].value == "Another organization's words"
    for other in (zoe, arrive("yan")):
        assert "two counties" not in other.content()
        expect(agree(other).locator(".pw-voice, .pw-offer")).to_have_count(0)


def test_a_later_text_stands_beside_and_never_instead(arrive: Arrive, room: Room) -> None:
    room.all_answer()
    room.reveal("serve")
    ann, cat = arrive("ann"), arrive("cat")

    press(agree(ann), "Use this: the answer of Otter")
    press(agree(ann), "Offer this to everybody")
    expect(agree(cat).locator(".pw-offer")).to_have_count(1)
    press(agree(cat), "Write our own")
    agree(cat).get_by_role("textbox", name="Our answer").fill("All who call or come.")
    agree(cat).get_by_label("If you see it differently, say why (optional)").fill("Shorter")
    press(agree(cat), "Offer this to everybody")

    offers = agree(ann).locator(".pw-offer")
    expect(offers).to_have_count(2)
    expect(offers.nth(0)).to_contain_text("This text stands")
    expect(offers.nth(0)).to_contain_text(SERVED["bob"])
    expect(offers.nth(1)).to_contain_text("Another text beside it")
    expect(offers.nth(1)).to_contain_text("Note: Shorter")


def test_equal_answers_share_one_card_and_stand_behind_what_is_made_of_them(arrive: Arrive, room: Room) -> None:
    for name, words in {"ann": "Families", "bob": "Families", "cat": "Young people"}.items():
        room.answer(name, "serve", words)
    ann = arrive("ann")
    press(agree(ann), "Show each other our answers")
    cards = agree(ann).locator(".pw-voice")

    expect(cards).to_have_count(2)
    expect(cards.first).to_contain_text("You, Otter")
    cards.first.get_by_role("button").first.click()
    press(agree(ann), "Offer this to everybody")
    expect(agree(ann).locator(".pw-offer")).to_contain_text("You, Otter")


def test_options_are_counted_and_a_tie_is_called_a_tie(arrive: Arrive, room: Room) -> None:
    room.all_answer()
    room.reveal("may", "media", "first")
    page = arrive("ann")

    counts = {each: agree(page, each).locator(".pw-count").all_text_contents() for each in ("may", "media", "first")}

    assert counts == {
        "may": ["Yes1", "No1"], "media": ["Chats3", "Photos1", "Live video1"],
        "first": ["Chats at night8 points", "Tags3 points", "A photo shows the door2 points"],
    }  # fmt: skip
    expect(agree(page, "may")).to_contain_text("It is a tie: nothing has a majority.")
    expect(agree(page, "media").locator(".pw-tie")).to_have_count(0)
    expect(agree(page, "serve").locator(".pw-count")).to_have_count(0)


def test_a_proposal_that_is_not_acknowledged_is_kept_and_sent_once(arrive: Arrive, room: Room) -> None:
    room.all_answer()
    room.reveal("serve")
    page = arrive("ann")
    page.context.set_offline(True)

    press(agree(page), "Use this: the answer of Otter")
    press(agree(page), "Offer this to everybody")
    expect(page.get_by_role("status")).to_have_text("Not saved yet – kept on this device")
    page.close(run_before_unload=False)
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto(f"{room.address}ann")
    expect(agree(again).locator(".pw-offer")).to_have_count(1)
    expect(again.get_by_role("status")).to_have_text("Saved")

    assert [
        each.value for each in room.workshop.discussion.history(room.people["ann"][0].id) if each.voice == "ours"
    ] == [SERVED["bob"]]
    again.close()


def test_colleagues_see_that_somebody_writes_and_nobody_is_disturbed(arrive: Arrive, room: Room) -> None:
    room.all_answer()
    room.reveal("serve")
    ann, bob = arrive("ann"), arrive("bob")
    press(agree(ann), "Write our own")
    text = agree(ann).get_by_role("textbox", name="Our answer")

    text.press_sequentially("We serve")
    expect(agree(bob).locator(".pw-writing")).to_have_text("Wren is writing…")
    expect(agree(ann).locator(".pw-writing")).to_be_empty()
    room.answer("cat", "serve", "Changed in the meantime")
    expect(agree(ann)).to_contain_text("Changed in the meantime")

    expect(text).to_be_focused()
    expect(text).to_have_value("We serve")
    assert 1 <= len(room.writing) <= 2
    stage = ann.evaluate("host.model.get('stage')")
    ann.evaluate("host.model.set('stage', {id: 'two', title: 'Report back', questions: []})")
    ann.evaluate("stage => host.model.set('stage', stage)", stage)
    expect(text).to_have_value("We serve")


def test_client_details_are_asked_about_in_a_proposal_and_a_note(arrive: Arrive, room: Room) -> None:
    room.all_answer()
    room.reveal("serve")
    ann, bob = arrive("ann"), arrive("bob")

    press(agree(ann), "Write our own")
    agree(ann).get_by_role("textbox", name="Our answer").fill("Call 555-0142")
    press(agree(ann), "Offer this to everybody")
    expect(agree(ann)).to_contain_text("This looks like a phone number: “555-0142”. Client details should not be here.")
    assert "555" not in kept_on_the_device(ann)
    assert "555" not in without_ids(str(room.workshop.discussion.history(room.people["ann"][0].id)))
    press(agree(ann), "Keep it")
    press(agree(bob), "I see it differently (keep a note)")
    agree(bob).get_by_label("If you see it differently, say why").fill("It is 555-0199")
    press(agree(bob), "Keep my note")
    press(agree(bob), "Change it")
    agree(bob).get_by_label("If you see it differently, say why").fill("It is another")
    press(agree(bob), "Keep my note")

    expect(agree(ann).locator(".pw-dissent")).to_have_text("Otter: It is another")
    assert [each["kept"] for each in room.told] == [True, False]
    assert "555-0199" not in str(opinions_of(room.workshop))


def test_a_refused_proposal_comes_back_with_the_reason(arrive: Arrive, room: Room) -> None:
    room.all_answer()
    room.reveal("serve")
    page = arrive("ann")
    press(agree(page), "Write our own")
    agree(page).get_by_role("textbox", name="Our answer").fill("x" * 20_001)
    press(agree(page), "Offer this to everybody")

    expect(agree(page).get_by_role("alert").filter(has_text="20,000 fit")).to_be_visible()
    expect(agree(page).get_by_role("textbox", name="Our answer")).to_have_value("x" * 20_001)
    agree(page).get_by_role("textbox", name="Our answer").fill("Short")
    press(agree(page), "Offer this to everybody")
    expect(agree(page).locator(".pw-offer")).to_contain_text("Short")


def test_a_closed_form_shows_voices_and_takes_no_act(arrive: Arrive, room: Room) -> None:
    room.all_answer()
    room.reveal("serve")
    page = arrive("ann")

    page.evaluate("host.model.set('editable', false)")

    expect(agree(page).locator(".pw-voice")).to_have_count(3)
    expect(agree(page).get_by_role("button")).to_have_count(0)


STATES: dict[str, Callable[[Page, Room], None]] = {}


def state(act: Callable[[Page, Room], None]) -> Callable[[Page, Room], None]:
    STATES[act.__name__] = act
    return act


@state
def alone(page: Page, room: Room) -> None:
    expect(agree(page)).to_contain_text("3 of 3 have answered")


@state
def together(page: Page, room: Room) -> None:
    room.reveal("serve", "may", "media", "first")
    expect(agree(page, "first").locator(".pw-count")).to_have_count(3)


@state
def editing(page: Page, room: Room) -> None:
    together(page, room)
    for question in ("serve", "media", "first"):
        press(agree(page, question), "Use this: the answer of Otter")
    group, bob = room.people["bob"]
    room.workshop.discussion.mark_typing(group.id, bob.id, "serve")
    expect(agree(page).locator(".pw-writing")).to_have_text("Otter is writing…")


@state
def offered(page: Page, room: Room) -> None:
    together(page, room)
    group, bob = room.people["bob"]
    parts = ("o1", group.id, bob.id, "serve", "Young people, parents and children in two counties.", "ours")
    room.workshop.discussion.propose(
        Answer(*parts, made_from=tuple(f"{name}-serve-{SERVED[name]}" for name in ("ann", "bob")))
    )
    room.workshop.discussion.propose(
        Answer("o2", group.id, room.people["cat"][1].id, "serve", "All who call.", note="Shorter")
    )
    room.workshop.discussion.judge(group.id, Opinion("o1", room.people["cat"][1].id, False, "Callers are missing."))
    expect(agree(page).locator(".pw-offer")).to_have_count(2)
    press(agree(page).locator(".pw-offer").first, "I agree")
    expect(agree(page).locator(".pw-offer").first).to_contain_text("2 of 3 agree")


@pytest.mark.parametrize(("width", "height", "scheme"), [(390, 844, "light"), (1280, 800, "dark")])
@pytest.mark.parametrize("name", list(STATES))
def test_axe_finds_nothing_and_nothing_is_cut(
    arrive: Arrive, room: Room, name: str, width: int, height: int, scheme: str, shots: Path | None
) -> None:
    room.all_answer()
    page = arrive("ann", width, height, color_scheme=scheme, reduced_motion="reduce")
    STATES[name](page, room)

    found = Axe().run(page, context=".pw-form", options=STRICT)
    small = page.locator(".pw-agree :is(button, .pw-field, .pw-option):visible").evaluate_all(
        "each => each.filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML)"
    )
    if shots:
        page.screenshot(path=shots / f"agree-{name}-{width}.png", full_page=True)
        agree(page).screenshot(path=shots / f"agree-{name}-{width}-first.png")

    assert [(each["id"], [one["html"] for one in each["nodes"]]) for each in found.response["violations"]] == []
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "zoom"), [(320, 100), (320, 200), (390, 200)])
def test_nothing_is_cut_when_it_is_large(arrive: Arrive, room: Room, width: int, zoom: int) -> None:
    room.all_answer()
    page = arrive("ann", width, 700)
    editing(page, room)

    page.evaluate(f"document.documentElement.style.fontSize = '{zoom}%'")
    over = page.locator(".pw-form *:visible").evaluate_all(
        "each => each.filter(one => one.getBoundingClientRect().right > innerWidth + 1).map(one => one.className)"
    )

    assert over == []
