"""A phone's page as people see it: nothing moves under a finger, no statement is untrue, each press is answered."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from join_server import Proxy, Server, act, plain
from playwright.sync_api import BrowserContext, Locator, Page, expect

from toolkit import Workshop
from toolkit.answers import progress
from toolkit.answers.model import SCRIBE, Answer
from toolkit.facilitation import report_back, stages
from toolkit.storage.store import new_id

pytestmark = pytest.mark.browser

Visit = Callable[..., BrowserContext]
WAIT = 20_000
"""Milliseconds in which a busy machine has told a phone what happened in the room."""
PHONE, SMALL, LAPTOP = (390, 844), (320, 568), (1280, 720)
SIZES = (PHONE, SMALL, LAPTOP)
LONG = "The Interdenominational Family Reconciliation and Supervised Visitation Center of the Northern Counties "
LONGEST = (LONG * 2)[:199]
UNBROKEN = "Donaudampfschifffahrtsgesellschaft" * 5

WHERE = """() => [...document.querySelectorAll("main :is(h1, h2, p, input, textarea, button, label)")]
  .filter((each) => each.getClientRects().length && each.id !== "unsent-head" && !each.closest("#unsent, .pw-bar"))
  .map((each) => [each.tagName, each.getBoundingClientRect()])
  .map(([name, box]) => [name, Math.round(box.x), Math.round(box.y), Math.round(box.width)])"""
"""Everything that a person may read or press below the header, and where it is; the bar tells how saving goes."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Workshop.open(tmp_path / "room", title="Spring workshop") as workshop:
        workshop.roster.register("Alder House", LONGEST, UNBROKEN)
    return tmp_path / "room"


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def at_the_door(context: BrowserContext, server: Server, url: str, organization: str = "Alder House") -> Page:
    page = context.new_page()
    page.goto(f"{plain(url)}/#{server.way().key}")
    page.get_by_role("button", name=organization, exact=True).click()
    return page


def come_in(context: BrowserContext, server: Server, url: str, name: str = "Ann", *, table: bool = False) -> Page:
    page = at_the_door(context, server, url)
    page.get_by_label("What may we call you? (optional)").fill(name)
    if table:
        page.get_by_label("I write for everybody at our table").check()
    page.get_by_role("button", name="Come in").click()
    return page


def look(page: Page, shots: Path | None, name: str) -> None:
    if shots:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=shots / f"phone-{name}-{scheme}.png")


def box_of(place: Locator) -> dict[str, float]:
    box = place.bounding_box()
    assert box
    return box


def are_apart(one: dict[str, float], other: dict[str, float]) -> bool:
    return one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_lost_connection_moves_nothing_and_covers_no_field(
    server: Server, wire: Proxy, visit: Visit, shots: Path | None, width: int, height: int
) -> None:
    act(server, stages.open_stage("stakeholders"), stages.set_timer("stakeholders", 14, now()))
    page = come_in(visit(width, height, reduced_motion="reduce"), server, wire.url)
    fields = page.locator(".pw-form :is(textarea, input[type=text]):visible")
    fields.first.focus()
    typed_in = box_of(fields.first)
    fields.first.press_sequentially("Families")
    expect(page.locator(".pw-form .pw-status .pw-word")).to_have_text("Saved")
    assert box_of(fields.first) == typed_in
    expect(page.get_by_role("button", name="Show each other our answers")).to_be_visible()
    before = page.evaluate(WHERE)
    wire.cut()
    fields.first.press_sequentially(" and others")
    expect(page.locator(".pw-form .pw-status .pw-word")).to_have_text("Not saved yet")
    notice = page.locator("#notice")
    expect(notice).to_contain_text("No connection. Keep writing")
    expect(page.locator("#time")).to_contain_text("left")
    assert page.evaluate(WHERE) == before
    look(page, shots, f"{width}-offline")
    for each in fields.all()[:4]:
        page.evaluate("scrollTo(0, document.body.scrollHeight)")  # as somebody who comes back with Shift+Tab
        each.focus()
        assert are_apart(box_of(notice), box_of(each))
        assert are_apart(box_of(page.locator(".pw-form .pw-bar")), box_of(each))
    fields.first.focus()
    during = page.evaluate(WHERE)
    wire.mend()
    expect(notice).to_be_hidden()
    assert page.evaluate(WHERE) == during


