"""Several tabs of one browser, and a browser that keeps nothing: the page goes on, over plain HTTP as in a room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from join_server import Proxy, Server, act, plain
from playwright.sync_api import BrowserContext, Page, Route, expect

from toolkit import Workshop
from toolkit.facilitation import stages

pytestmark = pytest.mark.browser

TABS = 20
Visit = Callable[..., BrowserContext]

NO_BROADCAST = "delete window.BroadcastChannel;"
NULL = 'Object.defineProperty(window, "localStorage", { get: () => null });'
THROWS = """
for (const place of ["localStorage", "sessionStorage", "indexedDB"]) {
  Object.defineProperty(window, place, { get() { throw new DOMException("denied", "SecurityError"); } });
}
"""
FULL = """
Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
IDBFactory.prototype.open = () => { throw new DOMException("full", "QuotaExceededError"); };
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Workshop.open(tmp_path / "room", title="Spring workshop") as workshop:
        workshop.roster.register("Alder House", "Birch Line")
        workshop.record(stages.open_stage("stakeholders"))
    return tmp_path / "room"


def come_in(context: BrowserContext, url: str, key: str, name: str = "Ann") -> Page:
    page = context.new_page()
    page.goto(f"{plain(url)}/#{key}")
    assert page.evaluate("isSecureContext") is False
    page.get_by_role("button", name="Alder House").click()
    page.get_by_label("What may we call you? (optional)").fill(name)
    page.get_by_role("button", name="Come in").click()
    return page


