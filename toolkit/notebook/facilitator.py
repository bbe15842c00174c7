"""Connects the facilitator's page to a workshop: set-up, organizations, join link, stages, report-back, drafts."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from toolkit.answers import progress
from toolkit.answers.model import Organization, Position
from toolkit.documents import charts as pictures
from toolkit.drafts import room_report
from toolkit.facilitation import report_back, stages
from toolkit.facilitation.events import TimerEvent
from toolkit.facilitation.stages import Room
from toolkit.notebook import pages, panels
from toolkit.notebook.board_widget import Board
from toolkit.notebook.controls import Act
from toolkit.notebook.invitation import InvitationController
from toolkit.notebook.invitation_panel import MOST_NAMES
from toolkit.notebook.organizations import Who
from toolkit.notebook.positions_cache import Positions, PositionsCache
from toolkit.notebook.practice import Practice
from toolkit.notebook.report_back import OnBoard
from toolkit.notebook.table import ballot_after
from toolkit.storage.store import new_id
from toolkit.system import cloud_folder
from toolkit.worksheets import catalog
from toolkit.worksheets.model import DEPTH_OF_MINUTES, AgendaStep, Question, Stage, Worksheet, at_depth
from toolkit.workshop.facade import PAPER, Workshop

TIMES = (
    panels.Choice("60", "60 minutes", "The core questions."),
    panels.Choice("90", "90 minutes", "The core questions and the common further decisions."),
    panels.Choice("180", "180 minutes", "Every decision, with time to talk."),
)
MOST_CHARTS, MOST_BARS = 6, 6
REHEARSAL = "This is a rehearsal. Everybody in it is made up, and nothing here counts."
PRACTISING = "You are practising. Everybody here is made up, and nothing here counts."
SURE_TO_THROW_AWAY = (
    "Throw the rehearsal away? Its made-up people, their answers and the drafts in its folder are erased. Your own "
    "workshop and the phones in it stay as they are."
)
PRACTICE = "practice"
NOT_YET = "One of the worksheet folders cannot be used yet, and nothing else depends on it:"
BACK_FROM_PRACTICE = "Practice ended, and its made-up answers are erased. This is your own workshop again."
ENDED = "The workshop has ended. Phones can no longer save answers; drafts can still be downloaded."
ERASE = (
    "Erase everything when you stop the program? All answers and names go, and the drafts in the workshop's folder. "
    "Write what you still need somewhere else first. You can change your mind until you stop."
)
TO_BE_ERASED = "Everything in this workshop is erased when you stop the program."


def facilitator(workshop: Workshop) -> panels.Facilitator:
    """Return the facilitator's page."""
    page = _Facilitator(workshop)
    page.page.watcher = panels.watch("facilitator", page.changed, page.page.refresh)
    return page.page


