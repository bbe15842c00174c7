"""What every organization of a workshop holds, for the panels that show all of them."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.answers.model import Organization, Position
from toolkit.workshop.facade import Workshop

Positions = Mapping[str, Position]
"""An organization's position on each question, by the question's id."""


def all_positions(workshop: Workshop) -> dict[Organization, Positions]:
    """Return what each organization holds, in the order in which they came."""
    positions = workshop.discussion.all_positions()
    return {one: positions[one.id] for one in workshop.organizations if one.id in positions}
