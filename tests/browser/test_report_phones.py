"""The report-back on real phones: what the room may see, three dots each, kept offline, blind until it is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from join_server import Proxy, Server, act
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sheets import HARDEST
from stored import events_of

from toolkit import Workshop
from toolkit.answers.model import SCRIBE, Answer
from toolkit.facilitation import report_back, stages
from toolkit.facilitation.events import BallotEvent, RoomEvent
from toolkit.storage.store import new_id

pytestmark = pytest.mark.browser

ALDER, BIRCH, CEDAR = "Alder House", "Birch Line", "Cedar Clinic"
HARD = {
    ALDER: "Telling friends from the neighborhood who became clients why we cannot be friends online",
    BIRCH: "Who answers messages at night and on weekends, when nobody is at work",
    CEDAR: "What only Cedar knows",
}
Visit = Callable[..., BrowserContext]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Workshop.open(tmp_path / "room", title="Spring workshop") as workshop:
        for organization in workshop.roster.register(ALDER, BIRCH, CEDAR):
            words = HARD[organization.name]
            workshop.discussion.save(Answer(new_id(), organization.id, SCRIBE, HARDEST, words, "ours"))
        for name in (ALDER, BIRCH):
            workshop.report_back.release(workshop.roster.organization(name).id)
        for act in (stages.open_stage("report_back"), report_back.show()):
            workshop.record(act)
    return tmp_path / "room"


def come_in(context: BrowserContext, url: str, key: str, organization: str, name: str = "") -> Page:
    """Let a person in; without a name it is a table's device."""
    page = context.new_page()
    page.goto(f"{url}/#{key}")
    page.get_by_role("button", name=organization).click()
    if name:
        page.get_by_label("What may we call you? (optional)").fill(name)
    else:
        page.get_by_label("I write for everybody at our table").check()
    page.get_by_role("button", name="Come in").click()
    return page


def vote(page: Page) -> Locator:
    return page.locator("#vote")


def more(page: Page, words: str) -> Locator:
    return vote(page).get_by_role("button", name=f"Give a dot to: {words}")


def counted(server: Server) -> list[dict[str, int]]:
    """The dots by organization on the board, one entry a voter."""
    with Workshop.open(server.folder) as workshop:
        names = {f"{HARDEST}/{each.id}": each.name for each in workshop.organizations}
        return [
            {names[id_]: n for id_, n in each.items()} for each in workshop.report_back.reported().back.ballots.values()
        ]


def faults(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    small = page.locator(".pw-report button:visible").evaluate_all(
        "each => each.filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML)"
    )
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found] + [f"{wide} px"] * (wide > 0) + small


def test_every_state_of_the_vote_can_be_used_by_everybody(
    server: Server, wire: Proxy, visit: Visit, shots: Path | None
) -> None:
    key, found = server.way().key, []

    def look(page: Page, name: str, place: str = "#vote") -> None:
        for width, height in ((390, 844), (320, 568)):
            page.set_viewport_size({"width": width, "height": height})
            page.locator(place).evaluate("each => scrollTo(0, each.getBoundingClientRect().top + scrollY - 60)")
            if shots:
                page.screenshot(path=shots / f"report-{name}-{width}.png")
            found.extend(f"{name} at {width}: {each}" for each in faults(page))

    page = come_in(visit(), wire.url, key, ALDER, "Wren")
    expect(page.locator("#release")).to_contain_text("The table said yes.")
    look(page, "1-released", "#release")
    page.get_by_role("button", name="Not yet").click()
    expect(page.locator("#release")).to_contain_text("Only your organization and the facilitator can see these words.")
    look(page, "2-kept", "#release")
    page.get_by_role("button", name="Yes, the room may see them").click()
    expect(page.locator("#release")).to_contain_text("You said yes.")
    expect(vote(page)).to_be_hidden()

    act(server, report_back.open_vote())
    expect(vote(page)).to_contain_text("3 of 3 dots left")
    look(page, "3-open")
    for words, times in ((HARD[BIRCH], 2), (HARD[ALDER], 1)):
        for _ in range(times):
            more(page, words).click()
    expect(vote(page)).to_contain_text("All 3 dots are given")
    expect(vote(page).locator(".pw-sent")).to_have_text("Saved")
    look(page, "4-voted")
    wire.cut()
    vote(page).get_by_role("button", name=f"Take a dot back from: {HARD[BIRCH]}").click()
    expect(vote(page).locator(".pw-sent")).to_have_text("Not sent yet – kept on this device")
    look(page, "5-offline")
    wire.mend()
    expect(vote(page).locator(".pw-sent")).to_have_text("Saved", timeout=10_000)
    act(server, report_back.close_vote())
    expect(vote(page)).to_contain_text("The vote is closed")
    look(page, "6-closed")
    act(server, report_back.show_votes())
    expect(vote(page)).to_contain_text("What the room finds hardest")
    look(page, "7-result")

    assert found == []
    assert counted(server)[0] == {ALDER: 1, BIRCH: 1}
    assert HARD[CEDAR] not in page.content()