class _Facilitator:
    """What the parts of the page ask, and do."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop, self._held = workshop, PositionsCache(workshop)
        self._invitation, self._sure = InvitationController(workshop), False
        begun = bool(self._room().now.stage)
        self.page = panels.Facilitator(
            {
                "doors": panels.InvitationPanel(self._invitation.state, {"address": self._invitation.choose}, Board),
                "set_up": panels.SetUp(self._set_up, {**_deciding(workshop), "practise": self._practise}, Board),
                "organizations": Who(workshop).board(),
                "room": panels.Console(self._console, self._driving(), Board),
                "report_back": panels.ReportBoard(self._report_back, self._reporting(), self._gather, Board),
                "drafts": pages.export_page(workshop),
            },
            panels.Band(self._band, self._acts()),
            {
                "doors": lambda: panels.invitation_blocks(self._invitation.state(), MOST_NAMES),
                "clock": lambda: panels.now_blocks(self._now(), instruction=True),
                "progress": lambda: panels.tally_blocks(self._console()),
                "report_back": lambda: panels.projector_blocks(self._report_back()),
            },
            ("room", "clock") if begun else ("set_up", "doors"),
            Board,
        )

    def changed(self) -> tuple[object, ...]:
        """Return what differs whenever there is something new to show."""
        looked = len(self._held.behind), int(time.time() // 60), self._files() if self.page.part == "set_up" else ""
        return (*pages.mark(self._workshop), *looked, self._workshop.typing_marks.now())

    def _files(self) -> str:
        """Return what is new or wrong in the files of worksheets."""
        update, (_, faults) = self._workshop.worksheet_update(), catalog.catalog(self._workshop.hidden)
        return f"{update.state} {update.sentence} {faults}"

    # What the parts show

    def _room(self) -> Room:
        return self._workshop.state.room

    def _acts(self) -> Mapping[str, Callable[[], str]]:
        """Return what the buttons of the band do."""
        return {"erase": self._ask, "erase_all": self._erase, "keep": self._keep}

    def _ask(self) -> str:
        self._sure = True
        return "Nothing is erased until you say yes."

    def _erase(self) -> str:
        self._workshop.erase_when_closed()
        return "Stop the program when you are done. A receipt then stays in the folder."

    def _keep(self) -> str:
        self._sure = False
        self._workshop.erase_when_closed(yes=False)
        return "Everything is kept."

    def _practise(self, _: str) -> None:
        """Let the page of a practice room stand here, until it is left."""
        practising = _Practising(self._workshop.practise(), self._come_back)
        practising.page.watcher = panels.watch(PRACTICE, practising.changed, practising.page.refresh)
        self.page.lend(practising.page)

    def _come_back(self) -> None:
        if self.page.lent and self.page.lent.watcher:
            self.page.lent.watcher.stop()
        self.page.lend(None)
        self.page.messages.show([panels.text(BACK_FROM_PRACTICE, "good")])
        self.page.refresh()

    def _band(self) -> panels.Blocks:
        ended, erased = self._room().ended, self._workshop.is_to_be_erased
        made_up = self._workshop.is_rehearsal
        bands = {REHEARSAL: made_up, ENDED: ended, TO_BE_ERASED: erased}
        notes = [panels.text(words, "note") for words, here in bands.items() if here]
        return [*notes, *self._erasing()] if ended or erased or made_up else notes

    def _erasing(self) -> panels.Blocks:
        """Return what may be decided about erasing: a rehearsal at any time, a workshop once it has ended."""
        if self._workshop.is_to_be_erased:
            return [panels.ask("", [("keep", "", "Keep everything after all")], calm=True)]
        if not self._sure:
            words = "Throw this rehearsal away …" if self._workshop.is_rehearsal else "Erase everything …"
            return [panels.ask("", [("erase", "", words)], calm=True)]
        return [panels.ask(ERASE, [("erase_all", "", "Yes, erase it when I stop"), ("keep", "", "No, keep it")])]

    def _set_up(self) -> panels.SetUpState:
        sheet, update = self._workshop.worksheet, self._workshop.worksheet_update()
        cards, faults = _worksheets(self._workshop)
        return panels.SetUpState(
            title=self._workshop.title,
            worksheet=self._workshop.worksheet_name,
            worksheets=cards,
            notes=(*([update.sentence] if update.state == "faulty" else []), *faults),
            warning=cloud_folder.warning(self._workshop.folder.resolve()),
            update=update.sentence if update.state == "available" else "",
            minutes=self._workshop.minutes,
            times=TIMES,
            agenda=tuple(_agenda(sheet, self._workshop.minutes)),
            coming=self._invitation.attendance(),
            may_practise=not self._workshop.is_rehearsal,
            in_use=self._in_use(),
        )

    def _in_use(self) -> str:
        """Return why a change of worksheet or length is asked about first, "" while it changes nothing for anyone."""
        room = self._room()
        open_ = _stage_of(self._workshop.worksheet, room) if room.now.state in ("open", "closing") else None
        if open_ and not room.ended:
            return f"“{open_.title}” is open for everyone."
        return "Answers have been saved." if self._workshop.sequences()[0] else ""

    def _console(self) -> panels.ConsoleState:
        held, room = self._held.positions(), self._room()
        questions = progress.columns(self._workshop.worksheet, self._workshop.depth, held.values())
        states = {
            each.name: self._states(room, each, positions, [one.id for one in questions])
            for each, positions in held.items()
        }
        paper = frozenset(organization.name for organization in held if room.is_on_paper(organization.id))
        return replace(self._now(), columns=tuple(question.ask for question in questions), states=states, paper=paper)

    def _states(
        self, room: Room, organization: Organization, positions: Positions, columns: Sequence[str]
    ) -> list[str]:
        """Return how far an organization is with each question, "" for what it is not asked."""
        states = {
            question.id: _standing(room, organization, stage.id, positions[question.kept_as])
            for stage in self._workshop.worksheet.stages
            for question in progress.asked_of(stage, self._workshop.depth, positions)
        }
        return [states.get(column, "") for column in columns]

    def _now(self) -> panels.ConsoleState:
        """Return how the room stands, without who has answered what: that is the work of a look."""
        room, sheet = self._room(), self._workshop.worksheet
        stage = _stage_of(sheet, room)
        state = room.now.state if stage else "waiting"
        return panels.ConsoleState(
            stages=tuple(_stages(sheet, self._workshop.minutes)),
            now=stage.id if stage else "",
            state=state,
            deadline=room.deadline if state in ("open", "closing") and not room.ended else None,
            revealed=room.revealed,
            can_go_back=bool(room.moments),
            typing=room.typing,
            here=room.here,
            people=len(self._workshop.people),
            shared_devices=self._workshop.shared_devices.total(),
            hands=tuple(self._hands(room)),
            ended=room.ended,
            stories=tuple(_stories(sheet)),
            help=tuple((script.title, script.say) for script in sheet.scripts),
            shown_anyway=_shown_by_people(room, stage) if stage else 0,
        )

    def _hands(self, room: Room) -> Iterator[tuple[str, str]]:
        """Yield whose hands are up: a person's, or that of a table that shares one device."""
        names = {organization.id: organization.name for organization in self._workshop.organizations}
        people = {person.id: f"{names[person.organization]}, {person.name}" for person in self._workshop.people}
        labels = names | {id_: text.removesuffix(", ") for id_, text in people.items()}
        yield from ((id_, labels[id_]) for id_ in room.needs_help if id_ in labels)

    def _report_back(self) -> panels.ReportState:
        positions = self._held.positions()
        charts = tuple(picture.as_block() for picture in _pictures(self._workshop, positions))
        return OnBoard(self._workshop.reported(), positions).state(charts)

    # What the parts do

    def _driving(self) -> Act:
        record = self._workshop.record
        return {
            "open": self._open,
            "close_softly": lambda stage: record(stages.close_softly(stage)),
            "close": lambda stage: record(stages.close_stage(stage)),
            "back": lambda _: self._back(),
            "reveal": lambda stage: record(stages.reveal(stage)),
            "hide": lambda stage: record(stages.reveal(stage, yes=False)),
            "more": lambda minutes: record(stages.more_time(self._room(), float(minutes), _now())),
            "stop": lambda _: record(stages.stop_timer(self._room().now.stage)),
            "helped": lambda person: record(stages.ask_help(person, yes=False)),
            "end": lambda _: record(stages.end()),
        }

    def _open(self, stage: str) -> None:
        """Open a stage with its minutes on the clock; one that is opened again keeps the clock that runs."""
        before = self._room()
        self._workshop.record(stages.open_stage(stage))
        if before.now.stage != stage or not before.deadline or before.deadline < _now():
            cards = _stages(self._workshop.worksheet, self._workshop.minutes)
            minutes = next(card.minutes for card in cards if card.id == stage)
            self._workshop.record(stages.set_timer(stage, minutes, _now()))
        self.page.scene = "clock"

    def _back(self) -> None:
        """Go a step back; a stage that we come back to has the clock that it had."""
        before = self._room()
        self._workshop.record(stages.go_back())
        stage = self._room().now.stage
        if stage != before.now.stage:
            earlier = [event for event in self._workshop.events_of(TimerEvent) if event.stage == stage]
            self._workshop.record(earlier[-1] if earlier else TimerEvent(stage, None))

    def _reporting(self) -> Act:
        record = self._workshop.record
        return {
            "show": lambda _: record(report_back.show()),
            "hide": lambda _: record(report_back.show(yes=False)),
            "open_vote": lambda _: self._open_vote(),
            "close_vote": lambda _: record(report_back.close_vote()),
            "votes": lambda _: record(report_back.show_votes()),
            "hide_votes": lambda _: record(report_back.show_votes(yes=False)),
            "next": lambda _: self._next(),
            "back": lambda _: record(report_back.call_back()),
            "stop": lambda _: record(report_back.stop_clock()),
            "shuffle": lambda _: record(report_back.shuffle(new_id())),
            "apart": lambda id_: record(report_back.take_apart(id_)),
            "dot": self._dot,
        }

    def _open_vote(self) -> None:
        self._workshop.record(report_back.open_vote())
        self.page.scene = "report_back"

    def _next(self) -> None:
        back = self._workshop.reported().back
        who = report_back.following(back, [organization.id for organization in self._workshop.organizations])
        if who:
            self._workshop.record(report_back.call(who, _now()))
            self.page.scene = "report_back"

    def _dot(self, value: str) -> None:
        own = ballot_after(self._workshop.reported(), report_back.ROOM_VOTER, value)
        self._workshop.record(report_back.vote(report_back.ROOM_VOTER, own))

    def _gather(self, title: str, selected: Sequence[str]) -> None:
        """Pull what was picked into one group: the first group among it grows, or a new one is made."""
        panels.need_two(selected)
        groups = self._workshop.reported().back.groups
        points = [point for id_ in selected for point in (groups[id_].points if id_ in groups else (id_,))]
        panels.need_one_question([report_back.question_of(point) for point in points])
        into = next((groups[point] for point in selected if point in groups), None)
        named = title.strip() or (into.title if into else "")
        panels.need_name(named)
        self._workshop.record(report_back.gather(into.id if into else new_id(), named, points))