def tab(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(plain(url))
    return page


def field(page: Page) -> object:
    return page.locator(".pw-form textarea.pw-field").first


def word(page: Page) -> object:
    return page.locator(".pw-form .pw-status .pw-word")


def connected(server: Server) -> int:
    with Workshop.open(server.folder) as workshop:
        return stages.fold(workshop.current.store.events()).here


def test_twenty_tabs_of_one_browser_load_save_and_show_the_same(server: Server, visit: Visit) -> None:
    context = visit()
    pages = [come_in(context, server.url, server.way().key)]
    pages += [tab(context, server.url) for _ in range(TABS - 1)]
    for page in pages:
        expect(field(page)).to_be_visible(timeout=30_000)

    for page, words in ((pages[0], "From the first"), (pages[-1], "From the last")):
        field(page).fill(words)
        expect(word(page)).to_have_text("Saved", timeout=20_000)
        field(page).blur()
        for other in pages:
            expect(field(other)).to_have_value(words, timeout=20_000)
            expect(other.locator("#notice")).to_be_hidden()
    expect(pages[0].locator("#notice")).to_be_hidden()
    pages[0].wait_for_timeout(3_000)
    assert connected(server) == 1


@pytest.mark.parametrize("without", ["", NO_BROADCAST, NO_BROADCAST + NULL, NO_BROADCAST + THROWS])
def test_tabs_of_one_device_hear_of_each_other_and_nobody_who_types_is_written_over(
    server: Server, visit: Visit, without: str
) -> None:
    context = visit()
    context.add_init_script(without)
    one = come_in(context, server.url, server.way().key)
    expect(field(one)).to_be_visible()
    two = tab(context, server.url)
    expect(field(two)).to_be_visible()

    field(one).fill("From the first tab")
    expect(field(two)).to_have_value("From the first tab")
    field(one).blur()
    field(two).press_sequentially("!", delay=10)
    field(two).press_sequentially(" And more", delay=10)
    expect(word(two)).to_have_text("Saved")
    typed = field(two).input_value()
    field(one).press_sequentially("Half a sen")
    held = field(one).input_value()
    expect(word(one)).to_have_text("Saved")
    expect(field(two)).to_have_value(typed)
    field(two).blur()
    field(one).blur()
    expect(field(two)).to_have_value(held)
    expect(field(one)).to_have_value(held)
    act(server, stages.open_stage("policy_drafting"))
    for page in (one, two):
        expect(page.get_by_role("heading", name="Policy drafting")).to_be_visible()


@pytest.mark.parametrize("ends", ["closed", "crashed", "frozen"])
def test_another_tab_listens_when_the_one_that_did_is_gone(server: Server, visit: Visit, ends: str) -> None:
    context = visit()
    one = come_in(context, server.url, server.way().key)
    expect(field(one)).to_be_visible()
    two = tab(context, server.url)
    expect(field(two)).to_be_visible()

    if ends == "closed":
        one.close()
    else:
        session = context.new_cdp_session(one)
        if ends == "frozen":
            session.send("Page.setWebLifecycleState", {"state": "frozen"})
        else:
            one.goto("about:blank")
    act(server, stages.open_stage("policy_drafting"))
    expect(two.get_by_role("heading", name="Policy drafting")).to_be_visible(timeout=20_000)


def test_a_tab_becomes_the_person_who_came_in_on_this_browser_last(server: Server, visit: Visit) -> None:
    context = visit()
    one = come_in(context, server.url, server.way().key)
    field(one).fill("What Ann wrote")
    expect(word(one)).to_have_text("Saved")
    field(one).blur()
    two = tab(context, server.url)
    expect(field(two)).to_have_value("What Ann wrote")
    status = two.evaluate(
        """async (code) => (await fetch("api/join", { method: "POST", headers: { "content-type": "application/json" },
        body: JSON.stringify({ code, organization: "Birch Line", name: "Bo" }) })).status""",
        server.way().key,
    )
    assert status == 201
    for page in (one, two):
        expect(field(page)).to_have_value("", timeout=20_000)
    field(one).fill("What Bo wrote")
    expect(word(one)).to_have_text("Saved")
    with Workshop.open(server.folder) as workshop:
        said = {
            each.value: workshop.roster.organization(each.organization).name for each in workshop.discussion.standing()
        }
    assert said == {"What Ann wrote": "Alder House", "What Bo wrote": "Birch Line"}


@pytest.mark.parametrize("storage", ["", NULL, THROWS, FULL], ids=["kept", "null", "denied", "full"])
def test_every_screen_works_whatever_the_device_keeps(
    server: Server, wire: Proxy, visit: Visit, storage: str, shots: Path | None
) -> None:
    faults: list[str] = []
    context = visit()
    context.add_init_script(storage)
    page = context.new_page()
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    key = server.way().key
    page.goto(plain(wire.url))
    page.get_by_label("The code on the screen").fill(server.way().code)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="I was here before").click()
    page.go_back()
    expect(page.get_by_role("heading", name="Which organization")).to_be_visible()
    page.get_by_role("button", name="Alder House").click()
    page.get_by_label("What may we call you? (optional)").fill("Ann")
    page.get_by_role("button", name="Come in").click()
    field(page).fill("Saved")
    expect(word(page)).to_have_text("Saved")
    expect(page.locator("#foot")).to_contain_text("these three words bring your answers there")
    page.get_by_role("button", name="Raise a hand").click()
    expect(page.locator("#foot")).to_contain_text("The facilitator sees that you need help.")
    act(server, stages.close_stage("stakeholders"))
    expect(page.get_by_role("button", name="Look at “Stakeholders”")).to_be_visible()
    act(server, stages.open_stage("stakeholders"))
    expect(field(page)).to_be_visible()
    expect(field(page)).to_have_value("Saved")
    wire.cut()
    field(page).fill("Words that never arrived")
    expect(word(page)).to_have_text("Not saved yet")
    act(server, stages.end())
    wire.mend()
    expect(page.get_by_role("heading", name="The workshop has ended")).to_be_visible(timeout=20_000)
    unsent = page.locator("#unsent textarea")
    expect(unsent).to_be_visible()
    assert "Words that never arrived" in unsent.input_value()
    page.get_by_role("button", name="Copy these words").click()
    expect(page.locator("#unsent [role=status]")).not_to_be_empty()
    if shots:
        page.screenshot(path=shots / f"phone-ended-{len(storage)}.png", full_page=True)
    page.get_by_role("button", name="Forget everything on this phone").click()
    page.get_by_role("button", name="Yes, forget everything").click()
    expect(page.get_by_role("heading", name="This phone has forgotten the workshop")).to_be_visible()
    if not storage:
        left = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('policy-workshop')).length")
        assert left == 0
    assert context.cookies() == []
    page.goto(f"{plain(wire.url)}/#{key}")
    expect(page.get_by_role("heading", name="The workshop has ended")).to_be_visible()
    assert faults == []


