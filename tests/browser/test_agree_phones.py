"""The whole walk on real phones: five people of two organizations answer, agree, release, vote, and take it home."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import board_page
import pytest
from axe_playwright_python.sync_playwright import Axe
from join_server import Server
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sheets import HARDEST
from test_form_browser import without_ids

from toolkit import Workshop
from toolkit.answers.model import SCRIBE, Answer
from toolkit.facilitation import stages
from toolkit.notebook.facilitator_page import Facilitator
from toolkit.notebook.report_back_panel import ReportBoard
from toolkit.storage.store import new_id

pytestmark = pytest.mark.browser

ALDER, BIRCH, CEDAR = "Alder House", "Birch Line", "Cedar Clinic"
QUESTION = "who_do_you_serve"
SAID = {
    "Wren": "Young people who come for advice",
    "Otter": "Parents in two counties",
    "Finch": "Everybody who calls at night",
}
THEIRS = {"Zoe": "Birch words of Zoe", "Yan": "Birch words of Yan"}
HARD = {
    "Wren": "Friends from the neighborhood who became clients",
    "Otter": "Old friends who are clients now",
    "Finch": "Messages that come at night",
    "Zoe": "Who answers on weekends",
    "Yan": "Who answers when nobody is at work",
}
OURS = {ALDER: "Old friends who became clients", BIRCH: "Who answers at night and on weekends"}
UNRELEASED = "What only Cedar knows"
TEXT = "Young people and parents in two counties"
NOTE = "Callers at night are missing."

Visit = Callable[..., BrowserContext]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Workshop.open(tmp_path / "room", title="Spring workshop") as workshop:
        *_, cedar = workshop.roster.register(ALDER, BIRCH, CEDAR)
        workshop.discussion.save(Answer(new_id(), cedar.id, SCRIBE, HARDEST, UNRELEASED, "ours"))
        workshop.record(stages.open_stage("stakeholders"))
    return tmp_path / "room"


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


def agree(page: Page, question: str = QUESTION) -> Locator:
    return page.locator(f'[data-agree="{question}"]')


def press(page: Page, name: str, question: str = QUESTION) -> None:
    agree(page, question).get_by_role("button", name=name).click()


def look(page: Page, shots: Path | None, name: str, place: str = f'[data-agree="{QUESTION}"]') -> list[str]:
    """The picture of one organization's view, and what is wrong with it."""
    page.locator(place).evaluate("each => window.scrollTo(0, each.getBoundingClientRect().top + scrollY - 110)")
    if shots:
        page.screenshot(path=shots / f"walk-{name}.png")
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found] + [f"{wide} px too wide"] * (wide > 0)


def test_five_people_of_two_organizations_walk_the_whole_way(
    server: Server, visit: Visit, shots: Path | None, tmp_path: Path
) -> None:
    phones = {name: come_in(visit, server, name, ALDER) for name in SAID}
    others = {name: come_in(visit, server, name, BIRCH) for name in THEIRS}
    found = they_agree_with_one_dissent(phones, others, shots)
    with Workshop.open(server.folder) as workshop:
        desk = workshop.facilitator()
        projector = visit(1280, 800).new_page()
        board_page.show(projector, desk.head)
        workshop.record(stages.open_stage("report_back"))
        found += they_say_what_was_hardest(phones, others, shots)
        found += they_say_what_the_room_may_see(phones, others, shots)
        found += they_vote_and_see_the_result(phones | others, desk, projector, shots)
        the_drafts_keep_it(workshop, tmp_path)
        the_report_holds_what_was_released(workshop, tmp_path)
    assert found == []


def they_agree_with_one_dissent(phones: dict[str, Page], others: dict[str, Page], shots: Path | None) -> list[str]:
    for name, page in (phones | others).items():
        answer(page, (SAID | THEIRS)[name])
    wren, otter, finch = phones.values()
    expect(agree(wren)).to_contain_text("3 of 3 have answered")
    expect(agree(others["Zoe"])).to_contain_text("2 of 2 have answered")
    for name, page in phones.items():
        assert [words for words in SAID.values() if words in page.content()] in ([], [SAID[name]])
        expect(agree(page).locator(".pw-voice")).to_have_count(0)
    found = look(wren, shots, "01-alone")

    press(wren, "Show each other our answers")
    for page in phones.values():
        expect(agree(page).locator(".pw-voice")).to_have_count(3)
    found += look(finch, shots, "02-together")

    for who in ("Wren", "You"):
        agree(otter).get_by_role("checkbox", name=f"Combine {who}").check()
    press(otter, "Combine the ticked (2)")
    found += look(otter, shots, "03-editing")
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
    found += look(otter, shots, "04-agreed")
    found += look(otter, shots, "05-offered", f'[data-agree="{QUESTION}"] .pw-offers')

    for page in others.values():
        page.reload()
        expect(agree(page)).to_contain_text("2 of 2 have answered")
        expect(agree(page).locator(".pw-voice, .pw-offer")).to_have_count(0)
        assert not [words for words in (*SAID.values(), TEXT, NOTE) if words in page.content()]
    return found


