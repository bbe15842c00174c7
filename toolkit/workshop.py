"""The hall: it opens a workshop and leads answers through the rooms; it holds no rule of its own."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, Self

from toolkit import (
    agreement,
    checks,
    door,
    drafting,
    dry_run,
    erasing,
    policy,
    report,
    reportback,
    reporting,
    shelf,
    twins,
    voices,
)
from toolkit.answer import SCRIBE, Act, Answer, Organization, Person, Position, Voice
from toolkit.document import Document
from toolkit.dry_run import Progress
from toolkit.errors import AnswerError, StoreError, WorkshopError
from toolkit.kinds import Value, clean, take
from toolkit.pens import Pens
from toolkit.register import Register
from toolkit.stage_view import tripwire
from toolkit.store import Event, Saved, new_id
from toolkit.worksheet import DEPTH_OF_MINUTES, Depth, Fact, Question, Worksheet

FOLDER = "WORKSHOP_FOLDER"
"""The environment variable that tells a notebook which workshop is open."""

DATABASE = "WORKSHOP_DATABASE"
"""The environment variable that names a PostgreSQL database for the answers, instead of a file."""

ANSWERS = "answers.db"
HIDDEN = ".workshop"
"""The folder inside a workshop for what the program needs and people do not."""

PRACTICE = "rehearsal"
"""The folder inside a workshop for the room in which its facilitator practises."""

PAPER = "paper.docx"
"""The worksheet to print, in a workshop's folder."""

KEPT = (f"{ANSWERS}*", HIDDEN, PRACTICE, "drafts/*.docx", "drafts/papers/*.docx", PAPER)
"""What the program puts into a workshop's folder by itself."""

OPINION = "opinion"
"""The kind of event that keeps what a person thinks of a proposal."""

REVEAL = "reveal"
"""The kind of event that shows colleagues each other's answers: on a question, a stage, or all of it ("*")."""

