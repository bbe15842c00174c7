"""The part of a workshop about results: tables, drafts, the report-back and the room's report."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.answers import agreement, visibility
from toolkit.answers.model import SCRIBE, Organization, Position, Voice
from toolkit.documents.document import Document
from toolkit.drafts import checks, policy, room_report
from toolkit.errors import WorkshopError
from toolkit.facilitation import report_back, report_back_views
from toolkit.facilitation.events import BallotEvent, ReleaseEvent
from toolkit.rehearsal.run import Progress
from toolkit.worksheets.model import Fact
from toolkit.workshop import exports
from toolkit.workshop.discussion import Discussion
from toolkit.workshop.settings import local_day

if TYPE_CHECKING:
    from toolkit.tables import DataFrame


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote for one organization: the policy first, then the papers beside it."""

    organization: str
    files: tuple[Path, ...]


class Papers(Discussion):
    """One workshop with what comes of it."""

    # Tables

    @property
    def answers(self) -> DataFrame:
        """The pandas table of standing answers, one row each (see toolkit.tables.answers)."""
        standing = self._standing()
        from toolkit import tables  # noqa: PLC0415 - pandas costs half a second and 45 MB

        return tables.answers(self.worksheet, self.id, self.organizations, self.people, standing)

    @property
    def agreed(self) -> DataFrame:
        """The pandas table of what organizations hold, one row each question (see toolkit.tables.agreed)."""
        from toolkit import tables  # noqa: PLC0415 - pandas costs half a second and 45 MB

        return tables.agreed(self.worksheet, self.all_positions())

    @property
    def wide(self) -> DataFrame:
        """The pandas table with a row each organization, a column each question (see toolkit.tables.wide)."""
        from toolkit import tables  # noqa: PLC0415 - pandas costs half a second and 45 MB

        return tables.wide(self.worksheet, self.all_positions())

    @property
    def codebook(self) -> DataFrame:
        """The pandas table of what the columns mean (see toolkit.tables.codebook)."""
        from toolkit import tables  # noqa: PLC0415 - pandas costs half a second and 45 MB

        return tables.codebook(self.worksheet)

    def write_tables(self, folder: Path, formats: Iterable[str] = ("csv",)) -> list[Path]:
        """Write the four tables as files; return the files."""
        frames = {name: getattr(self, name) for name in ("answers", "agreed", "wide", "codebook")}
        from toolkit import tables  # noqa: PLC0415 - pandas costs half a second and 45 MB

        return list(tables.write(frames, folder, formats))

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
        self, organization: Organization, question: str, person: str = SCRIBE, voice: Voice = "ours"
    ) -> tuple[checks.Caution, ...]:
        """Return the wordings to look at again in what one person, or a table, just wrote to a question."""
        asked = self.question(question).id
        said = self.values(organization, person, voice).get(asked)
        return exports.while_writing(self._case(organization.id), asked, said)

    def grades(self, organization: str) -> list[tuple[str, float]]:
        """Return the reading grade of each section of a draft, by its title."""
        return exports.grades(self._case(organization))

    def old_facts(self, today: datetime.date | None = None) -> tuple[Fact, ...]:
        """Return the facts behind the checks that somebody should look at again by `today`, the local date."""
        return checks.old_facts(self.worksheet, today or local_day())

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
        organizations = [self.organization(organization)] if organization else self.organizations
        if not organizations:
            raise WorkshopError("no organization is registered yet", where=self.title, mend="Register one first.")
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
        organizations = self.organizations
        names = exports.called_in_files([organization.name for organization in organizations])
        return {each.id: name for each, name in zip(organizations, names, strict=True)}

    # Report-back

    def reported(self) -> report_back_views.Reported:
        """Return how the report-back stands: what the room may see, and the dots."""
        return report_back_views.Reported(self.worksheet, self.organizations, self.state.report_back)

    def report_back_lines(
        self, organization: Organization, person: str = SCRIBE
    ) -> tuple[report_back_views.OwnLine, ...]:
        """Return what an organization would show the room, as one of its people may see it."""
        return report_back_views.own_lines(
            self.worksheet, self.positions(organization), self.unseen(organization, person)
        )

    def unseen(self, organization: Organization, person: str = SCRIBE) -> set[str]:
        """Return the questions on which a person, or a table, may not see yet what the organization holds."""
        standing = self._standing(organization.id)
        viewer = visibility.Viewer(person, {}, self.revealed(organization))
        return visibility.hidden_questions(viewer, standing, agreement.offers(standing, self.opinions()))

    def release(
        self, organization: Organization, *, yes: bool = True, by: str = SCRIBE, mark: str = "", id_: str = ""
    ) -> bool:
        """Let the room see an organization's lines as they stand now, or no longer; the latest counts.

        With a `mark` of the words that somebody saw it is refused when they have changed meanwhile; the same `id_`
        again changes nothing, and then this is False.
        """
        if self.state.report_back.did(ReleaseEvent.kind, organization.id, id_):
            return False
        lines = self.report_back_lines(organization, by)
        if yes and not report_back_views.released_values(lines):
            raise WorkshopError("there are no words to show yet", mend="Answer the questions first.")
        if yes and mark and mark != report_back_views.mark(lines):
            raise WorkshopError("your words have just changed", mend="Read them again, then say yes.")
        self.record(
            report_back.release(organization.id, report_back_views.released_values(lines), yes=yes, by=by, id_=id_)
        )
        return True

    @property
    def released(self) -> set[str]:
        """The ids of the organizations that let their words be shown."""
        return set(self.state.report_back.released)

    def vote(self, voter: str, dots: Mapping[str, object], id_: str = "") -> bool:
        """Keep a voter's dots, False when this `id_` was here already; WorkshopError when they do not count."""
        reported = self.reported()
        if reported.back.did(BallotEvent.kind, voter, id_):
            return False
        given = report_back_views.checked(reported, dots)
        self.record(report_back.vote(voter, given, id_))
        after = self.state.report_back
        if after.ballots.get(voter) != given:  # another process closed the vote a moment before
            report_back_views.need_open(after.vote)
        return True

    def report(self) -> Document:
        """Return the room's report-back, without a word of an organization that did not release it."""
        reported, joined = self.reported(), (len(self.people), self.shared_devices.total())
        released = [organization.name for organization in reported.released]
        positions = self.all_positions() | {
            organization.name: self._as_released(organization, reported) for organization in reported.released
        }
        grouped = report_back.top_entries(reported.entries(reported.vote_question))
        case = room_report.ReportCase(
            self.title, self.day, self.worksheet, positions, released, grouped, *joined, self.depth
        )
        return room_report.report(case)

    def _as_released(self, organization: Organization, reported: report_back_views.Reported) -> dict[str, Position]:
        """Return an organization's positions, those for the room with the very words that it released."""
        positions = self.positions(organization)
        room = {line.question for line in self.report_back_lines(organization)}
        shown = {id_: replace(positions[id_], value=reported.value(organization.id, id_), tied=()) for id_ in room}
        return positions | shown

    def write_report(self, path: str | Path) -> Path:
        """Write the room's report-back as a Word file; return the file."""
        return exports.write_one(self.report(), Path(path))

    def write_paper(self, path: str | Path) -> Path:
        """Write the worksheet for tables without a device as a Word file to print; return the file."""
        return exports.write_paper(self.worksheet, self.minutes, Path(path))