def test_voices_that_are_asked_for_while_a_phone_forgets_are_no_fault(server: Server, visit: Visit) -> None:
    context = visit()
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    context.route("**/api/voices*", hold)
    page = come_in(context, server.url, server.way().key)
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    with page.expect_request("**/api/voices*"):
        field(page).fill("Words")
    act(server, stages.end())
    expect(page.get_by_role("heading", name="The workshop has ended")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Forget everything on this phone").click()
    page.get_by_role("button", name="Yes, forget everything").click()
    expect(page.get_by_role("heading", name="This phone has forgotten the workshop")).to_be_visible()

    for each in waiting:
        each.abort()
    page.wait_for_timeout(4_500)  # longer than the page waits before it asks again
    assert faults == []


def test_a_browser_that_is_too_old_gets_a_way_forward(server: Server, visit: Visit) -> None:
    page = visit().new_page()
    page.route("**/page.js", lambda route: route.fulfill(body="const a = 1 ??? 2;", content_type="text/javascript"))
    page.goto(plain(server.url))
    expect(page.get_by_role("heading", name="This browser is too old for this page")).to_be_visible()
    expect(page.locator("#main")).to_contain_text("share a colleague's phone")


def test_a_file_that_did_not_come_is_no_old_browser(server: Server, visit: Visit) -> None:
    page = visit().new_page()
    page.route("**/page.js", lambda route: route.abort())
    page.goto(plain(server.url))
    expect(page.get_by_role("heading", name="This page did not load completely")).to_be_visible()


def test_what_is_typed_on_the_way_in_outlives_errors_and_lost_answers(
    server: Server, wire: Proxy, visit: Visit
) -> None:
    asked: list[object] = []
    page = visit().new_page()
    page.on("request", lambda each: asked.append(each.post_data_json) if each.url.endswith("/api/join") else None)
    page.goto(plain(wire.url))
    page.get_by_label("The code on the screen").fill("AAA BBB CCC")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("The code on the screen")).to_have_value("AAA BBB CCC")
    page.goto(f"{plain(wire.url)}/#{server.way().key}")
    page.get_by_role("button", name="Ours is not on the list").click()
    page.get_by_label("What may we call you? (optional)").fill("Ann")
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("What may we call you? (optional)")).to_have_value("Ann")
    page.get_by_label("Name of your organization").fill("Cedar Clinic")
    wire.cut()
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    expect(page.get_by_label("Name of your organization")).to_have_value("Cedar Clinic")
    expect(page.get_by_label("What may we call you? (optional)")).to_have_value("Ann")
    wire.mend()
    page.get_by_role("button", name="Come in").click()
    expect(field(page)).to_be_visible()
    assert len({each["id"] for each in asked}) == 1
    assert len(asked) == 2


def test_an_organization_that_is_added_later_is_on_the_list(server: Server, visit: Visit) -> None:
    page = visit().new_page()
    page.goto(f"{plain(server.url)}/#{server.way().key}")
    expect(page.get_by_role("button", name="Birch Line")).to_be_visible()
    with Workshop.open(server.folder) as workshop:
        workshop.roster.register("Dogwood Center")
    expect(page.get_by_role("button", name="Dogwood Center")).to_be_visible(timeout=20_000)


@pytest.mark.own_process
def test_a_dead_address_says_to_scan_again_and_shows_what_waits(server: Server, wire: Proxy, visit: Visit) -> None:
    context = visit()
    page = context.new_page()
    page.clock.install()
    page.goto(f"{plain(wire.url)}/#{server.way().key}")
    page.get_by_role("button", name="Alder House").click()
    page.get_by_role("button", name="Come in").click()
    expect(field(page)).to_be_visible()
    wire.cut()
    field(page).fill("Words that wait here")
    expect(page.locator("#notice")).to_contain_text("No connection. Keep writing")
    page.clock.fast_forward(60_000)
    expect(page.locator("#notice")).to_contain_text("No connection. If the network has changed, scan the code again.")
    assert "Words that wait here" in page.locator("#unsent textarea").input_value()

    server.kill()
    server.names = ()
    server.start()
    wire.mend()
    page.clock.fast_forward(10_000)
    expect(page.locator("#notice")).to_contain_text("The address has changed. Scan the code again.")
    expect(page.locator("#unsent")).to_contain_text("Copy them, scan the code")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
