"""One stage as a form in a notebook."""

from __future__ import annotations

from toolkit.answers.model import SCRIBE, Answer, Person, Voice
from toolkit.notebook import form_actions
from toolkit.notebook.controls import watch
from toolkit.notebook.form_widget import Form
from toolkit.worksheets.kinds import Value
from toolkit.worksheets.stage_json import stage_view
from toolkit.workshop.facade import Workshop

MINE: Voice = "mine"


OURS: Voice = "ours"


def form(workshop: Workshop, stage: str, organization: str, person: Person | None = None) -> Form:
    """Return one stage as a form: a table fills it together; with a person it keeps that person's own voice."""
    stage_form = StageForm(workshop, stage, organization, person)
    watch("form", lambda: form_actions.news(workshop), stage_form.refresh)
    return stage_form.form


class StageForm:
    """One stage as a form on a page that draws it again."""

    def __init__(self, workshop: Workshop, stage: str, organization: str, person: Person | None = None) -> None:
        self._workshop, self._stage = workshop, stage
        group = workshop.roster.organization(organization)
        who, voice = (person.id, MINE) if person else (SCRIBE, OURS)

        def save(id_: str, question: str, value: Value) -> None:
            workshop.discussion.save(Answer(id_, group.id, who, question, value, voice))

        values, identity = workshop.discussion.values(group.id, who, voice), f"{workshop.id}/{group.id}/{who}/{stage}"
        self.form = Form(self._view(), values, identity, save, form_actions.colleagues(workshop, group.id, who, stage))
        self.widget = self.form.widget

    def _view(self) -> dict[str, object]:
        return stage_view(self._workshop.worksheet, self._stage, self._workshop.settings.depth)

    def refresh(self) -> None:
        """Show what is asked and what was said by now."""
        with self.widget.hold_sync():  # the browser gets new questions and their answers together
            self.widget.stage = self._view()
            self.form.refresh()

    def close(self) -> None:
        """Take the form off the page."""
        self.form.close()