def test_words_that_wait_for_long_are_shown_where_they_move_nothing(server: Server, wire: Proxy, visit: Visit) -> None:
    act(server, stages.open_stage("stakeholders"))
    page = visit().new_page()
    page.clock.install()
    page.goto(f"{plain(wire.url)}/#{server.way().key}")
    page.get_by_role("button", name="Alder House").click()
    page.get_by_role("button", name="Come in").click()
    field = page.locator(".pw-form textarea").first
    field.fill("One")
    expect(page.locator(".pw-form .pw-status .pw-word")).to_have_text("Saved")
    wire.cut()
    field.fill("One, and two without a connection")
    expect(page.locator(".pw-form .pw-status .pw-word")).to_have_text("Not saved yet")
    before = box_of(field)
    page.clock.fast_forward(60_000)
    assert "One, and two without a connection" in page.locator("#unsent textarea").input_value()
    expect(page.locator("#notice")).to_contain_text("Unsent words are at the end of this page.")
    assert box_of(field) == before


def test_a_vote_that_opens_above_moves_no_field_that_somebody_is_in(server: Server, visit: Visit) -> None:
    act(server, stages.open_stage("stakeholders"))
    page = come_in(visit(), server, server.url)
    expect(page.get_by_role("heading", name="Stakeholders")).to_be_focused()
    field = page.locator(".pw-form input[type=text]").first
    field.focus()
    page.evaluate("scrollTo(0, 0)")
    before = box_of(field)
    act(server, report_back.show(), report_back.open_vote())
    expect(page.locator("#vote")).to_be_visible(timeout=WAIT)
    expect(page.locator("#notice")).to_contain_text("The vote is open")
    page.wait_for_function("(y) => Math.abs(document.activeElement.getBoundingClientRect().y - y) < 1", arg=before["y"])
    field.press_sequentially("Families")
    expect(field).to_have_value("Families")
    act(server, report_back.close_vote(), report_back.show_votes())
    expect(page.locator("#vote")).to_be_hidden(timeout=WAIT)
    page.wait_for_function("(y) => Math.abs(document.activeElement.getBoundingClientRect().y - y) < 1", arg=before["y"])


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_list_gives_its_words_the_row_and_its_buttons_room_for_a_finger(
    server: Server, visit: Visit, shots: Path | None, width: int, height: int
) -> None:
    act(server, stages.open_stage("stakeholders"))
    page = come_in(visit(width, height), server, server.url)
    place = page.locator(".pw-question[data-kind=list]").first
    place.locator("input").first.fill("Families who meet under supervision")
    place.get_by_role("button", name="Add another").click()
    expect(place.locator("input")).to_have_count(2)
    row, field = box_of(place.locator(".pw-item").first), box_of(place.locator("input").first)
    assert field["width"] >= 0.72 * row["width"]
    for button in place.get_by_role("button").all():
        box = box_of(button)
        assert min(box["width"], box["height"]) >= 44
    look(page, shots, f"{width}-list")
    place.get_by_role("button", name="Remove item 2").click()
    expect(place.locator("input")).to_have_count(1)


LINES = """(place) => {
  const range = document.createRange();
  range.selectNodeContents(place);
  return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size;
}"""


def test_return_words_stand_on_one_line_at_every_width(server: Server, visit: Visit) -> None:
    page = come_in(visit(), server, server.url)
    words = page.locator(".pw-words strong")
    expect(words).to_be_visible()
    words.evaluate("(place) => { place.textContent = 'hammock-mountain-notebook'; }")
    for width in range(320, 440, 8):
        page.set_viewport_size({"width": width, "height": 700})
        assert words.evaluate(LINES) == 1, width
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


def test_return_words_as_they_are_selected_bring_a_person_back(server: Server, visit: Visit) -> None:
    page = come_in(visit(), server, server.url)
    words = page.locator(".pw-words .pw-unbroken")
    words.select_text()
    selected = page.evaluate("getSelection().toString()")
    assert selected.count("-") == 2
    assert selected.isascii()
    act(server, stages.open_stage("stakeholders"))
    expect(page.locator("#foot .pw-unbroken")).to_have_text(selected)
    expect(page.locator("#foot .pw-unbroken")).to_be_visible()
    assert page.locator("#foot .pw-unbroken").evaluate(LINES) == 1
    again = visit().new_page()
    again.goto(f"{plain(server.url)}/#{server.way().key}")
    again.get_by_role("button", name="I was here before").click()
    assert again.locator(".pw-unbroken").evaluate(LINES) == 1
    again.get_by_label("Your three words").fill(selected)
    again.get_by_role("button", name="Go on").click()
    expect(again.get_by_role("heading", name="Stakeholders")).to_be_visible()