TRIPWIRE = "tripwire"
"""The kind of event that counts how often client details were asked about, and kept."""

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote for one organization: the policy first, then the papers beside it."""

    organization: str
    files: tuple[Path, ...]


class Workshop:
    """One workshop in one folder: its worksheet, its organizations, their answers and drafts."""

    def __init__(self, folder: Path, address: Path | str) -> None:
        self.folder, self._address = folder, address
        self._store = store = Register(address)
        self._worked_out = agreement.Positions()
        self._held: dict[str, tuple[tuple[object, ...], dict[str, Position]]] = {}
        self._folded: tuple[int, twins.Twins, reportback.ReportBack] = 0, store.twins, reportback.ReportBack()

    @classmethod
    def open(cls, folder: str | Path | None = None, worksheet: str | None = None, title: str | None = None) -> Self:
        """Open the workshop in `folder`, made when there is none; StoreError says why it cannot be opened."""
        path = Path(folder or os.environ.get(FOLDER) or "my-workshop").expanduser().resolve()
        place = _prepared(path)
        return cls._opened(path, os.environ.get(DATABASE) or place, worksheet, title)

    @classmethod
    def _opened(cls, path: Path, address: Path | str, worksheet: str | None, title: str | None) -> Self:
        workshop = cls(path, address)
        try:
            workshop._begin(worksheet, title)
        except WorkshopError:
            workshop.close()
            raise
        if "IPython" in sys.modules:
            import_module("toolkit.preview").register()  # a draft shows itself in a notebook
        return workshop

    @staticmethod
    def is_in(folder: str | Path) -> bool:
        """Return whether there is a workshop in `folder`; nothing is made."""
        return (Path(folder).expanduser() / ANSWERS).is_file()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Write what waits and let the folder go."""
        self._store.close()

    def _begin(self, worksheet: str | None, title: str | None) -> None:
        facts = self._store.facts()
        today = datetime.datetime.now(datetime.UTC).date().isoformat()
        first = {
            "id": new_id(),
            "title": "Our workshop",
            "worksheet": shelf.FIRST_WORKSHEET,
            "minutes": 60,
            "day": today,
        }
        for key, value in first.items():
            if key not in facts:
                self._store.say(key, value)
        self.change(worksheet=worksheet, title=title)

    # What the workshop is

    @cached_property
    def id(self) -> str:
        """The workshop's own id; it never changes."""
        return str(self._facts["id"])

    @property
    def title(self) -> str:
        """What the workshop is called."""
        return str(self._facts["title"])

    @property
    def minutes(self) -> int:
        """How long the workshop is: 60, 90 or 180 minutes."""
        return int(self._facts["minutes"])

    @property
    def depth(self) -> Depth:
        """How deep the worksheet goes in that time."""
        return DEPTH_OF_MINUTES[self.minutes]

    @property
    def day(self) -> str:
        """The day of the workshop, an ISO date; it stands on the drafts."""
        return str(self._facts["day"])

    @property
    def is_rehearsal(self) -> bool:
        """Whether the people in this workshop are made up."""
        return bool(self._facts.get("rehearsal", False))

    @property
    def _facts(self) -> dict[str, Any]:
        return self._store.facts()

    @property
    def worksheet(self) -> Worksheet:
        """The worksheet of this workshop; WorksheetError says where it is faulty."""
        return shelf.worksheet(str(self._facts["worksheet"]), self.hidden)

    def change(self, *, title: str | None = None, worksheet: str | None = None, minutes: int | None = None) -> None:
        """Change what the workshop is called, which worksheet it uses, how long it is; None leaves it."""
        if worksheet is not None:
            shelf.worksheet(worksheet, self.hidden)
        if minutes is not None and minutes not in DEPTH_OF_MINUTES:
            raise WorkshopError(f"{minutes} minutes is not one of {', '.join(map(str, DEPTH_OF_MINUTES))}")
        named = {"title": _named(title) if title else None, "worksheet": shelf.placed(worksheet), "minutes": minutes}
        facts = self._facts
        for key, value in named.items():
            if value is not None and facts.get(key) != value:
                self._store.say(key, value)

    # Who is there

    @property
    def organizations(self) -> list[Organization]:
        """The organizations in the order in which they came."""
        return self._store.organizations()

    def register(self, *names: str) -> list[Organization]:
        """Register organizations by name; a name that is there already is the same organization."""
        known = {_alike(each.name): now for each, now in self._store.registered()}
        wanted = [name for name in map(_named, names) if name]
        for name in wanted:
            if _alike(name) not in known:
                known[_alike(name)] = self._store.register(name)
        return [known[_alike(name)] for name in wanted]

    def organization(self, name: str) -> Organization:
        """Return the organization of this name or id; WorkshopError lists those that are there."""
        wanted = _alike(name)
        for each, now in self._store.registered():
            if name == each.id or _alike(each.name) == wanted:
                return now
        known = ", ".join(organization.name for organization in self.organizations) or "none yet"
        raise WorkshopError(f"there is no organization '{name}'", where=self.title, mend=f"Registered: {known}.")

    def _now(self, organization: Organization) -> Organization:
        return replace(organization, id=self.one_of(organization.id))

    def one_of(self, id_: str) -> str:
        """Return the id of the organization that the one of this id is now: its own, unless it was merged."""
        return self._store.twins.of(id_)

    @property
    def merged(self) -> list[tuple[Organization, Organization]]:
        """The names that were merged, each with the organization that it is now."""
        return [(each, now) for each, now in self._store.registered() if each.id != now.id]

    def merge(self, twin: str, organization: str) -> Organization:
        """Make everything of a twin the organization's."""
        other, one = self.organization(twin), self.organization(organization)
        if one.id == other.id:
            raise WorkshopError(f"“{one.name}” is one organization already", mend="Choose two that differ.")
        self.happen(*twins.merge(other.id, one.id, self.sequences()[0]))
        return one

    def take_apart(self, twin: str) -> None:
        """Let a merged name stand for itself again, with all that its own people said; both show nothing any more."""
        other = next((each for each, _ in self.merged if twin in (each.id, each.name)), None)
        if other is None:
            raise WorkshopError(f"“{twin}” is not merged with another", mend="Look at the list again.")
        one = self.one_of(other.id)
        for each in (other.id, one):
            self.happen(*reportback.release(each, {}, yes=False))
        self.happen(*twins.take_apart(other.id, one))

    def join(self, organization: Organization, name: str = "") -> Person:
        """Return a new participant of `organization`; the name or handle may stay empty."""
        return self._store.add_person(newcomer(organization, name))

    def coming(self, person: Person | None, happened: Iterable[Act]) -> Future[None]:
        """Keep a newcomer and what happened as they came in, all at once; the future is done when it is kept."""
        return self._store.coming(person, happened)

    @property
    def people(self) -> list[Person]:
        """The participants in the order in which they came."""
        return self._store.people()

    # What they say

    def save(self, answer: Answer) -> Saved:
        """Check an answer against its question and keep it; AnswerError names the question."""
        return self._store.add(self._taken(answer))

    def _taken(self, answer: Answer) -> Answer:
        """Return an answer as it is kept: its words cleaned, made from the organization's own answers only."""
        question = self.question(answer.question)
        try:
            value = question.taken(answer.value)
            note = take("long_text", answer.note) or ""
        except AnswerError as fault:
            raise AnswerError(fault.fault, where=question.ask, mend=fault.mend) from None
        self._own(answer.organization, answer.made_from)
        return replace(answer, question=question.id, value=value, note=str(note))

    def question(self, id_: str) -> Question:
        """Return the question that keeps what is answered to `id_`; AnswerError when nothing of that id is asked."""
        worksheet = self.worksheet
        asked = next((question for question in worksheet.asked() if question.id == id_), None)
        if asked is None:
            raise AnswerError(f"the worksheet has no question '{id_}'", mend="Load the page again.")
        return worksheet.questions[asked.kept_as]

    def values(self, organization: Organization, person: str = SCRIBE, voice: Voice = "ours") -> dict[str, Value]:
        """Return what one person said, or what the organization holds, by question id: to fill a form again."""
        said = [answer for answer in self._store.standing(organization.id) if answer.voice == voice]
        if voice == "ours":
            return agreement.standing_values(said, self.opinions())
        return {answer.question: answer.value for answer in said if answer.person == person}

    def positions(self, organization: Organization) -> dict[str, Position]:
        """Return the organization's position on every question, in worksheet order."""
        now = self._now(organization)
        return self._positions_of([now])[now.id]

    def all_positions(self) -> dict[str, dict[str, Position]]:
        """Return every organization's positions by its name."""
        everybody = self.organizations
        held = self._positions_of(everybody)
        return {each.name: held[each.id] for each in everybody}

    def _positions_of(self, wanted: list[Organization]) -> dict[str, dict[str, Position]]:
        """Return positions by organization id, worked out again only for those where something is new."""
        opinions, worksheet, last = self.opinions(), self.worksheet, self._store.last()
        names, named = {person.id: person.name for person in self.people if person.name}, self._naming()
        for each in wanted:
            called = names if each.id in named else {}
            hangs_on = (last.get(each.id, 0), len(opinions), len(called), id(worksheet), self._store.twins)
            if self._held.get(each.id, ((), {}))[0] != hangs_on:
                standing = self._store.standing(each.id)
                people = agreement.People(called, self._authors(each.id, standing))
                self._held[each.id] = (hangs_on, self._worked_out.of(worksheet, each.id, standing, people, opinions))
        return {each.id: self._held[each.id][1] for each in wanted}

    def _authors(self, organization: str, standing: list[Answer]) -> dict[str, str]:
        """Return who wrote the answers that a text was made from and that stand no more."""
        gone = {each for answer in standing for each in answer.made_from} - {answer.id for answer in standing}
        return {each.id: each.person for each in self._store.history(organization) if each.id in gone} if gone else {}

    def name_voices(self, organization: Organization, yes: bool = True) -> None:
        """Let an organization's drafts call its people by their names or handles, or by numbers again."""
        self.happen(agreement.NAMED, organization.id, yes)

    def names_voices(self, organization: Organization) -> bool:
        """Return whether an organization's drafts call its people by name; until somebody says so they do not."""
        return self._now(organization).id in self._naming()

    def _naming(self) -> set[str]:
        latest = {event.about: bool(event.value) for event in self._store.events(agreement.NAMED)}
        return {about for about, yes in latest.items() if yes}

    def think_of(self, opinion: agreement.Opinion) -> None:
        """Keep what one person thinks of a proposal; a later opinion of the same person counts instead."""
        said = [opinion.person, opinion.agrees, clean(opinion.note), opinion.id]
        self._store.happen(OPINION, opinion.answer, said)

    def opinions(self) -> list[agreement.Opinion]:
        """Return every opinion on a proposal, in order."""
        return [agreement.Opinion(event.about, *event.value) for event in self._store.events(OPINION)]

    def voices(self, organization: Organization, person: str) -> dict[str, Any]:
        """Return what a person, or a table, may see of the organization's voices (see toolkit.voices.voices)."""
        standing, opinions = self._store.standing(organization.id), self.opinions()
        held = self.positions(organization)
        now = self._now(organization).id
        names = {each.id: each.name for each in self.people if each.organization == now}
        writing = {(question, who) for one, question, who in self.pens.now() if one == now}
        eyes = voices.Eyes(person, names, self.revealed(organization), writing)
        return voices.voices(self.worksheet, eyes, standing, held, agreement.offers(standing, opinions))

    def writes(self, organization: Organization, person: str, question: str) -> None:
        """Let colleagues know for a moment that a person writes to a question; what, and that it was, is not kept."""
        self.pens.write((self.one_of(organization.id), self.question(question).id, person))

    def trip(self, rule: str, *, kept: bool) -> None:
        """Count that a rule asked about client details, and whether the words were kept; never the words."""
        if rule not in {each["id"] for each in tripwire(self.worksheet)}:
            raise AnswerError("there is no such rule", mend="Load the page again.")
        self.happen(TRIPWIRE, rule, kept)

    def propose(self, offered: Answer) -> Saved:
        """Keep a text offered as the organization's; AnswerError when it is empty, or made from others' words."""
        taken = self._taken(replace(offered, voice="ours"))
        if taken.value is None:
            where = self.question(taken.question).ask
            raise AnswerError("the text is still empty", where=where, mend="Write it, then offer it.")
        return self._store.add(taken)

    def judge(self, organization: Organization, opinion: agreement.Opinion) -> None:
        """Keep what one person thinks of a proposal of the own organization; the same id again changes nothing."""
        self._own(organization.id, (opinion.answer,))
        thought = replace(opinion, note=str(take("long_text", opinion.note) or ""))
        known = [each for each in self.opinions() if opinion.id and each.id == opinion.id]
        if not known:
            self.think_of(thought)
        elif thought not in known:
            raise AnswerError("another opinion has this id", mend="Nothing kept so far is lost; load the page again.")

    def _own(self, organization: str, answers: Iterable[str]) -> None:
        wanted = set(answers)
        if wanted and not wanted <= {answer.id for answer in self._store.history(organization)}:
            raise AnswerError("that text is not one of your organization's", mend="Load the page again.")

    def reveal(self, organization: Organization, question: str) -> None:
        """Let colleagues of one organization see each other's answers to a question."""
        self._store.happen(REVEAL, f"{organization.id}/{self.question(question).id}", True)

    def revealed(self, organization: Organization) -> set[str]:
        """Return the questions on which colleagues of an organization see each other's answers."""
        latest = {event.about: bool(event.value) for event in self._store.events(REVEAL)}
        shown = {about for about, yes in latest.items() if yes}
        now = self._now(organization).id
        own = {about.partition("/")[2] for about in shown if about.startswith(f"{now}/")}
        stages = (stage for stage in self.worksheet.stages if shown & {stage.id, "*"})
        return own | {question.kept_as for stage in stages for question in stage.questions}

    def standing(self) -> list[Answer]:
        """Return every standing answer."""
        return self._store.standing()

    def history(self, organization: Organization) -> list[Answer]:
        """Return everything that an organization ever said, in order."""
        return self._store.history(organization.id)

    def sequences(self) -> tuple[int, int]:
        """Return how far answers and events have come: cheap, to see whether anything is new."""
        return self._store.sequences()

    def answered_since(self, after: int) -> set[str]:
        """Return the ids of the organizations that said something after a sequence number."""
        return self._store.answered_since(after)

    def happen(self, kind: str, about: str, value: Any) -> Event:
        """Keep something that happened in the room."""
        return self._store.happen(kind, about, value)

    def events(self, kind: str | None = None, *, after: int = 0) -> list[Event]:
        """Return what happened in the room after a sequence number."""
        return self._store.events(kind, after=after)

    # Tables

    @property
    def answers(self) -> Any:
        """The pandas table of standing answers, one row each (see toolkit.tables.answers)."""
        standing = self._store.standing()
        return _tables().answers(self.worksheet, self.id, self.organizations, self.people, standing)

    @property
    def agreed(self) -> Any:
        """The pandas table of what organizations hold, one row each question (see toolkit.tables.agreed)."""
        return _tables().agreed(self.worksheet, self.all_positions())

    @property
    def wide(self) -> Any:
        """The pandas table with a row each organization, a column each question (see toolkit.tables.wide)."""
        return _tables().wide(self.worksheet, self.all_positions())

    @property
    def codebook(self) -> Any:
        """The pandas table of what the columns mean (see toolkit.tables.codebook)."""
        return _tables().codebook(self.worksheet)

    def write_tables(self, folder: Path, formats: Iterable[str] = ("csv",)) -> list[Path]:
        """Write the four tables as files; return the files."""
        frames = {name: getattr(self, name) for name in ("answers", "agreed", "wide", "codebook")}
        return list(_tables().write(frames, folder, formats))

    # Drafts

    def draft(self, organization: str) -> Document:
        """Return the draft policy of one organization; a notebook shows it as a preview."""
        return drafting.draft(self._case(organization))

    def drafts(self, organization: str) -> dict[str, Document]:
        """Return the policy ("policy") and the papers beside it by their id."""
        return drafting.documents(self._case(organization))

    def gaps(self, organization: str) -> tuple[checks.Gap, ...]:
        """Return what an organization's draft still lacks, each with the line of the guide or handout."""
        return drafting.gaps(self._case(organization))

    def cautions(self, organization: str) -> tuple[checks.Caution, ...]:
        """Return the wordings of a draft that may be looked at again, and why."""
        return drafting.cautions(self._case(organization))

    def outline(self, organization: str) -> tuple[drafting.Outlined, ...]:
        """Return how far each section of an organization's draft is."""
        return drafting.outline(self._case(organization))

    def while_writing(
        self, organization: Organization, question: str, person: str = SCRIBE, voice: Voice = "ours"
    ) -> tuple[checks.Caution, ...]:
        """Return the wordings to look at again in what one person, or a table, just wrote to a question."""
        asked = self.question(question).id
        said = self.values(organization, person, voice).get(asked)
        return drafting.while_writing(self._case(organization.id), asked, said)

    def grades(self, organization: str) -> list[tuple[str, float]]:
        """Return the reading grade of each section of a draft, by its title."""
        return drafting.grades(self._case(organization))

    def old_facts(self, today: datetime.date) -> tuple[Fact, ...]:
        """Return the facts behind the checks that somebody should look at again by now."""
        return checks.old_facts(self.worksheet, today)

    def _case(self, organization: str) -> policy.Case:
        known = self.organization(organization)
        return policy.Case(self.worksheet, known.name, self.positions(known), self.depth, self.day)

    def export(
        self,
        folder: str | Path,
        organization: str | None = None,
        brand: str | Path | None = None,
        progress: Progress | None = None,
    ) -> list[Exported]:
        """Write the drafts of one or all organizations as Word files into `folder`; return what was written."""
        wanted = [self.organization(organization)] if organization else self.organizations
        if not wanted:
            raise WorkshopError("no organization is registered yet", where=self.title, mend="Register one first.")
        return list(self._exported(wanted, Path(folder), Path(brand) if brand else None, progress))

    def _exported(
        self, wanted: list[Organization], folder: Path, brand: Path | None, progress: Progress | None
    ) -> Iterator[Exported]:
        for done, organization in enumerate(wanted):
            if progress:
                progress(done, len(wanted), organization.name)
            files = drafting.write(self._case(organization.id), folder, brand)
            yield Exported(organization.name, tuple(files))
        if progress:
            progress(len(wanted), len(wanted), "")

    # In a notebook

    def form(self, stage: str, organization: str, person: Person | None = None) -> Any:
        """Return the form of one stage for an organization; with a person it keeps that person's own voice."""
        return _notebook().form(self, stage, organization, person)

    def table(self, stage: str) -> Any:
        """Return one table's page of a stage: which organization, its form, what it holds so far."""
        return _notebook().table(self, stage)

    def facilitator(self) -> Any:
        """Return the facilitator's page."""
        return _notebook().facilitator(self)

    def exporter(self) -> Any:
        """Return the page of the drafts: choose, read, write in Word."""
        return _notebook().exporter(self)

    # Report-back

    def reported(self) -> reporting.Reported:
        """Return how the report-back stands: what the room may see, and the dots."""
        return reporting.Reported(self.worksheet, self.organizations, self._report_back())

    def _report_back(self) -> reportback.ReportBack:
        seen, known, back = self._folded
        new = self._store.events(after=seen)
        if known is not self._store.twins:  # who is whose twin changed: what was folded before reads otherwise now
            new, back = self._store.events(), reportback.ReportBack()
        if new:
            back = reportback.fold(new, back)
            self._folded = new[-1].sequence, self._store.twins, back
        return back

    def lines_for_the_room(self, organization: Organization, person: str = SCRIBE) -> tuple[reporting.OwnLine, ...]:
        """Return what an organization would show the room, as one of its people may see it."""
        return reporting.own_lines(self.worksheet, self.positions(organization), self.unseen(organization, person))

    def unseen(self, organization: Organization, person: str = SCRIBE) -> set[str]:
        """Return the questions on which a person, or a table, may not see yet what the organization holds."""
        standing = self._store.standing(organization.id)
        eyes = voices.Eyes(person, {}, self.revealed(organization))
        return voices.hidden(eyes, standing, agreement.offers(standing, self.opinions()))

    def release(
        self, organization: Organization, *, yes: bool = True, by: str = SCRIBE, mark: str = "", id_: str = ""
    ) -> bool:
        """Let the room see an organization's lines as they stand now, or no longer; the latest counts.

        With a `mark` of the words that somebody saw it is refused when they have changed meanwhile; the same `id_`
        again changes nothing, and then this is False.
        """
        if self._report_back().did(reportback.RELEASE, organization.id, id_):
            return False
        lines = self.lines_for_the_room(organization, by)
        if yes and not reporting.said(lines):
            raise WorkshopError("there are no words to show yet", mend="Answer the questions first.")
        if yes and mark and mark != reporting.mark(lines):
            raise WorkshopError("your words have just changed", mend="Read them again, then say yes.")
        self.happen(*reportback.release(organization.id, reporting.said(lines), yes=yes, by=by, id_=id_))
        return True

    @property
    def released(self) -> set[str]:
        """The ids of the organizations that let their words be shown."""
        return set(self._report_back().released)

    def vote(self, voter: str, dots: Mapping[str, object], id_: str = "") -> bool:
        """Keep a voter's dots, False when this `id_` was here already; WorkshopError when they do not count."""
        reported = self.reported()
        if reported.back.did(reportback.VOTE, voter, id_):
            return False
        given = reporting.checked(reported, dots)
        self.happen(*reportback.vote(voter, given, id_))
        after = self._report_back()
        if after.ballots.get(voter) != given:  # another process closed the vote a moment before
            reporting.need_open(after.vote)
        return True

    def report(self) -> Document:
        """Return the room's report-back, without a word of an organization that did not release it."""
        reported, people = self.reported(), len(self.people)
        released = [each.name for each in reported.released]
        held = self.all_positions() | {each.name: self._as_released(each, reported) for each in reported.released}
        grouped = reportback.chosen_by_the_room(reported.entries(reportback.HARDEST))
        case = report.RoomCase(self.title, self.day, self.worksheet, held, released, grouped, people, self.depth)
        return report.report(case)

    def _as_released(self, organization: Organization, reported: reporting.Reported) -> dict[str, Position]:
        """Return an organization's positions, those for the room with the very words that it released."""
        held = self.positions(organization)
        room = {each.question for each in self.lines_for_the_room(organization)}
        shown = {id_: replace(held[id_], value=reported.value(organization.id, id_), tied=()) for id_ in room}
        return held | shown

    def write_report(self, path: str | Path) -> Path:
        """Write the room's report-back as a Word file; return the file."""
        return drafting.write_one(self.report(), Path(path))

    def write_paper(self, path: str | Path) -> Path:
        """Write the worksheet for tables without a device as a Word file to print; return the file."""
        return drafting.write_paper(self.worksheet, self.minutes, Path(path))

    # Dry run

    def rehearse(self, organizations: int, people: int, seed: int, progress: Progress | None = None) -> None:
        """Fill the workshop with made-up people; refused when real answers are in it."""
        if self.organizations and not self.is_rehearsal:
            mend = "Rehearse in a folder of its own, for example: workshop rehearse rehearsal"
            raise WorkshopError("this workshop has real participants", where=str(self.folder), mend=mend)
        for key, value in {"rehearsal": True, "day": dry_run.DAY}.items():
            self._store.say(key, value)
        made_up = dry_run.DryRun(organizations, people, seed)
        made_up.fill(self._store, self.worksheet, self.depth, progress)

    def filling(self, organizations: int, people: int, seed: int = 1) -> dry_run.Filling:
        """Return made-up people who come into this rehearsal and answer bit by bit, as a room does."""
        self._need_rehearsal()
        return dry_run.Filling(self._store, self.worksheet, self.depth, dry_run.DryRun(organizations, people, seed))

    def practise(self) -> Self:
        """Return an empty room like this one to practise in; this one is not touched. One left over is thrown away."""
        folder = self.folder / PRACTICE
        if self.is_in(folder):
            self._opened(folder, folder / ANSWERS, None, None).throw_away()
        room = self._opened(folder, _prepared(folder), str(self._facts["worksheet"]), self.title)
        room.change(minutes=self.minutes)
        for key, value in {"rehearsal": True, "day": dry_run.DAY}.items():
            room._store.say(key, value)
        return room

    def throw_away(self) -> None:
        """Erase a rehearsal, its folder too; refused where somebody real came in."""
        self._need_rehearsal()
        if self.events(door.SESSION):
            mend = "Somebody came in with a phone. To erase it all the same: workshop erase"
            raise WorkshopError("this is no mere rehearsal", where=str(self.folder), mend=mend)
        receipt = self.erase()
        (self.folder / erasing.RECEIPT).unlink()
        if not receipt.left:
            self.folder.rmdir()

    def _need_rehearsal(self) -> None:
        if not self.is_rehearsal:
            raise WorkshopError("this workshop is no rehearsal", where=str(self.folder), mend="Nothing was changed.")

    # Keeping and erasing

    def keep_copy(self, into: str | Path | None = None) -> Path:
        """Write a copy of all answers into a new folder, beside this one or in `into`; it opens as a workshop."""
        if "://" in str(self._address):
            mend = "Copy it with the tools of that server."
            raise StoreError("the answers lie in a database on a server", where=self.title, mend=mend)
        moment = datetime.datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")
        place = Path(into or self.folder.parent).expanduser() / f"{self.folder.name}-copy-{moment}"
        copy = _prepared(place)
        self._store.copy_to(copy)
        copy.chmod(0o600)
        return place

    def counted(self) -> erasing.Counted:
        """Return how much the workshop holds; no word of it."""
        said = len(self._store.history())
        return erasing.Counted(self.title, len(self.organizations), len(self.people), said)

    @property
    def is_to_be_erased(self) -> bool:
        """Whether the facilitator wants all of it erased when the program stops."""
        return bool(self._facts.get("erase", False))

    def erase_when_closed(self, *, yes: bool = True) -> None:
        """Keep whether all of it is erased when the program stops; the latest counts."""
        self._store.say("erase", yes)

    def erase(self) -> erasing.Receipt:
        """Close the workshop and erase all that it kept; StoreError while another program has it open."""
        counted, today = self.counted(), datetime.datetime.now(datetime.UTC).date().isoformat()
        self.close()
        return erasing.erase(self.folder, self._address, counted, today, KEPT)

    @cached_property
    def pens(self) -> Pens:
        """Who writes where just now."""
        return Pens(self.hidden / "writing")

    @cached_property
    def hidden(self) -> Path:
        """The folder for what the program needs and people do not."""
        path = self.folder / HIDDEN
        path.mkdir(mode=0o700, exist_ok=True)
        return path


