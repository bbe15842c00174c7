"""The people of one whole day as they meet their pages: a facilitator, whoever looks at the projector, phones, a table.

What a page calls things stands here, and in no step of the day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, expect

WAIT = 120_000
CLOCK = re.compile(r"\d+:\d\d")
ONE_ASKS, HELPED, NOBODY_ASKS = "Help requests (1)", re.compile("^Helped: "), "No one is asking for help."
RETURN_WORDS = re.compile(r"\b[a-z]+-[a-z]+-[a-z]+\b")
ASK_FOR_HELP = "Raise a hand for help"


class Desk:
    """A window of the facilitator's page."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        context.set_default_timeout(WAIT)
        self.page = context.new_page()
        self.page.goto(address)
        expect(self.page.get_by_role("heading", name="Facilitator", exact=True)).to_be_visible(timeout=WAIT)

    def see(self, words: str | re.Pattern[str]) -> None:
        """Wait until words are seen on the page."""
        expect(self.page.get_by_text(words).locator("visible=true").first).to_be_visible(timeout=WAIT)

    def unseen(self, words: str) -> None:
        """Wait until words are seen no more."""
        expect(self.page.get_by_text(words).locator("visible=true")).to_have_count(0, timeout=WAIT)

    def button(self, name: str | re.Pattern[str], *, exact: bool = True) -> Locator:
        """Return a button that can be seen."""
        return self.page.get_by_role("button", name=name, exact=exact).locator("visible=true")

    def press(self, name: str | re.Pattern[str]) -> None:
        """Press a button."""
        self.button(name).first.click(timeout=WAIT)

    def go(self, part: str) -> None:
        """Turn to a part of the page."""
        self._turn("Parts of this page", part)

    def _turn(self, ways: str, name: str) -> None:
        """Turn the page; a press that meets a page that is loading itself again is done once more."""
        for _ in range(PRESSES):
            way = self.page.get_by_role("navigation", name=ways).locator("visible=true")
            button = way.get_by_role("button", name=name, exact=True)
            button.click(timeout=WAIT)
            try:
                return expect(button).to_have_attribute("aria-current", "true", timeout=SILENT_FOR)
            except AssertionError:
                continue
        raise AssertionError(f"the page did not turn to “{name}”")

    def choose(self, label: str, option: str) -> None:
        """Choose from a list that can be seen."""
        self.page.get_by_label(label).locator("visible=true").select_option(option, timeout=WAIT)

    def options(self, label: str) -> list[str]:
        """Return what a list offers."""
        list_ = self.page.get_by_label(label).locator("visible=true")
        expect(list_.locator("option").first).to_be_attached(timeout=WAIT)
        found = list_.locator("option").all_text_contents()
        return [each.replace("\xa0", " ") for each in found]

    def add_organizations(self, *names: str) -> None:
        """Write down who will come."""
        self.go("Set up")
        self.page.get_by_label("Organizations that will come, one on each line").locator("visible=true").fill(
            "\n".join(names)
        )
        self.press("Add these organizations")

    def open_stage(self, number: int) -> None:
        """Open the stage of this number for everyone."""
        self.go("The room")
        options = self.options("Which stage")
        self.choose("Which stage", options[number - 1])
        self.press(re.compile(rf"^Open stage {number}\b"))
        self.see(f"{number}. {options[number - 1].partition('. ')[2]}")


class Projector(Desk):
    """A second window, which the room sees."""

    def show(self, scene: str) -> None:
        """Let the room see a scene."""
        if not self.button("Back to my page").count():
            self.press("Show on the projector")
        self._turn("What the projector shows", scene)


PRESSES, SILENT_FOR = 2, 10_000
"""How often, and how many thousandths of a second apart, somebody presses a button that does nothing."""


