"""One whole day: from an empty folder through practice, five phones and a table, to drafts, tables and the receipt.

It runs the real program with real JupyterLab and a real Chromium, in a network of its own whose address changes once;
the program is killed once in mid stage. It grows with every change of what people see.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from day_people import ASK_FOR_HELP, HELPED, NOBODY_ASKS, ONE_ASKS, WAIT, Desk, Phone, Projector
from day_room import Camera, Network, Program, await_until, pdf_of
from docx_checks import rule_faults
from playwright.sync_api import Browser, BrowserContext, expect

from toolkit import Workshop
from toolkit.join.join_link import join_link_of

pytestmark = pytest.mark.browser

TITLE = "Spring workshop"
WORKSHEET = "A Social Media Policy for Supervised Visitation"
STAGES = ["Why a policy", "Who decides", "What and who it covers", "The rules"]
ALDER = "Alder Family Visit House"
LONG = "Birch Supervised Visitation and Safe Exchange Program of the Greater River Valley and Surrounding Counties"
NEW, LATE = "柳溪家庭探访中心", "Cedar Court House Visits"
SERVED, APPROVES, HARDEST, STEP = "who_do_you_serve", "who_approves", "most_difficult", "first_step"
FIRST, SECOND = "192.168.50.2", "10.20.30.4"
UNSENT = "Board of the county, written while the Wi-Fi was gone"
Visit = Callable[..., BrowserContext]


@pytest.fixture
def network() -> Iterator[Network]:
    try:
        made = Network(FIRST)
    except OSError:
        pytest.skip("no network namespace: this needs Linux, and the right to make one")
    yield made
    made.close()


@pytest.fixture
def program(network: Network, tmp_path: Path) -> Iterator[Program]:
    made = Program(network, tmp_path / "spring", tmp_path / "window.txt")
    yield made
    made.close()


@pytest.fixture
def visit(chromium: Browser, chromium_path: str, quiet: list[str], network: Network, tmp_path: Path) -> Iterator[Visit]:
    """Yield a maker of devices whose browser is in the network of the day."""
    browser = chromium.browser_type.launch(executable_path=network.browser(chromium_path, tmp_path), args=quiet)

    def device(width: int = 390, height: int = 844) -> BrowserContext:
        return browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)

    yield device
    browser.close()


def test_one_whole_day(program: Program, network: Network, visit: Visit, shots: Path | None, tmp_path: Path) -> None:
    camera = Camera(shots)
    address = program.start("--title", TITLE)
    desk = Desk(visit(1280, 720), address)
    table_page = desk.page.context.new_page()
    table_page.goto(address.replace("facilitator.ipynb", "1-stakeholders.ipynb"))

    she_sets_up(desk, camera)
    she_practices(desk, camera)
    people_come(desk, camera, table_page)
    projector = Projector(visit(1920, 1080), address)
    projector.show("Doors")
    phones = they_join(program, visit, desk, projector, camera)
    they_write(phones, desk, projector, camera)
    one_asks_for_help(phones["Mai"], desk, camera)
    phones["Lou"] = one_comes_late(program, visit, desk, camera)
    phones["Ana"] = one_battery_is_dead(phones["Ana"], program, visit)
    the_wifi_changes(phones, program, network, visit, projector, camera)
    the_program_is_killed(phones, program, desk, projector, camera)
    they_agree_and_decide(phones, desk, camera)
    they_report_back(phones, desk, projector, camera)
    the_workshop_ends(phones, desk, camera, tmp_path)
    she_takes_everything_home(program, desk, camera, tmp_path)
    she_erases(program, desk, camera)
    assert camera.too_wide == []


def she_sets_up(desk: Desk, camera: Camera) -> None:
    """The second worksheet, 90 minutes; the stages are those of that worksheet at once."""
    camera.take("first-page", desk.page)
    desk.go("Set up")
    desk.page.get_by_text(WORKSHEET).locator("visible=true").first.click()
    desk.page.get_by_text("90 minutes", exact=True).locator("visible=true").first.click()
    desk.see("Saved.")
    camera.take("set-up", desk.page)
    desk.go("The room")
    expect(desk.button("Open stage 1 for everybody")).to_be_visible(timeout=WAIT)
    offered = [each.partition(". ")[2] for each in desk.options("Which stage")]
    assert offered[: len(STAGES)] == STAGES
    camera.take("stages", desk.page)
    desk.go("Drafts")
    desk.see("No organization is registered yet")


def she_practices(desk: Desk, camera: Camera) -> None:
    """Made-up people do all that real ones do; the workshop is as before."""
    desk.go("Set up")
    desk.press("Practise with made-up people")
    desk.see("You are practising.")
    desk.open_stage(1)
    desk.see(ONE_ASKS)
    camera.take("practice-room", desk.page)
    desk.press(HELPED)
    desk.press("Let everybody finish now")
    desk.go("Report back")
    desk.press("Show the released lines")
    for column in ("Hardest", "First step"):
        expect(desk.page.get_by_role("heading", name=column, exact=True).locator("visible=true").first).to_be_visible()
    expect(desk.page.locator(".pw-point:visible").first).to_be_visible(timeout=WAIT)
    desk.press("Open the vote")
    desk.see(re.compile(r"[1-9]\d* have (voted|given)"))
    desk.press("Show the votes")
    expect(desk.button("Hide the votes again")).to_be_visible(timeout=WAIT)
    camera.take("practice-report-back", desk.page)
    desk.press("Stop practising …")
    desk.press("Yes, throw it away")
    desk.unseen("You are practising.")


def people_come(desk: Desk, camera: Camera, table_page: object) -> None:
    """Organizations are added after every page was opened; each page knows them."""
    desk.add_organizations(ALDER, LONG)
    desk.see(LONG)
    desk.go("Drafts")
    expect(desk.button("Write all drafts in Word")).to_be_enabled(timeout=WAIT)
    assert ALDER in desk.options("Whose draft")
    camera.take("drafts-enabled", desk.page)
    listed = table_page.get_by_label("Which organization are you from?").locator("option")  # type: ignore[attr-defined]
    expect(listed.filter(has_text=LONG)).to_have_count(1, timeout=WAIT)


def link_of(program: Program, network_address: str) -> str:
    """Return what the square on the big screen says."""
    with Workshop.open(program.folder) as workshop:
        way = join_link_of(workshop)
    assert way
    assert way.addresses[0] == network_address
    return f"http://{network_address}:{way.port}/#{way.key}"


def they_join(program: Program, visit: Visit, desk: Desk, projector: Projector, camera: Camera) -> dict[str, Phone]:
    """Four phones and a table's device come in; one brings an organization that nobody knew."""
    link = link_of(program, FIRST)
    projector.see(re.compile(FIRST.replace(".", r"\.")))
    first = Phone.scan(visit(), link, "Jo", ALDER)
    first.see("Which organization are you from?")
    assert first.page.evaluate("isSecureContext") is False
    camera.take("which-organization", first.page)
    phones = {"Jo": first.come_in().keep_words()}
    for name, organization in (("Ana", ALDER), ("Mai", LONG)):
        phones[name] = Phone.scan(visit(), link, name, organization).come_in().keep_words()
    phones["Wei"] = Phone.scan(visit(), link, "Wei", NEW).come_in(is_new=True).keep_words()
    phones["table"] = Phone.scan(visit(1280, 720), link, "", LONG).come_in().keep_words()
    for phone in phones.values():
        phone.see(re.compile("^You're in"))
    projector.see(NEW)
    camera.take("waiting", phones["Jo"].page, phones["table"].page)
    camera.take("doors", projector.page)
    desk.go("Organizations")
    desk.see(NEW)
    camera.take("organizations", desk.page)
    return phones