def test_a_table_puts_the_voices_of_its_phones_together(server: Server, visit: Visit, shots: Path | None) -> None:
    key = server.way().key
    table = come_in(visit(), server.url, key, CEDAR)
    people = {name: come_in(visit(), server.url, key, CEDAR, name) for name in ("Wren", "Otter")}
    words = {"Wren": "Saying no to friend requests", "Otter": "Photos that staff post at home"}
    for name, page in people.items():
        page.locator('[data-question="easiest"]').get_by_role("textbox").fill(words[name])
        expect(page.locator(".pw-form .pw-status .pw-word")).to_have_text("Saved")
    ours = table.locator('[data-agree="easiest"]')
    expect(ours).to_contain_text("2 of 2 have answered")
    found = shot(table, ours, shots, "table-1-alone")

    ours.get_by_role("button", name="Show each other our answers").click()
    expect(ours.locator(".pw-voice")).to_have_count(2)
    found += shot(table, ours, shots, "table-2-together")
    ours.get_by_role("button", name="Use this: the answer of Wren").click()
    expect(people["Wren"].locator('[data-agree="easiest"] .pw-voice')).to_have_count(2)
    ours.get_by_label("Our answer").fill("Saying no to friend requests from clients")
    expect(people["Wren"].locator('[data-agree="easiest"] .pw-writing')).to_have_text("The table is writing…")
    found += shot(table, ours, shots, "table-3-editing")
    ours.get_by_role("button", name="Write this down as ours").click()
    expect(ours.locator(".pw-offer")).to_contain_text("Written down at your table. Made from the answers of: Wren.")
    field = table.locator('[data-question="easiest"]').get_by_role("textbox")
    expect(field).to_have_value("Saying no to friend requests from clients")
    ours.get_by_role("button", name="One of us sees it differently").click()
    ours.get_by_label("Why does one of you see it differently?").fill("Photos are easier.")
    ours.get_by_role("button", name="Keep my note").click()
    expect(ours.locator(".pw-dissent")).to_have_text("One of us at the table: Photos are easier.")
    found += shot(table, ours, shots, "table-4-agreed")

    otter = people["Otter"].locator('[data-agree="easiest"]')
    otter.get_by_role("button", name="I agree").click()
    expect(otter.locator(".pw-offer")).to_contain_text("Written down at your table.")
    expect(otter.locator(".pw-offer")).to_contain_text("1 of 2 say that they agree.")
    found += shot(people["Otter"], otter, shots, "table-5-phone")
    assert found == []
    with Workshop.open(server.folder) as workshop:
        held = workshop.discussion.positions(workshop.roster.organization(CEDAR).id)["easiest"]
    assert (held.value, held.status) == ("Saying no to friend requests from clients", "agreed")
    assert "Photos are easier." in {each.note for each in held.dissent}


def shot(page: Page, place: Locator, shots: Path | None, name: str) -> list[str]:
    place.evaluate("each => scrollTo(0, each.getBoundingClientRect().top + scrollY - 110)")
    if shots:
        page.screenshot(path=shots / f"{name}.png")
    return [f"{name}: {each}" for each in faults(page)]


@pytest.mark.parametrize(
    ("then", "shows"),
    [
        ([report_back.close_vote()], "The vote is closed"),
        ([report_back.close_vote(), report_back.show_votes()], "What the room finds hardest"),
        ([stages.end()], ""),
    ],
    ids=["closed", "shown", "ended"],
)
def test_news_of_the_vote_goes_when_it_is_no_longer_true(
    server: Server, visit: Visit, then: list[RoomEvent], shows: str
) -> None:
    page = come_in(visit(), server.url, server.way().key, ALDER, "Wren")
    expect(page.locator("#release")).to_be_visible()
    field = page.locator('[data-question="easiest"]').get_by_role("textbox")
    field.focus()
    act(server, report_back.open_vote())
    notice = page.locator("#notice")
    expect(notice).to_have_text("The vote is open: it is at the top of this page.")
    field.blur()
    act(server, *then)
    if shows:
        expect(vote(page)).to_contain_text(shows)
    else:
        expect(page.locator("h1")).to_have_text("The workshop has ended")
    expect(notice).to_be_hidden()