@pytest.mark.parametrize("organization", ["Alder House", LONG.strip(), LONGEST, UNBROKEN])
def test_a_long_name_leaves_the_button_in_sight(
    server: Server, visit: Visit, shots: Path | None, organization: str
) -> None:
    with Workshop.open(server.folder) as workshop:
        workshop.roster.register(organization)
    page = at_the_door(visit(*PHONE), server, server.url, organization)
    heading = page.get_by_role("heading", name=organization)
    button = box_of(page.get_by_role("button", name="Come in"))
    assert button["y"] + button["height"] <= PHONE[1]
    look(page, shots, f"long-{len(organization)}")
    assert page.evaluate("scrollY") == 0
    more = page.get_by_role("button", name="Show the full name")
    if more.count():
        more.click()
        expect(page.get_by_role("button", name="Show less of the name")).to_have_attribute("aria-expanded", "true")
    assert heading.evaluate("(each) => each.scrollHeight <= each.clientHeight + 1")
    page.set_viewport_size({"width": SMALL[0], "height": SMALL[1]})
    look(page, shots, f"long-{len(organization)}-small")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_who_is_in_reads_their_own_name_and_their_organization(
    server: Server, visit: Visit, shots: Path | None
) -> None:
    page = come_in(visit(), server, server.url, "Ann")
    expect(page.get_by_role("heading", name="You're in, Ann")).to_be_visible()
    expect(page.locator("#main")).to_contain_text("Organization: Alder House")
    look(page, shots, "390-in")
    page.set_viewport_size({"width": SMALL[0], "height": SMALL[1]})
    look(page, shots, "320-in")
    page.reload()
    expect(page.get_by_role("heading", name="You're in, Ann")).to_be_visible()
    nameless = come_in(visit(), server, server.url, "")
    expect(nameless.get_by_role("heading", name="You're in", exact=True)).to_be_visible()
    expect(nameless.locator("#main")).to_contain_text("Organization: Alder House")
    table = come_in(visit(*LAPTOP), server, server.url, "", table=True)
    expect(table.get_by_role("heading", name="You're in", exact=True)).to_be_visible()
    expect(table.locator("#main")).to_contain_text("Shared device for Alder House")
    look(table, shots, "1280-in")


def test_what_is_said_about_closing_is_what_the_clock_says(server: Server, visit: Visit, shots: Path | None) -> None:
    act(server, stages.open_stage("stakeholders"), stages.set_timer("stakeholders", 13.3, now()))
    page = come_in(visit(*SMALL), server, server.url)
    expect(page.locator("#time")).to_contain_text("13:")
    act(server, stages.close_softly("stakeholders"))
    notice = page.locator("#notice")
    expect(notice).to_have_text("Please finish up. This part closes when the time is up.")
    assert "soon" not in page.locator("#top").inner_text()
    look(page, shots, "320-closing")
    act(server, stages.set_timer("stakeholders", 0.02, now()))
    expect(page.locator("#time")).to_have_text("Time is up")
    expect(notice).to_have_text("Please finish up now.")
    act(server, stages.stop_timer("stakeholders"))
    expect(page.locator("#time")).to_be_hidden()
    expect(notice).to_have_text("Please finish up now.")


SEEN = """() => [document.body.innerText, ...[...document.querySelectorAll("button, input, details")]
  .filter((each) => each.checkVisibility())
  .map((each) => [each.tagName, each.getAttribute("aria-pressed"), each.checked, each.open].join("|"))].join("\\n")"""
"""Everything that a person sees of the page but where it is scrolled to; the clock ticks by itself, and is left out."""


def seen(page: Page) -> str:
    shown: str = page.evaluate(SEEN)
    return shown