def _tables() -> Any:
    """Return the room of pandas, loaded when a table is asked for: it costs half a second and 45 MB."""
    return import_module("toolkit.tables")


def _notebook() -> Any:
    """Return what shows a workshop in a notebook, loaded there only: the commands and the join page need none."""
    return import_module("toolkit.desk")


def _prepared(folder: Path) -> Path:
    """Return the place of the answers in `folder`, made for its owner alone; StoreError when it cannot be."""
    if folder.exists() and not folder.is_dir():
        raise StoreError("this is a file, not a folder", where=str(folder), mend="Choose another name.")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / ANSWERS
        path.touch(mode=0o600, exist_ok=True)
    except OSError as fault:
        mend = "Choose a folder of your own with free space."
        raise StoreError(f"the folder cannot be used ({fault.strerror})", where=str(folder), mend=mend) from None
    return path


def _named(name: str) -> str:
    """Return a name on one line; WorkshopError when it is too long."""
    words = " ".join(clean(name).split())
    if len(words) > LONGEST_NAME:
        raise WorkshopError(f"the name has {len(words)} characters", mend=f"{LONGEST_NAME} fit; shorten it.")
    return words


def newcomer(organization: Organization, name: str) -> Person:
    """Return somebody of `organization` whom nobody knows yet."""
    return Person(new_id(), organization.id, " ".join(clean(name).split())[:LONGEST_NAME])


@lru_cache(maxsize=1024)
def _alike(name: str) -> str:
    return " ".join(clean(name).split()).casefold()