class _Practising(_Facilitator):
    """The page of a practice room: made-up people act in it, and it is thrown away in the end."""

    def __init__(self, workshop: Workshop, leave: Callable[[], None]) -> None:
        self._practice, self._leave = Practice(workshop), leave
        super().__init__(workshop)

    def changed(self) -> tuple[object, ...]:
        """Let a moment pass in the room."""
        self._practice.step()
        return super().changed()

    def _band(self) -> panels.Blocks:
        ended = [panels.text(ENDED, "note")] if self._room().ended else []
        ways = [("finish", "", "Let everybody finish now"), ("leave", "", "Stop practising …")]
        sure = [("throw", "", "Yes, throw it away"), ("stay", "", "No, go on practising")]
        question = panels.ask(SURE_TO_THROW_AWAY, sure) if self._sure else panels.ask("", ways, calm=True)
        return [panels.text(PRACTISING, "note"), *ended, question]

    def _acts(self) -> Mapping[str, Callable[[], str]]:
        return {"finish": self._finish, "leave": self._ask, "stay": self._stay, "throw": self._throw}

    def _finish(self) -> str:
        self._practice.finish()
        return "Everybody has said all that they have to say."

    def _ask(self) -> str:
        self._sure = True
        return "The rehearsal goes on until you say yes."

    def _stay(self) -> str:
        self._sure = False
        return "You go on practising."

    def _throw(self) -> str:
        self._workshop.throw_away()
        self._leave()
        return ""


