"""The part of a workshop about results: tables, drafts, and the report of the room.

Organizations are given by id or name.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.answers.model import SCRIBE, Organization, Position, Voice
from toolkit.documents.document import Document
from toolkit.drafts import checks, policy, room_report
from toolkit.errors import WorkshopError
from toolkit.facilitation import report_back, report_back_views
from toolkit.rehearsal.run import Progress
from toolkit.worksheets.model import Fact
from toolkit.workshop import exports
from toolkit.workshop.discussion import Discussion
from toolkit.workshop.report_back import ReportBack
from toolkit.workshop.roster import Roster
from toolkit.workshop.settings import Settings, local_day

if TYPE_CHECKING:
    from toolkit.tables import DataFrame


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote for one organization: the policy first, then the papers beside it."""

    organization: str
    files: tuple[Path, ...]


class Papers:
    """What comes of one workshop."""

    def __init__(self, settings: Settings, roster: Roster, discussion: Discussion, report_back: ReportBack) -> None:
        self._settings, self._roster = settings, roster
        self._discussion, self._report_back = discussion, report_back

    # Tables

    def table(self, name: str) -> DataFrame:
        """Return one of the pandas tables: answers, agreed, wide or codebook (see toolkit.tables)."""
        standing = self._discussion.standing()
        from toolkit import tables  # noqa: PLC0415 - pandas costs half a second and 45 MB

        settings, roster = self._settings, self._roster
        if name == "answers":
            return tables.answers(settings.worksheet, settings.id, roster.organizations, roster.people, standing)
        if name == "codebook":
            return tables.codebook(settings.worksheet)
        table = {"agreed": tables.agreed, "wide": tables.wide}[name]
        return table(settings.worksheet, self._positions_by_name())

    def write_tables(self, folder: Path, formats: Iterable[str] = ("csv",)) -> list[Path]:
        """Write the four tables as files; return the files."""
        frames = {name: self.table(name) for name in ("answers", "agreed", "wide", "codebook")}
        from toolkit import tables  # noqa: PLC0415 - pandas costs half a second and 45 MB

        return list(tables.write(frames, folder, formats))

    def _positions_by_name(self) -> dict[str, dict[str, Position]]:
        positions = self._discussion.all_positions()
        return {
            organization.name: positions[organization.id]
            for organization in self._roster.organizations
            if organization.id in positions
        }

    # Drafts

    def draft(self, organization: str) -> Document:
        """Return the draft policy of one organization; a notebook shows it as a preview."""
        return exports.draft(self._case(organization))

    def drafts(self, organization: str) -> dict[str, Document]:
        """Return the policy ("policy") and the papers beside it by their id."""
        return exports.documents(self._case(organization))

    def gaps(self, organization: str) -> tuple[checks.Gap, ...]:
        """Return what an organization's draft still lacks, each with the line of the guide or handout."""
        return exports.gaps(self._case(organization))

    def cautions(self, organization: str) -> tuple[checks.Caution, ...]:
        """Return the wordings of a draft that may be looked at again, and why."""
        return exports.cautions(self._case(organization))

    def outline(self, organization: str) -> tuple[exports.Outlined, ...]:
        """Return how far each section of an organization's draft is."""
        return exports.outline(self._case(organization))

    def while_writing(
        self, organization: str, question: str, person: str = SCRIBE, voice: Voice = "ours"
    ) -> tuple[checks.Caution, ...]:
        """Return the wordings to look at again in what one person, or a table, just wrote to a question."""
        asked = self._settings.worksheet_in_use.question(question).id
        value = self._discussion.values(organization, person, voice).get(asked)
        return exports.while_writing(self._case(organization), asked, value)

    def grades(self, organization: str) -> list[tuple[str, float]]:
        """Return the reading grade of each section of a draft, by its title."""
        return exports.grades(self._case(organization))

    def old_facts(self, today: datetime.date | None = None) -> tuple[Fact, ...]:
        """Return the facts behind the checks that somebody should look at again by `today`, the local date."""
        return checks.old_facts(self._settings.worksheet, today or local_day())

    def _case(self, organization: str) -> policy.Case:
        settings, known = self._settings, self._roster.organization(organization)
        positions = self._discussion.positions(known.id)
        return policy.Case(settings.worksheet, known.name, positions, settings.depth, settings.day)

    def export(
        self,
        folder: str | Path,
        organization: str | None = None,
        brand: str | Path | None = None,
        progress: Progress | None = None,
    ) -> list[Exported]:
        """Write the drafts of one or all organizations as Word files into `folder`; return what was written."""
        organizations = [self._roster.organization(organization)] if organization else self._roster.organizations
        if not organizations:
            where = self._settings.title
            raise WorkshopError("no organization is registered yet", where=where, mend="Register one first.")
        return list(self._exported(organizations, Path(folder), Path(brand) if brand else None, progress))

    def _exported(
        self, organizations: list[Organization], folder: Path, brand: Path | None, progress: Progress | None
    ) -> Iterator[Exported]:
        called = self._called_in_files()
        for done, organization in enumerate(organizations):
            if progress:
                progress(done, len(organizations), organization.name)
            files = exports.write(self._case(organization.id), called[organization.id], folder, brand)
            yield Exported(organization.name, tuple(files))
        if progress:
            progress(len(organizations), len(organizations), "")

    def _called_in_files(self) -> dict[str, str]:
        """Return how files call each organization (by id): the same, whether one is exported or all are."""
        organizations = self._roster.organizations
        names = exports.called_in_files([organization.name for organization in organizations])
        return {organization.id: name for organization, name in zip(organizations, names, strict=True)}

    # The room's report

    def report(self) -> Document:
        """Return the room's report-back, without a word of an organization that did not release it."""
        settings, reported = self._settings, self._report_back.reported()
        joined = len(self._roster.people), self._roster.shared_devices.total()
        released = [organization.name for organization in reported.released]
        positions = self._positions_by_name() | {
            organization.name: self._as_released(organization, reported) for organization in reported.released
        }
        grouped = report_back.top_entries(reported.entries(reported.vote_question))
        case = room_report.ReportCase(
            settings.title, settings.day, settings.worksheet, positions, released, grouped, *joined, settings.depth
        )
        return room_report.report(case)

    def _as_released(self, organization: Organization, reported: report_back_views.Reported) -> dict[str, Position]:
        """Return an organization's positions, those for the room with the very words that it released."""
        positions = self._discussion.positions(organization.id)
        room = {line.question for line in self._report_back.lines(organization.id)}
        shown = {id_: replace(positions[id_], value=reported.value(organization.id, id_), tied=()) for id_ in room}
        return positions | shown

    def write_report(self, path: str | Path) -> Path:
        """Write the room's report-back as a Word file; return the file."""
        return exports.write_one(self.report(), Path(path))

    def write_paper(self, path: str | Path) -> Path:
        """Write the worksheet for tables without a device as a Word file to print; return the file."""
        return exports.write_paper(self._settings.worksheet, self._settings.minutes, Path(path))