def test_dots_are_given_by_keyboard_and_said_aloud(server: Server, visit: Visit) -> None:
    act(server, report_back.open_vote())
    page = come_in(visit(), server.url, server.way().key, ALDER, "Wren")
    aloud = vote(page).get_by_role("status")
    expect(aloud).to_have_text("3 of 3 dots left")

    more(page, HARD[BIRCH]).focus()
    for left in ("2 of 3 dots left", "1 of 3 dots left", "All 3 dots are given", "All 3 dots are given. Take one back"):
        page.keyboard.press("Enter")
        expect(aloud).to_contain_text(left)
        expect(more(page, HARD[BIRCH])).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(vote(page).get_by_role("button", name=f"Take a dot back from: {HARD[BIRCH]}")).to_be_focused()
    page.keyboard.press("Space")
    expect(aloud).to_have_text("1 of 3 dots left")
    expect(vote(page).locator(".pw-sent")).to_have_text("Saved")
    assert counted(server) == [{BIRCH: 2}]


OF_THE_VOTE = "Object.keys(localStorage).filter((key) => !key.startsWith('policy-workshop-words/')).length"
"""What the device keeps besides its return words."""


@pytest.mark.parametrize("closed", [False, True])
def test_a_vote_without_a_network_is_kept_through_a_reload_and_sent_once(
    server: Server, wire: Proxy, visit: Visit, closed: bool
) -> None:
    act(server, report_back.open_vote())
    page = come_in(visit(), wire.url, server.way().key, ALDER, "Wren")
    expect(more(page, HARD[BIRCH])).to_be_visible()
    wire.cut()
    more(page, HARD[BIRCH]).click()
    more(page, HARD[BIRCH]).click()
    expect(vote(page).locator(".pw-sent")).to_have_text("Not sent yet – kept on this device")
    if closed:
        act(server, report_back.close_vote())
    wire.mend()
    page.goto(wire.url)

    if closed:
        expect(vote(page)).to_contain_text("The vote is closed")
        expect(vote(page).get_by_role("alert")).to_contain_text("The vote is closed")
    else:
        expect(vote(page)).to_contain_text("1 of 3 dots left")
        expect(vote(page).locator(".pw-sent")).to_have_text("Saved")
    assert counted(server) == ([] if closed else [{BIRCH: 2}])
    for _ in range(100):  # the vault behind the outbox lets go a moment later
        if not (left := page.evaluate(OF_THE_VOTE)):
            break
        page.wait_for_timeout(50)
    assert left == 0
    with Workshop.open(server.folder) as workshop:
        assert len(events_of(workshop, BallotEvent)) == (0 if closed else 1)


def test_a_table_has_three_dots_together_on_the_phone_and_in_the_notebook(server: Server, visit: Visit) -> None:
    act(server, report_back.open_vote())
    key = server.way().key
    one, two = (come_in(visit(), server.url, key, ALDER) for _ in range(2))
    expect(vote(one)).to_contain_text("Your table has 3 dots together.")
    more(one, HARD[BIRCH]).click()
    expect(vote(one).locator(".pw-sent")).to_have_text("Saved")
    with Workshop.open(server.folder) as workshop:  # as the table's notebook does it
        alder = workshop.roster.organization(ALDER).id
        kept = report_back.own_dots(
            workshop.report_back.reported().back, alder, workshop.report_back.reported().on_vote
        )
        workshop.report_back.vote(alder, kept | {f"{HARDEST}/{alder}": 1})
    assert sum(counted(server)[0].values()) == 2
    two.reload()
    expect(vote(two)).to_contain_text("1 of 3 dots left")


def test_words_that_changed_after_the_yes_need_a_new_one(server: Server, visit: Visit) -> None:
    page = come_in(visit(), server.url, server.way().key, ALDER)
    release = page.locator("#release")
    expect(release).to_contain_text("The room can see these words now.")
    page.locator(f'[data-question="{HARDEST}"]').get_by_role("textbox").fill("Later words")
    expect(release).to_contain_text("Your words have changed since you said yes")
    with Workshop.open(server.folder) as workshop:
        assert "Later words" not in {each.title for each in workshop.report_back.reported().on_vote}

    release.get_by_role("button", name="Show the new words instead").click()
    expect(release).to_contain_text("You said yes. The room can see these words now.")
    with Workshop.open(server.folder) as workshop:
        assert "Later words" in {each.title for each in workshop.report_back.reported().on_vote}