def _standing(room: Room, organization: Organization, stage: str, position: Position) -> str:
    """Return how far one question is, for the board: what was done on paper counts until it is typed in."""
    on_paper = position.status == "open" and room.is_on_paper(organization.id, stage)
    return "paper" if on_paper else position.status


def _stage_of(sheet: Worksheet, room: Room) -> Stage | None:
    """Return the stage that the room is at; None before the first, and when the worksheet has no such stage now."""
    return next((stage for stage in sheet.stages if stage.id == room.now.stage), None)


def _shown_by_people(room: Room, stage: Stage) -> int:
    """Return on how many questions of a stage people of some organization showed each other their answers."""
    questions = {question.kept_as for question in stage.questions}
    revealed = {about.partition("/")[2] for about in room.revealed if "/" in about}
    return len(questions if "*" in room.revealed else revealed & questions)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _deciding(workshop: Workshop) -> Act:
    return {
        "title": lambda title: workshop.change(title=title),
        "worksheet": lambda name: workshop.change(worksheet=name),
        "update": lambda _: workshop.worksheet_update().apply(),
        "minutes": lambda minutes: workshop.change(minutes=int(minutes)),
        "paper": lambda _: workshop.write_paper(workshop.folder / PAPER),
        "register": lambda names: workshop.register(*(name for name in names.splitlines() if name.strip())),
    }


