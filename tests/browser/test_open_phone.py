"""A phone's page that was open all along, in a real browser: as one opened now; new questions come by themselves."""

from __future__ import annotations

import datetime
import json
import random
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from join_server import Server, joined, plain
from playwright.sync_api import BrowserContext, Page, Request, expect
from worksheet_versions import SheetVersion, write

from toolkit import Workshop
from toolkit.answers.model import SCRIBE, Answer
from toolkit.facilitation import report_back, stages
from toolkit.facilitation.events import EndEvent
from toolkit.storage.store import new_id

pytestmark = pytest.mark.browser

NOTES = "stakeholders_notes"
LOOK = 600
"""Milliseconds in which the join page has looked at the store once."""
AT_MOST = 20
"""Seconds after which a page that still shows something else is wrong, on a busy machine too."""
CHANGED = SheetVersion(has_other_label=True, has_fewer_options=True, has_more_questions=True)
Visit = Callable[..., BrowserContext]

SHOWN = """() => {
  const passing = "#notice, #spoken"; // they pass by, on each page in its own time
  const parts = [...document.querySelectorAll(".pw-place > *, main > *")];
  const fields = [...document.querySelectorAll("input, textarea, button[aria-pressed]")];
  const state = (each) => [each.type, each.checked ?? null, each.value, each.getAttribute("aria-pressed")].join("|");
  const told = parts.filter((each) => !each.matches(passing) && each.checkVisibility());
  const held = fields.filter((each) => each.checkVisibility()).map(state);
  return [document.title, ...told.map((each) => each.innerText.trim()), ...held].join("\\n");
}"""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    write(tmp_path / "sample", SheetVersion())
    return tmp_path / "sample"


@pytest.fixture
def folder(tmp_path: Path, sheet: Path) -> Path:
    with Workshop.open(tmp_path / "room", str(sheet), title="Spring workshop") as workshop:
        workshop.roster.register("Alder House", "Birch Line")
        workshop.record(stages.open_stage("stakeholders"))
    return tmp_path / "room"


@pytest.fixture
def facilitator(server: Server) -> Iterator[Workshop]:
    with Workshop.open(server.folder) as workshop:
        yield workshop


def come_in(context: BrowserContext, server: Server) -> Page:
    page = context.new_page()
    page.goto(f"{plain(server.url)}/#{server.way().key}")
    assert page.evaluate("isSecureContext") is False
    page.get_by_role("button", name="Alder House").click()
    page.get_by_label("What may we call you? (optional)").fill("Ann")
    page.get_by_role("button", name="Come in").click()
    return page


def field(page: Page, ask: str = "What else") -> object:
    return page.locator(".pw-question", has_text=ask).locator("textarea")


def apply(workshop: Workshop, sheet: Path, version: SheetVersion) -> None:
    write(sheet, version)
    workshop.settings.worksheet_in_use.update().apply()


def test_new_questions_come_by_themselves_when_nobody_writes(
    server: Server, facilitator: Workshop, sheet: Path, visit: Visit
) -> None:
    page = come_in(visit(), server)
    page.get_by_label("Weekly").check()
    field(page).press_sequentially("Half a sen")
    apply(facilitator, sheet, CHANGED)
    expect(page.locator("#notice")).to_contain_text("The facilitator changed the questions")
    field(page, "What else?").press_sequentially("tence")
    field(page).blur()
    expect(page.get_by_text("What else do people need?")).to_be_visible()
    expect(field(page)).to_have_value("Half a sentence")
    expect(page.get_by_text("A question that was added?")).to_be_visible()
    expect(page.get_by_label("Monthly")).to_have_count(0)
    expect(page.get_by_label("Weekly")).to_be_checked()
    assert {each.value for each in facilitator.discussion.standing()} == {"weekly", "Half a sentence"}

    page.get_by_label("Daily").check()
    apply(facilitator, sheet, SheetVersion())
    expect(page.get_by_label("Monthly")).to_be_visible()
    expect(page.get_by_label("Daily")).to_be_checked()
    expect(page.get_by_label("Daily")).to_be_focused()


def test_a_suggestion_that_is_being_written_outlives_a_new_version(
    server: Server, facilitator: Workshop, sheet: Path, visit: Visit
) -> None:
    page = come_in(visit(), server)
    field(page).fill("Ours")
    facilitator.record(stages.reveal("stakeholders"))
    place = page.locator("[data-agree=stakeholders_notes]")
    place.get_by_role("button", name="Write our own").click()
    words = place.locator("textarea").first
    words.press_sequentially("A suggest")
    apply(facilitator, sheet, CHANGED)
    expect(page.locator("#notice")).to_contain_text("The facilitator changed the questions")
    words.press_sequentially("ion")
    expect(words).to_be_focused()
    words.blur()
    expect(page.get_by_text("What else do people need?")).to_be_visible()
    expect(words).to_have_value("A suggestion")


