"""A workshop as a notebook uses it: with its pages, and with drafts that show themselves."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

from toolkit.workshop import facade

if TYPE_CHECKING:
    from toolkit.answers.model import Person
    from toolkit.notebook.drafts_panel import Exporter
    from toolkit.notebook.facilitator_page import Facilitator
    from toolkit.notebook.form_widget import Form
    from toolkit.notebook.table_page import OneTable
    from toolkit.worksheets.stored_copy import WorksheetCopy


class Workshop(facade.Workshop):
    """One workshop in one folder, with its pages in a notebook; what shows them is loaded when a page is asked for."""

    @classmethod
    def _open_in(
        cls,
        path: Path,
        address: Path | str,
        worksheet: str | None = None,
        title: str | None = None,
        *,
        copy: WorksheetCopy | None = None,
    ) -> Self:
        workshop = super()._open_in(path, address, worksheet, title, copy=copy)
        if "IPython" in sys.modules:
            from toolkit.documents import html  # noqa: PLC0415 - it needs IPython

            html.register()
        return workshop

    def form(self, stage: str, organization: str, person: Person | None = None) -> Form:
        """Return the form of one stage for an organization; with a person it keeps that person's own voice."""
        from toolkit.notebook import stage_form  # noqa: PLC0415 - widgets cost a second

        return stage_form.form(self, stage, organization, person)

    def table(self, stage: str) -> OneTable:
        """Return one table's page of a stage: which organization, its form, what it holds so far."""
        from toolkit.notebook import table_page  # noqa: PLC0415 - widgets cost a second

        return table_page.table(self, stage)

    def facilitator(self) -> Facilitator:
        """Return the facilitator's page."""
        from toolkit.notebook.facilitator import facilitator  # noqa: PLC0415 - widgets cost a second

        return facilitator(self)

    def exporter(self) -> Exporter:
        """Return the page of the drafts: choose, read, write in Word."""
        from toolkit.notebook import drafts_panel  # noqa: PLC0415 - widgets cost a second

        return drafts_panel.exporter(self)