def they_write(phones: dict[str, Phone], desk: Desk, projector: Projector, camera: Camera) -> None:
    """The first stage opens: phones turn to it by themselves, and what they write is counted, not shown."""
    desk.open_stage(1)
    projector.show("The clock")
    for name, phone in phones.items():
        expect(phone.field(SERVED)).to_be_visible(timeout=WAIT)
        phone.write(SERVED, f"Families whom {name} knows")
    for phone in phones.values():
        phone.saved()
    desk.see("5 phones connected")
    camera.take("first-stage", phones["Jo"].page, phones["table"].page, desk.page, projector.page)
    phones["Jo"].is_as_new()


def one_asks_for_help(phone: Phone, desk: Desk, camera: Camera) -> None:
    """A request goes up on the facilitator's page, and down on the phone when it was dealt with."""
    phone.press(ASK_FOR_HELP)
    desk.see(ONE_ASKS)
    camera.take("help", phone.page, desk.page)
    desk.press(HELPED)
    desk.see(NOBODY_ASKS)
    expect(phone.page.get_by_role("button", name=ASK_FOR_HELP)).to_be_visible(timeout=WAIT)
    phone.is_as_new()


def one_comes_late(program: Program, visit: Visit, desk: Desk, camera: Camera) -> Phone:
    """Somebody comes when the first stage is open, from an organization that is added only now."""
    desk.add_organizations(LATE)
    desk.see(LATE)
    late = Phone.scan(visit(), link_of(program, FIRST), "Lou", LATE).come_in()
    expect(late.field(SERVED)).to_be_visible(timeout=WAIT)
    late.write(SERVED, "Families whom Lou knows")
    late.saved()
    camera.take("late", late.page)
    return late.keep_words()


