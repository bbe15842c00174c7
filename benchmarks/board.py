"""How long one look of the facilitator's page takes in a full room: 60 organizations, 300 people.

Run: python benchmarks/board.py [--cpu] [60 180]. It makes a rehearsal in a folder of its own, then lets people go on
saving while it looks, part by part, and prints the middle and the slowest look in milliseconds;
with --cpu those of the processor alone, for a machine that has other work to do.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from toolkit import Workshop
from toolkit.answers.model import Answer
from toolkit.errors import WorkshopError
from toolkit.facilitation import report_back, stages
from toolkit.notebook.facilitator_page import PARTS, SCENES
from toolkit.storage.store import new_id

ORGANIZATIONS, PEOPLE, LOOKS, LIMIT = 60, 300, 12, 200
CPU = "--cpu" in sys.argv
MINUTES = [int(each) for each in sys.argv[1:] if each.isdecimal()] or [60, 180]


def full_room(folder: Path, minutes: int) -> Workshop:
    workshop = Workshop.open(folder)
    workshop.settings.change(minutes=minutes)
    workshop.rehearsals.rehearse(ORGANIZATIONS, PEOPLE, 1)
    for organization in workshop.organizations:
        with suppress(WorkshopError):  # some have not answered the report-back
            workshop.report_back.release(organization.id)
    workshop.record(stages.open_stage("policy_drafting"))
    workshop.record(report_back.show())
    workshop.record(report_back.show_votes())
    return workshop


def go_on(workshop: Workshop, look: int) -> None:
    """Let somebody of every organization save something, as between two looks of a busy room."""
    question = next(each for each in workshop.worksheet.questions.values() if each.kind == "long_text")
    for person in {each.organization: each for each in workshop.roster.people}.values():
        said = Answer(new_id(), person.organization, person.id, question.id, f"Another thought {look}", "mine")
        workshop.discussion.save(said)


def looks(workshop: Workshop, choose, *, busy: bool) -> list[float]:
    took = []
    for look in range(LOOKS):
        if busy:
            go_on(workshop, look)
        before = time.process_time() if CPU else time.perf_counter()
        choose()
        took.append(((time.process_time() if CPU else time.perf_counter()) - before) * 1000)
    return took


def measure(minutes: int) -> float:
    slowest = 0.0
    with tempfile.TemporaryDirectory() as place, full_room(Path(place) / "room", minutes) as workshop:
        before = time.perf_counter()
        page = workshop.facilitator()
        print(f"{minutes} minutes: the page is made in {(time.perf_counter() - before) * 1000:.0f} ms")
        watched = [part for part in PARTS if part != "drafts"]
        for part, scene in [(each, "clock") for each in watched] + [("room", each) for each, _ in SCENES]:
            page.scene = scene
            page._turn(part)
            for busy in (False, True):
                took = looks(workshop, page.refresh, busy=busy)
                slowest = max(slowest, *took)
                words = "everybody saves" if busy else "nothing new"
                figures = f"middle {statistics.median(took):6.1f} ms, slowest {max(took):6.1f} ms"
                print(f"  {part:12} projector {scene:12} {words:16} {figures}")
    return slowest


if __name__ == "__main__":
    worst = max(measure(minutes) for minutes in MINUTES)
    print(f"slowest look {worst:.0f} ms; the limit is {LIMIT} ms")
    sys.exit(worst > LIMIT)
