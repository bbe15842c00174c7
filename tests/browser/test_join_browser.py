"""The join page in a real browser: phones come in, write, lose the network and the server, and lose no word."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from join_server import HERE, Proxy, Server, act
from playwright.sync_api import BrowserContext, Page, expect

from toolkit import Workshop
from toolkit.facilitation import stages

pytestmark = pytest.mark.browser

FIELD = "textarea, input[type=text]"
AXE = {"resultTypes": ["violations"]}
Visit = Callable[..., BrowserContext]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Workshop.open(tmp_path / "room", title="Spring workshop") as workshop:
        workshop.roster.register("Alder House", "Birch Line", "Cedar Clinic")
    return tmp_path / "room"


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def come_in(context: BrowserContext, url: str, key: str, name: str, organization: str = "Alder House") -> Page:
    page = context.new_page()
    page.goto(f"{url}/#{key}")
    page.get_by_role("button", name=organization).click()
    page.get_by_label("What may we call you? (optional)").fill(name)
    page.get_by_role("button", name="Come in").click()
    return page


def first_words(page: Page) -> object:
    return page.locator(".pw-form textarea.pw-field").first


def status(page: Page) -> object:
    return page.locator(".pw-form .pw-status .pw-word")


def saved(server: Server) -> set[object]:
    with Workshop.open(server.folder) as workshop:
        return {answer.value for answer in workshop.discussion.standing() if isinstance(answer.value, str)}


def faults(page: Page) -> list[str]:
    found = Axe().run(page, options=AXE).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found]


@pytest.mark.own_process
def test_two_phones_write_through_a_cut_and_a_killed_server_and_lose_no_word(
    server: Server, wire: Proxy, visit: Visit
) -> None:
    key = server.way().key
    act(server, stages.open_stage("stakeholders"))
    ann, bo = (come_in(visit(), wire.url, key, name) for name in ("Ann", "Bo"))
    for page, words in ((ann, "Ann one"), (bo, "Bo one")):
        first_words(page).fill(words)
        expect(status(page)).to_have_text("Saved")
    assert saved(server) == {"Ann one", "Bo one"}

    wire.cut()
    first_words(ann).fill("Ann one, and two while the network was cut")
    expect(status(ann)).to_have_text("Not saved yet", timeout=3_500)
    expect(ann.locator("#notice")).to_contain_text("No connection. Keep writing")
    server.kill()
    first_words(bo).fill("Bo one, and two while the server was dead")
    expect(status(bo)).to_have_text("Not saved yet", timeout=3_500)
    assert saved(server) == {"Ann one", "Bo one"}

    server.start()
    wire.mend()
    for page in (ann, bo):
        expect(status(page)).to_have_text("Saved", timeout=10_000)
        expect(page.locator("#notice")).to_be_hidden()
    assert saved(server) == {"Ann one, and two while the network was cut", "Bo one, and two while the server was dead"}


@pytest.mark.parametrize("ends", ["reload", "tab"])
def test_words_outlive_the_page_that_they_were_typed_on(server: Server, wire: Proxy, visit: Visit, ends: str) -> None:
    act(server, stages.open_stage("stakeholders"))
    context = visit()
    page = come_in(context, wire.url, server.way().key, "Ann")
    first_words(page).fill("Before")
    expect(status(page)).to_have_text("Saved")

    wire.cut()
    first_words(page).fill("Before and after")
    expect(status(page)).to_have_text("Not saved yet", timeout=3_500)
    if ends == "tab":
        page.close()
        page = context.new_page()
    wire.mend()
    page.goto(wire.url)

    expect(first_words(page)).to_have_value("Before and after")
    expect(status(page)).to_have_text("Saved", timeout=10_000)
    assert saved(server) == {"Before and after"}


@pytest.mark.own_process
def test_a_folder_that_is_gone_is_said_on_the_phone_and_nothing_is_lost(
    server: Server, visit: Visit, tmp_path: Path, shots: Path | None
) -> None:
    act(server, stages.open_stage("stakeholders"))
    page = come_in(visit(), server.url, server.way().key, "Ann")
    first_words(page).fill("Before")
    expect(status(page)).to_have_text("Saved")

    (tmp_path / "room").rename(tmp_path / "elsewhere")
    first_words(page).fill("While it was gone")
    expect(status(page)).to_have_text("Not saved yet", timeout=3_500)
    expect(page.locator(".pw-form .pw-status")).to_contain_text("Tell the facilitator")
    found = shown(page, shots, "gone-1-not-saved")
    page.reload()
    expect(page.get_by_role("heading", name="One moment, please")).to_be_focused()
    found += shown(page, shots, "gone-2-on-the-way-in")

    (tmp_path / "elsewhere").rename(tmp_path / "room")
    expect(first_words(page)).to_have_value("While it was gone", timeout=10_000)
    expect(status(page)).to_have_text("Saved", timeout=10_000)
    assert saved(server) == {"While it was gone"}
    assert found == []


@pytest.mark.own_process
def test_the_room_turns_the_phones(server: Server, visit: Visit) -> None:
    page = come_in(visit(), server.url, server.way().key, "Ann")
    expect(page.get_by_role("heading", name="You're in, Ann")).to_be_focused()

    act(server, stages.open_stage("stakeholders"), stages.set_timer("stakeholders", 10, now()))
    expect(page.get_by_role("heading", name="Stakeholders")).to_be_focused()
    expect(page.locator("#time")).to_contain_text("left")
    first_words(page).fill("Half a sen")

    act(server, stages.close_softly("stakeholders"))
    expect(page.locator("#notice")).to_contain_text("Please finish up. This part closes when the time is up.")
    first_words(page).press_sequentially("tence", delay=10)
    expect(first_words(page)).to_be_focused()

    act(server, stages.close_stage("stakeholders"))
    expect(page.get_by_role("heading", name="That stage is closed")).to_be_focused()
    act(server, stages.go_back())
    expect(first_words(page)).to_have_value("Half a sentence")
    expect(status(page)).to_have_text("Saved")
    assert saved(server) == {"Half a sentence"}

    act(server, stages.open_stage("policy_drafting"))
    expect(page.get_by_role("heading", name="Policy drafting")).to_be_focused()
    act(server, stages.end())
    expect(page.get_by_role("heading", name="The workshop has ended")).to_be_focused()


def test_three_words_bring_a_person_to_another_phone(server: Server, visit: Visit) -> None:
    key = server.way().key
    first = come_in(visit(), server.url, key, "Ann")
    words = first.locator(".pw-words strong").inner_text()
    act(server, stages.open_stage("stakeholders"))
    first_words(first).fill("Mine")
    expect(status(first)).to_have_text("Saved")

    second = visit().new_page()
    second.goto(f"{server.url}/#{key}")
    second.get_by_role("button", name="I was here before").click()
    second.get_by_label("Your three words").fill("river-lamp-nothing")
    second.get_by_role("button", name="Go on").click()
    expect(second.get_by_role("alert")).to_contain_text("Nobody here has these three words")
    second.get_by_label("Your three words").fill(words.replace("-", " ").upper())
    second.get_by_role("button", name="Go on").click()

    expect(first_words(second)).to_have_value("Mine")
    first_words(second).fill("Mine, from the second")
    expect(first.locator("#notice")).to_contain_text("Both versions are kept")
    expect(first_words(first)).to_have_value("Mine")
    first_words(first).blur()
    expect(first_words(first)).to_have_value("Mine, from the second")
    expect(status(second)).to_have_text("Saved")
    assert saved(server) == {"Mine, from the second"}


def test_the_draft_is_taken_home(server: Server, visit: Visit, tmp_path: Path) -> None:
    page = come_in(visit(accept_downloads=True), server.url, server.way().key, "Ann")
    with page.expect_download(timeout=30_000) as got:
        page.get_by_role("button", name="Our draft (Word)").click()
    got.value.save_as(tmp_path / "draft.docx")
    assert (tmp_path / "draft.docx").read_bytes()[:2] == b"PK"
    assert "alder" in got.value.suggested_filename.lower()


def test_no_page_asks_another_host_and_nothing_is_refused_by_our_own_policy(server: Server, visit: Visit) -> None:
    asked: list[str] = []
    complained: list[str] = []
    context = visit()
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda said: complained.append(said.text) if said.type == "error" else None)
    act(server, stages.open_stage("stakeholders"))
    page = come_in(context, server.url, server.way().key, "Ann")
    first_words(page).fill("Words that belong nowhere else")
    expect(status(page)).to_have_text("Saved")

    assert {url.split("/")[2] for url in asked} == {f"{HERE}:{server.port}"}
    assert not [url for url in asked if "Words" in url or server.way().key in url]
    assert [said for said in complained if "401" not in said] == []
    assert page.url == f"{server.url}/"


HOSTILE = '<img src=x onerror="window.caught=1"><script>window.caught=1</script>'


def test_hostile_names_and_answers_are_only_words(server: Server, visit: Visit) -> None:
    with Workshop.open(server.folder) as workshop:
        workshop.roster.register(HOSTILE)
        workshop.settings.change(title=HOSTILE)
    act(server, stages.open_stage("stakeholders"))
    page = come_in(visit(), server.url, server.way().key, HOSTILE[:60], HOSTILE)
    first_words(page).fill(HOSTILE)
    expect(status(page)).to_have_text("Saved")
    page.reload()
    expect(first_words(page)).to_have_value(HOSTILE)
    assert page.evaluate("window.caught") is None


def shown(page: Page, shots: Path | None, name: str) -> list[str]:
    if shots:
        page.screenshot(path=shots / f"join-{name}.png")
    return [f"{name}: {fault}" for fault in faults(page)]


LOOKS = ((390, 844, "light"), (320, 568, "dark"), (320, 568, "light"))
"""Width, height and colors in which each state is looked at."""


def test_every_state_is_accessible_and_fits(server: Server, wire: Proxy, visit: Visit, shots: Path | None) -> None:
    key, found = server.way().key, []
    context = visit(reduced_motion="reduce")
    page = context.new_page()

    def look(name: str) -> None:
        for width, height, scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme)
            found.extend(shown(page, shots, f"{width}-{scheme}-{name}"))
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if wide > 0:
                found.append(f"{width}-{scheme}-{name}: {wide} px too wide")

    page.goto(wire.url)
    expect(page.get_by_role("heading", name="Come in")).to_be_focused()
    look("01-code")
    page.get_by_label("The code on the screen").fill("ABC DEF GHJ")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look("02-code-wrong")
    page.goto(f"{wire.url}/#{key}")
    expect(page.get_by_role("heading", name="Which organization")).to_be_focused()
    look("03-organization")
    page.get_by_role("button", name="I was here before").click()
    look("04-rejoin")
    page.get_by_role("button", name="I am here for the first time").click()
    page.get_by_role("button", name="Ours is not on the list").click()
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look("05-new-organization")
    page.get_by_role("button", name="Another organization").click()
    page.get_by_role("button", name="Alder House").click()
    expect(page.get_by_text("Others on this wifi may be able to read along")).to_be_visible()
    look("06-name")
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("heading", name="You're in")).to_be_visible()
    look("07-waiting")
    act(server, stages.open_stage("stakeholders"), stages.set_timer("stakeholders", 12, now()))
    expect(page.get_by_role("heading", name="Stakeholders")).to_be_visible()
    look("08-stage")
    first_words(page).fill("Families who meet under supervision")
    expect(status(page)).to_have_text("Saved")
    look("09-saved")
    page.get_by_role("button", name="Raise a hand").click()
    expect(page.get_by_role("button", name="Hand is up")).to_be_visible()
    page.locator("#foot").scroll_into_view_if_needed()
    look("10-hand")
    act(server, stages.close_softly("stakeholders"))
    expect(page.locator("#notice")).to_contain_text("Please finish up")
    page.evaluate("scrollTo(0, 0)")
    look("11-closing")
    wire.cut()
    first_words(page).fill("Families who meet under supervision, and others")
    expect(status(page)).to_have_text("Not saved yet")
    expect(page.locator("#notice")).to_contain_text("No connection")
    look("12-offline")
    wire.mend()
    expect(status(page)).to_have_text("Saved", timeout=10_000)
    first_words(page).fill("x" * 20_500)
    expect(page.locator(".pw-error:visible")).to_be_visible()
    look("13-refused")
    first_words(page).fill("Families")
    expect(status(page)).to_have_text("Saved")
    act(server, stages.close_stage("stakeholders"))
    expect(page.get_by_role("heading", name="That stage is closed")).to_be_visible()
    look("14-closed")
    act(server, stages.end())
    expect(page.get_by_role("heading", name="The workshop has ended")).to_be_visible()
    look("15-ended")
    context.clear_cookies()
    page.reload()
    expect(page.get_by_role("heading", name="Come in")).to_be_visible()
    assert found == []