def one_battery_is_dead(phone: Phone, program: Program, visit: Visit) -> Phone:
    """Three words bring a person's answers to another phone."""
    phone.context.close()
    back = phone.come_back(visit(), link_of(program, FIRST))
    expect(back.field(SERVED)).to_have_value("Families whom Ana knows", timeout=WAIT)
    back.saved()
    return back


def the_wifi_changes(
    phones: dict[str, Phone], program: Program, network: Network, visit: Visit, projector: Projector, camera: Camera
) -> None:
    """The address changes: words wait where they were typed, the projector shows the new way in, all come back."""
    projector.show("Doors")
    desk_words = f"http://{SECOND}"
    jo = phones["Jo"]
    network.move(SECOND)
    jo.write(SERVED, UNSENT)
    jo.not_saved()
    projector.see(re.compile(SECOND.replace(".", r"\.")))
    projector.unseen(FIRST)
    jo.see(re.compile("No connection|The address has changed"))
    assert jo.field(SERVED).input_value() == UNSENT
    camera.take("wifi-changed", jo.page, projector.page)
    link = link_of(program, SECOND)
    assert link.startswith(desk_words)
    for name, phone in phones.items():
        phones[name] = phone.come_back(visit(*SIZES.get(name, ())), link)
        expect(phones[name].field(SERVED)).to_have_value(f"Families whom {name} knows", timeout=WAIT)
    phones["Jo"].write(SERVED, UNSENT)
    phones["Jo"].saved()
    camera.take("wifi-back", phones["Jo"].page)


SIZES = {"table": (1280, 720)}


def the_program_is_killed(
    phones: dict[str, Phone], program: Program, desk: Desk, projector: Projector, camera: Camera
) -> None:
    """kill -9 in mid stage: nothing that was saved is lost, and every page that was open comes back by itself."""
    ana = phones["Ana"]
    program.kill()
    ana.write(SERVED, "Families whom Ana knows, and more")
    ana.not_saved()
    camera.take("killed", ana.page, desk.page, projector.page)
    program.start()
    ana.saved()
    expect(phones["Wei"].field(SERVED)).to_have_value("Families whom Wei knows")
    desk.go("The room")
    desk.see(f"1. {STAGES[0]}")
    desk.press("+2 minutes")
    desk.see("Two minutes more.")
    expect(projector.button("Back to my page")).to_be_visible(timeout=WAIT)
    projector.show("Doors")
    projector.see(SECOND)
    camera.take("came-back", ana.page, desk.page, projector.page)
    ana.is_as_new()


def they_agree_and_decide(phones: dict[str, Phone], desk: Desk, camera: Camera) -> None:
    """Colleagues see each other's answers, one text is offered, one agrees; then they choose a rule."""
    desk.press("Show each other")
    expect(desk.button("Hide again")).to_be_visible(timeout=WAIT)
    jo, ana = phones["Jo"], phones["Ana"]
    for phone in (jo, ana):
        expect(phone.page.locator(f'[data-agree="{SERVED}"] .pw-voice').first).to_be_visible(timeout=WAIT)
    camera.take("voices", jo.page)
    desk.open_stage(4)
    for phone in (jo, ana, phones["table"]):
        expect(phone.page.locator('#form [data-question="job_title"]')).to_be_visible(timeout=WAIT)
        phone.pick("job_title", "On work networks only, such as LinkedIn")
        phone.saved()
    camera.take("rules", jo.page, phones["table"].page, desk.page)