def test_words_to_a_question_that_is_gone_arrive_under_the_version_that_asked_it(
    server: Server, facilitator: Workshop, sheet: Path, visit: Visit
) -> None:
    page = come_in(visit(), server)
    clients = page.locator(".pw-question", has_text="Who do you serve?").locator("input").first
    expect(clients).to_be_visible()
    page.route("**/api/answers/*", lambda route: route.abort())
    clients.fill("Parents at night")
    expect(page.locator(".pw-form .pw-status .pw-word")).to_have_text("Not saved yet")
    apply(facilitator, sheet, SheetVersion(lacks_a_question=True))
    clients.blur()
    page.wait_for_timeout(2 * LOOK)
    expect(clients).to_have_value("Parents at night")
    page.unroute("**/api/answers/*")
    expect(page.locator(".pw-form .pw-status .pw-word")).to_have_text("Saved", timeout=AT_MOST * 1000)
    assert any("Parents at night" in str(each.value) for each in facilitator.discussion.standing())
    expect(page.get_by_text("Who do you serve?")).to_have_count(0)


@pytest.mark.parametrize("ends", ["leaves", "types"])
def test_words_to_a_question_that_changed_its_kind_are_not_counted_as_an_answer_to_the_new_one(
    server: Server, facilitator: Workshop, sheet: Path, visit: Visit, ends: str
) -> None:
    page = come_in(visit(), server)
    asked = page.locator(".pw-question", has_text="Who do you serve?")
    asked.locator("input").first.press_sequentially("Parents")
    expect(page.locator(".pw-form .pw-status .pw-word")).to_have_text("Saved")
    for kind in ("text", "contact"):
        apply(facilitator, sheet, SheetVersion(serves=kind))
        page.wait_for_timeout(2 * LOOK)
    expect(page.locator("#notice")).to_contain_text("The facilitator changed the questions")
    if ends == "types":
        asked.locator("input").first.press_sequentially(" at night")
    asked.locator("input").first.blur()
    expect(asked).to_have_attribute("data-kind", "contact")
    expect(page.locator(".pw-progress")).to_have_text("You answered 0 of 3")
    assert {each.input_value() for each in asked.locator("input").all()} == {""}
    assert "Saved" not in asked.inner_text()
    last = "Parents" if ends == "leaves" else "Parents at night"
    assert [each.value for each in facilitator.discussion.standing()] == [[last]]


@pytest.mark.parametrize("refused", ["too_long", "never_asked"])
def test_words_that_are_refused_for_good_can_be_read_and_copied(
    server: Server, facilitator: Workshop, sheet: Path, visit: Visit, shots: Path | None, refused: str
) -> None:
    page = come_in(visit(), server)
    clients = page.locator(".pw-question", has_text="Who do you serve?").locator("input").first
    expect(clients).to_be_visible()
    if refused == "never_asked":  # as from a page that another program changed
        page.route("**/api/answers/*", lambda route: route.continue_(post_data=asks_for_another(route.request)))
        words = "Parents at night"
    else:
        page.route("**/api/answers/*", lambda route: route.abort())
        words = "Parents at night, " * 1_200
    clients.fill(words)
    if refused == "too_long":
        expect(page.locator(".pw-form .pw-status .pw-word")).to_have_text("Not saved yet")
        apply(facilitator, sheet, SheetVersion(lacks_a_question=True))
        clients.blur()
        page.unroute("**/api/answers/*")
    else:
        says = "This question is not in the workshop any more, so these words could not be saved."
        expect(page.locator(".pw-error:visible")).to_contain_text(says)
        assert "who_else" not in page.locator("body").inner_text()
        expect(clients).to_have_value(words)
        apply(facilitator, sheet, SheetVersion(lacks_a_question=True))
        clients.blur()
    kept = page.locator("#unsent textarea")
    expect(kept).to_be_visible(timeout=AT_MOST * 1000)
    expect(page.locator("#unsent")).to_contain_text("One answer to a question that is not asked any more")
    expect(page.locator("#unsent")).to_contain_text("Only this device has these words.")
    expect(page.locator("#notice")).to_have_text(
        "One answer could not be saved. Copy the words at the end of this page."
    )
    assert words.strip() in kept.input_value()
    page.get_by_role("button", name="Copy these words").click()
    expect(page.locator("#unsent")).to_contain_text("Copied.")
    field(page).focus()
    field(page).press("Control+v")
    assert words.strip() in field(page).input_value()
    if shots:
        page.locator("#unsent").scroll_into_view_if_needed()
        page.screenshot(path=shots / f"phone-refused-{refused}.png")
    assert not [
        each for each in facilitator.discussion.standing() if "Parents" in str(each.value) and each.question != NOTES
    ]
    field(page).fill("Short")
    page.reload()
    expect(kept).to_be_visible(timeout=AT_MOST * 1000)
    assert words.strip() in kept.input_value()