def _worksheets(workshop: Workshop) -> tuple[tuple[panels.Choice, ...], list[str]]:
    """Return a card for each worksheet that can be chosen, and what is wrong with the others."""
    sound, faults = catalog.catalog(workshop.hidden)
    cards = sound | {name: worksheet for name, worksheet in workshop.worksheets_used().items() if name not in sound}
    return tuple(_card(name, worksheet) for name, worksheet in cards.items()), [
        f"{NOT_YET} {fault}" for fault in faults
    ]


def _card(name: str, sheet: Worksheet) -> panels.Choice:
    return panels.Choice(name, sheet.title, sheet.summary, "60, 90 or 180 minutes")


def _policy_questions(workshop: Workshop) -> list[Question]:
    """Return the questions that everyone is asked for the policy: what the pictures may show."""
    every, depth = workshop.worksheet.questions.values(), workshop.depth
    return [
        question
        for question in every
        if at_depth(depth, question.depth) and not question.record and not question.show_if
    ]


def _agenda(sheet: Worksheet, minutes: int) -> Iterator[tuple[str, str, str]]:
    now = 0
    for step in _steps(sheet, minutes):
        yield f"{now // 60}:{now % 60:02}", step.title, str(step.minutes)
        now += step.minutes


def _steps(sheet: Worksheet, minutes: int) -> Sequence[AgendaStep]:
    planned = next((agenda.steps for agenda in sheet.agendas if agenda.minutes == minutes), None)
    return planned or [AgendaStep(minutes=stage.minutes, title=stage.title, stage=stage.id) for stage in sheet.stages]


def _stages(sheet: Worksheet, minutes: int) -> Iterator[panels.StageCard]:
    """Yield each stage with the steps of the agenda that belong to it."""
    belongs = list(_with_stage(_steps(sheet, minutes), sheet.stages[-1].id))
    for stage in sheet.stages:
        planned = sheet.planned_minutes(stage, DEPTH_OF_MINUTES[minutes])
        agenda_steps = tuple((step.title, step.minutes, step.say) for owner, step in belongs if owner == stage.id)
        yield panels.StageCard(stage.id, stage.title, planned, stage.instruction, agenda_steps)


def _stories(sheet: Worksheet) -> Iterator[tuple[str, str]]:
    """Yield each discussion card: its title, then the story with what to ask."""
    for card in sheet.scenarios:
        yield card.title, " ".join((card.story, *card.prompts))


def _with_stage(steps: Sequence[AgendaStep], last: str) -> Iterator[tuple[str, AgendaStep]]:
    """Yield each step with the stage it is said for: what belongs to none leads to the one that follows."""
    for index, step in enumerate(steps):
        yield next((later.stage for later in steps[index:] if later.stage), last), step


def _pictures(workshop: Workshop, positions: Mapping[Organization, Positions]) -> Iterator[pictures.Picture]:
    """Yield the pictures of the room, once there is a room."""
    if not positions:
        return
    sheet, questions = workshop.worksheet, _policy_questions(workshop)
    decided = [question for question in questions if question.kind in room_report.DECISIONS]
    if "media" in sheet.by_meaning:
        yield pictures.platforms(_counts(sheet.by_meaning["media"], positions), len(positions))
    charts = dict(islice(_charts(decided, positions), MOST_CHARTS))
    if charts:
        yield pictures.decisions(charts, len(positions))
    counts = [
        (stage.title, *progress.count_answers(stage, workshop.depth, positions.values())) for stage in sheet.stages
    ]
    yield pictures.progress(counts)


def _charts(
    decided: Sequence[Question], positions: Mapping[Organization, Positions]
) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield the counts of each decision that has been made and that fits a small chart."""
    for question in decided:
        if question.meaning != "media" and len(question.labels) < MOST_BARS:
            counts = _counts(question, positions)
            if any(counts.values()):
                yield question.ask, counts


def _counts(question: Question, held: Mapping[Organization, Positions]) -> dict[str, int]:
    return room_report.choice_counts(question, [positions[question.id].value for positions in held.values()])