def they_report_back(phones: dict[str, Phone], desk: Desk, projector: Projector, camera: Camera) -> None:
    """The table and a person say what was hardest, let the room see it, and the room votes."""
    desk.go("The room")
    desk.open_stage(len(desk.options("Which stage")))
    desk.press("Show each other")
    for name in ("table", "Wei"):
        phone = phones[name]
        expect(phone.field(HARDEST)).to_be_visible(timeout=WAIT)
        phone.write(HARDEST, f"What {name} found hardest")
        phone.write(STEP, f"Step of {name}")
        phone.saved()
        expect(phone.page.locator("#release")).to_contain_text(f"Step of {name}", timeout=WAIT)  # what is said yes to
        phone.press("Yes, the room may see them", "#release")
        expect(phone.page.locator("#release")).to_contain_text("said yes", timeout=WAIT)
    desk.go("Report back")
    projector.show("Report back")
    desk.press("Show the released lines")
    projector.see("What table found hardest")
    camera.take("report-back", desk.page, projector.page, phones["Wei"].page)
    desk.press("Open the vote")
    for name in ("Jo", "Mai", "table"):
        vote = phones[name].page.locator("#vote")
        vote.get_by_role("button", name="Give a dot to: What Wei found hardest").click(click_count=1)
        vote.get_by_role("button", name="Give a dot to: What Wei found hardest").click(click_count=1)
        expect(vote.locator(".pw-sent")).to_have_text("Saved", timeout=WAIT)
    camera.take("vote", phones["Jo"].page)
    desk.see(re.compile("3 have (voted|given)"))
    desk.press("Show the votes")
    projector.see("6 dots")
    phones["Jo"].see("6 dots")
    camera.take("result", desk.page, projector.page, phones["Jo"].page)
    phones["Jo"].is_as_new()


def the_workshop_ends(phones: dict[str, Phone], desk: Desk, camera: Camera, tmp_path: Path) -> None:
    """Every page says that it has ended; drafts are taken home."""
    desk.go("The room")
    desk.press("End the workshop")
    desk.press(re.compile("^Yes, end"))
    desk.see(re.compile("^The workshop has ended"))
    desk.unseen("Open: people are writing")
    for phone in phones.values():
        phone.see("The workshop has ended")
    phones["Mai"].is_as_new()
    taken = phones["Mai"].draft(tmp_path)
    assert list(rule_faults(taken.read_bytes())) == []
    camera.take("ended", phones["Mai"].page, desk.page)


def she_takes_everything_home(program: Program, desk: Desk, camera: Camera, tmp_path: Path) -> None:
    """All drafts are written; every paper is sound, and opens; the tables have every answer."""
    desk.go("Drafts")
    desk.press("Write all drafts in Word")
    desk.see(re.compile(r"^\d+ drafts are written in Word"))
    camera.take("drafts", desk.page)
    papers = sorted((program.folder / "drafts").rglob("*.docx"))
    policies = sorted((program.folder / "drafts").glob("*.docx"))
    assert len(policies) >= 4
    assert [path.name for path in papers if list(rule_faults(path.read_bytes()))] == []
    (tmp_path / "pdf").mkdir()
    assert len(pdf_of(policies, tmp_path / "pdf")) == len(policies)
    done = program.run("tables", str(program.folder), "--out", str(tmp_path / "tables"))
    assert done.returncode == 0, done.stderr
    with (tmp_path / "tables" / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        said = {(row["organization"], row["person"], row["value"]) for row in csv.DictReader(file)}
    assert {value for *_, value in said} >= {UNSENT, "What Wei found hardest", "Families whom Lou knows"}


def she_erases(program: Program, desk: Desk, camera: Camera) -> None:
    """All of it goes when the program stops, and a receipt stays."""
    desk.press("Erase everything …")
    desk.press("Yes, erase it when I stop")
    desk.see("Everything in this workshop is erased when you stop the program.")
    camera.take("to-be-erased", desk.page)
    said = program.stop()
    await_until(lambda: not (program.folder / "answers.db").exists(), "everything is erased")
    assert "Erased on " in said
    assert [each.name for each in program.folder.iterdir()] == ["erased.txt"]
    camera.take("stopped", desk.page)