def they_say_what_was_hardest(phones: dict[str, Page], others: dict[str, Page], shots: Path | None) -> list[str]:
    """Each alone, then one text of each organization."""
    for name, page in (phones | others).items():
        page.locator(f'[data-question="{HARDEST}"]').get_by_role("textbox").fill(HARD[name])
        expect(page.locator(".pw-form .pw-status .pw-word")).to_have_text("Saved")
    wren = phones["Wren"]
    expect(wren.locator("#release")).to_contain_text("You have not shown each other your answers to this yet")
    found = look(wren, shots, "06-hidden", "#release")
    assert not [words for name, words in HARD.items() if name != "Wren" and words in wren.content()]
    for organization, (writer, reader) in {ALDER: ("Wren", "Otter"), BIRCH: ("Zoe", "Yan")}.items():
        one, other = ((phones | others)[each] for each in (writer, reader))
        press(one, "Show each other our answers", HARDEST)
        press(one, "Write our own", HARDEST)
        agree(one, HARDEST).get_by_label("Our answer").fill(OURS[organization])
        press(one, "Offer this to everybody", HARDEST)
        press(other, "I agree", HARDEST)
        expect(agree(one, HARDEST).locator(".pw-offer .pw-chip")).to_have_text("Agreed")
    return found + look(phones["Otter"], shots, "07-hardest", f'[data-agree="{HARDEST}"]')


def they_say_what_the_room_may_see(phones: dict[str, Page], others: dict[str, Page], shots: Path | None) -> list[str]:
    """One says yes, the others see who; of the other organization nobody sees a word."""
    otter, wren, zoe = phones["Otter"], phones["Wren"], others["Zoe"]
    expect(otter.locator("#release")).to_contain_text(OURS[ALDER])
    found = look(otter, shots, "08-may-the-room-see", "#release")
    otter.get_by_role("button", name="Yes, the room may see them").click()
    expect(otter.locator("#release .pw-sent")).to_be_hidden()
    expect(wren.locator("#release")).to_contain_text("Otter said yes. The room may see these words.")
    found += look(wren, shots, "09-otter-said-yes", "#release")
    assert OURS[ALDER] not in zoe.content()
    zoe.get_by_role("button", name="Yes, the room may see them").click()
    expect(others["Yan"].locator("#release")).to_contain_text("Zoe said yes.")
    return found


def they_vote_and_see_the_result(
    everybody: dict[str, Page], desk: Facilitator, projector: Page, shots: Path | None
) -> list[str]:
    """Blind on every phone and on the projector, until the facilitator shows the dots."""
    board = desk.parts["report_back"]
    assert isinstance(board, ReportBoard)
    found: list[str] = []

    def on_the_projector(name: str) -> str:
        desk.refresh()
        board_page.look(projector)
        if shots:
            projector.screenshot(path=shots / f"walk-{name}.png")
        violations = Axe().run(projector, options={"resultTypes": ["violations"]}).response["violations"]
        found.extend(f"{name} {each['id']}: {each['nodes'][0]['html'][:200]}" for each in violations)
        return projector.locator(".pw-scene").inner_text()

    board_page.choose(desk.head, "scene", "report_back")
    board_page.look(projector)
    projector.get_by_role("button", name="Show on the projector").click()
    assert not [words for words in OURS.values() if words in on_the_projector("10-projector-blind")]
    board.show.click()
    shown = on_the_projector("11-projector-released")
    assert all(words in shown for words in OURS.values())
    board.vote.click()
    for name, page in everybody.items():
        first, second = (f"Give a dot to: {OURS[each]}" for each in (ALDER, BIRCH))
        for dot in (first, first, second):
            page.get_by_role("button", name=dot).click()
        expect(page.locator("#vote .pw-sent")).to_have_text("Saved")
        expect(page.locator("#vote")).to_contain_text("All 3 dots are given")
        found += look(page, shots if name == "Finch" else None, "12-vote", "#vote")
    assert "5 have voted." in on_the_projector("13-projector-vote")
    assert "10" not in everybody["Zoe"].locator("#vote").inner_text()
    board.vote.click()
    expect(everybody["Zoe"].locator("#vote")).to_contain_text("The vote is closed")
    found += look(everybody["Zoe"], shots, "14-closed", "#vote")
    board.votes.click()
    for name, page in everybody.items():
        expect(page.locator("#vote")).to_contain_text("What the room finds hardest")
        expect(page.locator("#vote .pw-tally")).to_have_text(["10 dots", "5 dots"])
        found += look(page, shots if name == "Yan" else None, "15-result", "#vote")
        assert UNRELEASED not in page.content()
    assert UNRELEASED not in on_the_projector("16-projector-result")
    return found