@dataclass
class Phone:
    """One device in the room; a name makes it a person's, none a table's."""

    context: BrowserContext
    name: str
    organization: str
    page: Page
    words: str = ""

    @classmethod
    def scan(cls, context: BrowserContext, link: str, name: str = "", organization: str = "") -> Phone:
        """Open what a camera reads from the big screen."""
        context.set_default_timeout(WAIT)
        page = context.new_page()
        page.goto(link)
        return cls(context, name, organization, page)

    def come_in(self, *, is_new: bool = False) -> Phone:
        """Say who this is, and be in."""
        if is_new:
            self.page.get_by_role("button", name="Ours is not on the list").click()
            self.page.get_by_label("Name of your organization").fill(self.organization)
        else:
            self.page.get_by_role("button", name=self.organization).click()
        if self.name:
            self.page.get_by_label("What may we call you? (optional)").fill(self.name)
        else:
            self.page.get_by_label("I write for everybody at our table").check()
        self.page.get_by_role("button", name="Come in").click()
        expect(self.page.locator("#foot")).to_be_visible(timeout=WAIT)
        return self

    def keep_words(self) -> Phone:
        """Write down the three words that bring a person back; they stand at the foot of every page."""
        expect(self.page.locator("#foot")).to_contain_text(RETURN_WORDS, timeout=WAIT)
        self.words = RETURN_WORDS.findall(self.page.locator("#foot").text_content() or "")[-1]
        return self

    def come_back(self, context: BrowserContext, link: str) -> Phone:
        """Come back with the three words: on another device, or at another address."""
        other = Phone.scan(context, link, self.name, self.organization)
        other.words = self.words
        other.page.get_by_role("button", name=re.compile("I was here before")).click()
        other.page.get_by_label("Your three words").fill(self.words)
        other.page.get_by_role("button", name="Go on").click()
        expect(other.page.locator("#foot")).to_be_visible(timeout=WAIT)
        return other

    def see(self, words: str | re.Pattern[str]) -> None:
        """Wait until words are seen."""
        expect(self.page.get_by_text(words).locator("visible=true").first).to_be_visible(timeout=WAIT)

    def field(self, question: str) -> Locator:
        """Return the first field of a question."""
        return self.page.locator(f'#form [data-question="{question}"]').locator("textarea, input[type=text]").first

    def write(self, question: str, words: str) -> None:
        """Write an answer, whether it arrives or not."""
        self.field(question).fill(words)

    def pick(self, question: str, label: str) -> None:
        """Choose an option of a question."""
        self.page.locator(f'#form [data-question="{question}"]').get_by_label(label, exact=True).check()

    def saved(self) -> None:
        """Wait until the page says that everything is saved."""
        expect(self.page.locator(".pw-form .pw-status .pw-word")).to_have_text("Saved", timeout=WAIT)

    def not_saved(self) -> None:
        """Wait until the page says that something is not saved yet."""
        expect(self.page.locator(".pw-form .pw-status .pw-word")).to_have_text("Not saved yet", timeout=WAIT)

    def press(self, name: str | re.Pattern[str], place: str = "body") -> None:
        """Press a button."""
        self.page.locator(place).get_by_role("button", name=name).first.click(timeout=WAIT)

    def key_texts(self) -> list[str]:
        """Return what the page says, line by line, without the running clock, with what stands in its fields."""
        self.page.evaluate("document.activeElement?.blur()")
        parts = [self.page.locator(each) for each in ("#where", "#main", "#form", "#foot", "#vote")]
        said = [each.inner_text() for each in parts if each.is_visible()]
        fields = self.page.locator("#form").locator("textarea, input[type=text]")
        values = fields.evaluate_all("each => each.filter((one) => one.offsetParent).map((one) => one.value)")
        lines = CLOCK.sub("", "\n".join([*said, *values])).splitlines()
        return [line.strip() for line in lines if line.strip() and line.strip() != self.words]

    def is_as_new(self) -> None:
        """A page that has been open all along shows what a page opened now shows."""
        fresh = Phone(self.context, self.name, self.organization, self.context.new_page(), self.words)
        fresh.page.goto(self.page.url.partition("#")[0])
        expect(fresh.page.locator("#foot")).to_be_visible(timeout=WAIT)
        for _ in range(40):
            if self.key_texts() == fresh.key_texts():
                break
            self.page.wait_for_timeout(250)
        seen, wanted = self.key_texts(), fresh.key_texts()
        assert seen == wanted, f"only here: {set(seen) - set(wanted)}; only on a new page: {set(wanted) - set(seen)}"
        fresh.page.close()

    def draft(self, folder: Path) -> Path:
        """Take the organization's draft home."""
        with self.page.expect_download(timeout=WAIT) as taken:
            self.press("Our draft (Word)", "#foot")
        place = folder / taken.value.suggested_filename
        taken.value.save_as(place)
        return place
