"""Connects the join link's panel to a workshop: the stored link, and who has joined."""

from __future__ import annotations

import datetime
import socket
from collections import Counter

from toolkit.facilitation import invitation
from toolkit.notebook import panels
from toolkit.notebook.organizations import Who
from toolkit.workshop.facade import Workshop

LONG_ALONE = datetime.timedelta(minutes=3)
"""After so long without anybody the page says what may be wrong."""


class InvitationController:
    """What the facilitator sees of the doors."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop, self._since = workshop, datetime.datetime.now(datetime.UTC)
        self._who = Who(workshop)

    def state(self) -> panels.InvitationState:
        """Return how the doors stand."""
        link, opened_at, attendance = *self._join_link(), self.attendance()
        if link is None or opened_at is None:
            return panels.InvitationState(attendance=attendance, practice=self._workshop.is_rehearsal)
        return panels.InvitationState(
            open=_answers(link.port),
            here="" if link.addresses else link.here,
            address=link.url.removesuffix("/"),
            code=link.grouped_code,
            aloud=link.in_words,
            qr=link.squares,
            addresses=link.addresses,
            attendance=attendance,
            alone=not any(row.anyone for row in attendance) and self._long_ago(opened_at),
            alike=tuple(self._alike()),
        )

    def _join_link(self) -> tuple[invitation.JoinLink | None, datetime.datetime | None]:
        state = self._workshop.state
        return state.join_link, state.join_link_at

    def _alike(self) -> list[tuple[str, str]]:
        names = {organization.id: organization.name for organization in self._workshop.organizations}
        return [(names[one], names[other]) for one, other in self._who.alike()]

    def attendance(self) -> tuple[invitation.Attendance, ...]:
        """Return who has joined from each organization; where a person came last stands first, then shared devices."""
        people = Counter(person.organization for person in reversed(self._workshop.people))
        devices, names = (
            self._workshop.shared_devices,
            {organization.id: organization.name for organization in self._workshop.organizations},
        )
        order = dict.fromkeys((*people, *devices, *names))
        return tuple(invitation.Attendance(names[id_], people[id_], devices[id_]) for id_ in order if id_ in names)

    def choose(self, address: str) -> str:
        """Let another address of this computer stand on the projector."""
        link, _ = self._join_link()
        if link is not None:
            self._workshop.record(invitation.join_link_event(link.shown_at(address)))
        return f"Phones are sent to {address} now."

    def _long_ago(self, opened: datetime.datetime) -> bool:
        return datetime.datetime.now(datetime.UTC) - max(opened, self._since) > LONG_ALONE


def _answers(port: int) -> bool:
    try:
        with socket.create_connection((invitation.HERE, port), 0.2):
            return True
    except OSError:
        return False