def asks_for_another(request: Request) -> str:
    """Return what a page sends, as if it were to a question that no version ever asked."""
    return json.dumps(request.post_data_json | {"question": "who_else"})


class Acts:
    """What may happen in a room; the law holds after each."""

    def __init__(
        self, page: Page, colleague: httpx.Client, facilitator: Workshop, sheet: Path, chance: random.Random
    ) -> None:
        self.page, self.colleague, self.workshop, self.sheet = page, colleague, facilitator, sheet
        self.chance = chance
        now = datetime.datetime.now(datetime.UTC)
        happen = [
            stages.open_stage("stakeholders"), stages.open_stage("report_back"), stages.close_softly("stakeholders"),
            stages.close_stage("stakeholders"), stages.go_back(), stages.set_timer("stakeholders", 5, now),
            stages.reveal("stakeholders"), stages.reveal("report_back"), report_back.show(), report_back.open_vote(),
            report_back.show_votes(), EndEvent(True), EndEvent(False),
        ]  # fmt: skip
        told = [lambda each=each: self.workshop.record(each) for each in happen]
        self.all = [
            *told, self.write, self.ask_for_help, self.colleague_answers, self.colleague_suggests, self.table_answers,
            self.new_version, self.new_title, self.new_version,
        ]  # fmt: skip

    def write(self) -> None:
        if field(self.page).is_visible():
            field(self.page).fill(f"Written in step {self.chance.randrange(10_000)}")
            field(self.page).blur()

    def ask_for_help(self) -> None:
        button = self.page.locator("#foot button[aria-pressed]")
        if button.is_visible():
            button.click()
            self.page.evaluate("document.activeElement.blur()")

    def colleague_answers(self) -> None:
        said = {"question": "stakeholders_notes", "value": "What a colleague wrote"}
        self.colleague.put(f"/api/answers/{secrets.token_hex(16)}", json=said)

    def colleague_suggests(self) -> None:
        for question in ("stakeholders_notes", "most_difficult"):
            said = {"question": question, "value": "What a colleague suggests"}
            self.colleague.put(f"/api/proposals/{secrets.token_hex(16)}", json=said)

    def table_answers(self) -> None:
        ours = self.workshop.roster.organization("Alder House").id
        self.workshop.discussion.save(Answer(new_id(), ours, SCRIBE, "stakeholders_notes", "Our table's words", "ours"))

    def new_version(self) -> None:
        apply(self.workshop, self.sheet, SheetVersion(*(self.chance.choice((True, False)) for _ in range(4))))

    def new_title(self) -> None:
        self.workshop.settings.change(title="Autumn workshop")


def differs(page: Page, fresh: Page) -> list[str]:
    """Return what one of the two shows and the other does not, once both had time to be told everything."""
    end = time.monotonic() + AT_MOST
    while True:
        there, now = (each.evaluate(SHOWN).split("\n") for each in (page, fresh))
        if there == now and "Opening the workshop …" not in now:
            return []
        if time.monotonic() > end:
            return [f"- {each}" for each in now if each not in there] + [
                f"+ {each}" for each in there if each not in now
            ]
        page.wait_for_timeout(200)


@pytest.mark.parametrize("seed", [1])
def test_a_page_that_is_open_all_along_shows_what_one_opened_now_would(
    server: Server, facilitator: Workshop, sheet: Path, visit: Visit, seed: int
) -> None:
    context = visit()
    page = come_in(context, server)
    expect(field(page)).to_be_visible()
    colleague = joined(server, server.way().key, "Alder House", "Bo")
    fresh = visit(storage_state=context.storage_state()).new_page()
    chance = random.Random(seed)  # all that differs between two runs of one seed is time
    steps = Acts(page, colleague, facilitator, sheet, chance).all
    chance.shuffle(steps)
    for n, step in enumerate(steps[:20]):
        step()
        page.wait_for_timeout(LOOK)
        fresh.goto(plain(server.url))
        assert not differs(page, fresh), (seed, n, step, [str(each) for each in steps[:n]])
