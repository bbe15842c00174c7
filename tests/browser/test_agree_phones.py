"""Think, pair, agree on real phones: five people, two organizations, one join page; each organization by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from join_server import Server
from playwright.sync_api import BrowserContext, Locator, Page, expect

from toolkit import room
from toolkit.workshop import Workshop

pytestmark = pytest.mark.browser

ALDER, BIRCH = "Alder House", "Birch Line"
QUESTION = "who_do_you_serve"
SAID = {
    "Wren": "Young people who come for advice",
    "Otter": "Parents in two counties",
    "Finch": "Everybody who calls at night",
}
THEIRS = {"Zoe": "Birch words of Zoe", "Yan": "Birch words of Yan"}
TEXT = "Young people and parents in two counties"
NOTE = "Callers at night are missing."

Visit = Callable[..., BrowserContext]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Workshop.open(tmp_path / "room", title="Spring workshop") as workshop:
        workshop.register(ALDER, BIRCH)
        workshop.happen(*room.open_stage("stakeholders"))
    started = Server(tmp_path / "room").start()
    yield started
    started.stop()


def come_in(visit: Visit, server: Server, name: str, organization: str) -> Page:
    page = visit().new_page()
    page.goto(f"{server.url}/#{server.way().key}")
    page.get_by_role("button", name=organization).click()
    page.get_by_label("What may we call you? (optional)").fill(name)
    page.get_by_role("button", name="Come in").click()
    return page


def answer(page: Page, words: str) -> None:
    page.locator(f'[data-question="{QUESTION}"]').get_by_label("Item 1", exact=True).fill(words)
    expect(page.locator(".pw-form .pw-status .pw-word")).to_have_text("Saved")


def agree(page: Page) -> Locator:
    return page.locator(f'[data-agree="{QUESTION}"]')


def press(page: Page, name: str) -> None:
    agree(page).get_by_role("button", name=name).click()


def look(page: Page, shots: Path | None, name: str) -> list[str]:
    """The picture of one organization's view, and what is wrong with it."""
    agree(page).evaluate("each => window.scrollTo(0, each.getBoundingClientRect().top + scrollY - 110)")
    if shots:
        page.screenshot(path=shots / f"phone-agree-{name}.png")
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found] + [f"{wide} px too wide"] * (wide > 0)


def test_two_organizations_agree_each_by_itself_and_who_differs_is_kept(
    server: Server, visit: Visit, shots: Path | None
) -> None:
    phones = {name: come_in(visit, server, name, ALDER) for name in SAID}
    others = {name: come_in(visit, server, name, BIRCH) for name in THEIRS}
    for name, page in (phones | others).items():
        answer(page, (SAID | THEIRS)[name])
    wren, otter, finch = phones.values()
    expect(agree(wren)).to_contain_text("3 of 3 have answered")
    expect(agree(others["Zoe"])).to_contain_text("2 of 2 have answered")
    for name, page in phones.items():
        assert [words for words in SAID.values() if words in page.content()] in ([], [SAID[name]])
        expect(agree(page).locator(".pw-voice")).to_have_count(0)
    found = look(wren, shots, "alone")

    press(wren, "Show each other our answers")
    for page in phones.values():
        expect(agree(page).locator(".pw-voice")).to_have_count(3)
    found += look(finch, shots, "together")

    for who in ("Wren", "You"):
        agree(otter).get_by_role("checkbox", name=f"Combine {who}").check()
    press(otter, "Combine the ticked (2)")
    found += look(otter, shots, "editing")
    agree(otter).get_by_role("button", name="Remove item 2").click()
    agree(otter).get_by_label("Item 1", exact=True).fill(TEXT)
    expect(agree(wren).locator(".pw-writing")).to_have_text("Otter is writing…")
    press(otter, "Offer this to everybody")

    press(wren, "I agree")
    expect(agree(wren).locator(".pw-offer .pw-chip")).to_have_text("Agreed")
    press(finch, "I see it differently (keep a note)")
    agree(finch).get_by_label("If you see it differently, say why").fill(NOTE)
    press(finch, "Keep my note")
    expect(agree(otter).locator(".pw-dissent")).to_have_text(f"Finch: {NOTE}")
    expect(agree(otter).locator(".pw-offer")).to_contain_text("2 of 3 agree")
    for page in phones.values():
        expect(page.locator(".pw-form .pw-status .pw-word")).to_have_text("Saved")
    found += look(otter, shots, "agreed")
    agree(otter).locator(".pw-offers").scroll_into_view_if_needed()
    if shots:
        otter.screenshot(path=shots / "phone-agree-offered.png")

    for page in others.values():
        page.reload()
        expect(agree(page)).to_contain_text("2 of 2 have answered")
        expect(agree(page).locator(".pw-voice, .pw-offer")).to_have_count(0)
        assert not [words for words in (*SAID.values(), TEXT, NOTE) if words in page.content()]
    assert found == []
    the_draft_keeps_it(server)