@pytest.mark.own_process
@pytest.mark.parametrize("how", ["killed", "silent"])
def test_each_press_is_answered_at_once_while_the_server_is_dead(
    server: Server, wire: Proxy, visit: Visit, shots: Path | None, how: str
) -> None:
    act(server, stages.open_stage("stakeholders"))
    pages = {name: come_in(visit(), server, wire.url, name) for name in ("Ann", "Bo")}
    question = "who_do_you_serve"
    for name, page in pages.items():
        page.locator(".pw-question[data-kind=list] input").first.fill(f"What {name} says")
        expect(page.locator(".pw-form .pw-status .pw-word")).to_have_text("Saved")
    page = pages["Ann"]
    place = page.locator(f"[data-agree={question}]")
    place.get_by_role("button", name="Show each other our answers").click()
    place.get_by_role("button", name="Use this: the answer of Bo").click()
    place.get_by_role("button", name="Offer this to everybody").click()
    expect(place.get_by_role("button", name="I agree")).to_be_visible()
    if how == "killed":
        server.kill()
    else:
        wire.swallows = True
    presses = [
        place.get_by_role("button", name="I agree"),
        place.get_by_role("button", name="Write our own"),
        place.get_by_role("button", name="Cancel"),
        page.locator("[data-agree]").get_by_role("button", name="Show each other our answers").first,
        page.get_by_role("button", name="Raise a hand for help"),
        page.get_by_text("Our draft so far"),
        page.get_by_role("button", name="Our draft (Word)"),
    ]
    for each in presses:
        if not each.is_visible():
            continue
        before = seen(page)
        each.click()
        page.wait_for_timeout(300)
        assert seen(page) != before, each
    foot = page.locator("#foot")
    expect(foot).to_contain_text("the facilitator does not know yet that you need help", timeout=20_000)
    expect(foot).to_contain_text("This list fills in by itself")
    expect(page.locator(".pw-form .pw-status .pw-word")).to_have_text("Not saved yet")
    assert "Saved" not in page.locator(".pw-form .pw-status").inner_text()
    foot.scroll_into_view_if_needed()
    look(page, shots, f"390-dead-{how}")
    if how == "killed":
        server.start()
    else:
        wire.swallows = False
    expect(foot).to_contain_text("The facilitator sees that you need help.", timeout=WAIT)
    expect(foot).not_to_contain_text("No connection, so")


@pytest.mark.parametrize("asks", [True, False])
def test_a_hand_reaches_the_facilitator_when_the_connection_is_back(
    server: Server, wire: Proxy, visit: Visit, asks: bool
) -> None:
    page = come_in(visit(), server, wire.url)
    foot = page.locator("#foot")
    hand = foot.locator("[aria-pressed]")
    expect(hand).to_be_visible()
    if not asks:
        hand.click()
        expect(foot).to_contain_text("The facilitator sees that you need help.")
    wire.cut()
    hand.click()
    expect(foot).to_contain_text("No connection, so", timeout=WAIT)
    wire.mend()
    expect(foot).not_to_contain_text("No connection, so", timeout=WAIT)
    expect(hand).to_have_attribute("aria-pressed", str(asks).lower(), timeout=WAIT)
    with Workshop.open(server.folder) as workshop:
        assert bool(stages.fold(workshop.current.store.events()).needs_help) is asks


def test_joining_is_answered_at_once_while_the_server_is_silent(server: Server, wire: Proxy, visit: Visit) -> None:
    page = at_the_door(visit(), server, wire.url)
    wire.swallows = True
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("button", name="One moment…")).to_be_disabled()
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached", timeout=20_000)
    expect(page.get_by_role("button", name="Come in")).to_be_enabled()


def counted(server: Server) -> str:
    """Return what the room's board counts of Alder House at the stage that is open."""
    with Workshop.open(server.folder) as workshop:
        held = workshop.discussion.positions(workshop.roster.organization("Alder House").id)
        done, of = progress.count_answers(workshop.worksheet.stage("stakeholders"), workshop.settings.depth, [held])
    return f"{done} of {of} answered"


def test_a_table_counts_what_the_room_counts_and_a_phone_says_whose_count_it_is(
    server: Server, visit: Visit, shots: Path | None
) -> None:
    with Workshop.open(server.folder) as workshop:
        workshop.settings.change(minutes=90)
    act(server, stages.open_stage("stakeholders"))
    table = come_in(visit(*LAPTOP), server, server.url, "", table=True)
    ann = come_in(visit(*SMALL), server, server.url, "Ann")
    bar, own = (page.locator(".pw-form .pw-progress") for page in (table, ann))
    expect(bar).to_have_text(counted(server))
    ann.locator(".pw-question[data-kind=list] input").first.fill("Families")
    expect(own).to_have_text("You answered 1 of 8")
    expect(ann.locator(".pw-form .pw-status .pw-word")).to_have_text("Saved")
    assert counted(server) == "1 of 8 answered"
    expect(bar).to_have_text("1 of 8 answered")
    with Workshop.open(server.folder) as workshop:
        ours = workshop.roster.organization("Alder House").id
        workshop.discussion.save(Answer(new_id(), ours, SCRIBE, "about_us", ["hiv", "victim"], "ours"))
    assert counted(server) != "1 of 8 answered"
    expect(bar).to_have_text(counted(server))
    expect(own).to_have_text("You answered 1 of 8")
    look(table, shots, "1280-count")
    look(ann, shots, "320-count")