def the_drafts_keep_it(workshop: Workshop, folder: Path) -> None:
    """The text, the dissent beside it and in the annex; and of the other organization nothing."""
    held = workshop.discussion.positions(workshop.roster.organization(ALDER).id)[QUESTION]
    theirs = workshop.discussion.positions(workshop.roster.organization(BIRCH).id)[QUESTION]
    draft = workshop.draft(ALDER)
    assert (held.value, held.status, held.of) == ([TEXT], "agreed", 3)
    assert NOTE in {each.note for each in held.dissent}
    assert SAID["Finch"] in {each.words for each in held.dissent}
    assert (theirs.status, theirs.of) == ("proposed", 2)
    (clause,) = (each for each in draft.clauses() if each.id == "who_we_serve")
    assert TEXT in repr(clause.bullets)
    dissent = " ".join(comment.words for _, comment in draft.comments() if comment.kind == "dissent")
    annex = repr([each for each in draft.sections if each.id == "minority_views"])
    assert all(words in said for words in (NOTE, SAID["Finch"]) for said in (dissent, annex))

    files = {each.organization: each.files for each in workshop.export(folder / "drafts")}
    ours, other = in_word(*files[ALDER]), in_word(*files[BIRCH])
    assert [words for words in (TEXT, NOTE, SAID["Finch"], OURS[ALDER]) if words not in ours] == []
    assert [words for words in (*THEIRS.values(), OURS[BIRCH]) if words not in other] == []
    assert [words for words in (*THEIRS.values(), OURS[BIRCH], UNRELEASED, BIRCH, CEDAR) if words in ours] == []
    assert [words for words in (TEXT, NOTE, *SAID.values(), OURS[ALDER], UNRELEASED, ALDER) if words in other] == []


def the_report_holds_what_was_released(workshop: Workshop, folder: Path) -> None:
    """What the organizations released and what the room voted for, and not one word more."""
    report = in_word(workshop.papers.write_report(folder / "report.docx"))
    assert [words for words in (*OURS.values(), ALDER, BIRCH) if words not in report] == []
    kept = (*HARD.values(), *SAID.values(), *THEIRS.values(), TEXT, NOTE, UNRELEASED)
    assert [words for words in kept if words in report] == []
    top = next(each for each in workshop.papers.report().sections if each.id == "top")
    said = [(row[0][0].words, row[-1][0].words) for row in top.blocks[0].rows]
    assert said == [(OURS[ALDER], "10"), (OURS[BIRCH], "5")]


def in_word(*files: Path) -> str:
    """All the words of Word files, comments too."""
    parts = [ZipFile(each).read(name) for each in files for name in ZipFile(each).namelist() if name.endswith(".xml")]
    return html.unescape(re.sub("<[^>]+>", "", " ".join(part.decode() for part in parts)))


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
        said = workshop.discussion.history(workshop.roster.organization(ALDER).id)
    assert [each.value for each in said if each.voice == "ours"] == [[SAID["Wren"]]]


def on_the_device(page: Page) -> str:
    """All answers that the device keeps: neither what it is done with, noted without a word of it, nor return words."""
    kept = "Object.entries(localStorage).filter(([key]) => !/^policy-workshop-(done|words)[/]/.test(key))"
    return without_ids(page.evaluate(f"{kept}.flat().join(' ')"))


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
        workshop.record(stages.end())
    expect(page.get_by_role("heading", name="The workshop has ended")).to_be_visible()
    assert on_the_device(page) == ""
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('policy-workshop-words'))") == []