def the_draft_keeps_it(server: Server) -> None:
    """The text, the dissent beside it and in the annex; and of the other organization nothing."""
    with Workshop.open(server.folder) as workshop:
        held = workshop.positions(workshop.organization(ALDER))[QUESTION]
        theirs = workshop.positions(workshop.organization(BIRCH))[QUESTION]
        draft, other = workshop.draft(ALDER), workshop.draft(BIRCH)

    assert (held.value, held.status, held.of) == ([TEXT], "agreed", 3)
    assert NOTE in {each.note for each in held.dissent}
    assert SAID["Finch"] in {each.words for each in held.dissent}
    assert (theirs.status, theirs.of) == ("proposed", 2)
    (clause,) = (each for each in draft.clauses() if each.id == "who_we_serve")
    assert TEXT in repr(clause.bullets)
    dissent = " ".join(comment.words for _, comment in draft.comments() if comment.kind == "dissent")
    annex = repr([each for each in draft.sections if each.id == "minority_views"])
    assert all(words in said for words in (NOTE, SAID["Finch"]) for said in (dissent, annex))
    assert "Birch words" not in repr(draft)
    assert not [words for words in (*SAID.values(), TEXT, NOTE) if words in repr(other)]


def test_a_text_offered_without_a_network_is_kept_and_stored_once(server: Server, visit: Visit) -> None:
    page = come_in(visit, server, "Wren", ALDER)
    answer(page, SAID["Wren"])
    press(page, "Show each other our answers")
    expect(agree(page).locator(".pw-voice")).to_have_count(1)

    page.context.set_offline(True)
    press(page, "Use this: the answer of You")
    press(page, "Offer this to everybody")
    expect(page.locator(".pw-form .pw-status .pw-word")).to_have_text("Not saved yet")
    page.context.set_offline(False)
    page.reload()

    expect(agree(page).locator(".pw-offer")).to_have_count(1)
    expect(page.locator(".pw-form .pw-status .pw-word")).to_have_text("Saved")
    with Workshop.open(server.folder) as workshop:
        said = workshop.history(workshop.organization(ALDER))
    assert [each.value for each in said if each.voice == "ours"] == [[SAID["Wren"]]]


def on_the_device(page: Page) -> str:
    return page.evaluate("Object.entries(localStorage).flat().join(' ')")


def until_kept(page: Page, words: str) -> None:
    for _ in range(100):
        if words in on_the_device(page):
            return
        page.wait_for_timeout(50)
    raise AssertionError("it is not kept on the device")


def test_a_text_and_a_note_that_were_begun_outlive_a_reload(server: Server, visit: Visit) -> None:
    wren, otter = (come_in(visit, server, name, ALDER) for name in ("Wren", "Otter"))
    for page, name in ((wren, "Wren"), (otter, "Otter")):
        answer(page, SAID[name])
    press(wren, "Show each other our answers")
    press(wren, "Use this: the answer of You")
    press(wren, "Offer this to everybody")

    press(otter, "Write our own")
    agree(otter).get_by_label("Item 1", exact=True).fill(TEXT)
    press(otter, "I see it differently (keep a note)")
    agree(otter).get_by_label("If you see it differently, say why", exact=True).fill(NOTE)
    until_kept(otter, NOTE)
    otter.reload()

    expect(agree(otter).get_by_label("Item 1", exact=True)).to_have_value(TEXT)
    expect(agree(otter).get_by_label("If you see it differently, say why", exact=True)).to_have_value(NOTE)
    assert SAID["Wren"] not in on_the_device(otter)
    press(otter, "Keep my note")
    press(otter, "Offer this to everybody")
    expect(agree(otter).locator(".pw-offer")).to_have_count(2)
    expect(otter.locator(".pw-form .pw-status .pw-word")).to_have_text("Saved")
    assert on_the_device(otter) == ""


def test_client_details_in_a_begun_text_stay_in_the_field_and_the_end_clears_the_device(
    server: Server, visit: Visit
) -> None:
    page = come_in(visit, server, "Wren", ALDER)
    answer(page, SAID["Wren"])
    press(page, "Show each other our answers")
    press(page, "Write our own")
    field = agree(page).get_by_label("Item 1", exact=True)
    field.fill("Call the mother")
    until_kept(page, "Call the mother")
    field.fill("Call the mother at 212-555-0142")
    page.wait_for_timeout(700)
    assert "555" not in on_the_device(page)
    page.reload()
    expect(field).to_have_value("Call the mother")

    with Workshop.open(server.folder) as workshop:
        workshop.happen(*room.end())
    expect(page.get_by_role("heading", name="The workshop has ended")).to_be_visible()
    assert on_the_device(page) == ""
