"""Connects the facilitator's page to a workshop: set-up, organizations, join link, stages, report-back, drafts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from toolkit.facilitation.stages import Room
from toolkit.notebook import controls
from toolkit.notebook.blocks import (
    Blocks,
    ask,
    text,
)
from toolkit.notebook.board_widget import Board
from toolkit.notebook.controls import watch
from toolkit.notebook.drafts_panel import export_page
from toolkit.notebook.facilitator_page import Band, Facilitator
from toolkit.notebook.invitation_panel import MOST_NAMES, InvitationController, invitation_blocks, invitation_panel
from toolkit.notebook.organizations_panel import organizations_panel
from toolkit.notebook.practice import Practice
from toolkit.notebook.report_back_panel import projector_blocks, report_board, report_state
from toolkit.notebook.setup_panel import set_up
from toolkit.notebook.stages_panel import console, console_state, now_blocks, now_state, tally_blocks
from toolkit.worksheets import catalog
from toolkit.workshop.facade import Workshop

REHEARSAL = "This is a rehearsal. Everybody in it is made up, and nothing here counts."
PRACTISING = "You are practising. Everybody here is made up, and nothing here counts."
SURE_TO_THROW_AWAY = (
    "Throw the rehearsal away? Its made-up people, their answers and the drafts in its folder are erased. Your own "
    "workshop and the phones in it stay as they are."
)
PRACTICE = "practice"
BACK_FROM_PRACTICE = "Practice ended, and its made-up answers are erased. This is your own workshop again."
ENDED = "The workshop has ended. Phones can no longer save answers; drafts can still be downloaded."
ERASE = (
    "Erase everything when you stop the program? All answers and names go, and the drafts in the workshop's folder. "
    "Write what you still need somewhere else first. You can change your mind until you stop."
)
TO_BE_ERASED = "Everything in this workshop is erased when you stop the program."


def facilitator(workshop: Workshop) -> Facilitator:
    """Return the facilitator's page."""
    page = _Facilitator(workshop)
    page.page.watcher = watch("facilitator", page.changed, page.page.refresh)
    return page.page


class _Facilitator:
    """What the parts of the page ask, and do."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._invitation, self._sure = InvitationController(workshop), False
        begun = bool(self._room().now.stage)
        self.page = Facilitator(
            {
                "doors": invitation_panel(self._invitation),
                "set_up": set_up(workshop, self._practise),
                "organizations": organizations_panel(workshop),
                "room": console(workshop, self._show_scene),
                "report_back": report_board(workshop, self._show_scene),
                "drafts": export_page(workshop),
            },
            Band(self._band, self._acts()),
            {
                "doors": lambda: invitation_blocks(self._invitation.state(), MOST_NAMES),
                "clock": lambda: now_blocks(now_state(workshop), instruction=True),
                "progress": lambda: tally_blocks(console_state(workshop)),
                "report_back": lambda: projector_blocks(report_state(workshop)),
            },
            ("room", "clock") if begun else ("set_up", "doors"),
            Board,
        )

    def changed(self) -> tuple[object, ...]:
        """Return what differs whenever there is something new to show."""
        looked = int(time.time() // 60), self._files() if self.page.part == "set_up" else ""
        return (*controls.mark(self._workshop), *looked, self._workshop.discussion.typing_marks.now())

    def _files(self) -> str:
        """Return what is new or wrong in the files of worksheets."""
        update, (_, faults) = (
            self._workshop.settings.worksheet_in_use.update(),
            catalog.catalog(self._workshop.settings.hidden),
        )
        return f"{update.state} {update.sentence} {faults}"

    def _room(self) -> Room:
        return self._workshop.state.room

    def _acts(self) -> Mapping[str, Callable[[], str]]:
        """Return what the buttons of the band do."""
        return {"erase": self._ask, "erase_all": self._erase, "keep": self._keep}

    def _ask(self) -> str:
        self._sure = True
        return "Nothing is erased until you say yes."

    def _erase(self) -> str:
        self._workshop.lifecycle.erase_when_closed()
        return "Stop the program when you are done. A receipt then stays in the folder."

    def _keep(self) -> str:
        self._sure = False
        self._workshop.lifecycle.erase_when_closed(yes=False)
        return "Everything is kept."

    def _show_scene(self, scene: str) -> None:
        """Let the projector show something else."""
        self.page.scene = scene

    def _practise(self) -> None:
        """Let the page of a practice room stand here, until it is left."""
        practising = _Practising(self._workshop.rehearsals.practise(), self._come_back)
        practising.page.watcher = watch(PRACTICE, practising.changed, practising.page.refresh)
        self.page.lend(practising.page)

    def _come_back(self) -> None:
        if self.page.lent and self.page.lent.watcher:
            self.page.lent.watcher.stop()
        self.page.lend(None)
        self.page.messages.show([text(BACK_FROM_PRACTICE, "good")])
        self.page.refresh()

    def _band(self) -> Blocks:
        ended, erased = self._room().ended, self._workshop.lifecycle.is_to_be_erased
        made_up = self._workshop.settings.is_rehearsal
        bands = {REHEARSAL: made_up, ENDED: ended, TO_BE_ERASED: erased}
        notes = [text(words, "note") for words, here in bands.items() if here]
        return [*notes, *self._erasing()] if ended or erased or made_up else notes

    def _erasing(self) -> Blocks:
        """Return what may be decided about erasing: a rehearsal at any time, a workshop once it has ended."""
        if self._workshop.lifecycle.is_to_be_erased:
            return [ask("", [("keep", "", "Keep everything after all")], calm=True)]
        if not self._sure:
            words = "Throw this rehearsal away …" if self._workshop.settings.is_rehearsal else "Erase everything …"
            return [ask("", [("erase", "", words)], calm=True)]
        return [ask(ERASE, [("erase_all", "", "Yes, erase it when I stop"), ("keep", "", "No, keep it")])]


class _Practising(_Facilitator):
    """The page of a practice room: made-up people act in it, and it is thrown away in the end."""

    def __init__(self, workshop: Workshop, leave: Callable[[], None]) -> None:
        self._practice, self._leave = Practice(workshop), leave
        super().__init__(workshop)

    def changed(self) -> tuple[object, ...]:
        """Let a moment pass in the room."""
        self._practice.step()
        return super().changed()

    def _band(self) -> Blocks:
        ended = [text(ENDED, "note")] if self._room().ended else []
        ways = [("finish", "", "Let everybody finish now"), ("leave", "", "Stop practising …")]
        sure = [("throw", "", "Yes, throw it away"), ("stay", "", "No, go on practising")]
        question = ask(SURE_TO_THROW_AWAY, sure) if self._sure else ask("", ways, calm=True)
        return [text(PRACTISING, "note"), *ended, question]

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
        self._workshop.rehearsals.throw_away()
        self._leave()
        return ""
