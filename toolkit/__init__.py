"""The policy workshop toolkit: a room of organizations fills a worksheet, each goes home with its own draft.

from toolkit import Workshop
workshop = Workshop.open("my-workshop")
workshop.form("stakeholders", organization="…")   # the form on the page
workshop.answers, workshop.agreed, workshop.wide    # pandas tables
workshop.draft("…")                                 # a draft, shown as a preview
workshop.export("drafts/")                          # one Word file per organization
"""

from typing import TYPE_CHECKING

from toolkit.errors import WorkshopError

if TYPE_CHECKING:
    from toolkit.notebook.workshop import Workshop

__all__ = ["Workshop", "WorkshopError"]
__version__ = "0.2.0"


def __getattr__(name: str) -> object:
    """Load `Workshop` when it is asked for: the server for phones needs no notebook."""
    if name != "Workshop":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from toolkit.notebook.workshop import Workshop  # noqa: PLC0415 - loaded when asked for

    return Workshop
