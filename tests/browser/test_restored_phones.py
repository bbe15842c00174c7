"""An older answers file is put back under open pages: what it lacks is sent again, and newer answers are shown."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from join_server import Server
from playwright.sync_api import BrowserContext, Locator, Page, expect
from worksheet_versions import SheetVersion, write

from toolkit import Workshop
from toolkit.answers.model import SCRIBE, Answer
from toolkit.facilitation import stages
from toolkit.storage.store import new_id
from toolkit.workshop.lifecycle import accept_rows_missing

pytestmark = [pytest.mark.browser, pytest.mark.own_process]

Visit = Callable[..., BrowserContext]
WAIT = 30_000
"""Milliseconds in which a phone on a busy machine has come back."""
NOTES, ADDED, SERVED = "stakeholders_notes", "added", "who_do_you_serve"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "sample", SheetVersion(has_more_questions=True, serves="text"))
    with Workshop.open(tmp_path / "room", str(tmp_path / "sample"), title="Spring workshop") as workshop:
        workshop.roster.register("Alder House")
        workshop.record(stages.open_stage("stakeholders"))
    return tmp_path / "room"


def come_in(context: BrowserContext, server: Server, *, table: bool) -> Page:
    page = context.new_page()
    page.goto(f"{server.url}/#{server.way().key}")
    page.get_by_role("button", name="Alder House").click()
    if table:
        page.get_by_label("I write for everybody at our table").check()
    page.get_by_role("button", name="Come in").click()
    return page


def field(page: Page, question: str) -> Locator:
    return page.locator(f"[data-question={question}] :is(textarea, input)").first


def write_into(page: Page, question: str, words: str) -> None:
    field(page, question).fill(words)
    field(page, question).blur()
    expect(page.locator(".pw-form .pw-status .pw-word")).to_have_text("Saved")


def stored(server: Server) -> dict[str, object]:
    with Workshop.open(server.folder) as workshop:
        return {each.question: each.value for each in workshop.discussion.standing()}


def until_stored(page: Page, server: Server, wanted: dict[str, object]) -> None:
    for _ in range(WAIT // 500):
        if stored(server) == wanted:
            break
        page.wait_for_timeout(500)
    assert stored(server) == wanted


def restore(server: Server, backup: Path) -> None:
    """Put the older file in the place of the newer one, as a facilitator does who then answers yes."""
    for end in ("-wal", "-shm"):
        (server.folder / f"answers.db{end}").unlink(missing_ok=True)
    shutil.copy(backup / "answers.db", server.folder / "answers.db")
    accept_rows_missing(server.folder)


def answer(server: Server, question: str, words: str, *, table: bool) -> None:
    """Write as another device of theirs does, or a notebook."""
    with Workshop.open(server.folder) as workshop:
        organization, people = workshop.organizations[0].id, workshop.roster.people
        person, voice = (SCRIBE, "ours") if table else (people[0].id, "mine")
        workshop.discussion.save(Answer(new_id(), organization, person, question, words, voice))


@pytest.mark.parametrize("table", [False, True])
@pytest.mark.parametrize("ends", ["stopped", "killed"])
def test_words_that_an_older_file_lacks_are_sent_again_and_newer_ones_are_taken(
    server: Server, visit: Visit, table: bool, ends: str
) -> None:
    page = come_in(visit(), server, table=table)
    write_into(page, NOTES, "Before the copy")
    write_into(page, ADDED, "Cleared later")
    with Workshop.open(server.folder) as workshop:
        backup = workshop.lifecycle.keep_copy(server.folder.parent / "backups")
    write_into(page, NOTES, "After the copy")
    write_into(page, SERVED, "Parents")
    write_into(page, SERVED, "Parents at night")
    write_into(page, ADDED, "")
    (server.kill if ends == "killed" else server.stop)()

    restore(server, backup)
    assert stored(server) == {NOTES: "Before the copy", ADDED: "Cleared later"}
    answer(server, SERVED, "From another device", table=table)
    server.start()
    until_stored(page, server, {NOTES: "After the copy", SERVED: "From another device"})
    expect(field(page, SERVED)).to_have_value("From another device", timeout=WAIT)
    expect(field(page, NOTES)).to_have_value("After the copy")
    expect(field(page, ADDED)).to_have_value("")
    expect(page.locator(".pw-form .pw-status .pw-word")).to_have_text("Saved")

    if table:
        answer(server, NOTES, "Newer still", table=True)
        expect(field(page, NOTES)).to_have_value("Newer still", timeout=WAIT)
    write_into(page, NOTES, "The last words")
    assert stored(server)[NOTES] == "The last words"


def test_a_restart_without_a_restore_sends_nothing_again(server: Server, visit: Visit) -> None:
    page = come_in(visit(), server, table=False)
    write_into(page, NOTES, "Mine")
    server.kill()
    answer(server, NOTES, "From another device", table=False)
    server.start()
    expect(field(page, NOTES)).to_have_value("From another device", timeout=WAIT)
    page.wait_for_timeout(1000)
    assert stored(server) == {NOTES: "From another device"}
